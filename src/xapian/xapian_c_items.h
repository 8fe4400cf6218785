/* A part of xapian_c.h, which includes it: documents, and the iterations over postings, positions,
 * terms and values. */
#ifndef XAPIAN_C_ITEMS_H
#define XAPIAN_C_ITEMS_H

#include "xapian_c.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Documents ---------------------------------------------------------------------------- */

/* An empty document. */
XC_API struct xc_document *xc_document_new(void) XC_NOEXCEPT;
XC_API void xc_document_free(struct xc_document *document) XC_NOEXCEPT;
XC_API const struct xc_error *xc_document_error(const struct xc_document *document) XC_NOEXCEPT;
/* Makes it an empty document, for the next one. */
XC_API enum xc_status xc_document_clear(struct xc_document *document) XC_NOEXCEPT;
/* The docid it was read under; 0 for a new one. */
XC_API enum xc_status xc_document_docid(struct xc_document *document, uint32_t *docid) XC_NOEXCEPT;
/* The data of the document, which Xapian only keeps. XC_E_DATABASE_MODIFIED, _CLOSED and errors of
 * the network may come from any call that reads, since documents are read lazily. */
XC_API enum xc_status xc_document_data(struct xc_document *document,
                                       struct xc_text *data) XC_NOEXCEPT;
XC_API enum xc_status xc_document_set_data(struct xc_document *document,
                                           struct xc_text data) XC_NOEXCEPT;
/* The value in a slot; empty if there is none. */
XC_API enum xc_status xc_document_value(struct xc_document *document, uint32_t slot,
                                        struct xc_text *value) XC_NOEXCEPT;
/* Puts a value in a slot; an empty one removes. */
XC_API enum xc_status xc_document_set_value(struct xc_document *document, uint32_t slot,
                                            struct xc_text value) XC_NOEXCEPT;
/* Removes a value. XC_E_INVALID_ARGUMENT: there is none. */
XC_API enum xc_status xc_document_remove_value(struct xc_document *document,
                                               uint32_t slot) XC_NOEXCEPT;
XC_API enum xc_status xc_document_clear_values(struct xc_document *document) XC_NOEXCEPT;
XC_API enum xc_status xc_document_value_count(struct xc_document *document,
                                              uint32_t *count) XC_NOEXCEPT;
/* The values by slot. */
XC_API enum xc_status xc_document_values(struct xc_document *document,
                                         struct xc_values *values) XC_NOEXCEPT;
/* Adds a term with no position; a second time only its wdf grows. XC_E_INVALID_ARGUMENT: an empty
 * term. */
XC_API enum xc_status xc_document_add_term(struct xc_document *document, struct xc_text term,
                                           uint32_t wdf) XC_NOEXCEPT;
/* Adds a term at a position; `wdf` more occurrences of it. */
XC_API enum xc_status xc_document_add_posting(struct xc_document *document, struct xc_text term,
                                              uint32_t position, uint32_t wdf) XC_NOEXCEPT;
/* Adds a posting for each of `count` positions, with `wdf` each. */
XC_API enum xc_status xc_document_add_postings(struct xc_document *document, struct xc_text term,
                                               const uint32_t *positions, size_t count,
                                               uint32_t wdf) XC_NOEXCEPT;
/* Removes a position, and `wdf` occurrences. XC_E_INVALID_ARGUMENT: no such term or position. */
XC_API enum xc_status xc_document_remove_posting(struct xc_document *document, struct xc_text term,
                                                 uint32_t position, uint32_t wdf) XC_NOEXCEPT;
/* Removes positions `first` to `last`; `*removed`, which may be NULL: how many there were. */
XC_API enum xc_status xc_document_remove_postings(struct xc_document *document, struct xc_text term,
                                                  uint32_t first, uint32_t last, uint32_t wdf,
                                                  uint32_t *removed) XC_NOEXCEPT;
/* Removes a term with all its positions, or all terms. XC_E_INVALID_ARGUMENT: no such term. */
XC_API enum xc_status xc_document_remove_term(struct xc_document *document,
                                              struct xc_text term) XC_NOEXCEPT;
XC_API enum xc_status xc_document_clear_terms(struct xc_document *document) XC_NOEXCEPT;
/* The terms of the document, and how many they are. */
XC_API enum xc_status xc_document_term_count(struct xc_document *document,
                                             uint32_t *count) XC_NOEXCEPT;
XC_API enum xc_status xc_document_terms(struct xc_document *document,
                                        struct xc_terms *terms) XC_NOEXCEPT;
/* The document as bytes: data, terms and values. */
XC_API enum xc_status xc_document_serialise(struct xc_document *document,
                                            struct xc_text *bytes) XC_NOEXCEPT;
/* XC_E_SERIALISATION, XC_E_NETWORK: these are not the bytes of a document. Xapian does not notice
 * all that is wrong: they have to come from xc_document_serialise(). */
XC_API enum xc_status xc_document_unserialise(struct xc_document *document,
                                              struct xc_text bytes) XC_NOEXCEPT;
/* For a programmer to read. */
XC_API enum xc_status xc_document_describe(struct xc_document *document,
                                           struct xc_text *text) XC_NOEXCEPT;

/* Writes a number as bytes that sort as it does, which values are compared by, into `bytes`, which
 * has room for 9; returns how many they are. */
XC_API size_t xc_number_write(double number, char *bytes) XC_NOEXCEPT;
/* The number that such bytes say. */
XC_API double xc_number_read(struct xc_text bytes) XC_NOEXCEPT;

/* ---- Iterations --------------------------------------------------------------------------- */

/* A new one is at its end. _next moves to the next item and gives it; _skip_to moves to the first
 * item not before the one that is named, if it is not there already, and gives it. XC_END: there is
 * none; an error: the iteration has failed, and gives the same status from then on. Calls on the
 * current item: XC_E_INVALID_OPERATION where there is none. */

XC_API struct xc_postings *xc_postings_new(void) XC_NOEXCEPT;
XC_API void xc_postings_free(struct xc_postings *postings) XC_NOEXCEPT;
XC_API const struct xc_error *xc_postings_error(const struct xc_postings *postings) XC_NOEXCEPT;
/* Move on, and give the docid. */
XC_API enum xc_status xc_postings_next(struct xc_postings *postings, uint32_t *docid) XC_NOEXCEPT;
XC_API enum xc_status xc_postings_skip_to(struct xc_postings *postings, uint32_t docid,
                                          uint32_t *found) XC_NOEXCEPT;
/* Moves on by up to `most` items and writes them into arrays, of which `wdfs` and `lengths` (of the
 * documents) may be NULL; the last one is the current item, unless it ended or failed before
 * `most`. `*count`: how many, also where it fails. XC_END: there was none. */
XC_API enum xc_status xc_postings_read(struct xc_postings *postings, uint32_t *docids,
                                       uint32_t *wdfs, uint32_t *lengths, size_t most,
                                       size_t *count) XC_NOEXCEPT;
/* Of the current document: how often it has the term, its length, and how many terms it has. */
XC_API enum xc_status xc_postings_wdf(struct xc_postings *postings, uint32_t *wdf) XC_NOEXCEPT;
XC_API enum xc_status xc_postings_document_length(struct xc_postings *postings,
                                                  uint32_t *length) XC_NOEXCEPT;
XC_API enum xc_status xc_postings_unique_terms(struct xc_postings *postings,
                                               uint32_t *count) XC_NOEXCEPT;
/* The positions of the term in the current document. */
XC_API enum xc_status xc_postings_positions(struct xc_postings *postings,
                                            struct xc_positions *positions) XC_NOEXCEPT;
/* The same at once: writes the first `most` of them; `*count`: how many there are, which may be
 * more. */
XC_API enum xc_status xc_postings_read_positions(struct xc_postings *postings, uint32_t *array,
                                                 size_t most, size_t *count) XC_NOEXCEPT;

XC_API struct xc_positions *xc_positions_new(void) XC_NOEXCEPT;
XC_API void xc_positions_free(struct xc_positions *positions) XC_NOEXCEPT;
XC_API const struct xc_error *xc_positions_error(const struct xc_positions *positions) XC_NOEXCEPT;
/* Move on, and give the position. */
XC_API enum xc_status xc_positions_next(struct xc_positions *positions,
                                        uint32_t *position) XC_NOEXCEPT;
XC_API enum xc_status xc_positions_skip_to(struct xc_positions *positions, uint32_t position,
                                           uint32_t *found) XC_NOEXCEPT;
/* The same by up to `most` positions at once, as xc_postings_read(). */
XC_API enum xc_status xc_positions_read(struct xc_positions *positions, uint32_t *array,
                                        size_t most, size_t *count) XC_NOEXCEPT;

XC_API struct xc_terms *xc_terms_new(void) XC_NOEXCEPT;
XC_API void xc_terms_free(struct xc_terms *terms) XC_NOEXCEPT;
XC_API const struct xc_error *xc_terms_error(const struct xc_terms *terms) XC_NOEXCEPT;
/* Move on, and give the term. */
XC_API enum xc_status xc_terms_next(struct xc_terms *terms, struct xc_text *term) XC_NOEXCEPT;
XC_API enum xc_status xc_terms_skip_to(struct xc_terms *terms, struct xc_text term,
                                       struct xc_text *found) XC_NOEXCEPT;
/* How often the document has the current term, where the list is of a document:
 * XC_E_INVALID_OPERATION or XC_E_UNIMPLEMENTED where not. */
XC_API enum xc_status xc_terms_wdf(struct xc_terms *terms, uint32_t *wdf) XC_NOEXCEPT;
/* How many documents have the term, words were added, or values were counted. */
XC_API enum xc_status xc_terms_frequency(struct xc_terms *terms, uint32_t *frequency) XC_NOEXCEPT;
/* The positions of the current term in the document, and how many they are. */
XC_API enum xc_status xc_terms_position_count(struct xc_terms *terms, uint32_t *count) XC_NOEXCEPT;
XC_API enum xc_status xc_terms_positions(struct xc_terms *terms,
                                         struct xc_positions *positions) XC_NOEXCEPT;

XC_API struct xc_values *xc_values_new(void) XC_NOEXCEPT;
XC_API void xc_values_free(struct xc_values *values) XC_NOEXCEPT;
XC_API const struct xc_error *xc_values_error(const struct xc_values *values) XC_NOEXCEPT;
/* Move on, and give the value and `*where`: the docid in the values of a slot, the slot in the
 * values of a document. */
XC_API enum xc_status xc_values_next(struct xc_values *values, uint32_t *where,
                                     struct xc_text *value) XC_NOEXCEPT;
XC_API enum xc_status xc_values_skip_to(struct xc_values *values, uint32_t where, uint32_t *found,
                                        struct xc_text *value) XC_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif
