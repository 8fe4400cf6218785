/* Searches of a damaged index whose checksums hold: bytes of the structures that a search goes by
 * are changed at random and the checksums made right again. Every search must end, with an answer
 * or KWIC_E_DAMAGED; the sanitizers see what it reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/library_scratch.h"
#include "tests/unit/random_text.h"
#include "tests/unit/reseal.h"

/* So many documents that the postings of frequent words take several blocks, have strengths and
 * form pairs. */
enum { DOCUMENTS = 2500, ROUNDS = 1000, MOST_SECONDS = 20, LASTS = 8 };

static const char *const words[] = {"the",   "of",   "and",    "border", "guard", "train",
                                    "river", "bank", "heroin", "zebra",  "lamp",  "queue"};

static const char *const queries[] = {
    "the",           "border guard train", "+the +border",      "+zebra +the", "\"the of\"",
    "\"the zebra\"", "\"of and the\"",     "+the -border",      "+the river",  "the of and zebra",
    "zebra",         "the NEAR/3 train",   "(the OR lamp) -of", "gu*",         "\"border bank\"~2",
    "queue^2 lamp"};

static const char *const sections[] = {"postings",  "postings", "postings", "pairs",
                                       "positions", "lexicon",  "lengths"};

static void write_records(void)
{
    FILE *file = fopen("records.jsonl", "w");
    uint64_t seed = 11;
    assert_non_null(file);
    for (int i = 0; i < DOCUMENTS; i++) {
        fprintf(file, "{\"id\": \"%d\", \"text\": \"", i);
        for (size_t left = 1 + random_below(&seed, 12); left > 0; left--) {
            size_t below = 1 + random_below(&seed, sizeof words / sizeof *words);
            fprintf(file, "%s ", words[random_below(&seed, below)]);
        }
        fputs("\"}\n", file);
    }
    assert_int_equal(fclose(file), 0);
}

static uint8_t *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "r");
    struct stat info;
    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &info), 0);
    uint8_t *data = malloc((size_t)info.st_size);
    assert_non_null(data);
    *size = fread(data, 1, (size_t)info.st_size, file);
    assert_int_equal(*size, info.st_size);
    fclose(file);
    return data;
}

static void write_file(const char *path, const uint8_t *data, size_t size)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* Where in a section the last documents of a term's blocks stand: numbers of four bytes that rise,
 * from a place drawn on; NULL if there are none behind it. */
static uint8_t *find_lasts(uint8_t *section, size_t size, uint64_t *seed)
{
    for (size_t at = random_below(seed, size); at + LASTS * 4 <= size; at++) {
        size_t rising = 1;
        while (rising < LASTS && kw_load32(section + at + rising * 4) < DOCUMENTS &&
               kw_load32(section + at + rising * 4) > kw_load32(section + at + rising * 4 - 4))
            rising++;
        if (rising == LASTS)
            return section + at;
    }
    return NULL;
}

/* Changes a number of four bytes to one at an end, a run of bytes, or some bytes near each other.
 */
static void damage(uint8_t *file, uint64_t *seed)
{
    static const uint8_t values[] = {0, 1, 0x7F, 0x80, 0xFF};
    size_t size;
    const char *name = sections[random_below(seed, sizeof sections / sizeof *sections)];
    uint8_t *section = reseal_section(file, name, &size);
    assert_true(size > 64);
    uint8_t *at = section + random_below(seed, size - 64), value = values[random_below(seed, 5)];
    switch (random_below(seed, 5)) {
    case 0:
        memset(at, value, 1 + random_below(seed, 20));
        break;
    case 1:
        for (size_t left = 1 + random_below(seed, 4); left > 0; left--)
            at[random_below(seed, 64)] = (uint8_t)random_next(seed);
        break;
    case 2:
        section = find_lasts(section, size, seed);
        if (section) {
            kw_store32(section + 4 * random_below(seed, LASTS),
                       random_below(seed, 2) ? UINT32_MAX
                                             : (uint32_t)random_below(seed, DOCUMENTS));
            break;
        } /* fall through */
    default:
        memset(at - (at - section) % 4, value, 4);
    }
}

static enum kwic_status search(struct kwic_index *index, const char *query, size_t limit,
                               bool uncounted)
{
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    struct kwic_results *results = NULL;
    struct kwic_result result;
    options.limit = limit;
    options.uncounted = uncounted;
    enum kwic_status status = kwic_search(&results, index, KWIC_TEXT(query), &options, NULL);
    while (status == KWIC_OK)
        status = kwic_results_next(results, &result, NULL);
    kwic_results_free(results);
    return status;
}

/* The searches that found damage. */
static size_t search_all(const char *const *where)
{
    struct kwic_index *index;
    size_t damaged = 0;
    enum kwic_status status = kwic_index_new(&index, where, 1, NULL);
    assert_true(status == KWIC_OK || status == KWIC_E_DAMAGED);
    for (size_t i = 0; i < sizeof queries / sizeof *queries && status == KWIC_OK; i++)
        for (size_t way = 0; way < 3; way++) {
            enum kwic_status end = search(index, queries[i], way == 2 ? 0 : 10, way == 0);
            if (end != KWIC_END && end != KWIC_E_DAMAGED)
                fail_msg("'%s': status %d", queries[i], end);
            damaged += end == KWIC_E_DAMAGED;
        }
    kwic_index_free(index);
    return damaged;
}

static void test_searches_of_damaged_segments_end(void **state)
{
    const char *where = "index";
    size_t size, found = 0;
    uint64_t seed = 20261122;
    (void)state;
    scratch_where = where;
    write_records();
    scratch_run("records.jsonl", NULL);
    assert_int_equal(search_all(&where), 0);
    uint8_t *whole = read_file("index/segment-1", &size), *copy = malloc(size);
    assert_non_null(copy);
    for (int round = 0; round < ROUNDS; round++) {
        memcpy(copy, whole, size);
        damage(copy, &seed);
        reseal(copy, size);
        write_file("index/segment-1", copy, size);
        alarm(MOST_SECONDS);
        found += search_all(&where) > 0;
        alarm(0);
    }
    assert_true(found > ROUNDS / 20); /* the damage was met */
    free(copy);
    free(whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_searches_of_damaged_segments_end, scratch_set_up,
                                        scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
