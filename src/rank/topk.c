/* The k best documents: a binary heap whose root is the worst hit that is kept. */
#include "rank/topk.h"

#include <stdlib.h>

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
    size_t first = limit < 1024 ? limit : 1024;
    if (first == 0)
        return KW_OK;
    top->hits = calloc(first, sizeof *top->hits);
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
static void sift_down(struct kw_top *top, size_t place, size_t count)
{
    struct kw_hit hit = top->hits[place];
    for (;;) {
        size_t child = 2 * place + 1;
        if (child >= count)
            break;
        if (child + 1 < count && comes_first(top, &top->hits[child], &top->hits[child + 1]))
            child++;
        if (!comes_first(top, &hit, &top->hits[child]))
            break;
        top->hits[place] = top->hits[child];
        place = child;
    }
    top->hits[place] = hit;
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

bool kw_top_wants(const struct kw_top *top, double score, uint64_t document)
{
    struct kw_hit hit = {.score = score, .document = document, .engine = top->engine};
    if (top->count < top->limit || !top->limit)
        return top->limit;
    return top->sort || comes_first(top, &hit, &top->hits[0]);
}

enum kw_status kw_top_offer(struct kw_top *top, double score, uint64_t document,
                            struct kw_error *error)
{
    struct kw_hit hit = {.score = score, .document = document};
    return kw_top_offer_hit(top, &hit, error);
}

enum kw_status kw_top_offer_hit(struct kw_top *top, const struct kw_hit *hit,
                                struct kw_error *error)
{
    struct kw_hit kept = *hit;
    kept.engine = top->engine;
    if (top->limit == 0 || (top->count == top->limit && !comes_first(top, &kept, &top->hits[0])))
        return KW_OK;
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
        sift_down(top, 0, top->count);
    }
    return KW_OK;
}

void kw_top_sort(struct kw_top *top)
{
    for (size_t count = top->count; count > 1; count--) {
        struct kw_hit worst = top->hits[0];
        top->hits[0] = top->hits[count - 1];
        top->hits[count - 1] = worst;
        sift_down(top, 0, count - 1);
    }
}
