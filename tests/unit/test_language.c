/* Tests of languages and stems. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stemmers/analyzer.h"
#include "stemmers/language.h"
#include "stemmers/stem.h"

#include <stdio.h>

static void languages_are_found_by_name_and_code(void **state)
{
    (void)state;
    assert_string_equal(kw_language_find("english"), "english");
    assert_string_equal(kw_language_find("English"), "english");
    assert_string_equal(kw_language_find("en"), "english");
    assert_string_equal(kw_language_find("ger"), "german");
    assert_string_equal(kw_language_find("deu"), "german");
    assert_string_equal(kw_language_find("nb"), "norwegian");
    assert_string_equal(kw_language_find("porter"), "porter");
    assert_string_equal(kw_language_find("NONE"), "none");
    assert_null(kw_language_find("klingon"));
    assert_null(kw_language_find(""));
    assert_null(kw_language_find("auto"));
}

static void every_language_of_the_library_can_be_used(void **state)
{
    size_t i = 0;

    (void)state;
    for (; kw_language_name(i); i++) {
        struct kw_stemmer stemmer = KW_STEMMER_INIT;

        assert_string_equal(kw_language_find(kw_language_name(i)), kw_language_name(i));
        assert_true(strlen(kw_language_name(i)) < KW_LANGUAGE_SIZE);
        assert_int_equal(kw_stemmer_init(&stemmer, kw_language_name(i), NULL), KW_OK);
        kw_stemmer_release(&stemmer);
    }
    assert_true(i >= 20);
}

static void assert_stem(const char *language, const char *word, const char *expected)
{
    struct kw_stemmer stemmer = KW_STEMMER_INIT;
    struct kw_fold written = KW_FOLD_INIT, fold = KW_FOLD_INIT;
    struct kw_view stem;
    char found[100];

    assert_int_equal(kw_stemmer_init(&stemmer, language, NULL), KW_OK);
    assert_int_equal(kw_fold_word(&written, kw_view_of(word), NULL), KW_OK);
    assert_int_equal(kw_stemmer_stem(&stemmer, kw_bytes_view(&written.written), &fold, &stem, NULL),
                     KW_OK);
    snprintf(found, sizeof found, "%.*s", (int)stem.size, (const char *)stem.data);
    assert_string_equal(found, expected);
    kw_stemmer_release(&stemmer);
    kw_fold_release(&written);
    kw_fold_release(&fold);
}

static void words_are_stemmed_with_their_marks(void **state)
{
    (void)state;
    assert_stem("english", "Guards", "guard");
    assert_stem("english", "runner's", "runner");
    assert_stem("french", "continuit\xC3\xA9", "continu");
    assert_stem("german", "H\xC3\xA4user", "haus");
    assert_stem("russian", "\xD1\x80\xD1\x83\xD1\x81\xD1\x81\xD0\xBA\xD0\xB8\xD0\xB9",
                "\xD1\x80\xD1\x83\xD1\x81\xD1\x81\xD0\xBA");
}

static void digits_signs_and_spaceless_scripts_are_not_stemmed(void **state)
{
    (void)state;
    assert_stem("english", "2000s", "2000s");
    assert_stem("english", "C++", "c++");
    assert_stem("english", ".NET", ".net");
    assert_stem("english", "\xE6\x97\xA5\xE6\x9C\xAC", "\xE6\x97\xA5\xE6\x9C\xAC");
}

static void words_of_other_languages_are_their_own_stems(void **state)
{
    (void)state;
    assert_stem("polish", "guards", "guards");
    assert_stem("none", "Łodzie", "lodzie");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(languages_are_found_by_name_and_code),
        cmocka_unit_test(every_language_of_the_library_can_be_used),
        cmocka_unit_test(words_are_stemmed_with_their_marks),
        cmocka_unit_test(digits_signs_and_spaceless_scripts_are_not_stemmed),
        cmocka_unit_test(words_of_other_languages_are_their_own_stems),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
