/* Random queries over random small documents: the cursors against the plain definitions. */
#include "query/parser.h"
#include "rank/cursor.h"
#include "rank/statistics.h"
#include "tests/unit/naive_match.h"

static const struct kw_parameters parameters = {1.2, 0.75, 1};

enum { DOCUMENTS = 6, TEXT = 200 };

struct fixture {
    struct rank_scratch scratch;
    char texts[DOCUMENTS][3][TEXT]; /* text, title, author */
    struct rank_document documents[DOCUMENTS];
    struct naive_document naive[DOCUMENTS];
    bool deleted[DOCUMENTS];
    struct kw_segment *segment;
    struct kw_plan plan;
    struct kw_statistics statistics;
    char query[1000];
    uint64_t seed;
};

static int setup(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){.plan = KW_PLAN_INIT};
    uint32_t german;
    rank_scratch_init(&fixture.scratch);
    assert_int_equal(kw_analyzer_use(fixture.scratch.analyzer, "german", &german, NULL), KW_OK);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    rank_scratch_release(&fixture->scratch);
    return 0;
}

static uint32_t below(struct fixture *fixture, uint32_t limit)
{
    return scratch_below(&fixture->seed, limit);
}

static const char *const words[] = {"guard",  "guards", "guarding", "border", "borders",
                                    "resume", "résumé", "東京都",   "京都",   "of"};
enum { WORDS = sizeof words / sizeof *words };

static const char *pick(struct fixture *fixture)
{
    return words[below(fixture, below(fixture, 3) ? 5 : WORDS)];
}

/* ---- Documents ------------------------------------------------------------------------------ */

static void draw_text(struct fixture *fixture, char *text, uint32_t count)
{
    *text = 0;
    for (uint32_t i = 0; i < count; i++) {
        size_t size = strlen(text);
        snprintf(text + size, TEXT - size, "%s%s", i ? " " : "", pick(fixture));
    }
}

static void draw_documents(struct fixture *fixture)
{
    uint32_t gone[DOCUMENTS], count = 0;
    for (uint32_t i = 0; i < DOCUMENTS; i++) {
        static const char *const ids[DOCUMENTS] = {"a", "b", "c", "d", "e", "f"};
        char(*texts)[TEXT] = fixture->texts[i];
        draw_text(fixture, texts[0], below(fixture, 11));
        draw_text(fixture, texts[1], below(fixture, 3) ? 0 : 1 + below(fixture, 3));
        draw_text(fixture, texts[2], below(fixture, 3));
        fixture->documents[i] = (struct rank_document){
            ids[i], texts[1], texts[2][0] ? texts[2] : NULL, texts[0], below(fixture, 3) == 0};
        naive_document(&fixture->naive[i], fixture->scratch.analyzer, &fixture->documents[i]);
        fixture->deleted[i] = below(fixture, 6) == 0;
        if (fixture->deleted[i])
            gone[count++] = i;
    }
    fixture->segment = rank_segment(&fixture->scratch, fixture->documents, DOCUMENTS);
    if (count)
        rank_delete(&fixture->scratch, fixture->segment, gone, count);
}

/* ---- Queries -------------------------------------------------------------------------------- */

static void say(struct fixture *fixture, const char *text)
{
    size_t size = strlen(fixture->query);
    snprintf(fixture->query + size, sizeof fixture->query - size, "%s", text);
}

static void say_phrase(struct fixture *fixture)
{
    char slop[8];
    say(fixture, "\"");
    for (uint32_t i = 2 + below(fixture, 2); i-- > 0;) {
        say(fixture, pick(fixture));
        say(fixture, i ? " " : "\"");
    }
    snprintf(slop, sizeof slop, "~%u", below(fixture, 5));
    if (below(fixture, 3))
        say(fixture, slop);
}

static void say_word(struct fixture *fixture)
{
    static const char *const patterns[] = {"gu*",      "*s",     "bor*er?", "g?ard*", "gard~",
                                           "bordesr~", "guar~2", "京*",     "r*",     "guad~1"};
    switch (below(fixture, 8)) {
    case 0:
        say(fixture, "=");
        say(fixture, pick(fixture));
        break;
    case 1:
        say_phrase(fixture);
        break;
    case 2:
    case 3:
        say(fixture, patterns[below(fixture, sizeof patterns / sizeof *patterns)]);
        break;
    default:
        say(fixture, pick(fixture));
    }
}

static void say_operand(struct fixture *fixture, uint32_t depth);

static void say_near(struct fixture *fixture, uint32_t depth)
{
    char operator[16];
    uint32_t distance = 1 + below(fixture, 4);
    bool ordered = below(fixture, 2);
    say_operand(fixture, depth);
    for (uint32_t i = 1 + !below(fixture, 3); i-- > 0;) {
        if (below(fixture, 4) == 0)
            distance = 1 + below(fixture, 4);
        snprintf(operator, sizeof operator, " %sNEAR/%u ", ordered ? "O" : "", distance);
        say(fixture, operator);
        say_operand(fixture, depth);
    }
}

static void say_operand(struct fixture *fixture, uint32_t depth)
{
    if (depth == 0 || below(fixture, 4)) {
        say_word(fixture);
        return;
    }
    say(fixture, "(");
    if (below(fixture, 2)) {
        say_near(fixture, depth - 1);
    } else {
        say_word(fixture);
        say(fixture, below(fixture, 2) ? " OR " : " ");
        say_operand(fixture, depth - 1);
    }
    say(fixture, ")");
}

static void say_query(struct fixture *fixture, uint32_t depth)
{
    static const char *const signs[] = {"", "", "", "+", "-", "title:", "author:", "+author:"};
    static const char *const joints[] = {" ", " ", " OR ", " AND ", " NOT "};
    for (uint32_t i = 1 + below(fixture, 3); i-- > 0;) {
        uint32_t kind = below(fixture, 6);
        const char *sign = signs[below(fixture, sizeof signs / sizeof *signs)];
        if (kind < 2) {
            say(fixture, sign);
            say(fixture, "(");
            say_near(fixture, 2);
            say(fixture, ")");
        } else if (kind == 2 && depth) {
            say(fixture, sign);
            say(fixture, "(");
            say_query(fixture, depth - 1);
            say(fixture, ")");
        } else {
            say(fixture, sign);
            say_word(fixture);
        }
        if (i)
            say(fixture, joints[below(fixture, 5)]);
    }
}

/* Fills an expansion with all terms of all documents that fit it, tried one by one. */
static void expand(struct fixture *fixture, uint32_t number)
{
    static struct kw_bytes found;
    struct kw_expansion *expansion = &fixture->plan.expansions[number];
    struct kw_view terms[WORDS * 4];
    uint32_t count = 0;
    for (uint32_t i = 0; i < DOCUMENTS; i++) {
        for (uint32_t j = 0; j < fixture->naive[i].count; j++) {
            const struct naive_token *token = &fixture->naive[i].tokens[j];
            struct kw_view term = kw_view_of(token->surface);
            uint32_t at = count;
            bool fits = expansion->edits
                            ? naive_distance(expansion->pattern, term) <= expansion->edits
                            : naive_wildcard(expansion->pattern, term);
            if (!fits || !naive_equal(expansion->field, token->field))
                continue;
            while (at > 0 && kw_view_compare(terms[at - 1], term) > 0)
                at--;
            if (at > 0 && kw_view_equal(terms[at - 1], term))
                continue;
            assert_true(count < WORDS * 4);
            memmove(terms + at + 1, terms + at, (count - at) * sizeof *terms);
            terms[at] = term;
            count++;
        }
    }
    kw_bytes_release(&found);
    assert_int_equal(kw_plan_expand(&fixture->plan, number, terms, count, NULL), KW_OK);
}

static void draw_query(struct fixture *fixture)
{
    struct kw_ast ast;
    const struct kw_query_field fields[] = {{kw_view_of("title"), KW_FIELD_WORDS},
                                            {kw_view_of("author"), KW_FIELD_WORDS}};
    struct kw_plan_options options = {.all = below(fixture, 5) == 0};
    if (below(fixture, 4) == 0)
        options.language = "german";
    if (below(fixture, 4) == 0)
        options.minimum.parts = 1 + below(fixture, 3);
    fixture->query[0] = 0;
    say_query(fixture, 2);
    assert_int_equal(kw_parse(&ast, kw_view_of(fixture->query), fields, 2, NULL, NULL, NULL),
                     KW_OK);
    assert_int_equal(kw_plan_init(&fixture->plan, &ast, fixture->scratch.analyzer, &options, NULL),
                     KW_OK);
    kw_ast_release(&ast);
    for (uint32_t i = 0; i < fixture->plan.expansion_count; i++)
        expand(fixture, i);
}

/* ---- Comparisons ---------------------------------------------------------------------------- */

/* Fails with what was asked of what. */
static void disagree(const struct fixture *fixture, uint32_t document, const char *about)
{
    fail_msg("%s: %s\ntitle '%s', author '%s', text '%s'", about, fixture->query,
             fixture->texts[document][1], fixture->texts[document][2], fixture->texts[document][0]);
}

static void compare_contributions(struct fixture *fixture, struct kw_cursor *root,
                                  struct kw_contributions *contributions, uint32_t document,
                                  const uint32_t *expected)
{
    uint32_t at = 0;
    contributions->count = 0;
    root->ops->collect(root, contributions);
    for (uint32_t leaf = 0; leaf < fixture->plan.leaf_count; leaf++) {
        if (expected[leaf] == 0)
            continue;
        if (at == contributions->count || contributions->items[at].leaf != leaf ||
            contributions->items[at].frequency != expected[leaf])
            disagree(fixture, document, "another frequency");
        at++;
    }
    if (at != contributions->count)
        disagree(fixture, document, "too many leaves contribute");
}

static int compare_marks(const void *a, const void *b)
{
    const struct kw_mark *left = a, *right = b;
    if (left->first != right->first)
        return left->first < right->first ? -1 : 1;
    if (left->last != right->last)
        return left->last < right->last ? -1 : 1;
    if (left->leaf != right->leaf)
        return left->leaf < right->leaf ? -1 : 1;
    return (left->term > right->term) - (left->term < right->term);
}

static void sort_marks(struct kw_matches *matches)
{
    if (matches->marks.count)
        qsort(matches->marks.items, matches->marks.count, sizeof *matches->marks.items,
              compare_marks);
}

/* Holds the matches and marks in a document, which matches, to the definitions. */
static void compare_matches(struct fixture *fixture, uint32_t document, const uint32_t *frequencies)
{
    static struct naive_list list;
    const struct naive_document *naive = &fixture->naive[document];
    struct kw_matches found = KW_MATCHES_INIT, expected = KW_MATCHES_INIT;
    assert_int_equal(kw_rank_matches(fixture->segment, document, &fixture->plan,
                                     fixture->statistics.unions, fixture->statistics.memo, &found,
                                     NULL),
                     KW_OK);
    for (uint32_t i = 0; i < fixture->plan.leaf_count; i++) {
        const struct kw_leaf *leaf = &fixture->plan.leaves[i], *first = leaf;
        while (first->operand_count)
            first = &first->operands[0];
        struct kw_view field = first->kind == KW_LEAF_EXPANSION
                                   ? fixture->plan.expansions[first->expansion].field
                                   : first->terms[0].field;
        if (!frequencies[i] || (field.size && !(naive->titled && naive_equal(field, "title"))))
            continue;
        naive_leaf(naive, &fixture->plan, leaf, &list);
        for (size_t j = 0; j < list.count; j++) {
            const struct kw_span *span = &list.items[j];
            struct kw_match match = {span->start, span->end - span->start + 1, i};
            assert_int_equal(kw_matches_add(&expected, match, NULL), KW_OK);
            naive_mark(naive, &fixture->plan, leaf, span, &expected);
        }
    }
    kw_matches_sort(&expected);
    sort_marks(&expected);
    sort_marks(&found);
    if (found.count != expected.count ||
        (found.count &&
         memcmp(found.items, expected.items, found.count * sizeof *found.items) != 0))
        disagree(fixture, document, "other matches");
    if (found.marks.count != expected.marks.count)
        disagree(fixture, document, "another number of marks");
    for (size_t i = 0; i < found.marks.count; i++)
        if (compare_marks(&found.marks.items[i], &expected.marks.items[i]) != 0)
            disagree(fixture, document, "other marks");
    kw_matches_release(&found);
    kw_matches_release(&expected);
}

/* Walks the root's cursor by steps and leaps; returns how many documents matched. */
static uint32_t compare_documents(struct fixture *fixture)
{
    struct kw_evaluation evaluation;
    uint32_t matched = 0;
    assert_int_equal(kw_evaluation_init(&evaluation, fixture->segment, &fixture->plan,
                                        fixture->statistics.unions, fixture->statistics.memo, NULL),
                     KW_OK);
    struct kw_contributions contributions = kw_evaluation_contributions(&evaluation);
    struct kw_cursor *root = evaluation.root;
    for (uint32_t i = 0; i < DOCUMENTS; i++) {
        uint32_t frequencies[64] = {0};
        bool expected =
            naive_node(&fixture->naive[i], &fixture->plan, fixture->plan.root, frequencies);
        if (fixture->deleted[i] || below(fixture, 4) == 0)
            continue;
        if (root->document < (int64_t)i)
            root->ops->advance(root, i);
        if ((root->document == (int64_t)i) != expected)
            disagree(fixture, i, expected ? "missed" : "found");
        if (!expected)
            continue;
        matched++;
        compare_contributions(fixture, root, &contributions, i, frequencies);
        compare_matches(fixture, i, frequencies);
        if (below(fixture, 2))
            root->ops->next(root);
    }
    assert_int_equal(kw_evaluation_status(&evaluation, NULL), KW_OK);
    kw_evaluation_release(&evaluation);
    return matched;
}

/* Live documents that hold what the figures of a leaf count, one by one. */
static const uint64_t *compare_figures(struct fixture *fixture, const struct kw_leaf *leaf,
                                       const uint64_t *figures)
{
    static struct naive_list list;
    for (uint32_t i = 0; i < leaf->operand_count; i++)
        figures = compare_figures(fixture, &leaf->operands[i], figures);
    if (leaf->operand_count)
        return figures;
    bool phrase = leaf->kind == KW_LEAF_PHRASE;
    for (uint32_t i = 0; i < (phrase ? leaf->term_count : 1); i++) {
        uint64_t expected = 0;
        for (uint32_t j = 0; j < DOCUMENTS; j++) {
            list.count = 0;
            if (phrase)
                naive_term(&fixture->naive[j], &leaf->terms[i], &list);
            else
                naive_leaf(&fixture->naive[j], &fixture->plan, leaf, &list);
            expected += list.count > 0 && !fixture->deleted[j];
        }
        if (*figures++ != expected)
            disagree(fixture, 0, "another number of documents");
    }
    return figures;
}

static void count_documents(struct fixture *fixture)
{
    kw_statistics_release(&fixture->statistics);
    assert_int_equal(kw_statistics_init(&fixture->statistics, &fixture->plan, &parameters, NULL),
                     KW_OK);
    assert_int_equal(
        kw_rank_statistics(fixture->segment, &fixture->plan, &fixture->statistics, NULL), KW_OK);
    for (uint32_t i = 0; i < fixture->plan.leaf_count; i++) {
        const uint64_t *figures = fixture->statistics.leaves[i].frequencies;
        if (!fixture->plan.leaves[i].negated)
            assert_int_equal(compare_figures(fixture, &fixture->plan.leaves[i], figures) - figures,
                             kw_leaf_figures(&fixture->plan.leaves[i]));
    }
}

static void agree(struct fixture *fixture, uint64_t seed, uint32_t collections, uint32_t queries)
{
    uint32_t matched = 0;
    fixture->seed = seed;
    for (uint32_t i = 0; i < collections; i++) {
        draw_documents(fixture);
        for (uint32_t j = 0; j < queries; j++) {
            draw_query(fixture);
            if (fixture->plan.root) {
                count_documents(fixture);
                matched += compare_documents(fixture);
            }
            kw_statistics_release(&fixture->statistics);
            kw_plan_release(&fixture->plan);
        }
        kw_segment_free(fixture->segment);
        memset(fixture->deleted, 0, sizeof fixture->deleted);
    }
    assert_true(matched > collections * queries / 2);
}

static void random_queries_agree_with_their_definition(void **state)
{
    agree(*state, 1, 150, 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(random_queries_agree_with_their_definition, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
