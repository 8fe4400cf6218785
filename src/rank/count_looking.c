/* Counts by looking the documents of one list up in others, a block at a time. */
#include "rank/counting.h"

static bool has_bit(const struct kw_posting_bits *bits, uint32_t document)
{
    uint32_t place = document - bits->first;
    return bits->bytes[place / 8] >> (place % 8) & 1;
}

/* Keeps of the documents up to `last` those that are there, or that are not. *next is the first
 * behind them. */
static uint32_t keep_by_bits(const struct kw_posting_bits *bits, bool wanted, uint32_t *documents,
                             uint32_t count, uint32_t *next, uint32_t kept)
{
    for (; *next < count && documents[*next] <= bits->last; ++*next) {
        uint32_t document = documents[*next];
        documents[kept] = document;
        kept += has_bit(bits, document) == wanted;
    }
    return kept;
}

/* The same in a block of gaps. */
static uint32_t keep_by_places(struct kw_list *list, bool wanted, uint32_t *documents,
                               uint32_t count, uint32_t *next, uint32_t kept)
{
    uint32_t last = kw_list_last(list, list->block), at;
    do {
        uint32_t document = documents[*next];
        documents[kept] = document;
        kept += kw_list_find(list, document, &at) == wanted;
        ++*next;
    } while (*next < count && documents[*next] <= last);
    return kept;
}

/* Keeps of rising documents those that the list holds, or those that it does not. */
static uint32_t keep(const struct kw_sought *sought, uint32_t *documents, uint32_t count)
{
    struct kw_list *list = sought->list;
    uint32_t kept = 0, next = 0;
    while (next < count) {
        struct kw_posting_bits bits;
        list->block = kw_list_seek(list, list->block, documents[next]);
        if (list->block >= list->block_count)
            break;
        if (kw_postings_bits(&list->postings, list->block, &bits))
            kept = keep_by_bits(&bits, sought->wanted, documents, count, &next, kept);
        else
            kept = keep_by_places(list, sought->wanted, documents, count, &next, kept);
    }
    while (!sought->wanted && next < count)
        documents[kept++] = documents[next++];
    return kept;
}

static uint32_t count_live(struct kw_segment *segment, const uint32_t *documents, uint32_t count)
{
    uint32_t live = count;
    for (uint32_t i = 0; segment->deletes && i < count; i++)
        live -= kw_segment_deleted(segment, documents[i]);
    return live;
}

uint64_t kw_count_by_looking(struct kw_segment *segment, struct kw_list *lead,
                             const struct kw_sought *sought, uint32_t count)
{
    struct kw_postings *postings = &lead->postings;
    uint32_t documents[KW_POSTING_BLOCK];
    uint64_t found = 0;
    for (uint32_t i = 0; i < count; i++)
        sought[i].list->block = sought[i].list->postings.at = 0;
    for (uint32_t block = 0; block < lead->block_count; block++) {
        if (postings->block != block && !kw_postings_enter(postings, block))
            break;
        uint32_t left = postings->count;
        memcpy(documents, postings->documents, left * sizeof *documents);
        for (uint32_t i = 0; i < count && left; i++)
            left = keep(&sought[i], documents, left);
        found += count_live(segment, documents, left);
    }
    return found;
}
