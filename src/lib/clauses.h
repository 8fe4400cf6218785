/* What clauses.c and spellings.c share. */
#ifndef KW_LIB_CLAUSES_H
#define KW_LIB_CLAUSES_H

#include "lib/results.h"

/* Fills results->clauses, once. KW_E_MEMORY. */
enum kw_status kw_clauses_collect(struct kwic_results *results, struct kw_error *error);

/* Plans one of them by itself, as if it were the whole query, its patterns expanded. The caller
 * releases the plan, whatever is returned. */
enum kw_status kw_clause_plan(struct kwic_results *results, const struct kw_clause *clause,
                              struct kw_plan *plan, struct kw_error *error);

/* Counts the documents that match such a plan. KW_E_USAGE: with all that were counted before it is
 * more work than a search may be. */
enum kw_status kw_clause_count(struct kwic_results *results, const struct kw_plan *plan,
                               uint64_t *documents, struct kw_error *error);

/* How many live documents hold a leaf of `plan`, or an operand of one, that is a word or an
 * expansion. */
enum kw_status kw_clause_holders(const struct kwic_results *results, const struct kw_plan *plan,
                                 const struct kw_leaf *leaf, uint64_t *holders,
                                 struct kw_error *error);

#endif
