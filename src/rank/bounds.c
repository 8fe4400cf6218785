/* From strengths to scores. With tf / (tf + k) = x and k / k' = r, tf / (tf + k') = r x / (1 - x +
 * r x). Both k are linear in a document's length, so r is at its greatest and least
 * for the shortest and the longest. */
#include "rank/bounds.h"

#include "index/strength.h"

#include <math.h>

#define STRONGEST 255.0

static double ratio(const struct kw_bm25 *bm25, const struct kw_field_info *field, uint32_t length)
{
    double asked = bm25->k1 * (1 - bm25->b + bm25->b * ((double)length / bm25->average));
    return kw_strength_k(field->documents, field->length, length) / asked;
}

struct kw_bounds kw_bounds_of(const struct kw_bm25 *bm25, const struct kw_field_info *field)
{
    double shortest = ratio(bm25, field, field->shortest);
    double longest = ratio(bm25, field, field->longest);
    bool rises = shortest < longest;
    return (struct kw_bounds){bm25->weight, rises ? longest : shortest,
                              rises ? shortest : longest};
}

/* The curve of one ratio, at a strength of code/255. */
static double curve(double weight, double ratio, unsigned code)
{
    if (code >= STRONGEST || isinf(ratio))
        return weight;
    return weight * (ratio * code) / (STRONGEST - code + ratio * code);
}

double kw_bounds_most(const struct kw_bounds *bounds, unsigned code)
{
    return code ? curve(bounds->weight, bounds->most, code) * KW_BOUND_SAFELY : 0;
}

double kw_bounds_least(const struct kw_bounds *bounds, unsigned code)
{
    if (!code || code >= STRONGEST)
        return 0;
    return curve(bounds->weight, bounds->least, code) / KW_BOUND_SAFELY;
}
