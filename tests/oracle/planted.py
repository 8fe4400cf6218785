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


RESULTS = {
    "a document that is lost": (lose_document, "documents"),
    "a document too many": (add_document, "documents"),
    "documents in the wrong order": (swap_documents, "order"),
    "a score in its ninth digit": (change_score, "score of"),
    "another passage": (change_passage, "passages of"),
    "a field": (change_fields, "fields"),
    "a highlight that is lost": (on_highlight(lambda lights: lights.pop()), "highlights of"),
    "a highlight that is too long": (on_highlight(move_highlight), "highlights of"),
    "a highlight of another clause": (on_highlight(change_clause), "highlights of"),
}


# ---- Planting them ----------------------------------------------------------------------------


class Planter(Kwic):
    """Runs the program, and changes one of its answers."""

    def __init__(self, program, plant):
        super().__init__(program)
        self.plant = plant
        self.planted = False

    def run_with_notes(self, arguments, stdin=b"", cwd=None, statuses=(0,)):
        out, notes = super().run_with_notes(arguments, stdin, cwd, statuses)
        if self.planted or arguments[0] != "search":
            return out, notes
        if "-c" not in arguments:
            return self.change_results(out), notes
        if self.plant == "a count":
            number, count = out.splitlines()[0].split(b"\t")
            self.planted = True
            return out.replace(out.splitlines()[0], b"%s\t%d" % (number, int(count) + 1), 1), notes
        if self.plant == "a note that is lost" and b"unclosed" in notes:
            self.planted = True
            lines = notes.splitlines(keepends=True)
            lines.remove(next(line for line in lines if b"unclosed" in line))
            return out, b"".join(lines)
        return out, notes

    def change_results(self, out):
        results = {}
        for line in out.splitlines():
            result = json.loads(line)
            results.setdefault(result["query"], []).append(result)
        change = RESULTS[self.plant][0] if self.plant in RESULTS else lambda _: False
        for mine in results.values():
            if change(mine):
                self.planted = True
                break
        return b"\n".join(json.dumps(one).encode() for mine in results.values() for one in mine)

    def status(self, arguments, cwd):
        found = super().status(arguments, cwd)
        if self.plant == "an error with --strict" and not self.planted:
            self.planted = True
            return 2 if found < 2 else 0
        return found


def is_seen(program, plant, expected):
    """Whether the oracle reports it, and nothing else."""
    kwic = Planter(program, plant)
    rng = random.Random(SEED)
    seen = []
    compared = 0

    def tell(_kwic, _collection, _query, _options, problems):
        seen.append(problems)

    while not kwic.planted and compared < CASES:
        compared += sum(oracle.run_collection(kwic, rng, CASES, tell))
    return len(seen) == 1 and any(expected in problem for problem in seen[0])


def main():
    program = os.path.abspath(os.environ.get("KWIC", "kwic"))
    plants = {**{plant: expected for plant, (_, expected) in RESULTS.items()},
              "a count": "count", "a note that is lost": "number of notes",
              "an error with --strict": "error with --strict"}
    if not os.access(program, os.X_OK):
        print(f"SKIP no program '{program}'")
        print(f"0 passed, 0 failed, {len(plants)} skipped")
        return 77
    failed = 0
    for plant, expected in plants.items():
        if not is_seen(program, plant, expected):
            print(f"FAIL {plant} is not reported, or not alone")
            failed += 1
    print(f"{len(plants) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
