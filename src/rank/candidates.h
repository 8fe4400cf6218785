/* Candidates: documents that may be among the best, judged many at a time, list by list, so that a
 * list's blocks are found and decoded once for all of them and none has to wait for another.
 *
 * What each list gives a document, its part, is first assumed: as much as it can give there. Looked
 * for in the list, it becomes exact. A document whose parts together are not enough is dropped. */
#ifndef KW_RANK_CANDIDATES_H
#define KW_RANK_CANDIDATES_H

#include "rank/pruning.h"

enum { KW_CANDIDATES_FULL = KW_CANDIDATES - KW_POSTING_BLOCK }; /* then it is time to judge them */

struct kw_candidates {
    struct kw_pruning *pruning;
    const struct kw_list *lead;          /* by whose field and constants there are … */
    double norms[KW_CANDIDATES];         /* … these (kw_bm25_norm), by slot */
    uint32_t documents[KW_CANDIDATES];   /* by slot, rising */
    double bounds[KW_CANDIDATES];        /* by slot: what all lists can give */
    uint32_t slots[KW_CANDIDATES];       /* of the documents that are not dropped, rising: */
    uint32_t count;                      /* so many */
    uint32_t filled;                     /* slots in use */
    uint32_t frequencies[KW_CANDIDATES]; /* by slot: of the lead */
    bool settled;                        /* norms and what the lead gives are exact */
};

/* What a list has to do with documents that are looked for in it. */
enum kw_look {
    KW_LOOK_MUST,  /* they must be there */
    KW_LOOK_MAY,   /* they may be there */
    KW_LOOK_ADDED, /* they may be there; what their classes give is in their bounds, not in parts */
    KW_LOOK_NEVER, /* they must not be there; gives no part */
};

/* Empties it. */
void kw_candidates_clear(struct kw_candidates *batch);

/* Adds the postings of the decoded block of `lead` that are in the sieve and in the stretch, behind
 * the documents that are there; there has to be room. What the lead gives is assumed by class, of
 * others[i] it is most[i]. */
void kw_candidates_take(struct kw_candidates *batch, struct kw_list *lead,
                        const struct kw_sieve *sieve, struct kw_stretch stretch,
                        struct kw_list *const *others, const double *most, uint32_t count);

/* Adds a document to which all lists can give `bound`, behind those that are there; there has to be
 * room. `lead` is the same for all. */
void kw_candidates_add(struct kw_candidates *batch, const struct kw_list *lead, uint32_t document,
                       double bound);
/* What a list that is not of KW_LOOK_ADDED is assumed to give each of them. */
void kw_candidates_assume(struct kw_candidates *batch, const struct kw_list *list, double most);

/* Drops documents that do not get enough, as the list can give them no more than by the blocks in
 * which they would be. */
void kw_candidates_tighten(struct kw_candidates *batch, const struct kw_list *list);

/* Makes exact what the lead gives. */
void kw_candidates_settle(struct kw_candidates *batch);

/* Looks for the documents in a list; drops those that then do not get enough. */
void kw_candidates_look(struct kw_candidates *batch, struct kw_list *list, enum kw_look look);

/* Gives those that are left to the pruning's `take`, and empties the batch. What must not be there
 * is looked for first. KW_E_MEMORY and what `take` returns. */
enum kw_status kw_candidates_offer(struct kw_candidates *batch, struct kw_error *error);

#endif
