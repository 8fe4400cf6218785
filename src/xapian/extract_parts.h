/* An extract while it is made. Private to extract.c, extract_served.c and
 * foreign_extract.c. */
#ifndef KW_XAPIAN_EXTRACT_PARTS_H
#define KW_XAPIAN_EXTRACT_PARTS_H

#include "xapian/extract.h"

/* A term in a document. */
struct kw_posting_part {
    uint32_t place; /* of the document among those asked for */
    uint32_t term;
    uint32_t frequency;
    uint32_t count; /* of its positions; frequency where kwic wrote them */
    uint64_t at;    /* of its positions; UINT64_MAX: they do not matter */
};

struct kw_extract {
    struct kw_xapian *xapian;
    const struct kw_wanted *wanted;
    const uint32_t *docids;
    uint32_t count;
    const bool *titled;
    const struct kw_shown *fresh; /* places in the one document's text; NULL: none */
    bool unmeasured;
    const struct kw_bulk *bulk;
    const uint32_t *bulk_places;
    unsigned alternative; /* of the term at hand */
    struct xc_postings *cursor;
    struct xc_positions *stands;  /* of a term in a document */
    uint32_t *lengths;            /* by field and place; of the text UINT32_MAX: not yet known */
    struct xc_values **values;    /* by column: its slot's */
    struct xc_postings **holders; /* by leaf: of another program's keyword that it asks for */
    struct kw_bytes term;
    struct {
        struct kw_posting_part *items;
        size_t count;
        size_t capacity;
    } postings;
    struct kw_places positions;
    struct kw_places merged; /* of a term in a document, of all its parts */
};

/* Adds a posting. KW_E_MEMORY. */
enum kw_status kw_extract_put(struct kw_extract *extract, struct kw_posting_part posting,
                              struct kw_error *error);

/* Makes room for that many positions behind those that were read. NULL when memory is out. */
uint32_t *kw_extract_room(struct kw_extract *extract, size_t room);
/* Keeps positions that were read into that room. */
void kw_extract_keep(struct kw_extract *extract, size_t count);

/* ---- Of servers (extract_served.c) -------------------------------------------------------- */

/* Adds term `number` of the document at `place` by its positions, if it has any: every word has as
 * many as it counts. */
enum kw_status kw_extract_ask(struct kw_extract *extract, uint32_t number, uint32_t place,
                              struct kw_error *error);

/* Take from what was read ahead: a term, whose positions are asked for if they matter; the lengths
 * of a field; what a column's slot holds of the document at `place`, empty if that is nothing. */
enum kw_status kw_extract_take(struct kw_extract *extract, uint32_t number, struct kw_error *error);
void kw_extract_take_lengths(struct kw_extract *extract, size_t field);
struct kw_view kw_extract_take_slot(const struct kw_extract *extract, size_t column,
                                    uint32_t place);

/* ---- Of other programs (foreign_extract.c) ------------------------------------------------ */

/* Adds a posting of another program's, which has `posting`'s frequency so far. Positions of
 * different alternatives, and those of the text that is shown, lie far apart. */
enum kw_status kw_extract_foreign(struct kw_extract *extract, struct kw_posting_part posting,
                                  struct kw_error *error);

/* Adds where a term stands in the text that is shown. */
enum kw_status kw_extract_shown(struct kw_extract *extract, uint32_t number,
                                struct kw_error *error);

/* Adds what another program's document has of column `number`. */
enum kw_status kw_extract_foreign_values(struct kw_extract *extract, struct kw_excerpt *excerpt,
                                         size_t number, uint32_t docid, struct kw_error *error);

/* Adds the postings of one of another program's documents, those of a term as one. Changes the
 * order of items. */
enum kw_status kw_extract_fill_foreign(struct kw_extract *extract, struct kw_excerpt *excerpt,
                                       struct kw_posting_part *items, size_t count,
                                       struct kw_error *error);

#endif
