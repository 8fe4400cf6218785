/* Reads files of queries line by line, so that a pipe can be answered at once. */
#include "cli/queries.h"

#include "cli/options.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int kw_queries_init(struct kw_queries *queries, const char *name)
{
    *queries = (struct kw_queries){.name = name};
    queries->file = strcmp(name, "-") == 0 ? stdin : fopen(name, "re");
    if (queries->file == NULL)
        return kw_message_usage("cannot open '%s': %s", name, strerror(errno));
    return KW_GO_ON;
}

int kw_queries_init_behind(struct kw_queries *queries, const struct kw_queries *from)
{
    struct stat file, was;
    int status = kw_queries_init(queries, from->name);

    if (status != KW_GO_ON)
        return status;
    if (fstat(fileno(queries->file), &file) != 0 || fstat(fileno(from->file), &was) != 0 ||
        file.st_dev != was.st_dev || file.st_ino != was.st_ino ||
        fseeko(queries->file, ftello(from->file), SEEK_SET) != 0) {
        kw_queries_release(queries);
        return kw_message_usage("cannot read '%s': it has changed", from->name);
    }
    queries->number = from->number;
    return KW_GO_ON;
}

void kw_queries_release(struct kw_queries *queries)
{
    free(queries->line);
    if (queries->file != NULL && queries->file != stdin)
        fclose(queries->file);
    *queries = (struct kw_queries){0};
}

static void cut(struct kw_queries *queries, size_t size)
{
    const char *line = queries->line;
    const char *tab = memchr(line, '\t', size);

    snprintf(queries->digits, sizeof queries->digits, "%" PRIu64, queries->number);
    queries->id = KWIC_TEXT(queries->digits);
    queries->query = (struct kwic_text){line, size};
    if (tab == NULL)
        return;
    if (tab > line)
        queries->id = (struct kwic_text){line, (size_t)(tab - line)};
    queries->query = (struct kwic_text){tab + 1, size - (size_t)(tab - line) - 1};
}

bool kw_queries_next(struct kw_queries *queries)
{
    for (;;) {
        ssize_t size = getline(&queries->line, &queries->capacity, queries->file);
        if (size < 0) {
            queries->error = feof(queries->file) ? 0 : errno;
            return false;
        }
        queries->number++;
        if (size > 0 && queries->line[size - 1] == '\n')
            size--;
        if (size > 0 && queries->line[size - 1] == '\r')
            size--;
        if (size == 0)
            continue;
        cut(queries, (size_t)size);
        return true;
    }
}

int kw_queries_status(const struct kw_queries *queries)
{
    if (queries->error == 0)
        return KW_GO_ON;
    return kw_message_usage("cannot read '%s': %s", queries->name, strerror(queries->error));
}
