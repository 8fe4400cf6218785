/* Messages on standard error, and the exit status that goes with them. */
#ifndef KW_CLI_MESSAGE_H
#define KW_CLI_MESSAGE_H

#include "lib/kwic.h"

enum kw_exit {
    KW_EXIT_DONE = 0,
    KW_EXIT_NOTHING = 1, /* nothing found; index: done, but some input was skipped */
    KW_EXIT_ERROR = 2,
    KW_EXIT_NO_INDEX = 3,
    KW_EXIT_LOCKED = 4,
    KW_EXIT_DAMAGED = 5,
    KW_EXIT_VERSION = 6,
};

/* Writes "kwic: " and the formatted message as one line to standard error, cleaned for a terminal.
 * At most 2,000 bytes of it. */
void kw_message(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Writes "hint: " and the formatted line likewise. */
void kw_message_hint(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Writes a line more of what the last message says, indented. */
void kw_message_more(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* kw_message for a usage error: the return value is KW_EXIT_ERROR. */
int kw_message_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Writes an error of the library with its hint, or the hint that its status suggests, and returns
 * the exit status. */
int kw_message_error(const struct kwic_error *error);

/* As kw_message_error for KWIC_E_SYNTAX: shows the query too, with a caret under the place. */
int kw_message_syntax(const struct kwic_error *error, struct kwic_text query);

/* "out of memory"; returns KW_EXIT_ERROR. */
int kw_message_memory(void);

/* The exit status of a library status other than KWIC_E_INTERRUPTED, which ends by its signal. */
int kw_exit_status(enum kwic_status status);

#endif
