/* Counting: random queries, flat ones and nested ones, over segments of which it is known which
 * document holds what, are counted as a look at every document counts them. */
#include "query/parser.h"
#include "rank/search.h"
#include "rank/statistics.h"
#include "tests/unit/index_scratch.h"
#include "tests/unit/rank_segment.h"

enum {
    DOCUMENTS = 70000, /* more than two windows of counting */
    WORDS = 14,
    DEPTH = 3,
};

struct fixture {
    struct rank_scratch scratch;
    struct kw_segment *segment;
    uint64_t seed;
    uint32_t count;   /* documents */
    char query[4000]; /* the one at hand */
    bool deleted[DOCUMENTS];
    bool holds[DOCUMENTS][WORDS];
};

static uint32_t below(struct fixture *fixture, uint32_t limit)
{
    return scratch_below(&fixture->seed, limit);
}

/* Word `word` stands in one of so many documents, here and there in many more. */
static bool draw(struct fixture *fixture, uint32_t word, uint32_t document)
{
    static const uint32_t rarity[WORDS] = {1, 2, 2, 3, 4, 6, 8, 11, 16, 30, 70, 300, 3000, 0};
    uint32_t one_in = rarity[word];
    if (one_in && word % 3 == 2 && document / 3000 % 2)
        one_in *= 40;
    return one_in && below(fixture, one_in) == 0;
}

static void draw_segment(struct fixture *fixture, uint32_t count, bool deletes)
{
    static struct rank_document documents[DOCUMENTS];
    static char texts[DOCUMENTS][WORDS * 4 + 4], ids[DOCUMENTS][12];
    static uint32_t deleted[DOCUMENTS];
    uint32_t deleted_count = 0;
    fixture->count = count;
    for (uint32_t i = 0; i < count; i++) {
        strcpy(texts[i], "zz");
        snprintf(ids[i], sizeof ids[i], "d%06u", i);
        for (uint32_t word = 0; word < WORDS; word++) {
            fixture->holds[i][word] = draw(fixture, word, i);
            if (fixture->holds[i][word])
                sprintf(texts[i] + strlen(texts[i]), " w%c", 'a' + (int)word);
        }
        documents[i] = (struct rank_document){ids[i], "", NULL, texts[i], 0};
        fixture->deleted[i] = deletes && below(fixture, i / 5000 % 2 ? 3 : 50) == 0;
        if (fixture->deleted[i])
            deleted[deleted_count++] = i;
    }
    fixture->segment = rank_segment(&fixture->scratch, documents, count);
    if (deleted_count)
        rank_delete(&fixture->scratch, fixture->segment, deleted, deleted_count);
}

/* ---- Queries -------------------------------------------------------------------------------- */

enum occur { SHOULD, MUST, NEVER };

/* A word, or a group of nodes. */
struct node {
    enum occur occur;
    uint32_t word;
    struct node *nodes[8];
    uint32_t count;
};

static void draw_node(struct fixture *fixture, struct node *pool, uint32_t *used, struct node *node,
                      uint32_t depth)
{
    uint32_t signs = below(fixture, 4); /* of these the node's children have none, or all kinds */
    node->count = 1 + below(fixture, depth == DEPTH ? 7 : 3);
    strcat(fixture->query, "(");
    for (uint32_t i = 0; i < node->count; i++) {
        struct node *child = node->nodes[i] = &pool[(*used)++];
        *child = (struct node){.word = below(fixture, WORDS)};
        if (signs == 1)
            child->occur = MUST;
        else if (signs > 1)
            child->occur = (enum occur)below(fixture, signs);
        strcat(fixture->query, child->occur == MUST ? " +" : child->occur == NEVER ? " -" : " ");
        if (depth > 1 && below(fixture, 6) == 0)
            draw_node(fixture, pool, used, child, depth - 1);
        else
            sprintf(fixture->query + strlen(fixture->query), "=w%c", 'a' + (int)child->word);
    }
    strcat(fixture->query, ")");
}

static bool matches(const struct fixture *fixture, const struct node *node, uint32_t document)
{
    bool any = false, must = false, should = false;
    if (!node->count)
        return fixture->holds[document][node->word];
    for (uint32_t i = 0; i < node->count; i++) {
        const struct node *child = node->nodes[i];
        bool here = matches(fixture, child, document);
        if (here ? child->occur == NEVER : child->occur == MUST)
            return false;
        must = must || child->occur == MUST;
        should = should || child->occur == SHOULD;
        any = any || (here && child->occur == SHOULD);
    }
    return must || any || !should;
}

static int by_document(void *context, const struct kw_hit *a, const struct kw_hit *b)
{
    (void)context;
    return (a->document > b->document) - (a->document < b->document);
}

static uint64_t count(struct fixture *fixture)
{
    struct kw_parameters parameters = {1.2, 0.75, 1};
    struct kw_parse_options options = {false, false};
    struct kw_ast ast = KW_AST_INIT;
    struct kw_plan plan = KW_PLAN_INIT;
    struct kw_statistics statistics;
    struct kw_top top;
    uint64_t matched = 0;
    assert_int_equal(kw_parse(&ast, kw_view_of(fixture->query), NULL, 0, &options, NULL, NULL),
                     KW_OK);
    assert_int_equal(kw_plan_init(&plan, &ast, fixture->scratch.analyzer, NULL, NULL), KW_OK);
    assert_int_equal(kw_statistics_init(&statistics, &plan, &parameters, NULL), KW_OK);
    assert_int_equal(kw_rank_statistics(fixture->segment, &plan, &statistics, NULL), KW_OK);
    assert_int_equal(kw_top_init(&top, below(fixture, 2) * 10, false, by_document, NULL, NULL),
                     KW_OK);
    assert_int_equal(
        kw_rank_segment(fixture->segment, 0, &plan, &statistics, &top, &matched, NULL, NULL),
        KW_OK);
    kw_top_release(&top);
    kw_statistics_release(&statistics);
    kw_plan_release(&plan);
    kw_ast_release(&ast);
    return matched;
}

static void try_query(struct fixture *fixture)
{
    struct node pool[8 * 8 * 8 * 8], root = {.occur = MUST};
    uint32_t used = 0;
    uint64_t expected = 0;
    fixture->query[0] = 0;
    draw_node(fixture, pool, &used, &root, DEPTH - below(fixture, 2));
    for (uint32_t i = 0; i < fixture->count; i++)
        expected += !fixture->deleted[i] && matches(fixture, &root, i);
    uint64_t counted = count(fixture);
    if (counted != expected)
        fail_msg("%s: %lu, not %lu", fixture->query, (unsigned long)counted,
                 (unsigned long)expected);
}

static void counts_are_those_of_every_document(void **state)
{
    static const uint32_t sizes[] = {1, 100, 130, 3000, 33000, DOCUMENTS};
    const char *asked = getenv("KW_TEST_ROUNDS");
    uint32_t rounds = asked ? (uint32_t)strtoul(asked, NULL, 10) : 6;
    struct fixture *fixture = *state;
    for (uint32_t round = 0; round < rounds; round++) {
        fixture->seed = 1 + round;
        draw_segment(fixture, sizes[round % 6], round % 2);
        for (uint32_t i = 0; i < 200; i++)
            try_query(fixture);
        kw_segment_free(fixture->segment);
    }
}

static int setup(void **state)
{
    static struct fixture fixture;
    rank_scratch_init(&fixture.scratch);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    rank_scratch_release(&fixture->scratch);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(counts_are_those_of_every_document, setup, teardown),
    };
    return cmocka_run_group_tests_name("count", tests, NULL, NULL);
}
