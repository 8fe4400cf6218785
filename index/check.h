/* The check: verifies every checksum and every cross-reference of an index. */
#ifndef KW_INDEX_CHECK_H
#define KW_INDEX_CHECK_H

#include "index/snapshot.h"

/* Checks the index in `folder`: all pages of all files of the commit, and that the lexicon is
 * sorted, each posting's document exists, frequencies equal positions, skip data, strengths and
 * totals are true, stems are the union of their forms' documents, passages tile the text, stored
 * text inflates, ids are sorted by their ranks, columns' values are in range and order, deletes
 * too. `report` gets a line per problem with file, section and offset; after 100 problems it stops.
 * KW_OK, KW_E_DAMAGED if there was any, or the error that kept it from looking. */
enum kw_status kw_check(const char *folder, void (*report)(void *context, const char *problem),
                        void *context, struct kw_error *error);

#endif
