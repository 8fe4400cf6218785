/* Tests of the kernels that score postings, and find and add up those of bitmaps: each table that
 * this processor runs gives what a plain definition says, to the bit, and touches no byte that it
 * must not. */
#include "kernel_scratch.h"

static void high_exact_sums_are_found(void **state)
{
    const struct kw_kernels *kernels = kernels_of(state);
    struct region in = region_of(), out = region_of();
    uint64_t seed = 9;
    for (uint32_t round = 0; round < 500; round++) {
        uint32_t size = 64 * (round % 100), count = 0, expected[64 * 100];
        double *sums = at_end(in, size * sizeof *sums, 0), least = round % 4 ? round : 5e-324;
        uint32_t *places = at_end(out, size * 4, 0);
        for (uint32_t i = 0; i < size; i++) {
            uint32_t kind = scratch_below(&seed, round % 3 ? 3 : 200);
            sums[i] = kind == 0 ? least : kind == 1 ? 2 * least : least / 2;
            if (sums[i] >= least)
                expected[count++] = i;
        }
        assert_int_equal(kernels->above64(sums, size, least, places), count);
        if (count)
            assert_memory_equal(places, expected, count * 4);
    }
    region_release(in);
    region_release(out);
}

/* A posting's score, as BM25 has it. */
static double score_of(const struct kw_kernel_weights *weights, uint32_t frequency, uint32_t length)
{
    double tf = frequency, sloped = weights->slope * length, norm = weights->fixed + sloped;
    return weights->weight * tf / (tf + norm);
}

static struct kw_kernel_weights weights_of(uint64_t *seed)
{
    return (struct kw_kernel_weights){1 + scratch_random(seed) / 7e8, scratch_below(seed, 5) / 3.0,
                                      scratch_random(seed) / 3e12};
}

static void postings_are_scored(void **state)
{
    const struct kw_kernels *kernels = kernels_of(state);
    struct region in[2] = {region_of(), region_of()}, out = region_of();
    uint64_t seed = 10;
    for (uint32_t count = 0; count <= BLOCK; count++)
        for (uint32_t round = 0; round < 30; round++) {
            struct kw_kernel_weights weights = weights_of(&seed);
            uint32_t *frequencies = at_end(in[0], rounded(count) * 4, 0);
            uint32_t *lengths = at_end(in[1], rounded(count) * 4, 0);
            double *scores = at_end(out, rounded(count) * 8, 0);
            for (uint32_t i = 0; i < count; i++) {
                frequencies[i] = 1 + ((uint32_t)random64(&seed) % UINT32_MAX >> round);
                lengths[i] = (uint32_t)random64(&seed) >> (round + 3) % 32;
            }
            kernels->score(frequencies, lengths, count, &weights, scores);
            for (uint32_t i = 0; i < count; i++)
                assert_true(scores[i] == score_of(&weights, frequencies[i], lengths[i]));
        }
    region_release(in[0]);
    region_release(in[1]);
    region_release(out);
}

static void put_number(uint8_t *at, uint32_t width, uint32_t number)
{
    for (uint32_t i = 0; i < width; i++)
        at[i] = (uint8_t)(number >> 8 * i);
}

/* One call of score_bits, of any part of the bits. */
static void score_bits_one(const struct kw_kernels *kernels, struct region regions[3],
                           uint64_t *seed, uint32_t size, uint32_t width)
{
    uint8_t *packed = at_end(regions[0], size / 8 + 1, KW_KERNEL_SLACK);
    uint32_t frequencies[BLOCK], set = 0, sparse = 2 + size / BLOCK * 2;
    uint32_t from = scratch_below(seed, size), to = from + scratch_below(seed, size - from) + 1;
    uint8_t *lengths = at_end(regions[1], (size_t)(to - from) * width, KW_KERNEL_SLACK);
    double *sums = at_end(regions[2], (to - from) * sizeof *sums, 0), expected[8 * BLOCK];
    struct kw_kernel_weights weights = weights_of(seed);
    memset(packed, 0, size / 8 + 1);
    packed[size / 8] = (uint8_t)(0xFF << size % 8); /* bits that mean nothing */
    for (uint32_t i = 0; i < to - from; i++) {
        put_number(lengths + (size_t)i * width, width, (uint32_t)random64(seed));
        sums[i] = expected[i] = i % 3;
    }
    for (uint32_t i = 0; i < size && set < BLOCK; i++) {
        if (i + 1 < size && scratch_below(seed, sparse))
            continue;
        packed[i / 8] |= (uint8_t)(1 << i % 8);
        frequencies[set] = 1 + scratch_below(seed, 9);
        if (i >= from && i < to) {
            uint32_t number = 0;
            memcpy(&number, lengths + (size_t)(i - from) * width, width);
            expected[i - from] += score_of(&weights, frequencies[set], number);
        }
        set++;
    }
    struct kw_kernel_bits bits = {packed, size, set};
    assert_true(kernels->score_bits(&bits, from, to, frequencies, lengths, width, &weights, sums));
    assert_memory_equal(sums, expected, (to - from) * sizeof *sums);
    bits.count = set < BLOCK ? set + 1 : set - 1;
    assert_false(kernels->score_bits(&bits, from, to, frequencies, lengths, width, &weights, sums));
    assert_memory_equal(sums, expected, (to - from) * sizeof *sums);
}

static void bits_are_scored(void **state)
{
    const struct kw_kernels *kernels = kernels_of(state);
    struct region regions[3] = {region_of(), region_of(), region_of()};
    uint64_t seed = 11;
    for (uint32_t size = 1; size < 8 * BLOCK; size++)
        for (uint32_t round = 0; round < 9; round++)
            score_bits_one(kernels, regions, &seed, size, 1 << round % 3);
    for (int i = 0; i < 3; i++)
        region_release(regions[i]);
}

/* One call of add_bits, of any part of random bits. */
static void add_bits_one(const struct kw_kernels *kernels, struct region regions[2], uint64_t *seed,
                         uint32_t size)
{
    uint8_t *packed = at_end(regions[0], size / 8 + 1, KW_KERNEL_SLACK), classes[BLOCK];
    uint32_t from = scratch_below(seed, size), to = from + scratch_below(seed, size - from) + 1;
    uint16_t *window = at_end(regions[1], (to - from) * 2, 0), table[16];
    uint16_t expected[8 * BLOCK];
    struct kw_kernel_bits bits = {packed, size, 0};
    memset(packed, 0, size / 8 + 1);
    for (uint32_t i = 0; i < BLOCK; i++)
        classes[i] = (uint8_t)scratch_random(seed);
    for (uint32_t i = 0; i < 16; i++)
        table[i] = (uint16_t)scratch_random(seed);
    for (uint32_t i = 0; i < to - from; i++)
        window[i] = expected[i] = (uint16_t)(i % 3 ? 0 : scratch_random(seed));
    for (uint32_t i = 0; i < size && bits.count < BLOCK; i++) {
        if (i + 1 < size && scratch_below(seed, 2 + size / BLOCK))
            continue;
        packed[i / 8] |= (uint8_t)(1 << i % 8);
        uint32_t number = table[classes[bits.count / 2] >> bits.count % 2 * 4 & 15];
        if (i >= from && i < to)
            expected[i - from] =
                (uint16_t)(expected[i - from] + number < 65535 ? expected[i - from] + number
                                                               : 65535);
        bits.count++;
    }
    assert_true(kernels->add_bits(&bits, from, to, classes, table, window));
    assert_memory_equal(window, expected, (to - from) * 2);
    bits.count += bits.count < BLOCK ? 1 : UINT32_MAX;
    assert_false(kernels->add_bits(&bits, from, to, classes, table, window));
    assert_memory_equal(window, expected, (to - from) * 2);
}

static void classes_of_bits_are_added(void **state)
{
    const struct kw_kernels *kernels = kernels_of(state);
    struct region regions[2] = {region_of(), region_of()};
    uint64_t seed = 13;
    for (uint32_t size = 1; size < 8 * BLOCK; size++)
        for (uint32_t round = 0; round < 9; round++)
            add_bits_one(kernels, regions, &seed, size);
    region_release(regions[0]);
    region_release(regions[1]);
}

/* One call of find_bits, in a bitmap of random bits. */
static void find_bits_one(const struct kw_kernels *kernels, struct region regions[2],
                          uint64_t *seed, uint32_t size, uint32_t wanted)
{
    uint8_t *packed = at_end(regions[0], size / 8 + 1, KW_KERNEL_SLACK);
    uint32_t *sought = at_end(regions[1], wanted * 4, 0), first = scratch_random(seed) / 2;
    uint8_t which[256], places[256], expected_which[256], expected_places[256];
    uint32_t before[KW_KERNEL_BITS + 1], set = 0, found = 0;
    for (uint32_t i = 0; i <= size / 8; i++)
        packed[i] = (uint8_t)(scratch_random(seed) & scratch_random(seed) >> 4);
    for (uint32_t i = 0; i < size; i++) {
        before[i] = set;
        set += packed[i / 8] >> i % 8 & 1;
    }
    for (uint32_t i = 0; i < wanted; i++) {
        uint32_t at = (uint32_t)((uint64_t)i * size / wanted);
        sought[i] = first + at;
        expected_which[found] = (uint8_t)i;
        expected_places[found] = (uint8_t)before[at];
        found += packed[at / 8] >> at % 8 & 1;
    }
    struct kw_kernel_bits bits = {packed, size, set};
    assert_int_equal(kernels->find_bits(&bits, first, sought, wanted, which, places), found);
    assert_memory_equal(which, expected_which, found);
    assert_memory_equal(places, expected_places, found);
    bits.count++;
    assert_int_equal(kernels->find_bits(&bits, first, sought, wanted, which, places),
                     KW_KERNEL_FEW);
}

static void sought_documents_are_found_in_bitmaps(void **state)
{
    const struct kw_kernels *kernels = kernels_of(state);
    struct region regions[2] = {region_of(), region_of()};
    uint64_t seed = 12;
    for (uint32_t size = 1; size <= KW_KERNEL_BITS; size += 1 + size / 100)
        for (uint32_t round = 0; round < 9; round++)
            find_bits_one(kernels, regions, &seed, size, 1 + scratch_below(&seed, 255));
    struct kw_kernel_bits large = {regions[0].bytes, KW_KERNEL_BITS + 1, 1};
    assert_int_equal(kernels->find_bits(&large, 0, NULL, 0, NULL, NULL), KW_KERNEL_FEW);
    region_release(regions[0]);
    region_release(regions[1]);
}

int main(void)
{
    static const struct CMUnitTest each[] = {
        cmocka_unit_test(high_exact_sums_are_found),
        cmocka_unit_test(postings_are_scored),
        cmocka_unit_test(bits_are_scored),
        cmocka_unit_test(classes_of_bits_are_added),
        cmocka_unit_test(sought_documents_are_found_in_bitmaps),
    };
    enum { EACH = sizeof each / sizeof *each };
    struct CMUnitTest tests[TABLES * EACH];
    char titles[TABLES * EACH][80];
    each_table(each, EACH, tests, titles);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
