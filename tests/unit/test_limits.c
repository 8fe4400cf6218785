/* Scores and orders of random documents, in two segments with deletions, for random queries: those
 * of a search that keeps few documents, and may pass over the others, against those of one that
 * keeps all; and against the sum of a document's parts, to the last bit. */
#include "query/parser.h"
#include "rank/search.h"
#include "rank/statistics.h"
#include "tests/unit/random_text.h"
#include "tests/unit/rank_segment.h"

static const struct kw_parameters parameters = {1, 0.75, 4};

enum { DOCUMENTS = 60, SEGMENTS = 2, ROUNDS = 400 };

struct fixture {
    struct rank_scratch scratch;
    char ids[SEGMENTS][DOCUMENTS][8];
    struct kw_segment *segments[SEGMENTS];
    struct kw_plan plan;
    struct kw_statistics statistics;
};

static const char *const words[] = {"guard",  "guards", "border", "the", "of", "東京",
                                    "東京都", "zebra",  "a1",     "b1",  "京", "sleep"};

/* Words with few far more often than others. */
static void draw_text(char *text, size_t size, uint64_t *seed, size_t least, size_t most)
{
    size_t used = 0, count = least + random_below(seed, most - least + 1);
    text[0] = 0;
    for (size_t i = 0; i < count && used < size; i++) {
        size_t below = 1 + random_below(seed, sizeof words / sizeof *words);
        used += (size_t)snprintf(text + used, size - used, "%s%s", i ? " " : "",
                                 words[random_below(seed, below)]);
    }
}

static void fill_segment(struct fixture *fixture, uint32_t number, uint64_t *seed)
{
    static char texts[DOCUMENTS][400], titles[DOCUMENTS][60];
    struct rank_document documents[DOCUMENTS];
    const uint32_t deleted[] = {3, 4, 20 + number, 50};
    for (uint32_t i = 0; i < DOCUMENTS; i++) {
        draw_text(texts[i], sizeof texts[i], seed, 0, 30);
        draw_text(titles[i], sizeof titles[i], seed, 0, 3);
        snprintf(fixture->ids[number][i], sizeof fixture->ids[number][i], "%zu-%02u",
                 random_below(seed, 10), i + DOCUMENTS * number);
        documents[i] =
            (struct rank_document){fixture->ids[number][i], titles[i], NULL, texts[i], 0};
    }
    fixture->segments[number] = rank_segment(&fixture->scratch, documents, DOCUMENTS);
    rank_delete(&fixture->scratch, fixture->segments[number], deleted,
                sizeof deleted / sizeof *deleted);
}

static int setup(void **state)
{
    static struct fixture fixture;
    uint64_t seed = 7;
    fixture = (struct fixture){.plan = KW_PLAN_INIT};
    rank_scratch_init(&fixture.scratch);
    for (uint32_t i = 0; i < SEGMENTS; i++)
        fill_segment(&fixture, i, &seed);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    for (uint32_t i = 0; i < SEGMENTS; i++)
        kw_segment_free(fixture->segments[i]);
    rank_scratch_release(&fixture->scratch);
    return 0;
}

/* Words, some of them required, excluded, boosted, exact, in phrases, NEARs or groups. */
static void draw_query(char *query, size_t size, uint64_t *seed)
{
    static const char *const forms[] = {"%s",          "%s",         "%s",       "%s",
                                        "+%s",         "-%s",        "%s^2.5",   "=%s",
                                        "\"%s a1\"",   "(%s OR b1)", "title:%s", "%s NEAR/3 guard",
                                        "(%s +zebra)", "%s %s"};
    size_t used = 0, count = 1 + random_below(seed, 5);
    for (size_t i = 0; i < count; i++) {
        const char *form = forms[random_below(seed, sizeof forms / sizeof *forms)];
        const char *word = words[random_below(seed, sizeof words / sizeof *words)];
        for (; *form && used + 20 < size; form++) {
            if (*form != '%') {
                query[used++] = *form;
                continue;
            }
            used += (size_t)snprintf(query + used, size - used, "%s", word);
            form++;
        }
        query[used++] = ' ';
    }
    query[used] = 0;
}

static void plan(struct fixture *fixture, const char *query, uint64_t *seed)
{
    static const double weights[] = {0, 0.075, 0.25, 0.75, 3};
    const struct kw_plan_options options = {
        .weigh_stop_words = random_below(seed, 2),
        .additions = {weights[random_below(seed, 5)], weights[random_below(seed, 5)],
                      weights[random_below(seed, 5)]},
    };
    const struct kw_query_field fields[] = {{kw_view_of("title"), KW_FIELD_WORDS}};
    struct kw_ast ast = KW_AST_INIT;
    assert_int_equal(kw_parse(&ast, kw_view_of(query), fields, 1, NULL, NULL, NULL), KW_OK);
    assert_int_equal(kw_plan_init(&fixture->plan, &ast, fixture->scratch.analyzer, &options, NULL),
                     KW_OK);
    kw_ast_release(&ast);
    assert_int_equal(kw_statistics_init(&fixture->statistics, &fixture->plan, &parameters, NULL),
                     KW_OK);
    for (uint32_t i = 0; i < SEGMENTS; i++)
        assert_int_equal(
            kw_rank_statistics(fixture->segments[i], &fixture->plan, &fixture->statistics, NULL),
            KW_OK);
}

static int by_id(void *context, const struct kw_hit *a, const struct kw_hit *b)
{
    const struct fixture *fixture = context;
    return strcmp(fixture->ids[a->document >> 32][(uint32_t)a->document],
                  fixture->ids[b->document >> 32][(uint32_t)b->document]);
}

/* The best documents; the number of those that match. */
static uint64_t search(struct fixture *fixture, size_t limit, bool ids, struct kw_top *top)
{
    uint64_t matches = 0;
    assert_int_equal(kw_top_init(top, limit, ids, by_id, fixture, NULL), KW_OK);
    for (uint32_t i = 0; i < SEGMENTS; i++)
        assert_int_equal(kw_rank_segment(fixture->segments[i], i, &fixture->plan,
                                         &fixture->statistics, top, &matches, NULL, NULL),
                         KW_OK);
    kw_top_sort(top);
    return matches;
}

/* Asserts that the score is the sum of the document's parts, in their order. */
static void assert_sum(struct fixture *fixture, const struct kw_hit *hit)
{
    struct kw_part parts[100] = {{0, 0}};
    uint32_t count = fixture->plan.leaf_count + fixture->plan.addition_count;
    bool matched;
    double sum = 0;
    assert_true(count <= sizeof parts / sizeof *parts);
    assert_int_equal(kw_rank_document(fixture->segments[hit->document >> 32],
                                      (uint32_t)hit->document, &fixture->plan, &fixture->statistics,
                                      &matched, parts, NULL),
                     KW_OK);
    assert_true(matched);
    for (uint32_t i = 0; i < count; i++) {
        assert_true((parts[i].frequency > 0) == (parts[i].score > 0));
        sum += parts[i].score;
    }
    assert_true(sum == hit->score);
}

/* Asserts that `all`, cut off at `limit`, is found where no more than that is kept. */
static void assert_limit(struct fixture *fixture, const char *query, size_t limit, bool ids,
                         const struct kw_top *all, uint64_t matches)
{
    struct kw_top some;
    assert_int_equal(search(fixture, limit, ids, &some), matches);
    assert_int_equal(some.count, all->count < limit ? all->count : limit);
    for (size_t i = 0; i < some.count; i++)
        if (some.hits[i].document != all->hits[i].document ||
            some.hits[i].score != all->hits[i].score)
            fail_msg("'%s', hit %zu of %zu", query, i, limit);
    kw_top_release(&some);
}

static void limits_change_no_result(void **state)
{
    struct fixture *fixture = *state;
    uint64_t seed = 11, added = 0;
    for (int round = 0; round < ROUNDS; round++) {
        char query[300];
        bool ids = random_below(&seed, 8) == 0;
        struct kw_top all;
        draw_query(query, sizeof query, &seed);
        plan(fixture, query, &seed);
        uint64_t matches = search(fixture, SIZE_MAX, ids, &all);
        assert_int_equal(matches, all.count);
        for (size_t i = 0; i < all.count; i++)
            assert_sum(fixture, &all.hits[i]);
        for (size_t limit = 0; limit <= all.count + 1; limit += 1 + limit / 2)
            assert_limit(fixture, query, limit, ids, &all, matches);
        added += fixture->plan.addition_count;
        kw_top_release(&all);
        kw_statistics_release(&fixture->statistics);
        kw_plan_release(&fixture->plan);
    }
    assert_true(added > ROUNDS); /* the queries are such that there is something to pass over */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(limits_change_no_result, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
