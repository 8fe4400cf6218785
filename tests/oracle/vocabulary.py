"""The words that random collections and queries are made of."""

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
ALPHABETS = ["東京都", "東京大学", "テスト東", ["ก็", "ดี", "ที่", "น"], ["東", "京", "ก", "น", "g"], "aｂ1東"]


def run_of(rng, alphabet):
    """Characters with nothing between them."""
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(1, 6)))


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
