/* The parts of a merge; merge.c puts them together. */
#ifndef KW_INDEX_MERGE_PARTS_H
#define KW_INDEX_MERGE_PARTS_H

#include "index/merge.h"
#include "index/postings.h"
#include "index/segment_writer.h"

/* A segment that is merged. */
struct kw_merge_input {
    struct kw_segment *segment;
    uint32_t *map;          /* of each document its new number; KW_NO_DOCUMENT: it is dropped */
    uint32_t first;         /* the number, in the old order, of its first document that stays */
    uint32_t live;          /* how many stay */
    bool whole;             /* all do */
    uint32_t *languages;    /* of each of its languages the merged number */
    uint32_t *spoken;       /* of each document its own number; NULL: all have the same */
    int64_t field;          /* its number of the field at hand, -1: it has none such */
    uint64_t surfaces_from; /* the ordinal of the field's first surface term */
    uint64_t surfaces;      /* how many it has */
    uint32_t *places;       /* of each its place among the merged ones of the field; KW_NO_PLACE */
};

#define KW_NO_PLACE UINT32_MAX /* of a term of which nothing is left */

/* Where a document comes from. */
struct kw_merge_place {
    uint32_t input;
    uint32_t document;
};

struct kw_merge {
    const struct kw_merge_options *options;
    struct kw_merge_input *inputs;
    size_t count;
    uint32_t documents;           /* that stay */
    struct kw_merge_place *order; /* by new number; NULL: they keep their order */
    uint32_t *new_of;             /* by number in the old order; NULL likewise */
    struct kw_bytes languages;    /* names, each behind its length, as numbered */
    uint32_t language_count;
    uint64_t done, all; /* entries of the inputs' lexicons */
    struct kw_pages_writer pages;
};

/* Begins a merge of these sources: numbers their documents in the old order. KW_E_MEMORY,
 * KW_E_DAMAGED, KW_E_USAGE; kw_merge_forget in any case. */
enum kw_status kw_merge_number(struct kw_merge *merge, const struct kw_merge_source *sources,
                               size_t count, struct kw_error *error);
void kw_merge_forget(struct kw_merge *merge);

/* Walks the documents that stay by their new numbers. */
struct kw_merge_walk {
    const struct kw_merge *merge;
    uint32_t next; /* new number */
    struct kw_merge_place at;
};

/* The next one, whose number is walk->next - 1 then; false at the end. Zeroed but for `merge` a
 * walk begins with the first. */
bool kw_merge_next(struct kw_merge_walk *walk);

/* Asks whether to go on when `done` of 1000 parts of the work are. KW_E_INTERRUPTED. */
enum kw_status kw_merge_ask(const struct kw_merge *merge, uint32_t done, struct kw_error *error);

/* Writes text and borders, records, the order of ids, and paths. */
enum kw_status kw_merge_store(struct kw_merge *merge, struct kw_error *error);
enum kw_status kw_merge_records(struct kw_merge *merge, struct kw_error *error);

/* Writes all of terms and fields. */
enum kw_status kw_merge_terms(struct kw_merge *merge, struct kw_error *error);

/* Writes columns. */
enum kw_status kw_merge_columns(struct kw_merge *merge, struct kw_error *error);

/* ---- Keys in order ------------------------------------------------------------------------ */

/* Inputs' sorted strings, side by side: a heap. */
struct kw_merge_heap {
    struct kw_view *keys; /* by input, borrowed: of each that is in the heap the one at hand */
    uint32_t *items;      /* inputs, the least key first, of equals the first input */
    uint32_t count;
    uint32_t *group; /* inputs taken last: those that have the least key, in their order */
    uint32_t group_count;
};

enum kw_status kw_merge_heap_init(struct kw_merge_heap *heap, size_t inputs,
                                  struct kw_error *error);
void kw_merge_heap_release(struct kw_merge_heap *heap);
void kw_merge_heap_add(struct kw_merge_heap *heap, uint32_t input, struct kw_view key);
/* Takes all inputs with the least key into the group; false if none is left. */
bool kw_merge_heap_take(struct kw_merge_heap *heap);

/* ---- Postings ----------------------------------------------------------------------------- */

/* A term's postings being merged. Zeroed but for `merge` is empty; reused from term to term. */
struct kw_merge_list {
    struct kw_merge *merge;
    struct kw_numbers documents, frequencies;
    uint32_t count;
    bool positional;
    struct kw_numbers gaps; /* of positions that are not written yet, … */
    size_t gap_count;
    uint32_t written; /* … those of all postings but so many */
    uint64_t positions_at;
    struct {
        uint64_t *items;
        size_t capacity;
    } offsets;                          /* of blocks of positions */
    struct kw_numbers taken, positions; /* scratch */
    struct kw_bytes packed;
    struct kw_numbers order, sorted;
};

void kw_merge_list_release(struct kw_merge_list *list);
/* Begins a term. */
void kw_merge_list_clear(struct kw_merge_list *list, bool positional);

/* Adds what stays of a term's postings in an input; inputs come in order. KW_E_MEMORY,
 * KW_E_DAMAGED. */
enum kw_status kw_merge_list_add(struct kw_merge_list *list, const struct kw_merge_input *input,
                                 const struct kw_term *term, struct kw_error *error);
/* Adds one posting, `gaps` as many as its frequency if the list is positional. KW_E_MEMORY. */
enum kw_status kw_merge_list_posting(struct kw_merge_list *list, uint32_t document,
                                     uint32_t frequency, const uint32_t *gaps,
                                     struct kw_error *error);
/* Ends the term: *out is what a lexicon writer takes, valid until the next. KW_E_MEMORY. */
enum kw_status kw_merge_list_end(struct kw_merge_list *list, struct kw_posting_list *out,
                                 struct kw_error *error);

/* ---- The terms of a field ----------------------------------------------------------------- */

/* What the steps of a field share. */
struct kw_merge_field {
    struct kw_merge *merge;
    struct kw_view name;
    struct kw_field_totals totals;
    double *ks;                    /* kw_strength_k by new number */
    uint64_t first_surface;        /* the ordinal of the first merged surface term */
    struct kw_numbers frequencies; /* documents of each merged surface term */
    struct kw_lexicon_writer *lexicon;
    struct kw_lexicon_cursor *cursors; /* by input, on the entry that is in the heap */
    struct kw_merge_heap *heap;        /* of their keys */
    struct kw_merge_list *list;
    struct kw_pairs_writer *pairs; /* of field 0, else NULL */
    struct kw_bytes *pair_keys; /* keys of the words that may have pairs, each behind its length */
};

/* Writes the stems of language `language` (merged number), whose keys begin with `prefix` and are
 * the next ones of the heap. KW_E_MEMORY, KW_E_DAMAGED, KW_E_IO. */
enum kw_status kw_merge_stems(struct kw_merge_field *field, struct kw_view prefix,
                              uint32_t language, struct kw_error *error);

/* Moves the cursors of the heap's group on, and puts those back that have more. KW_E_MEMORY,
 * KW_E_DAMAGED. */
enum kw_status kw_merge_step(struct kw_merge_heap *heap, struct kw_lexicon_cursor *cursors,
                             struct kw_error *error);

/* After each term: asks now and then whether to go on, and relieves memory. KW_E_INTERRUPTED,
 * KW_E_IO, KW_E_MEMORY. */
enum kw_status kw_merge_after_term(struct kw_merge_field *field, struct kw_error *error);

/* Gathers the pairs of the words that field->pairs chooses. KW_E_MEMORY, KW_E_DAMAGED, KW_E_IO. */
enum kw_status kw_merge_pairs(struct kw_merge_field *field, struct kw_error *error);

#endif
