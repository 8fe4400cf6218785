/* Reads pairs: a row of bits for each first word says which second ones there are, and how many
 * bits precede one is the pair's number, by which its entry is found. */
#include "index/pairs.h"

#include <stdlib.h>

static int by_documents(const void *a, const void *b)
{
    const struct kw_pair_word *left = a, *right = b;
    if (left->documents != right->documents)
        return left->documents > right->documents ? -1 : 1;
    return (left->ordinal > right->ordinal) - (left->ordinal < right->ordinal);
}

static int by_ordinal(const void *a, const void *b)
{
    const struct kw_pair_word *left = a, *right = b;
    return (left->ordinal > right->ordinal) - (left->ordinal < right->ordinal);
}

uint32_t kw_pairs_choose(struct kw_pair_word *words, size_t count)
{
    uint32_t chosen = count < KW_PAIR_WORDS ? (uint32_t)count : KW_PAIR_WORDS;
    if (!count)
        return 0;
    qsort(words, count, sizeof *words, by_documents);
    qsort(words, chosen, sizeof *words, by_ordinal);
    return chosen;
}

static enum kw_status damage(struct kw_segment *segment, uint64_t at, const char *reason,
                             struct kw_error *error)
{
    kw_pages_damage(&segment->pages, segment->pairs, at, reason);
    return kw_segment_status(segment, error);
}

bool kw_pairs_init(struct kw_pairs *pairs, struct kw_segment *segment)
{
    const struct kw_section *section = segment->pairs;
    if (!section)
        return false;
    uint64_t words = section->parameter;
    if (!words || words > KW_PAIR_WORDS) {
        damage(segment, 0, "the number of words that have pairs makes no sense", NULL);
        return false;
    }
    pairs->words = (uint32_t)words;
    pairs->row_bytes = (uint32_t)((words + 63) / 64 * 8);
    pairs->ordinals = 8;
    pairs->before = pairs->ordinals + words * 4;
    pairs->rows = pairs->before + (words + 1) * 4;
    pairs->offsets = pairs->rows + words * pairs->row_bytes;
    const uint8_t *postings_at = kw_pages_view(&segment->pages, section, 0, 8);
    const uint8_t *count = kw_pages_view(&segment->pages, section, pairs->before + words * 4, 4);
    if (!postings_at || !count)
        return false;
    pairs->postings_at = kw_load64(postings_at);
    pairs->count = kw_load32(count);
    pairs->entries =
        pairs->offsets + ((uint64_t)pairs->count + KW_PAIR_BLOCK - 1) / KW_PAIR_BLOCK * 4;
    if (pairs->entries <= section->size && pairs->count <= words * words &&
        pairs->postings_at <= segment->postings->size)
        return true;
    damage(segment, 0, "the number of pairs makes no sense", NULL);
    return false;
}

enum kw_status kw_pairs_find_word(struct kw_segment *segment, const struct kw_pairs *pairs,
                                  uint64_t ordinal, uint32_t *place, struct kw_error *error)
{
    const uint8_t *ordinals =
        kw_pages_view(&segment->pages, segment->pairs, pairs->ordinals, (uint64_t)pairs->words * 4);
    uint32_t low = 0, high = pairs->words;
    if (!ordinals)
        return kw_segment_status(segment, error);
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        uint32_t found = kw_load32(ordinals + (size_t)middle * 4);
        if (found == ordinal) {
            *place = middle;
            return KW_OK;
        }
        if (found < ordinal)
            low = middle + 1;
        else
            high = middle;
    }
    return KW_E_NOT_FOUND;
}

/* The number of the pair of two places, KW_E_NOT_FOUND if there is none. */
static enum kw_status find_number(struct kw_segment *segment, const struct kw_pairs *pairs,
                                  uint32_t first, uint32_t second, uint32_t *number,
                                  struct kw_error *error)
{
    uint64_t at = pairs->rows + (uint64_t)first * pairs->row_bytes;
    const uint8_t *row = kw_pages_view(&segment->pages, segment->pairs, at, pairs->row_bytes);
    const uint8_t *before =
        kw_pages_view(&segment->pages, segment->pairs, pairs->before + (uint64_t)first * 4, 4);
    if (!row || !before)
        return kw_segment_status(segment, error);
    uint64_t bits = kw_load64(row + second / 64 * 8);
    uint64_t bit = UINT64_C(1) << (second % 64);
    if (!(bits & bit))
        return KW_E_NOT_FOUND;
    *number = kw_load32(before) + (uint32_t)__builtin_popcountll(bits & (bit - 1));
    for (uint32_t word = 0; word < second / 64; word++)
        *number += (uint32_t)__builtin_popcountll(kw_load64(row + word * 8));
    if (*number < pairs->count)
        return KW_OK;
    return damage(segment, at, "a row of pairs makes no sense", error);
}

/* The bytes of a block's entries, verified; an empty view on damage. */
static struct kw_view block_view(struct kw_segment *segment, const struct kw_pairs *pairs,
                                 uint32_t block)
{
    struct kw_pages *pages = &segment->pages;
    bool last = (uint64_t)(block + UINT64_C(1)) * KW_PAIR_BLOCK >= pairs->count;
    uint64_t at = pairs->offsets + (uint64_t)block * 4;
    uint64_t size = segment->pairs->size - pairs->entries;
    const uint8_t *offsets = kw_pages_view(pages, segment->pairs, at, last ? 4 : 8);
    if (!offsets)
        return (struct kw_view){NULL, 0};
    uint64_t from = kw_load32(offsets), to = last ? size : kw_load32(offsets + 4);
    if (from >= to || to > size) {
        damage(segment, at, "a block of pairs is out of order", NULL);
        return (struct kw_view){NULL, 0};
    }
    const uint8_t *data = kw_pages_view(pages, segment->pairs, pairs->entries + from, to - from);
    return (struct kw_view){data, data ? to - from : 0};
}

/* Takes the next entry of the block at hand. */
static bool take_entry(struct kw_pair_cursor *cursor)
{
    struct kw_term *term = &cursor->term;
    uint64_t head, more, gap;
    *term = (struct kw_term){.ordinal = cursor->next};
    if (!kw_take_varint(&cursor->rest, &head) || !kw_take_varint(&cursor->rest, &more) ||
        (head & 3) >= KW_PLACE_SHARED || head >> 2 == 0 || head >> 2 > cursor->segment->documents)
        return false;
    term->place = (enum kw_term_place)(head & 3);
    term->documents = (uint32_t)(head >> 2);
    term->occurrences = term->documents + more;
    if (term->place == KW_PLACE_INLINE)
        return kw_take_string(&cursor->rest, &term->inlined) &&
               term->inlined.size <= KW_INLINE_BYTES;
    if (!kw_take_varint(&cursor->rest, &gap))
        return false;
    cursor->postings_at += gap;
    term->postings_at = cursor->pairs.postings_at + cursor->postings_at;
    return true;
}

enum kw_status kw_pair_cursor_next(struct kw_pair_cursor *cursor, struct kw_error *error)
{
    struct kw_segment *segment = cursor->segment;
    bool ended = cursor->next == cursor->pairs.count;
    bool boundary = cursor->next % KW_PAIR_BLOCK == 0;
    if (cursor->rest.size && (ended || boundary))
        return damage(segment, cursor->pairs.entries, "bytes are left over in a block of pairs",
                      error);
    if (ended)
        return KW_END;
    if (boundary) {
        cursor->rest = block_view(segment, &cursor->pairs, cursor->next / KW_PAIR_BLOCK);
        cursor->postings_at = 0;
    }
    if (!cursor->rest.data || !take_entry(cursor))
        return damage(segment, cursor->pairs.entries, "an entry of a pair makes no sense", error);
    cursor->next++;
    return KW_OK;
}

enum kw_status kw_segment_find_pair(struct kw_segment *segment, const struct kw_term *first,
                                    const struct kw_term *second, struct kw_term *pair,
                                    struct kw_error *error)
{
    struct kw_pair_cursor cursor = {.segment = segment};
    uint32_t places[2], number = 0;
    if (!kw_pairs_init(&cursor.pairs, segment))
        return segment->pairs ? kw_segment_status(segment, error) : KW_END;
    enum kw_status status =
        kw_pairs_find_word(segment, &cursor.pairs, first->ordinal, &places[0], error);
    if (status == KW_OK)
        status = kw_pairs_find_word(segment, &cursor.pairs, second->ordinal, &places[1], error);
    if (status != KW_OK)
        return status == KW_E_NOT_FOUND ? KW_END : status;
    status = find_number(segment, &cursor.pairs, places[0], places[1], &number, error);
    if (status != KW_OK)
        return status;
    cursor.next = number / KW_PAIR_BLOCK * KW_PAIR_BLOCK;
    while (cursor.next <= number && status == KW_OK)
        status = kw_pair_cursor_next(&cursor, error);
    *pair = cursor.term;
    return status;
}
