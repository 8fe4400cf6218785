/* What the terminal at standard output can do: colours and width. */
#ifndef KW_CLI_TERMINAL_H
#define KW_CLI_TERMINAL_H

#include "lib/kwic.h"

/* The values of --color, in the order of its choices. */
enum kw_color { KW_COLOR_AUTO, KW_COLOR_ALWAYS, KW_COLOR_NEVER };

/* Whether to write colours to an output. With KW_COLOR_AUTO: if it is a terminal, the environment
 * does not set NO_COLOR to anything (https://no-color.org), and TERM is set and not "dumb". */
bool kw_terminal_color(enum kw_color wish, bool is_terminal);

/* The width in columns, 20 to 1,000: $COLUMNS, else that of `fd` if it is a terminal, else 80. */
size_t kw_terminal_width(int fd, bool is_terminal);

#endif
