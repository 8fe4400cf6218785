/* Words and forms by the rules of other programs: what Xapian 1.4's TermGenerator, mu 1.8 and
 * Recoll 1.34 were seen to make of the same texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stemmers/analyzer.h"

#include <stdio.h>
#include <string.h>

static struct kw_analyzer *make(enum kw_rules rules, const char *language)
{
    struct kw_analysis settings = {.version = KW_ANALYSIS_VERSION, .rules = rules};
    struct kw_analyzer *analyzer;
    strcpy(settings.language, language);
    settings.keep_accents = rules == KW_RULES_XAPIAN;
    assert_int_equal(kw_analyzer_new(&analyzer, &settings, NULL), KW_OK);
    return analyzer;
}

static void append_form(char *out, size_t size, struct kw_view form)
{
    size_t used = strlen(out);
    snprintf(out + used, size - used, "%s%.*s", used ? " " : "", (int)form.size,
             (const char *)form.data);
}

/* Holds the surface forms of a text, and where `stems` is not NULL its English stems, to what is
 * wanted, with blanks between. */
static void expect(enum kw_rules rules, const char *text, const char *surfaces, const char *stems)
{
    struct kw_analyzer *analyzer = make(rules, stems ? "english" : "none");
    struct kw_tokens tokens;
    char found[500] = "", stemmed[500] = "";
    assert_int_equal(kw_analyzer_text(analyzer, kw_view_of(text), &tokens, NULL), KW_OK);
    assert_int_equal(kw_analyzer_close(analyzer, NULL), KW_OK);
    for (size_t i = 0; i < tokens.count; i++) {
        uint32_t word = tokens.word[i];
        assert_int_equal(tokens.position[i], i);
        append_form(found, sizeof found,
                    kw_analyzer_surface(analyzer, kw_analyzer_surface_of(analyzer, word)));
        if (stems)
            append_form(stemmed, sizeof stemmed,
                        kw_analyzer_stem(analyzer, 0, kw_analyzer_stem_of(analyzer, 0, word)));
    }
    assert_string_equal(found, surfaces);
    if (stems)
        assert_string_equal(stemmed, stems);
    kw_analyzer_free(analyzer);
}

static void words_are_cut_as_xapian_cuts_them(void **state)
{
    (void)state;
    expect(KW_RULES_XAPIAN, "jane@example.com", "jane example com", NULL);
    expect(KW_RULES_XAPIAN, "AT&T and C++, C#; fish+chips a+++++b",
           "at&t and c++ c# fish chips a b", NULL);
    expect(KW_RULES_XAPIAN, "U.S.A. U.S. U.S.x e.g. P.", "usa us u s x e g p", NULL);
    expect(KW_RULES_XAPIAN, "3.14 1,000 1.a v1.5", "3.14 1,000 1 a v1.5", NULL);
    expect(KW_RULES_XAPIAN, "don't don’t 'quoted' l’homme", "don't don't quoted l'homme", NULL);
    expect(KW_RULES_XAPIAN, "a_b x-y", "a_b x y", NULL);
    expect(KW_RULES_XAPIAN,
           "Stra\xC3\x9F"
           "e \xC3\x89T\xC3\x89 \xEF\xAC\x81n",
           "stra\xC3\x9F"
           "e \xC3\xA9t\xC3\xA9 \xEF\xAC\x81n",
           NULL);
    expect(KW_RULES_XAPIAN, "", "", NULL);
    expect(KW_RULES_XAPIAN, "... --", "", NULL);
}

static void stems_are_xapians(void **state)
{
    (void)state;
    expect(KW_RULES_XAPIAN, "Running rivers", "running rivers", "run river");
    expect(KW_RULES_XAPIAN, "1980s abc1s", "1980s abc1s", "1980s abc1");
    expect(KW_RULES_XAPIAN, "résumés naïve", "résumés naïve", "résumé naïv");
}

static void mu_drops_marks_alone(void **state)
{
    (void)state;
    expect(KW_RULES_MU, "Résumé Straße naïve", "resume straße naive", NULL);
    expect(KW_RULES_MU, "U.S.A. AT&T C++", "u s a at&t c++", NULL);
}

static void recoll_cuts_at_signs_and_folds(void **state)
{
    (void)state;
    expect(KW_RULES_RECOLL, "jane@example.com a_b don’t AT&T", "jane example com a b don t at t",
           NULL);
    expect(KW_RULES_RECOLL, "C++ C# U.S.A. 3.14 1,000", "c++ c# u s a 3.14 1 000", NULL);
    expect(KW_RULES_RECOLL, "Résumé Straße æther Łódź Ørsted йод Ёлка İstanbul",
           "resume strasse aether łodz ørsted иод елка istanbul", NULL);
}

/* A passage alone has the words that it has in its text, whatever the size of windows. */
static void passages_have_the_words_of_their_text(void **state)
{
    static const char sentence[] = "Mr. O'Neil paid 3.50 to AT&T (C++ and U.S.A. dept.) at a_b-c. ";
    struct kw_bytes text = KW_BYTES_INIT;
    (void)state;
    for (int i = 0; i < 200; i++)
        kw_bytes_append_text(&text, i % 7 ? sentence : "A paragraph ends here.\n\n");
    for (int rules = KW_RULES_XAPIAN; rules <= KW_RULES_RECOLL; rules++) {
        struct kw_analyzer *analyzer = make((enum kw_rules)rules, "none");
        struct kw_analyzer *alone = make((enum kw_rules)rules, "none");
        struct kw_view rest = kw_bytes_view(&text);
        size_t looked_at = 0;
        kw_analyzer_set_window(analyzer, 3000);
        while (rest.size) {
            const struct kw_passage *passages;
            struct kw_tokens tokens, own;
            size_t count, token = 0;
            assert_int_equal(kw_analyzer_window(analyzer, rest, &tokens, &passages, &count, NULL),
                             KW_OK);
            for (size_t i = 0; i < count; i++) {
                struct kw_view passage = {rest.data, passages[i].bytes};
                assert_int_equal(kw_analyzer_text(alone, passage, &own, NULL), KW_OK);
                assert_int_equal(own.count, passages[i].words);
                for (size_t k = 0; k < own.count; k++, token++)
                    assert_true(kw_view_equal(kw_analyzer_word(alone, own.word[k]),
                                              kw_analyzer_word(analyzer, tokens.word[token])));
                rest.data += passages[i].bytes;
                rest.size -= passages[i].bytes;
                looked_at++;
            }
            assert_int_equal(token, tokens.count);
        }
        assert_true(looked_at > 5);
        kw_analyzer_free(analyzer);
        kw_analyzer_free(alone);
    }
    kw_bytes_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_cut_as_xapian_cuts_them),
        cmocka_unit_test(stems_are_xapians),
        cmocka_unit_test(mu_drops_marks_alone),
        cmocka_unit_test(recoll_cuts_at_signs_and_folds),
        cmocka_unit_test(passages_have_the_words_of_their_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
