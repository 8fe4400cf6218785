#!/usr/bin/env python3
"""The oracle: holds `kwic search` equal to a naive evaluator, on random small collections.

It shares no code with the program but takes its tokens (`kwic analyze`); the query language, the
scores, the passages and the highlights are written a second time, from kwic-query(7) alone, and the
values of fields from kwic-format(5). Sets, order, passages, highlights and facets must be exactly
equal, scores to 1e-9 of their size.

    oracle.py [--cases N] [--seed S] [--engine NAME]
                                            the environment's KWIC is the program, else ./kwic

With --engine xapian its indexes are Xapian databases, with mixed they are ours and these in turn.
planted.py holds it to seeing what is wrong; tests/long/oracle runs it at length.

A failing case is shrunk and printed. The last line is `N passed, N failed, N skipped`: queries."""

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time

sys.dont_write_bytecode = True  # the source folder may be read-only
import querylang
from collection import Built, Failure, Kwic, Refused, random_collection
from evaluate import Additions, Ranking
from querygen import Generator
from show import Shown
from values import order_of, shown_value

BATCHES = 3  # of queries on one collection, each with options of its own
BATCH = 24
STRICT = 2  # of a batch are searched for with --strict too
SHRINK_SECONDS = 30
MOST_FAILURES = 5
PASSAGE = 2000  # bytes, at most
MOST_REFUSED = 3  # and one in a thousand
RANKING = {"k1": [0.0, 0.9, 1.2, 2.0], "b": [0.0, 0.4, 1.0], "k3": [0.0, 1.0, 100.0],
           "title-weight": [0, 0.25, 3], "near-weight": [0, 0.075, 2],
           "character-weight": [0, 0.75, 1.5], "stop-words": ["on", "off"]}
ENGINES = {"native": ("",), "xapian": ("xapian:",), "mixed": ("xapian:", "")}


# ---- Options ----------------------------------------------------------------------------------


def random_options(rng, languages, fields):
    """`fields` are those with types."""
    options = {"all": rng.random() < 0.2, "literal": rng.random() < 0.08,
               "ranking": random_ranking(rng), "per_doc": rng.choice([1, 1, 0, 2]), "limit": 1000, "offset": 0}
    if rng.random() < 0.2:
        options["min"] = rng.choice(["1", "2", "2", "3", "9", "1%", "34%", "50%", "67%", "100%"])
    if rng.random() < 0.2:
        options["max-expansions"] = rng.choice([1, 2, 3, 5])
    if languages and rng.random() < 0.2:
        options["lang"] = rng.choice(sorted(languages))
    if rng.random() < 0.25:
        options["limit"] = rng.randint(1, 4)
        options["offset"] = rng.randint(0, 2)
    if rng.random() < 0.4:
        options["sort"] = rng.choice(["id", *fields])
        options["falling"] = rng.random() < 0.5
    options["explain"] = rng.random() < 0.3
    if rng.random() < 0.4:
        options["facets"] = rng.sample(fields, rng.randint(0, min(3, len(fields))))
        options["facet-limit"] = rng.choice([0, 0, 1, 2, 10])
    return options


def random_ranking(rng):
    """What is set of the scores; most often nothing."""
    kind = rng.random()
    ranking = {"plain": True} if kind > 0.7 else {}
    if kind > 0.5:
        for name, values in RANKING.items():
            if rng.random() < 0.3:
                ranking[name] = rng.choice(values)
    return ranking


def arguments(options):
    found = ["-n", str(options["limit"]), "--offset", str(options["offset"]),
             "--per-doc", str(options["per_doc"])]
    found += ["--all"] * options["all"] + ["--literal"] * options["literal"]
    found += ["--plain"] * options["ranking"].get("plain", False)
    for name in RANKING:
        if name in options["ranking"]:
            found += ["--" + name, str(options["ranking"][name])]
    for name in ("min", "lang", "max-expansions"):
        if options.get(name):
            found += ["--" + name, str(options[name])]
    if options.get("sort"):
        found += ["--sort", options["sort"] + ":desc" * options["falling"]]
    return found


def shown_arguments(options):
    """Of what shows more than results."""
    found = ["--explain"] * options.get("explain", False)
    for field in options.get("facets", []):
        found += ["--facet", field, "--facet-limit", str(options["facet-limit"])]
    return found


# ---- Comparing --------------------------------------------------------------------------------


def near(a, b, relative):
    return abs(a - b) <= relative * max(abs(a), abs(b))


class Comparison:
    """One query's results against what they should be; `problems` says what differs."""

    def __init__(self, built, query, options):
        self.built = built
        self.options = options
        self.problems = []
        self.collection = built.collection(options.get("max-expansions", 10000))
        self.documents = {document.id: document for document in built.documents}
        self.notes = []
        self.ranking = Ranking(options["ranking"])
        self.root = querylang.plan(query.decode("utf-8", "replace"),
                                   built.settings(options, self.ranking.stop_words), self.notes)
        self.found = self.collection.search(self.root, self.ranking)

    def expect(self, what, found, expected):
        if found != expected:
            self.problems.append(f"{what}: {found!r}, expected {expected!r}")

    def compare(self, answer):
        results = answer["results"]
        self.expect("matches", answer["matches"], len(self.found))
        self.compare_facets(answer)
        by_document = {}
        for result in results:
            by_document.setdefault(result["doc"], []).append(result)
        order = list(by_document)
        self.expect("documents in one piece", [one for one in order for _ in by_document[one]],
                    [result["doc"] for result in results])
        self.compare_order(order, {one: by_document[one][0]["score"] for one in order})
        for place, one in enumerate(order):
            if one in self.found:
                for result in by_document[one]:
                    self.expect(f"rank of {one!r}", result["rank"],
                                place + 1 + self.options["offset"])
                    self.expect("one score a document", result["score"],
                                by_document[one][0]["score"])
                    self.compare_parts(result)
                self.compare_document(self.documents[one], by_document[one])
        return self.problems

    def compare_facets(self, answer):
        self.expect("facets", sorted(answer.get("facets", {})), sorted(self.options.get("facets", [])))
        for field, facet in answer.get("facets", {}).items():
            counts = {}
            shown = {}
            for one in self.found:
                kind, values = self.documents[one].columns.get(field, (None, []))
                for value in values:
                    order = order_of(kind, value)
                    counts[order] = counts.get(order, 0) + 1
                    shown[order] = shown_value(kind, value)
            expected = sorted(counts, key=lambda value: (-counts[value], value))
            self.expect(f"values of {field!r}", facet["distinct"], len(expected))
            self.expect(f"facet {field!r}",
                        [(one["value"], one["documents"]) for one in facet["values"]],
                        [(shown[one], counts[one])
                         for one in expected[:self.options["facet-limit"] or None]])

    def in_order(self, documents, score):
        """Documents in the order that is asked for; score gives that of each."""
        found = sorted(documents, key=lambda one: (-score(one), one.encode()))
        field = self.options.get("sort")
        if not field:
            return found
        if field == "id":
            return sorted(documents, key=str.encode, reverse=self.options["falling"])
        falling = self.options["falling"]
        with_value = [one for one in found if self.sort_value(one) is not None]
        return sorted(with_value, key=self.sort_value, reverse=falling) + [
            one for one in found if self.sort_value(one) is None]

    def sort_value(self, one):
        kind, values = self.documents[one].columns.get(self.options["sort"], (None, []))
        return order_of(kind, values[-1 if self.options["falling"] else 0]) if values else None

    def compare_order(self, order, scores):
        expected = self.in_order(self.found, lambda one: self.found[one][0])
        expected = expected[self.options["offset"]:][:self.options["limit"]]
        if sorted(order) != sorted(expected) and self.options["limit"] >= len(self.found):
            self.expect("documents", sorted(order), sorted(expected))
            return
        profiles = {}
        for one, right in zip(order, expected):
            if one != right and not self.is_tossup(one, right):
                self.expect("order", order, expected)
                return
            score, profile = self.found[one]
            if not near(scores[one], score, 1e-9):
                self.expect(f"score of {one!r}", scores[one], score)
            if profiles.setdefault(profile, scores[one]) != scores[one]:
                self.problems.append(f"{one!r} ties with another document and scores differently")
        self.expect("number of documents", len(order), len(expected))
        self.expect("order by its own scores", order, self.in_order(order, lambda one: scores[one]))

    def compare_parts(self, result):
        """Of what the score is the sum."""
        self.expect("is explained", "explain" in result, self.options.get("explain", False))
        parts = result.get("explain", [])
        total = 0.0
        for part in parts:
            total += part["score"]
        if "explain" in result:
            self.expect("sum of the parts", total, result["score"])
            document = self.documents[result["doc"]]
            additions = Additions(self.root, self.ranking)
            expected = self.collection.parts(self.root, additions, self.ranking, document)
            self.expect("parts", [(part["part"], part["frequency"], part["repeats"]) for part in parts],
                        [(leaf.part, tf, leaf.repeats) for leaf, _, tf, _ in expected])
            for part, (leaf, score, _, _) in zip(parts, expected):
                self.expect("clause of a part", part["clause"] in leaf.clauses, True)
                weight = self.collection.idf(leaf.matcher, leaf.field)
                for name, right in (("boost", leaf.boost), ("idf", weight), ("score", score)):
                    if not near(part[name], right, 1e-9):
                        self.expect(f"{name} of a part", part[name], right)

    def is_tossup(self, one, other):
        """Whether the last bits of two scores that differ in kind decide between the two."""
        field = self.options.get("sort")
        if field == "id" or one not in self.found or (
                field and self.sort_value(one) != self.sort_value(other)):
            return False
        a, b = self.found[one], self.found[other]
        return a[1] != b[1] and near(a[0], b[0], 1e-12)

    def compare_document(self, document, results):
        file = self.built.lines[document.id]
        text = document.record["text"].encode()
        shows = Shown(self.collection, self.root, self.ranking, document)
        candidates, chosen = shows.choices(self.options["per_doc"])
        firsts = [first or 0 for first, _ in chosen]
        shown = [result["passage"] for result in results]
        scores = sorted((one[0], one[3]) for one in candidates)
        close = any(a[1] != b[1] and near(a[0], b[0], 1e-12) for a, b in zip(scores, scores[1:]))
        if shown != firsts and close:
            return
        self.expect(f"passages of {document.id!r}", shown, firsts)
        if shown != firsts:
            return
        for result, (first, last) in zip(results, chosen):
            self.expect("path", result["path"], f"{file[0]}/{file[1]}")
            self.expect("line", result["line"], file[2] or 1 + text[:result["start"]].count(b"\n"))
            self.expect("title", result["title"], document.title)
            self.expect("fields", result["fields"], document.shown)
            self.expect("text", result["text"].encode(), text[result["start"]:result["end"]])
            if first is None:
                self.expect("highlights", result["highlights"], [])
                continue
            self.compare_borders(document, result, first, last, len(text))
            self.expect(f"highlights of {document.id!r}", result["highlights"],
                        shows.highlights(first, last, result["start"]))

    def compare_borders(self, document, result, first, last, size):
        """Where the passages begin and end: between the words on both sides of a border."""
        ends = [token[2] for token in document.body if token[5] < first]
        begins = [token[1] for token in document.body if token[5] > last]
        inside = [token for token in document.body if first <= token[5] <= last]
        start, end = result["start"], result["end"]
        self.expect("begins behind the passage before", start >= max(ends, default=0), True)
        self.expect("ends before the passage behind", end <= min(begins, default=size), True)
        if first == 0:
            self.expect("start of the first passage", start, 0)
        if last == len(document.passages) - 1:
            # What has no words is passages of its own where it does not fit.
            self.expect("end of the last passage", end == size or size - start > PASSAGE, True)
        if inside:
            self.expect("holds its words", start <= inside[0][1] and inside[-1][2] <= end, True)


def analyze_all(built, queries, options):
    settings = built.settings(options)
    built.analyze_pieces([text for query in queries
                          for text in querylang.texts(query.decode("utf-8", "replace"), settings)])


def compare_batch(built, queries, options):
    """The problems of each query, a list each."""
    analyze_all(built, queries, options)
    results = built.search(queries, arguments(options) + shown_arguments(options))
    strict = built.are_errors(queries[:STRICT], arguments(options))
    counts, notes = built.counts(queries, arguments(options))
    problems = []
    for number, query in enumerate(queries):
        comparison = Comparison(built, query, options)
        comparison.expect("count", counts.get(number), len(comparison.found))
        comparison.expect("number of notes", notes.get(number, 0), len(comparison.notes))
        if number < STRICT:
            comparison.expect("error with --strict", strict[number], bool(comparison.notes))
        problems.append(comparison.compare(results[number]))
    return problems


def compare_answered(built, queries, options):
    """(query, its problems) of each query but those that are refused, as a query may be that takes
    too many steps."""
    queries = list(queries)
    while queries:
        try:
            return list(zip(queries, compare_batch(built, queries, options)))
        except Refused as refused:
            del queries[refused.args[0]]
    return []


# ---- Shrinking --------------------------------------------------------------------------------


class Folder:
    """A folder for one collection, gone at the end."""

    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix="kwic-oracle-")
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)


def problems_of(kwic, collection, query, options):
    with Folder() as folder:
        try:
            built = Built(kwic, collection, folder)
            found = compare_answered(built, [query], options) if built.indexes else []
            return found[0][1] if found else []
        except Failure:  # as of a field that is in the options and no longer in the collection
            return []


def smaller_collections(collection):
    for i, steps in enumerate(collection["indexes"]):
        def with_steps(new, at=i):
            indexes = collection["indexes"]
            return {**collection, "indexes": indexes[:at] + [new] + indexes[at + 1:]}
        for j, step in enumerate(steps):
            yield with_steps(steps[:j] + steps[j + 1:])
            for path in step[1] if step[0] == "files" else ():
                fewer = {name: file for name, file in step[1].items() if name != path}
                if fewer:
                    yield with_steps(steps[:j] + [("files", fewer, *step[2:])] + steps[j + 1:])
            if step[0] == "index":
                for k, record in enumerate(step[2]):
                    fewer = step[2][:k] + step[2][k + 1:]
                    yield with_steps(steps[:j] + [step[:2] + (fewer,) + step[3:]] + steps[j + 1:])
                    words = record["text"].split(" ")
                    for cut in (words[:len(words) // 2], words[len(words) // 2:], words[1:]):
                        if len(cut) < len(words):
                            less = {**record, "text": " ".join(cut)}
                            changed = step[2][:k] + [less] + step[2][k + 1:]
                            yield with_steps(steps[:j] + [step[:2] + (changed,) + step[3:]]
                                             + steps[j + 1:])
                    for key in sorted(set(record) - {"id", "text"}):
                        less = {name: value for name, value in record.items() if name != key}
                        changed = step[2][:k] + [less] + step[2][k + 1:]
                        yield with_steps(steps[:j] + [step[:2] + (changed,) + step[3:]]
                                         + steps[j + 1:])


def smaller_queries(query):
    text = query.decode("utf-8", "replace")
    words = text.split(" ")
    for i in range(len(words)):
        yield " ".join(words[:i] + words[i + 1:]).encode()
    for i in range(len(text)):
        yield (text[:i] + text[i + 1:]).encode()


def shrink(kwic, collection, query, options):
    """A smaller case that still fails."""
    until = time.monotonic() + SHRINK_SECONDS
    found = True
    while found and time.monotonic() < until:
        found = False
        for smaller in smaller_queries(query):
            if (smaller.decode().strip() and time.monotonic() < until
                    and problems_of(kwic, collection, smaller, options)):
                query = smaller
                found = True
                break
        for smaller in smaller_collections(collection):
            if time.monotonic() < until and problems_of(kwic, smaller, query, options):
                collection = smaller
                found = True
                break
    return collection, query


def report(kwic, collection, query, options, problems):
    shrunk = shrink(kwic, collection, query, options)
    print(f"FAIL query {query!r}")
    for line in problems_of(kwic, *shrunk, options) or problems:
        print(f"     {line}")
    print(f"     query:      {shrunk[1].decode('utf-8', 'replace')}")
    print(f"     options:    {' '.join(arguments(options) + shown_arguments(options))}")
    print(f"     collection: {json.dumps(shrunk[0], ensure_ascii=False)}", flush=True)


# ---- Running ----------------------------------------------------------------------------------


def run_collection(kwic, rng, cases, tell=report):
    """Compares up to `cases` queries on one collection; (passed, failed, refused). `tell` is called
    for each of the first that fail."""
    collection = random_collection(rng)
    passed = failed = refused = 0
    with Folder() as folder:
        try:
            built = Built(kwic, collection, folder)
        except Failure as failure:
            print(f"FAIL {failure}\n     collection: {json.dumps(collection, ensure_ascii=False)}")
            return 0, 1, 0
        generator = Generator(rng, built.documents, built.fields)
        for _ in range(BATCHES if built.indexes else 0):
            count = min(BATCH, cases - passed - failed)
            queries = [generator.query() for _ in range(count)]
            options = random_options(rng, built.languages, sorted(set(built.fields) - {"title"}))
            if not queries:
                break
            try:
                outcomes = compare_answered(built, queries, options)
            except Failure as failure:
                print(f"FAIL {failure}\n     queries: {queries!r}")
                failed += len(queries)
                continue
            refused += len(queries) - len(outcomes)
            for query, problems in outcomes:
                passed += not problems
                failed += bool(problems)
                if problems and failed <= MOST_FAILURES:
                    tell(kwic, collection, query, options, problems)
    return passed, failed, refused


def main():
    parser = argparse.ArgumentParser(description="Compare kwic search with a naive evaluator.")
    parser.add_argument("--cases", type=int, default=700, help="queries to compare (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the random cases (%(default)s)")
    parser.add_argument("--engine", choices=sorted(ENGINES), default="native",
                        help="of the indexes (%(default)s)")
    options = parser.parse_args()
    program = os.path.abspath(os.environ.get("KWIC", "kwic"))
    if not os.access(program, os.X_OK):
        print(f"SKIP no program '{program}'")
        print(f"0 passed, 0 failed, {options.cases} skipped")
        return 77
    kwic = Kwic(program, ENGINES[options.engine])
    rng = random.Random(options.seed)
    passed = failed = refused = 0
    while passed + failed < options.cases and failed < MOST_FAILURES:
        done = run_collection(kwic, rng, options.cases - passed - failed)
        passed += done[0]
        failed += done[1]
        refused += done[2]
    if refused > MOST_REFUSED + options.cases // 1000:
        print(f"FAIL {refused} queries are refused")
        failed += 1
    skipped = max(0, options.cases - passed - failed)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
