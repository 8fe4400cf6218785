/* What a search of a Xapian database costs by Xapian's own matcher, as far as it can, and by our
 * ranker alone, in turns:
 *
 *   xapian_ways_cost PLACE QUERIES ROUNDS
 *
 * QUERIES has a query a line, behind its kind and a tab. Of all rounds the fastest counts, for each
 * query by itself. tools/bench/xapian_ways makes the input and runs it. */
#include "engine/expand.h"
#include "query/parser.h"
#include "xapian/search.h"
#include "xapian/xapian_engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { LINE = 1000, KINDS = 20, LIMIT = 10, EXPANSIONS = 10000, WAYS = 3 };

struct kind {
    char name[40];
    unsigned queries;
    double seconds[2][WAYS]; /* by the ranking, BM25 alone or with additions, and the way */
};

struct bench {
    struct kw_engine *engine;
    struct kw_analyzer *analyzer;
    struct kw_plan plan;
    struct kw_statistics statistics;
    unsigned rounds;
    struct kind kinds[KINDS];
};

static void check(enum kw_status status, const struct kw_error *error, const char *what)
{
    if (status == KW_OK)
        return;
    fprintf(stderr, "xapian_ways_cost: %s: %s\n", what, error->message);
    exit(1);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void plan_query(struct bench *bench, const char *query, bool additions)
{
    const struct kw_parameters parameters = {1, 0.75, 4};
    const struct kw_query_field title = {kw_view_of("title"), KW_FIELD_WORDS};
    struct kw_plan_options planning = {.weigh_stop_words = true};
    struct kw_ast ast = KW_AST_INIT;
    struct kw_error error = KW_ERROR_INIT;
    if (additions)
        planning.additions = (struct kw_addition_weights){0.25, 0.075, 0.75};
    check(kw_parse(&ast, kw_view_of(query), &title, 1, NULL, NULL, &error), &error, query);
    check(kw_plan_init(&bench->plan, &ast, bench->analyzer, &planning, &error), &error, query);
    kw_ast_release(&ast);
    check(kw_expand_plan(&bench->plan, &bench->engine, 1, EXPANSIONS, &error), &error, query);
    check(kw_statistics_init(&bench->statistics, &bench->plan, &parameters, &error), &error, query);
    check(bench->engine->ops->statistics(bench->engine, &bench->plan, &bench->statistics, &error),
          &error, query);
}

static int order(void *context, const struct kw_hit *a, const struct kw_hit *b)
{
    struct kw_engine *engine = context;
    return engine->ops->order(engine, a->document, b->document);
}

/* Searches once; how long it took. */
static double search(const struct bench *bench, enum kw_way way, struct kw_top *top)
{
    uint64_t matches = 0;
    struct kw_error error = KW_ERROR_INIT;
    const struct kw_search_job job = {.xapian = kw_xapian_of(bench->engine),
                                      .plan = &bench->plan,
                                      .statistics = &bench->statistics,
                                      .top = top,
                                      .matches = &matches,
                                      .way = way};
    check(kw_top_init(top, LIMIT, false, order, bench->engine, &error), &error, "results");
    bench->statistics.work->done = 0;
    double start = now();
    check(kw_xapian_search(&job, &error), &error, "search");
    double seconds = now() - start;
    kw_top_sort(top);
    return seconds;
}

static bool are_equal(const struct kw_top *a, const struct kw_top *b)
{
    bool equal = a->count == b->count;
    for (size_t i = 0; i < a->count && equal; i++)
        equal = a->hits[i].document == b->hits[i].document && a->hits[i].score == b->hits[i].score;
    return equal;
}

static void measure(struct bench *bench, struct kind *kind, const char *query, int additions)
{
    double best[WAYS] = {0};
    bench->plan = (struct kw_plan)KW_PLAN_INIT;
    plan_query(bench, query, additions);
    for (unsigned round = 0; bench->plan.root && round < bench->rounds; round++) {
        struct kw_top tops[WAYS];
        for (int way = 0; way < WAYS; way++) {
            double seconds = search(bench, (enum kw_way)way, &tops[way]);
            if (!round || seconds < best[way])
                best[way] = seconds;
        }
        for (int way = 1; way < WAYS; way++)
            if (!are_equal(&tops[0], &tops[way]))
                printf("different: %s\n", query);
        for (int way = 0; way < WAYS; way++)
            kw_top_release(&tops[way]);
    }
    for (int way = 0; way < WAYS; way++)
        kind->seconds[additions][way] += best[way];
    kw_statistics_release(&bench->statistics);
    kw_plan_release(&bench->plan);
}

static struct kind *find_kind(struct bench *bench, const char *name)
{
    struct kind *kind = bench->kinds;
    while (kind->queries && strcmp(kind->name, name) != 0)
        kind++;
    snprintf(kind->name, sizeof kind->name, "%.39s", name);
    return kind;
}

static void print(const struct bench *bench)
{
    static const char *const rankings[] = {"BM25 alone", "default"};
    printf("%-24s %-10s %9s %9s %9s   ms a query\n", "kind", "ranking", "ranker", "own", "quick");
    for (const struct kind *kind = bench->kinds; kind->queries; kind++)
        for (int i = 0; i < 2; i++)
            printf("%-24s %-10s %9.2f %9.2f %9.2f\n", kind->name, rankings[i],
                   1000 * kind->seconds[i][KW_WAY_ALL] / kind->queries,
                   1000 * kind->seconds[i][KW_WAY_OWN] / kind->queries,
                   1000 * kind->seconds[i][KW_WAY_QUICK] / kind->queries);
}

int main(int argc, char **argv)
{
    static struct bench bench;
    static const struct kw_reader_options reading = KW_READER_OPTIONS_INIT;
    struct kw_analysis settings = {KW_ANALYSIS_VERSION, "english", false, KW_RULES_OWN};
    struct kw_error error = KW_ERROR_INIT;
    char line[LINE];
    FILE *queries = argc == 4 ? fopen(argv[2], "r") : NULL;
    if (!queries) {
        fprintf(stderr, "usage: xapian_ways_cost PLACE QUERIES ROUNDS\n");
        return 2;
    }
    bench.rounds = (unsigned)atoi(argv[3]);
    check(kw_analyzer_new(&bench.analyzer, &settings, &error), &error, "language");
    check(kw_xapian_engine_new(&bench.engine, argv[1], &reading, &error), &error, argv[1]);
    while (fgets(line, sizeof line, queries)) {
        char *query = strchr(line, '\t');
        line[strcspn(line, "\n")] = 0;
        if (!query)
            continue;
        *query++ = 0;
        struct kind *kind = find_kind(&bench, line);
        for (int additions = 0; additions < 2; additions++)
            measure(&bench, kind, query, additions);
        kind->queries++;
    }
    print(&bench);
    fclose(queries);
    bench.engine->ops->free(bench.engine);
    kw_analyzer_free(bench.analyzer);
    return 0;
}
