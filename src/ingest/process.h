/* Helper programs as processes: started with a socket to talk by, spoken to under a time limit, and
 * buried. The helpers' own side is bounds.h. */
#ifndef KW_INGEST_PROCESS_H
#define KW_INGEST_PROCESS_H

#include "base/bytes.h"

#include <sys/types.h>

#ifndef KWIC_LIBEXECDIR
#define KWIC_LIBEXECDIR "/usr/local/libexec/kwic"
#endif

struct kw_process {
    pid_t pid; /* 0: not running */
    int fd;    /* our end of the socket; -1: not running */
};

#define KW_PROCESS_INIT                                                                            \
    {                                                                                              \
        0, -1                                                                                      \
    }

/* Starts the program at the path `program` under the name `name` with a socket as its standard
 * output, `input` (-1: the socket too) as its standard input, standard error, and nothing else of
 * ours; no signal is blocked or ignored in it. Returns 0 or an errno; the process is as
 * KW_PROCESS_INIT then. */
int kw_process_start(struct kw_process *process, const char *program, const char *name, int input);

/* Ends the program and reaps it, unless it does not run. What hangs is killed. */
void kw_process_stop(struct kw_process *process);

enum kw_talk {
    KW_TALK_DONE,
    KW_TALK_ENDED, /* the program is gone */
    KW_TALK_LATE,  /* the deadline has passed */
};

/* Milliseconds of the monotonic clock, in which deadlines are given; KW_NO_DEADLINE is none. */
int64_t kw_process_clock(void);

#define KW_NO_DEADLINE INT64_MAX

/* Sends all of `bytes`. */
enum kw_talk kw_process_send(const struct kw_process *process, struct kw_view bytes,
                             int64_t deadline);

/* Receives exactly `size` bytes. */
enum kw_talk kw_process_receive(const struct kw_process *process, uint8_t *place, size_t size,
                                int64_t deadline);

#endif
