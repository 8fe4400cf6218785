/* Tests of src/ingest/source: which format and encoding a file has, and the document it gives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ingest/format.h"
#include "ingest/source.h"

#include "ingest_scratch.h"

static struct scratch scratch;

static int set_up(void **state)
{
    (void)state;
    scratch_make(&scratch);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    scratch_remove(&scratch);
    return 0;
}

static void is(struct kw_view view, const char *text)
{
    char *got = kw_view_string(view);
    assert_string_equal(got, text);
    free(got);
}

static struct kw_source *open_bytes(const char *name, const void *data, size_t size,
                                    const struct kw_source_options *options)
{
    struct kw_source *source = NULL;
    struct kw_error error = KW_ERROR_INIT;
    char *path = scratch_write(&scratch, name, data, size);
    enum kw_status status = kw_source_new(&source, path, name, options, &error);
    assert_string_equal(error.message, "");
    assert_int_equal(status, KW_OK);
    free(path);
    return source;
}

static void ends(struct kw_source *source)
{
    struct kw_document document;
    assert_int_equal(kw_source_next(source, &document, NULL), KW_END);
    kw_source_free(source);
}

/* Opens a file of that content and compares the title and text of its one document. */
static void one(const char *name, const char *content, const char *title, const char *text)
{
    struct kw_document document;
    struct kw_source *source = open_bytes(name, content, strlen(content), NULL);
    assert_int_equal(kw_source_next(source, &document, NULL), KW_OK);
    is(document.id, name);
    is(document.path, name);
    is(document.title, title);
    is(document.text, text);
    assert_int_equal(document.line, 0);
    assert_int_equal(document.title_searched, strstr(name, ".md") && *title);
    assert_false(kw_source_is_records(source));
    ends(source);
}

/* Writes `content` to a pipe's end that can take it and gives its other end. */
static int pipe_of(const char *content)
{
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(write(fds[1], content, strlen(content)), (ssize_t)strlen(content));
    close(fds[1]);
    return fds[0];
}

/* Reads a stream of that content and compares how many documents it gives and the first's text. */
static void stream(const char *content, bool records, int count, const char *text)
{
    struct kw_source *source = NULL;
    struct kw_document document;
    int fd = pipe_of(content);
    assert_int_equal(kw_source_new_stream(&source, fd, "-", NULL, NULL), KW_OK);
    assert_int_equal(kw_source_is_records(source), records);
    for (int i = 0; i < count; i++) {
        assert_int_equal(kw_source_next(source, &document, NULL), KW_OK);
        if (i == 0)
            is(document.text, text);
    }
    ends(source);
    close(fd);
}

static void plain_text_is_labelled_by_its_first_line(void **state)
{
    (void)state;
    one("a.txt", "\n  First line \r\nsecond\r\n", "First line", "\n  First line \r\nsecond\r\n");
    one("b", "\xef\xbb\xbftext", "text", "text");
    one("c.json", "{\"id\": 1}\n", "{\"id\": 1}", "{\"id\": 1}\n");
    one("d/e.txt", "x", "x", "x");
}

static void an_empty_file_is_an_empty_document(void **state)
{
    (void)state;
    one("empty.txt", "", "", "");
    one("empty.md", "", "", "");
    one("empty.html", "", "", "");
    ends(open_bytes("empty.jsonl", "", 0, NULL));
}

static void markdown_is_titled_by_its_heading(void **state)
{
    (void)state;
    one("a.md", "para\n\n# The *head*\n", "The head", "para\n\n# The *head*\n");
    one("b.MARKDOWN", "no heading\n", "", "no heading\n");
}

static void records_come_one_by_one(void **state)
{
    (void)state;
    struct kw_document document;
    const char *content = "\xef\xbb\xbf{\"id\":\"a\",\"text\":\"1\"}\nbroken\n{\"text\":\"2\"}";
    struct kw_source *source = open_bytes("r.jsonl", content, strlen(content), NULL);
    assert_true(kw_source_is_records(source));
    assert_int_equal(kw_source_next(source, &document, NULL), KW_OK);
    is(document.id, "a");
    assert_int_equal(kw_source_next(source, &document, NULL), KW_OK);
    is(document.id, "r.jsonl:3");
    assert_int_equal(kw_source_skipped(source), 1);
    ends(source);
}

static void other_encodings_are_decoded(void **state)
{
    (void)state;
    struct kw_document document;
    struct kw_source_options options = {.encoding = KW_ENCODING_UTF8};
    one("latin.txt", "caf\xe9", "café", "café");
    struct kw_source *source = open_bytes("u.txt",
                                          "\xff\xfe"
                                          "a\0\n\0",
                                          6, NULL);
    assert_int_equal(kw_source_next(source, &document, NULL), KW_OK);
    is(document.text, "a\n");
    ends(source);
    source = open_bytes("u.jsonl", "\xfe\xff\0{\0}", 6, NULL);
    assert_int_equal(kw_source_next(source, &document, NULL), KW_OK);
    is(document.id, "u.jsonl:1");
    ends(source);
    source = open_bytes("broken.txt", "caf\xe9", 4, &options);
    assert_int_equal(kw_source_next(source, &document, NULL), KW_OK);
    is(document.text, "caf\xef\xbf\xbd");
    assert_int_equal(document.repaired, 1);
    ends(source);
}

static void refused(const char *name, const void *data, size_t size)
{
    struct kw_source *source = NULL;
    struct kw_error error = KW_ERROR_INIT;
    char *path = scratch_write(&scratch, name, data, size);
    assert_int_equal(kw_source_new(&source, path, name, NULL, &error), KW_E_INPUT);
    assert_null(source);
    assert_non_null(strstr(error.message, "not a text file"));
    free(path);
}

static void what_is_not_text_is_refused(void **state)
{
    (void)state;
    char late[10000];
    memset(late, 'a', sizeof late);
    memcpy(late + 9000, "\0\xff\xff\xff", 4);
    refused("a.png", "\x89PNG\r\n\x1a\n\0\0\0", 11);
    refused("a.jsonl", "\0\0\0", 3);
    refused("late.bin", late, sizeof late);
}

static void what_is_not_there_is_told_apart(void **state)
{
    (void)state;
    struct kw_source *source = NULL;
    struct kw_error error = KW_ERROR_INIT;
    char *absent = kw_path_join(scratch.root, "absent");
    assert_int_equal(kw_source_new(&source, absent, "absent", NULL, &error), KW_E_NOT_FOUND);
    assert_int_equal(error.status, KW_E_NOT_FOUND);
    assert_int_equal(kw_source_new(&source, scratch.root, "root", NULL, &error), KW_E_IO);
    assert_null(source);
    free(absent);
}

static void large_files_are_not_copied(void **state)
{
    (void)state;
    enum { SIZE = 3 * 1024 * 1024 };
    struct kw_document document;
    char *content = malloc(SIZE);
    assert_non_null(content);
    memset(content, 'a', SIZE);
    struct kw_source *source = open_bytes("large", content, SIZE, NULL);
    assert_int_equal(kw_source_next(source, &document, NULL), KW_OK);
    assert_int_equal(document.text.size, SIZE);
    assert_int_equal((uintptr_t)document.text.data % (uintptr_t)sysconf(_SC_PAGESIZE), 0);
    assert_memory_equal(document.text.data, content, SIZE);
    ends(source);
    free(content);
}

static void streams_are_recognised_by_content(void **state)
{
    (void)state;
    stream("\n  {\"text\":\"one\"}\n{\"text\":\"two\"}\n", true, 2, "one");
    stream("{\"text\":\"one\"}", true, 1, "one");
    stream("{\n  \"text\": \"one\"\n}\n", false, 1, "{\n  \"text\": \"one\"\n}\n");
    stream("{not json}\n", false, 1, "{not json}\n");
    stream("plain\n{\"a\":1}\n", false, 1, "plain\n{\"a\":1}\n");
    stream("", false, 1, "");
}

static void a_stream_of_records_is_not_read_ahead(void **state)
{
    (void)state;
    int fds[2];
    struct kw_source *source = NULL;
    struct kw_document document;
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(write(fds[1], "{\"id\":1}\n{\"id\":2}\n", 18), 18);
    assert_int_equal(kw_source_new_stream(&source, fds[0], "-", NULL, NULL), KW_OK);
    assert_int_equal(kw_source_next(source, &document, NULL), KW_OK);
    assert_int_equal(kw_source_next(source, &document, NULL), KW_OK);
    is(document.id, "2");
    close(fds[1]);
    ends(source);
    close(fds[0]);
}

static void a_pipe_among_the_files_is_a_stream(void **state)
{
    (void)state;
    char path[32];
    struct kw_source *source = NULL;
    struct kw_document document;
    int fd = pipe_of("{\"id\":\"a\",\"text\":\"t\"}\n");
    snprintf(path, sizeof path, "/dev/fd/%d", fd);
    assert_int_equal(kw_source_new(&source, path, path, NULL, NULL), KW_OK);
    assert_int_equal(kw_source_next(source, &document, NULL), KW_OK);
    is(document.id, "a");
    ends(source);
    close(fd);
}

static void formats_go_by_name_then_content(void **state)
{
    (void)state;
    assert_int_equal(kw_format_of_name("a/b.NDJSON"), KW_FORMAT_JSONL);
    assert_int_equal(kw_format_of_name("a.xhtml"), KW_FORMAT_HTML);
    assert_int_equal(kw_format_of_name("a.md/b"), KW_FORMAT_AUTO);
    assert_int_equal(kw_format_of_name(".md"), KW_FORMAT_AUTO);
    assert_int_equal(kw_format_of_content(kw_view_of("\n<!DOCTYPE HTML>")), KW_FORMAT_HTML);
    assert_int_equal(kw_format_of_content(kw_view_of("<!-- c --> <HTML lang=en>")), KW_FORMAT_HTML);
    assert_int_equal(kw_format_of_content(kw_view_of("\xef\xbb\xbf<?xml version='1.0'?><html>")),
                     KW_FORMAT_HTML);
    assert_int_equal(kw_format_of_content(kw_view_of("<htmlx>")), KW_FORMAT_TEXT);
    assert_int_equal(kw_format_of_content(kw_view_of("<!-- <html>")), KW_FORMAT_TEXT);
    assert_int_equal(kw_format_of_content(kw_view_of("")), KW_FORMAT_TEXT);
}

static void formats_and_encodings_have_names(void **state)
{
    (void)state;
    enum kw_format format = KW_FORMAT_AUTO;
    enum kw_encoding encoding = KW_ENCODING_AUTO;
    assert_true(kw_format_named("markdown", &format));
    assert_int_equal(format, KW_FORMAT_MARKDOWN);
    assert_false(kw_format_named("pdf", &format));
    assert_true(kw_encoding_named("UTF-16LE", &encoding));
    assert_int_equal(encoding, KW_ENCODING_UTF16LE);
    assert_false(kw_encoding_named("koi8-r", &encoding));
}

static void html_goes_through_the_helper(void **state)
{
    (void)state;
    const char *page = "<!doctype html><title>T</title><p>a<p>b";
    struct kw_source_options options = {.helpers = getenv("KWIC_HELPERS")};
    struct kw_document document;
    if (!options.helpers) {
        print_message("SKIPPED: KWIC_HELPERS does not say where kwic-html is\n");
        skip();
    }
    struct kw_source *source = open_bytes("page", page, strlen(page), &options);
    assert_int_equal(kw_source_next(source, &document, NULL), KW_OK);
    is(document.title, "T");
    is(document.text, "a\n\nb");
    assert_true(document.title_searched);
    ends(source);
}

static void a_format_can_be_asked_for(void **state)
{
    (void)state;
    struct kw_source_options options = {.format = KW_FORMAT_TEXT};
    struct kw_document document;
    struct kw_source *source = open_bytes("a.jsonl", "{}\n", 3, &options);
    assert_int_equal(kw_source_next(source, &document, NULL), KW_OK);
    is(document.text, "{}\n");
    ends(source);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(plain_text_is_labelled_by_its_first_line),
        TEST(an_empty_file_is_an_empty_document),
        TEST(markdown_is_titled_by_its_heading),
        TEST(records_come_one_by_one),
        TEST(other_encodings_are_decoded),
        TEST(what_is_not_text_is_refused),
        TEST(what_is_not_there_is_told_apart),
        TEST(large_files_are_not_copied),
        TEST(streams_are_recognised_by_content),
        TEST(a_stream_of_records_is_not_read_ahead),
        TEST(a_pipe_among_the_files_is_a_stream),
        TEST(formats_go_by_name_then_content),
        TEST(formats_and_encodings_have_names),
        TEST(html_goes_through_the_helper),
        TEST(a_format_can_be_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
