/* Columns: the typed values of a segment's documents by field, and the keywords among them.
 *
 * A value is a code: of a keyword its place in the column's dictionary, of a number or date (key −
 * least) / divisor (base/value.h tells of keys). Codes rise as values do. */
#ifndef KW_INDEX_COLUMNS_H
#define KW_INDEX_COLUMNS_H

#include "base/value.h"
#include "index/segment.h"

struct kw_column {
    struct kw_view name;
    enum kw_value_type type; /* keyword, number or date */
    uint32_t holders;        /* documents that have a value, deleted ones counted */
    uint64_t values;         /* of all documents, a document's repeats not counted */
    uint64_t least;          /* number, date: the least key … */
    uint64_t divisor;        /* … and what codes are multiplied by, ≥ 1 */
    uint64_t distinct;       /* keywords: different ones */
    uint64_t first_block;    /* keywords: the first block of the dictionary */
    bool listed;             /* documents with values are listed; else each document has a code */
    uint32_t code_bits, document_bits, end_bits;
    uint64_t codes_at, documents_at, ends_at; /* in the section of values */
};

/* Column `number` in 0..column_count-1, sorted by name. KW_E_DAMAGED. */
enum kw_status kw_segment_column(struct kw_segment *segment, uint32_t number,
                                 struct kw_column *column, struct kw_error *error);
/* The column `name`: KW_OK, KW_E_NOT_FOUND (nothing recorded in error), KW_E_DAMAGED. */
enum kw_status kw_segment_find_column(struct kw_segment *segment, struct kw_view name,
                                      struct kw_column *column, struct kw_error *error);

/* The key of a code; a code beyond the column's gives another key. */
static inline uint64_t kw_column_key(const struct kw_column *column, uint64_t code)
{
    return column->least + code * column->divisor;
}

/* The codes whose keys lie in [low, high]: [*from, *to), to beyond all for the greatest. */
void kw_column_span(const struct kw_column *column, uint64_t low, uint64_t high, uint64_t *from,
                    uint64_t *to);

/* A cursor over the documents that have a value, deleted ones included. It begins before the first,
 * allocates nothing, and on damage ends early; the segment is marked then. */
struct kw_values {
    struct kw_segment *segment;
    const struct kw_column *column; /* borrowed */
    uint32_t document;              /* the current one; KW_NO_DOCUMENT past the last */
    uint32_t count;                 /* of its values, ≥ 1 */
    uint64_t first;                 /* the first of them in the column */
    uint64_t at;                    /* place of the next document in the list */
};

void kw_values_init(struct kw_values *values, struct kw_segment *segment,
                    const struct kw_column *column);
/* Moves to the first document ≥ `target` that has a value and is not before the current one;
 * returns it, or KW_NO_DOCUMENT. */
uint32_t kw_values_advance(struct kw_values *values, uint32_t target);
/* The same, but only documents that have a value with a code in [from, to) count. */
uint32_t kw_values_find(struct kw_values *values, uint32_t target, uint64_t from, uint64_t to);
/* The code of the current document's i-th value, i < count: they rise without repeats, and those of
 * keywords are below `distinct`. 0 on damage. */
uint64_t kw_values_code(const struct kw_values *values, uint32_t i);

/* Appends the keyword of a code to `out`. KW_E_NOT_FOUND if there is none, KW_E_DAMAGED,
 * KW_E_MEMORY. */
enum kw_status kw_column_keyword(struct kw_segment *segment, const struct kw_column *column,
                                 uint64_t code, struct kw_bytes *out, struct kw_error *error);
/* The code of the first keyword that is not below `wanted`, `distinct` if all are; *equal tells
 * whether it is that one. KW_E_DAMAGED, KW_E_MEMORY. */
enum kw_status kw_column_find(struct kw_segment *segment, const struct kw_column *column,
                              struct kw_view wanted, uint64_t *code, bool *equal,
                              struct kw_error *error);

/* Walks a column's keywords in byte order. */
struct kw_keywords {
    struct kw_segment *segment;
    const struct kw_column *column; /* borrowed */
    uint64_t code;                  /* of the current keyword */
    uint64_t next;                  /* of the next */
    uint64_t rest;                  /* where that begins in the section of keywords */
    struct kw_bytes keyword;        /* the current one */
};

/* Begins before the keyword of `code`. */
enum kw_status kw_keywords_init(struct kw_keywords *keywords, struct kw_segment *segment,
                                const struct kw_column *column, uint64_t code,
                                struct kw_error *error);
/* KW_OK with keywords->code and ->keyword set, KW_END, KW_E_DAMAGED, KW_E_MEMORY. */
enum kw_status kw_keywords_next(struct kw_keywords *keywords, struct kw_error *error);
void kw_keywords_release(struct kw_keywords *keywords);

#endif
