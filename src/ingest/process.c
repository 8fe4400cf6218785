/* Starting helper programs and talking with them. */
#include "ingest/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Spawns the program with `input` and `fd` as its input and output. Returns an errno. */
static int spawn(const char *program, const char *name, int input, int fd, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigset_t all;
    char *const args[] = {(char *)(uintptr_t)name, NULL};
    sigemptyset(&none);
    sigfillset(&all);
    int number = posix_spawn_file_actions_init(&actions);
    if (number)
        return number;
    number = posix_spawnattr_init(&attributes);
    if (number) {
        posix_spawn_file_actions_destroy(&actions);
        return number;
    }
    number = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    if (!number)
        number = posix_spawn_file_actions_adddup2(&actions, fd, STDOUT_FILENO);
    if (!number)
        number = posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (!number)
        number = posix_spawn(pid, program, &actions, &attributes, args, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return number;
}

/* A socket's two ends, neither of them a standard descriptor, which the spawned program's are put
 * in place of. Returns an errno. */
static int make_socket(int ends[2])
{
    int low[3];
    int count = 0;
    int number = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0 ? 0 : errno;
    for (int i = 0; i < 2 && !number; i++) {
        if (ends[i] > STDERR_FILENO)
            continue;
        int moved = fcntl(ends[i], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
        number = moved < 0 ? errno : 0;
        low[count++] = ends[i];
        ends[i] = moved;
    }
    while (count)
        close(low[--count]);
    return number;
}

int kw_process_start(struct kw_process *process, const char *program, const char *name, int input)
{
    int ends[2] = {-1, -1};
    *process = (struct kw_process)KW_PROCESS_INIT;
    int number = make_socket(ends);
    if (!number)
        number = spawn(program, name, input < 0 ? ends[1] : input, ends[1], &process->pid);
    if (ends[1] >= 0)
        close(ends[1]);
    process->fd = ends[0];
    if (number) {
        process->pid = 0;
        kw_process_stop(process);
    }
    return number;
}

void kw_process_stop(struct kw_process *process)
{
    if (process->fd >= 0)
        close(process->fd);
    if (process->pid > 0) {
        kill(process->pid, SIGKILL);
        while (waitpid(process->pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    *process = (struct kw_process)KW_PROCESS_INIT;
}

int64_t kw_process_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits until the socket is ready for `events`; false when the deadline has passed. */
static bool wait_for(int fd, short events, int64_t deadline)
{
    for (;;) {
        struct pollfd item = {.fd = fd, .events = events};
        int64_t left = deadline - kw_process_clock();
        if (left <= 0)
            return false;
        int ready = poll(&item, 1, left > 10000 ? 10000 : (int)left);
        if (ready > 0)
            return true;
        if (ready < 0 && errno != EINTR)
            return true; /* the call that follows meets the error */
    }
}

enum kw_talk kw_process_send(const struct kw_process *process, struct kw_view bytes,
                             int64_t deadline)
{
    while (bytes.size) {
        ssize_t sent = send(process->fd, bytes.data, bytes.size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0) {
            bytes.data += sent;
            bytes.size -= (size_t)sent;
        } else if (errno == EAGAIN) {
            if (!wait_for(process->fd, POLLOUT, deadline))
                return KW_TALK_LATE;
        } else if (errno != EINTR) {
            return KW_TALK_ENDED;
        }
    }
    return KW_TALK_DONE;
}

enum kw_talk kw_process_receive(const struct kw_process *process, uint8_t *place, size_t size,
                                int64_t deadline)
{
    while (size) {
        ssize_t got = recv(process->fd, place, size, MSG_DONTWAIT);
        if (got > 0) {
            place += got;
            size -= (size_t)got;
        } else if (got == 0) {
            return KW_TALK_ENDED;
        } else if (errno == EAGAIN) {
            if (!wait_for(process->fd, POLLIN, deadline))
                return KW_TALK_LATE;
        } else if (errno != EINTR) {
            return KW_TALK_ENDED;
        }
    }
    return KW_TALK_DONE;
}
