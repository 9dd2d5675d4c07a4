"""Sends tracked messages with Segment's own library: send.py HOST WRITE_KEY PREFIX ROUNDS

The same as send.mjs does, packed with gzip.
"""

import sys
import time

from segment.analytics.client import Client

host, write_key, prefix, rounds = sys.argv[1:]
failures = []
client = Client(
    write_key,
    host=host,
    gzip=True,
    upload_size=15,
    upload_interval=0.2,
    max_retries=20,
    on_error=lambda error, items: failures.append(error),
)
for turn in range(int(rounds)):
    for n in range(10):
        user = f"{prefix}-{turn}-{n}"
        client.identify(user, {"name": f"Person {turn} {n}", "email": f"{user}@example.com"})
        for look in range(5):
            client.track(user, "Product Viewed", {"sku": f"sku-{look}"})
        products = [{"sku": "a", "price": 12.5, "quantity": 1}]
        client.track(
            user,
            "Order Completed",
            {"order_id": f"order-{user}", "total": 12.5, "currency": "EUR", "products": products},
        )
        client.page(user, None, "Home")
    time.sleep(1)
client.shutdown()
if failures:
    sys.exit(f"{len(failures)} failures, the first: {failures[0]}")
