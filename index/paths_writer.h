/* The table of paths of a segment, each there once. */
#ifndef KW_INDEX_PATHS_WRITER_H
#define KW_INDEX_PATHS_WRITER_H

#include "index/table.h"

/* Zeroed is empty. */
struct kw_paths_writer {
    struct kw_table_writer table;
    uint32_t *slots; /* numbers of paths + 1 by their hashes; 0: free */
    size_t slot_count;
};

void kw_paths_writer_release(struct kw_paths_writer *writer);

/* Sets *number to that of a path, which is added if it is not there yet. KW_E_MEMORY. */
enum kw_status kw_paths_writer_add(struct kw_paths_writer *writer, struct kw_view path,
                                   uint64_t *number, struct kw_error *error);

#endif
