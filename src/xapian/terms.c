/* Walks Xapian's list of all terms. The text's own terms lie among those of other kinds, which all
 * begin with a capital letter and are passed over by a leap. */
#include "xapian/terms.h"

#include "index/pattern_walk.h"
#include "xapian/foreign.h"
#include "xapian/schema.h"

#include <stdlib.h>

enum { PATIENCE = 16 }; /* dead terms that are read before a leap, which costs as much */

/* A list of terms of one field and kind. */
struct list {
    struct kw_xapian *xapian;
    struct xc_terms *cursor;
    struct kw_bytes prefix; /* of the kind's terms */
    struct kw_bytes begin;  /* of those that are wanted: the prefix and more */
    bool in_text;           /* a capital behind the prefix is of another kind */
    bool none;              /* the database has none of the kind */
};

static void list_release(struct list *list)
{
    xc_terms_free(list->cursor);
    kw_bytes_release(&list->prefix);
    kw_bytes_release(&list->begin);
}

static enum kw_status cursor_failed(struct list *list, struct kw_error *error)
{
    return kw_xapian_failed(list->xapian, xc_terms_error(list->cursor), error);
}

/* Starts before the first of the terms that are wanted. */
static enum kw_status open(struct list *list, struct kw_error *error)
{
    struct kw_xapian *xapian = list->xapian;
    if (xc_database_all_terms(xapian->database, kw_xapian_text(kw_bytes_view(&list->begin)),
                              list->cursor) != XC_OK)
        return kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    return KW_OK;
}

/* Release it whatever it returns. */
static enum kw_status list_init(struct list *list, struct kw_xapian *xapian, struct kw_view field,
                                struct kw_view begin, const char *language, unsigned number,
                                struct kw_error *error)
{
    const struct kw_view none = {NULL, 0};
    struct kw_view stems = language ? kw_view_of(language) : none;
    *list = (struct list){.xapian = xapian, .in_text = !field.size || xapian->foreign};
    list->none = !kw_xapian_term(xapian, field, stems, none, number, &list->prefix);
    kw_bytes_append_view(&list->begin, kw_bytes_view(&list->prefix));
    kw_bytes_append_view(&list->begin, begin);
    list->cursor = xc_terms_new();
    enum kw_status status = list->cursor ? KW_OK : kw_fail_memory(error);
    if (status == KW_OK)
        status = kw_bytes_status(&list->prefix, error);
    if (status == KW_OK)
        status = kw_bytes_status(&list->begin, error);
    return status == KW_OK && !list->none ? open(list, error) : status;
}

/* Passes over terms of other kinds: XC_OK with a term of the kind, XC_END, or an error. */
static enum xc_status settle(struct list *list, enum xc_status status, struct xc_text *term)
{
    struct kw_bytes past = KW_BYTES_INIT;
    size_t prefix = list->prefix.size;
    if (status == XC_OK && list->in_text && term->size > prefix && term->data[prefix] >= 'A' &&
        term->data[prefix] <= 'Z') {
        kw_bytes_append_view(&past, kw_bytes_view(&list->prefix));
        kw_bytes_append_byte(&past, 'Z' + 1);
        status = past.failed
                     ? XC_E_MEMORY
                     : xc_terms_skip_to(list->cursor, kw_xapian_text(kw_bytes_view(&past)), term);
        kw_bytes_release(&past);
    }
    return status;
}

/* The next term of the kind. */
static enum xc_status next(struct list *list, struct xc_text *term)
{
    if (list->none)
        return XC_END;
    return settle(list, xc_terms_next(list->cursor, term), term);
}

static enum xc_status skip_to(struct list *list, struct kw_view to, struct xc_text *term)
{
    return settle(list, xc_terms_skip_to(list->cursor, kw_xapian_text(to), term), term);
}

/* ---- The stream --------------------------------------------------------------------------- */

/* All terms are read before the first is given: none of them is of another state of the database
 * than the others. */
struct stream {
    struct kw_term_stream door;
    struct kw_bytes terms; /* of each its size, bytes, documents and occurrences */
    struct kw_view rest;   /* of them */
};

/* Adds up how often a field's term stands in its documents. */
static enum kw_status count_places(struct kw_xapian *xapian, struct xc_text term,
                                   struct xc_postings *postings, uint64_t *occurrences,
                                   struct kw_error *error)
{
    enum xc_status status;
    uint32_t docid;
    size_t count;
    if (xc_database_postings(xapian->database, term, postings) != XC_OK)
        return kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    while ((status = xc_postings_next(postings, &docid)) == XC_OK) {
        if (xc_postings_read_positions(postings, NULL, 0, &count) != XC_OK)
            break;
        *occurrences += count;
    }
    return status == XC_END ? KW_OK : kw_xapian_failed(xapian, xc_postings_error(postings), error);
}

/* The text's terms have their occurrences as wdf. */
static enum kw_status count_occurrences(struct list *list, struct xc_text term,
                                        struct xc_postings *postings, uint64_t *occurrences,
                                        struct kw_error *error)
{
    struct kw_xapian *xapian = list->xapian;
    uint32_t frequency;
    *occurrences = 0;
    if (!list->in_text)
        return count_places(xapian, term, postings, occurrences, error);
    if (xc_database_collection_frequency(xapian->database, term, &frequency) != XC_OK)
        return kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    *occurrences = frequency;
    return KW_OK;
}

/* Adds the term on which the list stands. */
static enum kw_status add_term(struct stream *stream, struct list *list, struct xc_text term,
                               struct xc_postings *postings, struct kw_error *error)
{
    struct kw_bytes *terms = &stream->terms;
    const struct kw_view all = kw_xapian_view(term);
    const struct kw_view bytes = {all.data + list->prefix.size, all.size - list->prefix.size};
    uint64_t occurrences;
    uint32_t documents;
    if (xc_terms_frequency(list->cursor, &documents) != XC_OK)
        return cursor_failed(list, error);
    kw_bytes_string(terms, bytes);
    enum kw_status status = count_occurrences(list, term, postings, &occurrences, error);
    kw_bytes_varint(terms, documents);
    kw_bytes_varint(terms, occurrences);
    return status == KW_OK ? kw_bytes_status(terms, error) : status;
}

static enum kw_status read_terms(struct stream *stream, struct list *list, struct kw_error *error)
{
    struct xc_postings *postings = xc_postings_new();
    enum kw_status status = postings ? KW_OK : kw_fail_memory(error);
    enum xc_status at = XC_END;
    struct xc_text term;
    while (status == KW_OK && (at = next(list, &term)) == XC_OK)
        status = add_term(stream, list, term, postings, error);
    xc_postings_free(postings);
    return status == KW_OK && at != XC_END ? cursor_failed(list, error) : status;
}

static enum kw_status stream_next(struct kw_term_stream *door, struct kw_stream_term *term,
                                  struct kw_error *error)
{
    struct stream *stream = (struct stream *)door;
    (void)error;
    return kw_take_string(&stream->rest, &term->bytes) &&
                   kw_take_varint(&stream->rest, &term->documents) &&
                   kw_take_varint(&stream->rest, &term->occurrences)
               ? KW_OK
               : KW_END;
}

static void stream_free(struct kw_term_stream *door)
{
    struct stream *stream = (struct stream *)door;
    kw_bytes_release(&stream->terms);
    free(stream);
}

static const struct kw_term_stream_ops stream_ops = {stream_free, stream_next};

enum kw_status kw_xapian_terms_new(struct kw_term_stream **out, struct kw_xapian *xapian,
                                   struct kw_view field, struct kw_view begin, const char *language,
                                   struct kw_error *error)
{
    struct list list;
    *out = NULL;
    struct stream *stream = calloc(1, sizeof *stream);
    if (!stream)
        return kw_fail_memory(error);
    stream->door.ops = &stream_ops;
    enum kw_status status = list_init(&list, xapian, field, begin, language, 0, error);
    if (status == KW_OK)
        status = read_terms(stream, &list, error);
    list_release(&list);
    stream->rest = kw_bytes_view(&stream->terms);
    if (status == KW_OK)
        *out = &stream->door;
    else
        stream_free(&stream->door);
    return status;
}

enum kw_status kw_xapian_count_terms(struct kw_xapian *xapian, const char *language,
                                     uint64_t *count, struct kw_error *error)
{
    const struct kw_view none = {NULL, 0};
    struct list list;
    struct xc_text term;
    enum xc_status at = XC_END;
    enum kw_status status = list_init(&list, xapian, none, none, language, 0, error);
    while (status == KW_OK && (at = next(&list, &term)) == XC_OK)
        ++*count;
    if (status == KW_OK && at != XC_END)
        status = cursor_failed(&list, error);
    list_release(&list);
    return status;
}

/* ---- Patterns ----------------------------------------------------------------------------- */

/* A walk along the list, with the automaton. */
struct expansion {
    struct list list;
    struct kw_pattern_walk walk;
    struct kw_bytes key; /* the current term */
    struct kw_bytes bound;
    uint32_t dead; /* terms since the last one that lived */
};

/* Takes the term as the current one. */
static enum kw_status take(struct expansion *expansion, struct xc_text term, struct kw_error *error)
{
    struct kw_bytes *key = &expansion->key;
    size_t shared = 0;
    while (shared < term.size && shared < key->size &&
           (uint8_t)term.data[shared] == key->data[shared])
        shared++;
    kw_bytes_clear(key);
    kw_bytes_append_view(key, kw_xapian_view(term));
    kw_pattern_walk_next(&expansion->walk, shared);
    return kw_bytes_status(key, error);
}

/* Adds the current term if the pattern accepts it. */
static enum kw_status look(struct expansion *expansion, struct kw_found_terms *found,
                           struct kw_error *error)
{
    struct kw_view key = kw_bytes_view(&expansion->key);
    struct kw_view term = {key.data + expansion->walk.begin, key.size - expansion->walk.begin};
    bool accepted = false;
    uint32_t documents;
    enum kw_status status = KW_OK;
    if (!kw_pattern_walk_hopeless(&expansion->walk, key))
        status = kw_pattern_walk_run(&expansion->walk, key, &accepted, error);
    expansion->dead = expansion->walk.dead ? expansion->dead + 1 : 0;
    if (status != KW_OK || !accepted)
        return status;
    if (xc_terms_frequency(expansion->list.cursor, &documents) != XC_OK)
        return cursor_failed(&expansion->list, error);
    return kw_found_terms_add(found, term, documents, error);
}

/* Goes on to the next term, or after many dead ones to the first that may be accepted. */
static enum xc_status go_on(struct expansion *expansion, struct xc_text *term)
{
    struct kw_view key = kw_bytes_view(&expansion->key);
    if (expansion->dead < PATIENCE)
        return next(&expansion->list, term);
    expansion->dead = 0;
    if (!kw_pattern_walk_bound(&expansion->walk, key, &expansion->bound))
        return XC_END;
    struct kw_view bound = kw_bytes_view(&expansion->bound);
    if (expansion->bound.failed || kw_view_compare(key, bound) >= 0)
        return next(&expansion->list, term);
    return skip_to(&expansion->list, bound, term);
}

static enum kw_status walk(struct expansion *expansion, struct kw_found_terms *found,
                           struct kw_error *error)
{
    struct xc_text term;
    kw_bytes_append_view(&expansion->bound, kw_bytes_view(&expansion->list.prefix));
    kw_pattern_walk_first(&expansion->walk, &expansion->bound);
    enum kw_status status = kw_bytes_status(&expansion->bound, error);
    if (status != KW_OK)
        return status;
    enum xc_status at = expansion->bound.size
                            ? skip_to(&expansion->list, kw_bytes_view(&expansion->bound), &term)
                            : next(&expansion->list, &term);
    for (; at == XC_OK && status == KW_OK; at = go_on(expansion, &term)) {
        status = take(expansion, term, error);
        found->looked_at++;
        if (status == KW_OK)
            status = look(expansion, found, error);
        if (status != KW_OK)
            return status;
    }
    return at == XC_END ? KW_OK : cursor_failed(&expansion->list, error);
}

/* Adds those of the terms that stand for a field's words, alternative `number`. */
static enum kw_status expand(struct kw_xapian *xapian, struct kw_view field, unsigned number,
                             const struct kw_pattern *pattern, struct kw_found_terms *found,
                             struct kw_error *error)
{
    struct expansion expansion = {.dead = 0};
    struct kw_bytes begin = KW_BYTES_INIT; /* a server sends all that begin so */
    kw_pattern_prefix(pattern, &begin);
    enum kw_status status = kw_bytes_status(&begin, error);
    if (status == KW_OK)
        status =
            list_init(&expansion.list, xapian, field, kw_bytes_view(&begin), NULL, number, error);
    if (status == KW_OK)
        status = kw_pattern_walk_init(&expansion.walk, pattern, expansion.list.prefix.size, error);
    if (status == KW_OK && !expansion.list.none)
        status = walk(&expansion, found, error);
    kw_bytes_release(&begin);
    list_release(&expansion.list);
    kw_pattern_walk_release(&expansion.walk);
    kw_bytes_release(&expansion.key);
    kw_bytes_release(&expansion.bound);
    return status;
}

enum kw_status kw_xapian_expand(struct kw_xapian *xapian, struct kw_view field,
                                const struct kw_pattern *pattern, struct kw_found_terms *found,
                                struct kw_error *error)
{
    unsigned count = xapian->foreign ? kw_foreign_alternatives(xapian, field) : 1;
    enum kw_status status = KW_OK;
    for (unsigned i = 0; i < count && status == KW_OK; i++)
        status = expand(xapian, field, i, pattern, found, error);
    return status;
}
