/* Merging of damaged segments whose checksums hold: what the header
 * of one of them says of a section, or bytes of any section, are changed and the checksums made
 * right again. Every merge must end, with a segment or with an error; the sanitizers see what it
 * reads and writes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/library_scratch.h"
#include "tests/unit/random_text.h"
#include "tests/unit/reseal.h"

/* So many segments stay unmerged until all are. */
enum { SEGMENTS = 3, DOCUMENTS = 700, ROUNDS = 500, MOST_SECONDS = 20, FILES = 16, ROW = 40 };

static const char *const words[] = {"the",    "of",      "and",   "border", "borders", "train",
                                    "trains", "maisons", "house", "zebra",  "lamp",    "queue"};

struct file {
    char path[300];
    uint8_t *data;
    size_t size;
};

static struct file files[FILES];
static size_t file_count;

static void write_records(const char *name, uint64_t seed)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    for (int i = 0; i < DOCUMENTS; i++) {
        fprintf(file, "{\"id\": \"%s %d\", \"year\": %d, \"tag\": \"t%d\", \"note\": \"%s\", ",
                name, i, (int)random_below(&seed, 50), (int)random_below(&seed, 20),
                words[random_below(&seed, sizeof words / sizeof *words)]);
        fputs("\"text\": \"", file);
        for (size_t left = 1 + random_below(&seed, 20); left > 0; left--) {
            size_t below = 1 + random_below(&seed, sizeof words / sizeof *words);
            fprintf(file, "%s ", words[random_below(&seed, below)]);
        }
        fputs(i % 9 ? "\"}\n" : "les chevaux et les maisons dans la ville sont belles\"}\n", file);
    }
    assert_int_equal(fclose(file), 0);
}

static void write_file(const char *path, const uint8_t *data, size_t size)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static int keep_file(const char *path, const struct stat *info, int kind, struct FTW *place)
{
    (void)place;
    if (kind != FTW_F)
        return 0;
    struct file *file = &files[file_count++];
    FILE *from = fopen(path, "r");
    assert_non_null(from);
    assert_true(file_count <= FILES);
    snprintf(file->path, sizeof file->path, "%s", path);
    file->data = malloc((size_t)info->st_size + 1);
    assert_non_null(file->data);
    file->size = fread(file->data, 1, (size_t)info->st_size, from);
    fclose(from);
    return 0;
}

/* What the header says of a section beside its place: changed to each of these values, one after
 * the other, in the first rounds. */
static const uint64_t parameters[] = {0, 1, UINT32_MAX, UINT64_MAX / 4, UINT64_MAX};

enum { PARAMETERS = sizeof parameters / sizeof *parameters };

/* Changes a parameter, or bytes near each other of a section that is drawn. */
static void damage(uint8_t *file, uint32_t round, uint64_t *seed)
{
    static const uint8_t values[] = {0, 1, 0x7F, 0x80, 0xFF};
    uint32_t sections = kw_load32(file + 40);
    if (round < sections * PARAMETERS) {
        kw_store64(file + 48 + ROW * (round / PARAMETERS) + 32, parameters[round % PARAMETERS]);
        return;
    }
    uint8_t *row = file + 48 + ROW * random_below(seed, sections);
    size_t size = kw_load64(row + 24), near = 1 + random_below(seed, 16);
    if (!size)
        return;
    uint8_t *at = file + kw_load64(row + 16) + random_below(seed, size);
    if (near > (size_t)(file + kw_load64(row + 16) + size - at))
        near = 1;
    if (random_below(seed, 2))
        memset(at, values[random_below(seed, 5)], near);
    else
        at[random_below(seed, near)] = (uint8_t)random_next(seed);
}

static enum kwic_status optimize(void)
{
    struct kwic_index_options options = {.no_sync = true};
    struct kwic_writer *writer = NULL;
    enum kwic_status status = kwic_writer_new_existing(&writer, scratch_where, &options, NULL);
    if (status == KWIC_OK)
        status = kwic_writer_optimize(writer, 0, NULL, NULL);
    kwic_writer_free(writer);
    return status;
}

/* Puts the index back as it was, but for damage in one of its segments. */
static void restore(uint32_t round, uint64_t *seed)
{
    size_t chosen;
    do
        chosen = random_below(seed, file_count);
    while (!strstr(files[chosen].path, "/segment-"));
    nftw(scratch_where, scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS);
    assert_int_equal(mkdir(scratch_where, 0700), 0);
    for (size_t i = 0; i < file_count; i++) {
        uint8_t *copy = malloc(files[i].size + 1);
        assert_non_null(copy);
        memcpy(copy, files[i].data, files[i].size);
        if (i == chosen) {
            damage(copy, round, seed);
            reseal(copy, files[i].size);
        }
        write_file(files[i].path, copy, files[i].size);
        free(copy);
    }
}

static void test_merges_of_damaged_segments_end(void **state)
{
    const struct kwic_index_options options = {.language = "auto", .no_sync = true};
    const char *asked = getenv("KW_TEST_ROUNDS");
    uint64_t seed = 20261123;
    uint32_t found = 0, rounds = asked ? (uint32_t)atoi(asked) : ROUNDS;
    (void)state;
    scratch_where = "index";
    for (int i = 0; i < SEGMENTS; i++) {
        char name[32];
        snprintf(name, sizeof name, "r%d.jsonl", i);
        write_records(name, 5 + (uint64_t)i);
        scratch_run(name, i ? NULL : &options);
    }
    scratch_delete("r0.jsonl 3");
    assert_int_equal(nftw(scratch_where, keep_file, 16, FTW_PHYS), 0);
    for (uint32_t round = 0; round < rounds; round++) {
        restore(round, &seed);
        alarm(MOST_SECONDS);
        found += optimize() != KWIC_OK;
        alarm(0);
    }
    assert_true(found > rounds / 20); /* the damage was met */
    for (size_t i = 0; i < file_count; i++)
        free(files[i].data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_merges_of_damaged_segments_end, scratch_set_up,
                                        scratch_tear_down),
    };
    return cmocka_run_group_tests_name("damaged_merge", tests, NULL, NULL);
}
