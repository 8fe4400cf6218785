/* Searches that tell what is wanted of many documents, while it is gathered. Private to bulk.c,
 * bulk_groups.c and bulk_places.c. */
#ifndef KW_XAPIAN_BULK_PARTS_H
#define KW_XAPIAN_BULK_PARTS_H

#include "xapian/bulk.h"

enum { KW_BULK_BITS = 53 }; /* of a weight, a double, that are exact */

/* What a search tells of a document: its length, the terms that it holds, each as what it is scaled
 * by, or that times their frequencies. */
enum kw_bulk_weighing { KW_BULK_BY_LENGTH, KW_BULK_BY_TERMS, KW_BULK_BY_FREQUENCY };

/* One document of an answer. */
struct kw_bulk_found {
    uint32_t docid;
    double weight;
    struct kw_view value;
};

/* One search, and its answer. */
struct kw_bulk_asking {
    struct kw_xapian *xapian;
    struct xc_query *filter; /* what matches, without weights */
    struct xc_statistics all;
    struct kw_bulk *bulk;
    struct kw_bulk_found *items; /* by docid */
    uint32_t count;
};

/* Makes ready to ask about what the query matches. Release it whatever it returns. */
enum kw_status kw_bulk_asking_init(struct kw_bulk_asking *asking, const struct xc_query *query,
                                   struct kw_error *error);
void kw_bulk_asking_release(struct kw_bulk_asking *asking);

/* Adds term number `number` of what is wanted to what is asked for, scaled by 1 << bit; nothing if
 * the database has none such. */
enum kw_status kw_bulk_add_term(const struct kw_bulk_asking *asking, struct xc_query *query,
                                size_t number, unsigned bit, struct kw_error *error);
/* How many bits the frequency of a term in a text may have. */
unsigned kw_bulk_frequency_bits(const struct kw_bulk_asking *asking);

/* Asks for what is weighed by some terms of the documents; changes `terms`. */
enum kw_status kw_bulk_ask_terms(struct kw_bulk_asking *asking, struct xc_query *terms,
                                 enum kw_bulk_weighing weighing, struct kw_error *error);

/* The place of a document among those of the first answer, from `place` on; false if there is none.
 */
bool kw_bulk_find_place(const struct kw_bulk *bulk, uint32_t docid, uint32_t *place);

/* What a query failed with; an answer that cannot be. */
enum kw_status kw_bulk_query_failed(const struct kw_bulk_asking *asking,
                                    const struct xc_query *query, struct kw_error *error);
enum kw_status kw_bulk_absurd(const struct kw_bulk_asking *asking, struct kw_error *error);

/* Asks for all terms: for who holds which, and for the frequencies of those in the text by groups
 * of terms that no document has two of. */
enum kw_status kw_bulk_grouped(struct kw_bulk_asking *asking, struct kw_error *error);

/* Counts how often terms of other fields than the text stand there, where that is all that matters
 * of them. */
enum kw_status kw_bulk_count_others(struct kw_bulk_asking *asking, struct kw_error *error);

#endif
