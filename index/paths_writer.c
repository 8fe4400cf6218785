/* Numbers paths, with a hash table, as records of one file need not follow each other. */
#include "index/paths_writer.h"

#include <stdlib.h>

enum { LEAST_SLOTS = 64 };

void kw_paths_writer_release(struct kw_paths_writer *writer)
{
    kw_table_writer_release(&writer->table);
    free(writer->slots);
    *writer = (struct kw_paths_writer){.slots = NULL};
}

/* 64-bit FNV-1a (Fowler, Noll, Vo). */
static uint64_t hash_of(struct kw_view path)
{
    uint64_t hash = 0xCBF29CE484222325U;
    for (size_t i = 0; i < path.size; i++)
        hash = (hash ^ path.data[i]) * 0x100000001B3U;
    return hash;
}

/* The slot of a path, which is free if it is not there. */
static uint32_t *find_slot(const struct kw_paths_writer *writer, struct kw_view path)
{
    size_t at = hash_of(path) % writer->slot_count;
    while (writer->slots[at] &&
           !kw_view_equal(kw_table_writer_record(&writer->table, writer->slots[at] - 1), path))
        at = (at + 1) % writer->slot_count;
    return &writer->slots[at];
}

/* Makes room for one more path. */
static bool make_room(struct kw_paths_writer *writer)
{
    uint64_t count = kw_table_writer_count(&writer->table);
    size_t need = writer->slot_count ? writer->slot_count * 2 : LEAST_SLOTS;
    if (count * 2 < writer->slot_count)
        return true;
    uint32_t *slots = calloc(need, sizeof *slots);
    if (!slots || count >= UINT32_MAX - 1) {
        free(slots);
        return false;
    }
    free(writer->slots);
    writer->slots = slots;
    writer->slot_count = need;
    for (uint32_t i = 0; i < count; i++)
        *find_slot(writer, kw_table_writer_record(&writer->table, i)) = i + 1;
    return true;
}

enum kw_status kw_paths_writer_add(struct kw_paths_writer *writer, struct kw_view path,
                                   uint64_t *number, struct kw_error *error)
{
    struct kw_table_writer *table = &writer->table;
    uint64_t count = kw_table_writer_count(table);
    *number = count - 1; /* mostly it is that of the record before */
    if (count && kw_view_equal(kw_table_writer_record(table, count - 1), path))
        return KW_OK;
    if (!make_room(writer))
        return kw_fail_memory(error);
    uint32_t *slot = find_slot(writer, path);
    if (!*slot) {
        kw_bytes_append_view(&table->records, path);
        kw_table_writer_end(table);
        if (table->records.failed || table->index.failed)
            return kw_fail_memory(error);
        *slot = (uint32_t)count + 1;
    }
    *number = *slot - 1;
    return KW_OK;
}
