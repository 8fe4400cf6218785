/* The ranker over small segments: who matches, with what score, and where. */
#include "query/parser.h"
#include "rank/cursor.h"
#include "rank/matches.h"
#include "rank/search.h"
#include "rank/statistics.h"
#include "tests/unit/rank_segment.h"

#include <math.h>

static const struct kw_parameters parameters = {1.2, 0.75, 1};

/* Ids run against the documents' numbers where they tie. */
static const struct rank_document documents[] = {
    {"f", "", NULL, "border guards sleep", 0},
    {"e", "", NULL, "guards of the border guards", 0},
    {"d", "Border", "ann", "nothing here", 0},
    {"c", "", "ann border", "guarding sleep sleep", 0},
    {"b", "", NULL, "apples", 0},
    {"a", "", NULL, "apples", 0},
};
enum { COUNT = sizeof documents / sizeof *documents };

struct fixture {
    struct rank_scratch scratch;
    struct kw_segment *segment;
    struct kw_plan plan;
    struct kw_statistics statistics;
    struct kw_top top;
    uint64_t matches;
};

static int setup(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){.plan = KW_PLAN_INIT};
    rank_scratch_init(&fixture.scratch);
    fixture.segment = rank_segment(&fixture.scratch, documents, COUNT);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    kw_top_release(&fixture->top);
    kw_statistics_release(&fixture->statistics);
    kw_plan_release(&fixture->plan);
    kw_segment_free(fixture->segment);
    rank_scratch_release(&fixture->scratch);
    return 0;
}

static void plan(struct fixture *fixture, const char *query)
{
    struct kw_ast ast;
    struct kw_query_field fields[] = {{kw_view_of("title"), KW_FIELD_WORDS},
                                      {kw_view_of("author"), KW_FIELD_WORDS}};
    struct kw_plan_options options = {.language = "english"};
    kw_plan_release(&fixture->plan);
    assert_int_equal(kw_parse(&ast, kw_view_of(query), fields, 2, NULL, NULL, NULL), KW_OK);
    assert_int_equal(kw_plan_init(&fixture->plan, &ast, fixture->scratch.analyzer, &options, NULL),
                     KW_OK);
    kw_ast_release(&ast);
}

static int by_rank(void *context, const struct kw_hit *a, const struct kw_hit *b)
{
    uint32_t left = kw_segment_id_rank(context, (uint32_t)a->document);
    uint32_t right = kw_segment_id_rank(context, (uint32_t)b->document);
    return (left > right) - (left < right);
}

static void statistics(struct fixture *fixture, const char *query)
{
    plan(fixture, query);
    kw_statistics_release(&fixture->statistics);
    assert_int_equal(kw_statistics_init(&fixture->statistics, &fixture->plan, &parameters, NULL),
                     KW_OK);
    assert_int_equal(
        kw_rank_statistics(fixture->segment, &fixture->plan, &fixture->statistics, NULL), KW_OK);
}

static void search(struct fixture *fixture, const char *query, size_t limit)
{
    statistics(fixture, query);
    kw_top_release(&fixture->top);
    fixture->matches = 0;
    assert_int_equal(kw_top_init(&fixture->top, limit, false, by_rank, fixture->segment, NULL),
                     KW_OK);
    assert_int_equal(kw_rank_segment(fixture->segment, 7, &fixture->plan, &fixture->statistics,
                                     &fixture->top, &fixture->matches, NULL, NULL),
                     KW_OK);
    kw_top_sort(&fixture->top);
}

/* Asserts that `query` finds the documents with these ids (a letter each), best first. */
static void assert_finds(struct fixture *fixture, const char *query, const char *ids)
{
    char found[COUNT + 1] = "";
    search(fixture, query, 10);
    assert_int_equal(fixture->matches, fixture->top.count);
    for (size_t i = 0; i < fixture->top.count; i++) {
        assert_int_equal(fixture->top.hits[i].document >> 32, 7);
        found[i] = documents[(uint32_t)fixture->top.hits[i].document].id[0];
    }
    assert_string_equal(found, ids);
}

static void assert_score(const struct fixture *fixture, size_t place, double expected)
{
    double found = fixture->top.hits[place].score;
    if (!(fabs(found - expected) <= 1e-12 * fabs(expected)))
        fail_msg("%.17g, expected %.17g", found, expected);
}

/* BM25 with the six documents' texts, 3 + 5 + 3 + 3 + 1 + 1 = 16 words. */
static double text_score(double n, double tf, double length)
{
    return log(1 + (6 - n + 0.5) / (n + 0.5)) * tf * 2.2 /
           (tf + 1.2 * (0.25 + 0.75 * length / (16 / 6.0)));
}

static void a_word_finds_its_forms_best_first(void **state)
{
    assert_finds(*state, "guard", "ecf");
    assert_score(*state, 0, text_score(3, 2, 5));
    assert_score(*state, 1, text_score(3, 1, 3));
    assert_score(*state, 2, text_score(3, 1, 3));
}

static void an_exact_word_finds_itself_alone(void **state)
{
    assert_finds(*state, "=guards", "ef");
    assert_finds(*state, "=guard", "");
}

static void a_word_stands_in_titles_too(void **state)
{
    assert_finds(*state, "border", "dfe");
}

static void scores_add_up_in_the_order_of_the_query(void **state)
{
    assert_finds(*state, "sleep border", "fcde");
    assert_score(*state, 0, text_score(2, 1, 3) + text_score(3, 1, 3));
    assert_score(*state, 1, text_score(2, 2, 3));
}

static void repeated_words_weigh_more(void **state)
{
    assert_finds(*state, "apples apples", "ab");
    assert_score(*state, 0, text_score(2, 1, 1) * 4 / 3);
}

static void a_phrase_needs_its_order(void **state)
{
    double idfs = log(1 + 3.5 / 3.5) + log(1 + 4.5 / 2.5);
    assert_finds(*state, "\"border guards\"", "fe");
    assert_score(*state, 0, idfs * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 3 / (16 / 6.0))));
    assert_finds(*state, "\"guards border\"", "");
    assert_finds(*state, "\"guards of missing\"", "");
}

static void a_phrase_does_not_run_from_title_to_text(void **state)
{
    assert_finds(*state, "\"border nothing\"", "");
}

static void overlapping_phrases_count_each(void **state)
{
    struct fixture *fixture = *state;
    const struct rank_document twice[] = {{"f", "", NULL, "a a a", 0}, {"e", "", NULL, "a a b", 0}};
    kw_segment_free(fixture->segment);
    fixture->segment = rank_segment(&fixture->scratch, twice, 2);
    double idfs = 2 * log(1 + 0.5 / 2.5);
    assert_finds(fixture, "\"a a\"", "fe");
    assert_score(fixture, 0, idfs * 2 * 2.2 / (2 + 1.2));
    assert_score(fixture, 1, idfs * 2.2 / (1 + 1.2));
}

static void must_and_must_not_decide(void **state)
{
    assert_finds(*state, "+sleep guard", "cf");
    assert_finds(*state, "sleep +guard -border", "c");
    assert_finds(*state, "+guard +border", "fe");
    assert_finds(*state, "+guard +missing", "");
}

static void groups_nest(void **state)
{
    assert_finds(*state, "apples OR (guard NOT sleep)", "abe");
    assert_finds(*state, "sleep AND (border OR missing)", "f");
    assert_finds(*state, "-(border OR apples)", "c");
}

static void a_purely_negative_query_finds_the_rest_with_score_0(void **state)
{
    assert_finds(*state, "-guard", "abd");
    assert_score(*state, 0, 0);
}

static void a_group_that_fails_adds_nothing(void **state)
{
    assert_finds(*state, "apples OR sleep OR (+border +missing)", "abcf");
    assert_score(*state, 3, text_score(2, 1, 3));
}

static void an_optional_group_of_negation_matches_the_others(void **state)
{
    assert_finds(*state, "sleep OR (-guard)", "cfabd");
}

/* The title's only word: ln(1 + 5.5 / 1.5), of average length. */
static void a_field_scores_by_its_own_lengths(void **state)
{
    assert_finds(*state, "title:border", "d");
    assert_score(*state, 0, log(1 + 5.5 / 1.5));
    assert_finds(*state, "author:ann", "dc");
    assert_score(*state, 0, log(1 + 4.5 / 2.5) * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 1 / 1.5)));
}

static void a_limit_of_0_counts(void **state)
{
    struct fixture *fixture = *state;
    search(fixture, "guard", 0);
    assert_int_equal(fixture->matches, 3);
    assert_int_equal(fixture->top.count, 0);
}

static void deleted_documents_are_gone_from_everything(void **state)
{
    struct fixture *fixture = *state;
    rank_delete(&fixture->scratch, fixture->segment, (const uint32_t[]){1, 4}, 2);
    assert_finds(fixture, "guard apples", "acf");
    assert_int_equal(fixture->statistics.documents, 4);
    assert_int_equal(fixture->statistics.leaves[0].frequencies[0], 2);
    assert_int_equal(fixture->statistics.leaves[1].frequencies[0], 1);
    assert_int_equal(fixture->statistics.leaves[0].field_length, 10);
    assert_finds(fixture, "-sleep", "ad");
}

static void statistics_of_segments_add_up(void **state)
{
    struct fixture *fixture = *state;
    statistics(fixture, "\"border guards\" author:ann -sleep");
    for (int times = 1; times <= 2; times++) {
        const struct kw_leaf_statistics *leaves = fixture->statistics.leaves;
        assert_int_equal(fixture->statistics.documents, times * 6);
        assert_int_equal(leaves[0].frequencies[0], times * 3);
        assert_int_equal(leaves[0].frequencies[1], times * 2);
        assert_int_equal(leaves[1].field_documents, times * 2);
        assert_int_equal(leaves[1].field_length, times * 3);
        assert_int_equal(leaves[2].frequencies[0], 0);
        assert_int_equal(
            kw_rank_statistics(fixture->segment, &fixture->plan, &fixture->statistics, NULL),
            KW_OK);
    }
}

/* A word leaf of two terms, which no query makes yet: their union is one term. */
static void several_terms_are_one(void **state)
{
    struct fixture *fixture = *state;
    statistics(fixture, "+=guards +=guarding");
    const struct kw_query_term terms[] = {fixture->plan.leaves[0].terms[0],
                                          fixture->plan.leaves[1].terms[0]};
    const struct kw_leaf leaf = {
        .terms = terms, .term_count = 2, .span = 1, .boost = 1, .repeats = 1};
    const struct kw_plan_node root = {.kind = KW_PLAN_LEAF, .occur = KW_MUST};
    const struct kw_plan both = {.root = &root, .leaves = &leaf, .leaf_count = 1};
    rank_delete(&fixture->scratch, fixture->segment, (const uint32_t[]){1}, 1);
    struct kw_statistics found;
    assert_int_equal(kw_statistics_init(&found, &both, &parameters, NULL), KW_OK);
    assert_int_equal(kw_rank_statistics(fixture->segment, &both, &found, NULL), KW_OK);
    assert_int_equal(found.leaves[0].frequencies[0], 2);
    assert_int_equal(kw_rank_segment(fixture->segment, 0, &both, &found, &fixture->top,
                                     &fixture->matches, NULL, NULL),
                     KW_OK);
    assert_int_equal(fixture->matches, 2);
    kw_statistics_release(&found);
}

/* Asserts where `query` stands in a document: "first+span#leaf …". */
static void assert_matches(struct fixture *fixture, const char *query, uint32_t document,
                           const char *expected)
{
    struct kw_matches matches = KW_MATCHES_INIT;
    struct kw_bytes found = KW_BYTES_INIT;
    plan(fixture, query);
    assert_int_equal(
        kw_rank_matches(fixture->segment, document, &fixture->plan, NULL, NULL, &matches, NULL),
        KW_OK);
    for (size_t i = 0; i < matches.count; i++)
        kw_bytes_format(&found, "%s%u+%u#%u", i ? " " : "", matches.items[i].first,
                        matches.items[i].span, matches.items[i].leaf);
    kw_bytes_append_byte(&found, 0);
    assert_string_equal((char *)found.data, expected);
    kw_bytes_release(&found);
    kw_matches_release(&matches);
}

static void stems_stand_where_their_forms_do(void **state)
{
    assert_matches(*state, "guard border", 1, "0+1#0 3+1#1 4+1#0");
    assert_matches(*state, "guard", 3, "0+1#0");
}

static void phrases_stand_whole(void **state)
{
    assert_matches(*state, "border \"border guards\"", 1, "3+2#1 3+1#0");
}

static void words_behind_a_title_stand_behind_the_gap(void **state)
{
    assert_matches(*state, "border here", 2, "0+1#0 102+1#1");
}

static void negated_and_failing_parts_stand_nowhere(void **state)
{
    assert_matches(*state, "sleep -apples OR (+border +missing)", 0, "2+1#0");
    assert_matches(*state, "guard -(-sleep)", 0, "1+1#0");
}

static void only_the_title_stands_among_fields(void **state)
{
    assert_matches(*state, "title:border author:ann", 2, "0+1#0");
    assert_matches(*state, "author:border sleep", 3, "1+1#1 2+1#1");
}

static void what_does_not_match_stands_nowhere(void **state)
{
    assert_matches(*state, "+guard +missing", 0, "");
}

/* Marks were folded: "resume" and "résumé" are one surface form, but two stems. */
static void a_stem_does_not_stand_where_only_its_form_does(void **state)
{
    struct fixture *fixture = *state;
    const struct rank_document marks[] = {{"f", "", NULL, "resume résumé resuming", 0}};
    kw_segment_free(fixture->segment);
    fixture->segment = rank_segment(&fixture->scratch, marks, 1);
    assert_matches(fixture, "resumes", 0, "0+1#0 2+1#0");
    assert_matches(fixture, "=resume", 0, "0+1#0 1+1#0");
}

/* All documents ≥ `target` that the plan matches, deleted ones included, as bits. */
static unsigned walk(struct fixture *fixture, uint32_t target)
{
    struct kw_evaluation evaluation;
    unsigned bits = 0;
    assert_int_equal(
        kw_evaluation_init(&evaluation, fixture->segment, &fixture->plan, NULL, NULL, NULL), KW_OK);
    struct kw_cursor *root = evaluation.root;
    int64_t document = target ? root->ops->advance(root, target) : root->ops->next(root);
    while (document != KW_NO_DOCUMENT) {
        assert_int_equal(document, root->document);
        assert_int_equal(root->ops->advance(root, (uint32_t)document), document);
        bits |= 1U << document;
        document = root->ops->next(root);
    }
    assert_int_equal(kw_evaluation_status(&evaluation, NULL), KW_OK);
    kw_evaluation_release(&evaluation);
    return bits;
}

static void advancing_agrees_with_walking(void **state)
{
    const char *const queries[] = {
        "guard",
        "\"border guards\"",
        "missing",
        "\"border missing\"",
        "apples sleep",
        "+guard +border",
        "+guard apples",
        "-guard",
        "-missing",
        "+border -guard",
        "apples OR (-guard)",
        "(border OR apples) -(guard AND sleep)",
        "author:ann title:border",
    };
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        plan(*state, queries[i]);
        unsigned all = walk(*state, 0);
        for (uint32_t target = 1; target <= COUNT; target++)
            assert_int_equal(walk(*state, target), all >> target << target);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_word_finds_its_forms_best_first),
        TEST(an_exact_word_finds_itself_alone),
        TEST(a_word_stands_in_titles_too),
        TEST(scores_add_up_in_the_order_of_the_query),
        TEST(repeated_words_weigh_more),
        TEST(a_phrase_needs_its_order),
        TEST(a_phrase_does_not_run_from_title_to_text),
        TEST(overlapping_phrases_count_each),
        TEST(must_and_must_not_decide),
        TEST(groups_nest),
        TEST(a_purely_negative_query_finds_the_rest_with_score_0),
        TEST(a_group_that_fails_adds_nothing),
        TEST(an_optional_group_of_negation_matches_the_others),
        TEST(a_field_scores_by_its_own_lengths),
        TEST(a_limit_of_0_counts),
        TEST(deleted_documents_are_gone_from_everything),
        TEST(statistics_of_segments_add_up),
        TEST(several_terms_are_one),
        TEST(stems_stand_where_their_forms_do),
        TEST(phrases_stand_whole),
        TEST(words_behind_a_title_stand_behind_the_gap),
        TEST(negated_and_failing_parts_stand_nowhere),
        TEST(only_the_title_stands_among_fields),
        TEST(what_does_not_match_stands_nowhere),
        TEST(a_stem_does_not_stand_where_only_its_form_does),
        TEST(advancing_agrees_with_walking),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
