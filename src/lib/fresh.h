/* What became of the files behind documents since these were indexed. */
#ifndef KW_LIB_FRESH_H
#define KW_LIB_FRESH_H

#include "lib/results.h"

/* Compares a file with what is known of it, by one stat; `base` is the absolute base directory. It
 * is the same if `kwic index` would not read it again: size, time and inode are. KW_E_MEMORY. */
enum kw_status kw_file_compare(const char *base, const struct kw_source_file *known,
                               enum kwic_file *file, struct kw_error *error);

/* What became of the file `path` (as a record has it) of a member's document. KW_E_DAMAGED,
 * KW_E_IO, KW_E_MEMORY. */
enum kw_status kw_file_find(const struct kw_member *member, struct kw_view path,
                            enum kwic_file *file, struct kw_error *error);

/* Looks at the files of the sorted hits, into results->files: of those that will be handed out; or,
 * if only fresh ones are, of all, and the first of these that are fresh, `wanted` at most, are
 * kept. Errors as kw_file_find. */
enum kw_status kw_results_verify(struct kwic_results *results, size_t wanted,
                                 struct kw_error *error);

#endif
