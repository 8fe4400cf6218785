/* The terms of all segments of all indexes, merged in byte order. */
#include "index/postings.h"
#include "lib/handle.h"
#include "lib/status.h"

#include <stdlib.h>

/* One segment's place in its lexicon. */
struct stream {
    struct kw_lexicon_cursor cursor;
    bool ended;
};

struct kwic_terms {
    const struct kwic_index *index;
    struct stream *streams; /* one a segment */
    size_t count;
    struct kw_view field; /* as wanted, in `wanted` */
    struct kw_view begin; /* of the terms, in `wanted` */
    struct kw_bytes wanted;
    uint32_t language;      /* of the stems at hand; KW_NO_LANGUAGE for surface terms */
    struct kw_bytes prefix; /* of the lexicon keys at hand */
    size_t term_at;         /* where the term begins in a key */
    struct kw_bytes key;    /* the current one */
};

/* Moves a stream to its next key that is wanted. */
static enum kw_status advance(struct kwic_terms *terms, struct stream *stream,
                              struct kw_error *error)
{
    enum kw_status status = kw_lexicon_cursor_next(&stream->cursor, error);
    const struct kw_bytes *key = &stream->cursor.key;
    stream->ended = status == KW_END;
    if (status == KW_END)
        return KW_OK;
    if (status == KW_OK && (key->size < terms->prefix.size ||
                            memcmp(key->data, terms->prefix.data, terms->prefix.size) != 0))
        stream->ended = true;
    return status;
}

static void release_streams(struct kwic_terms *terms)
{
    for (size_t i = 0; i < terms->count; i++)
        kw_lexicon_cursor_release(&terms->streams[i].cursor);
    terms->count = 0;
}

/* Begins at the first wanted key of every segment: in the language at hand, or of surface terms. */
static enum kw_status start(struct kwic_terms *terms, struct kw_error *error)
{
    const struct kwic_index *index = terms->index;
    struct kw_view none = {NULL, 0};
    if (terms->language == KW_NO_LANGUAGE)
        kw_key_surface(&terms->prefix, terms->field, none);
    else
        kw_key_stem(&terms->prefix, terms->field,
                    kw_view_of(kw_analyzer_language(index->analyzer, terms->language)), none);
    terms->term_at = terms->prefix.size;
    kw_bytes_append_view(&terms->prefix, terms->begin);
    enum kw_status status = kw_bytes_status(&terms->prefix, error);
    release_streams(terms);
    for (size_t i = 0; i < index->count; i++) {
        struct kw_snapshot *snapshot = index->members[i].snapshot;
        for (uint32_t j = 0; j < snapshot->manifest.segment_count && status == KW_OK; j++) {
            struct stream *stream = &terms->streams[terms->count];
            status = kw_lexicon_cursor_init(&stream->cursor, snapshot->segments[j],
                                            kw_bytes_view(&terms->prefix), error);
            if (status == KW_OK) {
                terms->count++;
                status = advance(terms, stream, error);
            }
        }
    }
    return status;
}

/* Keeps what is wanted and makes room for the streams. */
static enum kw_status prepare(struct kwic_terms *terms, struct kw_view field, struct kw_view begin,
                              struct kw_error *error)
{
    size_t segments = 0;
    for (size_t i = 0; i < terms->index->count; i++)
        segments += terms->index->members[i].snapshot->manifest.segment_count;
    terms->streams = calloc(segments + 1, sizeof *terms->streams);
    kw_bytes_append_view(&terms->wanted, field);
    kw_bytes_append_view(&terms->wanted, begin);
    if (!terms->streams || terms->wanted.failed)
        return kw_fail_memory(error);
    terms->field = (struct kw_view){terms->wanted.data, field.size};
    terms->begin = (struct kw_view){terms->wanted.data + field.size, begin.size};
    return KW_OK;
}

enum kwic_status kwic_terms_new(struct kwic_terms **out, struct kwic_index *index,
                                struct kwic_text field, struct kwic_text prefix, bool stems,
                                struct kwic_error *error)
{
    struct kw_error inner = KW_ERROR_INIT;
    struct kw_view name = kw_view_of_text(field);
    *out = NULL;
    struct kwic_terms *terms = calloc(1, sizeof *terms);
    if (!terms)
        return kw_publish(kw_fail_memory(&inner), &inner, error);
    terms->index = index;
    terms->language = stems ? 0 : KW_NO_LANGUAGE;
    enum kw_status status = prepare(terms, name, kw_view_of_text(prefix), &inner);
    /* A name with a NUL would make the key of another field; no field has one. */
    bool is_name = !name.size || !memchr(name.data, 0, name.size);
    if (status == KW_OK && is_name && (!stems || kw_analyzer_languages(index->analyzer)))
        status = start(terms, &inner);
    if (status == KW_OK)
        *out = terms;
    else
        kwic_terms_free(terms);
    return kw_publish(status, &inner, error);
}

void kwic_terms_free(struct kwic_terms *terms)
{
    if (!terms)
        return;
    release_streams(terms);
    free(terms->streams);
    kw_bytes_release(&terms->wanted);
    kw_bytes_release(&terms->prefix);
    kw_bytes_release(&terms->key);
    free(terms);
}

/* Adds a segment's live documents with the term at hand. */
static enum kw_status add_counts(const struct kw_lexicon_cursor *cursor, struct kwic_term *term,
                                 struct kw_error *error)
{
    struct kw_postings postings;
    if (!cursor->segment->deletes) {
        term->documents += cursor->term.documents;
        term->occurrences += cursor->term.occurrences;
        return KW_OK;
    }
    kw_postings_init(&postings, cursor->segment, &cursor->term);
    while (kw_postings_next(&postings) != KW_NO_DOCUMENT) {
        if (kw_segment_deleted(cursor->segment, postings.document))
            continue;
        term->documents++;
        term->occurrences += postings.frequency;
    }
    kw_postings_release(&postings);
    return kw_segment_status(cursor->segment, error);
}

/* The least key of all streams; false if all have ended. */
static bool least_key(const struct kwic_terms *terms, struct kw_view *key)
{
    bool found = false;
    for (size_t i = 0; i < terms->count; i++) {
        const struct stream *stream = &terms->streams[i];
        struct kw_view candidate = kw_bytes_view(&stream->cursor.key);
        if (stream->ended || (found && kw_view_compare(candidate, *key) >= 0))
            continue;
        *key = candidate;
        found = true;
    }
    return found;
}

/* The next term, also one that only deleted documents hold. */
static enum kw_status next(struct kwic_terms *terms, struct kwic_term *term, struct kw_error *error)
{
    struct kw_view least;
    enum kw_status status = KW_OK;
    while (!least_key(terms, &least)) {
        if (terms->language == KW_NO_LANGUAGE ||
            terms->language + 1 >= kw_analyzer_languages(terms->index->analyzer))
            return KW_END;
        terms->language++;
        status = start(terms, error);
        if (status != KW_OK)
            return status;
    }
    kw_bytes_clear(&terms->key);
    kw_bytes_append_view(&terms->key, least);
    status = kw_bytes_status(&terms->key, error);
    *term = (struct kwic_term){.documents = 0};
    if (terms->language != KW_NO_LANGUAGE)
        term->language = kw_analyzer_language(terms->index->analyzer, terms->language);
    for (size_t i = 0; i < terms->count && status == KW_OK; i++) {
        struct stream *stream = &terms->streams[i];
        if (stream->ended ||
            !kw_view_equal(kw_bytes_view(&stream->cursor.key), kw_bytes_view(&terms->key)))
            continue;
        status = add_counts(&stream->cursor, term, error);
        if (status == KW_OK)
            status = advance(terms, stream, error);
    }
    term->term = (struct kwic_text){(const char *)terms->key.data + terms->term_at,
                                    terms->key.size - terms->term_at};
    return status;
}

enum kwic_status kwic_terms_next(struct kwic_terms *terms, struct kwic_term *term,
                                 struct kwic_error *error)
{
    struct kw_error inner = KW_ERROR_INIT;
    enum kw_status status;
    do {
        status = next(terms, term, &inner);
    } while (status == KW_OK && term->documents == 0);
    return kw_publish(status, &inner, error);
}
