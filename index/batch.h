/* One field's tokens, gathered and inverted. */
#ifndef KW_INDEX_BATCH_H
#define KW_INDEX_BATCH_H

#include "index/inverter.h"
#include "index/room.h"

/* A document's stretch of a batch's tokens. */
struct kw_run {
    uint64_t end; /* of its tokens in the batch */
    uint32_t document;
    uint32_t language;
    uint32_t length; /* words */
};

/* All tokens of a field, in the order of documents and positions. Zeroed but for its place it is
 * empty. */
struct kw_batch {
    char *name; /* owned; `name_size` bytes without NUL */
    size_t name_size;
    const struct kw_room_place *place; /* borrowed */
    struct kw_room words, positions;
    size_t count;
    struct {
        struct kw_run *items;
        size_t capacity;
    } runs;
    size_t run_count;
};

void kw_batch_release(struct kw_batch *batch);

/* Adds tokens of `document`; calls come in the order of documents. KW_E_USAGE if the positions
 * begin before the document's last one; KW_E_IO, KW_E_MEMORY. */
enum kw_status kw_batch_add(struct kw_batch *batch, uint32_t document, uint32_t language,
                            const uint32_t *words, const uint32_t *positions, size_t count,
                            uint32_t base, uint32_t length, struct kw_error *error);

enum { KW_ANY_LANGUAGE = -1 };

/* Adds to counts[w] how often word w stands in documents of `language`, or KW_ANY_LANGUAGE. */
void kw_batch_count(const struct kw_batch *batch, int64_t language, uint64_t *counts);

struct kw_occurrence {
    uint32_t document;
    uint32_t position;
};

/* A batch sorted by key: occurrences [starts[k], starts[k+1]) are those of key k, by document and
 * position. */
struct kw_inverted {
    uint64_t *starts;
    struct kw_occurrence *items;
    struct kw_room room; /* that they are in */
};

/* What the words of a batch are sorted by. */
struct kw_sort_keys {
    const uint32_t *key_of; /* of each word; UINT32_MAX: it is left out */
    uint32_t key_count;
    const uint64_t *counts; /* of each word, as kw_batch_count gives them for the language */
    uint32_t word_count;
};

/* Sorts the occurrences in documents of `language` (or KW_ANY_LANGUAGE) by the keys of their words.
 * A counting sort: one pass, no comparison. What `inverted` held is gone, its memory is used again;
 * zeroed it has none. KW_E_IO, KW_E_MEMORY. */
enum kw_status kw_invert(struct kw_inverted *inverted, const struct kw_batch *batch,
                         const struct kw_sort_keys *keys, int64_t language, struct kw_error *error);
void kw_inverted_release(struct kw_inverted *inverted);

/* A list of postings being built, reused from key to key. */
struct kw_list_builder {
    struct {
        uint32_t *items;
        size_t capacity;
    } documents, frequencies, positions;
};

/* The postings of one key as a list: `count` documents and frequencies in the builder, and their
 * positions, without repeats within a document. KW_E_MEMORY. */
enum kw_status kw_inverted_list(const struct kw_inverted *inverted, uint32_t key,
                                struct kw_list_builder *builder, uint32_t *count,
                                struct kw_error *error);
void kw_list_builder_release(struct kw_list_builder *builder);

enum {
    KW_AHEAD_START = 16, /* keys ahead of a list: its place is asked for, and then … */
    KW_AHEAD_LIST = 8,   /* … the list itself */
};

/* Asks for the memory of lists that are taken soon: keys[at + …] of `count`. */
static inline void kw_inverted_ask(const struct kw_inverted *inverted, const uint32_t *keys,
                                   size_t at, size_t count)
{
    if (at + KW_AHEAD_START < count)
        __builtin_prefetch(&inverted->starts[keys[at + KW_AHEAD_START]]);
    if (at + KW_AHEAD_LIST < count)
        __builtin_prefetch(&inverted->items[inverted->starts[keys[at + KW_AHEAD_LIST]]]);
}

#endif
