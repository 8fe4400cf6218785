/* The line on a terminal that tells how far an indexing run is, and its summary. */
#ifndef KW_CLI_PROGRESS_H
#define KW_CLI_PROGRESS_H

#include "lib/kwic.h"

struct kw_progress {
    bool shown;   /* a line stands on the terminal */
    bool enabled; /* standard error is a terminal and wants one */
    double begun; /* in seconds of the monotonic clock */
    double drawn; /* when the line was last drawn */
    size_t width; /* of the terminal */
};

/* Seconds of the monotonic clock. */
double kw_progress_clock(void);

void kw_progress_init(struct kw_progress *progress, bool quiet);

/* Draws the line, at most ten times a second. */
void kw_progress_draw(struct kw_progress *progress, const struct kwic_progress *state);

/* Takes the line away, so that a message can stand in its place. */
void kw_progress_clear(struct kw_progress *progress);

/* Writes what the run did as one message, and with `verbose` a second one. */
void kw_progress_summary(const struct kw_progress *progress, const struct kwic_summary *summary,
                         bool verbose);

#endif
