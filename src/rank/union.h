/* Unions: the documents of a segment that hold any of an expansion's terms.
 *
 * An expansion can have thousands of terms, so their postings are added up once, term by term, and
 * kept for the rest of the search. */
#ifndef KW_RANK_UNION_H
#define KW_RANK_UNION_H

#include "index/postings.h"
#include "query/plan.h"
#include "rank/spans.h"

/* Lists of numbers, one a document of a union, laid one behind the other. */
struct kw_union_lists {
    uint64_t *starts; /* where each document's list begins, and where the last one ends; NULL: not
                         made */
    uint32_t *items;
};

struct kw_union {
    struct kw_segment *segment;
    struct {
        struct kw_term *items; /* those that the segment holds */
        size_t count;
        size_t capacity;
    } terms;
    uint32_t *documents;   /* rising */
    uint32_t *frequencies; /* of all terms in each */
    uint32_t *held;        /* how many of the terms are in each */
    uint32_t count;
    struct kw_union_lists holders;   /* places of these terms */
    struct kw_union_lists positions; /* of one term behind those of another */
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

/* The union of the plan's expansion `number` in `segment`: *out lives as long as `unions`.
 * KW_E_MEMORY, KW_E_DAMAGED. */
enum kw_status kw_unions_find(struct kw_unions *unions, struct kw_segment *segment,
                              const struct kw_plan *plan, uint32_t number, struct kw_union **out,
                              struct kw_error *error);

/* Replaces `spans` by the positions at which any of the terms stands in the document at `place` of
 * the union, sorted. With `many` the caller will ask for most documents: the positions of all are
 * then read at once. KW_E_MEMORY, KW_E_DAMAGED. */
enum kw_status kw_union_spans(struct kw_union *all, uint32_t place, bool many,
                              struct kw_spans *spans, struct kw_error *error);

#endif
