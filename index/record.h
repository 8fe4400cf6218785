/* What is stored of a document, and where its passages lie: what engines of every kind hand out. */
#ifndef KW_INDEX_RECORD_H
#define KW_INDEX_RECORD_H

#include "base/bytes.h"

/* What is stored of a document; views, valid as long as whoever filled it says. */
struct kw_record {
    struct kw_view id;
    struct kw_view title;
    struct kw_view path;    /* of the file it came from: the id itself for a file */
    bool is_record;         /* one of many in its file */
    bool title_searched;    /* the title's words stand before the text's */
    uint64_t line;          /* of a record in its file, from 1; else 0 */
    uint64_t first_passage; /* in its segment */
    uint64_t passage_count;
    uint64_t bytes;          /* of its text */
    struct kw_view language; /* its stems' */
    uint64_t field_count;
    struct kw_view fields; /* kw_record_next_field takes them off one by one */
};

struct kw_record_field {
    struct kw_view name;
    uint8_t kind; /* as the writer gave it */
    struct kw_view value;
};

/* Takes the next of record->field_count fields off *fields (a copy of record->fields); false if
 * there is none. */
bool kw_record_next_field(struct kw_view *fields, struct kw_record_field *field);

/* One passage's place. Positions count over title and text: with a searched title of t words the
 * first passage begins at t + KW_TITLE_GAP, else at 0. */
struct kw_border {
    uint32_t position; /* of its first word */
    uint32_t words;    /* positions it spans */
    uint64_t start;    /* byte offset in the document's text */
    uint32_t bytes;
    uint64_t line;  /* line feeds before it in the text */
    uint32_t lines; /* line feeds in it */
};

enum { KW_TITLE_GAP = 100 }; /* positions between the title's last word and the text's first */

#endif
