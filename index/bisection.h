/* An order of documents in which those that share terms are near each other, so that gaps in lists
 * of postings are small: recursive graph bisection (Dhulipala and others, Compressing graphs and
 * indexes with recursive graph bisection, 2016; Mackenzie and others, Compressing inverted indexes
 * with recursive graph bisection, a reproducibility study, 2019). */
#ifndef KW_INDEX_BISECTION_H
#define KW_INDEX_BISECTION_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

/* Which terms documents have: those of document d are terms[starts[d]] up to terms[starts[d + 1]],
 * each once, below `term_count`. */
struct kw_forward {
    uint32_t documents;
    uint32_t term_count;
    const uint64_t *starts;
    const uint32_t *terms;
};

/* Puts order[], which holds all documents, into a good order, from the one it has on: halves of it
 * exchange documents up to `iterations` times, as long as that makes logarithms of gaps smaller,
 * and are then halved themselves. Reckoned in whole numbers: the same order everywhere. `go_on` is
 * called now and then; false gives up: KW_E_INTERRUPTED. NULL: nobody asks. KW_E_MEMORY. */
enum kw_status kw_bisect(const struct kw_forward *forward, uint32_t iterations, uint32_t *order,
                         bool (*go_on)(void *context), void *context, struct kw_error *error);

#endif
