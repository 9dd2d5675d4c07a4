"""Asks the gateway by GraphQL: ask.py URL TOKEN create | counts SOURCE ROUNDS | customers ROUNDS

`create` makes a source of the root unit and prints its id and its write key. `counts` waits until every message that
two senders sent is there exactly once, and fails when there are more, fewer, or refused ones. `customers` does the
same for what the owners made of them.
"""

import json
import sys
import time
import urllib.request

url, token, what = sys.argv[1:4]


def ask(query, **variables):
    body = json.dumps({"query": query, "variables": variables}).encode()
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(f"{url}/graphql", body, headers)) as answer:
        reply = json.load(answer)
    if "errors" in reply:
        sys.exit(f"{query}\n{reply['errors']}")
    return reply["data"]


def create():
    units = ask('{ orgUnits(code: "hq") { edges { node { id } } } }')["orgUnits"]["edges"]
    mappings = [{"call": "TRACK", "event": "Product Viewed", "effect": "CONTACT", "topic": "product-viewed"}]
    source = {"code": "judge", "name": "Judge", "orgUnitId": units[0]["node"]["id"], "mappings": mappings}
    query = """mutation ($input: NewIngestionSource!) { createIngestionSource(input: $input) {
        source { id } writeKey errors { message } } }"""
    for _ in range(100):  # the gateway learns of the root unit a moment after the customer service
        made = ask(query, input=source)["createIngestionSource"]
        if made["source"]:
            return print(made["source"]["id"], made["writeKey"])
        time.sleep(0.2)
    sys.exit(f"no source: {made}")


def counts(source, rounds):
    people = 2 * 10 * int(rounds)
    wanted = {
        ("IDENTIFY", None, "APPLIED"): people,
        ("TRACK", "Product Viewed", "APPLIED"): 5 * people,
        ("TRACK", "Order Completed", "APPLIED"): people,
        ("PAGE", "Home", "UNMAPPED"): people,
    }
    query = "query ($id: UUID!) { ingestionCounts(sourceId: $id) { call event state count } }"
    deadline = time.monotonic() + 120
    while True:
        found = ask(query, id=source)["ingestionCounts"]
        found = {(one["call"], one["event"], one["state"]): one["count"] for one in found}
        if found == wanted or time.monotonic() > deadline:
            break
        time.sleep(0.5)
    print(json.dumps({" ".join(map(str, key)): count for key, count in sorted(found.items(), key=str)}))
    if found != wanted:
        sys.exit(f"wanted {wanted}")


def customers(rounds):
    people = 2 * 10 * int(rounds)
    wanted = {"customers": people, "purchases": people, "minor units": 1250 * people, "contacts": 5 * people}
    query = """query ($after: String) { customers(first: 100, after: $after) { pageInfo { hasNextPage endCursor }
        edges { node { dealings { turnover { purchases totalMinor } contactsByChannel { contacts } } } } } }"""
    deadline = time.monotonic() + 60
    while True:
        found, after, more = dict.fromkeys(wanted, 0), None, True
        while more:
            page = ask(query, after=after)["customers"]
            more, after = page["pageInfo"]["hasNextPage"], page["pageInfo"]["endCursor"]
            for edge in page["edges"]:
                dealings = edge["node"]["dealings"] or {"turnover": [], "contactsByChannel": []}
                found["customers"] += 1
                found["purchases"] += sum(one["purchases"] for one in dealings["turnover"])
                found["minor units"] += sum(one["totalMinor"] for one in dealings["turnover"])
                found["contacts"] += sum(one["contacts"] for one in dealings["contactsByChannel"])
        if found == wanted or time.monotonic() > deadline:
            break
        time.sleep(0.5)
    print(json.dumps(found))
    if found != wanted:
        sys.exit(f"wanted {wanted}")


{"create": create, "counts": counts, "customers": customers}[what](*sys.argv[4:])
