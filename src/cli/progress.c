/* How far an indexing run is, and its summary: a line on a terminal, or objects for programs. */
#include "cli/progress.h"

#include "cli/json.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "cli/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const double interval = 0.1;        /* seconds between two drawings … */
static const double object_interval = 1.0; /* … and between two objects */

double kw_progress_clock(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void kw_progress_init(struct kw_progress *progress, enum kw_progress_form form, bool quiet)
{
    bool is_terminal = isatty(STDERR_FILENO) == 1;
    bool objects = form == KW_PROGRESS_JSONL;

    *progress = (struct kw_progress){
        .enabled = objects || (!quiet && is_terminal && form == KW_PROGRESS_AUTO),
        .objects = objects,
        .begun = kw_progress_clock(),
        .width = kw_terminal_width(STDERR_FILENO, is_terminal),
    };
}

/* Megabytes a second; a run too short to measure counts as a millisecond. */
static double rate(uint64_t bytes, double seconds)
{
    return (double)bytes / 1e6 / (seconds < 0.001 ? 0.001 : seconds);
}

/* Seconds that are left at the speed so far; below 0: nobody knows. */
static double seconds_left(uint64_t bytes, uint64_t total, double seconds)
{
    if (total == 0 || bytes == 0)
        return -1;
    return bytes < total ? (double)(total - bytes) / (double)bytes * seconds : 0;
}

/* The end of a line or an object that is written at once. */
static void flush(struct kw_output *output, const char *end)
{
    kw_output_string(output, end);
    kw_output_flush(output);
}

/* Writes a duration as a person says it. */
static void format_left(char *text, size_t capacity, double seconds)
{
    unsigned long whole = (unsigned long)(seconds + 0.5);

    if (seconds < 0)
        text[0] = '\0';
    else if (whole < 120)
        snprintf(text, capacity, ", %lu s left", whole);
    else if (whole < 7200)
        snprintf(text, capacity, ", %lu min left", (whole + 30) / 60);
    else
        snprintf(text, capacity, ", %.1f h left", seconds / 3600);
}

/* The line that is drawn; returns its size. */
static size_t format_line(char *line, size_t capacity, const struct kwic_progress *state,
                          uint64_t total, double seconds)
{
    char left[40], of[40] = "";
    int size;

    format_left(left, sizeof left, seconds_left(state->bytes, total, seconds));
    if (total > 0)
        snprintf(of, sizeof of, " of %.1f", (double)total / 1e6);
    if (state->total > 0) /* a merge, which has no documents of its own */
        size = snprintf(line, capacity, "%s: %.1f%s MB, %.1f MB/s%s", state->path,
                        (double)state->bytes / 1e6, of, rate(state->bytes, seconds), left);
    else
        size =
            snprintf(line, capacity,
                     "%" PRIu64 " documents, %.1f%s MB, %.1f MB/s, %" PRIu64 " segment%s%s  %s",
                     state->documents, (double)state->bytes / 1e6, of, rate(state->bytes, seconds),
                     state->segments, state->segments == 1 ? "" : "s", left,
                     state->path != NULL ? state->path : "");
    return size < (int)capacity ? (size_t)size : capacity - 1;
}

/* Writes the object of progress. */
static void write_object(const struct kwic_progress *state, uint64_t total, double seconds)
{
    struct kw_output output;
    double left = seconds_left(state->bytes, total, seconds);

    kw_output_init(&output, STDERR_FILENO);
    kw_output_format(&output,
                     "{\"event\":\"progress\",\"documents\":%" PRIu64 ",\"bytes\":%" PRIu64
                     ",\"total\":",
                     state->documents, state->bytes);
    if (total > 0)
        kw_output_format(&output, "%" PRIu64, total);
    else
        kw_output_string(&output, "null");
    kw_output_format(&output, ",\"rate\":%.0f,\"segments\":%" PRIu64 ",\"seconds\":%.3f,\"left\":",
                     1e6 * rate(state->bytes, seconds), state->segments, seconds);
    if (left >= 0)
        kw_output_format(&output, "%.1f", left);
    else
        kw_output_string(&output, "null");
    kw_output_string(&output, ",\"path\":");
    kw_json_string(&output, KWIC_TEXT(state->path != NULL ? state->path : ""));
    flush(&output, "}\n");
}

void kw_progress_draw(struct kw_progress *progress, const struct kwic_progress *state)
{
    double now = kw_progress_clock();
    uint64_t total = state->total > 0 ? state->total : progress->total;
    struct kw_output output;
    char line[1200];

    if (!progress->enabled ||
        now - progress->drawn < (progress->objects ? object_interval : interval))
        return;
    progress->drawn = now;
    if (progress->objects) {
        write_object(state, total, now - progress->begun);
        return;
    }
    progress->shown = true;
    struct kwic_text text = {line,
                             format_line(line, sizeof line, state, total, now - progress->begun)};
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
    flush(&output, "\r\033[K");
}

void kw_progress_warning(struct kw_progress *progress, const char *message)
{
    struct kw_output output;

    kw_progress_clear(progress);
    if (!progress->objects) {
        kw_message("%s", message);
        return;
    }
    kw_output_init(&output, STDERR_FILENO);
    kw_output_string(&output, "{\"event\":\"warning\",\"message\":");
    kw_json_string(&output, KWIC_TEXT(message));
    flush(&output, "}\n");
}

/* Writes the object of the summary. */
static void write_summary(const struct kwic_summary *summary, double seconds)
{
    const struct {
        const char *name;
        uint64_t count;
    } counts[] = {
        {"documents", summary->added + summary->replaced},
        {"added", summary->added},
        {"replaced", summary->replaced},
        {"unchanged", summary->unchanged},
        {"removed", summary->removed},
        {"skipped", summary->skipped},
        {"not_text", summary->not_text},
        {"misfits", summary->misfits},
        {"repaired", summary->repaired},
        {"words", summary->words},
        {"bytes", summary->bytes},
    };
    struct kw_output output;

    kw_output_init(&output, STDERR_FILENO);
    kw_output_string(&output, "{\"event\":\"summary\"");
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        kw_output_format(&output, ",\"%s\":%" PRIu64, counts[i].name, counts[i].count);
    kw_output_format(&output, ",\"rate\":%.0f,\"seconds\":%.3f",
                     1e6 * rate(summary->bytes, seconds), seconds);
    flush(&output, "}\n");
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

    if (progress->objects) {
        write_summary(summary, seconds);
        return;
    }
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
