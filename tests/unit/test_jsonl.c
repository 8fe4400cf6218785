/* Tests of src/ingest/jsonl and lines: records, and what is passed over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ingest/jsonl.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A reader over a text in memory and the last message it gave. */
struct reading {
    struct kw_lines lines;
    struct kw_jsonl *reader;
    struct kw_document document;
    char message[1000];
};

static void keep_message(void *context, const char *message)
{
    struct reading *reading = context;
    snprintf(reading->message, sizeof reading->message, "%s", message);
}

static void begin_view(struct reading *reading, struct kw_view text,
                       struct kw_source_options options, size_t limit)
{
    memset(reading, 0, sizeof *reading);
    options.warn = keep_message;
    options.context = reading;
    kw_lines_init(&reading->lines, text, limit);
    assert_int_equal(
        kw_jsonl_new(&reading->reader, &reading->lines, "a.jsonl", "d/a.jsonl", &options, NULL),
        KW_OK);
}

static void begin(struct reading *reading, const char *text)
{
    begin_view(reading, kw_view_of(text), (struct kw_source_options){0}, KW_RECORD_BYTES);
}

static void end(struct reading *reading, uint64_t skipped)
{
    assert_int_equal(kw_jsonl_next(reading->reader, &reading->document, NULL), KW_END);
    assert_int_equal(kw_jsonl_skipped(reading->reader), skipped);
    kw_jsonl_free(reading->reader);
    kw_lines_release(&reading->lines);
}

static void next(struct reading *reading)
{
    assert_int_equal(kw_jsonl_next(reading->reader, &reading->document, NULL), KW_OK);
}

static void is(struct kw_view view, const char *text)
{
    char *got = kw_view_string(view);
    assert_string_equal(got, text);
    free(got);
}

/* Reads a text of one record that must be passed over, and compares the end of the message. */
static void passed_over(const char *text, const char *why)
{
    struct reading reading;
    begin(&reading, text);
    end(&reading, 1);
    size_t size = strlen(reading.message);
    assert_true(size >= strlen(why));
    assert_string_equal(reading.message + size - strlen(why), why);
}

static void a_record_is_a_document(void **state)
{
    (void)state;
    struct reading reading;
    begin(&reading, "{\"id\":\"x1\",\"title\":\"T\",\"text\":\"Some text\"}\n");
    next(&reading);
    is(reading.document.id, "x1");
    is(reading.document.path, "a.jsonl");
    is(reading.document.title, "T");
    is(reading.document.text, "Some text");
    assert_true(reading.document.title_searched);
    assert_int_equal(reading.document.line, 1);
    assert_int_equal(reading.document.field_count, 0);
    end(&reading, 0);
}

static void other_keys_are_fields_in_order(void **state)
{
    (void)state;
    struct reading reading;
    begin(&reading,
          "{\"z\":\"w\",\"id\":1,\"text\":\"\",\"n\":0.1,\"l\":[1, 2.50],\"b\":true,\"o\":"
          "{\"k\":null},\"title\":7}");
    next(&reading);
    static const struct {
        const char *name;
        enum kw_field_kind kind;
        const char *value;
    } fields[] = {
        {"z", KW_FIELD_TEXT, "w"},
        {"n", KW_FIELD_JSON, "0.1"},
        {"l", KW_FIELD_JSON, "[1,2.5]"},
        {"b", KW_FIELD_JSON, "true"},
        {"o", KW_FIELD_JSON, "{\"k\":null}"},
        {"title", KW_FIELD_JSON, "7"},
    };
    assert_int_equal(reading.document.field_count, sizeof fields / sizeof fields[0]);
    for (size_t i = 0; i < reading.document.field_count; i++) {
        is(reading.document.fields[i].name, fields[i].name);
        assert_int_equal(reading.document.fields[i].kind, fields[i].kind);
        is(reading.document.fields[i].value, fields[i].value);
    }
    end(&reading, 0);
}

static void integers_beyond_64_bits_become_the_nearest_double(void **state)
{
    (void)state;
    struct reading reading;
    begin(&reading, "{\"id\":5,\"text\":\"\\\"9223372036854775808 \\\\\",\"a\":9223372036854775807,"
                    "\"b\":9223372036854775808,\"c\":[-9223372036854775808,-9223372036854775809,5,"
                    "5.0],\"d\":123456789012345678901234,\"e\":\"\\ud800\"}");
    next(&reading);
    is(reading.document.id, "5");
    is(reading.document.text, "\"9223372036854775808 \\");
    static const char *const values[] = {
        "9223372036854775807",
        "9.223372036854776e18",
        "[-9223372036854775808,-9.223372036854776e18,5,5.0]",
        "1.2345678901234569e23",
        "\xEF\xBF\xBD",
    };
    assert_int_equal(reading.document.field_count, sizeof values / sizeof values[0]);
    for (size_t i = 0; i < reading.document.field_count; i++)
        is(reading.document.fields[i].value, values[i]);
    end(&reading, 0);
}

static void ids_may_be_numbers_or_missing(void **state)
{
    (void)state;
    struct reading reading;
    begin(&reading,
          "{\"id\":42,\"text\":\"a\"}\r\n\n   \n{\"text\":\"b\"}\n{\"id\":null,\"text\":\"c\"}"
          "\n{\"id\":\"\",\"text\":\"d\"}");
    next(&reading);
    is(reading.document.id, "42");
    next(&reading);
    is(reading.document.id, "a.jsonl:4");
    assert_int_equal(reading.document.line, 4);
    next(&reading);
    is(reading.document.id, "a.jsonl:5");
    next(&reading);
    is(reading.document.id, "a.jsonl:6");
    end(&reading, 0);
}

static void keys_can_be_mapped(void **state)
{
    (void)state;
    struct reading reading;
    struct kw_source_options options = {.map_id = "docno", .map_title = "head", .map_text = "body"};
    begin_view(&reading,
               kw_view_of("{\"docno\":\"d\",\"head\":\"h\",\"body\":\"b\",\"text\":\"t\"}"),
               options, KW_RECORD_BYTES);
    next(&reading);
    is(reading.document.id, "d");
    is(reading.document.title, "h");
    is(reading.document.text, "b");
    assert_int_equal(reading.document.field_count, 1);
    is(reading.document.fields[0].name, "text");
    end(&reading, 0);
}

static void malformed_records_are_named_and_passed_over(void **state)
{
    (void)state;
    passed_over("[1]\n", "'d/a.jsonl' line 1: not a JSON object");
    passed_over("\n{\"text\":5}", "'d/a.jsonl' line 2: the text is not a string");
    passed_over("{\"id\":[1],\"text\":\"\"}", "the id is neither a string nor a number");
    passed_over("{\"id\":\"a\\u0000b\",\"text\":\"\"}", "the id contains a NUL");
    passed_over("{\"text\":\"a\"} {}", "end of file expected near '{'");
    passed_over("{\"text\":\"a\"", "'}' expected near end of file");
    passed_over("{\"text\":\"\",\"x\":1e400}", "line 1: real number overflow near '1e400'");
    passed_over("{\"text\":\"\",\"x\":[9223372036854775808,1e400]}",
                "line 1: real number overflow near '1e400'");
    passed_over("{\"id\":9223372036854775808,\"text\":\"\"}", "the id is a number beyond 64 bits");
    passed_over("{\"id\":-1e300,\"text\":\"\"}", "the id is a number beyond 64 bits");
    passed_over("no json", "not valid JSON: '[' or '{' expected near 'no'");
}

static void reading_goes_on_behind_a_broken_line(void **state)
{
    (void)state;
    struct reading reading;
    begin(&reading, "{\"id\":\"a\",\"text\":\"\"}\n{broken\n{\"id\":\"b\",\"text\":\"\"}\n");
    next(&reading);
    next(&reading);
    is(reading.document.id, "b");
    assert_int_equal(reading.document.line, 3);
    end(&reading, 1);
}

static void a_record_without_text_is_remarked_on_once(void **state)
{
    (void)state;
    struct reading reading;
    begin(&reading, "{\"id\":\"a\",\"title\":\"t\"}\n{\"id\":\"b\",\"text\":null}\n");
    next(&reading);
    assert_int_equal(reading.document.text.size, 0);
    assert_non_null(strstr(reading.message, "line 1: no 'text' in this record"));
    reading.message[0] = '\0';
    next(&reading);
    assert_string_equal(reading.message, "");
    end(&reading, 0);
}

static void invalid_utf8_is_repaired_and_counted(void **state)
{
    (void)state;
    struct reading reading;
    begin(&reading,
          "{\"id\":\"a\",\"text\":\"x\xffy\xc3\"}\n{\"id\":\"b\",\"text\":\"\xc3\xa9\"}\n");
    next(&reading);
    is(reading.document.text, "x\xef\xbf\xbdy\xef\xbf\xbd");
    assert_int_equal(reading.document.repaired, 2);
    next(&reading);
    is(reading.document.text, "\xc3\xa9");
    assert_int_equal(reading.document.repaired, 0);
    end(&reading, 0);
}

static void unpaired_surrogates_are_repaired_and_counted(void **state)
{
    (void)state;
    struct reading reading;
    begin(&reading,
          "{\"text\":\"\\ud83d\\ude00 \\ud83d \\udc00 \\\\ud83d \\ud800\\ud83d\\ude00\"}");
    next(&reading);
    is(reading.document.text, "😀 \xef\xbf\xbd \xef\xbf\xbd \\ud83d \xef\xbf\xbd😀");
    assert_int_equal(reading.document.repaired, 3);
    end(&reading, 0);
}

static void nul_stays_in_text(void **state)
{
    (void)state;
    struct reading reading;
    begin(&reading, "{\"text\":\"a\\u0000b\"}");
    next(&reading);
    assert_int_equal(reading.document.text.size, 3);
    assert_memory_equal(reading.document.text.data, "a\0b", 3);
    end(&reading, 0);
}

static void deep_nesting_is_refused_without_harm(void **state)
{
    (void)state;
    enum { DEPTH = 100000 };
    struct reading reading;
    struct kw_bytes text = KW_BYTES_INIT;
    kw_bytes_append_text(&text, "{\"text\":\"\",\"x\":");
    for (int i = 0; i < DEPTH; i++)
        kw_bytes_append_byte(&text, '[');
    kw_bytes_append_text(&text, "\n{\"id\":\"ok\",\"text\":\"\"}");
    begin_view(&reading, kw_bytes_view(&text), (struct kw_source_options){0}, KW_RECORD_BYTES);
    next(&reading);
    is(reading.document.id, "ok");
    end(&reading, 1);
    kw_bytes_release(&text);
}

static void a_record_over_the_limit_is_passed_over(void **state)
{
    (void)state;
    struct reading reading;
    begin_view(&reading,
               kw_view_of("{\"id\":\"aaaaaaaaaaaaaaaaaaaaaa\",\"text\":\"\"}\n{\"id\":5}\n"),
               (struct kw_source_options){0}, 10);
    next(&reading);
    is(reading.document.id, "5");
    assert_int_equal(reading.document.line, 2);
    end(&reading, 1);
}

static void streams_are_read_by_line(void **state)
{
    (void)state;
    int ends[2];
    struct kw_lines lines;
    struct kw_line line;
    assert_int_equal(pipe(ends), 0);
    kw_lines_init_stream(&lines, ends[0], 8);
    assert_int_equal(write(ends[1], "one\n", 4), 4);
    assert_int_equal(kw_lines_next(&lines, &line, NULL), KW_OK);
    is(line.text, "one");
    assert_int_equal(write(ends[1], "\nlonger than eight\nend", 22), 22);
    close(ends[1]);
    assert_int_equal(kw_lines_next(&lines, &line, NULL), KW_OK);
    is(line.text, "");
    assert_int_equal(kw_lines_next(&lines, &line, NULL), KW_OK);
    assert_true(line.too_long);
    assert_int_equal(kw_lines_next(&lines, &line, NULL), KW_OK);
    is(line.text, "end");
    assert_int_equal(line.number, 4);
    assert_int_equal(kw_lines_next(&lines, &line, NULL), KW_END);
    kw_lines_release(&lines);
    close(ends[0]);
}

static void a_record_is_told_from_other_lines(void **state)
{
    (void)state;
    assert_true(kw_jsonl_is_record(kw_view_of("{\"a\":1} \r")));
    assert_true(kw_jsonl_is_record(kw_view_of("{\"a\":9223372036854775808}")));
    assert_true(kw_jsonl_is_record(kw_view_of("{\"a\":1e400}")));
    assert_false(kw_jsonl_is_record(kw_view_of("[1e400]")));
    assert_false(kw_jsonl_is_record(kw_view_of("{")));
    assert_false(kw_jsonl_is_record(kw_view_of("[]")));
    assert_false(kw_jsonl_is_record(kw_view_of("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_a_document),
        cmocka_unit_test(other_keys_are_fields_in_order),
        cmocka_unit_test(integers_beyond_64_bits_become_the_nearest_double),
        cmocka_unit_test(ids_may_be_numbers_or_missing),
        cmocka_unit_test(keys_can_be_mapped),
        cmocka_unit_test(malformed_records_are_named_and_passed_over),
        cmocka_unit_test(reading_goes_on_behind_a_broken_line),
        cmocka_unit_test(a_record_without_text_is_remarked_on_once),
        cmocka_unit_test(invalid_utf8_is_repaired_and_counted),
        cmocka_unit_test(unpaired_surrogates_are_repaired_and_counted),
        cmocka_unit_test(nul_stays_in_text),
        cmocka_unit_test(deep_nesting_is_refused_without_harm),
        cmocka_unit_test(a_record_over_the_limit_is_passed_over),
        cmocka_unit_test(streams_are_read_by_line),
        cmocka_unit_test(a_record_is_told_from_other_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
