/* Looks the terms of a plan up in a segment's lexicon. */
#include "rank/term.h"

#include <stdlib.h>

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

/* The place of the answer that is kept, count if there is none. Terms are mostly asked for in the
 * same order. */
static size_t recall(struct kw_term_memo *memo, const struct kw_segment *segment,
                     const struct kw_query_term *asked)
{
    for (size_t i = 0; i < memo->count; i++) {
        size_t at = (memo->next + i) % memo->count;
        if (memo->items[at].segment == segment && memo->items[at].asked == asked) {
            memo->next = at + 1;
            return at;
        }
    }
    return memo->count;
}

enum kw_status kw_memo_find(struct kw_term_memo *memo, struct kw_segment *segment,
                            const struct kw_query_term *asked, struct kw_term *term,
                            struct kw_error *error)
{
    size_t at = recall(memo, segment, asked);
    if (at < memo->count) {
        *term = memo->items[at].term;
        return memo->items[at].there ? KW_OK : KW_E_NOT_FOUND;
    }
    enum kw_status status = kw_find_query_term(segment, asked, term, error);
    if ((status != KW_OK && status != KW_E_NOT_FOUND) || memo->count == KW_MEMO_TERMS)
        return status;
    if (!kw_grow(memo, memo->count + 1))
        return kw_fail_memory(error);
    memo->items[memo->count].segment = segment;
    memo->items[memo->count].asked = asked;
    memo->items[memo->count].there = status == KW_OK;
    if (status == KW_OK)
        memo->items[memo->count].term = *term;
    memo->count++;
    return status;
}

void kw_memo_release(struct kw_term_memo *memo)
{
    free(memo->items);
    *memo = (struct kw_term_memo){.items = NULL};
}

enum kw_status kw_postings_list_init(struct kw_postings_list *list, struct kw_segment *segment,
                                     struct kw_term_memo *memo, const struct kw_query_term *terms,
                                     uint32_t count, struct kw_arena *arena, struct kw_error *error)
{
    list->count = 0;
    list->items = kw_arena_alloc(arena, count * sizeof *list->items);
    if (!list->items)
        return kw_fail_memory(error);
    for (uint32_t i = 0; i < count; i++) {
        struct kw_term term;
        enum kw_status status = memo ? kw_memo_find(memo, segment, &terms[i], &term, error)
                                     : kw_find_query_term(segment, &terms[i], &term, error);
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
    uint64_t steps = kw_postings_frequency_at(postings, postings->at);
    if (postings->position_block != postings->block && term->documents)
        steps += term->occurrences / term->documents * postings->count / A_STEP;
    enum kw_status status = kw_work_spend(work, steps, error);
    return status == KW_OK ? kw_postings_positions(postings, positions, error) : status;
}
