/* Additions at work on a segment: what raises the score of a document that matches.
 *
 * Whoever has scored a document by the plan's leaves learns step by step what its additions give,
 * the dear ones last, and can stop as soon as they cannot give enough:
 *
 *     if (kw_additions_most(additions, document, score) is enough) {
 *         kw_additions_begin(additions, document, &contributions);
 *         for (step = 0; step < KW_ADDITION_STEPS && kw_additions_bound(…) is enough; step++)
 *             kw_additions_step(additions, step, error);
 *         if (step == KW_ADDITION_STEPS)
 *             score = kw_additions_sum(additions, score);
 *     }
 */
#ifndef KW_RANK_ADDITIONS_H
#define KW_RANK_ADDITIONS_H

#include "rank/bm25.h"
#include "rank/cursor.h"

struct kw_addition_scorer;

/* What is known of a leaf. */
struct kw_addition_leaf {
    int64_t document; /* the last one to which it contributes */
    uint32_t frequency;
    int64_t spans_of; /* the last one whose spans are here: */
    struct kw_spans spans;
};

struct kw_additions {
    struct kw_evaluation *evaluation;
    struct kw_addition_scorer *scorers; /* one an addition; NULL: there are none */
    uint32_t *starts; /* by leaf: the first of its additions; at last that of the characters */
    double most[KW_ADD_CHARACTER + 1]; /* no less than all of a kind give any document */
    int64_t titled;                    /* the first document that a cursor of a title is on */
    uint32_t document;                 /* the one at hand */
    struct kw_addition_leaf *leaves;   /* of the plan, by number */
    uint32_t *numbers;                 /* of the additions that may give it something, rising */
    uint32_t count;
    struct kw_part *parts; /* by addition: what those give it; where it is not yet known the most
                              that they can, with a frequency of 0 */
};

enum { KW_ADDITION_STEPS = 3 };

/* Makes the cursors, in the arena of the evaluation, which must outlive the additions. Release it
 * whatever it returns. KW_E_MEMORY, KW_E_DAMAGED. */
enum kw_status kw_additions_init(struct kw_additions *additions, struct kw_evaluation *evaluation,
                                 const struct kw_statistics *statistics, struct kw_error *error);
void kw_additions_release(struct kw_additions *additions);

/* No less than the score of the document, to which the leaves give `score`. Documents must rise. */
double kw_additions_most(struct kw_additions *additions, uint32_t document, double score);

/* Turns to the document last asked for, to which these leaves contribute and on which their cursors
 * stand. */
void kw_additions_begin(struct kw_additions *additions,
                        const struct kw_contributions *contributions);
/* No less than the document's score, by what is known so far. */
double kw_additions_bound(const struct kw_additions *additions, double score);
/* Finds out more about what additions give the document: in step 0 about characters, in step 1 a
 * closer bound for words near each other, which does not need positions, in step 2 about these.
 * KW_E_MEMORY, KW_E_DAMAGED. */
enum kw_status kw_additions_step(struct kw_additions *additions, int step, struct kw_error *error);
/* Behind the last step: `score` with what the additions give added one by one, in the plan's order.
 */
double kw_additions_sum(const struct kw_additions *additions, double score);

/* In how many places two words, whose spans are single positions, stand at most `distance` apart,
 * in any order and no other place of either between them: the number of matches of their NEAR. */
uint32_t kw_count_near(const struct kw_spans *one, const struct kw_spans *other, uint32_t distance);

#endif
