/* How kwic's terms and values are written in a Xapian database (kwic-xapian(7) is the description):
 * which term stands for what, and what lies in a value slot.
 *
 * All terms are at most KW_XAPIAN_TERM bytes as Xapian stores them, a zero byte counted twice. */
#ifndef KW_XAPIAN_SCHEMA_H
#define KW_XAPIAN_SCHEMA_H

#include "base/value.h"
#include "stemmers/analyzer.h"

enum {
    KW_XAPIAN_SCHEMA = 1,   /* raised when a reader of the one before could not read it */
    KW_XAPIAN_TERM = 245,   /* Xapian's limit */
    KW_XAPIAN_LENGTH = 4,   /* a document's length in Xapian is so many times its words */
    KW_XAPIAN_POSITION = 1, /* what a word's position is more in Xapian: there 0 beside 1 is lost */
    KW_XAPIAN_NAME = 26,    /* bytes of a field's name in a term, at most */
    KW_XAPIAN_LANGUAGE = 12 /* and of a language's */
};

/* ---- Terms -------------------------------------------------------------------------------- */

/* Each of these replaces `out` by a term. With an empty last argument those of words are what all
 * terms of that kind begin with; for the text's surface terms that is nothing: they are the terms
 * that begin with no capital letter (kw_schema_is_surface). A lack of memory marks `out` failed. */

/* A surface term of a field; "" is the text. */
void kw_schema_surface(struct kw_bytes *out, struct kw_view field, struct kw_view surface);
/* A stem; `language` is NULL unless the index has a language for each document. */
void kw_schema_stem(struct kw_bytes *out, struct kw_view field, const char *language,
                    struct kw_view stem);

/* The term of the documents that have words in a field, the text too; with a `bit` (0 to 31) that
 * of those whose length in it, not in the text, has this bit set. */
void kw_schema_has(struct kw_bytes *out, struct kw_view field);
void kw_schema_length(struct kw_bytes *out, struct kw_view field, unsigned bit);

/* The term of the documents that have values of a field of this type. */
void kw_schema_typed(struct kw_bytes *out, struct kw_view field, enum kw_value_type type);

/* The term of the documents that have several numbers or dates in a field. */
void kw_schema_several(struct kw_bytes *out, struct kw_view field);

/* The term of the documents whose terms were made under these settings: of all of them, unless
 * databases were joined that do not fit. */
void kw_schema_settings(struct kw_bytes *out, const struct kw_analysis *settings);

/* The terms of an id, of the path of a file, of a field's keyword. What is too long for a term is
 * cut and has a hash: it may stand for another as well, so look into the document. */
void kw_schema_id(struct kw_bytes *out, struct kw_view id);
void kw_schema_path(struct kw_bytes *out, struct kw_view path);
void kw_schema_keyword(struct kw_bytes *out, struct kw_view field, struct kw_view value);

/* The term of the documents whose stems are of a language, where each has its own. */
void kw_schema_language(struct kw_bytes *out, struct kw_view language);

/* The term whose frequency in a document fills its length up. */
#define KW_SCHEMA_FILL "XW"

/* Whether a term is a surface term of the text. */
static inline bool kw_schema_is_surface(struct kw_view term)
{
    return !term.size || term.data[0] < 'A' || term.data[0] > 'Z';
}

/* What the terms of kw_schema_has and kw_schema_typed begin with. */
#define KW_SCHEMA_HAS "XN"
#define KW_SCHEMA_TYPED "XT"

/* Takes the field's name out of a term that kw_schema_has made, in place of what `name` held; false
 * if it is none, or the name was too long to be in it. */
bool kw_schema_field_of(struct kw_view term, struct kw_bytes *name);
/* The same for kw_schema_typed, with the type. */
bool kw_schema_typed_of(struct kw_view term, struct kw_bytes *name, enum kw_value_type *type);

/* ---- Value slots -------------------------------------------------------------------------- */

/* The slot of every document's id: order by id needs no more. */
#define KW_SCHEMA_ID_SLOT 0

/* The slot that a field's values have unless another field of the database has it: then the next
 * one that is free (kw_schema_next_slot). Settings say which it is. */
uint32_t kw_schema_slot(struct kw_view field);
uint32_t kw_schema_next_slot(uint32_t slot);

/* What lies in a slot: a document's values of a field, in order and without repeats. */
struct kw_slot_values {
    enum kw_value_type type; /* keyword, number or date */
    struct kw_view rest;
};

/* Replaces `out` by what a slot holds of `count` keys or keywords, which are in order. */
void kw_slot_keys(struct kw_bytes *out, enum kw_value_type type, const uint64_t *keys,
                  size_t count);
void kw_slot_keywords(struct kw_bytes *out, const struct kw_view *keywords, size_t count);

/* Begins to read what a slot holds, and checks all of it; false if it makes no sense. */
bool kw_slot_values_init(struct kw_slot_values *values, struct kw_view slot);
/* The next one, of a type with keys or of keywords; false if there are no more. */
bool kw_slot_next_key(struct kw_slot_values *values, uint64_t *key);
bool kw_slot_next_keyword(struct kw_slot_values *values, struct kw_view *keyword);

#endif
