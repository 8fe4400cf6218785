/* The batch analyzer: words, passages, folding and vocabularies put together. */
#include "stemmers/analyzer.h"

#include "stemmers/forms.h"
#include "stemmers/language.h"
#include "stemmers/passages.h"
#include "stemmers/stems.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

enum {
    WINDOW_BYTES = 1 << 20,
    GROUP = 64, /* words that are looked up together */
};

/* Tokens on their way into the vocabulary: the memory where they belong is asked for when they join
 * the group, so that it is there when the group is looked up. */
struct group {
    size_t count;
    struct kw_vocabulary_key keys[GROUP]; /* of the words with ASCII in lower case */
    bool plain[GROUP];                    /* that is the written form */
};

struct kw_analyzer {
    struct kw_stems stems;
    uint32_t spoken;       /* the language of the texts at hand */
    struct kw_words words; /* of the text at hand */
    size_t window;         /* how many bytes of a body are analysed at a time */

    struct kw_forms forms;
    struct group group; /* tokens that have no word yet */

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

/* ------------------------------------------------------------------ settings and languages */

static enum kw_status find_language(const struct kw_analysis *settings, const char **language,
                                    struct kw_error *error)
{
    const char *name = settings->language;

    *language = NULL;
    if (memchr(name, 0, sizeof settings->language))
        *language = strcasecmp(name, "auto") == 0 ? "auto" : kw_language_find(name);
    if (*language)
        return KW_OK;
    kw_fail(error, KW_E_USAGE, "unknown language '%.*s'", (int)sizeof settings->language, name);
    kw_hint(error, "'none' takes words as they are, 'auto' finds each document's language");
    return KW_E_USAGE;
}

/* Whether the lower case of I is that of Turkish where the language is spoken. */
static bool is_turkic(const struct kw_analyzer *analyzer, uint32_t language)
{
    if (analyzer->words.rules != KW_RULES_OWN)
        return false;
    if (language == KW_EVERY_LANGUAGE)
        return analyzer->stems.count == 1 && is_turkic(analyzer, 0);
    return strcmp(analyzer->stems.items[language].name, "turkish") == 0;
}

enum kw_status kw_analyzer_new(struct kw_analyzer **out, struct kw_analysis *settings,
                               struct kw_error *error)
{
    struct kw_analyzer *analyzer;
    const char *language;
    uint32_t number;
    enum kw_status status;

    *out = NULL;
    if (settings->version != KW_ANALYSIS_VERSION) {
        kw_fail(error, KW_E_VERSION, "the index was analysed by version %u, this kwic goes by %d",
                settings->version, KW_ANALYSIS_VERSION);
        kw_hint(error, settings->version > KW_ANALYSIS_VERSION
                           ? "use the kwic that wrote it, or a newer one"
                           : "index the sources again into a new folder");
        return KW_E_VERSION;
    }
    status = find_language(settings, &language, error);
    if (status != KW_OK)
        return status;
    analyzer = (struct kw_analyzer *)calloc(1, sizeof *analyzer);
    if (!analyzer)
        return kw_fail_memory(error);
    analyzer->window = WINDOW_BYTES;
    analyzer->forms.fold.keep_accents = settings->keep_accents;
    analyzer->forms.fold.rules = analyzer->words.rules = settings->rules;
    if (strcmp(language, "none") != 0 && strcmp(language, "auto") != 0)
        status = kw_stems_use(&analyzer->stems, language, &number, error);
    if (status != KW_OK) {
        kw_analyzer_free(analyzer);
        return status;
    }
    analyzer->spoken = KW_EVERY_LANGUAGE;
    analyzer->forms.fold.turkic = is_turkic(analyzer, KW_EVERY_LANGUAGE);
    snprintf(settings->language, sizeof settings->language, "%s", language);
    *out = analyzer;
    return KW_OK;
}

void kw_analyzer_free(struct kw_analyzer *analyzer)
{
    if (!analyzer)
        return;
    kw_stems_release(&analyzer->stems);
    kw_forms_release(&analyzer->forms);
    kw_words_release(&analyzer->words);
    for (int i = 0; i < 4; i++)
        free(analyzer->token[i]);
    free(analyzer->passages.items);
    free(analyzer);
}

void kw_analyzer_set_window(struct kw_analyzer *analyzer, size_t bytes)
{
    analyzer->window = bytes;
}

enum kw_status kw_analyzer_use(struct kw_analyzer *analyzer, const char *name, uint32_t *number,
                               struct kw_error *error)
{
    enum kw_status status = kw_stems_use(&analyzer->stems, name, number, error);

    analyzer->forms.fold.turkic = is_turkic(analyzer, analyzer->spoken);
    return status;
}

uint32_t kw_analyzer_languages(const struct kw_analyzer *analyzer)
{
    return (uint32_t)analyzer->stems.count;
}

const char *kw_analyzer_language(const struct kw_analyzer *analyzer, uint32_t language)
{
    return analyzer->stems.items[language].name;
}

uint32_t kw_analyzer_find_language(const struct kw_analyzer *analyzer, struct kw_view name)
{
    for (size_t i = 0; i < analyzer->stems.count; i++)
        if (kw_view_equal(kw_view_of(analyzer->stems.items[i].name), name))
            return (uint32_t)i;
    return KW_NO_LANGUAGE;
}

void kw_analyzer_speak(struct kw_analyzer *analyzer, uint32_t language)
{
    analyzer->spoken = language;
    analyzer->stems.marked = true;
    analyzer->forms.fold.turkic = is_turkic(analyzer, language);
}

bool kw_analyzer_differs(const struct kw_analyzer *analyzer, uint32_t language)
{
    return is_turkic(analyzer, language) != is_turkic(analyzer, KW_EVERY_LANGUAGE);
}

/* The key of the string at `lower`, where a block behind it can be read. */
static inline struct kw_vocabulary_key key_of(const uint8_t *lower, size_t size)
{
    size_t missing = size < 8 ? 8 - size : 0; /* of the head */
    uint64_t head = kw_load64(lower) & ~(uint64_t)0 >> 8 * missing;
    uint64_t tail = kw_load64(lower + size + missing - 8);

    return kw_vocabulary_key_of((struct kw_view){lower, size}, head, size > 8 ? tail : 0);
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

/* Looks up the words of the group. */
static enum kw_status put_group(struct kw_analyzer *analyzer, struct kw_error *error)
{
    struct group *group = &analyzer->group;
    uint32_t *words;
    enum kw_status status = KW_OK;

    if (group->count == 0)
        return KW_OK;
    words = analyzer->token[TOKEN_WORD] + analyzer->tokens - group->count;
    for (size_t i = 0; i < group->count && status == KW_OK; i++) {
        const struct kw_vocabulary_key *key = &group->keys[i];
        bool plain = group->plain[i];
        uint32_t word = kw_forms_glance(&analyzer->forms, key, plain);

        if (word == KW_NO_WORD)
            status = kw_forms_look_up(&analyzer->forms, key, plain, &word, error);
        words[i] = word;
    }
    if (status == KW_OK && analyzer->stems.marked)
        status = kw_stems_mark(&analyzer->stems, analyzer->spoken, words, group->count, error);
    group->count = 0;
    return status;
}

/* Adds a token of text[start..end) to the group, which is not full. */
static inline void add(struct kw_analyzer *analyzer, size_t position, size_t start, size_t end,
                       bool plain)
{
    struct group *group = &analyzer->group;
    size_t at = analyzer->tokens++;
    struct kw_vocabulary_key *key = &group->keys[group->count];

    analyzer->token[TOKEN_POSITION][at] = (uint32_t)position;
    analyzer->token[TOKEN_START][at] = (uint32_t)start;
    analyzer->token[TOKEN_END][at] = (uint32_t)end;
    *key = key_of(analyzer->words.lower + start, end - start);
    kw_vocabulary_expect(kw_forms_vocabulary(&analyzer->forms, plain), key);
    group->plain[group->count++] = plain;
}

/* Whether a word and the one before it are neighbours in a script without spaces. */
static inline bool is_pair(const struct kw_word *second)
{
    return second->kind >= KW_WORD_CHARACTER && second[-1].kind == second->kind &&
           (size_t)second[-1].start + second[-1].size == second->start;
}

/* Whether a word's written form is its lower case. */
static inline bool is_plain(const struct kw_analyzer *analyzer, const struct kw_word *word)
{
    return word->kind == KW_WORD_PLAIN &&
           !(analyzer->forms.fold.turkic &&
             memchr(analyzer->words.lower + word->start, 'I', word->size));
}

/* Appends the tokens of `count` words that lie in one passage; the first is at `position`. A pair
 * of neighbours comes before the second of them, at the position of the first. Some of the tokens
 * may still be in the group. */
static enum kw_status put_words(struct kw_analyzer *analyzer, const struct kw_word *words,
                                size_t count, size_t position, struct kw_error *error)
{
    if (!grow_tokens(analyzer, analyzer->tokens + 2 * count))
        return kw_fail_memory(error);
    for (size_t i = 0; i < count; i++) {
        const struct kw_word *word = &words[i];
        size_t end = (size_t)word->start + word->size;

        if (i > 0 && is_pair(word))
            add(analyzer, position + i - 1, word[-1].start, end, false);
        add(analyzer, position + i, word->start, end, is_plain(analyzer, word));
        if (analyzer->group.count >= GROUP - 1) {
            enum kw_status status = put_group(analyzer, error);
            if (status != KW_OK)
                return status;
        }
    }
    return KW_OK;
}

/* Finds the words of `text` that begin before `until`; the analyzer's tokens begin anew. */
static enum kw_status scan(struct kw_analyzer *analyzer, struct kw_view text, size_t until,
                           struct kw_error *error)
{
    enum kw_status status = kw_words_scan(&analyzer->words, text, until, error);
    const uint8_t *capital;
    size_t end = until < text.size ? until : text.size, at = 0;

    analyzer->tokens = 0;
    analyzer->group.count = 0;
    if (status != KW_OK || !analyzer->forms.fold.turkic)
        return status;
    while (at < end && (capital = (const uint8_t *)memchr(text.data + at, 'I', end - at)) != NULL) {
        at = (size_t)(capital - text.data);
        analyzer->words.lower[at++] = 'I'; /* for the fold to see */
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
    enum kw_status status = scan(analyzer, text, text.size, error);

    if (status == KW_OK)
        status = put_words(analyzer, analyzer->words.items, analyzer->words.count, 0, error);
    if (status == KW_OK)
        status = put_group(analyzer, error);
    if (status == KW_OK)
        *tokens = tokens_of(analyzer, analyzer->words.count);
    return status;
}

enum kw_status kw_analyzer_places(struct kw_analyzer *analyzer, struct kw_view text,
                                  struct kw_tokens *tokens, struct kw_error *error)
{
    enum kw_status status = kw_words_scan(&analyzer->words, text, text.size, error);
    const struct kw_word *words = analyzer->words.items;
    size_t count = analyzer->words.count, at = 0;

    if (status != KW_OK)
        return status;
    if (!grow_tokens(analyzer, 2 * count))
        return kw_fail_memory(error);
    for (size_t i = 0; i < count; i++) {
        uint32_t end = words[i].start + words[i].size;

        if (i > 0 && is_pair(&words[i])) {
            analyzer->token[TOKEN_POSITION][at] = (uint32_t)i - 1;
            analyzer->token[TOKEN_START][at] = words[i - 1].start;
            analyzer->token[TOKEN_END][at++] = end;
        }
        analyzer->token[TOKEN_POSITION][at] = (uint32_t)i;
        analyzer->token[TOKEN_START][at] = words[i].start;
        analyzer->token[TOKEN_END][at++] = end;
    }
    analyzer->tokens = at;
    *tokens = tokens_of(analyzer, count);
    tokens->word = NULL;
    return KW_OK;
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
    size_t start = 0, first = 0, gap = 0;
    enum kw_status status = scan(analyzer, rest, analyzer->window + KW_PASSAGE_SIGHT, error);

    analyzer->passages.count = 0;
    while (status == KW_OK && start < rest.size && start < analyzer->window) {
        size_t taken, end = kw_passage_end(rest, start, &analyzer->words, first, &gap, &taken);

        if (!kw_grow(&analyzer->passages, analyzer->passages.count + 1))
            return kw_fail_memory(error);
        analyzer->passages.items[analyzer->passages.count++] = (struct kw_passage){
            .bytes = (uint32_t)(end - start),
            .words = (uint32_t)taken,
            .lines = count_lines((struct kw_view){rest.data + start, end - start}),
        };
        status = put_words(analyzer, analyzer->words.items + first, taken, first, error);
        first += taken;
        start = end;
    }
    if (status == KW_OK)
        status = put_group(analyzer, error);
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
    return (uint32_t)analyzer->forms.written.count;
}

struct kw_view kw_analyzer_word(const struct kw_analyzer *analyzer, uint32_t word)
{
    return kw_vocabulary_get(&analyzer->forms.written, word);
}

uint32_t kw_analyzer_surfaces(const struct kw_analyzer *analyzer)
{
    return (uint32_t)analyzer->forms.surfaces.count;
}

uint32_t kw_analyzer_cut(const struct kw_analyzer *analyzer)
{
    return analyzer->forms.cut;
}

uint32_t kw_analyzer_surface_of(const struct kw_analyzer *analyzer, uint32_t word)
{
    return analyzer->forms.surface_of.items[word];
}

struct kw_view kw_analyzer_surface(const struct kw_analyzer *analyzer, uint32_t surface)
{
    return kw_vocabulary_get(&analyzer->forms.surfaces, surface);
}

uint32_t kw_analyzer_stems(const struct kw_analyzer *analyzer, uint32_t language)
{
    return (uint32_t)analyzer->stems.items[language].stems.count;
}

uint32_t kw_analyzer_stem_of(const struct kw_analyzer *analyzer, uint32_t language, uint32_t word)
{
    const struct kw_language_stems *own = &analyzer->stems.items[language];

    return word < own->stem_of.count ? own->stem_of.items[word] : KW_NO_STEM;
}

struct kw_view kw_analyzer_stem(const struct kw_analyzer *analyzer, uint32_t language,
                                uint32_t stem)
{
    return kw_vocabulary_get(&analyzer->stems.items[language].stems, stem);
}

const uint32_t *kw_analyzer_stems_of(const struct kw_analyzer *analyzer, uint32_t language)
{
    return analyzer->stems.items[language].stem_of.items;
}

enum kw_status kw_analyzer_fold(struct kw_analyzer *analyzer, struct kw_view piece,
                                struct kw_view *surface, struct kw_error *error)
{
    enum kw_status status = kw_fold_word(&analyzer->forms.fold, piece, error);
    *surface = kw_bytes_view(&analyzer->forms.fold.surface);
    return status;
}

enum kw_status kw_analyzer_close(struct kw_analyzer *analyzer, struct kw_error *error)
{
    return kw_stems_close(&analyzer->stems, &analyzer->forms.written, &analyzer->forms.fold, error);
}

enum kw_status kw_analyzer_seal(struct kw_analyzer *analyzer, struct kw_error *error)
{
    enum kw_status status;

    kw_forms_seal(&analyzer->forms);
    kw_words_release(&analyzer->words);
    status = kw_analyzer_close(analyzer, error);
    for (size_t i = 0; i < analyzer->stems.count; i++)
        kw_vocabulary_seal(&analyzer->stems.items[i].stems);
    return status;
}

void kw_analyzer_clear(struct kw_analyzer *analyzer)
{
    kw_forms_clear(&analyzer->forms);
    kw_stems_clear(&analyzer->stems);
    kw_analyzer_speak(analyzer, KW_EVERY_LANGUAGE);
    analyzer->stems.marked = false;
}
