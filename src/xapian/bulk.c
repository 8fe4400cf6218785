/* A search gives each document a weight, and what it is sorted by. Xapian's weights are made to
 * tell what is wanted: BM25 with k1 0 and k2 1, of a query that is a filter and said to have one
 * word, is 2 / (1 + length / average); "coord" is 1 a term, "nnn" of TfIdf a term's frequency, both
 * times what the term is scaled by. So two trips to each server, all of them at once, bring a
 * figure of every document. */
#include "xapian/bulk_parts.h"

#include "xapian/schema.h"

#include <math.h>
#include <stdlib.h>

#define NO_SLOT UINT32_MAX

enum {
    BITS = 32,
    SOME = 12,  /* terms that are asked for side by side; more are by groups … */
    MANY = 500, /* … and beyond so many lists are shorter than what searches compare */
};

static int compare(const void *left, const void *right)
{
    const struct kw_bulk_found *a = left, *b = right;
    return (a->docid > b->docid) - (a->docid < b->docid);
}

enum kw_status kw_bulk_query_failed(const struct kw_bulk_asking *asking,
                                    const struct xc_query *query, struct kw_error *error)
{
    return kw_xapian_failed(asking->xapian, xc_query_error(query), error);
}

enum kw_status kw_bulk_absurd(const struct kw_bulk_asking *asking, struct kw_error *error)
{
    return kw_fail(error, KW_E_IO, "'%s' answers what cannot be", asking->xapian->where);
}

/* ---- One search --------------------------------------------------------------------------- */

static enum xc_status set_weight(struct xc_enquire *enquire, enum kw_bulk_weighing weighing)
{
    switch (weighing) {
    case KW_BULK_BY_LENGTH:
        return xc_enquire_weight_bm25(enquire, 0, 1, 0, 0, 0);
    case KW_BULK_BY_TERMS:
        return xc_enquire_weight_coord(enquire);
    default:
        return xc_enquire_weight_tfidf(enquire, "nnn");
    }
}

/* Searches for all that the query matches. */
static enum kw_status search(const struct kw_bulk_asking *asking, const struct xc_query *query,
                             enum kw_bulk_weighing weighing, uint32_t slot, struct xc_mset *mset,
                             struct kw_error *error)
{
    struct xc_enquire *enquire = xc_enquire_new();
    enum kw_status status = KW_OK;
    if (!enquire)
        return kw_fail_memory(error);
    if (xc_enquire_start(enquire, asking->xapian->database) != XC_OK ||
        xc_enquire_set_query(enquire, query, 1) != XC_OK ||
        set_weight(enquire, weighing) != XC_OK ||
        (slot != NO_SLOT &&
         xc_enquire_sort_by_value_then_relevance(enquire, slot, false) != XC_OK) ||
        xc_enquire_search(enquire, 0, asking->all.documents, 0, NULL, NULL, mset) != XC_OK)
        status = kw_xapian_failed(asking->xapian, xc_enquire_error(enquire), error);
    xc_enquire_free(enquire);
    return status;
}

static enum kw_status read_item(struct kw_bulk_asking *asking, struct xc_mset *mset,
                                uint32_t number, bool valued, struct kw_error *error)
{
    struct kw_bulk_found *found = &asking->items[number];
    struct xc_item item;
    struct xc_text value = {NULL, 0};
    if (xc_mset_items(mset, number, 1, &item) != XC_OK ||
        (valued && xc_mset_sort_key(mset, number, &value) != XC_OK))
        return kw_xapian_failed(asking->xapian, xc_mset_error(mset), error);
    *found = (struct kw_bulk_found){item.docid, item.weight, {NULL, 0}};
    if (!value.size)
        return KW_OK;
    found->value = kw_arena_copy(&asking->bulk->arena, kw_xapian_view(value));
    return found->value.data ? KW_OK : kw_fail_memory(error);
}

/* Searches, and keeps the answer in place of the one before. */
static enum kw_status ask(struct kw_bulk_asking *asking, const struct xc_query *query,
                          enum kw_bulk_weighing weighing, uint32_t slot, struct kw_error *error)
{
    struct xc_mset *mset = xc_mset_new();
    enum kw_status status = mset ? KW_OK : kw_fail_memory(error);
    if (status == KW_OK && asking->all.documents)
        status = search(asking, query, weighing, slot, mset, error);
    asking->count = status == KW_OK ? xc_mset_size(mset) : 0;
    free(asking->items);
    asking->items = malloc((asking->count + 1) * sizeof *asking->items);
    if (status == KW_OK && !asking->items)
        status = kw_fail_memory(error);
    for (uint32_t i = 0; i < asking->count && status == KW_OK; i++)
        status = read_item(asking, mset, i, slot != NO_SLOT, error);
    if (status == KW_OK)
        qsort(asking->items, asking->count, sizeof *asking->items, compare);
    xc_mset_free(mset);
    return status;
}

bool kw_bulk_find_place(const struct kw_bulk *bulk, uint32_t docid, uint32_t *place)
{
    while (*place < bulk->count && bulk->docids[*place] < docid)
        ++*place;
    return *place < bulk->count && bulk->docids[*place] == docid;
}

/* ---- Documents and their lengths ---------------------------------------------------------- */

/* The words of a document of a weight by length. */
static bool read_words(const struct xc_statistics *all, double weight, uint32_t *words)
{
    double average = (double)all->total_length / all->documents;
    double length = weight > 0 ? (2 / weight - 1) * average : -1;
    double whole = round(length);
    if (!all->total_length)
        length = whole = 0;
    if (!(fabs(length - whole) < 0.25 && whole >= 0 && whole <= UINT32_MAX))
        return false;
    *words = (uint32_t)whole / KW_XAPIAN_LENGTH;
    return true;
}

/* Whether a search tells lengths: where values are compared, Xapian takes documents to be empty. */
static bool is_telling(const struct kw_wanted *wanted)
{
    return wanted->columns.count == 0;
}

static bool is_text_wanted(const struct kw_wanted *wanted)
{
    return wanted->fields.count && !wanted->fields.items[0].size;
}

/* Takes the lengths of the text from an answer. */
static enum kw_status take_words(struct kw_bulk_asking *asking, struct kw_error *error)
{
    struct kw_bulk *bulk = asking->bulk;
    uint32_t place = 0;
    for (uint32_t i = 0; i < asking->count; i++)
        if (!kw_bulk_find_place(bulk, asking->items[i].docid, &place) ||
            !read_words(&asking->all, asking->items[i].weight, &bulk->lengths[0][place]))
            return kw_bulk_absurd(asking, error);
    return KW_OK;
}

/* Finds the documents, with the lengths of the text, if they are wanted and told. */
static enum kw_status ask_documents(struct kw_bulk_asking *asking, struct kw_error *error)
{
    struct kw_bulk *bulk = asking->bulk;
    bool in_text = is_text_wanted(bulk->wanted);
    enum kw_status status = ask(asking, asking->filter, KW_BULK_BY_LENGTH, NO_SLOT, error);
    if (status != KW_OK)
        return status;
    bulk->docids = malloc((asking->count + 1) * sizeof *bulk->docids);
    if (in_text)
        bulk->lengths[0] = calloc(asking->count + 1, sizeof **bulk->lengths);
    if (!bulk->docids || (in_text && !bulk->lengths[0]))
        return kw_fail_memory(error);
    bulk->count = asking->count;
    for (uint32_t i = 0; i < asking->count; i++)
        bulk->docids[i] = asking->items[i].docid;
    return in_text && is_telling(bulk->wanted) ? take_words(asking, error) : KW_OK;
}

/* Scales a term by a power of two, and adds it to what is asked for. */
static enum kw_status add_term(const struct kw_bulk_asking *asking, struct xc_query *query,
                               const struct kw_bytes *term, unsigned bit, struct kw_error *error)
{
    struct xc_query *one = xc_query_new();
    const struct xc_query *const both[] = {query, one};
    enum kw_status status = one ? kw_bytes_status(term, error) : kw_fail_memory(error);
    if (status == KW_OK &&
        (xc_query_set_term(one, kw_xapian_text(kw_bytes_view(term)), 1, 0) != XC_OK ||
         xc_query_set_scaled(one, one, ldexp(1, (int)bit)) != XC_OK))
        status = kw_bulk_query_failed(asking, one, error);
    if (status == KW_OK && xc_query_set_parts(query, XC_OP_OR, both, 2, 0) != XC_OK)
        status = kw_bulk_query_failed(asking, query, error);
    xc_query_free(one);
    return status;
}

enum kw_status kw_bulk_add_term(const struct kw_bulk_asking *asking, struct xc_query *query,
                                size_t number, unsigned bit, struct kw_error *error)
{
    const struct kw_excerpt_term *term = &asking->bulk->wanted->terms.items[number];
    struct kw_bytes name = KW_BYTES_INIT;
    enum kw_status status = KW_OK;
    if (kw_xapian_term(asking->xapian, term->field, term->language, term->bytes, 0, &name))
        status = add_term(asking, query, &name, bit, error);
    kw_bytes_release(&name);
    return status;
}

unsigned kw_bulk_frequency_bits(const struct kw_bulk_asking *asking)
{
    unsigned bits = 1;
    while (asking->all.length_max / KW_XAPIAN_LENGTH >> bits)
        bits++;
    return bits;
}

enum kw_status kw_bulk_ask_terms(struct kw_bulk_asking *asking, struct xc_query *terms,
                                 enum kw_bulk_weighing weighing, struct kw_error *error)
{
    const struct xc_query *const both[] = {asking->filter, terms};
    if (xc_query_set_parts(terms, XC_OP_AND, both, 2, 0) != XC_OK)
        return kw_bulk_query_failed(asking, terms, error);
    return ask(asking, terms, weighing, NO_SLOT, error);
}

/* Adds all terms of the text that are wanted. */
static enum kw_status add_text(const struct kw_bulk_asking *asking, struct xc_query *query,
                               struct kw_error *error)
{
    const struct kw_wanted *wanted = asking->bulk->wanted;
    enum kw_status status = KW_OK;
    for (size_t i = 0; i < wanted->terms.count && status == KW_OK; i++)
        if (!wanted->terms.items[i].field.size)
            status = kw_bulk_add_term(asking, query, i, 0, error);
    return status;
}

/* Asks for the lengths of the documents that hold such a term: of A without (A without B) Xapian
 * takes the lengths from A. */
static enum kw_status ask_words(struct kw_bulk_asking *asking, struct kw_error *error)
{
    struct xc_query *terms = xc_query_new(), *without = xc_query_new();
    const struct xc_query *const others[] = {terms, asking->filter};
    const struct xc_query *const both[] = {terms, without};
    enum kw_status status =
        terms && without ? add_text(asking, terms, error) : kw_fail_memory(error);
    if (status == KW_OK && xc_query_set_scaled(terms, terms, 0) != XC_OK)
        status = kw_bulk_query_failed(asking, terms, error);
    if (status == KW_OK && xc_query_set_parts(without, XC_OP_AND_NOT, others, 2, 0) != XC_OK)
        status = kw_bulk_query_failed(asking, without, error);
    if (status == KW_OK && xc_query_set_parts(without, XC_OP_AND_NOT, both, 2, 0) != XC_OK)
        status = kw_bulk_query_failed(asking, without, error);
    if (status == KW_OK)
        status = ask(asking, without, KW_BULK_BY_LENGTH, NO_SLOT, error);
    if (status == KW_OK)
        status = take_words(asking, error);
    xc_query_free(terms);
    xc_query_free(without);
    return status;
}

/* Asks for the lengths of a field, the sum of the terms of their bits. */
static enum kw_status ask_lengths(struct kw_bulk_asking *asking, size_t number,
                                  struct kw_error *error)
{
    struct kw_bulk *bulk = asking->bulk;
    struct kw_view field = bulk->wanted->fields.items[number];
    const struct kw_xapian_lengths *known;
    struct kw_bytes term = KW_BYTES_INIT;
    struct xc_query *query = xc_query_new();
    uint32_t place = 0, *lengths = calloc(bulk->count + 1, sizeof *lengths);
    enum kw_status status = query && lengths ? KW_OK : kw_fail_memory(error);
    bulk->lengths[number] = lengths;
    if (status == KW_OK)
        status = kw_xapian_lengths(asking->xapian, field, &known, error);
    for (unsigned bit = 0; bit < BITS && status == KW_OK; bit++) {
        kw_schema_length(&term, field, bit);
        if (known->bits >> bit & 1)
            status = add_term(asking, query, &term, bit, error);
    }
    if (status == KW_OK && known->bits)
        status = kw_bulk_ask_terms(asking, query, KW_BULK_BY_TERMS, error);
    for (uint32_t i = 0; status == KW_OK && known->bits && i < asking->count; i++) {
        const struct kw_bulk_found *found = &asking->items[i];
        if (kw_bulk_find_place(bulk, found->docid, &place) && found->weight <= UINT32_MAX)
            lengths[place] = (uint32_t)found->weight;
        else
            status = kw_bulk_absurd(asking, error);
    }
    kw_bytes_release(&term);
    xc_query_free(query);
    return status;
}

/* ---- Terms -------------------------------------------------------------------------------- */

/* Takes the bits from `bit` on, `bits` of them, of each weight as the frequency of a term; of one
 * that is in another field than the text there is one bit. */
static enum kw_status take_term(struct kw_bulk_asking *asking, struct kw_bulk_term *term,
                                unsigned bit, unsigned bits, bool in_text, struct kw_error *error)
{
    const struct kw_bulk *bulk = asking->bulk;
    uint32_t place = 0;
    term->places = malloc((asking->count + 1) * sizeof *term->places);
    term->frequencies = malloc((asking->count + 1) * sizeof *term->frequencies);
    if (!term->places || !term->frequencies)
        return kw_fail_memory(error);
    for (uint32_t i = 0; i < asking->count; i++) {
        const struct kw_bulk_found *found = &asking->items[i];
        uint64_t weight = (uint64_t)found->weight;
        uint32_t part = (uint32_t)(weight >> bit & ((UINT64_C(1) << bits) - 1));
        if (!kw_bulk_find_place(bulk, found->docid, &place))
            return kw_bulk_absurd(asking, error);
        if (!part)
            continue;
        term->places[term->count] = place;
        term->frequencies[term->count++] = in_text ? part : 0;
    }
    return KW_OK;
}

static bool is_in_text(const struct kw_bulk *bulk, size_t term)
{
    return bulk->wanted->terms.items[term].field.size == 0;
}

/* Asks for terms from number `*next` on, as many as fit into a weight, all in the text or none.
 * Those in other fields have no frequency there: that they are held is told by one bit. */
static enum kw_status ask_some(struct kw_bulk_asking *asking, size_t *next, struct kw_error *error)
{
    struct kw_bulk *bulk = asking->bulk;
    const struct kw_wanted *wanted = bulk->wanted;
    struct xc_query *query = xc_query_new();
    bool in_text = is_in_text(bulk, *next);
    size_t first = *next;
    unsigned bits = in_text ? kw_bulk_frequency_bits(asking) : 1, bit = 0;
    enum kw_status status = query ? KW_OK : kw_fail_memory(error);
    for (; *next < wanted->terms.count && is_in_text(bulk, *next) == in_text &&
           bit + bits <= KW_BULK_BITS && status == KW_OK;
         ++*next, bit += bits)
        status = kw_bulk_add_term(asking, query, *next, bit, error);
    if (status == KW_OK)
        status = kw_bulk_ask_terms(asking, query, in_text ? KW_BULK_BY_FREQUENCY : KW_BULK_BY_TERMS,
                                   error);
    for (size_t i = first; i < *next && status == KW_OK; i++)
        status =
            take_term(asking, &bulk->terms[i], (unsigned)(i - first) * bits, bits, in_text, error);
    xc_query_free(query);
    return status;
}

static enum kw_status ask_all(struct kw_bulk_asking *asking, struct kw_error *error)
{
    const size_t count = asking->bulk->wanted->terms.count;
    enum kw_status status = KW_OK;
    if (count > SOME && count <= MANY)
        return kw_bulk_grouped(asking, error);
    for (size_t next = 0; next < count && status == KW_OK;)
        status = count > MANY ? kw_bulk_list(asking->bulk, asking->xapian, next++, error)
                              : ask_some(asking, &next, error);
    return status;
}

/* ---- Values ------------------------------------------------------------------------------- */

static enum kw_status ask_column(struct kw_bulk_asking *asking, size_t number,
                                 struct kw_error *error)
{
    struct kw_bulk *bulk = asking->bulk;
    uint32_t slot = kw_xapian_slot(asking->xapian, bulk->wanted->columns.items[number]);
    uint32_t place = 0;
    struct kw_view *slots = bulk->slots[number] = calloc(bulk->count + 1, sizeof *slots);
    enum kw_status status = slots ? KW_OK : kw_fail_memory(error);
    if (status == KW_OK)
        status = ask(asking, asking->filter, KW_BULK_BY_LENGTH, slot, error);
    for (uint32_t i = 0; i < asking->count && status == KW_OK; i++) {
        if (kw_bulk_find_place(bulk, asking->items[i].docid, &place))
            slots[place] = asking->items[i].value;
        else
            status = kw_bulk_absurd(asking, error);
    }
    return status;
}

static enum kw_status ask_ids(struct kw_bulk_asking *asking, struct kw_error *error)
{
    struct kw_ids *ids = &asking->xapian->ids;
    struct kw_view known;
    enum kw_status status =
        ask(asking, asking->filter, KW_BULK_BY_LENGTH, KW_SCHEMA_ID_SLOT, error);
    for (uint32_t i = 0; i < asking->count && status == KW_OK; i++)
        if (!kw_ids_find(ids, asking->items[i].docid, &known))
            status = kw_ids_add(ids, asking->items[i].docid, asking->items[i].value, error);
    return status;
}

/* ---- All of it ---------------------------------------------------------------------------- */

enum kw_status kw_bulk_asking_init(struct kw_bulk_asking *asking, const struct xc_query *query,
                                   struct kw_error *error)
{
    struct xc_database *database = asking->xapian->database;
    asking->filter = xc_query_new();
    if (!asking->filter)
        return kw_fail_memory(error);
    if (xc_query_set_scaled(asking->filter, query, 0) != XC_OK)
        return kw_bulk_query_failed(asking, asking->filter, error);
    if (xc_database_statistics(database, &asking->all) != XC_OK)
        return kw_xapian_failed(asking->xapian, xc_database_error(database), error);
    return KW_OK;
}

void kw_bulk_asking_release(struct kw_bulk_asking *asking)
{
    free(asking->items);
    xc_query_free(asking->filter);
}

static enum kw_status make_room(struct kw_bulk *bulk, struct kw_error *error)
{
    const struct kw_wanted *wanted = bulk->wanted;
    bulk->lengths = calloc(wanted->fields.count + 1, sizeof *bulk->lengths);
    bulk->terms = calloc(wanted->terms.count + 1, sizeof *bulk->terms);
    bulk->slots = calloc(wanted->columns.count + 1, sizeof *bulk->slots);
    return bulk->lengths && bulk->terms && bulk->slots ? KW_OK : kw_fail_memory(error);
}

enum kw_status kw_bulk_init(struct kw_bulk *bulk, struct kw_xapian *xapian,
                            const struct xc_query *query, const struct kw_wanted *wanted, bool ids,
                            struct kw_error *error)
{
    struct kw_bulk_asking asking = {.xapian = xapian, .bulk = bulk};
    *bulk = (struct kw_bulk){.wanted = wanted, .arena = KW_ARENA_INIT};
    enum kw_status status = make_room(bulk, error);
    if (status == KW_OK)
        status = kw_bulk_asking_init(&asking, query, error);
    if (status == KW_OK)
        status = ask_documents(&asking, error);
    bool any = bulk->count > 0;
    if (status == KW_OK && any && is_text_wanted(wanted) && !is_telling(wanted))
        status = ask_words(&asking, error);
    for (size_t i = 0; i < wanted->fields.count && any && status == KW_OK; i++)
        if (wanted->fields.items[i].size)
            status = ask_lengths(&asking, i, error);
    if (status == KW_OK && any)
        status = ask_all(&asking, error);
    if (status == KW_OK && any)
        status = kw_bulk_count_others(&asking, error);
    for (size_t i = 0; i < wanted->columns.count && any && status == KW_OK; i++)
        status = ask_column(&asking, i, error);
    if (status == KW_OK && ids && any)
        status = ask_ids(&asking, error);
    kw_bulk_asking_release(&asking);
    return status;
}

void kw_bulk_release(struct kw_bulk *bulk)
{
    const struct kw_wanted *wanted = bulk->wanted;
    for (size_t i = 0; bulk->lengths && i < wanted->fields.count; i++)
        free(bulk->lengths[i]);
    for (size_t i = 0; bulk->terms && i < wanted->terms.count; i++) {
        free(bulk->terms[i].places);
        free(bulk->terms[i].frequencies);
        free(bulk->terms[i].near);
    }
    for (size_t i = 0; bulk->slots && i < wanted->columns.count; i++)
        free(bulk->slots[i]);
    free(bulk->lengths);
    free(bulk->terms);
    free(bulk->slots);
    free(bulk->docids);
    kw_arena_release(&bulk->arena);
    *bulk = (struct kw_bulk){.count = 0};
}
