/* All of some words, others perhaps: the rarest list leads; of each of its blocks, then of what its
 * classes let through, and then word by word it is asked whether what is still to come can be
 * enough. */
#include "rank/pruning.h"

struct intersecting {
    struct kw_pruning *pruning;
    struct kw_list *lead;
    uint32_t
        *blocks;   /* by list that must or may be there: the first that reaches into the stretch */
    double *below; /* what these can give there, from one on to the last, and 0 behind it */
    uint32_t count;
};

static struct kw_list *list_at(const struct intersecting *this, uint32_t i)
{
    const struct kw_pruning *pruning = this->pruning;
    return i < pruning->must_count ? pruning->must[i] : pruning->may[i - pruning->must_count];
}

/* Finds what the lists behind the lead can give in the stretch: all they can give at all where
 * `closely` is not set. */
static void bound(struct intersecting *this, struct kw_stretch stretch, bool closely)
{
    for (uint32_t i = this->count; i > 1; i--) {
        struct kw_list *list = list_at(this, i - 1);
        double most = list->most;
        if (closely) {
            this->blocks[i - 1] = kw_list_seek(list, this->blocks[i - 1], stretch.first);
            most = kw_list_most_in(list, this->blocks[i - 1], stretch);
        }
        this->below[i - 1] = this->below[i] + most;
    }
}

/* Asks the other lists for a document of the lead, to which that gives `sum`. */
static enum kw_status judge(struct intersecting *this, uint32_t document, double sum,
                            struct kw_error *error)
{
    struct kw_pruning *pruning = this->pruning;
    double need = kw_pruning_need(pruning);
    bool enough = true, there = true;
    pruning->parts[this->lead - pruning->lists] = sum;
    for (uint32_t i = 1; i < this->count && there && enough; i++) {
        struct kw_list *list = list_at(this, i);
        uint32_t place;
        double most = this->below[i + 1] + kw_list_most_at(list, document);
        enough = sum + most >= need;
        there = enough && kw_list_find(list, document, &place);
        double part = there ? kw_list_score(list, place) : 0;
        there = there || i >= pruning->must_count;
        pruning->parts[list - pruning->lists] = part;
        sum += part;
        enough = sum + this->below[i + 1] >= need;
    }
    if (there && enough)
        return kw_pruning_offer(pruning, document, error);
    kw_pruning_drop(pruning);
    return KW_OK;
}

/* Judges the postings of the lead's block that can give enough. */
static enum kw_status judge_block(struct intersecting *this, uint32_t block, struct kw_error *error)
{
    struct kw_pruning *pruning = this->pruning;
    struct kw_list *lead = this->lead;
    enum kw_status status = KW_OK;
    struct kw_sieve sieve;
    if (!kw_list_sift(lead, block, kw_pruning_need(pruning) - this->below[1], &sieve))
        return KW_OK;
    for (uint32_t word = 0; word < KW_POSTING_BLOCK / 64; word++) {
        for (uint64_t bits = sieve.bits[word]; bits && status == KW_OK; bits &= bits - 1) {
            uint32_t place = word * 64 + (uint32_t)__builtin_ctzll(bits);
            double part = kw_list_score(lead, place);
            if (part + this->below[1] >= kw_pruning_need(pruning))
                status = judge(this, lead->postings.documents[place], part, error);
        }
    }
    return status;
}

enum kw_status kw_prune_all(struct kw_pruning *pruning, struct kw_error *error)
{
    struct kw_stretch all = {0, pruning->segment->documents};
    struct intersecting this = {.pruning = pruning, .lead = pruning->must[0]};
    enum kw_status status = KW_OK;
    this.count = pruning->must_count + pruning->may_count;
    this.blocks = kw_arena_alloc(pruning->arena, this.count * sizeof *this.blocks);
    this.below = kw_arena_alloc(pruning->arena, (this.count + 1) * sizeof *this.below);
    if (!this.blocks || !this.below)
        return kw_fail_memory(error);
    for (uint32_t block = 0; status == KW_OK; block++) {
        bound(&this, all, false);
        double need = kw_pruning_need(pruning) - this.below[1];
        block = kw_list_strong(this.lead, block, need);
        if (block >= this.lead->block_count)
            break;
        struct kw_stretch stretch = {block ? kw_list_last(this.lead, block - 1) + 1 : 0,
                                     kw_list_last(this.lead, block) + 1};
        if (need > 0) {
            bound(&this, stretch, true);
            need = kw_pruning_need(pruning) - this.below[1];
        }
        if (kw_list_strong(this.lead, block, need) == block)
            status = judge_block(&this, block, error);
    }
    return status;
}
