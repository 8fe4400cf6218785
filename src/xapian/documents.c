/* Reads documents one by one. */
#include "xapian/documents.h"

#include "xapian/foreign.h"
#include "xapian/schema.h"

static enum kw_status gone(const struct kw_xapian *xapian, struct kw_error *error)
{
    kw_fail(error, KW_E_NOT_FOUND, "a document of '%s' was deleted meanwhile", xapian->where);
    kw_hint(error, "search again");
    return KW_E_NOT_FOUND;
}

static enum kw_status database_failed(struct kw_xapian *xapian, struct kw_error *error)
{
    const struct xc_error *cause = xc_database_error(xapian->database);
    return cause->status == XC_E_DOC_NOT_FOUND ? gone(xapian, error)
                                               : kw_xapian_failed(xapian, cause, error);
}

/* ---- Ids ---------------------------------------------------------------------------------- */

/* Reads the id that kwic gave a document. */
static enum kw_status read_slot_id(struct kw_xapian *xapian, uint32_t docid, struct kw_bytes *id,
                                   struct kw_error *error)
{
    enum kw_status status = KW_OK;
    struct xc_text value;
    struct xc_document *document = xc_document_new();
    if (!document)
        return kw_fail_memory(error);
    if (!docid || xc_database_document(xapian->database, docid, document) != XC_OK)
        status = docid ? database_failed(xapian, error) : gone(xapian, error);
    else if (xc_document_value(document, KW_SCHEMA_ID_SLOT, &value) != XC_OK)
        status = kw_xapian_failed(xapian, xc_document_error(document), error);
    else
        kw_bytes_append_view(id, kw_xapian_view(value));
    xc_document_free(document);
    return status == KW_OK ? kw_bytes_status(id, error) : status;
}

enum kw_status kw_xapian_read_id(struct kw_xapian *xapian, uint32_t docid, struct kw_view *id,
                                 struct kw_error *error)
{
    struct kw_bytes bytes = KW_BYTES_INIT;
    if (kw_ids_find(&xapian->ids, docid, id))
        return KW_OK;
    enum kw_status status = xapian->foreign ? kw_foreign_id(xapian, docid, &bytes, error)
                                            : read_slot_id(xapian, docid, &bytes, error);
    if (status == KW_OK)
        status = kw_ids_add(&xapian->ids, docid, kw_bytes_view(&bytes), error);
    if (status == KW_OK)
        kw_ids_find(&xapian->ids, docid, id);
    kw_bytes_release(&bytes);
    return status;
}

int kw_xapian_order(struct kw_xapian *xapian, uint32_t a, uint32_t b)
{
    struct kw_view left, right;
    if (xapian->order_status != KW_OK)
        return 0;
    xapian->order_status = kw_xapian_read_id(xapian, a, &left, &xapian->order_error);
    if (xapian->order_status == KW_OK)
        xapian->order_status = kw_xapian_read_id(xapian, b, &right, &xapian->order_error);
    if (xapian->order_status != KW_OK)
        return 0;
    int order = kw_view_compare(left, right);
    return order ? order : (a > b) - (a < b);
}

enum kw_status kw_xapian_order_status(struct kw_xapian *xapian, struct kw_error *error)
{
    enum kw_status status = xapian->order_status;
    if (status != KW_OK && error)
        *error = xapian->order_error;
    xapian->order_status = KW_OK;
    return status;
}

/* ---- Stored documents --------------------------------------------------------------------- */

enum kw_status kw_xapian_read_data(struct kw_xapian *xapian, uint32_t docid, struct kw_bytes *data,
                                   struct xc_values *values, struct kw_error *error)
{
    struct xc_document *document;
    struct xc_text text;
    enum kw_status status = KW_OK;
    kw_bytes_clear(data);
    if (xapian->foreign)
        return kw_foreign_stored(xapian, docid, data, error);
    document = xc_document_new();
    if (!document)
        return kw_fail_memory(error);
    if (!docid || xc_database_document(xapian->database, docid, document) != XC_OK)
        status = docid ? database_failed(xapian, error) : gone(xapian, error);
    else if (xc_document_data(document, &text) != XC_OK)
        status = kw_xapian_failed(xapian, xc_document_error(document), error);
    else
        kw_bytes_append_view(data, kw_xapian_view(text));
    if (status == KW_OK && values && xc_document_values(document, values) != XC_OK)
        status = kw_xapian_failed(xapian, xc_document_error(document), error);
    xc_document_free(document);
    return status == KW_OK ? kw_bytes_status(data, error) : status;
}

static enum kw_status read_document(struct kw_xapian *xapian, struct kw_xapian_document *document,
                                    uint32_t docid, struct kw_error *error)
{
    document->docid = 0;
    enum kw_status status = kw_xapian_read_data(xapian, docid, &document->data, NULL, error);
    if (status == KW_OK)
        status = kw_stored_init(&document->stored, kw_bytes_view(&document->data), error);
    if (status == KW_OK)
        document->docid = docid;
    return status;
}

enum kw_status kw_xapian_stored(struct kw_xapian *xapian, uint32_t docid,
                                const struct kw_stored **stored, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    if (docid && xapian->shown.docid == docid) {
        *stored = &xapian->shown.stored;
        return KW_OK;
    }
    if (xapian->other.docid != docid)
        status = read_document(xapian, &xapian->other, docid, error);
    *stored = &xapian->other.stored;
    return status;
}

enum kw_status kw_xapian_show(struct kw_xapian *xapian, uint32_t docid,
                              const struct kw_stored **stored, struct kw_error *error)
{
    *stored = &xapian->shown.stored;
    return read_document(xapian, &xapian->shown, docid, error);
}

void kw_xapian_documents_forget(struct kw_xapian *xapian)
{
    kw_ids_release(&xapian->ids);
    xapian->shown.docid = xapian->other.docid = 0;
}

void kw_xapian_documents_release(struct kw_xapian *xapian)
{
    kw_xapian_documents_forget(xapian);
    kw_bytes_release(&xapian->shown.data);
    kw_bytes_release(&xapian->other.data);
}

enum kw_status kw_xapian_words(struct kw_xapian *xapian, uint32_t docid, uint64_t *words,
                               struct kw_error *error)
{
    const struct kw_stored *stored;
    uint32_t length;
    if (xapian->foreign) {
        if (xc_database_document_length(xapian->database, docid, &length) != XC_OK)
            return database_failed(xapian, error);
        *words = length;
        return KW_OK;
    }
    enum kw_status status = kw_xapian_stored(xapian, docid, &stored, error);
    if (status == KW_OK)
        *words = stored->words;
    return status;
}

/* ---- Values ------------------------------------------------------------------------------- */

/* Appends the value of that number, as text. */
static enum kw_status append_value(struct kw_slot_values *values, uint32_t number,
                                   struct kw_bytes *out, struct kw_error *error)
{
    struct kw_view keyword;
    char text[KW_VALUE_SIZE];
    uint64_t key;
    if (values->type == KW_TYPE_KEYWORD) {
        for (uint32_t i = 0; kw_slot_next_keyword(values, &keyword); i++) {
            if (i != number)
                continue;
            kw_bytes_append_view(out, keyword);
            return kw_bytes_status(out, error);
        }
        return KW_E_NOT_FOUND;
    }
    for (uint32_t i = 0; kw_slot_next_key(values, &key); i++) {
        if (i != number)
            continue;
        if (kw_key_format(values->type, key, text))
            kw_bytes_append_text(out, text);
        return kw_bytes_status(out, error);
    }
    return KW_E_NOT_FOUND;
}

/* The same of another program's document. */
static enum kw_status foreign_value(struct kw_xapian *xapian, uint32_t docid, struct kw_view name,
                                    uint32_t number, enum kw_value_type *type, struct kw_bytes *out,
                                    struct kw_error *error)
{
    const struct kw_foreign_field *field = kw_foreign_column(xapian, name);
    struct kw_foreign_values values = {.items = NULL};
    char text[KW_VALUE_SIZE];
    if (!field)
        return KW_E_NOT_FOUND;
    enum kw_status status = kw_foreign_values(xapian, docid, field, &values, error);
    *type = field->type;
    if (status == KW_OK && number >= values.count)
        status = KW_E_NOT_FOUND;
    else if (status == KW_OK && field->type == KW_TYPE_KEYWORD)
        kw_bytes_append_view(out, values.items[number].keyword);
    else if (status == KW_OK && kw_key_format(field->type, values.items[number].key, text))
        kw_bytes_append_text(out, text);
    kw_foreign_values_release(&values);
    return status == KW_OK ? kw_bytes_status(out, error) : status;
}

enum kw_status kw_xapian_slot_value(struct kw_view slot, struct kw_view name, uint32_t number,
                                    enum kw_value_type *type, struct kw_bytes *out,
                                    struct kw_error *error)
{
    struct kw_slot_values values;
    if (!slot.size)
        return KW_E_NOT_FOUND;
    if (!kw_slot_values_init(&values, slot))
        return kw_fail(error, KW_E_DAMAGED, "a value of field '%.*s' makes no sense",
                       (int)name.size, (const char *)name.data);
    *type = values.type;
    return append_value(&values, number, out, error);
}

enum kw_status kw_xapian_value(struct kw_xapian *xapian, uint32_t docid, struct kw_view name,
                               uint32_t number, enum kw_value_type *type, struct kw_bytes *out,
                               struct kw_error *error)
{
    if (xapian->foreign)
        return foreign_value(xapian, docid, name, number, type, out, error);
    struct xc_document *document = xc_document_new();
    struct xc_text slot;
    enum kw_status status;
    if (!document)
        return kw_fail_memory(error);
    if (xc_database_document(xapian->database, docid, document) != XC_OK)
        status = database_failed(xapian, error);
    else if (xc_document_value(document, kw_xapian_slot(xapian, name), &slot) != XC_OK)
        status = kw_xapian_failed(xapian, xc_document_error(document), error);
    else
        status = kw_xapian_slot_value(kw_xapian_view(slot), name, number, type, out, error);
    xc_document_free(document);
    return status;
}

/* ---- Looking up --------------------------------------------------------------------------- */

/* Whether a document's id is the one that is looked for; where it is an absolute path, the first
 * slash may be left out, as it is where paths are relative to the root. */
static bool is_id(const struct kw_xapian *xapian, struct kw_view found, struct kw_view id)
{
    return kw_view_equal(found, id) ||
           (xapian->foreign && found.size > 1 && found.data[0] == '/' &&
            kw_view_equal((struct kw_view){found.data + 1, found.size - 1}, id));
}

/* Looks for the id among the documents that have a term; the empty one for all. */
static enum kw_status find_among(struct kw_xapian *xapian, const struct kw_bytes *term,
                                 struct kw_view id, uint32_t *docid, struct kw_error *error)
{
    struct kw_view found;
    struct xc_postings *postings = xc_postings_new();
    enum xc_status next = XC_OK;
    enum kw_status status = postings ? kw_bytes_status(term, error) : kw_fail_memory(error);
    if (status == KW_OK &&
        xc_database_postings(xapian->database, kw_xapian_text(kw_bytes_view(term)), postings) !=
            XC_OK)
        status = kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    while (status == KW_OK && (next = xc_postings_next(postings, docid)) == XC_OK) {
        status = kw_xapian_read_id(xapian, *docid, &found, error);
        if (status == KW_OK && is_id(xapian, found, id))
            break;
    }
    if (status == KW_OK && next == XC_END)
        status = KW_E_NOT_FOUND;
    else if (status == KW_OK && next != XC_OK)
        status = kw_xapian_failed(xapian, xc_postings_error(postings), error);
    xc_postings_free(postings);
    return status;
}

enum kw_status kw_xapian_find(struct kw_xapian *xapian, struct kw_view id, uint32_t *docid,
                              struct kw_error *error)
{
    struct kw_bytes term = KW_BYTES_INIT;
    enum kw_status status = KW_E_NOT_FOUND;
    const struct kw_foreign_schema *schema = xapian->foreign ? xapian->foreign->schema : NULL;
    if (!schema)
        kw_schema_id(&term, id);
    else if (schema->id_term && id.size < KW_XAPIAN_TERM / 2)
        schema->id_term(&term, id);
    if (term.size)
        status = find_among(xapian, &term, id, docid, error);
    if (schema && status == KW_E_NOT_FOUND) { /* an id without a term, or of one that was cut */
        kw_bytes_clear(&term);
        status = find_among(xapian, &term, id, docid, error);
    }
    kw_bytes_release(&term);
    return status;
}
