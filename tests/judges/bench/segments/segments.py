"""Asks who belongs to six marketing segments: segments.py AS_OF UNIT[,UNIT...] [--rounds N]

AS_OF is a day (UTC), DATABASE_URL the plain database. DuckDB and Polars load its table `wide` once, ordered by
customer, and answer from their own columns in memory; PostgreSQL answers from the table. Each round asks every engine
for the count, the first 100 ids and all ids, by id, one engine after the other, so that whatever else the machine does
falls on all of them. Prints JSON: for each segment the count, the SHA-256 of all ids (each as text on a line of its
own), and the medians in microseconds. Ends with 1 when two engines do not agree.

Each segment stands in segments.json as SQL that PostgreSQL and DuckDB both read, and as the condition of the suite's
`POST /segments` and `POST /segment-previews`; the Polars expressions are below. Placeholders:

- `{day-N}`: the midnight (UTC) that begins the day N days before AS_OF.
- `{units}`: the ids of one unit and all below it, quoted; `{unit}` in a condition: the id of that one unit.
- `{currency}` in a condition: the currency of `spent_minor`.

The suite judges days, so all others do too. What is asked is the same as long as nothing lies after AS_OF, no contact
lies more than 3,660 days before it (the suite counts contacts in a window, the table counts all), and `email_consent`
says whether there is consent to marketing by e-mail on AS_OF. What is not known is false, and so not being a detractor
is true of who was never asked.
"""

import argparse
import datetime
import hashlib
import json
import os
import pathlib
import re
import statistics
import sys
import tempfile
import time

import duckdb
import polars
import psycopg
from polars import col

WARM_UP = 3
COLUMNS = {
    "customer_id": "UUID",
    "kind": "VARCHAR",
    "stage": "VARCHAR",
    "unit_id": "UUID",
    "tier": "VARCHAR",
    "balance": "BIGINT",
    "purchases": "BIGINT",
    "spent_minor": "BIGINT",
    "last_purchase_at": "TIMESTAMPTZ",
    "r": "INTEGER",
    "f": "INTEGER",
    "m": "INTEGER",
    "nps_score": "INTEGER",
    "nps_at": "TIMESTAMPTZ",
    "contacts": "BIGINT",
    "last_contact_at": "TIMESTAMPTZ",
    "email_consent": "BOOLEAN",
}


def midnight(as_of, days):
    return datetime.datetime.combine(as_of, datetime.time(), datetime.UTC) - datetime.timedelta(days)


def expressions(as_of, units):
    """The segments in the words of Polars, by code."""
    detractor = (col("nps_score") <= 6).fill_null(False)
    bought, contacted = col("last_purchase_at"), col("last_contact_at")
    return {
        "loyal-and-generous": (col("r") >= 4) & (col("f") >= 4) & (col("m") >= 4),
        "slipping-away": (col("purchases") >= 3)
        & (bought >= midnight(as_of, 180))
        & (bought < midnight(as_of, 89)),
        "reachable-gold": col("tier").is_in(["gold", "platinum"]) & col("unit_id").is_in(units) & col("email_consent"),
        "detractors-of-worth": detractor & (col("spent_minor") >= 100000),
        "contacted-never-bought": (col("purchases") == 0) & (contacted >= midnight(as_of, 29)),
        "worth-a-visit": ((col("tier") == "gold") | (col("spent_minor") >= 500000))
        & ~detractor
        & col("contacts").is_between(5, 50)
        & (bought >= midnight(as_of, 365)),
    }


class Postgresql:
    def __init__(self, database):
        self.database = database

    def count(self, segment):
        return self.database.execute(f"SELECT count(*) FROM wide WHERE {segment['sql']}", prepare=True).fetchone()[0]

    def ids(self, segment, most):
        limit = f" LIMIT {most}" if most else ""
        sql = f"SELECT customer_id::text FROM wide WHERE {segment['sql']} ORDER BY customer_id{limit}"
        return self.database.execute(sql, prepare=True).fetchall()

    def texts(self, rows):
        return [row[0] for row in rows]


class Duckdb:
    def __init__(self, parquet):
        self.database = duckdb.connect()
        types = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in COLUMNS.items())
        self.database.execute(f"CREATE TABLE wide AS SELECT {types} FROM read_parquet('{parquet}')")

    def count(self, segment):
        return self.database.execute(f"SELECT count(*) FROM wide WHERE {segment['sql']}").fetchall()[0][0]

    def ids(self, segment, most):
        # In the order in which they were put in, which DuckDB keeps: nothing is ordered again. Taken over as columns,
        # without a Python object for each id.
        limit = f" LIMIT {most}" if most else ""
        sql = f"SELECT CAST(customer_id AS VARCHAR) AS id FROM wide WHERE {segment['sql']}{limit}"
        return polars.DataFrame(self.database.sql(sql))

    def texts(self, frame):
        return frame["id"].to_list()


class Polars:
    def __init__(self, parquet):
        # Words that recur are kept as numbers: what asks for them is ten times as fast.
        words = col("kind", "stage", "unit_id", "tier").cast(polars.Categorical)
        self.wide = polars.read_parquet(parquet).rechunk().with_columns(words)

    def count(self, segment):
        return self.wide.select(segment["expression"].sum()).item()

    def ids(self, segment, most):
        found = self.wide.select(col("customer_id").filter(segment["expression"]))
        return found.head(most) if most else found

    def texts(self, frame):
        return frame["customer_id"].to_list()


def export(database, directory):
    """The table as a Parquet file, by customer; ids as texts, which sort as the ids do and which Polars reads."""
    csv, parquet = directory / "wide.csv", directory / "wide.parquet"
    copy = f"COPY (SELECT {', '.join(COLUMNS)} FROM wide ORDER BY customer_id) TO STDOUT (FORMAT csv)"
    with open(csv, "wb") as file, database.cursor().copy(copy) as blocks:
        for block in blocks:
            file.write(block)
    columns = {name: "VARCHAR" if kind == "UUID" else kind for name, kind in COLUMNS.items()}
    duckdb.execute(
        f"COPY (FROM read_csv('{csv}', header = false, columns = {columns}, auto_detect = false)) "
        f"TO '{parquet}' (FORMAT parquet)"
    )
    return parquet


def prepared(as_of, units):
    """The segments with their placeholders filled in."""
    segments = json.loads(pathlib.Path(__file__).with_name("segments.json").read_text())
    in_polars = expressions(as_of, units)
    quoted = ", ".join(f"'{unit}'" for unit in units)
    for segment in segments:
        sql = segment["sql"].replace("{units}", quoted)
        segment["sql"] = re.sub(r"\{day-(\d+)\}", lambda found: str(midnight(as_of, int(found[1]))), sql)
        segment["expression"] = in_polars[segment["code"]]
    return segments


def judge(segment, engines, rounds):
    """What the engines say of a segment, and how long they take."""
    questions = {
        "count": lambda engine: engine.count(segment),
        "first_100": lambda engine: engine.ids(segment, 100),
        "list": lambda engine: engine.ids(segment, None),
    }
    said = {}
    for name, engine in engines.items():
        ids = engine.texts(engine.ids(segment, None))
        if engine.texts(engine.ids(segment, 100)) != ids[:100] or engine.count(segment) != len(ids):
            sys.exit(f"{segment['code']}: {name} contradicts itself")
        said[name] = (len(ids), hashlib.sha256("".join(f"{one}\n" for one in ids).encode()).hexdigest())
    if len(set(said.values())) != 1:
        sys.exit(f"{segment['code']}: the engines do not agree: {said}")
    taken = {name: {question: [] for question in questions} for name in engines}
    for number in range(WARM_UP + rounds):
        for name, engine in engines.items():
            for question, ask in questions.items():
                start = time.perf_counter_ns()
                ask(engine)
                if number >= WARM_UP:
                    taken[name][question].append((time.perf_counter_ns() - start) / 1000)
    medians = {
        name: {question: round(statistics.median(times), 1) for question, times in by_question.items()}
        for name, by_question in taken.items()
    }
    count, digest = next(iter(said.values()))
    return {"count": count, "ids_sha256": digest, "microseconds": medians}


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("as_of", type=datetime.date.fromisoformat)
    arguments.add_argument("units", type=lambda text: text.lower().split(","))
    arguments.add_argument("--rounds", type=int, default=21)
    wanted = arguments.parse_args()
    with (
        psycopg.connect(os.environ["DATABASE_URL"], options="-c timezone=UTC", autocommit=True) as database,
        tempfile.TemporaryDirectory() as directory,
    ):
        parquet = export(database, pathlib.Path(directory))
        engines = {"postgresql": Postgresql(database), "duckdb": Duckdb(parquet), "polars": Polars(parquet)}
        customers = database.execute("SELECT count(*) FROM wide").fetchone()[0]
        report = {
            "as_of": str(wanted.as_of),
            "customers": customers,
            "rounds": wanted.rounds,
            "versions": {
                "postgresql": database.execute("SHOW server_version").fetchone()[0],
                "duckdb": duckdb.__version__,
                "polars": polars.__version__,
            },
            "segments": {
                segment["code"]: judge(segment, engines, wanted.rounds)
                for segment in prepared(wanted.as_of, wanted.units)
            },
        }
    print(json.dumps(report, indent=2))


main()
