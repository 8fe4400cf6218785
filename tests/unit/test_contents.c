/* The public library: what is in an index (documents, terms, statistics), and the tokens of a text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/library_scratch.h"

/* ---- Documents, terms, statistics --------------------------------------------------------- */

static void test_document(void **state)
{
    struct kwic_document *document;
    struct kwic_document_info info;
    struct kwic_text text;
    (void)state;
    scratch_make_index();
    assert_int_equal(chdir("sub"), 0);
    struct kwic_index *index = scratch_open("../.kwic");
    assert_int_equal(kwic_document_new(&document, index, KWIC_TEXT("b.md"), false, NULL), KWIC_OK);
    kwic_document_info(document, &info);
    assert_true(text_is(info.doc, "sub/b.md"));
    assert_true(text_is(info.path, "b.md"));
    assert_true(text_is(info.title, "Guards"));
    assert_true(text_is(info.language, "english"));
    assert_int_equal(info.line, 1);
    assert_int_equal(info.passages, 1);
    assert_int_equal(kwic_document_text(document, 0, info.passages, &text, NULL), KWIC_OK);
    assert_int_equal(text.size, info.bytes);
    assert_int_equal(kwic_document_text(document, 0, 0, &text, NULL), KWIC_OK);
    assert_int_equal(text.size, 0);
    assert_int_equal(kwic_document_text(document, 1, 1, &text, NULL), KWIC_E_NOT_FOUND);
    assert_int_equal(kwic_document_text(document, 0, UINT64_MAX, &text, NULL), KWIC_E_NOT_FOUND);
    kwic_document_free(document);
    kwic_index_free(index);
}

static void test_document_lookup(void **state)
{
    struct kwic_document *document;
    struct kwic_document_info info;
    struct kwic_error error;
    (void)state;
    scratch_make_index();
    assert_int_equal(chdir("sub"), 0);
    struct kwic_index *index = scratch_open("../.kwic");
    assert_int_equal(kwic_document_new(&document, index, KWIC_TEXT("a.txt"), false, NULL),
                     KWIC_OK); /* no such path, but an id */
    kwic_document_free(document);
    assert_int_equal(kwic_document_new(&document, index, KWIC_TEXT("b.md"), true, &error),
                     KWIC_E_NOT_FOUND);
    assert_null(document);
    assert_string_equal(error.message, "no document 'b.md' in the index");
    assert_int_equal(kwic_document_new(&document, index, KWIC_TEXT("r1"), true, NULL), KWIC_OK);
    kwic_document_info(document, &info);
    assert_true(info.record);
    assert_int_equal(info.words, 6); /* two of the title, four of the text */
    kwic_document_free(document);
    kwic_index_free(index);
}

/* All terms as "term:documents:occurrences " in a static string. */
static const char *list_terms(struct kwic_index *index, const char *field, const char *prefix,
                              bool stems)
{
    static char list[2048];
    struct kwic_terms *terms;
    struct kwic_term term;
    enum kwic_status status;
    list[0] = '\0';
    assert_int_equal(
        kwic_terms_new(&terms, index, KWIC_TEXT(field), KWIC_TEXT(prefix), stems, NULL), KWIC_OK);
    while ((status = kwic_terms_next(terms, &term, NULL)) == KWIC_OK) {
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%.*s:%u:%u ", (int)term.term.size,
                 term.term.data, (unsigned)term.documents, (unsigned)term.occurrences);
    }
    assert_int_equal(status, KWIC_END);
    kwic_terms_free(terms);
    return list;
}

static void test_terms(void **state)
{
    (void)state;
    scratch_make_index();
    struct kwic_index *index = scratch_open(".kwic");
    assert_string_equal(list_terms(index, "", "gua", false), "guard:1:1 guards:2:3 ");
    assert_string_equal(list_terms(index, "", "gua", true), "guard:2:4 ");
    assert_string_equal(list_terms(index, "author", "", false), "ann:1:1 lee:1:1 ");
    assert_string_equal(list_terms(index, "title", "", false), "guards:1:1 night:1:1 train:1:1 ");
    assert_string_equal(list_terms(index, "none", "", false), "");
    assert_string_equal(list_terms(index, "", "zz", false), "");
    kwic_index_free(index);
}

static void test_terms_merge_segments_and_indexes(void **state)
{
    const char *where[] = {".kwic", "two"};
    struct kwic_index *index;
    (void)state;
    scratch_make_index();
    scratch_write("c.txt", "guards guards gull");
    scratch_run(".", NULL); /* a second segment */
    scratch_make_second("two", NULL);
    scratch_delete("a.txt");
    assert_int_equal(kwic_index_new(&index, where, 2, NULL), KWIC_OK);
    assert_string_equal(list_terms(index, "", "gu", false), "guard:1:1 guards:3:5 gull:1:1 ");
    kwic_index_free(index);
}

static void test_stats(void **state)
{
    struct kwic_stats stats;
    uint64_t sum = 0;
    (void)state;
    scratch_make_index();
    struct kwic_index *index = scratch_open(".kwic");
    assert_int_equal(kwic_index_stats(index, &stats, NULL), KWIC_OK);
    assert_int_equal(stats.documents, 4);
    assert_int_equal(stats.deleted, 0);
    assert_int_equal(stats.segments, 1);
    assert_int_equal(stats.commit, 1);
    assert_int_equal(stats.passages, 4);
    assert_string_equal(stats.language, "english");
    assert_int_equal(stats.analysis, 2);
    assert_false(stats.keep_accents);
    assert_int_equal(stats.cut_terms, 0);
    for (size_t i = 0; i < stats.section_count; i++) {
        sum += stats.sections[i].bytes;
        assert_true(i == 0 || stats.sections[i - 1].bytes >= stats.sections[i].bytes);
    }
    assert_int_equal(sum, stats.index_bytes);
    kwic_index_free(index);
}

/* ---- Analysis ----------------------------------------------------------------------------- */

static void test_analysis(void **state)
{
    struct kwic_analysis *analysis;
    struct kwic_token token;
    (void)state;
    assert_int_equal(kwic_analysis_new(&analysis, "english", false,
                                       KWIC_TEXT("Caf\xc3\xa9\xff\xe2\x82 Guards\xff"), NULL),
                     KWIC_OK);
    assert_int_equal(kwic_analysis_next(analysis, &token), KWIC_OK);
    assert_true(text_is(token.surface, "Caf\xc3\xa9"));
    assert_true(text_is(token.term, "cafe"));
    assert_int_equal(token.position, 0);
    assert_int_equal(kwic_analysis_next(analysis, &token), KWIC_OK);
    assert_true(text_is(token.term, "guards"));
    assert_true(text_is(token.stem, "guard"));
    assert_int_equal(token.position, 1);
    assert_int_equal(token.start, 9);
    assert_int_equal(token.end, 15);
    assert_int_equal(token.passage, 0);
    assert_int_equal(kwic_analysis_next(analysis, &token), KWIC_END);
    kwic_analysis_free(analysis);
}

static void test_analysis_of_many_passages(void **state)
{
    struct kwic_analysis *analysis;
    struct kwic_token token;
    static char text[3 * 1024 * 1024];
    uint64_t count = 0;
    uint64_t passage = 0;
    (void)state;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = "one two. "[i % 9];
    struct kwic_text view = {text, sizeof text / 9 * 9};
    assert_int_equal(kwic_analysis_new(&analysis, "none", false, view, NULL), KWIC_OK);
    while (kwic_analysis_next(analysis, &token) == KWIC_OK) {
        assert_int_equal(token.position, count);
        assert_int_equal(token.start, count / 2 * 9 + count % 2 * 4);
        assert_true(token.passage == passage || token.passage == passage + 1);
        assert_int_equal(token.stem.size, 0);
        passage = token.passage;
        count++;
    }
    assert_int_equal(count, sizeof text / 9 * 2);
    assert_true(passage >= count / 200 - 1);
    kwic_analysis_free(analysis);
}

static void test_analysis_of_no_language(void **state)
{
    struct kwic_analysis *analysis;
    (void)state;
    assert_int_equal(kwic_analysis_new(&analysis, "klingon", false, KWIC_TEXT("a"), NULL),
                     KWIC_E_USAGE);
    assert_null(analysis);
    assert_int_equal(kwic_analysis_new(&analysis, "a-language-with-a-very-long-name", false,
                                       KWIC_TEXT("a"), NULL),
                     KWIC_E_USAGE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_set_up, scratch_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_document),
        TEST(test_document_lookup),
        TEST(test_terms),
        TEST(test_terms_merge_segments_and_indexes),
        TEST(test_stats),
        TEST(test_analysis),
        TEST(test_analysis_of_many_passages),
        TEST(test_analysis_of_no_language),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
