/* Buffers that grow, and the integers written to and taken from bytes. */
#include "base/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int kw_view_compare(struct kw_view a, struct kw_view b)
{
    size_t shorter = a.size < b.size ? a.size : b.size;
    int order = shorter ? memcmp(a.data, b.data, shorter) : 0;
    if (order)
        return order;
    return (a.size > b.size) - (a.size < b.size);
}

bool kw_view_equal(struct kw_view a, struct kw_view b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

char *kw_view_string(struct kw_view view)
{
    char *text = malloc(view.size + 1);
    if (!text)
        return NULL;
    if (view.size)
        memcpy(text, view.data, view.size);
    text[view.size] = '\0';
    return text;
}

void kw_bytes_release(struct kw_bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct kw_bytes)KW_BYTES_INIT;
}

void kw_bytes_clear(struct kw_bytes *bytes)
{
    bytes->size = 0;
}

/* Makes the capacity larger; NULL without memory. */
static uint8_t *grow(struct kw_bytes *bytes, size_t more)
{
    if (bytes->failed || more > SIZE_MAX / 2 - bytes->size) {
        bytes->failed = true;
        return NULL;
    }
    size_t need = bytes->size + more;
    size_t capacity = bytes->capacity ? bytes->capacity : 64;
    while (capacity < need)
        capacity *= 2;
    uint8_t *data = realloc(bytes->data, capacity);
    if (!data) {
        bytes->failed = true;
        return NULL;
    }
    bytes->data = data;
    bytes->capacity = capacity;
    return data + bytes->size;
}

/* kw_bytes_reserve, which is mostly this. */
static inline uint8_t *reserve(struct kw_bytes *bytes, size_t more)
{
    if (bytes->failed || !bytes->data || more > bytes->capacity - bytes->size)
        return grow(bytes, more);
    return bytes->data + bytes->size;
}

uint8_t *kw_bytes_reserve(struct kw_bytes *bytes, size_t more)
{
    return reserve(bytes, more);
}

void kw_bytes_append(struct kw_bytes *bytes, const void *data, size_t size)
{
    uint8_t *place = reserve(bytes, size);
    if (!place || !size)
        return;
    memcpy(place, data, size);
    bytes->size += size;
}

void kw_bytes_append_view(struct kw_bytes *bytes, struct kw_view view)
{
    kw_bytes_append(bytes, view.data, view.size);
}

void kw_bytes_append_text(struct kw_bytes *bytes, const char *text)
{
    kw_bytes_append(bytes, text, strlen(text));
}

void kw_bytes_append_byte(struct kw_bytes *bytes, uint8_t byte)
{
    kw_bytes_append(bytes, &byte, 1);
}

void kw_bytes_format(struct kw_bytes *bytes, const char *format, ...)
{
    va_list args;
    va_list again;
    va_start(args, format);
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, format, args);
    uint8_t *place = size < 0 ? NULL : reserve(bytes, (size_t)size + 1);
    if (place) {
        vsnprintf((char *)place, (size_t)size + 1, format, again);
        bytes->size += (size_t)size;
    }
    va_end(again);
    va_end(args);
}

void kw_bytes_varint(struct kw_bytes *bytes, uint64_t value)
{
    uint8_t *place = reserve(bytes, 10);
    if (!place)
        return;
    size_t size = 0;
    while (value >= 0x80) {
        place[size++] = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    place[size++] = (uint8_t)value;
    bytes->size += size;
}

void kw_bytes_string(struct kw_bytes *bytes, struct kw_view view)
{
    kw_bytes_varint(bytes, view.size);
    kw_bytes_append_view(bytes, view);
}

void kw_bytes_u32(struct kw_bytes *bytes, uint32_t value)
{
    uint8_t *place = reserve(bytes, 4);
    if (!place)
        return;
    kw_store32(place, value);
    bytes->size += 4;
}

void kw_bytes_u64(struct kw_bytes *bytes, uint64_t value)
{
    uint8_t *place = reserve(bytes, 8);
    if (!place)
        return;
    kw_store64(place, value);
    bytes->size += 8;
}

void kw_bytes_align(struct kw_bytes *bytes, size_t alignment)
{
    size_t more = (alignment - (bytes->size & (alignment - 1))) & (alignment - 1);
    uint8_t *place = reserve(bytes, more);
    if (!place)
        return;
    memset(place, 0, more);
    bytes->size += more;
}

enum kw_status kw_bytes_status(const struct kw_bytes *bytes, struct kw_error *error)
{
    return bytes->failed ? kw_fail_memory(error) : KW_OK;
}

bool kw_take_long_varint(struct kw_view *view, uint64_t *value)
{
    uint64_t result = 0;
    for (size_t i = 0; i < view->size && i < 10; i++) {
        uint8_t byte = view->data[i];
        if (i == 9 && byte > 1)
            return false;
        result |= (uint64_t)(byte & 0x7f) << (7 * i);
        if (!(byte & 0x80)) {
            view->data += i + 1;
            view->size -= i + 1;
            *value = result;
            return true;
        }
    }
    return false;
}

bool kw_take_varint32(struct kw_view *view, uint32_t *value)
{
    struct kw_view rest = *view;
    uint64_t wide;
    if (!kw_take_varint(&rest, &wide) || wide > UINT32_MAX)
        return false;
    *view = rest;
    *value = (uint32_t)wide;
    return true;
}

bool kw_grow_raw(void *items_field, size_t *capacity, size_t need, size_t item_size)
{
    void *items;
    size_t grown = *capacity ? *capacity * 2 : 16;
    if (grown < need)
        grown = need;
    if (grown > SIZE_MAX / 2 / item_size)
        return false;
    memcpy(&items, items_field, sizeof items); /* the field is of another pointer type */
    items = realloc(items, grown * item_size);
    if (!items)
        return false;
    memcpy(items_field, &items, sizeof items);
    *capacity = grown;
    return true;
}
