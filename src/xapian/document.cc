/* Documents: data, values, and terms with their positions. */
#include "xapian/handles.h"

using xc::guarded;
using xc::lent;
using xc::string;

struct xc_document *xc_document_new(void) noexcept
{
    return xc::made<xc_document>();
}

void xc_document_free(struct xc_document *document) noexcept
{
    delete document;
}

const struct xc_error *xc_document_error(const struct xc_document *document) noexcept
{
    return &document->error;
}

enum xc_status xc_document_clear(struct xc_document *document) noexcept
{
    return guarded(document, [&] { document->document = Xapian::Document(); });
}

enum xc_status xc_document_docid(struct xc_document *document, uint32_t *docid) noexcept
{
    return guarded(document, [&] { *docid = document->document.get_docid(); });
}

enum xc_status xc_document_data(struct xc_document *document, struct xc_text *data) noexcept
{
    return lent(document, data, [&] { return document->document.get_data(); });
}

enum xc_status xc_document_set_data(struct xc_document *document, struct xc_text data) noexcept
{
    return guarded(document, [&] { document->document.set_data(string(data)); });
}

/* ---- Values ------------------------------------------------------------------------------- */

enum xc_status xc_document_value(struct xc_document *document, uint32_t slot,
                                 struct xc_text *value) noexcept
{
    return lent(document, value, [&] { return document->document.get_value(slot); });
}

enum xc_status xc_document_set_value(struct xc_document *document, uint32_t slot,
                                     struct xc_text value) noexcept
{
    return guarded(document, [&] { document->document.add_value(slot, string(value)); });
}

enum xc_status xc_document_remove_value(struct xc_document *document, uint32_t slot) noexcept
{
    return guarded(document, [&] { document->document.remove_value(slot); });
}

enum xc_status xc_document_clear_values(struct xc_document *document) noexcept
{
    return guarded(document, [&] { document->document.clear_values(); });
}

enum xc_status xc_document_value_count(struct xc_document *document, uint32_t *count) noexcept
{
    return guarded(document, [&] { *count = document->document.values_count(); });
}

enum xc_status xc_document_values(struct xc_document *document, struct xc_values *values) noexcept
{
    return guarded(document, [&] {
        values->start([&] { return document->document.values_begin(); });
        values->by_docid = false;
    });
}

/* ---- Terms -------------------------------------------------------------------------------- */

enum xc_status xc_document_add_term(struct xc_document *document, struct xc_text term,
                                    uint32_t wdf) noexcept
{
    return guarded(document, [&] { document->document.add_term(string(term), wdf); });
}

enum xc_status xc_document_add_posting(struct xc_document *document, struct xc_text term,
                                       uint32_t position, uint32_t wdf) noexcept
{
    return guarded(document, [&] { document->document.add_posting(string(term), position, wdf); });
}

enum xc_status xc_document_add_postings(struct xc_document *document, struct xc_text term,
                                        const uint32_t *positions, size_t count,
                                        uint32_t wdf) noexcept
{
    return guarded(document, [&] {
        std::string name = string(term);
        for (size_t i = 0; i < count; i++)
            document->document.add_posting(name, positions[i], wdf);
    });
}

enum xc_status xc_document_remove_posting(struct xc_document *document, struct xc_text term,
                                          uint32_t position, uint32_t wdf) noexcept
{
    return guarded(document,
                   [&] { document->document.remove_posting(string(term), position, wdf); });
}

enum xc_status xc_document_remove_postings(struct xc_document *document, struct xc_text term,
                                           uint32_t first, uint32_t last, uint32_t wdf,
                                           uint32_t *removed) noexcept
{
    return guarded(document, [&] {
        Xapian::termpos count = document->document.remove_postings(string(term), first, last, wdf);
        if (removed)
            *removed = count;
    });
}

enum xc_status xc_document_remove_term(struct xc_document *document, struct xc_text term) noexcept
{
    return guarded(document, [&] { document->document.remove_term(string(term)); });
}

enum xc_status xc_document_clear_terms(struct xc_document *document) noexcept
{
    return guarded(document, [&] { document->document.clear_terms(); });
}

enum xc_status xc_document_term_count(struct xc_document *document, uint32_t *count) noexcept
{
    return guarded(document, [&] { *count = document->document.termlist_count(); });
}

enum xc_status xc_document_terms(struct xc_document *document, struct xc_terms *terms) noexcept
{
    return guarded(document,
                   [&] { terms->start([&] { return document->document.termlist_begin(); }); });
}

/* ---- As bytes ----------------------------------------------------------------------------- */

enum xc_status xc_document_serialise(struct xc_document *document, struct xc_text *bytes) noexcept
{
    return lent(document, bytes, [&] { return document->document.serialise(); });
}

enum xc_status xc_document_unserialise(struct xc_document *document, struct xc_text bytes) noexcept
{
    return guarded(document,
                   [&] { document->document = Xapian::Document::unserialise(string(bytes)); });
}

enum xc_status xc_document_describe(struct xc_document *document, struct xc_text *text) noexcept
{
    return lent(document, text, [&] { return document->document.get_description(); });
}

size_t xc_number_write(double number, char *bytes) noexcept
{
    return Xapian::sortable_serialise_(number, bytes);
}

double xc_number_read(struct xc_text bytes) noexcept
{
    const size_t longest =
        9; /* what is longer says nothing more, and a string of this needs no memory */
    return Xapian::sortable_unserialise(
        std::string(bytes.data, bytes.size < longest ? bytes.size : longest));
}
