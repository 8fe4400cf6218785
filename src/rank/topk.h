/* The k best documents: highest score first, ties by id bytes, ascending; or by id alone, rising or
 * falling; or first by a field's values.
 *
 * Few are kept in a heap. Many, where scores order them, are gathered until there are half as many
 * again, of which the best are then selected: so a hit takes a few steps however many are kept. */
#ifndef KW_RANK_TOPK_H
#define KW_RANK_TOPK_H

#include "base/arena.h"
#include "base/value.h"

/* A field whose values order the hits; ties go by score, then id. */
struct kw_sort {
    struct kw_view field;
    bool descending; /* by the greatest of a document's values, the greatest first; else by the
                        least of them, the least first */
};

/* The value that a hit is sorted by. Hits without one come last. Numbers are below dates, and these
 * below keywords, where several indexes disagree on the field. */
struct kw_sort_key {
    enum kw_value_type type; /* number, date or keyword; 0: no value */
    uint64_t number;         /* a number's or date's key, or the code of a keyword … */
    struct kw_view word;     /* … or the keyword itself, after the code 0 */
};

struct kw_hit {
    double score;
    uint64_t document; /* as its engine numbers it */
    uint32_t engine;   /* place of its engine among those searched */
    struct kw_sort_key key;
};

/* Orders two documents by id bytes: < 0, 0, > 0. */
typedef int kw_id_order(void *context, const struct kw_hit *a, const struct kw_hit *b);

struct kw_top {
    struct kw_hit *hits; /* a heap, the worst first, or a pile, until kw_top_sort */
    size_t count;
    size_t capacity; /* of `hits`; grows up to the limit, or to half as many again */
    size_t limit;
    bool full;         /* `limit` hits were offered: */
    struct kw_hit bar; /* those that are not better than this are not kept */
    uint32_t engine;   /* set by the caller before an engine searches: goes into the hits */
    bool by_id;
    bool falling;               /* ids, where by_id; set after kw_top_init */
    const struct kw_sort *sort; /* NULL: none; borrowed, set after kw_top_init */
    bool uncounted; /* documents that would not be kept need not be counted; set likewise */
    bool thorough;  /* every document that matches is offered, as tests ask for; set likewise */
    kw_id_order *order;
    void *context;
    struct kw_arena words; /* of the hits' keys */
};

/* Keeps at most `limit` hits (0: none). Memory is taken as they come in, so a large limit costs
 * nothing. KW_E_MEMORY. */
enum kw_status kw_top_init(struct kw_top *top, size_t limit, bool by_id, kw_id_order *order,
                           void *context, struct kw_error *error);
void kw_top_release(struct kw_top *top);

/* Offers a document; keeps it if it is among the best so far. KW_E_MEMORY. */
enum kw_status kw_top_offer(struct kw_top *top, double score, uint64_t document,
                            struct kw_error *error);
/* The same for a hit with a key, whose word is copied if it is kept; its engine is the top's. */
enum kw_status kw_top_offer_hit(struct kw_top *top, const struct kw_hit *hit,
                                struct kw_error *error);
/* What a hit's score has to be at least, if scores order them: 0 as long as any is kept. */
static inline double kw_top_least(const struct kw_top *top)
{
    return top->full ? top->bar.score : 0;
}
/* Whether a document whose score is at most this can still be kept, whatever its key. */
bool kw_top_wants(const struct kw_top *top, double score, uint64_t document);
/* Sorts the hits, best first. No more offers afterwards. */
void kw_top_sort(struct kw_top *top);

#endif
