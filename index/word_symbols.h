/* Symbols of a word code: pieces of text, numbered in the order of their first appearance, counted,
 * and the text of a segment as their numbers until the segment closes. */
#ifndef KW_INDEX_WORD_SYMBOLS_H
#define KW_INDEX_WORD_SYMBOLS_H

#include "index/spool.h"
#include "index/word_split.h"

#define KW_NO_SYMBOL UINT32_MAX

enum {
    KW_JOINT = 0,         /* the number of the joint */
    KW_SYMBOLS = 1 << 20, /* at most; what comes later is spelled in place */
};

struct kw_symbol {
    uint64_t at : 56; /* in the pool */
    uint64_t head : 8;
    uint64_t count; /* once all of the text is there; before, multiples of 2^32 */
};

struct kw_symbol_slot {
    uint64_t key;    /* the piece, zeros behind it; of one over 8 bytes its place in the pool */
    uint32_t hash;   /* its low byte is the head */
    uint32_t number; /* and one; 0: empty */
};

/* The text is passages as numbers: of each a u32, the bytes that follow, and of each piece two
 * bytes, its number and one, or four, the low 15 bits of these, a bit, and the others; or two of 0
 * and then its head and its bytes, and a byte if these are not even. */
struct kw_symbols {
    struct kw_bytes pool; /* bytes of the symbols */
    struct {
        struct kw_symbol *items;
        size_t capacity;
    } list;
    struct {
        uint32_t *items;
        size_t capacity;
    } counts; /* so far, modulo 2^32: close together, as they are met at random */
    uint32_t count;
    struct kw_symbol_slot *slots;
    uint32_t slot_count;   /* a power of two, or 0 … */
    uint32_t slot_shift;   /* … whose logarithm is 32 less this */
    struct kw_split split; /* of the passage at hand */
    struct kw_spool text;
    struct kw_view sealed; /* the text, once all of it is there */
    struct kw_map map;     /* that it may be in */
    uint64_t spelled;      /* pieces in place */
    uint64_t spelled_bytes;
    uint64_t passages;
    uint64_t bytes;
};

/* Reads the passages of symbols one after the other. Zeroed is at the front. */
struct kw_symbol_reader {
    size_t at;
    struct {
        uint32_t *items;
        size_t capacity;
    } numbers; /* of the passage's pieces; KW_NO_SYMBOL: spelled in place */
    size_t count;
    struct {
        const uint8_t **items;
        size_t capacity;
    } spelled; /* heads and bytes of those in place */
    size_t spelled_count;
};

/* Makes it empty, with the joint as its only symbol. The text is kept in a file that is made as
 * `spool` (kw_spool_init), in memory if that is NULL. KW_E_MEMORY. */
enum kw_status kw_symbols_init(struct kw_symbols *symbols, const char *spool,
                               struct kw_error *error);
void kw_symbols_release(struct kw_symbols *symbols); /* accepts a zeroed one */

/* Adds a passage. KW_E_IO, KW_E_MEMORY. */
enum kw_status kw_symbols_add(struct kw_symbols *symbols, struct kw_view passage,
                              struct kw_error *error);

/* The number of a piece: a new one if it is met first, KW_NO_SYMBOL if there is none left. 16 bytes
 * of `bytes` can be read, unless the head is KW_PIECE_JOINT. */
uint32_t kw_symbols_number(struct kw_symbols *symbols, const uint8_t *bytes, uint8_t head);

/* Adds a passage of `bytes` bytes by the numbers of its pieces; `spelled` has the heads and bytes
 * of those that are KW_NO_SYMBOL. KW_E_IO, KW_E_MEMORY, also for earlier calls of
 * kw_symbols_number. */
enum kw_status kw_symbols_add_numbers(struct kw_symbols *symbols, const uint32_t *numbers,
                                      size_t count, const uint8_t *spelled, uint64_t bytes,
                                      struct kw_error *error);

/* Ends the text, before it is read back. KW_E_IO, KW_E_MEMORY. */
enum kw_status kw_symbols_seal(struct kw_symbols *symbols, struct kw_error *error);

/* Passes over one passage. */
void kw_symbol_reader_skip(struct kw_symbol_reader *reader, const struct kw_symbols *symbols);
/* Reads the next of `symbols->passages` passages. KW_E_MEMORY. */
enum kw_status kw_symbol_reader_next(struct kw_symbol_reader *reader,
                                     const struct kw_symbols *symbols, struct kw_error *error);
void kw_symbol_reader_release(struct kw_symbol_reader *reader);

/* The bytes of a symbol, or of a piece. Borrowed. */
static inline struct kw_view kw_symbol_bytes(const struct kw_symbols *symbols, uint32_t number)
{
    const struct kw_symbol *symbol = &symbols->list.items[number];
    return (struct kw_view){symbols->pool.data + symbol->at, symbol->head & KW_PIECE_BYTES};
}

/* Appends the text of the passage that was read last. */
void kw_symbol_reader_text(const struct kw_symbol_reader *reader, const struct kw_symbols *symbols,
                           struct kw_bytes *out);

#endif
