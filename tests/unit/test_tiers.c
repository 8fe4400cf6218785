/* Tiers: runs of enough segments are merged, large ones stay, and however commits come, segments
 * are few and bytes are seldom written again. */
#include "engine/native_tiers.h"

#include "tests/unit/index_scratch.h"

static void expect(const uint64_t *bytes, size_t segments, size_t from, size_t count)
{
    size_t found_from, found_count;
    bool found = kw_tiers_choose(bytes, segments, &found_from, &found_count);
    assert_int_equal(found, count > 0);
    assert_int_equal(found_from, from);
    assert_int_equal(found_count, count);
}

static void few_segments_stay(void **state)
{
    (void)state;
    const uint64_t bytes[] = {144 << 20, 144 << 20, 39 << 20, 1000, 1000, 1000, 1000, 1000};
    for (size_t count = 0; count <= 8; count++)
        expect(bytes, count, 0, 0);
}

static void eight_of_a_tier_are_merged_with_what_is_smaller_between(void **state)
{
    (void)state;
    const uint64_t bytes[] = {1 << 30, 9000, 9000, 9000, 9000,    9000, 9000,
                              9000,    9000, 9000, 9000, 1 << 20, 9000};
    expect(bytes, 13, 1, 10);
    const uint64_t mixed[] = {1 << 30, 40000, 40000, 40000, 900,   40000,
                              40000,   40000, 900,   40000, 40000, 1 << 30};
    expect(mixed, 12, 1, 10);
}

static void what_a_merge_would_bring_about_is_in_it(void **state)
{
    (void)state;
    uint64_t bytes[15];
    for (size_t i = 0; i < 7; i++)
        bytes[i] = 40000;
    for (size_t i = 7; i < 15; i++)
        bytes[i] = 9000;
    expect(bytes, 15, 0, 15);
    bytes[3] = 1 << 30;
    expect(bytes, 15, 7, 8);
}

/* Commits segments of so many bytes and merges as told; *written is all that is written. */
static size_t run(uint64_t (*next)(uint64_t *seed, size_t i), size_t commits, uint64_t *written)
{
    uint64_t *bytes = malloc((commits + 1) * sizeof *bytes);
    size_t count = 0, most = 0, from, merged;
    uint64_t seed = 5;
    assert_non_null(bytes);
    *written = 0;
    for (size_t i = 0; i < commits; i++) {
        *written += bytes[count++] = next(&seed, i);
        while (kw_tiers_choose(bytes, count, &from, &merged)) {
            assert_true(from + merged <= count && merged > 1);
            for (size_t j = from + 1; j < from + merged; j++)
                bytes[from] += bytes[j];
            memmove(bytes + from + 1, bytes + from + merged,
                    (count - from - merged) * sizeof *bytes);
            count -= merged - 1;
            *written += bytes[from];
        }
        most = count > most ? count : most;
    }
    free(bytes);
    return most;
}

static uint64_t equal(uint64_t *seed, size_t i)
{
    (void)seed;
    (void)i;
    return 5000;
}

static uint64_t any(uint64_t *seed, size_t i)
{
    (void)i;
    return UINT64_C(1) << (10 + scratch_below(seed, 20));
}

/* Of every eight the last is eight times the rest, and so of these. */
static uint64_t ruler(uint64_t *seed, size_t i)
{
    uint64_t bytes = 20000;
    (void)seed;
    for (size_t n = i + 1; n % 7 == 0 && bytes < (1 << 30); n /= 7)
        bytes *= 8;
    return bytes;
}

static void segments_are_few_and_seldom_written_again(void **state)
{
    (void)state;
    uint64_t written;
    assert_in_range(run(equal, 100000, &written), 1, 7 * 6);
    assert_in_range(written, 0, UINT64_C(5000) * 100000 * 7);
    assert_in_range(run(any, 20000, &written), 1, KW_TIER_MOST);
    assert_in_range(run(ruler, 20000, &written), 1, KW_TIER_MOST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_segments_stay),
        cmocka_unit_test(eight_of_a_tier_are_merged_with_what_is_smaller_between),
        cmocka_unit_test(what_a_merge_would_bring_about_is_in_it),
        cmocka_unit_test(segments_are_few_and_seldom_written_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
