/* Readers of Xapian databases that a writer overtakes: an answer is of one state of the database,
 * all of it, and nobody hears of the change unless there is no end to it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/handle.h"
#include "tests/unit/library_scratch.h"
#include "xapian/settings.h"
#include "xapian/xapian_c.h"

#define WHERE "xapian:database"

enum { FEWEST = 180, MORE = 10 }; /* documents in state 0, and how many more in the next */

/* ---- The writer --------------------------------------------------------------------------- */

static unsigned state_now;

/* Writes state `number` in place of what there was and commits: so many documents, of which each
 * says in title, text and values which state it is of. */
static void write_state(unsigned number)
{
    struct kwic_index_options options = {.no_sync = true};
    struct kwic_error error = {0};
    struct kwic_writer *writer;
    FILE *file = fopen("docs.jsonl", "w");
    assert_non_null(file);
    for (unsigned i = 0; i < FEWEST + MORE * number; i++)
        fprintf(file,
                "{\"id\":\"d%03u\",\"title\":\"State %u\",\"text\":\"common%s words of state%u, "
                "number%u%s\",\"number\":%u,\"only%u\":\"blue\"}\n",
                i, number, i % 7 ? "" : " common rare", number, number, i % 3 ? "" : " and common",
                number, number);
    assert_int_equal(fclose(file), 0);
    if (kwic_writer_new(&writer, WHERE, &options, &error) != KWIC_OK ||
        kwic_writer_add_path(writer, "docs.jsonl", &error) != KWIC_OK ||
        kwic_writer_commit(writer, &error) != KWIC_OK)
        fail_msg("%s", error.message);
    kwic_writer_free(writer);
    state_now = number;
}

/* Two states more: what a reader has open is no longer there then. */
static void overtake(void)
{
    write_state(state_now + 1);
    write_state(state_now + 1);
}

/* ---- The reader --------------------------------------------------------------------------- */

/* An engine's ops with a writer before some of them. */
static struct {
    const struct kw_engine_ops *own;
    struct kw_engine_ops ops;
    int left;  /* how often the writer still comes */
    int calls; /* of what it comes before */
} intruder;

static void come(void)
{
    intruder.calls++;
    if (intruder.left-- > 0)
        overtake();
}

static enum kw_status search(struct kw_engine *engine, const struct kw_plan *plan,
                             const struct kw_statistics *statistics, struct kw_top *top,
                             uint64_t *matches, struct kw_facets *facets, struct kw_error *error)
{
    come();
    return intruder.own->search(engine, plan, statistics, top, matches, facets, error);
}

static enum kw_status hold(struct kw_engine *engine, const struct kw_plan *plan,
                           const uint64_t *documents, size_t count, bool passages,
                           struct kw_engine **out, struct kw_error *error)
{
    come();
    return intruder.own->hold(engine, plan, documents, count, passages, out, error);
}

static enum kw_status judge(struct kw_engine *engine, const struct kw_plan *plan,
                            const struct kw_statistics *statistics, uint64_t document,
                            bool *matched, struct kw_part *parts, struct kw_error *error)
{
    come();
    return intruder.own->judge(engine, plan, statistics, document, matched, parts, error);
}

static enum kw_status terms(struct kw_engine *engine, struct kw_term_stream **out,
                            struct kw_view field, struct kw_view begin, const char *language,
                            struct kw_error *error)
{
    come();
    return intruder.own->terms(engine, out, field, begin, language, error);
}

static enum kw_status figures(struct kw_engine *engine, struct kw_figures *found,
                              struct kw_error *error)
{
    come();
    return intruder.own->figures(engine, found, error);
}

/* Opens state 0. */
static struct kwic_index *open_first(void)
{
    write_state(0);
    return scratch_open(WHERE);
}

/* Lets the writer come `times` before the next calls of the ops that intruder.ops was given. */
static void let_in(struct kwic_index *index, int times)
{
    struct kw_engine *engine = index->members[0].engine;
    const struct kw_engine_ops given = intruder.ops;
    if (engine->ops != &intruder.ops)
        intruder.own = engine->ops;
    intruder.ops = *intruder.own;
    intruder.ops.search = given.search ? given.search : intruder.own->search;
    intruder.ops.hold = given.hold ? given.hold : intruder.own->hold;
    intruder.ops.judge = given.judge ? given.judge : intruder.own->judge;
    intruder.ops.terms = given.terms ? given.terms : intruder.own->terms;
    intruder.ops.figures = given.figures ? given.figures : intruder.own->figures;
    intruder.left = times;
    intruder.calls = 0;
    engine->ops = &intruder.ops;
}

static void intrude(struct kw_engine_ops ops, struct kwic_index *index, int times)
{
    intruder.ops = ops;
    let_in(index, times);
}

static struct kwic_results *find(struct kwic_index *index, const char *query, size_t limit)
{
    static const char *const counted[] = {"number", NULL};
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    struct kwic_error error = {0};
    struct kwic_results *results;
    options.limit = limit;
    options.facets = counted;
    if (kwic_search(&results, index, KWIC_TEXT(query), &options, &error) != KWIC_OK)
        fail_msg("%s", error.message);
    return results;
}

/* Reads a result, which is of state `number` altogether. */
static double read_one(struct kwic_results *results, unsigned number)
{
    struct kwic_error error = {0};
    struct kwic_result result;
    struct kwic_part part;
    char title[20], text[20], value[20];
    double sum = 0;
    if (kwic_results_next(results, &result, &error) != KWIC_OK)
        fail_msg("%s", error.message);
    snprintf(title, sizeof title, "State %u", number);
    snprintf(text, sizeof text, "of state%u, ", number);
    snprintf(value, sizeof value, "%u", number);
    assert_true(text_is(result.title, title));
    assert_non_null(memmem(result.text.data, result.text.size, text, strlen(text)));
    assert_true(result.highlight_count > 0);
    assert_true(result.field_count == 2 && text_is(result.fields[0].value, value));
    for (size_t i = 0; kwic_results_part(results, i, &part, &error) == KWIC_OK; i++)
        sum += part.score;
    assert_true(sum == result.score);
    return result.score;
}

/* Reads all results, which are those that whoever comes now finds in state `number`. */
static void read_all(struct kwic_results *results, const char *query, size_t limit, unsigned number)
{
    struct kwic_index *index = scratch_open(WHERE);
    struct kwic_results *fresh = find(index, query, limit);
    struct kwic_result result;
    size_t facets;
    const struct kwic_facet *facet = kwic_results_facets(results, &facets);
    char value[20];
    snprintf(value, sizeof value, "%u", number);
    assert_int_equal(facet->count, 1);
    assert_true(text_is(facet->values[0].value, value));
    assert_int_equal(facet->values[0].documents, kwic_results_matches(results));
    assert_int_equal(kwic_results_matches(results), kwic_results_matches(fresh));
    for (size_t i = 0; i < limit && i < kwic_results_matches(fresh); i++)
        assert_true(read_one(results, number) == read_one(fresh, number));
    assert_int_equal(kwic_results_next(results, &result, NULL), KWIC_END);
    kwic_results_free(fresh);
    kwic_index_free(index);
}

/* ------------------------------------------------------------------------------------------- */

static void a_search_begins_anew(void **state)
{
    static const char *const queries[] = {"common", "rare \"common words\" state*", "rare common",
                                          "state~2 -nothing", "number:>0 common"};
    static const struct kw_engine_ops at[] = {{.search = search}, {.hold = hold}};
    (void)state;
    struct kwic_index *index = open_first();
    for (size_t i = 0; i < 10; i++) {
        intrude(at[i % 2], index, 1);
        struct kwic_results *results = find(index, queries[i / 2], 20);
        assert_int_equal(intruder.calls, 2);
        read_all(results, queries[i / 2], 20, state_now);
        kwic_results_free(results);
    }
    kwic_index_free(index);
}

static void a_search_begins_anew_several_times(void **state)
{
    (void)state;
    struct kwic_index *index = open_first();
    intrude((struct kw_engine_ops){.search = search}, index, KW_ENGINE_TRIES);
    struct kwic_results *results = find(index, "rare", 50);
    assert_int_equal(intruder.calls, KW_ENGINE_TRIES + 1);
    read_all(results, "rare", 50, state_now);
    kwic_results_free(results);
    kwic_index_free(index);
}

/* What has no end is given up, and the handle is as good as before. */
static void endless_changes_are_told(void **state)
{
    struct kwic_error error = {0};
    struct kwic_results *results;
    (void)state;
    struct kwic_index *index = open_first();
    intrude((struct kw_engine_ops){.search = search}, index, 1000);
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("common"), NULL, &error), KWIC_E_IO);
    assert_null(results);
    assert_int_equal(error.status, KWIC_E_IO);
    assert_string_equal(error.message, "'" WHERE "' is changed faster than it can be read");
    assert_string_equal(error.hint, "try again when less is written to it");
    assert_int_equal(intruder.calls, KW_ENGINE_TRIES + 1);
    intruder.left = 0;
    results = find(index, "common", 10);
    read_all(results, "common", 10, state_now);
    kwic_results_free(results);
    kwic_index_free(index);
}

/* Fields that came meanwhile are asked as fields. */
static void new_fields_are_known(void **state)
{
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    const struct kwic_field_info *before, *now;
    size_t count, count_now;
    struct kwic_results *results;
    struct kwic_error error = {0};
    (void)state;
    struct kwic_index *index = open_first();
    assert_int_equal(kwic_index_fields(index, &before, &count, NULL), KWIC_OK);
    intrude((struct kw_engine_ops){.search = search}, index, 1);
    options.sort_field = KWIC_TEXT("number");
    assert_int_equal(
        kwic_search(&results, index, KWIC_TEXT("only2:blue number:2"), &options, &error), KWIC_OK);
    assert_int_equal(kwic_results_matches(results), FEWEST + 2 * MORE);
    kwic_results_free(results);
    assert_int_equal(kwic_index_fields(index, &now, &count_now, NULL), KWIC_OK);
    assert_true(count_now >= count);
    for (size_t i = 0; i < count; i++) /* the first ones are still there */
        assert_true(before[i].name.size > 0 && strlen(before[i].name.data) == before[i].name.size);
    kwic_index_free(index);
}

/* What was found stays as it was, and other searches of the same handle may go on. */
static void results_stay(void **state)
{
    struct kwic_result result;
    (void)state;
    struct kwic_index *index = open_first();
    struct kwic_results *old = find(index, "rare \"words of\"", 40);
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    struct kwic_results *listed;
    options.documents = true;
    options.limit = 25;
    assert_int_equal(kwic_search(&listed, index, KWIC_TEXT("common"), &options, NULL), KWIC_OK);
    for (int i = 0; i < 10; i++)
        read_one(old, 0);
    overtake();
    for (int i = 0; i < 10; i++)
        read_one(old, 0);
    struct kwic_results *new = find(index, "rare \"words of\"", 40);
    read_all(new, "rare \"words of\"", 40, state_now);
    for (int i = 0; i < 20; i++)
        read_one(old, 0);
    assert_int_equal(kwic_results_next(old, &result, NULL), KWIC_END);
    for (int i = 0; i < 25; i++) {
        struct kwic_part part;
        assert_int_equal(kwic_results_next(listed, &result, NULL), KWIC_OK);
        assert_true(text_is(result.title, "State 0"));
        assert_int_equal(kwic_results_part(listed, 0, &part, NULL), KWIC_OK);
    }
    kwic_results_free(listed);
    kwic_results_free(old);
    kwic_results_free(new);
    kwic_index_free(index);
}

static void a_document_is_of_one_state(void **state)
{
    struct kwic_document *document;
    struct kwic_document_info info;
    struct kwic_text text;
    (void)state;
    struct kwic_index *index = open_first();
    intrude((struct kw_engine_ops){.hold = hold}, index, 1);
    assert_int_equal(kwic_document_new(&document, index, KWIC_TEXT("d007"), true, NULL), KWIC_OK);
    assert_int_equal(intruder.calls, 2);
    overtake();
    kwic_document_info(document, &info);
    assert_true(text_is(info.title, "State 2"));
    assert_int_equal(info.field_count, 2);
    assert_true(text_is(info.fields[0].value, "2"));
    assert_int_equal(kwic_document_text(document, 0, 1, &text, NULL), KWIC_OK);
    assert_true(text_is(text, "common common rare words of state2, number2"));
    kwic_document_free(document);
    kwic_index_free(index);
}

static void terms_are_of_one_state(void **state)
{
    struct kwic_terms *stream;
    struct kwic_term term;
    struct kwic_stats stats;
    (void)state;
    struct kwic_index *index = open_first();
    intrude((struct kw_engine_ops){.terms = terms}, index, 1);
    assert_int_equal(kwic_terms_new(&stream, index, KWIC_TEXT(""), KWIC_TEXT("s"), false, NULL),
                     KWIC_OK);
    overtake();
    assert_int_equal(kwic_terms_next(stream, &term, NULL), KWIC_OK);
    assert_true(text_is(term.term, "state"));
    assert_int_equal(term.documents, FEWEST + 2 * MORE);
    assert_int_equal(kwic_terms_next(stream, &term, NULL), KWIC_OK);
    assert_true(text_is(term.term, "state2"));
    assert_int_equal(term.occurrences, FEWEST + 2 * MORE);
    assert_int_equal(kwic_terms_next(stream, &term, NULL), KWIC_END);
    kwic_terms_free(stream);
    intrude((struct kw_engine_ops){.figures = figures}, index, 1);
    assert_int_equal(kwic_index_stats(index, &stats, NULL), KWIC_OK);
    assert_int_equal(intruder.calls, 2);
    assert_int_equal(stats.documents, FEWEST + MORE * state_now);
    kwic_index_free(index);
}

static void why_is_of_one_state(void **state)
{
    struct kwic_why *why;
    struct kwic_why_info info;
    struct kwic_why_clause clause;
    (void)state;
    struct kwic_index *index = open_first();
    intrude((struct kw_engine_ops){.judge = judge}, index, 1);
    assert_int_equal(kwic_why_new(&why, index, KWIC_TEXT("d007"), true,
                                  KWIC_TEXT("rare common \"words state2\""), NULL, NULL),
                     KWIC_OK);
    overtake();
    kwic_why_info(why, &info);
    assert_true(text_is(info.doc, "d007"));
    assert_int_equal(info.matches, FEWEST + 2 * MORE);
    assert_int_equal(kwic_why_clause(why, 2, &clause), KWIC_OK);
    assert_int_equal(clause.outcome, KWIC_APART);
    assert_int_equal(clause.distance, 1);
    assert_int_equal(kwic_why_clause(why, 3, &clause), KWIC_END);
    kwic_why_free(why);
    kwic_index_free(index);
}

/* A clause by itself is looked for in the index as it is when that is asked. */
static void clauses_are_counted_as_things_are(void **state)
{
    struct kwic_clause clause;
    struct kwic_missing missing;
    (void)state;
    struct kwic_index *index = open_first();
    struct kwic_results *results = find(index, "common nuumber2", 5);
    overtake();
    assert_int_equal(kwic_results_clause(results, 0, &clause, NULL), KWIC_OK);
    assert_true(clause.documents == FEWEST || clause.documents == FEWEST + MORE * state_now);
    overtake();
    assert_int_equal(kwic_results_next_missing(results, &missing, NULL), KWIC_OK);
    assert_true(text_is(missing.word, "nuumber2"));
    assert_true(missing.spelling_count > 0);
    read_one(results, 0);
    kwic_results_free(results);
    kwic_index_free(index);
}

/* Our own index beside a database that changes: one answer all the same. */
static void an_index_of_our_own_is_searched_with_it(void **state)
{
    const char *const where[] = {".kwic", WHERE};
    struct kwic_results *results;
    struct kwic_index *index;
    struct kwic_error error = {0};
    (void)state;
    scratch_make_index();
    write_state(0);
    assert_int_equal(kwic_index_new(&index, where, 2, &error), KWIC_OK);
    overtake();
    assert_int_equal(
        kwic_search(&results, index, KWIC_TEXT("guards OR rare OR common"), NULL, &error), KWIC_OK);
    assert_int_equal(kwic_results_matches(results), FEWEST + 2 * MORE + 2);
    kwic_results_free(results);
    kwic_index_free(index);
}

/* A database that holds another language now is not the one that was opened. */
static void another_database_is_refused(void **state)
{
    const struct xc_text key = {KW_SETTINGS_KEY, sizeof KW_SETTINGS_KEY - 1};
    struct kwic_error error = {0};
    struct kwic_results *results;
    struct xc_text text;
    char changed[1000] = "";
    (void)state;
    struct kwic_index *index = open_first();
    overtake();
    struct xc_database *writer = xc_database_new();
    assert_int_equal(xc_database_open_writable(writer, "database", XC_OPEN, 0), XC_OK);
    assert_int_equal(xc_database_metadata(writer, key, &text), XC_OK);
    const char *place = memmem(text.data, text.size, "english", 7);
    assert_true(place && text.size < sizeof changed);
    memcpy(changed, text.data, text.size);
    memcpy(changed + (place - text.data), "italian", 7);
    text.data = changed;
    assert_int_equal(xc_database_set_metadata(writer, key, text), XC_OK);
    assert_int_equal(xc_database_commit(writer), XC_OK);
    xc_database_free(writer);
    assert_int_equal(kwic_search(&results, index, KWIC_TEXT("rare"), NULL, &error), KWIC_E_VERSION);
    assert_string_equal(error.message, "'" WHERE "' was made anew meanwhile, in another way");
    kwic_index_free(index);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, scratch_set_up, scratch_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_search_begins_anew),
        IN_FOLDER(a_search_begins_anew_several_times),
        IN_FOLDER(endless_changes_are_told),
        IN_FOLDER(new_fields_are_known),
        IN_FOLDER(results_stay),
        IN_FOLDER(a_document_is_of_one_state),
        IN_FOLDER(terms_are_of_one_state),
        IN_FOLDER(why_is_of_one_state),
        IN_FOLDER(clauses_are_counted_as_things_are),
        IN_FOLDER(an_index_of_our_own_is_searched_with_it),
        IN_FOLDER(another_database_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
