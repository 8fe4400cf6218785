/* The kernels for x86 with AVX2.
 *
 * Eight numbers of b bits are b bytes. Each half of a vector takes the 16 bytes from its first
 * number on; a byte shuffle puts the four bytes that hold a number into its lane, and a shift by
 * lane drops the bits of the one before. That takes widths up to 25: a number begins up to seven
 * bits into its first byte. */
#include "index/bitpack.h"
#include "index/kernels_parts.h"

#if defined __x86_64__
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,bmi")))

enum { WIDEST = 25 }; /* bits that four bytes hold wherever they begin */

/* The bytes of numbers of b bits in lane i, seen from the first byte of the lane's half. */
#define LANE(b, i, first)                                                                          \
    (i) * (b) / 8 - (first), (i) * (b) / 8 - (first) + 1, (i) * (b) / 8 - (first) + 2,             \
        (i) * (b) / 8 - (first) + 3
#define WIDTH(b)                                                                                   \
    {                                                                                              \
        LANE(b, 0, 0), LANE(b, 1, 0), LANE(b, 2, 0), LANE(b, 3, 0), LANE(b, 4, 4 * (b) / 8),       \
            LANE(b, 5, 4 * (b) / 8), LANE(b, 6, 4 * (b) / 8), LANE(b, 7, 4 * (b) / 8)              \
    }

static const uint8_t bytes_of[WIDEST + 1][32] = {
    WIDTH(0),  WIDTH(1),  WIDTH(2),  WIDTH(3),  WIDTH(4),  WIDTH(5),  WIDTH(6),
    WIDTH(7),  WIDTH(8),  WIDTH(9),  WIDTH(10), WIDTH(11), WIDTH(12), WIDTH(13),
    WIDTH(14), WIDTH(15), WIDTH(16), WIDTH(17), WIDTH(18), WIDTH(19), WIDTH(20),
    WIDTH(21), WIDTH(22), WIDTH(23), WIDTH(24), WIDTH(25),
};

/* How numbers of one width come out of their bytes. */
struct unpacking {
    __m256i bytes;
    __m256i shifts;
    __m256i mask;
    uint32_t bits;
};

AVX2 static inline __m256i load(const void *at)
{
    return _mm256_loadu_si256(at);
}

AVX2 static inline struct unpacking unpacking_of(uint32_t bits)
{
    const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    const __m256i begins = _mm256_mullo_epi32(lanes, _mm256_set1_epi32((int)bits));
    return (struct unpacking){
        .bytes = load(bytes_of[bits]),
        .shifts = _mm256_and_si256(begins, _mm256_set1_epi32(7)),
        .mask = _mm256_set1_epi32((int)((UINT32_C(1) << bits) - 1)),
        .bits = bits,
    };
}

/* The next eight numbers. */
AVX2 static inline __m256i unpack8(const struct unpacking *how, const uint8_t *packed)
{
    const __m128i low = _mm_loadu_si128((const void *)packed);
    const __m128i high = _mm_loadu_si128((const void *)(packed + how->bits / 2));
    const __m256i both = _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
    const __m256i lanes = _mm256_shuffle_epi8(both, how->bytes);
    return _mm256_and_si256(_mm256_srlv_epi32(lanes, how->shifts), how->mask);
}

AVX2 static void unpack(const uint8_t *packed, uint32_t *numbers, size_t count, uint32_t bits)
{
    if (bits == 0 || bits > WIDEST) {
        kw_bitpack_decode(packed, numbers, count, bits);
        return;
    }
    const struct unpacking how = unpacking_of(bits);
    for (size_t i = 0; i < count; i += 8, packed += bits)
        _mm256_storeu_si256((void *)(numbers + i), unpack8(&how, packed));
}

/* In each lane the sum of it and of those before. */
AVX2 static inline __m256i sums8(__m256i x)
{
    x = _mm256_add_epi32(x, _mm256_slli_si256(x, 4));
    x = _mm256_add_epi32(x, _mm256_slli_si256(x, 8));
    const __m256i low_half = _mm256_permute2x128_si256(x, x, 0x08);
    return _mm256_add_epi32(x, _mm256_shuffle_epi32(low_half, 0xFF));
}

/* The documents of gaps that are all 0. */
AVX2 static uint64_t fill_rising(uint32_t *documents, uint32_t count, __m256i base, uint32_t next)
{
    for (uint32_t i = 0; i < count; i += 8) {
        _mm256_storeu_si256((void *)(documents + i), base);
        base = _mm256_add_epi32(base, _mm256_set1_epi32(8));
    }
    return (uint64_t)next + count - 1;
}

/* Up to 128 gaps of up to 25 bits sum up to less than 2^32, so that the last one tells the sum. */
AVX2 static uint64_t unpack_rising(const uint8_t *packed, uint32_t *documents, uint32_t count,
                                   uint32_t bits, uint32_t next)
{
    if (bits > WIDEST)
        return kw_kernels_portable.unpack_rising(packed, documents, count, bits, next);
    const struct unpacking how = unpacking_of(bits);
    const __m256i last_lane = _mm256_set1_epi32(7);
    __m256i base =
        _mm256_add_epi32(_mm256_set1_epi32((int)next), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    if (bits == 0)
        return fill_rising(documents, count, base, next);
    for (uint32_t i = 0; i < count; i += 8, packed += bits) {
        const __m256i sums = sums8(unpack8(&how, packed));
        _mm256_storeu_si256((void *)(documents + i), _mm256_add_epi32(sums, base));
        const __m256i all = _mm256_permutevar8x32_epi32(sums, last_lane);
        base = _mm256_add_epi32(base, _mm256_add_epi32(all, _mm256_set1_epi32(8)));
    }
    return (uint64_t)next + (uint32_t)(documents[count - 1] - next);
}

/* Eight numbers begin at a byte: of the first vector the lanes before `from` are left out. */
AVX2 static uint64_t unpack_part(const uint8_t *packed, uint32_t from, uint32_t *rising,
                                 uint32_t count, uint32_t bits, uint32_t next)
{
    if (bits == 0 || bits > WIDEST)
        return kw_kernels_portable.unpack_part(packed, from, rising, count, bits, next);
    const struct unpacking how = unpacking_of(bits);
    const __m256i last_lane = _mm256_set1_epi32(7);
    const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    const uint32_t skipped = from % 8;
    const __m256i used = _mm256_cmpgt_epi32(lanes, _mm256_set1_epi32((int)skipped - 1));
    __m256i base = _mm256_add_epi32(_mm256_set1_epi32((int)(next - skipped)), lanes);
    packed += (size_t)(from / 8) * bits;
    __m256i sums = sums8(_mm256_and_si256(used, unpack8(&how, packed)));
    _mm256_maskstore_epi32((void *)(rising - skipped), used, _mm256_add_epi32(sums, base));
    for (uint32_t i = 8 - skipped; i < count; i += 8) {
        const __m256i all = _mm256_permutevar8x32_epi32(sums, last_lane);
        base = _mm256_add_epi32(base, _mm256_add_epi32(all, _mm256_set1_epi32(8)));
        packed += bits;
        sums = sums8(unpack8(&how, packed));
        _mm256_storeu_si256((void *)(rising + i), _mm256_add_epi32(sums, base));
    }
    return (uint64_t)next + (uint32_t)(rising[count - 1] - next);
}

/* The nibbles of 32 bytes, in order: 0..31 and 32..63. */
AVX2 static inline void spread(const uint8_t *classes, __m256i nibbles[2])
{
    const __m256i half = _mm256_set1_epi8(15);
    const __m256i bytes = _mm256_permute4x64_epi64(load(classes), 0xD8);
    const __m256i low = _mm256_and_si256(bytes, half);
    const __m256i high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half);
    nibbles[0] = _mm256_unpacklo_epi8(low, high);
    nibbles[1] = _mm256_unpackhi_epi8(low, high);
}

/* A bit for each byte that is ≥ its twin. */
AVX2 static inline uint32_t at_least8(__m256i bytes, __m256i least)
{
    const __m256i fits = _mm256_cmpeq_epi8(_mm256_max_epu8(bytes, least), bytes);
    return (uint32_t)_mm256_movemask_epi8(fits);
}

AVX2 static void sieve(const uint8_t *classes, uint32_t least, uint64_t mask[2])
{
    const __m256i wanted = _mm256_set1_epi8((char)(least < 16 ? least : 16));
    for (int i = 0; i < 2; i++) {
        __m256i nibbles[2];
        spread(classes + (size_t)i * 32, nibbles);
        mask[i] = at_least8(nibbles[0], wanted) | (uint64_t)at_least8(nibbles[1], wanted) << 32;
    }
}

AVX2 static uint32_t first_at_least8(const uint8_t *codes, uint32_t from, uint32_t count,
                                     uint8_t least)
{
    const __m256i wanted = _mm256_set1_epi8((char)least);
    for (uint32_t i = from; i < count; i += 32) {
        const uint32_t fits = at_least8(load(codes + i), wanted);
        if (fits) {
            const uint32_t at = i + (uint32_t)__builtin_ctz(fits);
            return at < count ? at : count;
        }
    }
    return count;
}

/* In each lane -1 where the number is below `wanted`, whose sign bits are turned over as those of
 * the numbers are: numbers without sign are compared. */
AVX2 static inline __m256i below(const uint32_t *numbers, __m256i wanted)
{
    const __m256i sign = _mm256_set1_epi32(INT32_MIN);
    return _mm256_cmpgt_epi32(wanted, _mm256_xor_si256(load(numbers), sign));
}

/* Near places are looked at, all others counted: where a search ends cannot be foreseen. */
AVX2 static uint32_t first_at_least32(const uint32_t *rising, uint32_t from, uint32_t count,
                                      uint32_t target)
{
    const __m256i wanted = _mm256_set1_epi32((int)(target ^ UINT32_C(0x80000000)));
    if (count - from >= 8) {
        const __m256i near = below(rising + from, wanted);
        const uint32_t before = (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(near));
        if (before != 0xFF)
            return from + (uint32_t)__builtin_ctz(~before);
    }
    __m256i even = _mm256_setzero_si256();
    __m256i odd = _mm256_setzero_si256();
    uint32_t i = 0;
    for (; count - i >= 16; i += 16) {
        even = _mm256_sub_epi32(even, below(rising + i, wanted));
        odd = _mm256_sub_epi32(odd, below(rising + i + 8, wanted));
    }
    const __m256i four = _mm256_add_epi32(even, odd);
    uint32_t sums[8];
    _mm256_storeu_si256((void *)sums, four);
    uint32_t less = 0;
    for (int k = 0; k < 8; k++)
        less += sums[k];
    for (; i < count; i++)
        less += rising[i] < target;
    return less > from ? less : from;
}

/* A bit for each of eight numbers that is the target. */
AVX2 static inline uint32_t same8(const uint32_t *numbers, __m256i target)
{
    const __m256i same = _mm256_cmpeq_epi32(_mm256_loadu_si256((const void *)numbers), target);
    return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(same));
}

/* The last numbers of sixteen each tell which sixteen may hold one that is sought. */
AVX2 static uint32_t find32(const uint32_t *rising, uint32_t count, const uint32_t *sought,
                            uint32_t wanted, uint8_t *which, uint8_t *places)
{
    const __m256i sixteens = _mm256_setr_epi32(15, 31, 47, 63, 79, 95, 111, 127);
    const __m256i sign = _mm256_set1_epi32(INT32_MIN);
    const __m256i lasts =
        _mm256_xor_si256(_mm256_i32gather_epi32((const void *)rising, sixteens, 4), sign);
    const uint32_t whole = (1U << (count / 16)) - 1;
    uint32_t found = 0;
    for (uint32_t i = 0; i < wanted; i++) {
        const __m256i target = _mm256_set1_epi32((int)sought[i]);
        const __m256i less = _mm256_cmpgt_epi32(_mm256_xor_si256(target, sign), lasts);
        const uint32_t before = (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(less)) & whole;
        const uint32_t first = 16 * (uint32_t)__builtin_popcount(before);
        const uint32_t same = same8(rising + first, target) | same8(rising + first + 8, target)
                                                                  << 8;
        const uint32_t at = first + (uint32_t)__builtin_ctz(same | 1U << 16);
        which[found] = (uint8_t)i;
        places[found] = (uint8_t)at;
        found += at < count && same;
    }
    return found;
}

/* The last of eight numbers tells whether a target can be among them; the last eight of all may
 * overlap the eight before. */
AVX2 static uint32_t keep32(const uint32_t *sought, uint32_t wanted, uint32_t shift,
                            const uint32_t *rising, uint32_t count, uint32_t *kept)
{
    if (count < 8)
        return kw_kernels_portable.keep32(sought, wanted, shift, rising, count, kept);
    const uint32_t greatest = rising[count - 1];
    uint32_t found = 0;
    uint32_t at = 0;
    for (uint32_t i = 0; i < wanted; i++) {
        const uint32_t target = sought[i] + shift;
        if (target > greatest)
            break;
        while (rising[at + 7] < target)
            at = count - at >= 16 ? at + 8 : count - 8;
        kept[found] = sought[i];
        found += same8(rising + at, _mm256_set1_epi32((int)target)) != 0;
    }
    return found;
}

/* The numbers of a table of 16 for 64 nibbles. */
AVX2 static inline void look_up(const uint8_t *classes, __m256i low, __m256i high, uint16_t *out)
{
    __m256i nibbles[2];
    spread(classes, nibbles);
    for (int i = 0; i < 2; i++, out += 32) {
        const __m256i lows = _mm256_shuffle_epi8(low, nibbles[i]);
        const __m256i highs = _mm256_shuffle_epi8(high, nibbles[i]);
        const __m256i first = _mm256_unpacklo_epi8(lows, highs);
        const __m256i second = _mm256_unpackhi_epi8(lows, highs);
        _mm256_storeu_si256((void *)out, _mm256_permute2x128_si256(first, second, 0x20));
        _mm256_storeu_si256((void *)(out + 16), _mm256_permute2x128_si256(first, second, 0x31));
    }
}

AVX2 static void add_classes(const uint32_t *documents, const uint8_t *classes, uint32_t count,
                             const uint16_t table[16], uint32_t base, uint32_t size,
                             uint16_t *window)
{
    _Alignas(64) uint16_t numbers[KW_KERNEL_BLOCK];
    const __m256i all = load(table);
    const __m256i lows = _mm256_and_si256(all, _mm256_set1_epi16(0xFF));
    const __m256i packed = _mm256_packus_epi16(lows, _mm256_srli_epi16(all, 8));
    const __m256i low = _mm256_permute4x64_epi64(packed, 0x88);
    const __m256i high = _mm256_permute4x64_epi64(packed, 0xDD);
    for (uint32_t i = 0; i < count; i += 64)
        look_up(classes + i / 2, low, high, numbers + i);
    kw_kernel_add(documents, numbers, count, base, size, window);
}

/* A bit for each of 32 sums that is high enough. */
AVX2 static inline uint64_t take32(const uint16_t *window, __m256i least)
{
    const __m256i a = load(window);
    const __m256i b = load(window + 16);
    const __m256i fits_a = _mm256_cmpeq_epi16(_mm256_max_epu16(a, least), a);
    const __m256i fits_b = _mm256_cmpeq_epi16(_mm256_max_epu16(b, least), b);
    const __m256i fits = _mm256_permute4x64_epi64(_mm256_packs_epi16(fits_a, fits_b), 0xD8);
    return (uint32_t)_mm256_movemask_epi8(fits);
}

AVX2 static uint32_t above16(const uint16_t *window, uint32_t size, uint16_t least,
                             uint32_t *places)
{
    const __m256i wanted = _mm256_set1_epi16((short)least);
    uint32_t found = 0;
    for (uint32_t first = 0; first < size; first += KW_KERNEL_PART) {
        struct kw_kernel_places part;
        part.any = 0;
        for (uint32_t i = first; i < size && i < first + KW_KERNEL_PART; i += 64) {
            const uint64_t low = take32(window + i, wanted);
            const uint64_t mask = low | take32(window + i + 32, wanted) << 32;
            part.masks[(i - first) / 64] = mask;
            part.any |= (uint64_t)(mask != 0) << ((i - first) / 64);
        }
        found += kw_kernel_list(&part, first, places + found);
    }
    return found;
}

/* Four numbers as doubles: their bits in the place of the lowest ones of 2^52, which is then taken
 * away. */
AVX2 static inline __m256d doubles4(const uint32_t *numbers)
{
    const __m256d base = _mm256_set1_pd(0x1p52);
    const __m256i wide = _mm256_cvtepu32_epi64(_mm_loadu_si128((const void *)numbers));
    return _mm256_sub_pd(_mm256_or_pd(_mm256_castsi256_pd(wide), base), base);
}

AVX2 static void score(const uint32_t *frequencies, const uint32_t *lengths, uint32_t count,
                       const struct kw_kernel_weights *weights, double *scores)
{
    const __m256d weight = _mm256_set1_pd(weights->weight);
    const __m256d fixed = _mm256_set1_pd(weights->fixed);
    const __m256d slope = _mm256_set1_pd(weights->slope);
    for (uint32_t i = 0; i < count; i += 4) {
        const __m256d tf = doubles4(frequencies + i);
        const __m256d norm = _mm256_add_pd(fixed, _mm256_mul_pd(slope, doubles4(lengths + i)));
        const __m256d weighed = _mm256_mul_pd(weight, tf);
        _mm256_storeu_pd(scores + i, _mm256_div_pd(weighed, _mm256_add_pd(tf, norm)));
    }
}

AVX2 static bool add_bits(const struct kw_kernel_bits *bits, uint32_t from, uint32_t to,
                          const uint8_t *classes, const uint16_t table[16], uint16_t *window)
{
    return kw_kernel_add_bits(&kw_kernels_avx2, bits, from, to, classes, table, window);
}

AVX2 static bool score_bits(const struct kw_kernel_bits *bits, uint32_t from, uint32_t to,
                            const uint32_t *frequencies, const uint8_t *lengths, uint32_t width,
                            const struct kw_kernel_weights *weights, double *sums)
{
    return kw_kernel_score_bits(&kw_kernels_avx2, bits, from, to, frequencies, lengths, width,
                                weights, sums);
}

AVX2 static uint32_t above64(const double *sums, uint32_t size, double least, uint32_t *places)
{
    const __m256d wanted = _mm256_set1_pd(least);
    uint32_t found = 0;
    for (uint32_t first = 0; first < size; first += KW_KERNEL_PART) {
        struct kw_kernel_places part;
        part.any = 0;
        for (uint32_t i = first; i < size && i < first + KW_KERNEL_PART; i += 64) {
            uint64_t mask = 0;
            for (uint32_t j = 0; j < 64; j += 4) {
                const __m256d fits =
                    _mm256_cmp_pd(_mm256_loadu_pd(sums + i + j), wanted, _CMP_GE_OQ);
                mask |= (uint64_t)(uint32_t)_mm256_movemask_pd(fits) << j;
            }
            part.masks[(i - first) / 64] = mask;
            part.any |= (uint64_t)(mask != 0) << ((i - first) / 64);
        }
        found += kw_kernel_list(&part, first, places + found);
    }
    return found;
}

/* The bits set in each of four words: those of every half byte by a table, summed up (Mula, Kurz
 * and Lemire, "Faster population counts using AVX2 instructions", 2018). */
AVX2 static inline __m256i popcount4(__m256i words)
{
    const __m256i half = _mm256_set1_epi8(15);
    const __m256i counts =
        _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));
    const __m256i low = _mm256_and_si256(words, half);
    const __m256i high = _mm256_and_si256(_mm256_srli_epi16(words, 4), half);
    const __m256i bytes =
        _mm256_add_epi8(_mm256_shuffle_epi8(counts, low), _mm256_shuffle_epi8(counts, high));
    return _mm256_sad_epu8(bytes, _mm256_setzero_si256());
}

AVX2 static inline uint64_t sum_of(__m256i sums)
{
    uint64_t four[4];
    _mm256_storeu_si256((void *)four, sums);
    return four[0] + four[1] + four[2] + four[3];
}

AVX2 static uint64_t popcount(const uint64_t *words, size_t count)
{
    __m256i sums = _mm256_setzero_si256();
    size_t i = 0;
    for (; count - i >= 4; i += 4)
        sums = _mm256_add_epi64(sums, popcount4(load(words + i)));
    return sum_of(sums) + kw_kernels_portable.popcount(words + i, count - i);
}

AVX2 static uint32_t find_bits(const struct kw_kernel_bits *bits, uint32_t first,
                               const uint32_t *sought, uint32_t wanted, uint8_t *which,
                               uint8_t *places)
{
    return kw_kernel_find_bits(bits, first, sought, wanted, which, places);
}

AVX2 static bool list_bits(const uint8_t *packed, uint32_t size, uint32_t first, uint32_t count,
                           uint32_t *documents)
{
    return kw_kernel_list_bits(packed, size, first, count, documents);
}

const struct kw_kernels kw_kernels_avx2 = {
    .name = "avx2",
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
