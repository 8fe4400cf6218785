/* The terms of all indexes, merged in byte order. */
#include "lib/handle.h"
#include "lib/status.h"

#include <stdlib.h>

/* One member's place in its terms. */
struct place {
    struct kw_term_stream *stream;
    struct kw_stream_term term; /* at hand */
    bool ended;
};

struct kwic_terms {
    const struct kwic_index *index;
    struct place *places; /* one a member, and again for each language of stems: all at once, so
                             that they are of one state of the index */
    size_t opened;
    bool stems;
    uint32_t languages;   /* 1 for surface terms */
    uint32_t language;    /* at hand */
    struct kw_bytes term; /* the current one */
};

static enum kw_status advance(struct place *place, struct kw_error *error)
{
    enum kw_status status = place->stream->ops->next(place->stream, &place->term, error);
    place->ended = status == KW_END;
    return status == KW_END ? KW_OK : status;
}

/* Begins at the first wanted term of every member and language. */
static enum kw_status start(struct kwic_terms *terms, struct kw_view field, struct kw_view begin,
                            struct kw_error *error)
{
    const struct kwic_index *index = terms->index;
    size_t count = terms->languages * index->count;
    enum kw_status status = KW_OK;
    terms->places = calloc(count + 1, sizeof *terms->places);
    if (!terms->places)
        return kw_fail_memory(error);
    for (size_t i = 0; i < count && status == KW_OK; i++) {
        struct kw_engine *engine = index->members[i % index->count].engine;
        struct place *place = &terms->places[i];
        const char *language =
            terms->stems ? kw_analyzer_language(index->analyzer, (uint32_t)(i / index->count))
                         : NULL;
        status = engine->ops->terms(engine, &place->stream, field, begin, language, error);
        if (status == KW_OK) {
            terms->opened++;
            status = advance(place, error);
        }
    }
    return status;
}

/* One round: opens all streams. */
static enum kw_status open(struct kwic_terms **out, struct kwic_index *index, struct kw_view field,
                           struct kw_view begin, bool stems, struct kw_error *error)
{
    *out = NULL;
    struct kwic_terms *terms = calloc(1, sizeof *terms);
    if (!terms)
        return kw_fail_memory(error);
    terms->index = index;
    terms->stems = stems;
    /* A name with a NUL would make the key of another field; no field has one. */
    if (!field.size || !memchr(field.data, 0, field.size))
        terms->languages = stems ? kw_analyzer_languages(index->analyzer) : 1;
    enum kw_status status = start(terms, field, begin, error);
    if (status == KW_OK)
        *out = terms;
    else
        kwic_terms_free(terms);
    return status;
}

enum kwic_status kwic_terms_new(struct kwic_terms **out, struct kwic_index *index,
                                struct kwic_text field, struct kwic_text prefix, bool stems,
                                struct kwic_error *error)
{
    struct kw_error inner = KW_ERROR_INIT;
    unsigned tries = 0;
    enum kw_status status;
    do {
        status = open(out, index, kw_view_of_text(field), kw_view_of_text(prefix), stems, &inner);
    } while (kw_index_again(index, &tries, &status, &inner));
    return kw_publish(status, &inner, error);
}

void kwic_terms_free(struct kwic_terms *terms)
{
    if (!terms)
        return;
    for (size_t i = 0; i < terms->opened; i++)
        terms->places[i].stream->ops->free(terms->places[i].stream);
    free(terms->places);
    kw_bytes_release(&terms->term);
    free(terms);
}

/* The places of the language at hand. */
static struct place *places_at_hand(const struct kwic_terms *terms)
{
    return terms->places + terms->language * terms->index->count;
}

/* The least term of all members in the language at hand; false if all have ended. */
static bool least_term(const struct kwic_terms *terms, struct kw_view *least)
{
    const struct place *places = places_at_hand(terms);
    bool found = false;
    for (size_t i = 0; i < terms->index->count; i++) {
        if (places[i].ended || (found && kw_view_compare(places[i].term.bytes, *least) >= 0))
            continue;
        *least = places[i].term.bytes;
        found = true;
    }
    return found;
}

static enum kw_status next(struct kwic_terms *terms, struct kwic_term *term, struct kw_error *error)
{
    struct kw_view least;
    while (terms->language < terms->languages && !least_term(terms, &least))
        terms->language++;
    if (terms->language == terms->languages)
        return KW_END;
    kw_bytes_clear(&terms->term);
    kw_bytes_append_view(&terms->term, least);
    enum kw_status status = kw_bytes_status(&terms->term, error);
    *term = (struct kwic_term){.term = kw_text_of(kw_bytes_view(&terms->term))};
    if (terms->stems)
        term->language = kw_analyzer_language(terms->index->analyzer, terms->language);
    for (size_t i = 0; i < terms->index->count && status == KW_OK; i++) {
        struct place *place = &places_at_hand(terms)[i];
        if (place->ended || !kw_view_equal(place->term.bytes, kw_bytes_view(&terms->term)))
            continue;
        term->documents += place->term.documents;
        term->occurrences += place->term.occurrences;
        status = advance(place, error);
    }
    return status;
}

enum kwic_status kwic_terms_next(struct kwic_terms *terms, struct kwic_term *term,
                                 struct kwic_error *error)
{
    struct kw_error inner = KW_ERROR_INIT;
    return kw_publish(next(terms, term, &inner), &inner, error);
}
