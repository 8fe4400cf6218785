/* Bounds of a word's postings, and a way to a document among them. */
#include "rank/list.h"

#include <math.h>

static const struct kw_kernels *kernels_of(const struct kw_list *list)
{
    return list->postings.segment->pages.kernels;
}

/* Decodes and scores the one block of a short list. */
static enum kw_status score_all(struct kw_list *list, bool scored, struct kw_arena *arena,
                                struct kw_error *error)
{
    list->block_count = 1;
    list->scores = kw_arena_take(arena, KW_POSTING_BLOCK * sizeof *list->scores);
    if (!list->scores)
        return kw_fail_memory(error);
    if (!kw_postings_enter(&list->postings, 0) || !scored)
        return KW_OK;
    for (uint32_t i = 0; i < list->postings.count; i++) {
        uint32_t length =
            kw_segment_length(list->postings.segment, &list->field, list->postings.documents[i]);
        list->scores[i] = kw_bm25_score(&list->bm25, kw_list_frequency(list, i), length);
        if (list->scores[i] > list->most)
            list->most = list->scores[i];
    }
    return KW_OK;
}

enum kw_status kw_list_init(struct kw_list *list, struct kw_segment *segment,
                            const struct kw_term *term, const struct kw_bm25 *bm25,
                            const struct kw_field_info *field, struct kw_arena *arena,
                            struct kw_error *error)
{
    kw_postings_init(&list->postings, segment, term);
    list->field = *field;
    list->scores = NULL;
    list->most = 0;
    list->block = 0;
    list->need = 0;
    list->code = 0;
    if (bm25) {
        list->bm25 = *bm25;
        list->bounds = kw_bounds_of(bm25, field);
    }
    if (!kw_postings_strengths(&list->postings, &list->strengths))
        return score_all(list, bm25, arena, error);
    list->block_count = list->strengths.block_count;
    if (!bm25)
        return KW_OK;
    kw_bounds_fill(&list->bounds, list->given);
    for (uint32_t i = 0; i < KW_CLASSES; i++) {
        double most = list->given[list->strengths.greatest[i]];
        list->most = most > list->most ? most : list->most;
    }
    return KW_OK;
}

void kw_list_init_plain(struct kw_list *list, struct kw_segment *segment,
                        const struct kw_term *term)
{
    kw_postings_init(&list->postings, segment, term);
    list->scores = NULL;
    list->block = 0;
    list->block_count = list->postings.block_count;
    if (list->block_count == 1)
        kw_postings_enter(&list->postings, 0); /* else the segment is marked */
}

void kw_list_release(struct kw_list *list)
{
    kw_postings_release(&list->postings);
}

double kw_list_least(const struct kw_list *list, uint64_t count)
{
    uint32_t class = KW_CLASSES;
    if (list->scores)
        return 0;
    while (class > 0 && list->strengths.stronger[class - 1] < count)
        class --;
    /* The postings of class − 1 and above are enough: each has a higher code than those below. */
    for (uint32_t below = class ? class - 1 : 0; below > 0; below--)
        if (list->strengths.greatest[below - 1])
            return kw_bounds_least(&list->bounds, list->strengths.greatest[below - 1]);
    return 0;
}

/* The least code of which a posting can give `need`; KW_STRENGTH_CODES if none can. */
static uint32_t code_of(const struct kw_list *list, double need)
{
    uint32_t low = 0, high = KW_STRENGTH_CODES;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (list->given[middle] < need)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t kw_list_strong(struct kw_list *list, uint32_t block, double need)
{
    if (list->scores)
        return block + (block == 0 && list->most < need);
    if (need != list->need) {
        list->need = need;
        list->code = need > 0 ? code_of(list, need) : 0;
    }
    if (list->code == KW_STRENGTH_CODES)
        return list->block_count;
    return kernels_of(list)->first_at_least8(list->strengths.blocks, block, list->block_count,
                                             (uint8_t)list->code);
}

/* Of a short list. */
static double most_score_in(const struct kw_list *list, struct kw_stretch stretch)
{
    double most = 0;
    for (uint32_t i = 0; i < list->postings.count; i++)
        if (list->postings.documents[i] >= stretch.first &&
            list->postings.documents[i] < stretch.end && list->scores[i] > most)
            most = list->scores[i];
    return most;
}

double kw_list_most_in(const struct kw_list *list, uint32_t block, struct kw_stretch stretch)
{
    uint8_t most = 0;
    if (list->scores)
        return most_score_in(list, stretch);
    for (; block < list->block_count; block++) {
        if (list->strengths.blocks[block] > most)
            most = list->strengths.blocks[block];
        if (kw_list_last(list, block) >= stretch.end - 1)
            break;
    }
    return list->given[most] < list->most ? list->given[most] : list->most;
}

static bool sift_scores(const struct kw_list *list, double need, struct kw_sieve *sieve)
{
    uint64_t any = 0;
    for (uint32_t word = 0; word < KW_POSTING_BLOCK / 64; word++)
        sieve->bits[word] = 0;
    for (uint32_t i = 0; i < list->postings.count; i++) {
        uint64_t bit = (uint64_t)(list->scores[i] >= need) << (i % 64);
        sieve->bits[i / 64] |= bit;
        any |= bit;
    }
    return any != 0;
}

bool kw_list_sift(struct kw_list *list, uint32_t block, double need, struct kw_sieve *sieve)
{
    uint32_t least = 0;
    if (list->scores)
        return sift_scores(list, need, sieve);
    while (least < KW_CLASSES && !(list->given[list->strengths.greatest[least]] >= need))
        least++;
    const uint8_t *classes =
        least < KW_CLASSES ? kw_postings_classes(&list->postings, block) : NULL;
    if (!classes)
        return false;
    kernels_of(list)->sieve(classes, least, sieve->bits);
    uint32_t count = kw_list_size(list, block);
    for (uint32_t word = 0; word < KW_POSTING_BLOCK / 64; word++) {
        uint32_t before = word * 64, here = count > before ? count - before : 0;
        if (here < 64)
            sieve->bits[word] &= (UINT64_C(1) << here) - 1;
    }
    return (sieve->bits[0] | sieve->bits[1]) && kw_list_enter(list, block);
}

/* Of a short list. */
static void add_up_scores(const struct kw_list *list, double scale, struct kw_stretch stretch,
                          uint16_t *sums)
{
    for (uint32_t i = 0; i < list->postings.count; i++) {
        uint32_t document = list->postings.documents[i];
        if (document >= stretch.first && document < stretch.end)
            sums[document - stretch.first] += (uint16_t)ceil(list->scores[i] * scale);
    }
}

/* Where the block is a bitmap and not decoded; else false. */
static bool add_up_bits(struct kw_list *list, uint32_t block, const uint8_t *classes,
                        const uint16_t table[KW_CLASSES], struct kw_stretch stretch, uint16_t *sums)
{
    struct kw_posting_bits bits;
    if (block == list->postings.block || !kw_postings_bits(&list->postings, block, &bits))
        return false;
    uint32_t from = bits.first < stretch.first ? stretch.first - bits.first : 0;
    uint32_t to = (bits.last < stretch.end ? bits.last + 1 : stretch.end) - bits.first;
    const struct kw_kernel_bits all = {bits.bytes, bits.last - bits.first + 1,
                                       kw_list_size(list, block)};
    return from < to && kernels_of(list)->add_bits(&all, from, to, classes, table,
                                                   sums + (bits.first + from - stretch.first));
}

void kw_list_add_up(struct kw_list *list, uint32_t block, double scale, struct kw_stretch stretch,
                    uint16_t *sums)
{
    uint16_t table[KW_CLASSES];
    if (list->scores) {
        add_up_scores(list, scale, stretch, sums);
        return;
    }
    const uint8_t *classes = kw_postings_classes(&list->postings, block);
    if (!classes)
        return;
    for (uint32_t i = 0; i < KW_CLASSES; i++)
        table[i] = (uint16_t)ceil(kw_list_most_of_class(list, block, i) * scale);
    if (add_up_bits(list, block, classes, table, stretch, sums) || !kw_list_enter(list, block))
        return;
    kernels_of(list)->add_classes(list->postings.documents, classes, list->postings.count, table,
                                  stretch.first, stretch.end - stretch.first, sums);
}

bool kw_list_find(struct kw_list *list, uint32_t document, uint32_t *at)
{
    struct kw_postings *postings = &list->postings;
    list->block = kw_list_seek(list, list->block, document);
    if (list->block >= list->block_count || !kw_list_enter(list, list->block))
        return false;
    *at = kernels_of(list)->first_at_least32(postings->documents, postings->at, postings->count,
                                             document);
    if (*at == postings->count)
        return false;
    postings->at = *at;
    return postings->documents[*at] == document;
}

const uint8_t *kw_list_classes(struct kw_list *list, uint32_t block, double most[KW_CLASSES])
{
    for (uint32_t i = 0; i < KW_CLASSES; i++)
        most[i] = kw_list_most_of_class(list, block, i);
    return kw_postings_classes(&list->postings, block);
}

/* The lengths of the documents of the decoded block. False on damage. */
static bool read_lengths(struct kw_list *list, uint32_t *lengths)
{
    const struct kw_postings *postings = &list->postings;
    struct kw_segment *segment = postings->segment;
    const uint32_t *documents = postings->documents, count = postings->count;
    const uint64_t width = list->field.width;
    const uint64_t from = documents[0] * width, size = (documents[count - 1] + 1) * width - from;
    const uint8_t *first =
        kw_pages_view(&segment->pages, segment->lengths, list->field.lengths_at + from, size);
    if (!first)
        return false;
    const uint8_t *at = first - from;
    for (uint32_t i = 0; i < count && width == 1; i++)
        lengths[i] = at[documents[i]];
    for (uint32_t i = 0; i < count && width == 2; i++)
        lengths[i] = at[2 * (size_t)documents[i]] | (uint32_t)at[2 * (size_t)documents[i] + 1] << 8;
    for (uint32_t i = 0; i < count && width == 4; i++)
        lengths[i] = kw_load32(at + 4 * (size_t)documents[i]);
    return true;
}

const double *kw_list_score(struct kw_list *list, double *room)
{
    struct kw_postings *postings = &list->postings;
    const struct kw_kernel_weights weights = kw_list_weights(list);
    uint32_t lengths[KW_POSTING_BLOCK];
    if (list->scores)
        return list->scores;
    if (!read_lengths(list, lengths))
        return NULL;
    if (!postings->counted)
        kw_postings_count(postings);
    kernels_of(list)->score(postings->frequencies, lengths, postings->count, &weights, room);
    return room;
}
