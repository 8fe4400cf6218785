"""SQLite's FTS5 behind the protocol of tools/bench/run (see tools/bench/kwic_serve.c): one table
that holds its text, all positions and BM25 as FTS5 has it, optimised into one segment."""

import os
import sqlite3
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from search import corpus

BUILDING = """
PRAGMA page_size = 8192;
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -131072;
CREATE VIRTUAL TABLE texts USING fts5(id UNINDEXED, text, tokenize = 'ascii');
INSERT INTO texts(texts, rank) VALUES('hashsize', 134217728);
"""
SEARCHING = """
PRAGMA query_only = ON;
PRAGMA cache_size = -262144;
PRAGMA mmap_size = 17179869184;
"""
COUNT = "SELECT count(*) FROM texts WHERE texts MATCH ?"
TOP = "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ?"
IDS = "SELECT id FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ?"


def build(text, index):
    database = sqlite3.connect(index, isolation_level=None)
    database.executescript(BUILDING)
    database.execute("BEGIN")
    database.executemany("INSERT INTO texts(id, text) VALUES(?, ?)", corpus.documents(text))
    database.execute("INSERT INTO texts(texts) VALUES('optimize')")
    database.execute("COMMIT")


def translate(query):
    """The query in the language of FTS5. For words that only rank beside one that must be there it
    has no operator: that word is written again among them."""
    if query.startswith('"'):
        return query
    words = query.split()
    must = [word[1:] for word in words if word[0] == "+"]
    must_not = [word[1:] for word in words if word[0] == "-"]
    should = [word for word in words if word[0] not in "+-"]
    parts = must + (["(" + " OR ".join(must[:1] + should) + ")"] if should else [])
    if not must:
        parts = [" OR ".join(should)]
    return " NOT ".join([" AND ".join(parts), *must_not])


def answer(database, command, query):
    query = translate(query)
    if command == "COUNT":
        return database.execute(COUNT, (query,)).fetchone()[0]
    verb, number, *counts = command.split("_")
    if verb == "IDS":
        return " ".join(row[0] for row in database.execute(IDS, (query, int(number))))
    found = len(database.execute(TOP, (query, int(number))).fetchall())
    return database.execute(COUNT, (query,)).fetchone()[0] if counts else found


def serve(index):
    database = sqlite3.connect(index, isolation_level=None)
    database.executescript(SEARCHING)
    for line in sys.stdin:
        start = time.perf_counter_ns()
        command, query = line.rstrip("\n").split("\t")
        found = answer(database, command, query)
        sys.stdout.write(f"{found}\t{time.perf_counter_ns() - start}\n")
        sys.stdout.flush()


def main():
    if sys.argv[1] == "build":
        build(sys.argv[2], sys.argv[3])
    else:
        serve(sys.argv[2])


if __name__ == "__main__":
    main()
