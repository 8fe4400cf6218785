/* From a document's fields, and what is known of its file, to the values of columns. */
#ifndef KW_ENGINE_DOCUMENT_VALUES_H
#define KW_ENGINE_DOCUMENT_VALUES_H

#include "engine/document_sink.h"
#include "engine/field_types.h"

enum {
    KW_SHORT_TEXT_BYTES = 100, /* a text field's longer values are no keywords */
    KW_KEYWORD_BYTES = 4096,   /* a keyword has at most */
};

/* A document's misfits. Zeroed is empty. */
struct kw_misfits {
    struct kw_misfit *items;
    size_t count;
    size_t capacity;
};

/* Settles the types of those of the document's fields that stand for what it has without being
 * asked: whether a document with a `lang` of its own or one without comes first makes no difference
 * then. KW_E_MEMORY. */
enum kw_status kw_document_values_settle(struct kw_field_types *types,
                                         const struct kw_document *document,
                                         struct kw_error *error);

/* Hands the document's values to the sink. Its own fields
 * first: each scalar that fits the field's type; `misfits` gets the fields with one that does not,
 * in place of what it held. Then those that a file has without being asked, where the document has
 * no field of that name: path (also a record's), name, ext, size, date and lang (also a record's;
 * `language` is the name of the document's). What the sink gives, and KW_E_MEMORY. */
enum kw_status kw_document_values_add(const struct kw_document_sink *sink,
                                      struct kw_field_types *types,
                                      const struct kw_document *document, const char *language,
                                      struct kw_misfits *misfits, struct kw_error *error);

#endif
