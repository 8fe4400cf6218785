/* Equal words of one group become one leaf: a hash table from a word's terms to its first leaf. */
#include "query/planner.h"

#include <stdlib.h>

static uint64_t mix(uint64_t hash, const void *data, size_t size)
{
    const uint8_t *bytes = data;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3); /* FNV-1a */
    return (hash ^ size) * UINT64_C(0x100000001b3);
}

static uint64_t hash_draft(const struct kw_draft *draft)
{
    uint64_t hash = mix(UINT64_C(0xcbf29ce484222325), &draft->occur, sizeof draft->occur);
    hash = mix(hash, &draft->leaf.boost, sizeof draft->leaf.boost);
    for (uint32_t i = 0; i < draft->leaf.term_count; i++) {
        const struct kw_query_term *term = &draft->leaf.terms[i];
        hash = mix(hash, term->field.data, term->field.size);
        hash = mix(hash, term->language.data, term->language.size);
        hash = mix(hash, term->bytes.data, term->bytes.size);
    }
    return hash ^ hash >> 32;
}

static bool same_word(const struct kw_draft *a, const struct kw_draft *b)
{
    if (a->occur != b->occur || a->leaf.boost != b->leaf.boost ||
        a->leaf.term_count != b->leaf.term_count)
        return false;
    for (uint32_t i = 0; i < a->leaf.term_count; i++) {
        const struct kw_query_term *x = &a->leaf.terms[i];
        const struct kw_query_term *y = &b->leaf.terms[i];
        if (!kw_view_equal(x->field, y->field) || !kw_view_equal(x->language, y->language) ||
            !kw_view_equal(x->bytes, y->bytes))
            return false;
    }
    return true;
}

/* The slot of the word equal to `draft`, or the free one where it belongs. */
static struct kw_draft **find_slot(struct kw_draft **table, size_t mask,
                                   const struct kw_draft *draft)
{
    size_t at = (size_t)hash_draft(draft) & mask;
    while (table[at] && !same_word(table[at], draft))
        at = (at + 1) & mask;
    return &table[at];
}

enum kw_status kw_draft_merge(struct kw_draft **children, size_t *count, struct kw_error *error)
{
    if (*count < 2)
        return KW_OK;
    size_t slots = 4;
    while (slots < 2 * *count)
        slots *= 2;
    struct kw_draft **table = calloc(slots, sizeof(struct kw_draft *));
    if (!table)
        return kw_fail_memory(error);
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        struct kw_draft *child = children[i];
        if (child->kind == KW_PLAN_LEAF && child->leaf.kind == KW_LEAF_WORD) {
            struct kw_draft **slot = find_slot(table, slots - 1, child);
            if (*slot) {
                (*slot)->leaf.repeats += child->leaf.repeats;
                continue;
            }
            *slot = child;
        }
        children[kept++] = child;
    }
    *count = kept;
    free(table);
    return KW_OK;
}
