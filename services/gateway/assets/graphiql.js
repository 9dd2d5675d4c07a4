// Mounts GraphiQL on this gateway's own /graphql. A separate file, so that the
// page needs no inline script and can be served under `script-src 'self'`.
"use strict";

const firstQuery = `# Paste a bearer token into the Headers tab below:
#
#   { "Authorization": "Bearer …" }
#
# customer360 token --data data --role manager --org hq --staff STAFF
# prints one. Without it every request is refused, that for the schema too:
# re-fetch the schema (bottom left) once it is there, and the editor completes.

{
  __typename
}
`;

// GraphiQL keeps headers out of its tabs when told so, but not out of its
// history. A token must not outlive the page, so they are dropped on the way
// to local storage, which every script of this origin could read.
const storage = {
  getItem: (key) => localStorage.getItem(key),
  setItem: (key, value) =>
    localStorage.setItem(key, key.startsWith("graphiql:") ? withoutHeaders(value) : value),
  removeItem: (key) => localStorage.removeItem(key),
  clear: () => localStorage.clear(),
  get length() {
    return localStorage.length;
  },
};

function withoutHeaders(stored) {
  try {
    return JSON.stringify(JSON.parse(stored, (name, value) => (name === "headers" ? undefined : value)));
  } catch {
    return stored; // a plain string, such as the query itself
  }
}

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: "/graphql" }),
    storage,
    defaultQuery: firstQuery,
    defaultHeaders: JSON.stringify({ Authorization: "Bearer " }, null, 2),
    defaultEditorToolsVisibility: "headers",
    isHeadersEditorEnabled: true,
    shouldPersistHeaders: false,
  }),
);
