/* What tests of kernels share: memory between pages that cannot be read, so that a kernel touches
 * no byte that it must not, and one test a table of them. */
#ifndef KW_TESTS_KERNEL_SCRATCH_H
#define KW_TESTS_KERNEL_SCRATCH_H

#include "index/kernels.h"
#include "index_scratch.h"

#include <sys/mman.h>

enum { REGION = 1 << 16, WALL = 4096, BLOCK = KW_KERNEL_BLOCK, MARK = 0xA5, TABLES = 3 };

/* Memory between two pages that nothing may touch. */
struct region {
    uint8_t *bytes; /* REGION of them */
};

static inline struct region region_of(void)
{
    uint8_t *all = mmap(NULL, REGION + 2 * WALL, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(all != MAP_FAILED);
    assert_int_equal(mprotect(all + WALL, REGION, PROT_READ | PROT_WRITE), 0);
    memset(all + WALL, MARK, REGION);
    return (struct region){all + WALL};
}

static inline void region_release(struct region region)
{
    munmap(region.bytes - WALL, REGION + 2 * WALL);
}

/* The place of `size` bytes that end `slack` bytes before the wall. */
static inline void *at_end(struct region region, size_t size, size_t slack)
{
    return region.bytes + REGION - slack - size;
}

static inline const struct kw_kernels *kernels_of(void **state)
{
    const struct kw_kernels *kernels = kw_kernels_named(*state);
    if (!kernels)
        skip();
    assert_string_equal(kernels->name, *state);
    return kernels;
}

static inline uint64_t random64(uint64_t *seed)
{
    return (uint64_t)scratch_random(seed) << 33 ^ (uint64_t)scratch_random(seed) << 13 ^
           scratch_random(seed);
}

static inline size_t rounded(size_t count)
{
    return (count + KW_KERNEL_ROUND - 1) / KW_KERNEL_ROUND * KW_KERNEL_ROUND;
}

/* The tests of each table, `count` of them, into `tests`; their names into `titles`. */
static inline void each_table(const struct CMUnitTest *each, int count, struct CMUnitTest *tests,
                              char titles[][80])
{
    static char *const names[] = {"portable", "avx2", "avx512"};
    for (int i = 0; i < TABLES * count; i++) {
        tests[i] = each[i % count];
        snprintf(titles[i], 80, "%s: %s", names[i / count], tests[i].name);
        tests[i].name = titles[i];
        tests[i].initial_state = names[i / count];
    }
}

#endif
