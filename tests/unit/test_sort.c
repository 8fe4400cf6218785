/* Sorting by digits: to the order that comparing gives. */
#include "index/sort.h"
#include "tests/unit/index_scratch.h"

enum { MOST = 3000, BYTES = 14 };

static int compare_counted(const void *left, const void *right)
{
    const struct kw_counted *a = left, *b = right;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

/* Strings of few letters, so that many share beginnings or are equal. */
static size_t fill_views(uint64_t *seed, struct kw_view *views, uint8_t bytes[][BYTES])
{
    static const char letters[] = "aab\0\xff";
    size_t count = scratch_below(seed, MOST);
    uint32_t shared = scratch_below(seed, 10);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < BYTES; j++)
            bytes[i][j] = j < shared ? 'x' : (uint8_t)letters[scratch_below(seed, 5)];
        views[i] = (struct kw_view){bytes[i], scratch_below(seed, BYTES + 1)};
    }
    return count;
}

static void views_rise(void **state)
{
    static struct kw_view views[MOST];
    static uint8_t bytes[MOST][BYTES];
    static uint32_t order[MOST];
    static bool met[MOST];
    uint64_t seed = 4;
    (void)state;
    for (int round = 0; round < 50; round++) {
        size_t count = fill_views(&seed, views, bytes);
        assert_int_equal(kw_sort_views(views, order, count, NULL), KW_OK);
        memset(met, 0, sizeof met);
        for (size_t i = 0; i < count; i++) {
            assert_in_range(order[i], 0, count - 1);
            assert_false(met[order[i]]);
            met[order[i]] = true;
            if (!i)
                continue;
            int compared = kw_view_compare(views[order[i - 1]], views[order[i]]);
            assert_true(compared < 0 || (compared == 0 && order[i - 1] < order[i]));
        }
    }
}

static void counts_fall(void **state)
{
    static struct kw_counted items[MOST], expected[MOST];
    uint64_t seed = 5;
    (void)state;
    for (int round = 0; round < 64; round++) {
        size_t count = scratch_below(&seed, MOST);
        for (size_t i = 0; i < count; i++) {
            uint64_t some = (uint64_t)scratch_below(&seed, 1 << 30) << 34 | scratch_below(&seed, 9);
            items[i] = (struct kw_counted){some >> scratch_below(&seed, (uint32_t)round + 1),
                                           (uint32_t)i, (uint8_t)i};
            expected[i] = items[i];
        }
        qsort(expected, count, sizeof *expected, compare_counted);
        assert_int_equal(kw_sort_counted(items, count, NULL), KW_OK);
        for (size_t i = 0; i < count; i++) {
            assert_true(items[i].count == expected[i].count);
            assert_int_equal(items[i].number, expected[i].number);
            assert_int_equal(items[i].head, expected[i].head);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(views_rise),
        cmocka_unit_test(counts_fall),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
