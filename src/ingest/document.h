/* A document, as sources hand it on and engines take it. */
#ifndef KW_INGEST_DOCUMENT_H
#define KW_INGEST_DOCUMENT_H

#include "base/bytes.h"

enum kw_field_kind {
    KW_FIELD_TEXT = 's', /* a string: its words are searched under `name:` */
    KW_FIELD_JSON = 'j', /* any other JSON value, kept as compact JSON text and not searched */
};

enum kw_scalar_kind { KW_SCALAR_STRING, KW_SCALAR_NUMBER, KW_SCALAR_BOOLEAN };

/* A plain value: what a column can take. */
struct kw_scalar {
    enum kw_scalar_kind kind;
    struct kw_view text; /* of a number or boolean as JSON has it */
};

struct kw_field {
    struct kw_view name;
    enum kw_field_kind kind;
    struct kw_view value;
    const struct kw_scalar *scalars; /* the value itself, or those of a list, null left out */
    size_t scalar_count;
    bool nested; /* an object, or a list that holds lists or objects: it has no scalars */
};

/* What the file system says of a file. */
struct kw_file_facts {
    uint64_t size;    /* in bytes */
    int64_t modified; /* in seconds since 1970 */
};

/* All views are valid UTF-8 (ids and paths: bytes as the file system has them) and borrowed: valid
 * until the source's next document. */
struct kw_document {
    struct kw_view id;
    struct kw_view path; /* of the file it came from, relative to the index's base directory */
    uint64_t line;       /* the record's line in that file, from 1; 0 if the file is the document */
    struct kw_view title;
    bool title_searched; /* false for a plain text's first line, which is a label only */
    struct kw_view text; /* below 4 GiB */
    const struct kw_field *fields;
    size_t field_count;
    const struct kw_file_facts *file; /* of a document that is a file or one in an archive; else
                                         NULL */
    uint64_t repaired;                /* invalid byte sequences that became U+FFFD */
};

#endif
