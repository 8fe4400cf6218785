/* Answers requests on standard input until its end, and bounds itself: memory and processor time by
 * the size of each request, no new processes, no written files, no network. */
#include "ingest/helper.h"

#include "base/file.h"
#include "ingest/bounds.h"
#include "ingest/html.h"

#include <unistd.h>

enum { MEMORY_BASE = 512 << 20, MEMORY_FACTOR = 16, SECONDS_BASE = 20 };

/* Makes room for one request: the soft limits move on, so that each file has its own. */
static void bound_request(rlim_t space, size_t size)
{
    struct rusage used;
    if (space)
        kw_bound(RLIMIT_AS, space + MEMORY_BASE + (rlim_t)MEMORY_FACTOR * size);
    if (getrusage(RUSAGE_SELF, &used) == 0)
        kw_bound(RLIMIT_CPU, (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + SECONDS_BASE +
                                 (size >> 20));
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
    if (!kw_bound_receive(STDIN_FILENO, head, sizeof head))
        return false;
    uint32_t encoding = kw_load32(head);
    uint32_t size = kw_load32(head + 4);
    if (encoding > KW_ENCODING_WINDOWS_1252 || size > KW_RECORD_BYTES)
        return false;
    bound_request(space, size);
    uint8_t *place = kw_bytes_reserve(&request, size);
    bool goes_on = place && kw_bound_receive(STDIN_FILENO, place, size);
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
    if (kw_bound_by_hand(argc, argv, what))
        return 2;
    kw_bound_helper();
    rlim_t space = kw_bound_space();
    while (serve(space, read_page))
        ;
    return 0;
}
