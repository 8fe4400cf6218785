"""PISA behind the protocol of tools/bench/run (see tools/bench/kwic_serve.c), by the module inside
PyPI's pyterrier-pisa: BM25 that is not quantised, with the parameters of the others. It has neither
positions nor counts, so it answers TOP_k of unions and intersections alone. Its times hold what
the module does on the way, a Python string for each document found: these are short, numbers."""

import ctypes
import glob
import importlib.util
import os
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from search import corpus

ENCODING = "block_simdbp"
# The fastest of those that the module has, by the words of a query: (up to so many, algorithm).
ANY = ((1, "ranked_or"), (8, "block_max_maxscore"), (1000, "maxscore"))
ALL = "ranked_and"


def module():
    """The compiled module alone: the package around it needs a Java and much more."""
    ctypes.CDLL(os.path.join(sys.prefix, "lib", "libtbb.so.2"), mode=ctypes.RTLD_GLOBAL)
    found = glob.glob(os.path.join(sys.prefix, "lib", "python3*", "site-packages", "pyterrier_pisa",
                                   "_pisathon.*.so"))[0]
    return importlib.util.module_from_spec(
        importlib.util.spec_from_file_location("_pisathon", found))


def prepare(pisa, index):
    context = pisa.RetrievalContext()
    pisa.prepare_index(context, index, ENCODING, "bm25", "", bm25_k1=1.2, bm25_b=0.75)
    return context


def build(text, index):
    pisa = module()
    os.makedirs(index)
    with tempfile.NamedTemporaryFile("w", dir=index) as plain, \
            open(os.path.join(index, "ids"), "w", encoding="ascii") as ids:
        for number, (name, words) in enumerate(corpus.documents(text)):
            plain.write(f"{number} {words}\n")
            ids.write(f"{name}\n")
        plain.flush()
        pisa.index(plain.name, index, "", 100000, 1)
    prepare(pisa, index)


class Found:
    """Room for what the module finds. It hands out a reference to each name."""

    def __init__(self, size):
        self.queries = (ctypes.c_int32 * size)()
        self.names = (ctypes.c_void_p * size)()
        self.ranks = (ctypes.c_int32 * size)()
        self.scores = (ctypes.c_float * size)()

    def take(self, count):
        numbers = [int(ctypes.cast(self.names[i], ctypes.py_object).value) for i in range(count)]
        for i in range(count):
            ctypes.pythonapi.Py_DecRef(ctypes.c_void_p(self.names[i]))
        return numbers


def algorithm(query):
    if query.startswith("+"):
        return ALL
    return next(name for most, name in ANY if query.count(" ") < most)


def serve(index):
    pisa = module()
    context = prepare(pisa, index)
    found = Found(1000)
    with open(os.path.join(index, "ids"), encoding="ascii") as file:
        ids = file.read().split()
    for line in sys.stdin:
        start = time.perf_counter_ns()
        command, query = line.rstrip("\n").split("\t")
        k = int(command[4:])
        count = pisa.retrieve(context, algorithm(query), [(0, query.replace("+", ""))], k, 1, 0, 0,
                              found.queries, found.names, found.ranks, found.scores)
        taken = time.perf_counter_ns() - start
        numbers = found.take(count)
        answer = " ".join(ids[number] for number in numbers) if command[0] == "I" else count
        sys.stdout.write(f"{answer}\t{taken}\n")
        sys.stdout.flush()


def main():
    if sys.argv[1] == "build":
        build(sys.argv[2], sys.argv[3])
    else:
        serve(sys.argv[2])


if __name__ == "__main__":
    main()
