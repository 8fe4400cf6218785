/* Where lists meet: documents of one list, many at a time, that all of some others hold too, with
 * what these give them. A list's blocks are found and decoded once for all of them; nothing is
 * scored before all lists have been asked. */
#ifndef KW_RANK_MEETING_H
#define KW_RANK_MEETING_H

#include "rank/pruning.h"

/* What a list gives the documents, in their order. */
struct kw_member {
    struct kw_list *list;
    uint32_t frequencies[KW_CANDIDATES];
    double parts[KW_CANDIDATES]; /* of a short list at once, of others at the end */
};

struct kw_meeting {
    struct kw_pruning *pruning;
    struct kw_member *members; /* lists that must be there, the leading one first */
    struct kw_member **plan;   /* these in the order of the plan */
    uint32_t member_count;
    uint32_t count; /* of the documents, which rise: */
    uint32_t documents[KW_CANDIDATES];
    double bounds[KW_CANDIDATES]; /* what they can get, at the end what they get */
};

/* For the lists of pruning->must, in its arena; nothing else may be there. NULL without memory. */
struct kw_meeting *kw_meeting_in(struct kw_pruning *pruning);

/* Adds the postings of the leading list's decoded block that are in the sieve; there has to be room
 * for a block of them. */
void kw_meeting_take(struct kw_meeting *meeting, const struct kw_sieve *sieve);

/* Gives the documents that all lists hold, and that can be among the best, to the pruning's `take`,
 * and empties the meeting. What `take` returns. */
enum kw_status kw_meeting_hold(struct kw_meeting *meeting, struct kw_error *error);

#endif
