/* libxapian_c: what readers meet where a file is damaged, or a writer overtakes them: a table of
 * behaviours, and the status of each. */
#include "tests/unit/xapian_behaviours.h"

#include <sys/stat.h>
#include <sys/wait.h>

/* ---- Damage, and writers under readers ---------------------------------------------------- */

static void many(struct fixture *with)
{
    OK(xc_database_open_writable(with->database, "many", XC_CREATE_OR_OPEN, 2048));
    for (int i = 0; i < 400; i++)
        scratch_add(with->database, i % 2 ? "odd number of words" : "even number of words");
    OK(xc_database_commit(with->database));
}

static enum xc_status read_damaged(struct fixture *with)
{
    struct stat info;
    enum xc_status status = XC_OK;
    uint32_t docid;
    many(with);
    OK(xc_database_open(with->database, "many", 0));
    assert_int_equal(stat("many/postlist.glass", &info), 0);
    damage("many/postlist.glass", 0, info.st_size, 1);
    status = xc_database_postings(with->database, text("number"), with->postings);
    while (status == XC_OK)
        status = xc_postings_next(with->postings, &docid);
    return status;
}

/* Two commits that change the blocks that a reader reads. */
static void commit_twice(const char *path)
{
    struct xc_database *writer = scratch_writer(path);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 400; i++)
            scratch_add(writer, "odd even number of words");
        OK(xc_database_commit(writer));
    }
    xc_database_free(writer);
}

static enum xc_status read_after_one_commit(struct fixture *with)
{
    uint32_t docids[300];
    size_t count;
    many(with);
    OK(xc_database_open(with->other, "many", 0));
    scratch_add(with->database, "odd number of words");
    OK(xc_database_commit(with->database));
    OK(xc_database_postings(with->other, text("odd"), with->postings));
    OK(xc_postings_read(with->postings, docids, NULL, NULL, 300, &count));
    assert_int_equal(count, 200);
    return XC_OK;
}

static enum xc_status read_postings_after_two(struct fixture *with)
{
    many(with);
    OK(xc_database_open(with->database, "many", 0));
    commit_twice("many");
    return xc_database_postings(with->database, text("number"), with->postings);
}

static enum xc_status search_after_two(struct fixture *with)
{
    enum xc_status status;
    many(with);
    OK(xc_database_open(with->database, "many", 0));
    OK(xc_enquire_start(with->enquire, with->database));
    OK(xc_query_set_term(with->query, text("number"), 1, 0));
    OK(xc_enquire_set_query(with->enquire, with->query, 0));
    commit_twice("many");
    status = xc_enquire_search(with->enquire, 0, 10, 0, NULL, NULL, with->mset);
    with->error = xc_enquire_error(with->enquire);
    /* After a reopen the same enquire finds what there is now. */
    OK(xc_database_reopen(with->database, NULL));
    OK(xc_enquire_search(with->enquire, 0, 10, 0, NULL, NULL, with->mset));
    assert_int_equal(xc_mset_size(with->mset), 10);
    return status;
}

/* An iteration that a writer overtakes fails; it does not end. */
static enum xc_status step_after_two(struct fixture *with)
{
    enum xc_status status;
    uint32_t docid = 0, seen = 0;
    OK(xc_database_open_writable(with->database, "long", XC_CREATE_OR_OPEN, 2048));
    for (int i = 0; i < 20000; i++)
        scratch_add(with->database, "word");
    OK(xc_database_commit(with->database));
    OK(xc_database_open(with->database, "long", 0));
    OK(xc_database_postings(with->database, text("word"), with->postings));
    OK(xc_postings_next(with->postings, &docid));
    for (int round = 0; round < 3; round++) {
        struct xc_database *writer = scratch_writer("long");
        for (uint32_t i = 0; i < 20000; i += 50)
            OK(xc_database_delete_document(writer, i + 10 + (uint32_t)round));
        OK(xc_database_commit(writer));
        xc_database_free(writer);
    }
    while ((status = xc_postings_next(with->postings, &docid)) == XC_OK)
        seen++;
    assert_true(seen < 20000);
    GIVES(xc_postings_next(with->postings, &docid), status);
    GIVES(xc_postings_skip_to(with->postings, 30000, &docid), status);
    with->error = xc_postings_error(with->postings);
    return status;
}

/* A real writer in another process, that holds the lock and then commits twice. */
static enum xc_status meet_another_process(struct fixture *with)
{
    int ready[2], go[2], state;
    char byte = 0;
    pid_t child;
    many(with);
    OK(xc_database_open(with->database, "many", 0));
    assert_int_equal(pipe(ready) | pipe(go), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct xc_database *writer = scratch_writer("many");
        if (write(ready[1], &byte, 1) != 1 || read(go[0], &byte, 1) != 1)
            _exit(1);
        xc_database_free(writer);
        commit_twice("many");
        _exit(0);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    GIVES(xc_database_open_writable(with->other, "many", XC_OPEN, 0), XC_E_DATABASE_LOCK);
    assert_int_equal(write(go[1], &byte, 1), 1);
    assert_int_equal(waitpid(child, &state, 0), child);
    assert_int_equal(state, 0);
    OK(xc_database_open_writable(with->other, "many", XC_OPEN, 0));
    close(ready[0]), close(ready[1]), close(go[0]), close(go[1]);
    with->error = xc_database_error(with->database);
    return xc_database_postings(with->database, text("number"), with->postings);
}

/* ------------------------------------------------------------------------------------------- */

static const struct behaviour behaviours[] = {
    BEHAVIOUR(read_damaged, XC_E_DATABASE_CORRUPT),
    BEHAVIOUR(read_after_one_commit, XC_OK),
    BEHAVIOUR(read_postings_after_two, XC_E_DATABASE_MODIFIED),
    SAYING(search_after_two, XC_E_DATABASE_MODIFIED, "reopen"),
    SAYING(step_after_two, XC_E_DATABASE_MODIFIED, "reopen"),
    SAYING(meet_another_process, XC_E_DATABASE_MODIFIED, "reopen"),
};

enum { COUNT = sizeof behaviours / sizeof *behaviours };

int main(void)
{
    struct CMUnitTest tests[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        tests[i] = behaviour_test(&behaviours[i]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
