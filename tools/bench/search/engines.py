"""The engines: how each is set up, builds its index, is asked, and how large its index is.

An adapter is a short program of ours in the folder of the engine's name. It has two verbs,

    ADAPTER build CORPUS INDEX THREADS
    ADAPTER serve INDEX

and answers as tools/bench/kwic_serve.c tells. Everything that is fetched or made lies in the work
folder; package clients find their registries by themselves."""

import json
import os
import subprocess

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ALL = ("union", "intersection", "phrase", "long", "mixed", "negated", "term", "frequent")


def shell(*command, **options):
    """Runs a step of a set-up; what it prints counts only if it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False, **options)
    if done.returncode:
        raise SystemExit(f"run: '{' '.join(command)}' failed:\n{done.stdout[-4000:]}")
    return done.stdout


def bytes_below(folder, endings=("",)):
    return sum(os.path.getsize(os.path.join(where, name))
               for where, _, names in os.walk(folder) for name in names if name.endswith(endings))


class Engine:
    """What engines share. `classes` are those of queries that it can answer; `counts` tells
    whether it can count, `builds` whether its build compares with that of others."""
    classes = ALL
    counts = True
    builds = True
    compiles = False  # while it runs, so that it has to be warmed up
    serves = True

    def __init__(self, name, work):
        self.name = name
        self.home = os.path.join(work, "setup", name)

    def source(self, *path):
        return os.path.join(HERE, *path)

    def is_newer(self, made, *sources):
        """Whether what was made is there and no older than its sources."""
        return os.path.exists(made) and all(os.path.getmtime(made) >= os.path.getmtime(source)
                                            for source in sources)

    def set_up(self):
        """Fetches and compiles what is missing; returns the engine's version."""
        raise NotImplementedError

    def build(self, corpus, index, threads):
        """(command, environment) that builds the index."""
        return [*self.adapter(), "build", corpus, index, str(threads)], {}

    def serve(self, index):
        return [*self.adapter(), "serve", index], {}

    def adapter(self):
        raise NotImplementedError

    def sizes(self, index):
        """(bytes in all, bytes of stored text or None if that cannot be told)"""
        raise NotImplementedError


class Kwic(Engine):
    """kwic itself, from a folder that it was built in."""

    def __init__(self, name, work, build):
        super().__init__(name, work)
        self.kwic = os.path.join(build, "kwic")
        self.server = os.path.join(build, "tools", "bench", "kwic_serve")

    def set_up(self):
        if not os.path.exists(self.server):
            raise SystemExit(f"run: there is no '{self.server}': make tools/bench/kwic_serve"
                             " in kwic's build folder, and name that with --kwic")
        return shell(self.kwic, "--version").split()[1]

    def build(self, corpus, index, threads):
        return [self.kwic, "index", "-q", "--lang", "none", "-i", index, corpus], {}

    def serve(self, index):
        return [self.server, index], {}

    def sizes(self, index):
        stats = json.loads(shell(self.kwic, "stats", "--format", "json", "-i", index))
        stored = sum(stats["sections"].get(name, 0) for name in ("text", "textindex"))
        return stats["index_bytes"], stored


PEERS = {}
