"""Compares columns with the fields that documents have, and with what the program makes of them."""

import collections
import json

from .index import UNREAD
from .values import formatted, implied, scalars_of, values_of

NAMES = {b"t": "text", b"k": "keyword", b"n": "number", b"d": "date"}
SHOWN = (b"path", b"name", b"ext", b"size", b"date", b"lang")
NOTHING = "-qzxqzxqzx"  # a query that all documents match: none holds the word


def facts_of(index):
    """The sizes and times, in seconds, of files that are documents; by path."""
    files = index.sources.files if index.sources else []
    return {entry["path"]: (entry["size"], entry["time"] // 10 ** 9) for entry in files
            if entry["kind"] == "document" and entry["size"] != UNREAD}


def expected_values(index, document, facts):
    """The values of a document by field, and the names of those that are not known: a deleted
    document's file may have changed since."""
    found = {}
    for name, kind, value in document.fields:
        if name in index.types:
            found[name] = values_of(index.types[name], scalars_of(kind, value))
    for name, scalar in implied(document, facts).items():
        if name in index.types:
            found[name] = values_of(index.types[name], [scalar])
    own = [name for name, _, _ in document.fields]
    unknown = [name for name in (b"size", b"date") if facts is None and name not in own]
    return {name: values for name, values in found.items() if values}, unknown


def verify_columns(verifier):
    """Each segment's columns are those of its documents."""
    index = verifier.index
    facts = facts_of(index)
    for segment in index.segments:
        for name, column in segment.columns.items():
            wanted = b"k" if index.types.get(name) == b"t" else index.types.get(name)
            verifier.check(column.type == wanted, segment.name("columns"), name, column.type)
        for number, document in enumerate(segment.documents):
            known = None if document.deleted or document.is_record else facts.get(document.path)
            if document.is_record:
                known = ()
            wanted, unknown = expected_values(index, document, known)
            found = {name: column.values[number] for name, column in segment.columns.items()
                     if number in column.values and name not in unknown}
            verifier.compared["values"] += sum(map(len, found.values()))
            verifier.check(found == wanted, f"{segment.file.name}: values of document {number}",
                           found, wanted)


def shown_fields(index, segment, number, document):
    """What the program shows of a document's fields: a file's first those it has anyway."""
    found = {}
    own = {name.decode("utf-8", "replace"): value.decode("utf-8", "replace") if kind == b"s"
           else json.loads(value) for name, kind, value in document.fields}
    for name in SHOWN if not document.is_record else ():
        column = segment.columns.get(name)
        if name.decode() not in own and column and number in column.values:
            found[name.decode()] = written(index.types[name], column.values[number][0])
    return found | own


def written(type_, value):
    """A value as JSON has it in results and facets."""
    if type_ == b"n":
        return value
    return formatted(value) if type_ == b"d" else value.decode("utf-8", "replace")


def verify_counts(verifier):
    """The program lists the types, and counts the values of live documents as they are here."""
    index, program = verifier.index, verifier.program
    stats = program.objects("stats", "--index", program.index, "--format", "json")[0]
    types = [{"name": name.decode("utf-8", "replace"), "type": NAMES[type_],
              "asked": name in index.asked} for name, type_ in index.types.items()]
    verifier.check(stats["fields"] == types, "fields of kwic stats", stats["fields"], types)
    for name, type_ in index.types.items():
        counts = collections.Counter(
            value for segment in index.segments if name in segment.columns
            for number, values in segment.columns[name].values.items()
            if not segment.documents[number].deleted for value in values)
        answer = program.objects("search", "--index", program.index, "--format", "json", "-n", "0",
                                 "--facet-limit", "0", "--facet", name, "--", NOTHING)[0]
        (facet,) = answer["facets"].values()
        wanted = [{"value": written(type_, value), "documents": count} for value, count in
                  sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
        verifier.compared["facets"] += len(wanted)
        verifier.check(facet == {"distinct": len(wanted), "values": wanted}, "facet of", name,
                       facet["values"][:9], wanted[:9])
