/* Any of some words: MaxScore (Turtle & Flood, "Query Evaluation: Strategies and Optimizations",
 * 1995) over windows of documents with bounds of their own (Ding & Suel, "Faster Top-k Document
 * Retrieval Using Block-Max Indexes", 2011).
 *
 * In a window the lists that together cannot give what is needed need not be gone through: a
 * document that is kept stands in one of the others, the essential ones. Of one essential list the
 * postings are sifted by class; bounds of several are added up by document first. */
#include "rank/candidates.h"
#include "rank/prune_sums.h"

enum {
    WINDOW = KW_SUMS_WINDOW,
    A_CROWD = 6,   /* documents offered in a window */
    A_LOOK = 12,   /* postings that can be added up while a document is looked for in a list */
    UNITS = 60000, /* of a sum of bounds: all that lists can give; so rounding up cannot overflow */
};

struct uniting {
    struct kw_pruning *pruning;
    struct kw_list **lists; /* those that may be there */
    uint32_t count;
    uint32_t *blocks;        /* by list: the first that reaches into the window */
    double *most;            /* by list: what it can give in the window */
    uint32_t *order;         /* places of lists, by `most`, rising … */
    double *below;           /* … and what those before one can give together */
    uint32_t essential;      /* the first essential one in this order */
    struct kw_sums *exact;   /* NULL until it is needed, as are … */
    uint16_t *sums;          /* by document of the window: a bound, in units */
    uint32_t *found;         /* documents of the window, of which the bound is enough */
    struct kw_list **others; /* of those in the batch: all but its lead, the strongest last, … */
    double *rest;            /* … and what they can give in the stretch */
    struct kw_candidates batch; /* of one leading list */
};

/* Puts the lists in order by what they can give, and finds which are essential. */
static void arrange(struct uniting *uniting)
{
    double sum = 0, need = kw_pruning_need(uniting->pruning);
    for (uint32_t i = 0; i < uniting->count; i++) {
        uint32_t at = i, place = uniting->order[i];
        for (; at > 0 && uniting->most[uniting->order[at - 1]] > uniting->most[place]; at--)
            uniting->order[at] = uniting->order[at - 1];
        uniting->order[at] = place;
    }
    uniting->essential = uniting->count;
    for (uint32_t i = 0; i < uniting->count; i++) {
        uniting->below[i] = sum;
        sum += uniting->most[uniting->order[i]];
        if (sum >= need && uniting->essential == uniting->count)
            uniting->essential = i;
    }
    uniting->below[uniting->count] = sum;
}

/* Asks the other lists for the documents of the batch, of which one list leads. */
static enum kw_status judge(struct uniting *uniting, struct kw_error *error)
{
    struct kw_candidates *batch = &uniting->batch;
    uint32_t count = uniting->count - 1;
    for (uint32_t i = 0; i + 1 < count; i++)
        kw_candidates_tighten(batch, uniting->others[i]);
    kw_candidates_settle(batch);
    for (uint32_t i = count; i > 0 && batch->count; i--)
        kw_candidates_look(batch, uniting->others[i - 1], KW_LOOK_MAY);
    return kw_candidates_offer(batch, error);
}

/* Goes through the one essential list of the window. */
static enum kw_status go_through(struct uniting *uniting, struct kw_stretch stretch,
                                 struct kw_error *error)
{
    uint32_t at = uniting->count - 1, place = uniting->order[at];
    struct kw_list *list = uniting->lists[place];
    enum kw_status status = KW_OK;
    struct kw_sieve sieve;
    if (uniting->batch.filled && uniting->batch.lead != list)
        status = judge(uniting, error);
    for (uint32_t i = 0; i < at; i++) {
        uniting->others[i] = uniting->lists[uniting->order[i]];
        uniting->rest[i] = uniting->most[uniting->order[i]];
    }
    for (uint32_t block = uniting->blocks[place]; status == KW_OK; block++) {
        double need = kw_pruning_need(uniting->pruning) - uniting->below[at];
        block = kw_list_strong(list, block, need);
        if (block >= list->block_count ||
            (block > 0 && kw_list_last(list, block - 1) >= stretch.end - 1))
            break;
        if (!kw_list_sift(list, block, need, &sieve))
            continue;
        kw_candidates_take(&uniting->batch, list, &sieve, stretch, uniting->others, uniting->rest,
                           at);
        if (uniting->batch.filled >= KW_CANDIDATES_FULL)
            status = judge(uniting, error);
    }
    return status;
}

/* Adds to the sums what a list can give each document of the stretch. Leaves out blocks with which
 * a document could not get enough even if all others gave the most they can. */
static void add_up(struct uniting *uniting, uint32_t place, struct kw_stretch stretch, double scale)
{
    struct kw_list *list = uniting->lists[place];
    double rest = uniting->below[uniting->count] - uniting->most[place];
    double need = kw_pruning_need(uniting->pruning) - rest;
    uint32_t block = uniting->blocks[place];
    while ((block = kw_list_strong(list, block, need)) < list->block_count &&
           (block == 0 || kw_list_last(list, block - 1) < stretch.end - 1))
        kw_list_add_up(list, block++, scale, stretch, uniting->sums);
}

/* Finds the documents whose sum, with what the lists before `first` in the order can give, is
 * enough: how many. */
static uint32_t sift_sums(struct uniting *uniting, uint32_t first, double scale)
{
    const struct kw_pruning *pruning = uniting->pruning;
    double least = (kw_pruning_need(pruning) - uniting->below[first]) * scale;
    least = least < 1 ? 1 : least > UINT16_MAX ? UINT16_MAX : least;
    return pruning->segment->pages.kernels->above16(uniting->sums, WINDOW, (uint16_t)least,
                                                    uniting->found);
}

/* Adds up the essential lists, and others as long as that is less work than to look into them for
 * each document that is still there. Returns the first list added in the order; *found is how many
 * documents are left. */
static uint32_t add_lists(struct uniting *uniting, struct kw_stretch stretch, double scale,
                          uint32_t *found)
{
    uint32_t first = uniting->count;
    while (first > uniting->essential)
        add_up(uniting, uniting->order[--first], stretch, scale);
    *found = sift_sums(uniting, first, scale);
    while (first > 0) {
        uint32_t place = uniting->order[first - 1];
        struct kw_list *list = uniting->lists[place];
        uint32_t end = kw_list_seek(list, uniting->blocks[place], stretch.end - 1) + 1;
        if (*found * A_LOOK < (end - uniting->blocks[place]) * KW_POSTING_BLOCK)
            break;
        add_up(uniting, place, stretch, scale);
        *found = sift_sums(uniting, --first, scale);
    }
    return first;
}

/* Judges documents of the window to which the lists can give the bounds of the batch, those before
 * `first` in the order as much as they can give in the window; list by list that becomes exact. */
static enum kw_status judge_added(struct uniting *uniting, uint32_t first, struct kw_error *error)
{
    struct kw_candidates *batch = &uniting->batch;
    for (uint32_t i = 0; i < first; i++)
        kw_candidates_assume(batch, uniting->lists[uniting->order[i]],
                             uniting->most[uniting->order[i]]);
    for (uint32_t i = uniting->count; i > 0 && batch->count; i--)
        kw_candidates_look(batch, uniting->lists[uniting->order[i - 1]],
                           i > first ? KW_LOOK_ADDED : KW_LOOK_MAY);
    return kw_candidates_offer(batch, error);
}

/* Whether so many of the window's documents are likely to be offered that to find and to look them
 * up is more work than to score all that match: of those up to its end the best can be anywhere;
 * the floor stands for one window more. */
static bool is_crowded(const struct uniting *uniting, struct kw_stretch stretch)
{
    uint64_t limit = uniting->pruning->top->limit;
    return limit >= uniting->pruning->segment->documents ||
           limit * WINDOW >= A_CROWD * ((uint64_t)stretch.end + WINDOW);
}

/* Judges a window by the exact sums of all lists. */
static enum kw_status judge_exactly(struct uniting *uniting, struct kw_stretch stretch,
                                    struct kw_error *error)
{
    enum kw_status status = KW_OK;
    if (!uniting->exact)
        uniting->exact = kw_sums_take(uniting->pruning);
    if (!uniting->exact)
        return kw_fail_memory(error);
    if (uniting->batch.filled)
        status = judge(uniting, error);
    if (status == KW_OK)
        status = kw_sums_offer(uniting->exact, stretch, uniting->blocks, uniting->most,
                               uniting->below[uniting->count], error);
    return status;
}

/* Judges what the sums of several lists let through. */
static enum kw_status judge_sums(struct uniting *uniting, struct kw_stretch stretch,
                                 struct kw_error *error)
{
    struct kw_pruning *pruning = uniting->pruning;
    double scale = UNITS / uniting->below[uniting->count];
    struct kw_list *strongest = uniting->lists[uniting->order[uniting->count - 1]];
    enum kw_status status = KW_OK;
    uint32_t found;
    if (uniting->batch.filled)
        status = judge(uniting, error);
    if (!uniting->sums) {
        uniting->sums = kw_arena_alloc(pruning->arena, WINDOW * sizeof *uniting->sums);
        uniting->found = kw_arena_take(pruning->arena, WINDOW * sizeof *uniting->found);
    }
    if (!uniting->sums || !uniting->found)
        return kw_fail_memory(error);
    uint32_t first = add_lists(uniting, stretch, scale, &found);
    for (uint32_t i = 0; i < found && status == KW_OK; i++) {
        double bound = uniting->sums[uniting->found[i]] / scale + uniting->below[first];
        if (bound >= kw_pruning_need(pruning))
            kw_candidates_add(&uniting->batch, strongest, stretch.first + uniting->found[i], bound);
        if (uniting->batch.filled == KW_CANDIDATES_FULL || i + 1 == found)
            status = judge_added(uniting, first, error);
    }
    memset(uniting->sums, 0, WINDOW * sizeof *uniting->sums);
    return status;
}

/* The place of the list in which every document that is kept must stand, as all others together
 * cannot give enough; `count` if there is none. *rest is what the others can give. */
static uint32_t find_lead(const struct uniting *uniting, double *rest)
{
    uint32_t lead = 0;
    *rest = 0;
    for (uint32_t i = 1; i < uniting->count; i++) {
        bool more = uniting->lists[i]->most > uniting->lists[lead]->most;
        *rest += uniting->lists[more ? lead : i]->most;
        lead = more ? i : lead;
    }
    return *rest < kw_pruning_need(uniting->pruning) ? lead : uniting->count;
}

/* The segment's blocks of postings, or their bounds, contradict each other. */
static void mark_damaged(const struct uniting *uniting)
{
    struct kw_segment *segment = uniting->pruning->segment;
    kw_pages_damage(&segment->pages, segment->postings, 0, "blocks of postings make no sense");
}

/* The next stretch from document `first` on: a window, or the next block of a leading list that can
 * give enough. False if there is none. */
static bool next_stretch(struct uniting *uniting, uint32_t first, struct kw_stretch *stretch)
{
    uint32_t end = uniting->pruning->segment->documents;
    double rest;
    uint32_t place = find_lead(uniting, &rest);
    for (uint32_t i = 0; i < uniting->count; i++)
        uniting->blocks[i] = kw_list_seek(uniting->lists[i], uniting->blocks[i], first);
    if (place < uniting->count) {
        struct kw_list *lead = uniting->lists[place];
        double need = kw_pruning_need(uniting->pruning) - rest;
        uint32_t block = kw_list_strong(lead, uniting->blocks[place], need);
        if (block >= lead->block_count)
            return false;
        uint32_t start = block ? kw_list_last(lead, block - 1) + 1 : 0;
        *stretch =
            (struct kw_stretch){start > first ? start : first, kw_list_last(lead, block) + 1};
        for (uint32_t i = 0; i < uniting->count; i++)
            uniting->blocks[i] =
                kw_list_seek(uniting->lists[i], uniting->blocks[i], stretch->first);
        if (stretch->end <= stretch->first)
            mark_damaged(uniting);
        return stretch->end > stretch->first;
    }
    *stretch = (struct kw_stretch){first, end - first > WINDOW ? first + WINDOW : end};
    return first < end;
}

static enum kw_status prune_stretch(struct uniting *uniting, struct kw_stretch stretch,
                                    struct kw_error *error)
{
    for (uint32_t i = 0; i < uniting->count; i++)
        uniting->most[i] = kw_list_most_in(uniting->lists[i], uniting->blocks[i], stretch);
    arrange(uniting);
    if (uniting->essential == uniting->count || uniting->below[uniting->count] == 0)
        return KW_OK;
    if (uniting->essential == uniting->count - 1)
        return go_through(uniting, stretch, error);
    if (stretch.end - stretch.first > WINDOW) {
        mark_damaged(uniting);
        return kw_segment_status(uniting->pruning->segment, error);
    }
    return is_crowded(uniting, stretch) ? judge_exactly(uniting, stretch, error)
                                        : judge_sums(uniting, stretch, error);
}

static bool init(struct uniting *uniting, struct kw_pruning *pruning)
{
    struct kw_arena *arena = pruning->arena;
    uint32_t count = pruning->may_count;
    uniting->pruning = pruning;
    uniting->lists = pruning->may;
    uniting->count = count;
    uniting->sums = NULL;
    uniting->exact = NULL;
    uniting->batch.pruning = pruning;
    kw_candidates_clear(&uniting->batch);
    uniting->others = kw_arena_take(arena, count * sizeof(struct kw_list *));
    uniting->rest = kw_arena_take(arena, count * sizeof *uniting->rest);
    uniting->blocks = kw_arena_alloc(arena, count * sizeof *uniting->blocks);
    uniting->most = kw_arena_alloc(arena, count * sizeof *uniting->most);
    uniting->order = kw_arena_alloc(arena, count * sizeof *uniting->order);
    uniting->below = kw_arena_alloc(arena, (count + 1) * sizeof *uniting->below);
    if (!uniting->blocks || !uniting->most || !uniting->order || !uniting->below ||
        !uniting->others || !uniting->rest)
        return false;
    for (uint32_t i = 0; i < count; i++)
        uniting->order[i] = i;
    return true;
}

enum kw_status kw_prune_any(struct kw_pruning *pruning, struct kw_error *error)
{
    struct uniting uniting;
    struct kw_stretch stretch = {0, 0};
    enum kw_status status = KW_OK;
    if (!pruning->may_count)
        return KW_OK;
    if (!init(&uniting, pruning))
        return kw_fail_memory(error);
    while (status == KW_OK && next_stretch(&uniting, stretch.end, &stretch))
        status = prune_stretch(&uniting, stretch, error);
    if (status == KW_OK && uniting.batch.filled)
        status = judge(&uniting, error);
    return status;
}
