/* Lists: a word's postings in a segment with what they can give, so that a search can pass over
 * those that cannot matter before it decodes them.
 *
 * A long list has strengths (index/postings.h), which bound what its blocks of 128 postings, and
 * the classes of these, can give. A short one, of a single block, is decoded and scored at once. */
#ifndef KW_RANK_LIST_H
#define KW_RANK_LIST_H

#include "base/arena.h"
#include "rank/bounds.h"

struct kw_list {
    struct kw_postings postings;
    struct kw_field_info field;
    struct kw_bm25 bm25;
    struct kw_bounds bounds;
    uint32_t block_count;          /* at least 1 */
    struct kw_strengths strengths; /* of a long one, … */
    double
        given[KW_STRENGTH_CODES]; /* … and what a posting of a code, or of a lower one, can give */
    double *scores;               /* of a short one: what its postings give; else NULL */
    double most;                  /* what any posting can give */
    uint32_t block;               /* the first that may hold the document looked for next */
    double need;                  /* asked for last in kw_list_strong, and … */
    uint32_t code;                /* … the least code that can give it; 256: none can */
};

/* A bit for each posting of a block. */
struct kw_sieve {
    uint64_t bits[KW_POSTING_BLOCK / 64];
};

/* Documents from `first` on, before `end`. */
struct kw_stretch {
    uint32_t first;
    uint32_t end;
};

/* Opens the postings of `term`, to be scored by `bm25`; with NULL they can be looked for but give
 * nothing. The scores of a short list lie in the arena. Release it whatever it returns.
 * KW_E_MEMORY; damage marks the segment. */
enum kw_status kw_list_init(struct kw_list *list, struct kw_segment *segment,
                            const struct kw_term *term, const struct kw_bm25 *bm25,
                            const struct kw_field_info *field, struct kw_arena *arena,
                            struct kw_error *error);
/* The same only to look for documents (kw_list_find, kw_list_frequency). It cannot fail. */
void kw_list_init_plain(struct kw_list *list, struct kw_segment *segment,
                        const struct kw_term *term);
void kw_list_release(struct kw_list *list);

/* What at least `count` of its postings give, each; 0 if there are not so many, or that is not
 * known. */
double kw_list_least(const struct kw_list *list, uint64_t count);

/* The last document of a block. */
static inline uint32_t kw_list_last(const struct kw_list *list, uint32_t block)
{
    const struct kw_postings *postings = &list->postings;
    if (postings->last)
        return kw_postings_last(postings, block);
    return postings->count ? postings->documents[postings->count - 1] : 0;
}

/* The first block from `block` on with a document ≥ `document`; block_count if there is none. */
static inline uint32_t kw_list_seek(const struct kw_list *list, uint32_t block, uint32_t document)
{
    if (block >= list->block_count || kw_list_last(list, block) >= document)
        return block; /* mostly */
    return kw_postings_find_block(&list->postings, block + 1, document);
}

/* The first block from `block` on of which a posting can give `need`; block_count if none can. */
uint32_t kw_list_strong(struct kw_list *list, uint32_t block, double need);
/* What a posting in the stretch can give at most, where `block` is its first block; 0 if there is
 * none. */
double kw_list_most_in(const struct kw_list *list, uint32_t block, struct kw_stretch stretch);

/* Which postings of a block can give `need`. If any can, the block is decoded: its documents are
 * postings.documents, postings.count of them. False if none can, or on damage. */
bool kw_list_sift(struct kw_list *list, uint32_t block, double need, struct kw_sieve *sieve);

/* Adds to sums[document - stretch.first], for the documents of a block in the stretch, what the
 * list can give them, in units of 1 / scale, rounded up. All together must stay below 65,536. */
void kw_list_add_up(struct kw_list *list, uint32_t block, double scale, struct kw_stretch stretch,
                    uint16_t *sums);

/* How many postings a block of a long list has. */
static inline uint32_t kw_list_size(const struct kw_list *list, uint32_t block)
{
    uint32_t rest = list->postings.term.documents - block * KW_POSTING_BLOCK;
    return rest < KW_POSTING_BLOCK ? rest : KW_POSTING_BLOCK;
}

/* What its postings are scored by. */
static inline struct kw_kernel_weights kw_list_weights(const struct kw_list *list)
{
    return (struct kw_kernel_weights){list->bm25.weight, list->bm25.fixed, list->bm25.slope};
}

/* Scores all postings of the decoded block: those of a short list, else `room` is filled, of
 * KW_POSTING_BLOCK numbers. NULL on damage. */
const double *kw_list_score(struct kw_list *list, double *room);

/* Looks for a document not before the one looked for last: its place among the decoded ones. */
bool kw_list_find(struct kw_list *list, uint32_t document, uint32_t *at);
/* What a posting of a class can give in a block of a long list: of the class as a whole that can be
 * much more. */
static inline double kw_list_most_of_class(const struct kw_list *list, uint32_t block,
                                           uint32_t class)
{
    uint8_t greatest = list->strengths.greatest[class], here = list->strengths.blocks[block];
    return list->given[greatest < here ? greatest : here];
}
/* How often the word stands in the document at this place of the decoded block. */
static inline uint32_t kw_list_frequency(struct kw_list *list, uint32_t at)
{
    return kw_postings_frequency_at(&list->postings, at);
}

/* What a posting in a block (below block_count) can give at most. */
static inline double kw_list_most_of_block(const struct kw_list *list, uint32_t block)
{
    return list->scores ? list->most : list->given[list->strengths.blocks[block]];
}

/* The class of the posting at a place of a block. */
static inline uint32_t kw_class_at(const uint8_t *classes, uint32_t place)
{
    return classes[place / 2] >> (place % 2 * 4) & 15;
}

/* The classes of a block of a long list, and what a posting of each can give there. NULL on damage.
 */
const uint8_t *kw_list_classes(struct kw_list *list, uint32_t block, double most[KW_CLASSES]);

/* Decodes the documents of a block, unless they are. False on damage. */
static inline bool kw_list_enter(struct kw_list *list, uint32_t block)
{
    return list->postings.block == block || kw_postings_enter(&list->postings, block);
}

#endif
