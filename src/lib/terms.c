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
    struct place *places; /* one a member */
    size_t count;
    struct kw_view field; /* as wanted, in `wanted` */
    struct kw_view begin; /* of the terms, in `wanted` */
    struct kw_bytes wanted;
    uint32_t language;    /* of the stems at hand; KW_NO_LANGUAGE for surface terms */
    struct kw_bytes term; /* the current one */
};

static enum kw_status advance(struct place *place, struct kw_error *error)
{
    enum kw_status status = place->stream->ops->next(place->stream, &place->term, error);
    place->ended = status == KW_END;
    return status == KW_END ? KW_OK : status;
}

static void release_places(struct kwic_terms *terms)
{
    for (size_t i = 0; i < terms->count; i++)
        terms->places[i].stream->ops->free(terms->places[i].stream);
    terms->count = 0;
}

/* Begins at the first wanted term of every member: in the language at hand, or of surface terms. */
static enum kw_status start(struct kwic_terms *terms, struct kw_error *error)
{
    const struct kwic_index *index = terms->index;
    const char *language = NULL;
    enum kw_status status = KW_OK;
    if (terms->language != KW_NO_LANGUAGE)
        language = kw_analyzer_language(index->analyzer, terms->language);
    release_places(terms);
    for (size_t i = 0; i < index->count && status == KW_OK; i++) {
        struct kw_engine *engine = index->members[i].engine;
        struct place *place = &terms->places[i];
        status =
            engine->ops->terms(engine, &place->stream, terms->field, terms->begin, language, error);
        if (status == KW_OK) {
            terms->count++;
            status = advance(place, error);
        }
    }
    return status;
}

/* Keeps what is wanted and makes room for the streams. */
static enum kw_status prepare(struct kwic_terms *terms, struct kw_view field, struct kw_view begin,
                              struct kw_error *error)
{
    terms->places = calloc(terms->index->count, sizeof *terms->places);
    kw_bytes_append_view(&terms->wanted, field);
    kw_bytes_append_view(&terms->wanted, begin);
    if (!terms->places || terms->wanted.failed)
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
    release_places(terms);
    free(terms->places);
    kw_bytes_release(&terms->wanted);
    kw_bytes_release(&terms->term);
    free(terms);
}

/* The least term of all members; false if all have ended. */
static bool least_term(const struct kwic_terms *terms, struct kw_view *least)
{
    bool found = false;
    for (size_t i = 0; i < terms->count; i++) {
        const struct place *place = &terms->places[i];
        if (place->ended || (found && kw_view_compare(place->term.bytes, *least) >= 0))
            continue;
        *least = place->term.bytes;
        found = true;
    }
    return found;
}

static enum kw_status next(struct kwic_terms *terms, struct kwic_term *term, struct kw_error *error)
{
    struct kw_view least;
    enum kw_status status = KW_OK;
    while (!least_term(terms, &least)) {
        if (terms->language == KW_NO_LANGUAGE ||
            terms->language + 1 >= kw_analyzer_languages(terms->index->analyzer))
            return KW_END;
        terms->language++;
        status = start(terms, error);
        if (status != KW_OK)
            return status;
    }
    kw_bytes_clear(&terms->term);
    kw_bytes_append_view(&terms->term, least);
    status = kw_bytes_status(&terms->term, error);
    *term = (struct kwic_term){.term = kw_text_of(kw_bytes_view(&terms->term))};
    if (terms->language != KW_NO_LANGUAGE)
        term->language = kw_analyzer_language(terms->index->analyzer, terms->language);
    for (size_t i = 0; i < terms->count && status == KW_OK; i++) {
        struct place *place = &terms->places[i];
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
