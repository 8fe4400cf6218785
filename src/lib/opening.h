/* How an index was opened, kept so that it can be opened anew. */
#ifndef KW_LIB_OPENING_H
#define KW_LIB_OPENING_H

#include "base/error.h"
#include "lib/kwic.h"

struct kw_opening {
    char **where;
    size_t count;
    struct kwic_open_options options; /* its `foreign` is NULL or the one below */
    struct kwic_foreign foreign;
    char *schema, *language, **prefixes; /* those of `foreign` */
};

/* Copies all that a caller lends for a call. KW_E_MEMORY; zeroed or not, it is then to be released.
 */
enum kw_status kw_opening_init(struct kw_opening *opening, const char *const *where, size_t count,
                               const struct kwic_open_options *options, struct kw_error *error);
void kw_opening_release(struct kw_opening *opening); /* zeroed is empty */

#endif
