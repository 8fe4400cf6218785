/* The two ways to count what a flat plan matches, and what each costs. Private to count*.c. */
#ifndef KW_RANK_COUNTING_H
#define KW_RANK_COUNTING_H

#include "rank/flat.h"

enum { KW_COUNT_WINDOW = 1 << 15 }; /* documents: a bitmap of 4 KiB */

/* A list in which the documents of another one are looked for. */
struct kw_sought {
    struct kw_list *list;
    bool wanted; /* else those are counted that it does not hold */
};

/* Estimates, in parts of a nanosecond that mean something only beside each other. `found` are the
 * documents looked for in all `sought`, one after the other. */
uint64_t kw_cost_of_looking(const struct kw_segment *segment, uint64_t found,
                            const struct kw_sought *sought, uint32_t count);
uint64_t kw_cost_of_windows(const struct kw_pruning *pruning);

/* How many live documents of `lead` are in all of the `sought` that are wanted and in none of the
 * others. The sought are read from their beginnings. */
uint64_t kw_count_by_looking(struct kw_segment *segment, struct kw_list *lead,
                             const struct kw_sought *sought, uint32_t count);

/* Adds what matches, by bitmaps of windows of documents. KW_E_MEMORY. */
enum kw_status kw_count_by_windows(struct kw_pruning *pruning, uint64_t *count,
                                   struct kw_error *error);

#endif
