/* A file of queries, answered one after another or by several processes side by side.
 *
 * Workers are forked when the first answer is known: they share the index as it was opened, whose
 * pages are mapped, and each reads the file by itself and takes every so many-th group of queries.
 * A worker keeps what it writes to standard output and standard error in memory and sends both at
 * the end of a group; who forked them copies the groups in order, so a worker that is ahead waits
 * at its full pipe. */
#include "cli/batch.h"

#include "cli/options.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GROUP = 8, PIPE_BYTES = 1 << 20 };

/* What goes before the bytes of a group. */
struct group {
    uint64_t output, messages; /* bytes, in this order */
    int outcome;               /* KW_GO_ON, or what ends the batch */
    int status;
    bool found;
};

struct worker {
    pid_t process; /* 0: none */
    int reader, writer;
    int output, messages; /* files in memory */
};

/* ---- In a worker ---------------------------------------------------------------------------- */

static bool send_file(int to, int from, uint64_t size)
{
    off_t at = 0;

    while ((uint64_t)at < size)
        if (sendfile(to, from, &at, size - (uint64_t)at) <= 0 && errno != EINTR)
            return false;
    return ftruncate(from, 0) == 0 && lseek(from, 0, SEEK_SET) == 0;
}

static bool file_size(int file, uint64_t *size)
{
    struct stat info;

    if (fstat(file, &info) != 0)
        return false;
    *size = (uint64_t)info.st_size;
    return true;
}

/* Sends the group at hand and begins another. False if it cannot be sent. */
static bool send_group(const struct kw_batch *batch, const struct worker *worker, int outcome)
{
    struct group group = {.outcome = outcome, .status = *batch->status, .found = *batch->found};
    bool sent = kw_output_flush(batch->output) && file_size(worker->output, &group.output) &&
                file_size(worker->messages, &group.messages) &&
                write(worker->writer, &group, sizeof group) == sizeof group &&
                send_file(worker->writer, worker->output, group.output) &&
                send_file(worker->writer, worker->messages, group.messages);

    *batch->status = 0;
    *batch->found = false;
    return sent;
}

/* Answers every group whose number is `number` modulo the workers. */
static int work(const struct kw_batch *batch, const struct worker *worker,
                struct kw_queries *queries, size_t number)
{
    int outcome = KW_GO_ON;
    bool sent = true, begun = false;

    batch->output->fd = worker->output;
    *batch->status = 0;
    *batch->found = false;
    for (size_t i = 0; outcome == KW_GO_ON && sent && kw_queries_next(queries); i++) {
        if (i / GROUP % batch->workers != number)
            continue;
        outcome = batch->answer(batch->context, queries);
        begun = (i + 1) % GROUP != 0;
        if (!begun || outcome != KW_GO_ON)
            sent = send_group(batch, worker, outcome);
    }
    if (outcome == KW_GO_ON && sent) {
        outcome = kw_queries_status(queries);
        if (begun || outcome != KW_GO_ON)
            sent = send_group(batch, worker, outcome);
    }
    return sent ? KW_EXIT_DONE : KW_EXIT_ERROR;
}

/* ---- In who forks them ---------------------------------------------------------------------- */

static void close_file(int *file)
{
    if (*file >= 0)
        close(*file);
    *file = -1;
}

static void release(struct worker *worker)
{
    close_file(&worker->reader);
    close_file(&worker->writer);
    close_file(&worker->output);
    close_file(&worker->messages);
    if (worker->process > 0) {
        kill(worker->process, SIGKILL);
        waitpid(worker->process, NULL, 0);
    }
    worker->process = 0;
}

/* KW_GO_ON, or the exit status after a message. */
static int start(const struct kw_batch *batch, struct worker *workers, size_t number,
                 const struct kw_queries *queries)
{
    struct worker *worker = &workers[number];
    struct kw_queries own;
    int ends[2];

    worker->output = memfd_create("output", MFD_CLOEXEC);
    worker->messages = memfd_create("messages", MFD_CLOEXEC);
    if (worker->output < 0 || worker->messages < 0 || pipe2(ends, O_CLOEXEC) != 0)
        return kw_message_usage("cannot start a process: %s", strerror(errno));
    worker->reader = ends[0];
    worker->writer = ends[1];
    fcntl(worker->writer, F_SETPIPE_SZ, PIPE_BYTES); /* a smaller one does too */
    int status = kw_queries_init_behind(&own, queries);
    if (status != KW_GO_ON)
        return status;
    worker->process = fork();
    if (worker->process == 0) {
        for (size_t i = 0; i <= number; i++)
            close_file(&workers[i].reader);
        if (dup2(worker->messages, STDERR_FILENO) < 0)
            _exit(KW_EXIT_ERROR);
        _exit(work(batch, worker, &own, number));
    }
    kw_queries_release(&own);
    close_file(&worker->writer);
    if (worker->process < 0)
        return kw_message_usage("cannot start a process: %s", strerror(errno));
    return KW_GO_ON;
}

/* Reads `size` bytes; false at the end of the pipe. */
static bool receive(int from, void *data, size_t size)
{
    for (size_t had = 0; had < size;) {
        ssize_t some = read(from, (char *)data + had, size - had);
        if (some == 0 || (some < 0 && errno != EINTR))
            return false;
        had += some > 0 ? (size_t)some : 0;
    }
    return true;
}

static bool copy(struct kw_output *output, int from, uint64_t size)
{
    char data[16 * 1024];

    for (size_t some; size > 0; size -= some) {
        some = size < sizeof data ? (size_t)size : sizeof data;
        if (!receive(from, data, some))
            return false;
        kw_output_bytes(output, data, some);
    }
    return true;
}

/* A worker sends no more: KW_GO_ON if it has answered all of its queries, or the exit status after
 * a message, which may be the last one of its own. */
static int end_worker(struct worker *worker)
{
    struct kw_output errors;
    uint64_t size;
    int status;

    while (waitpid(worker->process, &status, 0) < 0)
        if (errno != EINTR)
            return kw_message_usage("cannot wait for a process: %s", strerror(errno));
    worker->process = 0;
    if (WIFEXITED(status) && WEXITSTATUS(status) == KW_EXIT_DONE)
        return KW_GO_ON;
    if (WIFEXITED(status) && file_size(worker->messages, &size) && size > 0 &&
        lseek(worker->messages, 0, SEEK_SET) == 0) {
        kw_output_init(&errors, STDERR_FILENO);
        copy(&errors, worker->messages, size);
        kw_output_flush(&errors);
    } else {
        kw_message("a process that answered queries ended early");
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : KW_EXIT_ERROR;
}

/* Copies the next group of a worker. KW_GO_ON, or the exit status; *ended: it had none. */
static int take_group(const struct kw_batch *batch, struct worker *worker, bool *ended)
{
    struct kw_output errors;
    struct group group;

    *ended = !receive(worker->reader, &group, sizeof group);
    if (*ended)
        return end_worker(worker);
    bool whole = copy(batch->output, worker->reader, group.output);
    if (group.messages > 0) {
        kw_output_flush(batch->output);
        kw_output_init(&errors, STDERR_FILENO);
        whole = whole && copy(&errors, worker->reader, group.messages);
        kw_output_flush(&errors);
    }
    if (!whole)
        return end_worker(worker);
    if (group.status != 0)
        *batch->status = group.status;
    *batch->found = *batch->found || group.found;
    return group.outcome;
}

static int run_side_by_side(const struct kw_batch *batch, const struct kw_queries *queries)
{
    struct worker *workers = calloc(batch->workers, sizeof *workers);
    int status = KW_GO_ON;
    bool ended = false;

    if (workers == NULL)
        return kw_message_memory();
    for (size_t i = 0; i < batch->workers; i++)
        workers[i] = (struct worker){0, -1, -1, -1, -1};
    kw_output_flush(batch->output);
    for (size_t i = 0; i < batch->workers && status == KW_GO_ON; i++)
        status = start(batch, workers, i, queries);
    for (size_t i = 0; status == KW_GO_ON && !ended && batch->output->error == 0; i++)
        status = take_group(batch, &workers[i % batch->workers], &ended);
    for (size_t i = 0; i < batch->workers; i++)
        release(&workers[i]);
    free(workers);
    return status;
}

/* ---- The batch ------------------------------------------------------------------------------ */

size_t kw_batch_processors(void)
{
    cpu_set_t set;
    int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;

    return count < 1 ? 1 : count > KW_BATCH_WORKERS ? KW_BATCH_WORKERS : (size_t)count;
}

int kw_batch_run(const struct kw_batch *batch, const char *name)
{
    struct kw_queries queries;
    struct stat info;
    int status = kw_queries_init(&queries, name);

    if (status != KW_GO_ON)
        return status;
    bool waited_for = queries.file == stdin;
    bool shared = batch->workers > 1 && !waited_for && fstat(fileno(queries.file), &info) == 0 &&
                  S_ISREG(info.st_mode);
    /* What all have to read of an index first is read once, before the workers part. */
    while (status == KW_GO_ON && batch->output->error == 0 && !(shared && *batch->rendered > 0) &&
           kw_queries_next(&queries)) {
        status = batch->answer(batch->context, &queries);
        if (waited_for)
            kw_output_flush(batch->output);
    }
    if (status == KW_GO_ON)
        status = kw_queries_status(&queries);
    if (status == KW_GO_ON && shared && *batch->rendered > 0 && batch->output->error == 0)
        status = run_side_by_side(batch, &queries);
    kw_queries_release(&queries);
    return status;
}
