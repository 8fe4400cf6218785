/* Pruning and counting by lists: what they find in random segments, with random queries and under
 * random constants, is to the bit what going through every document finds, without pairs. */
#include "query/parser.h"
#include "rank/search.h"
#include "rank/statistics.h"
#include "tests/unit/index_scratch.h"
#include "tests/unit/rank_segment.h"

enum {
    WORDS = 400,  /* of the vocabulary; the first ones are in nearly all documents */
    LONGEST = 80, /* words of a text */
    QUERY = 40,   /* words of a query at most */
};

struct fixture {
    struct rank_scratch scratch;
    struct kw_segment *segment;
    uint64_t seed;
    uint32_t deleted;
    uint32_t words; /* of the vocabulary */
    char query[1000];
};

/* How often to draw; more with KW_TEST_ROUNDS in the environment, for long runs. */
static uint32_t rounds(void)
{
    const char *asked = getenv("KW_TEST_ROUNDS");
    return asked ? (uint32_t)strtoul(asked, NULL, 10) : 6;
}

static int setup(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){.segment = NULL};
    rank_scratch_init(&fixture.scratch);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    rank_scratch_release(&fixture->scratch);
    return 0;
}

static uint32_t below(struct fixture *fixture, uint32_t limit)
{
    return scratch_below(&fixture->seed, limit);
}

/* ---- Segments ------------------------------------------------------------------------------- */

/* Appends a word, the first ones of the vocabulary much more often than others. */
static void draw_word(struct fixture *fixture, char *text)
{
    uint32_t limit = 1 + below(fixture, 1 + below(fixture, fixture->words));
    sprintf(text + strlen(text), " w%u", below(fixture, limit));
}

static void draw_text(struct fixture *fixture, char *text, uint32_t most)
{
    uint32_t length = 1 + below(fixture, 1 + below(fixture, most));
    *text = 0;
    for (uint32_t i = 0; i < length; i++) {
        char word[12] = "";
        draw_word(fixture, word);
        strcat(text, word);
        for (uint32_t again = below(fixture, 30) ? 0 : below(fixture, 20);
             again > 0 && i + 1 < length; again--, i++)
            strcat(text, word); /* a word again and again */
    }
}

/* What texts are like: all alike; of different lengths from stretch to stretch, so that what a word
 * can give differs as much; or few words in few documents, many of them equal. */
enum style { ALIKE, STRETCHES, TIES, STYLES };

/* The text of document `number`, in stretches of 1,500. */
static void draw_body(struct fixture *fixture, enum style style, uint32_t number, char *text)
{
    uint32_t stretch = number / 1500 * 2654435761U >> 28;
    uint64_t seed = fixture->seed;
    if (style == ALIKE)
        draw_text(fixture, text, LONGEST);
    if (style == STRETCHES) {
        draw_text(fixture, text, stretch % 2 ? LONGEST : 2 + stretch);
        for (uint32_t i = 0; i < 40 && stretch % 2; i++)
            strcat(text, " zz");
    }
    if (style != TIES)
        return;
    strcpy(text, " zz");
    if (below(fixture, 60) == 0) {
        fixture->seed = 77 + below(fixture, 30);
        draw_text(fixture, text, 12);
    }
    fixture->seed = seed + 1;
}

static void draw_segment(struct fixture *fixture, uint32_t count, bool deletes)
{
    static char texts[20000][2][LONGEST * 12 + 200];
    static char ids[20000][12];
    static struct rank_document documents[20000];
    static uint32_t deleted[20000];
    enum style style = below(fixture, STYLES);
    fixture->deleted = 0;
    fixture->words = style == TIES ? 8 : WORDS;
    for (uint32_t i = 0; i < count; i++) {
        snprintf(ids[i], sizeof ids[i], "d%06u", below(fixture, 3) ? 900000 - i : i);
        draw_body(fixture, style, i, texts[i][0]);
        texts[i][1][0] = 0;
        if (style != TIES && !below(fixture, 4))
            draw_text(fixture, texts[i][1], 4);
        documents[i] = (struct rank_document){ids[i], texts[i][1], NULL, texts[i][0], 0};
        if (deletes && !below(fixture, 9))
            deleted[fixture->deleted++] = i;
    }
    fixture->segment = rank_segment(&fixture->scratch, documents, count);
    if (fixture->deleted)
        rank_delete(&fixture->scratch, fixture->segment, deleted, fixture->deleted);
}

/* ---- Queries -------------------------------------------------------------------------------- */

/* A phrase, mostly of words that are in nearly all documents, some of them again and again. */
static void draw_phrase(struct fixture *fixture)
{
    uint32_t count = 2 + below(fixture, below(fixture, 3) ? 2 : 6);
    uint32_t words = below(fixture, 3) ? 8 : 60;
    fixture->query[0] = 0;
    for (uint32_t i = 0; i < count; i++)
        sprintf(fixture->query + strlen(fixture->query), "%sw%u", i ? " " : "\"",
                below(fixture, 1 + below(fixture, words)));
    strcat(fixture->query, "\"");
}

static void draw_query(struct fixture *fixture)
{
    if (!below(fixture, 4)) {
        draw_phrase(fixture);
        return;
    }
    static const char *const kinds[] = {" ", " +", " -"};
    uint32_t mix = below(fixture, 4); /* any, all, some must, some must not */
    uint32_t count = 1 + below(fixture, below(fixture, 4) ? 5 : QUERY);
    fixture->query[0] = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t kind = mix == 0 ? 0 : mix == 1 ? 1 : below(fixture, mix);
        strcat(fixture->query, i == 0 && kind == 2 ? " " : kinds[kind]);
        char word[12] = "";
        draw_word(fixture, word);
        strcat(fixture->query, word + 1);
        if (!below(fixture, 8))
            sprintf(fixture->query + strlen(fixture->query), "^%u", 1 + below(fixture, 5));
    }
}

static void plan(struct fixture *fixture, struct kw_plan *plan)
{
    const struct kw_query_field field = {kw_view_of("title"), KW_FIELD_WORDS};
    struct kw_plan_options options = {.language = "english"};
    struct kw_ast ast = KW_AST_INIT;
    if (below(fixture, 6) == 0)
        options.minimum.parts = below(fixture, 4);
    if (below(fixture, 3) == 0)
        options.additions = (struct kw_addition_weights){0.25, 0.075, 0.75};
    assert_int_equal(kw_parse(&ast, kw_view_of(fixture->query), &field, 1, NULL, NULL, NULL),
                     KW_OK);
    assert_int_equal(kw_plan_init(plan, &ast, fixture->scratch.analyzer, &options, NULL), KW_OK);
    kw_ast_release(&ast);
}

/* The statistics of the segment, as if it were one of several that differ. */
static void draw_statistics(struct fixture *fixture, const struct kw_plan *plan,
                            struct kw_statistics *statistics)
{
    static const double k1[] = {0, 0.4, 1, 1.2, 2.5, 100}, b[] = {0, 0.3, 0.75, 1};
    struct kw_parameters parameters = {k1[below(fixture, 6)], b[below(fixture, 4)],
                                       below(fixture, 9)};
    assert_int_equal(kw_statistics_init(statistics, plan, &parameters, NULL), KW_OK);
    assert_int_equal(kw_rank_statistics(fixture->segment, plan, statistics, NULL), KW_OK);
    if (below(fixture, 2))
        return;
    statistics->documents += below(fixture, 20000);
    uint64_t more = below(fixture, 1000000);
    for (uint32_t i = 0; i < plan->leaf_count; i++) {
        statistics->leaves[i].field_length += more;
        statistics->leaves[i].frequencies[0] += below(fixture, 3000);
    }
}

/* ---- Searches ------------------------------------------------------------------------------- */

static int by_rank(void *context, const struct kw_hit *a, const struct kw_hit *b)
{
    uint32_t left = kw_segment_id_rank(context, (uint32_t)a->document);
    uint32_t right = kw_segment_id_rank(context, (uint32_t)b->document);
    return (left > right) - (left < right);
}

struct answer {
    struct kw_top top;
    uint64_t matches;
};

static void search(struct fixture *fixture, const struct kw_plan *plan,
                   const struct kw_statistics *statistics, size_t limit, struct answer *answer)
{
    bool thorough = answer->top.thorough, uncounted = answer->top.uncounted;
    answer->matches = 0;
    assert_int_equal(kw_top_init(&answer->top, limit, false, by_rank, fixture->segment, NULL),
                     KW_OK);
    answer->top.thorough = thorough;
    answer->top.uncounted = uncounted;
    assert_int_equal(kw_rank_segment(fixture->segment, 0, plan, statistics, &answer->top,
                                     &answer->matches, NULL, NULL),
                     KW_OK);
    kw_top_sort(&answer->top);
}

static void assert_same(const struct fixture *fixture, const struct answer *found,
                        const struct answer *expected)
{
    if (!found->top.uncounted && found->matches != expected->matches)
        fail_msg("'%s': %lu matches, expected %lu", fixture->query, (unsigned long)found->matches,
                 (unsigned long)expected->matches);
    assert_true(found->matches >= found->top.count && found->matches <= expected->matches);
    assert_int_equal(found->top.count, expected->top.count);
    for (size_t i = 0; i < found->top.count; i++) {
        const struct kw_hit *hit = &found->top.hits[i], *wanted = &expected->top.hits[i];
        if (hit->document != wanted->document || hit->score != wanted->score)
            fail_msg("'%s', place %zu of %zu: %lu with %.17g, expected %lu with %.17g",
                     fixture->query, i, found->top.count, (unsigned long)hit->document, hit->score,
                     (unsigned long)wanted->document, wanted->score);
    }
}

static void try_query(struct fixture *fixture)
{
    static const size_t limits[] = {0, 1, 2, 3, 5, 10, 100, 300, 1000, 3000, SIZE_MAX};
    size_t limit = limits[below(fixture, sizeof limits / sizeof *limits)];
    struct answer expected = {.top.thorough = true}, found = {.matches = 0};
    struct kw_statistics statistics;
    struct kw_plan query = KW_PLAN_INIT;
    found.top.uncounted = limit && below(fixture, 2);
    found.top.thorough = !below(fixture, 4); /* the same, but with pairs */
    draw_query(fixture);
    plan(fixture, &query);
    draw_statistics(fixture, &query, &statistics);
    const struct kw_section *pairs = fixture->segment->pairs;
    fixture->segment->pairs = NULL;
    search(fixture, &query, &statistics, limit, &expected);
    fixture->segment->pairs = pairs;
    search(fixture, &query, &statistics, limit, &found);
    assert_same(fixture, &found, &expected);
    kw_top_release(&found.top);
    kw_top_release(&expected.top);
    kw_statistics_release(&statistics);
    kw_plan_release(&query);
}

static void test_same_as_thorough(void **state)
{
    static const uint32_t sizes[] = {3, 129, 700, 4097, 9000, 20000};
    struct fixture *fixture = *state;
    for (uint32_t round = 0; round < rounds(); round++) {
        fixture->seed = 1 + round;
        draw_segment(fixture, sizes[round % 6], below(fixture, 2));
        for (uint32_t i = 0; i < 400; i++)
            try_query(fixture);
        kw_segment_free(fixture->segment);
    }
}

/* As in a segment behind others, whose documents are all better than its own. */
static void test_nothing_is_good_enough(void **state)
{
    struct fixture *fixture = *state;
    fixture->seed = 1;
    draw_segment(fixture, 700, false);
    for (uint32_t i = 0; i < 400; i++) {
        struct kw_top top;
        struct kw_statistics statistics;
        struct kw_plan query = KW_PLAN_INIT;
        uint64_t matches = 0;
        draw_query(fixture);
        plan(fixture, &query);
        draw_statistics(fixture, &query, &statistics);
        assert_int_equal(kw_top_init(&top, 1, false, by_rank, fixture->segment, NULL), KW_OK);
        assert_int_equal(kw_top_offer(&top, 1e9, 3, NULL), KW_OK);
        assert_int_equal(
            kw_rank_segment(fixture->segment, 0, &query, &statistics, &top, &matches, NULL, NULL),
            KW_OK);
        assert_int_equal(top.count, 1);
        assert_true(top.hits[0].score == 1e9);
        kw_top_release(&top);
        kw_statistics_release(&statistics);
        kw_plan_release(&query);
    }
    kw_segment_free(fixture->segment);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_same_as_thorough, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nothing_is_good_enough, setup, teardown),
    };
    return cmocka_run_group_tests_name("pruning", tests, NULL, NULL);
}
