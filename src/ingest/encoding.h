/* Encodings: from a file's bytes to UTF-8, and what is no text at all.
 *
 * How AUTO decides: a byte order mark (UTF-8, UTF-16) is believed; without one, valid UTF-8 is
 * UTF-8. Of the rest, what contains a NUL is no text. What remains is Windows-1252 if its high
 * bytes stand where that encoding's letters and signs stand in words and sentences (nine in ten of
 * them, none of the five undefined bytes among them, and hardly any valid multi-byte character
 * beside them); else UTF-8 with damaged places, which become U+FFFD; but if these are more than a
 * quarter of the bytes, it is of an encoding that we do not know.
 *
 * What is not text, by its first 8 KiB: "%PDF-"; the mark of UTF-32; a NUL, or more than one byte
 * in twenty a control character other than those from BS to CR and ESC. In UTF-16 the same of its
 * code units, with unpaired surrogates counted as control characters. Compressed and executable
 * files all fall under one of these. */
#ifndef KW_INGEST_ENCODING_H
#define KW_INGEST_ENCODING_H

#include "ingest/source.h"

enum { KW_ENCODING_NEAR = 8192 }; /* bytes that kw_encoding_is_text looks at */

/* The encoding that a byte order mark at the front names, and the mark's size; AUTO and 0 if there
 * is none. */
enum kw_encoding kw_encoding_mark(struct kw_view bytes, size_t *size);

/* Whether a file that begins with `bytes` is text, given its encoding or AUTO. */
bool kw_encoding_is_text(struct kw_view bytes, enum kw_encoding encoding);

/* Whether the whole file `bytes` is no text although it begins like one: it has a NUL, and is
 * neither valid UTF-8 nor marked or declared as something else. */
bool kw_encoding_hides_binary(struct kw_view bytes, enum kw_encoding encoding);

/* The character that a byte is in Windows-1252; 0 for the five that are none, and for NUL. */
uint32_t kw_encoding_windows_1252(uint8_t byte);

/* Makes *text the text of `bytes` in UTF-8 without a byte order mark: a part of `bytes` itself if
 * that is valid UTF-8, else a view of `buffer`, which is cleared for it. Adds the number of invalid
 * sequences that became U+FFFD to *repaired. KW_E_INPUT, with the reason alone as its message
 * ("its encoding is not known"), only for AUTO; KW_E_MEMORY. */
enum kw_status kw_encoding_decode(struct kw_view bytes, enum kw_encoding encoding,
                                  struct kw_bytes *buffer, struct kw_view *text, uint64_t *repaired,
                                  struct kw_error *error);

#endif
