/* Repair: an index is damaged in many places and ways, repaired, and held to what it was: what is
 * there equals the original, what is not was told, and the check passes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/damaged_index.h"

enum { TRIALS = 60 };

/* ---- A repair and its model --------------------------------------------------------------- */

struct told {
    struct items lost, doubtful;
    size_t problems;
    bool back; /* deleted ones may be there again */
};

static void tell(void *context, enum kwic_repair_event event, struct kwic_text id, const char *what)
{
    struct told *told = context;
    struct items *items = event == KWIC_REPAIR_LOST       ? &told->lost
                          : event == KWIC_REPAIR_DOUBTFUL ? &told->doubtful
                                                          : NULL;
    told->problems += event == KWIC_REPAIR_DAMAGE;
    told->back = told->back || strstr(what, "may be among");
    if (!items)
        return;
    assert_true(items->count < MOST);
    snprintf(items->items[items->count++].id, 32, "%.*s", (int)id.size, id.data);
}

static void repair(struct told *told, struct kwic_repaired *done, bool dry_run)
{
    struct kwic_repair_options options = {
        .index = {.no_sync = true, .context = told}, .dry_run = dry_run, .tell = tell};
    struct kwic_error error = {0};
    told->lost.count = told->doubtful.count = told->problems = 0;
    told->back = false;
    if (kwic_repair(".kwic", &options, done, &error) != KWIC_OK)
        fail_msg("%s", error.message);
    assert_int_equal(done->problems > 0, told->problems > 0);
    assert_int_equal(done->lost, told->lost.count + done->unnamed);
    assert_int_equal(done->doubtful, told->doubtful.count);
}

/* Deletes from the index `where`, which holds `items`, what is not in `wanted` as it is there. */
static void keep_only(const char *where, const struct items *items, const struct items *wanted)
{
    scratch_where = where;
    for (size_t i = 0; i < items->count; i++)
        if (!has(wanted, &items->items[i]))
            scratch_delete(items->items[i].id);
    scratch_where = ".kwic";
}

/* Holds what is there to what was: the same, or told to be in doubt. */
static void compare_documents(int trial, const struct items *after, const struct told *told)
{
    for (size_t i = 0; i < after->count; i++) {
        const struct item *item = &after->items[i];
        bool doubtful = told->back || find(&told->doubtful, item->id);
        if (!has(&before, item) && !(doubtful && has(&deleted, item)))
            fail_msg("trial %d: '%s' is %s", trial, item->id,
                     find(&before, item->id) ? "another" : "too much");
    }
}

/* Holds the repaired index to the one before: returns how many documents are missing. */
static size_t compare(int trial, const struct told *told, const struct kwic_repaired *done)
{
    static struct items after, rest;
    struct kwic_error error = {0};
    uint64_t scores;
    uint64_t wanted;
    size_t missing = 0;
    size_t unnamed = 0;
    if (kwic_check(".kwic", NULL, NULL, &error) != KWIC_OK)
        fail_msg("trial %d: not whole after repair: %s", trial, error.message);
    read_index(".kwic", &after, &scores);
    compare_documents(trial, &after, told);
    for (size_t i = 0; i < before.count; i++) {
        const char *id = before.items[i].id;
        if (has(&after, &before.items[i]))
            continue;
        missing++;
        unnamed += !find(&told->lost, id) && !find(&told->doubtful, id);
    }
    if (unnamed > done->unnamed)
        fail_msg("trial %d: %zu documents missing without a word, not %d", trial, unnamed,
                 (int)done->unnamed);
    for (size_t i = 0; i < told->lost.count; i++)
        if (find(&after, told->lost.items[i].id))
            fail_msg("trial %d: '%s' is not lost", trial, told->lost.items[i].id);
    /* Scores are those of the index without what is lost. */
    put_index("other");
    keep_only("other", &before, &after);
    keep_only(".kwic", &after, &before);
    read_index(".kwic", &after, &scores);
    read_index("other", &rest, &wanted);
    if (scores != wanted)
        fail_msg("trial %d: other results than without what is lost", trial);
    return missing;
}

/* Damages the index `count` times, repairs it, and compares. */
static void try_repair(int trial, int count, bool sources)
{
    static struct told told;
    struct kwic_repaired done;
    bool by_sources = sources;
    bool certain = true;
    put_index(".kwic");
    seed = (uint64_t)trial * 7919 + 1;
    for (int i = 0; i < count; i++) {
        size_t number = damage();
        by_sources = by_sources && !is_kind(number, "sources");
        certain = certain && !is_kind(number, "deletes") && !is_kind(number, "sources");
    }
    bool whole = kwic_check(".kwic", NULL, NULL, NULL) == KWIC_OK;
    repair(&told, &done, false);
    assert_int_equal(whole, done.problems == 0);
    size_t missing = compare(trial, &told, &done);
    if (certain && (missing != done.lost || done.doubtful))
        fail_msg("trial %d: %zu missing, %d told lost, %d doubtful", trial, missing, (int)done.lost,
                 (int)done.doubtful);
    for (size_t i = 0; by_sources && i < told.lost.count; i++)
        if (told.lost.items[i].id[0] != 's' || told.lost.items[i].id[1] == 'r')
            fail_msg("trial %d: '%s' is lost, though its file is there", trial,
                     told.lost.items[i].id);
}

static void try_all(const char *store, bool sources)
{
    uint64_t scores;
    make_index(store);
    read_index(".kwic", &before, &scores);
    file_count = 0;
    read_files();
    if (!sources)
        assert_int_equal(rename("src", "away"), 0);
    for (int i = 0; i < TRIALS; i++)
        try_repair(i, 1 + i % 4, sources);
    for (size_t i = 0; i < file_count; i++)
        free(files[i].data);
}

static void test_every_document_is_there_or_told_lost(void **state)
{
    (void)state;
    try_all("words", false);
}

static void test_files_give_back_what_is_damaged(void **state)
{
    (void)state;
    try_all("words", true);
}

static void test_text_in_blocks_of_zlib(void **state)
{
    (void)state;
    try_all("zlib", false);
}

/* ---- The rest ----------------------------------------------------------------------------- */

static void prepare(void)
{
    uint64_t scores;
    make_index(NULL);
    read_index(".kwic", &before, &scores);
    file_count = 0;
    read_files();
    seed = 1;
}

static void finish(void)
{
    for (size_t i = 0; i < file_count; i++)
        free(files[i].data);
}

static size_t file_of(const char *kind)
{
    for (size_t i = 0; i < file_count; i++)
        if (is_kind(i, kind))
            return i;
    fail_msg("no %s", kind);
    return 0;
}

/* The files of the index as one number. */
static uint64_t folder_digest(void)
{
    uint64_t sum = 0;
    struct dirent *item;
    DIR *stream = opendir(".kwic");
    while ((item = readdir(stream))) {
        char text[4096];
        size_t size;
        char path[300];
        snprintf(path, sizeof path, ".kwic/%s", item->d_name);
        uint64_t hash = mix(3, item->d_name, strlen(item->d_name));
        FILE *file = fopen(path, "r");
        while (file && (size = fread(text, 1, sizeof text, file)) > 0)
            hash = mix(hash, text, size);
        if (file)
            fclose(file);
        sum += hash;
    }
    closedir(stream);
    return sum;
}

static void test_a_whole_index_stays_as_it_is(void **state)
{
    static struct told told;
    struct kwic_repaired done;
    (void)state;
    prepare();
    uint64_t digest = folder_digest();
    repair(&told, &done, false);
    assert_int_equal(done.problems, 0);
    assert_true(digest == folder_digest());
    finish();
}

static void test_a_dry_run_changes_nothing(void **state)
{
    static struct told told;
    struct kwic_repaired dry;
    struct kwic_repaired done;
    (void)state;
    prepare();
    scribble(file_of("segment"), 4096, 20000);
    uint64_t digest = folder_digest();
    repair(&told, &dry, true);
    assert_true(dry.problems > 0);
    assert_true(digest == folder_digest());
    repair(&told, &done, false);
    assert_memory_equal(&dry, &done, sizeof done);
    finish();
}

static void test_an_interrupted_repair_leaves_the_index(void **state)
{
    volatile int stop = 1;
    struct kwic_repair_options options = {.index = {.stop = &stop, .no_sync = true}};
    (void)state;
    prepare();
    scribble(file_of("segment"), 4096, 20000);
    uint64_t digest = folder_digest();
    assert_int_equal(kwic_repair(".kwic", &options, NULL, NULL), KWIC_E_INTERRUPTED);
    assert_true(digest == folder_digest());
    finish();
}

static void test_damaged_files_are_kept_aside(void **state)
{
    struct kwic_repair_options options = {.index = {.no_sync = true}, .keep = "kept"};
    struct kwic_error error;
    char path[100];
    (void)state;
    prepare();
    size_t number = file_of("segment");
    snprintf(path, sizeof path, "kept/%s", files[number].name);
    scribble(number, 5000, 1);
    assert_int_equal(kwic_repair(".kwic", &options, NULL, NULL), KWIC_OK);
    assert_int_equal(access(path, F_OK), 0);
    put_index(".kwic");
    scribble(number, 5000, 1);
    assert_int_equal(kwic_repair(".kwic", &options, NULL, &error), KWIC_E_USAGE);
    assert_non_null(strstr(error.message, "is there already"));
    assert_int_equal(kwic_check(".kwic", NULL, NULL, NULL), KWIC_E_DAMAGED);
    finish();
}

static void test_a_changed_file_gives_what_it_has_now(void **state)
{
    static struct told told;
    struct kwic_repaired done;
    (void)state;
    scratch_write("a.txt", "apple");
    scratch_write("r.jsonl",
                  "{\"id\":\"1\",\"text\":\"apple\"}\n{\"id\":\"2\",\"text\":\"pear\"}\n");
    scratch_run(".", NULL);
    file_count = 0;
    read_files();
    scribble(file_of("segment"), 0, 100);
    scratch_write("a.txt", "quince");
    scratch_write("r.jsonl", "{\"id\":\"2\",\"text\":\"pear quince\"}\n");
    repair(&told, &done, false);
    assert_string_equal(scratch_find("quince"), "a.txt 2 ");
    assert_string_equal(scratch_find("apple"), "");
    assert_int_equal(done.read, 2);
    assert_int_equal(done.lost, 1);
    assert_int_equal(done.unnamed, 1);
    assert_int_equal(scratch_run(NULL, NULL).unchanged, 2);
    finish();
}

/* A file that was not there while the index was repaired is indexed again when it is back. */
static void test_a_lost_file_comes_back(void **state)
{
    static struct told told;
    struct kwic_repaired done;
    (void)state;
    scratch_write("a.txt", "apple");
    scratch_write("b.txt", "apple");
    scratch_run(".", NULL);
    file_count = 0;
    read_files();
    scribble(file_of("segment"), 0, 100);
    assert_int_equal(rename("a.txt", ".away"), 0);
    repair(&told, &done, false);
    assert_int_equal(done.lost, 1);
    assert_string_equal(told.lost.items[0].id, "a.txt");
    assert_string_equal(scratch_find("apple"), "b.txt ");
    assert_int_equal(rename(".away", "a.txt"), 0);
    scratch_run(NULL, NULL);
    assert_string_equal(scratch_find("apple"), "a.txt b.txt ");
    finish();
}

static void test_a_manifest_is_not_guessed(void **state)
{
    struct kwic_error error;
    (void)state;
    prepare();
    scribble(file_of("manifest"), 4100, 1);
    uint64_t digest = folder_digest();
    assert_int_equal(kwic_repair(".kwic", NULL, NULL, &error), KWIC_E_DAMAGED);
    assert_non_null(strstr(error.hint, "kwic index"));
    assert_true(digest == folder_digest());
    finish();
}

static void test_other_places(void **state)
{
    struct kwic_error error;
    (void)state;
    assert_int_equal(kwic_repair("nowhere", NULL, NULL, &error), KWIC_E_NO_INDEX);
    assert_int_equal(access("nowhere", F_OK), -1);
    assert_int_equal(kwic_repair("xapian:db", NULL, NULL, &error), KWIC_E_USAGE);
    assert_non_null(strstr(error.hint, "xapian-check"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_set_up, scratch_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_every_document_is_there_or_told_lost),
        TEST(test_files_give_back_what_is_damaged),
        TEST(test_text_in_blocks_of_zlib),
        TEST(test_a_whole_index_stays_as_it_is),
        TEST(test_a_dry_run_changes_nothing),
        TEST(test_an_interrupted_repair_leaves_the_index),
        TEST(test_damaged_files_are_kept_aside),
        TEST(test_a_changed_file_gives_what_it_has_now),
        TEST(test_a_lost_file_comes_back),
        TEST(test_a_manifest_is_not_guessed),
        TEST(test_other_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
