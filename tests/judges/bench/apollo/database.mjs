// The plain database as each subgraph sees it: a pool of its own, statements prepared by name, and loaders that ask
// once for all customers that a request is about.

import DataLoader from "dataloader";
import pg from "pg";

// Times stay texts, with all their digits: nothing here calculates with them. Days too.
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text) => `${text.replace(" ", "T")}:00`);
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: Number(process.env.POOL ?? "4"),
  options: "-c timezone=UTC",
});

async function rows(name, text, values) {
  return (await pool.query({ name, text, values })).rows;
}

// One row of each customer, found by `key`.
export function one(table, key, columns) {
  const text = `SELECT ${key} AS "of", ${columns} FROM ${table} WHERE ${key} = ANY($1)`;
  return new DataLoader(async (ids) => {
    const found = new Map((await rows(table, text, [ids])).map((row) => [row.of, row]));
    return ids.map((id) => found.get(id) ?? null);
  });
}

// The rows of each customer in this order, at most so many; a loader for each number that a request asks for.
export function many(table, columns, order) {
  // The inner order finds the rows by the index; the outer one is theirs in the answer.
  const text =
    `SELECT t.customer_id AS "of", ${columns} FROM unnest($1::uuid[]) k(id) CROSS JOIN LATERAL ` +
    `(SELECT * FROM ${table} t WHERE customer_id = k.id ORDER BY ${order} LIMIT $2) t ORDER BY ${order}`;
  const loaders = new Map();
  return (most = null) => {
    if (!loaders.has(most)) {
      const loader = new DataLoader(async (ids) => {
        const found = new Map(ids.map((id) => [id, []]));
        for (const row of await rows(table, text, [ids, most])) found.get(row.of).push(row);
        return ids.map((id) => found.get(id));
      });
      loaders.set(most, loader);
    }
    return loaders.get(most);
  };
}
