/* The batch analyzer: words, passages, folding and vocabularies put together. */
#include "stemmers/analyzer.h"

#include "stemmers/fold.h"
#include "stemmers/language.h"
#include "stemmers/passages.h"
#include "stemmers/stem.h"
#include "stemmers/vocabulary.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    WINDOW_BYTES = 1 << 20,
    GROUP = 32, /* words that are looked up together */
};

struct numbers {
    uint32_t *items;
    size_t count;
    size_t capacity;
};

struct kw_analyzer {
    struct kw_stemmer stemmer;
    struct kw_fold fold;
    struct kw_words words; /* of the text at hand */
    size_t window;         /* how many bytes of a body are analysed at a time */

    struct kw_vocabulary written;
    struct kw_vocabulary surfaces;
    struct kw_vocabulary stems;
    struct kw_vocabulary raw;  /* words as they stand in the text, unless plain */
    struct numbers raw_word;   /* raw -> written, or KW_NO_WORD */
    struct numbers surface_of; /* written -> surface */
    struct numbers stem_of;    /* written -> stem, for those that a close has seen */

    uint32_t *token[4]; /* word, position, start, end */
    size_t tokens;
    size_t token_capacity;
    struct {
        struct kw_passage *items;
        size_t count;
        size_t capacity;
    } passages;
};

enum { TOKEN_WORD, TOKEN_POSITION, TOKEN_START, TOKEN_END };

enum kw_status kw_analyzer_new(struct kw_analyzer **out, struct kw_analysis *settings,
                               struct kw_error *error)
{
    struct kw_analyzer *analyzer;
    const char *language;
    enum kw_status status;

    *out = NULL;
    if (settings->version != KW_ANALYSIS_VERSION)
        return kw_fail(error, KW_E_VERSION, "analysis version %u is not this program's, %d",
                       settings->version, KW_ANALYSIS_VERSION);
    language = memchr(settings->language, 0, sizeof settings->language)
                   ? kw_language_find(settings->language)
                   : NULL;
    if (!language)
        return kw_fail(error, KW_E_USAGE, "unknown language '%.*s'", (int)sizeof settings->language,
                       settings->language);
    analyzer = (struct kw_analyzer *)calloc(1, sizeof *analyzer);
    if (!analyzer)
        return kw_fail_memory(error);
    analyzer->window = WINDOW_BYTES;
    status = kw_stemmer_init(&analyzer->stemmer, language, error);
    if (status != KW_OK) {
        kw_analyzer_free(analyzer);
        return status;
    }
    snprintf(settings->language, sizeof settings->language, "%s", language);
    *out = analyzer;
    return KW_OK;
}

void kw_analyzer_free(struct kw_analyzer *analyzer)
{
    if (!analyzer)
        return;
    kw_stemmer_release(&analyzer->stemmer);
    kw_fold_release(&analyzer->fold);
    kw_words_release(&analyzer->words);
    kw_vocabulary_release(&analyzer->written);
    kw_vocabulary_release(&analyzer->surfaces);
    kw_vocabulary_release(&analyzer->stems);
    kw_vocabulary_release(&analyzer->raw);
    free(analyzer->raw_word.items);
    free(analyzer->surface_of.items);
    free(analyzer->stem_of.items);
    for (int i = 0; i < 4; i++)
        free(analyzer->token[i]);
    free(analyzer->passages.items);
    free(analyzer);
}

void kw_analyzer_set_window(struct kw_analyzer *analyzer, size_t bytes)
{
    analyzer->window = bytes;
}

/* ------------------------------------------------------------------ words to numbers */

/* The id of a written form, with its surface form noted. KW_NO_WORD when memory runs out. */
static uint32_t intern(struct kw_analyzer *analyzer, const struct kw_vocabulary_key *written,
                       struct kw_view surface)
{
    struct numbers *surface_of = &analyzer->surface_of;
    uint32_t word = kw_vocabulary_add_key(&analyzer->written, written), number;

    if (word == KW_NO_WORD || word < surface_of->count)
        return word;
    number = kw_grow(surface_of, surface_of->count + 1)
                 ? kw_vocabulary_add(&analyzer->surfaces, surface)
                 : KW_NO_WORD;
    if (number == KW_NO_WORD) {
        kw_vocabulary_drop_last(&analyzer->written);
        return KW_NO_WORD;
    }
    surface_of->items[surface_of->count++] = number;
    return word;
}

/* Eight ASCII bytes in lower case. */
static inline uint64_t lower_eight(uint64_t eight)
{
    uint64_t low = eight & 0x7F7F7F7F7F7F7F7FU;
    uint64_t upper = (low + 0x3F3F3F3F3F3F3F3FU) & ~(low + 0x2525252525252525U) & ~eight &
                     0x8080808080808080U; /* the high bit where a byte is in A..Z */

    return eight | upper >> 2;
}

static inline void store_eight(uint8_t *to, uint64_t eight)
{
    eight = htole64(eight);
    memcpy(to, &eight, sizeof eight);
}

/* The key of a plain word, whose lower case goes to `to`, which needs room for 8 bytes more. The
 * `after` bytes behind the word can be read. */
static inline struct kw_vocabulary_key plain_key(struct kw_view word, size_t after, uint8_t *to)
{
    const uint8_t *from = word.data;
    struct kw_view lower = {to, word.size};
    uint64_t head, tail = 0;

    if (after < 8) {
        memcpy(to, from, word.size);
        memset(to + word.size, 0, 8);
        from = to;
    }
    head = lower_eight(kw_load64(from));
    if (word.size > 8)
        tail = lower_eight(kw_load64(from + word.size - 8));
    store_eight(to, head);
    for (size_t i = 8; i < word.size; i += 8)
        store_eight(to + i, lower_eight(kw_load64(from + i)));
    if (word.size < 8)
        head &= ((uint64_t)1 << 8 * word.size) - 1;
    return kw_vocabulary_key_of(lower, head, tail);
}

/* The id of any other word, folded once for all its occurrences. */
static enum kw_status intern_raw(struct kw_analyzer *analyzer, const struct kw_vocabulary_key *word,
                                 uint32_t *id, struct kw_error *error)
{
    struct numbers *known = &analyzer->raw_word;
    struct kw_vocabulary_key written;
    uint32_t raw;
    enum kw_status status;

    if (!kw_grow(known, analyzer->raw.count + 1))
        return kw_fail_memory(error);
    raw = kw_vocabulary_add_key(&analyzer->raw, word);
    if (raw == KW_NO_WORD)
        return kw_fail_memory(error);
    if (raw == known->count)
        known->items[known->count++] = KW_NO_WORD;
    *id = known->items[raw];
    if (*id != KW_NO_WORD)
        return KW_OK;
    status = kw_fold_word(&analyzer->fold, word->string, error);
    if (status != KW_OK)
        return status;
    written = kw_vocabulary_key(kw_bytes_view(&analyzer->fold.written));
    *id = intern(analyzer, &written, kw_bytes_view(&analyzer->fold.surface));
    if (*id == KW_NO_WORD)
        return kw_fail_memory(error);
    known->items[raw] = *id;
    return KW_OK;
}

/* ------------------------------------------------------------------ tokens */

/* Makes room for `count` tokens. */
static bool grow_tokens(struct kw_analyzer *analyzer, size_t count)
{
    size_t capacity = analyzer->token_capacity;

    if (count <= capacity)
        return true;
    capacity = capacity * 2 > count ? capacity * 2 : count;
    for (int i = 0; i < 4; i++) {
        uint32_t *grown =
            (uint32_t *)reallocarray(analyzer->token[i], capacity, sizeof *analyzer->token[i]);
        if (!grown)
            return false;
        analyzer->token[i] = grown;
    }
    analyzer->token_capacity = capacity;
    return true;
}

static inline void put(struct kw_analyzer *analyzer, uint32_t word, size_t position, size_t start,
                       size_t end)
{
    size_t at = analyzer->tokens++;

    analyzer->token[TOKEN_WORD][at] = word;
    analyzer->token[TOKEN_POSITION][at] = (uint32_t)position;
    analyzer->token[TOKEN_START][at] = (uint32_t)start;
    analyzer->token[TOKEN_END][at] = (uint32_t)end;
}

/* Whether a word and the one before it are neighbours in a script without spaces. */
static inline bool is_pair(const struct kw_word *second)
{
    return second->kind >= KW_WORD_CHARACTER && second[-1].kind == second->kind &&
           (size_t)second[-1].start + second[-1].size == second->start;
}

/* Appends the pair of two neighbours in a script without spaces, at the first one's position. */
static enum kw_status put_pair(struct kw_analyzer *analyzer, struct kw_view text,
                               const struct kw_word *second, size_t position,
                               struct kw_error *error)
{
    size_t start = second[-1].start, end = (size_t)second->start + second->size;
    struct kw_vocabulary_key key =
        kw_vocabulary_key((struct kw_view){text.data + start, end - start});
    uint32_t id;
    enum kw_status status = intern_raw(analyzer, &key, &id, error);

    if (status == KW_OK)
        put(analyzer, id, position, start, end);
    return status;
}

/* Makes the keys of `count` words: of plain ones in lower case, which goes to `lower`, of others as
 * they stand; and asks for the memory where they belong. */
static void expect_words(struct kw_analyzer *analyzer, struct kw_view text,
                         const struct kw_word *words, size_t count, struct kw_vocabulary_key *keys,
                         uint8_t *lower)
{
    for (size_t i = 0; i < count; i++) {
        struct kw_view view = {text.data + words[i].start, words[i].size};
        if (words[i].kind == KW_WORD_PLAIN) {
            keys[i] = plain_key(view, text.size - words[i].start - words[i].size, lower);
            kw_vocabulary_expect(&analyzer->written, &keys[i]);
            lower += view.size;
        } else {
            keys[i] = kw_vocabulary_key(view);
            kw_vocabulary_expect(&analyzer->raw, &keys[i]);
        }
    }
}

/* Appends the tokens of `count` words that lie in one passage; the first is at `position`. */
static enum kw_status put_words(struct kw_analyzer *analyzer, struct kw_view text,
                                const struct kw_word *words, size_t count, size_t position,
                                struct kw_error *error)
{
    uint8_t lower[GROUP * KW_TERM_BYTES + 8];
    struct kw_vocabulary_key keys[GROUP];

    if (!grow_tokens(analyzer, analyzer->tokens + 2 * count))
        return kw_fail_memory(error);
    for (size_t i = 0; i < count; i++) {
        const struct kw_word *word = &words[i];
        size_t in_group = i % GROUP;
        uint32_t id;

        if (in_group == 0)
            expect_words(analyzer, text, word, count - i < GROUP ? count - i : GROUP, keys, lower);
        if (word->kind == KW_WORD_PLAIN) {
            id = intern(analyzer, &keys[in_group], keys[in_group].string);
            if (id == KW_NO_WORD)
                return kw_fail_memory(error);
        } else {
            enum kw_status status = KW_OK;
            if (i > 0 && is_pair(word))
                status = put_pair(analyzer, text, word, position + i - 1, error);
            if (status == KW_OK)
                status = intern_raw(analyzer, &keys[in_group], &id, error);
            if (status != KW_OK)
                return status;
        }
        put(analyzer, id, position + i, word->start, (size_t)word->start + word->size);
    }
    return KW_OK;
}

static struct kw_tokens tokens_of(const struct kw_analyzer *analyzer, size_t positions)
{
    return (struct kw_tokens){
        .count = analyzer->tokens,
        .word = analyzer->token[TOKEN_WORD],
        .position = analyzer->token[TOKEN_POSITION],
        .start = analyzer->token[TOKEN_START],
        .end = analyzer->token[TOKEN_END],
        .positions = (uint32_t)positions,
    };
}

enum kw_status kw_analyzer_text(struct kw_analyzer *analyzer, struct kw_view text,
                                struct kw_tokens *tokens, struct kw_error *error)
{
    enum kw_status status = kw_words_scan(&analyzer->words, text, text.size, error);

    analyzer->tokens = 0;
    if (status == KW_OK)
        status = put_words(analyzer, text, analyzer->words.items, analyzer->words.count, 0, error);
    if (status == KW_OK)
        *tokens = tokens_of(analyzer, analyzer->words.count);
    return status;
}

static uint32_t count_lines(struct kw_view text)
{
    uint32_t lines = 0;
    const uint8_t *at = text.data, *end = text.data + text.size;

    while (at < end && (at = (const uint8_t *)memchr(at, '\n', (size_t)(end - at))) != NULL) {
        lines++;
        at++;
    }
    return lines;
}

enum kw_status kw_analyzer_window(struct kw_analyzer *analyzer, struct kw_view rest,
                                  struct kw_tokens *tokens, const struct kw_passage **passages,
                                  size_t *count, struct kw_error *error)
{
    size_t start = 0, first = 0;
    enum kw_status status =
        kw_words_scan(&analyzer->words, rest, analyzer->window + KW_PASSAGE_SIGHT, error);

    analyzer->tokens = 0;
    analyzer->passages.count = 0;
    while (status == KW_OK && start < rest.size && start < analyzer->window) {
        const struct kw_word *words = analyzer->words.items + first;
        size_t taken,
            end = kw_passage_end(rest, start, words, analyzer->words.count - first, &taken);

        if (!kw_grow(&analyzer->passages, analyzer->passages.count + 1))
            return kw_fail_memory(error);
        analyzer->passages.items[analyzer->passages.count++] = (struct kw_passage){
            .bytes = (uint32_t)(end - start),
            .words = (uint32_t)taken,
            .lines = count_lines((struct kw_view){rest.data + start, end - start}),
        };
        status = put_words(analyzer, rest, words, taken, first, error);
        first += taken;
        start = end;
    }
    if (status != KW_OK)
        return status;
    *tokens = tokens_of(analyzer, first);
    *passages = analyzer->passages.items;
    *count = analyzer->passages.count;
    return KW_OK;
}

/* ------------------------------------------------------------------ the vocabulary */

uint32_t kw_analyzer_words(const struct kw_analyzer *analyzer)
{
    return (uint32_t)analyzer->written.count;
}

struct kw_view kw_analyzer_word(const struct kw_analyzer *analyzer, uint32_t word)
{
    return kw_vocabulary_get(&analyzer->written, word);
}

uint32_t kw_analyzer_surfaces(const struct kw_analyzer *analyzer)
{
    return (uint32_t)analyzer->surfaces.count;
}

uint32_t kw_analyzer_surface_of(const struct kw_analyzer *analyzer, uint32_t word)
{
    return analyzer->surface_of.items[word];
}

struct kw_view kw_analyzer_surface(const struct kw_analyzer *analyzer, uint32_t surface)
{
    return kw_vocabulary_get(&analyzer->surfaces, surface);
}

uint32_t kw_analyzer_stems(const struct kw_analyzer *analyzer)
{
    return (uint32_t)analyzer->stems.count;
}

uint32_t kw_analyzer_stem_of(const struct kw_analyzer *analyzer, uint32_t word)
{
    return word < analyzer->stem_of.count ? analyzer->stem_of.items[word] : KW_NO_STEM;
}

struct kw_view kw_analyzer_stem(const struct kw_analyzer *analyzer, uint32_t stem)
{
    return kw_vocabulary_get(&analyzer->stems, stem);
}

enum kw_status kw_analyzer_close(struct kw_analyzer *analyzer, struct kw_error *error)
{
    struct numbers *stem_of = &analyzer->stem_of;

    if (!analyzer->stemmer.snowball)
        return KW_OK;
    while (stem_of->count < analyzer->written.count) {
        struct kw_view written = kw_analyzer_word(analyzer, (uint32_t)stem_of->count), stem;
        enum kw_status status =
            kw_stemmer_stem(&analyzer->stemmer, written, &analyzer->fold, &stem, error);
        uint32_t number;

        if (status != KW_OK)
            return status;
        number = kw_vocabulary_add(&analyzer->stems, stem);
        if (number == KW_NO_WORD || !kw_grow(stem_of, stem_of->count + 1))
            return kw_fail_memory(error);
        stem_of->items[stem_of->count++] = number;
    }
    return KW_OK;
}

void kw_analyzer_clear(struct kw_analyzer *analyzer)
{
    kw_vocabulary_clear(&analyzer->written);
    kw_vocabulary_clear(&analyzer->surfaces);
    kw_vocabulary_clear(&analyzer->stems);
    kw_vocabulary_clear(&analyzer->raw);
    analyzer->raw_word.count = 0;
    analyzer->surface_of.count = 0;
    analyzer->stem_of.count = 0;
}
