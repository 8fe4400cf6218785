/* Unions of an expansion's terms, over a segment of some hundred documents, against the documents'
 * own words. */
#include "rank/union.h"

#include "rank/expansion.h"
#include "tests/unit/index_builder.h"

enum { DOCUMENTS = 700, LENGTH = 30, VOCABULARY = 60 };

struct fixture {
    struct scratch scratch;
    struct kw_segment *segment;
    char words[VOCABULARY][8];
    uint32_t texts[DOCUMENTS][LENGTH]; /* numbers of words */
    uint32_t lengths[DOCUMENTS];
    struct kw_query_term terms[VOCABULARY + 2]; /* even words, and two that are nowhere */
    struct kw_expansion expansion;
    struct kw_leaf leaf;
    struct kw_plan plan;
    struct kw_unions unions;
};

static void draw(struct fixture *fixture, struct index_builder *builder)
{
    uint64_t seed = 21;
    for (uint32_t i = 0; i < VOCABULARY; i++)
        snprintf(fixture->words[i], sizeof fixture->words[i], "w%02u", i);
    for (uint32_t i = 0; i < DOCUMENTS; i++) {
        char text[LENGTH * 4 + 1] = "", id[8];
        snprintf(id, sizeof id, "%04u", i);
        fixture->lengths[i] = scratch_below(&seed, 3) ? scratch_below(&seed, LENGTH) : 0;
        for (uint32_t j = 0; j < fixture->lengths[i]; j++) {
            uint32_t word = scratch_below(&seed, 1 + scratch_below(&seed, VOCABULARY));
            fixture->texts[i][j] = word;
            snprintf(text + j * 4, 5, "%s ", fixture->words[word]);
        }
        builder_add(builder, id, "", text);
    }
}

/* The expansion stands for the words with even numbers, but for the first few. */
static void make_plan(struct fixture *fixture)
{
    uint32_t count = 0;
    fixture->terms[count++].bytes = kw_view_of("w");
    for (uint32_t i = 6; i < VOCABULARY; i += 2)
        fixture->terms[count++].bytes = kw_view_of(fixture->words[i]);
    fixture->terms[count++].bytes = kw_view_of("x");
    fixture->expansion = (struct kw_expansion){.terms = fixture->terms, .term_count = count};
    fixture->leaf = (struct kw_leaf){.kind = KW_LEAF_EXPANSION, .span = 1, .boost = 1};
    fixture->plan = (struct kw_plan){.leaves = &fixture->leaf,
                                     .leaf_count = 1,
                                     .expansions = &fixture->expansion,
                                     .expansion_count = 1};
}

static int setup(void **state)
{
    static struct fixture fixture;
    struct index_builder builder;
    scratch_init(&fixture.scratch);
    builder_init(&builder, scratch_path(&fixture.scratch, "segment"), NULL);
    draw(&fixture, &builder);
    builder_finish(&builder, 1);
    fixture.segment = builder_segment(fixture.scratch.path);
    make_plan(&fixture);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    kw_unions_release(&fixture->unions);
    kw_segment_free(fixture->segment);
    scratch_release(&fixture->scratch);
    return 0;
}

static bool is_asked(uint32_t word)
{
    return word >= 6 && word % 2 == 0;
}

static uint32_t frequency(const struct fixture *fixture, uint32_t document)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < fixture->lengths[document]; i++)
        count += is_asked(fixture->texts[document][i]);
    return count;
}

static void frequencies_add_up(void **state)
{
    struct fixture *fixture = *state;
    struct kw_union *found;
    uint32_t at = 0;
    assert_int_equal(
        kw_unions_find(&fixture->unions, fixture->segment, &fixture->plan, 0, &found, NULL), KW_OK);
    for (uint32_t i = 0; i < DOCUMENTS; i++) {
        if (frequency(fixture, i) == 0)
            continue;
        assert_int_equal(found->documents[at], i);
        assert_int_equal(found->frequencies[at++], frequency(fixture, i));
    }
    assert_int_equal(found->count, at);
    assert_true(at > DOCUMENTS / 4 && at < DOCUMENTS);
}

static void a_union_is_made_once(void **state)
{
    struct fixture *fixture = *state;
    struct kw_union *found[2];
    for (int i = 0; i < 2; i++)
        assert_int_equal(
            kw_unions_find(&fixture->unions, fixture->segment, &fixture->plan, 0, &found[i], NULL),
            KW_OK);
    assert_ptr_equal(found[0], found[1]);
}

static void cursor(struct fixture *fixture, struct kw_evaluation *evaluation,
                   struct kw_cursor **out)
{
    assert_int_equal(kw_evaluation_init(evaluation, fixture->segment, &fixture->plan,
                                        &fixture->unions, NULL, NULL),
                     KW_OK);
    assert_int_equal(kw_leaf_cursor_new(out, evaluation, &fixture->leaf, 0, NULL), KW_OK);
}

static void assert_positions(struct fixture *fixture, bool single)
{
    struct kw_evaluation evaluation;
    struct kw_spans spans = KW_SPANS_INIT;
    struct kw_cursor *at;
    cursor(fixture, &evaluation, &at);
    evaluation.single = single;
    while (at->ops->next(at) != KW_NO_DOCUMENT) {
        uint32_t document = (uint32_t)at->document, count = 0;
        assert_int_equal(at->ops->spans(at, &spans, NULL), KW_OK);
        for (uint32_t i = 0; i < fixture->lengths[document]; i++) {
            if (!is_asked(fixture->texts[document][i]))
                continue;
            assert_int_equal(spans.items[count].start, i);
            assert_int_equal(spans.items[count++].end, i);
        }
        assert_int_equal(spans.count, count);
    }
    kw_spans_release(&spans);
    at->ops->release(at);
    kw_evaluation_release(&evaluation);
}

static void positions_of_all_documents_are_those_of_all_terms(void **state)
{
    assert_positions(*state, false);
}

static void positions_of_one_document_are_those_of_all_terms(void **state)
{
    assert_positions(*state, true);
}

static void leaps_end_where_steps_do(void **state)
{
    struct fixture *fixture = *state;
    uint64_t seed = 22;
    for (uint32_t times = 0; times < 200; times++) {
        struct kw_evaluation evaluation;
        struct kw_cursor *at;
        uint32_t target = 0;
        cursor(fixture, &evaluation, &at);
        do {
            target += scratch_below(&seed, 1 + scratch_below(&seed, 200));
            uint32_t expected = target;
            while (expected < DOCUMENTS && frequency(fixture, expected) == 0)
                expected++;
            int64_t document = at->ops->advance(at, target);
            assert_int_equal(document, expected < DOCUMENTS ? expected : KW_NO_DOCUMENT);
            target = expected + scratch_below(&seed, 2);
        } while (target < DOCUMENTS);
        at->ops->release(at);
        kw_evaluation_release(&evaluation);
    }
}

static void no_terms_have_no_documents(void **state)
{
    struct fixture *fixture = *state;
    struct kw_expansion nothing = {.terms = NULL};
    struct kw_plan plan = {.expansions = &nothing, .expansion_count = 1};
    struct kw_unions unions = {.segments = NULL};
    struct kw_union *found;
    assert_int_equal(kw_unions_find(&unions, fixture->segment, &plan, 0, &found, NULL), KW_OK);
    assert_int_equal(found->count, 0);
    kw_unions_release(&unions);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frequencies_add_up),
        cmocka_unit_test(a_union_is_made_once),
        cmocka_unit_test(positions_of_all_documents_are_those_of_all_terms),
        cmocka_unit_test(positions_of_one_document_are_those_of_all_terms),
        cmocka_unit_test(leaps_end_where_steps_do),
        cmocka_unit_test(no_terms_have_no_documents),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
