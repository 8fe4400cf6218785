/* Chains of spans against all choices of one span each, straight from the definition. */
#include "rank/chain.h"
#include "tests/unit/index_scratch.h"

enum { OPERANDS = 10, SPANS = 6 };

/* A NEAR's operands in a document. */
struct drawn {
    struct kw_chain_shape shape;
    struct kw_span items[OPERANDS][SPANS];
    struct kw_spans lists[OPERANDS];
};

/* What is enumerated: a choice of one span an operand, and the matches found so far. */
struct enumeration {
    const struct drawn *drawn;
    size_t places[OPERANDS];
    struct {
        struct kw_span covers;
        size_t places[OPERANDS];
    } found[100000];
    size_t count;
};

static void draw(struct drawn *drawn, uint64_t *seed, uint32_t operands, uint32_t most,
                 uint32_t width, uint32_t length)
{
    drawn->shape =
        (struct kw_chain_shape){operands, scratch_below(seed, 2) == 1, 1 + scratch_below(seed, 6)};
    for (uint32_t i = 0; i < operands; i++) {
        struct kw_spans *list = &drawn->lists[i];
        *list = (struct kw_spans){drawn->items[i], 0, SPANS};
        uint32_t count = scratch_below(seed, 8) ? 1 + scratch_below(seed, most) : 0;
        for (uint32_t j = 0; j < count; j++) {
            uint32_t start = scratch_below(seed, width);
            uint32_t end = start + (length ? scratch_below(seed, length + 1) : 0);
            assert_int_equal(kw_spans_add(list, start, end, 0, NULL), KW_OK);
        }
        kw_spans_sort(list);
    }
}

/* Whether the chosen spans are a chain; *covers is what they cover. */
static bool is_chain(const struct enumeration *e, struct kw_span *covers)
{
    const struct kw_span *chosen[OPERANDS];
    uint32_t count = e->drawn->shape.operands;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = i;
        const struct kw_span *span = &e->drawn->items[i][e->places[i]];
        for (; !e->drawn->shape.ordered && at > 0 && chosen[at - 1]->start > span->start; at--)
            chosen[at] = chosen[at - 1];
        chosen[at] = span;
    }
    for (uint32_t i = 1; i < count; i++)
        if (chosen[i - 1]->end >= chosen[i]->start ||
            chosen[i]->start - chosen[i - 1]->end > e->drawn->shape.distance)
            return false;
    *covers = (struct kw_span){chosen[0]->start, chosen[count - 1]->end, 0};
    return true;
}

/* Tries all choices for the operands from `operand` on, the least first. */
static void enumerate(struct enumeration *e, uint32_t operand)
{
    struct kw_span covers;
    if (operand == e->drawn->shape.operands) {
        if (!is_chain(e, &covers))
            return;
        assert_true(e->count < sizeof e->found / sizeof *e->found);
        e->found[e->count].covers = covers;
        memcpy(e->found[e->count++].places, e->places, sizeof e->places);
        return;
    }
    for (size_t i = 0; i < e->drawn->lists[operand].count; i++) {
        e->places[operand] = i;
        enumerate(e, operand + 1);
    }
}

static bool is_minimal(const struct enumeration *e, const struct kw_span *covers)
{
    for (size_t i = 0; i < e->count; i++) {
        const struct kw_span *other = &e->found[i].covers;
        if (other->start >= covers->start && other->end <= covers->end &&
            kw_span_compare(other, covers) != 0)
            return false;
    }
    return true;
}

/* The first choice that covers just this. */
static const size_t *first_choice(const struct enumeration *e, const struct kw_span *covers)
{
    for (size_t i = 0; i < e->count; i++)
        if (kw_span_compare(&e->found[i].covers, covers) == 0)
            return e->found[i].places;
    fail_msg("%u to %u is no chain", covers->start, covers->end);
    return NULL;
}

/* Holds one draw to the definition; returns the number of matches. */
static size_t compare(const struct drawn *drawn)
{
    static struct enumeration e;
    struct kw_spans found = KW_SPANS_INIT, expected = KW_SPANS_INIT;
    struct kw_chain *chain;
    size_t places[OPERANDS], count;
    e.drawn = drawn;
    e.count = 0;
    enumerate(&e, 0);
    for (size_t i = 0; i < e.count; i++)
        if (is_minimal(&e, &e.found[i].covers))
            assert_int_equal(
                kw_spans_add(&expected, e.found[i].covers.start, e.found[i].covers.end, 0, NULL),
                KW_OK);
    kw_spans_sort(&expected);
    assert_int_equal(kw_chain_new(&chain, &drawn->shape, NULL), KW_OK);
    for (int times = 0; times < 2; times++) { /* its memory is used again */
        assert_int_equal(kw_chain_find(chain, drawn->lists, &found, NULL), KW_OK);
        assert_int_equal(found.count, expected.count);
        for (size_t i = 0; i < found.count; i++) {
            assert_int_equal(kw_span_compare(&found.items[i], &expected.items[i]), 0);
            assert_int_equal(kw_chain_choose(chain, drawn->lists, &found.items[i], places, NULL),
                             KW_OK);
            assert_memory_equal(places, first_choice(&e, &found.items[i]),
                                drawn->shape.operands * sizeof *places);
        }
    }
    count = found.count;
    kw_chain_free(chain);
    kw_spans_release(&found);
    kw_spans_release(&expected);
    return count;
}

static void agree(uint64_t seed, uint32_t draws, uint32_t operands, uint32_t most, uint32_t width,
                  uint32_t length)
{
    struct drawn drawn;
    size_t total = 0;
    for (uint32_t i = 0; i < draws; i++) {
        draw(&drawn, &seed, operands, most, width, length);
        total += compare(&drawn);
    }
    assert_true(total > draws / 10);
}

static void two_positions_agree_with_all_choices(void **state)
{
    (void)state;
    agree(1, 20000, 2, SPANS, 20, 0);
}

static void two_spans_agree_with_all_choices(void **state)
{
    (void)state;
    agree(2, 20000, 2, SPANS, 20, 3);
}

static void several_positions_agree_with_all_choices(void **state)
{
    (void)state;
    agree(3, 10000, 3, SPANS, 20, 0);
    agree(4, 2000, 4, SPANS, 20, 0);
}

static void several_spans_agree_with_all_choices(void **state)
{
    (void)state;
    agree(5, 10000, 3, SPANS, 25, 4);
    agree(6, 2000, 4, SPANS, 30, 4);
    agree(7, 500, 5, 4, 20, 2);
}

/* More states than a machine word has bits. */
static void many_operands_agree_with_all_choices(void **state)
{
    struct drawn drawn;
    uint64_t seed = 8;
    size_t total = 0;
    (void)state;
    for (uint32_t i = 0; i < 300; i++) {
        draw(&drawn, &seed, 8 + i % 3, 2, 40, 1);
        drawn.shape.distance = 20;
        for (uint32_t j = 0; j < drawn.shape.operands; j++)
            drawn.items[j][0].start = drawn.items[j][0].end = scratch_below(&seed, 2) * 20 + j * 2;
        for (uint32_t j = 0; j < drawn.shape.operands; j++) {
            drawn.lists[j].count += drawn.lists[j].count == 0;
            kw_spans_sort(&drawn.lists[j]);
        }
        total += compare(&drawn);
    }
    assert_true(total > 100);
}

/* Positions at the end of their range do not wrap. */
static void the_last_positions_are_near_each_other(void **state)
{
    struct drawn drawn = {.shape = {2, false, 10000}};
    (void)state;
    drawn.items[0][0] = (struct kw_span){UINT32_MAX - 1, UINT32_MAX, 0};
    drawn.items[1][0] = (struct kw_span){0, 0, 0};
    drawn.items[1][1] = (struct kw_span){UINT32_MAX - 9, UINT32_MAX - 5, 0};
    drawn.lists[0] = (struct kw_spans){drawn.items[0], 1, SPANS};
    drawn.lists[1] = (struct kw_spans){drawn.items[1], 2, SPANS};
    assert_int_equal(compare(&drawn), 1);
}

/* Time is linear: a hundred thousand positions of each of three operands. */
static void long_documents_are_gone_through_once(void **state)
{
    enum { COUNT = 100000 };
    struct kw_chain_shape shape = {3, false, 10000};
    struct kw_spans lists[3] = {KW_SPANS_INIT, KW_SPANS_INIT, KW_SPANS_INIT};
    struct kw_spans found = KW_SPANS_INIT;
    struct kw_chain *chain;
    (void)state;
    for (uint32_t i = 0; i < 3 * COUNT; i++)
        assert_int_equal(kw_spans_add(&lists[i % 3], i, i, 0, NULL), KW_OK);
    assert_int_equal(kw_chain_new(&chain, &shape, NULL), KW_OK);
    assert_int_equal(kw_chain_find(chain, lists, &found, NULL), KW_OK);
    assert_int_equal(found.count, 3 * COUNT - 2);
    for (uint32_t i = 0; i < COUNT; i++)
        lists[2].items[i] = (struct kw_span){i * 2 + 3, i * 2 + 3, 0};
    assert_int_equal(kw_chain_find(chain, lists, &found, NULL), KW_OK);
    assert_true(found.count > COUNT / 2);
    kw_chain_free(chain);
    kw_spans_release(&found);
    for (int i = 0; i < 3; i++)
        kw_spans_release(&lists[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_positions_agree_with_all_choices),
        cmocka_unit_test(two_spans_agree_with_all_choices),
        cmocka_unit_test(several_positions_agree_with_all_choices),
        cmocka_unit_test(several_spans_agree_with_all_choices),
        cmocka_unit_test(many_operands_agree_with_all_choices),
        cmocka_unit_test(the_last_positions_are_near_each_other),
        cmocka_unit_test(long_documents_are_gone_through_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
