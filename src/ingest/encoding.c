/* Recognising and decoding UTF-8, UTF-16 and Windows-1252. */
#include "ingest/encoding.h"

#include "stemmers/utf8.h"

/* Windows-1252's 0x80 to 0x9F; 0 where it has no character. */
static const uint16_t high_controls[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

/* What the bytes from 0x80 are in Windows-1252: U, l capital and small letters; A, a those that can
 * be a word by themselves (à, É, ö …); '.' signs that stand anywhere; 's' signs that do not stand
 * between two letters; 'x' undefined, or too rare to be believed. */
static const char high_kinds[] = "sx.s..ssssU.UxUxx.......s.l.lxlx" /* 0x80 */
                                 "..ssssssss..s..s.s....s.s...sss." /* 0xA0 */
                                 "AAUUUAAUAAAUAAUUUUAAAUAsAAAAUUUl" /* 0xC0 */
                                 "aalllaalaaalaallllaaalasaaaalllx" /* 0xE0 */;

static struct kw_view behind(struct kw_view bytes, size_t size)
{
    return (struct kw_view){bytes.data + size, bytes.size - size};
}

enum kw_encoding kw_encoding_mark(struct kw_view bytes, size_t *size)
{
    *size = 0;
    if (bytes.size >= 3 && memcmp(bytes.data, "\xef\xbb\xbf", 3) == 0) {
        *size = 3;
        return KW_ENCODING_UTF8;
    }
    if (bytes.size < 2)
        return KW_ENCODING_AUTO;
    bool little = memcmp(bytes.data, "\xff\xfe", 2) == 0;
    bool big = memcmp(bytes.data, "\xfe\xff", 2) == 0;
    if (!little && !big)
        return KW_ENCODING_AUTO;
    *size = 2;
    return little ? KW_ENCODING_UTF16LE : KW_ENCODING_UTF16BE;
}

static bool is_utf16(enum kw_encoding encoding)
{
    return encoding == KW_ENCODING_UTF16LE || encoding == KW_ENCODING_UTF16BE;
}

/* The character at *at of UTF-16, which becomes the offset behind it; KW_CHARACTERS for an unpaired
 * surrogate or half a unit. */
static uint32_t take_utf16(struct kw_view bytes, size_t *at, bool little)
{
    const uint8_t *p = bytes.data + *at;
    size_t left = bytes.size - *at;
    *at += left < 2 ? left : 2;
    if (left < 2)
        return KW_CHARACTERS;
    uint32_t unit = little ? (uint32_t)p[1] << 8 | p[0] : (uint32_t)p[0] << 8 | p[1];
    if ((unit & 0xF800) != 0xD800)
        return unit;
    if (unit >= 0xDC00 || left < 4)
        return KW_CHARACTERS;
    uint32_t next = little ? (uint32_t)p[3] << 8 | p[2] : (uint32_t)p[2] << 8 | p[3];
    if ((next & 0xFC00) != 0xDC00)
        return KW_CHARACTERS;
    *at += 2;
    return 0x10000 + ((unit & 0x3FF) << 10 | (next & 0x3FF));
}

static bool is_odd_control(uint32_t code)
{
    return (code < 0x20 && !(code >= 0x08 && code <= 0x0D) && code != 0x1B) || code == 0x7F;
}

bool kw_encoding_is_text(struct kw_view bytes, enum kw_encoding encoding)
{
    size_t mark;
    size_t odd = 0;
    size_t seen = 0;
    enum kw_encoding named = kw_encoding_mark(bytes, &mark);
    if (encoding == KW_ENCODING_AUTO)
        encoding = named;
    if (bytes.size >= 4 &&
        (memcmp(bytes.data, "\xff\xfe\0\0", 4) == 0 || memcmp(bytes.data, "\0\0\xfe\xff", 4) == 0))
        return false;
    if (bytes.size >= 5 && memcmp(bytes.data, "%PDF-", 5) == 0)
        return false;
    bool wide = is_utf16(encoding);
    size_t end = bytes.size > KW_ENCODING_NEAR ? KW_ENCODING_NEAR : bytes.size;
    for (size_t at = 0; at < end; seen++) {
        uint32_t code =
            wide ? take_utf16(bytes, &at, encoding == KW_ENCODING_UTF16LE) : bytes.data[at++];
        if (code == 0)
            return false;
        odd += is_odd_control(code) || code == KW_CHARACTERS;
    }
    return odd * 20 <= seen;
}

bool kw_encoding_hides_binary(struct kw_view bytes, enum kw_encoding encoding)
{
    size_t mark;
    if (encoding == KW_ENCODING_AUTO)
        encoding = kw_encoding_mark(bytes, &mark);
    return encoding == KW_ENCODING_AUTO && bytes.size && memchr(bytes.data, '\0', bytes.size) &&
           kw_utf8_valid(bytes) != bytes.size;
}

static char kind_of(struct kw_view bytes, size_t at)
{
    uint8_t byte = at < bytes.size ? bytes.data[at] : 0;
    if (byte >= 0x80)
        return high_kinds[byte - 0x80];
    return (uint8_t)((byte | 0x20) - 'a') < 26 ? 'z' : ' ';
}

static bool is_high_letter(char kind)
{
    return kind == 'U' || kind == 'A' || kind == 'l' || kind == 'a';
}

/* How many letters of the run of letters from 0x80 that begins at *at are out of place; steps
 * behind the run. Words have few of them in a row, and no capital behind a small letter. */
static size_t odd_letters(struct kw_view bytes, size_t *at)
{
    size_t begin = *at;
    while (is_high_letter(kind_of(bytes, *at)))
        (*at)++;
    size_t size = *at - begin;
    char first = kind_of(bytes, begin);
    bool word_before = begin > 0 && kind_of(bytes, begin - 1) == 'z';
    bool small_before = word_before && bytes.data[begin - 1] >= 'a';
    if (word_before || kind_of(bytes, *at) == 'z')
        return size <= 3 && !(small_before && (first == 'U' || first == 'A')) ? 0 : size;
    return size == 1 && (first == 'A' || first == 'a') ? 0 : size;
}

static bool is_letter(char kind)
{
    return kind == 'z' || is_high_letter(kind);
}

/* Whether the bytes from 0x80 are where Windows-1252 would have them in a text: at most one in ten
 * out of place, and none undefined. */
static bool reads_as_windows_1252(struct kw_view bytes)
{
    size_t odd = 0;
    size_t high = 0;
    for (size_t at = 0; at < bytes.size;) {
        if (bytes.data[at] < 0x80) {
            at++;
            continue;
        }
        size_t begin = at;
        char kind = kind_of(bytes, at);
        if (kind == 'x')
            return false;
        if (is_high_letter(kind)) {
            odd += odd_letters(bytes, &at);
        } else {
            bool between =
                at > 0 && is_letter(kind_of(bytes, at - 1)) && is_letter(kind_of(bytes, at + 1));
            odd += kind == 's' && between;
            at++;
        }
        high += at - begin;
    }
    return odd * 10 <= high;
}

/* What a text without a mark is in that is not valid UTF-8; AUTO if it is in none that we know. */
static enum kw_encoding guess(struct kw_view bytes)
{
    size_t invalid = 0;
    size_t characters = 0; /* of several bytes */
    for (struct kw_view rest = bytes; rest.size;) {
        size_t valid = kw_utf8_valid(rest);
        for (size_t i = 0; i < valid; i++)
            characters += rest.data[i] >= 0xC0;
        invalid += valid < rest.size;
        rest = behind(rest, valid < rest.size ? valid + 1 : valid);
    }
    if (characters * 4 <= invalid && reads_as_windows_1252(bytes))
        return KW_ENCODING_WINDOWS_1252;
    return invalid > 16 && invalid > bytes.size / 4 ? KW_ENCODING_AUTO : KW_ENCODING_UTF8;
}

uint32_t kw_encoding_windows_1252(uint8_t byte)
{
    return byte >= 0x80 && byte < 0xA0 ? high_controls[byte - 0x80] : byte;
}

static void put(struct kw_bytes *buffer, uint32_t code, uint64_t *repaired)
{
    uint8_t encoded[KW_UTF8_BYTES];
    if (code >= KW_CHARACTERS) {
        code = KW_UTF8_REPLACEMENT;
        ++*repaired;
    }
    kw_bytes_append(buffer, encoded, kw_utf8_encode(code, encoded));
}

static void decode_utf16(struct kw_view bytes, bool little, struct kw_bytes *buffer,
                         uint64_t *repaired)
{
    for (size_t at = 0; at < bytes.size && !buffer->failed;)
        put(buffer, take_utf16(bytes, &at, little), repaired);
}

static void decode_windows_1252(struct kw_view bytes, struct kw_bytes *buffer, uint64_t *repaired)
{
    for (size_t at = 0; at < bytes.size && !buffer->failed;) {
        size_t ascii = at;
        while (ascii < bytes.size && bytes.data[ascii] < 0x80)
            ascii++;
        kw_bytes_append(buffer, bytes.data + at, ascii - at);
        at = ascii;
        if (at == bytes.size)
            break;
        uint32_t code = kw_encoding_windows_1252(bytes.data[at++]);
        put(buffer, code ? code : KW_CHARACTERS, repaired);
    }
}

enum kw_status kw_encoding_decode(struct kw_view bytes, enum kw_encoding encoding,
                                  struct kw_bytes *buffer, struct kw_view *text, uint64_t *repaired,
                                  struct kw_error *error)
{
    size_t mark;
    enum kw_encoding named = kw_encoding_mark(bytes, &mark);
    if (encoding == KW_ENCODING_AUTO)
        encoding = named;
    if (encoding == named && mark)
        bytes = behind(bytes, mark);
    if (encoding == KW_ENCODING_AUTO || encoding == KW_ENCODING_UTF8) {
        if (kw_utf8_valid(bytes) == bytes.size) {
            *text = bytes;
            return KW_OK;
        }
        if (encoding == KW_ENCODING_AUTO)
            encoding = guess(bytes);
        if (encoding == KW_ENCODING_AUTO)
            return kw_fail(error, KW_E_INPUT, "its encoding is not known");
    }
    kw_bytes_clear(buffer);
    if (encoding == KW_ENCODING_WINDOWS_1252)
        decode_windows_1252(bytes, buffer, repaired);
    else if (is_utf16(encoding))
        decode_utf16(bytes, encoding == KW_ENCODING_UTF16LE, buffer, repaired);
    else
        kw_utf8_repair(bytes, buffer, repaired);
    *text = kw_bytes_view(buffer);
    return kw_bytes_status(buffer, error);
}
