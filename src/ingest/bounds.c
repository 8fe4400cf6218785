/* The limits that helper programs set themselves, and how they begin. */
#include "ingest/bounds.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { DESCRIPTORS = 16 };

void kw_bound(int resource, rlim_t value)
{
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0)
        return;
    limit.rlim_cur =
        limit.rlim_max != RLIM_INFINITY && value > limit.rlim_max ? limit.rlim_max : value;
    setrlimit(resource, &limit);
}

rlim_t kw_bound_space(void)
{
    char text[64];
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        close(fd);
    if (got <= 0)
        return 0;
    text[got] = '\0';
    return (rlim_t)strtoull(text, NULL, 10) * (rlim_t)sysconf(_SC_PAGESIZE);
}

void kw_bound_helper(void)
{
    signal(SIGINT, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    kw_bound(RLIMIT_CORE, 0);
    kw_bound(RLIMIT_FSIZE, 0);
    kw_bound(RLIMIT_NPROC, 0);
    kw_bound(RLIMIT_NOFILE, DESCRIPTORS);
}

bool kw_bound_by_hand(int argc, char **argv, const char *what)
{
    if (argc <= 1 && !isatty(STDIN_FILENO))
        return false;
    fprintf(stderr, "%s: reads %s for kwic, which starts it; it is not run by hand\n", argv[0],
            what);
    return true;
}

bool kw_bound_receive(int fd, uint8_t *place, size_t size)
{
    while (size) {
        ssize_t got = read(fd, place, size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        place += got;
        size -= (size_t)got;
    }
    return true;
}
