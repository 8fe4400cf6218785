/* Fields through the public library: what types they get, what does not fit, and what is made of
 * their values, in one index and in several. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/library_scratch.h"

static const char *const type_names[] = {"text", "keyword", "number", "date"};

/* The types of the index `where`, as "name:type " each, those asked for with a '!'. Static. */
static const char *types_in(const char *const *where, size_t count)
{
    static char text[4096];
    struct kwic_index *index;
    const struct kwic_field_info *fields;
    size_t size = 0;
    text[0] = '\0';
    assert_int_equal(kwic_index_new(&index, where, count, NULL), KWIC_OK);
    size_t fields_count;
    assert_int_equal(kwic_index_fields(index, &fields, &fields_count, NULL), KWIC_OK);
    for (size_t i = 0; i < fields_count; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, "%.*s:%s%s ",
                                 (int)fields[i].name.size, fields[i].name.data,
                                 type_names[fields[i].type], fields[i].asked ? "!" : "");
    kwic_index_free(index);
    return text;
}

static const char *types(void)
{
    const char *where = ".kwic";
    return types_in(&where, 1);
}

static void test_first_values_settle_types(void **state)
{
    (void)state;
    scratch_write(
        "r.jsonl",
        "{\"id\":1,\"a\":null,\"b\":\"\",\"c\":{\"x\":1},\"d\":[],\"e\":[[1]],\"text\":\"\"}\n"
        "{\"id\":2,\"a\":1,\"b\":\"2007\",\"c\":\"2007-10\",\"d\":[\"\"],\"e\":true}\n"
        "{\"id\":3,\"a\":\"x\",\"b\":5,\"d\":[1,2],\"f\":[\"2007-01-02\"],\"g\":[\"x\"],"
        "\"h\":[1,\"x\"],\"title\":5}\n");
    scratch_run("r.jsonl", NULL);
    assert_string_equal(types(), "a:number b:text c:date d:number e:keyword f:date g:keyword "
                                 "h:keyword lang:keyword path:keyword ");
}

static void test_types_outlast_runs_and_documents(void **state)
{
    struct kwic_typed_field asked = {"when", KWIC_TYPE_DATE};
    struct scratch_log log;
    struct kwic_index_options options = scratch_options(&log);
    (void)state;
    options.fields = &asked;
    options.field_count = 1;
    scratch_write("r.jsonl", "{\"id\":\"a\",\"text\":\"x\",\"year\":5}\n");
    scratch_run("r.jsonl", &options);
    scratch_write("s.jsonl", "{\"id\":\"b\",\"text\":\"x\",\"year\":\"y\",\"when\":\"2007\"}\n");
    scratch_delete("a");
    struct kwic_index_options plain = scratch_options(&log);
    struct kwic_summary summary = scratch_run("s.jsonl", &plain);
    assert_string_equal(types(), "lang:keyword path:keyword when:date! year:number ");
    assert_int_equal(summary.misfits, 1);
    assert_int_equal(summary.misfits_asked, 0);
    assert_non_null(strstr(log.text, "'s.jsonl' line 1: 'y' in the field 'year' is no number"));
    assert_string_equal(scratch_find("when:2007-01-01"), "b ");
    assert_string_equal(scratch_find("when:2007-01-02.."), "");
}

static void test_another_type_is_refused(void **state)
{
    struct kwic_typed_field asked = {"year", KWIC_TYPE_KEYWORD};
    struct kwic_index_options options = {.no_sync = true, .fields = &asked, .field_count = 1};
    struct kwic_error error;
    struct kwic_writer *writer;
    (void)state;
    scratch_write("r.jsonl", "{\"id\":\"a\",\"text\":\"x\",\"year\":5}\n");
    scratch_run("r.jsonl", NULL);
    assert_int_equal(kwic_writer_new(&writer, ".kwic", &options, &error), KWIC_E_USAGE);
    assert_non_null(strstr(error.message, "has the type number, not keyword"));
    assert_non_null(strstr(error.hint, "--field year:keyword"));
    asked.type = KWIC_TYPE_NUMBER;
    scratch_run("r.jsonl", &options);
    assert_non_null(strstr(types(), "year:number! "));
}

static void test_misfits_are_counted_and_named_once(void **state)
{
    struct kwic_typed_field asked[] = {{"n", KWIC_TYPE_NUMBER}, {"d", KWIC_TYPE_DATE}};
    struct scratch_log log;
    struct kwic_index_options options = scratch_options(&log);
    (void)state;
    options.fields = asked;
    options.field_count = 2;
    scratch_write("r.jsonl", "{\"id\":1,\"text\":\"\",\"n\":\"one\",\"d\":\"2007\"}\n"
                             "{\"id\":2,\"text\":\"\",\"n\":{},\"d\":\"soon\",\"k\":1}\n"
                             "{\"id\":3,\"text\":\"\",\"n\":[1,true],\"d\":null,\"k\":\"x\"}\n"
                             "{\"id\":4,\"text\":\"\",\"n\":\"\",\"d\":[],\"k\":\"2\"}\n");
    struct kwic_summary summary = scratch_run("r.jsonl", &options);
    assert_int_equal(summary.added, 4);
    assert_int_equal(summary.skipped, 0);
    assert_int_equal(summary.misfits, 5);
    assert_int_equal(summary.misfits_asked, 4);
    assert_int_equal(log.count, 3);
    assert_string_equal(scratch_find("n:1"), "3 ");
    assert_string_equal(scratch_find("k:2"), "4 ");
}

static void test_too_many_fields_are_told(void **state)
{
    struct scratch_log log;
    struct kwic_index_options options = scratch_options(&log);
    FILE *file = fopen("r.jsonl", "w");
    (void)state;
    assert_non_null(file);
    for (int line = 0; line < 2; line++) {
        fprintf(file, "{\"id\":%d,\"text\":\"\"", line);
        for (int i = 0; i < 1100; i++)
            fprintf(file, ",\"f%d\":\"word%d\"", i, i);
        fprintf(file, "}\n");
    }
    assert_int_equal(fclose(file), 0);
    scratch_run("r.jsonl", &options);
    assert_int_equal(log.count, 1);
    assert_non_null(strstr(log.text, "further new ones are only stored"));
    assert_string_equal(scratch_find("f5:word5"), "0 1 ");
    assert_string_equal(scratch_find("f1099:word1099"), "0 1 "); /* their strings are searched */
}

static void test_dates_are_no_longer_words(void **state)
{
    (void)state;
    scratch_write("r.jsonl",
                  "{\"id\":\"a\",\"text\":\"x\",\"on\":\"2007-10-05\",\"by\":\"Ann Lee\"}\n");
    scratch_run("r.jsonl", NULL);
    assert_string_equal(scratch_find("on:2007"), "a ");
    assert_string_equal(scratch_find("on:05"), "");
    assert_string_equal(scratch_find("by:ann"), "a ");
}

/* What front matter has of these names is what files have without it, whichever comes first. */
static void test_own_fields_of_files_have_the_files_types(void **state)
{
    struct scratch_log log;
    struct kwic_index_options options = scratch_options(&log);
    (void)state;
    scratch_write("a.md", "---\nlang: de\ndate: 2007\nname: My page\nsize: large\n---\nx\n");
    assert_int_equal(scratch_run("a.md", &options).misfits, 1);
    assert_non_null(strstr(log.text, "'large' in the field 'size' is no number"));
    scratch_write("b.md", "x\n");
    scratch_write("r.jsonl",
                  "{\"id\":\"r\",\"text\":\"x\",\"lang\":\"fr\",\"ext\":\"an old one\"}\n");
    scratch_run("b.md", NULL);
    scratch_run("r.jsonl", NULL);
    assert_string_equal(types(), "date:date ext:keyword lang:keyword name:keyword path:keyword "
                                 "size:number ");
    assert_string_equal(scratch_find("lang:de"), "a.md ");
    assert_string_equal(scratch_find("lang:en"), "b.md ");
    assert_string_equal(scratch_find("lang:fr"), "r ");
    assert_string_equal(scratch_find("date:2007 name:My*"), "a.md ");
    assert_string_equal(scratch_find("size:1.."), "b.md ");
}

/* What a search counts and finds, as "value=documents," a facet, ids behind a '|'. Static. */
static const char *facets(struct kwic_index *index, const char *query, const char *facet,
                          const char *sort, bool descending)
{
    static char text[4096];
    const char *const names[] = {facet, NULL};
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    struct kwic_error error = {0};
    struct kwic_results *results;
    struct kwic_result result;
    size_t size = 0;
    size_t count;
    options.facets = names;
    options.documents = true;
    options.sort_field = KWIC_TEXT(sort);
    options.descending = descending;
    if (kwic_search(&results, index, KWIC_TEXT(query), &options, &error) != KWIC_OK)
        fail_msg("%s", error.message);
    const struct kwic_facet *found = kwic_results_facets(results, &count);
    assert_int_equal(count, 1);
    assert_true(text_is(found->field, facet));
    for (size_t i = 0; i < found->count; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, "%.*s=%d,",
                                 (int)found->values[i].value.size, found->values[i].value.data,
                                 (int)found->values[i].documents);
    size += (size_t)snprintf(text + size, sizeof text - size, "|");
    while (kwic_results_next(results, &result, NULL) == KWIC_OK)
        size += (size_t)snprintf(text + size, sizeof text - size, "%.*s ", (int)result.doc.size,
                                 result.doc.data);
    kwic_results_free(results);
    return text;
}

/* Two indexes that disagree on a field: numbers in one, keywords in the other. */
static void test_several_indexes_are_sorted_and_counted_as_one(void **state)
{
    const char *where[] = {".kwic", "other"};
    struct kwic_index_options options = {.no_sync = true};
    struct kwic_writer *writer;
    struct kwic_index *index;
    (void)state;
    scratch_write("r.jsonl", "{\"id\":\"a\",\"text\":\"x\",\"v\":5,\"w\":\"m\"}\n"
                             "{\"id\":\"b\",\"text\":\"x\",\"v\":10,\"w\":[\"k\",\"z\"]}\n"
                             "{\"id\":\"c\",\"text\":\"x x\"}\n");
    scratch_run("r.jsonl", NULL);
    scratch_write("s.jsonl", "{\"id\":\"d\",\"text\":\"x\",\"v\":[\"y\",\"5\"],\"w\":\"m\"}\n"
                             "{\"id\":\"e\",\"text\":\"x\",\"w\":\"l\"}\n");
    assert_int_equal(kwic_writer_new(&writer, "other", &options, NULL), KWIC_OK);
    assert_int_equal(kwic_writer_add_path(writer, "s.jsonl", NULL), KWIC_OK);
    assert_int_equal(kwic_writer_commit(writer, NULL), KWIC_OK);
    kwic_writer_free(writer);
    assert_non_null(strstr(types_in(where, 2), "v:keyword v:number w:text "));
    assert_int_equal(kwic_index_new(&index, where, 2, NULL), KWIC_OK);
    assert_string_equal(facets(index, "x", "w", "w", false), "m=2,k=1,l=1,z=1,|b e a d c ");
    assert_string_equal(facets(index, "x", "v", "w", true), "5=1,10=1,5=1,y=1,|b a d e c ");
    assert_string_equal(facets(index, "x", "v", "v", false), "5=1,10=1,5=1,y=1,|a b d c e ");
    assert_string_equal(facets(index, "x", "v", "v", true), "5=1,10=1,5=1,y=1,|d b a c e ");
    assert_string_equal(facets(index, "v:5", "v", "v", true), "5=1,5=1,y=1,|d a ");
    assert_string_equal(facets(index, "v:5..9", "v", "v", true), "5=1,|a ");
    kwic_index_free(index);
}

static void test_unknown_fields_are_bad_usage(void **state)
{
    const char *const names[] = {"none", NULL};
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    struct kwic_results *results;
    struct kwic_error error;
    (void)state;
    scratch_make_index();
    struct kwic_index *index = scratch_open(".kwic");
    options.sort_field = KWIC_TEXT("none");
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("x"), &options, &error), KWIC_E_USAGE);
    assert_string_equal(error.message, "no field 'none' in the index");
    options.sort_field.size = 0;
    options.facets = names;
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("x"), &options, &error), KWIC_E_USAGE);
    assert_null(results);
    kwic_index_free(index);
}

/* A file's own fields go before what it has without being asked. */
static void test_own_fields_go_first(void **state)
{
    struct kwic_index *index;
    struct kwic_document *document;
    struct kwic_document_info info;
    (void)state;
    scratch_write("a.md", "---\nname: mine\nsize: [1, 2]\n---\nwords\n");
    scratch_run("a.md", NULL);
    index = scratch_open(".kwic");
    assert_int_equal(kwic_document_new(&document, index, KWIC_TEXT("a.md"), false, NULL), KWIC_OK);
    kwic_document_info(document, &info);
    assert_int_equal(info.field_count, 6);
    assert_true(text_is(info.fields[0].name, "path") && text_is(info.fields[1].name, "ext"));
    assert_true(text_is(info.fields[2].name, "date") && text_is(info.fields[3].name, "lang"));
    assert_true(text_is(info.fields[4].name, "name") && text_is(info.fields[4].value, "mine"));
    assert_true(text_is(info.fields[5].value, "[1,2]"));
    assert_int_equal(info.fields[5].kind, KWIC_FIELD_JSON);
    kwic_document_free(document);
    kwic_index_free(index);
    assert_string_equal(scratch_find("size:2 name:mine"), "a.md ");
    assert_string_equal(scratch_find("name:a.md"), "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_set_up, scratch_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_first_values_settle_types),
        TEST(test_types_outlast_runs_and_documents),
        TEST(test_another_type_is_refused),
        TEST(test_misfits_are_counted_and_named_once),
        TEST(test_too_many_fields_are_told),
        TEST(test_dates_are_no_longer_words),
        TEST(test_own_fields_of_files_have_the_files_types),
        TEST(test_several_indexes_are_sorted_and_counted_as_one),
        TEST(test_unknown_fields_are_bad_usage),
        TEST(test_own_fields_go_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
