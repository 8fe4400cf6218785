/* Commits: one writer at a time, all or nothing, and readers that nothing moves under. */
#include "index/commit.h"

#include "index/deletes.h"
#include "index/snapshot.h"
#include "tests/unit/index_builder.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

static struct scratch scratch;

static int setup(void **state)
{
    (void)state;
    scratch_init(&scratch);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    scratch_release(&scratch);
    return 0;
}

/* ---- The lock ----------------------------------------------------------------------------- */

static void one_writer_holds_the_lock(void **state)
{
    struct kw_error error = KW_ERROR_INIT;
    int first;
    int second;
    (void)state;
    assert_int_equal(kw_lock_init(&first, scratch.folder, 0, NULL), KW_OK);
    assert_int_equal(kw_lock_init(&second, scratch.folder, 0, &error), KW_E_LOCKED);
    assert_int_equal(second, -1);
    assert_non_null(strstr(error.message, "is locked by another writer"));
    assert_int_equal(kw_lock_init(&second, scratch.folder, 0.12, NULL), KW_E_LOCKED);
    kw_lock_release(&first);
    assert_int_equal(first, -1);
    kw_lock_release(&first);
    assert_int_equal(kw_lock_init(&second, scratch.folder, 0, NULL), KW_OK);
    kw_lock_release(&second);
}

static void a_folder_that_is_not_there_has_no_lock(void **state)
{
    int fd;
    (void)state;
    assert_int_equal(kw_lock_init(&fd, scratch_path(&scratch, "none"), 0, NULL), KW_E_IO);
    assert_int_equal(fd, -1);
}

static void the_lock_dies_with_its_process(void **state)
{
    int ready[2];
    char byte;
    int fd;
    (void)state;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        if (kw_lock_init(&fd, scratch.folder, 0, NULL) == KW_OK && write(ready[1], "x", 1) == 1)
            pause();
        _exit(1);
    }
    assert_true(child > 0);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(kw_lock_init(&fd, scratch.folder, 0, NULL), KW_E_LOCKED);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(kw_lock_init(&fd, scratch.folder, 0, NULL), KW_OK);
    kw_lock_release(&fd);
    close(ready[0]);
    close(ready[1]);
}

/* ---- Publishing and sweeping -------------------------------------------------------------- */

/* Writes segment-NUMBER with `count` documents whose ids are the number and a letter. */
static void write_segment(uint64_t number, uint32_t count)
{
    struct index_builder builder;
    char *path = kw_index_file(scratch.folder, "segment", number);
    builder_init(&builder, path, NULL);
    for (uint32_t i = 0; i < count; i++) {
        char id[32];
        snprintf(id, sizeof id, "%llu%c", (unsigned long long)number, (int)('a' + i));
        builder_add(&builder, id, "", "some text\n");
    }
    builder_finish(&builder, 1);
    free(path);
}

/* Publishes commit `commit`, of one segment with as many documents as `documents` says. */
static void publish(uint64_t commit, uint64_t number, uint32_t documents)
{
    char base[] = "..";
    struct kw_manifest_segment segment = {number, documents, 0, 0};
    struct kw_manifest manifest = {commit, number + 1, 1, "english", false, base,
                                   0,      &segment,   1, NULL,      0,     false};
    assert_int_equal(kw_commit(&manifest, scratch.folder, false, NULL), KW_OK);
}

static bool has_segment(uint64_t number)
{
    char name[32];
    snprintf(name, sizeof name, "segment-%llu", (unsigned long long)number);
    return scratch_has(&scratch, name);
}

static void a_commit_is_what_snapshots_open(void **state)
{
    struct kw_snapshot *snapshot;
    uint32_t segment;
    uint32_t document;
    (void)state;
    write_segment(1, 3);
    publish(1, 1, 3);
    assert_int_equal(kw_snapshot_new(&snapshot, scratch.folder, NULL), KW_OK);
    assert_int_equal(snapshot->manifest.commit, 1);
    assert_int_equal(snapshot->segments[0]->documents, 3);
    assert_int_equal(kw_snapshot_find_id(snapshot, kw_view_of("1b"), &segment, &document, NULL),
                     KW_OK);
    assert_int_equal(segment, 0);
    assert_int_equal(document, 1);
    assert_int_equal(kw_snapshot_find_id(snapshot, kw_view_of("1d"), &segment, &document, NULL),
                     KW_E_NOT_FOUND);
    kw_snapshot_free(snapshot);
}

static void a_commit_removes_what_it_does_not_name(void **state)
{
    (void)state;
    write_segment(1, 1);
    publish(1, 1, 1);
    write_segment(2, 1);
    scratch_write(&scratch, "deletes-9", kw_view_of(""));
    scratch_write(&scratch, "sources-9", kw_view_of(""));
    scratch_write(&scratch, "segment-x", kw_view_of("not ours"));
    scratch_write(&scratch, "notes-9", kw_view_of("not ours"));
    publish(2, 2, 1);
    assert_false(has_segment(1));
    assert_true(has_segment(2));
    assert_false(scratch_has(&scratch, "deletes-9"));
    assert_false(scratch_has(&scratch, "sources-9"));
    assert_true(scratch_has(&scratch, "segment-x"));
    assert_true(scratch_has(&scratch, "notes-9"));
    assert_true(scratch_has(&scratch, "manifest"));
}

static void sweeping_keeps_what_the_manifest_names(void **state)
{
    struct kw_manifest_segment segments[] = {{1, 1, 0, 0}, {4, 1, 1, 5}};
    struct kw_manifest manifest = {1, 10, 1, "none", false, NULL, 6, segments, 2, NULL, 0, false};
    static const char *const names[] = {"segment-1", "segment-4", "deletes-5",
                                        "sources-6", "segment-5", "segment-6",
                                        "deletes-1", "deletes-4", "sources-1"};
    (void)state;
    for (size_t i = 0; i < 9; i++)
        scratch_write(&scratch, names[i], kw_view_of("x"));
    assert_int_equal(kw_commit_sweep(&manifest, scratch.folder, NULL), KW_OK);
    for (size_t i = 0; i < 9; i++)
        assert_int_equal(scratch_has(&scratch, names[i]), i < 4);
}

/* ---- Snapshots ---------------------------------------------------------------------------- */

static void a_snapshot_outlives_its_files(void **state)
{
    struct kw_snapshot *snapshot;
    struct kw_record record;
    (void)state;
    write_segment(1, 2);
    publish(1, 1, 2);
    assert_int_equal(kw_snapshot_new(&snapshot, scratch.folder, NULL), KW_OK);
    write_segment(2, 1);
    publish(2, 2, 1);
    assert_false(has_segment(1));
    assert_int_equal(kw_segment_record(snapshot->segments[0], 1, &record, NULL), KW_OK);
    assert_true(kw_view_equal(record.id, kw_view_of("1b")));
    kw_snapshot_free(snapshot);
}

static void missing_files_are_damage(void **state)
{
    struct kw_snapshot *snapshot;
    struct kw_error error = KW_ERROR_INIT;
    (void)state;
    write_segment(1, 2);
    publish(1, 1, 3); /* not the segment that the commit names */
    assert_int_equal(kw_snapshot_new(&snapshot, scratch.folder, &error), KW_E_DAMAGED);
    assert_null(snapshot);
    publish(2, 1, 2);
    assert_int_equal(unlink(scratch_path(&scratch, "segment-1")), 0);
    assert_int_equal(kw_snapshot_new(&snapshot, scratch.folder, &error), KW_E_DAMAGED);
    assert_non_null(strstr(error.message, "segment-1"));
}

static void deleted_documents_are_not_found(void **state)
{
    struct kw_snapshot *snapshot;
    struct kw_manifest_segment segments[] = {{1, 3, 1, 3}, {2, 2, 0, 0}};
    struct kw_manifest manifest = {1, 4, 1, "english", false, NULL, 0, segments, 2, NULL, 0, false};
    uint32_t segment;
    uint32_t document = 1;
    (void)state;
    write_segment(1, 3);
    write_segment(2, 2);
    struct kw_segment *first = builder_segment(scratch_path(&scratch, "segment-1"));
    assert_int_equal(
        kw_deletes_write(scratch_path(&scratch, "deletes-3"), first, &document, 1, false, NULL),
        KW_OK);
    kw_segment_free(first);
    assert_int_equal(kw_commit(&manifest, scratch.folder, false, NULL), KW_OK);
    assert_int_equal(kw_snapshot_new(&snapshot, scratch.folder, NULL), KW_OK);
    assert_int_equal(kw_snapshot_find_id(snapshot, kw_view_of("1b"), &segment, &document, NULL),
                     KW_E_NOT_FOUND);
    assert_int_equal(kw_snapshot_find_id(snapshot, kw_view_of("1c"), &segment, &document, NULL),
                     KW_OK);
    assert_int_equal(kw_snapshot_find_id(snapshot, kw_view_of("2a"), &segment, &document, NULL),
                     KW_OK);
    assert_int_equal(segment, 1);
    kw_snapshot_free(snapshot);
}

/* Publishes commits 2 to 150, each with a segment of its own. */
static void *write_commits(void *done)
{
    for (uint64_t commit = 2; commit <= 150; commit++) {
        write_segment(commit, 1 + (uint32_t)(commit % 7));
        publish(commit, commit, 1 + (uint32_t)(commit % 7));
    }
    atomic_store((atomic_bool *)done, true);
    return NULL;
}

static void snapshots_open_while_commits_happen(void **state)
{
    atomic_bool done = false;
    pthread_t writer;
    uint64_t before = 0;
    (void)state;
    write_segment(1, 2);
    publish(1, 1, 2);
    assert_int_equal(pthread_create(&writer, NULL, write_commits, &done), 0);
    while (!atomic_load(&done)) {
        struct kw_snapshot *snapshot;
        struct kw_record record;
        char id[32];
        assert_int_equal(kw_snapshot_new(&snapshot, scratch.folder, NULL), KW_OK);
        uint64_t commit = snapshot->manifest.commit;
        assert_true(commit >= before);
        before = commit;
        assert_int_equal(snapshot->segments[0]->documents, 1 + commit % 7);
        assert_int_equal(kw_segment_record(snapshot->segments[0], 0, &record, NULL), KW_OK);
        snprintf(id, sizeof id, "%llua", (unsigned long long)commit);
        assert_true(kw_view_equal(record.id, kw_view_of(id)));
        kw_snapshot_free(snapshot);
    }
    assert_int_equal(pthread_join(writer, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_writer_holds_the_lock, setup, teardown),
        cmocka_unit_test_setup_teardown(a_folder_that_is_not_there_has_no_lock, setup, teardown),
        cmocka_unit_test_setup_teardown(the_lock_dies_with_its_process, setup, teardown),
        cmocka_unit_test_setup_teardown(a_commit_is_what_snapshots_open, setup, teardown),
        cmocka_unit_test_setup_teardown(a_commit_removes_what_it_does_not_name, setup, teardown),
        cmocka_unit_test_setup_teardown(sweeping_keeps_what_the_manifest_names, setup, teardown),
        cmocka_unit_test_setup_teardown(a_snapshot_outlives_its_files, setup, teardown),
        cmocka_unit_test_setup_teardown(missing_files_are_damage, setup, teardown),
        cmocka_unit_test_setup_teardown(deleted_documents_are_not_found, setup, teardown),
        cmocka_unit_test_setup_teardown(snapshots_open_while_commits_happen, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
