/* Highlights, with the English analysis: from positions to bytes. */
#include "passage/highlight.h"

#include "query/parser.h"
#include "stemmers/analyzer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

struct fixture {
    struct kw_analyzer *analyzer;
    struct kw_plan plan;
    struct kw_matches matches;
    struct kw_border borders[8];
    uint64_t border_count;
    struct kw_highlights highlights;
};

static int setup(void **state)
{
    static struct fixture fixture;
    struct kw_analysis settings = {KW_ANALYSIS_VERSION, "english", false, KW_RULES_OWN};
    fixture = (struct fixture){.plan = KW_PLAN_INIT, .matches = KW_MATCHES_INIT};
    *state = &fixture;
    return kw_analyzer_new(&fixture.analyzer, &settings, NULL) == KW_OK ? 0 : -1;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    kw_highlights_release(&fixture->highlights);
    kw_matches_release(&fixture->matches);
    kw_plan_release(&fixture->plan);
    kw_analyzer_free(fixture->analyzer);
    return 0;
}

static void plan(struct fixture *fixture, const char *query)
{
    struct kw_ast ast;
    struct kw_plan_options options = {.language = "english"};
    assert_int_equal(kw_parse(&ast, kw_view_of(query), NULL, 0, NULL, NULL, NULL), KW_OK);
    assert_int_equal(kw_plan_init(&fixture->plan, &ast, fixture->analyzer, &options, NULL), KW_OK);
    kw_ast_release(&ast);
}

/* A passage of `words` positions and the bytes of `text`, behind those before it. */
static void passage(struct fixture *fixture, const char *text, uint32_t words)
{
    struct kw_border *border = &fixture->borders[fixture->border_count];
    *border = (struct kw_border){.words = words, .bytes = (uint32_t)strlen(text)};
    if (fixture->border_count++) {
        border->position = border[-1].position + border[-1].words;
        border->start = border[-1].start + border[-1].bytes;
    }
}

static void match(struct fixture *fixture, uint32_t first, uint32_t leaf)
{
    const struct kw_leaf *asked = &fixture->plan.leaves[leaf];
    struct kw_mark mark = {first, first + asked->span - 1, asked->term_count - 1, asked};
    assert_int_equal(kw_matches_mark(&fixture->matches, mark, NULL), KW_OK);
    kw_matches_sort(&fixture->matches);
}

/* Asserts the highlights in `text` to be those that `expected` lists as "start-end#clause …". */
static void assert_highlights(struct fixture *fixture, const char *text, const char *expected)
{
    struct kw_bytes found = KW_BYTES_INIT;
    assert_int_equal(kw_highlight(fixture->analyzer, kw_view_of(text), fixture->borders,
                                  fixture->border_count, &fixture->matches, &fixture->plan,
                                  &fixture->highlights, NULL),
                     KW_OK);
    for (size_t i = 0; i < fixture->highlights.count; i++)
        kw_bytes_format(&found, "%s%u-%u#%u", i ? " " : "", fixture->highlights.items[i].start,
                        fixture->highlights.items[i].end, fixture->highlights.items[i].clause);
    kw_bytes_append_byte(&found, 0);
    assert_string_equal((char *)found.data, expected);
    kw_bytes_release(&found);
}

static void a_word_lights_up_as_it_stands(void **state)
{
    struct fixture *fixture = *state;
    plan(fixture, "guard border");
    passage(fixture, "The border guards.", 3);
    match(fixture, 1, 1);
    match(fixture, 2, 0);
    assert_highlights(fixture, "The border guards.", "4-10#1 11-17#0");
}

static void a_phrase_lights_up_whole(void **state)
{
    struct fixture *fixture = *state;
    plan(fixture, "\"border guards\"");
    passage(fixture, "The border, (guards) sleep.", 4);
    match(fixture, 1, 0);
    assert_highlights(fixture, "The border, (guards) sleep.", "4-19#0");
}

static void overlapping_matches_go_longest_first(void **state)
{
    struct fixture *fixture = *state;
    plan(fixture, "border \"border guards\" \"guards guards\"");
    passage(fixture, "border guards guards", 3);
    match(fixture, 0, 0);
    match(fixture, 0, 1);
    match(fixture, 1, 2);
    assert_highlights(fixture, "border guards guards", "0-13#1 0-6#0 7-20#2");
}

static void equal_spans_go_by_clause_without_repeats(void **state)
{
    struct fixture *fixture = *state;
    plan(fixture, "guards =guards");
    passage(fixture, "guards", 1);
    match(fixture, 0, 1);
    match(fixture, 0, 0);
    match(fixture, 0, 0);
    assert_highlights(fixture, "guards", "0-6#0 0-6#1");
}

static void passages_follow_each_other(void **state)
{
    struct fixture *fixture = *state;
    plan(fixture, "\"two three\" five");
    passage(fixture, "One two. ", 2);
    passage(fixture, "Three four. Five.", 3);
    match(fixture, 1, 0);
    match(fixture, 4, 1);
    assert_highlights(fixture, "One two. Three four. Five.", "4-14#0 21-25#1");
}

static void positions_count_from_the_first_passage_shown(void **state)
{
    struct fixture *fixture = *state;
    plan(fixture, "four");
    passage(fixture, "Three four.", 2);
    fixture->borders[0].position = 1002;
    fixture->borders[0].start = 777;
    match(fixture, 1003, 0);
    assert_highlights(fixture, "Three four.", "6-10#0");
}

static void what_is_not_wholly_shown_stays_dark(void **state)
{
    struct fixture *fixture = *state;
    plan(fixture, "\"two three\" two");
    passage(fixture, "Three four. Two", 3);
    fixture->borders[0].position = 102;
    match(fixture, 3, 1);   /* in the title */
    match(fixture, 101, 0); /* ends in the passage */
    match(fixture, 104, 0); /* begins in it */
    match(fixture, 300, 1);
    assert_highlights(fixture, "Three four. Two", "");
}

/* Characters and pairs share positions: 0 東 東京, 1 京 京都, 2 都. */
static void a_pair_lights_up_both_characters(void **state)
{
    struct fixture *fixture = *state;
    plan(fixture, "東京");
    passage(fixture, "東京都", 3);
    match(fixture, 0, 0);
    assert_highlights(fixture, "東京都", "0-6#0");
}

static void a_character_lights_up_alone(void **state)
{
    struct fixture *fixture = *state;
    plan(fixture, "京");
    passage(fixture, "東京都", 3);
    match(fixture, 1, 0);
    assert_highlights(fixture, "東京都", "3-6#0");
}

static void a_phrase_of_pairs_ends_with_its_last_pair(void **state)
{
    struct fixture *fixture = *state;
    plan(fixture, "\"東京都\"");
    assert_int_equal(fixture->plan.leaves[0].span, 2);
    passage(fixture, "東京都", 3);
    match(fixture, 0, 0);
    assert_highlights(fixture, "東京都", "0-9#0");
}

static void no_passage_has_no_highlight(void **state)
{
    struct fixture *fixture = *state;
    plan(fixture, "two");
    match(fixture, 0, 0);
    assert_highlights(fixture, "", "");
}

static void borders_beyond_the_text_are_damage(void **state)
{
    struct fixture *fixture = *state;
    plan(fixture, "two");
    passage(fixture, "one two", 2);
    assert_int_equal(kw_highlight(fixture->analyzer, kw_view_of("one"), fixture->borders, 1,
                                  &fixture->matches, &fixture->plan, &fixture->highlights, NULL),
                     KW_E_DAMAGED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_word_lights_up_as_it_stands),
        TEST(a_phrase_lights_up_whole),
        TEST(overlapping_matches_go_longest_first),
        TEST(equal_spans_go_by_clause_without_repeats),
        TEST(passages_follow_each_other),
        TEST(positions_count_from_the_first_passage_shown),
        TEST(what_is_not_wholly_shown_stays_dark),
        TEST(a_pair_lights_up_both_characters),
        TEST(a_character_lights_up_alone),
        TEST(a_phrase_of_pairs_ends_with_its_last_pair),
        TEST(no_passage_has_no_highlight),
        TEST(borders_beyond_the_text_are_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
