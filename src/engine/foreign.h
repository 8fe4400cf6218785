/* What is said of indexes that another program made, and what an engine of them is lent to read the
 * files that they name. */
#ifndef KW_ENGINE_FOREIGN_H
#define KW_ENGINE_FOREIGN_H

#include "base/bytes.h"

/* A file's text, in UTF-8. */
struct kw_file_text {
    struct kw_bytes title; /* may be empty */
    struct kw_bytes text;
};

/* Zeroed says nothing: what an index is has to be plain from the index. */
struct kw_foreign_options {
    const char *schema;          /* whose it is: a name; NULL: to be found out. It and what follows
                                    are borrowed for the call that opens */
    const char *const *prefixes; /* NULL-terminated, each "NAME:PREFIX": fields that the schema does
                                    not have; NULL: none */
    const char *language;        /* of its stems; NULL: the schema's */
    /* Reads the file `path` of the MIME type `type`, of which "" is to be found out, into `file`,
     * whose parts are empty. Fails as sources do; NULL: files are not read. Lives, with `context`,
     * as long as the engine. */
    enum kw_status (*read)(void *context, const char *path, const char *type,
                           struct kw_file_text *file, struct kw_error *error);
    /* Is told, lower case and without a full stop, what a person should know: as what an index was
     * read, and which files could not be. NULL: nobody asks. Lives as long as the engine. */
    void (*remark)(void *context, const char *message);
    void *context;
};

#endif
