/* What both ways of pruning share. */
#include "rank/pruning.h"

static bool is_excluded(struct kw_pruning *pruning, uint32_t document)
{
    uint32_t at;
    for (uint32_t i = 0; i < pruning->never_count; i++)
        if (kw_list_find(pruning->never[i], document, &at))
            return true;
    return false;
}

enum kw_status kw_pruning_offer(struct kw_pruning *pruning, uint32_t document,
                                struct kw_error *error)
{
    double score = 0;
    bool holds = false;
    for (uint32_t i = 0; i < pruning->leaf_lists; i++) { /* in this order: the same sum */
        score += pruning->parts[i];
        holds = holds || pruning->parts[i] > 0;
    }
    kw_pruning_drop(pruning);
    if (!holds || kw_segment_deleted(pruning->segment, document) || is_excluded(pruning, document))
        return KW_OK;
    return pruning->take(pruning->context, document, score, error);
}
