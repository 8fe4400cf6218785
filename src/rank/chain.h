/* Chains: the matches of a NEAR in a document, from those of its operands.
 *
 * A chain has one span of each operand, one behind the other: each begins behind the end of the one
 * before, at most `distance` positions on; in the order of the operands, or in any order. It covers
 * the positions from its first span's start to its last one's end. The matches are the different
 * stretches so covered that contain no other one (Clarke, Cormack & Burkowski, "An Algebra for
 * Structured Text Search", 1995). */
#ifndef KW_RANK_CHAIN_H
#define KW_RANK_CHAIN_H

#include "rank/spans.h"

struct kw_chain_shape {
    uint32_t operands; /* ≥ 2 */
    bool ordered;      /* in the order of the operands; else at most 16 of them */
    uint32_t distance; /* ≥ 1 */
};

/* Finds chains of one shape, document by document, and keeps its memory between them. */
struct kw_chain;

enum kw_status kw_chain_new(struct kw_chain **out, const struct kw_chain_shape *shape,
                            struct kw_error *error);
void kw_chain_free(struct kw_chain *chain); /* accepts NULL */

/* Replaces `found` by the matches, sorted. lists[i] are operand i's spans, sorted. KW_E_MEMORY. */
enum kw_status kw_chain_find(struct kw_chain *chain, const struct kw_spans *lists,
                             struct kw_spans *found, struct kw_error *error);

/* For a match, which span of each operand's list it takes: of all chains that cover it the one
 * whose spans are the least, compared operand by operand in the order of the query. `places` has
 * room for one an operand. KW_E_MEMORY. */
enum kw_status kw_chain_choose(struct kw_chain *chain, const struct kw_spans *lists,
                               const struct kw_span *match, size_t *places, struct kw_error *error);

#endif
