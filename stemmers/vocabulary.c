/* The interner: open addressing with linear probing, strings in chunks. */
#include "stemmers/vocabulary.h"

#include "base/wide.h"

#include <stdlib.h>

enum {
    FIRST_SLOTS = 256,
    FIRST_BYTES = 1 << 12, /* of chunks: a query's words take little; each is twice the last … */
    CHUNK_BYTES = 1 << 18, /* … up to this */
    FEW = 16,              /* with one string in so many slots they are cleared one by one */
};

struct kw_vocabulary_chunk {
    struct kw_vocabulary_chunk *next;
    size_t used;
    size_t size;
    uint8_t bytes[];
};

/* The first eight bytes, filled up with zeros; reads nothing outside the string. */
static inline uint64_t head_of(struct kw_view string)
{
    const uint8_t *p = string.data;
    size_t size = string.size;

    if (size >= 8)
        return kw_load64(p);
    if (size >= 4) /* two reads that may overlap, and agree where they do */
        return kw_load32(p) | (uint64_t)kw_load32(p + size - 4) << (8 * (size - 4));
    if (size == 0)
        return 0;
    return p[0] | (uint64_t)p[size / 2] << (8 * (size / 2)) |
           (uint64_t)p[size - 1] << (8 * (size - 1));
}

struct kw_vocabulary_key kw_vocabulary_key(struct kw_view string)
{
    uint64_t tail = string.size > 8 ? kw_load64(string.data + string.size - 8) : 0;

    return kw_vocabulary_key_of(string, head_of(string), tail);
}

static inline bool same(const struct kw_vocabulary_entry *entry, struct kw_view string)
{
    return entry->size == string.size && memcmp(entry->data, string.data, string.size) == 0;
}

/* The slot of the key, or the free one where it belongs. */
static inline struct kw_vocabulary_slot *find(const struct kw_vocabulary *vocabulary,
                                              const struct kw_vocabulary_key *key)
{
    for (size_t i = key->hash >> 20;; i++) {
        struct kw_vocabulary_slot *slot = &vocabulary->slots[i & vocabulary->mask];
        if (slot->id == KW_NO_WORD)
            return slot;
        if (kw_vocabulary_matches(slot, key) && (key->string.size <= KW_VOCABULARY_WHOLE ||
                                                 same(&vocabulary->items[slot->id], key->string)))
            return slot;
    }
}

static bool rehash(struct kw_vocabulary *vocabulary, size_t slots)
{
    struct kw_vocabulary_slot *new = kw_wide_alloc(slots * sizeof *new);

    if (!new)
        return false;
    memset(new, 0xFF, slots * sizeof *new);
    free(vocabulary->slots);
    vocabulary->slots = new;
    vocabulary->mask = slots - 1;
    for (uint32_t id = 0; id < vocabulary->count; id++) {
        struct kw_vocabulary_key key = kw_vocabulary_key(kw_vocabulary_get(vocabulary, id));
        size_t i = key.hash >> 20;
        while (new[i & vocabulary->mask].id != KW_NO_WORD)
            i++;
        new[i & vocabulary->mask] = (struct kw_vocabulary_slot){key.head, key.middle, key.tail,
                                                                kw_vocabulary_tag(&key), id};
    }
    return true;
}

/* A copy of `string` that stays where it is; NULL when memory runs out. */
static uint8_t *keep(struct kw_vocabulary *vocabulary, struct kw_view string)
{
    struct kw_vocabulary_chunk *chunk = vocabulary->chunks;
    uint8_t *to;

    if (!chunk || chunk->size - chunk->used < string.size) {
        size_t usual = chunk ? 2 * chunk->size : FIRST_BYTES;
        size_t size = usual < CHUNK_BYTES ? usual : CHUNK_BYTES;
        size = size > string.size ? size : string.size;
        chunk = (struct kw_vocabulary_chunk *)malloc(sizeof *chunk + size);
        if (!chunk)
            return NULL;
        chunk->next = vocabulary->chunks;
        chunk->used = 0;
        chunk->size = size;
        vocabulary->chunks = chunk;
    }
    to = chunk->bytes + chunk->used;
    if (string.size)
        memcpy(to, string.data, string.size);
    chunk->used += string.size;
    return to;
}

static uint32_t insert(struct kw_vocabulary *vocabulary, const struct kw_vocabulary_key *key)
{
    uint32_t id = (uint32_t)vocabulary->count;
    uint8_t *data;

    if (vocabulary->count >= KW_NO_WORD || key->string.size > UINT32_MAX ||
        !kw_grow(vocabulary, vocabulary->count + 1))
        return KW_NO_WORD;
    if ((vocabulary->count + 1) * 3 > (vocabulary->mask + 1) * 2 &&
        !rehash(vocabulary, (vocabulary->mask + 1) * 2))
        return KW_NO_WORD;
    data = keep(vocabulary, key->string);
    if (!data)
        return KW_NO_WORD;
    vocabulary->items[id] = (struct kw_vocabulary_entry){data, (uint32_t)key->string.size};
    *find(vocabulary, key) =
        (struct kw_vocabulary_slot){key->head, key->middle, key->tail, kw_vocabulary_tag(key), id};
    vocabulary->count++;
    return id;
}

uint32_t kw_vocabulary_add_key(struct kw_vocabulary *vocabulary,
                               const struct kw_vocabulary_key *key)
{
    struct kw_vocabulary_slot *slot;

    if (!vocabulary->slots && !rehash(vocabulary, FIRST_SLOTS))
        return KW_NO_WORD;
    slot = find(vocabulary, key);
    return slot->id != KW_NO_WORD ? slot->id : insert(vocabulary, key);
}

uint32_t kw_vocabulary_add(struct kw_vocabulary *vocabulary, struct kw_view string)
{
    struct kw_vocabulary_key key = kw_vocabulary_key(string);

    return kw_vocabulary_add_key(vocabulary, &key);
}

void kw_vocabulary_drop_last(struct kw_vocabulary *vocabulary)
{
    struct kw_vocabulary_key key =
        kw_vocabulary_key(kw_vocabulary_get(vocabulary, (uint32_t)vocabulary->count - 1));

    find(vocabulary, &key)->id = KW_NO_WORD; /* no chain of probes leads through the newest */
    vocabulary->count--;
}

/* Frees the chunks, with `keep` all but the newest usual one, to use again. */
static void free_chunks(struct kw_vocabulary *vocabulary, bool keep)
{
    struct kw_vocabulary_chunk *chunk, *kept = NULL;

    while ((chunk = vocabulary->chunks) != NULL) {
        vocabulary->chunks = chunk->next;
        if (keep && !kept && chunk->size <= CHUNK_BYTES)
            kept = chunk;
        else
            free(chunk);
    }
    if (kept) {
        kept->next = NULL;
        kept->used = 0;
    }
    vocabulary->chunks = kept;
}

void kw_vocabulary_clear(struct kw_vocabulary *vocabulary)
{
    if (vocabulary->count < vocabulary->mask / FEW) { /* a query's words in a table of a text's */
        while (vocabulary->count)
            kw_vocabulary_drop_last(vocabulary);
    } else if (vocabulary->slots) {
        memset(vocabulary->slots, 0xFF, (vocabulary->mask + 1) * sizeof *vocabulary->slots);
    }
    vocabulary->count = 0;
    free_chunks(vocabulary, true);
}

void kw_vocabulary_seal(struct kw_vocabulary *vocabulary)
{
    free(vocabulary->slots);
    vocabulary->slots = NULL;
    vocabulary->mask = 0;
}

void kw_vocabulary_release(struct kw_vocabulary *vocabulary)
{
    free_chunks(vocabulary, false);
    free(vocabulary->slots);
    free(vocabulary->items);
    *vocabulary = (struct kw_vocabulary)KW_VOCABULARY_INIT;
}
