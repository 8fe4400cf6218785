/* A document as bytes: all that whoever builds its segment needs of it, wherever it runs. */
#ifndef KW_ENGINE_NATIVE_MESSAGE_H
#define KW_ENGINE_NATIVE_MESSAGE_H

#include "engine/document_words.h"

/* A document that was taken off; views into the bytes, but for a borrowed text. */
struct kw_message {
    struct kw_document document; /* without `file`, `repaired` and scalars of fields */
    const char *language;        /* spoken; empty: that of the settings */
    const bool *searched;        /* of each field */
    struct kw_view values;       /* of columns */
};

/* What a message's fields are taken off into. Zeroed is empty. */
struct kw_message_fields {
    struct {
        struct kw_field *items;
        size_t capacity;
    } fields;
    struct kw_searched searched;
};

void kw_message_fields_release(struct kw_message_fields *fields);

/* A sink that appends a document's values to `bytes`, as a message holds them. It takes no words
 * and no text. */
struct kw_document_sink kw_message_values(struct kw_bytes *bytes);

/* Appends a document. With `borrow` its text is not copied and must outlive the message. */
void kw_message_put(struct kw_bytes *out, const struct kw_message *message, bool borrow);

/* Takes the next document off; `fields` are its until the next. KW_E_MEMORY. */
enum kw_status kw_message_take(struct kw_view *from, struct kw_message_fields *fields,
                               struct kw_message *message, struct kw_error *error);

/* Hands the values of a message to the sink. What the sink gives. */
enum kw_status kw_message_add_values(const struct kw_message *message,
                                     const struct kw_document_sink *sink, struct kw_error *error);

#endif
