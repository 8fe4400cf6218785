/* What a search counts as work, and that it ends where that is too much. */
#include "query/parser.h"
#include "rank/matches.h"
#include "rank/search.h"
#include "rank/statistics.h"
#include "tests/unit/rank_segment.h"

static const struct rank_document documents[] = {
    {"a", "", NULL, "one two three one two three one two three", 0},
    {"b", "", NULL, "one four three four one two four", 0},
    {"c", "", NULL, "two four", 0},
    {"d", "", NULL, "one one one one", 0},
};
enum { COUNT = sizeof documents / sizeof *documents };

static const struct kw_parameters parameters = {1.2, 0.75, 4};

struct fixture {
    struct rank_scratch scratch;
    struct kw_segment *segment;
    struct kw_plan plan;
    struct kw_statistics statistics;
};

static int setup(void **state)
{
    static struct fixture fixture;
    rank_scratch_init(&fixture.scratch);
    fixture.segment = rank_segment(&fixture.scratch, documents, COUNT);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    kw_segment_free(fixture->segment);
    rank_scratch_release(&fixture->scratch);
    return 0;
}

static int by_number(void *context, const struct kw_hit *a, const struct kw_hit *b)
{
    (void)context;
    return (a->document > b->document) - (a->document < b->document);
}

/* Plans `query` and takes the figures of the segment. */
static void begin(struct fixture *fixture, const char *query)
{
    struct kw_ast ast;
    const struct kw_query_field fields[] = {{kw_view_of("year"), KW_FIELD_NUMBER}};
    assert_int_equal(kw_parse(&ast, kw_view_of(query), fields, 1, NULL, NULL, NULL), KW_OK);
    assert_int_equal(kw_plan_init(&fixture->plan, &ast, fixture->scratch.analyzer, NULL, NULL),
                     KW_OK);
    kw_ast_release(&ast);
    assert_int_equal(kw_statistics_init(&fixture->statistics, &fixture->plan, &parameters, NULL),
                     KW_OK);
    assert_int_equal(
        kw_rank_statistics(fixture->segment, &fixture->plan, &fixture->statistics, NULL), KW_OK);
}

static void end(struct fixture *fixture)
{
    kw_statistics_release(&fixture->statistics);
    kw_plan_release(&fixture->plan);
}

/* Searches with so many steps left. */
static enum kw_status search(struct fixture *fixture, uint64_t left, struct kw_error *error)
{
    struct kw_work *work = fixture->statistics.work;
    struct kw_top top;
    uint64_t matches = 0;
    work->limit = work->done + left;
    assert_int_equal(kw_top_init(&top, 10, false, by_number, NULL, NULL), KW_OK);
    enum kw_status status = kw_rank_segment(fixture->segment, 0, &fixture->plan,
                                            &fixture->statistics, &top, &matches, NULL, error);
    kw_top_release(&top);
    return status;
}

/* Asserts how many steps a query takes, those before the search included, and that it fails with
 * one less. */
static void assert_steps(struct fixture *fixture, const char *query, uint64_t expected)
{
    struct kw_error error = KW_ERROR_INIT;
    begin(fixture, query);
    assert_int_equal(search(fixture, 1000000, NULL), KW_OK);
    assert_int_equal(fixture->statistics.work->done, expected);
    uint64_t searched = expected;
    end(fixture);
    begin(fixture, query);
    searched -= fixture->statistics.work->done;
    if (searched) {
        assert_int_equal(search(fixture, searched - 1, &error), KW_E_USAGE);
        assert_string_equal(error.message, "the query asks for too much work on this index");
    }
    end(fixture);
}

static void words_take_none_the_first_time(void **state)
{
    assert_steps(*state, "one", 0);
    assert_steps(*state, "one two three four -five", 0);
    assert_steps(*state, "+one two +three two two", 0);
}

static void words_that_are_there_again_take_ten_a_document(void **state)
{
    assert_steps(*state, "one one^2", 30);
    assert_steps(*state, "+one two one one", 30);
    assert_steps(*state, "one one^2 one^3 two -two", 90);
}

static void filters_take_two_a_document(void **state)
{
    assert_steps(*state, "one year:2..3", 2 * COUNT);
    assert_steps(*state, "one -year:2 +year:3", 2 * 2 * COUNT);
}

static void groups_in_groups_take_twenty_a_document(void **state)
{
    assert_steps(*state, "(one two)", 0);
    assert_steps(*state, "(+one +four) two", 2 * 20); /* b, and the end */
    assert_steps(*state, "(one two) (three four)", 5 * 20 + 4 * 20);
}

static void phrases_take_their_positions(void **state)
{
    struct fixture *fixture = *state;
    /* Documents: a by both, b by both, and the end by one or both. */
    begin(fixture, "\"two three\"");
    assert_int_equal(search(fixture, 1000, NULL), KW_OK);
    uint64_t exact = fixture->statistics.work->done;
    assert_in_range(exact, 8, 40);
    end(fixture);
    begin(fixture, "\"two three\"~3");
    assert_int_equal(search(fixture, 1000, NULL), KW_OK);
    assert_true(fixture->statistics.work->done > exact);
    end(fixture);
}

static void all_that_looks_at_positions_can_be_too_much(void **state)
{
    static const char *const queries[] = {
        "\"one two\"",
        "\"one two\"~2",
        "\"one one one\"~2",
        "one NEAR two",
        "one ONEAR two",
        "one NEAR two NEAR three",
        "(one OR two) NEAR four",
        "t* NEAR one",
        "\"one two\" NEAR three",
        "one (two three)",
        "+(one two) -(three one)",
        "one one^2",
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        begin(fixture, queries[i]);
        uint64_t before = fixture->statistics.work->done;
        assert_int_equal(search(fixture, 1000000, NULL), KW_OK);
        uint64_t taken = fixture->statistics.work->done - before;
        end(fixture);
        for (uint64_t left = 0; left < taken; left += 1 + taken / 50) {
            begin(fixture, queries[i]);
            assert_int_equal(search(fixture, left, NULL), KW_E_USAGE);
            end(fixture);
        }
    }
}

static void competing_terms_take_the_fourth_power_of_their_number(void **state)
{
    struct fixture *fixture = *state;
    begin(fixture, "\"one one one one\"~4");
    assert_int_equal(search(fixture, 1000000, NULL), KW_OK);
    assert_true(fixture->statistics.work->done >= 4 * 4 * 4 * 4 / 4);
    end(fixture);
}

static void passages_are_looked_at_without_a_limit(void **state)
{
    struct fixture *fixture = *state;
    struct kw_matches found = KW_MATCHES_INIT;
    begin(fixture, "\"one two\"~3 (one NEAR two) (one three)");
    fixture->statistics.work->limit = 0;
    assert_int_equal(kw_rank_matches(fixture->segment, 0, &fixture->plan,
                                     fixture->statistics.unions, fixture->statistics.memo, &found,
                                     NULL),
                     KW_OK);
    assert_true(found.count > 0);
    kw_matches_release(&found);
    end(fixture);
}

static void a_document_alone_takes_steps_too_unless_there_is_no_limit(void **state)
{
    struct fixture *fixture = *state;
    struct kw_part parts[10] = {{0}};
    bool matched;
    begin(fixture, "\"one two\"~3 (one NEAR two)");
    struct kw_statistics limitless = fixture->statistics;
    limitless.work = NULL;
    assert_int_equal(kw_rank_document(fixture->segment, 0, &fixture->plan, &fixture->statistics,
                                      &matched, parts, NULL),
                     KW_OK);
    assert_true(matched);
    assert_true(fixture->statistics.work->done > 0);
    fixture->statistics.work->limit = fixture->statistics.work->done;
    assert_int_equal(kw_rank_document(fixture->segment, 0, &fixture->plan, &fixture->statistics,
                                      &matched, parts, NULL),
                     KW_E_USAGE);
    assert_int_equal(
        kw_rank_document(fixture->segment, 0, &fixture->plan, &limitless, &matched, parts, NULL),
        KW_OK);
    assert_true(matched);
    end(fixture);
}

static void the_limit_grows_with_what_is_searched(void **state)
{
    (void)state;
    assert_int_equal(kw_work_limit(0, 0), KW_WORK_LEAST);
    assert_int_equal(kw_work_limit(250000, 50000000), KW_WORK_LEAST);
    assert_int_equal(kw_work_limit(250001, 50000000), 100000400);
    assert_int_equal(kw_work_limit(250000, 50000001), 100000002);
}

static void a_limit_is_raised_and_never_lowered(void **state)
{
    struct kw_work work = {.done = 5};
    (void)state;
    kw_work_raise(&work, 0, 100000000);
    assert_int_equal(work.limit, 200000000);
    kw_work_raise(&work, 0, 0);
    assert_int_equal(work.limit, 200000000);
    assert_int_equal(work.done, 5);
}

static void steps_that_are_too_many_are_not_taken(void **state)
{
    struct kw_work work = {.limit = 10};
    (void)state;
    assert_int_equal(kw_work_spend(&work, 4, NULL), KW_OK);
    assert_int_equal(kw_work_spend(&work, UINT64_MAX, NULL), KW_E_USAGE);
    assert_int_equal(kw_work_spend(&work, 7, NULL), KW_E_USAGE);
    assert_int_equal(kw_work_spend(&work, 6, NULL), KW_OK);
    assert_int_equal(kw_work_spend(&work, 0, NULL), KW_OK);
    assert_int_equal(kw_work_spend(&work, 1, NULL), KW_E_USAGE);
    assert_int_equal(kw_work_spend(NULL, UINT64_MAX, NULL), KW_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_take_none_the_first_time),
        cmocka_unit_test(words_that_are_there_again_take_ten_a_document),
        cmocka_unit_test(filters_take_two_a_document),
        cmocka_unit_test(groups_in_groups_take_twenty_a_document),
        cmocka_unit_test(phrases_take_their_positions),
        cmocka_unit_test(all_that_looks_at_positions_can_be_too_much),
        cmocka_unit_test(competing_terms_take_the_fourth_power_of_their_number),
        cmocka_unit_test(passages_are_looked_at_without_a_limit),
        cmocka_unit_test(a_document_alone_takes_steps_too_unless_there_is_no_limit),
        cmocka_unit_test(the_limit_grows_with_what_is_searched),
        cmocka_unit_test(a_limit_is_raised_and_never_lowered),
        cmocka_unit_test(steps_that_are_too_many_are_not_taken),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
