/* The portable kernels, which define what all of them give. */
#include "index/bitpack.h"
#include "index/kernels_parts.h"

static uint64_t unpack_rising(const uint8_t *packed, uint32_t *documents, uint32_t count,
                              uint32_t bits, uint32_t next)
{
    uint64_t last = (uint64_t)next - 1;
    for (uint32_t i = 0; i < count; i++) {
        last += (uint64_t)kw_bitpack_at(packed, i, bits) + 1;
        documents[i] = (uint32_t)last;
    }
    return last;
}

static uint64_t unpack_part(const uint8_t *packed, uint32_t from, uint32_t *rising, uint32_t count,
                            uint32_t bits, uint32_t next)
{
    uint64_t last = (uint64_t)next - 1;
    for (uint32_t i = 0; i < count; i++) {
        last += (uint64_t)kw_bitpack_at(packed, from + i, bits) + 1;
        rising[i] = (uint32_t)last;
    }
    return last;
}

static uint32_t nibble(const uint8_t *classes, uint32_t i)
{
    return classes[i / 2] >> (i % 2 * 4) & 15;
}

static void sieve(const uint8_t *classes, uint32_t least, uint64_t mask[2])
{
    mask[0] = 0;
    mask[1] = 0;
    for (uint32_t i = 0; i < 128; i++)
        mask[i / 64] |= (uint64_t)(nibble(classes, i) >= least) << (i % 64);
}

static uint32_t first_at_least8(const uint8_t *codes, uint32_t from, uint32_t count, uint8_t least)
{
    while (from < count && codes[from] < least)
        from++;
    return from;
}

static uint32_t first_at_least32(const uint32_t *rising, uint32_t from, uint32_t count,
                                 uint32_t target)
{
    while (from < count && rising[from] < target)
        from++;
    return from;
}

/* Halves without branches: where a search ends cannot be foreseen. */
static uint32_t find32(const uint32_t *rising, uint32_t count, const uint32_t *sought,
                       uint32_t wanted, uint8_t *which, uint8_t *places)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < wanted; i++) {
        uint32_t at = 0, target = sought[i];
        for (uint32_t size = count; size > 1;) {
            uint32_t half = size / 2;
            at += half & -(uint32_t)(rising[at + half - 1] < target);
            size -= half;
        }
        which[found] = (uint8_t)i;
        places[found] = (uint8_t)at;
        found += rising[at] == target;
    }
    return found;
}

static uint32_t keep32(const uint32_t *sought, uint32_t wanted, uint32_t shift,
                       const uint32_t *rising, uint32_t count, uint32_t *kept)
{
    uint32_t found = 0, at = 0;
    for (uint32_t i = 0; i < wanted; i++) {
        uint32_t target = sought[i] + shift;
        while (at < count && rising[at] < target)
            at++;
        if (at == count)
            break;
        kept[found] = sought[i];
        found += rising[at] == target;
    }
    return found;
}

static void add_classes(const uint32_t *documents, const uint8_t *classes, uint32_t count,
                        const uint16_t table[16], uint32_t base, uint32_t size, uint16_t *window)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = documents[i] - base;
        if (at < size)
            window[at] = kw_kernel_sum(window[at], table[nibble(classes, i)]);
    }
}

static uint32_t above16(const uint16_t *window, uint32_t size, uint16_t least, uint32_t *places)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < size; i++) {
        if (window[i] >= least)
            places[found++] = i;
    }
    return found;
}

static void score(const uint32_t *frequencies, const uint32_t *lengths, uint32_t count,
                  const struct kw_kernel_weights *weights, double *scores)
{
    for (uint32_t i = 0; i < count; i++) {
        double tf = frequencies[i], norm = weights->fixed + weights->slope * lengths[i];
        scores[i] = weights->weight * tf / (tf + norm);
    }
}

static bool add_bits(const struct kw_kernel_bits *bits, uint32_t from, uint32_t to,
                     const uint8_t *classes, const uint16_t table[16], uint16_t *window)
{
    return kw_kernel_add_bits(&kw_kernels_portable, bits, from, to, classes, table, window);
}

static bool score_bits(const struct kw_kernel_bits *bits, uint32_t from, uint32_t to,
                       const uint32_t *frequencies, const uint8_t *lengths, uint32_t width,
                       const struct kw_kernel_weights *weights, double *sums)
{
    return kw_kernel_score_bits(&kw_kernels_portable, bits, from, to, frequencies, lengths, width,
                                weights, sums);
}

static uint32_t above64(const double *sums, uint32_t size, double least, uint32_t *places)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < size; i++) {
        if (sums[i] >= least)
            places[found++] = i;
    }
    return found;
}

static void set_bits(const uint32_t *documents, uint32_t count, uint32_t base, uint64_t *bits)
{
    for (uint32_t i = 0; i < count; i++)
        kw_kernel_set_bit(bits, documents[i] - base);
}

static uint64_t popcount(const uint64_t *words, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (uint64_t)__builtin_popcountll(words[i]);
    return sum;
}

static uint32_t find_bits(const struct kw_kernel_bits *bits, uint32_t first, const uint32_t *sought,
                          uint32_t wanted, uint8_t *which, uint8_t *places)
{
    return kw_kernel_find_bits(bits, first, sought, wanted, which, places);
}

static bool list_bits(const uint8_t *packed, uint32_t size, uint32_t first, uint32_t count,
                      uint32_t *documents)
{
    return kw_kernel_list_bits(packed, size, first, count, documents);
}

const struct kw_kernels kw_kernels_portable = {
    .name = "portable",
    .unpack = kw_bitpack_decode,
    .unpack_rising = unpack_rising,
    .unpack_part = unpack_part,
    .sieve = sieve,
    .first_at_least8 = first_at_least8,
    .first_at_least32 = first_at_least32,
    .find32 = find32,
    .keep32 = keep32,
    .find_bits = find_bits,
    .add_classes = add_classes,
    .add_bits = add_bits,
    .above16 = above16,
    .score = score,
    .score_bits = score_bits,
    .above64 = above64,
    .set_bits = set_bits,
    .list_bits = list_bits,
    .popcount = popcount,
};
