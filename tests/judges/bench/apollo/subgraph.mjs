// One subgraph in a process of its own: node subgraph.mjs NAME. Tells its port to the process that started it, and
// ends with it.

import { ApolloServer } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
} from "@apollo/server/plugin/disabled";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { parse } from "graphql";
import { listen, production } from "./listen.mjs";
import { subgraphs, types } from "./subgraphs.mjs";

const name = process.argv[2];
const { resolvers, loaders } = subgraphs[name];
const apollo = new ApolloServer({
  schema: buildSubgraphSchema([{ typeDefs: parse(types(name)), resolvers }]),
  plugins: [ApolloServerPluginCacheControlDisabled(), ApolloServerPluginInlineTraceDisabled()],
  ...production,
});
await apollo.start();
const port = await listen(apollo, 0, async () => loaders());
process.on("disconnect", () => process.exit());
process.send(port);
