/* What an index holds, to be compared with what it should hold. */
#ifndef TESTS_CRASH_CONTENTS_H
#define TESTS_CRASH_CONTENTS_H

#include "lib/kwic.h"

#include <stdint.h>

/* A number that stands for the documents of the index in `folder`, their texts, and the scores of a
 * search for words of these tests. */
enum kwic_status crash_search_digest(const char *folder, uint64_t *digest,
                                     struct kwic_error *error);

/* The same of an index that is checked as a whole, too (kwic_check); 0: there is no index. */
enum kwic_status crash_digest(const char *folder, uint64_t *digest, struct kwic_error *error);

#endif
