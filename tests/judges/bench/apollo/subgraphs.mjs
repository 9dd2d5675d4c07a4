// The four subgraphs: what each knows of a customer, and how it finds it. Loaders live as long as a request.

import { many, one } from "./database.mjs";

const newest = "t.occurred_at DESC, t.id DESC";

const customer = {
  types: `
    scalar Date
    scalar DateTime
    type Query { customer(id: ID!): Customer }
    type Customer @key(fields: "id") {
      id: ID!
      kind: String
      name: String
      birthDate: Date
      language: String
      stage: String
      unitId: ID
      registeredAt: DateTime
      contactPoints: [ContactPoint!]!
    }
    type ContactPoint { id: ID! kind: String value: String }`,
  loaders: () => ({
    customers: one(
      "customer",
      "id",
      'id, kind, name, birth_date AS "birthDate", language, stage, unit_id AS "unitId", ' +
        'registered_at AS "registeredAt"',
    ),
    points: many("contact_point", "t.id, kind, value", "t.id"),
  }),
  resolvers: {
    Query: { customer: (_, { id }, { customers }) => customers.load(id) },
    Customer: {
      __resolveReference: ({ id }, { customers }) => customers.load(id),
      contactPoints: ({ id }, _, { points }) => points().load(id),
    },
  },
};

const interaction = {
  types: `
    scalar BigInt
    scalar DateTime
    type Customer @key(fields: "id") {
      id: ID!
      contacts(first: Int!): [Contact!]!
      purchases(first: Int!): [Purchase!]!
    }
    type Contact { id: ID! occurredAt: DateTime! channel: String direction: String phase: String topic: String }
    type Purchase { id: ID! occurredAt: DateTime! totalMinor: BigInt currency: String channel: String }`,
  loaders: () => ({
    contacts: many("contact", 't.id, occurred_at AS "occurredAt", channel, direction, phase, topic', newest),
    purchases: many(
      "purchase",
      't.id, occurred_at AS "occurredAt", total_minor AS "totalMinor", currency, channel',
      newest,
    ),
  }),
  resolvers: {
    Customer: {
      contacts: ({ id }, { first }, { contacts }) => contacts(first).load(id),
      purchases: ({ id }, { first }, { purchases }) => purchases(first).load(id),
    },
  },
};

const loyalty = {
  types: `
    scalar BigInt
    type Customer @key(fields: "id") { id: ID! account: Account }
    type Account { balance: BigInt tier: String qualifying: BigInt }`,
  loaders: () => ({ accounts: one("account", "customer_id", "balance, tier, qualifying") }),
  resolvers: { Customer: { account: ({ id }, _, { accounts }) => accounts.load(id) } },
};

const survey = {
  types: `
    scalar DateTime
    type Customer @key(fields: "id") { id: ID! answers(first: Int!): [Answer!]! }
    type Answer { id: ID! occurredAt: DateTime! instrument: String score: Int }`,
  loaders: () => ({
    answers: many("answer", 't.id, occurred_at AS "occurredAt", instrument, score', newest),
  }),
  resolvers: { Customer: { answers: ({ id }, { first }, { answers }) => answers(first).load(id) } },
};

export const subgraphs = { customer, interaction, loyalty, survey };

// Enough of the schema for federation 2.
export const types = (name) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])\n${subgraphs[name].types}`;
