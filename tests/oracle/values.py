"""The types and values of fields, and filters, a second time: written from kwic-query(7), its section
VALUES AND RANGES, and kwic-format(5), Types of fields and Values.

A filter is a matcher, a tuple so that equal ones are equal:
    ("filter", span of numbers or None, span of moments or None, keyword or None, has wildcards)
A span is (least, whether that is within, greatest, whether that is)."""

import json
import re
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import floor, inf, isfinite

TEXT, KEYWORD, NUMBER, DATE = "text", "keyword", "number", "date"
ORDER = {NUMBER: 0, DATE: 1, TEXT: 2, KEYWORD: 2}  # of values of several types
MOST_SHORT, MOST_KEYWORD = 100, 4096  # bytes
MOST_NUMBER = 511  # bytes
JSON_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
QUANTITY = re.compile(r"\+?(" + JSON_NUMBER + ")(?:([kmgt])(i?)b?)?", re.IGNORECASE)
MOMENT = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:[Tt ]([0-9]{2})(?::([0-9]{2})"
                    r"(?::([0-9]{2})(?:[.,]([0-9]+))?)?)?([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?)?)?")
SECOND = 1000000
DAY = 24 * 60 * 60 * SECOND
EPOCH = date(1970, 1, 1).toordinal()
CODES = dict(pair.split() for pair in """arabic ar, armenian hy, basque eu, bulgarian bg, catalan ca,
    chinese zh, czech cs, danish da, dutch nl, english en, estonian et, finnish fi, french fr,
    galician gl, german de, greek el, hebrew he, hindi hi, hungarian hu, indonesian id, irish ga,
    italian it, japanese ja, korean ko, latvian lv, lithuanian lt, nepali ne, norwegian no, persian fa,
    polish pl, portuguese pt, romanian ro, russian ru, serbian sr, slovak sk, slovenian sl, spanish es,
    swedish sv, tamil ta, thai th, turkish tr, ukrainian uk, vietnamese vi, yiddish yi""".split(","))


# ---- Numbers and moments ----------------------------------------------------------------------


def number_of(text):
    """A JSON number, or None."""
    if not re.fullmatch(JSON_NUMBER, text) or len(text) > MOST_NUMBER:
        return None
    return float(text) if isfinite(float(text)) else None


def quantity_of(text):
    """A number with a unit, or None."""
    found = QUANTITY.fullmatch(text)
    if not found or not text.isascii():
        return None
    unit = (1024 if found[3] else 1000) ** (1 + "kmgt".index(found[2].lower())) if found[2] else 1
    exponent = re.split("[eE]", found[1] + "e0")[1]
    if abs(int(exponent)) > 9999:
        return number_of(found[1])
    try:
        return float(Fraction(found[1]) * unit)
    except OverflowError:
        return None


def day_of(year, month, day):
    """Days since 1970-01-01, or None if there is no such day."""
    try:  # years repeat after 400; this has no year 0
        return date(year + 400 * (year == 0), month, day).toordinal() - EPOCH - 146097 * (year == 0)
    except ValueError:
        return None


def period_of(text):
    """The first and the last microsecond of what a date names, or None."""
    found = MOMENT.fullmatch(text)
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups()[:3])
    first = day_of(year, month or 1, day or 1)
    if first is None:
        return None
    last = first
    if not day:
        last = day_of(year, 12, 31) if not month else max(
            one for one in (day_of(year, month, end) for end in range(28, 32)) if one is not None)
    first, last = first * DAY, (last + 1) * DAY - 1
    if found[4]:
        first, last = time_of(found, first) or (None, None)
    if first is None or not is_known(first) or not is_known(last):
        return None
    return first, last


def time_of(found, first):
    """The period of a time of the day that begins at `first`, or None if there is no such time."""
    hour, minute, second = (int(part or 0) for part in found.groups()[3:6])
    zone = re.findall("[0-9]{2}", found[8] or "")
    hours, minutes = (int(part) for part in (zone + ["0", "0"])[:2])
    if hour > 23 or minute > 59 or second > 60 or hours > 23 or minutes > 59:
        return None
    digits = (found[7] or "")[:6]
    lasts = (60 * 60 if not found[5] else 60 if not found[6] else 1) * SECOND // 10 ** len(digits)
    shift = (-1 if (found[8] or "")[:1] == "+" else 1) * (hours * 60 + minutes) * 60 * SECOND
    first += ((hour * 60 + minute) * 60 + second) * SECOND + int(digits.ljust(6, "0")) + shift
    return first, first + lasts - 1


def is_known(moment):
    return day_of(0, 1, 1) * DAY <= moment < (day_of(9999, 12, 31) + 1) * DAY


# ---- Values -----------------------------------------------------------------------------------


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_nested(value):
    return isinstance(value, dict) or (isinstance(value, list)
                                       and any(isinstance(one, (list, dict)) for one in value))


def scalars(value):
    if value is None or is_nested(value):
        return []
    return [one for one in (value if isinstance(value, list) else [value]) if one is not None]


def settled_type(value):
    """The type that a field gets from its first value, or None."""
    found = scalars(value)
    if not found or "" in found:
        return None
    if all(is_number(one) for one in found):
        return NUMBER
    if all(isinstance(one, str) and len(one) > 4 and period_of(one) for one in found):
        return DATE
    return TEXT if isinstance(value, str) else KEYWORD


def number_text(number):
    """A number as results show it."""
    if isinstance(number, int):
        return str(number)
    text = next(text for text in (f"{number:.{digits}g}" for digits in (15, 16, 17))
                if float(text) == number)
    mantissa, exponent = (text.split("e") + [""])[:2]
    if exponent:
        return f"{mantissa}e{int(exponent)}"
    return mantissa if "." in mantissa else mantissa + ".0"


def value_of(scalar, kind):
    """(whether it fits, its value or None)."""
    if scalar == "":
        return True, None
    if kind in (TEXT, KEYWORD):
        text = scalar if isinstance(scalar, str) else (
            json.dumps(scalar) if isinstance(scalar, bool) else number_text(scalar))
        if kind == TEXT:
            return True, text if len(text.encode()) <= MOST_SHORT else None
        return len(text.encode()) <= MOST_KEYWORD, text if len(text.encode()) <= MOST_KEYWORD else None
    if isinstance(scalar, bool):
        return False, None
    if kind == NUMBER:
        value = number_of(scalar) if isinstance(scalar, str) else float(scalar)
    else:
        value = moment_of(scalar)
    return value is not None, value


def moment_of(scalar):
    """What a scalar is in a column of dates, or None."""
    if isinstance(scalar, str):
        return (period_of(scalar) or (None, None))[0]
    if 0 <= scalar <= 9999 and scalar == floor(scalar):
        return period_of(f"{int(scalar):04}")[0]
    if abs(scalar) >= 1e12:
        return None
    moment = floor(float(scalar) * SECOND)
    return moment if is_known(moment) else None


def values_of(value, kind):
    """(whether all of it fits, its values, rising and each once)."""
    found = [value_of(one, kind) for one in scalars(value)]
    fits = all(fit for fit, _ in found) and (kind == TEXT or not is_nested(value))
    values = {one for _, one in found if one is not None}
    return fits, sorted(values, key=lambda one: one.encode() if isinstance(one, str) else one)


def shown_value(kind, value):
    """A value as facets show it."""
    if kind != DATE:
        return value
    late = value < day_of(400, 1, 1) * DAY  # datetime has no year 0
    moment = datetime(1970, 1, 1) + timedelta(microseconds=value + 146097 * DAY * late)
    text = f"{moment.year - 400 * late:04}-{moment.month:02}-{moment.day:02}"
    if value % DAY == 0:
        return text
    fraction = f".{moment.microsecond:06}".rstrip("0").rstrip(".")
    return f"{text}T{moment.hour:02}:{moment.minute:02}:{moment.second:02}{fraction}Z"


def order_of(kind, value):
    """A key that sorts the values of all types."""
    return ORDER[kind], value.encode() if isinstance(value, str) else value


# ---- Filters ----------------------------------------------------------------------------------


def take_apart(text, verbatim):
    """(sign, ends): of "..", one end may be empty."""
    sign = re.match("<=|>=|<|>", text)
    if verbatim or (not sign and text in ("", "..")) or not (sign or ".." in text):
        return "=", [text]
    if sign:
        return sign[0], [text[sign.end():]]
    return "..", text.split("..", 1)


def span_of(sign, ends, read):
    """The span that a value or range asks for; `read` gives the first and the last value of an end,
    or None. None if it does not fit."""
    ends = [read(end) if end or sign != ".." else (-inf, inf) for end in ends]
    if None in ends:
        return None
    first, last = ends[0][0], ends[-1][1]
    return {"=": (first, True, last, True), "..": (first, True, last, True),
            "<": (-inf, True, first, False), "<=": (-inf, True, last, True),
            ">": (last, False, inf, True), ">=": (first, True, inf, True)}[sign]


def read_quantity(text):
    number = quantity_of(text)
    return None if number is None else (number, number)


def filter_of(text, uses, verbatim):
    """What a word or phrase asks for in a field of these types, or None if it is no filter."""
    sign, ends = take_apart(text, verbatim)
    if TEXT in uses and sign == "=":
        return None
    numbers = span_of(sign, ends, read_quantity) if NUMBER in uses else None
    moments = span_of(sign, ends, period_of) if DATE in uses else None
    keyword = text if KEYWORD in uses and TEXT not in uses else None
    if numbers is None and moments is None and keyword is None:
        return None
    return ("filter", numbers, moments, keyword, not verbatim)


def passes(matcher, column):
    """Whether one of a document's values passes; a column is (type, values), or None."""
    kind, values = column or (None, [])
    _, numbers, moments, keyword, wildcards = matcher
    if kind == KEYWORD and keyword is not None:
        pattern = "".join({"*": ".*", "?": "."}.get(one, re.escape(one)) if wildcards
                          else re.escape(one) for one in keyword)
        return any(re.fullmatch(pattern, value, re.DOTALL) for value in values)
    span = numbers if kind == NUMBER else moments if kind == DATE else None
    if span is None:
        return False
    least, from_least, greatest, to_greatest = span
    return any((least < value or (least == value and from_least))
               and (value < greatest or (value == greatest and to_greatest)) for value in values)
