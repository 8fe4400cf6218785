/* Word segmentation: a path for ASCII that reads bytes and a general one that follows UAX #29
 * character by character. Both give the same units. */
#include "stemmers/words.h"

#include "stemmers/analyzer.h"
#include "stemmers/character.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ the standard's rules */

enum { JOIN_NO, JOIN_YES = 1 << 30 }; /* else a set of classes, one of which must come next */

#define SET(class) (1 << (class))
#define LETTERS (SET(KW_BREAK_LETTER) | SET(KW_BREAK_HEBREW))
#define NUMBERS SET(KW_BREAK_NUMERIC)
#define IGNORED (SET(KW_BREAK_EXTEND) | SET(KW_BREAK_ZWJ) | SET(KW_BREAK_FORMAT))
#define NEWLINES (SET(KW_BREAK_CR) | SET(KW_BREAK_LF) | SET(KW_BREAK_NEWLINE))
#define CONNECTOR SET(KW_BREAK_EXTEND_NUM_LET)
#define LETTER_MIDDLES                                                                             \
    (SET(KW_BREAK_MID_LETTER) | SET(KW_BREAK_MID_NUM_LET) | SET(KW_BREAK_SINGLE_QUOTE))
#define NUMBER_MIDDLES                                                                             \
    (SET(KW_BREAK_MID_NUM) | SET(KW_BREAK_MID_NUM_LET) | SET(KW_BREAK_SINGLE_QUOTE))

/* The Word_Break class; for our units, scripts without spaces do not join anything. */
static inline unsigned class_of(unsigned bits, bool standard)
{
    return !standard && bits & KW_CHAR_SPACELESS ? KW_BREAK_OTHER : bits & KW_CHAR_BREAK;
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
    COLON,      /* joins letters */
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
    [':'] = COLON,
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
    p = segment_end(text.data, at, end, false, &seen);
    *kind = seen & KW_CHAR_WORD ? KW_WORD_MIXED : KW_WORD_NONE;
    return p;
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
        return 0;
    if (after > DIGIT)
        return p;
    if (mark == COLON)
        return before == LETTER && after == LETTER ? q : p;
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
        over = class == HIGH ? 0 : over_mark(text, p, class);
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

size_t kw_words_unit(struct kw_view text, size_t at, enum kw_word_kind *kind)
{
    return unit(text, at, kind);
}

enum kw_status kw_words_scan(struct kw_words *words, struct kw_view text, size_t until,
                             struct kw_error *error)
{
    size_t at = 0;

    words->count = 0;
    while (at < until && at < text.size) {
        enum kw_word_kind kind;
        size_t end = unit(text, at, &kind);

        if (kind != KW_WORD_NONE) {
            if (at > UINT32_MAX - KW_PASSAGE_BYTES)
                return kw_fail(error, KW_E_INPUT, "text of 4 GiB or more in one piece");
            if (!kw_grow(words, words->count + 1))
                return kw_fail_memory(error);
            words->items[words->count++] =
                (struct kw_word){(uint32_t)at, (uint16_t)(end - at), (uint16_t)kind};
        }
        at = end;
    }
    return KW_OK;
}

void kw_words_release(struct kw_words *words)
{
    free(words->items);
    *words = (struct kw_words)KW_WORDS_INIT;
}
