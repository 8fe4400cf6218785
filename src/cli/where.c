/* Which index a command works on. */
#include "cli/where.h"

#include "cli/message.h"

#include <stddef.h>
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

bool kw_where_native(const struct kw_strings *given)
{
    struct kw_where where;
    bool native = kw_where_init(&where, given) == KW_GO_ON;

    for (size_t i = 0; i < where.count && native; i++)
        native = strncmp(where.items[i], "xapian:", 7) != 0;
    kw_where_release(&where);
    return native;
}

#define MEMBER(name) .offset = offsetof(struct kw_foreign_settings, name)

const struct kw_option kw_foreign_options[] = {
    {.name = "schema",
     .kind = KW_OPTION_STRING,
     MEMBER(schema),
     .argument = "NAME",
     .help = "whose database: omega, notmuch, mu, recoll, plain"},
    {.name = "prefix",
     .kind = KW_OPTION_LIST,
     MEMBER(prefixes),
     .argument = "NAME:PFX",
     .help = "a field of it, and what its terms begin with"},
    {.name = NULL},
};

void kw_foreign_settings_release(struct kw_foreign_settings *settings)
{
    kw_strings_release(&settings->prefixes);
}

static void write_remark(void *context, const char *message)
{
    (void)context;
    kw_message("%s", message);
}

int kw_where_open_with(struct kwic_index **index, const struct kw_strings *given,
                       const struct kw_foreign_settings *foreign, const char *language, bool quiet,
                       const struct kwic_open_options *options)
{
    struct kw_where where;
    struct kwic_error error = {0};
    const struct kwic_foreign how = {.schema = foreign->schema,
                                     .prefixes = foreign->prefixes.items,
                                     .language = language,
                                     .remark = quiet ? NULL : write_remark};
    struct kwic_open_options with = *options;
    int status = kw_where_init(&where, given);

    *index = NULL;
    with.foreign = &how;
    if (status == KW_GO_ON &&
        kwic_index_new_with(index, where.items, where.count, &with, &error) != KWIC_OK)
        status = kw_message_error(&error);
    kw_where_release(&where);
    return status;
}

int kw_where_open(struct kwic_index **index, const struct kw_strings *given,
                  const struct kw_foreign_settings *foreign, const char *language, bool quiet)
{
    static const struct kwic_open_options defaults = KWIC_OPEN_OPTIONS_INIT;

    return kw_where_open_with(index, given, foreign, language, quiet, &defaults);
}
