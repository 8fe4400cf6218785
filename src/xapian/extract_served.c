/* Servers are asked for a term in a document, not for all of its postings, which they send whole;
 * and what was read ahead of many documents (bulk.h) is taken from there. */
#include "xapian/extract_parts.h"

#include "xapian/candidates.h"
#include "xapian/schema.h"

#include <stdlib.h>

enum kw_status kw_extract_ask(struct kw_extract *extract, uint32_t number, uint32_t place,
                              struct kw_error *error)
{
    enum { SOME = 64 };
    struct xc_database *database = extract->xapian->database;
    struct kw_posting_part posting = {place, number, 0, 0, extract->positions.count};
    uint32_t docid = extract->docids[place], length, *words = &extract->lengths[place];
    size_t count = SOME;
    if (xc_database_positions(database, docid, kw_xapian_text(kw_bytes_view(&extract->term)),
                              extract->stands) != XC_OK)
        return kw_xapian_failed(extract->xapian, xc_database_error(database), error);
    while (count == SOME) {
        uint32_t *room = kw_extract_room(extract, SOME);
        if (!room)
            return kw_fail_memory(error);
        if (xc_positions_read(extract->stands, room, SOME, &count) < 0)
            return kw_xapian_failed(extract->xapian, xc_positions_error(extract->stands), error);
        kw_extract_keep(extract, count);
        posting.count += (uint32_t)count;
    }
    posting.frequency = posting.count;
    if (!posting.frequency)
        return KW_OK;
    if (!extract->wanted->terms.items[number].field.size && *words == UINT32_MAX) {
        if (xc_database_document_length(database, docid, &length) != XC_OK)
            return kw_xapian_failed(extract->xapian, xc_database_error(database), error);
        *words = length / KW_XAPIAN_LENGTH;
    }
    return kw_extract_put(extract, posting, error);
}

/* Adds a posting whose places do not matter, or only in that they are not near those of any other
 * word: they are none of a text. */
static enum kw_status put_far(struct kw_extract *extract, struct kw_posting_part posting,
                              struct kw_error *error)
{
    enum { FAR = 1 << 30, APART = KW_ADDITION_DISTANCE + 1 };
    posting.at = extract->positions.count;
    uint32_t *room = kw_extract_room(extract, posting.count);
    if (!room)
        return kw_fail_memory(error);
    for (uint32_t i = 0; i < posting.count; i++)
        room[i] = FAR + i * APART;
    extract->positions.count += posting.count;
    return kw_extract_put(extract, posting, error);
}

enum kw_status kw_extract_take(struct kw_extract *extract, uint32_t number, struct kw_error *error)
{
    const struct kw_excerpt_term *wanted = &extract->wanted->terms.items[number];
    const struct kw_bulk_term *term =
        &extract->bulk->terms[kw_wanted_find_term(extract->bulk->wanted, wanted)];
    bool placed = extract->wanted->placed[number];
    bool paired = placed && term->near && extract->wanted->paired[number];
    uint32_t at =
        extract->count ? kw_bulk_find(term->places, term->count, extract->bulk_places[0]) : 0;
    enum kw_status status = KW_OK;
    for (uint32_t place = 0; place < extract->count && status == KW_OK; place++) {
        while (at < term->count && term->places[at] < extract->bulk_places[place])
            at++;
        if (at == term->count || term->places[at] != extract->bulk_places[place])
            continue;
        uint32_t frequency = term->frequencies[at];
        const struct kw_posting_part posting = {place, number, frequency, frequency, UINT64_MAX};
        if (!frequency || (placed && !paired) || (paired && term->near[term->places[at]]))
            status = kw_extract_ask(extract, number, place, error);
        else if (paired)
            status = put_far(extract, posting, error);
        else
            status = kw_extract_put(extract, posting, error);
    }
    return status;
}

void kw_extract_take_lengths(struct kw_extract *extract, size_t field)
{
    const struct kw_bulk *bulk = extract->bulk;
    size_t there = kw_wanted_find_field(bulk->wanted, extract->wanted->fields.items[field]);
    for (uint32_t place = 0; place < extract->count; place++)
        extract->lengths[field * extract->count + place] =
            bulk->lengths[there][extract->bulk_places[place]];
}

struct kw_view kw_extract_take_slot(const struct kw_extract *extract, size_t column, uint32_t place)
{
    const struct kw_bulk *bulk = extract->bulk;
    size_t there = kw_wanted_find_column(bulk->wanted, extract->wanted->columns.items[column]);
    return bulk->slots[there][extract->bulk_places[place]];
}

/* ---- Ahead -------------------------------------------------------------------------------- */

enum kw_status kw_extract_ahead(struct kw_extracted *documents, struct kw_bulk *bulk,
                                uint32_t *places, struct kw_xapian *xapian,
                                const struct kw_wanted *wanted, const struct kw_view *ids,
                                struct kw_error *error)
{
    struct xc_query *query = xc_query_new();
    enum kw_status status = query ? kw_xapian_any_id(xapian, ids, documents->count, query, error)
                                  : kw_fail_memory(error);
    if (status == KW_OK)
        status = kw_bulk_init(bulk, xapian, query, wanted, false, error);
    if (status == KW_OK)
        status = kw_bulk_places(bulk, xapian, documents->docids, documents->count, places, error);
    documents->bulk = bulk;
    documents->bulk_places = places;
    xc_query_free(query);
    return status;
}
