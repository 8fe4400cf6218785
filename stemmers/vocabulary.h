/* A vocabulary: distinct byte strings, numbered densely from 0 in the order of their arrival.
 *
 * Strings live in chunks that never move, so that a view stays valid until the vocabulary is
 * cleared. The hash table keeps the first sixteen and the last eight bytes of each string beside
 * its number, so that a word of up to 24 bytes costs half a cache line. */
#ifndef KW_STEMMERS_VOCABULARY_H
#define KW_STEMMERS_VOCABULARY_H

#include "base/bytes.h"

#define KW_NO_WORD UINT32_MAX

struct kw_vocabulary_slot {
    uint64_t head;   /* the first eight bytes, low first, zeros behind a shorter string */
    uint64_t middle; /* the next eight of a string of more than sixteen, else 0 */
    uint64_t tail;   /* the last eight of a string of more than eight, else 0 */
    uint32_t tag;    /* 24 bits of the hash and the size, at most 255 */
    uint32_t id;     /* KW_NO_WORD if the slot is free */
};

struct kw_vocabulary_entry {
    const uint8_t *data;
    uint32_t size;
};

struct kw_vocabulary {
    struct kw_vocabulary_slot *slots; /* a power of two of them; NULL before the first string */
    size_t mask;
    struct kw_vocabulary_entry *items; /* by id */
    size_t count;
    size_t capacity;
    struct kw_vocabulary_chunk *chunks; /* newest first */
};

#define KW_VOCABULARY_INIT                                                                         \
    {                                                                                              \
        NULL, 0, NULL, 0, 0, NULL                                                                  \
    }

/* A string on its way into a vocabulary; head, middle and tail as in a slot. */
struct kw_vocabulary_key {
    struct kw_view string;
    uint64_t head;
    uint64_t middle;
    uint64_t tail;
    uint64_t hash;
};

/* Folds the 128-bit product of its arguments, as in Wang Yi's wyhash. */
static inline uint64_t kw_vocabulary_mix(uint64_t a, uint64_t b)
{
    __extension__ unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* How long strings are that a slot holds as a whole. */
enum { KW_VOCABULARY_WHOLE = 24 };

/* The key of a string whose head and tail are known. */
static inline struct kw_vocabulary_key kw_vocabulary_key_of(struct kw_view string, uint64_t head,
                                                            uint64_t tail)
{
    const uint64_t k0 = 0x9E3779B97F4A7C15U, k1 = 0xE7037ED1A0B428DBU;
    uint64_t hash = kw_vocabulary_mix(head ^ k0, tail ^ k1 ^ string.size);
    uint64_t middle = string.size > 16 ? kw_load64(string.data + 8) : 0;

    for (size_t at = 8; at + 8 < string.size; at += 8)
        hash = kw_vocabulary_mix(hash ^ kw_load64(string.data + at), k1);
    return (struct kw_vocabulary_key){string, head, middle, tail, hash};
}

struct kw_vocabulary_key kw_vocabulary_key(struct kw_view string);

/* Asks for the memory where the key belongs, so that adding it a little later need not wait. */
static inline void kw_vocabulary_expect(const struct kw_vocabulary *vocabulary,
                                        const struct kw_vocabulary_key *key)
{
    if (vocabulary->slots)
        __builtin_prefetch(&vocabulary->slots[key->hash >> 20 & vocabulary->mask]);
}

static inline uint32_t kw_vocabulary_tag(const struct kw_vocabulary_key *key)
{
    return (uint32_t)(key->hash << 8) | (uint32_t)(key->string.size < 255 ? key->string.size : 255);
}

/* Whether the slot's string has the key's head, middle, tail and size, and agrees in some of its
 * hash; then they are equal if they are whole. */
static inline bool kw_vocabulary_matches(const struct kw_vocabulary_slot *slot,
                                         const struct kw_vocabulary_key *key)
{
    return ((slot->head ^ key->head) | (slot->middle ^ key->middle) | (slot->tail ^ key->tail) |
            (slot->tag ^ kw_vocabulary_tag(key))) == 0;
}

/* The number of the key's string if a slot holds it as a whole and it stands in the first one to
 * look at, as most do that come often; else KW_NO_WORD, which says nothing. */
static inline uint32_t kw_vocabulary_glance(const struct kw_vocabulary *vocabulary,
                                            const struct kw_vocabulary_key *key)
{
    const struct kw_vocabulary_slot *slot;

    if (!vocabulary->slots)
        return KW_NO_WORD;
    slot = &vocabulary->slots[key->hash >> 20 & vocabulary->mask];
    return kw_vocabulary_matches(slot, key) && key->string.size <= KW_VOCABULARY_WHOLE ? slot->id
                                                                                       : KW_NO_WORD;
}

/* The number of the key's string, which is copied if it is new; at most 4 GiB. KW_NO_WORD when
 * memory runs out or 2^32 - 1 strings are held; the vocabulary is as before then. */
uint32_t kw_vocabulary_add_key(struct kw_vocabulary *vocabulary,
                               const struct kw_vocabulary_key *key);

/* The same for a string. */
uint32_t kw_vocabulary_add(struct kw_vocabulary *vocabulary, struct kw_view string);

/* Takes back the string that was added last, if nothing was cleared since. */
void kw_vocabulary_drop_last(struct kw_vocabulary *vocabulary);

/* String `id` < count, valid until the next clear or release. */
static inline struct kw_view kw_vocabulary_get(const struct kw_vocabulary *vocabulary, uint32_t id)
{
    return (struct kw_view){vocabulary->items[id].data, vocabulary->items[id].size};
}

/* Gives back the memory of what looks strings up: from then on they can only be got, until a
 * release. */
void kw_vocabulary_seal(struct kw_vocabulary *vocabulary);

/* Forgets all strings and keeps some of the memory for the next ones. */
void kw_vocabulary_clear(struct kw_vocabulary *vocabulary);
void kw_vocabulary_release(struct kw_vocabulary *vocabulary);

#endif
