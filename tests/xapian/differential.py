#!/usr/bin/env python3
"""Holds Xapian databases equal to our own index: the same documents in each of several places, the
same random queries and options, rankings among them. Matches, order,
passages, highlights, fields and facets must be equal, scores to 1e-9 of their size.

    differential.py [--cases N] [--seed S] [--corpus FILE.jsonl [--most N] [--jobs N]]
                    [--parity SHARE]

That share of the queries goes by --parity xapian: then our index gives what Xapian's own matcher
gives, which a database is asked for where it can answer; the parts of a score are their sum, bit by
bit, and what is refused by one place is refused by all.

The places: one database; two of them joined by a stub file; our index and a database, half of the
documents each; two servers on loopback, named both and joined by a stub file. With --corpus each
batch of queries goes to one of these, and every other one asks for all that matches, by id and
score alone: not of servers, which get fewer queries too, as they are asked for a position of a
phrase at a time. --jobs processes share the cases and the places, each with random numbers of its
own. The environment's KWIC is the program, else ./kwic. Collections and queries are those of
tests/oracle, which holds both kinds of index to a naive evaluator (oracle.py --engine); this adds
what that does not know, and with --corpus texts of people. The last line is `N passed, N failed, N
skipped`: queries."""

import argparse
import itertools
import json
import multiprocessing
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True  # the source folder may be read-only
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "oracle"))
from collection import Built, Failure, Kwic, random_collection
from evaluate import Document
from oracle import Folder, arguments, shown_arguments, random_options
from querygen import Generator
from values import TEXT, scalars, settled_type

BATCH = 24
SERVED_BATCH = 6  # of many documents
TOO_MUCH = 2  # queries of a batch
BATCHES = 3
MOST_FAILURES = 5
SERVER_SECONDS = 10  # until one listens
ANSWER_SECONDS = 3600  # of one that shares the machine: slow is not wrong


class Servers:
    """xapian-tcpsrv on loopback, one a database; gone at the end."""

    def __init__(self):
        self.running = []
        self.ports = itertools.count(random.SystemRandom().randrange(20000, 50000))

    def serve(self, database):
        """The port at which it is served; NULL if that cannot be."""
        for port in itertools.islice(self.ports, 50):
            server = subprocess.Popen(["xapian-tcpsrv", "--quiet", "--interface", "127.0.0.1",
                                       "--timeout", str(1000 * ANSWER_SECONDS), "--port",
                                       str(port), database],
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            until = time.monotonic() + SERVER_SECONDS
            while server.poll() is None and time.monotonic() < until:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        self.running.append(server)
                        return port
                time.sleep(0.01)
            server.kill()
            server.wait()
        raise Failure("no server could be started")

    def stop(self):
        for server in self.running:
            server.kill()
            server.wait()
        self.running = []


class Places:
    """The same records in several places, in `folder`: `names` has arguments that name each."""

    def __init__(self, kwic, records, types, language, accents, folder, servers):
        self.kwic = kwic
        self.folder = folder
        self.options = ["--lang", language, *accents, "--no-sync", "-q"]
        for field, kind in sorted(types.items()):
            self.options += ["--field", f"{field}:{kind}"]
        halves = [records[::2], records[1::2]]
        self.index("native", records)
        for name, some in (("all", records), ("one", halves[0]), ("two", halves[1])):
            self.index(f"xapian:x-{name}", some)
        self.index("native-one", halves[0])
        self.write("joined", "auto x-one\nauto x-two\n")
        self.names = {"one database": ["xapian:x-all"], "two joined": ["xapian:joined"],
                      "ours and a database": ["native-one", "xapian:x-two"]}
        if servers:
            ports = [servers.serve(os.path.join(folder, name)) for name in ("x-one", "x-two")]
            self.names["two servers"] = [f"xapian://127.0.0.1:{port}" for port in ports]
            self.write("remote", "".join(f"remote 127.0.0.1:{port}\n" for port in ports))
            self.names["two servers joined"] = ["xapian:remote"]

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as out:
            out.write(text)

    def index(self, where, records):
        self.write("docs.jsonl", "".join(json.dumps(record) + "\n" for record in records))
        self.kwic.run(["index", "-i", where, *self.options, "docs.jsonl"], cwd=self.folder,
                      statuses=(0, 1))

    def search(self, where, queries, options, whole=False):
        """The JSON object of each query, by its number; those that are refused are missing. With
        `whole` it has all that matches, but ids and scores alone, and is missing if that is none.
        """
        batch = b"".join(b"%d\t%s\n" % (number, query) for number, query in enumerate(queries))
        named = [argument for one in where for argument in ("-i", one)]
        out = self.kwic.run(["search", *named, *options, "--batch", "-", "--format",
                             "trec" if whole else "json", "--precise", "-q", "--timeout",
                             str(ANSWER_SECONDS)], batch, cwd=self.folder, statuses=(0, 1, 2))
        if whole:
            return ranked(out.decode())
        answers = [json.loads(line) for line in out.splitlines()]
        return {int(answer["id"]): answer for answer in answers}


def ranked(lines):
    """The answers that lines of the format trec are, by query."""
    answers = {}
    for line in lines.splitlines():
        number, _, document, _, score, _ = line.split()
        answer = answers.setdefault(int(number), {"results": []})
        answer["results"].append({"doc": document, "score": float(score)})
    return answers


# ---- Comparing --------------------------------------------------------------------------------


def near(a, b, relative):
    return abs(a - b) <= relative * max(abs(a), abs(b))


def shown(result):
    """What does not depend on where a document lies: all but its line in the input, the way to its
    file from there, and its score with its parts, which name languages as they come."""
    return {key: value for key, value in result.items()
            if key not in ("line", "path", "score", "explain")}


def uneven(answer):
    """Where scores are not the sums of their parts."""
    for result in answer["results"]:
        parts = result.get("explain")
        if parts is not None and sum(part["score"] for part in parts) != result["score"]:
            return [f"parts of {result['doc']!r}: {parts!r} for {result['score']!r}"]
    return []


def differences(ours, theirs, order_is_by_score):
    """How an answer differs from ours."""
    if ours is None or theirs is None:
        return [] if ours is theirs else ["refused" if theirs is None else "not refused"]
    if uneven(theirs):
        return uneven(theirs)
    for key in ("matches", "facets"):
        if ours.get(key) != theirs.get(key):
            return [f"{key}: {theirs.get(key)!r}, ours {ours.get(key)!r}"]
    mine, other = ours["results"], theirs["results"]
    scores = {}
    for result in mine:
        scores[result["doc"]] = result["score"]
    for result in other:
        if result["doc"] in scores and not near(result["score"], scores[result["doc"]], 1e-9):
            return [f"score of {result['doc']!r}: {result['score']!r}, ours {scores[result['doc']]!r}"]
    if [shown(one) for one in mine] == [shown(one) for one in other]:
        return []
    orders = [list(dict.fromkeys(one["doc"] for one in answer)) for answer in (mine, other)]
    if orders[0] != orders[1] and order_is_by_score and len(orders[0]) == len(orders[1]):
        found = {one["doc"]: one["score"] for one in other}
        if all(near(scores[a], found[b], 1e-12) for a, b in zip(*orders)):
            return []  # the last bits of scores that are sums in different orders decide
    if orders[0] != orders[1]:
        return [f"order: {orders[1]!r}, ours {orders[0]!r}"]
    return [f"{key} of {one['doc']!r}: {other_one.get(key)!r}, ours {value!r}"
            for one, other_one in zip(map(shown, mine), map(shown, other))
            for key, value in one.items() if other_one.get(key) != value][:3] or ["passages"]


def compare_batch(places, queries, options, names):
    """The problems of each query in some of the places, a list each."""
    given, whole = all_arguments(options), options.get("whole", False)
    ours = places.search(["native"], queries, given, whole)
    problems = [uneven(ours[number]) if number in ours else [] for number in range(len(queries))]
    # Of texts of people some queries ask for too much work, in every place.
    most = TOO_MUCH if "whole" in options else 0
    if not options.get("parity") and not whole and len(ours) < len(queries) - most:
        problems[0].append(f"{len(ours)} answers")
    for name in names:
        theirs = places.search(places.names[name], queries, given, whole)
        for number, found in enumerate(problems):
            found += [f"{name}: {problem}" for problem in
                      differences(ours.get(number), theirs.get(number), not options.get("sort"))]
    return problems


def all_arguments(options):
    return (arguments(options) + shown_arguments(options) +
            ["--parity", "xapian"] * options.get("parity", False))


# ---- Running ----------------------------------------------------------------------------------


def types_of(documents):
    """A type for each field, so that halves of the documents agree on it."""
    found = {}
    for document in documents:
        for key, value in document.record.items():
            if key not in ("id", "title", "text", "lang", "path"):
                settled = settled_type(value) if scalars(value) else None
                found.setdefault(key, settled)
    names = {"t": "text", "k": "keyword", "n": "number", "d": "date"}
    return {key: names.get(kind, kind) for key, kind in found.items() if kind}


def random_documents(kwic, rng, folder):
    """Documents with what the oracle's generator of queries takes of them, and their settings."""
    while True:
        collection = random_collection(rng)
        collection = {**collection, "languages": collection["languages"][:1],
                      "indexes": collection["indexes"][:1]}
        built = Built(kwic, collection, folder)
        if built.documents:
            held = {key for document in built.documents for key in document.record}
            held = {"title", "path"} | held & set(types_of(built.documents))
            held |= {"lang"} if built.languages else set()
            fields = {name: types for name, types in built.fields.items() if name in held}
            return built.documents, fields, built.languages, collection
        shutil.rmtree(folder)
        os.mkdir(folder)


def corpus_documents(kwic, path, most):
    with open(path, encoding="utf-8") as lines:
        records = [json.loads(line) for line in itertools.islice(lines, most)]
    body = [kwic.analyze(record["text"], "english") if number < 200 else []
            for number, record in enumerate(records)]
    return [Document(record, tokens, {}, {}) for record, tokens in zip(records, body)]


def options_of_parity(rng, languages, fields):
    """What goes with parity; seldom what Xapian's own matcher is not asked for."""
    options = {**random_options(rng, languages, fields), "ranking": {}, "parity": True,
               "explain": True, "per_doc": 1}
    for key in ("min", "sort", "facets"):
        if rng.random() < 0.8:
            options.pop(key, None)
    return options


def corpus_options(rng, options, served):
    """What is asked for of many documents: seldom thousands of words that fit a pattern, which is
    what takes longest."""
    if rng.random() < 0.9:
        options.setdefault("max-expansions", 200)
    whole = not served and rng.random() < 0.5
    limit = 1000000 if whole else rng.choice([1, 10, 10, 10, 40])
    return {**options, "whole": whole, "limit": limit, "offset": 0, "per_doc": 1,
            "explain": options.get("explain", False) and not whole and not served}


def run_places(places, rng, generator, languages, fields, cases, batches, tell, parity,
               corpus=False):
    """`batches` of them at most; None: as many as there are cases for."""
    passed = failed = 0
    for _ in itertools.count() if batches is None else range(batches):
        if passed + failed >= cases or (corpus and failed > MOST_FAILURES):
            break
        options = {**random_options(rng, languages, fields), "explain": False}
        if rng.random() < parity:
            options = options_of_parity(rng, languages, fields)
        names, size = list(places.names), BATCH
        if corpus:
            names = rng.choices(names, [1 if "servers" in name else 3 for name in names])
            options = corpus_options(rng, options, "servers" in names[0])
            size = SERVED_BATCH if "servers" in names[0] else BATCH
        queries = [generator.query() for _ in range(min(size, cases - passed - failed))]
        for query, problems in zip(queries, compare_batch(places, queries, options, names)):
            passed += not problems
            failed += bool(problems)
            if problems and failed <= MOST_FAILURES:
                tell(query, options, problems)
    return passed, failed


def tell(query, options, problems, collection=None):
    print(f"FAIL query {query!r}")
    for line in problems:
        print(f"     {line}")
    print(f"     options:    {' '.join(all_arguments(options))}")
    if collection:
        print(f"     collection: {json.dumps(collection, ensure_ascii=False)}", flush=True)


def run_collection(kwic, rng, cases, servers, parity):
    """Up to `cases` queries on one collection that is made up."""
    with Folder() as folder, Folder() as scratch:
        documents, fields, languages, collection = random_documents(kwic, rng, scratch)
        places = Places(kwic, [document.record for document in documents], types_of(documents),
                        collection["languages"][0], collection["accents"], folder, servers)
        generator = Generator(rng, documents, fields)
        return run_places(places, rng, generator, languages, sorted(set(fields) - {"title"}), cases,
                          BATCHES, lambda *found: tell(*found, collection), parity)


def run_corpus(kwic, options, servers):
    """All cases on texts of people, in English, shared by some processes."""
    with Folder() as folder:
        documents = corpus_documents(kwic, options.corpus, options.most)
        places = Places(kwic, [document.record for document in documents], {}, "english", [], folder,
                        servers)
        found = multiprocessing.SimpleQueue()
        jobs = [multiprocessing.Process(target=run_job, args=(job, places, documents, options, found))
                for job in range(options.jobs)]
        for job in jobs:
            job.start()
        for job in jobs:
            job.join()
        if any(job.exitcode for job in jobs):
            raise Failure("a process failed")
        return tuple(map(sum, zip(*[found.get() for _ in jobs])))


def run_job(job, places, documents, options, found):
    """The share of one of several processes; puts what it counts into `found`."""
    cases = (options.cases + job) // options.jobs
    rng = random.Random(options.seed if options.jobs == 1 else f"{options.seed}.{job}")
    generator = Generator(rng, documents[:200], {"title": {TEXT}})
    found.put(run_places(places, rng, generator, {"english"}, [], cases, None, tell, options.parity,
                         corpus=True))


def main():
    parser = argparse.ArgumentParser(description="Compare Xapian databases with our own index.")
    parser.add_argument("--cases", type=int, default=300, help="queries to compare (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the random cases (%(default)s)")
    parser.add_argument("--corpus", help="documents in place of those that are made up")
    parser.add_argument("--parity", type=float, default=0.3, metavar="SHARE",
                        help="of the queries that go by it (%(default)s)")
    parser.add_argument("--jobs", type=int, default=1, help="processes on a corpus (%(default)s)")
    parser.add_argument("--most", type=int, default=100000, help="of them (%(default)s)")
    options = parser.parse_args()
    program = os.path.abspath(os.environ.get("KWIC", "kwic"))
    module = os.path.join(os.environ.get("KWIC_HELPERS", os.path.dirname(program)), "kwic-xapian.so")
    if not os.access(program, os.X_OK) or not os.access(module, os.R_OK):
        print("SKIP no program, or no module for Xapian databases")
        print(f"0 passed, 0 failed, {options.cases} skipped")
        return 77
    kwic = Kwic(program)
    kwic.timeout = 3600 if options.corpus else kwic.timeout
    rng = random.Random(options.seed)
    servers = Servers() if shutil.which("xapian-tcpsrv") else None
    if not servers:
        print("SKIP servers: there is no xapian-tcpsrv (Debian: xapian-tools)")
    passed = failed = 0
    while passed + failed < options.cases and failed < MOST_FAILURES:
        try:
            if options.corpus:
                done = run_corpus(kwic, options, servers)
            else:
                done = run_collection(kwic, rng, options.cases - passed - failed, servers,
                                      options.parity)
        except Failure as failure:
            print(f"FAIL {failure}")
            done = (0, 1)
        finally:
            if servers:
                servers.stop()
        passed += done[0]
        failed += done[1]
    print(f"{passed} passed, {failed} failed, {max(0, options.cases - passed - failed)} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
