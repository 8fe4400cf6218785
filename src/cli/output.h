/* Buffered output: few writes, checked at the end. */
#ifndef KW_CLI_OUTPUT_H
#define KW_CLI_OUTPUT_H

#include "lib/kwic.h"

enum { KW_OUTPUT_BYTES = 64 * 1024 };

/* A buffer in front of a file descriptor. What is written goes out when the buffer is full and at
 * kw_output_flush: in one write where it fits. After the first failure nothing more is written. */
struct kw_output {
    int fd;
    int error;     /* errno of the first failure, else 0 */
    bool terminal; /* fd is a terminal */
    size_t used;
    char data[KW_OUTPUT_BYTES];
};

/* How kw_output_clean treats a text. */
enum kw_cleaning {
    KW_CLEAN_AS_IS = 0,
    KW_CLEAN_ONE_LINE = 1, /* tabs and line ends become spaces */
    KW_CLEAN_SAFE = 2,     /* for a terminal: what kw_glyph_unsafe names and invalid bytes become
                              U+FFFD; tabs and line feeds stay, a carriage return before one goes */
};

void kw_output_init(struct kw_output *output, int fd);

void kw_output_bytes(struct kw_output *output, const char *data, size_t size);
void kw_output_string(struct kw_output *output, const char *string);
void kw_output_text(struct kw_output *output, struct kwic_text text);
void kw_output_spaces(struct kw_output *output, size_t count);

/* As printf, for numbers and short strings: up to 500 bytes. */
void kw_output_format(struct kw_output *output, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Writes `text` cleaned as `cleaning` (a sum of enum kw_cleaning) says. */
void kw_output_clean(struct kw_output *output, struct kwic_text text, unsigned cleaning);

/* Writes `text` as it is, but KW_CLEAN_SAFE if the output is a terminal. `cleaning` as above. */
void kw_output_result(struct kw_output *output, struct kwic_text text, unsigned cleaning);

/* Writes out what is buffered. False if this or an earlier write failed. */
bool kw_output_flush(struct kw_output *output);

#endif
