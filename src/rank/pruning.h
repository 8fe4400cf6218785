/* Pruning: finds the best documents of a segment without scoring all that match.
 *
 * What a word can give at most is known by blocks and classes of postings (list.h). Where these
 * bounds together stay below the worst of the documents kept so far, nothing is decoded; whatever
 * is left is scored exactly, as if every document had been. So the result is the same, to the bit.
 */
#ifndef KW_RANK_PRUNING_H
#define KW_RANK_PRUNING_H

#include "rank/list.h"
#include "rank/topk.h"

enum { KW_PRUNING_LISTS = 200 }; /* of a query; with more, all its documents are scored */
enum { KW_CANDIDATES = 192 };    /* documents judged together, at most (candidates.h) */

/* Takes a document and what the leaves give it. */
typedef enum kw_status kw_pruning_take(void *context, uint32_t document, double score,
                                       struct kw_error *error);

/* A query of words, each of which must, may or must not be there, over one segment. */
struct kw_pruning {
    struct kw_segment *segment;
    const struct kw_top *top;
    struct kw_arena *arena;
    struct kw_list *lists; /* of the words that the segment holds, in the order of the plan, then
                              those of titles */
    uint32_t list_count;
    uint32_t leaf_lists;    /* of these: those of the plan's leaves */
    struct kw_list **must;  /* the rarest first */
    struct kw_list **may;   /* titles, which only add to a score, among them */
    struct kw_list **never; /* what must not be there */
    uint32_t must_count, may_count, never_count;
    double (*parts)[KW_CANDIDATES]; /* by list: what it gives documents of a batch */
    double floor;                   /* as many documents as are kept score at least this */
    double extra;                   /* what else can add to a score */

    kw_pruning_take *take;
    void *context;
};

/* Sets what takes the documents found. */
static inline void kw_pruning_begin(struct kw_pruning *pruning, const struct kw_top *top,
                                    kw_pruning_take *take, void *context)
{
    pruning->top = top;
    pruning->take = take;
    pruning->context = context;
}

/* Bounds are sums and differences in other orders than those of scores, of at most KW_PRUNING_LISTS
 * summands each: no further off than this part of what is asked for. */
#define KW_PRUNING_SLACK 1e-9

/* What a document's lists have to give together, or it will not be kept. */
static inline double kw_pruning_need(const struct kw_pruning *pruning)
{
    double least = kw_top_least(pruning->top);
    if (least < pruning->floor)
        least = pruning->floor;
    return least - pruning->extra - KW_PRUNING_SLACK * least;
}

/* Finds the best documents of a query with words that must be there, or of one without. Documents
 * are taken in rising order, once. KW_E_MEMORY and what `take` returns. */
enum kw_status kw_prune_all(struct kw_pruning *pruning, struct kw_error *error);
enum kw_status kw_prune_any(struct kw_pruning *pruning, struct kw_error *error);

#endif
