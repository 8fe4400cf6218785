/* Tests of folding: written and surface forms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random_text.h"
#include "stemmers/analyzer.h"
#include "stemmers/character.h"
#include "stemmers/fold.h"

#include <stdio.h>
#include <stdlib.h>
#include <utf8proc.h>

static void assert_bytes(const struct kw_bytes *bytes, const char *expected)
{
    char found[2000];

    snprintf(found, sizeof found, "%.*s", (int)bytes->size, (const char *)bytes->data);
    assert_string_equal(found, expected);
}

static void assert_folds(const char *word, const char *written, const char *surface)
{
    struct kw_fold fold = KW_FOLD_INIT;

    assert_int_equal(kw_fold_word(&fold, kw_view_of(word), NULL), KW_OK);
    assert_bytes(&fold.written, written);
    assert_bytes(&fold.surface, surface);
    kw_fold_release(&fold);
}

static void ascii_folds_to_lower_case(void **state)
{
    (void)state;
    assert_folds("Hello", "hello", "hello");
    assert_folds("ABC123_z", "abc123_z", "abc123_z");
    assert_folds("@[`{", "@[`{", "@[`{");
    assert_folds("C++", "c++", "c++");
}

static void abbreviations_lose_their_dots(void **state)
{
    (void)state;
    assert_folds("U.S.A", "usa", "usa");
    assert_folds("e.g", "eg", "eg");
    assert_folds("\xD0\xA1.\xD0\xA8.\xD0\x90", "\xD1\x81\xD1\x88\xD0\xB0",
                 "\xD1\x81\xD1\x88\xD0\xB0");
    assert_folds("example.org", "example.org", "example.org");
    assert_folds("20.04", "20.04", "20.04");
    assert_folds(".NET", ".net", ".net");
}

static void apostrophes_are_alike(void **state)
{
    (void)state;
    assert_folds("Don't", "don't", "don't");
    assert_folds("Don\xE2\x80\x99t", "don't", "don't");
    assert_folds("don\xCA\xBCt", "don't", "don't");
    assert_folds("don\xEF\xBC\x87t", "don't", "don't");
}

static void compatibility_forms_and_ignorables_fold(void **state)
{
    (void)state;
    assert_folds("\xEF\xAC\x81n", "fin", "fin");
    assert_folds("\xEF\xBC\xA1\xEF\xBC\x91", "a1", "a1");
    assert_folds("so\xC2\xADlid", "solid", "solid");
    assert_folds("Stra\xC3\x9F"
                 "e",
                 "strasse", "strasse");
    assert_folds("\xEF\xBD\xB6\xEF\xBE\x9E", "\xE3\x82\xAC", "\xE3\x82\xAC");
}

static void latin_and_greek_lose_marks_on_the_surface(void **state)
{
    (void)state;
    assert_folds("R\xC3\xA9sum\xC3\xA9", "r\xC3\xA9sum\xC3\xA9", "resume");
    assert_folds("Re\xCC\x81sume\xCC\x81", "r\xC3\xA9sum\xC3\xA9", "resume");
    assert_folds("Vi\xE1\xBB\x87t", "vi\xE1\xBB\x87t", "viet");
    assert_folds("\xCE\x9F\xCE\xB4\xCF\x8C\xCF\x82", "\xCE\xBF\xCE\xB4\xCF\x8C\xCF\x83",
                 "\xCE\xBF\xCE\xB4\xCE\xBF\xCF\x83");
}

static void arabic_and_hebrew_lose_points(void **state)
{
    (void)state;
    assert_folds("\xD9\x83\xD9\x90\xD8\xAA\xD9\x80\xD8\xA7\xD8\xA8",
                 "\xD9\x83\xD9\x90\xD8\xAA\xD9\x80\xD8\xA7\xD8\xA8",
                 "\xD9\x83\xD8\xAA\xD8\xA7\xD8\xA8");
    assert_folds("\xD7\xA9\xD6\xB8\xD7\x9C", "\xD7\xA9\xD6\xB8\xD7\x9C", "\xD7\xA9\xD7\x9C");
    assert_folds("\xD8\xA3", "\xD8\xA3", "\xD8\xA7");
    assert_folds("\xD9\x80", "\xD9\x80", "\xD9\x80"); /* nothing would be left */
}

static void other_scripts_keep_their_marks(void **state)
{
    static const char *const words[] = {
        "\xD0\xB9",
        "\xD1\x97",
        "\xE0\xA4\xB9\xE0\xA4\xBF\xE0\xA4\xA8\xE0\xA5\x8D\xE0\xA4\xA6\xE0\xA5\x80",
        "\xE3\x82\xAC",
        "\xE0\xB8\x81\xE0\xB8\xB4\xE0\xB9\x88",
        "\xED\x95\x9C\xEA\xB5\xAD",
    };

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_folds(words[i], words[i], words[i]);
}

static void letters_become_what_readers_write(void **state)
{
    static const char *const words[][3] = {
        {"Søren", "søren", "soren"},
        {"Łódź", "łódź", "lodz"},
        {"Đặng", "đặng", "dang"},
        {"Ærøskøbing", "ærøskøbing", "aeroskobing"},
        {"Cœur", "cœur", "coeur"},
        {"GROẞ", "gross", "gross"},
        {"Þórð", "þórð", "thord"},
        {"Ħal", "ħal", "hal"},
        {"Ɓala", "ɓala", "bala"},
        {"ışık", "ışık", "isik"},
        {"İzmir", "izmir", "izmir"},
        {"col·lecció", "col·lecció", "colleccio"},
        {"Hawaiʻi", "hawaiʻi", "hawaii"},
        {"ʿAlī", "ʿalī", "ali"},
        {"Ёлка", "ёлка", "елка"},
        {"росси\xCC\x81я", "россия", "россия"},
        {"ѐ ѝ", "ѐѝ", "еи"},
        {"Ќурчиев", "ќурчиев", "ќурчиев"},
        {"إسلام", "إسلام", "اسلام"},
        {"آب", "آب", "اب"},
        {"ا\xD9\x94", "أ", "ا"},
        {"ایران", "ایران", "ايران"},
        {"مدرسة", "مدرسة", "مدرسه"},
        {"٢٠٢٤", "٢٠٢٤", "2024"},
        {"צה״ל", "צה\"ל", "צה\"ל"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_folds(words[i][0], words[i][1], words[i][2]);
}

static void turkic_folds_tell_the_two_i_apart(void **state)
{
    static const char *const words[][3] = {
        {"IŞIK", "ışık", "isik"},
        {"İSTANBUL", "istanbul", "istanbul"},
        {"I\xCC\x87zmir", "izmir", "izmir"},
        {"IBM", "ıbm", "ibm"},
        {"ilk", "ilk", "ilk"},
        {"I.B.M", "ıbm", "ibm"},
    };
    struct kw_fold fold = KW_FOLD_INIT;

    (void)state;
    fold.turkic = true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        assert_int_equal(kw_fold_word(&fold, kw_view_of(words[i][0]), NULL), KW_OK);
        assert_bytes(&fold.written, words[i][1]);
        assert_bytes(&fold.surface, words[i][2]);
    }
    kw_fold_release(&fold);
}

static void assert_same_forms(struct kw_fold *fold, struct kw_fold *general, struct kw_view word)
{
    assert_int_equal(kw_fold_word(fold, word, NULL), KW_OK);
    assert_int_equal(kw_fold_general(general, word, NULL), KW_OK);
    if (!kw_view_equal(kw_bytes_view(&fold->written), kw_bytes_view(&general->written)) ||
        !kw_view_equal(kw_bytes_view(&fold->surface), kw_bytes_view(&general->surface)))
        fail_msg("'%.*s': the tables and the general rules disagree", (int)word.size,
                 (const char *)word.data);
}

/* Of every character, and of random words of letters and marks of one or two scripts, whose forms
 * are stable as well. */
static void tables_give_what_the_general_rules_give(void **state)
{
    static const uint32_t ranges[][2] = {
        {0x21, 0x7F},     {0xA0, 0x24F},    {0x250, 0x36F},   {0x300, 0x345},   {0x370, 0x3FF},
        {0x400, 0x48F},   {0x531, 0x5C7},   {0x5D0, 0x660},   {0x620, 0x6DF},   {0x900, 0x97F},
        {0x980, 0x9FF},   {0xE01, 0xE4E},   {0xF40, 0xF7F},   {0x1000, 0x103F}, {0x10A0, 0x10FF},
        {0x1100, 0x11FF}, {0x1E00, 0x1FFF}, {0x3041, 0x30FF}, {0xAC00, 0xAC40}, {0xFF01, 0xFF9F},
    };
    struct kw_fold fold = KW_FOLD_INIT, general = KW_FOLD_INIT;
    uint64_t random = 8;
    uint8_t bytes[64];

    (void)state;
    for (uint32_t code = '!'; code < KW_CHARACTERS; code++)
        if (code < 0xD800 || code >= 0xE000)
            assert_same_forms(&fold, &general,
                              (struct kw_view){bytes, kw_utf8_encode(code, bytes)});
    for (size_t round = 0; round < 200000; round++) {
        const uint32_t *of[2];
        size_t size = 0;

        for (int i = 0; i < 2; i++)
            of[i] = ranges[random_below(&random, sizeof ranges / sizeof *ranges)];
        for (size_t i = random_below(&random, 12); i > 0; i--) {
            const uint32_t *range = of[random_below(&random, 2)];
            uint32_t code = range[0] + (uint32_t)random_below(&random, range[1] - range[0]);
            size += kw_utf8_encode(code, bytes + size);
        }
        fold.turkic = general.turkic = round % 4 == 0;
        assert_same_forms(&fold, &general, (struct kw_view){bytes, size});
        memcpy(bytes, general.written.data, general.written.size);
        assert_same_forms(&fold, &general, (struct kw_view){bytes, general.written.size});
    }
    kw_fold_release(&fold);
    kw_fold_release(&general);
}

static void long_words_become_a_head_and_a_hash(void **state)
{
    struct kw_fold fold = KW_FOLD_INIT;
    char word[601] = "";
    uint8_t first[KW_TERM_BYTES];

    (void)state;
    for (size_t i = 0; i < 600; i += 2)
        memcpy(word + i, "\xC3\xA9", 2);
    memcpy(word, "a", 1);
    memcpy(word + 1, "b", 1);
    assert_int_equal(kw_fold_word(&fold, kw_view_of(word), NULL), KW_OK);
    assert_int_equal(fold.written.size, KW_TERM_KEPT + 16);
    assert_memory_equal(fold.written.data, word, KW_TERM_KEPT);
    assert_int_equal(fold.surface.size, KW_TERM_KEPT + 16);
    memcpy(first, fold.written.data, fold.written.size);
    word[599] = '\xA8'; /* another last letter, another hash */
    assert_int_equal(kw_fold_word(&fold, kw_view_of(word), NULL), KW_OK);
    assert_memory_not_equal(fold.written.data, first, KW_TERM_KEPT + 16);
    assert_memory_equal(fold.written.data, first, KW_TERM_KEPT);
    word[KW_TERM_BYTES] = 0; /* exactly as long as a term may be */
    assert_int_equal(kw_fold_word(&fold, kw_view_of(word), NULL), KW_OK);
    assert_int_equal(fold.written.size, KW_TERM_BYTES);
    kw_fold_release(&fold);
}

/* Over every character: folding a form again changes nothing, and no word folds to nothing. */
static void folding_is_stable(void **state)
{
    struct kw_fold fold = KW_FOLD_INIT, again = KW_FOLD_INIT;

    (void)state;
    for (uint32_t code = 1; code < KW_CHARACTERS; code++) {
        uint8_t bytes[KW_UTF8_BYTES];
        struct kw_view word = {bytes, 0};

        if (code >= 0xD800 && code < 0xE000)
            continue;
        word.size = kw_utf8_encode(code, bytes);
        assert_int_equal(kw_fold_word(&fold, word, NULL), KW_OK);
        if (kw_character(code) & KW_CHAR_WORD) {
            assert_true(fold.written.size > 0);
            assert_true(fold.surface.size > 0);
        }
        assert_int_equal(kw_fold_word(&again, kw_bytes_view(&fold.written), NULL), KW_OK);
        assert_true(kw_view_equal(kw_bytes_view(&again.written), kw_bytes_view(&fold.written)));
        assert_true(kw_view_equal(kw_bytes_view(&again.surface), kw_bytes_view(&fold.surface)));
        assert_int_equal(kw_fold_word(&again, kw_bytes_view(&fold.surface), NULL), KW_OK);
        if (!kw_view_equal(kw_bytes_view(&again.surface), kw_bytes_view(&fold.surface)))
            fail_msg("U+%04X: the surface form folds to another", code);
    }
    kw_fold_release(&fold);
    kw_fold_release(&again);
}

static void what_is_not_utf8_is_refused(void **state)
{
    struct kw_fold fold = KW_FOLD_INIT;

    (void)state;
    assert_int_equal(kw_fold_word(&fold, kw_view_of("a\xFF"), NULL), KW_E_INPUT);
    kw_fold_release(&fold);
}

/* Marks in any order and number: the written form is that of utf8proc's own NFKC_Casefold. */
static void marks_are_put_in_order(void **state)
{
    static const uint32_t marks[] = {
        0x300,  0x301,  0x316,  0x321, 0x327, 0x334, 0x344,   0x345,   0x35C,  0x5B0,
        0x5B4,  0x5C2,  0x591,  0x64B, 0x651, 0x652, 0x670,   0x93C,   0x94D,  0xE38,
        0xE48,  0xF71,  0xF72,  0xF73, 0xF74, 0xF75, 0xF80,   0xF81,   0xFB1E, 0x302A,
        0x3099, 0x1D16, 0x1DCD, 0x302, 0x323, 0x328, 0x1D165, 0x1D16D, 0x1ABD,
    };
    struct kw_fold fold = KW_FOLD_INIT;
    uint64_t random = 7;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        uint8_t word[1100];
        size_t size = kw_utf8_encode(random_below(&random, 2) ? 'x' : 0x433, word);
        size_t count = random_below(&random, random_below(&random, 50) ? 6 : 250);
        size_t kinds = 1 + random_below(&random, sizeof marks / sizeof *marks);
        size_t first = random_below(&random, sizeof marks / sizeof *marks - kinds + 1);

        for (size_t i = 0; i < count; i++)
            size += kw_utf8_encode(marks[first + random_below(&random, kinds)], word + size);
        word[size] = 0;
        utf8proc_uint8_t *expected = utf8proc_NFKC_Casefold(word);
        size_t kept = strlen((char *)expected);
        assert_int_equal(kw_fold_word(&fold, (struct kw_view){word, size}, NULL), KW_OK);
        if (kept > KW_TERM_BYTES)
            kept = kw_utf8_floor((struct kw_view){expected, kept}, KW_TERM_KEPT);
        else
            assert_int_equal(fold.written.size, kept);
        assert_memory_equal(fold.written.data, expected, kept);
        free(expected);
    }
    kw_fold_release(&fold);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ascii_folds_to_lower_case),
        cmocka_unit_test(abbreviations_lose_their_dots),
        cmocka_unit_test(apostrophes_are_alike),
        cmocka_unit_test(compatibility_forms_and_ignorables_fold),
        cmocka_unit_test(latin_and_greek_lose_marks_on_the_surface),
        cmocka_unit_test(arabic_and_hebrew_lose_points),
        cmocka_unit_test(other_scripts_keep_their_marks),
        cmocka_unit_test(letters_become_what_readers_write),
        cmocka_unit_test(turkic_folds_tell_the_two_i_apart),
        cmocka_unit_test(tables_give_what_the_general_rules_give),
        cmocka_unit_test(long_words_become_a_head_and_a_hash),
        cmocka_unit_test(folding_is_stable),
        cmocka_unit_test(what_is_not_utf8_is_refused),
        cmocka_unit_test(marks_are_put_in_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
