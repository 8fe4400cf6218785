/* From a document to its tokens, passages and values, as every engine takes them. */
#ifndef KW_ENGINE_DOCUMENT_WORDS_H
#define KW_ENGINE_DOCUMENT_WORDS_H

#include "engine/document_values.h"
#include "stemmers/analyzer.h"

/* How long a document is: the positions that its words take. */
struct kw_document_length {
    uint64_t title; /* of a searched title's */
    uint64_t text;
};

/* Bytes of input that a document is: its id, title and text, its fields with their names. */
uint64_t kw_document_input(const struct kw_document *document);

/* Whether the document is a record of its file, not the file's own. */
bool kw_document_is_record(const struct kw_document *document);

/* Guesses the document's language from its text, else from its title, and speaks it: *number is the
 * analyzer's. For settings that say "auto". KW_E_USAGE (too many languages), KW_E_MEMORY. */
enum kw_status kw_document_language(struct kw_analyzer *analyzer,
                                    const struct kw_document *document, uint32_t *number,
                                    struct kw_error *error);

/* Hands the document to `sink`: the words of a searched title (its own field, and first words of
 * the text), its text in windows (each with its words, then its passages), the words of its fields,
 * its typed values. `language` is the name of the document's. Types are settled by it, and
 * `misfits` replaced by what did not fit them. What the sink gives, and KW_E_MEMORY, KW_E_INPUT. */
enum kw_status kw_document_words(const struct kw_document_sink *sink, struct kw_analyzer *analyzer,
                                 const struct kw_document *document, const char *language,
                                 struct kw_field_types *types, struct kw_misfits *misfits,
                                 struct kw_document_length *length, struct kw_error *error);

/* Makes `entry` say what is stored of the document, with language 0. Its fields are malloc'ed for
 * the caller, who frees entry->fields. KW_E_MEMORY: they are NULL. */
enum kw_status kw_document_entry(const struct kw_document *document, struct kw_entry *entry,
                                 struct kw_error *error);

#endif
