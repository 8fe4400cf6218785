/* Cursors: a plan's nodes as streams of matching documents, in rising order, over one segment.
 *
 * A cursor stands before its first document (-1), on one, or past the last (KW_NO_DOCUMENT).
 * Deleted documents are not left out: whoever drives the root does that. Failures in between make a
 * cursor end early and are kept in the evaluation, which is asked once, at the end. */
#ifndef KW_RANK_CURSOR_H
#define KW_RANK_CURSOR_H

#include "index/postings.h"
#include "query/plan.h"

/* A leaf that adds to the score of a document, and how often the document holds it. */
struct kw_contribution {
    uint32_t leaf; /* in the plan */
    uint32_t frequency;
};

/* A document's, in the order of the query. */
struct kw_contributions {
    struct kw_contribution *items; /* room for all leaves of the plan */
    uint32_t count;
};

struct kw_cursor;

struct kw_cursor_ops {
    /* Moves to the next document and returns it. Not to be called past the last. */
    int64_t (*next)(struct kw_cursor *cursor);
    /* Moves to the first document ≥ `target`, staying if it is there or past it already; returns
     * it. */
    int64_t (*advance)(struct kw_cursor *cursor, uint32_t target);
    /* Appends the leaves that contribute to the current document. */
    void (*collect)(struct kw_cursor *cursor, struct kw_contributions *contributions);
    void (*release)(struct kw_cursor *cursor);
};

struct kw_cursor {
    const struct kw_cursor_ops *ops;
    int64_t document;
    uint64_t cost; /* it goes through at most so many documents */
};

/* A plan at work on a segment. */
struct kw_evaluation {
    struct kw_segment *segment;
    const struct kw_plan *plan;
    struct kw_arena arena; /* of the cursors */
    struct kw_cursor *root;
    enum kw_status status; /* of what went wrong beside the segment's own damage */
    struct kw_error error;
};

/* Makes the cursors; the plan must have a root. Release it whatever it returns. KW_E_MEMORY,
 * KW_E_DAMAGED. */
enum kw_status kw_evaluation_init(struct kw_evaluation *evaluation, struct kw_segment *segment,
                                  const struct kw_plan *plan, struct kw_error *error);
void kw_evaluation_release(struct kw_evaluation *evaluation);

/* KW_OK if all that the cursors gave so far is sound; else what went wrong. */
enum kw_status kw_evaluation_status(const struct kw_evaluation *evaluation, struct kw_error *error);

/* Room for a document's contributions, in the evaluation's arena; items == NULL if memory runs
 * out. */
struct kw_contributions kw_evaluation_contributions(struct kw_evaluation *evaluation);

#endif
