/* Documents judged together. */
#include "rank/candidates.h"

/* The part of each slot that a list gives. */
static double *parts_of(const struct kw_candidates *batch, const struct kw_list *list)
{
    return batch->pruning->parts[list - batch->pruning->lists];
}

void kw_candidates_clear(struct kw_candidates *batch)
{
    batch->count = 0;
    batch->filled = 0;
    batch->lead = NULL;
}

static double norm_of(const struct kw_list *list, uint32_t document)
{
    struct kw_segment *segment = list->postings.segment;
    return kw_bm25_norm(&list->bm25, kw_segment_length(segment, &list->field, document));
}

/* Whether the batch's norms are those of the list too. */
static bool shares_norms(const struct kw_candidates *batch, const struct kw_list *list)
{
    const struct kw_bm25 *own = &batch->lead->bm25, *other = &list->bm25;
    return batch->lead->field.lengths_at == list->field.lengths_at && own->fixed == other->fixed &&
           own->slope == other->slope && own->least == other->least;
}

static void append(struct kw_candidates *batch, uint32_t document, double bound)
{
    uint32_t slot = batch->filled++;
    batch->documents[slot] = document;
    batch->bounds[slot] = bound;
    batch->slots[batch->count++] = slot;
}

/* Adds a posting of the lead's block with what it can give, by its class or exactly. */
static void take_posting(struct kw_candidates *batch, struct kw_list *lead, uint32_t place,
                         double most, double rest)
{
    parts_of(batch, lead)[batch->filled] = most;
    batch->frequencies[batch->filled] = kw_list_frequency(lead, place);
    append(batch, lead->postings.documents[place], most + rest);
}

void kw_candidates_take(struct kw_candidates *batch, struct kw_list *lead,
                        const struct kw_sieve *sieve, struct kw_stretch stretch,
                        struct kw_list *const *others, const double *most, uint32_t count)
{
    const uint8_t *classes = NULL;
    double table[KW_CLASSES], rest = 0;
    uint32_t first = batch->filled;
    if (!lead->scores)
        classes = kw_list_classes(lead, lead->postings.block, table);
    if (!lead->scores && !classes)
        return;
    for (uint32_t i = 0; i < count; i++)
        rest += most[i];
    for (uint32_t word = 0; word < KW_POSTING_BLOCK / 64; word++) {
        for (uint64_t bits = sieve->bits[word]; bits; bits &= bits - 1) {
            uint32_t place = word * 64 + (uint32_t)__builtin_ctzll(bits);
            uint32_t document = lead->postings.documents[place];
            if (document >= stretch.first && document < stretch.end)
                take_posting(batch, lead, place,
                             classes ? table[kw_class_at(classes, place)] : lead->scores[place],
                             rest);
        }
    }
    batch->lead = lead;
    batch->settled = false;
    for (uint32_t i = 0; i < count; i++) {
        double *assumed = parts_of(batch, others[i]);
        for (uint32_t slot = first; slot < batch->filled; slot++)
            assumed[slot] = most[i];
    }
}

void kw_candidates_add(struct kw_candidates *batch, const struct kw_list *lead, uint32_t document,
                       double bound)
{
    batch->lead = lead;
    batch->settled = true;
    batch->norms[batch->filled] = norm_of(lead, document);
    append(batch, document, bound);
}

/* Makes norms and what the lead gives exact, for some slots. */
static void settle(struct kw_candidates *batch, const uint32_t *slots, uint32_t count)
{
    const struct kw_list *lead = batch->lead;
    double *parts = parts_of(batch, lead);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t slot = slots[i];
        double norm = norm_of(lead, batch->documents[slot]);
        batch->norms[slot] = norm;
        if (lead->scores)
            continue;
        double part = kw_bm25_normed(&lead->bm25, batch->frequencies[slot], norm);
        batch->bounds[slot] += part - parts[slot];
        parts[slot] = part;
    }
}

void kw_candidates_assume(struct kw_candidates *batch, const struct kw_list *list, double most)
{
    double *parts = parts_of(batch, list);
    for (uint32_t slot = 0; slot < batch->filled; slot++)
        parts[slot] = most;
}

/* A block of a list, while documents are gone through. */
struct spot {
    uint32_t block;
    uint32_t last; /* of its documents */
    double most;   /* what its postings can give; 0 behind the last block */
};

/* Finds the block in which the document, not before it, would be. A list that gives nothing has no
 * bounds either. */
static void move(struct spot *spot, const struct kw_list *list, uint32_t document, bool gives)
{
    spot->block = kw_list_seek(list, spot->block, document);
    bool there = spot->block < list->block_count;
    spot->last = there ? kw_list_last(list, spot->block) : UINT32_MAX;
    spot->most = there && gives ? kw_list_most_of_block(list, spot->block) : 0;
}

void kw_candidates_tighten(struct kw_candidates *batch, const struct kw_list *list)
{
    double need = kw_pruning_need(batch->pruning), *parts = parts_of(batch, list);
    struct spot spot = {.block = list->block};
    uint32_t kept = 0;
    for (uint32_t i = 0; i < batch->count; i++) {
        uint32_t slot = batch->slots[i], document = batch->documents[slot];
        if (i == 0 || document > spot.last)
            move(&spot, list, document, true);
        double less = parts[slot] > spot.most ? parts[slot] - spot.most : 0;
        parts[slot] -= less;
        batch->bounds[slot] -= less;
        batch->slots[kept] = slot;
        kept += batch->bounds[slot] >= need;
    }
    batch->count = kept;
}

/* Leaves the batch those of the slots of which the bound is enough. */
static void keep(struct kw_candidates *batch, const uint32_t *slots, uint32_t count, double need)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t slot = slots[i];
        batch->slots[kept] = slot;
        kept += batch->bounds[slot] >= need;
    }
    batch->count = kept;
}

void kw_candidates_settle(struct kw_candidates *batch)
{
    if (!batch->count)
        return; /* there may be no lead */
    if (!batch->settled)
        settle(batch, batch->slots, batch->count);
    batch->settled = true;
    keep(batch, batch->slots, batch->count, kw_pruning_need(batch->pruning));
}

/* The documents that one of a list's blocks may hold. */
struct group {
    uint32_t block;
    uint32_t first; /* of those looked for */
};

/* Documents looked for in a list. */
struct looking {
    struct kw_candidates *batch;
    struct kw_list *list;
    enum kw_look look;
    double *parts;
    double need;
    uint32_t count;
    uint32_t group_count;
    uint32_t found;                         /* how many of them */
    uint32_t slots[KW_CANDIDATES];          /* of all, … */
    uint32_t documents[KW_CANDIDATES];      /* … and they themselves */
    struct group groups[KW_CANDIDATES + 1]; /* and the end of the last one */
    uint32_t there[KW_CANDIDATES];          /* slots of those found, … */
    uint32_t frequencies[KW_CANDIDATES];    /* … how often the word stands in them, or … */
    double scores[KW_CANDIDATES];           /* … what a short list gives them, … */
    double before[KW_CANDIDATES];           /* … and what was in the bound for it */
};

/* Chooses the documents that the blocks can give enough, and has these fetched. */
static void choose(struct looking *this)
{
    struct kw_candidates *batch = this->batch;
    struct kw_list *list = this->list;
    bool bounded = this->look == KW_LOOK_MUST || this->look == KW_LOOK_MAY;
    struct spot spot = {.block = list->block};
    uint32_t count = 0, group_count = 0;
    for (uint32_t i = 0; i < batch->count; i++) {
        uint32_t slot = batch->slots[i], document = batch->documents[slot];
        if (i == 0 || document > spot.last) {
            move(&spot, list, document, this->look != KW_LOOK_NEVER);
            group_count += group_count && this->groups[group_count - 1].first == count ? 0 : 1;
            this->groups[group_count - 1] = (struct group){spot.block, count};
            if (spot.block < list->block_count && spot.block != list->postings.block)
                kw_postings_prefetch(&list->postings, spot.block);
        }
        double less = this->parts[slot] > spot.most ? this->parts[slot] - spot.most : 0;
        this->slots[count] = slot;
        this->documents[count] = document;
        count += !bounded || batch->bounds[slot] - less >= this->need;
    }
    list->block = spot.block;
    this->count = count;
    this->group_count = group_count;
    this->groups[group_count].first = count;
}

/* Finds the documents of a group in a block that is a bitmap and not decoded: how many, else
 * KW_KERNEL_FEW. *extras tells their frequencies. */
static uint32_t find_bits(struct looking *this, const struct group *group, uint8_t *which,
                          uint8_t *places, struct kw_extras *extras)
{
    struct kw_list *list = this->list;
    struct kw_posting_bits bits;
    if (group->block == list->postings.block ||
        !kw_postings_bits(&list->postings, group->block, &bits))
        return KW_KERNEL_FEW;
    const struct kw_kernel_bits all = {bits.bytes, bits.last - bits.first + 1,
                                       kw_list_size(list, group->block)};
    *extras = bits.extras;
    return list->postings.segment->pages.kernels->find_bits(
        &all, bits.first, this->documents + group->first, group[1].first - group->first, which,
        places);
}

/* Finds the documents of a group. */
static void find(struct looking *this, const struct group *group)
{
    struct kw_list *list = this->list;
    uint8_t which[KW_CANDIDATES], places[KW_CANDIDATES];
    const uint8_t *classes = NULL;
    double table[KW_CLASSES];
    struct kw_extras extras = {NULL, 0};
    uint32_t found = this->found;
    if (group[1].first == group->first || group->block >= list->block_count)
        return;
    uint32_t count = find_bits(this, group, which, places, &extras);
    bool bits = count != KW_KERNEL_FEW;
    if (!bits) {
        if (!kw_list_enter(list, group->block))
            return;
        count = list->postings.segment->pages.kernels->find32(
            list->postings.documents, list->postings.count, this->documents + group->first,
            group[1].first - group->first, which, places);
    }
    if (count && this->look == KW_LOOK_ADDED && !list->scores)
        classes = kw_list_classes(list, group->block, table);
    for (uint32_t i = 0; i < count; i++, found++) {
        uint32_t place = places[i];
        this->there[found] = this->slots[group->first + which[i]];
        this->frequencies[found] = bits ? kw_postings_frequency_of(&list->postings, &extras, place)
                                        : kw_list_frequency(list, place);
        if (list->scores)
            this->scores[found] = this->before[found] = list->scores[place];
        else if (classes)
            this->before[found] = table[kw_class_at(classes, place)];
    }
    this->found = found;
}

/* Takes what was assumed out of the bounds of all. */
static void forget(struct looking *this)
{
    double *bounds = this->batch->bounds;
    for (uint32_t i = 0; i < this->count; i++) {
        uint32_t slot = this->slots[i];
        bounds[slot] -= this->look == KW_LOOK_MAY ? this->parts[slot] : 0;
        this->parts[slot] = 0;
    }
}

/* Gives those found their parts. */
static void give(struct looking *this)
{
    struct kw_candidates *batch = this->batch;
    const struct kw_list *list = this->list;
    bool shared = list->scores || shares_norms(batch, list);
    for (uint32_t i = 0; i < this->found; i++) {
        uint32_t slot = this->there[i];
        double before = this->look == KW_LOOK_ADDED ? this->before[i] : this->parts[slot];
        double norm = shared ? batch->norms[slot] : norm_of(list, batch->documents[slot]);
        double part = list->scores ? this->scores[i]
                                   : kw_bm25_normed(&list->bm25, this->frequencies[i], norm);
        batch->bounds[slot] += part - before;
        this->parts[slot] = part;
    }
}

/* Leaves the batch the documents that were not found. */
static void remove_found(struct looking *this)
{
    uint32_t kept = 0, next = 0;
    for (uint32_t i = 0; i < this->count; i++) {
        bool found = next < this->found && this->there[next] == this->slots[i];
        next += found;
        this->batch->slots[kept] = this->slots[i];
        kept += !found;
    }
    this->batch->count = kept;
}

void kw_candidates_look(struct kw_candidates *batch, struct kw_list *list, enum kw_look look)
{
    struct looking this;
    if (look == KW_LOOK_MAY)
        kw_candidates_settle(batch);
    if (!batch->count)
        return;
    this.batch = batch;
    this.list = list;
    this.look = look;
    this.parts = parts_of(batch, list);
    this.need = kw_pruning_need(batch->pruning);
    this.found = 0;
    choose(&this);
    for (uint32_t i = 0; i < this.group_count; i++)
        find(&this, &this.groups[i]);
    if (look == KW_LOOK_NEVER) {
        remove_found(&this);
        return;
    }
    if (look == KW_LOOK_MUST && !batch->settled) {
        settle(batch, this.there, this.found);
        batch->settled = true;
    }
    if (look != KW_LOOK_MUST)
        forget(&this);
    give(&this);
    if (look == KW_LOOK_MUST)
        keep(batch, this.there, this.found, this.need);
    else
        keep(batch, this.slots, this.count, this.need);
}

enum kw_status kw_candidates_offer(struct kw_candidates *batch, struct kw_error *error)
{
    struct kw_pruning *pruning = batch->pruning;
    enum kw_status status = KW_OK;
    for (uint32_t i = 0; i < pruning->never_count && batch->count; i++)
        kw_candidates_look(batch, pruning->never[i], KW_LOOK_NEVER);
    kw_candidates_settle(batch);
    for (uint32_t i = 0; i < batch->count && status == KW_OK; i++) {
        uint32_t slot = batch->slots[i], document = batch->documents[slot];
        double score = 0;
        bool holds = false;
        if (batch->bounds[slot] < kw_pruning_need(pruning))
            continue;
        for (uint32_t j = 0; j < pruning->leaf_lists; j++) { /* in this order: the same sum */
            score += pruning->parts[j][slot];
            holds = holds || pruning->parts[j][slot] > 0;
        }
        if (holds && !kw_segment_deleted(pruning->segment, document))
            status = pruning->take(pruning->context, document, score, error);
    }
    kw_candidates_clear(batch);
    return status;
}
