/* Merges the lexicons of a snapshot's segments. */
#include "engine/native_terms.h"

#include "index/postings.h"

#include <stdlib.h>

/* One segment's place in its lexicon. */
struct place {
    struct kw_lexicon_cursor cursor;
    bool ended;
};

struct native_terms {
    struct kw_term_stream base;
    struct place *places; /* one a segment */
    uint32_t count;
    struct kw_bytes prefix; /* of the lexicon keys that are wanted */
    size_t term_at;         /* where the term begins in a key */
    struct kw_bytes key;    /* the current one */
};

/* Moves to the segment's next key that is wanted. */
static enum kw_status advance(const struct native_terms *terms, struct place *place,
                              struct kw_error *error)
{
    enum kw_status status = kw_lexicon_cursor_next(&place->cursor, error);
    const struct kw_bytes *key = &place->cursor.key;
    place->ended = status == KW_END;
    if (status == KW_END)
        return KW_OK;
    if (status == KW_OK && (key->size < terms->prefix.size ||
                            memcmp(key->data, terms->prefix.data, terms->prefix.size) != 0))
        place->ended = true;
    return status;
}

static void terms_free(struct kw_term_stream *stream)
{
    struct native_terms *terms = (struct native_terms *)stream;
    for (uint32_t i = 0; i < terms->count; i++)
        kw_lexicon_cursor_release(&terms->places[i].cursor);
    free(terms->places);
    kw_bytes_release(&terms->prefix);
    kw_bytes_release(&terms->key);
    free(terms);
}

/* Adds a segment's live documents with the term at hand. */
static enum kw_status add_counts(const struct kw_lexicon_cursor *cursor,
                                 struct kw_stream_term *term, struct kw_error *error)
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
        term->occurrences += kw_postings_frequency(&postings);
    }
    kw_postings_release(&postings);
    return kw_segment_status(cursor->segment, error);
}

/* The least key of all segments; false if all have ended. */
static bool least_key(const struct native_terms *terms, struct kw_view *key)
{
    bool found = false;
    for (uint32_t i = 0; i < terms->count; i++) {
        const struct place *place = &terms->places[i];
        struct kw_view candidate = kw_bytes_view(&place->cursor.key);
        if (place->ended || (found && kw_view_compare(candidate, *key) >= 0))
            continue;
        *key = candidate;
        found = true;
    }
    return found;
}

/* The next term, also one that only deleted documents hold. */
static enum kw_status next(struct native_terms *terms, struct kw_stream_term *term,
                           struct kw_error *error)
{
    struct kw_view least;
    if (!least_key(terms, &least))
        return KW_END;
    kw_bytes_clear(&terms->key);
    kw_bytes_append_view(&terms->key, least);
    enum kw_status status = kw_bytes_status(&terms->key, error);
    *term = (struct kw_stream_term){.documents = 0};
    for (uint32_t i = 0; i < terms->count && status == KW_OK; i++) {
        struct place *place = &terms->places[i];
        if (place->ended ||
            !kw_view_equal(kw_bytes_view(&place->cursor.key), kw_bytes_view(&terms->key)))
            continue;
        status = add_counts(&place->cursor, term, error);
        if (status == KW_OK)
            status = advance(terms, place, error);
    }
    if (status == KW_OK)
        term->bytes =
            (struct kw_view){terms->key.data + terms->term_at, terms->key.size - terms->term_at};
    return status;
}

static enum kw_status terms_next(struct kw_term_stream *stream, struct kw_stream_term *term,
                                 struct kw_error *error)
{
    enum kw_status status;
    do {
        status = next((struct native_terms *)stream, term, error);
    } while (status == KW_OK && term->documents == 0);
    return status;
}

/* Begins at the first wanted key of every segment. */
static enum kw_status start(struct native_terms *terms, const struct kw_snapshot *snapshot,
                            struct kw_view field, struct kw_view begin, const char *language,
                            struct kw_error *error)
{
    const struct kw_view none = {NULL, 0};
    uint32_t segments = snapshot->manifest.segment_count;
    if (language)
        kw_key_stem(&terms->prefix, field, kw_view_of(language), none);
    else
        kw_key_surface(&terms->prefix, field, none);
    terms->term_at = terms->prefix.size;
    kw_bytes_append_view(&terms->prefix, begin);
    terms->places = calloc((size_t)segments + 1, sizeof *terms->places);
    if (!terms->places)
        return kw_fail_memory(error);
    enum kw_status status = kw_bytes_status(&terms->prefix, error);
    for (uint32_t i = 0; i < segments && status == KW_OK; i++) {
        struct place *place = &terms->places[i];
        status = kw_lexicon_cursor_init(&place->cursor, snapshot->segments[i],
                                        kw_bytes_view(&terms->prefix), error);
        if (status == KW_OK) {
            terms->count++;
            status = advance(terms, place, error);
        }
    }
    return status;
}

static const struct kw_term_stream_ops terms_ops = {terms_free, terms_next};

enum kw_status kw_native_terms_new(struct kw_term_stream **out, const struct kw_snapshot *snapshot,
                                   struct kw_view field, struct kw_view begin, const char *language,
                                   struct kw_error *error)
{
    *out = NULL;
    struct native_terms *terms = calloc(1, sizeof *terms);
    if (!terms)
        return kw_fail_memory(error);
    terms->base.ops = &terms_ops;
    enum kw_status status = start(terms, snapshot, field, begin, language, error);
    if (status == KW_OK)
        *out = &terms->base;
    else
        terms_free(&terms->base);
    return status;
}
