/* The lives of a writer of Xapian databases: what is committed stays, what is not goes; other
 * writers are kept out, and other people's databases left alone. */
#include "tests/unit/xapian_scratch.h"
#include "xapian/settings.h"
#include "xapian/xapian_writer.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

static struct kw_view view(const char *string)
{
    return kw_view_of(string);
}

static void assert_views(struct kw_view a, struct kw_view b)
{
    assert_int_equal(a.size, b.size);
    if (a.size)
        assert_memory_equal(a.data, b.data, a.size);
}

static struct kw_engine_writer *open_writer(const char *where, bool create)
{
    struct kw_writer_options options = {.create = create, .no_sync = true};
    struct kw_engine_writer *writer;
    struct kw_error error = KW_ERROR_INIT;
    if (kw_xapian_writer_new(&writer, where, &options, &error) != KW_OK)
        fail_msg("%s", error.message);
    return writer;
}

static void add(struct kw_engine_writer *writer, const char *id, const char *words)
{
    struct kw_document document = {
        .id = view(id), .path = view(id), .title = view(""), .text = view(words)};
    struct kw_added added;
    assert_int_equal(writer->ops->add(writer, &document, &added, NULL), KW_OK);
}

static void commit(struct kw_engine_writer *writer)
{
    assert_int_equal(writer->ops->commit(writer, NULL, 0, NULL, 0, NULL, 0, NULL), KW_OK);
}

static uint32_t documents_of(const char *path)
{
    struct xc_database *database = xc_database_new();
    struct xc_statistics statistics;
    OK(xc_database_open(database, path, 0));
    OK(xc_database_statistics(database, &statistics));
    xc_database_free(database);
    return statistics.documents;
}

static void test_a_new_database_without_commit_is_removed(void **state)
{
    (void)state;
    struct kw_engine_writer *writer = open_writer("xapian:db", true);
    add(writer, "a", "apple");
    writer->ops->free(writer);
    assert_int_equal(access("db", F_OK), -1);
    assert_int_equal(mkdir("db", 0777), 0);
    writer = open_writer("xapian:db", true);
    writer->ops->free(writer);
    assert_int_equal(rmdir("db"), 0);
}

static void test_what_is_not_committed_is_given_up(void **state)
{
    (void)state;
    struct kw_engine_writer *writer = open_writer("xapian:db", true);
    add(writer, "a", "apple");
    commit(writer);
    add(writer, "b", "pear");
    assert_int_equal(writer->ops->remove(writer, view("a"), NULL), KW_OK);
    writer->ops->free(writer);
    assert_int_equal(documents_of("db"), 1);
    writer = open_writer("xapian:db", false);
    assert_int_equal(writer->ops->remove(writer, view("b"), NULL), KW_E_NOT_FOUND);
    assert_int_equal(writer->ops->remove(writer, view("a"), NULL), KW_OK);
    writer->ops->free(writer);
}

/* Xapian by itself puts documents on disk whenever there are 10,000 new ones. */
static void test_a_killed_writer_leaves_the_last_commit(void **state)
{
    static struct kw_engine_writer *writer; /* still known when it is killed */
    int status;
    (void)state;
    writer = open_writer("xapian:db", true);
    add(writer, "a", "apple");
    commit(writer);
    writer->ops->free(writer);
    pid_t child = fork();
    if (child == 0) {
        char id[16];
        writer = open_writer("xapian:db", false);
        for (int i = 0; i < 10100; i++) {
            snprintf(id, sizeof id, "%d", i);
            add(writer, id, "pear");
        }
        kill(getpid(), SIGKILL);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(documents_of("db"), 1);
    writer = open_writer("xapian:db", false);
    writer->ops->free(writer);
}

static void test_a_second_writer_is_kept_out(void **state)
{
    struct kw_writer_options options = {.create = true, .wait = 0.1};
    struct kw_engine_writer *second;
    struct kw_error error = KW_ERROR_INIT;
    (void)state;
    struct kw_engine_writer *writer = open_writer("xapian:db", true);
    assert_int_equal(kw_xapian_writer_new(&second, "xapian:db", &options, &error), KW_E_LOCKED);
    assert_null(second);
    assert_string_equal(error.message, "index 'xapian:db' is locked by another writer");
    add(writer, "a", "apple");
    commit(writer);
    writer->ops->free(writer);
    assert_int_equal(documents_of("db"), 1);
}

/* Two ids that share a term, as their ends are only a hash there, are two documents; so are paths.
 */
static void test_long_ids_are_told_apart(void **state)
{
    char ids[2][600];
    struct kw_owner owner;
    uint64_t count;
    (void)state;
    struct kw_engine_writer *writer = open_writer("xapian:db", true);
    for (int i = 0; i < 2; i++) {
        memset(ids[i], 'a', sizeof ids[i]);
        memcpy(ids[i] + 590, i == 0 ? "0" : "1", 2);
        add(writer, ids[i], "apple");
    }
    assert_int_equal(writer->ops->owner(writer, view(ids[1]), &owner, NULL), KW_OK);
    assert_views(owner.path, view(ids[1]));
    assert_int_equal(owner.serial, 2);
    assert_int_equal(writer->ops->remove_path(writer, view(ids[0]), &count, NULL), KW_OK);
    assert_int_equal(count, 1);
    assert_int_equal(writer->ops->remove(writer, view(ids[0]), NULL), KW_E_NOT_FOUND);
    assert_int_equal(writer->ops->remove(writer, view(ids[1]), NULL), KW_OK);
    writer->ops->free(writer);
}

/* Sources of several pieces come back, and those that are no more needed go. */
static void test_large_sources_lie_in_pieces(void **state)
{
    enum { FILES = 40000 };
    static char names[FILES][80];
    static struct kw_source_file files[FILES];
    struct kw_source_file found;
    struct xc_text piece;
    (void)state;
    for (int i = 0; i < FILES; i++) {
        snprintf(names[i], sizeof names[i], "a folder with a long name/and a file of it/%06d", i);
        files[i] = (struct kw_source_file){view(names[i]), (uint64_t)i, i, 1, 0};
    }
    struct kw_engine_writer *writer = open_writer("xapian:db", true);
    assert_int_equal(writer->ops->commit(writer, files, FILES, NULL, 0, NULL, 0, NULL), KW_OK);
    writer->ops->free(writer);
    writer = open_writer("xapian:db", false);
    struct kw_sources *sources = writer->ops->sources(writer);
    assert_int_equal(kw_sources_files(sources), FILES);
    assert_int_equal(kw_sources_find(sources, view(names[31234]), &found, NULL), KW_OK);
    assert_int_equal(found.size, 31234);
    assert_int_equal(writer->ops->commit(writer, files, 1, NULL, 0, NULL, 0, NULL), KW_OK);
    writer->ops->free(writer);
    struct xc_database *database = xc_database_new();
    OK(xc_database_open(database, "db", 0));
    OK(xc_database_metadata(database, text(KW_SOURCES_KEY "1"), &piece));
    assert_int_equal(piece.size, 0);
    xc_database_free(database);
}

static void test_a_database_of_others_is_left_alone(void **state)
{
    struct kw_writer_options options = {.create = true};
    struct kw_engine_writer *writer;
    struct kw_error error = KW_ERROR_INIT;
    struct xc_database *database = xc_database_new();
    struct xc_document *document = xc_document_new();
    (void)state;
    OK(xc_database_open_writable(database, "db", XC_CREATE, 0));
    OK(xc_document_add_term(document, text("apple"), 1));
    OK(xc_database_add_document(database, document, NULL));
    OK(xc_database_commit(database));
    OK(xc_database_close(database));
    assert_int_equal(kw_xapian_writer_new(&writer, "xapian:db", &options, &error), KW_E_NO_INDEX);
    assert_string_equal(error.message, "'xapian:db' is a Xapian database that kwic did not make");
    assert_int_equal(documents_of("db"), 1);
    xc_document_free(document);
    xc_database_free(database);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(test_a_new_database_without_commit_is_removed),
        IN_SCRATCH(test_what_is_not_committed_is_given_up),
        IN_SCRATCH(test_a_killed_writer_leaves_the_last_commit),
        IN_SCRATCH(test_a_second_writer_is_kept_out),
        IN_SCRATCH(test_long_ids_are_told_apart),
        IN_SCRATCH(test_large_sources_lie_in_pieces),
        IN_SCRATCH(test_a_database_of_others_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
