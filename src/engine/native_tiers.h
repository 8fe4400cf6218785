/* Which segments of an index to merge, so that there are few of them and each byte is seldom
 * written again: tiers by size (the logarithmic method of Bentley and Saxe, Decomposable searching
 * problems, 1980). */
#ifndef KW_ENGINE_NATIVE_TIERS_H
#define KW_ENGINE_NATIVE_TIERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    KW_TIER_RATIO = 8,   /* tiers are so much apart, and as many segments of one are merged */
    KW_TIER_MOST = 64,   /* segments that are left, at most */
    KW_TIER_LEAST = 4096 /* bytes where the second tier would begin were it the first */
};

/* The run of neighbours [*from, *from + *count) that has to become one segment, of segments of so
 * many bytes (what is deleted not counted); false if none has to. A run ends at a segment of a
 * higher tier than that of which it holds KW_TIER_RATIO; what that merge would bring about is
 * already in it. So a byte is written again about once a tier. Where segments of all sizes take
 * turns, that alone would leave many: above KW_TIER_MOST the smallest run of KW_TIER_RATIO is
 * given. Memory that is missing is no need. */
bool kw_tiers_choose(const uint64_t *bytes, size_t segments, size_t *from, size_t *count);

#endif
