// PostGraphile over the plain database, as one would run it in production: no GraphiQL, no subscriptions, no watching,
// no mutations, statements prepared by name (its default), parsed and validated documents kept (its default).
//
// DATABASE_URL, PORT; WORKERS processes share the port (1 when absent), POOL connections each (8 when absent).
// Prints `ready` when every worker accepts. Questions: POST /graphql on 127.0.0.1.

import cluster from "node:cluster";
import { createServer } from "node:http";

const { DATABASE_URL, PORT, WORKERS = "1", POOL = "8" } = process.env;

async function serve() {
  const { postgraphile } = await import("postgraphile");
  const { PostGraphileAmberPreset } = await import("postgraphile/presets/amber");
  const { makePgService } = await import("postgraphile/adaptors/pg");
  const { grafserv } = await import("postgraphile/grafserv/node");
  const graphile = postgraphile({
    extends: [PostGraphileAmberPreset],
    pgServices: [
      makePgService({
        connectionString: DATABASE_URL,
        schemas: ["public"],
        pubsub: false,
        // Times are told in UTC, as everywhere else here.
        poolConfig: { max: Number(POOL), options: "-c timezone=UTC" },
      }),
    ],
    // Lists as they are: a page of a known length needs no cursors.
    schema: { defaultBehavior: "-connection list -insert -update -delete" },
    grafserv: {
      graphiql: false,
      graphiqlOnGraphQLGET: false,
      websockets: false,
      watch: false,
      // Answers are written as they are found, not made into objects first.
      outputDataAsString: true,
    },
    grafast: { explain: false },
  });
  const server = createServer({ keepAliveTimeout: 60_000 });
  const serving = graphile.createServ(grafserv);
  await serving.addTo(server);
  await serving.ready();
  await new Promise((listening) => server.listen(Number(PORT), "127.0.0.1", listening));
}

if (cluster.isPrimary && Number(WORKERS) > 1) {
  let ready = 0;
  for (let number = 0; number < Number(WORKERS); number += 1) {
    cluster.fork().on("message", () => {
      ready += 1;
      if (ready === Number(WORKERS)) console.log("ready");
    });
  }
  cluster.on("exit", () => process.exit(1)); // a run with fewer workers is no run
} else {
  await serve();
  if (cluster.isWorker) process.send("ready");
  else console.log("ready");
}
