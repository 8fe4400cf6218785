/* The line on a terminal that tells how far an indexing run is, and its summary. */
#include "cli/progress.h"

#include "cli/message.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "cli/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const double interval = 0.1; /* seconds between two drawings */

double kw_progress_clock(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void kw_progress_init(struct kw_progress *progress, bool quiet)
{
    bool is_terminal = isatty(STDERR_FILENO) == 1;

    *progress = (struct kw_progress){
        .enabled = !quiet && is_terminal,
        .begun = kw_progress_clock(),
        .width = kw_terminal_width(STDERR_FILENO, is_terminal),
    };
}

/* Megabytes a second; a run too short to measure counts as a millisecond. */
static double rate(uint64_t bytes, double seconds)
{
    return (double)bytes / 1e6 / (seconds < 0.001 ? 0.001 : seconds);
}

void kw_progress_draw(struct kw_progress *progress, const struct kwic_progress *state)
{
    double now = kw_progress_clock();
    struct kw_output output;
    char line[1200];

    if (!progress->enabled || now - progress->drawn < interval)
        return;
    progress->drawn = now;
    progress->shown = true;
    int size = state->total > 0
                   ? snprintf(line, sizeof line, "%s: %.1f of %.1f MB, %.1f MB/s", state->path,
                              (double)state->bytes / 1e6, (double)state->total / 1e6,
                              rate(state->bytes, now - progress->begun))
                   : snprintf(line, sizeof line, "%" PRIu64 " documents, %.1f MB, %.1f MB/s  %s",
                              state->documents, (double)state->bytes / 1e6,
                              rate(state->bytes, now - progress->begun),
                              state->path != NULL ? state->path : "");
    struct kwic_text text = {line, size < (int)sizeof line ? (size_t)size : sizeof line - 1};
    kw_output_init(&output, STDERR_FILENO);
    kw_output_string(&output, "\r\033[K");
    kw_output_clean(&output, kw_text_fitting(text, progress->width - 1),
                    KW_CLEAN_ONE_LINE | KW_CLEAN_SAFE);
    kw_output_flush(&output);
}

void kw_progress_clear(struct kw_progress *progress)
{
    struct kw_output output;

    if (!progress->shown)
        return;
    progress->shown = false;
    kw_output_init(&output, STDERR_FILENO);
    kw_output_string(&output, "\r\033[K");
    kw_output_flush(&output);
}

/* Appends a count that is worth a mention to the line. */
static void mention(char *line, size_t capacity, uint64_t count, const char *what)
{
    size_t used = strlen(line);

    if (count > 0)
        snprintf(line + used, capacity - used, ", %" PRIu64 " %s", count, what);
}

void kw_progress_summary(const struct kw_progress *progress, const struct kwic_summary *summary,
                         bool verbose)
{
    double seconds = kw_progress_clock() - progress->begun;
    uint64_t documents = summary->added + summary->replaced;
    char line[400];

    snprintf(line, sizeof line, "indexed %" PRIu64 " document%s", documents,
             documents == 1 ? "" : "s");
    mention(line, sizeof line, summary->unchanged, "unchanged");
    mention(line, sizeof line, summary->removed, "removed");
    mention(line, sizeof line, summary->skipped, "skipped");
    mention(line, sizeof line, summary->not_text, "not text");
    mention(line, sizeof line, summary->misfits,
            summary->misfits == 1 ? "value of another type" : "values of another type");
    kw_message("%s; %.1f MB in %.1f s, %.1f MB/s", line, (double)summary->bytes / 1e6, seconds,
               rate(summary->bytes, seconds));
    if (verbose)
        kw_message("%" PRIu64 " new, %" PRIu64 " replaced, %" PRIu64 " words, %" PRIu64
                   " invalid bytes repaired",
                   summary->added, summary->replaced, summary->words, summary->repaired);
}
