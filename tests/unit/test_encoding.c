/* Tests of src/ingest/encoding: what is text, and in which encoding. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ingest/encoding.h"

#include <stdlib.h>

#define BYTES(text) ((struct kw_view){(const uint8_t *)(text), sizeof(text) - 1})

static void expect(struct kw_view bytes, enum kw_encoding encoding, const char *text,
                   uint64_t repairs)
{
    struct kw_bytes buffer = KW_BYTES_INIT;
    struct kw_view out = {NULL, 0};
    uint64_t repaired = 0;
    struct kw_error error = KW_ERROR_INIT;
    assert_int_equal(kw_encoding_decode(bytes, encoding, &buffer, &out, &repaired, &error), KW_OK);
    char *got = kw_view_string(out);
    assert_string_equal(got, text);
    assert_int_equal(repaired, repairs);
    free(got);
    kw_bytes_release(&buffer);
}

static void valid_utf8_is_not_copied(void **state)
{
    (void)state;
    struct kw_view bytes = BYTES("\xef\xbb\xbf"
                                 "caf\xc3\xa9\r\n");
    struct kw_bytes buffer = KW_BYTES_INIT;
    struct kw_view text;
    uint64_t repaired = 0;
    assert_int_equal(kw_encoding_decode(bytes, KW_ENCODING_AUTO, &buffer, &text, &repaired, NULL),
                     KW_OK);
    assert_ptr_equal(text.data, bytes.data + 3);
    assert_int_equal(text.size, bytes.size - 3);
    assert_null(buffer.data);
}

static void windows_1252_is_recognised(void **state)
{
    (void)state;
    expect(BYTES("Le caf\xe9 \xe0 la cr\xe8me \x96 5 \x80"), KW_ENCODING_AUTO,
           "Le café à la crème – 5 €", 0);
    expect(BYTES("it\x92s \x93quoted\x94"), KW_ENCODING_AUTO, "it’s “quoted”", 0);
    expect(BYTES("na\xe7\xe3o, S\xc3O PAULO"), KW_ENCODING_AUTO, "nação, SÃO PAULO", 0);
}

static void damaged_utf8_is_repaired(void **state)
{
    (void)state;
    expect(BYTES("abc \xff\xfe def"), KW_ENCODING_AUTO, "abc \xef\xbf\xbd\xef\xbf\xbd def", 2);
    expect(BYTES("h\xc3\xa9, d\xc3\xa9j\xc3\xa0 vu, \xe9"), KW_ENCODING_AUTO,
           "hé, déjà vu, \xef\xbf\xbd", 1);
    expect(BYTES("\xe4\xb8\xad\xe6\x96\x87 \xe4\xb8"), KW_ENCODING_AUTO, "中文 \xef\xbf\xbd", 1);
    expect(BYTES("an undefined byte \x81 here"), KW_ENCODING_AUTO,
           "an undefined byte \xef\xbf\xbd here", 1);
}

static void an_option_overrides_the_guess(void **state)
{
    (void)state;
    expect(BYTES("caf\xe9"), KW_ENCODING_UTF8, "caf\xef\xbf\xbd", 1);
    expect(BYTES("caf\xc3\xa9"), KW_ENCODING_WINDOWS_1252, "cafÃ©", 0);
    expect(BYTES("\x81"), KW_ENCODING_WINDOWS_1252, "\xef\xbf\xbd", 1);
}

static void utf16_is_decoded(void **state)
{
    (void)state;
    expect(BYTES("\xff\xfe"
                 "a\0\xe9\0\x3d\xd8\x00\xde"),
           KW_ENCODING_AUTO, "aé😀", 0);
    expect(BYTES("\xfe\xff"
                 "\0a\0\xe9\xd8\x3d\xde\x00"),
           KW_ENCODING_AUTO, "aé😀", 0);
    expect(BYTES("a\0b\0"), KW_ENCODING_UTF16LE, "ab", 0);
    expect(BYTES("\xff\xfe"
                 "a\0\x3d\xd8z"),
           KW_ENCODING_AUTO, "a\xef\xbf\xbd\xef\xbf\xbd", 2);
}

static void an_unknown_encoding_is_refused(void **state)
{
    (void)state;
    /* KOI8-R: nearly all bytes are above 0x7f and none of them valid UTF-8 */
    struct kw_view bytes = BYTES("\xf7\xd3\xc5 \xde\xc5\xcc\xcf\xd7\xc5\xcb\xc9 "
                                 "\xd2\xcf\xd6\xc4\xc1\xc0\xd4\xd3\xd1");
    struct kw_bytes buffer = KW_BYTES_INIT;
    struct kw_view text;
    uint64_t repaired = 0;
    struct kw_error error = KW_ERROR_INIT;
    assert_int_equal(kw_encoding_decode(bytes, KW_ENCODING_AUTO, &buffer, &text, &repaired, &error),
                     KW_E_INPUT);
    assert_string_equal(error.message, "its encoding is not known");
    kw_bytes_release(&buffer);
}

static void binaries_are_not_text(void **state)
{
    (void)state;
    assert_false(kw_encoding_is_text(BYTES("\x7f"
                                           "ELF\2\1\1\0\0"),
                                     KW_ENCODING_AUTO));
    assert_false(kw_encoding_is_text(BYTES("%PDF-1.7\n"), KW_ENCODING_AUTO));
    assert_false(kw_encoding_is_text(BYTES("\xff\xfe\0\0a\0\0\0"), KW_ENCODING_AUTO));
    assert_false(kw_encoding_is_text(BYTES("ab\1\2\3\4cd"), KW_ENCODING_AUTO));
    assert_false(kw_encoding_is_text(BYTES("abc\0"), KW_ENCODING_UTF8));
    assert_false(kw_encoding_is_text(BYTES("\xff\xfe"
                                           "a\0\1\0\2\0"),
                                     KW_ENCODING_AUTO));
}

static void text_is_text(void **state)
{
    (void)state;
    assert_true(kw_encoding_is_text(BYTES(""), KW_ENCODING_AUTO));
    assert_true(kw_encoding_is_text(BYTES("a\tb\r\n\f\x1b[1mbold\x1b[0m\n"), KW_ENCODING_AUTO));
    assert_true(kw_encoding_is_text(BYTES("\xff\xfe"
                                          "a\0b\0"),
                                    KW_ENCODING_AUTO));
    assert_true(kw_encoding_is_text(BYTES("a\0b\0"), KW_ENCODING_UTF16LE));
}

static void random_bytes_are_not_text(void **state)
{
    (void)state;
    uint8_t bytes[KW_ENCODING_NEAR];
    uint64_t seed = 12345;
    for (size_t i = 0; i < sizeof bytes; i++) {
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        bytes[i] = (uint8_t)(seed >> 56);
        if (!bytes[i])
            bytes[i] = 1; /* even without a NUL */
    }
    assert_false(kw_encoding_is_text((struct kw_view){bytes, sizeof bytes}, KW_ENCODING_AUTO));
}

static void a_late_nul_matters_in_what_is_not_utf8(void **state)
{
    (void)state;
    assert_true(kw_encoding_hides_binary(BYTES("#!/bin/sh\n\0\xff\xfe\x80"), KW_ENCODING_AUTO));
    assert_false(kw_encoding_hides_binary(BYTES("text\0text"), KW_ENCODING_AUTO));
    assert_false(kw_encoding_hides_binary(BYTES("caf\xe9"), KW_ENCODING_AUTO));
    assert_false(kw_encoding_hides_binary(BYTES("a\0\xff\xff"), KW_ENCODING_UTF16LE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(valid_utf8_is_not_copied),
        cmocka_unit_test(windows_1252_is_recognised),
        cmocka_unit_test(damaged_utf8_is_repaired),
        cmocka_unit_test(an_option_overrides_the_guess),
        cmocka_unit_test(utf16_is_decoded),
        cmocka_unit_test(an_unknown_encoding_is_refused),
        cmocka_unit_test(binaries_are_not_text),
        cmocka_unit_test(text_is_text),
        cmocka_unit_test(random_bytes_are_not_text),
        cmocka_unit_test(a_late_nul_matters_in_what_is_not_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
