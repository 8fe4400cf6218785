"""What the tests of the prose share: where things are, and how a rule is reported."""

import os
import re
import sys

SOURCE = os.path.abspath(os.environ.get("KWIC_SOURCE")
                         or os.path.join(os.path.dirname(__file__), "..", ".."))
KWIC = os.path.abspath(os.environ.get("KWIC") or os.path.join(SOURCE, "kwic"))

_passed = 0
_failed = 0


def rule(name, problems):
    """Reports one rule: passed if `problems` is empty."""
    global _passed, _failed
    if problems:
        _failed += 1
        print(f"FAIL {name}")
        for problem in problems:
            print("     " + str(problem).replace("\n", "\n     "))
    else:
        _passed += 1
        print(f"ok   {name}")


def finish():
    """Prints the closing line and ends the program."""
    print(f"{_passed} passed, {_failed} failed, 0 skipped")
    sys.exit(1 if _failed else 0)


def read(path):
    with open(os.path.join(SOURCE, path), encoding="utf-8") as file:
        return file.read()


def documents(*suffixes):
    """The pages of doc/ and the top that end so, sorted."""
    found = [name for name in os.listdir(SOURCE)] \
        + [os.path.join("doc", name) for name in os.listdir(os.path.join(SOURCE, "doc"))]
    return sorted(name for name in found
                  if name.endswith(suffixes) and os.path.isfile(os.path.join(SOURCE, name)))


def plain(roff):
    """A roff text without its escapes."""
    roff = re.sub(r"\\f\[?[A-Z]\]?|\\&|\\%", "", roff)
    for escape, text in ((r"\(dq", '"'), (r"\(aq", "'"), (r"\(ha", "^"), (r"\(ti", "~"),
                         (r"\(ga", "`"), (r"\(bs", "\\"), (r"\-", "-"), (r"\e", "\\")):
        roff = roff.replace(escape, text)
    return roff


def sections(page):
    """The sections of an mdoc page: (heading, lines) by .Sh and .Ss, in order."""
    found = [("", [])]
    for line in read(page).splitlines():
        if line.startswith(('.\\"', "'\\\"")):
            continue
        match = re.match(r"\.S[hs] (.*)", line)
        if match:
            found.append((plain(match.group(1)).strip('"'), []))
        else:
            found[-1][1].append(line)
    return found
