"""The values that a document's fields have by kwic-format(5), Values."""

import datetime
import json
import math
import re

SHORT, LONGEST, NUMBER_SIZE = 100, 4096, 511
MICROSECONDS = 1_000_000
DAY = 86400 * MICROSECONDS
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?", re.ASCII)
DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[Tt ](\d\d)(?::(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?"
                  r"(Z|z|[-+]\d\d(?::?\d\d)?)?)?)?)?", re.ASCII)
# English names of languages and their ISO 639-1 codes.
CODES = dict(re.findall(r"(\w+)\s+(\w\w)\b", """
    arabic ar armenian hy basque eu bulgarian bg catalan ca chinese zh czech cs danish da dutch
    nl english en estonian et finnish fi french fr galician gl german de greek el hebrew he
    hindi hi hungarian hu indonesian id irish ga italian it japanese ja korean ko latvian lv
    lithuanian lt nepali ne norwegian no persian fa polish pl portuguese pt romanian ro russian
    ru serbian sr slovak sk slovenian sl spanish es swedish sv tamil ta thai th turkish tr
    ukrainian uk vietnamese vi yiddish yi"""))


def day(year, month, number):
    """Days since 1970-01-01; Python's calendar begins with year 1 and ends with 9999."""
    shift = 400 if year < 5000 else -400
    return datetime.date(year + shift, month, number).toordinal() - 719163 - shift // 400 * 146097


FIRST, BEYOND = day(0, 1, 1) * DAY, day(10000, 1, 1) * DAY


def date_span(text):
    """The first microsecond of what a date names and the first behind it; None if it is none."""
    match = DATE.fullmatch(text)
    if not match:
        return None
    year, month, number, hour, minute, second = [part and int(part) for part in match.groups()[:6]]
    fraction, zone = match.group(7), match.group(8)
    try:
        start = day(year, month or 1, number or 1) * DAY
    except ValueError:
        return None
    if month is None:
        return start, day(year + 1, 1, 1) * DAY
    if number is None:
        return start, (day(year + 1, 1, 1) if month == 12 else day(year, month + 1, 1)) * DAY
    if hour is None:
        return start, start + DAY
    if hour > 23 or (minute or 0) > 59 or (second or 0) > 60:
        return None
    unit = (3600 if minute is None else 60 if second is None else 1) * MICROSECONDS
    start += ((hour * 60 + (minute or 0)) * 60 + (second or 0)) * MICROSECONDS
    if fraction:
        start += int(fraction[:6].ljust(6, "0"))
        unit = 10 ** (6 - min(6, len(fraction)))
    if zone and zone not in "Zz":
        hours, minutes = int(zone[1:3]), int(zone[3:].lstrip(":") or 0)
        if hours > 23 or minutes > 59:
            return None
        start -= (hours * 60 + minutes) * 60 * MICROSECONDS * (1 if zone[0] == "+" else -1)
    return start, start + unit


def date_of(scalar):
    """The microseconds of a scalar of a field of dates; None if it has none."""
    kind, text = scalar
    if kind == "number":
        number = number_of(scalar)
        if number is None or abs(number) >= 1e12:
            return None
        if number == int(number) and 0 <= number <= 9999:
            return day(int(number), 1, 1) * DAY
        found = math.floor(number * MICROSECONDS)
        return found if FIRST <= found < BEYOND else None
    span = date_span(text) if kind == "string" else None
    return span[0] if span and FIRST <= span[0] and span[1] <= BEYOND else None


def number_of(scalar):
    kind, text = scalar
    if kind == "boolean" or len(text.encode()) > NUMBER_SIZE or not NUMBER.fullmatch(text):
        return None
    number = float(text)
    return (number or 0.0) if math.isfinite(number) else None


class Literal(float):
    """A JSON number that keeps its text."""

    def __new__(cls, text):
        number = super().__new__(cls, text)
        number.text = text
        return number


def scalars_of(kind, value):
    """The scalars of a field: (kind, text) each."""
    text = value.decode("utf-8", "surrogateescape")
    if kind == b"s":
        return [("string", text)]
    found = json.loads(text, parse_int=Literal, parse_float=Literal)
    items = found if isinstance(found, list) else [found]
    if any(isinstance(item, (list, dict)) for item in items):
        return []
    return [("boolean", json.dumps(item)) if isinstance(item, bool)
            else ("number", item.text) if isinstance(item, Literal)
            else ("string", item) for item in items if item is not None]


def values_of(type_, scalars):
    """The values of scalars in a field of that type, rising, without repeats."""
    found = set()
    for scalar in scalars:
        if not scalar[1]:
            continue
        if type_ in (b"t", b"k"):
            word = scalar[1].encode("utf-8", "surrogateescape")
            found.update([word] if len(word) <= (SHORT if type_ == b"t" else LONGEST) else [])
        else:
            value = number_of(scalar) if type_ == b"n" else date_of(scalar)
            found.update([value] if value is not None else [])
    return sorted(found)


def formatted(date):
    """A date as the program writes it."""
    days, rest = divmod(date, DAY)
    shift = 400 if days < day(400, 1, 1) else 0
    text = (datetime.date.fromordinal(days + 719163 + shift // 400 * 146097)).isoformat()
    text = f"{int(text[:4]) - shift:04}{text[4:]}"
    if not rest:
        return text
    seconds, fraction = divmod(rest, MICROSECONDS)
    minutes, second = divmod(seconds, 60)
    part = f".{fraction:06}".rstrip("0") if fraction else ""
    return f"{text}T{minutes // 60:02}:{minutes % 60:02}:{second:02}{part}Z"


def implied(document, facts):
    """The scalars that a document has without fields of its own: by name. `facts` are size and
    time of its file, None if they are not known: then `size` and `date` are left out."""
    found = {}
    path = document.path.decode("utf-8", "surrogateescape")
    language = document.language.decode()
    if language in CODES:
        found[b"lang"] = ("string", CODES[language])
    if path.startswith("/"):
        return found
    found[b"path"] = ("string", path)
    if not document.is_record:
        name = path.rpartition("/")[2]
        found[b"name"] = ("string", name)
        extension = re.fullmatch(r".+\.([A-Za-z0-9+_-]{1,16})", name, re.DOTALL)
        if extension:
            found[b"ext"] = ("string", extension.group(1).lower())
        if facts:
            found[b"size"] = ("number", str(facts[0]))
            if FIRST <= facts[1] * MICROSECONDS < BEYOND:
                found[b"date"] = ("string", formatted(facts[1] * MICROSECONDS))
    return {name: scalar for name, scalar in found.items()
            if name not in [field for field, _, _ in document.fields]}
