/* Walks a plan's leaves. */
#include "xapian/wanted.h"

#include <stdlib.h>

/* A term on its way into the list. */
struct found {
    struct kw_excerpt_term term;
    struct kw_view surface; /* of a stem's word; else empty */
    bool placed;
    bool paired;
};

struct gathering {
    struct kw_wanted *wanted;
    const struct kw_plan *plan;
    struct found *items;
    size_t count;
    size_t capacity;
    bool pairing; /* what comes now is placed for a pair */
};

static int compare_terms(const struct kw_excerpt_term *a, const struct kw_excerpt_term *b)
{
    int order = kw_view_compare(a->field, b->field);
    if (!order)
        order = kw_view_compare(a->language, b->language);
    if (!order)
        order = kw_view_compare(a->bytes, b->bytes);
    return order;
}

static int compare(const void *left, const void *right)
{
    const struct found *a = left, *b = right;
    int order = compare_terms(&a->term, &b->term);
    return order ? order : kw_view_compare(a->surface, b->surface);
}

static bool add_terms(struct gathering *gathering, const struct kw_query_term *terms,
                      uint32_t count, struct kw_view surface, bool placed)
{
    if (!kw_grow(gathering, gathering->count + count))
        return false;
    for (uint32_t i = 0; i < count; i++)
        gathering->items[gathering->count++] =
            (struct found){{terms[i].field, terms[i].language, terms[i].bytes},
                           surface,
                           placed,
                           gathering->pairing};
    return true;
}

/* Adds a leaf or an operand; `placed`: its positions matter. */
static enum kw_status add_leaf(struct gathering *gathering, const struct kw_leaf *leaf, bool placed,
                               struct kw_error *error)
{
    const struct kw_plan *plan = gathering->plan;
    const struct kw_view none = {NULL, 0};
    bool inside = placed || leaf->kind == KW_LEAF_PHRASE || leaf->operand_count > 0;
    if (leaf->kind == KW_LEAF_FILTER)
        return kw_wanted_column(gathering->wanted, leaf->filter->field,
                                !kw_wanted_is_keyword(leaf->filter), error);
    if (!add_terms(gathering, leaf->terms, leaf->term_count, leaf->surface, inside))
        return kw_fail_memory(error);
    if (leaf->kind == KW_LEAF_EXPANSION) {
        const struct kw_expansion *expansion = &plan->expansions[leaf->expansion];
        if (!add_terms(gathering, expansion->terms, expansion->term_count, none, inside))
            return kw_fail_memory(error);
    }
    for (uint32_t i = 0; i < leaf->operand_count; i++) {
        enum kw_status status = add_leaf(gathering, &leaf->operands[i], inside, error);
        if (status != KW_OK)
            return status;
    }
    return KW_OK;
}

/* Adds the word of an addition; of a NEAR those of its leaves are known but for their places. */
static enum kw_status add_addition(struct gathering *gathering, const struct kw_addition *addition,
                                   bool placed, struct kw_error *error)
{
    const struct kw_leaf *leaves = gathering->plan->leaves;
    const struct kw_leaf *one = &leaves[addition->words[0]], *other = &leaves[addition->words[1]];
    if (addition->kind != KW_ADD_NEAR)
        return add_leaf(gathering, &addition->leaf, placed, error);
    gathering->pairing = one->term_count == 1 && other->term_count == 1;
    enum kw_status status = add_leaf(gathering, one, true, error);
    if (status == KW_OK)
        status = add_leaf(gathering, other, true, error);
    gathering->pairing = false;
    return status;
}

/* Adds a view that is greater than all before it, or equal to the last. */
static bool add_field(struct kw_wanted *wanted, struct kw_view field)
{
    size_t count = wanted->fields.count;
    if (count && kw_view_equal(wanted->fields.items[count - 1], field))
        return true;
    if (!kw_grow(&wanted->fields, count + 1))
        return false;
    wanted->fields.items[wanted->fields.count++] = field;
    return true;
}

/* Adds the surface of a stem's word to those of term `number`, the last; they come by bytes. */
static bool add_surface(struct kw_wanted *wanted, size_t number, const struct found *found)
{
    size_t count = wanted->surfaces.count;
    if (!found->term.language.size || !found->surface.size ||
        (count > wanted->surfaces_of[number] &&
         kw_view_equal(wanted->surfaces.items[count - 1], found->surface)))
        return true;
    if (!kw_grow(&wanted->surfaces, count + 1))
        return false;
    wanted->surfaces.items[wanted->surfaces.count++] = found->surface;
    return true;
}

/* Takes the terms, sorted and each once, with their fields. */
static enum kw_status take(struct kw_wanted *wanted, struct gathering *gathering,
                           struct kw_error *error)
{
    struct found *found = gathering->items;
    size_t kept = 0;
    wanted->placed = calloc(gathering->count + 1, sizeof *wanted->placed);
    wanted->paired = calloc(gathering->count + 1, sizeof *wanted->paired);
    wanted->surfaces_of = calloc(gathering->count + 2, sizeof *wanted->surfaces_of);
    if (!wanted->placed || !wanted->paired || !wanted->surfaces_of ||
        !kw_grow(&wanted->terms, gathering->count))
        return kw_fail_memory(error);
    if (gathering->count)
        qsort(found, gathering->count, sizeof *found, compare);
    for (size_t i = 0; i < gathering->count; i++) {
        if (!i || compare_terms(&found[i - 1].term, &found[i].term) != 0) {
            wanted->surfaces_of[kept] = wanted->surfaces.count;
            wanted->paired[kept] = true;
            wanted->terms.items[kept++] = found[i].term;
        }
        wanted->placed[kept - 1] |= found[i].placed;
        wanted->paired[kept - 1] &= found[i].paired || !found[i].placed;
        if (!add_surface(wanted, kept - 1, &found[i]))
            return kw_fail_memory(error);
        if (!add_field(wanted, found[i].term.field))
            return kw_fail_memory(error);
    }
    wanted->surfaces_of[kept] = wanted->surfaces.count;
    wanted->terms.count = kept;
    return KW_OK;
}

enum kw_status kw_wanted_init(struct kw_wanted *wanted, const struct kw_plan *plan, bool all_placed,
                              struct kw_error *error)
{
    struct gathering gathering = {.wanted = wanted, .plan = plan};
    enum kw_status status = KW_OK;
    *wanted = (struct kw_wanted){.plan = plan};
    for (uint32_t i = 0; i < plan->leaf_count && status == KW_OK; i++)
        status = add_leaf(&gathering, &plan->leaves[i], all_placed, error);
    for (uint32_t i = 0; i < plan->addition_count && status == KW_OK; i++)
        status = add_addition(&gathering, &plan->additions[i], all_placed, error);
    if (status == KW_OK)
        status = take(wanted, &gathering, error);
    free(gathering.items);
    return status;
}

void kw_wanted_release(struct kw_wanted *wanted)
{
    free(wanted->terms.items);
    free(wanted->placed);
    free(wanted->paired);
    free(wanted->surfaces.items);
    free(wanted->surfaces_of);
    free(wanted->fields.items);
    free(wanted->columns.items);
    free(wanted->whole.items);
    *wanted = (struct kw_wanted){.placed = NULL};
}

size_t kw_wanted_find_term(const struct kw_wanted *wanted, const struct kw_excerpt_term *term)
{
    size_t from = 0, to = wanted->terms.count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (compare_terms(&wanted->terms.items[middle], term) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

size_t kw_wanted_find_field(const struct kw_wanted *wanted, struct kw_view name)
{
    size_t number = 0;
    while (!kw_view_equal(wanted->fields.items[number], name))
        number++;
    return number;
}

size_t kw_wanted_find_column(const struct kw_wanted *wanted, struct kw_view name)
{
    size_t number = 0;
    while (!kw_view_equal(wanted->columns.items[number], name))
        number++;
    return number;
}

bool kw_wanted_is_keyword(const struct kw_filter *filter)
{
    return filter->uses == KW_FIELD_KEYWORD && !filter->wildcards;
}

enum kw_status kw_wanted_column(struct kw_wanted *wanted, struct kw_view name, bool whole,
                                struct kw_error *error)
{
    size_t count = wanted->columns.count;
    for (size_t i = 0; i < count; i++)
        if (kw_view_equal(wanted->columns.items[i], name)) {
            wanted->whole.items[i] |= whole;
            return KW_OK;
        }
    if (!kw_grow(&wanted->columns, count + 1) || !kw_grow(&wanted->whole, count + 1))
        return kw_fail_memory(error);
    wanted->whole.items[count] = whole;
    wanted->columns.items[wanted->columns.count++] = name;
    return KW_OK;
}
