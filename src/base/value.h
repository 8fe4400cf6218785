/* Values: numbers and dates, as JSON and people write them, and as keys that sort as they do.
 *
 * A number is a double, so that integers are exact up to 2^53; a date counts microseconds since
 * 1970-01-01T00:00:00Z in the proleptic Gregorian calendar, years 0000 to 9999. */
#ifndef KW_BASE_VALUE_H
#define KW_BASE_VALUE_H

#include "base/bytes.h"

/* What a field holds; the letters are those of the format. */
enum kw_value_type {
    KW_TYPE_TEXT = 't',    /* words; a short value counts as a keyword too */
    KW_TYPE_KEYWORD = 'k', /* whole strings, compared byte by byte */
    KW_TYPE_NUMBER = 'n',
    KW_TYPE_DATE = 'd',
};

enum { KW_VALUE_TYPES = 4, KW_VALUE_SIZE = 32 }; /* bytes of a formatted number or date with NUL */

/* "text", "keyword", "number", "date"; NULL for what is no type. Static. */
const char *kw_type_name(enum kw_value_type type);
/* The reverse; false if there is no type of that name. */
bool kw_type_named(struct kw_view name, enum kw_value_type *type);

/* Which of two types' values come first where a field has several: numbers, dates, then keywords;
 * < 0, 0, > 0. */
int kw_type_compare(enum kw_value_type a, enum kw_value_type b);

/* Reads a number as JSON has it (RFC 8259). False if it is none or not finite. The same in every
 * locale. */
bool kw_number_parse(struct kw_view text, double *number);
/* Reads a number as a person writes it in a query: as above, perhaps with a `+` before it and a
 * unit behind it, in either case: k, M, G, T (powers of 1000) or Ki, Mi, Gi, Ti (of 1024), each
 * perhaps with a B; the nearest to what that says. */
bool kw_quantity_parse(struct kw_view text, double *number);
/* Writes the fewest digits that read back as the same number. */
void kw_number_format(double number, char out[KW_VALUE_SIZE]);

/* The first and the last microsecond of what a date names: all of 2007 for `2007`. */
struct kw_period {
    int64_t first;
    int64_t last;
};

/* Reads a date of ISO 8601's extended form: YYYY, YYYY-MM, YYYY-MM-DD, each with as much of a time
 * behind a T (or blank) as is known: hh, hh:mm, hh:mm:ss, hh:mm:ss.f (digits beyond the sixth are
 * passed over), and behind that Z, +hh, +hh:mm, +hhmm (or -); without one of these it is UTC. False
 * if it is none, or is outside of the years. */
bool kw_date_parse(struct kw_view text, struct kw_period *span);
/* Whether the text is a date of at least year, month and day or year and month: one that is hardly
 * meant as anything else. */
bool kw_date_evident(struct kw_view text);
/* Writes a date as YYYY-MM-DD, or YYYY-MM-DDThh:mm:ssZ with as many digits of a fraction as it has
 * if it does not begin a day. Only for dates within the years. */
void kw_date_format(int64_t date, char out[KW_VALUE_SIZE]);
/* Whether the date is within the years 0000 to 9999. */
bool kw_date_known(int64_t date);

/* Keys: unsigned numbers that rise as the values do. -0 has the key of 0. */
uint64_t kw_number_key(double number);
double kw_number_of_key(uint64_t key);
static inline uint64_t kw_date_key(int64_t date)
{
    return (uint64_t)date ^ UINT64_C(1) << 63;
}
static inline int64_t kw_date_of_key(uint64_t key)
{
    return (int64_t)(key ^ UINT64_C(1) << 63);
}

/* Writes the value of a key of type NUMBER or DATE. False if no such value has it. */
bool kw_key_format(enum kw_value_type type, uint64_t key, char out[KW_VALUE_SIZE]);

#endif
