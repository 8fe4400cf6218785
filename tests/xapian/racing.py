#!/usr/bin/env python3
"""Readers of a Xapian database that race its writer: `kwic` is run over and over while another
commits state after state, in each of which every document says of which state it is. No reader
fails, and no answer is of two states.

    racing.py [--seconds S]

The environment's KWIC is the program, else ./kwic. The last line is `N passed, N failed, N skipped`:
readers."""

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
import threading
import time

FEWEST = 80  # the d077 among them
STATES = 50
WORDS = 8  # of a document but noise, which has one
NOISE = 4  # commits of it a state
BATCH = 60


def size_of(state):
    """How many documents a state has."""
    return FEWEST + state


class Writer(threading.Thread):
    """Commits states until it is stopped, one behind the other, for ever."""

    def __init__(self, kwic, folder, where):
        super().__init__()
        self.kwic, self.folder, self.where = kwic, folder, where
        self.commits = 0
        self.stopped = False
        self.problem = None

    def write(self, state):
        """Commits a state, and then some more commits that no answer shows: they make readers that
        began before it meet what is no longer there."""
        lines = [json.dumps({"id": f"d{number:03}", "title": f"State {state}", "number": state,
                             "text": f"Common words of state{state}, {number % 7} rare{number % 50}"})
                 for number in range(size_of(state))]
        self.commit("docs.jsonl", "\n".join(lines))
        for number in range(NOISE):
            self.commit("noise.txt", f"noise{number}")

    def commit(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as out:
            out.write(text + "\n")
        run = subprocess.run([self.kwic, "index", "-q", "--no-sync", "-i", self.where, name],
                             cwd=self.folder, capture_output=True, check=False)
        if run.returncode or run.stderr:
            self.problem = f"the writer: status {run.returncode}, {run.stderr!r}"
        self.commits += 1

    def run(self):
        for state in itertools.cycle(range(STATES)):
            if self.stopped or self.problem:
                break
            self.write(state)


# ---- What an answer says ----------------------------------------------------------------------


def problem_of_search(answer):
    """What is wrong with the JSON object of a query for common words; the state is in all of it."""
    states = {result["title"] for result in answer["results"]}
    states |= {f"State {value['value']}" for value in answer["facets"]["number"]["values"]}
    if len(states) != 1:
        return f"states {sorted(states)}"
    state = int(states.pop().split()[1])
    if answer["matches"] != size_of(state):
        return f"{answer['matches']} matches in state {state}"
    for result in answer["results"]:
        if f"state{state}," not in result["text"]:
            return f"the text {result['text']!r} in state {state}"
    return None


def check_search(out):
    answers = [json.loads(line) for line in out.splitlines()]
    if not answers:
        return "no answer"
    return next(filter(None, map(problem_of_search, answers)), None)


def check_show(out):
    document = json.loads(out)
    state = document["title"].split()[1]
    wrong = f"state{state}," not in document["text"]
    return f"the text {document['text']!r} in state {state}" if wrong else None


def check_terms(out):
    """One term of one state, in all of its documents."""
    rows = [json.loads(line) for line in out.splitlines()]
    found = [(row["term"], row["documents"]) for row in rows if row["term"] != "state"]
    if len(found) != 1:
        return f"terms {found}"
    state = int(found[0][0].removeprefix("state"))
    return None if found[0][1] == size_of(state) else f"{found[0]}"


def check_stats(out):
    stats = json.loads(out)
    documents, words = stats["documents"], stats["words"]
    return None if words == WORDS * (documents - 1) + 1 else f"{documents} documents of {words} words"


def readers(where, named):
    """The commands, what their answers must be, and what is given to them."""
    queries = b"".join(b"%d\tcommon words rare%d\n" % (n, n % 50) for n in range(BATCH))
    search = ["search", *named, "--format", "json", "-q", "-n", "30", "--facet", "number"]
    return {
        "search": ([*search, "common", "rare7"], b"", check_search),
        "search with pattern and phrase":
            ([*search, "rare1* OR common OR \"words of\" OR comon~1"], b"", check_search),
        "search for many queries": ([*search, "--batch", "-"], queries, check_search),
        "show": (["show", *named, "--format", "json", "--id", "d077"], b"", check_show),
        "terms": (["terms", *named, "--format", "jsonl", "state"], b"", check_terms),
        "stats": (["stats", *named, "--format", "json"], b"", check_stats),
        "why": (["why", *named, "--id", "d077", "common", "rare27", "\"words state\""], b"", None),
        "similar": (["similar", *named, "-q", "--id", "d077"], b"", None),
        "check": (["check", *named, "-q"], b"", None),
    }


# ---- Running ----------------------------------------------------------------------------------


class Reader(threading.Thread):
    """Runs one command over and over until a moment."""

    def __init__(self, command, folder, until):
        super().__init__()
        (self.arguments, self.given, self.check), self.folder = command, folder
        self.until = until
        self.runs = 0
        self.problem = None

    def run(self):
        while time.monotonic() < self.until and not self.problem:
            run = subprocess.run(self.arguments, cwd=self.folder, input=self.given,
                                 capture_output=True, check=False)
            self.runs += 1
            if run.returncode or run.stderr:
                self.problem = f"status {run.returncode}, {run.stderr!r}"
            elif self.check:
                try:
                    self.problem = self.check(run.stdout)
                except (KeyError, ValueError) as error:
                    self.problem = f"{error!r} in {run.stdout!r}"


def main():
    parser = argparse.ArgumentParser(description="Race readers of a Xapian database with its writer.")
    parser.add_argument("--seconds", type=float, default=1.5, help="a reader (%(default)s)")
    options = parser.parse_args()
    kwic = os.path.abspath(os.environ.get("KWIC", "kwic"))
    module = os.path.join(os.environ.get("KWIC_HELPERS", os.path.dirname(kwic)), "kwic-xapian.so")
    where = "xapian:database"
    commands = readers(where, ["-i", where])
    if not os.access(kwic, os.X_OK) or not os.access(module, os.R_OK):
        print("SKIP no program, or no module for Xapian databases")
        print(f"0 passed, 0 failed, {len(commands)} skipped")
        return 77
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        writer = Writer(kwic, folder, where)
        writer.write(0)
        writer.start()
        for name, (arguments, given, check) in commands.items():
            before = writer.commits
            reader = Reader(([kwic, *arguments], given, check), folder,
                            time.monotonic() + options.seconds)
            reader.start()
            reader.join()
            commits = writer.commits - before
            if writer.problem or reader.problem or not commits:
                failed += 1
                print(f"FAIL {name}: {reader.problem or writer.problem or 'nothing was committed'}")
            else:
                print(f"PASS {name}: {reader.runs} runs, {commits} commits")
        writer.stopped = True
        writer.join()
    print(f"{len(commands) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
