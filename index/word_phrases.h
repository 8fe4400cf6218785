/* Phrases of a word code: neighbouring symbols that often follow each other become symbols of their
 * own, and these once more (pairs, then pairs of pairs; after Larsson and Moffat, Off-Line
 * Dictionary-Based Compression, 2000, in rounds and from a sample). */
#ifndef KW_INDEX_WORD_PHRASES_H
#define KW_INDEX_WORD_PHRASES_H

#include "index/word_symbols.h"

enum {
    KW_PHRASE_ROUNDS = 2,
    KW_PHRASES = 1 << 14,     /* of a round, at most */
    KW_PHRASE_BITS = 1 << 18, /* of a filter */
};

/* A phrase. Its number is that of the last symbol, and one, and its place in the list. */
struct kw_phrase {
    uint32_t left; /* numbers of symbols or phrases */
    uint32_t right;
    uint64_t count; /* estimated */
    uint8_t head;
};

struct kw_phrase_slot {
    uint32_t left;
    uint32_t right;
    uint32_t number; /* 0: empty */
};

struct kw_phrases {
    uint32_t first; /* the first one's number */
    uint32_t count;
    struct {
        struct kw_phrase *items;
        size_t capacity;
    } list;
    struct {
        struct kw_phrase_slot *slots;
        uint32_t slot_count; /* a power of two, or 0: no phrases */
        uint64_t *filter;    /* a bit for each hash, modulo KW_PHRASE_BITS, that a phrase has */
    } rounds[KW_PHRASE_ROUNDS];
};

/* Finds the phrases of all passages, by a sample of them, and takes what they stand for off the
 * counts of the symbols. KW_E_MEMORY. */
enum kw_status kw_phrases_init(struct kw_phrases *phrases, struct kw_symbols *symbols,
                               struct kw_error *error);
void kw_phrases_release(struct kw_phrases *phrases); /* accepts a zeroed one */

/* Room to look for phrases in. Zeroed is empty. */
struct kw_phrase_finder {
    struct {
        struct kw_phrase_place {
            uint32_t at;
            uint32_t hash; /* of the number there and the next one */
        } * items;
        size_t capacity;
    } found;
};

/* Replaces the symbols of a passage by phrases, in place, from the front on; KW_NO_SYMBOL is part
 * of none. Sets *count to how many are left. KW_E_MEMORY. */
enum kw_status kw_phrases_apply(const struct kw_phrases *phrases, struct kw_phrase_finder *finder,
                                uint32_t *numbers, size_t *count, struct kw_error *error);
void kw_phrase_finder_release(struct kw_phrase_finder *finder);

/* Appends the bytes of a symbol or phrase. */
void kw_phrase_bytes(const struct kw_phrases *phrases, const struct kw_symbols *symbols,
                     uint32_t number, struct kw_bytes *out);

#endif
