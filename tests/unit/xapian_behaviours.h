/* Tables of behaviours of Xapian, provoked through the C API, each in a folder of its own. */
#ifndef XAPIAN_BEHAVIOURS_H
#define XAPIAN_BEHAVIOURS_H

#include "tests/unit/xapian_scratch.h"

#include <fcntl.h>

/* What a behaviour may use: made before it, freed after it. */
struct fixture {
    struct xc_database *database, *other;
    struct xc_document *document;
    struct xc_enquire *enquire;
    struct xc_query *query;
    struct xc_mset *mset;
    struct xc_postings *postings;
    struct xc_positions *positions;
    struct xc_terms *terms;
    const struct xc_error *error; /* of the failure, for more checks */
};

/* Overwrites bytes in the middle of a file. */
static inline void damage(const char *path, off_t from, off_t to, off_t step)
{
    char byte = 0x55;
    int file = open(path, O_RDWR);
    assert_true(file >= 0);
    for (off_t at = from; at < to; at += step)
        assert_int_equal(pwrite(file, &byte, 1, at), 1);
    close(file);
}

struct behaviour {
    const char *name;
    enum xc_status (*provoke)(struct fixture *with);
    enum xc_status status;
    const char *message; /* a part of it, where `error` is set; or NULL */
};

#define BEHAVIOUR(provoke, status)                                                                 \
    {                                                                                              \
#provoke, provoke, status, NULL                                                            \
    }
#define SAYING(provoke, status, message)                                                           \
    {                                                                                              \
#provoke, provoke, status, message                                                         \
    }

/* One behaviour, whose address is in the state that cmocka hands on. */
static inline void each_behaviour_has_its_status(void **state)
{
    const struct behaviour *behaviour = *state;
    struct fixture with = {.database = xc_database_new()};
    void *folder = NULL;
    enum xc_status status;
    assert_int_equal(scratch_set_up(&folder), 0);
    with.other = xc_database_new();
    with.document = xc_document_new();
    with.enquire = xc_enquire_new();
    with.query = xc_query_new();
    with.mset = xc_mset_new();
    with.postings = xc_postings_new();
    with.positions = xc_positions_new();
    with.terms = xc_terms_new();
    status = behaviour->provoke(&with);
    GIVES(status, behaviour->status);
    if (behaviour->message) {
        assert_non_null(strstr(with.error->message, behaviour->message));
        assert_int_equal(with.error->status, behaviour->status);
        assert_int_equal(with.error->retryable, xc_status_retryable(status));
    }
    xc_terms_free(with.terms);
    xc_positions_free(with.positions);
    xc_postings_free(with.postings);
    xc_mset_free(with.mset);
    xc_query_free(with.query);
    xc_enquire_free(with.enquire);
    xc_document_free(with.document);
    xc_database_free(with.other);
    xc_database_free(with.database);
    assert_int_equal(scratch_tear_down(&folder), 0);
}

/* The test of a behaviour. */
static inline struct CMUnitTest behaviour_test(const struct behaviour *behaviour)
{
    struct CMUnitTest test = {.name = behaviour->name,
                              .test_func = each_behaviour_has_its_status,
                              .initial_state = (void *)behaviour};
    return test;
}

#endif
