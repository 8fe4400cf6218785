/* Paged files: the container of every file of an index. A header page with the directory of
 * sections, the sections, and a CRC-32C for every page of 4 KiB (kwic-format(5)). */
#ifndef KW_INDEX_PAGES_H
#define KW_INDEX_PAGES_H

#include "base/file.h"
#include "index/kernels.h"

#include <stdatomic.h>

enum {
    KW_PAGE = 4096,
    KW_PAGE_SUMS =
        KW_PAGE / 4 - 1, /* checksums a table page holds; its last four bytes are its own */
    KW_SECTIONS = 64,    /* at most */
    KW_SECTION_NAME = 16,
    KW_SECTION_ALIGN = 64,
};

struct kw_section {
    char name[KW_SECTION_NAME]; /* NUL-padded */
    uint64_t offset;            /* in the file */
    uint64_t size;
    uint64_t parameter; /* a count or number, by section */
};

/* A mapped paged file. A page is verified at its first use in this process. */
struct kw_pages {
    struct kw_map map;
    char *path;
    uint64_t page_count; /* data pages, header included */
    struct kw_section sections[KW_SECTIONS];
    uint32_t section_count;
    _Atomic uint64_t *verified;       /* a bit a page, table pages included; before these how many
                                         share it and the mapping */
    _Atomic uint64_t damaged_at;      /* offset of the first damage found + 1, 0: none */
    const char *_Atomic damage;       /* what did not hold there; static text */
    const struct kw_kernels *kernels; /* those to read it with */
};

/* Maps `path`, which must be of `kind` (four letters). KW_E_NOT_FOUND, KW_E_IO, KW_E_DAMAGED (too
 * short, header's checksum), KW_E_VERSION, KW_E_NO_INDEX if the file is none of ours, KW_E_USAGE
 * as kw_kernels_choose. The system is told that pages will be read here and there: who reads most
 * of them calls kw_map_expect. */
enum kw_status kw_pages_init(struct kw_pages *pages, const char *path, const char *kind,
                             struct kw_error *error);
/* Opens a file again that is open, with its mapping and what is verified of it, which both then
 * share, in whatever threads; damage each finds for itself. Released like any. KW_E_MEMORY. */
enum kw_status kw_pages_share(struct kw_pages *pages, const struct kw_pages *from,
                              struct kw_error *error);
void kw_pages_release(struct kw_pages *pages);

/* The section `name`, or NULL if the file has none. */
const struct kw_section *kw_pages_section(const struct kw_pages *pages, const char *name);

/* Verifies one page of the table of checksums (page_count and up) by its own checksum; false marks
 * the file damaged. */
bool kw_pages_verify_table(struct kw_pages *pages, uint64_t page);

/* Verifies all pages that hold [offset, offset+size); false marks the file damaged. */
bool kw_pages_verify(struct kw_pages *pages, uint64_t offset, uint64_t size);

/* Verified bytes [at, at+size) of a section, or NULL (file marked damaged) if they are outside of
 * it or do not match their checksum. Up to KW_KERNEL_SLACK bytes behind the range may be read but
 * mean nothing: a table of checksums follows the last section. */
static inline const uint8_t *kw_pages_view(struct kw_pages *pages, const struct kw_section *section,
                                           uint64_t at, uint64_t size);

/* Marks the file damaged at `offset` of `section` (or of the file if NULL) for `reason` (static
 * text); the first mark stays. */
void kw_pages_damage(struct kw_pages *pages, const struct kw_section *section, uint64_t offset,
                     const char *reason);

/* Takes the mark away, so that another part of the file can be judged by itself. Pages that do not
 * hold are still not handed out. */
void kw_pages_forget_damage(struct kw_pages *pages);

/* The name of the section that holds file offset `at`, or of what else stands there ("header",
 * "checksums", "padding"). */
const char *kw_pages_place(const struct kw_pages *pages, uint64_t at);

/* KW_OK, or KW_E_DAMAGED saying file, section and offset of the first damage. */
enum kw_status kw_pages_status(const struct kw_pages *pages, struct kw_error *error);

/* Whether one page (by number) was verified before. */
static inline bool kw_pages_seen(const struct kw_pages *pages, uint64_t page)
{
    return atomic_load_explicit(&pages->verified[page / 64], memory_order_acquire) >> (page % 64) &
           1;
}

static inline const uint8_t *kw_pages_view(struct kw_pages *pages, const struct kw_section *section,
                                           uint64_t at, uint64_t size)
{
    if (at > section->size || size > section->size - at) {
        kw_pages_damage(pages, section, at, "points outside of its section");
        return NULL;
    }
    uint64_t from = section->offset + at;
    bool one = size && from / KW_PAGE == (from + size - 1) / KW_PAGE;
    if (!(one && kw_pages_seen(pages, from / KW_PAGE)) && !kw_pages_verify(pages, from, size))
        return NULL;
    return pages->map.view.data + from;
}

/* ---- Writing ------------------------------------------------------------------------------ */

/* Writes a paged file front to back: sections one after another, then the table, then the header.
 */
struct kw_pages_writer {
    int fd;
    char *path;
    bool nameless; /* nothing to remove */
    char kind[4];
    struct kw_bytes page; /* the page being filled, and whole ones not yet written */
    struct kw_bytes sums; /* u32 per page behind the header */
    uint64_t offset;      /* where page.data begins in the file */
    struct kw_section sections[KW_SECTIONS];
    uint32_t section_count;
    enum kw_status status; /* sticky: once it is not KW_OK, calls do nothing */
    struct kw_error error;
};

/* Creates `path` (mode 0600; it must not exist) for a file of `kind`. */
enum kw_status kw_pages_writer_init(struct kw_pages_writer *writer, const char *path,
                                    const char *kind, struct kw_error *error);
/* The same for the empty file `fd` of a memory file system (memfd_create), which stays the caller's
 * and is mapped by kw_descriptor_path. */
enum kw_status kw_pages_writer_init_memory(struct kw_pages_writer *writer, int fd, const char *kind,
                                           struct kw_error *error);
/* Begins a section that stands aside, in a file that is made as `path`, whose name is removed at
 * once, until another writer takes it. */
enum kw_status kw_pages_writer_init_aside(struct kw_pages_writer *writer, const char *path,
                                          struct kw_error *error);
/* Appends what stood aside to the section at hand. KW_E_IO, KW_E_MEMORY: also of what was appended
 * to `aside`. */
enum kw_status kw_pages_writer_take(struct kw_pages_writer *writer,
                                    const struct kw_pages_writer *aside, struct kw_error *error);
/* Removes the file unless it was finished. */
void kw_pages_writer_release(struct kw_pages_writer *writer);

/* Begins a section; what is appended next belongs to it. */
void kw_pages_writer_section(struct kw_pages_writer *writer, const char *name);
void kw_pages_writer_append(struct kw_pages_writer *writer, const void *data, size_t size);
/* The parameter of the section at hand. */
void kw_pages_writer_parameter(struct kw_pages_writer *writer, uint64_t parameter);
/* Bytes appended to the section at hand so far. */
uint64_t kw_pages_writer_size(const struct kw_pages_writer *writer);

/* Writes table and header, fsyncs if `sync`. Any earlier failure is reported here. */
enum kw_status kw_pages_writer_finish(struct kw_pages_writer *writer, bool sync,
                                      struct kw_error *error);

#endif
