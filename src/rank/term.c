/* Looks the terms of a plan up in a segment's lexicon. */
#include "rank/term.h"

struct kw_view kw_leaf_field(const struct kw_plan *plan, const struct kw_leaf *leaf)
{
    while (leaf->operand_count)
        leaf = &leaf->operands[0];
    return leaf->kind == KW_LEAF_EXPANSION ? plan->expansions[leaf->expansion].field
                                           : leaf->terms[0].field;
}

enum kw_status kw_find_query_term(struct kw_segment *segment, const struct kw_query_term *asked,
                                  struct kw_term *term, struct kw_error *error)
{
    struct kw_bytes key = KW_BYTES_INIT;
    if (asked->language.size)
        kw_key_stem(&key, asked->field, asked->language, asked->bytes);
    else
        kw_key_surface(&key, asked->field, asked->bytes);
    enum kw_status status = kw_bytes_status(&key, error);
    if (status == KW_OK)
        status = kw_segment_find_term(segment, kw_bytes_view(&key), term, error);
    kw_bytes_release(&key);
    return status;
}

enum kw_status kw_postings_list_init(struct kw_postings_list *list, struct kw_segment *segment,
                                     const struct kw_query_term *terms, uint32_t count,
                                     struct kw_arena *arena, struct kw_error *error)
{
    list->count = 0;
    list->items = kw_arena_alloc(arena, count * sizeof *list->items);
    if (!list->items)
        return kw_fail_memory(error);
    for (uint32_t i = 0; i < count; i++) {
        struct kw_term term;
        enum kw_status status = kw_find_query_term(segment, &terms[i], &term, error);
        if (status == KW_E_NOT_FOUND)
            continue;
        if (status != KW_OK)
            return status;
        kw_postings_init(&list->items[list->count++], segment, &term);
    }
    return KW_OK;
}

void kw_postings_list_release(struct kw_postings_list *list)
{
    for (uint32_t i = 0; i < list->count; i++)
        kw_postings_release(&list->items[i]);
    list->count = 0;
}

enum kw_status kw_find_positions(struct kw_postings *postings, struct kw_work *work,
                                 const uint32_t **positions, struct kw_error *error)
{
    enum { A_STEP = 4 };
    const struct kw_term *term = &postings->term;
    uint64_t steps = kw_postings_frequency(postings);
    if (postings->position_block != postings->block && term->documents)
        steps += term->occurrences / term->documents * postings->count / A_STEP;
    enum kw_status status = kw_work_spend(work, steps, error);
    return status == KW_OK ? kw_postings_positions(postings, positions, error) : status;
}
