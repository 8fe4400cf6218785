/* A file of queries, answered one after another or by several processes side by side. */
#ifndef KW_CLI_BATCH_H
#define KW_CLI_BATCH_H

#include "cli/output.h"
#include "cli/queries.h"

/* Who answers, and what that changes. Everything is borrowed. */
struct kw_batch {
    /* Answers the query at hand. KW_GO_ON, or the exit status, after a message, that ends the
     * batch. */
    int (*answer)(void *context, const struct kw_queries *queries);
    void *context;
    struct kw_output *output; /* where answers go */
    const size_t *rendered;   /* queries rendered so far */
    int *status;              /* the worst of queries that do not end the batch */
    bool *found;              /* a query has a match */
    size_t workers;           /* processes to use, at least 1 */
};

enum { KW_BATCH_WORKERS = 256 }; /* at most */

/* The processors that this process may use: 1 to KW_BATCH_WORKERS. */
size_t kw_batch_processors(void);

/* Answers all queries of the file `name`, "-" for standard input. Answers and messages come in the
 * order of the queries, as from one process. One process alone answers standard input (each answer
 * goes out at once: who writes queries to a pipe may wait for it), and what is no regular file; the
 * handles that answering uses must bear to be used by processes forked from this one. KW_GO_ON, or
 * the exit status after a message. */
int kw_batch_run(const struct kw_batch *batch, const char *name);

#endif
