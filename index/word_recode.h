/* From the codes of a segment to symbols, word by word: text that is written anew by a word code is
 * not spelled out between. What comes of it is what kw_symbols_add would have made of the text. */
#ifndef KW_INDEX_WORD_RECODE_H
#define KW_INDEX_WORD_RECODE_H

#include "index/inverter.h"
#include "index/segment.h"
#include "index/word_symbols.h"

/* One segment's words as symbols. Zeroed is empty. */
struct kw_word_recoder {
    struct kw_segment *segment; /* borrowed */
    uint8_t *heads;             /* by rank, of the words that were met */
    uint32_t *map;              /* by rank: 0, not met; a symbol's number and one; or KW_SYMBOLS and
                                   one and where in `lists` a phrase stands; or KW_NO_SYMBOL: the escape */
    struct {
        uint32_t *items;
        size_t capacity;
    } lists; /* of each phrase how many symbols, and these */
    size_t list_size;
    struct {
        uint32_t *items;
        size_t capacity;
    } numbers; /* of the passage at hand */
    size_t count;
    struct kw_bytes spelled; /* of those that are no symbols: head and bytes */
    struct kw_split split;   /* of the word at hand */
};

/* Begins with a segment whose text is by a word code. KW_E_MEMORY. */
enum kw_status kw_word_recoder_init(struct kw_word_recoder *recoder, struct kw_segment *segment,
                                    struct kw_error *error);
void kw_word_recoder_release(struct kw_word_recoder *recoder); /* accepts a zeroed one */

/* Adds the passages from `first` on, which the segment has, and `count` of which have these
 * extents; always to the same symbols. KW_E_DAMAGED, KW_E_IO, KW_E_MEMORY. */
enum kw_status kw_word_recoder_add(struct kw_word_recoder *recoder, struct kw_symbols *symbols,
                                   uint64_t first, const struct kw_extent *extents, size_t count,
                                   struct kw_error *error);

#endif
