/* One field's tokens, gathered and inverted. */
#ifndef KW_INDEX_BATCH_H
#define KW_INDEX_BATCH_H

#include "index/inverter.h"

/* A document's stretch of a batch's tokens. */
struct kw_run {
    uint64_t end; /* of its tokens in the batch */
    uint32_t document;
    uint32_t language;
    uint32_t length; /* words */
};

/* All tokens of a field, in the order of documents and positions. Zeroed is empty. */
struct kw_batch {
    char *name; /* owned; `name_size` bytes without NUL */
    size_t name_size;
    struct {
        uint32_t *items;
        size_t capacity;
    } words, positions;
    size_t count;
    struct {
        struct kw_run *items;
        size_t capacity;
    } runs;
    size_t run_count;
};

void kw_batch_release(struct kw_batch *batch);

/* Adds tokens of `document`; calls come in the order of documents. KW_E_USAGE if the positions
 * begin before the document's last one; KW_E_MEMORY. */
enum kw_status kw_batch_add(struct kw_batch *batch, uint32_t document, uint32_t language,
                            const uint32_t *words, const uint32_t *positions, size_t count,
                            uint32_t base, uint32_t length, struct kw_error *error);

/* A batch sorted by key: occurrences [starts[k], starts[k+1]) are those of key k, by document and
 * position. */
struct kw_inverted {
    uint64_t *starts;
    uint32_t *documents;
    uint32_t *positions;
};

enum { KW_ANY_LANGUAGE = -1 };

/* Sorts the occurrences of documents in `language` (or KW_ANY_LANGUAGE) by key_of[word]; words
 * whose key is UINT32_MAX are left out. A counting sort: two passes, no comparison. KW_E_MEMORY. */
enum kw_status kw_invert(struct kw_inverted *inverted, const struct kw_batch *batch,
                         const uint32_t *key_of, uint32_t key_count, int64_t language,
                         struct kw_error *error);
void kw_inverted_release(struct kw_inverted *inverted);

/* A list of postings being built; `documents` and `frequencies` are reused from key to key. */
struct kw_list_builder {
    struct {
        uint32_t *items;
        size_t capacity;
    } documents, frequencies;
};

/* The postings of one key as a list: views into builder and inverted (whose positions lose repeats
 * within a document). KW_E_MEMORY. */
enum kw_status kw_inverted_list(struct kw_inverted *inverted, uint32_t key,
                                struct kw_list_builder *builder, uint32_t *count,
                                const uint32_t **positions, struct kw_error *error);
void kw_list_builder_release(struct kw_list_builder *builder);

#endif
