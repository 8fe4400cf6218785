/* Of many terms, as patterns have them, most are rare: their postings come by a trip each, not by a
 * search that goes through all candidates; and places are looked up. */
#include "xapian/bulk.h"

#include <stdlib.h>

uint32_t kw_bulk_find(const uint32_t *places, uint32_t count, uint32_t place)
{
    uint32_t from = 0, to = count;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (places[middle] < place)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

enum kw_status kw_bulk_places(const struct kw_bulk *bulk, const struct kw_xapian *xapian,
                              const uint32_t *docids, uint32_t count, uint32_t *places,
                              struct kw_error *error)
{
    for (uint32_t i = 0; i < count; i++) {
        places[i] = kw_bulk_find(bulk->docids, bulk->count, docids[i]);
        if (places[i] == bulk->count || bulk->docids[places[i]] != docids[i])
            return kw_fail(error, KW_E_IO, "'%s' does not find what it has", xapian->where);
    }
    return KW_OK;
}

/* Takes the postings of some documents, whose places are at `*place` or behind. */
static enum kw_status take(const struct kw_bulk *bulk, struct kw_bulk_term *term,
                           const uint32_t *docids, const uint32_t *frequencies, size_t count,
                           uint32_t *place, struct kw_error *error)
{
    uint32_t *places = realloc(term->places, (term->count + count) * sizeof *places);
    if (places)
        term->places = places;
    uint32_t *figures = realloc(term->frequencies, (term->count + count) * sizeof *figures);
    if (figures)
        term->frequencies = figures;
    if (!places || !figures)
        return kw_fail_memory(error);
    for (size_t i = 0; i < count; i++) {
        while (*place < bulk->count && bulk->docids[*place] < docids[i])
            ++*place;
        if (*place == bulk->count || bulk->docids[*place] != docids[i])
            continue;
        term->places[term->count] = *place;
        term->frequencies[term->count++] = frequencies[i];
    }
    return KW_OK;
}

/* Reads all postings of a term. */
static enum kw_status read_list(struct kw_bulk *bulk, struct kw_xapian *xapian, struct xc_text text,
                                struct kw_bulk_term *term, struct kw_error *error)
{
    enum { SOME = 500 };
    struct xc_postings *postings = xc_postings_new();
    uint32_t docids[SOME], frequencies[SOME], place = 0;
    size_t count = SOME;
    enum kw_status status = postings ? KW_OK : kw_fail_memory(error);
    if (status == KW_OK && xc_database_postings(xapian->database, text, postings) != XC_OK)
        status = kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    while (status == KW_OK && count == SOME) {
        if (xc_postings_read(postings, docids, frequencies, NULL, SOME, &count) < 0)
            status = kw_xapian_failed(xapian, xc_postings_error(postings), error);
        else if (count)
            status = take(bulk, term, docids, frequencies, count, &place, error);
    }
    xc_postings_free(postings);
    return status;
}

enum kw_status kw_bulk_list(struct kw_bulk *bulk, struct kw_xapian *xapian, size_t number,
                            struct kw_error *error)
{
    const struct kw_excerpt_term *term = &bulk->wanted->terms.items[number];
    struct kw_bytes name = KW_BYTES_INIT;
    enum kw_status status = KW_OK;
    if (kw_xapian_term(xapian, term->field, term->language, term->bytes, 0, &name)) {
        status = kw_bytes_status(&name, error);
        if (status == KW_OK)
            status = read_list(bulk, xapian, kw_xapian_text(kw_bytes_view(&name)),
                               &bulk->terms[number], error);
    }
    kw_bytes_release(&name);
    return status;
}
