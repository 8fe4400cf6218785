/* Ranges of dates and numbers through the public library, over documents with several values that
 * name as much of a moment as they like: those that pass are what the C library's calendar says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/library_scratch.h"
#include "tests/unit/random_text.h"

#include <math.h>
#include <time.h>

enum { DOCUMENTS = 80, VALUES = 3, SECOND = 1000000 };

/* A date as text, and its first and last microsecond. */
struct date {
    char text[48];
    int64_t first, last;
};

/* Microseconds of a moment whose parts may be beyond their ranges. */
static int64_t moment(const int parts[6])
{
    struct tm tm = {.tm_year = parts[0] - 1900,
                    .tm_mon = parts[1] - 1,
                    .tm_mday = parts[2],
                    .tm_hour = parts[3],
                    .tm_min = parts[4],
                    .tm_sec = parts[5]};
    return (int64_t)timegm(&tm) * SECOND;
}

/* Some date around the turn of a year; `known` of its parts (year, month ... second, then tenths)
 * stand in the text, with a zone behind a time or none. */
static void draw_date(struct date *date, uint64_t *seed)
{
    static const char *const forms[] = {"%04d", "-%02d", "-%02d", "T%02d", ":%02d", ":%02d"};
    static const char *const zones[] = {"", "Z", "+02", "-05:30", "+0100"};
    static const int offsets[] = {0, 0, 120, -330, 60};
    int known = 1 + (int)random_below(seed, 7);
    int parts[6] = {2006 + (int)random_below(seed, 2), random_below(seed, 2) ? 1 : 12,
                    random_below(seed, 2) ? 1 : 31,    random_below(seed, 2) ? 0 : 23,
                    random_below(seed, 2) ? 0 : 59,    random_below(seed, 2) ? 0 : 59};
    static const int least[6] = {0, 1, 1, 0, 0, 0};
    size_t used = 0;
    for (int i = 0; i < 6; i++) {
        if (i < known)
            used +=
                (size_t)snprintf(date->text + used, sizeof date->text - used, forms[i], parts[i]);
        else
            parts[i] = least[i];
    }
    date->first = moment(parts);
    if (known == 7) {
        int tenth = (int)random_below(seed, 10);
        used += (size_t)snprintf(date->text + used, sizeof date->text - used, ".%d", tenth);
        date->first += tenth * SECOND / 10;
        date->last = date->first + SECOND / 10 - 1;
    } else {
        parts[known - 1]++;
        date->last = moment(parts) - 1;
    }
    size_t zone = known > 3 ? random_below(seed, 5) : 0;
    snprintf(date->text + used, sizeof date->text - used, "%s", zones[zone]);
    date->first -= (int64_t)offsets[zone] * 60 * SECOND;
    date->last -= (int64_t)offsets[zone] * 60 * SECOND;
}

/* A number as text that JSON and queries can have. */
static double draw_number(char text[32], uint64_t *seed)
{
    static const char *const numbers[] = {
        "0",   "-0.0", "1",    "-1",    "2.5", "-2.5", "1000", "1e3",
        "0.1", "1e-9", "-1e9", "1e300", "42",  "41.9", "-300", "9007199254740992"};
    const char *number = numbers[random_below(seed, 16)];
    snprintf(text, 32, "%s", number);
    return strtod(number, NULL);
}

struct document {
    size_t dates, numbers;
    int64_t date[VALUES];
    double number[VALUES];
};

static void write_document(FILE *file, uint32_t id, struct document *document, uint64_t *seed)
{
    struct date date;
    char number[32];
    fprintf(file, "{\"id\":\"%u\",\"text\":\"x\"", id);
    document->dates = random_below(seed, VALUES + 1);
    for (size_t i = 0; i < document->dates; i++) {
        draw_date(&date, seed);
        document->date[i] = date.first;
        fprintf(file, "%s\"%s\"", i ? "," : ",\"on\":[", date.text);
    }
    fprintf(file, "%s", document->dates ? "]" : "");
    document->numbers = random_below(seed, VALUES + 1);
    for (size_t i = 0; i < document->numbers; i++) {
        document->number[i] = draw_number(number, seed);
        fprintf(file, "%s%s", i ? "," : ",\"n\":[", number);
    }
    fprintf(file, "%s}\n", document->numbers ? "]" : "");
}

/* Two segments, some documents deleted. */
static void write_documents(struct document documents[DOCUMENTS], uint64_t *seed)
{
    static const struct kwic_typed_field asked[] = {{"on", KWIC_TYPE_DATE},
                                                    {"n", KWIC_TYPE_NUMBER}};
    struct kwic_index_options options = {.no_sync = true, .fields = asked, .field_count = 2};
    for (uint32_t run = 0; run < 2; run++) {
        const char *name = run ? "b.jsonl" : "a.jsonl";
        FILE *file = fopen(name, "w");
        assert_non_null(file);
        for (uint32_t i = run; i < DOCUMENTS; i += 2)
            write_document(file, i, &documents[i], seed);
        fclose(file);
        assert_int_equal(scratch_run(name, &options).misfits, 0);
    }
    scratch_delete("7");
    scratch_delete("30");
    documents[7] = documents[30] = (struct document){.dates = 0};
}

/* The relations of the manual between a value at `value` and an interval [from, to]. */
enum relation { IS, LESS, AT_MOST, MORE, AT_LEAST, BETWEEN, RELATIONS };
static const char *const signs[] = {"", "<", "<=", ">", ">=", ""};

static bool holds(enum relation relation, double value, double from, double to)
{
    switch (relation) {
    case LESS:
        return value < from;
    case AT_MOST:
        return value <= to;
    case MORE:
        return value > to;
    case AT_LEAST:
        return value >= from;
    default:
        return value >= from && value <= to;
    }
}

static void compare(struct kwic_index *index, const char *query, const bool passes[DOCUMENTS])
{
    const char *found = scratch_find_in(index, query);
    for (uint32_t i = 0; i < DOCUMENTS; i++) {
        char id[16];
        snprintf(id, sizeof id, " %u ", i);
        char padded[4200];
        snprintf(padded, sizeof padded, " %s", found);
        if ((strstr(padded, id) != NULL) != passes[i])
            fail_msg("'%s' finds '%s', but document %u %s", query, found, i,
                     passes[i] ? "passes" : "does not pass");
    }
}

static void dates_pass_by_the_first_moment_they_name(void **state)
{
    struct document documents[DOCUMENTS] = {0};
    uint64_t seed = 5;
    size_t all = 0;
    (void)state;
    write_documents(documents, &seed);
    struct kwic_index *index = scratch_open(".kwic");
    for (uint32_t round = 0; round < 600; round++) {
        enum relation relation = (enum relation)random_below(&seed, RELATIONS);
        bool passes[DOCUMENTS] = {false};
        struct date date, until;
        char query[128];
        draw_date(&date, &seed);
        draw_date(&until, &seed);
        if (relation != BETWEEN)
            until = date;
        snprintf(query, sizeof query, "on:%s%s%s%s", signs[relation], date.text,
                 relation == BETWEEN ? ".." : "", relation == BETWEEN ? until.text : "");
        for (uint32_t i = 0; i < DOCUMENTS; i++)
            for (size_t k = 0; k < documents[i].dates; k++)
                passes[i] |= holds(relation, (double)documents[i].date[k], (double)date.first,
                                   (double)until.last);
        compare(index, query, passes);
        for (uint32_t i = 0; i < DOCUMENTS; i++)
            all += passes[i];
    }
    assert_true(all > 600);
    kwic_index_free(index);
}

static void numbers_pass_with_open_and_closed_ends(void **state)
{
    struct document documents[DOCUMENTS] = {0};
    uint64_t seed = 6;
    (void)state;
    write_documents(documents, &seed);
    struct kwic_index *index = scratch_open(".kwic");
    for (uint32_t round = 0; round < 600; round++) {
        enum relation relation = (enum relation)random_below(&seed, RELATIONS);
        bool passes[DOCUMENTS] = {false};
        char from[32], to[32], query[128];
        double first = draw_number(from, &seed);
        double last = relation == BETWEEN ? draw_number(to, &seed) : first;
        bool lower = relation != BETWEEN || random_below(&seed, 3) > 0;
        bool upper = relation != BETWEEN || !lower || random_below(&seed, 2) > 0;
        snprintf(query, sizeof query, "n:%s%s%s%s", signs[relation], lower ? from : "",
                 relation == BETWEEN ? ".." : "", relation == BETWEEN && upper ? to : "");
        for (uint32_t i = 0; i < DOCUMENTS; i++)
            for (size_t k = 0; k < documents[i].numbers; k++)
                passes[i] |= holds(relation, documents[i].number[k], lower ? first : -INFINITY,
                                   upper ? last : INFINITY);
        compare(index, query, passes);
    }
    kwic_index_free(index);
}

/* What the manual says of documents that name a year, and of several values. */
static void coarse_and_several_values_pass_as_the_manual_says(void **state)
{
    struct kwic_typed_field asked = {"on", KWIC_TYPE_DATE};
    struct kwic_index_options options = {.no_sync = true, .fields = &asked, .field_count = 1};
    (void)state;
    scratch_write("r.jsonl", "{\"id\":\"year\",\"text\":\"x\",\"on\":\"2007\"}\n"
                             "{\"id\":\"two\",\"text\":\"x\",\"on\":[\"2006-05\",\"2008-05\"]}\n");
    scratch_run("r.jsonl", &options);
    assert_string_equal(scratch_find("on:2007"), "year ");
    assert_string_equal(scratch_find("on:2007-01-01"), "year ");
    assert_string_equal(scratch_find("on:2007-05"), "");
    assert_string_equal(scratch_find("on:<=2007-01"), "two year ");
    assert_string_equal(scratch_find("on:>2007-01-01"), "two ");
    assert_string_equal(scratch_find("on:2006-06..2008-04"), "year ");
    assert_string_equal(scratch_find("on:>=2006-06 on:<=2008-04"), "two year ");
    assert_string_equal(scratch_find("-on:2008"), "year ");
    assert_string_equal(scratch_find("on:2008..2006"), "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_set_up, scratch_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(dates_pass_by_the_first_moment_they_name),
        TEST(numbers_pass_with_open_and_closed_ends),
        TEST(coarse_and_several_values_pass_as_the_manual_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
