/* Makes a Xapian document of what reading a document gives: its terms with positions, its values,
 * its data. */
#ifndef KW_XAPIAN_MAKER_H
#define KW_XAPIAN_MAKER_H

#include "engine/document_words.h"
#include "xapian/stored.h"
#include "xapian/xapian_c.h"

/* A field's tokens: words as written, by the analyzer's numbers. */
struct kw_maker_field {
    struct kw_bytes name; /* empty: the text */
    struct {
        uint32_t *items;
        size_t capacity;
    } words, positions;
    size_t count;
    uint32_t length;
};

/* A field's values. */
struct kw_maker_column {
    struct kw_bytes name;
    enum kw_value_type type; /* keyword, number or date */
    struct {
        uint64_t *items; /* keys; of keywords where each ends in `bytes` */
        size_t capacity;
    } values;
    size_t count;
    struct kw_bytes bytes;
};

/* Tokens grouped by their terms. */
struct kw_maker_groups {
    struct {
        uint32_t *items; /* by a term's number; 0 but while grouping */
        size_t count;
        size_t capacity;
    } ends;
    struct {
        uint32_t *items; /* numbers of the terms that occur, and where their positions begin */
        size_t capacity;
    } terms, starts, positions;
    size_t count;
};

/* Zeroed is empty. Items of the arrays are kept for the next document. */
struct kw_maker {
    struct {
        struct kw_maker_field *items;
        size_t count;
        size_t capacity;
        size_t made;
    } fields;
    struct {
        struct kw_maker_column *items;
        size_t count;
        size_t capacity;
        size_t made;
    } columns;
    struct kw_maker_groups groups;
    struct kw_stored_writer stored;
    struct kw_bytes term;
    struct kw_bytes data;
};

/* What a document is made with. */
struct kw_maker_with {
    const struct kw_analyzer *analyzer; /* closed since the document was read */
    uint32_t language; /* the analyzer's number of the document's; KW_NO_LANGUAGE: no stems */
    const char *name;  /* of that language, "none" with KW_NO_LANGUAGE */
    bool automatic;    /* each document has a language of its own */
    const struct kw_analysis *settings;
    const uint32_t *slots; /* by number of a name in `types` */
    const struct kw_field_types *types;
    const char *where; /* for messages */
};

void kw_maker_clear(struct kw_maker *maker);
void kw_maker_release(struct kw_maker *maker);

/* The sink that gathers a document after a clear. */
struct kw_document_sink kw_maker_sink(struct kw_maker *maker);

/* Fills `out`, which is empty, with the document that was gathered; *refused says, if it is too
 * large for Xapian, why (else NULL). KW_E_MEMORY, KW_E_IO. */
enum kw_status kw_maker_finish(struct kw_maker *maker, const struct kw_maker_with *with,
                               const struct kw_entry *entry,
                               const struct kw_document_length *length, struct xc_document *out,
                               const char **refused, struct kw_error *error);

#endif
