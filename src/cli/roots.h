/* The paths that an index was made from, for kwic stats. */
#ifndef KW_CLI_ROOTS_H
#define KW_CLI_ROOTS_H

#include "cli/output.h"

/* Writes them with the time of their last walk, as a table of its own or as the last key of an
 * object. The exit status, after a message if it is not KW_EXIT_DONE. */
int kw_roots_write(struct kw_output *output, struct kwic_index *index, bool json);

#endif
