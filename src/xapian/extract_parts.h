/* An extract while it is made. Private to extract.c and foreign_extract.c. */
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
    const struct kw_shown *fresh; /* places in the one document's text; NULL: none */
    unsigned alternative;         /* of the term at hand */
    struct xc_postings *cursor;
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
