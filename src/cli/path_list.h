/* Lists of paths in a file: one a line, or each ended by NUL. */
#ifndef KW_CLI_PATH_LIST_H
#define KW_CLI_PATH_LIST_H

#include "cli/message.h"

#include <stdio.h>

struct kw_path_list {
    const char *name; /* of the file, borrowed; NULL: there is no list */
    bool null;
    FILE *file;
    char *line;
    size_t capacity;
    int status; /* once there are no more: KW_GO_ON, or the exit status after a message */
};

/* Opens the file `name`, "-" for standard input. KW_GO_ON, or the exit status after a message. */
int kw_path_list_init(struct kw_path_list *list, const char *name, bool null);
void kw_path_list_release(struct kw_path_list *list);

/* The next path that is not empty, valid until the call after it; NULL: there are no more, or it
 * cannot be read (list->status). */
const char *kw_path_list_next(struct kw_path_list *list);

#endif
