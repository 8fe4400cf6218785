/* Picks the passages of a document to quote, from positions and passage borders, without reading
 * its text. */
#ifndef KW_PASSAGE_SELECT_H
#define KW_PASSAGE_SELECT_H

#include "index/record.h"
#include "query/plan.h"
#include "rank/bm25.h"
#include "rank/matches.h"

/* BM25's k1 and b among the passages of a document; what counts the idf among these, beside that
 * among all documents; and a leaf that stands in the title too, so that the whole document is about
 * it. */
#define KW_PASSAGE_K1 0.3
#define KW_PASSAGE_B 0.5
#define KW_PASSAGE_OWN 2
#define KW_PASSAGE_TITLED 0.25

/* A choice: `count` neighbouring passages (2 and more where a match crosses a border) from `first`
 * on, counted from 0. `score` is that of the passage for which they were chosen. */
struct kw_choice {
    uint64_t first;
    uint64_t count;
    double score;
};

/* Fills `choices` (malloc'ed for the caller, *choice_count of them, at most `limit`; 0: all that
 * hold a match) best first: the highest BM25 sum (a leaf's idf is that of all documents and
 * KW_PASSAGE_OWN times that of the document, N = its passages with words, n = those in which the
 * leaf begins; lengths in words), then more clauses, then the first. A choice covers, beside its
 * passage, those that the matches reach which begin or end in it; a passage is not chosen if an
 * earlier choice covers all that its own would. If no passage holds a match (only the title
 * matched, or there is nothing to match) the first passage is chosen, if there is any. KW_E_MEMORY.
 */
enum kw_status kw_select(const struct kw_border *borders, uint64_t border_count,
                         const struct kw_matches *matches, const struct kw_plan *plan,
                         const struct kw_statistics *statistics, size_t limit,
                         struct kw_choice **choices, size_t *choice_count, struct kw_error *error);

#endif
