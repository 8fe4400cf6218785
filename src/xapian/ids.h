/* Ids of documents by docid, kept so that ties are ordered without reading a document twice. */
#ifndef KW_XAPIAN_IDS_H
#define KW_XAPIAN_IDS_H

#include "base/arena.h"

struct kw_ids_entry {
    uint32_t docid; /* 0: none */
    struct kw_view id;
};

/* Zeroed is empty. */
struct kw_ids {
    struct kw_ids_entry *items; /* a hash table of a power of two of them, at most half full */
    size_t count;
    size_t capacity;
    struct kw_arena arena;
};

/* The id of a document; false if it is not known. */
bool kw_ids_find(const struct kw_ids *ids, uint32_t docid, struct kw_view *id);
/* Keeps a copy of the id of a document that was not known. KW_E_MEMORY. */
enum kw_status kw_ids_add(struct kw_ids *ids, uint32_t docid, struct kw_view id,
                          struct kw_error *error);
/* Forgets all. */
void kw_ids_release(struct kw_ids *ids);

#endif
