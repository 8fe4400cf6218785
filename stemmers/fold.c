/* Folding words with utf8proc, and without it where they are ASCII. */
#include "stemmers/fold.h"

#include "stemmers/analyzer.h"
#include "stemmers/character.h"

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

static void shorten(struct kw_bytes *term)
{
    char digits[17];
    size_t kept;

    if (term->size <= KW_TERM_BYTES)
        return;
    kept = kw_utf8_floor(kw_bytes_view(term), KW_TERM_KEPT);
    snprintf(digits, sizeof digits, "%016llx", (unsigned long long)term_hash(kw_bytes_view(term)));
    term->size = kept;
    kw_bytes_append(term, digits, 16);
}

static void append_codes(struct kw_bytes *bytes, const int32_t *codes, size_t count)
{
    uint8_t *to = kw_bytes_reserve(bytes, count * KW_UTF8_BYTES);

    if (!to)
        return;
    for (size_t i = 0; i < count; i++)
        bytes->size += kw_utf8_encode((uint32_t)codes[i], bytes->data + bytes->size);
}

/* ------------------------------------------------------------------ ASCII */

static bool is_ascii(struct kw_view word)
{
    for (size_t i = 0; i < word.size; i++)
        if (word.data[i] >= 0x80)
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

/* ------------------------------------------------------------------ all else */

/* The decomposition of `word` under `options` into fold->codes; how many, or an error of utf8proc.
 */
static utf8proc_ssize_t decompose(struct kw_fold *fold, struct kw_view word, int options)
{
    for (;;) {
        utf8proc_ssize_t count =
            utf8proc_decompose(word.data, (utf8proc_ssize_t)word.size, fold->codes,
                               (utf8proc_ssize_t)fold->capacity, (utf8proc_option_t)options);
        struct {
            int32_t *items;
            size_t capacity;
        } grown = {fold->codes, fold->capacity};

        if (count < 0 || (size_t)count <= fold->capacity)
            return count;
        if (!kw_grow(&grown, (size_t)count))
            return UTF8PROC_ERROR_NOMEM;
        fold->codes = grown.items;
        fold->capacity = grown.capacity;
    }
}

static bool is_break(int32_t code, unsigned wanted)
{
    return (kw_character((uint32_t)code) & KW_CHAR_BREAK) == wanted;
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

/* Makes apostrophes alike and drops the white space that compatibility mappings bring, and the dots
 * of an abbreviation. */
static size_t tidy(int32_t *codes, size_t count)
{
    bool acronym = is_acronym(codes, count);
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        int32_t code = codes[i];
        if (code == 0x2018 || code == 0x2019 || code == 0x02BC)
            code = '\'';
        if ((kw_character((uint32_t)code) & KW_CHAR_SENTENCE) != KW_SENTENCE_SPACE &&
            (!acronym || code != '.'))
            codes[kept++] = code;
    }
    return kept;
}

/* Drops the marks of decomposed text that a surface form goes without. */
static size_t drop_marks(int32_t *codes, size_t count)
{
    bool base = false;
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        unsigned bits = kw_character((uint32_t)codes[i]);
        bool mark = (bits & KW_CHAR_MARK_AFTER_BASE) != 0;
        if (bits & KW_CHAR_MARK_ALWAYS || (mark && base))
            continue;
        if (!mark)
            base = (bits & KW_CHAR_MARK_BASE) != 0;
        codes[kept++] = codes[i];
    }
    return kept;
}

static enum kw_status fold_failed(utf8proc_ssize_t code, struct kw_error *error)
{
    if (code == UTF8PROC_ERROR_NOMEM)
        return kw_fail_memory(error);
    return kw_fail(error, KW_E_INPUT, "a word is not valid utf-8: %s", utf8proc_errmsg(code));
}

static enum kw_status fold_general(struct kw_fold *fold, struct kw_view word,
                                   struct kw_error *error)
{
    const int casefold =
        UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
    const int compose = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
    utf8proc_ssize_t count = decompose(fold, word, casefold);

    if (count < 0)
        return fold_failed(count, error);
    count = (utf8proc_ssize_t)tidy(fold->codes, (size_t)count);
    count = utf8proc_normalize_utf32(fold->codes, count, (utf8proc_option_t)compose);
    append_codes(&fold->written, fold->codes, (size_t)count);
    count = decompose(fold, kw_bytes_view(&fold->written), UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
    if (count < 0)
        return fold_failed(count, error);
    count = (utf8proc_ssize_t)drop_marks(fold->codes, (size_t)count);
    count = utf8proc_normalize_utf32(fold->codes, count, (utf8proc_option_t)compose);
    append_codes(&fold->surface, fold->codes, (size_t)count);
    if (fold->surface.size == 0)
        kw_bytes_append_view(&fold->surface, kw_bytes_view(&fold->written));
    return KW_OK;
}

enum kw_status kw_fold_word(struct kw_fold *fold, struct kw_view word, struct kw_error *error)
{
    enum kw_status status = KW_OK;

    kw_bytes_clear(&fold->written);
    kw_bytes_clear(&fold->surface);
    if (is_ascii(word))
        fold_ascii(fold, word);
    else
        status = fold_general(fold, word, error);
    if (status != KW_OK)
        return status;
    shorten(&fold->written);
    shorten(&fold->surface);
    if (fold->written.failed || fold->surface.failed)
        return kw_fail_memory(error);
    return KW_OK;
}

void kw_fold_release(struct kw_fold *fold)
{
    kw_bytes_release(&fold->written);
    kw_bytes_release(&fold->surface);
    free(fold->codes);
    *fold = (struct kw_fold)KW_FOLD_INIT;
}
