/* Bit packing: what is packed comes back, at every width and length, wherever it lies. */
#include "index/bitpack.h"

#include "tests/unit/index_scratch.h"

enum { MOST = 200 };

static void random_numbers(uint64_t *state, uint32_t bits, uint32_t numbers[MOST])
{
    for (size_t i = 0; i < MOST; i++) {
        uint64_t wide = (uint64_t)scratch_random(state) << 31 ^ scratch_random(state);
        numbers[i] = (uint32_t)(wide & ((UINT64_C(1) << bits) - 1));
    }
}

/* Packs `count` numbers behind `lead` bytes and compares what comes back from a copy that ends
 * right behind the padding, so that a sanitizer sees a byte read beyond. */
static void round_trip(const uint32_t *numbers, size_t count, uint32_t bits, size_t lead)
{
    struct kw_bytes out = KW_BYTES_INIT;
    uint32_t back[MOST];
    for (size_t i = 0; i < lead; i++)
        kw_bytes_append_byte(&out, 0xAA);
    kw_bitpack_encode(&out, numbers, count, bits);
    assert_int_equal(out.size, lead + kw_bitpack_size(count, bits));
    uint8_t *copy = malloc(out.size + KW_BITPACK_PADDING);
    assert_non_null(copy);
    if (out.size)
        memcpy(copy, out.data, out.size);
    memset(copy + out.size, 0xFF, KW_BITPACK_PADDING);
    kw_bitpack_decode(copy + lead, back, count, bits);
    assert_memory_equal(back, numbers, count * sizeof *back);
    free(copy);
    kw_bytes_release(&out);
}

static void every_width_and_length_comes_back(void **state)
{
    uint64_t seed = 1;
    uint32_t numbers[MOST];
    (void)state;
    for (uint32_t bits = 0; bits <= 32; bits++) {
        random_numbers(&seed, bits, numbers);
        for (size_t count = 0; count <= MOST; count++)
            round_trip(numbers, count, bits, count % 9);
    }
}

static void highest_numbers_come_back(void **state)
{
    uint32_t numbers[MOST];
    (void)state;
    for (uint32_t bits = 1; bits <= 32; bits++) {
        for (size_t i = 0; i < MOST; i++)
            numbers[i] = (uint32_t)((UINT64_C(1) << bits) - 1);
        round_trip(numbers, MOST, bits, 3);
    }
}

static void wide_numbers_are_read_one_by_one(void **state)
{
    uint64_t seed = 3;
    uint64_t numbers[MOST];
    (void)state;
    for (uint32_t bits = 0; bits <= 64; bits++) {
        struct kw_bytes out = KW_BYTES_INIT;
        for (size_t i = 0; i < MOST; i++) {
            uint64_t wide = (uint64_t)scratch_random(&seed) << 33 ^
                            (uint64_t)scratch_random(&seed) << 11 ^ scratch_random(&seed);
            numbers[i] = bits ? (i % 5 ? wide : UINT64_MAX) >> (64 - bits) : 0;
            assert_true(kw_bitpack_bits(numbers[i]) <= bits);
        }
        kw_bitpack_encode_wide(&out, numbers, MOST, bits);
        assert_int_equal(out.size, kw_bitpack_size(MOST, bits));
        uint8_t *copy = calloc(1, out.size + KW_BITPACK_PADDING);
        assert_non_null(copy);
        if (out.size)
            memcpy(copy, out.data, out.size);
        for (size_t i = 0; i < MOST; i++)
            assert_true(kw_bitpack_wide(copy + i * bits / 8, i * bits % 8, bits) == numbers[i]);
        free(copy);
        kw_bytes_release(&out);
    }
}

static void width_is_that_of_the_highest(void **state)
{
    uint32_t numbers[3] = {0, 0, 0};
    (void)state;
    assert_int_equal(kw_bitpack_width(numbers, 0), 0);
    assert_int_equal(kw_bitpack_width(numbers, 3), 0);
    for (uint32_t bits = 1; bits <= 32; bits++) {
        numbers[1] = (uint32_t)(UINT64_C(1) << (bits - 1));
        assert_int_equal(kw_bitpack_width(numbers, 3), bits);
        numbers[2] = numbers[1] - 1;
        assert_int_equal(kw_bitpack_width(numbers, 3), bits);
    }
}

static void low_bits_come_first(void **state)
{
    const uint32_t numbers[] = {5, 1, 6};
    const uint8_t packed[] = {0x8D, 0x01};
    struct kw_bytes out = KW_BYTES_INIT;
    (void)state;
    kw_bitpack_encode(&out, numbers, 3, 3);
    assert_int_equal(out.size, sizeof packed);
    assert_memory_equal(out.data, packed, sizeof packed);
    kw_bytes_release(&out);
}

static void last_byte_is_padded_with_zeros(void **state)
{
    const uint32_t numbers[] = {1, 1, 1, 1, 1};
    struct kw_bytes out = KW_BYTES_INIT;
    (void)state;
    kw_bitpack_encode(&out, numbers, 5, 1);
    assert_int_equal(out.size, 1);
    assert_int_equal(out.data[0], 0x1F);
    kw_bytes_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_width_and_length_comes_back),
        cmocka_unit_test(highest_numbers_come_back),
        cmocka_unit_test(wide_numbers_are_read_one_by_one),
        cmocka_unit_test(width_is_that_of_the_highest),
        cmocka_unit_test(low_bits_come_first),
        cmocka_unit_test(last_byte_is_padded_with_zeros),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
