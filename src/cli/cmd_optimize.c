/* kwic optimize: one segment of many. */
#include "cli/message.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "cli/where.h"

#include <inttypes.h>

struct settings {
    struct kw_common common;
    struct kw_strings index;
    bool no_sync;
    double wait;
    size_t effort;
};

#define MEMBER(name) .offset = offsetof(struct settings, name)

static const struct kw_option optimize_options[] = {
    {.letter = 'i',
     .name = "index",
     .kind = KW_OPTION_LIST,
     MEMBER(index),
     .argument = "WHERE",
     .help = "the index to optimize"},
    {.name = "effort",
     .kind = KW_OPTION_SIZE,
     MEMBER(effort),
     .argument = "N",
     .least = 0,
     .most = 100,
     .help = "order documents in N rounds, for a smaller index (0)"},
    {.name = "no-sync", MEMBER(no_sync), .help = "do not wait until all is on the disk"},
    {.name = "wait",
     .kind = KW_OPTION_NUMBER,
     MEMBER(wait),
     .argument = "SECONDS",
     .least = 0,
     .most = 1e9,
     .help = "wait so long for another writer (0)"},
    {.name = NULL},
};

static void on_progress(void *context, const struct kwic_progress *state)
{
    kw_progress_draw(context, state);
}

static void tell(const struct kwic_optimized *done, double seconds)
{
    const char *plural = done->segments_before == 1 ? "" : "s";

    if (done->changed)
        kw_message("merged %" PRIu64 " segment%s into 1; %.1f MB were %.1f MB, in %.1f s",
                   done->segments_before, plural, (double)done->bytes / 1e6,
                   (double)done->bytes_before / 1e6, seconds);
    else
        kw_message("nothing to do: %" PRIu64 " segment%s, %.1f MB", done->segments, plural,
                   (double)done->bytes / 1e6);
}

static int optimize(const struct settings *settings, const char *where)
{
    struct kw_progress progress;
    struct kwic_index_options with = {.wait = settings->wait,
                                      .no_sync = settings->no_sync,
                                      .stop = kw_signals_flag(),
                                      .progress = on_progress,
                                      .context = &progress};
    struct kwic_writer *writer = NULL;
    struct kwic_optimized done = {0};
    struct kwic_error error = {0};
    kw_progress_init(&progress, KW_PROGRESS_AUTO, settings->common.quiet);
    enum kwic_status status = kwic_writer_new_existing(&writer, where, &with, &error);
    kw_signals_catch(); /* not before: who waits has nothing to stop cleanly */
    if (status == KWIC_OK)
        status = kwic_writer_optimize(writer, (uint32_t)settings->effort, &done, &error);
    kw_progress_clear(&progress);
    kwic_writer_free(writer);
    if (status == KWIC_E_INTERRUPTED) {
        kw_message("interrupted: the index is as it was");
        kw_signals_end();
    }
    if (status != KWIC_OK)
        return kw_message_error(&error);
    if (!settings->common.quiet)
        tell(&done, kw_progress_clock() - progress.begun);
    if (*with.stop != 0) /* during the commit, which was not to be stopped */
        kw_signals_end();
    return KW_EXIT_DONE;
}

static int run_optimize(int argc, char **argv, struct kw_output *output)
{
    struct settings settings = {0};
    struct kw_strings names = {0};
    struct kw_where where = {0};
    int status = kw_options_parse(&kw_command_optimize, argc, argv, &settings, &names, output);

    if (status == KW_GO_ON && names.count > 0)
        status = kw_options_wrong(&kw_command_optimize, "'optimize' takes no '%s'", names.items[0]);
    if (status == KW_GO_ON && settings.index.count > 1)
        status = kw_message_usage("only one index can be written at a time");
    if (status == KW_GO_ON)
        status = kw_where_init(&where, &settings.index);
    if (status == KW_GO_ON)
        status = optimize(&settings, where.items[0]);
    kw_where_release(&where);
    kw_strings_release(&names);
    kw_strings_release(&settings.index);
    return status;
}

const struct kw_command kw_command_optimize = {
    .name = "optimize",
    .operands = "",
    .summary = "Merges the segments of an index into one.",
    .options = optimize_options,
    .run = run_optimize,
};
