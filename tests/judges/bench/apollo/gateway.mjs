// The gateway, over a supergraph that the process which started it composed and put into SUPERGRAPH.

import { ApolloGateway, RemoteGraphQLDataSource } from "@apollo/gateway";
import { ApolloServer } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from "@apollo/server/plugin/disabled";
import { fetcher } from "./fetcher.mjs";
import { listen, production } from "./listen.mjs";

const gateway = new ApolloGateway({
  supergraphSdl: process.env.SUPERGRAPH,
  buildService: ({ url }) => new RemoteGraphQLDataSource({ url, fetcher, honorSubgraphCacheControlHeader: false }),
});
const apollo = new ApolloServer({
  gateway,
  plugins: [ApolloServerPluginCacheControlDisabled(), ApolloServerPluginUsageReportingDisabled()],
  ...production,
});
await apollo.start();
await listen(apollo, Number(process.env.PORT));
process.send("ready");
