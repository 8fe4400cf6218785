/* Writes what is stored of documents: their text by a word code or in compressed blocks cut at
 * passage borders, the borders, and a record each. */
#ifndef KW_INDEX_STORE_WRITER_H
#define KW_INDEX_STORE_WRITER_H

#include "index/inverter.h"
#include "index/paths_writer.h"
#include "index/word_recode.h"

struct kw_store_writer {
    struct kw_pages_writer *pages; /* borrowed; its section at hand is the text's until the end */
    uint32_t codec;                /* asked for: KW_TEXT_WORDS or KW_TEXT_ZLIB */
    const char *spool;             /* where the text is kept for a word code; NULL: in memory */
    struct kw_symbols symbols;     /* the text, for a word code */
    struct kw_bytes block;         /* text not yet compressed */
    struct kw_bytes packed;        /* scratch */
    uint64_t block_first;          /* the block's first passage */
    uint64_t block_end;            /* the one behind its last */
    bool text_begun;               /* its section, of codec KW_TEXT_ZLIB */
    struct kw_bytes text_index;    /* u64 first passage, u64 offset a block */
    uint64_t text_bytes;
    uint64_t passages;
    uint32_t extents[3][KW_POSTING_BLOCK]; /* words, bytes, lines of passages not yet packed */
    struct kw_bytes borders;               /* packed */
    struct kw_bytes border_index;          /* u64: where each block begins */
    struct kw_table_writer records;
    struct kw_paths_writer paths; /* of files that hold records */
};

void kw_store_writer_init(struct kw_store_writer *writer, struct kw_pages_writer *pages);
/* Sets the codec, KW_TEXT_WORDS without it, before the first text. By KW_TEXT_WORDS the text is
 * kept until the end, at about two fifths of its bytes: in a file that is made as `spool`
 * (kw_spool_init, borrowed), in memory if that is NULL. It is written by the codec that takes less
 * then, which is KW_TEXT_ZLIB for small segments and for what has no words. KW_TEXT_ZLIB is written
 * as it comes. */
void kw_store_writer_codec(struct kw_store_writer *writer, uint32_t codec, const char *spool);
void kw_store_writer_release(struct kw_store_writer *writer);

/* Adds passages and their text. KW_E_IO, KW_E_MEMORY. */
enum kw_status kw_store_writer_text(struct kw_store_writer *writer, const struct kw_extent *extents,
                                    size_t count, const uint8_t *text, struct kw_error *error);

/* Adds passages from `first` on of a segment, without their text between; only by KW_TEXT_WORDS.
 * KW_E_DAMAGED, KW_E_IO, KW_E_MEMORY. */
enum kw_status kw_store_writer_recode(struct kw_store_writer *writer,
                                      struct kw_word_recoder *recoder, uint64_t first,
                                      const struct kw_extent *extents, size_t count,
                                      struct kw_error *error);

/* Adds passages whose text is a whole block of zlib; only by KW_TEXT_ZLIB, where no text waits for
 * its block. KW_E_MEMORY. */
enum kw_status kw_store_writer_block(struct kw_store_writer *writer,
                                     const struct kw_extent *extents, size_t count,
                                     struct kw_view packed, struct kw_error *error);

/* Adds the record of a document whose passages are those from `first` on and hold `bytes`.
 * KW_E_MEMORY. */
enum kw_status kw_store_writer_record(struct kw_store_writer *writer, const struct kw_entry *entry,
                                      uint64_t first, uint64_t bytes, struct kw_error *error);

/* Writes the text, or its last block, and the sections of text and borders. KW_E_MEMORY. */
enum kw_status kw_store_writer_end(struct kw_store_writer *writer, struct kw_error *error);

/* Appends a record: `path` is the number of its path, if it has one. */
void kw_record_encode(struct kw_bytes *out, const struct kw_entry *entry, uint64_t path,
                      uint64_t first, uint64_t passages, uint64_t bytes);

/* Writes the text, or its last block, and all sections of the store, with the order of ids.
 * KW_E_MEMORY. */
enum kw_status kw_store_writer_finish(struct kw_store_writer *writer, struct kw_error *error);

#endif
