/* Input of kwic-archive: raw bytes, gzip by zlib, which checks its checksums, and other compression
 * by libarchive. */
#include "ingest/archive_input.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

enum { GZIP_WINDOW = 15 + 16 }; /* the largest, with gzip's head and checksum */

static const char bursts[] = "it unpacks to more than 256 MiB and a hundred times its size";

bool kw_archive_input_bursts(const struct kw_archive_input *input, uint64_t unpacked)
{
    return unpacked > KW_UNPACKED_BASE + KW_UNPACKED_FACTOR * input->furthest;
}

/* Reads raw bytes into input->raw, which is empty; none at the end. */
static bool fill(struct kw_archive_input *input)
{
    ssize_t got;
    if (input->prefix.size) {
        input->raw = input->prefix;
        input->prefix.size = 0;
    } else {
        do
            got = input->is_file ? pread(input->fd, input->in, sizeof input->in, (off_t)input->at)
                                 : read(input->fd, input->in, sizeof input->in);
        while (got < 0 && errno == EINTR);
        if (got < 0) {
            input->failure = strerror(errno);
            return false;
        }
        input->raw = (struct kw_view){input->in, (size_t)got};
    }
    input->at += input->raw.size;
    if (input->at > input->furthest)
        input->furthest = input->at;
    input->ended = !input->raw.size;
    return true;
}

/* ---- Unpacking ---------------------------------------------------------------------------- */

/* Whether what is left of the raw input is another stream of gzip, zeros, or nothing: then *more
 * says whether there is another. */
static bool look_behind(struct kw_archive_input *input, bool *more)
{
    *more = false;
    for (;;) {
        while (input->raw.size && !*input->raw.data) {
            input->raw.data++;
            input->raw.size--;
        }
        if (input->raw.size || input->ended)
            break;
        if (!fill(input))
            return false;
    }
    *more = input->raw.size && *input->raw.data == 0x1f;
    if (input->raw.size && !*more)
        input->failure = "it is damaged: there is something behind its end";
    return !input->failure;
}

/* Inflates into input->out; *size is 0 at the end. */
static bool inflate_some(struct kw_archive_input *input, size_t *size)
{
    z_stream *z = &input->inflater;
    z->next_out = input->out;
    z->avail_out = sizeof input->out;
    while (z->avail_out == sizeof input->out) {
        bool more;
        if (!input->gzip_inside) {
            if (!look_behind(input, &more))
                return false;
            if (!more)
                break;
            inflateReset(z);
            input->gzip_inside = true;
        }
        if (!input->raw.size && !fill(input))
            return false;
        z->next_in = (Bytef *)(uintptr_t)input->raw.data;
        z->avail_in = (uInt)input->raw.size;
        int got = inflate(z, Z_NO_FLUSH);
        input->raw = (struct kw_view){z->next_in, z->avail_in};
        if (got == Z_STREAM_END)
            input->gzip_inside = false;
        else if (got == Z_BUF_ERROR || (got == Z_OK && input->ended))
            input->failure = input->ended ? "it is damaged: it was cut short" : NULL;
        else if (got != Z_OK)
            input->failure = got == Z_MEM_ERROR ? "it takes too much memory" : "it is damaged";
        if (input->failure)
            return false;
    }
    *size = sizeof input->out - z->avail_out;
    return true;
}

/* Reads the next bytes; *size is 0 at the end. They are valid until the next call. */
static bool read_some(struct kw_archive_input *input, const void **bytes, size_t *size)
{
    la_int64_t place;
    *size = 0;
    if (input->failure)
        return false;
    if (input->gzip) {
        if (!inflate_some(input, size))
            return false;
        *bytes = input->out;
    } else if (input->unpacker) {
        int got;
        do
            got = archive_read_data_block(input->unpacker, bytes, size, &place);
        while (got == ARCHIVE_OK && !*size);
        if (got == ARCHIVE_EOF)
            *size = 0;
        else if (got != ARCHIVE_OK) /* who asks behind the end misses something */
            input->failure = input->ended ? "it is damaged: it was cut short"
                                          : archive_error_string(input->unpacker);
        if (got != ARCHIVE_OK && got != ARCHIVE_EOF && !input->failure)
            input->failure = "it is damaged";
    } else {
        if (!input->raw.size && !fill(input))
            return false;
        *bytes = input->raw.data;
        *size = input->raw.size;
        input->raw.size = 0;
    }
    input->unpacked += *size;
    if (!input->failure && kw_archive_input_bursts(input, input->unpacked))
        input->failure = bursts;
    return !input->failure;
}

bool kw_archive_input_drain(struct kw_archive_input *input)
{
    const void *bytes;
    size_t size = 1;
    while (input->compressed && size)
        if (!read_some(input, &bytes, &size))
            return false;
    return true;
}

/* ---- For libarchive ----------------------------------------------------------------------- */

static la_ssize_t on_raw(struct archive *archive, void *context, const void **bytes)
{
    struct kw_archive_input *input = context;
    if (!input->raw.size && !fill(input)) {
        archive_set_error(archive, EIO, "%s", input->failure);
        return -1;
    }
    *bytes = input->raw.data;
    la_ssize_t size = (la_ssize_t)input->raw.size;
    input->raw.size = 0;
    return size;
}

static la_ssize_t on_read(struct archive *archive, void *context, const void **bytes)
{
    struct kw_archive_input *input = context;
    size_t size;
    if (read_some(input, bytes, &size))
        return (la_ssize_t)size;
    archive_set_error(archive, EIO, "%s", input->failure);
    return -1;
}

static la_int64_t on_seek(struct archive *archive, void *context, la_int64_t offset, int whence)
{
    struct kw_archive_input *input = context;
    struct stat info;
    int64_t from = 0;
    if (whence == SEEK_CUR)
        from = (int64_t)(input->at - input->raw.size);
    else if (whence == SEEK_END)
        from = fstat(input->fd, &info) == 0 ? (int64_t)info.st_size : -1;
    if (from < 0 || __builtin_add_overflow(from, offset, &from) || from < 0) {
        archive_set_error(archive, EINVAL, "it is damaged: it refers to what lies outside");
        return ARCHIVE_FATAL;
    }
    input->raw.size = 0;
    input->at = (uint64_t)from;
    return from;
}

static la_int64_t on_skip(struct archive *archive, void *context, la_int64_t size)
{
    struct kw_archive_input *input = context;
    struct stat info;
    (void)archive;
    uint64_t at = input->at - input->raw.size;
    if (size <= 0 || fstat(input->fd, &info) != 0 || (uint64_t)info.st_size <= at)
        return 0;
    uint64_t left = (uint64_t)info.st_size - at;
    uint64_t skipped = (uint64_t)size < left ? (uint64_t)size : left;
    input->raw.size = 0;
    input->at = at + skipped;
    return (la_int64_t)skipped;
}

bool kw_archive_input_open(struct kw_archive_input *input, struct archive *archive)
{
    bool plain_file = input->is_file && !input->compressed;
    if (archive_read_set_read_callback(archive, on_read) != ARCHIVE_OK ||
        archive_read_set_callback_data(archive, input) != ARCHIVE_OK)
        return false;
    if (plain_file && (archive_read_set_seek_callback(archive, on_seek) != ARCHIVE_OK ||
                       archive_read_set_skip_callback(archive, on_skip) != ARCHIVE_OK))
        return false;
    return archive_read_open1(archive) == ARCHIVE_OK;
}

/* ---- Beginning ---------------------------------------------------------------------------- */

static bool begins(const struct kw_archive_input *input, const char *mark, size_t size)
{
    return input->raw.size >= size && memcmp(input->raw.data, mark, size) == 0;
}

/* Has libarchive unpack what it can: one layer alone. */
static bool start_unpacker(struct kw_archive_input *input)
{
    struct archive_entry *entry;
    struct archive *archive = input->unpacker = archive_read_new();
    if (!archive || archive_read_support_filter_bzip2(archive) != ARCHIVE_OK ||
        archive_read_support_filter_xz(archive) != ARCHIVE_OK ||
        archive_read_support_filter_zstd(archive) != ARCHIVE_OK ||
        archive_read_support_format_raw(archive) != ARCHIVE_OK ||
        archive_read_support_format_empty(archive) != ARCHIVE_OK ||
        archive_read_open(archive, input, NULL, on_raw, NULL) != ARCHIVE_OK) {
        input->failure = archive ? archive_error_string(archive) : NULL;
    } else {
        int got = archive_read_next_header(archive, &entry);
        if (got == ARCHIVE_OK || got == ARCHIVE_EOF) {
            if (archive_filter_count(archive) == 2)
                return true;
            input->failure = "it is compressed more than once";
        } else {
            input->failure = archive_error_string(archive);
        }
    }
    if (!input->failure)
        input->failure = "libarchive cannot read it";
    return false;
}

bool kw_archive_input_init(struct kw_archive_input *input, int fd, struct kw_view prefix)
{
    struct stat info;
    *input = (struct kw_archive_input){.prefix = prefix, .fd = fd};
    input->is_file = !prefix.size && fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
    if (!fill(input))
        return false;
    input->gzip = begins(input, "\x1f\x8b", 2);
    input->compressed = input->gzip || begins(input, "BZh", 3) ||
                        begins(input, "\xfd\x37zXZ\0", 6) || begins(input, "\x28\xb5\x2f\xfd", 4);
    if (input->gzip) {
        input->gzip_set_up = inflateInit2(&input->inflater, GZIP_WINDOW) == Z_OK;
        input->gzip_inside = true;
        input->failure = input->gzip_set_up ? NULL : "it takes too much memory";
    } else if (input->compressed) {
        return start_unpacker(input);
    }
    return !input->failure;
}

void kw_archive_input_release(struct kw_archive_input *input)
{
    if (input->gzip_set_up)
        inflateEnd(&input->inflater);
    if (input->unpacker)
        archive_read_free(input->unpacker);
    input->unpacker = NULL;
    input->gzip_set_up = false;
}
