/* Bytes: views that borrow, buffers that own, and the integers in them.
 *
 * A kw_view is (pointer, length) and owns nothing. A kw_bytes owns what it holds and grows by
 * itself; if memory runs out it is marked failed, drops further appends, and the caller asks once
 * at the end (kw_bytes_status), so that encoders read straight. */
#ifndef KW_BASE_BYTES_H
#define KW_BASE_BYTES_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct kw_view {
    const uint8_t *data;
    size_t size;
};

struct kw_bytes {
    uint8_t *data;
    size_t size;
    size_t capacity;
    bool failed; /* an append could not be kept; sticky until kw_bytes_release */
};

#define KW_BYTES_INIT                                                                              \
    {                                                                                              \
        NULL, 0, 0, false                                                                          \
    }

/* A view of a C string without its NUL. */
static inline struct kw_view kw_view_of(const char *text)
{
    return (struct kw_view){(const uint8_t *)text, strlen(text)};
}

static inline struct kw_view kw_bytes_view(const struct kw_bytes *bytes)
{
    return (struct kw_view){bytes->data, bytes->size};
}

/* Byte order comparison, shorter first on a common prefix: < 0, 0 or > 0. */
int kw_view_compare(struct kw_view a, struct kw_view b);
bool kw_view_equal(struct kw_view a, struct kw_view b);

/* A malloc'ed NUL-terminated copy; the caller frees it. NULL when memory runs out. */
char *kw_view_string(struct kw_view view);

void kw_bytes_release(struct kw_bytes *bytes); /* frees the content; `bytes` is as KW_BYTES_INIT */
void kw_bytes_clear(struct kw_bytes *bytes);   /* empties it and keeps the memory */

/* Makes room for `more` bytes behind the end and returns the place, NULL if memory runs out. The
 * size is unchanged: the caller adds what it wrote. */
uint8_t *kw_bytes_reserve(struct kw_bytes *bytes, size_t more);

void kw_bytes_append(struct kw_bytes *bytes, const void *data, size_t size);
void kw_bytes_append_view(struct kw_bytes *bytes, struct kw_view view);
void kw_bytes_append_text(struct kw_bytes *bytes, const char *text);
void kw_bytes_append_byte(struct kw_bytes *bytes, uint8_t byte);
void kw_bytes_format(struct kw_bytes *bytes, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Unsigned LEB128: seven bits a byte, low first, high bit set on all but the last; ≤ 10 bytes. */
void kw_bytes_varint(struct kw_bytes *bytes, uint64_t value);
/* A varint length and the bytes. */
void kw_bytes_string(struct kw_bytes *bytes, struct kw_view view);
/* Little-endian, fixed width. */
void kw_bytes_u32(struct kw_bytes *bytes, uint32_t value);
void kw_bytes_u64(struct kw_bytes *bytes, uint64_t value);
/* Zero bytes up to the next multiple of `alignment` (a power of two). */
void kw_bytes_align(struct kw_bytes *bytes, size_t alignment);

/* KW_OK, or KW_E_MEMORY (recorded in `error`) if any append failed. */
enum kw_status kw_bytes_status(const struct kw_bytes *bytes, struct kw_error *error);

/* Readers that consume a view from its front. Each returns false, leaving the output as it was, if
 * the view is too short or (varint) does not end within 64 bits. */
bool kw_take_long_varint(struct kw_view *view, uint64_t *value); /* of any length */
bool kw_take_varint32(struct kw_view *view, uint32_t *value);

static inline bool kw_take_varint(struct kw_view *view, uint64_t *value)
{
    if (!view->size || view->data[0] & 0x80)
        return kw_take_long_varint(view, value);
    *value = view->data[0];
    view->data++;
    view->size--;
    return true;
}

static inline bool kw_take_bytes(struct kw_view *view, size_t size, struct kw_view *out)
{
    if (size > view->size)
        return false;
    out->data = view->data;
    out->size = size;
    view->data += size;
    view->size -= size;
    return true;
}

/* A varint length and the bytes. Parts are copied one by one: copies of a whole view right behind
 * writes to its parts would wait for these. */
static inline bool kw_take_string(struct kw_view *view, struct kw_view *out)
{
    const uint8_t *data = view->data;
    size_t before = view->size;
    uint64_t size;
    if (kw_take_varint(view, &size) && kw_take_bytes(view, size, out))
        return true;
    view->data = data;
    view->size = before;
    return false;
}

static inline uint32_t kw_load32(const void *at)
{
    const uint8_t *p = (const uint8_t *)at;
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint64_t kw_load64(const void *at)
{
    const uint8_t *p = (const uint8_t *)at;
    return (uint64_t)kw_load32(p) | (uint64_t)kw_load32(p + 4) << 32;
}

static inline void kw_store32(void *at, uint32_t value)
{
    uint8_t *p = (uint8_t *)at;
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(value >> (8 * i));
}

static inline void kw_store64(void *at, uint64_t value)
{
    kw_store32(at, (uint32_t)value);
    kw_store32((uint8_t *)at + 4, (uint32_t)(value >> 32));
}

/* A growing array of T in three fields: items, count, capacity. kw_grow makes room for one more
 * (times two); it returns false when memory runs out and changes nothing then. */
#define kw_grow(array, need)                                                                       \
    ((need) <= (array)->capacity ||                                                                \
     kw_grow_raw(&(array)->items, &(array)->capacity, (need), sizeof *(array)->items))
bool kw_grow_raw(void *items_field, size_t *capacity, size_t need, size_t item_size);

#endif
