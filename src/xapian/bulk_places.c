/* What phrases tell of places, so that few have to be asked for, each a trip: a word that stands
 * before itself stands there twice, and two words that are near each other stand within a window,
 * one before the other. (Xapian's own NEAR misses such a pair where the words share another place.)
 */
#include "xapian/bulk_parts.h"

#include <math.h>
#include <stdlib.h>

enum {
    FEW = 4,            /* documents or postings, of which places are asked for one by one */
    MOST_TIMES = 8,     /* that are told apart */
    ANYWHERE = 1 << 30, /* a window as wide as any field */
};

/* Adds to what is asked for a phrase of `count` terms, as a weight of 1 << bit. */
static enum kw_status add_phrase(const struct kw_bulk_asking *asking, struct xc_query *query,
                                 const struct xc_text *terms, uint32_t count, uint32_t window,
                                 unsigned bit, struct kw_error *error)
{
    struct xc_query *one = xc_query_new();
    const struct xc_query *const both[] = {query, one};
    enum kw_status status = one ? KW_OK : kw_fail_memory(error);
    if (status == KW_OK && (xc_query_set_terms(one, XC_OP_PHRASE, terms, count, window) != XC_OK ||
                            xc_query_set_scaled(one, one, ldexp(1, (int)bit) / count) != XC_OK))
        status = kw_bulk_query_failed(asking, one, error);
    if (status == KW_OK && xc_query_set_parts(query, XC_OP_OR, both, 2, 0) != XC_OK)
        status = kw_bulk_query_failed(asking, query, error);
    xc_query_free(one);
    return status;
}

/* The bits of an item's weight, which is a sum of such weights but for rounding. */
static uint64_t bits_of(const struct kw_bulk_found *found)
{
    return (uint64_t)llround(found->weight);
}

/* Makes `name` the database's term for a wanted one; false if it has none. */
static bool name_term(const struct kw_bulk_asking *asking, size_t number, struct kw_bytes *name)
{
    const struct kw_excerpt_term *term = &asking->bulk->wanted->terms.items[number];
    return kw_xapian_term(asking->xapian, term->field, term->language, term->bytes, 0, name);
}

/* ---- How often ---------------------------------------------------------------------------- */

/* Terms that may stand in a document more often than is known. */
struct open_terms {
    size_t *numbers;
    size_t count;
};

/* Finds the terms of which nothing but the number of places matters, and takes each to stand once
 * wherever it does. */
static enum kw_status open_terms(struct kw_bulk *bulk, struct open_terms *open,
                                 struct kw_error *error)
{
    const struct kw_wanted *wanted = bulk->wanted;
    size_t postings = 0;
    open->numbers = malloc((wanted->terms.count + 1) * sizeof *open->numbers);
    if (!open->numbers)
        return kw_fail_memory(error);
    for (size_t i = 0; i < wanted->terms.count; i++)
        if (wanted->terms.items[i].field.size && !wanted->placed[i] && bulk->terms[i].count) {
            open->numbers[open->count++] = i;
            postings += bulk->terms[i].count;
        }
    if (postings <= FEW)
        open->count = 0;
    for (size_t i = 0; i < open->count; i++)
        for (uint32_t k = 0; k < bulk->terms[open->numbers[i]].count; k++)
            bulk->terms[open->numbers[i]].frequencies[k] = 1;
    return KW_OK;
}

/* Notes in which of the documents found term `number`, by its bit, stands so often; false if that
 * is nowhere. */
static bool note_times(const struct kw_bulk_asking *asking, size_t number, unsigned bit,
                       uint32_t times)
{
    struct kw_bulk_term *term = &asking->bulk->terms[number];
    uint32_t place = 0;
    bool any = false;
    for (uint32_t i = 0; i < asking->count; i++) {
        if (!(bits_of(&asking->items[i]) >> bit & 1) ||
            !kw_bulk_find_place(asking->bulk, asking->items[i].docid, &place))
            continue;
        uint32_t at = kw_bulk_find(term->places, term->count, place);
        if (at < term->count && term->places[at] == place) {
            term->frequencies[at] = times;
            any = true;
        }
    }
    return any;
}

/* Asks for one term after another, KW_BULK_BITS at most, that stands `times` times; keeps those of
 * which there are such documents at numbers[*kept] and behind. `times` that are too many to tell
 * are noted as 0. */
static enum kw_status ask_times(struct kw_bulk_asking *asking, const size_t *numbers, size_t count,
                                uint32_t times, size_t *keep, size_t *kept, struct kw_error *error)
{
    struct kw_bytes name = KW_BYTES_INIT;
    struct xc_query *query = xc_query_new();
    struct xc_text same[MOST_TIMES];
    enum kw_status status = query ? KW_OK : kw_fail_memory(error);
    for (size_t i = 0; i < count && status == KW_OK; i++) {
        if (!name_term(asking, numbers[i], &name))
            continue;
        status = kw_bytes_status(&name, error);
        for (uint32_t k = 0; k < times; k++)
            same[k] = kw_xapian_text(kw_bytes_view(&name));
        if (status == KW_OK)
            status = add_phrase(asking, query, same, times, ANYWHERE, (unsigned)i, error);
    }
    if (status == KW_OK)
        status = kw_bulk_ask_terms(asking, query, KW_BULK_BY_TERMS, error);
    for (size_t i = 0; i < count && status == KW_OK; i++)
        if (note_times(asking, numbers[i], (unsigned)i, times < MOST_TIMES ? times : 0))
            keep[(*kept)++] = numbers[i];
    kw_bytes_release(&name);
    xc_query_free(query);
    return status;
}

enum kw_status kw_bulk_count_others(struct kw_bulk_asking *asking, struct kw_error *error)
{
    struct open_terms open = {.numbers = NULL};
    enum kw_status status = open_terms(asking->bulk, &open, error);
    for (uint32_t times = 2; times <= MOST_TIMES && open.count && status == KW_OK; times++) {
        size_t kept = 0;
        for (size_t at = 0; at < open.count && status == KW_OK; at += KW_BULK_BITS) {
            size_t some = open.count - at < KW_BULK_BITS ? open.count - at : KW_BULK_BITS;
            status = ask_times(asking, open.numbers + at, some, times, open.numbers, &kept, error);
        }
        open.count = kept;
    }
    free(open.numbers);
    return status;
}

/* ---- Near each other ---------------------------------------------------------------------- */

/* The number of the one term of a plan's leaf. */
static size_t term_of(const struct kw_wanted *wanted, const struct kw_leaf *leaf)
{
    const struct kw_query_term *term = &leaf->terms[0];
    return kw_wanted_find_term(wanted,
                               &(struct kw_excerpt_term){term->field, term->language, term->bytes});
}

/* Two words that may be near each other. */
struct pair {
    size_t terms[2];
    uint32_t distance;
};

/* Finds the pairs that a plan asks for, and gives their terms room to note where they are so. */
static enum kw_status find_pairs(struct kw_bulk *bulk, struct pair *pairs, size_t *count,
                                 struct kw_error *error)
{
    const struct kw_wanted *wanted = bulk->wanted;
    const struct kw_plan *plan = wanted->plan;
    for (uint32_t i = 0; i < plan->addition_count; i++) {
        const struct kw_addition *addition = &plan->additions[i];
        struct pair *pair = &pairs[*count];
        bool both = addition->kind == KW_ADD_NEAR;
        for (int k = 0; both && k < 2; k++) {
            const struct kw_leaf *leaf = &plan->leaves[addition->words[k]];
            both = leaf->term_count == 1;
            if (both)
                pair->terms[k] = term_of(wanted, leaf);
        }
        if (!both)
            continue;
        pair->distance = addition->leaf.distance;
        ++*count;
        for (int k = 0; k < 2; k++) {
            bool **near = &bulk->terms[pair->terms[k]].near;
            if (!*near)
                *near = calloc(bulk->count, sizeof **near);
            if (!*near)
                return kw_fail_memory(error);
        }
    }
    return KW_OK;
}

/* Adds a pair, one before the other or the other way round, as two bits. */
static enum kw_status add_pair(const struct kw_bulk_asking *asking, struct xc_query *query,
                               const struct pair *pair, unsigned bit, struct kw_error *error)
{
    struct kw_bytes names[2] = {KW_BYTES_INIT, KW_BYTES_INIT};
    enum kw_status status = KW_OK;
    if (name_term(asking, pair->terms[0], &names[0]) &&
        name_term(asking, pair->terms[1], &names[1])) {
        status = kw_bytes_status(&names[0], error);
        if (status == KW_OK)
            status = kw_bytes_status(&names[1], error);
        for (unsigned k = 0; k < 2 && status == KW_OK; k++) {
            const struct xc_text texts[] = {kw_xapian_text(kw_bytes_view(&names[k])),
                                            kw_xapian_text(kw_bytes_view(&names[!k]))};
            status = add_phrase(asking, query, texts, 2, pair->distance + 1, bit + k, error);
        }
    }
    kw_bytes_release(&names[0]);
    kw_bytes_release(&names[1]);
    return status;
}

/* Asks for pairs, KW_BULK_BITS / 2 at most. */
static enum kw_status ask_pairs(struct kw_bulk_asking *asking, const struct pair *pairs,
                                size_t count, struct kw_error *error)
{
    struct kw_bulk *bulk = asking->bulk;
    struct xc_query *query = xc_query_new();
    uint32_t place = 0;
    enum kw_status status = query ? KW_OK : kw_fail_memory(error);
    for (size_t i = 0; i < count && status == KW_OK; i++)
        status = add_pair(asking, query, &pairs[i], 2 * (unsigned)i, error);
    if (status == KW_OK)
        status = kw_bulk_ask_terms(asking, query, KW_BULK_BY_TERMS, error);
    for (uint32_t i = 0; i < asking->count && status == KW_OK; i++) {
        uint64_t bits = bits_of(&asking->items[i]);
        if (!kw_bulk_find_place(bulk, asking->items[i].docid, &place))
            status = kw_bulk_absurd(asking, error);
        for (size_t k = 0; k < count && status == KW_OK; k++, bits >>= 2)
            if (bits & 3)
                bulk->terms[pairs[k].terms[0]].near[place] =
                    bulk->terms[pairs[k].terms[1]].near[place] = true;
    }
    xc_query_free(query);
    return status;
}

enum kw_status kw_bulk_near(struct kw_bulk *bulk, struct kw_xapian *xapian,
                            const struct xc_query *query, struct kw_error *error)
{
    enum { SOME = KW_BULK_BITS / 2 };
    const struct kw_plan *plan = bulk->wanted->plan;
    struct kw_bulk_asking asking = {.xapian = xapian, .bulk = bulk};
    struct pair *pairs;
    size_t count = 0;
    if (bulk->count <= FEW || !plan->addition_count)
        return KW_OK;
    pairs = calloc(plan->addition_count, sizeof *pairs);
    enum kw_status status = pairs ? find_pairs(bulk, pairs, &count, error) : kw_fail_memory(error);
    if (status == KW_OK && count)
        status = kw_bulk_asking_init(&asking, query, error);
    for (size_t at = 0; at < count && status == KW_OK; at += SOME)
        status = ask_pairs(&asking, pairs + at, count - at < SOME ? count - at : SOME, error);
    kw_bulk_asking_release(&asking);
    free(pairs);
    return status;
}
