/* The k best documents, against sorting all of them. */
#include "rank/topk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

/* Ids fall as numbers rise, so that the order is seen to come from the callback. */
static int by_falling_number(void *context, const struct kw_hit *a, const struct kw_hit *b)
{
    (void)context;
    return (a->document < b->document) - (a->document > b->document);
}

static int compare_hits(const void *a, const void *b)
{
    const struct kw_hit *left = a, *right = b;
    if (left->score != right->score)
        return left->score > right->score ? -1 : 1;
    return by_falling_number(NULL, left, right);
}

static int compare_ids(const void *a, const void *b)
{
    return by_falling_number(NULL, a, b);
}

static void offer(struct kw_top *top, double score, uint64_t document)
{
    assert_int_equal(kw_top_offer(top, score, document, NULL), KW_OK);
}

static void assert_documents(const struct kw_top *top, const uint64_t *documents, size_t count)
{
    assert_int_equal(top->count, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(top->hits[i].document, documents[i]);
}

static void best_scores_come_first(void **state)
{
    (void)state;
    struct kw_top top;
    assert_int_equal(kw_top_init(&top, 3, false, by_falling_number, NULL, NULL), KW_OK);
    const double scores[] = {1, 5, 3, 4, 2};
    for (uint64_t i = 0; i < 5; i++)
        offer(&top, scores[i], i);
    kw_top_sort(&top);
    assert_documents(&top, (const uint64_t[]){1, 3, 2}, 3);
    kw_top_release(&top);
}

static void ties_go_by_id(void **state)
{
    (void)state;
    struct kw_top top;
    assert_int_equal(kw_top_init(&top, 2, false, by_falling_number, NULL, NULL), KW_OK);
    for (uint64_t i = 0; i < 4; i++)
        offer(&top, 1, i);
    kw_top_sort(&top);
    assert_documents(&top, (const uint64_t[]){3, 2}, 2);
    kw_top_release(&top);
}

static void by_id_ignores_scores(void **state)
{
    (void)state;
    struct kw_top top;
    assert_int_equal(kw_top_init(&top, 2, true, by_falling_number, NULL, NULL), KW_OK);
    for (uint64_t i = 0; i < 4; i++)
        offer(&top, 10.0 - (double)i, i);
    kw_top_sort(&top);
    assert_documents(&top, (const uint64_t[]){3, 2}, 2);
    kw_top_release(&top);
}

static void a_limit_of_nothing_keeps_nothing(void **state)
{
    (void)state;
    struct kw_top top;
    assert_int_equal(kw_top_init(&top, 0, false, by_falling_number, NULL, NULL), KW_OK);
    offer(&top, 1, 1);
    kw_top_sort(&top);
    assert_int_equal(top.count, 0);
    kw_top_release(&top);
}

static void a_huge_limit_takes_no_memory_ahead(void **state)
{
    (void)state;
    struct kw_top top;
    assert_int_equal(kw_top_init(&top, SIZE_MAX, false, by_falling_number, NULL, NULL), KW_OK);
    for (uint64_t i = 0; i < 5000; i++)
        offer(&top, (double)(i % 7), i);
    kw_top_sort(&top);
    assert_int_equal(top.count, 5000);
    assert_int_equal(top.hits[0].document, 4997);
    kw_top_release(&top);
}

static void wants_what_would_be_kept(void **state)
{
    struct kw_top top;
    (void)state;
    assert_int_equal(kw_top_init(&top, 2, false, by_falling_number, NULL, NULL), KW_OK);
    offer(&top, 5, 1);
    assert_true(kw_top_wants(&top, 0, 4));
    offer(&top, 3, 4);
    assert_false(kw_top_wants(&top, 2.9, 9));
    assert_true(kw_top_wants(&top, 3.1, 2));
    assert_true(kw_top_wants(&top, 3, 9));
    assert_false(kw_top_wants(&top, 3, 2));
    kw_top_release(&top);
    assert_int_equal(kw_top_init(&top, 1, true, by_falling_number, NULL, NULL), KW_OK);
    offer(&top, 5, 4);
    assert_true(kw_top_wants(&top, 0, 9));
    assert_false(kw_top_wants(&top, 9, 2));
    kw_top_release(&top);
    assert_int_equal(kw_top_init(&top, 0, false, by_falling_number, NULL, NULL), KW_OK);
    assert_false(kw_top_wants(&top, 9, 2));
    kw_top_release(&top);
}

/* Keys decide first, and are not known yet. */
static void wants_all_where_keys_order(void **state)
{
    struct kw_sort sort = {.descending = false};
    struct kw_top top;
    (void)state;
    assert_int_equal(kw_top_init(&top, 1, false, by_falling_number, NULL, NULL), KW_OK);
    top.sort = &sort;
    offer(&top, 5, 4);
    assert_true(kw_top_wants(&top, 0, 2));
    kw_top_release(&top);
}

static void hits_name_their_engine(void **state)
{
    (void)state;
    struct kw_top top;
    assert_int_equal(kw_top_init(&top, 2, false, by_falling_number, NULL, NULL), KW_OK);
    top.engine = 4;
    offer(&top, 1, 9);
    assert_int_equal(top.hits[0].engine, 4);
    kw_top_release(&top);
}

static void equals_sorting(void **state)
{
    (void)state;
    unsigned seed = 5;
    for (int round = 0; round < 400; round++) {
        struct kw_hit all[200];
        size_t count = (size_t)rand_r(&seed) % 200, limit = (size_t)rand_r(&seed) % 40;
        bool by_id = round % 4 == 0, falling = round % 8 == 0;
        struct kw_top top;
        assert_int_equal(kw_top_init(&top, limit, by_id, by_falling_number, NULL, NULL), KW_OK);
        top.falling = falling;
        for (size_t i = 0; i < count; i++) {
            all[i] = (struct kw_hit){.score = rand_r(&seed) % 9, .document = i * 7 % 211};
            offer(&top, all[i].score, all[i].document);
        }
        kw_top_sort(&top);
        qsort(all, count, sizeof *all, by_id ? compare_ids : compare_hits);
        assert_int_equal(top.count, count < limit ? count : limit);
        for (size_t i = 0; i < top.count; i++)
            assert_int_equal(top.hits[i].document, all[falling ? count - 1 - i : i].document);
        kw_top_release(&top);
    }
}

/* Scores of a pile: all alike, few different ones, rising, close to each other, 0 among them. */
static double pile_score(int kind, size_t i, unsigned *seed)
{
    switch (kind) {
    case 0:
        return 0;
    case 1:
        return rand_r(seed) % 9;
    case 2:
        return (double)i;
    case 3:
        return 7 + (rand_r(seed) % 500) * 0x1p-50;
    default:
        return (rand_r(seed) % 100000) * 0.01;
    }
}

static void a_pile_equals_sorting(void **state)
{
    static struct kw_hit all[5000];
    (void)state;
    unsigned seed = 5;
    for (int round = 0; round < 300; round++) {
        size_t count = (size_t)rand_r(&seed) % 5000, limit = 40 + (size_t)rand_r(&seed) % 1500;
        struct kw_top top;
        assert_int_equal(kw_top_init(&top, limit, false, by_falling_number, NULL, NULL), KW_OK);
        for (size_t i = 0; i < count; i++) {
            all[i].score = pile_score(round % 5, i, &seed);
            all[i].document = i * 7919 % 5003;
            assert_true(i >= limit || kw_top_wants(&top, 0, all[i].document));
            offer(&top, all[i].score, all[i].document);
        }
        qsort(all, count, sizeof *all, compare_hits);
        assert_true(kw_top_least(&top) <= (count < limit ? 0 : all[limit - 1].score));
        kw_top_sort(&top);
        assert_int_equal(top.count, count < limit ? count : limit);
        for (size_t i = 0; i < top.count; i++)
            assert_int_equal(top.hits[i].document, all[i].document);
        kw_top_release(&top);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(best_scores_come_first),
        cmocka_unit_test(ties_go_by_id),
        cmocka_unit_test(by_id_ignores_scores),
        cmocka_unit_test(a_limit_of_nothing_keeps_nothing),
        cmocka_unit_test(a_huge_limit_takes_no_memory_ahead),
        cmocka_unit_test(wants_what_would_be_kept),
        cmocka_unit_test(wants_all_where_keys_order),
        cmocka_unit_test(hits_name_their_engine),
        cmocka_unit_test(equals_sorting),
        cmocka_unit_test(a_pile_equals_sorting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
