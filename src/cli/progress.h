/* How far an indexing run is, and its summary: a line on a terminal, or objects for programs. */
#ifndef KW_CLI_PROGRESS_H
#define KW_CLI_PROGRESS_H

#include "lib/kwic.h"

/* What --progress can be. */
enum kw_progress_form {
    KW_PROGRESS_AUTO,  /* a line, if standard error is a terminal */
    KW_PROGRESS_NONE,  /* the summary alone */
    KW_PROGRESS_JSONL, /* an object a line: of progress, of each warning, and the summary */
};

struct kw_progress {
    bool shown;     /* a line stands on the terminal */
    bool enabled;   /* standard error is a terminal and wants one, or objects are wanted */
    bool objects;   /* they are */
    double begun;   /* in seconds of the monotonic clock */
    double drawn;   /* when the line was last drawn, or the object written; 0: not yet */
    size_t width;   /* of the terminal */
    uint64_t total; /* bytes of input, where the library knows none; 0: not known */
};

/* Seconds of the monotonic clock. */
double kw_progress_clock(void);

void kw_progress_init(struct kw_progress *progress, enum kw_progress_form form, bool quiet);

/* Draws the line, at most ten times a second, or writes the object, at most once a second. */
void kw_progress_draw(struct kw_progress *progress, const struct kwic_progress *state);

/* Takes the line away, so that a message can stand in its place. */
void kw_progress_clear(struct kw_progress *progress);

/* Writes a warning: as a message, or as an object. */
void kw_progress_warning(struct kw_progress *progress, const char *message);

/* Writes what the run did as one message, and with `verbose` a second one, or as an object. */
void kw_progress_summary(const struct kw_progress *progress, const struct kwic_summary *summary,
                         bool verbose);

#endif
