/* Excerpts by way of the inverter: each term is a word of a batch, with a position for each time
 * that a document holds it. */
#include "index/excerpt.h"

#include "base/arena.h"
#include "index/inverter.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* A term at a position of the document at hand. */
struct token {
    uint32_t field; /* the first term that has this field */
    uint32_t position;
    uint32_t word;
};

/* What is worked out of a term. */
struct word {
    uint32_t field;    /* the first term of the same field */
    uint32_t language; /* number of a stem's language; UINT32_MAX: a surface term */
};

struct kw_excerpt {
    const struct kw_excerpt_term *terms;
    uint32_t count;
    int fd; /* of the memory that the segment is written to */
    struct kw_inverter *inverter;
    struct kw_arena arena;
    struct word *words;
    struct kw_stem_table *languages; /* ≥ 1 */
    uint32_t language_count;
    bool title_searched; /* of the document at hand */
    uint32_t language;   /* of its stems; UINT32_MAX: not yet known */
    bool begun;          /* the inverter has it */
    struct {
        struct token *items;
        size_t count;
        size_t capacity;
    } tokens;
    struct {
        uint32_t *items;
        size_t capacity;
    } numbers, places; /* words and positions for the inverter */
};

/* ---- Words -------------------------------------------------------------------------------- */

/* The number of a language, which is noted if it is new. */
static uint32_t number_language(struct kw_excerpt *excerpt, struct kw_view language)
{
    uint32_t number = 0;
    while (number < excerpt->language_count &&
           !kw_view_equal(excerpt->languages[number].language, language))
        number++;
    if (number == excerpt->language_count)
        excerpt->languages[excerpt->language_count++].language = language;
    return number;
}

/* Settles each term's field and language. Terms of few fields come in runs. */
static void number_words(struct kw_excerpt *excerpt)
{
    const struct kw_excerpt_term *terms = excerpt->terms;
    for (uint32_t i = 0; i < excerpt->count; i++) {
        struct word *word = &excerpt->words[i];
        uint32_t same = i ? excerpt->words[i - 1].field : 0;
        if (!kw_view_equal(terms[same].field, terms[i].field))
            for (same = 0; !kw_view_equal(terms[same].field, terms[i].field);)
                same++;
        word->field = same;
        word->language =
            terms[i].language.size ? number_language(excerpt, terms[i].language) : UINT32_MAX;
    }
    if (!excerpt->language_count)
        excerpt->languages[excerpt->language_count++].language = (struct kw_view){NULL, 0};
}

static enum kw_status open_memory(struct kw_excerpt *excerpt, struct kw_error *error)
{
    excerpt->fd = memfd_create("kwic-excerpt", MFD_CLOEXEC);
    if (excerpt->fd < 0)
        return kw_fail_errno(error, "cannot create a file in memory");
    return kw_inverter_new_memory(&excerpt->inverter, excerpt->fd, error);
}

enum kw_status kw_excerpt_new(struct kw_excerpt **out, const struct kw_excerpt_term *terms,
                              uint32_t count, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    *out = NULL;
    struct kw_excerpt *excerpt = calloc(1, sizeof *excerpt);
    if (!excerpt)
        return kw_fail_memory(error);
    excerpt->terms = terms;
    excerpt->count = count;
    excerpt->fd = -1;
    excerpt->words = kw_arena_alloc(&excerpt->arena, count * sizeof *excerpt->words);
    excerpt->languages =
        kw_arena_alloc(&excerpt->arena, ((size_t)count + 1) * sizeof *excerpt->languages);
    if (excerpt->words && excerpt->languages)
        number_words(excerpt);
    else
        status = kw_fail_memory(error);
    if (status == KW_OK)
        status = open_memory(excerpt, error);
    if (status == KW_OK)
        *out = excerpt;
    else
        kw_excerpt_free(excerpt);
    return status;
}

void kw_excerpt_free(struct kw_excerpt *excerpt)
{
    if (!excerpt)
        return;
    kw_inverter_free(excerpt->inverter);
    if (excerpt->fd >= 0)
        close(excerpt->fd);
    kw_arena_release(&excerpt->arena);
    free(excerpt->tokens.items);
    free(excerpt->numbers.items);
    free(excerpt->places.items);
    free(excerpt);
}

/* ---- Documents ---------------------------------------------------------------------------- */

void kw_excerpt_begin(struct kw_excerpt *excerpt, bool title_searched)
{
    excerpt->tokens.count = 0;
    excerpt->language = UINT32_MAX;
    excerpt->title_searched = title_searched;
    excerpt->begun = false;
}

enum kw_status kw_excerpt_posting(struct kw_excerpt *excerpt, uint32_t number,
                                  const uint32_t *positions, uint32_t frequency,
                                  struct kw_error *error)
{
    const struct word *word = &excerpt->words[number];
    size_t count = excerpt->tokens.count;
    if (word->language != UINT32_MAX) {
        if (excerpt->language != UINT32_MAX && excerpt->language != word->language)
            return kw_fail(error, KW_E_DAMAGED, "a document has stems of two languages");
        excerpt->language = word->language;
    }
    if (!kw_grow(&excerpt->tokens, count + frequency))
        return kw_fail_memory(error);
    for (uint32_t i = 0; i < frequency; i++) {
        if (positions && i && positions[i] <= positions[i - 1])
            return kw_fail(error, KW_E_DAMAGED, "a term has positions that do not rise");
        excerpt->tokens.items[count + i] =
            (struct token){word->field, positions ? positions[i] : i, number};
    }
    excerpt->tokens.count = count + frequency;
    return KW_OK;
}

/* Begins the document with the inverter, now that its language is known. */
static enum kw_status enter(struct kw_excerpt *excerpt, struct kw_error *error)
{
    const struct kw_entry entry = {
        .title_searched = excerpt->title_searched,
        .language = excerpt->language == UINT32_MAX ? 0 : excerpt->language,
    };
    if (excerpt->begun)
        return KW_OK;
    excerpt->begun = true;
    return kw_inverter_begin(excerpt->inverter, &entry, error);
}

enum kw_status kw_excerpt_length(struct kw_excerpt *excerpt, struct kw_view field, uint32_t length,
                                 struct kw_error *error)
{
    enum kw_status status = enter(excerpt, error);
    if (status == KW_OK)
        status = kw_inverter_tokens(excerpt->inverter, field, NULL, NULL, 0, 0, length, error);
    return status;
}

enum kw_status kw_excerpt_keyword(struct kw_excerpt *excerpt, struct kw_view column,
                                  struct kw_view value, struct kw_error *error)
{
    enum kw_status status = enter(excerpt, error);
    return status == KW_OK ? kw_inverter_keyword(excerpt->inverter, column, value, error) : status;
}

enum kw_status kw_excerpt_key(struct kw_excerpt *excerpt, struct kw_view column,
                              enum kw_value_type type, uint64_t key, struct kw_error *error)
{
    enum kw_status status = enter(excerpt, error);
    return status == KW_OK ? kw_inverter_key(excerpt->inverter, column, type, key, error) : status;
}

static int compare_tokens(const void *left, const void *right)
{
    const struct token *a = left, *b = right;
    if (a->field != b->field)
        return a->field < b->field ? -1 : 1;
    if (a->position != b->position)
        return a->position < b->position ? -1 : 1;
    return (a->word > b->word) - (a->word < b->word);
}

/* Hands the tokens to the inverter, a field at a time. */
static enum kw_status hand_over(struct kw_excerpt *excerpt, struct kw_error *error)
{
    const struct token *tokens = excerpt->tokens.items;
    size_t count = excerpt->tokens.count;
    enum kw_status status = KW_OK;
    for (size_t from = 0, to; from < count && status == KW_OK; from = to) {
        for (to = from; to < count && tokens[to].field == tokens[from].field; to++) {
            excerpt->numbers.items[to] = tokens[to].word;
            excerpt->places.items[to] = tokens[to].position;
        }
        status = kw_inverter_tokens(excerpt->inverter, excerpt->terms[tokens[from].field].field,
                                    excerpt->numbers.items + from, excerpt->places.items + from,
                                    to - from, 0, 0, error);
    }
    return status;
}

enum kw_status kw_excerpt_end(struct kw_excerpt *excerpt, struct kw_error *error)
{
    size_t count = excerpt->tokens.count;
    if (!kw_grow(&excerpt->numbers, count) || !kw_grow(&excerpt->places, count))
        return kw_fail_memory(error);
    if (count)
        qsort(excerpt->tokens.items, count, sizeof *excerpt->tokens.items, compare_tokens);
    enum kw_status status = enter(excerpt, error);
    if (status == KW_OK)
        status = hand_over(excerpt, error);
    return status == KW_OK ? kw_inverter_end(excerpt->inverter, error) : status;
}

/* ---- The segment -------------------------------------------------------------------------- */

/* What the vocabulary is made of, in the arena. */
struct lists {
    uint32_t *surface_of;
    struct kw_view *surfaces;
    uint32_t **stem_of; /* by language */
    struct kw_view *stems;
};

static enum kw_status make_lists(struct kw_excerpt *excerpt, struct lists *lists,
                                 struct kw_error *error)
{
    struct kw_arena *arena = &excerpt->arena;
    size_t count = (size_t)excerpt->count + 1;
    lists->surface_of = kw_arena_alloc(arena, count * sizeof *lists->surface_of);
    lists->surfaces = kw_arena_alloc(arena, count * sizeof *lists->surfaces);
    lists->stems = kw_arena_alloc(arena, count * sizeof *lists->stems);
    lists->stem_of = kw_arena_alloc(arena, excerpt->language_count * sizeof *lists->stem_of);
    if (!lists->surface_of || !lists->surfaces || !lists->stems || !lists->stem_of)
        return kw_fail_memory(error);
    for (uint32_t i = 0; i < excerpt->language_count; i++) {
        lists->stem_of[i] = kw_arena_alloc(arena, count * sizeof *lists->stem_of[i]);
        if (!lists->stem_of[i])
            return kw_fail_memory(error);
        memset(lists->stem_of[i], 0xff, count * sizeof *lists->stem_of[i]);
        excerpt->languages[i].stem_of = lists->stem_of[i];
        excerpt->languages[i].stems = lists->stems;
        excerpt->languages[i].stem_count = excerpt->count;
    }
    return KW_OK;
}

/* Fills the lists: word, surface form and stem of a term all have its number. A stem's surface form
 * is one that no text has. */
static enum kw_status fill_lists(struct kw_excerpt *excerpt, struct lists *lists,
                                 struct kw_error *error)
{
    for (uint32_t i = 0; i < excerpt->count; i++) {
        const struct kw_excerpt_term *term = &excerpt->terms[i];
        uint32_t language = excerpt->words[i].language;
        char form[16];
        lists->surface_of[i] = i;
        lists->surfaces[i] = term->bytes;
        if (language == UINT32_MAX)
            continue;
        snprintf(form, sizeof form, "\1%u", (unsigned)i);
        lists->surfaces[i] = kw_arena_copy(&excerpt->arena, kw_view_of(form));
        if (!lists->surfaces[i].data)
            return kw_fail_memory(error);
        lists->stem_of[language][i] = i;
        lists->stems[i] = term->bytes;
    }
    return KW_OK;
}

enum kw_status kw_excerpt_segment(struct kw_excerpt *excerpt, struct kw_segment **out,
                                  struct kw_error *error)
{
    char path[KW_DESCRIPTOR_PATH];
    struct lists lists;
    *out = NULL;
    enum kw_status status = make_lists(excerpt, &lists, error);
    if (status == KW_OK)
        status = fill_lists(excerpt, &lists, error);
    if (status != KW_OK)
        return status;
    const struct kw_batch_words words = {
        .word_count = excerpt->count,
        .surface_of = lists.surface_of,
        .surfaces = lists.surfaces,
        .surface_count = excerpt->count,
        .languages = excerpt->languages,
        .language_count = excerpt->language_count,
    };
    status = kw_inverter_finish(excerpt->inverter, &words, false, error);
    kw_descriptor_path(excerpt->fd, path);
    return status == KW_OK ? kw_segment_new(out, path, 0, error) : status;
}
