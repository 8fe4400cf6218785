/* Documents of a Xapian database: their ids, and what is stored of them. */
#ifndef KW_XAPIAN_DOCUMENTS_H
#define KW_XAPIAN_DOCUMENTS_H

#include "xapian/reader.h"

/* The id of a document, valid until the database is reopened. KW_E_NOT_FOUND: there is no such
 * document, or no more. */
enum kw_status kw_xapian_read_id(struct kw_xapian *xapian, uint32_t docid, struct kw_view *id,
                                 struct kw_error *error);

/* Orders two documents by the bytes of their ids. What fails is told by kw_xapian_order_status. */
int kw_xapian_order(struct kw_xapian *xapian, uint32_t a, uint32_t b);
/* KW_OK, or what kept documents from being ordered since it was asked last. */
enum kw_status kw_xapian_order_status(struct kw_xapian *xapian, struct kw_error *error);

/* What is stored of a document, valid until that of another one is asked for. KW_E_NOT_FOUND as
 * above, KW_E_DAMAGED. */
enum kw_status kw_xapian_stored(struct kw_xapian *xapian, uint32_t docid,
                                const struct kw_stored **stored, struct kw_error *error);
/* The same for a document whose record is handed out: valid until the next call of this. */
enum kw_status kw_xapian_show(struct kw_xapian *xapian, uint32_t docid,
                              const struct kw_stored **stored, struct kw_error *error);

/* Appends the value of that number that a slot holds of field `name`, as text: as the op value of
 * engine.h, also of an empty slot. */
enum kw_status kw_xapian_slot_value(struct kw_view slot, struct kw_view name, uint32_t number,
                                    enum kw_value_type *type, struct kw_bytes *out,
                                    struct kw_error *error);

/* Reads the bytes that are stored of a document in place of what `data` held, and, if `values` is
 * not NULL, begins its values by slot. KW_E_NOT_FOUND as above. */
enum kw_status kw_xapian_read_data(struct kw_xapian *xapian, uint32_t docid, struct kw_bytes *data,
                                   struct xc_values *values, struct kw_error *error);

/* As the ops of engine.h of these names. */
enum kw_status kw_xapian_words(struct kw_xapian *xapian, uint32_t docid, uint64_t *words,
                               struct kw_error *error);
enum kw_status kw_xapian_value(struct kw_xapian *xapian, uint32_t docid, struct kw_view name,
                               uint32_t number, enum kw_value_type *type, struct kw_bytes *out,
                               struct kw_error *error);
enum kw_status kw_xapian_find(struct kw_xapian *xapian, struct kw_view id, uint32_t *docid,
                              struct kw_error *error);

/* Forgets all documents: the database was reopened. */
void kw_xapian_documents_forget(struct kw_xapian *xapian);
void kw_xapian_documents_release(struct kw_xapian *xapian);

#endif
