// Apollo Federation over the plain database, as one would run it in production: four subgraphs, each a process of its
// own, and a gateway over a supergraph that is composed once, at the start. Parsed documents and query plans are kept
// (the defaults), connections are kept, statements are prepared by name, what a request asks of several customers is
// asked at once.
//
// DATABASE_URL, PORT; WORKERS gateways share the port (1 when absent), POOL connections of each subgraph (4 when
// absent). Prints `ready` when all accept. Questions: POST /graphql on 127.0.0.1.

import { fork } from "node:child_process";
import cluster from "node:cluster";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { composeServices } from "@apollo/composition";
import { parse } from "graphql";
import { subgraphs, types } from "./subgraphs.mjs";

const file = (name) => fileURLToPath(new URL(name, import.meta.url));

// What a child says first. A run without one of them is no run.
async function started(child) {
  child.on("exit", () => process.exit(1));
  return (await once(child, "message"))[0];
}

const services = await Promise.all(
  Object.keys(subgraphs).map(async (name) => {
    const port = await started(fork(file("subgraph.mjs"), [name]));
    return { name, url: `http://127.0.0.1:${port}/graphql`, typeDefs: parse(types(name)) };
  }),
);
const { errors, supergraphSdl } = composeServices(services);
if (errors) throw new AggregateError(errors);

cluster.setupPrimary({ exec: file("gateway.mjs") });
const gateways = Array.from({ length: Number(process.env.WORKERS ?? "1") }, () =>
  started(cluster.fork({ SUPERGRAPH: supergraphSdl })),
);
await Promise.all(gateways);
console.log("ready");
