// A way to the gateway that is bad on purpose: node proxy.mjs TARGET_FILE PORT_FILE
//
// Passes requests on to the URL that stands in the file, so that the gateway can come back elsewhere. Every seventh
// answer is replaced by a 500 after the gateway has taken the request, and every eleventh request is answered with
// 500 before it got there: whoever sends must send again, and whoever takes must know it again.

import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";

const [target, portFile] = process.argv.slice(2);
let count = 0;
const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  count += 1;
  const turn = count;
  if (turn % 11 === 0) return response.writeHead(500).end();
  try {
    const headers = { ...request.headers };
    for (const name of ["host", "connection", "content-length", "transfer-encoding"]) delete headers[name];
    const url = readFileSync(target, "utf8").trim() + request.url;
    const answer = await fetch(url, { method: request.method, headers, body: Buffer.concat(chunks), redirect: "error" });
    const body = Buffer.from(await answer.arrayBuffer());
    if (turn % 7 === 0) return response.writeHead(500).end();
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "text/plain" }).end(body);
  } catch {
    response.writeHead(502).end();
  }
});
server.listen(0, "127.0.0.1", () => writeFileSync(portFile, String(server.address().port)));
