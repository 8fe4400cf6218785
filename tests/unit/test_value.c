/* Values: numbers and dates are read as they are written, sort by their keys, and come back. */
#include "base/value.h"

#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

/* ---- Numbers ------------------------------------------------------------------------------ */

static void numbers_are_those_of_json(void **state)
{
    static const struct {
        const char *text;
        double number;
    } good[] = {{"0", 0},         {"-0", 0},
                {"7", 7},         {"-12.5", -12.5},
                {"1e3", 1000},    {"1E+2", 100},
                {"25e-1", 2.5},   {"0.1", 0.1},
                {"1e308", 1e308}, {"9007199254740992", 9007199254740992.0}};
    static const char *const bad[] = {"",   "-",  "+1",   ".5",  "1.",  "01",    "1e",  "1e+",
                                      " 1", "1 ", "0x10", "nan", "inf", "1e999", "1,5", "--1"};
    double number;
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(kw_number_parse(kw_view_of(good[i].text), &number));
        assert_true(number == good[i].number && !(number == 0 && signbit(number)));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (kw_number_parse(kw_view_of(bad[i]), &number))
            fail_msg("'%s' is a number", bad[i]);
}

static void quantities_have_units(void **state)
{
    static const struct {
        const char *text;
        double number;
    } good[] = {{"10", 10},
                {"10k", 10000},
                {"10K", 10000},
                {"1.5M", 1500000},
                {"2G", 2e9},
                {"1T", 1e12},
                {"1Ki", 1024},
                {"1KI", 1024},
                {"1.025M", 1025000},
                {"1kib", 1024},
                {"3MB", 3e6},
                {"2Mi", 2097152},
                {"+5", 5},
                {"-1k", -1000},
                {"1e3k", 1e6},
                {"1.001k", 1001},
                {"1e-99999999999999999999k", 0},
                {"0.1Ki", 102.4},
                {"25e-1M", 2500000}};
    static const char *const bad[] = {"k",    "10x", "10kk",   "10B",  "1i",
                                      "10 k", "",    "1e308k", "1kibb"};
    double number;
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(kw_quantity_parse(kw_view_of(good[i].text), &number));
        assert_true(number == good[i].number);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (kw_quantity_parse(kw_view_of(bad[i]), &number))
            fail_msg("'%s' is a quantity", bad[i]);
}

static double random_number(uint64_t *state)
{
    double number;
    do {
        *state = *state * 6364136223846793005U + 1442695040888963407U;
        uint64_t bits = *state ^ *state >> 29;
        memcpy(&number, &bits, sizeof number);
    } while (!isfinite(number));
    return number;
}

static void numbers_come_back_in_every_locale(void **state)
{
    static const char *const locales[] = {"C", "de_DE.UTF-8", "C.UTF-8"};
    char text[KW_VALUE_SIZE];
    uint64_t seed = 5;
    double again;
    (void)state;
    for (size_t k = 0; k < 3; k++) {
        setlocale(LC_ALL, locales[k]);
        for (size_t i = 0; i < 20000; i++) {
            double number = i < 1000 ? (double)i / 8 : random_number(&seed);
            kw_number_format(number, text);
            assert_true(kw_number_parse(kw_view_of(text), &again));
            assert_true(again == number);
        }
    }
    setlocale(LC_ALL, "C");
    kw_number_format(0.1, text);
    assert_string_equal(text, "0.1");
    kw_number_format(2007, text);
    assert_string_equal(text, "2007");
    kw_number_format(1234567890123456, text);
    assert_string_equal(text, "1234567890123456");
}

static void keys_rise_as_numbers_do(void **state)
{
    uint64_t seed = 9;
    (void)state;
    assert_true(kw_number_key(-0.0) == kw_number_key(0));
    for (size_t i = 0; i < 100000; i++) {
        double a = random_number(&seed);
        double b = i % 3 ? random_number(&seed) : nextafter(a, 0);
        assert_true(kw_number_of_key(kw_number_key(a)) == a);
        assert_int_equal(a < b, kw_number_key(a) < kw_number_key(b));
    }
}

/* ---- Dates -------------------------------------------------------------------------------- */

static void assert_span(const char *text, const char *first, const char *last)
{
    struct kw_period span;
    char out[KW_VALUE_SIZE];
    if (!kw_date_parse(kw_view_of(text), &span))
        fail_msg("'%s' is no date", text);
    kw_date_format(span.first, out);
    assert_string_equal(out, first);
    kw_date_format(span.last, out);
    assert_string_equal(out, last);
}

static void dates_span_what_they_name(void **state)
{
    (void)state;
    assert_span("2007", "2007-01-01", "2007-12-31T23:59:59.999999Z");
    assert_span("2007-12", "2007-12-01", "2007-12-31T23:59:59.999999Z");
    assert_span("2008-02", "2008-02-01", "2008-02-29T23:59:59.999999Z");
    assert_span("1900-02", "1900-02-01", "1900-02-28T23:59:59.999999Z");
    assert_span("2007-10-05", "2007-10-05", "2007-10-05T23:59:59.999999Z");
    assert_span("2007-10-05T07", "2007-10-05T07:00:00Z", "2007-10-05T07:59:59.999999Z");
    assert_span("2007-10-05 07:08", "2007-10-05T07:08:00Z", "2007-10-05T07:08:59.999999Z");
    assert_span("2007-10-05T07:08:09Z", "2007-10-05T07:08:09Z", "2007-10-05T07:08:09.999999Z");
    assert_span("2007-10-05T07:08:09.5Z", "2007-10-05T07:08:09.5Z", "2007-10-05T07:08:09.599999Z");
    assert_span("2007-10-05t07:08:09,123456789z", "2007-10-05T07:08:09.123456Z",
                "2007-10-05T07:08:09.123456Z");
    assert_span("2007-10-05T01:00+02:00", "2007-10-04T23:00:00Z", "2007-10-04T23:00:59.999999Z");
    assert_span("2007-10-05T01:00-0230", "2007-10-05T03:30:00Z", "2007-10-05T03:30:59.999999Z");
    assert_span("2007-10-05T01:00:00+02", "2007-10-04T23:00:00Z", "2007-10-04T23:00:00.999999Z");
    assert_span("2016-12-31T23:59:60Z", "2017-01-01", "2017-01-01T00:00:00.999999Z");
    assert_span("0000", "0000-01-01", "0000-12-31T23:59:59.999999Z");
    assert_span("9999", "9999-01-01", "9999-12-31T23:59:59.999999Z");
}

static void what_is_no_date_is_none(void **state)
{
    static const char *const bad[] = {"",
                                      "207",
                                      "20071",
                                      "2007-",
                                      "2007-1",
                                      "2007-13",
                                      "2007-00",
                                      "2007-02-29",
                                      "2007-02-00",
                                      "2007-4-31",
                                      "2007-10-5",
                                      "2007-10-05T",
                                      "2007-10-05T24:00",
                                      "2007-10-05T7:00",
                                      "2007-10-05T07:60",
                                      "2007-10-05T07:00:61",
                                      "2007-10-05T07:00:00.",
                                      "2007-10-05Z",
                                      "2007-10-05T07+",
                                      "2007-10-05T07+24",
                                      "2007-10-05T07+01:",
                                      "2007-10-05T07:00:00+01:0",
                                      "2007-10-05 ",
                                      " 2007",
                                      "2007Z",
                                      "x",
                                      "9999-12-31T23:59-01",
                                      "0000-01-01T00:00+01",
                                      "2007-10-05T07:00:00Zx"};
    struct kw_period span;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (kw_date_parse(kw_view_of(bad[i]), &span))
            fail_msg("'%s' is a date", bad[i]);
}

/* Against the system's calendar: every 11th day of ten thousand years. */
static void days_are_those_of_the_calendar(void **state)
{
    (void)state;
    for (int64_t day = -719528; day < 2932897; day += 11) {
        time_t time = (time_t)day * 86400;
        char expected[KW_VALUE_SIZE];
        char text[KW_VALUE_SIZE];
        struct kw_period span;
        struct tm parts;
        assert_non_null(gmtime_r(&time, &parts));
        snprintf(expected, sizeof expected, "%04d-%02d-%02d", parts.tm_year + 1900,
                 parts.tm_mon + 1, parts.tm_mday);
        kw_date_format(day * 86400 * 1000000, text);
        assert_string_equal(text, expected);
        assert_true(kw_date_parse(kw_view_of(text), &span));
        assert_true(span.first == day * 86400 * 1000000);
    }
    assert_false(kw_date_known(INT64_C(-719529) * 86400 * 1000000));
    assert_false(kw_date_known(INT64_C(2932897) * 86400 * 1000000));
}

static void evident_dates_are_more_than_a_year(void **state)
{
    (void)state;
    assert_true(kw_date_evident(kw_view_of("2007-10")));
    assert_true(kw_date_evident(kw_view_of("2007-10-05T07:08:09Z")));
    assert_false(kw_date_evident(kw_view_of("2007")));
    assert_false(kw_date_evident(kw_view_of("2007-10-05 at noon")));
}

static void keys_are_formatted_by_type(void **state)
{
    char text[KW_VALUE_SIZE];
    (void)state;
    assert_true(kw_key_format(KW_TYPE_NUMBER, kw_number_key(-2.5), text));
    assert_string_equal(text, "-2.5");
    assert_true(kw_key_format(KW_TYPE_DATE, kw_date_key(0), text));
    assert_string_equal(text, "1970-01-01");
    assert_true(kw_date_of_key(kw_date_key(-1)) == -1);
    assert_true(kw_date_key(-1) < kw_date_key(0));
    assert_false(kw_key_format(KW_TYPE_DATE, 0, text));
    assert_false(kw_key_format(KW_TYPE_NUMBER, UINT64_MAX, text));
    assert_false(kw_key_format(KW_TYPE_KEYWORD, 0, text));
}

static void types_have_names(void **state)
{
    static const char *const names[] = {"text", "keyword", "number", "date"};
    enum kw_value_type type;
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        assert_true(kw_type_named(kw_view_of(names[i]), &type));
        assert_string_equal(kw_type_name(type), names[i]);
    }
    assert_false(kw_type_named(kw_view_of("dates"), &type));
    assert_null(kw_type_name((enum kw_value_type)'x'));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_those_of_json),
        cmocka_unit_test(quantities_have_units),
        cmocka_unit_test(numbers_come_back_in_every_locale),
        cmocka_unit_test(keys_rise_as_numbers_do),
        cmocka_unit_test(dates_span_what_they_name),
        cmocka_unit_test(what_is_no_date_is_none),
        cmocka_unit_test(days_are_those_of_the_calendar),
        cmocka_unit_test(evident_dates_are_more_than_a_year),
        cmocka_unit_test(keys_are_formatted_by_type),
        cmocka_unit_test(types_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
