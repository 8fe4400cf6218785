/* Writing paged files: front to back, a checksum a page, the header last. */
#include "index/crc32c.h"
#include "index/format.h"
#include "index/pages.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { WRITE_BUFFER = 1 << 20 };

static void fail(struct kw_pages_writer *writer, enum kw_status status)
{
    if (!writer->status)
        writer->status = status;
}

/* Begins to write to `fd`, which is the writer's, behind the header. */
static enum kw_status begin(struct kw_pages_writer *writer, int fd, const char *path,
                            const char *kind, struct kw_error *error)
{
    writer->fd = fd;
    if (writer->fd < 0)
        return kw_fail_errno(error, "cannot create '%s'", path);
    memcpy(writer->kind, kind, sizeof writer->kind);
    writer->path = strdup(path);
    if (!writer->path) {
        close(fd);
        writer->fd = -1;
        return kw_fail_memory(error);
    }
    writer->offset = KW_PAGE;
    if (lseek(writer->fd, KW_PAGE, SEEK_SET) < 0)
        fail(writer, kw_fail_errno(&writer->error, "cannot write '%s'", path));
    return KW_OK;
}

enum kw_status kw_pages_writer_init(struct kw_pages_writer *writer, const char *path,
                                    const char *kind, struct kw_error *error)
{
    *writer = (struct kw_pages_writer){.fd = -1};
    return begin(writer, open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600), path, kind,
                 error);
}

enum kw_status kw_pages_writer_init_memory(struct kw_pages_writer *writer, int fd, const char *kind,
                                           struct kw_error *error)
{
    char path[KW_DESCRIPTOR_PATH];
    kw_descriptor_path(fd, path);
    *writer = (struct kw_pages_writer){.fd = -1, .nameless = true};
    return begin(writer, fcntl(fd, F_DUPFD_CLOEXEC, 0), path, kind, error);
}

enum kw_status kw_pages_writer_init_aside(struct kw_pages_writer *writer, const char *path,
                                          struct kw_error *error)
{
    enum kw_status status = kw_pages_writer_init(writer, path, "segm", error);
    if (status)
        return status;
    unlink(path);
    writer->nameless = true;
    kw_pages_writer_section(writer, "aside");
    return KW_OK;
}

enum kw_status kw_pages_writer_take(struct kw_pages_writer *writer,
                                    const struct kw_pages_writer *aside, struct kw_error *error)
{
    enum kw_status status = aside->status;
    if (status && error)
        *error = aside->error;
    uint8_t *part = status ? NULL : malloc(WRITE_BUFFER);
    if (!status && !part)
        status = kw_fail_memory(error);
    for (uint64_t at = aside->sections[0].offset; at < aside->offset && !status;) {
        uint64_t left = aside->offset - at;
        ssize_t got =
            pread(aside->fd, part, left < WRITE_BUFFER ? (size_t)left : WRITE_BUFFER, (off_t)at);
        if (got < 0 && errno == EINTR)
            continue;
        errno = got ? errno : EIO;
        if (got <= 0)
            status = kw_fail_errno(error, "cannot read '%s'", aside->path);
        else
            kw_pages_writer_append(writer, part, (size_t)got);
        at += got > 0 ? (uint64_t)got : 0;
    }
    free(part);
    if (!status)
        kw_pages_writer_append(writer, aside->page.data, aside->page.size);
    return status;
}

void kw_pages_writer_release(struct kw_pages_writer *writer)
{
    if (writer->fd >= 0) {
        close(writer->fd);
        if (!writer->nameless)
            unlink(writer->path);
    }
    free(writer->path);
    kw_bytes_release(&writer->page);
    kw_bytes_release(&writer->sums);
    *writer = (struct kw_pages_writer){.fd = -1};
}

/* Writes and sums the whole pages gathered so far. */
static void write_pages(struct kw_pages_writer *writer)
{
    size_t whole = writer->page.size / KW_PAGE * KW_PAGE;
    for (size_t at = 0; at < whole; at += KW_PAGE)
        kw_bytes_u32(&writer->sums, kw_crc32c(writer->page.data + at, KW_PAGE));
    if (writer->status || !whole)
        return;
    struct kw_view pages = {writer->page.data, whole};
    fail(writer, kw_write_all(writer->fd, pages, writer->path, &writer->error));
    memmove(writer->page.data, writer->page.data + whole, writer->page.size - whole);
    writer->page.size -= whole;
    writer->offset += whole;
}

static void append(struct kw_pages_writer *writer, const void *data, size_t size)
{
    const uint8_t *bytes = data;
    while (size && !writer->status) {
        size_t part = WRITE_BUFFER - writer->page.size;
        if (part > size)
            part = size;
        kw_bytes_append(&writer->page, bytes, part);
        fail(writer, kw_bytes_status(&writer->page, &writer->error));
        bytes += part;
        size -= part;
        if (writer->page.size >= WRITE_BUFFER)
            write_pages(writer);
    }
}

static void pad(struct kw_pages_writer *writer, size_t alignment)
{
    static const uint8_t zeros[KW_PAGE];
    size_t used = (writer->offset + writer->page.size) % alignment;
    if (used)
        append(writer, zeros, alignment - used);
}

void kw_pages_writer_section(struct kw_pages_writer *writer, const char *name)
{
    if (writer->section_count == KW_SECTIONS || strlen(name) >= KW_SECTION_NAME) {
        fail(writer, kw_fail(&writer->error, KW_E_USAGE, "no room for section '%s'", name));
        return;
    }
    pad(writer, KW_SECTION_ALIGN);
    struct kw_section *section = &writer->sections[writer->section_count++];
    *section = (struct kw_section){.offset = writer->offset + writer->page.size};
    memcpy(section->name, name, strlen(name));
}

void kw_pages_writer_append(struct kw_pages_writer *writer, const void *data, size_t size)
{
    append(writer, data, size);
    if (!writer->status)
        writer->sections[writer->section_count - 1].size += size;
}

void kw_pages_writer_parameter(struct kw_pages_writer *writer, uint64_t parameter)
{
    if (writer->section_count)
        writer->sections[writer->section_count - 1].parameter = parameter;
}

uint64_t kw_pages_writer_size(const struct kw_pages_writer *writer)
{
    return writer->section_count ? writer->sections[writer->section_count - 1].size : 0;
}

static void fill_header(const struct kw_pages_writer *writer, uint64_t page_count,
                        uint64_t file_size, uint8_t header[KW_PAGE])
{
    memset(header, 0, KW_PAGE);
    memcpy(header, "kwic", 4);
    memcpy(header + 4, writer->kind, 4);
    kw_store32(header + 8, KW_FORMAT_VERSION);
    kw_store32(header + 12, KW_FORMAT_WRITES);
    kw_store64(header + 24, file_size);
    kw_store64(header + 32, page_count);
    kw_store32(header + 40, writer->section_count);
    for (uint32_t i = 0; i < writer->section_count; i++) {
        uint8_t *at = header + 48 + (size_t)i * 40;
        memcpy(at, writer->sections[i].name, KW_SECTION_NAME);
        kw_store64(at + 16, writer->sections[i].offset);
        kw_store64(at + 24, writer->sections[i].size);
        kw_store64(at + 32, writer->sections[i].parameter);
    }
}

/* Appends the table: pages of checksums, each with its own in the last four bytes. */
static void write_table(struct kw_pages_writer *writer, const uint8_t header[KW_PAGE],
                        uint64_t page_count)
{
    uint8_t table[KW_PAGE];
    for (uint64_t page = 0; page < page_count;) {
        memset(table, 0, sizeof table);
        for (size_t i = 0; i < KW_PAGE_SUMS && page < page_count; i++, page++)
            kw_store32(table + i * 4, page ? kw_load32(writer->sums.data + (page - 1) * 4)
                                           : kw_crc32c(header, KW_PAGE));
        kw_store32(table + KW_PAGE - 4, kw_crc32c(table, KW_PAGE - 4));
        if (!writer->status)
            fail(writer, kw_write_all(writer->fd, (struct kw_view){table, KW_PAGE}, writer->path,
                                      &writer->error));
    }
}

static void write_header(struct kw_pages_writer *writer, const uint8_t header[KW_PAGE])
{
    if (writer->status)
        return;
    if (lseek(writer->fd, 0, SEEK_SET) < 0)
        fail(writer, kw_fail_errno(&writer->error, "cannot write '%s'", writer->path));
    else
        fail(writer, kw_write_all(writer->fd, (struct kw_view){header, KW_PAGE}, writer->path,
                                  &writer->error));
}

enum kw_status kw_pages_writer_finish(struct kw_pages_writer *writer, bool sync,
                                      struct kw_error *error)
{
    uint8_t header[KW_PAGE];
    pad(writer, KW_PAGE);
    write_pages(writer);
    fail(writer, kw_bytes_status(&writer->sums, &writer->error));
    if (!writer->status) {
        uint64_t page_count = writer->sums.size / 4 + 1;
        uint64_t tables = (page_count + KW_PAGE_SUMS - 1) / KW_PAGE_SUMS;
        fill_header(writer, page_count, (page_count + tables) * KW_PAGE, header);
        write_table(writer, header, page_count);
        write_header(writer, header);
    }
    if (!writer->status && sync && fsync(writer->fd) != 0)
        fail(writer, kw_fail_errno(&writer->error, "cannot sync '%s'", writer->path));
    if (!writer->status) {
        int closed = close(writer->fd);
        writer->fd = -1;
        if (closed != 0) {
            fail(writer, kw_fail_errno(&writer->error, "cannot close '%s'", writer->path));
            if (!writer->nameless)
                unlink(writer->path);
        }
    }
    if (writer->status && error)
        *error = writer->error;
    return writer->status;
}
