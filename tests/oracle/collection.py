"""Random small collections, and the program under test: `kwic` builds them in several runs, with
records replaced and deleted in between, and tells the tokens of texts."""

import itertools
import json
import os
import subprocess

from evaluate import Document

WORDS = ("guard guards guarding guarded border borders bordering sleep sleeps slept sleeping apple "
         "apples the of and a river rivers night nights nightly multi-agent don't don’t C++ 20.04 "
         "Iraq IRAQ U.S.A. USA résumé resume resumes naïve naive straße STRASSE 東京都 東京 京都 京 "
         "ก็ดี ที่นี่ καλός ΚΑΛΟΣ x_1 AND OR not").split()
RARE = "zebra quartz heroin smuggling caravan opium".split()
PARAGRAPHS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "analysis", "languages")
IDS = ["a", "b", "B", "a b", "a/b.txt", "é", "Z9", "z10", "z9", "-x", "_", "日本", "ab", "a.b", "0", "00"]


class Failure(Exception):
    """The program did what it should not."""


class Kwic:
    """Runs the program; remembers tokens of texts by language."""

    def __init__(self, program):
        self.program = program
        self.tokens = {}

    def run(self, arguments, stdin=b"", cwd=None, statuses=(0,)):
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        environment.pop("KWIC_INDEX", None)
        done = subprocess.run([self.program] + arguments, input=stdin, capture_output=True, cwd=cwd,
                              env=environment, timeout=300, check=False)
        if done.returncode not in statuses:
            raise Failure(f"kwic {' '.join(arguments)}: status {done.returncode}\n"
                          + done.stderr.decode("utf-8", "replace"))
        return done.stdout

    def analyze(self, text, language):
        """Tokens (position, start, end, term, stem, passage) of a text; stems name their language.
        """
        key = (language, text)
        if key not in self.tokens:
            out = self.run(["analyze", "--lang", language, "--format", "jsonl"], text.encode())
            self.tokens[key] = [token_of(line) for line in out.splitlines()]
        return self.tokens[key]

    def analyze_pieces(self, texts, language):
        """Analyses many short texts at once, each as a paragraph of its own."""
        wanted = sorted({text for text in texts if (language, text) not in self.tokens})
        alone = [text for text in wanted if "\n" in text or "\u2029" in text or len(text) > 200]
        for text in alone:
            self.analyze(text, language)
        together = [text for text in wanted if text not in alone]
        tokens = self.analyze("\n\n".join(together), language)
        place = first = 0
        for text in together:
            end = place + len(text.encode())
            count = first
            while count < len(tokens) and tokens[count][2] <= end:
                count += 1
            mine = tokens[first:count]
            self.tokens[language, text] = [
                (token[0] - mine[0][0], token[1] - place, token[2] - place, *token[3:5], 0)
                for token in mine]
            first = count
            place = end + 2


def token_of(line):
    token = json.loads(line)
    stem = f"{token['language']}/{token['stem'] or token['term']}"
    return (token["position"], token["start"], token["end"], token["term"], stem, token["passage"])


def paragraphs():
    """A paragraph in each of some languages, by name of its file."""
    found = {}
    for name in sorted(os.listdir(PARAGRAPHS)):
        with open(os.path.join(PARAGRAPHS, name), encoding="utf-8") as file:
            found[name] = file.read()
    return found


# ---- Making them up ---------------------------------------------------------------------------


def random_text(rng, words, count):
    """Sentences and paragraphs of about `count` words."""
    text = []
    for _ in range(count):
        text.append(rng.choice(words))
        mark = rng.random()
        text.append(". " if mark < 0.08 else "\n\n" if mark < 0.1 else ", " if mark < 0.16 else
                    "\n" if mark < 0.2 else " ")
    return "".join(text).rstrip(" ") if rng.random() < 0.8 else "".join(text)


def random_length(rng):
    kind = rng.random()
    if kind < 0.06:
        return 0
    if kind < 0.7:
        return rng.randint(1, 25)
    return rng.randint(60, 260) if kind < 0.9 else rng.randint(300, 1500)


def random_record(rng, words, name, texts):
    record = {"id": name, "text": random_text(rng, words, random_length(rng))}
    if texts and rng.random() < 0.7:
        record["text"] = rng.choice(texts) + record["text"]
    if rng.random() < 0.03:
        record["text"] = rng.choice(["...", " ", "\n\n\n", "-" * 2500 + " guard " + "-" * 50])
    if rng.random() < 0.6:
        record["title"] = random_text(rng, words, rng.randint(0, 4))
    if rng.random() < 0.4:
        record["author"] = random_text(rng, words, rng.randint(1, 3))
    return record


def random_steps(rng, names, own_languages):
    """What is done to one index: ("index", file, records, replace) and ("delete", ids). Where
    documents have their own languages, there is one that stays in each of these."""
    words = rng.sample(WORDS, rng.randint(4, len(WORDS))) + rng.sample(RARE, 2)
    files = [f"f{number}.jsonl" for number in range(rng.randint(1, 3))]
    texts = paragraphs() if own_languages else {}
    words += [word for text in texts.values() for word in rng.sample(text.split(), 2)
              if len(text.split()) > 1]
    steps = []
    if texts:
        records = [{"id": f"{name} beside {names[0]}", "text": text} for name, text in texts.items()]
        steps.append(("index", "languages.jsonl", records, False))
    known = []
    for _ in range(rng.randint(1, 5)):
        if known and rng.random() < 0.3:
            steps.append(("delete", rng.sample(known, rng.randint(1, min(3, len(known))))))
            continue
        chosen = rng.sample(names, rng.randint(1, len(names)))
        records = [random_record(rng, words, name, list(texts.values())) for name in chosen]
        if len(records) > 2 and rng.random() < 0.5:
            twin = {**records[0], "id": records[1]["id"]}  # ties in everything but the id
            records[1] = twin
        known = sorted(set(known) | set(chosen))
        steps.append(("index", rng.choice(files), records, rng.random() < 0.5))
    return steps


def random_collection(rng):
    """{"language": name, "indexes": [steps]}: one index, or two that are searched as one."""
    names = rng.sample(IDS, rng.randint(3, len(IDS)))
    language = rng.choice(["english", "english", "english", "none", "german", "auto"])
    if rng.random() < 0.2:
        half = len(names) // 2
        parts = [names[:half], names[half:]]
    else:
        parts = [names]
    return {"language": language, "indexes": [random_steps(rng, part, language == "auto") for part in parts]}


# ---- Building them ----------------------------------------------------------------------------


class Built:
    """A collection as the program built it in `folder`, and as it should be."""

    def __init__(self, kwic, collection, folder):
        self.kwic = kwic
        self.folder = folder
        self.language = collection["language"]
        self.languages = set() if self.language in ("none", "auto") else {self.language}
        self.indexes = []
        self.lines = {}  # id -> (file, line)
        self.documents = []
        self.fields = {"title"}
        for number, steps in enumerate(collection["indexes"]):
            self.build(f"i{number}", steps)

    def build(self, name, steps):
        live = {}  # id -> (file, line, record)
        place = os.path.join(self.folder, name)
        os.mkdir(place)
        self.indexes += ["-i", os.path.join(place, ".kwic")]
        index = ["-i", os.path.join(place, ".kwic")]
        made = False
        for step in steps:
            if step[0] == "index":
                self.index(place, index, live, step)
                made = True
            elif made:
                ids = [one for one in step[1] if one in live]
                self.kwic.run(["delete", *index, "--id", "--", *step[1]], cwd=place,
                              statuses=(0,) if len(ids) == len(step[1]) else (1,))
                for one in ids:
                    del live[one]
        if not made:
            self.indexes = self.indexes[:-2]
            return
        self.anchor_fields(place, index, live, steps)
        self.kwic.run(["check", *index])
        languages = self.languages_of(index, list(live)) if self.language == "auto" else {}
        self.languages |= set(languages.values())
        for one, (file, line, record) in live.items():
            self.lines[one] = (name, file, line)
            self.documents.append(self.document(record, languages.get(one, self.language)))
            self.fields |= {"author"} & set(record)

    def anchor_fields(self, place, index, live, steps):
        """Whether a field lives on that no live document has is left open: one has it."""
        was_there = any("author" in record for step in steps if step[0] == "index"
                        for record in step[2])
        if was_there and not any("author" in record for _, _, record in live.values()):
            anchor = {"id": f"anchor of {os.path.basename(place)}", "text": "", "author": "river"}
            self.index(place, index, live, ("index", "anchor.jsonl", [anchor], True))

    def index(self, place, index, live, step):
        _, file, records, replace = step
        with open(os.path.join(place, file), "w", encoding="utf-8") as out:
            out.writelines(json.dumps(record) + "\n" for record in records)
        options = ["--lang", self.language, "--no-sync", "-q"] + ["--replace"] * replace
        for one in [one for one in live if live[one][0] == file]:
            del live[one]
        skipped = False
        for line, record in enumerate(records, 1):
            if record["id"] in live and not replace:
                skipped = True
                continue
            live[record["id"]] = (file, line, record)
        self.kwic.run(["index", *index, *options, file], cwd=place,
                      statuses=(1,) if skipped else (0,))

    def languages_of(self, index, ids):
        """The languages that the program took the documents for."""
        out = self.kwic.run(["show", *index, "--id", "--format", "json", "--", *ids]) if ids else b""
        return {one: json.loads(line)["language"] for one, line in zip(ids, out.splitlines())}

    def document(self, record, language):
        fields = {key: self.kwic.analyze(record[key], language)
                  for key in ("title", "author") if key in record}
        return Document(record, self.kwic.analyze(record["text"], language), fields)

    def tokens_of(self, text):
        """The tokens of a piece of a query: (position, start, end, term, its stem in each language
        that is looked for)."""
        stems = [[token[4] for token in self.kwic.analyze(text, language)]
                 for language in sorted(self.languages)]
        return [(*token[:4], each) for token, each in
                zip(self.kwic.analyze(text, "none"), zip(*stems) if stems else itertools.repeat(()))]

    def analyze_pieces(self, texts):
        for language in self.languages | {"none"}:
            self.kwic.analyze_pieces(texts, language)

    def search(self, queries, options):
        """Runs a batch; {number: [result]} of its JSON lines."""
        batch = b"".join(b"%d\t%s\n" % (number, query) for number, query in enumerate(queries))
        out = self.kwic.run(["search", *self.indexes, *options, "--batch", "-", "--format", "jsonl",
                             "--precise", "-q"], batch, cwd=self.folder, statuses=(0, 1))
        results = {number: [] for number in range(len(queries))}
        for line in out.splitlines():
            result = json.loads(line)
            results[int(result["query"])].append(result)
        return results

    def counts(self, queries, options):
        batch = b"".join(b"%d\t%s\n" % (number, query) for number, query in enumerate(queries))
        out = self.kwic.run(["search", *self.indexes, *options, "--batch", "-", "-c", "-q"], batch,
                            cwd=self.folder, statuses=(0, 1))
        return {int(line.split(b"\t")[0]): int(line.split(b"\t")[1]) for line in out.splitlines()}
