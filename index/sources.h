/* Sources: what walks know of files and their times, apart from the segments (whose bytes depend on
 * the input alone). */
#ifndef KW_INDEX_SOURCES_H
#define KW_INDEX_SOURCES_H

#include "index/pages.h"

/* A file as it was when it was indexed. */
struct kw_source_file {
    struct kw_view path; /* relative to the base directory; the key */
    uint64_t size;
    int64_t mtime; /* nanoseconds since 1970 */
    uint64_t inode;
    uint8_t kind; /* as the writer gave it */
};

/* A file of sources, mapped; lookups by binary search. It points into itself: not to be copied. */
struct kw_sources {
    struct kw_pages pages;
    const struct kw_section *files, *file_index; /* sorted by path */
    const struct kw_section *roots, *root_index; /* in the order given */
    const struct kw_section *gone, *gone_index;  /* sorted */
};

enum kw_status kw_sources_init(struct kw_sources *sources, const char *path,
                               struct kw_error *error);
void kw_sources_release(struct kw_sources *sources);

uint64_t kw_sources_files(const struct kw_sources *sources);
enum kw_status kw_sources_file(struct kw_sources *sources, uint64_t number,
                               struct kw_source_file *file, struct kw_error *error);
/* KW_OK, KW_E_NOT_FOUND (nothing recorded in error), KW_E_DAMAGED. */
enum kw_status kw_sources_find(struct kw_sources *sources, struct kw_view path,
                               struct kw_source_file *file, struct kw_error *error);

/* Roots: what earlier runs were told to index, coded by the library; opaque here. */
uint64_t kw_sources_roots(const struct kw_sources *sources);
enum kw_status kw_sources_root(struct kw_sources *sources, uint64_t number, struct kw_view *root,
                               struct kw_error *error);

/* Ids that were deleted by hand and stay out of refreshes. */
uint64_t kw_sources_gone(const struct kw_sources *sources);
enum kw_status kw_sources_gone_id(struct kw_sources *sources, uint64_t number, struct kw_view *id,
                                  struct kw_error *error);

/* Writes a file of sources: files and gone ids sorted in byte order, without repeats. */
enum kw_status kw_sources_write(const char *path, const struct kw_source_file *files,
                                size_t file_count, const struct kw_view *roots, size_t root_count,
                                const struct kw_view *gone, size_t gone_count, bool sync,
                                struct kw_error *error);

/* The same into the empty file `fd`, as kw_pages_writer_init_memory takes it. */
enum kw_status kw_sources_write_memory(int fd, const struct kw_source_file *files,
                                       size_t file_count, const struct kw_view *roots,
                                       size_t root_count, const struct kw_view *gone,
                                       size_t gone_count, struct kw_error *error);

#endif
