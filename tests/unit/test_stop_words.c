/* Tests of stop words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stemmers/fold.h"
#include "stemmers/frequent_words.h"
#include "stemmers/stop_words.h"

/* Whether the word, folded to its written form, is a stop word of the language with this code. */
static bool is_stop_word(const char *code, const char *word)
{
    struct kw_fold fold = KW_FOLD_INIT;
    bool is;

    assert_int_equal(kw_fold_word(&fold, kw_view_of(word), NULL), KW_OK);
    is = kw_stop_word(kw_known_language_find(code), kw_bytes_view(&fold.written));
    kw_fold_release(&fold);
    return is;
}

struct example {
    const char *code;
    const char *word;
};

static void words_of_grammar_are_stop_words(void **state)
{
    static const struct example examples[] = {
        {"en", "the"},     {"en", "And"},  {"en", "she"},   {"en", "doesn’t"}, {"de", "und"},
        {"de", "NICHT"},   {"de", "Daß"},  {"de", "über"},  {"fr", "les"},     {"fr", "D’une"},
        {"fr", "été"},     {"es", "él"},   {"it", "della"}, {"pt", "não"},     {"nl", "het"},
        {"sv", "och"},     {"da", "af"},   {"no", "av"},    {"nn", "ikkje"},   {"fi", "että"},
        {"hu", "hogy"},    {"tr", "için"}, {"pl", "się"},   {"cs", "protože"}, {"ru", "И"},
        {"ru", "который"}, {"uk", "які"},  {"el", "της"},   {"el", "ΚΑΙ"},     {"ar", "من"},
        {"hi", "है"},       {"id", "yang"}, {"vi", "của"},   {"ko", "그리고"},  {"ja", "から"},
        {"zh", "的"},      {"zh", "我们"}, {"th", "ที่"},     {"ro", "și"},      {"ca", "amb"},
        {"lt", "kad"},     {"ga", "agus"}, {"eu", "eta"},   {"hy", "և"},       {"sr", "је"},
        {"he", "של"},      {"fa", "از"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
        if (!is_stop_word(examples[i].code, examples[i].word))
            fail_msg("no stop word of %s: %s", examples[i].code, examples[i].word);
}

static void words_of_content_are_no_stop_words(void **state)
{
    static const struct example examples[] = {
        {"en", "file"},    {"en", "border"},      {"en", "time"},     {"en", "computer"},
        {"de", "Datei"},   {"de", "Haus"},        {"fr", "fichier"},  {"es", "nombre"},
        {"it", "comando"}, {"pt", "arquivo"},     {"nl", "bestand"},  {"sv", "filen"},
        {"da", "hjælp"},   {"no", "programvare"}, {"fi", "tiedosto"}, {"hu", "fájl"},
        {"tr", "dosya"},   {"pl", "plik"},        {"cs", "soubor"},   {"ru", "файл"},
        {"uk", "файл"},    {"id", "berkas"},      {"hi", "फ़ाइल"},     {"zh", "中国"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
        if (is_stop_word(examples[i].code, examples[i].word))
            fail_msg("a stop word of %s: %s", examples[i].code, examples[i].word);
}

static void a_stop_word_is_one_of_its_own_language_only(void **state)
{
    (void)state;
    assert_true(is_stop_word("de", "der"));
    assert_false(is_stop_word("en", "der"));
    assert_true(is_stop_word("en", "the"));
    assert_false(is_stop_word("de", "the"));
    assert_false(is_stop_word("vi", "the"));
}

static void an_unknown_language_has_none(void **state)
{
    (void)state;
    assert_false(kw_stop_word(KW_UNKNOWN_LANGUAGE, kw_view_of("the")));
    assert_false(kw_stop_word(KW_KNOWN_LANGUAGES, kw_view_of("the")));
}

static void empty_and_long_words_are_none(void **state)
{
    (void)state;
    assert_false(kw_stop_word(kw_known_language_find("en"), kw_view_of("")));
    assert_false(kw_stop_word(kw_known_language_find("en"),
                              kw_view_of("thethethethethethethethethethethethe")));
}

static void endings_of_the_guesser_are_none(void **state)
{
    (void)state;
    assert_false(kw_stop_word(kw_known_language_find("en"), kw_view_of("-ing")));
}

/* The generator folds words by itself; this holds it to kw_fold_word. */
static void the_table_holds_written_forms(void **state)
{
    struct kw_fold fold = KW_FOLD_INIT;
    size_t words = 0;

    (void)state;
    for (size_t slot = 0; slot < KW_FREQUENT_WORD_SLOTS; slot++) {
        const struct kw_frequent_word *word;

        if (kw_frequent_word_slots[slot] == 0)
            continue;
        word = &kw_frequent_words[kw_frequent_word_slots[slot] - 1];
        if (word->text[0] == '-')
            continue;
        assert_int_equal(kw_fold_word(&fold, kw_view_of(word->text), NULL), KW_OK);
        assert_int_equal(fold.written.size, word->size);
        assert_memory_equal(fold.written.data, word->text, word->size);
        words++;
    }
    assert_true(words > 1000);
    kw_fold_release(&fold);
}

static void every_language_has_stop_words(void **state)
{
    size_t count[KW_KNOWN_LANGUAGES] = {0};

    (void)state;
    for (size_t slot = 0; slot < KW_FREQUENT_WORD_SLOTS; slot++) {
        const struct kw_frequent_word *word;

        if (kw_frequent_word_slots[slot] == 0)
            continue;
        word = &kw_frequent_words[kw_frequent_word_slots[slot] - 1];
        for (size_t i = 0; i < word->count; i++)
            count[kw_word_languages[word->first + i].language] +=
                kw_word_languages[word->first + i].is_stop_word;
    }
    for (int i = 0; i < KW_KNOWN_LANGUAGES; i++)
        assert_in_range(count[i], 20, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_grammar_are_stop_words),
        cmocka_unit_test(words_of_content_are_no_stop_words),
        cmocka_unit_test(a_stop_word_is_one_of_its_own_language_only),
        cmocka_unit_test(an_unknown_language_has_none),
        cmocka_unit_test(empty_and_long_words_are_none),
        cmocka_unit_test(endings_of_the_guesser_are_none),
        cmocka_unit_test(the_table_holds_written_forms),
        cmocka_unit_test(every_language_has_stop_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
