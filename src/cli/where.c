/* Which index a command works on. */
#include "cli/where.h"

#include "cli/message.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void set_single(struct kw_where *where, const char *path)
{
    where->single[0] = path;
    where->items = where->single;
    where->count = 1;
}

int kw_where_init(struct kw_where *where, const struct kw_strings *given)
{
    struct kwic_error error = {0};

    *where = (struct kw_where){given->items, given->count, NULL, {NULL, NULL}};
    if (given->count > 0)
        return KW_GO_ON;
    if (kwic_find_index(&where->found, &error) != KWIC_OK)
        return kw_message_error(&error);
    set_single(where, where->found);
    return KW_GO_ON;
}

int kw_where_init_writer(struct kw_where *where, const struct kw_strings *given)
{
    struct kwic_error error = {0};
    struct stat info;

    *where = (struct kw_where){0};
    if (given->count > 1)
        return kw_message_usage("only one index can be written at a time");
    if (given->count == 1)
        return kw_where_init(where, given);
    enum kwic_status status = kwic_find_index(&where->found, &error);
    if (status == KWIC_OK) {
        set_single(where, where->found);
        return KW_GO_ON;
    }
    /* One that is there and was not found belongs to another user: it is not ours to write to. */
    if (status != KWIC_E_NO_INDEX || lstat(".kwic", &info) == 0)
        return kw_message_error(&error);
    set_single(where, ".kwic");
    return KW_GO_ON;
}

void kw_where_release(struct kw_where *where)
{
    free(where->found);
    *where = (struct kw_where){0};
}

int kw_where_open(struct kwic_index **index, const struct kw_strings *given)
{
    struct kw_where where;
    struct kwic_error error = {0};
    int status = kw_where_init(&where, given);

    *index = NULL;
    if (status == KW_GO_ON && kwic_index_new(index, where.items, where.count, &error) != KWIC_OK)
        status = kw_message_error(&error);
    kw_where_release(&where);
    return status;
}
