/* Walking and reading ahead. What the walk finds, files and warnings, goes into a ring of slots in
 * its order; the caller takes it out at one end, and the readers look at the files between. The
 * first files are walked to by the caller itself: most runs are too short for threads, and where
 * none can be had all is done so. */
#include "ingest/ahead.h"

#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    SLOTS = 256,     /* files and warnings that the walk is ahead at most */
    ALONE = 16,      /* files before threads are started */
    THREADS = 16,    /* at most */
    UNREAD = 16,     /* files in a row that were not read, until none are read ahead */
    BYTES = 4 << 20, /* of a file that are read ahead at most */
};

struct slot {
    struct kw_bytes text; /* a path or a warning, NUL-terminated */
    bool warning;
};

struct kw_ahead {
    struct kw_walk *walk; /* the walker's while it runs, else the caller's */
    struct kw_walk_options options;
    unsigned thread_limit;
    uint64_t given; /* files, by the caller itself */
    size_t unread;  /* files in a row that were not read */
    bool running;   /* the threads below were started */
    bool held;      /* the caller holds the slot `taken` */
    pthread_t walker;
    pthread_t readers[THREADS];
    unsigned reader_count;
    /* What follows belongs to who holds the lock. */
    pthread_mutex_t lock;
    pthread_cond_t filled;  /* the caller waits for a slot, … */
    pthread_cond_t emptied; /* … the walker for room, … */
    pthread_cond_t to_read; /* … and readers for files */
    struct slot slots[SLOTS];
    uint64_t taken;  /* slots that the caller is done with, in all */
    uint64_t looked; /* slots that readers have taken or passed over */
    uint64_t walked; /* slots that the walker has filled */
    bool reading;    /* readers are to read */
    bool caller_waits, walker_waits;
    bool stop;
    bool ended;
    enum kw_status status; /* with which the walk ended */
    struct kw_error error;
};

/* ---- The walker --------------------------------------------------------------------------- */

/* Fills the next slot; waits for room. False if it is to stop, or memory runs out. */
static bool put(struct kw_ahead *ahead, const char *text, bool warning)
{
    pthread_mutex_lock(&ahead->lock);
    while (!ahead->stop && ahead->walked - ahead->taken == SLOTS) {
        ahead->walker_waits = true;
        pthread_cond_wait(&ahead->emptied, &ahead->lock);
    }
    ahead->walker_waits = false;
    struct slot *slot = &ahead->slots[ahead->walked % SLOTS];
    bool goes_on = !ahead->stop;
    if (goes_on) {
        slot->warning = warning;
        kw_bytes_clear(&slot->text);
        kw_bytes_append(&slot->text, text, strlen(text) + 1);
        goes_on = !slot->text.failed;
    }
    if (goes_on) {
        ahead->walked++;
        if (ahead->caller_waits)
            pthread_cond_signal(&ahead->filled);
        if (ahead->reading && !warning)
            pthread_cond_signal(&ahead->to_read);
    }
    pthread_mutex_unlock(&ahead->lock);
    return goes_on;
}

/* Takes a warning of the walk: for the caller, who may be the one that walks. */
static void take_warning(void *context, const char *message)
{
    struct kw_ahead *ahead = context;
    if (ahead->running)
        put(ahead, message, true);
    else if (ahead->options.warn)
        ahead->options.warn(ahead->options.context, message);
}

static void *walk_ahead(void *context)
{
    struct kw_ahead *ahead = context;
    struct kw_error error = KW_ERROR_INIT;
    enum kw_status status;
    const char *path;
    do {
        status = kw_walk_next(ahead->walk, &path, &error);
        if (status == KW_OK && !put(ahead, path, false))
            status = kw_fail_memory(&error); /* or it was stopped, and nobody asks */
    } while (status == KW_OK);
    pthread_mutex_lock(&ahead->lock);
    ahead->ended = true;
    ahead->status = status;
    ahead->error = error;
    pthread_cond_signal(&ahead->filled);
    pthread_mutex_unlock(&ahead->lock);
    return NULL;
}

/* ---- Readers ------------------------------------------------------------------------------ */

/* Asks the system to read the file. What is none any more, or cannot be opened, is the caller's to
 * find out. */
static void read_ahead(const char *path)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size)
        posix_fadvise(fd, 0, info.st_size < BYTES ? info.st_size : BYTES, POSIX_FADV_WILLNEED);
    close(fd);
}

/* Copies the path of the next file that no reader looked at; false if there is none. The caller is
 * at `taken`, so what lies before the one behind it is too late. */
static bool next_to_read(struct kw_ahead *ahead, char path[PATH_MAX])
{
    if (ahead->looked <= ahead->taken)
        ahead->looked = ahead->taken + 1;
    while (ahead->reading && ahead->looked < ahead->walked) {
        const struct slot *slot = &ahead->slots[ahead->looked++ % SLOTS];
        if (!slot->warning && slot->text.size <= PATH_MAX) {
            memcpy(path, slot->text.data, slot->text.size);
            return true;
        }
    }
    return false;
}

static void *read_files(void *context)
{
    struct kw_ahead *ahead = context;
    char path[PATH_MAX];
    pthread_mutex_lock(&ahead->lock);
    while (!ahead->stop) {
        if (next_to_read(ahead, path)) {
            pthread_mutex_unlock(&ahead->lock);
            read_ahead(path);
            pthread_mutex_lock(&ahead->lock);
        } else {
            pthread_cond_wait(&ahead->to_read, &ahead->lock);
        }
    }
    pthread_mutex_unlock(&ahead->lock);
    return NULL;
}

/* ---- The caller --------------------------------------------------------------------------- */

enum kw_status kw_ahead_new(struct kw_ahead **out, const char *root,
                            const struct kw_walk_options *options, unsigned threads,
                            struct kw_error *error)
{
    *out = NULL;
    struct kw_ahead *ahead = calloc(1, sizeof *ahead);
    if (!ahead)
        return kw_fail_memory(error);
    struct kw_walk_options own = *options;
    ahead->options = *options;
    ahead->thread_limit = threads < THREADS ? threads : THREADS;
    ahead->reading = true;
    pthread_mutex_init(&ahead->lock, NULL);
    pthread_cond_init(&ahead->filled, NULL);
    pthread_cond_init(&ahead->emptied, NULL);
    pthread_cond_init(&ahead->to_read, NULL);
    own.warn = take_warning;
    own.context = ahead;
    enum kw_status status = kw_walk_new(&ahead->walk, root, &own, error);
    if (status == KW_OK)
        *out = ahead;
    else
        kw_ahead_free(ahead);
    return status;
}

void kw_ahead_free(struct kw_ahead *ahead)
{
    if (!ahead)
        return;
    pthread_mutex_lock(&ahead->lock);
    ahead->stop = true;
    pthread_cond_signal(&ahead->emptied);
    pthread_cond_broadcast(&ahead->to_read);
    pthread_mutex_unlock(&ahead->lock);
    if (ahead->running)
        pthread_join(ahead->walker, NULL);
    for (unsigned i = 0; i < ahead->reader_count; i++)
        pthread_join(ahead->readers[i], NULL);
    for (size_t i = 0; i < SLOTS; i++)
        kw_bytes_release(&ahead->slots[i].text);
    pthread_cond_destroy(&ahead->to_read);
    pthread_cond_destroy(&ahead->emptied);
    pthread_cond_destroy(&ahead->filled);
    pthread_mutex_destroy(&ahead->lock);
    kw_walk_free(ahead->walk);
    free(ahead);
}

/* Starts the threads, with all signals blocked: these are the caller's. Without a walker all goes
 * on as before. */
static void start(struct kw_ahead *ahead)
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0)
        return;
    ahead->running = true; /* before the walker looks */
    if (pthread_create(&ahead->walker, NULL, walk_ahead, ahead) != 0)
        ahead->running = false;
    while (ahead->running && ahead->reader_count < ahead->thread_limit &&
           pthread_create(&ahead->readers[ahead->reader_count], NULL, read_files, ahead) == 0)
        ahead->reader_count++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* Lets go of the slot held, and waits for the next: NULL if the walk has ended. */
static const struct slot *next_slot(struct kw_ahead *ahead)
{
    pthread_mutex_lock(&ahead->lock);
    ahead->taken += ahead->held;
    if (ahead->walker_waits && ahead->walked - ahead->taken <= SLOTS / 2)
        pthread_cond_signal(&ahead->emptied);
    while (ahead->taken == ahead->walked && !ahead->ended) {
        ahead->caller_waits = true;
        pthread_cond_wait(&ahead->filled, &ahead->lock);
    }
    ahead->caller_waits = false;
    ahead->held = ahead->taken < ahead->walked;
    const struct slot *slot = ahead->held ? &ahead->slots[ahead->taken % SLOTS] : NULL;
    pthread_mutex_unlock(&ahead->lock);
    return slot;
}

enum kw_status kw_ahead_next(struct kw_ahead *ahead, const char **path, struct kw_error *error)
{
    if (!ahead->running && ahead->thread_limit && ahead->given == ALONE)
        start(ahead);
    if (!ahead->running) {
        ahead->given++;
        return kw_walk_next(ahead->walk, path, error);
    }
    const struct slot *slot;
    while ((slot = next_slot(ahead)) && slot->warning)
        if (ahead->options.warn)
            ahead->options.warn(ahead->options.context, (const char *)slot->text.data);
    if (slot) {
        *path = (const char *)slot->text.data;
        return KW_OK;
    }
    if (error && ahead->status != KW_END)
        *error = ahead->error;
    return ahead->status;
}

void kw_ahead_tell(struct kw_ahead *ahead, bool read)
{
    ahead->unread = read ? 0 : ahead->unread + 1;
    bool reading = ahead->unread < UNREAD;
    if (!ahead->running)
        ahead->reading = reading;
    if (!ahead->running || (!read && ahead->unread != UNREAD) || (read && ahead->reading))
        return;
    pthread_mutex_lock(&ahead->lock);
    ahead->reading = reading;
    if (reading)
        pthread_cond_broadcast(&ahead->to_read);
    pthread_mutex_unlock(&ahead->lock);
}

uint64_t kw_ahead_unreadable(struct kw_ahead *ahead)
{
    pthread_mutex_lock(&ahead->lock);
    uint64_t count = ahead->running && !ahead->ended ? 0 : kw_walk_unreadable(ahead->walk);
    pthread_mutex_unlock(&ahead->lock);
    return count;
}
