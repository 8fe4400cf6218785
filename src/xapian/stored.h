/* What kwic stores of a document in its data in a Xapian database: the record, the borders of its
 * passages, and its text in compressed blocks (kwic-xapian(7)). */
#ifndef KW_XAPIAN_STORED_H
#define KW_XAPIAN_STORED_H

#include "index/inverter.h"
#include "index/record.h"

enum {
    KW_STORED_VERSION = 1,
    KW_STORED_BYTES = 100000000, /* a document's data has at most so many: Xapian can keep no more
                                    than about 131 MB */
};

/* ---- Reading ------------------------------------------------------------------------------ */

/* Document data that was read and found whole; all views point into it. */
struct kw_stored {
    struct kw_record record; /* first_passage is 0 */
    uint64_t words;          /* of title and text */
    uint32_t text_position;  /* of the first passage */
    struct kw_view borders;
    struct kw_view blocks;
    struct kw_view packed;
};

/* Reads a document's data, checking its sum and that all in it fits together. KW_E_DAMAGED,
 * KW_E_VERSION (a newer kwic wrote it). */
enum kw_status kw_stored_init(struct kw_stored *stored, struct kw_view data,
                              struct kw_error *error);

/* What of the data comes before the passages: all but those and the text. */
struct kw_view kw_stored_record(const struct kw_stored *stored, struct kw_view data);
/* Points what was read of data at `from` into a copy of it, or of its beginning: the views of what
 * the copy has not are empty. */
void kw_stored_move(struct kw_stored *stored, const uint8_t *from, struct kw_view copy);

/* Fills `borders` (room for record.passage_count) with all passages of the document. */
void kw_stored_borders(const struct kw_stored *stored, struct kw_border *borders);

/* Appends the text of `count` passages from number `first` (from 0) on. KW_E_NOT_FOUND (there are
 * not so many), KW_E_DAMAGED (a block does not inflate to what it should), KW_E_MEMORY. */
enum kw_status kw_stored_text(const struct kw_stored *stored, uint64_t first, uint64_t count,
                              struct kw_bytes *out, struct kw_error *error);

/* ---- Writing ------------------------------------------------------------------------------ */

/* Gathers the passages and the text of a document. Zeroed is empty. */
struct kw_stored_writer {
    struct kw_bytes block; /* text not yet compressed */
    uint64_t block_passages;
    struct kw_bytes borders;
    struct kw_bytes blocks;
    struct kw_bytes packed;
    uint64_t passages;
    uint64_t block_count;
    uint64_t bytes;
};

void kw_stored_writer_clear(struct kw_stored_writer *writer);
void kw_stored_writer_release(struct kw_stored_writer *writer);

/* Adds passages and their text. KW_E_MEMORY. */
enum kw_status kw_stored_writer_text(struct kw_stored_writer *writer,
                                     const struct kw_extent *extents, size_t count,
                                     const uint8_t *text, struct kw_error *error);

/* Replaces `out` by the data of the document whose passages were added: `language` is that of its
 * stems (entry->language does not count), `words` its length, `title_words` those of them that are
 * a searched title's. KW_E_MEMORY. */
enum kw_status kw_stored_writer_finish(struct kw_stored_writer *writer,
                                       const struct kw_entry *entry, const char *language,
                                       uint64_t words, uint64_t title_words, struct kw_bytes *out,
                                       struct kw_error *error);

#endif
