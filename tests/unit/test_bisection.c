/* Bisection: an order holds every document once, brings documents of a kind together, and is the
 * same each time; a word that documents share pays. */
#include "index/bisection.h"

#include "tests/unit/index_scratch.h"

enum { DOCUMENTS = 3000, KINDS = 12, OWN = 40, COMMON = 200, WORDS = 20 };

struct collection {
    struct kw_forward forward;
    uint64_t starts[DOCUMENTS + 1];
    uint32_t terms[DOCUMENTS * WORDS];
    uint32_t kind[DOCUMENTS];
};

/* Documents of several kinds, shuffled; most words of one are its kind's own. */
static struct collection *draw(uint64_t seed)
{
    struct collection *all = calloc(1, sizeof *all);
    uint64_t at = 0;
    assert_non_null(all);
    for (uint32_t d = 0; d < DOCUMENTS; d++) {
        bool taken[KINDS * OWN + COMMON] = {false};
        all->kind[d] = scratch_below(&seed, KINDS);
        for (uint32_t i = 0; i < WORDS; i++) {
            uint32_t term = scratch_below(&seed, 3) ? all->kind[d] * OWN + scratch_below(&seed, OWN)
                                                    : KINDS * OWN + scratch_below(&seed, COMMON);
            if (!taken[term])
                all->terms[at++] = term;
            taken[term] = true;
        }
        all->starts[d + 1] = at;
    }
    all->forward = (struct kw_forward){DOCUMENTS, KINDS * OWN + COMMON, all->starts, all->terms};
    return all;
}

/* Neighbours in the order that are of one kind. */
static uint32_t neighbours(const struct collection *all, const uint32_t *order)
{
    uint32_t count = 0;
    for (uint32_t i = 1; i < DOCUMENTS; i++)
        count += all->kind[order[i]] == all->kind[order[i - 1]];
    return count;
}

static void begin(uint32_t *order)
{
    for (uint32_t i = 0; i < DOCUMENTS; i++)
        order[i] = i;
}

static void documents_of_a_kind_come_together(void **state)
{
    (void)state;
    struct collection *all = draw(7);
    uint32_t order[DOCUMENTS], again[DOCUMENTS];
    bool seen[DOCUMENTS] = {false};
    begin(order);
    begin(again);
    assert_in_range(neighbours(all, order), 0, DOCUMENTS / 6);
    assert_int_equal(kw_bisect(&all->forward, 20, order, NULL, NULL, NULL), KW_OK);
    assert_in_range(neighbours(all, order), DOCUMENTS * 3 / 4, DOCUMENTS);
    for (uint32_t i = 0; i < DOCUMENTS; i++) {
        assert_in_range(order[i], 0, DOCUMENTS - 1);
        assert_false(seen[order[i]]);
        seen[order[i]] = true;
    }
    assert_int_equal(kw_bisect(&all->forward, 20, again, NULL, NULL, NULL), KW_OK);
    assert_memory_equal(order, again, sizeof order);
    free(all);
}

static void without_rounds_or_words_the_order_stays(void **state)
{
    (void)state;
    struct collection *all = draw(8);
    uint32_t order[DOCUMENTS], kept[DOCUMENTS];
    begin(order);
    begin(kept);
    assert_int_equal(kw_bisect(&all->forward, 0, order, NULL, NULL, NULL), KW_OK);
    assert_memory_equal(order, kept, sizeof order);
    memset(all->starts, 0, sizeof all->starts);
    assert_int_equal(kw_bisect(&all->forward, 5, order, NULL, NULL, NULL), KW_OK);
    assert_memory_equal(order, kept, sizeof order);
    all->forward.documents = 0;
    assert_int_equal(kw_bisect(&all->forward, 5, order, NULL, NULL, NULL), KW_OK);
    free(all);
}

static bool refuse(void *context)
{
    return --*(int *)context > 0;
}

static void a_bisection_can_be_given_up(void **state)
{
    (void)state;
    struct collection *all = draw(9);
    uint32_t order[DOCUMENTS];
    int left = 3;
    begin(order);
    assert_int_equal(kw_bisect(&all->forward, 20, order, refuse, &left, NULL), KW_E_INTERRUPTED);
    assert_int_equal(left, 0);
    free(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_of_a_kind_come_together),
        cmocka_unit_test(without_rounds_or_words_the_order_stays),
        cmocka_unit_test(a_bisection_can_be_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
