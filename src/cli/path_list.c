/* Reads lists of paths one by one. */
#include "cli/path_list.h"

#include "cli/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int kw_path_list_init(struct kw_path_list *list, const char *name, bool null)
{
    *list = (struct kw_path_list){.name = name, .null = null, .status = KW_GO_ON};
    list->file = strcmp(name, "-") == 0 ? stdin : fopen(name, "re");
    if (list->file == NULL)
        return kw_message_usage("cannot open '%s': %s", name, strerror(errno));
    return KW_GO_ON;
}

void kw_path_list_release(struct kw_path_list *list)
{
    free(list->line);
    if (list->file != NULL && list->file != stdin)
        fclose(list->file);
    *list = (struct kw_path_list){0};
}

const char *kw_path_list_next(struct kw_path_list *list)
{
    int end = list->null ? '\0' : '\n';

    for (;;) {
        errno = 0;
        ssize_t size = getdelim(&list->line, &list->capacity, end, list->file);
        if (size < 0) {
            if (!feof(list->file) || ferror(list->file))
                list->status =
                    kw_message_usage("cannot read '%s': %s", list->name, strerror(errno));
            return NULL;
        }
        if (size > 0 && list->line[size - 1] == end)
            list->line[--size] = '\0';
        if (strlen(list->line) != (size_t)size) {
            list->status = kw_message_usage("a path in '%s' holds a NUL byte", list->name);
            kw_message_hint("'--null' reads paths that end with one");
            return NULL;
        }
        if (size > 0)
            return list->line;
    }
}
