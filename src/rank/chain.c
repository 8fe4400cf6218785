/* Finds chains in one pass over the spans, by start.
 *
 * A state says which operands a chain has so far: the set of them, or in the order of the query how
 * many. Of the chains that end with one span in one state only that matters which starts last.
 * Those that may go on are kept for each state in a queue, by end, without those that end earlier
 * and start no later than another one; so the first that is near enough is the best. A pass takes
 * time linear in the spans, times half the number of states where any order will do. */
#include "rank/chain.h"

#include <assert.h>
#include <stdlib.h>

struct entry {
    uint32_t start;
    uint32_t end;
    uint32_t operand;
    uint32_t slot; /* of its values, from its start to its end */
    size_t place;  /* in its operand's list */
};

struct ending {
    uint32_t end;
    size_t entry;
};

/* A chain's end, and where it starts, plus 1. */
struct link {
    uint32_t end;
    uint64_t value;
};

/* Links first..end-1 of the items. */
struct queue {
    struct link *items;
    size_t capacity;
    size_t first;
    size_t end;
};

struct kw_chain {
    struct kw_chain_shape shape;
    uint32_t full;  /* the state that has all operands; 0 has none */
    uint32_t lanes; /* states that have a given operand, last */
    struct {
        struct entry *items; /* by start */
        size_t count;
        size_t capacity;
    } entries;
    struct {
        struct ending *items; /* the entries by end */
        size_t capacity;
    } endings;
    struct {
        uint64_t *items; /* a slot of `lanes` for each span that has not ended: as in a link; 0: no
                            chain */
        size_t capacity;
    } values;
    struct {
        uint32_t *items; /* slots that are free */
        size_t count;
        size_t capacity;
    } slots;
    uint32_t slot_count;
    struct {
        uint64_t *items; /* two bits a lane for each span of an operand; see is_taken */
        size_t capacity;
    } reached;
    struct queue *queues; /* by state, without the full one */
};

/* What a pass does. */
struct pass {
    const struct kw_span *within; /* spans outside of it are left out; NULL: none */
    const size_t *fixed; /* by operand: the place of its only span; SIZE_MAX: all; NULL: all of all
                            operands */
    bool mirrored;       /* from the last position to the first */
    uint32_t watched;    /* the operand whose lanes are noted in `reached`; UINT32_MAX: none */
    struct kw_spans *found; /* gets what full chains cover; NULL: not wanted */
};

enum kw_status kw_chain_new(struct kw_chain **out, const struct kw_chain_shape *shape,
                            struct kw_error *error)
{
    *out = NULL;
    struct kw_chain *chain = calloc(1, sizeof *chain);
    if (!chain)
        return kw_fail_memory(error);
    chain->shape = *shape;
    chain->full = shape->ordered ? shape->operands : (UINT32_C(1) << shape->operands) - 1;
    chain->lanes = shape->ordered ? 1 : UINT32_C(1) << (shape->operands - 1);
    chain->queues = calloc(chain->full, sizeof *chain->queues);
    if (!chain->queues) {
        free(chain);
        return kw_fail_memory(error);
    }
    *out = chain;
    return KW_OK;
}

void kw_chain_free(struct kw_chain *chain)
{
    if (!chain)
        return;
    free(chain->entries.items);
    free(chain->endings.items);
    free(chain->values.items);
    free(chain->slots.items);
    free(chain->reached.items);
    for (uint32_t state = 0; state < chain->full; state++)
        free(chain->queues[state].items);
    free(chain->queues);
    free(chain);
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *left = a, *right = b;
    if (left->start != right->start)
        return left->start < right->start ? -1 : 1;
    if (left->operand != right->operand)
        return left->operand < right->operand ? -1 : 1;
    return (left->place > right->place) - (left->place < right->place);
}

static int compare_endings(const void *a, const void *b)
{
    const struct ending *left = a, *right = b;
    if (left->end != right->end)
        return left->end < right->end ? -1 : 1;
    return (left->entry > right->entry) - (left->entry < right->entry);
}

/* A span of an operand as the pass sees it. */
static struct entry entry_of(const struct kw_chain *chain, const struct pass *pass,
                             const struct kw_span *span, uint32_t operand, size_t place)
{
    struct entry entry = {.start = span->start, .end = span->end, .operand = operand};
    entry.place = place;
    if (pass->mirrored) {
        entry.start = UINT32_MAX - span->end;
        entry.end = UINT32_MAX - span->start;
        if (chain->shape.ordered)
            entry.operand = chain->shape.operands - 1 - operand;
    }
    return entry;
}

/* The first span of the list that the pass may take. */
static size_t first_place(const struct kw_spans *list, const struct pass *pass)
{
    size_t low = 0, high = pass->within ? list->count : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (list->items[middle].start < pass->within->start)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Adds an operand's spans that the pass may take. */
static enum kw_status add_spans(struct kw_chain *chain, const struct kw_spans *list,
                                const struct pass *pass, uint32_t operand, struct kw_error *error)
{
    size_t fixed = pass->fixed ? pass->fixed[operand] : SIZE_MAX;
    for (size_t i = first_place(list, pass); i < list->count; i++) {
        const struct kw_span *span = &list->items[i];
        if (pass->within && span->start > pass->within->end)
            break;
        if ((pass->within && span->end > pass->within->end) || (fixed != SIZE_MAX && fixed != i))
            continue;
        if (!kw_grow(&chain->entries, chain->entries.count + 1))
            return kw_fail_memory(error);
        chain->entries.items[chain->entries.count++] = entry_of(chain, pass, span, operand, i);
    }
    return KW_OK;
}

/* Gathers the spans of the pass, by start and by end. */
static enum kw_status gather(struct kw_chain *chain, const struct kw_spans *lists,
                             const struct pass *pass, struct kw_error *error)
{
    chain->entries.count = 0;
    for (uint32_t operand = 0; operand < chain->shape.operands; operand++) {
        enum kw_status status = add_spans(chain, &lists[operand], pass, operand, error);
        if (status != KW_OK)
            return status;
    }
    size_t count = chain->entries.count;
    if (!kw_grow(&chain->endings, count))
        return kw_fail_memory(error);
    qsort(chain->entries.items, count, sizeof *chain->entries.items, compare_entries);
    bool rising = true;
    for (size_t i = 0; i < count; i++) {
        chain->endings.items[i] = (struct ending){chain->entries.items[i].end, i};
        rising =
            rising && (i == 0 || chain->endings.items[i - 1].end <= chain->entries.items[i].end);
    }
    if (!rising)
        qsort(chain->endings.items, count, sizeof *chain->endings.items, compare_endings);
    return KW_OK;
}

/* Drops from the queue what ends too far before `start`. */
static void expire(const struct kw_chain *chain, struct queue *queue, uint32_t start)
{
    while (queue->first < queue->end &&
           (uint64_t)queue->items[queue->first].end + chain->shape.distance < start)
        queue->first++;
}

/* Adds a chain to a queue; what goes on begins at `start` or behind it. False when memory runs out.
 */
static bool push(const struct kw_chain *chain, struct queue *queue, uint32_t start,
                 struct link link)
{
    expire(chain, queue, start);
    if (link.value == 0 || (uint64_t)link.end + chain->shape.distance < start)
        return true;
    while (queue->first < queue->end && queue->items[queue->end - 1].value <= link.value)
        queue->end--;
    if (queue->first < queue->end && queue->items[queue->end - 1].end == link.end)
        return true;
    if (queue->first > queue->end - queue->first) {
        memmove(queue->items, queue->items + queue->first,
                (queue->end - queue->first) * sizeof *queue->items);
        queue->end -= queue->first;
        queue->first = 0;
    }
    if (!kw_grow(queue, queue->end + 1))
        return false;
    queue->items[queue->end++] = link;
    return true;
}

/* The state of an operand's lane. */
static uint32_t state_of(const struct kw_chain *chain, uint32_t operand, uint32_t lane)
{
    if (chain->shape.ordered)
        return operand + 1;
    uint32_t below = (UINT32_C(1) << operand) - 1;
    return (lane & ~below) << 1 | UINT32_C(1) << operand | (lane & below);
}

/* The state before a chain gets `operand` and comes to `state`. */
static uint32_t state_before(const struct kw_chain *chain, uint32_t operand, uint32_t state)
{
    return chain->shape.ordered ? operand : state ^ UINT32_C(1) << operand;
}

static bool take_slot(struct kw_chain *chain, uint32_t *slot)
{
    if (chain->slots.count) {
        *slot = chain->slots.items[--chain->slots.count];
        return true;
    }
    *slot = chain->slot_count;
    if (!kw_grow(&chain->values, ((size_t)chain->slot_count + 1) * chain->lanes) ||
        !kw_grow(&chain->slots, (size_t)chain->slot_count + 1))
        return false;
    chain->slot_count++;
    return true;
}

/* A span has ended: its chains may go on at `start` or behind it. */
static enum kw_status leave(struct kw_chain *chain, const struct entry *entry, uint32_t start,
                            struct kw_error *error)
{
    const uint64_t *values = &chain->values.items[(size_t)entry->slot * chain->lanes];
    for (uint32_t lane = 0; lane < chain->lanes; lane++) {
        uint32_t state = state_of(chain, entry->operand, lane);
        struct link link = {entry->end, values[lane]};
        if (state != chain->full && !push(chain, &chain->queues[state], start, link))
            return kw_fail_memory(error);
    }
    chain->slots.items[chain->slots.count++] = entry->slot;
    return KW_OK;
}

/* Words of `reached` for a span and a direction. */
static size_t reached_words(const struct kw_chain *chain)
{
    return (chain->lanes + 63) / 64;
}

/* A span begins: the chains that can end with it. */
static enum kw_status enter(struct kw_chain *chain, struct entry *entry, const struct pass *pass,
                            struct kw_error *error)
{
    if (!take_slot(chain, &entry->slot))
        return kw_fail_memory(error);
    uint64_t *values = &chain->values.items[(size_t)entry->slot * chain->lanes];
    for (uint32_t lane = 0; lane < chain->lanes; lane++) {
        uint32_t state = state_of(chain, entry->operand, lane);
        uint32_t before = state_before(chain, entry->operand, state);
        struct queue *queue = &chain->queues[before];
        values[lane] = before ? 0 : (uint64_t)entry->start + 1;
        expire(chain, queue, entry->start);
        if (queue->first < queue->end)
            values[lane] = queue->items[queue->first].value;
        if (values[lane] == 0)
            continue;
        if (entry->operand == pass->watched) {
            size_t bit = (2 * entry->place + pass->mirrored) * reached_words(chain) * 64 + lane;
            chain->reached.items[bit / 64] |= UINT64_C(1) << (bit % 64);
        }
        if (state == chain->full && pass->found) {
            enum kw_status status =
                kw_spans_add(pass->found, (uint32_t)(values[lane] - 1), entry->end, 0, error);
            if (status != KW_OK)
                return status;
        }
    }
    return KW_OK;
}

static enum kw_status run(struct kw_chain *chain, const struct kw_spans *lists,
                          const struct pass *pass, struct kw_error *error)
{
    size_t ended = 0;
    enum kw_status status = gather(chain, lists, pass, error);
    for (uint32_t state = 0; state < chain->full; state++)
        chain->queues[state].first = chain->queues[state].end = 0;
    chain->slots.count = 0;
    chain->slot_count = 0;
    for (size_t i = 0; i < chain->entries.count && status == KW_OK; i++) {
        struct entry *entry = &chain->entries.items[i];
        for (; status == KW_OK && chain->endings.items[ended].end < entry->start; ended++)
            status = leave(chain, &chain->entries.items[chain->endings.items[ended].entry],
                           entry->start, error);
        if (status == KW_OK)
            status = enter(chain, entry, pass, error);
    }
    return status;
}

/* By end, then from the last start to the first. */
static int compare_stretches(const void *a, const void *b)
{
    const struct kw_span *left = a, *right = b;
    if (left->end != right->end)
        return left->end < right->end ? -1 : 1;
    return (left->start < right->start) - (left->start > right->start);
}

/* Drops every stretch that contains another one. */
static void keep_minimal(struct kw_spans *found)
{
    size_t kept = 0;
    if (found->count > 1)
        qsort(found->items, found->count, sizeof *found->items, compare_stretches);
    for (size_t i = 0; i < found->count; i++)
        if (kept == 0 || found->items[i].start > found->items[kept - 1].start)
            found->items[kept++] = found->items[i];
    found->count = kept;
}

/* Whether the spans are of one position each. */
static bool are_points(const struct kw_spans *spans)
{
    for (size_t i = 0; i < spans->count; i++)
        if (spans->items[i].start != spans->items[i].end)
            return false;
    return true;
}

/* The common case in short: two operands of single positions. The nearest before a position is the
 * best. */
static enum kw_status find_pairs(const struct kw_chain *chain, const struct kw_spans *lists,
                                 struct kw_spans *found, struct kw_error *error)
{
    const struct kw_span *at[2] = {lists[0].items, lists[1].items};
    const struct kw_span *end[2] = {at[0] + lists[0].count, at[1] + lists[1].count};
    uint64_t last[2] = {0, 0}; /* each operand's last position, plus 1 */
    enum kw_status status = KW_OK;
    while (status == KW_OK && (at[0] < end[0] || at[1] < end[1])) {
        bool first = at[1] == end[1] || (at[0] < end[0] && at[0]->start <= at[1]->start);
        bool second = at[0] == end[0] || (at[1] < end[1] && at[1]->start <= at[0]->start);
        uint64_t position = first ? at[0]->start : at[1]->start;
        uint64_t before = second ? last[0] : 0;
        if (first && !chain->shape.ordered && last[1] > before)
            before = last[1];
        if (before && position - (before - 1) <= chain->shape.distance &&
            (found->count == 0 || before - 1 > found->items[found->count - 1].start))
            status = kw_spans_add(found, (uint32_t)(before - 1), (uint32_t)position, 0, error);
        if (first)
            last[0] = at[0]++->start + UINT64_C(1);
        if (second)
            last[1] = at[1]++->start + UINT64_C(1);
    }
    return status;
}

enum kw_status kw_chain_find(struct kw_chain *chain, const struct kw_spans *lists,
                             struct kw_spans *found, struct kw_error *error)
{
    struct pass pass = {.watched = UINT32_MAX, .found = found};
    found->count = 0;
    for (uint32_t i = 0; i < chain->shape.operands; i++)
        if (lists[i].count == 0)
            return KW_OK;
    if (chain->shape.operands == 2 && are_points(&lists[0]) && are_points(&lists[1]))
        return find_pairs(chain, lists, found, error);
    enum kw_status status = run(chain, lists, &pass, error);
    keep_minimal(found);
    return status;
}

/* Whether some chain takes the span at `place` of the watched operand: one that comes to it from
 * the first position on with some of the other operands, and one that comes to it from the last
 * position back with the others. */
static bool is_taken(const struct kw_chain *chain, size_t place)
{
    size_t words = reached_words(chain);
    const uint64_t *ahead = &chain->reached.items[2 * place * words], *back = ahead + words;
    for (uint32_t lane = 0; lane < chain->lanes; lane++) {
        uint32_t others = chain->lanes - 1 - lane;
        if (ahead[lane / 64] >> (lane % 64) & back[others / 64] >> (others % 64) & 1)
            return true;
    }
    return false;
}

/* Empties what is noted of the spans that lie within the pass's stretch; *first is the first of
 * them. */
static enum kw_status clear_reached(struct kw_chain *chain, const struct kw_spans *list,
                                    const struct pass *pass, size_t *first, struct kw_error *error)
{
    size_t words = 2 * reached_words(chain), last = *first = first_place(list, pass);
    while (last < list->count && list->items[last].start <= pass->within->end)
        last++;
    if (!kw_grow(&chain->reached, last * words))
        return kw_fail_memory(error);
    memset(chain->reached.items + *first * words, 0, (last - *first) * words * sizeof(uint64_t));
    return KW_OK;
}

enum kw_status kw_chain_choose(struct kw_chain *chain, const struct kw_spans *lists,
                               const struct kw_span *match, size_t *places, struct kw_error *error)
{
    uint32_t operands = chain->shape.operands;
    enum kw_status status = KW_OK;
    for (uint32_t i = 0; i < operands; i++)
        places[i] = SIZE_MAX;
    for (uint32_t i = 0; i < operands && status == KW_OK; i++) {
        struct pass pass = {.within = match, .fixed = places, .watched = i};
        size_t place = 0;
        status = clear_reached(chain, &lists[i], &pass, &place, error);
        if (status == KW_OK)
            status = run(chain, lists, &pass, error);
        pass.mirrored = true;
        if (chain->shape.ordered)
            pass.watched = operands - 1 - i;
        if (status == KW_OK)
            status = run(chain, lists, &pass, error);
        while (status == KW_OK && !is_taken(chain, place)) {
            place++;
            assert(place < lists[i].count);
        }
        places[i] = place;
    }
    return status;
}
