/* For the tests of libxapian_c: a folder of its own that is the working directory while a test
 * runs, databases filled in a line, and texts compared in one. */
#ifndef XAPIAN_SCRATCH_H
#define XAPIAN_SCRATCH_H

#include "xapian/xapian_c.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define OK(call) assert_int_equal((call), XC_OK)
/* The status by its name, so that a failure says both. */
#define GIVES(call, status) assert_string_equal(xc_status_name(call), xc_status_name(status))

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_set_up, scratch_tear_down)

static inline int scratch_set_up(void **state)
{
    char *folder = strdup("/tmp/kwic-xapian-XXXXXX");
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
    status |= nftw(*state, scratch_remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(*state);
    return status;
}

static inline struct xc_text text(const char *string)
{
    struct xc_text given = {string, strlen(string)};
    return given;
}

static inline void assert_text(struct xc_text found, const char *expected)
{
    assert_int_equal(found.size, strlen(expected));
    assert_memory_equal(found.data, expected, found.size);
}

/* Whether `part` is in the text. */
static inline bool text_has(struct xc_text found, const char *part)
{
    return memmem(found.data, found.size, part, strlen(part)) != NULL;
}

/* Makes `document` one of these words, each with wdf 1 at its position, from 1; the first word is
 * its value in slot 0, and the whole its data. */
static inline void scratch_words(struct xc_document *document, const char *words)
{
    uint32_t position = 0;
    OK(xc_document_clear(document));
    OK(xc_document_set_data(document, text(words)));
    for (const char *at = words; *at;) {
        struct xc_text word = {at, strcspn(at, " ")};
        OK(xc_document_add_posting(document, word, ++position, 1));
        if (position == 1)
            OK(xc_document_set_value(document, 0, word));
        at += word.size;
        at += strspn(at, " ");
    }
}

/* Adds a document of these words; gives its docid. */
static inline uint32_t scratch_add(struct xc_database *database, const char *words)
{
    struct xc_document *document = xc_document_new();
    uint32_t docid = 0;
    assert_non_null(document);
    scratch_words(document, words);
    OK(xc_database_add_document(database, document, &docid));
    xc_document_free(document);
    return docid;
}

/* A new handle that writes to `path`. */
static inline struct xc_database *scratch_writer(const char *path)
{
    struct xc_database *database = xc_database_new();
    assert_non_null(database);
    OK(xc_database_open_writable(database, path, XC_CREATE_OR_OPEN | XC_NO_SYNC, 0));
    return database;
}

static inline struct xc_database *scratch_reader(const char *path)
{
    struct xc_database *database = xc_database_new();
    assert_non_null(database);
    OK(xc_database_open(database, path, 0));
    return database;
}

/* Five documents at `path`, docids 1 to 5. */
static inline void scratch_five(const char *path)
{
    struct xc_database *database = scratch_writer(path);
    scratch_add(database, "apple banana cherry");
    scratch_add(database, "banana cherry damson");
    scratch_add(database, "cherry damson elder apple");
    scratch_add(database, "damson elder fig fig fig");
    scratch_add(database, "apple apple banana grape");
    OK(xc_database_commit(database));
    xc_database_free(database);
}

/* The items of a list as one string, with a blank between them. */
static inline const char *scratch_terms(struct xc_terms *terms)
{
    static char all[1024];
    struct xc_text term;
    enum xc_status status;
    size_t size = 0;
    all[0] = 0;
    while ((status = xc_terms_next(terms, &term)) == XC_OK)
        size += (size_t)snprintf(all + size, sizeof all - size, "%s%.*s", size ? " " : "",
                                 (int)term.size, term.data);
    assert_int_equal(status, XC_END);
    return all;
}

/* The docids of what a query finds, as one string, in the order of the results. */
static inline const char *scratch_found(struct xc_enquire *enquire, const struct xc_query *query)
{
    static char all[1024];
    struct xc_mset *mset = xc_mset_new();
    struct xc_item item;
    size_t size = 0;
    all[0] = 0;
    assert_non_null(mset);
    OK(xc_enquire_set_query(enquire, query, 0));
    OK(xc_enquire_search(enquire, 0, 100, 100, NULL, NULL, mset));
    for (uint32_t i = 0; i < xc_mset_size(mset); i++) {
        OK(xc_mset_items(mset, i, 1, &item));
        size +=
            (size_t)snprintf(all + size, sizeof all - size, "%s%u", size ? " " : "", item.docid);
    }
    xc_mset_free(mset);
    return all;
}

#endif
