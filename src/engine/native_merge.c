/* Merges parts: all of them, or those that tiers and deletes ask for. */
#include "engine/native_merge.h"

#include "engine/native_tiers.h"
#include "index/format.h"
#include "index/manifest.h"
#include "index/merge.h"
#include "index/reorder.h"

#include <stdlib.h>

/* The bytes of a part's documents that are not deleted, more or less. */
static uint64_t live_bytes(const struct kw_part *part)
{
    double share = 1 - (double)part->deleted_count / part->segment->documents;
    return (uint64_t)((double)part->segment->pages.map.view.size * share);
}

/* What the callback of a merge is told: what was gone through before it is added. */
struct watch {
    const struct kw_merging *how;
    uint64_t before;
};

static bool go_on(void *context, uint64_t bytes)
{
    const struct watch *watch = context;
    return watch->how->go_on(watch->how->context, watch->before + bytes);
}

static bool go_on_ordering(void *context)
{
    return go_on(context, 0);
}

/* Writes parts [from, from + count) as the segment at `path`. */
static enum kw_status write_merged(const struct kw_parts *parts, size_t from, size_t count,
                                   const char *path, const char *spool,
                                   const struct kw_parts_place *place, struct watch *watch,
                                   struct kw_error *error)
{
    struct kw_merge_source *sources = calloc(count, sizeof *sources);
    if (!sources)
        return kw_fail_memory(error);
    for (size_t i = 0; i < count; i++)
        sources[i] = (struct kw_merge_source){parts->items[from + i].segment,
                                              parts->items[from + i].deleted};
    bool asks = watch->how->go_on != NULL;
    uint32_t *order = NULL;
    enum kw_status status = KW_OK;
    if (watch->how->all && watch->how->effort)
        status = kw_reorder(sources, count, watch->how->effort, asks ? go_on_ordering : NULL, watch,
                            &order, error);
    struct kw_merge_options options = {.path = path,
                                       .spool = spool,
                                       .order = order,
                                       .codec = place->codec,
                                       .sync = place->sync,
                                       .go_on = asks ? go_on : NULL,
                                       .context = watch};
    if (status == KW_OK)
        status = kw_merge(sources, count, &options, error);
    free(order);
    free(sources);
    return status;
}

/* Replaces parts [from, from + count) by one. */
static enum kw_status merge_run(struct kw_parts *parts, size_t from, size_t count,
                                const struct kw_parts_place *place, struct watch *watch,
                                struct kw_error *error)
{
    struct kw_segment *segment = NULL;
    uint64_t number = (*place->next_number)++;
    char *path = kw_index_file(place->folder, "segment", number);
    char *spool = kw_index_file(place->folder, "segment", (*place->next_number)++);
    enum kw_status status = path && spool ? KW_OK : kw_fail_memory(error);
    if (status == KW_OK)
        status = write_merged(parts, from, count, path, spool, place, watch, error);
    if (status == KW_OK)
        status = kw_segment_new(&segment, path, number, error);
    if (status == KW_OK) {
        for (size_t i = from; i < from + count; i++)
            watch->before += parts->items[i].segment->pages.map.view.size;
        kw_parts_replace(parts, from, count, segment, number);
    }
    free(path);
    free(spool);
    return status;
}

/* Rewrites parts of which more than half is deleted. */
static enum kw_status drop_deleted(struct kw_parts *parts, const struct kw_parts_place *place,
                                   struct watch *watch, bool *changed, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    for (size_t i = 0; i < parts->count && status == KW_OK; i++) {
        const struct kw_part *part = &parts->items[i];
        if (part->deleted_count <= part->segment->documents / 2)
            continue;
        status = merge_run(parts, i, 1, place, watch, error);
        *changed = *changed || status == KW_OK;
    }
    return status;
}

/* Merges runs of parts as long as tiers ask for it. */
static enum kw_status keep_tiers(struct kw_parts *parts, const struct kw_parts_place *place,
                                 struct watch *watch, bool *changed, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    size_t from, count;
    uint64_t *bytes = malloc((parts->count + 1) * sizeof *bytes);
    if (!bytes)
        return kw_fail_memory(error);
    do {
        for (size_t i = 0; i < parts->count; i++)
            bytes[i] = live_bytes(&parts->items[i]);
        if (!kw_tiers_choose(bytes, parts->count, &from, &count))
            break;
        status = merge_run(parts, from, count, place, watch, error);
        *changed = *changed || status == KW_OK;
    } while (status == KW_OK);
    free(bytes);
    return status;
}

/* Whether one segment is not what a merge would make of it: something is deleted, another order is
 * asked for, or it is of an older format. */
static bool can_improve(const struct kw_part *part, const struct kw_merging *how)
{
    const uint8_t *header = part->segment->pages.map.view.data;
    return part->deleted_count || how->effort || kw_load32(header + 8) < KW_FORMAT_VERSION;
}

static void count_parts(const struct kw_parts *parts, uint64_t *segments, uint64_t *bytes)
{
    *segments = parts->count;
    *bytes = 0;
    for (size_t i = 0; i < parts->count; i++)
        *bytes += parts->items[i].segment->pages.map.view.size;
}

enum kw_status kw_parts_merge(struct kw_parts *parts, const struct kw_parts_place *place,
                              const struct kw_merging *how, struct kw_merged *done,
                              struct kw_error *error)
{
    struct watch watch = {how, 0};
    enum kw_status status = KW_OK;
    *done = (struct kw_merged){.changed = false};
    count_parts(parts, &done->segments_before, &done->bytes_before);
    if (!how->all) {
        status = keep_tiers(parts, place, &watch, &done->changed, error);
        if (status == KW_OK)
            status = drop_deleted(parts, place, &watch, &done->changed, error);
    } else if (parts->count > 1 || (parts->count && can_improve(&parts->items[0], how))) {
        status = merge_run(parts, 0, parts->count, place, &watch, error);
        done->changed = status == KW_OK;
    }
    count_parts(parts, &done->segments, &done->bytes);
    return status;
}
