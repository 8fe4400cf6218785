/* Segments for the tests of index/, built from words with toy languages, and a naive model of what
 * must stand in them.
 *
 * A word as written is ASCII; a capital stands for a letter with a mark, which the surface form
 * loses. "english" stems lose a final s and then a final e (a capital E stays), "dutch" ones a
 * final en; a word that begins with a digit has no stem, and "none" has none at all. A '+' before a
 * word puts it at the position of the one before it. */
#ifndef KW_TESTS_INDEX_BUILDER_H
#define KW_TESTS_INDEX_BUILDER_H

#include "base/arena.h"
#include "index/inverter.h"
#include "index/segment.h"
#include "tests/unit/index_scratch.h"

#include <ctype.h>

enum { ENGLISH, DUTCH, NONE, LANGUAGES, WORD_SIZE = 256 };

static const char *const language_names[LANGUAGES] = {"english", "dutch", "none"};

/* One token of the model: a term's key at a position of a document. */
struct model_token {
    struct kw_view key;
    uint32_t document;
    uint32_t position;
};

/* All terms' tokens, and which surface form each stem stood for (as keys). */
struct model {
    struct kw_arena arena;
    struct {
        struct model_token *items;
        size_t capacity;
    } tokens, forms; /* a form's `document` is unused; its key is the stem's, 0, the form's */
    size_t token_count;
    size_t form_count;
};

struct word_list {
    char (*items)[WORD_SIZE];
    size_t capacity;
    uint32_t count;
};

struct index_builder {
    struct kw_inverter *inverter;
    struct word_list words;
    struct model *model; /* NULL: none */
    uint32_t document;
    uint32_t language;
};

static inline uint32_t word_number(struct word_list *list, const char *word)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i], word) == 0)
            return i;
    assert_true(kw_grow(list, (size_t)list->count + 1));
    strcpy(list->items[list->count], word);
    return list->count++;
}

static inline void drop_end(char *word, const char *end, size_t least)
{
    size_t size = strlen(word), cut = strlen(end);
    if (size >= least + cut && strcmp(word + size - cut, end) == 0)
        word[size - cut] = 0;
}

static inline void lower(char *word)
{
    for (; *word; word++)
        *word = (char)tolower((unsigned char)*word);
}

/* The stem of a word as written; false if it has none. */
static inline bool toy_stem(const char *word, uint32_t language, char stem[WORD_SIZE])
{
    strcpy(stem, word);
    if (language == NONE || isdigit((unsigned char)word[0]))
        return false;
    if (language == ENGLISH) {
        drop_end(stem, "s", 2);
        drop_end(stem, "e", 2);
    } else {
        drop_end(stem, "en", 2);
    }
    lower(stem);
    return true;
}

static inline void model_add(struct model *model, struct kw_view key, uint32_t document,
                             uint32_t position)
{
    assert_true(kw_grow(&model->tokens, model->token_count + 1));
    struct model_token token = {kw_arena_copy(&model->arena, key), document, position};
    model->tokens.items[model->token_count++] = token;
}

/* Notes what a token means: its surface form there, and its stem if it has one. */
static inline void model_word(struct index_builder *builder, const char *field, const char *word,
                              uint32_t position)
{
    struct kw_bytes key = KW_BYTES_INIT;
    struct kw_bytes pair = KW_BYTES_INIT;
    char surface[WORD_SIZE], stem[WORD_SIZE];
    struct model *model = builder->model;
    strcpy(surface, word);
    lower(surface);
    kw_key_surface(&key, kw_view_of(field), kw_view_of(surface));
    model_add(model, kw_bytes_view(&key), builder->document, position);
    if (toy_stem(word, builder->language, stem)) {
        kw_key_stem(&pair, kw_view_of(field), kw_view_of(language_names[builder->language]),
                    kw_view_of(stem));
        model_add(model, kw_bytes_view(&pair), builder->document, position);
        kw_bytes_append_byte(&pair, 0);
        kw_bytes_append_view(&pair, kw_bytes_view(&key));
        assert_true(kw_grow(&model->forms, model->form_count + 1));
        struct kw_view both = kw_arena_copy(&model->arena, kw_bytes_view(&pair));
        model->forms.items[model->form_count++] = (struct model_token){both, 0, 0};
    }
    kw_bytes_release(&key);
    kw_bytes_release(&pair);
}

static inline int compare_tokens(const void *left, const void *right)
{
    const struct model_token *a = left, *b = right;
    int order = kw_view_compare(a->key, b->key);
    if (order)
        return order;
    if (a->document != b->document)
        return a->document < b->document ? -1 : 1;
    return (a->position > b->position) - (a->position < b->position);
}

/* Sorts tokens and drops repeats; the number of those that stay. */
static inline size_t model_sort(struct model_token *tokens, size_t count)
{
    size_t kept = 0;
    if (count)
        qsort(tokens, count, sizeof *tokens, compare_tokens);
    for (size_t i = 0; i < count; i++)
        if (!kept || compare_tokens(&tokens[kept - 1], &tokens[i]) != 0)
            tokens[kept++] = tokens[i];
    return kept;
}

static inline void model_release(struct model *model)
{
    free(model->tokens.items);
    free(model->forms.items);
    kw_arena_release(&model->arena);
}

static inline void builder_init(struct index_builder *builder, const char *path,
                                struct model *model)
{
    *builder = (struct index_builder){.model = model};
    assert_int_equal(kw_inverter_new(&builder->inverter, path, NULL), KW_OK);
}

static inline void builder_begin(struct index_builder *builder, const struct kw_entry *entry)
{
    builder->language = entry->language;
    assert_int_equal(kw_inverter_begin(builder->inverter, entry, NULL), KW_OK);
}

/* Adds the words of `text`, which white space parts, to a field; how many positions they span. */
static inline uint32_t builder_words(struct index_builder *builder, const char *field,
                                     struct kw_view text, uint32_t base)
{
    uint32_t *words = malloc((text.size + 1) * sizeof *words);
    uint32_t *positions = malloc((text.size + 1) * sizeof *positions);
    size_t count = 0;
    uint32_t length = 0;
    assert_true(words && positions);
    for (size_t at = 0; at < text.size;) {
        char word[WORD_SIZE] = "";
        size_t size = 0;
        for (; at + size < text.size && !isspace(text.data[at + size]); size++)
            word[size] = (char)text.data[at + size];
        bool shares = word[0] == '+';
        if (size) {
            length += !shares;
            words[count] = word_number(&builder->words, word + shares);
            positions[count++] = length - 1;
            if (builder->model)
                model_word(builder, field, word + shares, base + length - 1);
        }
        at += size ? size : 1;
    }
    assert_int_equal(kw_inverter_tokens(builder->inverter, kw_view_of(field), words, positions,
                                        count, base, length, NULL),
                     KW_OK);
    free(words);
    free(positions);
    return length;
}

/* Adds the text as one passage a line, its words to the text from position `base` on. */
static inline void builder_text(struct index_builder *builder, const char *text, uint32_t base)
{
    while (*text) {
        const char *end = strchr(text, '\n');
        size_t size = end ? (size_t)(end - text) + 1 : strlen(text);
        struct kw_view line = {(const uint8_t *)text, size};
        struct kw_extent extent = {.bytes = (uint32_t)size, .lines = end != NULL};
        extent.words = builder_words(builder, "", line, base);
        base += extent.words;
        assert_int_equal(kw_inverter_text(builder->inverter, &extent, 1, line.data, NULL), KW_OK);
        text += size;
    }
}

static inline void builder_end(struct index_builder *builder)
{
    assert_int_equal(kw_inverter_end(builder->inverter, NULL), KW_OK);
    builder->document++;
}

/* A document in a line: title (searched unless empty) and text, no fields. */
static inline void builder_add(struct index_builder *builder, const char *id, const char *title,
                               const char *text)
{
    struct kw_entry entry = {
        .id = kw_view_of(id), .title = kw_view_of(title), .title_searched = title[0] != 0};
    uint32_t base = 0;
    builder_begin(builder, &entry);
    if (entry.title_searched) {
        builder_words(builder, "title", entry.title, 0);
        base = builder_words(builder, "", entry.title, 0) + KW_TITLE_GAP;
    }
    builder_text(builder, text, base);
    builder_end(builder);
}

/* The words' forms in one way: the number of each word's form, and the forms. */
struct forms {
    struct word_list list;
    uint32_t *number_of;
    struct kw_view *views;
};

/* Fills `forms` with the stems of a language, or with LANGUAGES with the surface forms. */
static inline void forms_init(struct forms *forms, const struct word_list *words, uint32_t language)
{
    char form[WORD_SIZE];
    *forms = (struct forms){.number_of = calloc(words->count + 1, sizeof *forms->number_of)};
    assert_non_null(forms->number_of);
    for (uint32_t i = 0; i < words->count; i++) {
        bool has = true;
        if (language == LANGUAGES)
            lower(strcpy(form, words->items[i]));
        else
            has = toy_stem(words->items[i], language, form);
        forms->number_of[i] = has ? word_number(&forms->list, form) : UINT32_MAX;
    }
    forms->views = calloc(forms->list.count + 1, sizeof *forms->views);
    assert_non_null(forms->views);
    for (uint32_t i = 0; i < forms->list.count; i++)
        forms->views[i] = kw_view_of(forms->list.items[i]);
}

/* Finishes the segment with what the words mean. `languages` of the toy ones are named in it. */
static inline void builder_finish(struct index_builder *builder, uint32_t languages)
{
    struct forms forms[LANGUAGES + 1];
    struct kw_stem_table tables[LANGUAGES];
    for (uint32_t i = 0; i <= LANGUAGES; i++)
        forms_init(&forms[i], &builder->words, i);
    for (uint32_t i = 0; i < LANGUAGES; i++)
        tables[i] = (struct kw_stem_table){kw_view_of(language_names[i]),
                                           i == NONE ? NULL : forms[i].number_of, forms[i].views,
                                           forms[i].list.count};
    const struct forms *surfaces = &forms[LANGUAGES];
    struct kw_batch_words vocabulary = {builder->words.count,
                                        surfaces->number_of,
                                        surfaces->views,
                                        surfaces->list.count,
                                        0,
                                        tables,
                                        languages};
    assert_int_equal(kw_inverter_finish(builder->inverter, &vocabulary, false, NULL), KW_OK);
    for (uint32_t i = 0; i <= LANGUAGES; i++) {
        free(forms[i].list.items);
        free(forms[i].number_of);
        free(forms[i].views);
    }
    kw_inverter_free(builder->inverter);
    free(builder->words.items);
}

/* Maps the segment at `path`. */
static inline struct kw_segment *builder_segment(const char *path)
{
    struct kw_segment *segment;
    assert_int_equal(kw_segment_new(&segment, path, 1, NULL), KW_OK);
    return segment;
}

#endif
