/* What servers tell of many documents at once: asked for one by one, each document's length or
 * value is a trip to its server. */
#ifndef KW_XAPIAN_BULK_H
#define KW_XAPIAN_BULK_H

#include "xapian/reader.h"
#include "xapian/wanted.h"

/* The documents of a candidate set that hold a term of the text, or of another field. */
struct kw_bulk_term {
    uint32_t *places;      /* rising */
    uint32_t *frequencies; /* 0: not known */
    uint32_t count;
    bool *near; /* by place among all documents: whether it may be near a word with which an
                   addition asks for it; NULL: not known */
};

/* All that a query matches. */
struct kw_bulk {
    uint32_t count;
    uint32_t *docids;           /* rising */
    uint32_t **lengths;         /* by field, as they are wanted, and place: words */
    struct kw_bulk_term *terms; /* as they are wanted */
    struct kw_view **slots;     /* by column, as they are wanted, and place; empty: no value */
    const struct kw_wanted *wanted;
    struct kw_arena arena;
};

/* Fills `bulk` with what is wanted, which has to live as long, in one search for the documents, and
 * one for each column, field and some terms. `ids`: also with the documents' ids, which xapian->ids
 * then has. Release it whatever it returns. KW_E_MEMORY, KW_E_IO. */
enum kw_status kw_bulk_init(struct kw_bulk *bulk, struct kw_xapian *xapian,
                            const struct xc_query *query, const struct kw_wanted *wanted, bool ids,
                            struct kw_error *error);
void kw_bulk_release(struct kw_bulk *bulk);

/* Finds out where words are near each other, of the pairs that additions of the plan ask for, by a
 * search for some 26 of them; `query` is that of kw_bulk_init. Not for a few documents.
 * KW_E_MEMORY, KW_E_IO. */
enum kw_status kw_bulk_near(struct kw_bulk *bulk, struct kw_xapian *xapian,
                            const struct xc_query *query, struct kw_error *error);

/* Fills term number `number` of what is wanted by its list of postings. KW_E_MEMORY, KW_E_IO. */
enum kw_status kw_bulk_list(struct kw_bulk *bulk, struct kw_xapian *xapian, size_t number,
                            struct kw_error *error);

/* The number of the first among `count` rising places that is not below `place`. */
uint32_t kw_bulk_find(const uint32_t *places, uint32_t count, uint32_t place);
/* Fills `places` with those of `count` rising docids. KW_E_IO: one of them is not there. */
enum kw_status kw_bulk_places(const struct kw_bulk *bulk, const struct kw_xapian *xapian,
                              const uint32_t *docids, uint32_t count, uint32_t *places,
                              struct kw_error *error);

#endif
