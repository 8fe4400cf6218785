/* Derives additions from a plan's leaves. */
#include "query/additions.h"

#include <stdlib.h>

struct adder {
    struct kw_plan *plan;
    const struct kw_addition_weights *weights;
    struct kw_addition *additions; /* room for all */
    uint32_t count;
};

/* Whether the leaf is a word of the text that documents are found by. */
static bool is_word(const struct kw_leaf *leaf)
{
    return leaf->kind == KW_LEAF_WORD && !leaf->negated && leaf->terms[0].field.size == 0;
}

/* The same terms in the title. */
static enum kw_status add_title(struct adder *adder, uint32_t word, struct kw_error *error)
{
    const struct kw_leaf *leaf = &adder->plan->leaves[word];
    struct kw_query_term *terms =
        kw_arena_alloc(&adder->plan->arena, leaf->term_count * sizeof *terms);
    if (!terms)
        return kw_fail_memory(error);
    for (uint32_t i = 0; i < leaf->term_count; i++) {
        terms[i] = leaf->terms[i];
        terms[i].field = kw_view_of("title");
    }
    struct kw_addition *addition = &adder->additions[adder->count++];
    *addition = (struct kw_addition){KW_ADD_TITLE, {word, word}, *leaf};
    addition->leaf.terms = terms;
    addition->leaf.boost *= adder->weights->title;
    return KW_OK;
}

static void add_near(struct adder *adder, uint32_t word, uint32_t next)
{
    double one = adder->plan->leaves[word].boost, other = adder->plan->leaves[next].boost;
    adder->additions[adder->count++] = (struct kw_addition){
        .kind = KW_ADD_NEAR,
        .words = {word, next},
        .leaf = {.kind = KW_LEAF_NEAR,
                 .boost = adder->weights->near * (one < other ? one : other),
                 .repeats = 1,
                 .clause = adder->plan->leaves[word].clause,
                 .distance = KW_ADDITION_DISTANCE},
    };
}

static enum kw_status add_words(struct adder *adder, struct kw_error *error)
{
    const struct kw_plan *plan = adder->plan;
    enum kw_status status = KW_OK;
    for (uint32_t word = 0; word < plan->leaf_count && status == KW_OK; word++) {
        if (!is_word(&plan->leaves[word]))
            continue;
        if (adder->weights->title > 0)
            status = add_title(adder, word, error);
        if (adder->weights->near <= 0 || plan->leaves[word].stop_word)
            continue;
        uint32_t next = word + 1;
        while (next < plan->leaf_count &&
               (!is_word(&plan->leaves[next]) || plan->leaves[next].stop_word))
            next++;
        if (next < plan->leaf_count)
            add_near(adder, word, next);
    }
    return status;
}

/* ---- Characters ----------------------------------------------------------------------------- */

static int compare_characters(const void *a, const void *b)
{
    const struct kw_addition *left = a, *right = b;
    int order = kw_view_compare(left->leaf.terms[0].bytes, right->leaf.terms[0].bytes);
    if (order)
        return order;
    return (left->leaf.boost < right->leaf.boost) - (left->leaf.boost > right->leaf.boost);
}

/* Adds each character of the pairs once, with the highest boost of those that hold it. */
static void add_characters(struct adder *adder)
{
    uint32_t first = adder->count, kept = first;
    struct kw_addition *items = adder->additions;
    for (uint32_t word = 0; word < adder->plan->leaf_count; word++) {
        const struct kw_leaf *leaf = &adder->plan->leaves[word];
        for (uint32_t i = 0; is_word(leaf) && i < leaf->held_count; i++)
            items[adder->count++] = (struct kw_addition){
                .kind = KW_ADD_CHARACTER,
                .leaf = {.kind = KW_LEAF_WORD,
                         .terms = &leaf->held[i],
                         .term_count = 1,
                         .span = 1,
                         .boost = leaf->boost * adder->weights->character,
                         .repeats = 1,
                         .clause = leaf->clause},
            };
    }
    if (adder->count == first)
        return;
    qsort(items + first, adder->count - first, sizeof *items, compare_characters);
    for (uint32_t i = first + 1; i < adder->count; i++)
        if (!kw_view_equal(items[i].leaf.terms[0].bytes, items[kept].leaf.terms[0].bytes))
            items[++kept] = items[i];
    adder->count = kept + 1;
}

enum kw_status kw_plan_add(struct kw_plan *plan, const struct kw_addition_weights *weights,
                           struct kw_error *error)
{
    struct adder adder = {.plan = plan, .weights = weights};
    size_t room = 2 * (size_t)plan->leaf_count;
    if (plan->leaf_count > KW_ADDITION_WORDS)
        return KW_OK;
    for (uint32_t i = 0; i < plan->leaf_count; i++)
        room += plan->leaves[i].held_count;
    adder.additions = kw_arena_alloc(&plan->arena, room * sizeof *adder.additions);
    if (!adder.additions)
        return kw_fail_memory(error);
    enum kw_status status = add_words(&adder, error);
    if (status != KW_OK)
        return status;
    if (weights->character > 0)
        add_characters(&adder);
    plan->additions = adder.additions;
    plan->addition_count = adder.count;
    return KW_OK;
}
