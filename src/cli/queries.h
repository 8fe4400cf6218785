/* Files of queries: one a line, as `QID<TAB>QUERY` or as the query alone. */
#ifndef KW_CLI_QUERIES_H
#define KW_CLI_QUERIES_H

#include "cli/message.h"

#include <stdio.h>

struct kw_queries {
    const char *name; /* of the file, borrowed */
    FILE *file;
    int error; /* errno of a failure to read, else 0 */
    char *line;
    size_t capacity;
    char digits[24];
    /* Of the query at hand, valid until the next one: */
    uint64_t number;        /* of its line, from 1 */
    struct kwic_text id;    /* the line's number if it has none or an empty one, so that it is a
                               column of trec */
    struct kwic_text query; /* without the line's end; may be empty behind a tab */
};

/* Opens the file `name`, "-" for standard input. KW_GO_ON, or the exit status after a message. */
int kw_queries_init(struct kw_queries *queries, const char *name);
/* Opens the file of `from`, a regular one, again, to go on behind its query at hand. KW_GO_ON, or
 * the exit status after a message: if its name now stands for another file, too. */
int kw_queries_init_behind(struct kw_queries *queries, const struct kw_queries *from);
void kw_queries_release(struct kw_queries *queries);

/* Goes to the next line that is not empty. False at the file's end, and if it cannot be read. */
bool kw_queries_next(struct kw_queries *queries);

/* KW_GO_ON if all lines so far could be read, or the exit status after a message. */
int kw_queries_status(const struct kw_queries *queries);

#endif
