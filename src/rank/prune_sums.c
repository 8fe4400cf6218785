/* Exact sums of windows. A list's block can reach into several: its scores are kept. */
#include "rank/prune_sums.h"

#include <float.h>
#include <math.h>

/* The scores of a list's block. */
struct scored {
    const double *scores;
    uint32_t block; /* KW_NO_DOCUMENT: none yet */
    double room[KW_POSTING_BLOCK];
};

struct kw_sums {
    struct kw_pruning *pruning;
    double *sums;           /* by document of the window */
    uint32_t *found;        /* those of which the sum is enough */
    struct kw_list **lists; /* those that are scored, in the order of the plan, then titles */
    struct scored *scored;  /* by list */
    uint32_t count;         /* of these, … */
    uint32_t leaves;        /* … and of those that are not of titles */
};

static bool is_never(const struct kw_pruning *pruning, const struct kw_list *list)
{
    for (uint32_t i = 0; i < pruning->never_count; i++)
        if (pruning->never[i] == list)
            return true;
    return false;
}

/* Where a word must be there, documents have no sum that can be enough before it is found. */
static void clear(struct kw_sums *this)
{
    if (!this->pruning->must_count)
        memset(this->sums, 0, KW_SUMS_WINDOW * sizeof *this->sums);
    for (uint32_t i = 0; this->pruning->must_count && i < KW_SUMS_WINDOW; i++)
        this->sums[i] = -INFINITY;
}

struct kw_sums *kw_sums_take(struct kw_pruning *pruning)
{
    struct kw_sums *this = kw_arena_alloc(pruning->arena, sizeof *this);
    if (!this)
        return NULL;
    this->pruning = pruning;
    this->sums = kw_arena_alloc(pruning->arena, KW_SUMS_WINDOW * sizeof *this->sums);
    this->found = kw_arena_take(pruning->arena, KW_SUMS_WINDOW * sizeof *this->found);
    this->lists = kw_arena_take(pruning->arena, pruning->list_count * sizeof(struct kw_list *));
    this->scored = kw_arena_take(pruning->arena, pruning->list_count * sizeof *this->scored);
    if (!this->sums || !this->found || !this->lists || !this->scored)
        return NULL;
    for (uint32_t i = 0; i < pruning->list_count; i++) {
        this->scored[this->count].block = KW_NO_DOCUMENT;
        this->lists[this->count] = &pruning->lists[i];
        this->count += !is_never(pruning, &pruning->lists[i]);
        this->leaves = i < pruning->leaf_lists ? this->count : this->leaves;
    }
    clear(this);
    return this;
}

/* Adds what the list's block gives to the sums of the documents in the stretch. */
static void add_block(struct kw_sums *this, struct kw_list *list, struct scored *scored,
                      struct kw_stretch stretch)
{
    const struct kw_kernels *kernels = list->postings.segment->pages.kernels;
    const uint32_t *documents = list->postings.documents;
    uint32_t from = 0, to = list->postings.count;
    double *sums = this->sums;
    if (documents[0] < stretch.first)
        from = kernels->first_at_least32(documents, 0, to, stretch.first);
    if (documents[to - 1] >= stretch.end)
        to = kernels->first_at_least32(documents, from, to, stretch.end);
    for (uint32_t i = from; i < to; i++)
        sums[documents[i] - stretch.first] += scored->scores[i];
}

/* The same for a block that is a bitmap, without listing its documents. False if it is none, or not
 * as it should be. */
static bool add_bits(struct kw_sums *this, struct kw_list *list, uint32_t block,
                     struct kw_stretch stretch)
{
    struct kw_segment *segment = list->postings.segment;
    const struct kw_kernels *kernels = segment->pages.kernels;
    struct kw_posting_bits bits;
    uint32_t frequencies[KW_POSTING_BLOCK];
    if (list->scores || !kw_postings_bits(&list->postings, block, &bits) || bits.extras.bits == 32)
        return false;
    uint32_t count = kw_list_size(list, block);
    uint32_t from = bits.first < stretch.first ? stretch.first - bits.first : 0;
    uint32_t to = (bits.last < stretch.end ? bits.last + 1 : stretch.end) - bits.first;
    if (from >= to)
        return true;
    uint64_t width = list->field.width;
    const uint8_t *lengths =
        kw_pages_view(&segment->pages, segment->lengths,
                      list->field.lengths_at + (bits.first + from) * width, (to - from) * width);
    if (!lengths)
        return false;
    kernels->unpack(bits.extras.packed, frequencies, count, bits.extras.bits);
    for (uint32_t i = 0; i < KW_POSTING_BLOCK; i++)
        frequencies[i]++;
    const struct kw_kernel_weights weights = kw_list_weights(list);
    const struct kw_kernel_bits all = {bits.bytes, bits.last - bits.first + 1, count};
    return kernels->score_bits(&all, from, to, frequencies, lengths, list->field.width, &weights,
                               this->sums + (bits.first + from - stretch.first));
}

/* Adds up what the list gives, but in blocks of which no posting can give `need`. */
static void add_list(struct kw_sums *this, uint32_t place, uint32_t block,
                     struct kw_stretch stretch, double need)
{
    struct kw_list *list = this->lists[place];
    struct scored *scored = &this->scored[place];
    while ((block = kw_list_strong(list, block, need)) < list->block_count &&
           (block == 0 || kw_list_last(list, block - 1) < stretch.end - 1)) {
        if (add_bits(this, list, block, stretch)) {
            block++;
            continue;
        }
        if (!kw_list_enter(list, block))
            return;
        if (scored->block != block) {
            scored->block = block;
            scored->scores = kw_list_score(list, scored->room);
        }
        if (!scored->scores)
            return;
        add_block(this, list, scored, stretch);
        block++;
    }
}

/* Takes the sums of documents that must not be there. */
static void clear_never(struct kw_sums *this, struct kw_list *list, struct kw_stretch stretch,
                        uint32_t found)
{
    uint32_t at;
    list->block = kw_list_seek(list, 0, stretch.first);
    for (uint32_t i = 0; i < found; i++)
        if (kw_list_find(list, stretch.first + this->found[i], &at))
            this->sums[this->found[i]] = 0;
}

enum kw_status kw_sums_offer(struct kw_sums *this, struct kw_stretch stretch,
                             const uint32_t *blocks, const double *most, double all,
                             struct kw_error *error)
{
    struct kw_pruning *pruning = this->pruning;
    double need = kw_pruning_need(pruning), rest = 0;
    enum kw_status status = KW_OK;
    for (uint32_t i = 0; i < this->leaves; i++)
        add_list(this, i, blocks[i], stretch, need - (all - most[i]));
    for (uint32_t i = this->leaves; i < this->count; i++)
        rest += most[i];
    double least = need - rest < DBL_TRUE_MIN ? DBL_TRUE_MIN : need - rest;
    uint32_t found =
        pruning->segment->pages.kernels->above64(this->sums, KW_SUMS_WINDOW, least, this->found);
    for (uint32_t i = 0; i < pruning->never_count; i++)
        clear_never(this, pruning->never[i], stretch, found);
    for (uint32_t i = 0; i < found && status == KW_OK; i++) {
        uint32_t document = stretch.first + this->found[i];
        double score = this->sums[this->found[i]];
        if (score > 0 && score >= kw_pruning_need(pruning) - rest &&
            !kw_segment_deleted(pruning->segment, document))
            status = pruning->take(pruning->context, document, score, error);
    }
    clear(this);
    return status;
}

/* Begins the sums of the documents that hold the word that must be there. */
static void begin(struct kw_sums *this, struct kw_stretch stretch, uint32_t block)
{
    struct kw_list *list = this->pruning->must[0];
    for (; block < list->block_count; block++) {
        if (block > 0 && kw_list_last(list, block - 1) >= stretch.end - 1)
            return;
        if (!kw_list_enter(list, block))
            return;
        for (uint32_t i = 0; i < list->postings.count; i++) {
            uint32_t at = list->postings.documents[i] - stretch.first;
            if (at < stretch.end - stretch.first)
                this->sums[at] = 0;
        }
    }
}

enum kw_status kw_prune_sums(struct kw_pruning *pruning, struct kw_error *error)
{
    struct kw_sums *this = kw_sums_take(pruning);
    uint32_t *blocks = kw_arena_alloc(pruning->arena, pruning->list_count * sizeof *blocks);
    double *most = kw_arena_take(pruning->arena, pruning->list_count * sizeof *most);
    uint32_t documents = pruning->segment->documents;
    enum kw_status status = KW_OK;
    if (!this || !blocks || !most)
        return kw_fail_memory(error);
    for (uint32_t first = 0, end; first < documents && status == KW_OK; first = end) {
        double all = 0;
        bool there = false;
        end = documents - first > KW_SUMS_WINDOW ? first + KW_SUMS_WINDOW : documents;
        struct kw_stretch stretch = {first, end};
        for (uint32_t i = 0; i < this->count; i++) {
            blocks[i] = kw_list_seek(this->lists[i], blocks[i], first);
            most[i] = kw_list_most_in(this->lists[i], blocks[i], stretch);
            all += most[i];
            if (this->lists[i] == pruning->must[0] && most[i] > 0) {
                begin(this, stretch, blocks[i]);
                there = true;
            }
        }
        if (there && all >= kw_pruning_need(pruning))
            status = kw_sums_offer(this, stretch, blocks, most, all, error);
        else
            clear(this);
    }
    return status;
}
