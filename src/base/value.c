/* Reads and writes numbers and dates. */
#include "base/value.h"

#include <ctype.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const struct {
    enum kw_value_type type;
    const char *name;
} types[KW_VALUE_TYPES] = {
    {KW_TYPE_TEXT, "text"},
    {KW_TYPE_KEYWORD, "keyword"},
    {KW_TYPE_NUMBER, "number"},
    {KW_TYPE_DATE, "date"},
};

const char *kw_type_name(enum kw_value_type type)
{
    for (size_t i = 0; i < KW_VALUE_TYPES; i++)
        if (types[i].type == type)
            return types[i].name;
    return NULL;
}

bool kw_type_named(struct kw_view name, enum kw_value_type *type)
{
    for (size_t i = 0; i < KW_VALUE_TYPES; i++) {
        if (kw_view_equal(name, kw_view_of(types[i].name))) {
            *type = types[i].type;
            return true;
        }
    }
    return false;
}

static int place_of(enum kw_value_type type)
{
    return type == KW_TYPE_NUMBER ? 0 : type == KW_TYPE_DATE ? 1 : 2;
}

int kw_type_compare(enum kw_value_type a, enum kw_value_type b)
{
    return place_of(a) - place_of(b);
}

/* ---- Taking text off ---------------------------------------------------------------------- */

static bool take(struct kw_view *text, const char *any)
{
    if (!text->size || !text->data[0] || !strchr(any, text->data[0]))
        return false;
    text->data++;
    text->size--;
    return true;
}

static size_t take_digits(struct kw_view *text)
{
    size_t count = 0;
    while (count < text->size && isdigit(text->data[count]))
        count++;
    text->data += count;
    text->size -= count;
    return count;
}

/* Takes exactly `count` digits. */
static bool take_number(struct kw_view *text, size_t count, int *number)
{
    if (text->size < count)
        return false;
    *number = 0;
    for (size_t i = 0; i < count; i++) {
        if (!isdigit(text->data[i]))
            return false;
        *number = *number * 10 + (text->data[i] - '0');
    }
    text->data += count;
    text->size -= count;
    return true;
}

/* ---- Numbers ------------------------------------------------------------------------------ */

/* The bytes at the front of `text` that are a JSON number; 0 if there is none. */
static size_t number_size(struct kw_view text)
{
    struct kw_view rest = text;
    take(&rest, "-");
    if (!take(&rest, "0") && !take_digits(&rest))
        return 0;
    struct kw_view behind = rest;
    if (take(&behind, ".") && take_digits(&behind))
        rest = behind;
    behind = rest;
    if (take(&behind, "eE")) {
        take(&behind, "+-");
        if (take_digits(&behind))
            rest = behind;
    }
    return text.size - rest.size;
}

bool kw_number_parse(struct kw_view text, double *number)
{
    char copy[512];
    if (!text.size || text.size >= sizeof copy || number_size(text) != text.size)
        return false;
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!plain)
        return false;
    double value = strtod_l(copy, NULL, plain);
    freelocale(plain);
    if (!isfinite(value))
        return false;
    *number = value == 0 ? 0 : value;
    return true;
}

/* Multiplies a JSON number by a power of ten, in its text, so that 1.001k is 1001. */
static bool scaled_number(struct kw_view text, long power, double *number)
{
    enum { FAR = 9999 }; /* beyond any double, of numbers that are read at all */
    char scaled[600];
    size_t size = 0;
    while (size < text.size && text.data[size] != 'e' && text.data[size] != 'E')
        size++;
    if (text.size >= 512)
        return false;
    if (size < text.size) {
        memcpy(scaled, text.data, text.size);
        scaled[text.size] = '\0';
        long exponent = strtol(scaled + size + 1, NULL, 10);
        power += exponent > FAR ? FAR : exponent < -FAR ? -FAR : exponent;
    }
    snprintf(scaled, sizeof scaled, "%.*se%ld", (int)size, (const char *)text.data, power);
    return kw_number_parse(kw_view_of(scaled), number);
}

bool kw_quantity_parse(struct kw_view text, double *number)
{
    static const char units[] = "kKmMgGtT";
    take(&text, "+");
    size_t size = number_size(text);
    struct kw_view digits = {text.data, size};
    struct kw_view unit = {text.data + size, text.size - size};
    if (!unit.size)
        return kw_number_parse(digits, number);
    const char *letter = unit.data[0] ? strchr(units, unit.data[0]) : NULL;
    if (!size || !letter)
        return false;
    int power = (int)(letter - units) / 2 + 1;
    take(&unit, units);
    bool binary = take(&unit, "iI");
    take(&unit, "bB");
    if (unit.size || !scaled_number(digits, binary ? 0 : 3 * power, number))
        return false;
    if (binary)
        *number = ldexp(*number, 10 * power);
    return isfinite(*number);
}

void kw_number_format(double number, char out[KW_VALUE_SIZE])
{
    double again = 0;
    int digits = 15;
    do {
        snprintf(out, KW_VALUE_SIZE, "%.*g", digits, number);
        /* The decimal point is the only thing a locale changes, perhaps to several bytes. */
        size_t size = 0;
        bool point = false;
        for (const char *at = out; *at; at++) {
            bool plain = isdigit((unsigned char)*at) || strchr("+-e", *at);
            if (plain || !point)
                out[size++] = plain ? *at : '.';
            point = point || !plain;
        }
        out[size] = '\0';
    } while (digits++ < 17 && kw_number_parse(kw_view_of(out), &again) && again != number);
}

uint64_t kw_number_key(double number)
{
    uint64_t bits;
    if (number == 0)
        number = 0; /* not -0 */
    memcpy(&bits, &number, sizeof bits);
    return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

double kw_number_of_key(uint64_t key)
{
    uint64_t bits = key >> 63 ? key & ~(UINT64_C(1) << 63) : ~key;
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

/* ---- Dates -------------------------------------------------------------------------------- */

#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* Days from 1970-01-01 to the day, and back: H. Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms" (days_from_civil, civil_from_days). */
static int64_t days_to(int year, int month, int day)
{
    int64_t y = (int64_t)year - (month <= 2);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void day_of(int64_t days, int *year, int *month, int *day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t in_era = days - era * 146097;
    int64_t of_era = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t of_year = in_era - (365 * of_era + of_era / 4 - of_era / 100);
    int64_t shifted = (5 * of_year + 2) / 153;
    *day = (int)(of_year - (153 * shifted + 2) / 5 + 1);
    *month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    *year = (int)(of_era + era * 400 + (*month <= 2));
}

/* Takes year, month and day, as many as there are; *parts is how many. */
static bool take_day(struct kw_view *text, struct kw_period *span, int *parts)
{
    int year;
    int month = 1;
    int day = 1;
    *parts = 1;
    if (!take_number(text, 4, &year))
        return false;
    if (take(text, "-")) {
        *parts = 2;
        if (!take_number(text, 2, &month) || month < 1 || month > 12)
            return false;
        if (take(text, "-")) {
            *parts = 3;
            if (!take_number(text, 2, &day))
                return false;
        }
    }
    int64_t first = days_to(year, month, day);
    int64_t month_end = month == 12 ? days_to(year + 1, 1, 1) : days_to(year, month + 1, 1);
    if (day < 1 || first >= month_end)
        return false;
    span->first = first * DAY;
    span->last = *parts == 1   ? days_to(year + 1, 1, 1) * DAY - 1
                 : *parts == 2 ? month_end * DAY - 1
                               : span->first + DAY - 1;
    return true;
}

/* Takes the fraction of a second: its microseconds, and how many its last digit stands for. */
static bool take_fraction(struct kw_view *text, int64_t *fraction, int64_t *unit)
{
    struct kw_view digits = *text;
    size_t count = take_digits(text);
    int64_t worth = SECOND;
    *fraction = 0;
    for (size_t i = 0; i < count && worth > 1; i++) {
        worth /= 10;
        *fraction += (digits.data[i] - '0') * worth;
    }
    *unit = worth;
    return count > 0;
}

/* Takes a time of day and narrows the span of its day. A 60th second is the next minute's first. */
static bool take_time(struct kw_view *text, struct kw_period *span)
{
    int hour;
    int minute = 0;
    int second = 0;
    int64_t fraction = 0;
    int64_t unit = HOUR;
    if (!take_number(text, 2, &hour) || hour > 23)
        return false;
    if (take(text, ":")) {
        unit = MINUTE;
        if (!take_number(text, 2, &minute) || minute > 59)
            return false;
        if (take(text, ":")) {
            unit = SECOND;
            if (!take_number(text, 2, &second) || second > 60)
                return false;
            if (take(text, ".,") && !take_fraction(text, &fraction, &unit))
                return false;
        }
    }
    span->first += hour * HOUR + minute * MINUTE + second * SECOND + fraction;
    span->last = span->first + unit - 1;
    return true;
}

/* Takes what stands for the zone, if anything does, and moves the span to UTC. */
static bool take_zone(struct kw_view *text, struct kw_period *span)
{
    int hours;
    int minutes = 0;
    if (!text->size || take(text, "Zz"))
        return true;
    bool east = text->data[0] == '+';
    if (!take(text, "+-") || !take_number(text, 2, &hours) || hours > 23)
        return false;
    bool colon = take(text, ":");
    if ((colon || text->size) && (!take_number(text, 2, &minutes) || minutes > 59))
        return false;
    int64_t offset = hours * HOUR + minutes * MINUTE;
    span->first += east ? -offset : offset;
    span->last += east ? -offset : offset;
    return true;
}

bool kw_date_known(int64_t date)
{
    return date >= days_to(0, 1, 1) * DAY && date < days_to(10000, 1, 1) * DAY;
}

bool kw_date_parse(struct kw_view text, struct kw_period *span)
{
    int parts;
    struct kw_period found;
    if (!take_day(&text, &found, &parts))
        return false;
    if (parts == 3 && take(&text, "Tt ") &&
        (!take_time(&text, &found) || !take_zone(&text, &found)))
        return false;
    if (text.size || !kw_date_known(found.first) || !kw_date_known(found.last))
        return false;
    *span = found;
    return true;
}

bool kw_date_evident(struct kw_view text)
{
    struct kw_period span;
    return text.size > 4 && kw_date_parse(text, &span);
}

void kw_date_format(int64_t date, char out[KW_VALUE_SIZE])
{
    int year;
    int month;
    int day;
    int64_t days = date / DAY - (date % DAY < 0);
    int64_t rest = date - days * DAY;
    day_of(days, &year, &month, &day);
    int size = snprintf(out, KW_VALUE_SIZE, "%04d-%02d-%02d", year, month, day);
    if (rest == 0)
        return;
    size +=
        snprintf(out + size, KW_VALUE_SIZE - (size_t)size, "T%02d:%02d:%02d", (int)(rest / HOUR),
                 (int)(rest % HOUR / MINUTE), (int)(rest % MINUTE / SECOND));
    if (rest % SECOND) {
        size += snprintf(out + size, KW_VALUE_SIZE - (size_t)size, ".%06d", (int)(rest % SECOND));
        while (out[size - 1] == '0')
            size--;
    }
    snprintf(out + size, KW_VALUE_SIZE - (size_t)size, "Z");
}

bool kw_key_format(enum kw_value_type type, uint64_t key, char out[KW_VALUE_SIZE])
{
    double number = kw_number_of_key(key);
    if (type == KW_TYPE_DATE && kw_date_known(kw_date_of_key(key)))
        kw_date_format(kw_date_of_key(key), out);
    else if (type == KW_TYPE_NUMBER && isfinite(number))
        kw_number_format(number, out);
    else
        return false;
    return true;
}
