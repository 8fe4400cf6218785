/* libxapian_c: callbacks, what they answer, and how they stop a call. */
#include "tests/unit/xapian_scratch.h"

struct fixture {
    struct xc_database *database;
    struct xc_enquire *enquire;
    struct xc_query *query;
    struct xc_mset *mset;
};

/* Five documents, and a query for all of them, in the order of docids. */
static void fixture_init(struct fixture *fixture)
{
    scratch_five("five");
    fixture->database = scratch_reader("five");
    fixture->enquire = xc_enquire_new();
    fixture->query = xc_query_new();
    fixture->mset = xc_mset_new();
    OK(xc_enquire_start(fixture->enquire, fixture->database));
    OK(xc_query_set_all(fixture->query));
    OK(xc_enquire_set_query(fixture->enquire, fixture->query, 0));
}

static void fixture_release(struct fixture *fixture)
{
    xc_mset_free(fixture->mset);
    xc_query_free(fixture->query);
    xc_enquire_free(fixture->enquire);
    xc_database_free(fixture->database);
}

/* What a callback saw, and at which call it stops; 0: never. */
struct log {
    char text[400];
    int calls;
    int stop_at;
};

static int logged(struct log *log, struct xc_text what)
{
    size_t size = strlen(log->text);
    snprintf(log->text + size, sizeof log->text - size, "%.*s;", (int)what.size, what.data);
    return ++log->calls == log->stop_at ? -1 : 1;
}

static int accept_without_fig(void *data, struct xc_document *document)
{
    struct xc_terms *terms = xc_terms_new();
    struct xc_text term;
    int answer = 1;
    OK(xc_document_terms(document, terms));
    if (xc_terms_skip_to(terms, text("fig"), &term) == XC_OK && term.size == 3)
        answer = 0;
    xc_terms_free(terms);
    OK(xc_document_data(document, &term));
    return logged(data, term) < 0 ? -1 : answer;
}

static void a_decider_chooses_and_stops(void **state)
{
    struct fixture fixture;
    struct log log = {.stop_at = 0};
    const struct xc_decider decider = {accept_without_fig, &log};
    (void)state;
    fixture_init(&fixture);
    OK(xc_enquire_search(fixture.enquire, 0, 10, 0, NULL, &decider, fixture.mset));
    assert_int_equal(xc_mset_size(fixture.mset), 4);
    assert_int_equal(log.calls, 5);
    assert_non_null(strstr(log.text, "apple apple banana grape;"));
    log = (struct log){.stop_at = 3};
    GIVES(xc_enquire_search(fixture.enquire, 0, 10, 0, NULL, &decider, fixture.mset),
          XC_E_CALLBACK);
    assert_int_equal(log.calls, 3);
    assert_string_equal(xc_enquire_error(fixture.enquire)->message, "a callback asked to stop");
    /* The page is what it was, and the enquire goes on. */
    assert_int_equal(xc_mset_size(fixture.mset), 4);
    OK(xc_enquire_search(fixture.enquire, 0, 10, 0, NULL, NULL, fixture.mset));
    assert_int_equal(xc_mset_size(fixture.mset), 5);
    fixture_release(&fixture);
}

static int see(void *data, struct xc_document *document, double weight)
{
    struct xc_text value;
    assert_true(weight == 0);
    OK(xc_document_value(document, 0, &value));
    return logged(data, value);
}

static void a_spy_sees_and_stops(void **state)
{
    struct fixture fixture;
    struct log log = {.stop_at = 0};
    struct xc_spy *spy = xc_spy_new();
    struct xc_terms *terms = xc_terms_new();
    (void)state;
    fixture_init(&fixture);
    OK(xc_spy_set_call(spy, see, &log));
    OK(xc_enquire_add_spy(fixture.enquire, spy));
    OK(xc_enquire_search(fixture.enquire, 0, 1, 10, NULL, NULL, fixture.mset));
    assert_string_equal(log.text, "apple;banana;cherry;damson;apple;");
    assert_int_equal(xc_spy_total(spy), 0);
    GIVES(xc_spy_top(spy, 3, terms), XC_E_INVALID_OPERATION);
    log = (struct log){.stop_at = 2};
    GIVES(xc_enquire_search(fixture.enquire, 0, 1, 10, NULL, NULL, fixture.mset), XC_E_CALLBACK);
    assert_string_equal(log.text, "apple;banana;");
    xc_terms_free(terms);
    xc_spy_free(spy);
    fixture_release(&fixture);
}

/* Keys are the last letters of the data. */
static int last_letter(void *data, struct xc_document *document, struct xc_text *key)
{
    static char letter;
    struct xc_text found;
    OK(xc_document_data(document, &found));
    letter = found.data[found.size - 1];
    *key = (struct xc_text){&letter, 1};
    return logged(data, *key);
}

static void keys_are_made_by_a_call(void **state)
{
    struct fixture fixture;
    struct log log = {.stop_at = 0};
    struct xc_keys *keys = xc_keys_new();
    (void)state;
    fixture_init(&fixture);
    OK(xc_keys_set_call(keys, last_letter, &log));
    OK(xc_enquire_sort_by_keys(fixture.enquire, keys, false));
    /* They end in y, n, e, g, e. */
    assert_string_equal(scratch_found(fixture.enquire, fixture.query), "3 5 4 2 1");
    log = (struct log){.stop_at = 1};
    GIVES(xc_enquire_search(fixture.enquire, 0, 1, 10, NULL, NULL, fixture.mset), XC_E_CALLBACK);
    OK(xc_keys_add_value(keys, 0, false, text("")));
    OK(xc_enquire_sort_by_keys(fixture.enquire, keys, false));
    assert_string_equal(scratch_found(fixture.enquire, fixture.query), "1 5 2 3 4");
    xc_keys_free(keys);
    fixture_release(&fixture);
}

static int accept_term(void *data, struct xc_text term)
{
    return logged(data, term) < 0 ? -1 : term.data[0] == 'd';
}

static void a_decider_of_expansions_chooses_and_stops(void **state)
{
    struct fixture fixture;
    struct log log = {.stop_at = 0};
    struct xc_rset *rset = xc_rset_new();
    struct xc_eset *eset = xc_eset_new();
    struct xc_text term;
    double weight;
    (void)state;
    fixture_init(&fixture);
    OK(xc_rset_add(rset, 3));
    OK(xc_enquire_expand(fixture.enquire, 10, rset, 0, accept_term, &log, 0, eset));
    assert_int_equal(xc_eset_size(eset), 1);
    OK(xc_eset_item(eset, 0, &term, &weight));
    assert_text(term, "damson");
    log = (struct log){.stop_at = 2};
    GIVES(xc_enquire_expand(fixture.enquire, 10, rset, 0, accept_term, &log, 0, eset),
          XC_E_CALLBACK);
    assert_int_equal(xc_eset_size(eset), 1);
    xc_eset_free(eset);
    xc_rset_free(rset);
    fixture_release(&fixture);
}

/* ---- Sources ------------------------------------------------------------------------------ */

/* Gives the even docids of each shard, each with its docid as weight. */
struct source {
    int runs;         /* that were started and not stopped */
    int starts;       /* altogether */
    int fail_at_seek; /* the number of the seek that asks to stop; 0: none */
    int seeks;
    bool goes_back;
    bool wrong_bounds;
};

struct run {
    struct source *source;
    uint32_t last;
};

static int start(void *data, struct xc_database *shard, struct xc_source_bounds *bounds, void **run)
{
    struct source *source = data;
    struct xc_statistics statistics;
    struct run *started = malloc(sizeof *started);
    assert_non_null(started);
    OK(xc_database_statistics(shard, &statistics));
    *started = (struct run){source, statistics.last_docid};
    *bounds = (struct xc_source_bounds){0, statistics.documents / 2, statistics.documents,
                                        statistics.last_docid};
    if (source->wrong_bounds)
        bounds->documents_min = 1000;
    source->runs++;
    source->starts++;
    *run = started;
    return 0;
}

static int seek(void *data, uint32_t docid, double weight_min, uint32_t *found, double *weight)
{
    struct run *run = data;
    (void)weight_min;
    if (++run->source->seeks == run->source->fail_at_seek)
        return -1;
    docid += docid % 2;
    if (run->source->goes_back && docid > 2)
        docid = 1;
    *found = docid <= run->last ? docid : 0;
    *weight = docid;
    return 0;
}

static void stop(void *data)
{
    struct run *run = data;
    run->source->runs--;
    free(run);
}

static void a_source_gives_documents_of_each_shard(void **state)
{
    struct fixture fixture;
    struct source source = {.runs = 0};
    const struct xc_source_calls calls = {&source, start, seek, stop};
    struct xc_query *word = xc_query_new();
    struct xc_text bytes;
    struct xc_item item;
    (void)state;
    fixture_init(&fixture);
    OK(xc_query_set_source(fixture.query, &calls));
    assert_string_equal(scratch_found(fixture.enquire, fixture.query), "4 2");
    assert_int_equal(source.runs, 0);
    /* Under an AND it is made to skip. */
    OK(xc_query_set_term(word, text("elder"), 1, 0));
    OK(xc_query_set_scaled(word, word, 0));
    const struct xc_query *parts[] = {fixture.query, word};
    OK(xc_query_set_parts(word, XC_OP_AND, parts, 2, 0));
    assert_string_equal(scratch_found(fixture.enquire, word), "4");
    OK(xc_enquire_search(fixture.enquire, 0, 1, 0, NULL, NULL, fixture.mset));
    OK(xc_mset_items(fixture.mset, 0, 1, &item));
    assert_true(item.weight == 4);
    /* Two shards of five: 2 and 4 of each are 3, 7 and 4, 8. */
    OK(xc_database_add(fixture.database, fixture.database));
    OK(xc_enquire_start(fixture.enquire, fixture.database));
    source.starts = 0;
    assert_string_equal(scratch_found(fixture.enquire, fixture.query), "7 8 3 4");
    assert_int_equal(source.starts, 2);
    assert_int_equal(source.runs, 0);
    GIVES(xc_query_serialise(fixture.query, &bytes), XC_E_UNIMPLEMENTED);
    xc_query_free(word);
    fixture_release(&fixture);
}

static void a_source_that_fails_is_stopped(void **state)
{
    struct fixture fixture;
    struct source source = {.fail_at_seek = 2};
    struct xc_source_calls calls = {&source, start, seek, stop};
    (void)state;
    fixture_init(&fixture);
    OK(xc_query_set_source(fixture.query, &calls));
    OK(xc_enquire_set_query(fixture.enquire, fixture.query, 0));
    GIVES(xc_enquire_search(fixture.enquire, 0, 9, 0, NULL, NULL, fixture.mset), XC_E_CALLBACK);
    assert_int_equal(source.runs, 0);
    source = (struct source){.goes_back = true};
    GIVES(xc_enquire_search(fixture.enquire, 0, 9, 0, NULL, NULL, fixture.mset),
          XC_E_INVALID_ARGUMENT);
    assert_string_equal(xc_enquire_error(fixture.enquire)->message, "a source went back");
    source = (struct source){.wrong_bounds = true};
    GIVES(xc_enquire_search(fixture.enquire, 0, 9, 0, NULL, NULL, fixture.mset),
          XC_E_INVALID_ARGUMENT);
    assert_int_equal(source.runs, 0);
    fixture_release(&fixture);
}

/* ---- Compaction --------------------------------------------------------------------------- */

static int progress(void *data, struct xc_text table, struct xc_text status)
{
    (void)status;
    return logged(data, table);
}

static int resolve(void *data, struct xc_text key, const struct xc_text *values, size_t count,
                   struct xc_text *value)
{
    assert_text(key, "key");
    assert_int_equal(count, 2);
    assert_text(*value, "of a");
    *value = values[1];
    return logged(data, key);
}

static void compaction_reports_and_asks(void **state)
{
    struct xc_database *all = xc_database_new();
    struct log log = {.stop_at = 0}, asked = {.stop_at = 0};
    struct xc_compact_calls calls = {&log, progress, NULL};
    struct xc_text found;
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct xc_database *shard = scratch_writer(i ? "b" : "a");
        scratch_add(shard, "word");
        OK(xc_database_set_metadata(shard, text("key"), text(i ? "of b" : "of a")));
        OK(xc_database_commit(shard));
        xc_database_free(shard);
        shard = scratch_reader(i ? "b" : "a");
        OK(xc_database_add(all, shard));
        xc_database_free(shard);
    }
    OK(xc_database_compact(all, "first", XC_COMPACT_STANDARD, 0, &calls));
    assert_non_null(strstr(log.text, "postlist;"));
    calls = (struct xc_compact_calls){&asked, NULL, resolve};
    OK(xc_database_compact(all, "second", XC_COMPACT_FULLER, 0, &calls));
    assert_string_equal(asked.text, "key;");
    log = (struct log){.stop_at = 1};
    calls = (struct xc_compact_calls){&log, progress, resolve};
    GIVES(xc_database_compact(all, "third", XC_COMPACT_FULL, 0, &calls), XC_E_CALLBACK);
    OK(xc_database_open(all, "first", 0));
    OK(xc_database_metadata(all, text("key"), &found));
    assert_text(found, "of a");
    OK(xc_database_open(all, "second", 0));
    OK(xc_database_metadata(all, text("key"), &found));
    assert_text(found, "of b");
    xc_database_free(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(a_decider_chooses_and_stops),
        IN_SCRATCH(a_spy_sees_and_stops),
        IN_SCRATCH(keys_are_made_by_a_call),
        IN_SCRATCH(a_decider_of_expansions_chooses_and_stops),
        IN_SCRATCH(a_source_gives_documents_of_each_shard),
        IN_SCRATCH(a_source_that_fails_is_stopped),
        IN_SCRATCH(compaction_reports_and_asks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
