/* Folding words: ASCII by itself, most others by a table of characters, the rest by utf8proc. */
#include "stemmers/fold.h"

#include "stemmers/analyzer.h"
#include "stemmers/character.h"
#include "stemmers/fold_table.h"
#include "stemmers/other_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <utf8proc.h>

/* 64-bit FNV-1a (Fowler, Noll, Vo), kept here because terms on disk depend on it. */
static uint64_t term_hash(struct kw_view term)
{
    uint64_t hash = 0xCBF29CE484222325U;

    for (size_t i = 0; i < term.size; i++)
        hash = (hash ^ term.data[i]) * 0x100000001B3U;
    return hash;
}

/* Whether the term was too long. */
static bool shorten(struct kw_bytes *term)
{
    char digits[17];
    size_t kept;

    if (term->size <= KW_TERM_BYTES)
        return false;
    kept = kw_utf8_floor(kw_bytes_view(term), KW_TERM_KEPT);
    snprintf(digits, sizeof digits, "%016llx", (unsigned long long)term_hash(kw_bytes_view(term)));
    term->size = kept;
    kw_bytes_append(term, digits, 16);
    return true;
}

/* ------------------------------------------------------------------ ASCII */

/* Whether a word is ASCII and its case that of ASCII, too. */
static bool is_plain(const struct kw_fold *fold, struct kw_view word)
{
    for (size_t i = 0; i < word.size; i++)
        if (word.data[i] >= 0x80 || (fold->turkic && word.data[i] == 'I'))
            return false;
    return true;
}

static bool is_ascii_letter(uint8_t byte)
{
    return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
}

/* Single letters with dots between: at least two letters. */
static bool is_ascii_acronym(struct kw_view word)
{
    if (word.size < 3 || word.size % 2 == 0)
        return false;
    for (size_t i = 0; i < word.size; i++)
        if (i % 2 ? word.data[i] != '.' : !is_ascii_letter(word.data[i]))
            return false;
    return true;
}

static void fold_ascii(struct kw_fold *fold, struct kw_view word)
{
    uint8_t *to = kw_bytes_reserve(&fold->written, word.size);
    size_t step = is_ascii_acronym(word) ? 2 : 1, size = 0;

    if (!to)
        return;
    for (size_t i = 0; i < word.size; i += step) {
        uint8_t byte = word.data[i];
        to[size++] = byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte;
    }
    fold->written.size = size;
    kw_bytes_append_view(&fold->surface, kw_bytes_view(&fold->written));
}

/* ------------------------------------------------------------------ the table */

/* Copies the bytes of a character. */
static inline uint8_t *put_character(uint8_t *to, const uint8_t *from, size_t size)
{
    for (size_t i = 0; i < size; i++)
        to[i] = from[i];
    return to + size;
}

/* Copies the bytes of a form, perhaps with others behind it. */
static inline uint8_t *put_form(uint8_t *to, const uint8_t *from, size_t size)
{
    if (size <= KW_FOLD_SLACK)
        memcpy(to, from, KW_FOLD_SLACK);
    else
        memcpy(to, from, size);
    return to + size;
}

/* Folds a word whose characters have forms of their own; false, with the forms undefined, if one
 * depends on its neighbours. */
static bool fold_by_table(struct kw_fold *fold, struct kw_view word)
{
    size_t room = word.size * KW_FOLD_GROWTH + KW_FOLD_SLACK, next;
    uint8_t *written = kw_bytes_reserve(&fold->written, room);
    uint8_t *surface = kw_bytes_reserve(&fold->surface, room);
    bool marked = false; /* there is a mark behind the last letter */

    if (!written || !surface)
        return true;
    for (size_t at = 0; at < word.size; at = next) {
        uint32_t code = kw_utf8_decode(word.data, at, word.size, &next);
        unsigned value = kw_fold_value(code), mark = value & KW_FOLD_MARK;

        if (value == KW_FOLD_HARD || (mark && marked) || (fold->turkic && code == 'I'))
            return false;
        value -= mark;
        if (value == KW_FOLD_SAME) {
            written = put_character(written, word.data + at, next - at);
            surface = put_character(surface, word.data + at, next - at);
            marked = mark != 0;
        } else {
            const struct kw_fold_entry *entry = &kw_fold_entries[value - 2];
            written = put_form(written, kw_fold_pool + entry->at, entry->written);
            surface = put_form(surface, kw_fold_pool + entry->at + entry->written, entry->surface);
            marked = mark != 0 || (marked && entry->surface == 0);
        }
    }
    fold->written.size = (size_t)(written - fold->written.data);
    fold->surface.size = (size_t)(surface - fold->surface.data);
    return true;
}

/* ------------------------------------------------------------------ the general rules */

/* Codes that a character decomposes into at most: U+FDFA gives eighteen. */
enum { DECOMPOSED = 32 };

static void append_codes(struct kw_bytes *bytes, const int32_t *codes, size_t count)
{
    uint8_t *to = kw_bytes_reserve(bytes, count * KW_UTF8_BYTES);

    if (!to)
        return;
    for (size_t i = 0; i < count; i++)
        bytes->size += kw_utf8_encode((uint32_t)codes[i], bytes->data + bytes->size);
}

static bool grow_codes(struct kw_fold *fold, size_t count)
{
    struct {
        int32_t *items;
        size_t capacity;
    } grown = {fold->codes, fold->capacity};

    if (!kw_grow(&grown, count))
        return false;
    fold->codes = grown.items;
    fold->capacity = grown.capacity;
    return true;
}

/* Whether two characters that stand so are not in canonical order. */
static bool are_swapped(int32_t first, int32_t second)
{
    uint8_t class = (uint8_t)utf8proc_get_property(second)->combining_class;

    return class > 0 && utf8proc_get_property(first)->combining_class > class;
}

/* Puts `count` marks into canonical order, by way of room for as many: a distribution by classes,
 * as there may be hundreds. */
static void order_marks(int32_t *marks, size_t count, int32_t *room)
{
    size_t place[256] = {0}, sum = 0;

    for (size_t i = 0; i < count; i++)
        place[(uint8_t)utf8proc_get_property(marks[i])->combining_class]++;
    for (size_t rank = 0; rank < 256; rank++) {
        size_t of_rank = place[rank];
        place[rank] = sum;
        sum += of_rank;
    }
    for (size_t i = 0; i < count; i++)
        room[place[(uint8_t)utf8proc_get_property(marks[i])->combining_class]++] = marks[i];
    memcpy(marks, room, count * sizeof *marks);
}

/* Puts what is decomposed into canonical order (Unicode Standard, D109), in linear time, unlike
 * utf8proc_decompose. There is room for as many codes behind them. */
static void order(int32_t *codes, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        size_t first = i - 1, end = i + 1;

        if (!are_swapped(codes[i - 1], codes[i]))
            continue;
        while (first > 0 && utf8proc_get_property(codes[first - 1])->combining_class)
            first--;
        while (end < count && utf8proc_get_property(codes[end])->combining_class)
            end++;
        order_marks(codes + first, end - first, codes + count);
        i = end;
    }
}

/* The decomposition of `word` under `options` into fold->codes; how many, or an error of utf8proc.
 */
static utf8proc_ssize_t decompose(struct kw_fold *fold, struct kw_view word, int options)
{
    size_t count = 0;

    for (size_t at = 0; at < word.size;) {
        utf8proc_int32_t code;
        utf8proc_ssize_t size =
            utf8proc_iterate(word.data + at, (utf8proc_ssize_t)(word.size - at), &code);
        int class = 0;

        if (size <= 0)
            return UTF8PROC_ERROR_INVALIDUTF8;
        if (!grow_codes(fold, 2 * (count + DECOMPOSED)))
            return UTF8PROC_ERROR_NOMEM;
        count += (size_t)utf8proc_decompose_char(code, fold->codes + count, DECOMPOSED,
                                                 (utf8proc_option_t)options, &class);
        at += (size_t)size;
    }
    order(fold->codes, count);
    return (utf8proc_ssize_t)count;
}

static bool is_break(int32_t code, unsigned wanted)
{
    return (kw_character((uint32_t)code) & KW_CHAR_BREAK) == wanted;
}

static bool is_cyrillic_vowel(int32_t code)
{
    switch (code) {
    case 0x0430: /* а */
    case 0x0435: /* е */
    case 0x0438: /* и */
    case 0x043E: /* о */
    case 0x0443: /* у */
    case 0x044B: /* ы */
    case 0x044D: /* э */
    case 0x044E: /* ю */
    case 0x044F: /* я */
    case 0x0454: /* є */
    case 0x0456: /* і */
        return true;
    default:
        return false;
    }
}

/* Single letters, each with its marks, and dots between. */
static bool is_acronym(const int32_t *codes, size_t count)
{
    size_t letters = 0;

    for (size_t i = 0; i < count;) {
        if (!is_break(codes[i], KW_BREAK_LETTER) && !is_break(codes[i], KW_BREAK_HEBREW))
            return false;
        letters++;
        for (i++; i < count && is_break(codes[i], KW_BREAK_EXTEND); i++)
            ;
        if (i < count && (codes[i++] != '.' || i == count))
            return false;
    }
    return letters >= 2;
}

/* Makes apostrophes alike, drops the white space that compatibility mappings bring, the dots of an
 * abbreviation, the acute that only shows the stress of a Cyrillic vowel, and a second dot on an i,
 * such as the lower case of İ has. */
static size_t tidy(int32_t *codes, size_t count)
{
    bool acronym = is_acronym(codes, count);
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        int32_t code = codes[i];
        if (code == 0x2018 || code == 0x2019 || code == 0x02BC || code == 0x05F3)
            code = '\'';
        else if (code == 0x05F4)
            code = '"';
        if ((acronym && code == '.') ||
            (code == 0x0301 && kept > 0 && is_cyrillic_vowel(codes[kept - 1])) ||
            (code == 0x0307 && kept > 0 && codes[kept - 1] == 'i') ||
            (kw_character((uint32_t)code) & KW_CHAR_SENTENCE) == KW_SENTENCE_SPACE)
            continue;
        codes[kept++] = code;
    }
    return kept;
}

/* Whether a surface form goes without this mark of decomposed text behind this letter. */
static bool is_dropped(int32_t mark, int32_t base)
{
    if ((kw_character((uint32_t)base) & KW_CHAR_MARK_BASE) != 0)
        return true;
    if (is_cyrillic_vowel(base))
        return mark == 0x0300 || mark == 0x0301 || (mark == 0x0308 && base == 0x0435);
    return base == 0x0627 && mark >= 0x0653 && mark <= 0x0655;
}

/* Drops the marks of decomposed text that a surface form goes without. */
static size_t drop_marks(int32_t *codes, size_t count)
{
    int32_t base = 0;
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        unsigned bits = kw_character((uint32_t)codes[i]);
        bool mark = (bits & KW_CHAR_MARK_AFTER_BASE) != 0;
        if (bits & KW_CHAR_MARK_ALWAYS || (mark && is_dropped(codes[i], base)))
            continue;
        if (!is_break(codes[i], KW_BREAK_EXTEND))
            base = codes[i];
        codes[kept++] = codes[i];
    }
    return kept;
}

/* Appends the letters that readers write for each character. */
static void append_letters(struct kw_bytes *bytes, const int32_t *codes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned value = kw_fold_value((uint32_t)codes[i]) & ~(unsigned)KW_FOLD_MARK;

        if (value > KW_FOLD_SAME) {
            const struct kw_fold_entry *entry = &kw_fold_entries[value - 2];
            kw_bytes_append(bytes, kw_fold_pool + entry->at + entry->written, entry->surface);
        } else {
            append_codes(bytes, &codes[i], 1);
        }
    }
}

static enum kw_status fold_failed(utf8proc_ssize_t code, struct kw_error *error)
{
    if (code == UTF8PROC_ERROR_NOMEM)
        return kw_fail_memory(error);
    return kw_fail(error, KW_E_INPUT, "a word is not valid utf-8: %s", utf8proc_errmsg(code));
}

/* Replaces what `bytes` holds by its canonical composition. */
static utf8proc_ssize_t compose(struct kw_fold *fold, struct kw_bytes *bytes)
{
    const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
    utf8proc_ssize_t count = decompose(fold, kw_bytes_view(bytes), options);

    if (count < 0)
        return count;
    count = utf8proc_normalize_utf32(fold->codes, count, options);
    kw_bytes_clear(bytes);
    append_codes(bytes, fold->codes, (size_t)count);
    return count;
}

/* The word with the capital I of Turkish in lower case, in fold->surface. */
static struct kw_view lower_turkic(struct kw_fold *fold, struct kw_view word)
{
    size_t next;

    for (size_t at = 0; at < word.size; at = next) {
        uint32_t code = kw_utf8_decode(word.data, at, word.size, &next);
        bool dotted = next + 2 <= word.size && memcmp(word.data + next, "\xCC\x87", 2) == 0;

        if (code == 0x0130 || (code == 'I' && dotted)) {
            kw_bytes_append_byte(&fold->surface, 'i');
            next += code == 'I' ? 2 : 0;
        } else if (code == 'I') {
            kw_bytes_append(&fold->surface, "\xC4\xB1", 2);
        } else {
            kw_bytes_append(&fold->surface, word.data + at, next - at);
        }
    }
    return kw_bytes_view(&fold->surface);
}

/* Folds any word by NFKC_Casefold and the rules of both forms. */
static enum kw_status fold_general(struct kw_fold *fold, struct kw_view word,
                                   struct kw_error *error)
{
    const int casefold =
        UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
    utf8proc_ssize_t count =
        decompose(fold, fold->turkic ? lower_turkic(fold, word) : word, casefold);

    kw_bytes_clear(&fold->surface);
    if (count < 0)
        return fold_failed(count, error);
    count = (utf8proc_ssize_t)tidy(fold->codes, (size_t)count);
    append_codes(&fold->written, fold->codes, (size_t)count);
    count = compose(fold, &fold->written);
    if (count >= 0)
        count =
            decompose(fold, kw_bytes_view(&fold->written), UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
    if (count < 0)
        return fold_failed(count, error);
    count = (utf8proc_ssize_t)drop_marks(fold->codes, (size_t)count);
    append_letters(&fold->surface, fold->codes, (size_t)count);
    count = compose(fold, &fold->surface);
    return count < 0 ? fold_failed(count, error) : KW_OK;
}

static enum kw_status finish(struct kw_fold *fold, struct kw_error *error)
{
    if (fold->keep_accents)
        kw_bytes_clear(&fold->surface);
    if (fold->surface.size == 0)
        kw_bytes_append_view(&fold->surface, kw_bytes_view(&fold->written));
    shorten(&fold->written);
    fold->cut = shorten(&fold->surface);
    if (fold->written.failed || fold->surface.failed)
        return kw_fail_memory(error);
    return KW_OK;
}

static void start(struct kw_fold *fold)
{
    kw_bytes_clear(&fold->written);
    kw_bytes_clear(&fold->surface);
}

enum kw_status kw_fold_word(struct kw_fold *fold, struct kw_view word, struct kw_error *error)
{
    start(fold);
    if (fold->rules != KW_RULES_OWN) {
        kw_other_words_fold(fold, word);
        return finish(fold, error);
    }
    if (is_plain(fold, word))
        fold_ascii(fold, word);
    else if (kw_utf8_valid(word) != word.size || !fold_by_table(fold, word))
        return kw_fold_general(fold, word, error);
    return finish(fold, error);
}

enum kw_status kw_fold_general(struct kw_fold *fold, struct kw_view word, struct kw_error *error)
{
    enum kw_status status;

    start(fold);
    status = fold_general(fold, word, error);
    return status == KW_OK ? finish(fold, error) : status;
}

void kw_fold_release(struct kw_fold *fold)
{
    kw_bytes_release(&fold->written);
    kw_bytes_release(&fold->surface);
    free(fold->codes);
    *fold = (struct kw_fold)KW_FOLD_INIT;
}
