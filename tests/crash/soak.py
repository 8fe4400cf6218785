#!/usr/bin/env python3
"""A writer that adds, replaces, deletes and merges, and is killed now and then; readers beside it.

    soak.py [--seconds S] [--kills N] [--readers N] [--seed N]

The writer's runs are those of a person: files are written, changed and removed, and `kwic index
--prune`, `kwic delete` or `kwic optimize` follows. So many of the runs are killed (SIGKILL) at a
moment at random; then the index must hold what it did before the run or what it should after, the
next run must do all, and the folder hold no file too many. Readers run `kwic search` all the time:
none may fail, and each answer must be that of a model, as it was at some moment of the search. Now
and then an index is made afresh of the same files: results and scores must be the same, to the last
digit. It ends after S seconds or N kills, whichever is later.

The environment's KWIC is the program, else ./kwic. The last line is `N passed, N failed, N skipped`.
"""

import argparse
import os
import random
import shutil
import subprocess
import tempfile
import threading
import time

WORDS = ["apple", "pear", "plum", "cherry", "quince", "medlar", "sloe", "fig", "date", "lime"]
FILES = 60  # at most
QUERIES = ["apple pear", '"plum cherry"', "+fig -lime", "quince sloe date", "med*"]
FILES_OF_INDEX = 3 + 2 * 64  # kwic-format(5): manifest, lock, sources, and two a segment
PROBLEMS = 5


class Soak:
    """The folder of files, the index, and the model of it after each run."""

    def __init__(self, arguments):
        self.kwic = os.path.abspath(os.environ.get("KWIC", "./kwic"))
        self.random = random.Random(arguments.seed)
        self.folder = tempfile.mkdtemp(prefix="kwic-soak-")
        self.files = {}
        self.states = [{}]  # after each run: the words of each document
        self.done = 0  # the last run that is known to have been done
        self.begun = 0
        self.stopped = False
        self.problems = []
        self.counts = {"runs": 0, "kills": 0, "lost": 0, "searches": 0, "afresh": 0}
        self.lock = threading.Lock()
        self.longest = 0.05  # s a run took

    def problem(self, text):
        with self.lock:
            self.problems.append(text)

    def run(self, *arguments, index=".kwic"):
        return subprocess.run([self.kwic, arguments[0], "-i", index, *arguments[1:]],
                              cwd=self.folder, capture_output=True, text=True, check=False)

    # ---- Writing

    def text(self):
        return " ".join(self.random.choices(WORDS, k=self.random.randint(1, 40)))

    def change(self):
        """Changes some files, or asks for a document's end; the command that takes it in, and what
        the index holds then. The first makes the index."""
        kind = self.random.random() if self.begun else 1
        after = dict(self.files)
        if kind < 0.12 and after:
            name = self.random.choice(sorted(after))
            del after[name]
            os.remove(os.path.join(self.folder, name))
            return ["delete", name], after
        if kind < 0.2:
            return ["optimize", "--effort", str(self.random.randint(0, 2))], after
        for _ in range(self.random.randint(1, 4)):
            name = f"text/{self.random.randrange(FILES):03}.txt"
            if name in after and self.random.random() < 0.3:
                del after[name]
                os.remove(os.path.join(self.folder, name))
            else:
                after[name] = self.text()
                with open(os.path.join(self.folder, name), "w", encoding="utf-8") as out:
                    out.write(after[name] + "\n")
        return ["index", "--prune", "text"], after

    def write(self, kill):
        """A run of the writer, killed if `kill`."""
        command, after = self.change()
        self.files = after
        self.states.append(after)
        self.begun += 1
        if kill:
            self.kill(command)
        else:
            began = time.monotonic()
            run = self.run(*command, "-q")
            self.longest = max(self.longest, time.monotonic() - began)
            if run.returncode or run.stderr:
                self.problem(f"{command}: status {run.returncode}, {run.stderr!r}")
        self.done = self.begun
        self.counts["runs"] += 1
        files = len(os.listdir(os.path.join(self.folder, ".kwic")))
        if files > FILES_OF_INDEX:
            self.problem(f"{files} files of an index")

    def kill(self, command):
        """Starts the run, kills it, looks at what is there, and runs it again."""
        with subprocess.Popen([self.kwic, command[0], "-i", ".kwic", "-q", *command[1:]],
                              cwd=self.folder, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as process:
            time.sleep(self.random.random() * self.longest * 1.2)
            process.kill()
        self.counts["kills"] += 1
        now = self.documents()
        if now != sorted(self.states[-1]) and now != sorted(self.states[-2]):
            self.problem(f"after a kill of {command}: neither what was nor what should be")
        if process.returncode == 0 and now != sorted(self.states[-1]):
            self.counts["lost"] += 1
            self.problem(f"{command} was done, and is lost")
        run = self.run(*command, "-q")
        if run.returncode and not (command[0] == "delete" and run.returncode == 1):
            self.problem(f"{command} after a kill: status {run.returncode}, {run.stderr!r}")

    def documents(self):
        run = self.run("search", "-l", "--sort", "id", "-n", "100000", "--", "-nowhere")
        if run.returncode > 1:
            self.problem(f"after a kill: {run.stderr!r}")
        return run.stdout.split()

    def compare_afresh(self):
        """Holds the index to one that is made of the same files at once."""
        self.run("index", "-q", "--no-sync", "text", index="afresh")
        for query in QUERIES:
            answers = [self.run("search", "-n", "100000", "--format", "tsv", "--precise", query,
                                index=index) for index in (".kwic", "afresh")]
            if answers[0].stdout != answers[1].stdout or answers[0].returncode > 1:
                self.problem(f"{query}: not as in an index made afresh")
        check = self.run("check")
        if check.returncode:
            self.problem(f"check: {check.stdout!r} {check.stderr!r}")
        shutil.rmtree(os.path.join(self.folder, "afresh"))
        self.counts["afresh"] += 1

    # ---- Reading

    def read(self, seed):
        """Searches until it is over; each answer must be that of a state there was meanwhile."""
        choose = random.Random(seed)
        while not self.stopped:
            word = choose.choice(WORDS)
            first = self.done
            run = self.run("search", "-l", "--sort", "id", "-n", "100000", word)
            last = self.begun
            if run.returncode > 1 or (run.returncode and run.stdout):
                self.problem(f"a reader: status {run.returncode}, {run.stderr!r}")
            found = run.stdout.split()
            known = any(found == sorted(name for name, text in state.items()
                                        if word in text.split())
                        for state in self.states[first:last + 1])
            if not known:
                self.problem(f"a reader of '{word}' between runs {first} and {last}: {found}")
            with self.lock:
                self.counts["searches"] += 1

    def go(self, seconds, kills, readers):
        os.mkdir(os.path.join(self.folder, "text"))
        self.write(False)
        threads = [threading.Thread(target=self.read, args=(number,)) for number in range(readers)]
        for thread in threads:
            thread.start()
        end = time.monotonic() + seconds
        while (time.monotonic() < end or self.counts["kills"] < kills) and \
                len(self.problems) < PROBLEMS:
            self.write(kills > 0 and self.random.random() < 0.7)
            if self.counts["runs"] % 25 == 0:
                self.compare_afresh()
        self.stopped = True
        for thread in threads:
            thread.join()
        self.compare_afresh()
        shutil.rmtree(self.folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=0)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--readers", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    soak = Soak(arguments)
    soak.go(arguments.seconds, arguments.kills, arguments.readers)
    for problem in soak.problems[:PROBLEMS]:
        print(f"FAIL {problem}")
    print("{runs} runs, {kills} killed, {lost} lost; {searches} searches; "
          "{afresh} comparisons with an index made afresh".format(**soak.counts))
    print(f"{int(not soak.problems)} passed, {int(bool(soak.problems))} failed, 0 skipped")
    return bool(soak.problems)


if __name__ == "__main__":
    raise SystemExit(main())
