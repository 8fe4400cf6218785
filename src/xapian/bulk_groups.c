/* Of many terms, as patterns have them, each document holds few. First it is asked who holds which;
 * then of terms that no document has two of, the frequencies of all come as if they were one. */
#include "xapian/bulk_parts.h"

#include <stdlib.h>

enum { NOBODY = UINT32_MAX };

/* Terms of the text, no two of which are in one document. */
struct group {
    uint32_t *holders; /* by place: the term that is there, or NOBODY */
    struct kw_bulk_group_terms {
        size_t *items;
        size_t count;
        size_t capacity;
    } terms;
};

struct groups {
    struct group *items;
    size_t count;
    size_t capacity;
};

static void release(struct groups *groups)
{
    for (size_t i = 0; i < groups->count; i++) {
        free(groups->items[i].holders);
        free(groups->items[i].terms.items);
    }
    free(groups->items);
}

/* ---- Who holds which ---------------------------------------------------------------------- */

/* Takes the documents that hold a term, by its bit of each weight. */
static enum kw_status take_holders(struct kw_bulk_asking *asking, struct kw_bulk_term *term,
                                   unsigned bit, struct kw_error *error)
{
    uint32_t place = 0;
    term->places = malloc(((size_t)asking->count + 1) * sizeof *term->places);
    term->frequencies = calloc((size_t)asking->count + 1, sizeof *term->frequencies);
    if (!term->places || !term->frequencies)
        return kw_fail_memory(error);
    for (uint32_t i = 0; i < asking->count; i++) {
        const struct kw_bulk_found *found = &asking->items[i];
        if (!kw_bulk_find_place(asking->bulk, found->docid, &place))
            return kw_bulk_absurd(asking, error);
        if ((uint64_t)found->weight >> bit & 1)
            term->places[term->count++] = place;
    }
    return KW_OK;
}

/* Asks about `count` terms from number `first` on, KW_BULK_BITS at most. */
static enum kw_status ask_holders(struct kw_bulk_asking *asking, size_t first, size_t count,
                                  struct kw_error *error)
{
    struct xc_query *query = xc_query_new();
    enum kw_status status = query ? KW_OK : kw_fail_memory(error);
    for (size_t i = 0; i < count && status == KW_OK; i++)
        status = kw_bulk_add_term(asking, query, first + i, (unsigned)i, error);
    if (status == KW_OK)
        status = kw_bulk_ask_terms(asking, query, KW_BULK_BY_TERMS, error);
    for (size_t i = 0; i < count && status == KW_OK; i++)
        status = take_holders(asking, &asking->bulk->terms[first + i], (unsigned)i, error);
    xc_query_free(query);
    return status;
}

/* ---- How often ---------------------------------------------------------------------------- */

static bool fits(const struct group *group, const struct kw_bulk_term *term)
{
    for (uint32_t i = 0; i < term->count; i++)
        if (group->holders[term->places[i]] != NOBODY)
            return false;
    return true;
}

/* Adds a group without terms. */
static struct group *add_group(struct groups *groups, uint32_t places)
{
    uint32_t *holders = malloc(((size_t)places + 1) * sizeof *holders);
    if (!holders || !kw_grow(groups, groups->count + 1)) {
        free(holders);
        return NULL;
    }
    for (uint32_t i = 0; i < places; i++)
        holders[i] = NOBODY;
    groups->items[groups->count] = (struct group){.holders = holders};
    return &groups->items[groups->count++];
}

/* Puts a term of the text into the first group in which it fits. */
static enum kw_status put(const struct kw_bulk *bulk, struct groups *groups, size_t number,
                          struct kw_error *error)
{
    const struct kw_bulk_term *term = &bulk->terms[number];
    size_t at = 0;
    while (at < groups->count && !fits(&groups->items[at], term))
        at++;
    struct group *group = at < groups->count ? &groups->items[at] : add_group(groups, bulk->count);
    if (!group || !kw_grow(&group->terms, group->terms.count + 1))
        return kw_fail_memory(error);
    group->terms.items[group->terms.count++] = number;
    for (uint32_t i = 0; i < term->count; i++)
        group->holders[term->places[i]] = (uint32_t)number;
    return KW_OK;
}

/* Takes the frequencies of one group of an answer, `bits` of each weight from `bit` on. */
static enum kw_status take_frequencies(struct kw_bulk_asking *asking, const struct group *group,
                                       unsigned bit, unsigned bits, struct kw_error *error)
{
    uint32_t place = 0;
    for (uint32_t i = 0; i < asking->count; i++) {
        const struct kw_bulk_found *found = &asking->items[i];
        uint32_t frequency =
            (uint32_t)((uint64_t)found->weight >> bit & ((UINT64_C(1) << bits) - 1));
        if (!kw_bulk_find_place(asking->bulk, found->docid, &place) ||
            (frequency && group->holders[place] == NOBODY))
            return kw_bulk_absurd(asking, error);
        if (!frequency)
            continue;
        struct kw_bulk_term *term = &asking->bulk->terms[group->holders[place]];
        term->frequencies[kw_bulk_find(term->places, term->count, place)] = frequency;
    }
    return KW_OK;
}

/* Asks for the frequencies of some groups, each in `bits` of a weight. */
static enum kw_status ask_groups(struct kw_bulk_asking *asking, const struct group *groups,
                                 size_t count, unsigned bits, struct kw_error *error)
{
    struct xc_query *query = xc_query_new();
    enum kw_status status = query ? KW_OK : kw_fail_memory(error);
    for (size_t i = 0; i < count && status == KW_OK; i++)
        for (size_t k = 0; k < groups[i].terms.count && status == KW_OK; k++)
            status = kw_bulk_add_term(asking, query, groups[i].terms.items[k], (unsigned)i * bits,
                                      error);
    if (status == KW_OK)
        status = kw_bulk_ask_terms(asking, query, KW_BULK_BY_FREQUENCY, error);
    for (size_t i = 0; i < count && status == KW_OK; i++)
        status = take_frequencies(asking, &groups[i], (unsigned)i * bits, bits, error);
    xc_query_free(query);
    return status;
}

enum kw_status kw_bulk_grouped(struct kw_bulk_asking *asking, struct kw_error *error)
{
    struct kw_bulk *bulk = asking->bulk;
    const size_t count = bulk->wanted->terms.count;
    const unsigned bits = kw_bulk_frequency_bits(asking), some = KW_BULK_BITS / bits;
    struct groups groups = {NULL, 0, 0};
    enum kw_status status = KW_OK;
    for (size_t at = 0; at < count && status == KW_OK; at += KW_BULK_BITS)
        status =
            ask_holders(asking, at, count - at < KW_BULK_BITS ? count - at : KW_BULK_BITS, error);
    for (size_t i = 0; i < count && status == KW_OK; i++)
        if (!bulk->wanted->terms.items[i].field.size && bulk->terms[i].count)
            status = put(bulk, &groups, i, error);
    for (size_t at = 0; at < groups.count && status == KW_OK; at += some)
        status = ask_groups(asking, groups.items + at,
                            groups.count - at < some ? groups.count - at : some, bits, error);
    release(&groups);
    return status;
}
