/* A fast way to a JSON value: libyajl reads it several times as fast as libjansson does. */
#include "ingest/json_load.h"

#include <string.h>
#include <yajl/yajl_parse.h>

enum {
    DEPTH = 64,  /* of containers */
    DIGITS = 18, /* of an integer that 64 bits hold, whatever it is */
};

struct loading {
    json_t *root; /* NULL before the first container */
    json_t *open[DEPTH];
    size_t depth;
    struct kw_bytes key; /* of the member at hand, with a NUL behind it */
};

/* Puts a value, whose reference it takes, where it belongs. */
static int put(struct loading *loading, json_t *value)
{
    json_t *parent = loading->depth ? loading->open[loading->depth - 1] : NULL;
    if (!value || !parent) {
        json_decref(value);
        return 0;
    }
    if (json_is_array(parent))
        return json_array_append_new(parent, value) == 0;
    return json_object_set_new_nocheck(parent, (const char *)loading->key.data, value) == 0;
}

static int take_null(void *context)
{
    return put(context, json_null());
}

static int take_boolean(void *context, int value)
{
    return put(context, json_boolean(value));
}

/* Numbers with a fraction or an exponent are read by libjansson, whose last digits they keep. */
static int take_number(void *context, const char *text, size_t size)
{
    bool negative = text[0] == '-';
    json_int_t value = 0;
    if (size > DIGITS)
        return 0;
    for (size_t i = negative; i < size; i++) {
        if (text[i] < '0' || text[i] > '9')
            return put(context, json_loadb(text, size, JSON_DECODE_ANY, NULL));
        value = value * 10 + (text[i] - '0');
    }
    return put(context, json_integer(negative ? -value : value));
}

static int take_string(void *context, const unsigned char *text, size_t size)
{
    return put(context, json_stringn_nocheck((const char *)text, size));
}

static int take_key(void *context, const unsigned char *text, size_t size)
{
    struct loading *loading = context;
    if (size && memchr(text, 0, size))
        return 0;
    kw_bytes_clear(&loading->key);
    kw_bytes_append(&loading->key, text, size);
    kw_bytes_append_byte(&loading->key, 0);
    return !loading->key.failed;
}

static int begin(struct loading *loading, json_t *container)
{
    if (loading->depth == DEPTH || (loading->depth == 0 && loading->root)) {
        json_decref(container);
        return 0;
    }
    if (loading->depth == 0)
        loading->root = container;
    else if (!put(loading, container))
        return 0;
    loading->open[loading->depth++] = container;
    return container != NULL;
}

static int begin_object(void *context)
{
    return begin(context, json_object());
}

static int begin_array(void *context)
{
    return begin(context, json_array());
}

static int end_container(void *context)
{
    struct loading *loading = context;
    loading->depth--;
    return 1;
}

/* Whether libyajl may take what is no JSON: it knows more white space, and halves of characters
 * beyond 16 bits that stand alone. */
static bool is_doubtful(struct kw_view text)
{
    const uint8_t *end = text.data + text.size;
    if (text.size && (memchr(text.data, '\v', text.size) || memchr(text.data, '\f', text.size)))
        return true;
    for (const uint8_t *at = text.data; (at = memmem(at, (size_t)(end - at), "\\u", 2)); at += 2)
        if (end - at > 2 && (at[2] | 0x20) == 'd')
            return true;
    return false;
}

json_t *kw_json_load(struct kw_view text)
{
    static const yajl_callbacks callbacks = {.yajl_null = take_null,
                                             .yajl_boolean = take_boolean,
                                             .yajl_number = take_number,
                                             .yajl_string = take_string,
                                             .yajl_start_map = begin_object,
                                             .yajl_map_key = take_key,
                                             .yajl_end_map = end_container,
                                             .yajl_start_array = begin_array,
                                             .yajl_end_array = end_container};
    struct loading loading = {.key = KW_BYTES_INIT};
    yajl_handle handle = is_doubtful(text) ? NULL : yajl_alloc(&callbacks, NULL, &loading);
    bool loaded = handle && yajl_parse(handle, text.data, text.size) == yajl_status_ok &&
                  yajl_complete_parse(handle) == yajl_status_ok;
    if (handle)
        yajl_free(handle);
    kw_bytes_release(&loading.key);
    if (loaded)
        return loading.root;
    json_decref(loading.root);
    return NULL;
}
