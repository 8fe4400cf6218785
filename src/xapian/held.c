/* Reads the data and the values of all documents, and makes one segment of the plan's postings in
 * them. */
#include "xapian/held.h"

#include "xapian/documents.h"
#include "xapian/extract.h"
#include "xapian/ranking.h"
#include "xapian/schema.h"

#include <stdlib.h>

/* What lies in a document's slot, or which slot a field has. */
struct slot {
    uint32_t number;
    struct kw_view bytes;
};

struct document {
    uint32_t docid;
    uint64_t words;
    struct kw_stored stored;
    struct kw_segment *shown; /* of another program's document: where words stand in the text as it
                                 was cut anew; NULL: nobody asks */
    struct slot *slots;
    uint32_t slot_count;
};

struct held {
    struct kw_engine door;
    struct document *documents; /* by docid; number i of the segment */
    uint32_t count;
    struct slot *fields; /* those that have a slot, by name: not where the name says */
    size_t field_count;
    struct kw_segment *segment; /* NULL: there is no plan */
    struct kw_arena arena;
};

static struct held *held_of(struct kw_engine *engine)
{
    return (struct held *)engine;
}

static int compare_docids(const void *a, const void *b)
{
    const struct document *one = a, *other = b;
    return (one->docid > other->docid) - (one->docid < other->docid);
}

static enum kw_status find(const struct held *held, uint64_t docid, const struct document **found,
                           struct kw_error *error)
{
    const struct document key = {.docid = (uint32_t)docid};
    *found = held->count ? bsearch(&key, held->documents, held->count, sizeof key, compare_docids)
                         : NULL;
    if (!*found)
        return kw_fail(error, KW_E_NOT_FOUND, "no document has the number %llu",
                       (unsigned long long)docid);
    return KW_OK;
}

/* ---- Reading ------------------------------------------------------------------------------ */

/* Keeps what lies in the slots of a document, the id's left out. */
static enum kw_status keep_slots(struct held *held, struct document *document,
                                 struct kw_xapian *xapian, struct xc_values *values,
                                 struct kw_error *error)
{
    struct {
        struct slot *items;
        size_t count;
        size_t capacity;
    } slots = {NULL, 0, 0};
    enum kw_status status = KW_OK;
    struct xc_text value;
    enum xc_status at;
    uint32_t number;
    while (status == KW_OK && (at = xc_values_next(values, &number, &value)) == XC_OK) {
        struct slot slot = {number, kw_arena_copy(&held->arena, kw_xapian_view(value))};
        if (!slot.bytes.data || !kw_grow(&slots, slots.count + 1))
            status = kw_fail_memory(error);
        else if (number != KW_SCHEMA_ID_SLOT)
            slots.items[slots.count++] = slot;
    }
    if (status == KW_OK && at != XC_END)
        status = kw_xapian_failed(xapian, xc_values_error(values), error);
    document->slot_count = (uint32_t)slots.count;
    document->slots = kw_arena_alloc(&held->arena, (slots.count + 1) * sizeof *slots.items);
    if (status == KW_OK && !document->slots)
        status = kw_fail_memory(error);
    if (status == KW_OK && slots.count)
        memcpy(document->slots, slots.items, slots.count * sizeof *slots.items);
    free(slots.items);
    return status;
}

/* Keeps the data of a document, or without its passages what comes before them. */
static enum kw_status keep_data(struct held *held, struct document *document, struct kw_view data,
                                bool passages, struct kw_error *error)
{
    struct kw_stored whole;
    enum kw_status status = kw_stored_init(&whole, data, error);
    if (status != KW_OK)
        return status;
    struct kw_view copy =
        kw_arena_copy(&held->arena, passages ? data : kw_stored_record(&whole, data));
    if (!copy.data)
        return kw_fail_memory(error);
    document->stored = whole;
    kw_stored_move(&document->stored, data.data, copy);
    return KW_OK;
}

static enum kw_status read_documents(struct held *held, struct kw_xapian *xapian, bool passages,
                                     struct kw_error *error)
{
    struct kw_bytes data = KW_BYTES_INIT;
    struct xc_values *values = xc_values_new();
    enum kw_status status = values ? KW_OK : kw_fail_memory(error);
    for (uint32_t i = 0; i < held->count && status == KW_OK; i++) {
        struct document *document = &held->documents[i];
        status = kw_xapian_read_data(xapian, document->docid, &data, values, error);
        if (status == KW_OK)
            status = keep_data(held, document, kw_bytes_view(&data), passages, error);
        document->words = document->stored.words;
        if (status == KW_OK && xapian->foreign)
            status = kw_xapian_words(xapian, document->docid, &document->words, error);
        else if (status == KW_OK)
            status = keep_slots(held, document, xapian, values, error);
    }
    xc_values_free(values);
    kw_bytes_release(&data);
    return status;
}

/* Makes the segment of where words stand in the text of another program's document. */
static enum kw_status read_shown(struct document *document, struct kw_xapian *xapian,
                                 const struct kw_wanted *wanted, struct kw_error *error)
{
    struct kw_shown shown = {.terms = NULL};
    const struct kw_extracted one = {.docids = &document->docid,
                                     .count = 1,
                                     .titled = &document->stored.record.title_searched,
                                     .fresh = &shown,
                                     .unmeasured = true};
    enum kw_status status = kw_shown_init(&shown, xapian, wanted, &document->stored, error);
    if (status == KW_OK)
        status = kw_xapian_extract(xapian, wanted, &one, &document->shown, error);
    kw_shown_release(&shown);
    return status;
}

/* Makes the segment of all documents. */
static enum kw_status read_segment(struct held *held, struct kw_xapian *xapian,
                                   const struct kw_wanted *wanted, struct kw_error *error)
{
    size_t room = (size_t)held->count + 1;
    uint32_t *docids = calloc(room, sizeof *docids), *places = calloc(room, sizeof *places);
    struct kw_view *ids = calloc(room, sizeof *ids);
    bool *titled = calloc(room, sizeof *titled);
    struct kw_extracted all = {.docids = docids, .count = held->count, .titled = titled};
    struct kw_bulk bulk = {.count = 0};
    enum kw_status status = docids && places && ids && titled ? KW_OK : kw_fail_memory(error);
    for (uint32_t i = 0; i < held->count && status == KW_OK; i++) {
        docids[i] = held->documents[i].docid;
        ids[i] = held->documents[i].stored.record.id;
        titled[i] = held->documents[i].stored.record.title_searched;
    }
    if (status == KW_OK && kw_xapian_is_served(xapian))
        status = kw_extract_ahead(&all, &bulk, places, xapian, wanted, ids, error);
    if (status == KW_OK)
        status = kw_xapian_extract(xapian, wanted, &all, &held->segment, error);
    kw_bulk_release(&bulk);
    free(docids);
    free(places);
    free(ids);
    free(titled);
    return status;
}

/* Makes the segments; `passages`: it is asked where words stand. */
static enum kw_status read_postings(struct held *held, struct kw_xapian *xapian,
                                    const struct kw_plan *plan, bool passages,
                                    struct kw_error *error)
{
    struct kw_wanted wanted;
    bool shown = passages && xapian->foreign;
    enum kw_status status = kw_wanted_init(&wanted, plan, passages && !shown, error);
    if (status == KW_OK)
        status = read_segment(held, xapian, &wanted, error);
    kw_wanted_release(&wanted);
    if (status != KW_OK || !shown)
        return status;
    status = kw_wanted_init(&wanted, plan, true, error);
    for (uint32_t i = 0; i < held->count && status == KW_OK; i++)
        status = read_shown(&held->documents[i], xapian, &wanted, error);
    kw_wanted_release(&wanted);
    return status;
}

/* Takes the documents in order, and the slots of fields. */
static enum kw_status prepare(struct held *held, const struct kw_xapian *xapian,
                              const uint64_t *documents, size_t count, struct kw_error *error)
{
    const struct kw_settings *settings = &xapian->settings;
    held->documents = calloc(count + 1, sizeof *held->documents);
    held->fields = kw_arena_alloc(&held->arena, (settings->count + 1) * sizeof *held->fields);
    if (!held->documents || !held->fields)
        return kw_fail_memory(error);
    for (size_t i = 0; i < count; i++)
        held->documents[i].docid = (uint32_t)documents[i];
    held->count = (uint32_t)count;
    qsort(held->documents, count, sizeof *held->documents, compare_docids);
    for (size_t i = 0; i < settings->count; i++) {
        struct kw_view name = kw_arena_copy(&held->arena, settings->items[i].name);
        if (!name.data)
            return kw_fail_memory(error);
        held->fields[held->field_count++] = (struct slot){settings->items[i].slot, name};
    }
    return KW_OK;
}

/* ---- The door ----------------------------------------------------------------------------- */

static void held_free(struct kw_engine *engine)
{
    struct held *held = held_of(engine);
    for (uint32_t i = 0; i < held->count; i++)
        kw_segment_free(held->documents[i].shown);
    kw_segment_free(held->segment);
    kw_arena_release(&held->arena);
    free(held->documents);
    free(held);
}

static enum kw_status record(struct kw_engine *engine, uint64_t docid, struct kw_record *out,
                             struct kw_error *error)
{
    const struct document *document;
    enum kw_status status = find(held_of(engine), docid, &document, error);
    if (status == KW_OK)
        *out = document->stored.record;
    return status;
}

static enum kw_status words(struct kw_engine *engine, uint64_t docid, uint64_t *out,
                            struct kw_error *error)
{
    const struct document *document;
    enum kw_status status = find(held_of(engine), docid, &document, error);
    if (status == KW_OK)
        *out = document->words;
    return status;
}

static enum kw_status value(struct kw_engine *engine, uint64_t docid, struct kw_view name,
                            uint32_t number, enum kw_value_type *type, struct kw_bytes *out,
                            struct kw_error *error)
{
    const struct held *held = held_of(engine);
    const struct document *document;
    struct kw_view bytes = {NULL, 0};
    uint32_t slot = kw_schema_slot(name);
    enum kw_status status = find(held, docid, &document, error);
    if (status != KW_OK)
        return status;
    for (size_t i = 0; i < held->field_count; i++)
        if (kw_view_equal(held->fields[i].bytes, name))
            slot = held->fields[i].number;
    for (uint32_t i = 0; i < document->slot_count; i++)
        if (document->slots[i].number == slot)
            bytes = document->slots[i].bytes;
    return kw_xapian_slot_value(bytes, name, number, type, out, error);
}

static enum kw_status borders(struct kw_engine *engine, uint64_t docid, struct kw_border **out,
                              struct kw_error *error)
{
    const struct document *document;
    *out = NULL;
    enum kw_status status = find(held_of(engine), docid, &document, error);
    if (status != KW_OK)
        return status;
    *out = calloc(document->stored.record.passage_count + 1, sizeof **out);
    if (!*out)
        return kw_fail_memory(error);
    kw_stored_borders(&document->stored, *out);
    return KW_OK;
}

static enum kw_status text(struct kw_engine *engine, uint64_t docid, uint64_t first, uint64_t count,
                           struct kw_bytes *out, struct kw_error *error)
{
    const struct document *document;
    enum kw_status status = find(held_of(engine), docid, &document, error);
    return status == KW_OK ? kw_stored_text(&document->stored, first, count, out, error) : status;
}

static enum kw_status matches(struct kw_engine *engine, const struct kw_plan *plan,
                              const struct kw_statistics *statistics, uint64_t docid,
                              struct kw_matches *found, struct kw_error *error)
{
    struct held *held = held_of(engine);
    struct kw_unions unions = {.count = 0};
    const struct document *document;
    (void)statistics;
    enum kw_status status = find(held, docid, &document, error);
    if (status == KW_OK && document->shown)
        status = kw_rank_matches(document->shown, 0, plan, &unions, NULL, found, error);
    else if (status == KW_OK)
        status = kw_rank_matches(held->segment, (uint32_t)(document - held->documents), plan,
                                 &unions, NULL, found, error);
    kw_unions_release(&unions);
    return status;
}

static enum kw_status judge(struct kw_engine *engine, const struct kw_plan *plan,
                            const struct kw_statistics *statistics, uint64_t docid, bool *matched,
                            struct kw_part *parts, struct kw_error *error)
{
    struct held *held = held_of(engine);
    struct kw_unions unions = {.count = 0};
    struct kw_term_memo memo = {.items = NULL};
    const struct kw_statistics own = kw_xapian_own_statistics(statistics, &unions, &memo);
    const struct document *document;
    enum kw_status status = find(held, docid, &document, error);
    if (status == KW_OK)
        status = kw_rank_document(held->segment, (uint32_t)(document - held->documents), plan, &own,
                                  matched, parts, error);
    kw_unions_release(&unions);
    kw_memo_release(&memo);
    return status;
}

static const struct kw_engine_ops held_ops = {
    .free = held_free,
    .judge = judge,
    .record = record,
    .words = words,
    .value = value,
    .borders = borders,
    .matches = matches,
    .text = text,
};

enum kw_status kw_xapian_hold(struct kw_engine **out, struct kw_xapian *xapian,
                              const struct kw_plan *plan, const uint64_t *documents, size_t count,
                              bool passages, struct kw_error *error)
{
    *out = NULL;
    struct held *held = calloc(1, sizeof *held);
    if (!held)
        return kw_fail_memory(error);
    held->door.ops = &held_ops;
    enum kw_status status = prepare(held, xapian, documents, count, error);
    if (status == KW_OK)
        status = read_documents(held, xapian, passages, error);
    if (status == KW_OK && plan)
        status = read_postings(held, xapian, plan, passages, error);
    if (status == KW_OK)
        *out = &held->door;
    else
        held_free(&held->door);
    return status;
}
