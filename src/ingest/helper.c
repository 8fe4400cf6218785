/* Answers requests on standard input until its end, and bounds itself: memory and processor time by
 * the size of each request, no new processes, no written files, no network. */
#include "ingest/helper.h"

#include "base/file.h"
#include "ingest/html.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum { MEMORY_BASE = 512 << 20, MEMORY_FACTOR = 16, SECONDS_BASE = 20, DESCRIPTORS = 16 };

static void bound(int resource, rlim_t value)
{
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0)
        return;
    limit.rlim_cur =
        limit.rlim_max != RLIM_INFINITY && value > limit.rlim_max ? limit.rlim_max : value;
    setrlimit(resource, &limit);
}

/* The address space in use, in bytes; 0 if the system does not tell. */
static rlim_t address_space(void)
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

/* Makes room for one request: the soft limits move on, so that each file has its own. */
static void bound_request(rlim_t space, size_t size)
{
    struct rusage used;
    if (space)
        bound(RLIMIT_AS, space + MEMORY_BASE + (rlim_t)MEMORY_FACTOR * size);
    if (getrusage(RUSAGE_SELF, &used) == 0)
        bound(RLIMIT_CPU,
              (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + SECONDS_BASE + (size >> 20));
}

/* Reads exactly `size` bytes; false at the input's end or on failure. */
static bool read_all(uint8_t *place, size_t size)
{
    while (size) {
        ssize_t got = read(STDIN_FILENO, place, size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        place += got;
        size -= (size_t)got;
    }
    return true;
}

static bool answer(uint32_t status, struct kw_view title, struct kw_view text, uint64_t repaired)
{
    uint8_t head[KW_HTML_ANSWER_BYTES];
    kw_store32(head, status);
    kw_store32(head + 4, (uint32_t)title.size);
    kw_store64(head + 8, text.size);
    kw_store64(head + 16, repaired);
    return kw_write_all(STDOUT_FILENO, (struct kw_view){head, sizeof head}, "socket", NULL) ==
               KW_OK &&
           kw_write_all(STDOUT_FILENO, title, "socket", NULL) == KW_OK &&
           kw_write_all(STDOUT_FILENO, text, "socket", NULL) == KW_OK;
}

/* Serves one request; false when there is no more to serve. */
static bool serve(rlim_t space, kw_helper_read *read_page)
{
    uint8_t head[KW_HTML_REQUEST_BYTES];
    struct kw_page page = {KW_BYTES_INIT, KW_BYTES_INIT, 0};
    struct kw_bytes request = KW_BYTES_INIT;
    struct kw_error error = KW_ERROR_INIT;
    if (!read_all(head, sizeof head))
        return false;
    uint32_t encoding = kw_load32(head);
    uint32_t size = kw_load32(head + 4);
    if (encoding > KW_ENCODING_WINDOWS_1252 || size > KW_RECORD_BYTES)
        return false;
    bound_request(space, size);
    uint8_t *place = kw_bytes_reserve(&request, size);
    bool goes_on = place && read_all(place, size);
    if (goes_on) {
        request.size = size;
        enum kw_status status = read_page(&page, &request, (enum kw_encoding)encoding, &error);
        struct kw_view none = {NULL, 0};
        goes_on = status == KW_OK ? answer(0, kw_bytes_view(&page.title), kw_bytes_view(&page.text),
                                           page.repaired)
                                  : answer(1, none, kw_view_of(error.message), 0);
    }
    kw_bytes_release(&request);
    kw_page_release(&page);
    return goes_on;
}

int kw_helper_run(int argc, char **argv, const char *what, kw_helper_read *read_page)
{
    if (argc > 1 || isatty(STDIN_FILENO)) {
        fprintf(stderr, "%s: reads %s for kwic, which starts it; it is not run by hand\n", argv[0],
                what);
        return 2;
    }
    signal(SIGINT, SIG_IGN); /* kwic decides when to stop, and then our input ends */
    signal(SIGXFSZ, SIG_IGN);
    bound(RLIMIT_CORE, 0);
    bound(RLIMIT_FSIZE, 0);
    bound(RLIMIT_NPROC, 0);
    bound(RLIMIT_NOFILE, DESCRIPTORS);
    rlim_t space = address_space();
    while (serve(space, read_page))
        ;
    return 0;
}
