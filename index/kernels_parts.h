/* What kernels with vectors have in common with the portable ones. */
#ifndef KW_INDEX_KERNELS_PARTS_H
#define KW_INDEX_KERNELS_PARTS_H

#include "base/bytes.h"
#include "index/kernels.h"

/* A sum of a window and what comes to it, at most 65535. */
static inline uint16_t kw_kernel_sum(uint16_t sum, uint16_t more)
{
    uint32_t all = (uint32_t)sum + more;
    return (uint16_t)(all < UINT16_MAX ? all : UINT16_MAX);
}

/* Adds numbers, one a document, to a window of `size` from `base` on. */
static inline void kw_kernel_add(const uint32_t *documents, const uint16_t *numbers, uint32_t count,
                                 uint32_t base, uint32_t size, uint16_t *window)
{
    if (count && documents[0] >= base && documents[count - 1] - base < size) {
        for (uint32_t i = 0; i < count; i++) {
            uint16_t *sum = &window[documents[i] - base];
            *sum = kw_kernel_sum(*sum, numbers[i]);
        }
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = documents[i] - base;
        if (at < size)
            window[at] = kw_kernel_sum(window[at], numbers[i]);
    }
}

/* Bits of a part of a window: bit i of masks[k] is place 64 k + i; bit k of `any`, which of them
 * are not 0. */
struct kw_kernel_places {
    uint64_t masks[64];
    uint64_t any;
};

enum { KW_KERNEL_PART = 4096 }; /* places of a part, at most */

/* Writes the places of the bits, `first` added to each, and returns how many. The masks are used
 * up. Each place takes the same steps, whether its mask has another one or not: which is so cannot
 * be foreseen. */
static inline uint32_t kw_kernel_list(struct kw_kernel_places *part, uint32_t first,
                                      uint32_t *places)
{
    uint32_t found = 0;
    while (part->any) {
        const uint32_t k = (uint32_t)__builtin_ctzll(part->any);
        const uint64_t mask = part->masks[k];
        const uint64_t rest = mask & (mask - 1);
        places[found++] = first + 64 * k + (uint32_t)__builtin_ctzll(mask);
        part->masks[k] = rest;
        part->any = rest ? part->any : part->any & (part->any - 1);
    }
    return found;
}

/* Word `number` of the `size` bits at `packed`, without what is behind them. */
static inline uint64_t kw_kernel_word(const uint8_t *packed, uint32_t size, uint32_t number)
{
    const uint32_t left = size - 64 * number;
    const uint64_t word = kw_load64(packed + 8 * (size_t)number);
    return left < 64 ? word & ((UINT64_C(1) << left) - 1) : word;
}

/* How many of the first `size` bits are set. */
static inline uint32_t kw_kernel_count_bits(const uint8_t *packed, uint32_t size)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; 64 * (uint64_t)i < size; i++)
        sum += (uint64_t)__builtin_popcountll(kw_kernel_word(packed, size, i));
    return (uint32_t)sum;
}

/* Inlined, so that it counts bits by the instructions of its table. */
static inline __attribute__((always_inline)) uint32_t
kw_kernel_find_bits(const struct kw_kernel_bits *bits, uint32_t first, const uint32_t *sought,
                    uint32_t wanted, uint8_t *which, uint8_t *places)
{
    uint64_t words[KW_KERNEL_BITS / 64];
    uint32_t before[KW_KERNEL_BITS / 64], set = 0, found = 0;
    if (bits->size > KW_KERNEL_BITS)
        return KW_KERNEL_FEW;
    for (uint32_t i = 0; 64 * i < bits->size; i++) {
        words[i] = kw_kernel_word(bits->packed, bits->size, i);
        before[i] = set;
        set += (uint32_t)__builtin_popcountll(words[i]);
    }
    if (set != bits->count)
        return KW_KERNEL_FEW;
    for (uint32_t i = 0; i < wanted; i++) {
        const uint32_t at = sought[i] - first;
        if (at >= bits->size)
            continue;
        const uint64_t rest = words[at / 64] << (63 - at % 64); /* up to it */
        which[found] = (uint8_t)i;
        places[found] = (uint8_t)(before[at / 64] + (uint32_t)__builtin_popcountll(rest << 1));
        found += rest >> 63;
    }
    return found;
}

static inline bool kw_kernel_list_bits(const uint8_t *packed, uint32_t size, uint32_t first,
                                       uint32_t count, uint32_t *documents)
{
    if (kw_kernel_count_bits(packed, size) != count)
        return false;
    for (uint32_t i = 0; 64 * (uint64_t)i < size; i++)
        for (uint64_t word = kw_kernel_word(packed, size, i); word; word &= word - 1)
            *documents++ = first + 64 * i + (uint32_t)__builtin_ctzll(word);
    return true;
}

/* A number of `width` (1, 2 or 4) bytes. */
static inline uint32_t kw_kernel_number(const uint8_t *at, uint32_t width)
{
    if (width == 1)
        return at[0];
    return width == 2 ? (uint32_t)at[0] | (uint32_t)at[1] << 8 : kw_load32(at);
}

/* What score_bits does, by the other kernels of the table. */
static inline bool kw_kernel_score_bits(const struct kw_kernels *kernels,
                                        const struct kw_kernel_bits *bits, uint32_t from,
                                        uint32_t to, const uint32_t *frequencies,
                                        const uint8_t *lengths, uint32_t width,
                                        const struct kw_kernel_weights *weights, double *sums)
{
    uint32_t places[KW_KERNEL_BLOCK] = {0}, counted[KW_KERNEL_BLOCK] = {0};
    double scores[KW_KERNEL_BLOCK];
    uint32_t first = 0, end = bits->count;
    if (!kernels->list_bits(bits->packed, bits->size, 0, bits->count, places))
        return false;
    while (first < end && places[first] < from)
        first++;
    while (first < end && places[end - 1] >= to)
        end--;
    for (uint32_t i = first; i < end; i++)
        counted[i - first] = kw_kernel_number(lengths + (size_t)(places[i] - from) * width, width);
    kernels->score(frequencies + first, counted, end - first, weights, scores);
    for (uint32_t i = first; i < end; i++)
        sums[places[i] - from] += scores[i - first];
    return true;
}

/* What add_bits does, by the other kernels of the table. */
static inline bool kw_kernel_add_bits(const struct kw_kernels *kernels,
                                      const struct kw_kernel_bits *bits, uint32_t from, uint32_t to,
                                      const uint8_t *classes, const uint16_t table[16],
                                      uint16_t *window)
{
    uint32_t places[KW_KERNEL_BLOCK];
    if (!kernels->list_bits(bits->packed, bits->size, 0, bits->count, places))
        return false;
    kernels->add_classes(places, classes, bits->count, table, from, to - from, window);
    return true;
}

static inline void kw_kernel_set_bit(uint64_t *bits, uint32_t bit)
{
    bits[bit / 64] |= UINT64_C(1) << (bit % 64);
}

/* Sets bits from four places of the list in turn, byte by byte: what was just written is slow to
 * read, and many documents that are near each other share a word. Where the lowest byte is the
 * first one. */
static inline void kw_kernel_set_bits(const uint32_t *documents, uint32_t count, uint32_t base,
                                      uint64_t *bits)
{
    uint8_t *bytes = (uint8_t *)bits;
    const uint32_t quarter = count / 4;
    for (uint32_t i = 0; i < quarter; i++)
        for (uint32_t k = 0; k < 4; k++) {
            const uint32_t bit = documents[k * quarter + i] - base;
            bytes[bit / 8] |= (uint8_t)(1U << (bit % 8));
        }
    for (uint32_t i = 4 * quarter; i < count; i++)
        kw_kernel_set_bit(bits, documents[i] - base);
}

#endif
