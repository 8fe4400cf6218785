/* Single documents: what is stored of them, and their text. */
#include "lib/handle.h"
#include "lib/status.h"

#include <stdlib.h>

struct kwic_document {
    struct kw_engine *engine; /* that it is read from */
    struct kw_engine *held;   /* the same, if that holds it fast */
    uint64_t number;
    struct kw_record record;
    struct kw_outside outside;
    uint64_t words;
    struct kw_bytes text;
};

/* Reads what is known of a document that was looked up. */
static enum kw_status read(struct kwic_document *document, struct kw_member member,
                           struct kw_error *error)
{
    struct kw_engine *engine = member.engine;
    enum kw_status status =
        engine->ops->hold(engine, NULL, &document->number, 1, true, &document->held, error);
    if (status == KW_OK && document->held)
        engine = member.engine = document->held;
    document->engine = engine;
    if (status == KW_OK)
        status = engine->ops->record(engine, document->number, &document->record, error);
    if (status == KW_OK)
        status = kw_outside_fill(&document->outside, &member, &document->record, error);
    if (status == KW_OK)
        status = kw_outside_fields(&document->outside, &member, document->number, &document->record,
                                   error);
    if (status == KW_OK)
        status = engine->ops->words(engine, document->number, &document->words, error);
    return status;
}

/* One round: looks a document up and reads it. */
static enum kw_status look_up(struct kwic_document **out, struct kwic_index *index,
                              struct kw_view name, bool id_only, struct kw_error *error)
{
    size_t place;
    *out = NULL;
    struct kwic_document *document = calloc(1, sizeof *document);
    if (!document)
        return kw_fail_memory(error);
    enum kw_status status = kw_index_find(index, name, id_only, &place, &document->number, error);
    if (status == KW_OK)
        status = read(document, index->members[place], error);
    if (status == KW_OK)
        *out = document;
    else
        kwic_document_free(document);
    return status;
}

enum kwic_status kwic_document_new(struct kwic_document **out, struct kwic_index *index,
                                   struct kwic_text name, bool id_only, struct kwic_error *error)
{
    struct kw_error inner = KW_ERROR_INIT;
    unsigned tries = 0;
    enum kw_status status;
    do {
        status = look_up(out, index, kw_view_of_text(name), id_only, &inner);
    } while (kw_index_again(index, &tries, &status, &inner));
    return kw_publish(status, &inner, error);
}

void kwic_document_free(struct kwic_document *document)
{
    if (!document)
        return;
    if (document->held)
        document->held->ops->free(document->held);
    kw_outside_release(&document->outside);
    kw_bytes_release(&document->text);
    free(document);
}

void kwic_document_info(const struct kwic_document *document, struct kwic_document_info *info)
{
    const struct kw_record *record = &document->record;
    bool one_of_many = kw_is_one_of_many(record);
    *info = (struct kwic_document_info){
        .doc = kw_text_of(record->id),
        .path = KWIC_TEXT(document->outside.path),
        .record = one_of_many,
        .line = one_of_many ? record->line : 1,
        .title = kw_text_of(record->title),
        .bytes = record->bytes,
        .words = document->words,
        .passages = record->passage_count,
        .language = kw_text_of(record->language),
        .fields = document->outside.items,
        .field_count = document->outside.count,
    };
}

enum kwic_status kwic_document_text(struct kwic_document *document, uint64_t first, uint64_t count,
                                    struct kwic_text *text, struct kwic_error *error)
{
    struct kw_error inner = KW_ERROR_INIT;
    uint64_t passages = document->record.passage_count;
    enum kw_status status = KW_OK;
    if (first > passages || count > passages - first) {
        status = kw_fail(&inner, KW_E_NOT_FOUND, "'%.*s' has %llu passages, counted from 0",
                         (int)(document->record.id.size < 500 ? document->record.id.size : 500),
                         (const char *)document->record.id.data, (unsigned long long)passages);
        return kw_publish(status, &inner, error);
    }
    kw_bytes_clear(&document->text);
    if (count)
        status = document->engine->ops->text(document->engine, document->number, first, count,
                                             &document->text, &inner);
    if (status == KW_OK)
        status = kw_bytes_status(&document->text, &inner);
    if (status == KW_OK)
        *text =
            (struct kwic_text){count ? (const char *)document->text.data : "", document->text.size};
    return kw_publish(status, &inner, error);
}
