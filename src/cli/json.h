/* Writing JSON (RFC 8259). */
#ifndef KW_CLI_JSON_H
#define KW_CLI_JSON_H

#include "cli/output.h"

/* A string in quotes: valid UTF-8 always (invalid bytes become U+FFFD), with control characters
 * and the marks that a terminal must not see as escapes. */
void kw_json_string(struct kw_output *output, struct kwic_text text);

/* The inside of such a string, for one that is written in pieces cut between characters. */
void kw_json_characters(struct kw_output *output, struct kwic_text text);

/* An object of fields: strings, or other JSON as it is. */
void kw_json_fields(struct kw_output *output, const struct kwic_field *fields, size_t count);

#endif
