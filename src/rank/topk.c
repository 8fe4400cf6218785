/* The k best documents: a binary heap whose root is the worst hit that is kept, or a pile. */
#include "rank/topk.h"

#include <stdlib.h>

enum {
    PILE_LEAST = 40, /* hits to keep that are not better off in a heap */
    PART = 2,        /* the pile grows by one in so many before the best are selected */
    DIGIT = 8,       /* bits by which scores are sorted at a time, … */
    DIGITS = 1 << DIGIT,
    LOWEST = 24, /* … from this one on */
};

/* Which of two hits has the first value: < 0, 0, > 0. */
static int compare_values(const struct kw_sort *sort, const struct kw_sort_key *a,
                          const struct kw_sort_key *b)
{
    if (!a->type || !b->type)
        return !a->type - !b->type;
    int order = kw_type_compare(a->type, b->type);
    if (!order)
        order = (a->number > b->number) - (a->number < b->number);
    if (!order)
        order = kw_view_compare(a->word, b->word);
    return sort->descending ? -order : order;
}

/* Whether `a` comes before `b` in the results. */
static bool comes_first(const struct kw_top *top, const struct kw_hit *a, const struct kw_hit *b)
{
    int order = top->sort ? compare_values(top->sort, &a->key, &b->key) : 0;
    if (order)
        return order < 0;
    if (!top->by_id && a->score != b->score)
        return a->score > b->score;
    int ids = top->order(top->context, a, b);
    return top->by_id && top->falling ? ids > 0 : ids < 0;
}

enum kw_status kw_top_init(struct kw_top *top, size_t limit, bool by_id, kw_id_order *order,
                           void *context, struct kw_error *error)
{
    *top = (struct kw_top){.limit = limit, .by_id = by_id, .order = order, .context = context};
    size_t first = limit < 1024 ? limit + limit / PART : 1024;
    if (first == 0)
        return KW_OK;
    top->hits = malloc(first * sizeof *top->hits);
    if (!top->hits)
        return kw_fail_memory(error);
    top->capacity = first;
    return KW_OK;
}

void kw_top_release(struct kw_top *top)
{
    free(top->hits);
    kw_arena_release(&top->words);
    *top = (struct kw_top){.hits = NULL};
}

/* Moves the hit at `place` down until nothing below it is worse, among the first `count`. */
static void sift_down(const struct kw_top *top, struct kw_hit *hits, size_t place, size_t count)
{
    struct kw_hit hit = hits[place];
    for (;;) {
        size_t child = 2 * place + 1;
        if (child >= count)
            break;
        if (child + 1 < count && comes_first(top, &hits[child], &hits[child + 1]))
            child++;
        if (!comes_first(top, &hit, &hits[child]))
            break;
        hits[place] = hits[child];
        place = child;
    }
    hits[place] = hit;
}

/* Sorts a heap, the best first. */
static void sort_heap(const struct kw_top *top, struct kw_hit *hits, size_t count)
{
    for (; count > 1; count--) {
        struct kw_hit worst = hits[0];
        hits[0] = hits[count - 1];
        hits[count - 1] = worst;
        sift_down(top, hits, 0, count - 1);
    }
}

/* Sorts hits in any order, the best first. */
static void sort_hits(const struct kw_top *top, struct kw_hit *hits, size_t count)
{
    for (size_t i = count / 2; i-- > 0;)
        sift_down(top, hits, i, count);
    sort_heap(top, hits, count);
}

static void sift_up(struct kw_top *top, size_t place)
{
    struct kw_hit hit = top->hits[place];
    while (place > 0) {
        size_t parent = (place - 1) / 2;
        if (!comes_first(top, &top->hits[parent], &hit))
            break;
        top->hits[place] = top->hits[parent];
        place = parent;
    }
    top->hits[place] = hit;
}

/* ---- A pile ------------------------------------------------------------------------------- */

static bool is_pile(const struct kw_top *top)
{
    return top->limit >= PILE_LEAST && !top->sort && !top->by_id;
}

/* What rises as a score falls: scores are not negative, so their bits rise as they do. */
static uint64_t key_of(const struct kw_hit *hit)
{
    uint64_t bits;
    memcpy(&bits, &hit->score, sizeof bits);
    return ~bits;
}

/* Moves the keys up to `bound` to the front: how many. It takes the same steps for any order. */
static size_t gather_up_to(uint64_t *keys, size_t count, uint64_t bound)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t key = keys[i];
        keys[i] = keys[found];
        keys[found] = key;
        found += key <= bound;
    }
    return found;
}

static uint64_t middle_of(uint64_t a, uint64_t b, uint64_t c)
{
    uint64_t low = a < b ? a : b, high = a < b ? b : a;
    return c < low ? low : c > high ? high : c;
}

/* The key of which `before` (< count) are not behind it, if they were sorted: Hoare's "Find", 1961.
 * Changes their order. */
static uint64_t find_key(uint64_t *keys, size_t count, size_t before)
{
    for (;;) {
        uint64_t middle = middle_of(keys[0], keys[count / 2], keys[count - 1]);
        size_t less = gather_up_to(keys, count, middle - 1); /* 0 is no score's */
        if (before < less) {
            count = less;
            continue;
        }
        size_t same = gather_up_to(keys + less, count - less, middle);
        if (before < less + same)
            return middle;
        keys += less + same;
        count -= less + same;
        before -= less + same;
    }
}

/* Leaves the pile its best hits, and sets the bar. */
static enum kw_status select_best(struct kw_top *top, struct kw_error *error)
{
    uint64_t *keys = malloc(top->count * sizeof *keys);
    size_t better = 0, end = 0;
    if (!keys)
        return kw_fail_memory(error);
    for (size_t i = 0; i < top->count; i++)
        keys[i] = key_of(&top->hits[i]);
    uint64_t last = find_key(keys, top->count, top->limit - 1);
    free(keys);
    for (size_t i = 0; i < top->count; i++) { /* those before the last key, then those of it */
        struct kw_hit hit = top->hits[i];
        uint64_t key = key_of(&hit);
        if (key > last)
            continue;
        top->hits[i] = top->hits[end];
        top->hits[end] = hit;
        if (key < last) {
            top->hits[end] = top->hits[better];
            top->hits[better++] = hit;
        }
        end++;
    }
    sort_hits(top, top->hits + better, end - better);
    top->count = top->limit;
    top->bar = top->hits[top->limit - 1];
    top->full = true;
    return KW_OK;
}

/* Offers a hit, of which no copy is made before its place is known. */
static enum kw_status offer_to_pile(struct kw_top *top, const struct kw_hit *hit,
                                    struct kw_error *error)
{
    if (top->full && (hit->score < top->bar.score || !kw_top_wants(top, hit->score, hit->document)))
        return KW_OK;
    if (top->count == top->capacity &&
        !kw_grow_raw(&top->hits, &top->capacity, top->count + 1, sizeof *top->hits))
        return kw_fail_memory(error);
    top->hits[top->count++] =
        (struct kw_hit){.score = hit->score, .document = hit->document, .engine = top->engine};
    if (top->count < top->limit || (top->full && top->count - top->limit < top->limit / PART))
        return KW_OK;
    return select_best(top, error);
}

/* A hit to sort. */
struct entry {
    uint64_t key;
    size_t place;
};

/* Sorts by one digit of the keys; false if all have the same, and nothing was moved. */
static bool sort_by_digit(const struct entry *from, struct entry *to, size_t count, int shift)
{
    size_t starts[DIGITS] = {0}, sum = 0;
    for (size_t i = 0; i < count; i++)
        starts[from[i].key >> shift & (DIGITS - 1)]++;
    if (starts[from[0].key >> shift & (DIGITS - 1)] == count)
        return false;
    for (size_t i = 0; i < DIGITS; i++) {
        size_t here = starts[i];
        starts[i] = sum;
        sum += here;
    }
    for (size_t i = 0; i < count; i++)
        to[starts[from[i].key >> shift & (DIGITS - 1)]++] = from[i];
    return true;
}

/* Moves each hit to where its entry is. */
static void reorder(struct kw_hit *hits, struct entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct kw_hit first = hits[i];
        size_t at = i;
        for (size_t next; (next = entries[at].place) != i; at = next) {
            hits[at] = hits[next];
            entries[at].place = at;
        }
        hits[at] = first;
        entries[at].place = at;
    }
}

/* Sorts the pile by most bits of the scores at first. If memory runs out, as it is. */
static void sort_pile(struct kw_top *top)
{
    size_t count = top->count;
    struct entry *entries = malloc(2 * count * sizeof *entries);
    struct entry *from = entries, *to = entries ? entries + count : NULL;
    if (!entries) {
        sort_hits(top, top->hits, count);
        return;
    }
    for (size_t i = 0; i < count; i++)
        from[i] = (struct entry){key_of(&top->hits[i]), i};
    for (int shift = LOWEST; shift < 64; shift += DIGIT) {
        if (sort_by_digit(from, to, count, shift)) {
            struct entry *other = from;
            from = to;
            to = other;
        }
    }
    reorder(top->hits, from, count);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && from[end].key >> LOWEST == from[i].key >> LOWEST;)
            end++;
        if (end - i > 1)
            sort_hits(top, top->hits + i, end - i);
    }
    free(entries);
}

/* ---- Offers ------------------------------------------------------------------------------- */

bool kw_top_wants(const struct kw_top *top, double score, uint64_t document)
{
    struct kw_hit hit = {.score = score, .document = document, .engine = top->engine};
    if (!top->full)
        return top->limit;
    return top->sort || comes_first(top, &hit, &top->bar);
}

enum kw_status kw_top_offer(struct kw_top *top, double score, uint64_t document,
                            struct kw_error *error)
{
    struct kw_hit hit = {.score = score, .document = document};
    return kw_top_offer_hit(top, &hit, error);
}

static enum kw_status offer_to_heap(struct kw_top *top, const struct kw_hit *hit,
                                    struct kw_error *error)
{
    struct kw_hit kept = *hit;
    if (kept.key.word.size) {
        kept.key.word = kw_arena_copy(&top->words, hit->key.word);
        if (!kept.key.word.data)
            return kw_fail_memory(error);
    }
    if (top->count < top->limit) {
        if (top->count == top->capacity &&
            !kw_grow_raw(&top->hits, &top->capacity, top->count + 1, sizeof *top->hits))
            return kw_fail_memory(error);
        top->hits[top->count++] = kept;
        sift_up(top, top->count - 1);
    } else {
        top->hits[0] = kept;
        sift_down(top, top->hits, 0, top->count);
    }
    top->full = top->count == top->limit;
    top->bar = top->hits[0];
    return KW_OK;
}

enum kw_status kw_top_offer_hit(struct kw_top *top, const struct kw_hit *hit,
                                struct kw_error *error)
{
    if (top->limit == 0)
        return KW_OK;
    if (is_pile(top))
        return offer_to_pile(top, hit, error);
    struct kw_hit kept = *hit;
    kept.engine = top->engine;
    return top->full && !comes_first(top, &kept, &top->bar) ? KW_OK
                                                            : offer_to_heap(top, &kept, error);
}

void kw_top_sort(struct kw_top *top)
{
    if (!is_pile(top)) {
        sort_heap(top, top->hits, top->count);
        return;
    }
    if (top->count > 1)
        sort_pile(top);
    top->count = top->count < top->limit ? top->count : top->limit;
}
