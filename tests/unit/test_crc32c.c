/* The checksum of pages: the published vectors, and the instruction equal to its plain twin. */
#include "index/crc32c.h"

#include "tests/unit/index_scratch.h"

static void published_vectors_hold(void **state)
{
    /* RFC 3720 B.4, and the check value of the catalogues. */
    static const char read_command[] = "\x01\xC0\0\0"
                                       "\0\0\0\0"
                                       "\0\0\0\0"
                                       "\0\0\0\0"
                                       "\x14\0\0\0"
                                       "\0\0\x04\0"
                                       "\0\0\0\x14"
                                       "\0\0\0\x18"
                                       "\x28\0\0\0"
                                       "\0\0\0\0"
                                       "\x02\0\0\0"
                                       "\0\0\0\0";
    uint8_t bytes[32] = {0};
    (void)state;
    assert_int_equal(kw_crc32c("123456789", 9), 0xE3069283);
    assert_int_equal(kw_crc32c(bytes, 32), 0x8A9136AA);
    memset(bytes, 0xFF, sizeof bytes);
    assert_int_equal(kw_crc32c(bytes, 32), 0x62A8AB43);
    for (uint8_t i = 0; i < 32; i++)
        bytes[i] = i;
    assert_int_equal(kw_crc32c(bytes, 32), 0x46DD794E);
    for (uint8_t i = 0; i < 32; i++)
        bytes[i] = (uint8_t)(31 - i);
    assert_int_equal(kw_crc32c(bytes, 32), 0x113FDB5C);
    assert_int_equal(kw_crc32c(read_command, 48), 0xD9963A56);
}

static void nothing_has_the_checksum_zero(void **state)
{
    (void)state;
    assert_int_equal(kw_crc32c("", 0), 0);
    assert_int_equal(kw_crc32c_plain("", 0), 0);
}

static void instruction_equals_its_plain_twin(void **state)
{
    enum { PAGE = 4096, PAGES = 3 };
    static uint8_t bytes[PAGES * PAGE];
    uint64_t seed = 7;
    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)scratch_random(&seed);
    for (size_t size = 0; size < 280; size++)
        for (size_t at = 0; at < 9; at++)
            assert_int_equal(kw_crc32c(bytes + at, size), kw_crc32c_plain(bytes + at, size));
    for (size_t size = PAGE - 24; size < PAGES * PAGE; size += size % PAGE == 40 ? PAGE - 64 : 1)
        assert_int_equal(kw_crc32c(bytes, size), kw_crc32c_plain(bytes, size));
}

static void every_bit_counts(void **state)
{
    uint8_t bytes[64] = {0};
    uint32_t before = kw_crc32c(bytes, sizeof bytes);
    (void)state;
    for (size_t bit = 0; bit < sizeof bytes * 8; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1U << (bit % 8));
        assert_int_not_equal(kw_crc32c(bytes, sizeof bytes), before);
        bytes[bit / 8] ^= (uint8_t)(1U << (bit % 8));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_vectors_hold),
        cmocka_unit_test(nothing_has_the_checksum_zero),
        cmocka_unit_test(instruction_equals_its_plain_twin),
        cmocka_unit_test(every_bit_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
