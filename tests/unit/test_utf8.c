/* Tests of decoding, checking and mending UTF-8. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stemmers/utf8.h"

static void every_scalar_value_survives_encoding(void **state)
{
    (void)state;
    for (uint32_t code = 0; code < KW_CHARACTERS; code++) {
        uint8_t bytes[KW_UTF8_BYTES];
        size_t size, next;

        if (code >= 0xD800 && code < 0xE000)
            continue;
        size = kw_utf8_encode(code, bytes);
        assert_int_equal(kw_utf8_decode(bytes, 0, size, &next), code);
        assert_int_equal(next, size);
        assert_int_equal(kw_utf8_valid((struct kw_view){bytes, size}), size);
    }
}

static void surrogates_overlong_and_too_large_are_invalid(void **state)
{
    static const char *const invalid[] = {
        "\xED\xA0\x80",     "\xC0\x80",     "\xC1\xBF", "\xE0\x80\x80", "\xF0\x80\x80\x80",
        "\xF4\x90\x80\x80", "\xF5",         "\xFF",     "\x80",         "\xC3",
        "\xE2\x82",         "\xF0\x9F\x98",
    };

    (void)state;
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++)
        assert_int_equal(kw_utf8_valid(kw_view_of(invalid[i])), 0);
}

static void validity_ends_before_the_first_fault(void **state)
{
    char text[100];

    (void)state;
    memset(text, 'a', sizeof text);
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = (char)0xFF;
        assert_int_equal(kw_utf8_valid((struct kw_view){(uint8_t *)text, sizeof text}), i);
        text[i] = 'a';
    }
    assert_int_equal(kw_utf8_valid((struct kw_view){(const uint8_t *)"a\0b", 3}), 3);
    assert_int_equal(kw_utf8_valid((struct kw_view){NULL, 0}), 0);
}

static void assert_repaired(struct kw_view text, const char *expected, uint64_t repairs)
{
    struct kw_bytes out = KW_BYTES_INIT;
    uint64_t count = 0;

    kw_utf8_repair(text, &out, &count);
    kw_bytes_append_byte(&out, 0);
    assert_string_equal((char *)out.data, expected);
    assert_int_equal(count, repairs);
    kw_bytes_release(&out);
}

/* The examples of the Unicode Standard, section 3.9, tables 3-8 to 3-11. */
static void repair_replaces_maximal_subparts(void **state)
{
#define R "\xEF\xBF\xBD"
    (void)state;
    assert_repaired(kw_view_of("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41"), R R R R R R R R "A", 8);
    assert_repaired(kw_view_of("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41"), R R R R R R R R "A", 8);
    assert_repaired(kw_view_of("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42"), R R R R R "A" R R "B", 7);
    assert_repaired(kw_view_of("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"), R R R R "A", 4);
    assert_repaired(kw_view_of("caf\xC3\xA9 \xE2\x82"), "caf\xC3\xA9 " R, 1);
    assert_repaired(kw_view_of("nothing wrong"), "nothing wrong", 0);
#undef R
}

static void repair_keeps_nul(void **state)
{
    struct kw_bytes out = KW_BYTES_INIT;
    uint64_t count = 0;

    (void)state;
    kw_utf8_repair((struct kw_view){(const uint8_t *)"a\0\xFF", 3}, &out, &count);
    assert_int_equal(out.size, 5);
    assert_memory_equal(out.data, "a\0\xEF\xBF\xBD", 5);
    kw_bytes_release(&out);
}

static void floor_cuts_no_character(void **state)
{
    struct kw_view text = kw_view_of("a\xC3\xA9\xF0\x9F\x98\x80");

    (void)state;
    assert_int_equal(kw_utf8_floor(text, 0), 0);
    assert_int_equal(kw_utf8_floor(text, 2), 1);
    assert_int_equal(kw_utf8_floor(text, 3), 3);
    assert_int_equal(kw_utf8_floor(text, 6), 3);
    assert_int_equal(kw_utf8_floor(text, 99), 7);
}

static void decoding_stays_inside_a_cut_character(void **state)
{
    size_t next;

    (void)state;
    assert_int_equal(kw_utf8_decode((const uint8_t *)"\xF0\x9F", 0, 2, &next), KW_UTF8_REPLACEMENT);
    assert_int_equal(next, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_scalar_value_survives_encoding),
        cmocka_unit_test(surrogates_overlong_and_too_large_are_invalid),
        cmocka_unit_test(validity_ends_before_the_first_fault),
        cmocka_unit_test(repair_replaces_maximal_subparts),
        cmocka_unit_test(repair_keeps_nul),
        cmocka_unit_test(floor_cuts_no_character),
        cmocka_unit_test(decoding_stays_inside_a_cut_character),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
