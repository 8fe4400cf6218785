/* From a plan's terms to a segment's postings. */
#ifndef KW_RANK_TERM_H
#define KW_RANK_TERM_H

#include "index/postings.h"
#include "query/plan.h"
#include "rank/work.h"

/* The field in which a leaf (but a filter) or an operand stands. */
struct kw_view kw_leaf_field(const struct kw_plan *plan, const struct kw_leaf *leaf);

/* Looks a term of a plan up. KW_OK, KW_E_NOT_FOUND (nothing recorded in error), KW_E_DAMAGED,
 * KW_E_MEMORY. */
enum kw_status kw_find_query_term(struct kw_segment *segment, const struct kw_query_term *asked,
                                  struct kw_term *term, struct kw_error *error);

/* What was found of terms, so that a search looks each up but once in a segment. */
struct kw_term_memo {
    struct {
        const struct kw_segment *segment;
        const struct kw_query_term *asked;
        struct kw_term term;
        bool there;
    } * items;
    size_t count;
    size_t capacity;
    size_t next; /* of these: where the next one asked for probably is */
};

/* As kw_find_query_term, of which it keeps the first KW_MEMO_TERMS answers; `asked` has to stay
 * where it is. */
enum { KW_MEMO_TERMS = 256 };
enum kw_status kw_memo_find(struct kw_term_memo *memo, struct kw_segment *segment,
                            const struct kw_query_term *asked, struct kw_term *term,
                            struct kw_error *error);
void kw_memo_release(struct kw_term_memo *memo);

/* Postings of several terms side by side. */
struct kw_postings_list {
    struct kw_postings *items; /* in an arena; kw_postings_list_release frees what they hold */
    uint32_t count;
};

/* Cursors, before their first posting, over those of the `count` terms that the segment holds, in
 * the order given. `memo` may be NULL: else `terms` have to stay where they are. */
enum kw_status kw_postings_list_init(struct kw_postings_list *list, struct kw_segment *segment,
                                     struct kw_term_memo *memo, const struct kw_query_term *terms,
                                     uint32_t count, struct kw_arena *arena,
                                     struct kw_error *error);
void kw_postings_list_release(struct kw_postings_list *list);

/* As kw_postings_positions, in steps of `work`: one a position, and one for several that have to be
 * decoded with them. KW_E_USAGE: they would be too many. */
enum kw_status kw_find_positions(struct kw_postings *postings, struct kw_work *work,
                                 const uint32_t **positions, struct kw_error *error);

#endif
