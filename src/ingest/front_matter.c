/* Reads front matter by libyaml, event by event, into a JSON value. */
#include "ingest/front_matter.h"

#include "base/value.h"

#include <stdio.h>
#include <yaml.h>

enum { DEEPEST = 32 };

/* ---- The block ---------------------------------------------------------------------------- */

/* The first line of *text, which steps behind it. */
static struct kw_view take_line(struct kw_view *text)
{
    const uint8_t *end = memchr(text->data, '\n', text->size);
    struct kw_view line = {text->data, end ? (size_t)(end - text->data) : text->size};
    size_t used = line.size + (end != NULL);
    text->data += used;
    text->size -= used;
    while (line.size && strchr(" \t\r", line.data[line.size - 1]))
        line.size--;
    return line;
}

bool kw_front_matter_find(struct kw_view text, struct kw_view *block, struct kw_view *rest)
{
    struct kw_view front = text;
    *rest = text;
    if (front.size > KW_FRONT_MATTER_BYTES)
        front.size = KW_FRONT_MATTER_BYTES;
    if (!front.size || !kw_view_equal(take_line(&front), kw_view_of("---")))
        return false;
    const uint8_t *begin = front.data;
    while (front.size) {
        const uint8_t *end = front.data;
        struct kw_view line = take_line(&front);
        if (!kw_view_equal(line, kw_view_of("---")) && !kw_view_equal(line, kw_view_of("...")))
            continue;
        *block = (struct kw_view){begin, (size_t)(end - begin)};
        *rest = (struct kw_view){front.data, text.size - (size_t)(front.data - text.data)};
        return true;
    }
    return false;
}

/* ---- From YAML to JSON -------------------------------------------------------------------- */

/* Values that are open, the outermost first, each owned by the one before it. */
struct builder {
    json_t *root;
    json_t *open[DEEPEST];
    char *keys[DEEPEST]; /* of a mapping: the key whose value comes next; NULL: a key does */
    size_t depth;
    const char *problem;
    bool memory; /* it ran out */
};

static bool is_one_of(const char *text, const char *const words[])
{
    for (size_t i = 0; words[i]; i++)
        if (strcmp(text, words[i]) == 0)
            return true;
    return false;
}

/* What YAML 1.2's core schema (10.3.2) has for null, true and false, and numbers as JSON has them;
 * all else is a string. */
static json_t *plain_value(const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    size_t size = event->data.scalar.length;
    static const char *const nulls[] = {"~", "null", "Null", "NULL", NULL};
    static const char *const trues[] = {"true", "True", "TRUE", NULL};
    static const char *const falses[] = {"false", "False", "FALSE", NULL};
    double number;
    json_t *value;
    if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE) {
        if (!size || is_one_of(text, nulls))
            return json_null();
        if (is_one_of(text, trues) || is_one_of(text, falses))
            return json_boolean(is_one_of(text, trues));
        if (kw_number_parse((struct kw_view){(const uint8_t *)text, size}, &number)) {
            value = json_loadb(text, size, JSON_DECODE_ANY, NULL);
            return value ? value : json_real(number); /* an integer beyond 64 bits */
        }
    }
    return json_stringn(text, size);
}

/* Puts a value, which it takes over, where it belongs. */
static void put(struct builder *builder, json_t *value)
{
    size_t top = builder->depth - 1;
    json_t *parent = builder->depth ? builder->open[top] : NULL;
    int failed = 0;
    if (!value) {
        builder->memory = true;
    } else if (!parent) {
        builder->root = value;
    } else if (json_is_array(parent)) {
        failed = json_array_append_new(parent, value);
    } else {
        failed = json_object_set_new(parent, builder->keys[top], value);
        free(builder->keys[top]);
        builder->keys[top] = NULL;
    }
    builder->memory = builder->memory || failed;
}

/* Whether what comes next is the key of a mapping. */
static bool wants_key(const struct builder *builder)
{
    return builder->depth && json_is_object(builder->open[builder->depth - 1]) &&
           !builder->keys[builder->depth - 1];
}

static void take_scalar(struct builder *builder, const yaml_event_t *event)
{
    if (!wants_key(builder)) {
        put(builder, plain_value(event));
        return;
    }
    char *key = strndup((const char *)event->data.scalar.value, event->data.scalar.length);
    builder->keys[builder->depth - 1] = key;
    builder->memory = builder->memory || !key;
}

static void take_start(struct builder *builder, json_t *value)
{
    if (wants_key(builder)) {
        builder->problem = "a key is not a plain word";
    } else if (builder->depth == DEEPEST) {
        builder->problem = "it is nested too deep";
    } else {
        put(builder, value);
        if (!builder->memory)
            builder->open[builder->depth++] = value;
        return;
    }
    json_decref(value);
}

/* Takes an event in; false at the end of the document. */
static bool take_event(struct builder *builder, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_ALIAS_EVENT:
        builder->problem = "it has an alias";
        break;
    case YAML_SCALAR_EVENT:
        take_scalar(builder, event);
        break;
    case YAML_SEQUENCE_START_EVENT:
        take_start(builder, json_array());
        break;
    case YAML_MAPPING_START_EVENT:
        take_start(builder, json_object());
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        builder->depth--;
        break;
    case YAML_DOCUMENT_END_EVENT:
    case YAML_STREAM_END_EVENT:
        return false;
    default:
        break;
    }
    return !builder->problem && !builder->memory;
}

static void tell_problem(struct kw_front_matter *front, const char *problem, size_t line)
{
    snprintf(front->problem, sizeof front->problem, "%s", problem);
    front->line = line + 2; /* the block begins on the second line */
}

/* Reads the block; *out is NULL if there was a problem. */
static enum kw_status read_yaml(struct kw_front_matter *front, struct kw_view block, json_t **out,
                                struct kw_error *error)
{
    struct builder builder = {.root = NULL};
    yaml_parser_t parser;
    yaml_event_t event;
    bool more = true;
    *out = NULL;
    if (!yaml_parser_initialize(&parser))
        return kw_fail_memory(error);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, block.data, block.size);
    while (more) {
        if (!yaml_parser_parse(&parser, &event)) {
            builder.memory = parser.error == YAML_MEMORY_ERROR;
            builder.problem = parser.problem ? parser.problem : "it is not YAML";
            tell_problem(front, builder.problem, parser.problem_mark.line);
            break;
        }
        more = take_event(&builder, &event);
        if (builder.problem)
            tell_problem(front, builder.problem, event.start_mark.line);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    for (size_t i = 0; i < DEEPEST; i++)
        free(builder.keys[i]);
    if (builder.problem || builder.memory)
        json_decref(builder.root);
    else
        *out = builder.root;
    return builder.memory ? kw_fail_memory(error) : KW_OK;
}

/* ---- The fields --------------------------------------------------------------------------- */

static void clear(struct kw_front_matter *front)
{
    json_decref(front->mapping);
    front->mapping = NULL;
    kw_field_list_clear(&front->fields);
    front->title = (struct kw_view){NULL, 0};
    front->problem[0] = '\0';
    front->line = 0;
}

enum kw_status kw_front_matter_read(struct kw_front_matter *front, struct kw_view text,
                                    bool take_title, struct kw_error *error)
{
    struct kw_view block;
    struct kw_view rest;
    const char *key;
    json_t *value;
    clear(front);
    if (!kw_front_matter_find(text, &block, &rest))
        return KW_OK;
    enum kw_status status = read_yaml(front, block, &front->mapping, error);
    if (status != KW_OK || !json_is_object(front->mapping))
        return status;
    json_object_foreach(front->mapping, key, value)
    {
        if (take_title && json_is_string(value) && strcmp(key, "title") == 0)
            front->title = kw_json_string(value);
        else if (!kw_field_list_add(&front->fields, key, value))
            return kw_fail_memory(error);
    }
    return kw_field_list_finish(&front->fields) ? KW_OK : kw_fail_memory(error);
}

void kw_front_matter_release(struct kw_front_matter *front)
{
    clear(front);
    kw_field_list_release(&front->fields);
}
