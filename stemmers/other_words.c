/* Cuts and folds as Xapian's TermGenerator, mu and Recoll do. */
#include "stemmers/other_words.h"

#include "stemmers/analyzer.h"
#include "stemmers/utf8.h"

#include <stdlib.h>
#include <utf8proc.h>

enum { SUFFIXES = 3 }; /* signs such as those of C++, at most */

enum {
    LETTERS = 1 << UTF8PROC_CATEGORY_LU | 1 << UTF8PROC_CATEGORY_LL | 1 << UTF8PROC_CATEGORY_LT |
              1 << UTF8PROC_CATEGORY_LM | 1 << UTF8PROC_CATEGORY_LO,
    MARKS = 1 << UTF8PROC_CATEGORY_MN | 1 << UTF8PROC_CATEGORY_MC | 1 << UTF8PROC_CATEGORY_ME,
    DIGITS = 1 << UTF8PROC_CATEGORY_ND,
    NUMBERS = DIGITS | 1 << UTF8PROC_CATEGORY_NL,
    OTHERS = 1 << UTF8PROC_CATEGORY_NO | 1 << UTF8PROC_CATEGORY_PC,
};

static bool is_in(uint32_t code, int categories)
{
    return (1 << utf8proc_category((utf8proc_int32_t)code) & categories) != 0;
}

static bool is_word(uint32_t code, enum kw_rules rules)
{
    int categories = LETTERS | MARKS | NUMBERS;
    return is_in(code, rules == KW_RULES_RECOLL ? categories : categories | OTHERS);
}

static bool is_capital(uint32_t code)
{
    return code >= 'A' && code <= 'Z';
}

/* Characters that are nothing inside a word. */
static bool is_nothing(uint32_t code)
{
    return (code >= 0x200B && code <= 0x200D) || code == 0x2060 || code == 0xFEFF;
}

/* Whether a sign joins what stands before and behind it, both of a word. */
static bool is_middle(uint32_t code, bool digits, enum kw_rules rules)
{
    static const uint32_t between[] = {'\'', '&', 0xB7, 0x5F4, 0x2027, 0x2019, 0x201B};
    static const uint32_t in_numbers[] = {',',   '.',    ';',    0x37E,  0x589, 0x60D,
                                          0x7F8, 0x2044, 0xFE10, 0xFE13, 0xFE14};
    if (rules == KW_RULES_RECOLL)
        return digits && code == '.';
    if (is_nothing(code))
        return true;
    if (digits) {
        for (size_t i = 0; i < sizeof in_numbers / sizeof *in_numbers; i++)
            if (code == in_numbers[i])
                return true;
        return false;
    }
    for (size_t i = 0; i < sizeof between / sizeof *between; i++)
        if (code == between[i])
            return true;
    return false;
}

/* ---- Words -------------------------------------------------------------------------------- */

/* A place in a text: the character there, 0 behind the end, and where the next one begins. */
struct place {
    struct kw_view text;
    size_t at;
    size_t next;
    uint32_t code;
};

static void go_to(struct place *place, size_t at)
{
    place->at = place->next = at;
    place->code = 0;
    if (at < place->text.size)
        place->code = kw_utf8_decode(place->text.data, at, place->text.size, &place->next);
}

/* The end of the capitals with dots behind them that begin at `at`, or `at` if they are fewer than
 * two, or a letter or digit follows. */
static size_t acronym_end(struct kw_view text, size_t at, enum kw_rules rules)
{
    struct place place = {.text = text};
    size_t p = at, letters = 0, end;
    do {
        end = ++p;
        letters++;
        p += p < text.size && text.data[p] == '.';
    } while (p > end && p < text.size && is_capital(text.data[p]));
    go_to(&place, p);
    return letters > 1 && !is_word(place.code, rules) ? end : at;
}

/* The end of the signs that belong to the word which ends at `at`, as those of C++. */
static size_t suffix_end(struct kw_view text, size_t at, size_t size, enum kw_rules rules)
{
    struct place place = {.text = text};
    size_t end = at;
    while (end < text.size && (text.data[end] == '+' || text.data[end] == '#'))
        end++;
    go_to(&place, end);
    if (end - at > SUFFIXES || is_word(place.code, rules))
        return at;
    return rules == KW_RULES_RECOLL && size > 1 ? at : end;
}

/* The end of the word that begins at `at`. */
static size_t word_end(struct kw_view text, size_t at, enum kw_rules rules)
{
    struct place place = {.text = text};
    uint32_t before = 0;
    if (rules == KW_RULES_XAPIAN && is_capital(text.data[at])) {
        size_t end = acronym_end(text, at, rules);
        if (end > at)
            return end;
    }
    go_to(&place, at);
    while (place.at - at < KW_WORD_BYTES - 2 * SUFFIXES - 2) {
        struct place behind = {.text = text};
        if (place.at < text.size && is_word(place.code, rules)) {
            before = place.code;
            go_to(&place, place.next);
            continue;
        }
        if (place.at >= text.size)
            break;
        go_to(&behind, place.next);
        if (behind.at >= text.size || !is_word(behind.code, rules) ||
            !is_middle(place.code, is_in(before, DIGITS) && is_in(behind.code, DIGITS), rules))
            break;
        place = behind;
    }
    return suffix_end(text, place.at, place.at - at, rules);
}

/* Copies the text with A to Z as a to z, and room behind it. */
static bool copy_lower(struct kw_words *words, struct kw_view text)
{
    struct {
        uint8_t *items;
        size_t capacity;
    } lower = {words->lower, words->lower_capacity};
    if (!kw_grow(&lower, text.size + KW_BLOCK))
        return false;
    words->lower = lower.items;
    words->lower_capacity = lower.capacity;
    for (size_t i = 0; i < text.size; i++)
        lower.items[i] = text.data[i] | (is_capital(text.data[i]) ? 0x20 : 0);
    memset(lower.items + text.size, 0, KW_BLOCK);
    return true;
}

static bool add_word(struct kw_words *words, size_t start, size_t end)
{
    struct {
        uint32_t *items;
        size_t capacity;
    } gaps = {words->gaps, words->capacity};
    if (words->count == words->capacity) {
        if (!kw_grow(&gaps, words->count + 1))
            return false;
        words->gaps = gaps.items;
        if (!kw_grow(words, words->count + 1))
            return false;
    }
    words->gaps[words->gap_count++] = (uint32_t)words->count;
    words->items[words->count++] =
        (struct kw_word){(uint32_t)start, (uint16_t)(end - start), KW_WORD_MIXED};
    return true;
}

enum kw_status kw_other_words_scan(struct kw_words *words, struct kw_view text, size_t until,
                                   struct kw_error *error)
{
    struct place place = {.text = text};
    if (until > text.size)
        until = text.size;
    if (until > UINT32_MAX - KW_PASSAGE_BYTES)
        return kw_fail(error, KW_E_INPUT, "text of 4 GiB or more in one piece");
    size_t sight = text.size - until > KW_WORD_BYTES ? until + KW_WORD_BYTES : text.size;
    words->count = words->gap_count = 0;
    if (!copy_lower(words, (struct kw_view){text.data, sight}))
        return kw_fail_memory(error);
    for (go_to(&place, 0); place.at < until;) {
        size_t start = place.at;
        if (!is_word(place.code, words->rules)) {
            go_to(&place, place.next);
            continue;
        }
        go_to(&place, word_end(text, start, words->rules));
        if (!add_word(words, start, place.at))
            return kw_fail_memory(error);
    }
    return KW_OK;
}

/* ---- Forms -------------------------------------------------------------------------------- */

static void append(struct kw_bytes *out, utf8proc_int32_t code)
{
    utf8proc_uint8_t bytes[4];
    utf8proc_ssize_t size = utf8proc_encode_char(code, bytes);
    if (size > 0)
        kw_bytes_append(out, bytes, (size_t)size);
}

/* Appends a character of Xapian's as it is in a term; `before` is the one before it. */
static void append_lower(struct kw_bytes *out, uint32_t code, uint32_t before)
{
    if (is_nothing(code) || (code == '.' && !is_in(before, DIGITS)))
        return;
    append(out, code == 0x2019 || code == 0x201B ? '\'' : utf8proc_tolower((int32_t)code));
}

/* Appends a character of Recoll's; two letters in one are two. */
static void append_folded(struct kw_bytes *out, uint32_t code)
{
    if (code == 0xE6)
        kw_bytes_append_text(out, "ae");
    else if (code == 0x153)
        kw_bytes_append_text(out, "oe");
    else
        append(out, (int32_t)code);
}

void kw_other_words_fold(struct kw_fold *fold, struct kw_view word)
{
    utf8proc_uint8_t *mapped = NULL;
    const struct kw_view raw = word;
    uint32_t before = 0, code;
    int options = UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_STRIPMARK;
    if (fold->rules == KW_RULES_RECOLL)
        options |= UTF8PROC_CASEFOLD;
    if (fold->rules != KW_RULES_XAPIAN) {
        utf8proc_ssize_t size = utf8proc_map(word.data, (utf8proc_ssize_t)word.size, &mapped,
                                             (utf8proc_option_t)options);
        fold->written.failed |= size == UTF8PROC_ERROR_NOMEM;
        if (size >= 0)
            word = (struct kw_view){mapped, (size_t)size};
    }
    for (size_t at = 0, next; at < word.size; at = next, before = code) {
        code = kw_utf8_decode(word.data, at, word.size, &next);
        if (fold->rules == KW_RULES_RECOLL)
            append_folded(&fold->written, code);
        else
            append_lower(&fold->written, code, before);
    }
    if (!fold->written.size)
        kw_bytes_append_view(&fold->written, raw); /* nothing but marks: a word all the same */
    free(mapped);
}

bool kw_other_words_stems(struct kw_view word)
{
    size_t next;
    return word.size && is_in(kw_utf8_decode(word.data, 0, word.size, &next), LETTERS);
}
