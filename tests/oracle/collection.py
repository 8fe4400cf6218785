"""Random small collections, and the program under test: `kwic` builds them in several runs, with
records replaced and deleted in between, and tells the tokens of texts."""

import itertools
import json
import os
import re
import subprocess
from functools import lru_cache

from evaluate import OWN_KEYS, Collection, Document
from files import KINDS, PATHS, fields_of, random_files, title_of, write_file
from querylang import Settings
from querywords import folded, turkish_form, written_form
from values import CODES, DATE, KEYWORD, NUMBER, TEXT, scalars, settled_type, values_of
from vocabulary import random_length, random_schema, random_text, random_value, random_words

PARAGRAPHS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "analysis", "languages")
OTHER_NOTE = re.compile(r"(are searched(, and [0-9]+ more such patterns)?|holds no words"
                        r"|is in that language)$")
STOP_WORDS = os.path.join(os.path.dirname(PARAGRAPHS), "..", "..", "stemmers", "stop_word_table.c")
IDS = ["a", "b", "B", "a b", "a/b.txt", "é", "Z9", "z10", "z9", "-x", "_", "日本", "ab", "a.b", "0", "00"]


REFUSED = re.compile(r"query '([0-9]+)' is skipped\n.* asks for too much work")


class Failure(Exception):
    """The program did what it should not."""


class Refused(Exception):
    """Query number `args[0]` of a batch takes more steps than a query may."""


class Kwic:
    """Runs the program; remembers tokens of texts by language. `accents` is what to keep of them:
    [] or ["--keep-accents"]. `engines` has what the names of indexes begin with, in turn."""

    def __init__(self, program, engines=("",)):
        self.program = program
        self.engines = engines
        self.accents = []
        self.timeout = 300  # seconds of a run
        self.tokens = {}  # (language, *accents, text) -> tokens

    def run(self, arguments, stdin=b"", cwd=None, statuses=(0,)):
        return self.run_with_notes(arguments, stdin, cwd, statuses)[0]

    def run_with_notes(self, arguments, stdin=b"", cwd=None, statuses=(0,)):
        done = self.start(arguments, stdin, cwd)
        if done.returncode not in statuses:
            errors = done.stderr.decode("utf-8", "replace")
            refused = REFUSED.search(errors)
            if refused:
                raise Refused(int(refused[1]))
            raise Failure(f"kwic {arguments}: status {done.returncode}\n{errors}")
        return done.stdout, done.stderr

    def status(self, arguments, cwd):
        """What it exits with; that is 0, 1 or 2."""
        done = self.start(arguments, b"", cwd)
        if done.returncode not in (0, 1, 2):
            raise Failure(f"kwic {arguments}: status {done.returncode}")
        return done.returncode

    def start(self, arguments, stdin, cwd):
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        environment.pop("KWIC_INDEX", None)
        return subprocess.run([self.program] + arguments, input=stdin, capture_output=True, cwd=cwd,
                              env=environment, timeout=self.timeout, check=False)

    def analyze(self, text, language, accents=None):
        """Tokens (position, start, end, term, stem, passage) of a text; stems name their language.
        """
        accents = self.accents if accents is None else accents
        key = (language, *accents, text)
        if key not in self.tokens:
            out = self.run(["analyze", "--lang", language, *accents, "--format", "jsonl"],
                           text.encode())
            self.tokens[key] = [token_of(line) for line in out.splitlines()]
        return self.tokens[key]

    def analyze_pieces(self, texts, language, accents=None):
        """Analyses many short texts at once, each as a paragraph of its own."""
        accents = self.accents if accents is None else accents
        wanted = sorted({text for text in texts if (language, *accents, text) not in self.tokens})
        alone = [text for text in wanted if "\n" in text or "\u2029" in text or len(text) > 200]
        for text in alone:
            self.analyze(text, language, accents)
        together = [text for text in wanted if text not in alone]
        tokens = self.analyze("\n\n".join(together), language, accents)
        place = first = 0
        for text in together:
            end = place + len(text.encode())
            count = first
            while count < len(tokens) and tokens[count][2] <= end:
                count += 1
            mine = tokens[first:count]
            self.tokens[(language, *accents, text)] = [
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


@lru_cache(maxsize=None)
def stop_words():
    """{name of a language: its stop words in their written form}, as the program has them."""
    with open(STOP_WORDS, encoding="utf-8") as file:
        tables = file.read().split("\n};\n")
    names = re.findall(r'\{"([a-z]+)", "[a-z]+", [^}]+\}', tables[0])
    marks = [(int(language), stops == "1") for language, stops in
             re.findall(r"\{([0-9]+), [0-9]+, ([01])\}", tables[2])]
    found = {}
    for word, count, first in re.findall(r'\{"([^"]+)", [0-9]+, ([0-9]+), ([0-9]+)\}', tables[1]):
        for language, stops in marks[int(first):int(first) + int(count)]:
            if stops and names.index(names[language]) == language:
                found.setdefault(names[language], set()).add(word)
    return found


# ---- Making them up ---------------------------------------------------------------------------


def random_record(rng, words, schema, name, texts):
    record = {"id": name, "text": random_text(rng, words, random_length(rng))}
    if texts and rng.random() < 0.7:
        record["text"] = rng.choice(texts) + record["text"]
    if rng.random() < 0.03:
        record["text"] = rng.choice(["...", " ", "\n\n\n", "-" * 2500 + " guard " + "-" * 50])
    if rng.random() < 0.6:
        record["title"] = random_text(rng, words, rng.randint(0, 4))
    if rng.random() < 0.4:
        record["author"] = random_text(rng, words, rng.randint(1, 3))
    for field, kind in schema.items():
        if rng.random() < 0.5:
            record[field] = random_value(rng, kind, words)
    return record


def random_asked(rng, schema):
    """The types of fields to ask for."""
    types = [TEXT, KEYWORD, NUMBER, DATE]
    return {field: kind if kind in types and rng.random() < 0.4 else rng.choice(types)
            for field, kind in schema.items() if rng.random() < 0.1}


def random_steps(rng, names, paths, schema, own_languages):
    """What is done to one index: ("index", file, records, replace, types asked for), ("files",
    {path: (text, time of its last change)}, types asked for) and ("delete", ids). Where documents
    have their own languages, there is one that stays in each of these."""
    words = random_words(rng)
    files = [f"f{number}.jsonl" for number in range(rng.randint(1, 3))]
    texts = paragraphs() if own_languages else {}
    words += [word for text in texts.values() for word in rng.sample(text.split(), 2)
              if len(text.split()) > 1]
    steps = []
    if texts:
        records = [{"id": f"{name} beside {names[0]}", "text": text}
                   for name, text in texts.items()]
        steps.append(("index", "languages.jsonl", records, False, {}))
    known = []
    kinds = {**schema, **KINDS}
    has_files = rng.random() < 0.4
    for _ in range(rng.randint(1, 5)):
        if known and rng.random() < 0.3:
            steps.append(("delete", rng.sample(known, rng.randint(1, min(3, len(known))))))
            continue
        if has_files and rng.random() < 0.5:
            steps.append(("files", random_files(rng, words, paths), random_asked(rng, kinds)))
            known = sorted(set(known) | set(steps[-1][1]))
            continue
        chosen = rng.sample(names, rng.randint(1, len(names)))
        records = [random_record(rng, words, schema, name, list(texts.values()))
                   for name in chosen]
        if len(records) > 2 and rng.random() < 0.5:
            twin = {**records[0], "id": records[1]["id"]}  # ties in everything but the id
            records[1] = twin
        known = sorted(set(known) | set(chosen))
        steps.append(("index", rng.choice(files), records, rng.random() < 0.5,
                      random_asked(rng, schema)))
    return steps


def random_collection(rng):
    """{"languages": [name], "accents": options, "indexes": [steps]}: one index, or two that are
    searched as one, with a language each."""
    names = rng.sample(IDS, rng.randint(3, len(IDS)))
    languages = [rng.choice(["english", "english", "english", "none", "german", "auto"])]
    parts = [names]
    if rng.random() < 0.2:
        half = len(names) // 2
        parts = [names[:half], names[half:]]
        others = [language for language in ("english", "german", "auto") if languages != ["none"]]
        languages.append(rng.choice(others or ["none"]))
    accents = ["--keep-accents"] if "auto" not in languages and rng.random() < 0.3 else []
    if accents and languages[0] != "none" and rng.random() < 0.4:
        languages[0] = "turkish"
    schema = random_schema(rng)
    return {"languages": languages, "accents": accents,
            "indexes": [random_steps(rng, part, PATHS[number::len(parts)],
                                     random_schema(rng, schema), languages[number] == "auto")
                        for number, part in enumerate(parts)]}


# ---- Building them ----------------------------------------------------------------------------


class Built:
    """A collection as the program built it in `folder`, and as it should be."""

    def __init__(self, kwic, collection, folder):
        self.kwic = kwic
        self.folder = folder
        self.accents = kwic.accents = collection["accents"]
        self.languages = set()  # that have stems
        self.indexes = []
        self.lines = {}  # id -> (file, line)
        self.documents = []
        self.fields = {"title": {TEXT}}  # name -> types in the indexes
        self.counted = {}
        for number, steps in enumerate(collection["indexes"]):
            self.build(f"i{number}", steps, collection["languages"][number])

    def build(self, name, steps, language):
        live = {}  # id -> (file, line or 0 if it is the document, record, columns)
        types = {}  # name of a field -> [type, whether it was asked for]
        place = os.path.join(self.folder, name)
        os.mkdir(place)
        index = ["-i", self.kwic.engines[len(self.indexes) // 2 % len(self.kwic.engines)]
                 + os.path.join(place, ".kwic")]
        self.indexes += index
        made = False
        for step in steps:
            if step[0] in ("index", "files"):
                add = self.index if step[0] == "index" else self.index_files
                add(place, [*index, "--lang", language], live, types, step)
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
        self.kwic.run(["check", *index])
        languages = self.languages_of(index, list(live)) if language == "auto" else {}
        self.languages |= {language} - {"none", "auto"} | set(languages.values())
        for one, (file, line, record, columns) in live.items():
            self.lines[one] = (name, file, line)
            own = languages.get(one, language)
            if "lang" in types and "lang" not in record and own in CODES:
                columns["lang"] = (types["lang"][0], values_of(CODES[own], types["lang"][0])[1])
            self.documents.append(self.document(record, own, columns))
        for field, (kind, _) in types.items():
            self.fields.setdefault(field, set()).add(kind)

    def index(self, place, index, live, types, step):
        _, file, records, replace, asked = step
        with open(os.path.join(place, file), "w", encoding="utf-8") as out:
            out.writelines(json.dumps(record) + "\n" for record in records)
        options = self.index_options(types, asked) + ["--replace"] * replace
        for one in [one for one in live if live[one][0] == file]:
            del live[one]
        partial = False  # not all of it is taken
        for line, record in enumerate(records, 1):
            if record["id"] in live and not replace:
                partial = True
                continue
            columns, misfits = columns_of(record, types, {"path": file}, index[-1] != "none")
            live[record["id"]] = (file, line, record, columns)
            partial = partial or any(types[field][1] for field in misfits)
        self.kwic.run(["index", *index, *options, file], cwd=place,
                      statuses=(1,) if partial else (0,))

    def index_options(self, types, asked):
        options = ["--no-sync", "-q", *self.accents]
        for field, kind in asked.items():
            if types.setdefault(field, [kind, True])[0] == kind:
                types[field][1] = True
                options += ["--field", f"{field}:{kind}"]
        return options

    def index_files(self, place, index, live, types, step):
        _, files, asked = step
        options = self.index_options(types, asked)
        for path, (text, changed) in files.items():
            write_file(os.path.join(place, path), text, changed)
            given = fields_of(path, text, changed)
            record = {"id": path, "text": text, "label": title_of(text)}
            columns, _ = columns_of({}, types, given, index[-1] != "none")
            live[path] = (path, 0, record, columns)
        self.kwic.run(["index", *index, *options, "--", *files], cwd=place)

    def languages_of(self, index, ids):
        """The languages that the program took the documents for."""
        out = b""
        if ids:
            out = self.kwic.run(["show", *index, "--id", "--format", "json", "--", *ids])
        return {one: json.loads(line)["language"] for one, line in zip(ids, out.splitlines())}

    def document(self, record, language, columns):
        fields = {key: self.kwic.analyze(value, language) for key, value in record.items()
                  if key == "title" or (key in columns and columns[key][0] == TEXT
                                        and isinstance(value, str))}
        return Document(record, self.kwic.analyze(record["text"], language), fields, columns)

    def collection(self, most_expansions):
        """What is counted over all documents."""
        if most_expansions not in self.counted:
            self.counted[most_expansions] = Collection(self.documents, most_expansions)
        return self.counted[most_expansions]

    def settings(self, options, weigh_stops=True):
        """How the program has to read a query; `weigh_stops` says whether stop words count less."""
        languages = {options["lang"]} if "lang" in options else self.languages
        fold = written_form if self.accents else folded
        if self.languages == {"turkish"} and self.accents:
            fold = turkish_form
        return Settings(self.fields, lambda text: self.tokens_of(text, languages), fold,
                        lambda part: any(part.written in stop_words().get(language, ())
                                         for language in languages), weigh_stops, options)

    def tokens_of(self, text, languages):
        """The tokens of a piece of a query: (position, start, end, term, its stem in each language
        that is looked for, the ways in which languages read the term, its written form)."""
        stems = [[token[4] for token in self.kwic.analyze(text, language)]
                 for language in sorted(languages)]
        stems = zip(*stems) if stems else itertools.repeat(())
        read = [self.kwic.analyze(text, language) for language in self.readings()]
        written = self.kwic.analyze(text, self.readings()[0], ["--keep-accents"])
        return [(*ways[0][:4], mine, tuple(dict.fromkeys(way[3] for way in ways)), form[3])
                for mine, form, *ways in zip(stems, written, *read)]

    def readings(self):
        """The languages that may read a word each in its way."""
        return ["none"] * (self.languages != {"turkish"}) + sorted(self.languages)

    def analyze_pieces(self, texts):
        for language in self.languages | {"none"}:
            self.kwic.analyze_pieces(texts, language)
        self.kwic.analyze_pieces(texts, self.readings()[0], ["--keep-accents"])

    def search(self, queries, options):
        """Runs a batch; the JSON object of each query."""
        batch = b"".join(b"%d\t%s\n" % (number, query) for number, query in enumerate(queries))
        out = self.kwic.run(["search", *self.indexes, *options, "--batch", "-", "--format", "json",
                             "--precise", "-q"], batch, cwd=self.folder, statuses=(0, 1))
        return [json.loads(line) for line in out.splitlines()]

    def are_errors(self, queries, options):
        """Whether each query is an error with --strict."""
        arguments = ["search", *self.indexes, *options, "--strict", "-c", "--"]
        return [self.kwic.status([*arguments, query], self.folder) == 2 for query in queries]

    def counts(self, queries, options):
        """How many documents each query of a batch finds, and how much of it does not parse."""
        batch = b"".join(b"%d\t%s\n" % (number, query) for number, query in enumerate(queries))
        arguments = ["search", *self.indexes, *options, "--batch", "-", "-c"]
        out, notes = self.kwic.run_with_notes(arguments, batch, self.folder, (0, 1))
        counts = {int(line.split(b"\t")[0]): int(line.split(b"\t")[1]) for line in out.splitlines()}
        return counts, notes_of(notes)


def columns_of(record, types, given, in_language):
    """The columns of a record's own fields and of those that are given to it: ({name: (type,
    values)}, the names of its own of which not all fits). Settles the types of fields that have none
    yet."""
    columns = {}
    misfits = []
    own = {key: value for key, value in record.items() if key not in OWN_KEYS}
    for key, value in {**given, **own}.items():
        settled = settled_type(value)
        if scalars(value) and key in ("lang", *given):
            settled = KINDS.get(key, KEYWORD)
        if key not in types and settled:
            types[key] = [settled, False]
        if key in types:
            fits, values = values_of(value, types[key][0])
            columns[key] = (types[key][0], values)
            if not fits and key in own:
                misfits.append(key)
    if in_language and "lang" not in record:
        types.setdefault("lang", [KEYWORD, False])
    return columns, misfits


def notes_of(lines):
    """{number of a query: how much does not parse}, from the program's notes."""
    found = {}
    for line in lines.decode("utf-8", "replace").splitlines():
        note = re.search(r"query '([0-9]+)': (.+)", line)
        parts = note[2].split("; ") if note else []
        parts = [part for part in parts if not OTHER_NOTE.search(part)]
        if parts:
            more = re.search(r", and ([0-9]+) more$", parts[0])
            found[int(note[1])] = 1 + (int(more[1]) if more else 0)
    return found
