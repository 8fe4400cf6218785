/* The client of kwic-archive: what is an archive, and reading its frames one by one, so that no
 * more than one of them is held. */
#include "ingest/archive.h"

#include "base/file.h"
#include "ingest/process.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>

enum { PATIENCE = 60000 }; /* milliseconds without a sign of life, where the input is a file */

struct kw_archive {
    struct kw_process process;
    char *program;
    const char *path;
    int input;
    bool is_file;           /* the input need not be waited for */
    struct kw_bytes prefix; /* sent with the request */
    struct kw_bytes member; /* the path of the member */
    size_t left;            /* of the contents of the frame at hand, of kind DATA */
    uint64_t consumed;
    bool started;
    bool inside; /* a member, before its last frame */
    bool ended;
    bool failed;
};

/* ---- What is an archive ------------------------------------------------------------------- */

static bool holds_at(struct kw_view bytes, size_t at, const char *text, size_t size)
{
    return bytes.size >= at + size && memcmp(bytes.data + at, text, size) == 0;
}

/* Whether a zip file's first member is such as documents of office programs, books and programs
 * begin with. */
static bool is_package(struct kw_view front)
{
    static const char *const names[] = {
        "mimetype", "[Content_Types].xml", "_rels/", "docProps/", "word/", "xl/", "ppt/",
        "META-INF/"};
    enum { NAME = 30 };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (holds_at(front, NAME, names[i], strlen(names[i])))
            return true;
    return false;
}

/* Whether it is a tar file by its magic, POSIX's or GNU's, with the NUL that no text has there. */
static bool is_tar(struct kw_view front)
{
    enum { MAGIC = 257 };
    return holds_at(front, MAGIC, "ustar\0", 6) || holds_at(front, MAGIC, "ustar  \0", 8);
}

bool kw_archive_begins(struct kw_view front)
{
    if (holds_at(front, 0, "PK\3\4", 4))
        return !is_package(front);
    return holds_at(front, 0, "\x1f\x8b\x08", 3) || holds_at(front, 0, "\xfd\x37zXZ\0", 6) ||
           holds_at(front, 0, "\x28\xb5\x2f\xfd", 4) || is_tar(front) ||
           holds_at(front, 0, "PK\5\6", 4) ||
           (holds_at(front, 0, "BZh", 3) && (holds_at(front, 4, "\x31\x41\x59\x26\x53\x59", 6) ||
                                             holds_at(front, 4, "\x17\x72\x45\x38\x50\x90", 6)));
}

size_t kw_archive_suffix(const char *name)
{
    static const char *const suffixes[] = {".gz", ".bz2", ".xz", ".zst"};
    size_t size = strlen(name);
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        size_t length = strlen(suffixes[i]);
        if (size > length && strcasecmp(name + size - length, suffixes[i]) == 0)
            return length;
    }
    return 0;
}

/* ---- Starting ----------------------------------------------------------------------------- */

enum kw_status kw_archive_new(struct kw_archive **out, int fd, struct kw_view prefix,
                              const char *helpers, const char *path, struct kw_error *error)
{
    struct stat info;
    *out = NULL;
    struct kw_archive *archive = calloc(1, sizeof *archive);
    if (!archive)
        return kw_fail_memory(error);
    archive->process = (struct kw_process)KW_PROCESS_INIT;
    archive->path = path;
    archive->input = fd;
    archive->is_file = fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
    archive->program = kw_path_join(helpers ? helpers : KWIC_LIBEXECDIR, "kwic-archive");
    kw_bytes_u32(&archive->prefix, (uint32_t)prefix.size);
    kw_bytes_append_view(&archive->prefix, prefix);
    if (!archive->program || archive->prefix.failed) {
        kw_archive_free(archive);
        return kw_fail_memory(error);
    }
    *out = archive;
    return KW_OK;
}

void kw_archive_free(struct kw_archive *archive)
{
    if (!archive)
        return;
    kw_process_stop(&archive->process);
    kw_bytes_release(&archive->prefix);
    kw_bytes_release(&archive->member);
    free(archive->program);
    free(archive);
}

/* Ends it all with a reason. */
static enum kw_status give_up(struct kw_archive *archive, struct kw_view why,
                              struct kw_error *error)
{
    kw_process_stop(&archive->process);
    archive->ended = archive->failed = true;
    archive->inside = false;
    return kw_fail(error, KW_E_INPUT, "cannot read '%s': %.*s", archive->path,
                   why.size < 500 ? (int)why.size : 500, (const char *)why.data);
}

static enum kw_status give_up_talk(struct kw_archive *archive, enum kw_talk talk,
                                   struct kw_error *error)
{
    return give_up(archive,
                   kw_view_of(talk == KW_TALK_LATE ? "it takes too long"
                                                   : "the helper program ended unexpectedly"),
                   error);
}

static int64_t deadline_of(const struct kw_archive *archive)
{
    return archive->is_file ? kw_process_clock() + PATIENCE : KW_NO_DEADLINE;
}

static enum kw_status start(struct kw_archive *archive, struct kw_error *error)
{
    char cause[128];
    char why[400];
    archive->started = true;
    int number =
        kw_process_start(&archive->process, archive->program, "kwic-archive", archive->input);
    if (number) {
        snprintf(why, sizeof why, "cannot start '%.250s': %s", archive->program,
                 strerror_r(number, cause, sizeof cause));
        return give_up(archive, kw_view_of(why), error);
    }
    enum kw_talk talk = kw_process_send(&archive->process, kw_bytes_view(&archive->prefix),
                                        kw_process_clock() + PATIENCE);
    kw_bytes_release(&archive->prefix);
    return talk == KW_TALK_DONE ? KW_OK : give_up_talk(archive, talk, error);
}

/* ---- Frames ------------------------------------------------------------------------------- */

/* Receives the head of the next frame that is no mere sign of life. */
static enum kw_status next_frame(struct kw_archive *archive, uint8_t *kind, size_t *size,
                                 struct kw_error *error)
{
    uint8_t head[KW_FRAME_HEAD];
    do {
        enum kw_talk talk =
            kw_process_receive(&archive->process, head, sizeof head, deadline_of(archive));
        if (talk != KW_TALK_DONE)
            return give_up_talk(archive, talk, error);
        *kind = head[0];
        *size = kw_load32(head + 1);
        archive->consumed = kw_load64(head + 5);
        if (*size > KW_FRAME_BYTES)
            return give_up_talk(archive, KW_TALK_ENDED, error);
    } while (*kind == KW_FRAME_PROGRESS && !*size);
    return KW_OK;
}

static enum kw_status receive(struct kw_archive *archive, uint8_t *place, size_t size,
                              struct kw_error *error)
{
    enum kw_talk talk = kw_process_receive(&archive->process, place, size, deadline_of(archive));
    return talk == KW_TALK_DONE ? KW_OK : give_up_talk(archive, talk, error);
}

/* Takes the contents of a frame as a text; what is in it is the helper's, or of the archive. */
static enum kw_status take_text(struct kw_archive *archive, size_t size, struct kw_bytes *text,
                                struct kw_error *error)
{
    kw_bytes_clear(text);
    uint8_t *place = kw_bytes_reserve(text, size + 1);
    if (!place)
        return kw_fail_memory(error);
    enum kw_status status = receive(archive, place, size, error);
    text->size = status == KW_OK ? size : 0;
    return status;
}

/* A frame that says why nothing more, or nothing of this member, can be read. */
static enum kw_status take_reason(struct kw_archive *archive, uint8_t kind, size_t size,
                                  struct kw_error *error)
{
    struct kw_bytes why = KW_BYTES_INIT;
    enum kw_status status = take_text(archive, size, &why, error);
    if (status != KW_OK)
        goto done;
    if (kind == KW_FRAME_FAILED)
        status = give_up(archive, kw_bytes_view(&why), error);
    else
        status = kw_fail(error, KW_E_INPUT, "cannot read '%s%s%.*s': %.*s", archive->path,
                         archive->inside && archive->member.size ? "/" : "",
                         archive->inside ? (int)archive->member.size : 0,
                         (const char *)archive->member.data, why.size < 500 ? (int)why.size : 500,
                         (const char *)why.data);
    archive->inside = false;
done:
    kw_bytes_release(&why);
    return status;
}

/* ---- Members ------------------------------------------------------------------------------ */

enum kw_status kw_archive_read(struct kw_archive *archive, uint8_t *place, size_t capacity,
                               size_t *got, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    uint8_t kind = KW_FRAME_DATA;
    *got = 0;
    while (archive->inside && !archive->left) {
        size_t size;
        status = next_frame(archive, &kind, &size, error);
        if (status != KW_OK)
            return status;
        if (kind == KW_FRAME_FAILED || kind == KW_FRAME_BROKEN)
            return take_reason(archive, kind, size, error);
        if (kind == KW_FRAME_DATA)
            archive->left = size;
        else if (kind != KW_FRAME_WHOLE || size)
            return give_up_talk(archive, KW_TALK_ENDED, error);
        else
            archive->inside = false;
    }
    if (!archive->inside)
        return KW_OK;
    size_t size = archive->left < capacity ? archive->left : capacity;
    status = receive(archive, place, size, error);
    if (status != KW_OK)
        return status;
    archive->left -= size;
    *got = size;
    return KW_OK;
}

/* Passes over what is left of a member; what is wrong with it does not matter any more. */
static enum kw_status pass_over(struct kw_archive *archive, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    size_t got = 1;
    uint8_t *rest = archive->inside ? malloc(KW_FRAME_BYTES) : NULL;
    if (archive->inside && !rest)
        return kw_fail_memory(error);
    while (archive->inside && status == KW_OK && got)
        status = kw_archive_read(archive, rest, KW_FRAME_BYTES, &got, error);
    free(rest);
    return status == KW_E_INPUT && !archive->failed ? KW_OK : status;
}

/* Takes a frame that begins a member. */
static enum kw_status take_member(struct kw_archive *archive, size_t size,
                                  struct kw_member_facts *facts, struct kw_error *error)
{
    uint8_t time[8];
    if (size < sizeof time + 1 || size > sizeof time + KW_MEMBER_PATH)
        return give_up_talk(archive, KW_TALK_ENDED, error);
    enum kw_status status = receive(archive, time, sizeof time, error);
    if (status == KW_OK)
        status = take_text(archive, size - sizeof time, &archive->member, error);
    if (status != KW_OK)
        return status;
    *facts = (struct kw_member_facts){kw_bytes_view(&archive->member), (int64_t)kw_load64(time)};
    return KW_OK;
}

enum kw_status kw_archive_next(struct kw_archive *archive, struct kw_member_facts *facts,
                               bool *skipped, struct kw_error *error)
{
    uint8_t kind;
    size_t size;
    *skipped = false;
    *facts = (struct kw_member_facts){.path = {NULL, 0}};
    enum kw_status status = archive->started ? KW_OK : start(archive, error);
    if (status == KW_OK)
        status = pass_over(archive, error);
    if (status != KW_OK || archive->ended)
        return status == KW_OK ? KW_END : status;
    status = next_frame(archive, &kind, &size, error);
    if (status != KW_OK)
        return status;
    kw_bytes_clear(&archive->member);
    switch (kind) {
    case KW_FRAME_MEMBER:
        status = take_member(archive, size, facts, error);
        break;
    case KW_FRAME_FILE:
        status = size ? give_up_talk(archive, KW_TALK_ENDED, error) : KW_OK;
        break;
    case KW_FRAME_SKIPPED:
        status = take_reason(archive, kind, size, error);
        *skipped = status == KW_E_INPUT && !archive->failed;
        return *skipped ? KW_OK : status;
    case KW_FRAME_FAILED:
        return take_reason(archive, kind, size, error);
    case KW_FRAME_END:
        archive->ended = true;
        kw_process_stop(&archive->process);
        return KW_END;
    default:
        return give_up_talk(archive, KW_TALK_ENDED, error);
    }
    archive->inside = status == KW_OK;
    return status;
}

bool kw_archive_failed(const struct kw_archive *archive)
{
    return archive->failed;
}

uint64_t kw_archive_consumed(const struct kw_archive *archive)
{
    return archive->consumed;
}
