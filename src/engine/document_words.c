/* Reads a document: analyses titles, bodies and fields and hands on what it finds. */
#include "engine/document_words.h"

#include "stemmers/guess.h"

#include <stdlib.h>

bool kw_document_is_record(const struct kw_document *document)
{
    return document->line > 0 || !kw_view_equal(document->path, document->id);
}

uint64_t kw_document_input(const struct kw_document *document)
{
    uint64_t bytes =
        KW_DOCUMENT_INPUT + document->id.size + document->title.size + document->text.size;
    for (size_t i = 0; i < document->field_count; i++)
        bytes += document->fields[i].name.size + document->fields[i].value.size;
    return bytes;
}

enum kw_status kw_document_entry(const struct kw_document *document, struct kw_entry *entry,
                                 struct kw_error *error)
{
    size_t count = document->field_count;
    struct kw_entry_field *fields = count ? calloc(count, sizeof *fields) : NULL;
    *entry = (struct kw_entry){.fields = fields};
    if (count && !fields)
        return kw_fail_memory(error);
    for (size_t i = 0; i < count; i++) {
        const struct kw_field *field = &document->fields[i];
        fields[i] = (struct kw_entry_field){field->name, (uint8_t)field->kind, field->value};
    }
    entry->id = document->id;
    entry->title = document->title;
    entry->path = document->path;
    entry->is_record = kw_document_is_record(document);
    entry->title_searched = document->title_searched;
    entry->line = document->line;
    entry->field_count = count;
    return KW_OK;
}

const char *kw_document_language(const struct kw_document *document)
{
    const char *name = kw_guess_name(document->text);
    return strcmp(name, "none") == 0 ? kw_guess_name(document->title) : name;
}

enum kw_status kw_document_searched(struct kw_field_types *types,
                                    const struct kw_document *document,
                                    struct kw_searched *searched, struct kw_error *error)
{
    enum kw_status status = kw_document_values_settle(types, document, error);
    if (status == KW_OK && !kw_grow(searched, document->field_count + 1))
        return kw_fail_memory(error);
    for (size_t i = 0; i < document->field_count && status == KW_OK; i++) {
        const struct kw_field *field = &document->fields[i];
        struct kw_field_type *type = NULL;
        bool may = field->kind == KW_FIELD_TEXT && kw_field_types_allow(field->name);
        if (may)
            status = kw_field_types_of(types, field, &type, error);
        searched->items[i] = may && (!type || type->type == KW_TYPE_TEXT);
    }
    return status;
}

/* Analyses a short text and adds it to the `count` fields named; *length is the positions it spans.
 */
static enum kw_status add_short(const struct kw_document_sink *sink, struct kw_analyzer *analyzer,
                                const struct kw_view *fields, size_t count, struct kw_view text,
                                uint32_t *length, struct kw_error *error)
{
    struct kw_tokens tokens;
    enum kw_status status = kw_analyzer_text(analyzer, text, &tokens, error);
    if (status != KW_OK)
        return status;
    for (size_t i = 0; i < count && tokens.count && status == KW_OK; i++)
        status = sink->tokens(sink->context, fields[i], tokens.word, tokens.position, tokens.count,
                              0, tokens.positions, error);
    *length = tokens.positions;
    return status;
}

/* Adds a searched title: to its own field and, as its first words, to the text. */
static enum kw_status add_title(const struct kw_document_sink *sink, struct kw_analyzer *analyzer,
                                struct kw_view title, uint32_t *length, struct kw_error *error)
{
    const struct kw_view fields[] = {kw_view_of("title"), kw_view_of("")};
    return add_short(sink, analyzer, fields, 2, title, length, error);
}

/* Adds one window's passages and tokens, whose positions begin at *base, and moves *base and *rest
 * behind them. */
static enum kw_status add_window(const struct kw_document_sink *sink,
                                 const struct kw_tokens *tokens, const struct kw_passage *passages,
                                 size_t count, uint32_t *base, struct kw_view *rest,
                                 struct kw_error *error)
{
    enum kw_status status = KW_OK;
    uint32_t words = 0;
    size_t bytes = 0;
    struct kw_extent *extents = malloc(count * sizeof *extents);
    if (!extents)
        return kw_fail_memory(error);
    for (size_t i = 0; i < count; i++) {
        extents[i] = (struct kw_extent){passages[i].words, passages[i].bytes, passages[i].lines};
        words += passages[i].words;
        bytes += passages[i].bytes;
    }
    if (words)
        status = sink->tokens(sink->context, kw_view_of(""), tokens->word, tokens->position,
                              tokens->count, *base, words, error);
    if (status == KW_OK)
        status = sink->text(sink->context, extents, count, rest->data, error);
    free(extents);
    *base += words;
    rest->data += bytes;
    rest->size -= bytes;
    return status;
}

/* Adds the body; *words is its length. */
static enum kw_status add_body(const struct kw_document_sink *sink, struct kw_analyzer *analyzer,
                               struct kw_view text, uint32_t first, uint64_t *words,
                               struct kw_error *error)
{
    enum kw_status status = KW_OK;
    uint32_t base = first;
    while (status == KW_OK && text.size) {
        struct kw_tokens tokens;
        const struct kw_passage *passages;
        size_t count;
        status = kw_analyzer_window(analyzer, text, &tokens, &passages, &count, error);
        if (status == KW_OK)
            status = add_window(sink, &tokens, passages, count, &base, &text, error);
    }
    *words = base - first;
    return status;
}

enum kw_status kw_document_words(const struct kw_document_sink *sink, struct kw_analyzer *analyzer,
                                 const struct kw_document *document, const bool *searched,
                                 struct kw_document_length *length, struct kw_error *error)
{
    uint32_t title = 0;
    uint32_t words;
    uint64_t body = 0;
    enum kw_status status = KW_OK;
    if (document->title_searched)
        status = add_title(sink, analyzer, document->title, &title, error);
    uint32_t first = title ? title + KW_TITLE_GAP : 0;
    if (status == KW_OK)
        status = add_body(sink, analyzer, document->text, first, &body, error);
    for (size_t i = 0; i < document->field_count && status == KW_OK; i++) {
        const struct kw_field *field = &document->fields[i];
        if (searched[i])
            status = add_short(sink, analyzer, &field->name, 1, field->value, &words, error);
    }
    *length = (struct kw_document_length){title, body};
    return status;
}
