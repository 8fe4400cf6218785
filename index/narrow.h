/* Narrows a segment's vocabulary to the words of one field, so that a field that holds few of them
 * takes time by its own size: segments can have thousands of fields. */
#ifndef KW_INDEX_NARROW_H
#define KW_INDEX_NARROW_H

#include "base/arena.h"
#include "index/batch.h"

struct kw_narrow {
    struct kw_arena arena;
    struct kw_batch batch; /* all but its words is borrowed from the batch that was given */
    struct kw_batch_words vocabulary;
};

/* Makes `narrow` hold the same tokens as `batch`, with words, surface forms and stems numbered anew
 * from 0, in the order of their numbers before: those alone that stand in the batch. Languages keep
 * their numbers. It lives no longer than what it was made of. Time n log n of the batch's tokens
 * for each language. KW_E_MEMORY; there is nothing to release then. */
enum kw_status kw_narrow_init(struct kw_narrow *narrow, const struct kw_batch *batch,
                              const struct kw_batch_words *vocabulary, struct kw_error *error);
void kw_narrow_release(struct kw_narrow *narrow);

#endif
