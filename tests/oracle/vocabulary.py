"""The words and values that random collections and queries are made of."""

from values import DATE, KEYWORD, NUMBER, TEXT

WORDS = ("guard guards guarding guarded border borders bordering sleep sleeps slept sleeping apple "
         "apples the of and a river rivers night nights nightly multi-agent don't don’t C++ 20.04 "
         "Iraq IRAQ U.S.A. USA résumé resume resumes naïve naive straße STRASSE 東京都 東京 京都 京 "
         "ก็ดี ที่นี่ καλός ΚΑΛΟΣ x_1 AND OR not").split()
RARE = "zebra quartz heroin smuggling caravan opium".split()
ABROAD = ("IŞık ışık İstanbul'da ISPARTA ısparta ISIK L'homme l’état dell'arte aujourd'hui Häuser Haus "
          "laufen läuft wojna война войны за\u0301мок замок Ёлка йод أمة كتـاب كتاب שלום צה״ל צה\"ל "
          "한국어 한국 H₂O km² ① 10⁶ 👩\u200d🚀 ❤\ufe0f ﬁve ＦＵＬＬ full node.js Ph.D. U.S.A.F. AT&T a@b.org "
          "https://example.org/x?y rock'n'roll co\u00adoperate cooperate हिन्दी col·lecció Hawaiʻi Łódź "
          "f(x) 5'10\" 1,000.50 a/b what? stars* ~ auto's naţiunile națiunile").split()
LONG = ["rindfleisch" * 18 + end for end in ("", "e", "es")]  # terms that are cut
COLUMNS = {"year": NUMBER, "size": NUMBER, "when": DATE, "date": DATE, "tag": KEYWORD, "path": KEYWORD,
          "lang": KEYWORD, "ext": KEYWORD, "tag:x": "mixed", "notes": TEXT}
TYPES = [NUMBER, DATE, KEYWORD, TEXT, "mixed"]
VALUES = {
    NUMBER: [0, -0.0, 1, 2, 3, -1, 0.5, 10, 999, 1000, 1024, 1e3, 2000, 2006, 2007, 2008, 1e20, 1e-7,
             2**53, 2**53 + 1, 1.5e308, "2007", "1e3", "-1", "5", "0.5", "+5", "1k", " 2", "0x1"],
    DATE: ["2006", "2007", "2007-01", "2007-10", "2007-10-05", "2007-12-31", "2007-10-05T12",
           "2007-10-05T12:30Z", "2007-10-05T12:30:15+02:00", "2007-10-05 12:30:15.5", "2008-02-29",
           "2007-02-29", "2007-12-31T23:59:60Z", "2007-10-05T12:30:15.123456789-0130", "0000-01-01",
           "9999-12-31T23:59:59.999999Z", "0000-01-01T00:00+01:00", 2007, 2006.0, 2007.5, 0,
           1191585600, -1, 1e12, 12345.678901, "soon"],
    KEYWORD: ["de", "en", "de", "en", "a/b.txt", "a/c.txt", "a b", "x*", "*", "?", "é", "日本", "日", ">5",
              "1..2", "2007", "AND", "NEAR", "b" * 100, "b" * 101, "c" * 4096, "c" * 4097, True, False, 7,
              0.5, 1e20, "\"", "DE", "f0.jsonl", "i0", ""],
}
ALPHABETS = ["東京都", "東京大学", "テスト東", ["ก็", "ดี", "ที่", "น"], ["東", "京", "ก", "น", "g"], "aｂ1東"]


def run_of(rng, alphabet):
    """Characters with nothing between them."""
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(1, 6)))


def random_schema(rng, like=None):
    """{name of a field: what its values are}; perhaps much like another one."""
    if like is None:
        return {field: rng.choice(TYPES) if rng.random() < 0.15 else kind
                for field, kind in COLUMNS.items() if rng.random() < 0.5}
    return {field: rng.choice(TYPES) if rng.random() < 0.15 else kind
            for field, kind in like.items() if rng.random() < 0.95}


def random_scalar(rng, kind, words):
    if kind == "mixed" or rng.random() < 0.05:
        kind = rng.choice(TYPES[:4])
    if kind == TEXT:
        return " ".join(rng.choice(words) for _ in range(rng.randint(1, 3)))
    return rng.choice(VALUES[kind])


def random_value(rng, kind, words):
    """The value of a field: one, or a list, or what cannot be a value."""
    choice = rng.random()
    if choice < 0.03:
        return rng.choice([None, {}, {"a": 1}, [], [[1]], ["a", ["b"]], "", [None], ["", 1]])
    if choice < 0.75:
        return random_scalar(rng, kind, words)
    return [random_scalar(rng, kind, words) for _ in range(rng.randint(1, 3))]


def random_words(rng):
    """The words of a collection: many, few that stand there often, foreign ones, or runs of scripts
    without spaces."""
    kind = rng.random()
    if kind < 0.5:
        return rng.sample(WORDS, rng.randint(4, len(WORDS))) + rng.sample(RARE, 2)
    if kind < 0.7:
        return rng.sample(WORDS, rng.randint(2, 5)) + rng.sample(RARE, 1)
    if kind < 0.85:
        return (rng.sample(ABROAD, rng.randint(5, len(ABROAD))) + rng.sample(WORDS, 3)
                + rng.sample(LONG, rng.randint(0, 2)))
    alphabet = rng.choice(ALPHABETS)
    return ([run_of(rng, alphabet) for _ in range(rng.randint(3, 12))]
            + [run_of(rng, rng.choice(ALPHABETS)), rng.choice(WORDS)])


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
    return rng.randint(60, 260) if kind < 0.95 else rng.randint(300, 1000)
