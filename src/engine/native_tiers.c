/* Chooses the segments to merge. */
#include "engine/native_tiers.h"

#include <stdlib.h>
#include <string.h>

/* Segments as they would be: each stands for some of those there are. */
struct view {
    uint64_t *bytes;
    size_t *firsts; /* of those it stands for; one more at the end */
    size_t count;
};

static uint32_t tier_of(uint64_t bytes)
{
    uint32_t tier = 0;
    for (uint64_t limit = (uint64_t)KW_TIER_LEAST * KW_TIER_RATIO; bytes >= limit && tier < 20;
         limit *= KW_TIER_RATIO)
        tier++;
    return tier;
}

/* Finds a run of segments of at most this tier that holds enough of it. */
static bool find_run(const struct view *view, uint32_t tier, size_t *from, size_t *to)
{
    for (*from = 0; *from < view->count; *from = *to + 1) {
        size_t held = 0;
        for (*to = *from; *to < view->count && tier_of(view->bytes[*to]) <= tier; ++*to)
            held += tier_of(view->bytes[*to]) == tier;
        if (held >= KW_TIER_RATIO)
            return true;
    }
    return false;
}

/* The run of KW_TIER_RATIO neighbours that has the fewest bytes. */
static void find_smallest(const struct view *view, size_t *from, size_t *to)
{
    uint64_t least = UINT64_MAX;
    for (size_t i = 0; i + KW_TIER_RATIO <= view->count; i++) {
        uint64_t sum = 0;
        for (size_t j = i; j < i + KW_TIER_RATIO; j++)
            sum += view->bytes[j];
        if (sum < least) {
            least = sum;
            *from = i;
            *to = i + KW_TIER_RATIO;
        }
    }
}

/* The run to merge in the view; false if there is none. */
static bool find(const struct view *view, size_t *from, size_t *to)
{
    for (uint32_t tier = 0; tier <= 20; tier++)
        if (find_run(view, tier, from, to))
            return true;
    if (view->count <= KW_TIER_MOST)
        return false;
    find_smallest(view, from, to);
    return true;
}

/* Makes [from, to) one. */
static void join(struct view *view, size_t from, size_t to)
{
    for (size_t i = from + 1; i < to; i++)
        view->bytes[from] += view->bytes[i];
    memmove(view->bytes + from + 1, view->bytes + to, (view->count - to) * sizeof *view->bytes);
    memmove(view->firsts + from + 1, view->firsts + to,
            (view->count - to + 1) * sizeof *view->firsts);
    view->count -= to - from - 1;
}

bool kw_tiers_choose(const uint64_t *bytes, size_t segments, size_t *from, size_t *count)
{
    struct view view = {malloc((segments + 1) * sizeof *view.bytes),
                        malloc((segments + 1) * sizeof *view.firsts), segments};
    size_t first, end;
    bool found = false;
    *from = *count = 0;
    for (size_t i = 0; view.bytes && view.firsts && i <= segments; i++) {
        view.bytes[i] = i < segments ? bytes[i] : 0;
        view.firsts[i] = i;
    }
    while (view.bytes && view.firsts && find(&view, &first, &end)) {
        size_t begins = view.firsts[first], ends = view.firsts[end];
        if (found && (begins > *from || ends < *from + *count))
            break; /* another run, for another time */
        *from = begins;
        *count = ends - begins;
        found = true;
        join(&view, first, end);
    }
    free(view.bytes);
    free(view.firsts);
    return found;
}
