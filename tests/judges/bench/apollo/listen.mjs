// Puts an Apollo server behind Node's own HTTP: the least that can stand before it. Apollo's standalone server does
// the same with more around it.

import { createServer } from "node:http";
import { HeaderMap } from "@apollo/server";

// Settings of all servers here: those of production. Nothing here is asked by a browser, so nothing guards against
// forged requests.
export const production = { introspection: false, includeStacktraceInErrorResponses: false, csrfPrevention: false };

export async function listen(apollo, port, context = async () => ({})) {
  const server = createServer({ keepAliveTimeout: 60_000 }, async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    try {
      const headers = new HeaderMap(Object.entries(request.headers));
      const body = JSON.parse(Buffer.concat(chunks).toString());
      const answer = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: { method: request.method, headers, search: "", body },
        context,
      });
      const text = Buffer.from(answer.body.string);
      const answered = { ...Object.fromEntries(answer.headers), "content-length": text.length };
      response.writeHead(answer.status ?? 200, answered);
      response.end(text);
    } catch (error) {
      response.writeHead(400).end(String(error));
    }
  });
  await new Promise((listening) => server.listen(port, "127.0.0.1", listening));
  return server.address().port;
}
