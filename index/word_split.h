/* Splits text into the pieces of a word code (kwic-format(5)): words, what stands between them, and
 * characters of scripts that are written without blanks.
 *
 * A head describes a piece in one byte: its bytes, whether it opens as a word does, and whether it
 * closes as one. Between a piece that closes and one that opens a blank stands that is not written
 * ("spaceless words": de Moura, Navarro, Ziviani and Baeza-Yates, Fast and Flexible Word Searching
 * on Compressed Text, 2000). Any bytes are split, UTF-8 or not. */
#ifndef KW_INDEX_WORD_SPLIT_H
#define KW_INDEX_WORD_SPLIT_H

#include "base/bytes.h"

enum {
    KW_PIECE_BYTES = 63,        /* of a piece, at most; the low bits of a head */
    KW_PIECE_OPENS = 64,        /* flags of a head */
    KW_PIECE_CLOSES = 128,      /* */
    KW_PIECE_JOINT = 0,         /* the head of the empty piece that keeps a blank out */
    KW_PIECE_ESCAPE = 64 | 128, /* the head that says that a piece is spelled */
};

/* The head of the piece at the front of a text of `size` ≥ 1 bytes. */
uint8_t kw_piece_head(const uint8_t *text, size_t size);

/* Whether the piece at the front of a text of `size` ≥ 1 bytes opens as a word does. */
bool kw_piece_opens(const uint8_t *text, size_t size);

#endif
