/* Xapian's matcher and our ranker answer alike: random queries of random documents in a database,
 * in two of them joined, and in one that is not all that is searched, by either way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/expand.h"
#include "query/parity.h"
#include "query/parser.h"
#include "tests/unit/library_scratch.h"
#include "tests/unit/random_text.h"
#include "tests/unit/xapian_servers.h"
#include "xapian/candidates.h"
#include "xapian/search_own.h"
#include "xapian/xapian_engine.h"

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_set_up, scratch_tear_down)

enum { DOCUMENTS = 700, ROUNDS = 300, SERVED = 40, TEXT = 900 };

static const char *const words[] = {"guard",  "guards",  "border", "the",    "of", "東京",
                                    "東京都", "zebra",   "river",  "bridge", "京", "sleep",
                                    "walks",  "walking", "stone",  "house"};

/* A word, those first in the list far more often than others. */
static const char *draw(uint64_t *seed)
{
    return words[random_below(seed, 1 + random_below(seed, sizeof words / sizeof *words))];
}

static void draw_text(char *text, size_t size, uint64_t *seed, size_t least, size_t most)
{
    size_t used = 0, count = least + random_below(seed, most - least + 1);
    text[0] = 0;
    for (size_t i = 0; i < count && used + 30 < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i ? " " : "", draw(seed));
}

/* Every third document is like another one but for its id: ties. */
static void write_documents(const char *name, uint64_t *seed, unsigned count)
{
    static char text[TEXT], title[60];
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    for (unsigned i = 0; i < count; i++) {
        if (i % 3) {
            draw_text(text, sizeof text, seed, 0, 60);
            draw_text(title, sizeof title, seed, 0, 3);
        }
        fprintf(file, "{\"id\":\"%zu-%s%u\",\"title\":\"%s\",\"text\":\"%s\",\"tag\":\"t%zu\"}\n",
                random_below(seed, 10), name, i, title, text, random_below(seed, 3));
    }
    assert_int_equal(fclose(file), 0);
}

static void index_file(const char *where, const char *name)
{
    static const struct kwic_index_options plain = {.no_sync = true};
    struct kwic_writer *writer;
    assert_int_equal(kwic_writer_new(&writer, where, &plain, NULL), KWIC_OK);
    assert_int_equal(kwic_writer_add_path(writer, name, NULL), KWIC_OK);
    assert_int_equal(kwic_writer_commit(writer, NULL), KWIC_OK);
    kwic_writer_free(writer);
}

static struct kw_engine *open_engine(const char *where)
{
    static const struct kw_reader_options reading = KW_READER_OPTIONS_INIT;
    struct kw_engine *engine;
    struct kw_error error = KW_ERROR_INIT;
    if (kw_xapian_engine_new(&engine, where, &reading, &error) != KW_OK)
        fail_msg("%s", error.message);
    return engine;
}

/* ---- Queries ------------------------------------------------------------------------------ */

/* A word, pattern, phrase, filter or group, perhaps one that must, or must not, match. */
static void draw_part(char *query, size_t size, uint64_t *seed, int depth)
{
    static const char *const signs[] = {"", "", "", "", "+", "+", "-"};
    static const char *const forms[] = {"%s",     "%s",       "%s",     "%s",       "=%s",
                                        "%s^0.5", "title:%s", "\"%s\"", "%s river", "tag:t1"};
    size_t used = strlen(query);
    used += (size_t)snprintf(query + used, size - used, "%s%s", used ? " " : "",
                             signs[random_below(seed, sizeof signs / sizeof *signs)]);
    if (depth && random_below(seed, 6) == 0) {
        snprintf(query + used, size - used, "(");
        for (size_t i = 1 + random_below(seed, 3); i > 0; i--)
            draw_part(query, size, seed, depth - 1);
        used = strlen(query);
        snprintf(query + used, size - used, ")");
        return;
    }
    switch (random_below(seed, sizeof forms / sizeof *forms + 1)) {
    case sizeof forms / sizeof *forms:
        snprintf(query + used, size - used, "%s", random_below(seed, 2) ? "gua*" : "zebr*");
        return;
    default:
        snprintf(query + used, size - used, forms[random_below(seed, sizeof forms / sizeof *forms)],
                 draw(seed));
    }
}

static void draw_query(char *query, size_t size, uint64_t *seed)
{
    query[0] = 0;
    for (size_t i = 1 + random_below(seed, 4); i > 0; i--)
        draw_part(query, size, seed, 2);
}

/* A query with its plan, over an engine that is asked, and perhaps another one. */
struct asking {
    struct kw_engine *engines[2];
    size_t engine_count;
    struct kw_analyzer *analyzer;
    struct kw_plan plan;
    struct kw_statistics statistics;
};

static void plan_query(struct asking *asking, const char *query, bool parity,
                       const struct kw_plan_options *planning,
                       const struct kw_parameters *parameters)
{
    const struct kw_query_field fields[] = {{kw_view_of("tag"), KW_FIELD_KEYWORD},
                                            {kw_view_of("title"), KW_FIELD_WORDS}};
    struct kw_ast ast = KW_AST_INIT;
    struct kw_error error = KW_ERROR_INIT;
    assert_int_equal(kw_parse(&ast, kw_view_of(query), fields, 2, NULL, NULL, NULL), KW_OK);
    assert_int_equal(kw_plan_init(&asking->plan, &ast, asking->analyzer, planning, NULL), KW_OK);
    kw_ast_release(&ast);
    if (parity)
        (void)kw_plan_parity(&asking->plan, &error);
    assert_int_equal(
        kw_expand_plan(&asking->plan, asking->engines, asking->engine_count, 100, NULL), KW_OK);
    assert_int_equal(kw_statistics_init(&asking->statistics, &asking->plan, parameters, NULL),
                     KW_OK);
    for (size_t i = 0; i < asking->engine_count; i++)
        assert_int_equal(asking->engines[i]->ops->statistics(asking->engines[i], &asking->plan,
                                                             &asking->statistics, NULL),
                         KW_OK);
    assert_int_equal(kw_statistics_settle(&asking->statistics, &asking->plan, NULL), KW_OK);
}

static int order(void *context, const struct kw_hit *a, const struct kw_hit *b)
{
    struct kw_engine *engine = context;
    return engine->ops->order(engine, a->document, b->document);
}

/* Searches one way; false if it is none for this plan. */
static bool search(const struct asking *asking, enum kw_way way, size_t limit, struct kw_top *top,
                   uint64_t *matches, const char *query)
{
    const struct kw_search_job job = {.xapian = kw_xapian_of(asking->engines[0]),
                                      .plan = &asking->plan,
                                      .statistics = &asking->statistics,
                                      .top = top,
                                      .matches = matches,
                                      .way = way};
    struct kw_error error = KW_ERROR_INIT;
    bool done = true;
    *matches = 0;
    assert_int_equal(kw_top_init(top, limit, false, order, asking->engines[0], NULL), KW_OK);
    if (!asking->plan.root)
        return false;
    enum kw_status status = way == KW_WAY_OWN ? kw_xapian_search_own(&job, &done, &error)
                                              : kw_xapian_search(&job, &error);
    if (status != KW_OK)
        fail_msg("%s: %s", query, error.message);
    if (!done) {
        assert_int_equal(top->count, 0);
        assert_int_equal(*matches, 0);
    }
    kw_top_sort(top);
    return done;
}

/* ---- Both ways ---------------------------------------------------------------------------- */

/* Asks both ways; whether Xapian's own was one. */
static bool compare(const struct asking *asking, size_t limit, const char *query)
{
    struct kw_top own, all;
    uint64_t own_matches, all_matches;
    bool done = search(asking, KW_WAY_OWN, limit, &own, &own_matches, query);
    search(asking, KW_WAY_ALL, limit, &all, &all_matches, query);
    if (done) {
        if (own_matches != all_matches || own.count != all.count)
            fail_msg("%s: %zu of %lu, not %zu of %lu", query, own.count, own_matches, all.count,
                     all_matches);
        for (size_t i = 0; i < own.count; i++)
            if (own.hits[i].document != all.hits[i].document ||
                own.hits[i].score != all.hits[i].score)
                fail_msg("%s: at %zu %lu by %.17g, not %lu by %.17g", query, i,
                         own.hits[i].document, own.hits[i].score, all.hits[i].document,
                         all.hits[i].score);
    }
    kw_top_release(&own);
    kw_top_release(&all);
    return done;
}

/* Asks random queries, of which Xapian's own matcher has to answer a third, and cannot all. */
static void compare_some(struct asking *asking, uint64_t seed, int rounds, bool parity)
{
    static const struct kw_parameters parameters[] = {{1, 0.75, 4}, {1.2, 0.75, 1}, {0, 0.5, 2},
                                                      {2, 0, 0},    {0.5, 1, 1},    {1000, 1, 1}};
    static const size_t limits[] = {0, 1, 10, 10, 40};
    struct kw_analysis settings = {KW_ANALYSIS_VERSION, "english", false, KW_RULES_OWN};
    int done = 0;
    char query[500];
    assert_int_equal(kw_analyzer_new(&asking->analyzer, &settings, NULL), KW_OK);
    for (int round = 0; round < rounds; round++) {
        const struct kw_parameters given = KW_PARITY_PARAMETERS;
        struct kw_plan_options planning = {.all = random_below(&seed, 4) == 0,
                                           .weigh_stop_words = random_below(&seed, 2)};
        if (!parity && random_below(&seed, 3))
            planning.additions = (struct kw_addition_weights){0.25, 0.075, 0.75};
        draw_query(query, sizeof query, &seed);
        asking->plan = (struct kw_plan)KW_PLAN_INIT;
        plan_query(asking, query, parity, &planning,
                   parity
                       ? &given
                       : &parameters[random_below(&seed, sizeof parameters / sizeof *parameters)]);
        done += (!parity || asking->plan.parity) &&
                compare(asking, limits[random_below(&seed, 5)], query);
        kw_statistics_release(&asking->statistics);
        kw_plan_release(&asking->plan);
    }
    kw_analyzer_free(asking->analyzer);
    assert_in_range(done, rounds / 3, rounds - 1);
}

static void one_database(void **state)
{
    struct asking asking = {.engine_count = 1};
    uint64_t seed = 11;
    (void)state;
    write_documents("a.jsonl", &seed, DOCUMENTS);
    index_file("xapian:a", "a.jsonl");
    asking.engines[0] = open_engine("xapian:a");
    compare_some(&asking, 21, ROUNDS, false);
    compare_some(&asking, 22, ROUNDS, true);
    asking.engines[0]->ops->free(asking.engines[0]);
}

static void two_databases_joined(void **state)
{
    struct asking asking = {.engine_count = 1};
    uint64_t seed = 12;
    (void)state;
    write_documents("a.jsonl", &seed, DOCUMENTS);
    write_documents("b.jsonl", &seed, DOCUMENTS / 4);
    index_file("xapian:a", "a.jsonl");
    index_file("xapian:b", "b.jsonl");
    scratch_write("joined", "auto a\nauto b\n");
    asking.engines[0] = open_engine("xapian:joined");
    compare_some(&asking, 31, ROUNDS, false);
    compare_some(&asking, 32, ROUNDS, true);
    asking.engines[0]->ops->free(asking.engines[0]);
}

static void two_servers(void **state)
{
    struct asking asking = {.engine_count = 1};
    const unsigned ports[] = {free_port(), free_port()};
    uint64_t seed = 14;
    char stub[100];
    (void)state;
    if (!installed("xapian-tcpsrv"))
        skip();
    write_documents("a.jsonl", &seed, DOCUMENTS);
    write_documents("b.jsonl", &seed, DOCUMENTS / 2);
    index_file("xapian:a", "a.jsonl");
    index_file("xapian:b", "b.jsonl");
    const pid_t servers[] = {serve("a", ports[0], "--quiet"), serve("b", ports[1], "--quiet")};
    snprintf(stub, sizeof stub, "remote 127.0.0.1:%u\nremote 127.0.0.1:%u\n", ports[0], ports[1]);
    scratch_write("servers", stub);
    asking.engines[0] = open_engine("xapian:servers");
    compare_some(&asking, 51, SERVED, false);
    compare_some(&asking, 52, SERVED, true);
    asking.engines[0]->ops->free(asking.engines[0]);
    end_server(servers[0]);
    end_server(servers[1]);
}

/* The statistics are those of both. */
static void a_part_of_what_is_searched(void **state)
{
    struct asking asking = {.engine_count = 2};
    uint64_t seed = 13;
    (void)state;
    write_documents("a.jsonl", &seed, DOCUMENTS);
    write_documents("b.jsonl", &seed, 2 * DOCUMENTS);
    index_file("xapian:a", "a.jsonl");
    index_file("xapian:b", "b.jsonl");
    asking.engines[0] = open_engine("xapian:a");
    asking.engines[1] = open_engine("xapian:b");
    compare_some(&asking, 41, ROUNDS, false);
    asking.engines[0]->ops->free(asking.engines[0]);
    asking.engines[1]->ops->free(asking.engines[1]);
}

/* How many terms Xapian is asked for what can match. */
static uint32_t count_terms(struct asking *asking, const char *text)
{
    static const struct kw_parameters parameters = {1, 0.75, 4};
    const struct kw_plan_options planning = {.language = NULL};
    struct xc_query *query = xc_query_new();
    asking->plan = (struct kw_plan)KW_PLAN_INIT;
    plan_query(asking, text, false, &planning, &parameters);
    assert_int_equal(
        kw_xapian_superset(kw_xapian_of(asking->engines[0]), &asking->plan, query, NULL), KW_OK);
    uint32_t count = xc_query_length(query);
    xc_query_free(query);
    kw_statistics_release(&asking->statistics);
    kw_plan_release(&asking->plan);
    return count;
}

static void a_pattern_that_is_repeated_is_asked_for_once(void **state)
{
    struct kw_analysis settings = {KW_ANALYSIS_VERSION, "english", false, KW_RULES_OWN};
    struct asking asking = {.engine_count = 1};
    uint64_t seed = 15;
    (void)state;
    write_documents("a.jsonl", &seed, DOCUMENTS);
    index_file("xapian:a", "a.jsonl");
    asking.engines[0] = open_engine("xapian:a");
    assert_int_equal(kw_analyzer_new(&asking.analyzer, &settings, NULL), KW_OK);
    assert_int_equal(count_terms(&asking, "guar*"), 2);
    assert_int_equal(count_terms(&asking, "guar* river guar* guar*"), 3);
    assert_int_equal(count_terms(&asking, "+guar* guar*"), 2);
    assert_int_equal(count_terms(&asking, "+guar* -guar*"), 4);
    kw_analyzer_free(asking.analyzer);
    asking.engines[0]->ops->free(asking.engines[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(one_database),
        IN_SCRATCH(two_databases_joined),
        IN_SCRATCH(two_servers),
        IN_SCRATCH(a_part_of_what_is_searched),
        IN_SCRATCH(a_pattern_that_is_repeated_is_asked_for_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
