/* Tests of the kernels: each table that this processor runs gives what a plain definition says, and
 * touches no byte that it must not. Buffers lie against pages that cannot be read. */
#include "index/bitpack.h"
#include "index/pages.h"
#include "kernel_scratch.h"

/* Packs bit by bit: the definition. Bits behind the last number are left as they are. */
static void pack(uint8_t *packed, const uint32_t *numbers, size_t count, uint32_t bits)
{
    for (size_t i = 0; i < count * bits; i++) {
        uint32_t bit = numbers[i / bits] >> (i % bits) & 1;
        packed[i / 8] = (uint8_t)((packed[i / 8] & ~(1U << (i % 8))) | bit << (i % 8));
    }
}

enum { FILLS = 4 };

/* Numbers of at most `bits` bits: zeros, the greatest, any, and few that are not zero. */
static void fill_numbers(uint64_t *seed, uint32_t *numbers, size_t count, uint32_t bits, int fill)
{
    uint32_t all = bits ? UINT32_MAX >> (32 - bits) : 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t any = (uint32_t)random64(seed) & all;
        numbers[i] = fill == 0 ? 0 : fill == 1 ? all : fill == 2 || i % 13 == 5 ? any : 0;
    }
}

/* One call of unpack, its input before the wall behind or behind the wall before. */
static void unpack_one(const struct kw_kernels *kernels, struct region in, struct region out,
                       const uint32_t *numbers, size_t count, uint32_t bits, bool front)
{
    size_t size = kw_bitpack_size(count, bits);
    uint8_t *packed = front ? in.bytes : at_end(in, size, KW_KERNEL_SLACK);
    uint32_t *found = at_end(out, rounded(count) * 4, 0);
    memset(packed, (int)count, size + KW_KERNEL_SLACK);
    pack(packed, numbers, count, bits);
    memset((uint8_t *)found - 64, MARK, 64);
    kernels->unpack(packed, found, count, bits);
    if (count)
        assert_memory_equal(found, numbers, count * 4);
    for (int i = -64; i < 0; i++)
        assert_int_equal(((uint8_t *)found)[i], MARK);
}

static void every_width_and_count_is_unpacked(void **state)
{
    const struct kw_kernels *kernels = kernels_of(state);
    struct region in = region_of(), out = region_of();
    uint32_t numbers[1000];
    uint64_t seed = 1;
    for (uint32_t bits = 0; bits <= 32; bits++)
        for (int fill = 0; fill < FILLS; fill++) {
            fill_numbers(&seed, numbers, 1000, bits, fill);
            for (size_t count = 0; count <= BLOCK; count++)
                unpack_one(kernels, in, out, numbers, count, bits, count % 2);
            unpack_one(kernels, in, out, numbers, 999, bits, false);
            unpack_one(kernels, in, out, numbers, 1000, bits, true);
        }
    region_release(in);
    region_release(out);
}

static void rising_one(const struct kw_kernels *kernels, struct region in, struct region out,
                       const uint32_t *gaps, uint32_t count, uint32_t bits, uint32_t next)
{
    size_t size = kw_bitpack_size(count, bits);
    uint8_t *packed = count % 2 ? in.bytes : at_end(in, size, KW_KERNEL_SLACK);
    uint32_t *found = at_end(out, rounded(count) * 4, 0);
    memset(packed, (int)count, size + KW_KERNEL_SLACK);
    pack(packed, gaps, count, bits);
    uint64_t last = kernels->unpack_rising(packed, found, count, bits, next);
    uint64_t expected = next;
    for (uint32_t i = 0; i < count; i++) {
        expected += gaps[i];
        assert_int_equal(found[i], (uint32_t)expected);
        expected += i + 1 < count;
    }
    assert_true(last == expected);
}

static void every_width_and_count_of_gaps_is_summed_up(void **state)
{
    const struct kw_kernels *kernels = kernels_of(state);
    struct region in = region_of(), out = region_of();
    const uint32_t nexts[] = {0, 1, 1000000, 1U << 31, UINT32_MAX - 127, UINT32_MAX};
    uint32_t gaps[BLOCK];
    uint64_t seed = 2;
    for (uint32_t bits = 0; bits <= 32; bits++)
        for (int fill = 0; fill < FILLS; fill++) {
            fill_numbers(&seed, gaps, BLOCK, bits, fill);
            for (uint32_t count = 1; count <= BLOCK; count++)
                rising_one(kernels, in, out, gaps, count, bits, nexts[(count + bits) % 6]);
            for (int i = 0; i < 6; i++)
                rising_one(kernels, in, out, gaps, BLOCK, bits, nexts[i]);
        }
    region_release(in);
    region_release(out);
}

/* Gaps from `from` on, which lie in packed ones of which the last byte is before the wall. */
static void part_one(const struct kw_kernels *kernels, struct region in, struct region out,
                     const uint32_t *gaps, uint32_t from, uint32_t count, uint32_t bits,
                     uint32_t next)
{
    size_t size = kw_bitpack_size(from + count, bits);
    uint8_t *packed = count % 2 ? in.bytes : at_end(in, size, KW_KERNEL_SLACK);
    uint32_t *found = at_end(out, ((size_t)count + KW_KERNEL_ROUND) * 4, 0);
    memset(packed, (int)count, size + KW_KERNEL_SLACK);
    pack(packed, gaps, from + count, bits);
    memset((uint8_t *)found - 64, MARK, 64);
    uint64_t last = kernels->unpack_part(packed, from, found, count, bits, next);
    uint64_t expected = next;
    for (uint32_t i = 0; i < count; i++) {
        expected += gaps[from + i];
        assert_int_equal(found[i], (uint32_t)expected);
        expected += i + 1 < count;
    }
    assert_true(last == expected);
    for (int i = -64; i < 0; i++)
        assert_int_equal(((uint8_t *)found)[i], MARK);
}

static void gaps_from_any_place_on_are_summed_up(void **state)
{
    const struct kw_kernels *kernels = kernels_of(state);
    struct region in = region_of(), out = region_of();
    const uint32_t nexts[] = {0, 1, 1000000, UINT32_MAX};
    uint32_t gaps[2 * BLOCK];
    uint64_t seed = 9;
    for (uint32_t bits = 0; bits <= 32; bits++)
        for (int fill = 0; fill < FILLS; fill++) {
            fill_numbers(&seed, gaps, 2 * BLOCK, bits, fill);
            for (uint32_t count = 1; count <= BLOCK; count++) {
                part_one(kernels, in, out, gaps, count % 20, count, bits, nexts[count % 4]);
                part_one(kernels, in, out, gaps, BLOCK - count, count, bits, nexts[count % 4]);
            }
        }
    region_release(in);
    region_release(out);
}

static uint32_t nibble(const uint8_t *classes, uint32_t i)
{
    return i % 2 ? classes[i / 2] / 16 : classes[i / 2] % 16;
}

static void sieve_keeps_what_is_at_least_so_much(void **state)
{
    const struct kw_kernels *kernels = kernels_of(state);
    struct region in = region_of();
    uint64_t seed = 3;
    for (uint32_t round = 0; round < 4000; round++) {
        uint8_t *classes = round % 2 ? in.bytes : at_end(in, 64, 0);
        uint32_t least = round % 20 == 18 ? UINT32_MAX : round % 20 == 19 ? 256 : round % 20;
        uint64_t mask[2] = {seed, seed}, expected[2] = {0, 0};
        for (int i = 0; i < 64; i++)
            classes[i] = (uint8_t)(random64(&seed) & (round % 3 ? 0xFF : 0x11));
        for (uint32_t i = 0; i < BLOCK; i++)
            expected[i / 64] |= (uint64_t)(nibble(classes, i) >= least) << (i % 64);
        kernels->sieve(classes, least, mask);
        assert_memory_equal(mask, expected, sizeof mask);
    }
    region_release(in);
}

static void first_code_is_found(void **state)
{
    const struct kw_kernels *kernels = kernels_of(state);
    struct region in = region_of();
    uint64_t seed = 4;
    for (uint32_t count = 0; count <= 300; count++)
        for (int round = 0; round < 200; round++) {
            uint8_t *codes = round % 2 ? in.bytes : at_end(in, count, KW_KERNEL_SLACK);
            uint8_t least = (uint8_t)(round % 5 ? round * 37 : round % 2 * 255);
            uint32_t from = scratch_below(&seed, count + 1), expected = from;
            for (uint32_t i = 0; i < KW_KERNEL_SLACK; i++)
                codes[count + i] = i == scratch_below(&seed, 8) ? 0xFF : 0;
            for (uint32_t i = 0; i < count; i++)
                codes[i] = scratch_below(&seed, 60) ? (uint8_t)(least - (least > 0)) : (uint8_t)i;
            while (expected < count && codes[expected] < least)
                expected++;
            assert_int_equal(kernels->first_at_least8(codes, from, count, least), expected);
        }
    region_release(in);
}

static void first_document_is_found(void **state)
{
    const struct kw_kernels *kernels = kernels_of(state);
    struct region in = region_of();
    uint64_t seed = 5;
    for (uint32_t count = 0; count <= BLOCK; count++)
        for (int round = 0; round < 400; round++) {
            uint32_t *rising = round % 2 ? (void *)in.bytes : at_end(in, count * 4, 0);
            uint32_t from = scratch_below(&seed, count + 1), expected = from;
            uint64_t value = round % 3 ? 0 : UINT32_MAX - count * 2;
            for (uint32_t i = 0; i < count; i++) {
                value += scratch_below(&seed, round % 7 ? 3 : 1U << 27);
                rising[i] = value < UINT32_MAX ? (uint32_t)value : UINT32_MAX;
            }
            uint32_t target = count ? rising[scratch_below(&seed, count)] : 7;
            target += round % 4 == 1;
            target = round % 16 == 2 ? 0 : round % 16 == 3 ? UINT32_MAX : target;
            while (expected < count && rising[expected] < target)
                expected++;
            assert_int_equal(kernels->first_at_least32(rising, from, count, target), expected);
        }
    region_release(in);
}

/* Looks for `wanted` numbers, some of them twice, of which a part is among `count` rising ones up
 * to `stride` apart. What stands behind these is one that is looked for. */
static void find_one(const struct kw_kernels *kernels, struct region regions[4], uint64_t *seed,
                     uint32_t count, uint32_t wanted, uint32_t stride)
{
    uint32_t *rising = at_end(regions[0], (size_t)BLOCK * 4, 0);
    uint32_t *sought = at_end(regions[1], (size_t)wanted * 4, 0);
    uint8_t *which = at_end(regions[2], wanted, 0), *places = at_end(regions[3], wanted, 0);
    uint32_t at = scratch_below(seed, 2) ? stride : UINT32_MAX - BLOCK * stride, found = 0;
    for (uint32_t i = 0; i < count; i++)
        rising[i] = at += 1 + scratch_below(seed, stride);
    for (uint32_t i = 0; i < wanted; i++) { /* one of them, or a number before it */
        uint32_t place = (uint32_t)((uint64_t)i * count / wanted);
        sought[i] = rising[place] - (scratch_below(seed, 3) ? scratch_below(seed, stride) : 0);
        sought[i] = i && sought[i] < sought[i - 1] ? sought[i - 1] : sought[i];
    }
    for (uint32_t i = count; i < BLOCK; i++)
        rising[i] = sought[wanted - 1];
    uint32_t all = kernels->find32(rising, count, sought, wanted, which, places);
    for (uint32_t i = 0; i < wanted; i++)
        for (uint32_t k = 0; k < count; k++)
            if (sought[i] == rising[k]) {
                assert_true(found < all);
                assert_int_equal(which[found], i);
                assert_int_equal(places[found++], k);
            }
    assert_int_equal(all, found);
}

static void sought_documents_are_found(void **state)
{
    static const uint32_t strides[] = {1, 2, 5, 100, 1 << 20};
    const struct kw_kernels *kernels = kernels_of(state);
    struct region regions[4] = {region_of(), region_of(), region_of(), region_of()};
    uint64_t seed = 1;
    for (uint32_t count = 1; count <= BLOCK; count++)
        for (uint32_t i = 0; i < 40; i++)
            find_one(kernels, regions, &seed, count, 1 + scratch_below(&seed, 256), strides[i % 5]);
    for (int i = 0; i < 4; i++)
        region_release(regions[i]);
}

/* Numbers of which a part has one of `count` others `shift` further on. */
static void keep_one(const struct kw_kernels *kernels, struct region regions[3], uint64_t *seed,
                     uint32_t count, uint32_t wanted, uint32_t stride)
{
    uint32_t *rising = at_end(regions[0], (size_t)count * 4, 0);
    uint32_t *sought = at_end(regions[1], (size_t)wanted * 4, 0);
    uint32_t *kept = scratch_below(seed, 2) ? sought : at_end(regions[2], (size_t)wanted * 4, 0);
    uint32_t shift = scratch_below(seed, 7) - 3, found = 0, expected[600];
    uint32_t at = scratch_below(seed, 2) ? 3 : UINT32_MAX - 3 - (count + wanted) * stride;
    for (uint32_t i = 0; i < count; i++)
        rising[i] = (at += 1 + scratch_below(seed, stride)) + 3;
    at = rising[scratch_below(seed, count)] - 3;
    for (uint32_t i = 0; i < wanted; i++) { /* mostly near one of them */
        sought[i] = at;
        at += 1 + scratch_below(seed, stride);
    }
    for (uint32_t i = 0; i < wanted; i++)
        for (uint32_t k = 0; k < count; k++)
            if (sought[i] + shift == rising[k])
                expected[found++] = sought[i];
    assert_int_equal(kernels->keep32(sought, wanted, shift, rising, count, kept), found);
    if (found)
        assert_memory_equal(kept, expected, found * 4);
}

static void numbers_that_agree_are_kept(void **state)
{
    static const uint32_t strides[] = {1, 2, 5, 100, 1 << 20};
    const struct kw_kernels *kernels = kernels_of(state);
    struct region regions[3] = {region_of(), region_of(), region_of()};
    uint64_t seed = 10;
    for (uint32_t count = 1; count <= 300; count++)
        for (uint32_t i = 0; i < 25; i++)
            keep_one(kernels, regions, &seed, count, scratch_below(&seed, i < 20 ? 20 : 600),
                     strides[i % 5]);
    for (int i = 0; i < 3; i++)
        region_release(regions[i]);
}

/* Documents up to `stride` apart: inside of the window if they fit, across either of its ends, or
 * outside. */
static void rising_documents(uint64_t *seed, uint32_t *documents, uint32_t count, uint32_t stride,
                             uint32_t base, uint32_t size)
{
    int64_t span = 0, last = (int64_t)UINT32_MAX, first;
    for (uint32_t i = 0; i < count; i++) {
        span += 1 + scratch_below(seed, stride);
        documents[i] = (uint32_t)span;
    }
    first = (int64_t)base + scratch_below(seed, size) - scratch_below(seed, 2) * span;
    if (scratch_below(seed, 2))
        first = base;
    first = first < 0 ? 0 : first > last - span ? last - span : first;
    for (uint32_t i = 0; i < count; i++)
        documents[i] += (uint32_t)first - 1 + (first == 0);
}

/* One call of add_classes on `size` sums, documents lying up to `stride` apart. */
static void add_one(const struct kw_kernels *kernels, struct region regions[3], uint64_t *seed,
                    uint32_t count, uint32_t size, uint32_t stride)
{
    uint32_t base = scratch_below(seed, 3) ? scratch_random(seed) / 2 : 0U - size;
    uint32_t *documents = at_end(regions[0], count * 4, 0);
    uint8_t *classes = at_end(regions[1], (count + 1) / 2, KW_KERNEL_SLACK);
    uint16_t *window = at_end(regions[2], size * 2, 0);
    uint16_t table[16], expected[4096];
    for (int i = 0; i < 16; i++)
        table[i] = (uint16_t)(scratch_random(seed) >> scratch_below(seed, 16));
    for (uint32_t i = 0; i < size; i++)
        expected[i] = window[i] = (uint16_t)(scratch_random(seed) >> scratch_below(seed, 16));
    for (uint32_t i = 0; i < (count + 1) / 2; i++)
        classes[i] = (uint8_t)scratch_random(seed);
    rising_documents(seed, documents, count, stride, base, size);
    for (uint32_t i = 0; i < count; i++) {
        if (documents[i] < base || documents[i] - base >= size)
            continue;
        uint32_t sum = (uint32_t)expected[documents[i] - base] + table[nibble(classes, i)];
        expected[documents[i] - base] = (uint16_t)(sum > 65535 ? 65535 : sum);
    }
    kernels->add_classes(documents, classes, count, table, base, size, window);
    assert_memory_equal(window, expected, size * 2);
}

static void classes_are_added_to_a_window(void **state)
{
    const struct kw_kernels *kernels = kernels_of(state);
    struct region regions[3] = {region_of(), region_of(), region_of()};
    uint64_t seed = 6;
    for (uint32_t count = 0; count <= BLOCK; count++)
        for (uint32_t round = 0; round < 60; round++)
            add_one(kernels, regions, &seed, count, 64 << round % 7, 1 << round % 6);
    for (int i = 0; i < 3; i++)
        region_release(regions[i]);
}

static void high_sums_are_found(void **state)
{
    const struct kw_kernels *kernels = kernels_of(state);
    struct region in = region_of(), out = region_of();
    uint64_t seed = 7;
    for (uint32_t round = 0; round < 2000; round++) {
        uint32_t size = 64 * (round % 150), count = 0, expected[64 * 150];
        uint16_t *window = round % 2 ? (void *)in.bytes : at_end(in, size * 2, 0);
        uint32_t *places = at_end(out, size * 4, 0);
        uint16_t least = round % 5 == 0   ? 1
                         : round % 5 == 1 ? UINT16_MAX
                                          : (uint16_t)(scratch_random(&seed) | 1);
        for (uint32_t i = 0; i < size; i++) {
            bool high = round % 3 == 0 || scratch_below(&seed, round % 3 == 1 ? 50 : 2) == 0;
            window[i] =
                (uint16_t)(high ? least + scratch_below(&seed, 65536U - least) : least - 1U);
            if (window[i] >= least)
                expected[count++] = i;
        }
        assert_int_equal(kernels->above16(window, size, least, places), count);
        if (count)
            assert_memory_equal(places, expected, count * 4);
    }
    region_release(in);
    region_release(out);
}

static void bits_are_set_and_counted(void **state)
{
    const struct kw_kernels *kernels = kernels_of(state);
    struct region in = region_of(), out = region_of();
    uint64_t seed = 8;
    for (uint32_t count = 0; count <= 200; count++)
        for (uint32_t round = 0; round < 20; round++) {
            uint32_t base = scratch_random(&seed) / 2, words = count * (1 + round) / 64 + 2;
            uint32_t *documents = at_end(in, count * 4, 0), document = base;
            uint64_t *bits = at_end(out, words * 8, 0);
            uint64_t expected[4096 / 16] = {0}, set = 0;
            for (uint32_t i = 0; i < words; i++)
                bits[i] = expected[i] = round % 3 ? 0 : random64(&seed);
            for (uint32_t i = 0; i < count; i++, document += 1 + scratch_below(&seed, round + 1)) {
                documents[i] = document;
                expected[(document - base) / 64] |= (uint64_t)1 << (document - base) % 64;
            }
            kernels->set_bits(documents, count, base, bits);
            assert_memory_equal(bits, expected, words * 8);
            for (uint32_t i = 0; i < words * 64; i++)
                set += bits[i / 64] >> (i % 64) & 1;
            assert_int_equal(kernels->popcount(bits, words), set);
            assert_int_equal(kernels->popcount(bits + words, 0), 0);
        }
    region_release(in);
    region_release(out);
}

static void bits_are_listed_if_there_are_so_many(void **state)
{
    const struct kw_kernels *kernels = kernels_of(state);
    struct region in = region_of(), out = region_of();
    uint64_t seed = 9;
    for (uint32_t count = 1; count <= BLOCK; count++)
        for (uint32_t round = 0; round < 40; round++) {
            uint32_t expected[BLOCK], first = scratch_random(&seed) / 2, place = 0, size = 0;
            uint8_t bits[BLOCK * 64 / 8] = {0};
            uint32_t *documents = at_end(out, count * sizeof *documents, 0);
            for (uint32_t i = 0; i < count; i++, place = size) {
                place += scratch_below(&seed, 1 + round);
                bits[place / 8] |= (uint8_t)(1U << (place % 8));
                expected[i] = first + place;
                size = place + 1;
            }
            uint8_t *packed = at_end(in, (size + 7) / 8, KW_KERNEL_SLACK);
            memset(packed, MARK, (size + 7) / 8 + KW_KERNEL_SLACK);
            memcpy(packed, bits, size / 8);
            if (size % 8) /* what is behind the last bit means nothing */
                packed[size / 8] = bits[size / 8] | (uint8_t)(0xFFU << (size % 8));
            documents[0] = ~first;
            assert_false(kernels->list_bits(packed, size, first, count - 1, documents));
            assert_false(kernels->list_bits(packed, size, first, count + 1, documents));
            assert_int_equal(documents[0], ~first);
            assert_true(kernels->list_bits(packed, size, first, count, documents));
            assert_memory_equal(documents, expected, count * sizeof *documents);
        }
    region_release(in);
    region_release(out);
}

static void variable_names_the_kernels(void **state)
{
    const struct kw_kernels *chosen = NULL, *kernels = kernels_of(state);
    assert_int_equal(setenv("KWIC_KERNELS", kernels->name, 1), 0);
    assert_int_equal(kw_kernels_choose(&chosen, NULL), KW_OK);
    assert_ptr_equal(chosen, kernels);
    unsetenv("KWIC_KERNELS");
}

static void fastest_kernels_run_unless_one_is_named(void **state)
{
    static const char *const names[] = {"avx512", "avx2", "portable"};
    const struct kw_kernels *chosen = NULL, *fastest = NULL;
    (void)state;
    for (int i = 0; i < 3 && !fastest; i++)
        fastest = kw_kernels_named(names[i]);
    unsetenv("KWIC_KERNELS");
    assert_int_equal(kw_kernels_choose(&chosen, NULL), KW_OK);
    assert_ptr_equal(chosen, fastest);
    assert_int_equal(setenv("KWIC_KERNELS", "", 1), 0);
    assert_int_equal(kw_kernels_choose(&chosen, NULL), KW_OK);
    assert_ptr_equal(chosen, fastest);
    unsetenv("KWIC_KERNELS");
}

static void unknown_kernels_are_an_error(void **state)
{
    const struct kw_kernels *chosen;
    struct kw_error error = KW_ERROR_INIT;
    struct kw_pages pages;
    (void)state;
    assert_null(kw_kernels_named("mmx"));
    assert_null(kw_kernels_named(""));
    assert_null(kw_kernels_named(NULL));
    assert_int_equal(setenv("KWIC_KERNELS", "mmx", 1), 0);
    assert_int_equal(kw_kernels_choose(&chosen, &error), KW_E_USAGE);
    assert_non_null(strstr(error.message, "'mmx'"));
    assert_int_equal(kw_pages_init(&pages, "/dev/null", "segm", NULL), KW_E_USAGE);
    unsetenv("KWIC_KERNELS");
}

int main(void)
{
    static const struct CMUnitTest each[] = {
        cmocka_unit_test(every_width_and_count_is_unpacked),
        cmocka_unit_test(every_width_and_count_of_gaps_is_summed_up),
        cmocka_unit_test(gaps_from_any_place_on_are_summed_up),
        cmocka_unit_test(sieve_keeps_what_is_at_least_so_much),
        cmocka_unit_test(first_code_is_found),
        cmocka_unit_test(first_document_is_found),
        cmocka_unit_test(sought_documents_are_found),
        cmocka_unit_test(numbers_that_agree_are_kept),
        cmocka_unit_test(classes_are_added_to_a_window),
        cmocka_unit_test(high_sums_are_found),
        cmocka_unit_test(bits_are_set_and_counted),
        cmocka_unit_test(bits_are_listed_if_there_are_so_many),
        cmocka_unit_test(variable_names_the_kernels),
    };
    enum { EACH = sizeof each / sizeof *each };
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(fastest_kernels_run_unless_one_is_named),
        cmocka_unit_test(unknown_kernels_are_an_error),
    };
    struct CMUnitTest tests[TABLES * EACH + 2];
    char titles[TABLES * EACH][80];
    each_table(each, EACH, tests, titles);
    memcpy(tests + (size_t)TABLES * EACH, others, sizeof others);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
