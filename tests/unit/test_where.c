/* Which engine opens an index, and what comes through a module: with tests/unit/engine_module, all
 * that kwic.h gives must be what it gives of the same folder without one. The environment variable
 * KWIC_BUILD names the folder that the modules were built in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/library_scratch.h"

#include <dlfcn.h>
#include <inttypes.h>

/* Makes the module of this name that which is found; NULL: none is. */
static void put_module(const char *name)
{
    char path[4096];
    const char *build = getenv("KWIC_BUILD");
    unlink("helpers/kwic-xapian.so");
    if (!name)
        return;
    snprintf(path, sizeof path, "%s/tests/unit/.libs/%s.so", build ? build : ".", name);
    if (access(path, R_OK) != 0)
        skip(); /* built without shared objects, or not by make check */
    assert_int_equal(symlink(path, "helpers/kwic-xapian.so"), 0);
}

static int set_up(void **state)
{
    int status = scratch_set_up(state);
    char *helpers = status ? NULL : realpath(".", NULL);
    char path[4096];
    if (!helpers)
        return -1;
    snprintf(path, sizeof path, "%s/helpers", helpers);
    free(helpers);
    setenv("KWIC_HELPERS", path, 1);
    return mkdir("helpers", 0777);
}

/* ---- Modules that are of no use ----------------------------------------------------------- */

/* Tries all that opens an index: each must fail with this status, a message that begins and goes on
 * so, and a hint, or none. */
static void fails(const char *where, enum kwic_status status, const char *part, const char *hint)
{
    struct kwic_error error = {0};
    struct kwic_index *index;
    struct kwic_writer *writer;
    char begin[200];
    snprintf(begin, sizeof begin, "cannot open '%s': ", where);
    assert_int_equal(kwic_index_new(&index, &where, 1, &error), status);
    assert_null(index);
    assert_memory_equal(error.message, begin, strlen(begin));
    assert_non_null(strstr(error.message, part));
    assert_string_equal(error.hint, hint);
    assert_int_equal(kwic_writer_new(&writer, where, NULL, &error), status);
    assert_null(writer);
    assert_non_null(strstr(error.message, part));
    assert_int_equal(kwic_writer_new_existing(&writer, where, NULL, &error), status);
    assert_int_equal(kwic_check(where, NULL, NULL, &error), status);
    assert_non_null(strstr(error.message, part));
}

static void there_is_no_module(void **state)
{
    (void)state;
    fails("xapian:db", KWIC_E_USAGE, "this kwic has no module for Xapian databases",
          "build kwic where libxapian is installed (Debian: libxapian-dev)");
    fails("xapian://host:7777", KWIC_E_USAGE, "this kwic has no module for Xapian databases",
          "build kwic where libxapian is installed (Debian: libxapian-dev)");
    setenv("KWIC_HELPERS", "/dev/null", 1);
    fails("xapian:db", KWIC_E_USAGE, "this kwic has no module for Xapian databases",
          "build kwic where libxapian is installed (Debian: libxapian-dev)");
}

static void the_module_cannot_be_loaded(void **state)
{
    (void)state;
    scratch_write("helpers/kwic-xapian.so", "This is no shared object.\n");
    fails("xapian:db", KWIC_E_IO, "/helpers/kwic-xapian.so: ", "");
}

static void the_module_is_none(void **state)
{
    (void)state;
    put_module("engine_module_other");
    fails("xapian:db", KWIC_E_USAGE, "/helpers/kwic-xapian.so' is no module of kwic", "");
}

static void the_module_belongs_to_another_kwic(void **state)
{
    (void)state;
    put_module("engine_module_old");
    fails("xapian:db", KWIC_E_VERSION, "/helpers/kwic-xapian.so' belongs to another kwic",
          "install kwic and its module from the same build");
}

static void a_folder_may_be_named_so(void **state)
{
    (void)state;
    scratch_write("a.txt", "apple");
    scratch_make_second("./xapian:db", NULL);
    struct kwic_index *index = scratch_open("./xapian:db");
    assert_string_equal(scratch_find_in(index, "apple"), "a.txt ");
    kwic_index_free(index);
}

/* ---- What comes through a module ---------------------------------------------------------- */

static void write_text(FILE *out, struct kwic_text text)
{
    fprintf(out, " [%.*s]", (int)text.size, text.data);
}

static void write_results(FILE *out, struct kwic_results *results)
{
    struct kwic_result result;
    struct kwic_missing missing;
    struct kwic_clause clause;
    size_t count;
    const struct kwic_facet *facets = kwic_results_facets(results, &count);
    fprintf(out, "%" PRIu64 " match\n", kwic_results_matches(results));
    while (kwic_results_next(results, &result, NULL) == KWIC_OK) {
        fprintf(out, "%" PRIu64 " %.17g %" PRIu64, (uint64_t)result.rank, result.score,
                result.line);
        write_text(out, result.path);
        write_text(out, result.doc);
        write_text(out, result.title);
        write_text(out, result.text);
        for (size_t i = 0; i < result.highlight_count; i++)
            fprintf(out, " %zu-%zu", (size_t)result.highlights[i].start,
                    (size_t)result.highlights[i].end);
        for (size_t i = 0; i < result.field_count; i++)
            write_text(out, result.fields[i].value);
        fputc('\n', out);
    }
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < facets[i].count; k++) {
            write_text(out, facets[i].values[k].value);
            fprintf(out, " %" PRIu64 "\n", facets[i].values[k].documents);
        }
    for (size_t i = 0; kwic_results_clause(results, i, &clause, NULL) == KWIC_OK; i++)
        fprintf(out, "clause %" PRIu64 "\n", clause.documents);
    while (kwic_results_next_missing(results, &missing, NULL) == KWIC_OK) {
        write_text(out, missing.word);
        for (size_t i = 0; i < missing.spelling_count; i++)
            write_text(out, missing.spellings[i].term);
        fputc('\n', out);
    }
    kwic_results_free(results);
}

static void write_terms(FILE *out, struct kwic_index *index, const char *field, bool stems)
{
    struct kwic_terms *terms;
    struct kwic_term term;
    assert_int_equal(kwic_terms_new(&terms, index, KWIC_TEXT(field), KWIC_TEXT(""), stems, NULL),
                     KWIC_OK);
    while (kwic_terms_next(terms, &term, NULL) == KWIC_OK) {
        write_text(out, term.term);
        fprintf(out, " %s %" PRIu64 " %" PRIu64 "\n", term.language ? term.language : "",
                term.documents, term.occurrences);
    }
    kwic_terms_free(terms);
}

static void write_why(FILE *out, struct kwic_index *index, const char *name)
{
    struct kwic_why *why;
    struct kwic_why_info info;
    struct kwic_why_clause clause;
    assert_int_equal(kwic_why_new(&why, index, KWIC_TEXT(name), false,
                                  KWIC_TEXT("guard \"border slept\""), NULL, NULL),
                     KWIC_OK);
    kwic_why_info(why, &info);
    fprintf(out, "%s: %d %d rank %" PRIu64 " score %.17g\n", name, info.absence, info.file,
            info.rank, info.score);
    for (size_t i = 0; kwic_why_clause(why, i, &clause) == KWIC_OK; i++)
        fprintf(out, "%d %u\n", clause.outcome, clause.distance);
    kwic_why_free(why);
}

static void write_stats(FILE *out, struct kwic_index *index)
{
    struct kwic_stats stats;
    const struct kwic_field_info *fields;
    size_t count;
    assert_int_equal(kwic_index_stats(index, &stats, NULL), KWIC_OK);
    fprintf(out, "%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %s %u\n",
            stats.documents, stats.deleted, stats.words, stats.terms, stats.stems,
            stats.index_bytes, stats.language, stats.format);
    for (size_t i = 0; i < stats.section_count; i++)
        fprintf(out, "%s %" PRIu64 "\n", stats.sections[i].name, stats.sections[i].bytes);
    assert_int_equal(kwic_index_fields(index, &fields, &count, NULL), KWIC_OK);
    for (size_t i = 0; i < count; i++) {
        write_text(out, fields[i].name);
        fprintf(out, " %d %d\n", fields[i].type, fields[i].asked);
    }
}

/* All that kwic.h tells of the indexes, as a text that the caller frees. */
static char *tell(const char *const *where, size_t count)
{
    static const char *const queries[] = {
        "guard",    "\"border guards\"", "field NEAR border", "bord*", "gaurd~1",    "year:>1990",
        "train -a", "author:lee",        "NOT guards",        "gurad", "title:night"};
    static const char *const counted[] = {"ext", "year", NULL};
    static const char *const names[] = {"a.txt", "r2", "helpers", "nowhere.txt"};
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    struct kwic_error error = {0};
    struct kwic_index *index;
    struct kwic_results *results;
    size_t size;
    char *text;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    options.facets = counted;
    if (kwic_index_new(&index, where, count, &error) != KWIC_OK)
        fail_msg("%s", error.message);
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        fprintf(out, "%s: ", queries[i]);
        if (kwic_search(&results, index, KWIC_TEXT(queries[i]), &options, &error) != KWIC_OK)
            fail_msg("%s", error.message);
        write_results(out, results);
    }
    options.by_id = true;
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("*"), &options, NULL), KWIC_OK);
    write_results(out, results);
    assert_int_equal(kwic_similar(&results, index, KWIC_TEXT("a.txt"), false, NULL, NULL), KWIC_OK);
    write_results(out, results);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        write_why(out, index, names[i]);
    write_terms(out, index, "", false);
    write_terms(out, index, "", true);
    write_terms(out, index, "title", false);
    write_stats(out, index);
    kwic_index_free(index);
    assert_int_equal(fclose(out), 0);
    return text;
}

/* An index with a deleted document and records, in two segments. */
static void make_index(void)
{
    scratch_make_index();
    scratch_write("c.txt", "The guards of the fields.\n");
    scratch_write("d.txt", "Les gardes de la nuit.\n");
    scratch_run(".", NULL);
    scratch_delete("c.txt");
}

static void a_module_is_loaded_when_it_is_named(void **state)
{
    (void)state;
    make_index();
    put_module("engine_module");
    kwic_index_free(scratch_open(".kwic"));
    assert_null(dlopen("helpers/kwic-xapian.so", RTLD_NOW | RTLD_NOLOAD));
    kwic_index_free(scratch_open("xapian:.kwic"));
    void *object = dlopen("helpers/kwic-xapian.so", RTLD_NOW | RTLD_NOLOAD);
    assert_non_null(object); /* for good: it stays when the index is closed */
    dlclose(object);
}

static void reading_through_a_module_gives_the_same(void **state)
{
    const char *plain = ".kwic";
    const char *module = "xapian:.kwic";
    (void)state;
    make_index();
    put_module("engine_module");
    char *wanted = tell(&plain, 1);
    char *found = tell(&module, 1);
    assert_string_equal(found, wanted);
    assert_non_null(strstr(wanted, "2 match"));
    free(found);
    free(wanted);
}

static void engines_of_both_kinds_are_ranked_as_one(void **state)
{
    const char *plain[] = {".kwic", "second"};
    const char *one[] = {".kwic", "xapian:second"};
    const char *other[] = {"xapian:.kwic", "second"};
    (void)state;
    make_index();
    scratch_make_second("second", "auto");
    put_module("engine_module");
    char *wanted = tell(plain, 2);
    char *found = tell(one, 2);
    assert_string_equal(found, wanted);
    free(found);
    found = tell(other, 2);
    assert_string_equal(found, wanted);
    free(found);
    free(wanted);
}

static void writing_through_a_module_gives_the_same(void **state)
{
    struct kwic_index_options options = {.no_sync = true};
    struct kwic_writer *writer;
    struct kwic_summary summary;
    const char *plain = ".kwic";
    const char *second = "second";
    (void)state;
    make_index();
    put_module("engine_module");
    assert_int_equal(kwic_writer_new(&writer, "xapian:second", &options, NULL), KWIC_OK);
    assert_int_equal(kwic_writer_add_path(writer, ".", NULL), KWIC_OK);
    assert_int_equal(kwic_writer_commit(writer, NULL), KWIC_OK);
    kwic_writer_summary(writer, &summary);
    assert_int_equal(summary.added, 6);
    kwic_writer_free(writer);
    assert_int_equal(kwic_writer_new_existing(&writer, "xapian:second", &options, NULL), KWIC_OK);
    assert_int_equal(kwic_writer_refresh(writer, NULL), KWIC_OK);
    assert_int_equal(kwic_writer_delete(writer, KWIC_TEXT("c.txt"), false, NULL), KWIC_OK);
    assert_int_equal(kwic_writer_commit(writer, NULL), KWIC_OK);
    kwic_writer_summary(writer, &summary);
    assert_int_equal(summary.added, 0);
    assert_int_equal(summary.removed, 1);
    kwic_writer_free(writer);
    struct kwic_index *one = scratch_open(plain);
    struct kwic_index *other = scratch_open(second);
    assert_string_equal(scratch_find_in(one, "guards"), scratch_find_in(other, "guards"));
    kwic_index_free(one);
    kwic_index_free(other);
}

static void count_problem(void *context, const char *problem)
{
    assert_non_null(strstr(problem, "segment-"));
    ++*(size_t *)context;
}

static void checking_through_a_module(void **state)
{
    struct stat info;
    size_t problems = 0;
    (void)state;
    make_index();
    put_module("engine_module");
    assert_int_equal(kwic_check("xapian:.kwic", count_problem, &problems, NULL), KWIC_OK);
    assert_int_equal(kwic_check("xapian:nowhere", NULL, NULL, NULL), KWIC_E_NO_INDEX);
    assert_int_equal(stat(".kwic/segment-1", &info), 0);
    assert_int_equal(truncate(".kwic/segment-1", info.st_size - 1), 0);
    assert_int_equal(kwic_check("xapian:.kwic", count_problem, &problems, NULL), KWIC_E_DAMAGED);
    assert_true(problems > 0);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, scratch_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(there_is_no_module),
        TEST(the_module_cannot_be_loaded),
        TEST(the_module_is_none),
        TEST(the_module_belongs_to_another_kwic),
        TEST(a_folder_may_be_named_so),
        TEST(a_module_is_loaded_when_it_is_named),
        TEST(reading_through_a_module_gives_the_same),
        TEST(engines_of_both_kinds_are_ranked_as_one),
        TEST(writing_through_a_module_gives_the_same),
        TEST(checking_through_a_module),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
