/* Why a file is no document of an index. */
#ifndef KW_LIB_ABSENCE_H
#define KW_LIB_ABSENCE_H

#include "ingest/source.h"
#include "lib/handle.h"

struct kw_absence {
    enum kwic_absence kind;
    struct kw_reason reason; /* place and rule, where there are any */
};

#define KW_ABSENCE_INIT                                                                            \
    {                                                                                              \
        KWIC_PRESENT, KW_REASON_INIT                                                               \
    }

/* Finds out why the index has no document `name`, a path from the working directory, or an id if
 * `id_only`. `absence` must be as KW_ABSENCE_INIT; release it whatever is returned. KW_E_DAMAGED,
 * KW_E_MEMORY, KW_E_IO. */
enum kw_status kw_absence_find(struct kw_absence *absence, struct kwic_index *index,
                               struct kw_view name, bool id_only, struct kw_error *error);
void kw_absence_release(struct kw_absence *absence);

#endif
