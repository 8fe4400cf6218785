/* Cursors: a plan's nodes as streams of matching documents, in rising order, over one segment.
 *
 * A cursor stands before its first document (-1), on one, or past the last (KW_NO_DOCUMENT).
 * Deleted documents are not left out: whoever drives the root does that. Failures in between make a
 * cursor end early and are kept in the evaluation, which is asked once, at the end. */
#ifndef KW_RANK_CURSOR_H
#define KW_RANK_CURSOR_H

#include "index/postings.h"
#include "query/plan.h"
#include "rank/matches.h"
#include "rank/spans.h"
#include "rank/union.h"
#include "rank/work.h"

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

    /* Of phrases and NEARs, these of words alone: how often the current document holds what each
     * figure (kw_leaf_figures) is of, into `counts`. */
    void (*count)(struct kw_cursor *cursor, uint32_t *counts);

    /* Of leaves and operands alone (but for filters, which stand nowhere): where it matches in the
     * current document, sorted, in place of what `spans` had. KW_E_MEMORY, KW_E_DAMAGED. */
    enum kw_status (*spans)(struct kw_cursor *cursor, struct kw_spans *spans,
                            struct kw_error *error);
    /* Appends what is to be marked for one of the spans that `spans` gave last. KW_E_MEMORY. */
    enum kw_status (*mark)(struct kw_cursor *cursor, const struct kw_span *span,
                           struct kw_matches *matches, struct kw_error *error);
};

struct kw_cursor {
    const struct kw_cursor_ops *ops;
    int64_t document;
    uint64_t cost;              /* it goes through at most so many documents */
    const struct kw_leaf *leaf; /* NULL for a group */
    uint32_t number;            /* of the leaf in the plan; an operand's is that of its leaf */
};

/* A plan at work on a segment. */
struct kw_evaluation {
    struct kw_segment *segment;
    const struct kw_plan *plan;
    struct kw_unions *unions;  /* borrowed */
    struct kw_term_memo *memo; /* borrowed; NULL: none */
    struct kw_work *work;      /* of the search, borrowed; NULL, as at first: without a limit */
    bool single;               /* one document will be looked at: sources of spans read no more */
    struct kw_arena arena;     /* of the cursors */
    struct kw_cursor *root;    /* NULL if the plan has none */
    struct kw_cursor **leaves; /* of the plan, by number: those below the root */
    enum kw_status status;     /* of what went wrong beside the segment's own damage */
    struct kw_error error;
};

/* Makes the cursors. Release it whatever it returns. KW_E_MEMORY, KW_E_DAMAGED, KW_E_USAGE (a NEAR
 * of too many operands). */
enum kw_status kw_evaluation_init(struct kw_evaluation *evaluation, struct kw_segment *segment,
                                  const struct kw_plan *plan, struct kw_unions *unions,
                                  struct kw_term_memo *memo, struct kw_error *error);
void kw_evaluation_release(struct kw_evaluation *evaluation);

/* Takes steps of the search's work. False if they would be too many: the evaluation has failed
 * then, and the cursor ends. */
bool kw_evaluation_spend(struct kw_evaluation *evaluation, uint64_t steps);

/* KW_OK if all that the cursors gave so far is sound; else what went wrong. */
enum kw_status kw_evaluation_status(const struct kw_evaluation *evaluation, struct kw_error *error);

/* Room for a document's contributions, in the evaluation's arena; items == NULL if memory runs
 * out. */
struct kw_contributions kw_evaluation_contributions(struct kw_evaluation *evaluation);

/* A cursor of a leaf, or of an operand of it, in the evaluation's arena; `number` is the leaf's.
 * *out is NULL or has to be released, whatever it returns. Errors as kw_evaluation_init. */
enum kw_status kw_leaf_cursor_new(struct kw_cursor **out, struct kw_evaluation *evaluation,
                                  const struct kw_leaf *leaf, uint32_t number,
                                  struct kw_error *error);
/* Cursors of all operands of a leaf, likewise; release them also after a failure. */
enum kw_status kw_operand_cursors_new(struct kw_cursor ***out, struct kw_evaluation *evaluation,
                                      const struct kw_leaf *leaf, uint32_t number,
                                      struct kw_error *error);
/* Releases `count` cursors, those that are not NULL. */
void kw_cursors_release(struct kw_cursor **cursors, uint32_t count);

/* A `mark` for leaves that are marked as they match, whole. */
enum kw_status kw_cursor_mark_whole(struct kw_cursor *cursor, const struct kw_span *span,
                                    struct kw_matches *matches, struct kw_error *error);

#endif
