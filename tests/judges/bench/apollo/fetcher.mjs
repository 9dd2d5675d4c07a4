// How the gateway asks the subgraphs: Node's own HTTP over connections that are kept. With the fetcher
// that Apollo brings, the gateway took about twice as much processor time for an answer.

import { Agent, request } from "node:http";

const agent = new Agent({ keepAlive: true });

export function fetcher(url, { method, headers, body }) {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers: { ...headers, "content-length": Buffer.byteLength(body) }, agent });
    asked.on("error", reject);
    asked.on("response", (response) => {
      const chunks = [];
      response.on("error", reject);
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        const status = response.statusCode;
        resolve({
          ok: status >= 200 && status < 300,
          status,
          statusText: response.statusMessage,
          headers: { get: (name) => response.headers[name.toLowerCase()] ?? null },
          json: async () => JSON.parse(text),
          text: async () => text,
        });
      });
    });
    asked.end(body);
  });
}
