/* Finds the terms of a query's patterns in all indexes searched, and says where they are too many.
 */
#include "engine/expand.h"

#include "lib/results.h"

#include <inttypes.h>
#include <stdlib.h>

/* Adds to the note the first pattern that had too many terms. */
static enum kw_status add_note(struct kwic_results *results, struct kw_error *error)
{
    struct kw_bytes note = KW_BYTES_INIT;
    size_t cut = 0;
    if (results->note)
        kw_bytes_append_text(&note, results->note);
    for (uint32_t i = 0; i < results->plan.expansion_count; i++) {
        const struct kw_expansion *expansion = &results->plan.expansions[i];
        if (expansion->fitting == expansion->term_count || cut++)
            continue;
        kw_bytes_format(&note, "%s'%.*s", note.size ? "; " : "", (int)expansion->pattern.size,
                        (const char *)expansion->pattern.data);
        if (expansion->edits)
            kw_bytes_format(&note, "~%u", expansion->edits);
        kw_bytes_format(&note, "' fits %" PRIu64 " words, the %u most frequent are searched",
                        expansion->fitting, expansion->term_count);
    }
    if (cut > 1)
        kw_bytes_format(&note, ", and %zu more such patterns", cut - 1);
    kw_bytes_append_byte(&note, 0);
    enum kw_status status = kw_bytes_status(&note, error);
    if (status == KW_OK && cut) {
        free(results->note);
        results->note = (char *)note.data;
    } else {
        kw_bytes_release(&note);
    }
    return status;
}

enum kw_status kw_index_expand(struct kwic_index *index, struct kw_plan *plan, uint32_t limit,
                               struct kw_error *error)
{
    if (plan->expansion_count == 0)
        return KW_OK;
    struct kw_engine **engines = calloc(index->count, sizeof(struct kw_engine *));
    if (!engines)
        return kw_fail_memory(error);
    for (size_t i = 0; i < index->count; i++)
        engines[i] = index->members[i].engine;
    enum kw_status status = kw_expand_plan(plan, engines, index->count, limit, error);
    free(engines);
    return status;
}

enum kw_status kw_results_expand(struct kwic_results *results, uint32_t limit,
                                 struct kw_error *error)
{
    enum kw_status status = kw_index_expand(results->index, &results->plan, limit, error);
    return status == KW_OK ? add_note(results, error) : status;
}
