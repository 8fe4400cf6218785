/* A folder for the tests of src/lib: the working directory while a test runs, filled with files,
 * indexed and searched in a line each. */
#ifndef LIBRARY_SCRATCH_H
#define LIBRARY_SCRATCH_H

#include "lib/kwic.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where the index is that the functions below write and search. */
static const char *scratch_where = ".kwic";

/* What runs were warned of, one message a line. */
struct scratch_log {
    char text[4096];
    size_t count;
};

static inline int scratch_set_up(void **state)
{
    char *folder = strdup("/tmp/kwic-library-XXXXXX");
    unsetenv("KWIC_INDEX");
    *state = folder;
    return folder && mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static inline int scratch_remove_one(const char *path, const struct stat *info, int kind,
                                     struct FTW *place)
{
    (void)info;
    (void)kind;
    (void)place;
    return remove(path);
}

static inline int scratch_tear_down(void **state)
{
    int status = chdir("/");
    nftw(*state, scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(*state);
    return status;
}

/* Writes a file; its folder must be there. */
static inline void scratch_write(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static inline void scratch_warn(void *context, const char *message)
{
    struct scratch_log *log = context;
    size_t used = strlen(log->text);
    snprintf(log->text + used, sizeof log->text - used, "%s\n", message);
    log->count++;
}

static inline struct kwic_index_options scratch_options(struct scratch_log *log)
{
    *log = (struct scratch_log){.count = 0};
    return (struct kwic_index_options){.no_sync = true, .warn = scratch_warn, .context = log};
}

/* One run: adds `path` (NULL: refreshes) to the index and commits. */
static inline struct kwic_summary scratch_run(const char *path,
                                              const struct kwic_index_options *options)
{
    struct kwic_index_options plain = {.no_sync = true};
    struct kwic_error error = {0};
    struct kwic_writer *writer;
    struct kwic_summary summary;
    if (kwic_writer_new(&writer, scratch_where, options ? options : &plain, &error) != KWIC_OK)
        fail_msg("%s", error.message);
    enum kwic_status status =
        path ? kwic_writer_add_path(writer, path, &error) : kwic_writer_refresh(writer, &error);
    if (status == KWIC_OK)
        status = kwic_writer_commit(writer, &error);
    if (status != KWIC_OK)
        fail_msg("%s", error.message);
    kwic_writer_summary(writer, &summary);
    kwic_writer_free(writer);
    return summary;
}

/* Deletes a document of the index by id and commits. */
static inline void scratch_delete(const char *id)
{
    struct kwic_index_options plain = {.no_sync = true};
    struct kwic_writer *writer;
    assert_int_equal(kwic_writer_new_existing(&writer, scratch_where, &plain, NULL), KWIC_OK);
    assert_int_equal(kwic_writer_delete(writer, KWIC_TEXT(id), true, NULL), KWIC_OK);
    assert_int_equal(kwic_writer_commit(writer, NULL), KWIC_OK);
    kwic_writer_free(writer);
}

static inline struct kwic_index *scratch_open(const char *where)
{
    struct kwic_error error = {0};
    struct kwic_index *index;
    if (kwic_index_new(&index, &where, 1, &error) != KWIC_OK)
        fail_msg("%s", error.message);
    return index;
}

/* The ids of the results that are still to come, each with a space behind it. Static. */
static inline const char *scratch_ids(struct kwic_results *results)
{
    static char found[4096];
    struct kwic_error error = {0};
    struct kwic_result result;
    enum kwic_status status;
    found[0] = '\0';
    while ((status = kwic_results_next(results, &result, &error)) == KWIC_OK) {
        size_t used = strlen(found);
        snprintf(found + used, sizeof found - used, "%.*s ", (int)result.doc.size, result.doc.data);
    }
    assert_int_equal(status, KWIC_END);
    return found;
}

/* The ids of the documents that the index finds for `query`, best first, each with a space behind
 * it. Static. */
static inline const char *scratch_find_in(struct kwic_index *index, const char *query)
{
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    struct kwic_error error = {0};
    struct kwic_results *results;
    options.limit = 100;
    options.documents = true;
    if (kwic_search(&results, index, KWIC_TEXT(query), &options, &error) != KWIC_OK)
        fail_msg("%s", error.message);
    const char *found = scratch_ids(results);
    kwic_results_free(results);
    return found;
}

/* The same in the index as it is now. */
static inline const char *scratch_find(const char *query)
{
    struct kwic_index *index = scratch_open(scratch_where);
    const char *found = scratch_find_in(index, query);
    kwic_index_free(index);
    return found;
}

/* A small index: three files and a file of records. */
static inline void scratch_make_index(void)
{
    mkdir("sub", 0777);
    scratch_write("a.txt", "The border guards slept.\n");
    scratch_write("sub/b.md", "# Guards\n\nA guard at the border of the field.\n");
    scratch_write("r.jsonl",
                  "{\"id\":\"r1\",\"title\":\"Night train\",\"text\":\"Heroin on the train.\","
                  "\"author\":\"Ann Lee\",\"year\":1999}\n"
                  "{\"id\":\"r2\",\"text\":\"Nothing here.\"}\n");
    scratch_run(".", NULL);
}

/* Adds a.txt to an index in `folder`, in a language of its own (NULL: the usual one). */
static inline void scratch_make_second(const char *folder, const char *language)
{
    struct kwic_index_options options = {.no_sync = true, .language = language};
    struct kwic_writer *writer;
    assert_int_equal(kwic_writer_new(&writer, folder, &options, NULL), KWIC_OK);
    assert_int_equal(kwic_writer_add_path(writer, "a.txt", NULL), KWIC_OK);
    assert_int_equal(kwic_writer_commit(writer, NULL), KWIC_OK);
    kwic_writer_free(writer);
}

static inline bool text_is(struct kwic_text text, const char *wanted)
{
    return text.size == strlen(wanted) && memcmp(text.data, wanted, text.size) == 0;
}

#endif
