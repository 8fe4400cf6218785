/* From a document to its tokens and passages, as every engine takes them. */
#ifndef KW_ENGINE_DOCUMENT_WORDS_H
#define KW_ENGINE_DOCUMENT_WORDS_H

#include "engine/document_values.h"
#include "stemmers/analyzer.h"

/* How long a document is: the positions that its words take. */
struct kw_document_length {
    uint64_t title; /* of a searched title's */
    uint64_t text;
};

/* What a document counts for where input is cut: the bytes of its id, title and text, of its fields
 * with their names, and what it takes of memory itself until it is written, however short it is. */
enum { KW_DOCUMENT_INPUT = 256 };
uint64_t kw_document_input(const struct kw_document *document);

/* Whether the document is a record of its file, not the file's own. */
bool kw_document_is_record(const struct kw_document *document);

/* The name of the document's language, guessed from its text, else from its title, as
 * kw_analyzer_use takes it. For settings that say "auto". Static. */
const char *kw_document_language(const struct kw_document *document);

/* Of each of a document's fields whether its words are searched. Zeroed is empty. */
struct kw_searched {
    bool *items;
    size_t capacity;
};

/* Settles the types of what the document has without being asked and of its text fields, and says
 * in searched->items which of its fields are searched: strings whose field has no other type.
 * KW_E_MEMORY. */
enum kw_status kw_document_searched(struct kw_field_types *types,
                                    const struct kw_document *document,
                                    struct kw_searched *searched, struct kw_error *error);

/* Hands the document's words and text to `sink`: the words of a searched title (its own field, and
 * first words of the text), its text in windows (each with its words, then its passages), the words
 * of the fields that `searched` names. What the sink gives, and KW_E_MEMORY, KW_E_INPUT. */
enum kw_status kw_document_words(const struct kw_document_sink *sink, struct kw_analyzer *analyzer,
                                 const struct kw_document *document, const bool *searched,
                                 struct kw_document_length *length, struct kw_error *error);

/* Makes `entry` say what is stored of the document, with language 0. Its fields are malloc'ed for
 * the caller, who frees entry->fields. KW_E_MEMORY: they are NULL. */
enum kw_status kw_document_entry(const struct kw_document *document, struct kw_entry *entry,
                                 struct kw_error *error);

#endif
