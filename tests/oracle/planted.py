#!/usr/bin/env python3
"""Holds the oracle to seeing what is wrong: plants one wrong answer of each kind in what the program
says, and looks for it among what the oracle reports.

    planted.py        the environment's KWIC is the program, else ./kwic

The last line is `N passed, N failed, N skipped`: kinds of wrong answers."""

import json
import os
import random
import sys

sys.dont_write_bytecode = True  # the source folder may be read-only
import oracle
from collection import Kwic

oracle.BATCH = 8  # of each batch one answer is wrong
CASES = 2000  # are enough to find a place for each kind
SEED = 7


# ---- Wrong answers ----------------------------------------------------------------------------
# Each changes the results of one query, a list of objects, and says whether it could.


def lose_document(results):
    results[:] = [result for result in results if result["doc"] != results[-1]["doc"]]
    return True


def add_document(results):
    results.append({**results[-1], "doc": "no such document", "rank": results[-1]["rank"] + 1})
    return True


def swap_documents(results):
    if len(results) < 2 or results[0]["doc"] == results[1]["doc"]:
        return False
    if results[0]["score"] - results[1]["score"] < 1e-6:
        return False
    results[:2] = [{**results[1], "rank": 1}, {**results[0], "rank": 2}]
    return True


def change_score(results):
    if len({result["doc"] for result in results}) < len(results) or not results[-1]["score"]:
        return False
    results[-1]["score"] *= 1 - 1e-8
    return True


def on_parts(change):
    def changed(results):
        explained = [result["explain"] for result in results if result.get("explain")]
        if explained:
            change(explained[0])
        return bool(explained)
    return changed


def change_idf(parts):
    parts[0]["idf"] *= 1 + 1e-8


def change_sum(parts):
    parts[-1]["score"] *= 1 + 1e-10


def change_value(results):
    name = next((name for name, value in results[0]["fields"].items() if isinstance(value, list)), None)
    if name:
        results[0]["fields"][name] = results[0]["fields"][name][1:]
    return bool(name)


def change_passage(results):
    results[0]["passage"] += 1
    return True


def change_fields(results):
    results[0]["fields"]["author"] = "nobody"
    return True


def on_highlight(change):
    def changed(results):
        lit = [result for result in results if result["highlights"]]
        if lit:
            change(lit[0]["highlights"])
        return bool(lit)
    return changed


def move_highlight(lights):
    lights[0][1] += 1


def change_clause(lights):
    lights[-1][2] += 1


# Each changes the facets of one query.


def change_facet(facets):
    for facet in facets.values():
        for one in facet["values"]:
            one["documents"] += 1
            return True
    return False


def lose_value(facets):
    for facet in facets.values():
        if facet["distinct"]:
            facet["distinct"] -= 1
            return True
    return False


def swap_values(facets):
    for facet in facets.values():
        if len(facet["values"]) > 1:
            facet["values"][:2] = facet["values"][1::-1]
            return True
    return False


# Each changes the lines of counts or of notes.


def change_count(counts, _):
    number, count = counts[0].split(b"\t")
    counts[0] = b"%s\t%d" % (number, int(count) + 1)
    return True


def lose_note(_, notes):
    lost = next((line for line in notes if b"unclosed" in line), None)
    if lost:
        notes.remove(lost)
    return bool(lost)


def change_status(found):
    found[0] = 2 if found[0] < 2 else 0
    return True


def in_results(change):
    return lambda answer: bool(answer["results"]) and change(answer["results"])


def in_facets(change):
    return lambda answer: change(answer.get("facets", {}))


ANSWERS = {
    "a document that is lost": (in_results(lose_document), "documents"),
    "a document too many": (in_results(add_document), "documents"),
    "documents in the wrong order": (in_results(swap_documents), "order"),
    "a score in its ninth digit": (in_results(change_score), "score of"),
    "a part of a score that is lost": (in_results(on_parts(lambda parts: parts.pop())), "parts"),
    "a part in its tenth digit": (in_results(on_parts(change_sum)), "sum of the parts"),
    "an idf in its ninth digit": (in_results(on_parts(change_idf)), "idf of a part"),
    "another passage": (in_results(change_passage), "passages of"),
    "a field": (in_results(change_fields), "fields"),
    "a value of several": (in_results(change_value), "fields"),
    "a highlight that is lost": (in_results(on_highlight(lambda lights: lights.pop())),
                                 "highlights of"),
    "a highlight that is too long": (in_results(on_highlight(move_highlight)), "highlights of"),
    "a highlight of another clause": (in_results(on_highlight(change_clause)), "highlights of"),
    "the count of a facet": (in_facets(change_facet), "facet"),
    "a value of a facet that is lost": (in_facets(lose_value), "values of"),
    "values of a facet in the wrong order": (in_facets(swap_values), "facet"),
}
LINES = {"a count": (change_count, "count"), "a note that is lost": (lose_note, "number of notes")}
STATUSES = {"an error with --strict": (change_status, "error with --strict")}


# ---- Planting them ----------------------------------------------------------------------------


class Planter(Kwic):
    """Runs the program, and changes one answer of each batch of queries."""

    def __init__(self, program, plants):
        super().__init__(program)
        self.waiting = list(plants)
        self.planted = []  # those of one collection
        self.is_free = False  # nothing is planted in this batch yet

    def try_each(self, change):
        """Plants the first kind that can be; change(kind) says whether it could."""
        plant = next((one for one in self.waiting if self.is_free and change(one)), None)
        if plant:
            self.is_free = False
            self.waiting.remove(plant)
            self.planted.append(plant)

    def run_with_notes(self, arguments, stdin=b"", cwd=None, statuses=(0,)):
        out, notes = super().run_with_notes(arguments, stdin, cwd, statuses)
        if arguments[0] == "search" and "-c" not in arguments:
            self.is_free = True
            answers = [json.loads(line) for line in out.splitlines()]
            self.try_each(lambda plant: any(plant in ANSWERS and ANSWERS[plant][0](answer)
                                            for answer in answers))
            out = b"\n".join(json.dumps(answer).encode() for answer in answers)
        elif arguments[0] == "search":
            lines = [out.splitlines(), notes.splitlines()]
            self.try_each(lambda plant: plant in LINES and LINES[plant][0](*lines))
            out, notes = b"\n".join(lines[0]), b"\n".join(lines[1])
        return out, notes

    def status(self, arguments, cwd):
        found = [super().status(arguments, cwd)]
        self.try_each(lambda plant: plant in STATUSES and STATUSES[plant][0](found))
        return found[0]


def are_seen(program, plants):
    """The kinds that the oracle reports, and nothing else with them."""
    kwic = Planter(program, plants)
    rng = random.Random(SEED)
    good = []
    compared = 0
    while kwic.waiting and compared < CASES:
        seen = []
        kwic.planted = []
        compared += sum(oracle.run_collection(kwic, rng, CASES,
                                              lambda *case: seen.append(case[-1]))[:2])
        if len(seen) == len(kwic.planted):
            good += [plant for plant, problems in zip(kwic.planted, seen)
                     if any(plants[plant][1] in problem for problem in problems)]
    return good


def main():
    program = os.path.abspath(os.environ.get("KWIC", "kwic"))
    plants = {**STATUSES, **LINES, **ANSWERS}
    if not os.access(program, os.X_OK):
        print(f"SKIP no program '{program}'")
        print(f"0 passed, 0 failed, {len(plants)} skipped")
        return 77
    good = are_seen(program, plants)
    for plant in sorted(set(plants) - set(good)):
        print(f"FAIL {plant} is not reported, or not alone")
    failed = len(plants) - len(good)
    print(f"{len(plants) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
