/* The constants of the format and the keys of the lexicon; the bytes are described in
 * kwic-format(5). */
#ifndef KW_INDEX_FORMAT_H
#define KW_INDEX_FORMAT_H

#include "base/bytes.h"

/* Version history (one line a change; readers state the oldest they read, writers the oldest reader
 * that reads them):
 * 1  the first.
 * 2  the manifest has flags, lexiconindex the number of cut terms; documents have languages.
 * 3  columns in segments, types of fields in the manifest; readers of 2 pass over both.
 * 4  strengths of postings, skip data in arrays, the least and greatest lengths of fields, pairs of
 *    frequent words.
 * 5  blocks of postings as bitmaps; stored text by a word code, which the manifest may rule out. */
enum {
    KW_FORMAT_VERSION = 5,
    KW_FORMAT_READS = 4,  /* oldest version this reader reads */
    KW_FORMAT_WRITES = 5, /* oldest reader version that reads what this writer writes */
};

enum {
    KW_POSTING_BLOCK = 128,   /* postings a block; positions a run; passages a block of borders */
    KW_LEXICON_BLOCK = 32,    /* terms a block */
    KW_KEYWORD_BLOCK = 16,    /* keywords a block of a column's dictionary */
    KW_INLINE_BYTES = 32,     /* postings coded in at most so many bytes live in the lexicon */
    KW_PAIR_WORDS = 256,      /* words at most of which pairs have postings, … */
    KW_PAIR_DOCUMENTS = 1024, /* … each in so many documents of the segment at least */
    KW_PAIR_BLOCK = 32,       /* pairs a block */
    KW_BITMAP_WIDTH = 33,     /* the width of gaps of a block that is a bitmap instead */
    KW_CLASS_BYTES = KW_POSTING_BLOCK / 2, /* classes of a block's postings, 4 bits each */
    KW_TEXT_BLOCK =
        16 * 1024,      /* stored text is cut at the first passage border at or behind this */
    KW_TEXT_ZLIB = 1,   /* codecs of stored text: zlib format … */
    KW_TEXT_WORDS = 2,  /* … and a word code */
    KW_WORD_BLOCK = 16, /* passages a block of the word code */
    KW_WORD_GROUP = 16, /* its words a group */
    KW_FIELD_NAME_BYTES = 255,    /* of a field's or column's name, at most */
    KW_SEGMENT_INPUT = 128 << 20, /* bytes of input after which a segment is closed */
};

enum kw_term_place {
    KW_PLACE_LISTED, /* in the section of postings */
    KW_PLACE_INLINE, /* in the lexicon entry itself */
    KW_PLACE_SHARED, /* a stem with one surface form: that form's postings */
};

enum kw_term_kind { KW_TERM_SURFACE = 1, KW_TERM_STEM = 2 };

/* Replaces `key` by the lexicon key of a term: field, 0, kind, for a stem its language and 0, then
 * the term. With an empty term it is the prefix of all keys of that kind. */
void kw_key_surface(struct kw_bytes *key, struct kw_view field, struct kw_view term);
void kw_key_stem(struct kw_bytes *key, struct kw_view field, struct kw_view language,
                 struct kw_view stem);

#endif
