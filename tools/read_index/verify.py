"""Compares an index, as it was read here, with what the program says of it and of its texts."""

import collections
import concurrent.futures
import json
import os
import subprocess

from .index import UNREAD, base_directory
from .segment import LISTED, SHARED
from .verify_columns import shown_fields, verify_columns, verify_counts

GAP = 100    # positions between title and text
SHORT = 100  # bytes; a text of fewer has one passage, as that has at least 50 words or all


class Program:
    """The program; its answers as bytes."""

    def __init__(self, path, index):
        self.path = os.path.abspath(path)
        self.index = os.path.abspath(index.folder)
        self.base = base_directory(index)
        self.own_languages = index.language == b"auto"
        self.keep_accents = index.keep_accents

    def run(self, verb, *options, text=None):
        done = subprocess.run([self.path, verb, *options], input=text, capture_output=True,
                              cwd=self.base if os.path.isdir(self.base) else None, check=False,
                              stdin=subprocess.DEVNULL if text is None else None)
        if done.returncode not in (0, 1) or done.returncode and verb != "terms":
            raise RuntimeError(f"kwic {verb}: status {done.returncode}: {done.stderr.decode()}")
        return done.stdout

    def objects(self, verb, *options, text=None):
        """The objects of a machine format, one a line."""
        return [json.loads(line) for line in self.run(verb, *options, text=text).splitlines()]

    def tokens(self, language, text):
        """What `kwic analyze` makes of a text: (position, term, stem, start, end, passage)."""
        accents = ["--keep-accents"] * self.keep_accents
        return [(token["position"], token["term"].encode(),
                 token["term" if language == "none" and self.own_languages else "stem"].encode(),
                 token["start"], token["end"], token["passage"])
                for token in self.objects("analyze", "--lang", language, *accents, "--format",
                                          "jsonl", text=text)]

    def analyse(self, language, texts):
        """The tokens of each text, by text. Short ones without scripts that have pairs (from
        Thai, U+0E00, on) are analysed at once, a line each: no word crosses a line feed."""
        short = [text for text in texts if len(text) < SHORT
                 and max(text.decode("utf-8", "replace"), default="\uffff") < "\u0e00"]
        others = sorted(texts - set(short))
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            found = dict(zip(others, pool.map(lambda text: self.tokens(language, text), others)))
        tokens = collections.deque(self.tokens(language, b"\n".join(short)))
        begin = 0
        for text in short:
            end = begin + len(text)
            found[text] = []
            first = tokens[0][0] if tokens else 0
            while tokens and tokens[0][4] <= end:
                position, term, stem, from_, to, _ = tokens.popleft()
                found[text].append((position - first, term, stem, from_ - begin, to - begin, 0))
            begin = end + 1
        return found


class Expected:
    """The terms that the documents of a segment have, computed from their tokens."""

    def __init__(self):
        nested = collections.defaultdict
        self.positions = nested(lambda: nested(set))  # key: document: positions
        self.forms = nested(set)                      # key of a stem: terms
        self.stems_of = nested(set)                   # (field, language, term): stems, b"": none
        self.languages_of = nested(set)               # (field, term): languages
        self.lengths = nested(dict)                   # field: document: length

    def add(self, field, number, language, tokens, first=0):
        """Adds the words of a text whose first position is `first`."""
        for position, term, stem, *_ in tokens:
            self.positions[field + b"\0\1" + term][number].add(first + position)
            self.stems_of[field, language, term].add(stem)
            self.languages_of[field, term].add(language)
            if stem:
                key = field + b"\0\2" + language + b"\0" + stem
                self.positions[key][number].add(first + position)
                self.forms[key].add(term)
        words = len({token[0] for token in tokens})
        if words:
            self.lengths[field][number] = self.lengths[field].get(number, 0) + words
        return words

    def place(self, term):
        """Whether a stem has to be shared, and whether its positions are its own."""
        forms = self.forms[term.key]
        own = any(self.stems_of[term.field, term.language, form] != {term.term} for form in forms)
        alone = all(self.languages_of[term.field, form] == {term.language} for form in forms)
        return len(forms) == 1 and not own and alone, own


class Verifier:
    """Collects in `problems` what does not agree; `compared` counts what was looked at."""

    def __init__(self, index, program):
        self.index = index
        self.program = program
        self.problems = []
        self.compared = collections.Counter()

    def check(self, fits, what, *detail):
        if not fits:
            self.problems.append(" ".join([what, *map(repr, detail)]))

    def run(self, inputs):
        self._shown()
        for segment in self.index.segments:
            self._segment(segment)
        for field in sorted({field for segment in self.index.segments for field in segment.fields}):
            for stems in (False, True):
                self._listed_terms(field, stems)
        self._totals()
        verify_columns(self)
        verify_counts(self)
        self._sources()
        if inputs:
            self._inputs(inputs)

    # What `kwic show` says of the documents.

    def _shown(self):
        """The live documents, some at a time, and those that differ one by one."""
        live = self.index.live()
        of_segment = {document.id: (segment.fields[b""].lengths[number],
                                    shown_fields(self.index, segment, number, document))
                      for segment in self.index.segments
                      for number, document in enumerate(segment.documents) if not document.deleted}
        where = "--index", self.program.index
        for at in range(0, len(live), 100):
            some = live[at:at + 100]
            ids = [document.id for document in some]
            texts = self.program.run("show", *where, "--id", "--", *ids)
            if texts != joined([document.text for document in some]):
                for document in some:
                    text = self.program.run("show", *where, "--id", "--", document.id)
                    self.check(text == document.text, "text of", document.id)
            objects = self.program.objects("show", *where, "--id", "--format", "json", "--", *ids)
            self.check(len(objects) == len(some), "documents shown at", at, len(objects))
            for document, shown in zip(some, objects):
                self._shown_document(document, shown, *of_segment[document.id])

    def _shown_document(self, document, shown, words, fields):
        self.compared["documents"] += 1
        expected = {"doc": repaired(document.id), "title": repaired(document.title),
                    "language": repaired(document.language), "bytes": document.bytes,
                    "words": words, "passages": document.passage_count,
                    "fields": fields, "text": repaired(document.text)}
        if document.is_record:
            expected["path"] = "" if document.path[:1] == b"/" else repaired(document.path)
            expected["line"] = document.line or 1
        for key, value in expected.items():
            self.check(shown[key] == value, f"{key} of", document.id, shown[key], value)

    # What `kwic analyze` makes of their texts.

    def _segment(self, segment):
        self.compared["segments"] += 1
        expected = Expected()
        texts = collections.defaultdict(set)
        for document in segment.documents:
            texts[document.language].update(analysed_texts(document, self.index.types))
        tokens = {language: self.program.analyse(language.decode(), texts[language])
                  for language in texts}
        for number, document in enumerate(segment.documents):
            self._words_of_document(expected, segment, number, document,
                                    [tokens[document.language][text]
                                     for text in analysed_texts(document, self.index.types)])
        for name, row in segment.fields.items():
            lengths = [expected.lengths[name].get(number, 0)
                       for number in range(len(segment.documents))]
            self.check(row.lengths == lengths, f"lengths in {segment.name('fields')}", name)
        names = {name for name, lengths in expected.lengths.items() if lengths} | {b""}
        self.check(set(segment.fields) == names, f"{segment.file.name}: fields", names)
        self._terms(segment, expected)

    def _words_of_document(self, expected, segment, number, document, fields):
        text, title, *values = fields
        language = document.language
        expected.add(b"", number, language, title)
        words = expected.add(b"title", number, language, title)
        expected.add(b"", number, language, text, words + GAP if words else 0)
        for (name, _), tokens in zip(document.searched_fields(self.index.types), values):
            expected.add(name, number, language, tokens)
        place = f"{segment.file.name}: document {number}: passages"
        starts = [0]
        found = [set() for _ in document.passages]
        for _, size, _ in document.passages:
            starts.append(starts[-1] + size)
        for position, _, _, start, end, passage in text:
            if passage < len(found) and starts[passage] <= start <= end <= starts[passage + 1]:
                found[passage].add(position)
            else:
                self.check(False, place, "a word outside of its own", start, end, passage)
        self.compared["passages"] += len(found)
        self.check([len(words) for words in found] == [words for words, _, _ in document.passages],
                   place, "words")

    def _terms(self, segment, expected):
        for term in segment.terms:
            name = f"{segment.file.name}: term {term.key!r}:"
            wanted = expected.positions.pop(term.key, {})
            self.compared["stems" if term.is_stem else "terms"] += 1
            self.compared["postings"] += len(term.postings)
            self.compared["listed"] += term.place == LISTED
            self.compared["more than a block"] += len(term.postings) > 128
            self.compared["stems with own positions"] += term.own
            positions = {number: sorted(wanted[number]) for number in wanted}
            frequencies = {number: len(places) for number, places in positions.items()}
            self.check(term.postings == frequencies, name, "postings", term.postings, frequencies)
            self.check(term.positions == positions, name, "positions", term.positions, positions)
            if term.is_stem:
                forms = {form.term for form in term.forms}
                self.check(forms == expected.forms[term.key], name, "forms", forms)
                found = term.place == SHARED, bool(term.own)
                self.check(found == expected.place(term), name, "shared, own positions", *found)
        self.compared["pairs"] += len(segment.pairs)
        for key in expected.positions:
            self.check(False, f"{segment.file.name}: no term", key)

    # What `kwic terms` and `kwic stats` count.

    def _listed_terms(self, field, stems):
        counts = collections.defaultdict(lambda: [0, 0])
        for segment in self.index.segments:
            for term in segment.terms:
                if term.field == field and term.is_stem == stems:
                    live = [frequency for number, frequency in term.postings.items()
                            if not segment.documents[number].deleted]
                    counts[term.language, term.term][0] += len(live)
                    counts[term.language, term.term][1] += sum(live)
        options = ["--field", field] * bool(field) + ["--stems"] * stems
        listed = [(entry.get("language", "").encode(), entry["term"].encode(), entry["documents"],
                   entry["occurrences"])
                  for entry in self.program.objects("terms", "--index", self.program.index,
                                                    "--format", "jsonl", *options)]
        listed.sort(key=lambda entry: entry[0])  # a language's terms keep their order
        wanted = [(*term, *counts[term]) for term in sorted(counts) if counts[term][0]]
        self.check(len(listed) == len(wanted), "kwic terms", field, stems, len(listed), len(wanted))
        for one, two in zip(listed, wanted):
            self.check(one == two, "kwic terms", field, stems, one, two)

    def _totals(self):
        stats = self.program.objects("stats", "--index", self.program.index, "--format", "json")[0]
        live = self.index.live()
        everyone = [document for segment in self.index.segments for document in segment.documents]
        wanted = {"documents": len(live), "deleted": len(everyone) - len(live),
                  "segments": len(self.index.segments), "commit": self.index.commit,
                  "analysis": self.index.analysis, "language": repaired(self.index.language),
                  "cut_terms": sum(segment.cut_terms for segment in self.index.segments),
                  "accents": "kept" if self.index.keep_accents else "folded"}
        for key, value in wanted.items():
            self.check(stats[key] == value, f"{key} of kwic stats", stats[key], value)

    # What walks know, and what was read.

    def _sources(self):
        """Files that did not change since are as the sources say."""
        for entry in self.index.sources.files if self.index.sources else []:
            try:
                found = os.stat(os.path.join(self.program.base, entry["path"]))
            except OSError:
                continue
            if found.st_mtime_ns == entry["time"]:
                self.compared["files"] += 1
                self.check(entry["size"] in (found.st_size, UNREAD)
                           and entry["inode"] == found.st_ino, "source", entry)

    def _inputs(self, paths):
        """Records are those of the input: of several with one id, the last."""
        wanted = {}
        for path in paths:
            with open(path, encoding="utf-8") as file:
                for number, line in enumerate(file, 1):
                    record = json.loads(line)
                    default = f"{os.path.relpath(path, os.fsdecode(self.program.base))}:{number}"
                    wanted[str(record.pop("id", default)).encode()] = record
        live = {document.id: document for document in self.index.live() if document.is_record}
        gone = set(self.index.sources.gone) if self.index.sources else set()
        self.check(set(live) == set(wanted) - gone, "records that only the input, or the index has",
                   set(live) ^ set(wanted) - gone)
        for key in set(live) & set(wanted):
            record, document = wanted[key], live[key]
            self.compared["records of the input"] += 1
            self.check(document.text == record.pop("text").encode(), "text of the input", key)
            title = record.pop("title", "").encode()
            self.check(document.title == title, "title of the input", key, title)
            fields = {name.decode(): value.decode() if kind == b"s" else json.loads(value)
                      for name, kind, value in document.fields}
            self.check(fields == record, "fields of the input", key, fields, record)


def analysed_texts(document, types):
    """The text proper, the title if it is searched, and the values of the other fields."""
    return [document.text, document.title if document.title_searched else b"",
            *[value for _, value in document.searched_fields(types)]]


def joined(texts):
    """Texts as `kwic show` writes several: the next one begins on a line of its own."""
    return b"".join(text if not text or text.endswith(b"\n") else text + b"\n"
                    for text in texts[:-1]) + texts[-1]


def repaired(text):
    return text.decode("utf-8", "replace")
