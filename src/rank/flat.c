/* From a flat plan to its lists. */
#include "rank/flat.h"

#include "index/deletes.h"
#include "rank/term.h"

#include <stdlib.h>

/* What a flat plan is made of. */
struct parts {
    const struct kw_plan_node *root;
    const struct kw_plan_node *const *children;
    uint32_t count;
};

static struct parts parts_of(const struct kw_plan *plan)
{
    const struct kw_plan_node *const *itself = &plan->root;
    if (plan->root->kind == KW_PLAN_LEAF)
        return (struct parts){plan->root, itself, 1};
    return (struct parts){plan->root, plan->root->children, plan->root->child_count};
}

static bool is_flat(const struct kw_plan *plan)
{
    struct parts parts = parts_of(plan);
    bool positive = false, must = false;
    if (plan->parity || parts.count > KW_PRUNING_LISTS)
        return false;
    for (uint32_t i = 0; i < parts.count; i++) {
        const struct kw_plan_node *child = parts.children[i];
        if (child->kind != KW_PLAN_LEAF || plan->leaves[child->leaf].kind != KW_LEAF_WORD)
            return false;
        positive = positive || child->occur != KW_MUST_NOT;
        must = must || child->occur == KW_MUST;
    }
    return positive && (plan->root->kind == KW_PLAN_LEAF || plan->root->minimum <= !must);
}

static bool is_phrase(const struct kw_plan *plan)
{
    const struct kw_leaf *leaf = &plan->leaves[plan->root->leaf];
    return plan->root->kind == KW_PLAN_LEAF && leaf->kind == KW_LEAF_PHRASE && !leaf->distance &&
           !plan->parity && !plan->addition_count;
}

/* The one of a word's terms that the segment holds: KW_E_NOT_FOUND without one. *several is set if
 * there are more. */
static enum kw_status find_term(struct kw_segment *segment, struct kw_term_memo *memo,
                                const struct kw_query_term *terms, uint32_t count,
                                struct kw_term *term, bool *several, struct kw_error *error)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct kw_term next;
        enum kw_status status = kw_memo_find(memo, segment, &terms[i], &next, error);
        if (status == KW_E_NOT_FOUND)
            continue;
        if (status != KW_OK)
            return status;
        *term = next;
        found++;
    }
    *several = found > 1;
    return found ? KW_OK : KW_E_NOT_FOUND;
}

/* Opens the list of a leaf or of an addition, if the segment holds its word: *out, else NULL. */
static enum kw_status open_list(struct kw_flat *flat, const struct kw_query_term *terms,
                                uint32_t count, const struct kw_bm25 *bm25, struct kw_list **out,
                                bool *several, struct kw_error *error)
{
    struct kw_pruning *pruning = &flat->pruning;
    struct kw_segment *segment = pruning->segment;
    struct kw_field_info field;
    struct kw_term term;
    *out = NULL;
    int64_t number = kw_segment_find_field(segment, terms[0].field);
    if (number < 0)
        return KW_OK;
    enum kw_status status = KW_OK;
    if (bm25)
        status = kw_segment_field(segment, (uint32_t)number, &field, error);
    if (status == KW_OK)
        status = find_term(segment, flat->memo, terms, count, &term, several, error);
    if (status == KW_E_NOT_FOUND || (status == KW_OK && *several))
        return KW_OK;
    if (status != KW_OK)
        return status;
    struct kw_list *list = &pruning->lists[pruning->list_count++];
    *out = list;
    if (!bm25) {
        kw_list_init_plain(list, segment, &term);
        return KW_OK;
    }
    return kw_list_init(list, segment, &term, bm25, &field, &flat->arena, error);
}

/* Opens the list of a leaf, if the segment holds its word. Only what is scored needs constants. */
static enum kw_status open_leaf(struct kw_flat *flat, const struct kw_plan *plan,
                                const struct kw_statistics *statistics,
                                const struct kw_plan_node *node, bool scored,
                                struct kw_error *error)
{
    struct kw_pruning *pruning = &flat->pruning;
    const struct kw_leaf *leaf = &plan->leaves[node->leaf];
    struct kw_bm25 bm25;
    struct kw_list *list;
    bool several = false;
    scored = scored && node->occur != KW_MUST_NOT;
    if (scored)
        bm25 = kw_bm25_leaf(statistics, plan, node->leaf);
    enum kw_status status = open_list(flat, leaf->terms, leaf->term_count, scored ? &bm25 : NULL,
                                      &list, &several, error);
    flat->fits = flat->fits && !several;
    if (!list)
        flat->hopeless = flat->hopeless || node->occur == KW_MUST;
    else if (node->occur == KW_MUST)
        pruning->must[pruning->must_count++] = list;
    else if (node->occur == KW_SHOULD)
        pruning->may[pruning->may_count++] = list;
    else
        pruning->never[pruning->never_count++] = list;
    return status;
}

/* Opens the lists of the leaves; where they are not scored, but those that only add to a score. */
static enum kw_status open_leaves(struct kw_flat *flat, const struct kw_plan *plan,
                                  const struct kw_statistics *statistics, bool scored,
                                  struct kw_error *error)
{
    struct parts parts = parts_of(plan);
    enum kw_status status = KW_OK;
    bool must = false;
    for (uint32_t i = 0; i < parts.count; i++)
        must = must || parts.children[i]->occur == KW_MUST;
    for (uint32_t i = 0; i < parts.count && flat->fits && status == KW_OK; i++)
        if (scored || !must || parts.children[i]->occur != KW_SHOULD)
            status = open_leaf(flat, plan, statistics, parts.children[i], scored, error);
    flat->pruning.leaf_lists = flat->pruning.list_count;
    return status;
}

/* Opens the lists of what titles add. */
static enum kw_status open_titles(struct kw_flat *flat, const struct kw_plan *plan,
                                  const struct kw_statistics *statistics, struct kw_error *error)
{
    struct kw_pruning *pruning = &flat->pruning;
    for (uint32_t i = 0; i < plan->addition_count; i++) {
        const struct kw_addition *addition = &plan->additions[i];
        struct kw_bm25 bm25 = kw_bm25_addition(statistics, plan, i);
        struct kw_list *list;
        bool several = false;
        if (addition->kind != KW_ADD_TITLE)
            continue;
        enum kw_status status = open_list(flat, addition->leaf.terms, addition->leaf.term_count,
                                          &bm25, &list, &several, error);
        if (status != KW_OK)
            return status;
        if (several)
            pruning->extra += bm25.weight;
        else if (list)
            pruning->may[pruning->may_count++] = list;
    }
    return KW_OK;
}

int kw_flat_compare_lists(const void *a, const void *b)
{
    const struct kw_list *left = *(struct kw_list *const *)a;
    const struct kw_list *right = *(struct kw_list *const *)b;
    if (left->postings.term.documents != right->postings.term.documents)
        return left->postings.term.documents < right->postings.term.documents ? -1 : 1;
    return (left > right) - (left < right);
}

static bool make_room(struct kw_flat *flat, const struct kw_plan *plan)
{
    struct kw_pruning *pruning = &flat->pruning;
    size_t count = parts_of(plan).count + plan->addition_count;
    if (flat->phrase)
        count = 2 * (size_t)plan->leaves[plan->root->leaf].term_count; /* words and pairs */
    pruning->lists = kw_arena_take(&flat->arena, count * sizeof *pruning->lists);
    pruning->must = kw_arena_alloc(&flat->arena, count * sizeof(struct kw_list *));
    pruning->may = kw_arena_alloc(&flat->arena, count * sizeof(struct kw_list *));
    pruning->never = kw_arena_alloc(&flat->arena, count * sizeof(struct kw_list *));
    return pruning->lists && pruning->must && pruning->may && pruning->never;
}

enum kw_status kw_flat_init(struct kw_flat *flat, struct kw_segment *segment,
                            const struct kw_plan *plan, const struct kw_statistics *statistics,
                            bool scored, struct kw_error *error)
{
    struct kw_pruning *pruning = &flat->pruning;
    *flat = (struct kw_flat){.arena = KW_ARENA_INIT, .phrase = is_phrase(plan)};
    flat->fits = flat->phrase || is_flat(plan);
    flat->work = statistics->work;
    flat->memo = statistics->memo;
    pruning->segment = segment;
    pruning->arena = &flat->arena;
    if (!flat->fits)
        return KW_OK;
    if (!make_room(flat, plan))
        return kw_fail_memory(error);
    enum kw_status status = flat->phrase ? kw_flat_open_phrase(flat, plan, statistics, error)
                                         : open_leaves(flat, plan, statistics, scored, error);
    qsort(pruning->must, pruning->must_count, sizeof *pruning->must, kw_flat_compare_lists);
    return status;
}

void kw_flat_release(struct kw_flat *flat)
{
    for (uint32_t i = 0; i < flat->pruning.list_count; i++)
        kw_list_release(&flat->pruning.lists[i]);
    kw_arena_release(&flat->arena);
}

/* As many documents as are kept get at least this from one word, if any of them is enough. */
static double find_floor(const struct kw_pruning *pruning)
{
    const struct kw_deletes *deletes = pruning->segment->deletes;
    uint64_t count = pruning->top->limit;
    double floor = 0;
    if (pruning->never_count || (pruning->must_count && pruning->leaf_lists > 1) ||
        count > pruning->segment->documents)
        return 0;
    count += deletes ? deletes->count : 0;
    for (uint32_t i = 0; i < pruning->leaf_lists; i++) {
        double least = kw_list_least(&pruning->lists[i], count);
        floor = least > floor ? least : floor;
    }
    return floor;
}

enum kw_status kw_flat_prune(struct kw_flat *flat, const struct kw_plan *plan,
                             const struct kw_statistics *statistics, const struct kw_top *top,
                             double extra, kw_pruning_take *take, void *context,
                             struct kw_error *error)
{
    struct kw_pruning *pruning = &flat->pruning;
    if (flat->hopeless)
        return KW_OK;
    kw_pruning_begin(pruning, top, take, context);
    pruning->extra = extra;
    pruning->floor = find_floor(pruning);
    enum kw_status status = open_titles(flat, plan, statistics, error);
    if (status != KW_OK)
        return status;
    pruning->parts = kw_arena_alloc(&flat->arena, pruning->list_count * sizeof *pruning->parts);
    if (!pruning->parts)
        return kw_fail_memory(error);
    return pruning->must_count ? kw_prune_all(pruning, error) : kw_prune_any(pruning, error);
}
