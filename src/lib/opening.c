/* Copies how an index was opened. */
#include "lib/opening.h"

#include <stdlib.h>
#include <string.h>

/* A copy of `count` strings, with a NULL behind them; NULL if memory runs out. */
static char **copy_strings(const char *const *strings, size_t count)
{
    char **copies = calloc(count + 1, sizeof *copies);
    bool whole = copies != NULL;
    for (size_t i = 0; i < count && whole; i++)
        whole = (copies[i] = strdup(strings[i])) != NULL;
    for (size_t i = 0; i < count && copies && !whole; i++)
        free(copies[i]);
    if (!whole)
        free(copies);
    return whole ? copies : NULL;
}

static void free_strings(char **strings)
{
    for (size_t i = 0; strings && strings[i]; i++)
        free(strings[i]);
    free(strings);
}

/* Copies what is said of other programs' databases. */
static bool copy_foreign(struct kw_opening *opening, const struct kwic_foreign *foreign)
{
    size_t count = 0;
    opening->foreign = *foreign;
    opening->options.foreign = &opening->foreign;
    while (foreign->prefixes && foreign->prefixes[count])
        count++;
    opening->schema = foreign->schema ? strdup(foreign->schema) : NULL;
    opening->language = foreign->language ? strdup(foreign->language) : NULL;
    opening->prefixes = copy_strings(foreign->prefixes, count);
    opening->foreign.schema = opening->schema;
    opening->foreign.language = opening->language;
    opening->foreign.prefixes = (const char *const *)opening->prefixes;
    return opening->prefixes && !foreign->schema == !opening->schema &&
           !foreign->language == !opening->language;
}

enum kw_status kw_opening_init(struct kw_opening *opening, const char *const *where, size_t count,
                               const struct kwic_open_options *options, struct kw_error *error)
{
    *opening = (struct kw_opening){.options = *options};
    opening->options.foreign = NULL;
    opening->where = copy_strings(where, count);
    opening->count = count;
    bool copied = opening->where && (!options->foreign || copy_foreign(opening, options->foreign));
    return copied ? KW_OK : kw_fail_memory(error);
}

void kw_opening_release(struct kw_opening *opening)
{
    free_strings(opening->where);
    free_strings(opening->prefixes);
    free(opening->schema);
    free(opening->language);
    *opening = (struct kw_opening){.where = NULL};
}
