/* The client of kwic-html: starts it, talks with it under a time limit, and buries it. */
#include "ingest/html.h"

#include "base/file.h"
#include "stemmers/utf8.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct kw_html {
    const char *name; /* of the program */
    char *program;
    pid_t pid; /* 0: not running */
    int fd;    /* our end of the socket, -1 if not running */
};

/* What the program reads: what stands behind "kwic-" in its name. */
static const char *kind_of(const struct kw_html *html)
{
    return html->name + sizeof "kwic-" - 1;
}

static enum kw_status cannot_read(const struct kw_html *html, struct kw_error *error,
                                  const char *path, const char *why)
{
    return kw_fail(error, KW_E_INPUT, "cannot read '%s' as %s: %s", path, kind_of(html), why);
}

static enum kw_status helper_new(struct kw_html **out, const char *helpers, const char *name,
                                 struct kw_error *error)
{
    *out = NULL;
    struct kw_html *html = calloc(1, sizeof *html);
    if (!html)
        return kw_fail_memory(error);
    html->fd = -1;
    html->name = name;
    html->program = kw_path_join(helpers ? helpers : KWIC_LIBEXECDIR, name);
    if (!html->program) {
        free(html);
        return kw_fail_memory(error);
    }
    *out = html;
    return KW_OK;
}

enum kw_status kw_html_new(struct kw_html **out, const char *helpers, struct kw_error *error)
{
    return helper_new(out, helpers, "kwic-html", error);
}

enum kw_status kw_mail_new(struct kw_html **out, const char *helpers, struct kw_error *error)
{
    return helper_new(out, helpers, "kwic-mail", error);
}

/* Ends the helper and reaps it. Between requests it holds nothing, so that it can be killed; the
 * socket's end would do, but not for one that hangs. */
static void stop(struct kw_html *html)
{
    if (html->fd >= 0)
        close(html->fd);
    html->fd = -1;
    if (html->pid > 0) {
        kill(html->pid, SIGKILL);
        while (waitpid(html->pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    html->pid = 0;
}

void kw_html_free(struct kw_html *html)
{
    if (!html)
        return;
    stop(html);
    free(html->program);
    free(html);
}

/* Spawns the program with `fd` as its input and output and nothing else of ours but standard error,
 * with no signal blocked or ignored. Returns an errno. */
static int spawn(const struct kw_html *html, int fd, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigset_t all;
    char *const args[] = {(char *)(uintptr_t)html->name, NULL};
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
    number = posix_spawn_file_actions_adddup2(&actions, fd, STDIN_FILENO);
    if (!number)
        number = posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDOUT_FILENO);
    if (!number)
        number = posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (!number)
        number = posix_spawn(pid, html->program, &actions, &attributes, args, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return number;
}

static enum kw_status start(struct kw_html *html, const char *path, struct kw_error *error)
{
    int ends[2];
    char cause[128];
    if (html->pid > 0)
        return KW_OK;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return kw_fail_errno(error, "cannot make a socket for '%s'", html->program);
    int number = spawn(html, ends[1], &html->pid);
    close(ends[1]);
    html->fd = ends[0];
    if (!number)
        return KW_OK;
    html->pid = 0;
    stop(html);
    return kw_fail(error, KW_E_INPUT, "cannot read '%s' as %s: cannot start '%s': %s", path,
                   kind_of(html), html->program, strerror_r(number, cause, sizeof cause));
}

static int64_t milliseconds(void)
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
        int64_t left = deadline - milliseconds();
        if (left <= 0)
            return false;
        int ready = poll(&item, 1, left > 10000 ? 10000 : (int)left);
        if (ready > 0)
            return true;
        if (ready < 0 && errno != EINTR)
            return true; /* the call that follows meets the error */
    }
}

enum talk {
    TALK_DONE,
    TALK_ENDED, /* the helper is gone */
    TALK_LATE,
};

static enum talk send_all(int fd, struct kw_view bytes, int64_t deadline)
{
    while (bytes.size) {
        ssize_t sent = send(fd, bytes.data, bytes.size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0) {
            bytes.data += sent;
            bytes.size -= (size_t)sent;
        } else if (errno == EAGAIN) {
            if (!wait_for(fd, POLLOUT, deadline))
                return TALK_LATE;
        } else if (errno != EINTR) {
            return TALK_ENDED;
        }
    }
    return TALK_DONE;
}

static enum talk receive_all(int fd, uint8_t *place, size_t size, int64_t deadline)
{
    while (size) {
        ssize_t got = recv(fd, place, size, MSG_DONTWAIT);
        if (got > 0) {
            place += got;
            size -= (size_t)got;
        } else if (got == 0) {
            return TALK_ENDED;
        } else if (errno == EAGAIN) {
            if (!wait_for(fd, POLLIN, deadline))
                return TALK_LATE;
        } else if (errno != EINTR) {
            return TALK_ENDED;
        }
    }
    return TALK_DONE;
}

struct answer {
    uint32_t status;
    uint32_t title_size;
    uint64_t text_size;
    uint64_t repaired;
};

/* Sends the request and receives the answer's head and, in `buffer`, its bytes. An answer larger
 * than any that the file could give is one of a helper that has gone astray, and counts as its end.
 */
static enum talk converse(struct kw_html *html, struct kw_view bytes, enum kw_encoding encoding,
                          struct kw_bytes *buffer, struct answer *answer)
{
    uint8_t head[KW_HTML_ANSWER_BYTES];
    uint64_t limit = 4096 + 4 * (uint64_t)bytes.size;
    int64_t deadline = milliseconds() + 30000 + (int64_t)(bytes.size >> 20) * 2000;
    kw_store32(head, (uint32_t)encoding);
    kw_store32(head + 4, (uint32_t)bytes.size);
    enum talk talk = send_all(html->fd, (struct kw_view){head, KW_HTML_REQUEST_BYTES}, deadline);
    if (talk == TALK_DONE)
        talk = send_all(html->fd, bytes, deadline);
    if (talk == TALK_DONE)
        talk = receive_all(html->fd, head, sizeof head, deadline);
    if (talk != TALK_DONE)
        return talk;
    *answer = (struct answer){kw_load32(head), kw_load32(head + 4), kw_load64(head + 8),
                              kw_load64(head + 16)};
    if (answer->title_size > limit || answer->text_size > limit)
        return TALK_ENDED;
    size_t size = (size_t)(answer->title_size + answer->text_size);
    uint8_t *place = kw_bytes_reserve(buffer, size);
    if (!place)
        return TALK_ENDED;
    talk = receive_all(html->fd, place, size, deadline);
    if (talk == TALK_DONE)
        buffer->size += size;
    return talk;
}

enum kw_status kw_html_read(struct kw_html *html, struct kw_view bytes, enum kw_encoding encoding,
                            const char *path, struct kw_bytes *buffer, struct kw_html_text *text,
                            struct kw_error *error)
{
    struct answer answer = {0};
    kw_bytes_clear(buffer);
    if (bytes.size > KW_RECORD_BYTES)
        return cannot_read(html, error, path, "the file is too large");
    enum kw_status status = start(html, path, error);
    if (status != KW_OK)
        return status;
    enum talk talk = converse(html, bytes, encoding, buffer, &answer);
    if (talk != TALK_DONE) {
        stop(html);
        if (buffer->failed)
            return kw_fail_memory(error);
        return cannot_read(html, error, path,
                           talk == TALK_LATE ? "it takes too long"
                                             : "the helper program ended unexpectedly");
    }
    struct kw_view title = {buffer->data, answer.title_size};
    struct kw_view body = {buffer->data + answer.title_size, (size_t)answer.text_size};
    if (answer.status != 0)
        return kw_fail(error, KW_E_INPUT, "cannot read '%s' as %s: %.*s", path, kind_of(html),
                       (int)body.size, (const char *)body.data);
    if (kw_utf8_valid(kw_bytes_view(buffer)) != buffer->size)
        return cannot_read(html, error, path, "the helper program's answer is not UTF-8");
    *text = (struct kw_html_text){title, body, answer.repaired};
    return KW_OK;
}
