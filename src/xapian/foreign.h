/* Databases that other programs made with Xapian: what their terms, values and data mean
 * (kwic-xapian(7), OTHER DATABASES). What a program does is a row of the table in foreign.c; all
 * else reads the row. */
#ifndef KW_XAPIAN_FOREIGN_H
#define KW_XAPIAN_FOREIGN_H

#include "engine/foreign.h"
#include "xapian/reader.h"
#include "xapian/wanted.h"

/* How a term or slot writes a value. */
enum kw_foreign_code {
    KW_CODE_TEXT,   /* as it is */
    KW_CODE_NUMBER, /* what sortable_serialise() makes of it; a date in seconds since 1970 */
    KW_CODE_BIG,    /* a date: its seconds in four bytes, the high one first */
    KW_CODE_HEX,    /* a date: a letter for their number, then its seconds in hexadecimal digits */
    KW_CODE_DIGITS, /* a number in decimal digits */
    KW_CODE_DAY,    /* a date: YYYYMMDD */
};

/* A field: words that are searched, or values. */
struct kw_foreign_field {
    const char *name;
    const char *prefix;      /* of its terms; NULL: its values are in a slot */
    enum kw_value_type type; /* KW_TYPE_TEXT: words */
    enum kw_foreign_code code;
    uint32_t slot;
};

/* A document that is being read. */
struct kw_foreign_reading;

enum { KW_FOREIGN_TEXTS = 8 }; /* prefixes of a text's words, at most */

struct kw_foreign_schema {
    const char *name;
    const char *language; /* of its stems, "none" if it has none */
    enum kw_rules rules;
    const char *text[KW_FOREIGN_TEXTS];    /* what words of the text begin with; ended by NULL */
    const char *all;                       /* the term that all its documents have, NULL: none */
    const struct kw_foreign_field *fields; /* ended by one without a name */
    const char *marks[2]; /* keys of the metadata that no other program's database has; NULL: it
                             cannot be told */
    /* Find a document's id, and all else that is stored of it; what is not found stays empty. */
    enum kw_status (*read_id)(struct kw_foreign_reading *reading, struct kw_error *error);
    enum kw_status (*read)(struct kw_foreign_reading *reading, struct kw_error *error);
    /* Makes the term of an id; NULL: there is none that tells. */
    void (*id_term)(struct kw_bytes *out, struct kw_view id);
    /* Appends the absolute folder that paths are shown from. */
    enum kw_status (*base)(struct kw_xapian *xapian, struct kw_bytes *out, struct kw_error *error);
};

/* What a database is read as. */
struct kw_foreign {
    const struct kw_foreign_schema *schema;
    struct {
        struct kw_foreign_field *items; /* those asked for, then the schema's */
        size_t count;
        size_t capacity;
    } fields;
    const char *text[KW_FOREIGN_TEXTS];
    unsigned text_count;
    struct kw_foreign_options options; /* its strings are not kept */
    struct kw_analyzer *analyzer;      /* of the settings */
    char *folder; /* the database's own, absolute, also where a stub file names it; NULL: on
                     another machine */
    struct kw_arena arena;
    unsigned unread; /* files that could not be read and were spoken of */
};

/* ---- Opening (foreign_open.c) ------------------------------------------------------------- */

/* Settles what a database without kwic's metadata is, in place of kw_xapian_settle's settings.
 * KW_E_USAGE: nothing says so, or the options are wrong. */
enum kw_status kw_foreign_settle(struct kw_xapian *xapian, struct kw_error *error);
void kw_foreign_release(struct kw_xapian *xapian);

/* The schema of a name, NULL if there is none; that number, NULL behind the last. */
const struct kw_foreign_schema *kw_foreign_schema_named(const char *name);
const struct kw_foreign_schema *kw_foreign_schema_at(size_t number);

/* ---- Fields (foreign_fields.c) ------------------------------------------------------------ */

/* As kw_xapian_term: alternative number `number` for a word's term. */
bool kw_foreign_term(const struct kw_xapian *xapian, struct kw_view field, struct kw_view language,
                     struct kw_view bytes, unsigned number, struct kw_bytes *term);
/* How many alternatives words of a field have. */
unsigned kw_foreign_alternatives(const struct kw_xapian *xapian, struct kw_view field);

/* The field with values of this name, NULL if there is none. */
const struct kw_foreign_field *kw_foreign_column(const struct kw_xapian *xapian,
                                                 struct kw_view name);
/* Makes `term` that of a keyword of the field; false if its values have no terms. */
bool kw_foreign_keyword(const struct kw_xapian *xapian, struct kw_view name, struct kw_view value,
                        struct kw_bytes *term);

/* Values of a document. Zeroed is none. */
struct kw_foreign_values {
    struct kw_foreign_value {
        uint64_t key; /* of a number or date */
        struct kw_view keyword;
    } * items; /* rising, each once */
    size_t count;
    size_t capacity;
    struct kw_arena arena;
};
/* Reads a document's values of a field, in place of what `values` held. KW_E_MEMORY, KW_E_IO. */
enum kw_status kw_foreign_values(struct kw_xapian *xapian, uint32_t docid,
                                 const struct kw_foreign_field *field,
                                 struct kw_foreign_values *values, struct kw_error *error);
void kw_foreign_values_release(struct kw_foreign_values *values);
/* Understands one value: false if it makes no sense. */
bool kw_foreign_decode(const struct kw_foreign_field *field, struct kw_view written, uint64_t *key);

/* ---- Documents (foreign_texts.c) ---------------------------------------------------------- */

enum { KW_FOREIGN_SHOWN = 12 }; /* fields of a document that are shown, at most */

struct kw_foreign_reading {
    struct kw_xapian *xapian;
    uint32_t docid;
    struct xc_document *document;
    struct kw_bytes data; /* of the document */
    struct kw_bytes id, title;
    struct kw_bytes path; /* absolute, of its file; empty: none that could be read */
    struct kw_bytes type; /* of that, as MIME has it */
    struct kw_bytes text; /* if the database has it */
    bool whole;           /* that is all of it: its file need not be read */
    struct {
        const char *name;
        struct kw_bytes value;
    } shown[KW_FOREIGN_SHOWN];
    size_t shown_count;
};

/* What schemas read with. All replace `out`, which is empty if there is nothing. */
enum kw_status kw_reading_slot(struct kw_foreign_reading *reading, uint32_t slot,
                               struct kw_bytes *out, struct kw_error *error);
/* What follows `prefix` in the first term of document `docid` that begins so. */
enum kw_status kw_reading_term(struct kw_foreign_reading *reading, uint32_t docid,
                               const char *prefix, struct kw_bytes *out, struct kw_error *error);
/* The value of the line `name=` of the data. */
void kw_reading_line(struct kw_foreign_reading *reading, const char *name, struct kw_bytes *out);
enum kw_status kw_reading_metadata(struct kw_xapian *xapian, const char *key, struct kw_bytes *out,
                                   struct kw_error *error);
/* Shows a field of the document, unless it is empty. */
void kw_reading_show(struct kw_foreign_reading *reading, const char *name, struct kw_view value);

/* Appends the id of a document. */
enum kw_status kw_foreign_id(struct kw_xapian *xapian, uint32_t docid, struct kw_bytes *id,
                             struct kw_error *error);
/* Replaces `data` by what kwic would store of the document (stored.h), its text cut into passages
 * anew. */
enum kw_status kw_foreign_stored(struct kw_xapian *xapian, uint32_t docid, struct kw_bytes *data,
                                 struct kw_error *error);

/* ---- Places (foreign_matches.c) ---------------------------------------------------------- */

struct kw_places {
    uint32_t *items;
    size_t count;
    size_t capacity;
};

/* Appends the positions of term `number` in a document, where the database has them: of a stem
 * without any those of the words that ask for it. KW_E_IO, KW_E_MEMORY. */
enum kw_status kw_foreign_positions(struct kw_xapian *xapian, const struct kw_wanted *wanted,
                                    uint32_t number, unsigned alternative, uint32_t docid,
                                    struct kw_places *places, struct kw_error *error);
/* Sorts the places of term `number` of `terms` in a document, and fills them up to *frequency with
 * ones that are near nothing, since positions must be as many; if they are more, so is *frequency.
 * KW_E_MEMORY. */
enum kw_status kw_foreign_settle_places(struct kw_places *places, uint32_t *frequency,
                                        uint32_t number, size_t terms, struct kw_error *error);

/* Where words of the query stand in a text that was analysed anew: for each wanted term its
 * positions. Zeroed is none. */
struct kw_shown {
    struct kw_shown_term {
        uint32_t *items; /* rising */
        size_t count;
        size_t capacity;
    } * terms;
    size_t count;
};

enum kw_status kw_shown_init(struct kw_shown *fresh, struct kw_xapian *xapian,
                             const struct kw_wanted *wanted, const struct kw_stored *stored,
                             struct kw_error *error);
void kw_shown_release(struct kw_shown *fresh);

#endif
