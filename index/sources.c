/* Reads and writes what walks know of files. */
#include "index/sources.h"

#include "index/sort.h"
#include "index/table.h"

#include <stdlib.h>

enum kw_status kw_sources_init(struct kw_sources *sources, const char *path, struct kw_error *error)
{
    *sources = (struct kw_sources){.files = NULL};
    enum kw_status status = kw_pages_init(&sources->pages, path, "srcs", error);
    if (status == KW_E_NO_INDEX || status == KW_E_NOT_FOUND)
        status = kw_fail(error, KW_E_DAMAGED, "'%s' is missing or not a file of sources", path);
    if (status)
        return status;
    kw_map_expect(&sources->pages.map, true); /* most who open them go through all of them */
    sources->files = kw_pages_section(&sources->pages, "files");
    sources->file_index = kw_pages_section(&sources->pages, "fileindex");
    sources->roots = kw_pages_section(&sources->pages, "roots");
    sources->root_index = kw_pages_section(&sources->pages, "rootindex");
    sources->gone = kw_pages_section(&sources->pages, "gone");
    sources->gone_index = kw_pages_section(&sources->pages, "goneindex");
    if (!sources->files || !sources->file_index || !sources->roots || !sources->root_index ||
        !sources->gone || !sources->gone_index) {
        kw_pages_damage(&sources->pages, NULL, 0, "sections are missing");
        status = kw_pages_status(&sources->pages, error);
        kw_sources_release(sources);
    }
    return status;
}

void kw_sources_release(struct kw_sources *sources)
{
    kw_pages_release(&sources->pages);
}

uint64_t kw_sources_files(const struct kw_sources *sources)
{
    return sources->file_index->size / 8;
}

enum kw_status kw_sources_file(struct kw_sources *sources, uint64_t number,
                               struct kw_source_file *file, struct kw_error *error)
{
    struct kw_view row =
        kw_table_record(&sources->pages, sources->files, sources->file_index, number);
    struct kw_view kind;
    uint64_t mtime;
    *file = (struct kw_source_file){.size = 0};
    if (!row.data || !kw_take_string(&row, &file->path) || !kw_take_varint(&row, &file->size) ||
        !kw_take_varint(&row, &mtime) || !kw_take_varint(&row, &file->inode) ||
        !kw_take_bytes(&row, 1, &kind)) {
        kw_pages_damage(&sources->pages, sources->files, 0, "a file's row makes no sense");
        return kw_pages_status(&sources->pages, error);
    }
    file->mtime = (int64_t)mtime;
    file->kind = kind.data[0];
    return KW_OK;
}

enum kw_status kw_sources_find(struct kw_sources *sources, struct kw_view path,
                               struct kw_source_file *file, struct kw_error *error)
{
    uint64_t low = 0;
    uint64_t high = kw_sources_files(sources);
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        enum kw_status status = kw_sources_file(sources, middle, file, error);
        if (status)
            return status;
        int order = kw_view_compare(file->path, path);
        if (order == 0)
            return KW_OK;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return KW_E_NOT_FOUND;
}

static enum kw_status table_entry(struct kw_sources *sources, const struct kw_section *records,
                                  const struct kw_section *index, uint64_t number,
                                  struct kw_view *entry, struct kw_error *error)
{
    *entry = kw_table_record(&sources->pages, records, index, number);
    if (entry->data)
        return KW_OK;
    kw_pages_damage(&sources->pages, records, 0, "an entry does not exist");
    return kw_pages_status(&sources->pages, error);
}

uint64_t kw_sources_roots(const struct kw_sources *sources)
{
    return sources->root_index->size / 8;
}

enum kw_status kw_sources_root(struct kw_sources *sources, uint64_t number, struct kw_view *root,
                               struct kw_error *error)
{
    return table_entry(sources, sources->roots, sources->root_index, number, root, error);
}

uint64_t kw_sources_gone(const struct kw_sources *sources)
{
    return sources->gone_index->size / 8;
}

enum kw_status kw_sources_gone_id(struct kw_sources *sources, uint64_t number, struct kw_view *id,
                                  struct kw_error *error)
{
    return table_entry(sources, sources->gone, sources->gone_index, number, id, error);
}

static void add_file(struct kw_table_writer *table, const struct kw_source_file *file)
{
    struct kw_bytes *out = &table->records;
    kw_bytes_string(out, file->path);
    kw_bytes_varint(out, file->size);
    kw_bytes_varint(out, (uint64_t)file->mtime);
    kw_bytes_varint(out, file->inode);
    kw_bytes_append_byte(out, file->kind);
    kw_table_writer_end(table);
}

/* Adds views to the table in byte order without repeats: files, or bare strings if `files` is NULL.
 */
static enum kw_status add_sorted(struct kw_table_writer *table, const struct kw_view *views,
                                 const struct kw_source_file *files, size_t count,
                                 struct kw_error *error)
{
    uint32_t *order = malloc((count + 1) * sizeof *order);
    enum kw_status status =
        order ? kw_sort_views(views, order, count, error) : kw_fail_memory(error);
    for (size_t i = 0; i < count && !status; i++) {
        if (i && kw_view_equal(views[order[i]], views[order[i - 1]]))
            continue;
        if (files) {
            add_file(table, &files[order[i]]);
        } else {
            kw_bytes_append_view(&table->records, views[order[i]]);
            kw_table_writer_end(table);
        }
    }
    free(order);
    return status;
}

/* Writes what `pages` was begun for, which it releases. */
static enum kw_status write_sources(struct kw_pages_writer *pages,
                                    const struct kw_source_file *files, size_t file_count,
                                    const struct kw_view *roots, size_t root_count,
                                    const struct kw_view *gone, size_t gone_count, bool sync,
                                    struct kw_error *error)
{
    struct kw_table_writer file_table = {0};
    struct kw_table_writer root_table = {0};
    struct kw_table_writer gone_table = {0};
    struct kw_view *paths = calloc(file_count + 1, sizeof *paths);
    enum kw_status status = paths ? KW_OK : kw_fail_memory(error);
    for (size_t i = 0; i < file_count && !status; i++)
        paths[i] = files[i].path;
    if (!status)
        status = add_sorted(&file_table, paths, files, file_count, error);
    if (!status)
        status = add_sorted(&gone_table, gone, NULL, gone_count, error);
    for (size_t i = 0; i < root_count; i++) {
        kw_bytes_append_view(&root_table.records, roots[i]);
        kw_table_writer_end(&root_table);
    }
    if (!status)
        status = kw_table_writer_write(&file_table, pages, "files", "fileindex", error);
    if (!status)
        status = kw_table_writer_write(&root_table, pages, "roots", "rootindex", error);
    if (!status)
        status = kw_table_writer_write(&gone_table, pages, "gone", "goneindex", error);
    if (!status)
        status = kw_pages_writer_finish(pages, sync, error);
    kw_pages_writer_release(pages);
    kw_table_writer_release(&file_table);
    kw_table_writer_release(&root_table);
    kw_table_writer_release(&gone_table);
    free(paths);
    return status;
}

enum kw_status kw_sources_write(const char *path, const struct kw_source_file *files,
                                size_t file_count, const struct kw_view *roots, size_t root_count,
                                const struct kw_view *gone, size_t gone_count, bool sync,
                                struct kw_error *error)
{
    struct kw_pages_writer pages;
    enum kw_status status = kw_pages_writer_init(&pages, path, "srcs", error);
    return status ? status
                  : write_sources(&pages, files, file_count, roots, root_count, gone, gone_count,
                                  sync, error);
}

enum kw_status kw_sources_write_memory(int fd, const struct kw_source_file *files,
                                       size_t file_count, const struct kw_view *roots,
                                       size_t root_count, const struct kw_view *gone,
                                       size_t gone_count, struct kw_error *error)
{
    struct kw_pages_writer pages;
    enum kw_status status = kw_pages_writer_init_memory(&pages, fd, "srcs", error);
    return status ? status
                  : write_sources(&pages, files, file_count, roots, root_count, gone, gone_count,
                                  false, error);
}
