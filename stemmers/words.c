/* Word segmentation: a path for ASCII that reads bytes and a general one that follows UAX #29
 * character by character. Both give the same units. */
#include "stemmers/words.h"

#include "stemmers/analyzer.h"
#include "stemmers/character.h"

/* ------------------------------------------------------------------ the standard's rules */

enum { JOIN_NO, JOIN_YES = 1 << 30 }; /* else a set of classes, one of which must come next */

#define SET(class) (1 << (class))
#define LETTERS (SET(KW_BREAK_LETTER) | SET(KW_BREAK_HEBREW))
#define NUMBERS (SET(KW_BREAK_NUMERIC) | SET(KW_BREAK_SUBSCRIPT))
#define IGNORED (SET(KW_BREAK_EXTEND) | SET(KW_BREAK_ZWJ) | SET(KW_BREAK_FORMAT))
#define NEWLINES (SET(KW_BREAK_CR) | SET(KW_BREAK_LF) | SET(KW_BREAK_NEWLINE))
#define PAIRING (SET(KW_BREAK_CR) | SET(KW_BREAK_SPACE) | SET(KW_BREAK_REGIONAL))
#define CONNECTOR SET(KW_BREAK_EXTEND_NUM_LET)
#define LETTER_MIDDLES                                                                             \
    (SET(KW_BREAK_MID_LETTER) | SET(KW_BREAK_MID_NUM_LET) | SET(KW_BREAK_SINGLE_QUOTE))
#define NUMBER_MIDDLES                                                                             \
    (SET(KW_BREAK_MID_NUM) | SET(KW_BREAK_MID_NUM_LET) | SET(KW_BREAK_SINGLE_QUOTE))

/* The Word_Break class; for our units, scripts without spaces do not join anything. */
static inline unsigned class_of(unsigned bits, bool standard)
{
    unsigned class = bits & KW_CHAR_BREAK;

    if (class < KW_BREAK_COLON)
        return !standard && bits & KW_CHAR_SPACELESS ? KW_BREAK_OTHER : class;
    if (class == KW_BREAK_COLON)
        return standard ? KW_BREAK_MID_LETTER : KW_BREAK_OTHER;
    return standard ? KW_BREAK_OTHER : KW_BREAK_NUMERIC;
}

/* Rules WB5 to WB13b: whether `class` joins what ends in `last`, at once or if one of a set of
 * classes follows it. */
static int join(unsigned last, unsigned class, bool standard)
{
    int before = SET(last), now = SET(class);

    if (before & LETTERS) {
        if (now & (LETTERS | NUMBERS))
            return JOIN_YES;
        if (now & LETTER_MIDDLES)
            return LETTERS;
        if (last == KW_BREAK_HEBREW && class == KW_BREAK_DOUBLE_QUOTE)
            return SET(KW_BREAK_HEBREW);
    }
    if (before & NUMBERS) {
        if (now & (LETTERS | NUMBERS))
            return JOIN_YES;
        if (now & NUMBER_MIDDLES)
            return NUMBERS;
    }
    if (!standard)
        return before & (LETTERS | NUMBERS) && now & CONNECTOR ? LETTERS | NUMBERS : JOIN_NO;
    if (last == KW_BREAK_KATAKANA && class == KW_BREAK_KATAKANA)
        return JOIN_YES;
    if (before & (LETTERS | NUMBERS | SET(KW_BREAK_KATAKANA) | CONNECTOR) && now & CONNECTOR)
        return JOIN_YES;
    if (before & CONNECTOR && now & (LETTERS | NUMBERS | SET(KW_BREAK_KATAKANA)))
        return JOIN_YES;
    return JOIN_NO;
}

/* Where a character of a class in `wanted` ends, if one comes next at `at` after ignored ones and
 * those of `skipped`; else 0. */
static size_t awaited(const uint8_t *data, size_t at, size_t end, int wanted, int skipped,
                      unsigned *class, bool standard)
{
    while (at < end) {
        size_t next;

        *class = class_of(kw_character_at(data, at, end, &next), standard);
        if (SET(*class) & wanted)
            return next;
        if (!(SET(*class) & (IGNORED | skipped)))
            return 0;
        at = next;
    }
    return 0;
}

/* The end of the segment that begins at `at` < end; *seen gathers the bits of its characters (not
 * those between a middle mark and the letter that it waits for, which add nothing). */
static size_t segment_end(const uint8_t *data, size_t at, size_t end, bool standard, unsigned *seen)
{
    size_t p, next;
    unsigned bits = kw_character_at(data, at, end, &p);
    unsigned last = class_of(bits, standard); /* of the last character that is not ignored */
    unsigned previous = last;                 /* of the last character */
    bool odd = last == KW_BREAK_REGIONAL;

    *seen = bits;
    if (last == KW_BREAK_CR && p < end && data[p] == '\n')
        return p + 1;
    if (SET(last) & NEWLINES)
        return p;
    for (; p < end; p = next) {
        bits = kw_character_at(data, p, end, &next);
        unsigned class = class_of(bits, standard);
        if (SET(class) & IGNORED) {
            previous = class;
            continue;
        }
        if (previous == KW_BREAK_ZWJ && bits & KW_CHAR_PICTOGRAPH) {
            last = class;
        } else if (class == KW_BREAK_REGIONAL && odd) {
            odd = false;
        } else if (class != KW_BREAK_SPACE || previous != KW_BREAK_SPACE) {
            int wanted = join(last, class, standard);
            size_t over = next;
            unsigned found = class;

            if (wanted == JOIN_NO)
                break;
            if (wanted != JOIN_YES)
                over = awaited(data, next, end, wanted, standard ? 0 : SET(class) & CONNECTOR,
                               &found, standard);
            if (over)
                next = over;
            else if (last != KW_BREAK_HEBREW || class != KW_BREAK_SINGLE_QUOTE)
                break;
            last = over ? found : class;
            class = last;
        }
        previous = class;
        *seen |= bits;
    }
    return p;
}

size_t kw_words_standard(struct kw_view text, size_t at)
{
    unsigned seen;

    return segment_end(text.data, at, text.size, true, &seen);
}

/* ------------------------------------------------------------------ our units */

/* What an ASCII byte does to a word; any byte above 127 is HIGH. */
enum byte_class {
    LETTER,
    DIGIT, /* the last that a word may begin with */
    SEPARATOR,
    COMMA,      /* joins digits */
    APOSTROPHE, /* joins either */
    DOT,        /* the same, and more */
    UNDERSCORE, /* joins all, also several */
    SIGN,       /* + and #, which a letter may keep */
    HIGH,
};

static const uint8_t byte_class[256] = {
    [0 ... '\"'] = SEPARATOR,
    ['#'] = SIGN,
    ['$' ... '&'] = SEPARATOR,
    ['\''] = APOSTROPHE,
    ['(' ... '*'] = SEPARATOR,
    ['+'] = SIGN,
    [','] = COMMA,
    ['-'] = SEPARATOR,
    ['.'] = DOT,
    ['/'] = SEPARATOR,
    ['0' ... '9'] = DIGIT,
    [':'] = SEPARATOR,
    [';'] = COMMA,
    ['<' ... '@'] = SEPARATOR,
    ['A' ... 'Z'] = LETTER,
    ['[' ... '^'] = SEPARATOR,
    ['_'] = UNDERSCORE,
    ['`'] = SEPARATOR,
    ['a' ... 'z'] = LETTER,
    ['{' ... 127] = SEPARATOR,
    [128 ... 255] = HIGH,
};

/* Whether a character ends every word before it, whatever follows; `hebrew` if a Hebrew letter
 * comes before it. */
static inline bool ends_word(unsigned bits, bool hebrew)
{
    const int joining = LETTERS | NUMBERS | IGNORED | LETTER_MIDDLES | NUMBER_MIDDLES | CONNECTOR;

    return bits & KW_CHAR_SPACELESS ||
           !(SET(bits & KW_CHAR_BREAK) & (hebrew ? joining | SET(KW_BREAK_DOUBLE_QUOTE) : joining));
}

/* The end of the letters and digits from `p` on that have two bytes each and are not Hebrew. */
static inline size_t over_letters(const uint8_t *data, size_t p, size_t end)
{
    while (end - p >= 2 && (data[p] & 0xE0) == 0xC0) {
        unsigned code = (data[p] & 0x1FU) << 6 | (data[p + 1] & 0x3FU);
        if (!(kw_character_letters[code / 64] >> code % 64 & 1))
            break;
        p += 2;
    }
    return p;
}

/* The end of the word that begins at `at` with a letter or digit of these bits and ends at `p` if
 * the letters and marks that follow are all there is to it; 0 if only the rules can tell. */
static size_t letters_end(const uint8_t *data, size_t p, size_t end, unsigned bits)
{
    const int going_on = LETTERS | NUMBERS | SET(KW_BREAK_EXTEND) | SET(KW_BREAK_FORMAT);
    bool hebrew = false;
    size_t next = p;

    do {
        if (SET(bits & KW_CHAR_BREAK) & LETTERS)
            hebrew = (bits & KW_CHAR_BREAK) == KW_BREAK_HEBREW;
        p = over_letters(data, next, end);
        if (p != next)
            hebrew = false;
        if (p == end)
            return p;
        bits = kw_character_at(data, p, end, &next);
    } while (SET(bits & KW_CHAR_BREAK) & going_on && !(bits & KW_CHAR_SPACELESS));
    if (ends_word(bits, hebrew))
        return p;
    if (hebrew || SET(bits & KW_CHAR_BREAK) & (IGNORED | CONNECTOR))
        return 0;
    if (next < end && !ends_word(kw_character_at(data, next, end, &next), false))
        return 0;
    return p;
}

/* A unit by the general rules, for whatever is not ASCII alone. */
static size_t general_unit(struct kw_view text, size_t at, enum kw_word_kind *kind)
{
    struct kw_view rest = {text.data + at, text.size - at};
    size_t end = at + kw_utf8_floor(rest, KW_WORD_BYTES), p, next;
    unsigned bits, seen;

    if (end == at) /* not UTF-8 */
        end = text.size;
    bits = kw_character_at(text.data, at, end, &p);
    if (bits & KW_CHAR_SPACELESS) {
        while (p < end && kw_character_at(text.data, p, end, &next) & KW_CHAR_CONTINUES)
            p = next;
        *kind = bits & KW_CHAR_IDEOGRAPH ? KW_WORD_CHARACTER : KW_WORD_CLUSTER;
        return p;
    }
    *kind = bits & KW_CHAR_WORD ? KW_WORD_MIXED : KW_WORD_NONE;
    if (SET(bits & KW_CHAR_BREAK) & (LETTERS | NUMBERS)) {
        p = letters_end(text.data, p, end, bits);
        if (p && *kind == KW_WORD_MIXED)
            return p;
    } else if (!(SET(bits & KW_CHAR_BREAK) & PAIRING)) {
        if (p == end || !(SET(kw_character_at(text.data, p, end, &next) & KW_CHAR_BREAK) & IGNORED))
            return p;
    }
    p = segment_end(text.data, at, end, false, &seen);
    *kind = seen & KW_CHAR_WORD ? KW_WORD_MIXED : KW_WORD_NONE;
    return p;
}

/* Where an ASCII word ends before the character at `p`, which is not ASCII: at `end`, or 0 if only
 * the general rules can tell. */
static inline size_t over_high(struct kw_view text, size_t p, size_t end)
{
    size_t next;

    return ends_word(kw_character_at(text.data, p, text.size, &next), false) ? end : 0;
}

/* Where a word goes on behind the mark at `p` of class `mark`: `p` itself if it does not, 0 if only
 * the general rules can tell. */
static inline size_t over_mark(struct kw_view text, size_t p, uint8_t mark)
{
    uint8_t before = byte_class[text.data[p - 1]], after;
    size_t q = p + 1;

    if (mark == UNDERSCORE)
        while (q < text.size && text.data[q] == '_')
            q++;
    if (q == text.size)
        return p;
    after = byte_class[text.data[q]];
    if (after == HIGH)
        return over_high(text, q, p);
    if (after > DIGIT)
        return p;
    if (mark == COMMA)
        return before == DIGIT && after == DIGIT ? q : p;
    return mark == UNDERSCORE || before == after ? q : p;
}

/* How many of the same byte stand at `at`, counted up to KW_WORD_BYTES. */
static size_t run_of(struct kw_view text, size_t at)
{
    size_t p = at + 1;

    while (p < text.size && text.data[p] == text.data[at] && p - at < KW_WORD_BYTES)
        p++;
    return p - at;
}

/* A unit that begins with an ASCII letter or digit. */
static inline size_t word_unit(struct kw_view text, size_t at, enum kw_word_kind *kind)
{
    const uint8_t *data = text.data;
    size_t p = at;
    /* Behind this it is cut anyway; to look on would take quadratic time. */
    size_t sight = text.size - at > KW_WORD_BYTES ? at + KW_WORD_BYTES + 1 : text.size;

    *kind = KW_WORD_PLAIN;
    for (;;) {
        uint8_t class = SEPARATOR;
        size_t over;

        while (p < sight && (class = byte_class[data[p]]) <= DIGIT)
            p++;
        if (p >= sight || class == SEPARATOR || class == SIGN)
            break;
        over = class == HIGH ? over_high(text, p, p) : over_mark(text, p, class);
        if (!over)
            return general_unit(text, at, kind);
        if (over == p)
            break;
        if (class == DOT)
            *kind = KW_WORD_MIXED;
        p = over;
    }
    if (p - at > KW_TERM_BYTES) {
        *kind = KW_WORD_MIXED;
        return p - at > KW_WORD_BYTES ? general_unit(text, at, kind) : p;
    }
    if (p - at == 1 && p < text.size && byte_class[data[p]] == SIGN &&
        byte_class[data[at]] == LETTER) {
        size_t wanted = data[p] == '+' ? 2 : 1;
        if (run_of(text, p) == wanted)
            return p + wanted;
    }
    return p;
}

/* A unit that begins with a dot, a plus or a number sign: all of them that stand there, so that
 * what remains behind a cut never looks like another word, or ".NET". */
static size_t sign_unit(struct kw_view text, size_t at, enum kw_word_kind *kind)
{
    const uint8_t *p = text.data + at;
    size_t run = run_of(text, at);

    *kind = KW_WORD_NONE;
    if (run == 1 && p[0] == '.' && text.size - at >= 4 && (p[1] | 0x20) == 'n' &&
        (p[2] | 0x20) == 'e' && (p[3] | 0x20) == 't') {
        enum kw_word_kind of_name;
        if (word_unit(text, at + 1, &of_name) == at + 4) {
            *kind = KW_WORD_MIXED;
            return at + 4;
        }
    }
    return at + run;
}

static inline size_t unit(struct kw_view text, size_t at, enum kw_word_kind *kind)
{
    uint8_t class = byte_class[text.data[at]];

    if (class <= DIGIT)
        return word_unit(text, at, kind);
    if (class == HIGH)
        return general_unit(text, at, kind);
    if (class == DOT || class == SIGN)
        return sign_unit(text, at, kind);
    *kind = KW_WORD_NONE;
    return at + 1;
}

/* ------------------------------------------------------------------ elisions */

/* The vowel that an elided word makes room for, an h that is not heard, or y. */
static bool is_vowel(uint32_t code)
{
    static const char vowels[] = "aehiouy";

    if (code < 0x80)
        return code && strchr(vowels, (int)(code | 0x20)) != NULL;
    if (code == 0x0152 || code == 0x0153)
        return true;
    code |= 0x20; /* the lower case of Latin-1 */
    return code >= 0xE0 && code <= 0xFD && code != 0xE7 && code != 0xF0 && code != 0xF1 &&
           code != 0xF7;
}

enum { ELIDED = 6 }; /* letters before an elision at most */

/* Whether these letters with an apostrophe are a word that lost its last vowel before another: an
 * article, a pronoun, a preposition or a conjunction of French, Italian, Catalan or a neighbour. */
static bool is_elided(const uint8_t *word, size_t size)
{
    static const char many[][ELIDED + 1] = {
        "qu",   "jusqu", "lorsqu", "puisqu", "quoiqu", "un",    "gl",  "all",
        "dall", "dell",  "nell",   "sull",   "coll",   "quell", "agl", "dagl",
        "degl", "negl",  "sugl",   "quest",  "com",    "dov",   "cos", "anch",
    };
    char lower[ELIDED + 1] = {0};

    for (size_t i = 0; i < size; i++)
        lower[i] = (char)(word[i] | 0x20);
    if (size == 1)
        return strchr("cdjlmnstv", lower[0]) != NULL;
    for (size_t i = 0; i < sizeof many / sizeof *many; i++)
        if (strcmp(lower, many[i]) == 0)
            return true;
    return false;
}

/* Where the word of the unit text[at..end) begins: behind what is elided before it, if anything is.
 */
static size_t behind_elision(struct kw_view text, size_t at, size_t end)
{
    const uint8_t *data = text.data;
    size_t p = at, letters, next;

    while (p < end && p - at < ELIDED && byte_class[data[p]] == LETTER)
        p++;
    letters = p - at;
    if (letters == 0 || p == end)
        return at;
    if (data[p] == '\'')
        p += 1;
    else if (end - p >= 3 && memcmp(data + p, "\xE2\x80\x99", 3) == 0)
        p += 3;
    else
        return at;
    if (p == end || !is_vowel(kw_utf8_decode(data, p, end, &next)))
        return at;
    return is_elided(data + at, letters) ? p : at;
}

size_t kw_words_unit(struct kw_view text, size_t at, size_t *word, enum kw_word_kind *kind)
{
    size_t end = unit(text, at, kind);

    *word = *kind == KW_WORD_NONE ? at : behind_elision(text, at, end);
    return end;
}
