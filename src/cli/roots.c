/* The paths that an index was made from, and when they were last walked. */
#include "cli/roots.h"

#include "cli/json.h"
#include "cli/message.h"

#include <time.h>

struct writing {
    struct kw_output *output;
    bool json;
    size_t count;
};

/* Writes a time as UTC; false if it is not known. */
static bool format_time(int64_t seconds, char text[32])
{
    time_t moment = (time_t)seconds;
    struct tm parts;

    return seconds != 0 && gmtime_r(&moment, &parts) != NULL &&
           strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &parts) > 0;
}

static void write_root(void *context, const struct kwic_root *root)
{
    struct writing *writing = context;
    struct kw_output *output = writing->output;
    char text[32];
    bool known = format_time(root->walked, text);

    if (writing->json) {
        kw_output_string(output, writing->count > 0 ? ",{\"path\":" : "{\"path\":");
        kw_json_string(output, root->path);
        kw_output_format(output, known ? ",\"walked\":\"%s\"}" : ",\"walked\":null}", text);
    } else {
        kw_output_string(output, writing->count > 0 ? "" : "\nlast walked           path\n");
        kw_output_format(output, "%-20s  ", known ? text : "not known");
        kw_output_clean(output, root->path, KW_CLEAN_ONE_LINE | KW_CLEAN_SAFE);
        kw_output_string(output, "\n");
    }
    writing->count++;
}

int kw_roots_write(struct kw_output *output, struct kwic_index *index, bool json)
{
    struct writing writing = {output, json, 0};
    struct kwic_error error = {0};

    kw_output_string(output, json ? ",\"roots\":[" : "");
    enum kwic_status status = kwic_index_roots(index, write_root, &writing, &error);
    kw_output_string(output, json ? "]" : "");
    return status == KWIC_OK ? KW_EXIT_DONE : kw_message_error(&error);
}
