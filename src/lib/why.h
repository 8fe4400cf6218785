/* The handle that why.c makes and why_clauses.c looks into. */
#ifndef KW_LIB_WHY_H
#define KW_LIB_WHY_H

#include "lib/absence.h"
#include "lib/clauses.h"

struct kwic_why {
    struct kwic_results *results; /* of the query; all that match, in order */
    struct kw_absence absence;
    const struct kw_member *member; /* the document's; NULL: it is absent */
    uint64_t document;
    struct kw_record record;
    struct kw_outside outside;
    enum kwic_file file;
    uint64_t rank;          /* from 1; 0: it does not match */
    size_t matched;         /* optional parts of the outermost group */
    struct kw_part *parts;  /* what the plan's leaves and additions add to the score */
    struct kw_work work;    /* of all that is found out about the document */
    struct kw_engine *held; /* that the record is from; NULL: it is from the member's own */
    struct kwic_why_clause *clauses;
    size_t clause_count;
    struct kw_arena arena;   /* of their texts, but for those of the query */
    struct kw_bytes lacking; /* of the clause at hand, as are … */
    struct kw_bytes values;  /* … these */
};

/* Finds out how the document, which is present, fares with each clause: why->clauses. KW_E_MEMORY,
 * KW_E_DAMAGED, KW_E_IO; KW_E_USAGE: it is too much work. */
enum kw_status kw_why_clauses(struct kwic_why *why, struct kw_error *error);

/* Whether the document matches `node` of `plan` taken for the whole; `statistics` are of the plan.
 */
enum kw_status kw_why_matches(const struct kwic_why *why, const struct kw_plan *plan,
                              const struct kw_plan_node *node,
                              const struct kw_statistics *statistics, bool *matches,
                              struct kw_error *error);

#endif
