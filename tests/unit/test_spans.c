/* A property of the analyzer over random Unicode: the span of every token points at the bytes of
 * the text that its word is made of, also where bytes of the text are not UTF-8. A million texts
 * with KWIC_LONG in the environment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/kwic.h"
#include "random_text.h"
#include "stemmers/analyzer.h"
#include "stemmers/fold.h"

#include <stdio.h>
#include <stdlib.h>

/* A text of code points of all planes, or of words in a few scripts. */
static size_t random_unicode(uint64_t *random, uint8_t *text, size_t room)
{
    static const uint32_t scripts[][2] = {
        {0x20, 0x7F},     {0xA0, 0x24F},    {0x300, 0x36F},     {0x370, 0x3FF},
        {0x400, 0x48F},   {0x5B0, 0x5F5},   {0x610, 0x6DF},     {0x900, 0x97F},
        {0xB80, 0xBFF},   {0xE01, 0xE4F},   {0xE81, 0xEDF},     {0x1000, 0x105F},
        {0x10A0, 0x11FF}, {0x1780, 0x17DF}, {0x1E00, 0x1FFF},   {0x2000, 0x206F},
        {0x2070, 0x209F}, {0x3000, 0x30FF}, {0x4E00, 0x4E60},   {0xAC00, 0xAC60},
        {0xFB00, 0xFB4F}, {0xFE00, 0xFFEF}, {0x1D400, 0x1D4FF}, {0x1F1E0, 0x1F64F},
    };
    size_t size = 0, of[3], wanted = random_below(random, room - KW_UTF8_BYTES);
    bool any = random_below(random, 4) == 0;

    for (int i = 0; i < 3; i++)
        of[i] = random_below(random, sizeof scripts / sizeof *scripts);
    while (size < wanted) {
        const uint32_t *script = scripts[of[random_below(random, 3)]];
        uint32_t code = script[0] + (uint32_t)random_below(random, script[1] - script[0] + 1);

        if (any)
            code = (uint32_t)random_below(random, KW_CHARACTERS);
        if (random_below(random, 6) == 0)
            code = ' ';
        if (code < 0xD800 || code >= 0xE000)
            size += kw_utf8_encode(code, text + size);
    }
    return size;
}

static bool is_border(struct kw_view text, size_t at)
{
    return at == text.size || !kw_utf8_is_continuation(text.data[at]);
}

/* That the token's span is that of its word. */
static void check_token(struct kw_analyzer *analyzer, struct kw_fold *fold, struct kw_view text,
                        const struct kw_tokens *tokens, size_t i)
{
    uint32_t word = tokens->word[i], start = tokens->start[i], end = tokens->end[i];
    struct kw_view surface = kw_analyzer_surface(analyzer, kw_analyzer_surface_of(analyzer, word));

    assert_true(start < end && end <= text.size);
    assert_true(is_border(text, start) && is_border(text, end));
    assert_true(tokens->position[i] < tokens->positions);
    if (i > 0) {
        assert_true(start >= tokens->start[i - 1] || end >= tokens->end[i - 1]);
        assert_true(tokens->position[i] >= tokens->position[i - 1]);
    }
    assert_int_equal(kw_fold_word(fold, (struct kw_view){text.data + start, end - start}, NULL),
                     KW_OK);
    assert_true(kw_view_equal(kw_bytes_view(&fold->written), kw_analyzer_word(analyzer, word)));
    assert_true(kw_view_equal(kw_bytes_view(&fold->surface), surface));
}

static void spans_point_at_what_words_are_made_of(void **state)
{
    static uint8_t text[400];
    struct kw_analysis settings[] = {{KW_ANALYSIS_VERSION, "none", false, KW_RULES_OWN},
                                     {KW_ANALYSIS_VERSION, "tr", false, KW_RULES_OWN}};
    struct kw_analyzer *analyzers[2];
    struct kw_fold folds[2] = {KW_FOLD_INIT, KW_FOLD_INIT};
    size_t cases = getenv("KWIC_LONG") ? 1000000 : 30000, checked = 0;
    uint64_t random = 29;

    (void)state;
    folds[1].turkic = true;
    for (int i = 0; i < 2; i++)
        assert_int_equal(kw_analyzer_new(&analyzers[i], &settings[i], NULL), KW_OK);
    for (size_t round = 0; round < cases; round++) {
        struct kw_view view = {text, round % 3 ? random_unicode(&random, text, 100)
                                               : random_text(&random, text, sizeof text)};
        int which = round % 8 == 7;
        struct kw_tokens tokens;

        assert_int_equal(kw_analyzer_text(analyzers[which], view, &tokens, NULL), KW_OK);
        for (size_t i = 0; i < tokens.count; i++)
            check_token(analyzers[which], &folds[which], view, &tokens, i);
        checked += tokens.count;
        if (round % 1000 == 999)
            kw_analyzer_clear(analyzers[which]);
    }
    print_message("%zu texts, %zu tokens\n", cases, checked);
    for (int i = 0; i < 2; i++) {
        kw_analyzer_free(analyzers[i]);
        kw_fold_release(&folds[i]);
    }
}

/* Spoils some bytes, takes some away, and puts others in. */
static size_t spoil(uint64_t *random, uint8_t *text, size_t size)
{
    for (size_t faults = 1 + random_below(random, 8); faults > 0 && size > 0; faults--) {
        size_t at = random_below(random, size);

        if (random_below(random, 2))
            text[at] = (uint8_t)(0x80 + random_below(random, 0x80));
        else
            memmove(text + at, text + at + 1, --size - at);
    }
    return size;
}

/* Of any bytes, spans point at what was given, not at what it was repaired to. */
static void check_given(struct kw_fold *fold, struct kwic_text given, size_t *checked)
{
    struct kwic_analysis *analysis;
    struct kwic_token token;
    struct kw_bytes repaired = KW_BYTES_INIT;
    uint64_t last = 0, repairs = 0;

    assert_int_equal(kwic_analysis_new(&analysis, "none", false, given, NULL), KWIC_OK);
    while (kwic_analysis_next(analysis, &token) == KWIC_OK) {
        struct kw_view span = {(const uint8_t *)given.data + token.start, token.end - token.start};

        assert_true(last <= token.start && token.start < token.end && token.end <= given.size);
        kw_bytes_clear(&repaired);
        kw_utf8_repair(span, &repaired, &repairs);
        assert_int_equal(token.surface.size, repaired.size);
        assert_memory_equal(token.surface.data, repaired.data, repaired.size);
        assert_int_equal(kw_fold_word(fold, kw_bytes_view(&repaired), NULL), KW_OK);
        assert_int_equal(token.term.size, fold->surface.size);
        assert_memory_equal(token.term.data, fold->surface.data, fold->surface.size);
        last = token.start;
        ++*checked;
    }
    kw_bytes_release(&repaired);
    kwic_analysis_free(analysis);
}

static void spans_point_at_the_bytes_that_were_given(void **state)
{
    static uint8_t text[400];
    struct kw_fold fold = KW_FOLD_INIT;
    size_t cases = getenv("KWIC_LONG") ? 1000000 : 10000, checked = 0;
    uint64_t random = 31;

    (void)state;
    for (size_t round = 0; round < cases; round++) {
        size_t size = round % 3 ? random_unicode(&random, text, 100)
                                : random_text(&random, text, sizeof text);

        size = spoil(&random, text, size);
        check_given(&fold, (struct kwic_text){(const char *)text, size}, &checked);
    }
    print_message("%zu texts, %zu tokens\n", cases, checked);
    kw_fold_release(&fold);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_point_at_what_words_are_made_of),
        cmocka_unit_test(spans_point_at_the_bytes_that_were_given),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
