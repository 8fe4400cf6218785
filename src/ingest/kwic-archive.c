/* kwic-archive: the helper program that reads archives and compressed files for kwic, with
 * libarchive. It hands the members on one by one, and opens none of them (archive.h). */
#include "base/file.h"
#include "ingest/archive.h"
#include "ingest/archive_input.h"
#include "ingest/bounds.h"
#include "ingest/member_name.h"

#include <archive_entry.h>
#include <ctype.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    MEMORY = 512 << 20,     /* beside what the program itself takes */
    SECONDS = 30,           /* of the processor, between two signs of life */
    STRIDE = 16 << 20,      /* bytes between two of them */
    MEMBERS = 10000000,     /* at most */
    PREFIX_BYTES = 1 << 20, /* at most */
};

struct unpacking {
    struct kw_archive_input input;
    struct archive *archive;
    struct kw_bytes name;
    uint64_t delivered; /* bytes of members */
    uint64_t told;      /* bytes read and delivered, when the last sign of life was given */
    uint64_t members;
};

/* ---- Frames ------------------------------------------------------------------------------- */

static bool send_frame(const struct unpacking *unpacking, enum kw_frame kind, struct kw_view first,
                       struct kw_view second)
{
    uint8_t head[KW_FRAME_HEAD];
    head[0] = (uint8_t)kind;
    kw_store32(head + 1, (uint32_t)(first.size + second.size));
    kw_store64(head + 5, unpacking->input.furthest);
    return kw_write_all(STDOUT_FILENO, (struct kw_view){head, sizeof head}, "socket", NULL) ==
               KW_OK &&
           kw_write_all(STDOUT_FILENO, first, "socket", NULL) == KW_OK &&
           kw_write_all(STDOUT_FILENO, second, "socket", NULL) == KW_OK;
}

static bool send_empty(const struct unpacking *unpacking, enum kw_frame kind)
{
    return send_frame(unpacking, kind, (struct kw_view){NULL, 0}, (struct kw_view){NULL, 0});
}

/* Sends a reason, at most as long as a message; libarchive begins its own with a capital. */
static bool send_reason(const struct unpacking *unpacking, enum kw_frame kind, const char *format,
                        const char *name, const char *why)
{
    char text[900];
    char lower[400];
    snprintf(lower, sizeof lower, "%s", why ? why : "it is damaged");
    if (isupper((unsigned char)lower[0]) && islower((unsigned char)lower[1]))
        lower[0] = (char)tolower((unsigned char)lower[0]);
    snprintf(text, sizeof text, format, name, lower);
    return send_frame(unpacking, kind, kw_view_of(text), (struct kw_view){NULL, 0});
}

static bool skip_member(const struct unpacking *unpacking, const char *name, const char *why)
{
    return send_reason(unpacking, KW_FRAME_SKIPPED, "the member '%.300s': %s", name ? name : "",
                       why);
}

/* Always false: nothing more can be read. */
static bool fail(const struct unpacking *unpacking)
{
    const char *why = unpacking->input.failure;
    if (why && strncmp(why, "it ", 3) == 0)
        send_reason(unpacking, KW_FRAME_FAILED, "%s%s", "", why);
    else
        send_reason(unpacking, KW_FRAME_FAILED, "%s%s",
                    "it is damaged: ", why ? why : archive_error_string(unpacking->archive));
    return false;
}

/* ---- Limits ------------------------------------------------------------------------------- */

static void bound_time(void)
{
    struct rusage used;
    if (getrusage(RUSAGE_SELF, &used) == 0)
        kw_bound(RLIMIT_CPU, (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + SECONDS);
}

/* Counts what was delivered; false if that is too much, or nobody listens any more. */
static bool account(struct unpacking *unpacking, size_t size)
{
    struct kw_archive_input *input = &unpacking->input;
    unpacking->delivered += size;
    if (!input->failure && kw_archive_input_bursts(input, unpacking->delivered))
        input->failure = "it unpacks to more than 256 MiB and a hundred times its size";
    if (input->failure)
        return fail(unpacking);
    uint64_t work = input->unpacked + input->furthest + unpacking->delivered;
    if (work - unpacking->told < STRIDE)
        return true;
    unpacking->told = work;
    bound_time();
    return send_empty(unpacking, KW_FRAME_PROGRESS);
}

/* ---- Members ------------------------------------------------------------------------------ */

static bool send_data(const struct unpacking *unpacking, const uint8_t *data, size_t size)
{
    while (size) {
        size_t part = size < KW_FRAME_BYTES ? size : KW_FRAME_BYTES;
        if (!send_frame(unpacking, KW_FRAME_DATA, (struct kw_view){data, part},
                        (struct kw_view){NULL, 0}))
            return false;
        data += part;
        size -= part;
    }
    return true;
}

/* Sends the data of the entry at hand, and how it ended. False if nothing can follow. */
static bool send_contents(struct unpacking *unpacking, struct archive_entry *entry)
{
    la_int64_t end = 0;
    bool holes = false;
    for (;;) {
        const void *data;
        size_t size = 0;
        la_int64_t offset = 0;
        int got = archive_read_data_block(unpacking->archive, &data, &size, &offset);
        if (got == ARCHIVE_EOF)
            break;
        if (got == ARCHIVE_FATAL || got == ARCHIVE_RETRY)
            return fail(unpacking);
        if (got != ARCHIVE_OK)
            return send_reason(unpacking, KW_FRAME_BROKEN, "%s%s",
                               "it is damaged: ", archive_error_string(unpacking->archive));
        holes = holes || offset != end;
        end = offset + (la_int64_t)size;
        if (!account(unpacking, size) || (!holes && !send_data(unpacking, data, size)))
            return false;
    }
    holes = holes || (archive_entry_size_is_set(entry) && archive_entry_size(entry) > end);
    return holes ? send_reason(unpacking, KW_FRAME_BROKEN, "%s%s", "", "it is sparse")
                 : send_empty(unpacking, KW_FRAME_WHOLE);
}

/* Passes over the data of an entry, by reading it where it has to be unpacked. */
static bool pass_over(struct unpacking *unpacking)
{
    const void *data;
    size_t size;
    la_int64_t offset;
    if (!unpacking->input.compressed)
        return archive_read_data_skip(unpacking->archive) >= ARCHIVE_WARN || fail(unpacking);
    for (;;) {
        int got = archive_read_data_block(unpacking->archive, &data, &size, &offset);
        if (got == ARCHIVE_EOF || got == ARCHIVE_FAILED || got == ARCHIVE_WARN)
            return true;
        if (got != ARCHIVE_OK)
            return fail(unpacking);
        if (!account(unpacking, size))
            return false;
    }
}

/* Sends a member that is a regular file; others are nothing that a walk would take. */
static bool send_member(struct unpacking *unpacking, struct archive_entry *entry)
{
    uint8_t time[8];
    if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry))
        return pass_over(unpacking);
    if (++unpacking->members > MEMBERS) {
        unpacking->input.failure = "it has more than 10 million members";
        return fail(unpacking);
    }
    const char *name = archive_entry_pathname(entry);
    const char *why = name ? kw_member_clean(name, &unpacking->name)
                           : "its name is in an encoding that is not known";
    if (unpacking->name.failed) {
        unpacking->input.failure = "it takes too much memory";
        return fail(unpacking);
    }
    if (!why && archive_entry_is_encrypted(entry))
        why = "it is encrypted";
    if (why)
        return skip_member(unpacking, name, why) && pass_over(unpacking);
    kw_store64(time, (uint64_t)(archive_entry_mtime_is_set(entry) ? archive_entry_mtime(entry)
                                                                  : INT64_MIN));
    return send_frame(unpacking, KW_FRAME_MEMBER, (struct kw_view){time, sizeof time},
                      kw_bytes_view(&unpacking->name)) &&
           send_contents(unpacking, entry);
}

/* Sends all members; false on failure, of which kwic was told if it listens. */
static bool send_members(struct unpacking *unpacking)
{
    struct archive *archive = unpacking->archive;
    for (bool first = true;; first = false) {
        struct archive_entry *entry;
        int got = archive_read_next_header(archive, &entry);
        bool raw = archive_format(archive) == ARCHIVE_FORMAT_RAW;
        bool empty = archive_format(archive) == ARCHIVE_FORMAT_EMPTY;
        if (got == ARCHIVE_EOF && empty && first && unpacking->input.compressed)
            return kw_archive_input_drain(&unpacking->input)
                       ? send_empty(unpacking, KW_FRAME_FILE) &&
                             send_empty(unpacking, KW_FRAME_WHOLE)
                       : fail(unpacking);
        if (got == ARCHIVE_EOF)
            return kw_archive_input_drain(&unpacking->input) || fail(unpacking);
        if (got != ARCHIVE_OK && got != ARCHIVE_WARN)
            return fail(unpacking);
        if (raw && !unpacking->input.compressed) {
            unpacking->input.failure = "it is no archive of a kind that is read";
            return fail(unpacking);
        }
        if (raw ? !send_empty(unpacking, KW_FRAME_FILE) || !send_contents(unpacking, entry)
                : !send_member(unpacking, entry))
            return false;
        if (!account(unpacking, 0))
            return false;
    }
}

static bool run(struct unpacking *unpacking, struct kw_view prefix)
{
    struct archive *archive = unpacking->archive = archive_read_new();
    if (!kw_archive_input_init(&unpacking->input, STDIN_FILENO, prefix))
        return fail(unpacking);
    if (!archive || archive_read_support_format_tar(archive) != ARCHIVE_OK ||
        archive_read_support_format_zip(archive) != ARCHIVE_OK ||
        archive_read_support_format_raw(archive) != ARCHIVE_OK ||
        archive_read_support_format_empty(archive) != ARCHIVE_OK ||
        !kw_archive_input_open(&unpacking->input, archive))
        return fail(unpacking);
    return send_members(unpacking) && send_empty(unpacking, KW_FRAME_END);
}

int main(int argc, char **argv)
{
    struct unpacking *unpacking = calloc(1, sizeof *unpacking);
    uint8_t head[4];
    if (kw_bound_by_hand(argc, argv, "archives") || !unpacking)
        return 2;
    setlocale(LC_CTYPE, "C.UTF-8"); /* else libarchive hides names that are not ASCII */
    kw_bound_helper();
    rlim_t space = kw_bound_space();
    if (space)
        kw_bound(RLIMIT_AS, space + MEMORY);
    bound_time();
    uint32_t size =
        kw_bound_receive(STDOUT_FILENO, head, sizeof head) ? kw_load32(head) : UINT32_MAX;
    uint8_t *prefix = size <= PREFIX_BYTES ? malloc((size_t)size + 1) : NULL;
    bool served = prefix && kw_bound_receive(STDOUT_FILENO, prefix, size) &&
                  run(unpacking, (struct kw_view){prefix, size});
    kw_archive_input_release(&unpacking->input);
    if (unpacking->archive)
        archive_read_free(unpacking->archive);
    kw_bytes_release(&unpacking->name);
    free(unpacking);
    free(prefix);
    return served ? 0 : 1;
}
