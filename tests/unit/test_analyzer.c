/* Tests of the analyzer: what tokens a text gives, and that passages and windows give the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random_text.h"
#include "stemmers/analyzer.h"
#include "stemmers/fold.h"

#include <stdio.h>
#include <stdlib.h>

static struct kw_analyzer *new_analyzer(const char *language)
{
    struct kw_analysis settings = {.version = KW_ANALYSIS_VERSION};
    struct kw_analyzer *analyzer;

    snprintf(settings.language, sizeof settings.language, "%s", language);
    assert_int_equal(kw_analyzer_new(&analyzer, &settings, NULL), KW_OK);
    return analyzer;
}

/* ------------------------------------------------------------------ a table of examples */

/* Each token as POSITION:SURFACE, and /STEM where that differs. */
static void print_tokens(struct kw_analyzer *analyzer, const char *text, struct kw_bytes *out)
{
    struct kw_tokens tokens;

    assert_int_equal(kw_analyzer_text(analyzer, kw_view_of(text), &tokens, NULL), KW_OK);
    assert_int_equal(kw_analyzer_close(analyzer, NULL), KW_OK);
    for (size_t i = 0; i < tokens.count; i++) {
        uint32_t word = tokens.word[i];
        struct kw_view surface =
            kw_analyzer_surface(analyzer, kw_analyzer_surface_of(analyzer, word));
        struct kw_view stem = kw_analyzer_stem(analyzer, 0, kw_analyzer_stem_of(analyzer, 0, word));
        kw_bytes_format(out, "%s%u:%.*s", i ? " " : "", tokens.position[i], (int)surface.size,
                        (const char *)surface.data);
        if (!kw_view_equal(surface, stem))
            kw_bytes_format(out, "/%.*s", (int)stem.size, (const char *)stem.data);
    }
    kw_bytes_append_byte(out, 0);
}

static void texts_give_these_tokens(void **state)
{
    static const char *const table[][2] = {
        {"", ""},
        {"Border guards", "0:border 1:guards/guard"},
        {"multi-agent systems", "0:multi 1:agent 2:systems/system"},
        {"don't don’t DON'T", "0:don't 1:don't 2:don't"},
        {"AT&T", "0:at 1:t"},
        {"Ubuntu 20.04 at 192.168.0.1", "0:ubuntu 1:20.04 2:at 3:192.168.0.1"},
        {"foo_bar _emphasis_", "0:foo_bar 1:emphasis/emphasi"},
        {"U.S.A. and USA, e.g.", "0:usa 1:and 2:usa 3:eg"},
        {"C++ and C# on .NET", "0:c++ 1:and 2:c# 3:on 4:.net"},
        {"resume résumé", "0:resume/resum 1:resume"},
        {"ﬁve soft\xC2\xADware", "0:five 1:software/softwar"},
        {"ΟΔΌΣ Straße", "0:οδοσ 1:strasse/strass"},
        {"كِتَاب שָׁלוֹם", "0:كتاب 1:שלום"},
        {"Новый йод", "0:новый 1:йод"},
        {"日本語", "0:日 0:日本 1:本 1:本語 2:語"},
        {"ガｶﾞ x", "0:ガ 0:ガガ 1:ガ 2:x"},
        {"日 本、語", "0:日 1:本 2:語"},
        {"กินข้าว", "0:กิ 0:กิน 1:น 1:นข้ 2:ข้ 2:ข้า 3:า 3:าว 4:ว"},
        {"한국어 हिन्दी", "0:한국어 1:हिन्दी"},
        {"so 😀👍🏽!", "0:so 1:😀 2:👍🏽"},
        {"½ x²", "0:1⁄2 1:x 2:2"},
        {"\xE2\x80\x9Cquoted\xE2\x80\x9D\xE2\x80\x94"
         "dash",
         "0:quoted/quot 1:dash"},
    };
    struct kw_analyzer *analyzer = new_analyzer("en");

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct kw_bytes found = KW_BYTES_INIT;
        print_tokens(analyzer, table[i][0], &found);
        assert_string_equal((char *)found.data, table[i][1]);
        kw_bytes_release(&found);
    }
    kw_analyzer_free(analyzer);
}

static void spans_are_bytes_of_the_text(void **state)
{
    struct kw_analyzer *analyzer = new_analyzer("none");
    struct kw_tokens tokens;

    (void)state;
    assert_int_equal(kw_analyzer_text(analyzer, kw_view_of("(Caf\xC3\xA9) x"), &tokens, NULL),
                     KW_OK);
    assert_int_equal(tokens.count, 2);
    assert_int_equal(tokens.positions, 2);
    assert_int_equal(tokens.start[0], 1);
    assert_int_equal(tokens.end[0], 6);
    assert_int_equal(tokens.start[1], 8);
    assert_int_equal(tokens.end[1], 9);
    kw_analyzer_free(analyzer);
}

/* ------------------------------------------------------------------ passages and windows */

struct copy {
    size_t count;
    size_t passages;
    struct kw_passage passage[8000];
    uint32_t word[40000], position[40000], start[40000], end[40000];
};

/* All tokens and passages of `text`, read in windows of about `window` bytes, with offsets and
 * positions of the whole. */
static void read_windows(struct kw_analyzer *analyzer, struct kw_view text, size_t window,
                         struct copy *copy)
{
    uint32_t at = 0, position = 0;

    kw_analyzer_set_window(analyzer, window);
    copy->count = copy->passages = 0;
    while (at < text.size) {
        struct kw_view rest = {text.data + at, text.size - at};
        struct kw_tokens tokens;
        const struct kw_passage *passages;
        size_t count;
        uint32_t words = 0;

        assert_int_equal(kw_analyzer_window(analyzer, rest, &tokens, &passages, &count, NULL),
                         KW_OK);
        assert_true(count > 0);
        for (size_t i = 0; i < tokens.count; i++, copy->count++) {
            copy->word[copy->count] = tokens.word[i];
            copy->position[copy->count] = position + tokens.position[i];
            copy->start[copy->count] = at + tokens.start[i];
            copy->end[copy->count] = at + tokens.end[i];
        }
        for (size_t i = 0; i < count; i++) {
            copy->passage[copy->passages++] = passages[i];
            at += passages[i].bytes;
            words += passages[i].words;
        }
        assert_int_equal(words, tokens.positions);
        position += words;
    }
    assert_int_equal(at, text.size);
}

/* That each passage keeps the rules and alone gives the tokens it gave in its text. */
static void check_passages(struct kw_analyzer *analyzer, struct kw_view text,
                           const struct copy *whole)
{
    uint32_t at = 0, position = 0;
    size_t token = 0;

    for (size_t i = 0; i < whole->passages; i++) {
        const struct kw_passage *passage = &whole->passage[i];
        struct kw_view alone = {text.data + at, passage->bytes};
        struct kw_tokens tokens;
        uint32_t lines = 0;

        assert_in_range(passage->bytes, 1, KW_PASSAGE_BYTES);
        assert_in_range(passage->words, 0, KW_PASSAGE_WORDS);
        assert_true(at + passage->bytes == text.size ||
                    !kw_utf8_is_continuation(text.data[at + passage->bytes]));
        for (size_t k = 0; k < alone.size; k++)
            lines += alone.data[k] == '\n';
        assert_int_equal(passage->lines, lines);
        assert_int_equal(kw_analyzer_text(analyzer, alone, &tokens, NULL), KW_OK);
        assert_int_equal(tokens.positions, passage->words);
        for (size_t k = 0; k < tokens.count; k++, token++) {
            assert_int_equal(tokens.word[k], whole->word[token]);
            assert_int_equal(position + tokens.position[k], whole->position[token]);
            assert_int_equal(at + tokens.start[k], whole->start[token]);
            assert_int_equal(at + tokens.end[k], whole->end[token]);
        }
        at += passage->bytes;
        position += passage->words;
    }
    assert_int_equal(token, whole->count);
}

static void assert_same(const struct copy *a, const struct copy *b)
{
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->passages, b->passages);
    assert_memory_equal(a->passage, b->passage, a->passages * sizeof *a->passage);
    if (a->count == 0)
        return;
    assert_memory_equal(a->word, b->word, a->count * sizeof *a->word);
    assert_memory_equal(a->position, b->position, a->count * sizeof *a->position);
    assert_memory_equal(a->start, b->start, a->count * sizeof *a->start);
    assert_memory_equal(a->end, b->end, a->count * sizeof *a->end);
}

static void check_text(struct kw_analyzer *analyzer, struct kw_view text)
{
    static struct copy whole, part;
    static const size_t windows[] = {1, 700, 5000};

    if (text.size == 0)
        return;
    read_windows(analyzer, text, 1 << 20, &whole);
    check_passages(analyzer, text, &whole);
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        read_windows(analyzer, text, windows[i], &part);
        assert_same(&whole, &part);
    }
}

static void random_text_gives_the_same_tokens_by_passage_and_window(void **state)
{
    static uint8_t bytes[16000];
    struct kw_analyzer *analyzer = new_analyzer("none");
    uint64_t random = 15;

    (void)state;
    for (size_t round = 0; round < 3000; round++) {
        size_t room = round % 4 ? 3000 : sizeof bytes;
        check_text(analyzer, (struct kw_view){bytes, random_text(&random, bytes, room)});
        if (round % 500 == 499)
            kw_analyzer_clear(analyzer);
    }
    kw_analyzer_free(analyzer);
}

/* Texts of few kinds of characters reach the limits of passages in other ways than mixtures do. */
static void monotonous_text_gives_the_same_tokens_by_passage_and_window(void **state)
{
    static uint8_t bytes[9000];
    struct kw_analyzer *analyzer = new_analyzer("none");
    uint64_t random = 99;

    (void)state;
    for (size_t round = 0; round < 3000; round++) {
        uint8_t pieces[3][16];
        size_t lengths[3], size = 0;

        for (int i = 0; i < 3; i++)
            lengths[i] = random_piece(&random, pieces[i]);
        while (size + 16 < sizeof bytes) {
            size_t i = random_below(&random, 40) % 3;
            memcpy(bytes + size, pieces[i], lengths[i]);
            size += lengths[i];
        }
        check_text(analyzer, (struct kw_view){bytes, size});
    }
    kw_analyzer_free(analyzer);
}

static void an_empty_body_has_no_passage(void **state)
{
    struct kw_analyzer *analyzer = new_analyzer("none");
    struct kw_tokens tokens;
    const struct kw_passage *passages;
    size_t count = 9;

    (void)state;
    assert_int_equal(
        kw_analyzer_window(analyzer, (struct kw_view){NULL, 0}, &tokens, &passages, &count, NULL),
        KW_OK);
    assert_int_equal(count, 0);
    assert_int_equal(tokens.count, 0);
    assert_int_equal(tokens.positions, 0);
    kw_analyzer_free(analyzer);
}

/* ------------------------------------------------------------------ vocabulary and settings */

/* Folding a word of the vocabulary again gives it and its surface form: terms are their own
 * queries. */
static void words_of_random_text_fold_to_themselves(void **state)
{
    static uint8_t bytes[200000];
    struct kw_analyzer *analyzer = new_analyzer("none");
    struct kw_fold fold = KW_FOLD_INIT;
    struct kw_tokens tokens;
    uint64_t random = 4;
    size_t size = 0;

    (void)state;
    while (size < sizeof bytes / 2)
        size += random_text(&random, bytes + size, sizeof bytes - size);
    assert_int_equal(kw_analyzer_text(analyzer, (struct kw_view){bytes, size}, &tokens, NULL),
                     KW_OK);
    for (uint32_t word = 0; word < kw_analyzer_words(analyzer); word++) {
        struct kw_view written = kw_analyzer_word(analyzer, word);
        struct kw_view surface =
            kw_analyzer_surface(analyzer, kw_analyzer_surface_of(analyzer, word));

        assert_in_range(written.size, 1, KW_TERM_BYTES);
        assert_in_range(surface.size, 1, KW_TERM_BYTES);
        if (written.size == KW_TERM_KEPT + 16)
            continue;
        assert_int_equal(kw_fold_word(&fold, written, NULL), KW_OK);
        assert_true(kw_view_equal(kw_bytes_view(&fold.written), written));
        assert_true(kw_view_equal(kw_bytes_view(&fold.surface), surface));
    }
    kw_fold_release(&fold);
    kw_analyzer_free(analyzer);
}

static void a_batch_is_closed_again_after_more_words(void **state)
{
    struct kw_analyzer *analyzer = new_analyzer("english");
    struct kw_tokens tokens;

    (void)state;
    kw_analyzer_text(analyzer, kw_view_of("guards"), &tokens, NULL);
    assert_int_equal(kw_analyzer_stem_of(analyzer, 0, 0), KW_NO_STEM);
    assert_int_equal(kw_analyzer_close(analyzer, NULL), KW_OK);
    kw_analyzer_text(analyzer, kw_view_of("guard Guards guarded"), &tokens, NULL);
    assert_int_equal(kw_analyzer_close(analyzer, NULL), KW_OK);
    assert_int_equal(kw_analyzer_words(analyzer), 3);
    assert_int_equal(kw_analyzer_stems(analyzer, 0), 1);
    for (uint32_t word = 0; word < 3; word++)
        assert_int_equal(kw_analyzer_stem_of(analyzer, 0, word), 0);
    kw_analyzer_clear(analyzer);
    assert_int_equal(kw_analyzer_words(analyzer), 0);
    assert_int_equal(kw_analyzer_stems(analyzer, 0), 0);
    kw_analyzer_text(analyzer, kw_view_of("other"), &tokens, NULL);
    assert_int_equal(tokens.word[0], 0);
    kw_analyzer_free(analyzer);
}

static void language_none_has_no_stems(void **state)
{
    struct kw_analyzer *analyzer = new_analyzer("none");
    struct kw_tokens tokens;

    (void)state;
    kw_analyzer_text(analyzer, kw_view_of("guards"), &tokens, NULL);
    assert_int_equal(kw_analyzer_close(analyzer, NULL), KW_OK);
    assert_int_equal(kw_analyzer_languages(analyzer), 0);
    kw_analyzer_free(analyzer);
}

static void check_stem(struct kw_analyzer *analyzer, uint32_t language, uint32_t word,
                       const char *expected)
{
    uint32_t stem = kw_analyzer_stem_of(analyzer, language, word);

    if (!expected) {
        assert_int_equal(stem, KW_NO_STEM);
        return;
    }
    assert_int_not_equal(stem, KW_NO_STEM);
    assert_true(kw_view_equal(kw_analyzer_stem(analyzer, language, stem), kw_view_of(expected)));
}

static void a_word_has_stems_in_the_languages_it_was_met_in(void **state)
{
    struct kw_analyzer *analyzer = new_analyzer("auto");
    struct kw_tokens tokens;
    uint32_t german, polish, again;

    (void)state;
    assert_int_equal(kw_analyzer_languages(analyzer), 0);
    assert_int_equal(kw_analyzer_use(analyzer, "german", &german, NULL), KW_OK);
    assert_int_equal(kw_analyzer_use(analyzer, "polish", &polish, NULL), KW_OK);
    assert_int_equal(kw_analyzer_use(analyzer, "german", &again, NULL), KW_OK);
    assert_int_equal(again, german);
    kw_analyzer_speak(analyzer, german);
    kw_analyzer_text(analyzer, kw_view_of("laufen singen"), &tokens, NULL);
    kw_analyzer_speak(analyzer, polish);
    kw_analyzer_text(analyzer, kw_view_of("Łódź laufen"), &tokens, NULL);
    assert_int_equal(kw_analyzer_close(analyzer, NULL), KW_OK);
    check_stem(analyzer, german, 0, "lauf");
    check_stem(analyzer, german, 1, "sing");
    check_stem(analyzer, german, 2, NULL);
    check_stem(analyzer, polish, 0, "laufen");
    check_stem(analyzer, polish, 1, NULL);
    check_stem(analyzer, polish, 2, "lodz");
    assert_int_equal(kw_analyzer_find_language(analyzer, kw_view_of("polish")), polish);
    assert_int_equal(kw_analyzer_find_language(analyzer, kw_view_of("french")), KW_NO_LANGUAGE);
    kw_analyzer_clear(analyzer);
    assert_int_equal(kw_analyzer_languages(analyzer), 2);
    kw_analyzer_text(analyzer, kw_view_of("laufen"), &tokens, NULL);
    assert_int_equal(kw_analyzer_close(analyzer, NULL), KW_OK);
    check_stem(analyzer, german, 0, "lauf");
    check_stem(analyzer, polish, 0, "laufen");
    kw_analyzer_free(analyzer);
}

static void at_most_64_languages_are_in_use(void **state)
{
    struct kw_analyzer *analyzer = new_analyzer("auto");
    char name[KW_LANGUAGE_SIZE];
    uint32_t number;

    (void)state;
    for (int i = 0; i < KW_LANGUAGES; i++) {
        snprintf(name, sizeof name, "tongue %d", i);
        assert_int_equal(kw_analyzer_use(analyzer, name, &number, NULL), KW_OK);
        assert_int_equal(number, i);
    }
    assert_int_equal(kw_analyzer_use(analyzer, "one more", &number, NULL), KW_E_USAGE);
    assert_int_equal(kw_analyzer_use(analyzer, "tongue 63", &number, NULL), KW_OK);
    kw_analyzer_free(analyzer);
}

/* The capital I of Turkish, alone and between texts of another language. */
static void turkish_has_a_capital_i_of_its_own(void **state)
{
    struct kw_analyzer *analyzer = new_analyzer("auto");
    struct kw_tokens tokens;
    uint32_t english, turkish;

    (void)state;
    kw_analyzer_use(analyzer, "turkish", &turkish, NULL);
    assert_false(kw_analyzer_differs(analyzer, turkish));
    kw_analyzer_use(analyzer, "english", &english, NULL);
    assert_true(kw_analyzer_differs(analyzer, turkish));
    assert_false(kw_analyzer_differs(analyzer, english));
    for (int i = 0; i < 3; i++) {
        bool is_turkish = i == 1;
        kw_analyzer_speak(analyzer, is_turkish ? turkish : english);
        kw_analyzer_text(analyzer, kw_view_of("ISI ĞI İzmir I\xCC\x87zmir"), &tokens, NULL);
        assert_int_equal(tokens.count, 4);
        assert_true(kw_view_equal(kw_analyzer_word(analyzer, tokens.word[0]),
                                  kw_view_of(is_turkish ? "ısı" : "isi")));
        assert_true(kw_view_equal(kw_analyzer_word(analyzer, tokens.word[1]),
                                  kw_view_of(is_turkish ? "ğı" : "ği")));
        assert_true(kw_view_equal(kw_analyzer_word(analyzer, tokens.word[2]), kw_view_of("izmir")));
        assert_int_equal(tokens.word[2], tokens.word[3]);
    }
    kw_analyzer_free(analyzer);
}

static void accents_are_kept_if_asked(void **state)
{
    struct kw_analysis settings = {KW_ANALYSIS_VERSION, "french", true, KW_RULES_OWN};
    struct kw_analyzer *analyzer;
    struct kw_tokens tokens;

    (void)state;
    assert_int_equal(kw_analyzer_new(&analyzer, &settings, NULL), KW_OK);
    kw_analyzer_text(analyzer, kw_view_of("Élèves Ærø"), &tokens, NULL);
    assert_int_equal(kw_analyzer_close(analyzer, NULL), KW_OK);
    assert_true(kw_view_equal(kw_analyzer_surface(analyzer, 0), kw_view_of("élèves")));
    assert_true(kw_view_equal(kw_analyzer_surface(analyzer, 1), kw_view_of("ærø")));
    check_stem(analyzer, 0, 0, "élev");
    kw_analyzer_free(analyzer);
}

static void terms_that_are_cut_are_counted(void **state)
{
    struct kw_analyzer *analyzer = new_analyzer("none");
    struct kw_tokens tokens;
    char text[2 * 302 + 1];

    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[301] = ' ';
    text[sizeof text - 1] = 0;
    kw_analyzer_text(analyzer, kw_view_of("short"), &tokens, NULL);
    assert_int_equal(kw_analyzer_cut(analyzer), 0);
    kw_analyzer_text(analyzer, kw_view_of(text), &tokens, NULL);
    assert_int_equal(tokens.count, 2);
    assert_int_equal(kw_analyzer_cut(analyzer), 2);
    kw_analyzer_text(analyzer, kw_view_of(text), &tokens, NULL);
    assert_int_equal(kw_analyzer_cut(analyzer), 2);
    kw_analyzer_clear(analyzer);
    assert_int_equal(kw_analyzer_cut(analyzer), 0);
    kw_analyzer_free(analyzer);
}

static void settings_are_checked_and_completed(void **state)
{
    struct kw_analysis settings = {KW_ANALYSIS_VERSION, "DE", false, KW_RULES_OWN};
    struct kw_analyzer *analyzer;
    struct kw_error error = KW_ERROR_INIT;

    (void)state;
    assert_int_equal(kw_analyzer_new(&analyzer, &settings, NULL), KW_OK);
    assert_string_equal(settings.language, "german");
    kw_analyzer_free(analyzer);
    snprintf(settings.language, sizeof settings.language, "klingon");
    assert_int_equal(kw_analyzer_new(&analyzer, &settings, &error), KW_E_USAGE);
    assert_string_equal(error.message, "unknown language 'klingon'");
    assert_null(analyzer);
    snprintf(settings.language, sizeof settings.language, "none");
    settings.version++;
    assert_int_equal(kw_analyzer_new(&analyzer, &settings, NULL), KW_E_VERSION);
    assert_null(analyzer);
    kw_analyzer_free(NULL);
}

static void text_that_is_not_utf8_harms_nothing(void **state)
{
    struct kw_analyzer *analyzer = new_analyzer("english");
    uint64_t random = 3;

    (void)state;
    for (size_t round = 0; round < 20000; round++) {
        uint8_t *bytes = (uint8_t *)malloc(100); /* so that a sanitizer sees its ends */
        size_t size = random_below(&random, 100);
        struct kw_tokens tokens;
        enum kw_status status;

        assert_non_null(bytes);
        for (size_t i = 0; i < size; i++)
            bytes[100 - size + i] = (uint8_t)random_next(&random) | (round % 2 ? 0x80 : 0);
        status =
            kw_analyzer_text(analyzer, (struct kw_view){bytes + 100 - size, size}, &tokens, NULL);
        assert_true(status == KW_OK || status == KW_E_INPUT);
        free(bytes);
    }
    kw_analyzer_free(analyzer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_give_these_tokens),
        cmocka_unit_test(spans_are_bytes_of_the_text),
        cmocka_unit_test(random_text_gives_the_same_tokens_by_passage_and_window),
        cmocka_unit_test(monotonous_text_gives_the_same_tokens_by_passage_and_window),
        cmocka_unit_test(an_empty_body_has_no_passage),
        cmocka_unit_test(words_of_random_text_fold_to_themselves),
        cmocka_unit_test(a_batch_is_closed_again_after_more_words),
        cmocka_unit_test(language_none_has_no_stems),
        cmocka_unit_test(a_word_has_stems_in_the_languages_it_was_met_in),
        cmocka_unit_test(at_most_64_languages_are_in_use),
        cmocka_unit_test(turkish_has_a_capital_i_of_its_own),
        cmocka_unit_test(accents_are_kept_if_asked),
        cmocka_unit_test(terms_that_are_cut_are_counted),
        cmocka_unit_test(settings_are_checked_and_completed),
        cmocka_unit_test(text_that_is_not_utf8_harms_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
