/* The kernels for x86 with AVX-512 as from Ice Lake and Zen 4 on (F, BW, VL, VBMI, VBMI2,
 * VPOPCNTDQ).
 *
 * Sixteen numbers of b bits are 2 b bytes. A byte permutation puts the four bytes that hold a
 * number into its lane, and a shift by lane drops the bits of the one before. That takes widths up
 * to 25: a number begins up to seven bits into its first byte. */
#include "index/bitpack.h"
#include "index/kernels_parts.h"

#if defined __x86_64__
#include <immintrin.h>

#define AVX512                                                                                     \
    __attribute__((                                                                                \
        target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,avx2,bmi,"        \
               "popcnt")))

enum {
    WIDEST = 25, /* bits that four bytes hold wherever they begin */
    MANY = 48,   /* one place of so many is worth as much as looking at all of them */
};

/* The bytes of number i of b bits. */
#define LANE(b, i) (i) * (b) / 8, (i) * (b) / 8 + 1, (i) * (b) / 8 + 2, (i) * (b) / 8 + 3
#define WIDTH(b)                                                                                   \
    {                                                                                              \
        LANE(b, 0), LANE(b, 1), LANE(b, 2), LANE(b, 3), LANE(b, 4), LANE(b, 5), LANE(b, 6),        \
            LANE(b, 7), LANE(b, 8), LANE(b, 9), LANE(b, 10), LANE(b, 11), LANE(b, 12),             \
            LANE(b, 13), LANE(b, 14), LANE(b, 15)                                                  \
    }

static const uint8_t bytes_of[WIDEST + 1][64] = {
    WIDTH(0),  WIDTH(1),  WIDTH(2),  WIDTH(3),  WIDTH(4),  WIDTH(5),  WIDTH(6),
    WIDTH(7),  WIDTH(8),  WIDTH(9),  WIDTH(10), WIDTH(11), WIDTH(12), WIDTH(13),
    WIDTH(14), WIDTH(15), WIDTH(16), WIDTH(17), WIDTH(18), WIDTH(19), WIDTH(20),
    WIDTH(21), WIDTH(22), WIDTH(23), WIDTH(24), WIDTH(25),
};

/* How numbers of one width come out of their bytes. */
struct unpacking {
    __m512i bytes;
    __m512i shifts;
    __m512i mask;
};

/* The numbers of the lanes, 0 to 15. */
AVX512 static inline __m512i lanes(void)
{
    return _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

AVX512 static inline struct unpacking unpacking_of(uint32_t bits)
{
    const __m512i begins = _mm512_mullo_epi32(lanes(), _mm512_set1_epi32((int)bits));
    return (struct unpacking){
        .bytes = _mm512_loadu_si512(bytes_of[bits]),
        .shifts = _mm512_and_si512(begins, _mm512_set1_epi32(7)),
        .mask = _mm512_set1_epi32((int)((UINT32_C(1) << bits) - 1)),
    };
}

/* The next sixteen numbers. */
AVX512 static inline __m512i unpack16(const struct unpacking *how, const uint8_t *packed)
{
    const __m512i all = _mm512_permutexvar_epi8(how->bytes, _mm512_loadu_si512(packed));
    return _mm512_and_si512(_mm512_srlv_epi32(all, how->shifts), how->mask);
}

AVX512 static void unpack(const uint8_t *packed, uint32_t *numbers, size_t count, uint32_t bits)
{
    if (bits == 0 || bits > WIDEST) {
        kw_bitpack_decode(packed, numbers, count, bits);
        return;
    }
    const struct unpacking how = unpacking_of(bits);
    for (size_t i = 0; i < count; i += 16, packed += (size_t)2 * bits)
        _mm512_storeu_si512(numbers + i, unpack16(&how, packed));
}

/* In each lane the sum of it and of those before. */
AVX512 static inline __m512i sums16(__m512i x)
{
    const __m512i zero = _mm512_setzero_si512();
    x = _mm512_add_epi32(x, _mm512_alignr_epi32(x, zero, 15));
    x = _mm512_add_epi32(x, _mm512_alignr_epi32(x, zero, 14));
    x = _mm512_add_epi32(x, _mm512_alignr_epi32(x, zero, 12));
    return _mm512_add_epi32(x, _mm512_alignr_epi32(x, zero, 8));
}

/* The documents of gaps that are all 0. */
AVX512 static uint64_t fill_rising(uint32_t *documents, uint32_t count, __m512i base, uint32_t next)
{
    for (uint32_t i = 0; i < count; i += 16) {
        _mm512_storeu_si512(documents + i, base);
        base = _mm512_add_epi32(base, _mm512_set1_epi32(16));
    }
    return (uint64_t)next + count - 1;
}

/* Up to 128 gaps of up to 25 bits sum up to less than 2^32, so that the last one tells the sum. */
AVX512 static uint64_t unpack_rising(const uint8_t *packed, uint32_t *documents, uint32_t count,
                                     uint32_t bits, uint32_t next)
{
    if (bits > WIDEST)
        return kw_kernels_portable.unpack_rising(packed, documents, count, bits, next);
    const struct unpacking how = unpacking_of(bits);
    const __m512i last_lane = _mm512_set1_epi32(15);
    __m512i base = _mm512_add_epi32(_mm512_set1_epi32((int)next), lanes());
    if (bits == 0)
        return fill_rising(documents, count, base, next);
    for (uint32_t i = 0; i < count; i += 16, packed += (size_t)2 * bits) {
        const __m512i sums = sums16(unpack16(&how, packed));
        _mm512_storeu_si512(documents + i, _mm512_add_epi32(sums, base));
        const __m512i all = _mm512_permutexvar_epi32(last_lane, sums);
        base = _mm512_add_epi32(base, _mm512_add_epi32(all, _mm512_set1_epi32(16)));
    }
    return (uint64_t)next + (uint32_t)(documents[count - 1] - next);
}

/* Eight numbers begin at a byte: of the first vector the lanes before `from` are left out. */
AVX512 static uint64_t unpack_part(const uint8_t *packed, uint32_t from, uint32_t *rising,
                                   uint32_t count, uint32_t bits, uint32_t next)
{
    if (bits == 0 || bits > WIDEST)
        return kw_kernels_portable.unpack_part(packed, from, rising, count, bits, next);
    const struct unpacking how = unpacking_of(bits);
    const uint32_t skipped = from % 8;
    const __mmask16 used = (__mmask16)(0xFFFFU << skipped);
    __m512i base = _mm512_add_epi32(_mm512_set1_epi32((int)(next - skipped)), lanes());
    packed += (size_t)(from / 8) * bits;
    __m512i sums = sums16(_mm512_maskz_mov_epi32(used, unpack16(&how, packed)));
    _mm512_mask_storeu_epi32(rising - skipped, used, _mm512_add_epi32(sums, base));
    for (uint32_t i = 16 - skipped; i < count; i += 16) {
        const __m512i all = _mm512_permutexvar_epi32(_mm512_set1_epi32(15), sums);
        base = _mm512_add_epi32(base, _mm512_add_epi32(all, _mm512_set1_epi32(16)));
        packed += (size_t)2 * bits;
        sums = sums16(unpack16(&how, packed));
        _mm512_storeu_si512(rising + i, _mm512_add_epi32(sums, base));
    }
    return (uint64_t)next + (uint32_t)(rising[count - 1] - next);
}

/* The nibbles of 32 bytes, in order, a byte each. */
AVX512 static inline __m512i spread(const uint8_t *classes)
{
    const __m512i pairs = _mm512_cvtepu8_epi16(_mm256_loadu_si256((const void *)classes));
    const __m512i both = _mm512_or_si512(pairs, _mm512_slli_epi16(pairs, 4));
    return _mm512_and_si512(both, _mm512_set1_epi8(15));
}

AVX512 static void sieve(const uint8_t *classes, uint32_t least, uint64_t mask[2])
{
    const __m512i wanted = _mm512_set1_epi8((char)(least < 16 ? least : 16));
    mask[0] = _mm512_cmpge_epu8_mask(spread(classes), wanted);
    mask[1] = _mm512_cmpge_epu8_mask(spread(classes + 32), wanted);
}

AVX512 static uint32_t first_at_least8(const uint8_t *codes, uint32_t from, uint32_t count,
                                       uint8_t least)
{
    const __m512i wanted = _mm512_set1_epi8((char)least);
    for (uint32_t i = from; i < count; i += 64) {
        const uint64_t fits = _mm512_cmpge_epu8_mask(_mm512_loadu_si512(codes + i), wanted);
        if (fits) {
            const uint32_t at = i + (uint32_t)__builtin_ctzll(fits);
            return at < count ? at : count;
        }
    }
    return count;
}

/* Near places are looked at, all others counted: where a search ends cannot be foreseen. */
AVX512 static uint32_t first_at_least32(const uint32_t *rising, uint32_t from, uint32_t count,
                                        uint32_t target)
{
    const __m512i wanted = _mm512_set1_epi32((int)target);
    if (count - from >= 16) {
        const uint32_t near = _mm512_cmpge_epu32_mask(_mm512_loadu_si512(rising + from), wanted);
        if (near)
            return from + (uint32_t)__builtin_ctz(near);
    }
    uint32_t less = 0;
    uint32_t i = 0;
    for (; count - i >= 16; i += 16)
        less += (uint32_t)__builtin_popcount(
            _mm512_cmplt_epu32_mask(_mm512_loadu_si512(rising + i), wanted));
    const __mmask16 rest = (__mmask16)((1U << (count - i)) - 1);
    const __m512i last = _mm512_maskz_loadu_epi32(rest, rising + i);
    less += (uint32_t)__builtin_popcount(_mm512_mask_cmplt_epu32_mask(rest, last, wanted));
    return less > from ? less : from;
}

/* The last numbers of sixteen each tell which sixteen may hold one that is sought. */
AVX512 static uint32_t find32(const uint32_t *rising, uint32_t count, const uint32_t *sought,
                              uint32_t wanted, uint8_t *which, uint8_t *places)
{
    const __m256i sixteens = _mm256_setr_epi32(15, 31, 47, 63, 79, 95, 111, 127);
    const __m256i lasts = _mm256_i32gather_epi32((const void *)rising, sixteens, 4);
    const __mmask8 whole = (__mmask8)((1U << (count / 16)) - 1);
    uint32_t found = 0;
    for (uint32_t i = 0; i < wanted; i++) {
        const uint32_t target = sought[i];
        const __mmask8 less =
            _mm256_mask_cmplt_epu32_mask(whole, lasts, _mm256_set1_epi32((int)target));
        const uint32_t first = 16 * (uint32_t)__builtin_popcount(less);
        const uint32_t same = _mm512_cmpeq_epi32_mask(_mm512_loadu_si512(rising + first),
                                                      _mm512_set1_epi32((int)target));
        const uint32_t at = first + (uint32_t)__builtin_ctz(same | 1U << 16);
        which[found] = (uint8_t)i;
        places[found] = (uint8_t)at;
        found += at < count && same;
    }
    return found;
}

/* The last of sixteen numbers tells whether a target can be among them. */
AVX512 static uint32_t keep32(const uint32_t *sought, uint32_t wanted, uint32_t shift,
                              const uint32_t *rising, uint32_t count, uint32_t *kept)
{
    const uint32_t greatest = rising[count - 1];
    uint32_t found = 0;
    uint32_t at = 0;
    for (uint32_t i = 0; i < wanted; i++) {
        const uint32_t target = sought[i] + shift;
        if (target > greatest)
            break;
        while (count - at > 16 && rising[at + 15] < target)
            at += 16;
        const uint32_t left = count - at;
        const __mmask16 there = (__mmask16)(left < 16 ? (1U << left) - 1 : 0xFFFFU);
        const __m512i near = _mm512_maskz_loadu_epi32(there, rising + at);
        kept[found] = sought[i];
        found += _mm512_mask_cmpeq_epi32_mask(there, near, _mm512_set1_epi32((int)target)) != 0;
    }
    return found;
}

/* The numbers of a table for a block of nibbles, of which `count` are wanted. */
AVX512 static inline void look_up(const uint8_t *classes, uint32_t count, const uint16_t table[16],
                                  uint16_t *numbers)
{
    const __m512i all = _mm512_castsi256_si512(_mm256_loadu_si256((const void *)table));
    for (uint32_t i = 0; i < count; i += 64) {
        const __m512i nibbles = spread(classes + i / 2);
        const __m512i first = _mm512_cvtepu8_epi16(_mm512_castsi512_si256(nibbles));
        const __m512i second = _mm512_cvtepu8_epi16(_mm512_extracti64x4_epi64(nibbles, 1));
        _mm512_storeu_si512(numbers + i, _mm512_permutexvar_epi16(first, all));
        _mm512_storeu_si512(numbers + i + 32, _mm512_permutexvar_epi16(second, all));
    }
}

AVX512 static void add_classes(const uint32_t *documents, const uint8_t *classes, uint32_t count,
                               const uint16_t table[16], uint32_t base, uint32_t size,
                               uint16_t *window)
{
    _Alignas(64) uint16_t numbers[KW_KERNEL_BLOCK];
    look_up(classes, count, table, numbers);
    kw_kernel_add(documents, numbers, count, base, size, window);
}

/* 32 bits at a time; numbers go to the lanes of those that are set. */
AVX512 static bool add_bits(const struct kw_kernel_bits *bits, uint32_t from, uint32_t to,
                            const uint8_t *classes, const uint16_t table[16], uint16_t *window)
{
    _Alignas(64) uint16_t numbers[KW_KERNEL_BLOCK + 32];
    if (kw_kernel_count_bits(bits->packed, bits->size) != bits->count)
        return false;
    look_up(classes, bits->count, table, numbers);
    const uint16_t *next = numbers + (from ? kw_kernel_count_bits(bits->packed, from) : 0);
    for (uint32_t i = from; i < to; i += 32, window += 32) {
        const uint32_t word = (uint32_t)(kw_load64(bits->packed + i / 8) >> (i % 8));
        const __mmask32 set = to - i < 32 ? word & ((UINT32_C(1) << (to - i)) - 1) : word;
        const __m512i more = _mm512_maskz_expand_epi16(set, _mm512_loadu_si512(next));
        const __m512i sums = _mm512_maskz_loadu_epi16(set, window);
        _mm512_mask_storeu_epi16(window, set, _mm512_adds_epu16(sums, more));
        next += __builtin_popcount(set);
    }
    return true;
}

AVX512 static uint64_t popcount(const uint64_t *words, size_t count)
{
    __m512i sums = _mm512_setzero_si512();
    size_t i = 0;
    for (; count - i >= 8; i += 8)
        sums = _mm512_add_epi64(sums, _mm512_popcnt_epi64(_mm512_loadu_si512(words + i)));
    const __m512i rest = _mm512_maskz_loadu_epi64((__mmask8)((1U << (count - i)) - 1), words + i);
    return (uint64_t)_mm512_reduce_add_epi64(_mm512_add_epi64(sums, _mm512_popcnt_epi64(rest)));
}

/* A bit for each of 32 sums that is high enough. */
AVX512 static inline uint64_t take32(const uint16_t *window, __m512i least)
{
    return _mm512_cmpge_epu16_mask(_mm512_loadu_si512(window), least);
}

/* As kw_kernel_list, at the same cost for any number of places. Whole vectors are written: what
 * stands before a place are places before it, so that they end within `size` of above16. */
AVX512 static uint32_t list_many(const struct kw_kernel_places *part, uint32_t size, uint32_t first,
                                 uint32_t *places)
{
    __m512i at = _mm512_add_epi32(lanes(), _mm512_set1_epi32((int)first));
    uint32_t found = 0;
    for (uint32_t i = 0; i < size; i += 16) {
        const __mmask16 chosen = (__mmask16)(part->masks[i / 64] >> (i % 64));
        _mm512_storeu_si512(places + found, _mm512_maskz_compress_epi32(chosen, at));
        found += (uint32_t)__builtin_popcount(chosen);
        at = _mm512_add_epi32(at, _mm512_set1_epi32(16));
    }
    return found;
}

AVX512 static uint32_t above16(const uint16_t *window, uint32_t size, uint16_t least,
                               uint32_t *places)
{
    const __m512i wanted = _mm512_set1_epi16((short)least);
    uint32_t found = 0;
    for (uint32_t first = 0; first < size; first += KW_KERNEL_PART) {
        const uint32_t end = size - first < KW_KERNEL_PART ? size : first + KW_KERNEL_PART;
        struct kw_kernel_places part;
        part.any = 0;
        for (uint32_t i = first; i < end; i += 64) {
            const uint64_t low = take32(window + i, wanted);
            const uint64_t mask = low | take32(window + i + 32, wanted) << 32;
            part.masks[(i - first) / 64] = mask;
            part.any |= (uint64_t)(mask != 0) << ((i - first) / 64);
        }
        if (part.any && popcount(part.masks, (end - first) / 64) > (end - first) / MANY)
            found += list_many(&part, end - first, first, places + found);
        else
            found += kw_kernel_list(&part, first, places + found);
    }
    return found;
}

/* The scores of eight postings. -ffp-contract=off keeps products from being added to unrounded. */
AVX512 static inline __m512d score8(__m256i frequencies, __m256i lengths,
                                    const struct kw_kernel_weights *weights)
{
    const __m512d tf = _mm512_cvtepu32_pd(frequencies);
    const __m512d length = _mm512_cvtepu32_pd(lengths);
    const __m512d sloped = _mm512_mul_pd(_mm512_set1_pd(weights->slope), length);
    const __m512d norm = _mm512_add_pd(_mm512_set1_pd(weights->fixed), sloped);
    const __m512d weighed = _mm512_mul_pd(_mm512_set1_pd(weights->weight), tf);
    return _mm512_div_pd(weighed, _mm512_add_pd(tf, norm));
}

AVX512 static void score(const uint32_t *frequencies, const uint32_t *lengths, uint32_t count,
                         const struct kw_kernel_weights *weights, double *scores)
{
    for (uint32_t i = 0; i < count; i += 8)
        _mm512_storeu_pd(scores + i,
                         score8(_mm256_loadu_si256((const void *)(frequencies + i)),
                                _mm256_loadu_si256((const void *)(lengths + i)), weights));
}

/* Eight lengths. */
AVX512 static inline __m256i lengths8(const uint8_t *lengths, uint32_t width)
{
    if (width == 2)
        return _mm256_cvtepu16_epi32(_mm_loadu_si128((const void *)lengths));
    return width == 1 ? _mm256_cvtepu8_epi32(_mm_loadl_epi64((const void *)lengths))
                      : _mm256_loadu_si256((const void *)lengths);
}

/* Eight bits at a time; frequencies go to the lanes of those that are set. */
AVX512 static bool score_bits(const struct kw_kernel_bits *bits, uint32_t from, uint32_t to,
                              const uint32_t *frequencies, const uint8_t *lengths, uint32_t width,
                              const struct kw_kernel_weights *weights, double *sums)
{
    if (kw_kernel_count_bits(bits->packed, bits->size) != bits->count)
        return false;
    frequencies += from ? kw_kernel_count_bits(bits->packed, from) : 0;
    for (uint32_t i = from; i < to; i += 8, lengths += (size_t)8 * width, sums += 8) {
        const uint32_t word = kw_load32(bits->packed + i / 8) >> (i % 8) & 0xFF;
        const __mmask8 set = (__mmask8)(to - i < 8 ? word & ((1U << (to - i)) - 1) : word);
        const uint32_t count = (uint32_t)__builtin_popcount(set);
        const __m256i those = _mm256_maskz_loadu_epi32((__mmask8)((1U << count) - 1), frequencies);
        const __m512d scores =
            score8(_mm256_maskz_expand_epi32(set, those), lengths8(lengths, width), weights);
        _mm512_mask_storeu_pd(sums, set, _mm512_add_pd(_mm512_maskz_loadu_pd(set, sums), scores));
        frequencies += count;
    }
    return true;
}

AVX512 static uint32_t above64(const double *sums, uint32_t size, double least, uint32_t *places)
{
    const __m512d wanted = _mm512_set1_pd(least);
    uint32_t found = 0;
    for (uint32_t first = 0; first < size; first += KW_KERNEL_PART) {
        struct kw_kernel_places part;
        part.any = 0;
        for (uint32_t i = first; i < size && i < first + KW_KERNEL_PART; i += 64) {
            uint64_t mask = 0;
            for (uint32_t j = 0; j < 64; j += 8)
                mask |=
                    (uint64_t)_mm512_cmp_pd_mask(_mm512_loadu_pd(sums + i + j), wanted, _CMP_GE_OQ)
                    << j;
            part.masks[(i - first) / 64] = mask;
            part.any |= (uint64_t)(mask != 0) << ((i - first) / 64);
        }
        found += kw_kernel_list(&part, first, places + found);
    }
    return found;
}

AVX512 static uint32_t find_bits(const struct kw_kernel_bits *bits, uint32_t first,
                                 const uint32_t *sought, uint32_t wanted, uint8_t *which,
                                 uint8_t *places)
{
    return kw_kernel_find_bits(bits, first, sought, wanted, which, places);
}

/* Sixteen bits at a time. Whole vectors are written where there is room for them. */
AVX512 static bool list_bits(const uint8_t *packed, uint32_t size, uint32_t first, uint32_t count,
                             uint32_t *documents)
{
    const __m512i sixteen = _mm512_set1_epi32(16);
    __m512i at = _mm512_add_epi32(lanes(), _mm512_set1_epi32((int)first));
    uint32_t found = 0;
    if (kw_kernel_count_bits(packed, size) != count)
        return false;
    for (uint32_t i = 0; 64 * (uint64_t)i < size; i++) {
        const uint64_t word = kw_kernel_word(packed, size, i);
        for (uint32_t part = 0; part < 64; part += 16) {
            const __mmask16 chosen = (__mmask16)(word >> part);
            const uint32_t here = (uint32_t)__builtin_popcount(chosen);
            const __m512i those = _mm512_maskz_compress_epi32(chosen, at);
            if (count - found >= 16)
                _mm512_storeu_si512(documents + found, those);
            else
                _mm512_mask_storeu_epi32(documents + found, (__mmask16)((1U << here) - 1), those);
            found += here;
            at = _mm512_add_epi32(at, sixteen);
        }
    }
    return true;
}

const struct kw_kernels kw_kernels_avx512 = {
    .name = "avx512",
    .unpack = unpack,
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
    .set_bits = kw_kernel_set_bits,
    .list_bits = list_bits,
    .popcount = popcount,
};

#endif
