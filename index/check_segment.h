/* The parts of the check of one segment; check.c puts them together. */
#ifndef KW_INDEX_CHECK_SEGMENT_H
#define KW_INDEX_CHECK_SEGMENT_H

#include "index/postings.h"

/* Where problems go. */
struct kw_checker {
    void (*report)(void *context, const char *problem);
    void *context;
    uint64_t problems;
    bool undeleted; /* which documents are deleted is not known: ids may repeat */
};

enum { KW_CHECK_PROBLEMS = 100 }; /* after so many a check stops */

/* Reports a problem of a file: "'path' (section): …". Returns false, and stops nothing. */
bool kw_check_report(struct kw_checker *checker, const char *path, const char *section,
                     const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Reports the damage that reading the file met, if any; true if there was none. */
bool kw_check_pages_status(struct kw_checker *checker, const struct kw_pages *pages);

/* All of one segment and, if it has some, of its deletes. KW_E_MEMORY. */
enum kw_status kw_check_segment(struct kw_checker *checker, struct kw_segment *segment,
                                struct kw_error *error);

/* The file of sources at `path`. KW_E_MEMORY. */
enum kw_status kw_check_sources(struct kw_checker *checker, const char *path,
                                struct kw_error *error);

/* The lexicon is sorted, every posting's document exists, counts, skip data and strengths are true,
 * positions rise, stems agree with their forms. KW_E_MEMORY. */
enum kw_status kw_check_terms(struct kw_checker *checker, struct kw_segment *segment,
                              struct kw_error *error);

/* What a listed term with several blocks tells of its postings' strengths is what their frequencies
 * and lengths make of them. KW_E_MEMORY. */
enum kw_status kw_check_strengths(struct kw_checker *checker, struct kw_segment *segment,
                                  const struct kw_field_info *field, const struct kw_term *term,
                                  struct kw_error *error);

/* The words that have pairs are the commonest ones, and each pair stands where its words do. Behind
 * kw_check_terms. KW_E_MEMORY. */
enum kw_status kw_check_pairs(struct kw_checker *checker, struct kw_segment *segment,
                              struct kw_error *error);

/* Records decode, ids are sorted by rank, passages tile the texts, the text holds, lengths
 * add up, deletes rise and take off what they say. KW_E_MEMORY. */
enum kw_status kw_check_documents(struct kw_checker *checker, struct kw_segment *segment,
                                  struct kw_error *error);

/* Every passage of stored text has as many bytes as the borders say; blocks, and the words of a
 * word code, follow each other. KW_E_MEMORY. */
enum kw_status kw_check_text(struct kw_checker *checker, struct kw_segment *segment,
                             struct kw_error *error);

/* Columns are sorted by name, their codes in range and rising, their dictionaries sorted and used,
 * and their numbers of documents and values true. KW_E_MEMORY. */
enum kw_status kw_check_columns(struct kw_checker *checker, struct kw_segment *segment,
                                struct kw_error *error);

#endif
