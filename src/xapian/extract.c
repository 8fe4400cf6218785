/* Reads postings, lengths and values term by term, and hands them on document by document. */
#include "xapian/extract.h"

#include "xapian/extract_parts.h"
#include "xapian/schema.h"

#include <stdlib.h>

enum {
    FEW = 200, /* documents of which a server is asked for positions alone: it sends whole lists
                  of postings */
    BITS = 32
};

static enum kw_status postings_failed(struct kw_extract *extract, struct kw_error *error)
{
    return kw_xapian_failed(extract->xapian, xc_postings_error(extract->cursor), error);
}

/* Starts on a term's postings. */
static enum kw_status start(struct kw_extract *extract, struct kw_error *error)
{
    struct kw_xapian *xapian = extract->xapian;
    enum kw_status status = kw_bytes_status(&extract->term, error);
    if (status == KW_OK &&
        xc_database_postings(xapian->database, kw_xapian_text(kw_bytes_view(&extract->term)),
                             extract->cursor) != XC_OK)
        status = kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    return status;
}

/* Moves to the first posting of a document asked for, from `*place` on: XC_OK with *place set to
 * it, XC_END, or an error. */
static enum xc_status seek(struct kw_extract *extract, uint32_t *place)
{
    while (*place < extract->count) {
        uint32_t docid;
        enum xc_status status =
            xc_postings_skip_to(extract->cursor, extract->docids[*place], &docid);
        if (status != XC_OK)
            return status;
        while (*place < extract->count && extract->docids[*place] < docid)
            ++*place;
        if (*place < extract->count && extract->docids[*place] == docid)
            return XC_OK;
    }
    return XC_END;
}

/* ---- Postings ----------------------------------------------------------------------------- */

uint32_t *kw_extract_room(struct kw_extract *extract, size_t room)
{
    size_t kept = extract->positions.count;
    return kw_grow(&extract->positions, kept + room) ? extract->positions.items + kept : NULL;
}

void kw_extract_keep(struct kw_extract *extract, size_t count)
{
    size_t kept = extract->positions.count;
    for (size_t i = kept; i < kept + count; i++)
        extract->positions.items[i] -= KW_XAPIAN_POSITION;
    extract->positions.count = kept + count;
}

/* Reads the positions of the current posting behind those read before; *frequency is how many. */
static enum kw_status read_positions(struct kw_extract *extract, uint32_t *frequency,
                                     struct kw_error *error)
{
    size_t room = *frequency ? *frequency : 1, count = 0;
    for (;;) {
        uint32_t *place = kw_extract_room(extract, room);
        if (!place)
            return kw_fail_memory(error);
        if (xc_postings_read_positions(extract->cursor, place, room, &count) != XC_OK)
            return postings_failed(extract, error);
        if (count <= room)
            break;
        room = count;
    }
    kw_extract_keep(extract, count);
    *frequency = (uint32_t)count;
    return KW_OK;
}

/* Adds the current posting of term `number`, of the document at `place`. */
static enum kw_status add_posting(struct kw_extract *extract, uint32_t number, uint32_t place,
                                  struct kw_error *error)
{
    struct kw_posting_part posting = {place, number, 0, 0, UINT64_MAX};
    bool in_text = extract->wanted->terms.items[number].field.size == 0;
    uint32_t *words = &extract->lengths[place]; /* the text comes first of all fields */
    uint32_t length;
    if (xc_postings_wdf(extract->cursor, &posting.frequency) != XC_OK)
        return postings_failed(extract, error);
    if (in_text && *words == UINT32_MAX) {
        if (xc_postings_document_length(extract->cursor, &length) != XC_OK)
            return postings_failed(extract, error);
        *words = length / kw_xapian_length_unit(extract->xapian);
    }
    if (extract->xapian->foreign)
        return kw_extract_foreign(extract, posting, error);
    if (!in_text || extract->wanted->placed[number]) {
        posting.at = extract->positions.count;
        enum kw_status status = read_positions(extract, &posting.frequency, error);
        if (status != KW_OK)
            return status;
    }
    posting.count = posting.frequency;
    return posting.frequency ? kw_extract_put(extract, posting, error) : KW_OK;
}

/* Reads the postings of the term at hand. */
static enum kw_status read_list(struct kw_extract *extract, uint32_t number, struct kw_error *error)
{
    enum xc_status found;
    uint32_t place = 0;
    enum kw_status status = start(extract, error);
    while (status == KW_OK && (found = seek(extract, &place)) != XC_END) {
        status = found == XC_OK ? add_posting(extract, number, place, error)
                                : postings_failed(extract, error);
        place++;
    }
    return status;
}

static enum kw_status read_term(struct kw_extract *extract, uint32_t number, struct kw_error *error)
{
    const struct kw_excerpt_term *term = &extract->wanted->terms.items[number];
    if (!kw_xapian_term(extract->xapian, term->field, term->language, term->bytes,
                        extract->alternative, &extract->term))
        return KW_END;
    enum kw_status status = kw_bytes_status(&extract->term, error);
    if (status == KW_OK && extract->bulk)
        return kw_extract_take(extract, number, error);
    if (!kw_xapian_is_served(extract->xapian) || extract->count > FEW)
        return read_list(extract, number, error);
    for (uint32_t place = 0; place < extract->count && status == KW_OK; place++)
        status = kw_extract_ask(extract, number, place, error);
    return status;
}

/* Reads a term, by all those of the database that stand for it. */
static enum kw_status read_alternatives(struct kw_extract *extract, uint32_t number,
                                        struct kw_error *error)
{
    enum kw_status status = KW_OK;
    for (extract->alternative = 0; status == KW_OK; extract->alternative++)
        status = read_term(extract, number, error);
    return status == KW_END ? KW_OK : status;
}

/* ---- Lengths ------------------------------------------------------------------------------ */

/* Adds 1 << bit to the lengths of the documents that have the term at hand. */
static enum kw_status read_bit(struct kw_extract *extract, unsigned bit, uint32_t *lengths,
                               struct kw_error *error)
{
    enum xc_status found;
    uint32_t place = 0;
    enum kw_status status = start(extract, error);
    while (status == KW_OK && (found = seek(extract, &place)) != XC_END) {
        if (found != XC_OK)
            return postings_failed(extract, error);
        lengths[place++] |= UINT32_C(1) << bit;
    }
    return status;
}

/* Reads the lengths of a field, unless they were read ahead; those of the text come with its
 * postings. */
static enum kw_status read_lengths(struct kw_extract *extract, size_t number,
                                   struct kw_error *error)
{
    struct kw_view field = extract->wanted->fields.items[number];
    uint32_t *lengths = extract->lengths + number * extract->count;
    const struct kw_xapian_lengths *known;
    if (extract->unmeasured)
        return KW_OK;
    if (extract->bulk) {
        kw_extract_take_lengths(extract, number);
        return KW_OK;
    }
    if (!field.size) {
        memset(lengths, 0xff, extract->count * sizeof *lengths);
        return KW_OK;
    }
    if (extract->xapian->foreign) { /* nobody knows them */
        for (uint32_t i = 0; i < extract->count; i++)
            lengths[i] = 1;
        return KW_OK;
    }
    enum kw_status status = kw_xapian_lengths(extract->xapian, field, &known, error);
    for (unsigned bit = 0; bit < BITS && status == KW_OK; bit++) {
        if (!(known->bits >> bit & 1))
            continue;
        kw_schema_length(&extract->term, field, bit);
        status = read_bit(extract, bit, lengths, error);
    }
    return status;
}

/* ---- Values ------------------------------------------------------------------------------- */

static enum kw_status open_values(struct kw_extract *extract, struct kw_error *error)
{
    struct kw_xapian *xapian = extract->xapian;
    size_t count = extract->wanted->columns.count;
    extract->values = calloc(count + 1, sizeof *extract->values);
    if (!extract->values)
        return kw_fail_memory(error);
    for (size_t i = 0; i < count && !xapian->foreign && !extract->bulk; i++) {
        uint32_t slot = kw_xapian_slot(xapian, extract->wanted->columns.items[i]);
        extract->values[i] = xc_values_new();
        if (!extract->values[i])
            return kw_fail_memory(error);
        if (xc_database_values(xapian->database, slot, extract->values[i]) != XC_OK)
            return kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    }
    return KW_OK;
}

/* Adds what a slot holds of the excerpt's document. */
static enum kw_status add_slot(struct kw_excerpt *excerpt, struct kw_view name, struct kw_view slot,
                               struct kw_error *error)
{
    struct kw_slot_values values;
    struct kw_view keyword;
    uint64_t key;
    enum kw_status status = KW_OK;
    if (!kw_slot_values_init(&values, slot))
        return kw_fail(error, KW_E_DAMAGED, "a value of field '%.*s' makes no sense",
                       (int)name.size, (const char *)name.data);
    if (values.type == KW_TYPE_KEYWORD)
        while (status == KW_OK && kw_slot_next_keyword(&values, &keyword))
            status = kw_excerpt_keyword(excerpt, name, keyword, error);
    else
        while (status == KW_OK && kw_slot_next_key(&values, &key))
            status = kw_excerpt_key(excerpt, name, values.type, key, error);
    return status;
}

/* Finds what the slot of a column holds of the document at `place`; empty: nothing. */
static enum kw_status find_slot(struct kw_extract *extract, size_t column, uint32_t place,
                                struct kw_view *slot, struct kw_error *error)
{
    struct xc_text value;
    uint32_t found;
    *slot = (struct kw_view){NULL, 0};
    if (extract->bulk) {
        *slot = kw_extract_take_slot(extract, column, place);
        return KW_OK;
    }
    enum xc_status at =
        xc_values_skip_to(extract->values[column], extract->docids[place], &found, &value);
    if (at < 0)
        return kw_xapian_failed(extract->xapian, xc_values_error(extract->values[column]), error);
    if (at == XC_OK && found == extract->docids[place])
        *slot = kw_xapian_view(value);
    return KW_OK;
}

static enum kw_status add_values(struct kw_extract *extract, struct kw_excerpt *excerpt,
                                 uint32_t place, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    if (extract->xapian->foreign) {
        for (size_t i = 0; i < extract->wanted->columns.count && status == KW_OK; i++)
            status = kw_extract_foreign_values(extract, excerpt, i, extract->docids[place], error);
        return status;
    }
    for (size_t i = 0; i < extract->wanted->columns.count && status == KW_OK; i++) {
        struct kw_view slot;
        status = find_slot(extract, i, place, &slot, error);
        if (status == KW_OK && slot.size)
            status = add_slot(excerpt, extract->wanted->columns.items[i], slot, error);
    }
    return status;
}

/* ---- Documents ---------------------------------------------------------------------------- */

/* Sorts the postings by document, those of one staying in their order. NULL when memory is out. */
static struct kw_posting_part *sort_postings(const struct kw_extract *extract)
{
    size_t *ends = calloc((size_t)extract->count + 1, sizeof *ends);
    struct kw_posting_part *sorted = malloc((extract->postings.count + 1) * sizeof *sorted);
    if (!ends || !sorted) {
        free(ends);
        free(sorted);
        return NULL;
    }
    for (size_t i = 0; i < extract->postings.count; i++)
        ends[extract->postings.items[i].place + 1]++;
    for (uint32_t place = 0; place < extract->count; place++)
        ends[place + 1] += ends[place];
    for (size_t i = 0; i < extract->postings.count; i++)
        sorted[ends[extract->postings.items[i].place]++] = extract->postings.items[i];
    free(ends);
    return sorted;
}

static enum kw_status add_lengths(struct kw_extract *extract, struct kw_excerpt *excerpt,
                                  uint32_t place, struct kw_error *error)
{
    const struct kw_wanted *wanted = extract->wanted;
    enum kw_status status = KW_OK;
    for (size_t i = 0; i < wanted->fields.count && status == KW_OK; i++) {
        uint32_t words = extract->lengths[i * extract->count + place];
        if (words && words != UINT32_MAX)
            status = kw_excerpt_length(excerpt, wanted->fields.items[i], words, error);
    }
    return status;
}

/* Adds the postings of a document. */
static enum kw_status fill_own(struct kw_extract *extract, struct kw_excerpt *excerpt,
                               const struct kw_posting_part *items, size_t count,
                               struct kw_error *error)
{
    enum kw_status status = KW_OK;
    for (size_t i = 0; i < count && status == KW_OK; i++) {
        const uint32_t *positions =
            items[i].at == UINT64_MAX ? NULL : extract->positions.items + items[i].at;
        status = kw_excerpt_posting(excerpt, items[i].term, positions, items[i].frequency, error);
    }
    return status;
}

/* Fills the excerpt with all documents. */
static enum kw_status fill(struct kw_extract *extract, struct kw_excerpt *excerpt,
                           struct kw_error *error)
{
    struct kw_posting_part *sorted = sort_postings(extract);
    enum kw_status status = sorted ? KW_OK : kw_fail_memory(error);
    size_t next = 0;
    for (uint32_t place = 0; place < extract->count && status == KW_OK; place++) {
        kw_excerpt_begin(excerpt, extract->titled && extract->titled[place]);
        size_t first = next;
        while (next < extract->postings.count && sorted[next].place == place)
            next++;
        status =
            extract->xapian->foreign
                ? kw_extract_fill_foreign(extract, excerpt, sorted + first, next - first, error)
                : fill_own(extract, excerpt, sorted + first, next - first, error);
        if (status == KW_OK)
            status = add_lengths(extract, excerpt, place, error);
        if (status == KW_OK)
            status = add_values(extract, excerpt, place, error);
        if (status == KW_OK)
            status = kw_excerpt_end(excerpt, error);
    }
    free(sorted);
    return status;
}

static void release(struct kw_extract *extract)
{
    xc_postings_free(extract->cursor);
    xc_positions_free(extract->stands);
    for (size_t i = 0; extract->values && i < extract->wanted->columns.count; i++)
        xc_values_free(extract->values[i]);
    free(extract->values);
    for (uint32_t i = 0; extract->holders && i < extract->wanted->plan->leaf_count; i++)
        xc_postings_free(extract->holders[i]);
    free(extract->holders);
    free(extract->lengths);
    kw_bytes_release(&extract->term);
    free(extract->postings.items);
    free(extract->positions.items);
    free(extract->merged.items);
}

/* Reads all that is asked for by term. */
static enum kw_status read_all(struct kw_extract *extract, struct kw_error *error)
{
    const struct kw_wanted *wanted = extract->wanted;
    enum kw_status status = KW_OK;
    extract->cursor = xc_postings_new();
    extract->stands = xc_positions_new();
    extract->lengths = calloc(wanted->fields.count * extract->count + 1, sizeof *extract->lengths);
    if (!extract->cursor || !extract->stands || !extract->lengths)
        return kw_fail_memory(error);
    for (size_t i = 0; i < wanted->fields.count && status == KW_OK; i++)
        status = read_lengths(extract, i, error);
    for (size_t i = 0; i < wanted->terms.count && status == KW_OK; i++)
        status = read_alternatives(extract, (uint32_t)i, error);
    for (size_t i = 0; extract->fresh && i < wanted->terms.count && status == KW_OK; i++)
        status = kw_extract_shown(extract, (uint32_t)i, error);
    return status == KW_OK ? open_values(extract, error) : status;
}

enum kw_status kw_xapian_extract(struct kw_xapian *xapian, const struct kw_wanted *wanted,
                                 const struct kw_extracted *documents, struct kw_segment **out,
                                 struct kw_error *error)
{
    struct kw_extract extract = {.xapian = xapian,
                                 .wanted = wanted,
                                 .docids = documents->docids,
                                 .count = documents->count,
                                 .titled = documents->titled,
                                 .fresh = documents->fresh,
                                 .unmeasured = documents->unmeasured,
                                 .bulk = documents->bulk,
                                 .bulk_places = documents->bulk_places};
    struct kw_excerpt *excerpt = NULL;
    *out = NULL;
    enum kw_status status = read_all(&extract, error);
    if (status == KW_OK)
        status =
            kw_excerpt_new(&excerpt, wanted->terms.items, (uint32_t)wanted->terms.count, error);
    if (status == KW_OK)
        status = fill(&extract, excerpt, error);
    if (status == KW_OK)
        status = kw_excerpt_segment(excerpt, out, error);
    kw_excerpt_free(excerpt);
    release(&extract);
    return status;
}
