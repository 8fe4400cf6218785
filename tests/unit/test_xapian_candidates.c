/* What Xapian alone finds of a filter: all that passes, and how much more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/library_scratch.h"
#include "xapian/candidates.h"
#include "xapian/filters.h"
#include "xapian/xapian_engine.h"

#include <float.h>
#include <math.h>

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_set_up, scratch_tear_down)

/* Documents by their year, some with two or none, and with a date and a keyword. */
static struct kw_engine *make_engine(void)
{
    static const struct kwic_index_options plain = {.no_sync = true};
    static const struct kw_reader_options reading = KW_READER_OPTIONS_INIT;
    struct kwic_writer *writer;
    struct kw_engine *engine;
    scratch_write("r.jsonl", "{\"id\":\"a\",\"year\":1999,\"day\":\"1999-05-01\",\"tag\":\"red\"}\n"
                             "{\"id\":\"b\",\"year\":2000,\"tag\":[\"red\",\"blue\"]}\n"
                             "{\"id\":\"c\",\"year\":2001,\"day\":\"2001-05-01\"}\n"
                             "{\"id\":\"d\",\"year\":[1990,2010]}\n"
                             "{\"id\":\"e\",\"year\":[2002,2003]}\n"
                             "{\"id\":\"f\",\"text\":\"nothing\"}\n"
                             "{\"id\":\"g\",\"year\":1.7976931348623157e308}\n"
                             "{\"id\":\"h\",\"year\":-1.7976931348623157e308}\n");
    assert_int_equal(kwic_writer_new(&writer, "xapian:db", &plain, NULL), KWIC_OK);
    assert_int_equal(kwic_writer_add_path(writer, "r.jsonl", NULL), KWIC_OK);
    assert_int_equal(kwic_writer_commit(writer, NULL), KWIC_OK);
    kwic_writer_free(writer);
    assert_int_equal(kw_xapian_engine_new(&engine, "xapian:db", &reading, NULL), KW_OK);
    return engine;
}

/* How many documents the query for a filter matches. */
static uint64_t count(struct kw_engine *engine, const struct kw_filter *filter)
{
    struct xc_query *query = xc_query_new();
    uint64_t found = 0;
    assert_int_equal(kw_xapian_filter(kw_xapian_of(engine), filter, query, NULL), KW_OK);
    assert_int_equal(kw_xapian_count(kw_xapian_of(engine), query, &found, NULL), KW_OK);
    xc_query_free(query);
    return found;
}

static uint64_t numbers(struct kw_engine *engine, double least, double most)
{
    const struct kw_filter filter = {
        .field = kw_view_of("year"), .uses = KW_FIELD_NUMBER, .numbers = {least, most}};
    return count(engine, &filter);
}

static void numbers_are_ranges_of_values(void **state)
{
    struct kw_engine *engine = make_engine();
    (void)state;
    assert_int_equal(numbers(engine, 1999, 2000), 3);         /* and d, which has several */
    assert_int_equal(numbers(engine, 2000, 2000), 2);         /* b, d */
    assert_int_equal(numbers(engine, 2010, 2020), 2);         /* d, e */
    assert_int_equal(numbers(engine, 1980, 1985), 0);         /* all of several are greater */
    assert_int_equal(numbers(engine, 2001, 2000), 0);         /* nothing */
    assert_int_equal(numbers(engine, DBL_MAX, DBL_MAX), 3);   /* g, d, e */
    assert_int_equal(numbers(engine, -DBL_MAX, -DBL_MAX), 1); /* h */
    assert_int_equal(numbers(engine, -INFINITY, INFINITY), 7);
    assert_int_equal(numbers(engine, -INFINITY, 1990), 2); /* h, d */
    engine->ops->free(engine);
}

static void dates_are_too(void **state)
{
    struct kw_filter filter = {.field = kw_view_of("day"), .uses = KW_FIELD_DATE | KW_FIELD_NUMBER};
    struct kw_period period;
    struct kw_engine *engine = make_engine();
    (void)state;
    filter.numbers = (struct kw_number_range){1, 0};
    filter.dates = (struct kw_date_range){INT64_MIN, INT64_MAX};
    assert_int_equal(count(engine, &filter), 2);
    assert_true(kw_date_parse(kw_view_of("1999"), &period));
    filter.dates = (struct kw_date_range){period.first, period.last};
    assert_int_equal(count(engine, &filter), 1);
    filter.dates = (struct kw_date_range){0, -1};
    assert_int_equal(count(engine, &filter), 0);
    engine->ops->free(engine);
}

static void keywords_are_terms(void **state)
{
    struct kw_filter filter = {.field = kw_view_of("tag"), .uses = KW_FIELD_KEYWORD};
    struct kw_engine *engine = make_engine();
    (void)state;
    filter.keyword = kw_view_of("red");
    assert_int_equal(count(engine, &filter), 2);
    filter.keyword = kw_view_of("blue");
    assert_int_equal(count(engine, &filter), 1);
    filter.keyword = kw_view_of("re*");
    assert_int_equal(count(engine, &filter), 0);
    filter.wildcards = true; /* then all that have any */
    assert_int_equal(count(engine, &filter), 2);
    filter.field = kw_view_of("nowhere");
    assert_int_equal(count(engine, &filter), 0);
    engine->ops->free(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(numbers_are_ranges_of_values),
        IN_SCRATCH(dates_are_too),
        IN_SCRATCH(keywords_are_terms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
