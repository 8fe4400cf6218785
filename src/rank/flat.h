/* Flat plans: words, each of which must, may or must not be there, without groups in groups; or one
 * phrase, of words side by side. They are most of what people ask, and what can be pruned
 * (pruning.h) and counted by lists alone. */
#ifndef KW_RANK_FLAT_H
#define KW_RANK_FLAT_H

#include "rank/pruning.h"

/* A word of a phrase, whose positions are looked at. */
struct kw_flat_word {
    struct kw_list *list; /* of several words that are the same */
    uint32_t offset;      /* in the phrase */
};

/* A flat plan over one segment. */
struct kw_flat {
    struct kw_pruning pruning;
    struct kw_arena arena;
    bool fits;     /* the plan is flat, and no word has several terms in the segment */
    bool phrase;   /* it is a phrase: its words, or pairs of these, all must be there, and more */
    bool hopeless; /* the segment lacks a word that must be there */
    struct kw_work *work;
    struct kw_term_memo *memo;
    struct kw_flat_word *words; /* of a phrase, those of one list side by side; none where the list
                                   of a pair tells all */
    uint32_t word_count;
};

/* Opens the lists of the plan's words; none if it does not fit. Without `scored` it can only be
 * counted, but for a phrase. Release it whatever it returns.
 * KW_E_MEMORY, KW_E_DAMAGED. */
enum kw_status kw_flat_init(struct kw_flat *flat, struct kw_segment *segment,
                            const struct kw_plan *plan, const struct kw_statistics *statistics,
                            bool scored, struct kw_error *error);
void kw_flat_release(struct kw_flat *flat);

/* For qsort, pointers to lists of one plan: the rarest first, of equals the one opened first. */
int kw_flat_compare_lists(const void *a, const void *b);

/* Opens the lists of a phrase, with bounds only that of them which leads, the first by the order
 * above. kw_flat_init calls it. KW_E_MEMORY, KW_E_DAMAGED. */
enum kw_status kw_flat_open_phrase(struct kw_flat *flat, const struct kw_plan *plan,
                                   const struct kw_statistics *statistics, struct kw_error *error);

/* Adds the number of live documents that match, but of a phrase. Not behind kw_flat_prune.
 * KW_E_MEMORY. */
enum kw_status kw_flat_count(struct kw_flat *flat, uint64_t *count, struct kw_error *error);

/* Finds all documents that may be among the best of `top`: `take` gets each of them once, with the
 * exact score of the leaves, and has to offer it to `top`. Additions other than words in titles
 * give at most `extra`. Once only. KW_E_MEMORY, KW_E_DAMAGED, and what `take` returns. */
enum kw_status kw_flat_prune(struct kw_flat *flat, const struct kw_plan *plan,
                             const struct kw_statistics *statistics, const struct kw_top *top,
                             double extra, kw_pruning_take *take, void *context,
                             struct kw_error *error);

/* The same for a phrase; if `matches` is not NULL, adds the number of live documents that match.
 * KW_E_USAGE: it is too much work. */
enum kw_status kw_flat_find_phrase(struct kw_flat *flat, const struct kw_top *top,
                                   uint64_t *matches, kw_pruning_take *take, void *context,
                                   struct kw_error *error);

#endif
