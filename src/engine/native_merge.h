/* Merging the parts of a native index that is written. */
#ifndef KW_ENGINE_NATIVE_MERGE_H
#define KW_ENGINE_NATIVE_MERGE_H

#include "engine/native_parts.h"
#include "engine/writer.h"

/* Merges the parts, as kw_writer_ops.merge says, none of which is without a live document. What was
 * there is removed by the commit that no longer names it. On failure parts are as they were, or
 * some of them merged. */
enum kw_status kw_parts_merge(struct kw_parts *parts, const struct kw_parts_place *place,
                              const struct kw_merging *how, struct kw_merged *done,
                              struct kw_error *error);

#endif
