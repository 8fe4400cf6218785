/* The native writer's threads and memory: whatever it is given of them, the index is the same, byte
 * by byte. */
#include "engine/native_writer.h"
#include "tests/unit/random_document.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/unit/library_scratch.h"

#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/wait.h>

enum { STEPS = 900, IDS = 300, COMMITS = 4, SEGMENT = 100000 };

/* What an index is built with. */
struct build {
    const char *folder;
    const char *language;
    uint32_t threads;
    size_t arrays;    /* bytes of a segment's arrays in memory; 0: all */
    uint64_t segment; /* bytes of input; 0: SEGMENT */
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
        .segment = build->segment ? build->segment : SEGMENT,
        .arrays = build->arrays,
    };
    must(kw_native_writer_new(&writer, build->folder, &options, NULL, &error), &error);
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

/* Builds an index with each number of threads, and in less memory, and holds it to that of one
 * thread in all the memory that it wants. */
static void compare_builds(const char *language)
{
    struct build builds[] = {
        {"plain", language, 1, 0, 0},       {"two", language, 2, 0, 0},
        {"three", language, 3, 0, 0},       {"seven", language, 7, 0, 0},
        {"small", language, 1, 1 << 16, 0}, {"two-small", language, 2, 1 << 14, 0},
        {"seven-least", language, 7, 1, 0},
    };
    enum { BUILDS = sizeof builds / sizeof *builds };
    struct kw_engine_writer *writers[BUILDS];
    uint64_t words[BUILDS], closed[BUILDS];
    for (size_t i = 0; i < BUILDS; i++) {
        writers[i] = begin(&builds[i]);
        words[i] = run(writers[i], &closed[i]);
        assert_int_equal(words[i], words[0]);
        assert_int_equal(closed[i], closed[0]);
        assert_same("plain", builds[i].folder);
    }
    assert_true(closed[0] > 3 * COMMITS);
    assert_true(words[0] > 10000);
    for (size_t i = 0; i < BUILDS; i++) {
        merge_all(writers[i]);
        writers[i]->ops->free(writers[i]);
        assert_same("plain", builds[i].folder);
        assert_int_equal(kwic_check(builds[i].folder, NULL, NULL, NULL), KWIC_OK);
    }
}

static void test_threads_and_memory_change_no_byte(void **state)
{
    (void)state;
    compare_builds("english");
}

static void test_threads_and_memory_of_many_languages(void **state)
{
    (void)state;
    compare_builds("auto");
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
    struct build build = {"index", "english", 3, 1, 0};
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

/* A disk that is full in the middle of a build: an error, and the last commit. */
static void test_a_full_disk_leaves_the_last_commit(void **state)
{
    static const struct build builds[] = {
        {"one", "english", 1, 0, 0}, {"three", "english", 3, 0, 0}, {"least", "english", 3, 1, 0}};
    struct rlimit before, small = {12000, RLIM_INFINITY};
    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    for (size_t i = 0; i < sizeof builds / sizeof *builds; i++) {
        static struct random_document sample;
        struct kw_error error = KW_ERROR_INIT;
        struct kw_added added;
        uint64_t seed = 7;
        struct kw_engine_writer *writer = begin(&builds[i]);
        add_random(writer, &seed);
        commit(writer);
        size_t files = count_files(builds[i].folder);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
        enum kw_status status = KW_OK;
        for (size_t k = 0; k < 500 && status == KW_OK; k++) {
            random_document(&seed, &sample);
            status = writer->ops->add(writer, &sample.document, &added, &error);
        }
        if (status == KW_OK)
            status = writer->ops->commit(writer, NULL, 0, NULL, 0, NULL, 0, &error);
        assert_int_equal(status, KW_E_IO);
        assert_non_null(strstr(error.message, "File too large"));
        writer->ops->free(writer);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        assert_int_equal(count_files(builds[i].folder), files);
        assert_int_equal(kwic_check(builds[i].folder, NULL, NULL, NULL), KWIC_OK);
    }
}

/* Killed at any moment, a writer leaves a commit, and the next one removes the rest. */
static void test_killed_at_any_moment(void **state)
{
    struct build build = {"index", "english", 3, 1 << 14, 0};
    uint64_t commits = 0;
    (void)state;
    for (useconds_t i = 0; i < 20 || !commits; i++) { /* on a slow machine they come late */
        pid_t child = fork();
        if (child == 0) {
            uint64_t closed;
            run(begin(&build), &closed);
            _exit(0);
        }
        usleep(3000 + i * 12000);
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, NULL, 0), child);
        struct kw_engine_writer *writer = begin(&build);
        size_t files = count_files("index");
        bool exists = writer->ops->commit_number(writer) > 0;
        assert_in_range(writer->ops->commit_number(writer), commits, UINT64_MAX);
        commits = writer->ops->commit_number(writer);
        writer->ops->free(writer);
        assert_int_equal(count_files("index"), exists ? files : 0);
        if (exists)
            assert_int_equal(kwic_check("index", NULL, NULL, NULL), KWIC_OK);
    }
}

static void test_empty_documents_fill_a_segment(void **state)
{
    struct kw_engine_writer *writer = begin(&(struct build){"index", "none", 2, 0, 0});
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
    struct kw_engine_writer *writer = begin(&(struct build){"index", "none", 3, 0, 0});
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

/* ---- Memory ------------------------------------------------------------------------------- */

/* Looks at the memory of its own that this process has, until it is told to stop. */
struct watch {
    atomic_bool stop;
    size_t peak; /* KiB */
};

static size_t own_memory(void)
{
    char line[200];
    size_t size = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "RssAnon: %zu kB", &size) == 1)
            break;
    if (file)
        fclose(file);
    return size;
}

static void *watch_memory(void *context)
{
    struct watch *watch = context;
    while (!watch->stop) {
        size_t size = own_memory();
        watch->peak = size > watch->peak ? size : watch->peak;
        usleep(1000);
    }
    return NULL;
}

/* How many MiB an index of one long text takes at most, whose arrays may take `arrays` bytes. */
static size_t measure(const char *folder, size_t arrays, struct kw_view text)
{
    struct kw_document document = {.id = kw_view_of("a"), .path = kw_view_of("a"), .text = text};
    struct watch watch = {.stop = false};
    struct kw_added added;
    pthread_t thread;
    size_t before = own_memory();
    struct kw_engine_writer *writer =
        begin(&(struct build){folder, "english", 2, arrays, UINT64_C(1) << 40});
    assert_int_equal(pthread_create(&thread, NULL, watch_memory, &watch), 0);
    assert_int_equal(writer->ops->add(writer, &document, &added, NULL), KW_OK);
    commit(writer);
    watch.stop = true;
    pthread_join(thread, NULL);
    writer->ops->free(writer);
    assert_true(before > 0 && watch.peak > 0);
    return watch.peak > before ? (watch.peak - before) / 1024 : 0;
}

/* A text whose words take four times as much memory as the bound leaves to them. */
static void test_long_texts_need_not_lie_in_memory(void **state)
{
    const char *sanitized = getenv("KWIC_SANITIZED");
    size_t size = 32 << 20;
    (void)state;
    if (sanitized && *sanitized) /* it keeps what was freed */
        skip();
    char *text = malloc(size + 8);
    assert_non_null(text);
    for (size_t at = 0; at < size; at += 4)
        snprintf(text + at, 8, "%03zx ", at / 4 * 7919 % 1999);
    struct kw_view view = {(const uint8_t *)text, size};
    size_t bounded = measure("bounded", 4 << 20, view), free_of_bounds = measure("free", 0, view);
    if (bounded > 40 || free_of_bounds < 120)
        fail_msg("%zu MiB with a bound, %zu without", bounded, free_of_bounds);
    assert_same("bounded", "free");
    free(text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_set_up, scratch_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_threads_and_memory_change_no_byte),
        TEST(test_threads_and_memory_of_many_languages),
        TEST(test_who_gives_up_leaves_the_last_commit),
        TEST(test_a_full_disk_leaves_the_last_commit),
        TEST(test_killed_at_any_moment),
        TEST(test_empty_documents_fill_a_segment),
        TEST(test_a_large_text_need_not_stay),
        TEST(test_long_texts_need_not_lie_in_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
