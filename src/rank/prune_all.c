/* All of some words, others perhaps: the rarest list leads; of each of its blocks, then of what its
 * classes let through, and then word by word it is asked whether what is still to come can be
 * enough. Of one word that leads and others that only may be there, all postings are gone through
 * if that is less work. */
#include "rank/candidates.h"
#include "rank/meeting.h"
#include "rank/prune_sums.h"

enum {
    A_LOOK = 4, /* postings scored and added up while a document is judged by a list, if it is */
    A_WINDOW =
        3, /* documents of which sums are cleared and compared in the time of one such posting */
};

struct intersecting {
    struct kw_pruning *pruning;
    struct kw_list *lead;
    struct kw_list **others;    /* that must be there, and behind them those that may */
    uint32_t count;             /* of these */
    uint32_t *blocks;           /* of each of these: the first that reaches into the stretch */
    double *most;               /* what each of these can give there, … */
    double rest;                /* … and all of them */
    struct kw_meeting *meeting; /* of two words and more that all must be there; else NULL, and … */
    struct kw_candidates batch; /* … this */
};

/* Finds what the lists behind the lead can give in the stretch: all they can give at all where
 * `closely` is not set. */
static void bound(struct intersecting *this, struct kw_stretch stretch, bool closely)
{
    this->rest = 0;
    for (uint32_t i = 0; i < this->count; i++) {
        struct kw_list *list = this->others[i];
        this->most[i] = list->most;
        if (closely) {
            this->blocks[i] = kw_list_seek(list, this->blocks[i], stretch.first);
            this->most[i] = kw_list_most_in(list, this->blocks[i], stretch);
        }
        this->rest += this->most[i];
    }
}

/* Asks the other lists for the documents gathered. */
static enum kw_status judge(struct intersecting *this, struct kw_error *error)
{
    struct kw_pruning *pruning = this->pruning;
    if (this->meeting)
        return kw_meeting_hold(this->meeting, error);
    for (uint32_t i = 1; i < this->count; i++)
        kw_candidates_tighten(&this->batch, this->others[i]);
    for (uint32_t i = 0; i < this->count && this->batch.count; i++)
        kw_candidates_look(&this->batch, this->others[i],
                           i + 1 < pruning->must_count ? KW_LOOK_MUST : KW_LOOK_MAY);
    return kw_candidates_offer(&this->batch, error);
}

/* Takes the postings of the lead's block that can give enough. */
static enum kw_status take_block(struct intersecting *this, uint32_t block,
                                 struct kw_stretch stretch, struct kw_error *error)
{
    struct kw_sieve sieve;
    double need = kw_pruning_need(this->pruning) - this->rest;
    if (!kw_list_sift(this->lead, block, need, &sieve))
        return KW_OK;
    if (this->meeting)
        kw_meeting_take(this->meeting, &sieve);
    else
        kw_candidates_take(&this->batch, this->lead, &sieve, stretch, this->others, this->most,
                           this->count);
    uint32_t filled = this->meeting ? this->meeting->count : this->batch.filled;
    return filled < KW_CANDIDATES_FULL ? KW_OK : judge(this, error);
}

/* Goes through the lead's blocks. */
static enum kw_status go_through(struct intersecting *this, struct kw_error *error)
{
    const struct kw_stretch all = {0, this->pruning->segment->documents};
    enum kw_status status = KW_OK;
    for (uint32_t block = 0; status == KW_OK; block++) {
        bound(this, all, false);
        double need = kw_pruning_need(this->pruning) - this->rest;
        block = kw_list_strong(this->lead, block, need);
        if (block >= this->lead->block_count)
            break;
        struct kw_stretch stretch = {block ? kw_list_last(this->lead, block - 1) + 1 : 0,
                                     kw_list_last(this->lead, block) + 1};
        if (need > 0) {
            bound(this, stretch, true);
            need = kw_pruning_need(this->pruning) - this->rest;
        }
        if (kw_list_strong(this->lead, block, need) == block)
            status = take_block(this, block, stretch, error);
    }
    return status == KW_OK ? judge(this, error) : status;
}

/* Whether to look the documents of the one word that must be there up in all other lists is more
 * work than to go through all postings. */
static bool is_dense(const struct kw_pruning *pruning)
{
    uint64_t sum = pruning->segment->documents / A_WINDOW;
    if (pruning->must_count != 1 || !pruning->may_count)
        return false;
    for (uint32_t i = 0; i < pruning->list_count; i++)
        sum += pruning->lists[i].postings.term.documents;
    return (uint64_t)pruning->must[0]->postings.term.documents * pruning->may_count * A_LOOK > sum;
}

enum kw_status kw_prune_all(struct kw_pruning *pruning, struct kw_error *error)
{
    if (is_dense(pruning))
        return kw_prune_sums(pruning, error);
    struct intersecting this = {.pruning = pruning, .lead = pruning->must[0]};
    this.count = pruning->must_count + pruning->may_count - 1;
    this.others = kw_arena_take(pruning->arena, this.count * sizeof(struct kw_list *));
    this.blocks = kw_arena_alloc(pruning->arena, this.count * sizeof *this.blocks);
    this.most = kw_arena_take(pruning->arena, this.count * sizeof *this.most);
    if (!this.others || !this.blocks || !this.most)
        return kw_fail_memory(error);
    for (uint32_t i = 0; i < this.count; i++)
        this.others[i] = i + 1 < pruning->must_count ? pruning->must[i + 1]
                                                     : pruning->may[i + 1 - pruning->must_count];
    this.batch.pruning = pruning;
    kw_candidates_clear(&this.batch);
    if (pruning->must_count > 1 && !pruning->may_count && !(this.meeting = kw_meeting_in(pruning)))
        return kw_fail_memory(error);
    return go_through(&this, error);
}
