/* kwic repair: mends a damaged index and says what was lost. */
#include "cli/message.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "cli/where.h"

#include <inttypes.h>

struct settings {
    struct kw_common common;
    struct kw_strings index;
    const char *keep;
    bool dry_run;
    bool no_sync;
    double wait;
};

#define MEMBER(name) .offset = offsetof(struct settings, name)

static const struct kw_option repair_options[] = {
    {.letter = 'i',
     .name = "index",
     .kind = KW_OPTION_LIST,
     MEMBER(index),
     .argument = "WHERE",
     .help = "the index to repair"},
    {.letter = 'n',
     .name = "dry-run",
     MEMBER(dry_run),
     .help = "say what would be done, and change nothing"},
    {.name = "keep",
     .kind = KW_OPTION_STRING,
     MEMBER(keep),
     .argument = "DIR",
     .help = "keep copies of damaged files in DIR"},
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

/* What the callbacks need. */
struct run {
    const struct settings *settings;
    struct kw_output *output;
    struct kw_progress progress;
};

static void on_progress(void *context, const struct kwic_progress *state)
{
    struct run *run = context;
    kw_progress_draw(&run->progress, state);
}

static void on_warning(void *context, const char *message)
{
    struct run *run = context;
    kw_progress_clear(&run->progress);
    kw_message("%s", message);
}

/* Writes a line for what is damaged, lost or in doubt; with -v also for what is there again. */
static void on_event(void *context, enum kwic_repair_event event, struct kwic_text id,
                     const char *what)
{
    static const char *const words[] = {
        [KWIC_REPAIR_RESTORED] = "restored",
        [KWIC_REPAIR_READ] = "read",
        [KWIC_REPAIR_DOUBTFUL] = "doubtful",
        [KWIC_REPAIR_LOST] = "lost",
    };
    struct run *run = context;
    bool good = event == KWIC_REPAIR_RESTORED || event == KWIC_REPAIR_READ;

    if (good && !run->settings->common.verbose)
        return;
    kw_progress_clear(&run->progress);
    if (event == KWIC_REPAIR_NOTE) {
        kw_message("%s", what);
        return;
    }
    if (good) {
        kw_message("%s '%.*s': %s", words[event], (int)id.size, id.data, what);
        return;
    }
    if (event != KWIC_REPAIR_DAMAGE) {
        kw_output_string(run->output, words[event]);
        kw_output_string(run->output, " '");
        kw_output_result(run->output, id, KW_CLEAN_ONE_LINE);
        kw_output_string(run->output, "': ");
    }
    kw_output_result(run->output, KWIC_TEXT(what), KW_CLEAN_ONE_LINE);
    kw_output_string(run->output, "\n");
}

static void tell(const struct settings *settings, const char *where,
                 const struct kwic_repaired *done)
{
    if (!done->problems) {
        kw_message("'%s' is ok", where);
        return;
    }
    kw_message("%s '%s': %" PRIu64 " document%s restored, %" PRIu64 " indexed again, %" PRIu64
               " lost, %" PRIu64 " doubtful",
               settings->dry_run ? "would repair" : "repaired", where, done->restored,
               done->restored == 1 ? "" : "s", done->read, done->lost, done->doubtful);
}

static int repair(const struct settings *settings, const char *where, struct kw_output *output)
{
    struct run run = {.settings = settings, .output = output};
    struct kwic_repair_options with = {.index = {.wait = settings->wait,
                                                 .no_sync = settings->no_sync,
                                                 .stop = kw_signals_flag(),
                                                 .warn = on_warning,
                                                 .progress = on_progress,
                                                 .context = &run},
                                       .dry_run = settings->dry_run,
                                       .keep = settings->keep,
                                       .tell = on_event};
    struct kwic_repaired done = {0};
    struct kwic_error error = {0};

    kw_progress_init(&run.progress, KW_PROGRESS_AUTO, settings->common.quiet);
    if (settings->wait <= 0) /* who waits for another writer has nothing to stop cleanly */
        kw_signals_catch();
    enum kwic_status status = kwic_repair(where, &with, &done, &error);
    kw_progress_clear(&run.progress);
    if (status == KWIC_E_INTERRUPTED) {
        kw_message("interrupted: the index is as it was");
        kw_signals_end();
    }
    if (status != KWIC_OK)
        return kw_message_error(&error);
    if (!settings->common.quiet)
        tell(settings, where, &done);
    if (*with.index.stop != 0) /* during the commit, which was not to be stopped */
        kw_signals_end();
    return done.lost || done.doubtful ? KW_EXIT_NOTHING : KW_EXIT_DONE;
}

static int run_repair(int argc, char **argv, struct kw_output *output)
{
    struct settings settings = {0};
    struct kw_strings names = {0};
    struct kw_where where = {0};
    int status = kw_options_parse(&kw_command_repair, argc, argv, &settings, &names, output);

    if (status == KW_GO_ON && names.count > 0)
        status = kw_options_wrong(&kw_command_repair, "'repair' takes no '%s'", names.items[0]);
    if (status == KW_GO_ON && settings.index.count > 1)
        status = kw_message_usage("only one index can be written at a time");
    if (status == KW_GO_ON)
        status = kw_where_init(&where, &settings.index);
    if (status == KW_GO_ON)
        status = repair(&settings, where.items[0], output);
    kw_where_release(&where);
    kw_strings_release(&names);
    kw_strings_release(&settings.index);
    return status;
}

const struct kw_command kw_command_repair = {
    .name = "repair",
    .operands = "",
    .summary = "Mends a damaged index, and says what was lost.",
    .options = repair_options,
    .run = run_repair,
};
