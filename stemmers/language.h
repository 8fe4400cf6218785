/* Languages: which ones can be stemmed, and what people call them. */
#ifndef KW_STEMMERS_LANGUAGE_H
#define KW_STEMMERS_LANGUAGE_H

#include <stddef.h>

/* The name that settings hold for `name`, an English name or an ISO 639-1 or 639-2 code in any
 * case: libstemmer's own name in lower case, or "none". A static string; NULL if it is no such
 * language or this libstemmer lacks it. */
const char *kw_language_find(const char *name);

/* The ISO 639-1 code of the language of stems that settings call `name`; NULL for any other name.
 * Static. */
const char *kw_language_code(const char *name);

/* The i-th language's name in alphabetical order, "none" left out; NULL behind the last. Static. */
const char *kw_language_name(size_t i);

#endif
