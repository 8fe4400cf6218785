/* Exact sums by windows of documents: all lists are gone through, term by term in the order of the
 * query, and what they give is added up by document. Where few documents can be ruled out, that is
 * less work than to look for candidates. */
#ifndef KW_RANK_PRUNE_SUMS_H
#define KW_RANK_PRUNE_SUMS_H

#include "rank/pruning.h"

enum { KW_SUMS_WINDOW = 4096 }; /* documents, at most */

struct kw_sums;

/* In the arena of the pruning; NULL without memory. */
struct kw_sums *kw_sums_take(struct kw_pruning *pruning);

/* Offers the documents of the stretch, of at most KW_SUMS_WINDOW, that may be among the best; not
 * of words that must be there. By list of pruning->may: `blocks` is the first block that reaches
 * into the stretch, `most` what it can give there; all together `all`. KW_E_MEMORY and what `take`
 * returns. */
enum kw_status kw_sums_offer(struct kw_sums *sums, struct kw_stretch stretch,
                             const uint32_t *blocks, const double *most, double all,
                             struct kw_error *error);

/* Finds the best documents of a query with one word that must be there and others that may, window
 * by window. KW_E_MEMORY and what `take` returns. */
enum kw_status kw_prune_sums(struct kw_pruning *pruning, struct kw_error *error);

#endif
