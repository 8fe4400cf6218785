/* The inverter: gathers the tokens of a segment's documents and turns them into sorted postings.
 *
 * It takes tokens as numbers of words as written, in document order, and at the end a vocabulary
 * that says each word's surface form and stem. A counting sort by word inverts them; nothing is
 * hashed or compared per token. */
#ifndef KW_INDEX_INVERTER_H
#define KW_INDEX_INVERTER_H

#include "base/value.h"
#include "index/format.h"

/* One passage's extent, as the caller cut it (sizes as in kwic-format(5)). */
struct kw_extent {
    uint32_t words; /* positions it spans */
    uint32_t bytes;
    uint32_t lines;
};

/* What is stored of a document beside its tokens and text. Views need live only during the call. */
struct kw_entry_field {
    struct kw_view name;
    uint8_t kind;
    struct kw_view value;
};

struct kw_entry {
    struct kw_view id;
    struct kw_view title;
    struct kw_view
        path; /* of a record: its file's path; ignored for a file, whose path is its id */
    bool is_record;
    bool title_searched;
    uint64_t line;     /* of a record */
    uint32_t language; /* index into the vocabulary's languages */
    const struct kw_entry_field *fields;
    size_t field_count;
};

/* One language's stems: of each word as written its stem, UINT32_MAX where it has none. */
struct kw_stem_table {
    struct kw_view language;
    const uint32_t *stem_of; /* word_count of them; NULL: the language has no stems */
    const struct kw_view *stems;
    uint32_t stem_count;
};

/* The words of a batch. All bytes are free of NUL. */
struct kw_batch_words {
    uint32_t word_count;
    const uint32_t *surface_of; /* of each word as written */
    const struct kw_view *surfaces;
    uint32_t surface_count;
    uint32_t cut_count;                    /* surface forms that were too long and have a hash */
    const struct kw_stem_table *languages; /* ≥ 1 */
    uint32_t language_count;
};

struct kw_inverter;

/* An inverter for a segment whose file will be `path`. KW_E_IO, KW_E_MEMORY. */
enum kw_status kw_inverter_new(struct kw_inverter **out, const char *path, struct kw_error *error);
/* The same for a segment in the empty file `fd`, as kw_pages_writer_init_memory takes it. */
enum kw_status kw_inverter_new_memory(struct kw_inverter **out, int fd, struct kw_error *error);
/* Sets the codec of stored text, before the first document: KW_TEXT_WORDS, as it is without this,
 * where that takes less; or KW_TEXT_ZLIB. */
void kw_inverter_codec(struct kw_inverter *inverter, uint32_t codec);
/* Bounds what the arrays of its tokens take of memory, before the first document: about `memory`
 * bytes. What is longer, and what waits to be written, goes to files in the folder of `spool`,
 * which begins their names: they are removed at once, and nobody else may make some of the names at
 * the time. The segment is the same. Without this all stays in memory. KW_E_MEMORY. */
enum kw_status kw_inverter_place(struct kw_inverter *inverter, const char *spool, size_t memory,
                                 struct kw_error *error);
/* Gives up; a segment that was not finished is removed. Accepts NULL. */
void kw_inverter_free(struct kw_inverter *inverter);

/* Begins a document; its number is the count of those before it. */
enum kw_status kw_inverter_begin(struct kw_inverter *inverter, const struct kw_entry *entry,
                                 struct kw_error *error);

/* Adds `count` tokens to a field of the document at hand ("" is the text) in order: `words` as
 * written, `positions` counted from `base`, never falling over the calls for one field. `length`
 * words are added to the document's length in the field (the positions they span). KW_E_USAGE if
 * the field's name holds a NUL or is over 255 bytes, or a call begins before the last position. */
enum kw_status kw_inverter_tokens(struct kw_inverter *inverter, struct kw_view field,
                                  const uint32_t *words, const uint32_t *positions, size_t count,
                                  uint32_t base, uint32_t length, struct kw_error *error);

/* Adds passages and their bytes (the sum of the extents' bytes) to the document at hand. */
enum kw_status kw_inverter_text(struct kw_inverter *inverter, const struct kw_extent *extents,
                                size_t count, const uint8_t *text, struct kw_error *error);

/* Adds a value to a column of the document at hand: a keyword, or the key of a number or a date. A
 * column has one type; values of a document come in any order, and those that repeat count once.
 * KW_E_USAGE as kw_columns_writer_keyword. */
enum kw_status kw_inverter_keyword(struct kw_inverter *inverter, struct kw_view column,
                                   struct kw_view value, struct kw_error *error);
enum kw_status kw_inverter_key(struct kw_inverter *inverter, struct kw_view column,
                               enum kw_value_type type, uint64_t key, struct kw_error *error);

/* Ends the document. */
enum kw_status kw_inverter_end(struct kw_inverter *inverter, struct kw_error *error);

uint32_t kw_inverter_documents(const struct kw_inverter *inverter);

/* Two parts of finishing, which may be left to it, or done before by a thread each at the same
 * time: the first writes text and records, the second inverts, and writes terms aside, in the
 * folder of the spool that kw_inverter_place was given. KW_E_IO, KW_E_MEMORY. */
enum kw_status kw_inverter_finish_text(struct kw_inverter *inverter, struct kw_error *error);
enum kw_status kw_inverter_finish_terms(struct kw_inverter *inverter,
                                        const struct kw_batch_words *vocabulary,
                                        struct kw_error *error);

/* Inverts, writes the rest of the segment and fsyncs it if `sync`. The inverter can only be freed
 * afterwards. */
enum kw_status kw_inverter_finish(struct kw_inverter *inverter,
                                  const struct kw_batch_words *vocabulary, bool sync,
                                  struct kw_error *error);

#endif
