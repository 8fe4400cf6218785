/* Unions: the documents of a segment that hold any of an expansion's terms.
 *
 * An expansion can have thousands of terms, so their postings are added up once, term by term, and
 * kept for the rest of the search. */
#ifndef KW_RANK_UNION_H
#define KW_RANK_UNION_H

#include "index/segment.h"
#include "query/plan.h"

struct kw_union {
    uint32_t *documents;   /* rising */
    uint32_t *frequencies; /* of all terms in each */
    uint32_t count;
    uint64_t *starts;    /* NULL until asked for: where each document's positions begin, and where
                            the last ones end */
    uint32_t *positions; /* of each document: those of one term behind those of another */
};

/* The unions of a plan's expansions, by segment. Zeroed is empty. */
struct kw_unions {
    struct {
        const struct kw_segment *segment;
        struct kw_union **items; /* by expansion; NULL: not yet made */
        uint32_t count;
    } * segments;
    size_t count;
    size_t capacity;
};

void kw_unions_release(struct kw_unions *unions);

/* The union of the plan's expansion `number` in `segment`, with positions if asked: *out lives as
 * long as `unions`. KW_E_MEMORY, KW_E_DAMAGED. */
enum kw_status kw_unions_find(struct kw_unions *unions, struct kw_segment *segment,
                              const struct kw_plan *plan, uint32_t number, bool positions,
                              const struct kw_union **out, struct kw_error *error);

#endif
