/* A segment: an immutable part of an index in one mapped file (kwic-format(5)).
 *
 * Nothing is parsed at opening. Every page is verified against its checksum the first time it is
 * touched in the process; what does not hold is KW_E_DAMAGED and the segment stays marked damaged,
 * so that a caller can ask once, at the end of a loop over plain accessors, whether an answer may
 * be given. */
#ifndef KW_INDEX_SEGMENT_H
#define KW_INDEX_SEGMENT_H

#include "index/pages.h"
#include "index/record.h"
#include "index/word_code.h"

#define KW_NO_DOCUMENT UINT32_MAX /* past the last document; documents are 0..2^32-2 */

struct kw_deletes;

/* A field of a segment: the text ("", of every segment, always number 0) or a named one. */
struct kw_field_info {
    struct kw_view name;
    uint64_t documents;  /* that have at least one word in it */
    uint64_t length;     /* words in all, over all documents */
    uint64_t surfaces;   /* distinct surface terms */
    uint64_t stems;      /* distinct stems */
    uint64_t lengths_at; /* where its lengths begin in the section */
    uint32_t width;      /* bytes per length: 1, 2 or 4 */
    uint32_t shortest;   /* the least length that is not 0, and the greatest: */
    uint32_t longest;    /* 0 if no document has a word in it */
};

enum { KW_SEGMENT_FRONTS = 512 };

struct kw_segment {
    struct kw_pages pages;
    uint64_t number;    /* in its index */
    uint32_t documents; /* deleted ones included */
    uint32_t field_count;
    uint64_t passages;
    const struct kw_section *lexicon, *lexicon_index, *postings, *positions;
    const struct kw_section *pairs; /* NULL: no pair has postings */
    const struct kw_section *lengths, *fields, *field_index;
    const struct kw_section *records, *record_index, *paths, *path_index;
    const struct kw_section *languages, *language_index;
    const struct kw_section *id_order, *id_rank; /* NULL: documents are in the order of their ids */
    const struct kw_section *borders, *border_index, *text, *text_index;
    const struct kw_section *words, *word_index; /* NULL: the text is in blocks of zlib */
    struct kw_word_code word_code;
    uint32_t column_count; /* 0: the sections of columns are NULL */
    const struct kw_section *columns, *column_index, *values, *keywords, *keyword_index;
    struct kw_deletes *deletes; /* NULL: none; owned */
    _Atomic uint64_t
        fronts[KW_SEGMENT_FRONTS];            /* of the lexicon's blocks (lexicon.c); 0: not yet */
    struct libdeflate_decompressor *inflater; /* of stored text; NULL before the first */
    struct kw_bytes block;                    /* text of the block read last, from its front */
    uint64_t block_number;
    struct kw_record record; /* read last, … */
    uint64_t record_behind;  /* … of the document before this one; 0: none */
};

/* Maps the segment file at `path`. KW_E_IO, KW_E_DAMAGED, KW_E_VERSION. *out is NULL on failure. */
enum kw_status kw_segment_new(struct kw_segment **out, const char *path, uint64_t number,
                              struct kw_error *error);
/* Opens a segment again that is open, without the deletes that are attached to it: they share what
 * is mapped and verified (kw_pages_share). KW_E_MEMORY. *out is NULL on failure. */
enum kw_status kw_segment_share(struct kw_segment **out, const struct kw_segment *from,
                                struct kw_error *error);
void kw_segment_free(struct kw_segment *segment); /* accepts NULL */

/* KW_OK, or KW_E_DAMAGED with file and offset if any page or structure touched so far did not hold.
 */
enum kw_status kw_segment_status(const struct kw_segment *segment, struct kw_error *error);

bool kw_segment_deleted(const struct kw_segment *segment, uint32_t document);
uint32_t kw_segment_live(const struct kw_segment *segment); /* documents less deleted ones */

/* Field `number` in 0..field_count-1, sorted by name. */
enum kw_status kw_segment_field(struct kw_segment *segment, uint32_t number,
                                struct kw_field_info *info, struct kw_error *error);
/* The number of the field `name`, or -1. */
int64_t kw_segment_find_field(struct kw_segment *segment, struct kw_view name);

/* Live documents' totals of a field: documents with at least one word in it, and words. */
enum kw_status kw_segment_field_live(struct kw_segment *segment, uint32_t field,
                                     uint64_t *documents, uint64_t *length, struct kw_error *error);

/* The exact number of words of `document` in the field; 0 also if the page is damaged (then
 * kw_segment_status says so). */
static inline uint32_t kw_segment_length(struct kw_segment *segment,
                                         const struct kw_field_info *field, uint32_t document)
{
    const uint8_t *at =
        kw_pages_view(&segment->pages, segment->lengths,
                      field->lengths_at + (uint64_t)document * field->width, field->width);
    if (!at)
        return 0;
    if (field->width == 1)
        return at[0];
    return field->width == 2 ? (uint32_t)at[0] | (uint32_t)at[1] << 8 : kw_load32(at);
}

/* ---- Documents ---------------------------------------------------------------------------- */

/* Fills *record with views into the mapping. */
enum kw_status kw_segment_record(struct kw_segment *segment, uint32_t document,
                                 struct kw_record *record, struct kw_error *error);

/* How many languages its documents have; the name of one, empty on damage. */
uint64_t kw_segment_languages(const struct kw_segment *segment);
struct kw_view kw_segment_language(struct kw_segment *segment, uint64_t language);

/* The document with this id (deleted or not; the last one added, if ids repeat: all others are
 * deleted): KW_OK, KW_E_NOT_FOUND (nothing recorded in error), KW_E_DAMAGED. */
enum kw_status kw_segment_find_id(struct kw_segment *segment, struct kw_view id, uint32_t *document,
                                  struct kw_error *error);
/* The rank of a document's id among the segment's ids in byte order, equal ones in the order of
 * their documents; 0 on damage. */
uint32_t kw_segment_id_rank(struct kw_segment *segment, uint32_t document);
/* The document whose id has this rank (below segment->documents); KW_NO_DOCUMENT on damage. */
uint32_t kw_segment_by_id_rank(struct kw_segment *segment, uint32_t rank);

/* ---- Passages and stored text ------------------------------------------------------------- */

/* Fills `borders` (room for record->passage_count) with all passages of the document. */
enum kw_status kw_segment_borders(struct kw_segment *segment, const struct kw_record *record,
                                  uint32_t first_position, struct kw_border *borders,
                                  struct kw_error *error);

/* Fills `extents` with the sizes of `count` passages from number `first` of the segment on. */
struct kw_extent;
enum kw_status kw_segment_extents(struct kw_segment *segment, uint64_t first, size_t count,
                                  struct kw_extent *extents, struct kw_error *error);

/* The block of zlib that holds passage `passage`: its passages are [*first, *end), *packed
 * is its stream. KW_E_DAMAGED. */
enum kw_status kw_segment_text_block(struct kw_segment *segment, uint64_t passage, uint64_t *first,
                                     uint64_t *end, struct kw_view *packed, struct kw_error *error);

/* The one way to stored text: appends the bytes of `count` passages from number `first` of the
 * segment to `out`. By a word code each passage is decoded alone. The block of zlib read last is
 * kept for the next call, so a segment's text is for one thread at a time. KW_E_DAMAGED if a
 * passage is not as long as the borders say, or a block does not inflate as far as it is read. */
enum kw_status kw_segment_text(struct kw_segment *segment, uint64_t first, uint64_t count,
                               struct kw_bytes *out, struct kw_error *error);

/* Frees what kw_segment_text keeps. */
void kw_segment_text_release(struct kw_segment *segment);

#endif
