// Sends tracked messages with Segment's own library: node send.mjs HOST WRITE_KEY PREFIX ROUNDS
//
// Each round has ten people who identify themselves, look at a product five times, order something and look at a
// page. Rounds are a second apart, so that the server can be killed between and within them.

import { setTimeout } from "node:timers/promises";
import { Analytics } from "@segment/analytics-node";

const [host, writeKey, prefix, rounds] = process.argv.slice(2);
const analytics = new Analytics({ writeKey, host, flushAt: 15, flushInterval: 200, maxRetries: 20, httpRequestTimeout: 5_000 });
const failures = [];
analytics.on("error", (error) => failures.push(String(error.reason ?? error)));

for (let round = 0; round < Number(rounds); round += 1) {
  for (let n = 0; n < 10; n += 1) {
    const userId = `${prefix}-${round}-${n}`;
    analytics.identify({ userId, traits: { name: `Person ${round} ${n}`, email: `${userId}@example.com` } });
    for (let look = 0; look < 5; look += 1) {
      analytics.track({ userId, event: "Product Viewed", properties: { sku: `sku-${look}` } });
    }
    analytics.track({
      userId,
      event: "Order Completed",
      properties: { order_id: `order-${userId}`, total: 12.5, currency: "EUR", products: [{ sku: "a", price: 12.5, quantity: 1 }] },
    });
    analytics.page({ userId, name: "Home" });
  }
  await setTimeout(1_000);
}
await analytics.closeAndFlush({ timeout: 90_000 });
if (failures.length > 0) {
  console.error(`${failures.length} failures, the first: ${failures[0]}`);
  process.exit(1);
}
