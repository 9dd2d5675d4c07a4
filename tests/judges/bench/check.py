"""Compares the rivals' answers with the database: check.py QUESTION=URL... [--customers N]

Asks each rival the question in its file (sent as it is, with the id as its only variable) about N customers taken at
random and about one that does not exist, and compares every answer with what one statement finds. DATABASE_URL says
where. Ends with 1 on the first difference.
"""

import argparse
import datetime
import http.client
import json
import os
import sys
import urllib.parse
import uuid

import psycopg

# The same shape as the questions; large numbers are texts, as both rivals write them.
TRUTH = """
SELECT json_build_object(
    'id', c.id, 'kind', kind, 'name', name, 'birthDate', birth_date, 'language', language, 'stage', stage,
    'unitId', unit_id, 'registeredAt', registered_at,
    'contactPoints', (SELECT COALESCE(json_agg(json_build_object('id', id, 'kind', kind, 'value', value)
            ORDER BY id), '[]') FROM contact_point WHERE customer_id = c.id),
    'contacts', (SELECT COALESCE(json_agg(json_build_object('id', id, 'occurredAt', occurred_at, 'channel', channel,
            'direction', direction, 'phase', phase, 'topic', topic) ORDER BY occurred_at DESC, id DESC), '[]')
        FROM (SELECT * FROM contact WHERE customer_id = c.id ORDER BY occurred_at DESC, id DESC LIMIT 20) t),
    'purchases', (SELECT COALESCE(json_agg(json_build_object('id', id, 'occurredAt', occurred_at,
            'totalMinor', total_minor::text, 'currency', currency, 'channel', channel)
            ORDER BY occurred_at DESC, id DESC), '[]')
        FROM (SELECT * FROM purchase WHERE customer_id = c.id ORDER BY occurred_at DESC, id DESC LIMIT 10) t),
    'account', (SELECT json_build_object('balance', balance::text, 'tier', tier, 'qualifying', qualifying::text)
        FROM account WHERE customer_id = c.id),
    'answers', (SELECT COALESCE(json_agg(json_build_object('id', id, 'occurredAt', occurred_at,
            'instrument', instrument, 'score', score) ORDER BY occurred_at DESC, id DESC), '[]')
        FROM (SELECT * FROM answer WHERE customer_id = c.id ORDER BY occurred_at DESC, id DESC LIMIT 3) t))
FROM customer c WHERE c.id = %s
"""


def comparable(value, key=None):
    """The value with times as times: how many digits of a second are written is not compared."""
    if isinstance(value, dict):
        return {name: comparable(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [comparable(inner) for inner in value]
    if key in ("occurredAt", "registeredAt") and value is not None:
        return datetime.datetime.fromisoformat(value)
    return value


class Rival:
    def __init__(self, argument):
        file, url = argument.split("=", 1)
        self.name, self.address = file, urllib.parse.urlsplit(url)
        with open(file) as text:
            self.question = text.read()
        self.connection = http.client.HTTPConnection(self.address.netloc)

    def ask(self, customer):
        body = json.dumps({"query": self.question, "variables": {"id": str(customer)}})
        self.connection.request("POST", self.address.path, body, {"content-type": "application/json"})
        reply = json.load(self.connection.getresponse())
        if "errors" in reply:
            sys.exit(f"{self.name}: {reply['errors']}")
        return comparable(reply["data"]["customer"])


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("rivals", nargs="+", type=Rival, metavar="QUESTION=URL")
    arguments.add_argument("--customers", type=int, default=200)
    wanted = arguments.parse_args()
    with psycopg.connect(os.environ["DATABASE_URL"], options="-c timezone=UTC", autocommit=True) as database:
        found = database.execute("SELECT id FROM customer ORDER BY random() LIMIT %s", [wanted.customers]).fetchall()
        customers = [row[0] for row in found]
        if not customers:
            sys.exit("the database has no customers")
        for customer in [*customers, uuid.UUID(int=0)]:
            row = database.execute(TRUTH, [customer]).fetchone()
            truth = comparable(row[0]) if row else None
            for rival in wanted.rivals:
                answer = rival.ask(customer)
                if answer != truth:
                    sys.exit(f"{rival.name}: another answer about {customer}:\n{answer}\ninstead of\n{truth}")
    print(f"{len(customers)} customers: {len(wanted.rivals)} rivals answer what the database has")


main()
