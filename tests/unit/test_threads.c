/* The native writer's threads: whatever their number, the index is the same, byte by byte. */
#include "engine/native_writer.h"
#include "tests/unit/random_document.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/unit/library_scratch.h"

#include <dirent.h>

enum { STEPS = 900, IDS = 300, COMMITS = 4, SEGMENT = 100000 };

/* What an index is built with. */
struct build {
    const char *folder;
    const char *language;
    uint32_t threads;
};

static void must(enum kw_status status, const struct kw_error *error)
{
    if (status != KW_OK)
        fail_msg("%s", error->message);
}

/* ---- A run -------------------------------------------------------------------------------- */

static void add_random(struct kw_engine_writer *writer, uint64_t *seed)
{
    static struct random_document sample;
    struct kw_error error = KW_ERROR_INIT;
    struct kw_added added;
    random_document(seed, &sample);
    bool own = !sample.document.line;
    snprintf(sample.id, sizeof sample.id, "d/%zu.txt", random_below(seed, IDS));
    sample.document.id = kw_view_of(sample.id);
    if (own)
        sample.document.path = sample.document.id;
    must(writer->ops->add(writer, &sample.document, &added, &error), &error);
    assert_null(added.refused);
}

/* Looks an id up, and perhaps deletes it: also one that a thread is busy with. */
static void remove_random(struct kw_engine_writer *writer, uint64_t *seed)
{
    struct kw_owner owner;
    char id[16];
    snprintf(id, sizeof id, "d/%zu.txt", random_below(seed, IDS));
    enum kw_status found = writer->ops->owner(writer, kw_view_of(id), &owner, NULL);
    assert_int_equal(writer->ops->remove(writer, kw_view_of(id), NULL), found);
    assert_int_equal(writer->ops->owner(writer, kw_view_of(id), &owner, NULL), KW_E_NOT_FOUND);
}

static void remove_random_path(struct kw_engine_writer *writer, uint64_t *seed)
{
    uint64_t count;
    char path[16];
    snprintf(path, sizeof path, "f%zu.jsonl", random_below(seed, RANDOM_PATHS));
    assert_int_equal(writer->ops->remove_path(writer, kw_view_of(path), &count, NULL), KW_OK);
}

static void commit(struct kw_engine_writer *writer)
{
    struct kw_error error = KW_ERROR_INIT;
    must(writer->ops->commit(writer, NULL, 0, NULL, 0, NULL, 0, &error), &error);
}

static struct kw_engine_writer *begin(const struct build *build)
{
    struct kw_error error = KW_ERROR_INIT;
    struct kw_engine_writer *writer;
    struct kw_writer_options options = {
        .language = build->language,
        .base = "/tmp",
        .create = true,
        .no_sync = true,
        .threads = build->threads,
        .segment = SEGMENT,
    };
    must(kw_native_writer_new(&writer, build->folder, &options, &error), &error);
    return writer;
}

/* Adds, replaces and deletes at random; returns how many words were added, and in *closed how many
 * segments were. */
static uint64_t run(struct kw_engine_writer *writer, uint64_t *closed)
{
    uint64_t seed = 20261122;
    *closed = 0;
    for (size_t step = 1; step <= STEPS; step++) {
        size_t kind = random_below(&seed, 40);
        if (kind == 0)
            remove_random_path(writer, &seed);
        else if (kind < 5)
            remove_random(writer, &seed);
        else
            add_random(writer, &seed);
        if (step % (STEPS / COMMITS) == 0) {
            *closed += writer->ops->closed(writer);
            commit(writer);
        }
    }
    return writer->ops->words(writer);
}

/* ---- Comparing ---------------------------------------------------------------------------- */

/* The whole file, *size bytes of it; the caller frees it. */
static char *read_file(const char *folder, const char *name, size_t *size)
{
    char path[300];
    struct stat info;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (!file)
        fail_msg("there is no '%s'", path);
    assert_int_equal(fstat(fileno(file), &info), 0);
    *size = (size_t)info.st_size;
    char *bytes = malloc(*size + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *size, file), *size);
    fclose(file);
    return bytes;
}

/* All files of `folder` are those of `other`. */
static void assert_same(const char *folder, const char *other)
{
    struct dirent *item;
    size_t files[2] = {0, 0};
    DIR *stream = opendir(other);
    assert_non_null(stream);
    while (readdir(stream))
        files[1]++;
    closedir(stream);
    stream = opendir(folder);
    assert_non_null(stream);
    while ((item = readdir(stream))) {
        size_t sizes[2];
        files[0]++;
        if (item->d_name[0] == '.')
            continue;
        char *one = read_file(folder, item->d_name, &sizes[0]);
        char *two = read_file(other, item->d_name, &sizes[1]);
        if (sizes[0] != sizes[1] || memcmp(one, two, sizes[0]) != 0)
            fail_msg("'%s' differs between '%s' and '%s'", item->d_name, folder, other);
        free(one);
        free(two);
    }
    closedir(stream);
    assert_int_equal(files[0], files[1]);
}

static void merge_all(struct kw_engine_writer *writer)
{
    struct kw_error error = KW_ERROR_INIT;
    struct kw_merging how = {.all = true, .effort = 2};
    struct kw_merged done;
    must(writer->ops->merge(writer, &how, &done, &error), &error);
    assert_int_equal(done.segments, 1);
    commit(writer);
}

/* Builds an index with each number of threads, and holds it to that of one. */
static void compare_threads(const char *language)
{
    static const uint32_t threads[] = {1, 2, 3, 7};
    struct kw_engine_writer *writers[4];
    uint64_t words[4], closed[4];
    char folders[4][20];
    for (size_t i = 0; i < 4; i++) {
        snprintf(folders[i], sizeof folders[i], "with-%u", threads[i]);
        writers[i] = begin(&(struct build){folders[i], language, threads[i]});
        words[i] = run(writers[i], &closed[i]);
        assert_int_equal(words[i], words[0]);
        assert_int_equal(closed[i], closed[0]);
        assert_same(folders[0], folders[i]);
    }
    assert_true(closed[0] > 3 * COMMITS);
    assert_true(words[0] > 10000);
    for (size_t i = 0; i < 4; i++) {
        merge_all(writers[i]);
        writers[i]->ops->free(writers[i]);
        assert_same(folders[0], folders[i]);
        assert_int_equal(kwic_check(folders[i], NULL, NULL, NULL), KWIC_OK);
    }
}

static void test_threads_write_the_same_bytes(void **state)
{
    (void)state;
    compare_threads("english");
}

static void test_threads_write_the_same_bytes_of_many_languages(void **state)
{
    (void)state;
    compare_threads("auto");
}

/* ---- Giving up ---------------------------------------------------------------------------- */

static size_t count_files(const char *folder)
{
    size_t count = 0;
    struct dirent *item;
    DIR *stream = opendir(folder);
    while (stream && (item = readdir(stream)))
        count += item->d_name[0] != '.';
    if (stream)
        closedir(stream);
    return count;
}

/* Freed at any moment, a writer leaves the last commit and no file of its own. */
static void test_who_gives_up_leaves_the_last_commit(void **state)
{
    struct build build = {"index", "english", 3};
    struct kw_engine_writer *writer = begin(&build);
    uint64_t seed = 7;
    (void)state;
    add_random(writer, &seed);
    commit(writer);
    size_t files = count_files("index");
    for (size_t count = 0; count < 200; count += 20) {
        for (size_t i = 0; i < count; i++)
            add_random(writer, &seed);
        writer->ops->free(writer);
        assert_int_equal(count_files("index"), files);
        assert_int_equal(kwic_check("index", NULL, NULL, NULL), KWIC_OK);
        writer = begin(&build);
        assert_int_equal(writer->ops->commit_number(writer), 1);
    }
    writer->ops->free(writer);
}

static void test_empty_documents_fill_a_segment(void **state)
{
    struct kw_engine_writer *writer = begin(&(struct build){"index", "none", 2});
    uint64_t added = 0;
    (void)state;
    for (; added < SEGMENT && !writer->ops->closed(writer); added++) {
        char id[16];
        struct kw_added done;
        snprintf(id, sizeof id, "%ju", (uintmax_t)added);
        struct kw_document document = {.id = kw_view_of(id), .path = kw_view_of("a"), .line = 1};
        assert_int_equal(writer->ops->add(writer, &document, &done, NULL), KW_OK);
    }
    assert_int_equal(writer->ops->closed(writer), 1);
    writer->ops->free(writer);
}

/* A text that is not copied is read to its end before the call returns. */
static void test_a_large_text_need_not_stay(void **state)
{
    struct kw_engine_writer *writer = begin(&(struct build){"index", "none", 3});
    size_t size = 9 << 20;
    uint8_t *text = malloc(size);
    struct kw_document document = {.id = kw_view_of("a"), .path = kw_view_of("a")};
    struct kw_added added;
    (void)state;
    assert_non_null(text);
    memset(text, 'a', size);
    for (size_t i = 0; i < size; i += 5)
        text[i] = ' ';
    document.text = (struct kw_view){text, size};
    assert_int_equal(writer->ops->add(writer, &document, &added, NULL), KW_OK);
    memset(text, 'b', size);
    free(text);
    commit(writer);
    writer->ops->free(writer);
    scratch_where = "index";
    assert_string_equal(scratch_find("aaaa"), "a ");
    assert_string_equal(scratch_find("bbbb"), "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_set_up, scratch_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_threads_write_the_same_bytes),
        TEST(test_threads_write_the_same_bytes_of_many_languages),
        TEST(test_who_gives_up_leaves_the_last_commit),
        TEST(test_empty_documents_fill_a_segment),
        TEST(test_a_large_text_need_not_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
