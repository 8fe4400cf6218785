/* Additions: which a plan gets, and what they add to scores, against the definition of
 * kwic-query(7) worked out from the tokens of small documents. */
#include "query/parser.h"
#include "rank/additions.h"
#include "rank/search.h"
#include "rank/statistics.h"
#include "tests/unit/rank_segment.h"

#include <math.h>

static const struct kw_parameters parameters = {1, 0.75, 4};
static const struct kw_plan_options options = {
    .weigh_stop_words = true,
    .additions = {0.25, 0.075, 0.75},
};

static const struct rank_document documents[] = {
    {"a", "guards", NULL, "border border guards sleep here border", 0},
    {"b", "the border", NULL, "guards one two three four border five border guards", 0},
    {"c", "", NULL, "guards one two three four five border", 0},
    {"d", "border guards", NULL, "zebra", 0},
    {"e", "", NULL, "東京都 zebra 京", 0},
    {"f", "", NULL, "東京 京都 the", 0},
};

enum { COUNT = sizeof documents / sizeof *documents };

struct fixture {
    struct rank_scratch scratch;
    struct kw_segment *segment;
    struct kw_plan plan;
};

static int setup(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){.plan = KW_PLAN_INIT};
    rank_scratch_init(&fixture.scratch);
    fixture.segment = rank_segment(&fixture.scratch, documents, COUNT);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    kw_plan_release(&fixture->plan);
    kw_segment_free(fixture->segment);
    rank_scratch_release(&fixture->scratch);
    return 0;
}

/* ---- What a plan gets ----------------------------------------------------------------------- */

static void plan_with(struct fixture *fixture, const char *query,
                      const struct kw_plan_options *with)
{
    const struct kw_query_field fields[] = {{kw_view_of("title"), KW_FIELD_WORDS}};
    struct kw_ast ast = KW_AST_INIT;
    kw_plan_release(&fixture->plan);
    assert_int_equal(kw_parse(&ast, kw_view_of(query), fields, 1, NULL, NULL, NULL), KW_OK);
    assert_int_equal(kw_plan_init(&fixture->plan, &ast, fixture->scratch.analyzer, with, NULL),
                     KW_OK);
    kw_ast_release(&ast);
}

/* Asserts the additions of a query: "title:TERM^BOOST*REPEATS", "near(LEAF LEAF)^BOOST",
 * "TERM^BOOST" for a character. */
static void assert_additions(struct fixture *fixture, const char *query,
                             const struct kw_plan_options *with, const char *expected)
{
    struct kw_bytes found = KW_BYTES_INIT;
    plan_with(fixture, query, with);
    for (uint32_t i = 0; i < fixture->plan.addition_count; i++) {
        const struct kw_addition *addition = &fixture->plan.additions[i];
        kw_bytes_append_text(&found, i ? " " : "");
        if (addition->kind == KW_ADD_NEAR) {
            kw_bytes_format(&found, "near%u(%u %u)", addition->leaf.distance, addition->words[0],
                            addition->words[1]);
        } else {
            const struct kw_query_term *term = &addition->leaf.terms[0];
            kw_bytes_append_view(&found, term->field);
            kw_bytes_append_text(&found, term->field.size ? ":" : "");
            kw_bytes_append_view(&found, term->bytes);
        }
        kw_bytes_format(&found, "^%g", addition->leaf.boost);
        if (addition->leaf.repeats > 1)
            kw_bytes_format(&found, "*%u", addition->leaf.repeats);
    }
    kw_bytes_append_byte(&found, 0);
    assert_string_equal((char *)found.data, expected);
    kw_bytes_release(&found);
}

static void words_are_looked_for_in_the_title(void **state)
{
    assert_additions(*state, "guards", &options, "title:guard^0.25");
    assert_additions(*state, "=guards^2", &options, "title:guards^0.5");
    assert_additions(*state, "guards guards", &options, "title:guard^0.25*2");
    assert_additions(*state, "the", &options, "title:the^0.05");
}

static void neighbours_are_near(void **state)
{
    assert_additions(*state, "a1 b1 c1", &options,
                     "title:a1^0.25 near5(0 1)^0.075 title:b1^0.25 near5(1 2)^0.075 title:c1^0.25");
    assert_additions(*state, "a1^2 b1^3", &options, "title:a1^0.5 near5(0 1)^0.15 title:b1^0.75");
}

static void stop_words_are_passed_over(void **state)
{
    struct kw_plan_options off = options;
    off.weigh_stop_words = false;
    assert_additions(*state, "guards of the border", &options,
                     "title:guard^0.25 near5(0 3)^0.075 title:of^0.05 title:the^0.05 "
                     "title:border^0.25");
    assert_additions(*state, "guards of border", &off,
                     "title:guard^0.25 near5(0 2)^0.075 title:of^0.25 title:border^0.25");
}

static void only_words_of_the_text_that_must_not_be_absent_count(void **state)
{
    assert_additions(*state, "title:guards -border \"a b\" gu*", &options, "");
    assert_additions(*state, "guards -zebra \"a b\" (border OR title:x)", &options,
                     "title:guard^0.25 near5(0 3)^0.075 title:border^0.25");
}

static void characters_of_optional_pairs_count_once(void **state)
{
    assert_additions(*state, "東京都", &options,
                     "title:東京^0.25 near5(0 1)^0.075 title:京都^0.25 京^0.75 東^0.75 都^0.75");
    assert_additions(*state, "+東京 京^2", &options,
                     "title:東京^0.25 near5(0 1)^0.075 title:京^0.5");
    assert_additions(*state, "東京^2 京都", &options,
                     "title:東京^0.5 near5(0 1)^0.075 title:京都^0.25 京^1.5 東^1.5 都^0.75");
}

static void what_weighs_nothing_is_not_there(void **state)
{
    struct kw_plan_options without = {.additions = {0, 0, 0}};
    assert_additions(*state, "guards border 東京", &without, "");
    without.additions.title = 1;
    assert_additions(*state, "guards border", &without, "title:guard^1 title:border^1");
    without.additions = (struct kw_addition_weights){0, 1, 0};
    assert_additions(*state, "guards border", &without, "near5(0 1)^1");
    without.additions = (struct kw_addition_weights){0, 0, 1};
    assert_additions(*state, "guards 東京", &without, "京^1 東^1");
}

/* A query of more words than KW_ADDITION_WORDS has none: its time stays that of its leaves. */
static void long_queries_have_none(void **state)
{
    struct kw_bytes query = KW_BYTES_INIT;
    struct fixture *fixture = *state;
    for (int i = 0; i < KW_ADDITION_WORDS + 1; i++) {
        kw_bytes_format(&query, "x%d ", i);
        if (i + 1 == KW_ADDITION_WORDS) {
            struct kw_view all = kw_bytes_view(&query);
            char *text = strndup((const char *)all.data, all.size);
            plan_with(fixture, text, &options);
            assert_int_equal(fixture->plan.addition_count, 2 * KW_ADDITION_WORDS - 1);
            free(text);
        }
    }
    kw_bytes_append_byte(&query, 0);
    plan_with(fixture, (const char *)query.data, &options);
    assert_int_equal(fixture->plan.addition_count, 0);
    kw_bytes_release(&query);
}

/* ---- What they add -------------------------------------------------------------------------- */

static void add_places(struct kw_spans *spans, const char *text, char word)
{
    for (uint32_t i = 0; text[i]; i++)
        if (text[i] == word || text[i] == '*')
            assert_int_equal(kw_spans_add(spans, i, i, 0, NULL), KW_OK);
}

/* The intervals with one place of each at their ends, not too long, that contain no other such. */
static uint32_t count_by_definition(const char *text, uint32_t distance)
{
    uint32_t size = (uint32_t)strlen(text), count = 0;
    bool is[40][40] = {{false}};
    for (uint32_t s = 0; s < size; s++)
        for (uint32_t e = s + 1; e < size && e - s <= distance; e++) {
            bool a = text[s] == 'a' || text[s] == '*', b = text[s] == 'b' || text[s] == '*';
            bool c = text[e] == 'a' || text[e] == '*', d = text[e] == 'b' || text[e] == '*';
            is[s][e] = (a && d) || (b && c);
        }
    for (uint32_t s = 0; s < size; s++)
        for (uint32_t e = s + 1; e < size; e++) {
            bool minimal = is[s][e];
            for (uint32_t x = s; x <= e; x++)
                for (uint32_t y = x + 1; y <= e; y++)
                    minimal = minimal && (!is[x][y] || (x == s && y == e));
            count += minimal;
        }
    return count;
}

static void near_places_are_counted_by_their_definition(void **state)
{
    unsigned seed = 5;
    (void)state;
    for (int round = 0; round < 20000; round++) {
        char text[40] = "";
        uint32_t size = (uint32_t)rand_r(&seed) % 20, distance = 1 + (uint32_t)rand_r(&seed) % 6;
        for (uint32_t i = 0; i < size; i++)
            text[i] = "..ab*...ab"[rand_r(&seed) % 10];
        struct kw_spans one = KW_SPANS_INIT, other = KW_SPANS_INIT;
        add_places(&one, text, 'a');
        add_places(&other, text, 'b');
        uint32_t found = kw_count_near(&one, &other, distance);
        if (found != count_by_definition(text, distance))
            fail_msg("%u in %s within %u", found, text, distance);
        kw_spans_release(&one);
        kw_spans_release(&other);
    }
}

static int by_rank(void *context, const struct kw_hit *a, const struct kw_hit *b)
{
    uint32_t left = kw_segment_id_rank(context, (uint32_t)a->document);
    uint32_t right = kw_segment_id_rank(context, (uint32_t)b->document);
    return (left > right) - (left < right);
}

/* Scores of all documents, 0 for those that do not match; only `limit` of them are kept. */
static void search(struct fixture *fixture, const char *query, const struct kw_plan_options *with,
                   size_t limit, double scores[COUNT])
{
    struct kw_statistics statistics;
    struct kw_top top;
    uint64_t matches = 0;
    plan_with(fixture, query, with);
    assert_int_equal(kw_statistics_init(&statistics, &fixture->plan, &parameters, NULL), KW_OK);
    assert_int_equal(kw_rank_statistics(fixture->segment, &fixture->plan, &statistics, NULL),
                     KW_OK);
    assert_int_equal(kw_top_init(&top, limit, false, by_rank, fixture->segment, NULL), KW_OK);
    assert_int_equal(kw_rank_segment(fixture->segment, 0, &fixture->plan, &statistics, &top,
                                     &matches, NULL, NULL),
                     KW_OK);
    memset(scores, 0, COUNT * sizeof *scores);
    for (size_t i = 0; i < top.count; i++)
        scores[(uint32_t)top.hits[i].document] = top.hits[i].score;
    kw_top_release(&top);
    kw_statistics_release(&statistics);
}

/* What `with` gives the document beyond what there is without additions. */
static double added(struct fixture *fixture, const char *query, uint32_t document,
                    const struct kw_plan_options *with)
{
    struct kw_plan_options without = *with;
    double scores[COUNT], plain[COUNT];
    without.additions = (struct kw_addition_weights){0, 0, 0};
    search(fixture, query, with, COUNT, scores);
    search(fixture, query, &without, COUNT, plain);
    return scores[document] - plain[document];
}

static void assert_close(double found, double expected)
{
    if (!(fabs(found - expected) <= 1e-12))
        fail_msg("%.17g, expected %.17g", found, expected);
}

static double idf(double n)
{
    return log(1 + (COUNT - n + 0.5) / (n + 0.5));
}

/* "guards" is in the titles of a and d, of 1 and 2 words; the three titles have 5 words. */
static void a_word_in_the_title_adds(void **state)
{
    const struct kw_plan_options title = {.additions = {0.25, 0, 0}};
    double weight = 0.25 * idf(2) * 2;
    assert_close(added(*state, "guards", 0, &title), weight / (2 - 0.75 + 0.75 * 1 / (5 / 3.0)));
    assert_close(added(*state, "guards", 3, &title), weight / (2 - 0.75 + 0.75 * 2 / (5 / 3.0)));
    assert_close(added(*state, "guards", 1, &title), 0);
    assert_close(added(*state, "title:guards", 0, &title), 0);
}

/* Words of title and text of each document; each character counts. */
static const double lengths[COUNT] = {7, 11, 7, 3, 5, 5};
static const double average = 38 / 6.0;

/* Both words are in a, b, c and d. Within 5 positions: a twice in its text; b once across four
 * words and once side by side; not in c; once in the title of d. */
static void words_near_each_other_add(void **state)
{
    const struct kw_plan_options near = {.additions = {0, 0.075, 0}};
    const double matches[] = {2, 2, 0, 1};
    for (uint32_t i = 0; i < 4; i++) {
        double tf = matches[i], weight = 0.075 * 2 * idf(4) * 2;
        double expected = weight * tf / (tf + 0.25 + 0.75 * lengths[i] / average);
        assert_close(added(*state, "guards border", i, &near), expected);
    }
}

/* 京 is in e and f, twice each, and 都 and 東 once each. */
static void characters_add(void **state)
{
    const struct kw_plan_options character = {.additions = {0, 0, 0.75}};
    double weight = 0.75 * idf(2) * 2, length = 0.25 + 0.75 * 5 / average;
    double expected = weight * 2 / (2 + length) + weight * 1 / (1 + length);
    assert_close(added(*state, "東京", 4, &character), expected);
    assert_close(added(*state, "東京", 5, &character), expected);
    assert_close(added(*state, "zebra 東京", 3, &character), 0);
}

/* Whatever the limit, those that are kept have the scores that they have among all, and are the
 * best of them. */
static void a_limit_changes_no_score(void **state)
{
    static const char *const queries[] = {"guards border", "border guards the zebra",
                                          "東京都 zebra", "+guards border one", "the"};
    double all[COUNT], some[COUNT];
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        search(*state, queries[i], &options, COUNT, all);
        for (size_t limit = 1; limit < COUNT; limit++) {
            double worst = INFINITY;
            search(*state, queries[i], &options, limit, some);
            for (int d = 0; d < COUNT; d++)
                if (some[d] > 0) {
                    assert_true(some[d] == all[d]);
                    worst = some[d] < worst ? some[d] : worst;
                }
            for (int d = 0; d < COUNT; d++)
                assert_true(some[d] > 0 || all[d] <= worst);
        }
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(words_are_looked_for_in_the_title),
        TEST(neighbours_are_near),
        TEST(stop_words_are_passed_over),
        TEST(only_words_of_the_text_that_must_not_be_absent_count),
        TEST(characters_of_optional_pairs_count_once),
        TEST(what_weighs_nothing_is_not_there),
        TEST(long_queries_have_none),
        TEST(near_places_are_counted_by_their_definition),
        TEST(a_word_in_the_title_adds),
        TEST(words_near_each_other_add),
        TEST(characters_add),
        TEST(a_limit_changes_no_score),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
