/* The JSON Lines reader: by libyajl a line at a time, and by libjansson what that leaves. */
#include "ingest/jsonl.h"

#include "ingest/field_list.h"
#include "ingest/json_load.h"
#include "ingest/warn.h"
#include "stemmers/utf8.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { LOAD_FLAGS = JSON_ALLOW_NUL };

struct kw_jsonl {
    struct kw_lines *lines;
    const char *name;
    const char *place;
    struct kw_source_options options;
    json_t *record; /* of the document handed out last */
    struct kw_bytes mended;
    struct kw_bytes widened;
    struct kw_bytes id;
    struct kw_field_list fields;
    uint64_t skipped;
    bool textless; /* a record without text has been remarked on */
};

enum kw_status kw_jsonl_new(struct kw_jsonl **out, struct kw_lines *lines, const char *name,
                            const char *place, const struct kw_source_options *options,
                            struct kw_error *error)
{
    *out = NULL;
    struct kw_jsonl *reader = calloc(1, sizeof *reader);
    if (!reader)
        return kw_fail_memory(error);
    reader->lines = lines;
    reader->name = name;
    reader->place = place;
    reader->options = *options;
    if (!reader->options.map_id)
        reader->options.map_id = "id";
    if (!reader->options.map_title)
        reader->options.map_title = "title";
    if (!reader->options.map_text)
        reader->options.map_text = "text";
    *out = reader;
    return KW_OK;
}

void kw_jsonl_free(struct kw_jsonl *reader)
{
    if (!reader)
        return;
    json_decref(reader->record);
    kw_bytes_release(&reader->mended);
    kw_bytes_release(&reader->widened);
    kw_bytes_release(&reader->id);
    kw_field_list_release(&reader->fields);
    free(reader);
}

uint64_t kw_jsonl_skipped(const struct kw_jsonl *reader)
{
    return reader->skipped;
}

static json_t *load(struct kw_view line, json_error_t *cause)
{
    return json_loadb((const char *)line.data, line.size, LOAD_FLAGS, cause);
}

/* Whether a number is what is wrong. */
static bool overflows(const json_error_t *cause)
{
    return json_error_code(cause) == json_error_numeric_overflow;
}

bool kw_jsonl_is_record(struct kw_view line)
{
    json_error_t cause = {0};
    json_t *record = line.size ? load(line, &cause) : NULL;
    bool is = json_is_object(record) || (line.size && line.data[0] == '{' && overflows(&cause));
    json_decref(record);
    return is;
}

static void skip(struct kw_jsonl *reader, uint64_t number, const char *why)
{
    reader->skipped++;
    kw_warn(reader->options.warn, reader->options.context, "'%s' line %llu: %s", reader->place,
            (unsigned long long)number, why);
}

static bool is_blank(struct kw_view line)
{
    for (size_t i = 0; i < line.size; i++) {
        if (!strchr(" \t\r", line.data[i]) || !line.data[i])
            return false;
    }
    return true;
}

/* The four hex digits of the escape \uXXXX at `at`; UINT32_MAX if there is none. */
static uint32_t escape_at(struct kw_view line, size_t at)
{
    uint32_t value = 0;
    if (line.size < 6 || at > line.size - 6 || line.data[at] != '\\' || line.data[at + 1] != 'u')
        return UINT32_MAX;
    for (size_t i = at + 2; i < at + 6; i++) {
        uint8_t c = line.data[i];
        if (!isxdigit(c))
            return UINT32_MAX;
        value = value << 4 | (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return value;
}

/* Writes \ufffd over unpaired surrogates; returns how many. In JSON a backslash stands only in
 * strings, so that nothing else can be hit. */
static uint64_t mend_surrogates(struct kw_bytes *line)
{
    uint64_t mended = 0;
    struct kw_view view = kw_bytes_view(line);
    for (size_t at = 0; at < view.size;) {
        if (view.data[at] != '\\') {
            at++;
            continue;
        }
        uint32_t unit = escape_at(view, at);
        uint32_t next = unit >> 10 == 0x36 ? escape_at(view, at + 6) : UINT32_MAX;
        if (next >> 10 == 0x37) {
            at += 12;
            continue;
        }
        if (unit >> 11 == 0x1B) {
            memcpy(line->data + at, "\\ufffd", 6);
            mended++;
        }
        at += 2;
    }
    return mended;
}

/* Whether `number`, as JSON has numbers, is an integer of more than 64 bits. */
static bool is_wide(struct kw_view number)
{
    bool negative = number.data[0] == '-';
    const char *most = negative ? "9223372036854775808" : "9223372036854775807";
    struct kw_view digits = {number.data + negative, number.size - negative};
    for (size_t i = 0; i < digits.size; i++)
        if (!isdigit(digits.data[i]))
            return false;
    return digits.size > strlen(most) ||
           (digits.size == strlen(most) && memcmp(digits.data, most, digits.size) > 0);
}

/* The bytes of the string, the number or the other character at the front of a line. */
static size_t lexeme_size(struct kw_view line)
{
    size_t size = 1;
    if (line.data[0] == '"') {
        while (size < line.size && line.data[size] != '"')
            size += line.data[size] == '\\' ? 2 : 1;
        return size < line.size ? size + 1 : line.size;
    }
    if (line.data[0] == '-' || isdigit(line.data[0]))
        while (size < line.size &&
               (isdigit(line.data[size]) || memchr("+-.eE", line.data[size], 5)))
            size++;
    return size;
}

/* Copies the line; integers of more than 64 bits get an exponent, so that they are read as the
 * nearest number of double precision. */
static void widen_integers(struct kw_view line, struct kw_bytes *out)
{
    while (line.size) {
        struct kw_view lexeme = {line.data, lexeme_size(line)};
        kw_bytes_append_view(out, lexeme);
        if ((lexeme.data[0] == '-' || isdigit(lexeme.data[0])) && is_wide(lexeme))
            kw_bytes_append_text(out, "e0");
        line.data += lexeme.size;
        line.size -= lexeme.size;
    }
}

/* Parses the line, mended where need be; NULL with *cause if it is not JSON. */
static json_t *parse(struct kw_jsonl *reader, struct kw_view line, uint64_t *repaired,
                     json_error_t *cause)
{
    json_t *record;
    bool valid = kw_utf8_valid(line) == line.size;
    kw_bytes_clear(&reader->mended);
    if (!valid) {
        kw_utf8_repair(line, &reader->mended, repaired);
        line = kw_bytes_view(&reader->mended);
    }
    if (reader->mended.failed)
        return NULL;
    record = kw_json_load(line);
    if (!record)
        record = load(line, cause);
    if (record || json_error_code(cause) == json_error_out_of_memory)
        return record;
    if (valid)
        kw_bytes_append_view(&reader->mended, line);
    if (reader->mended.failed)
        return NULL;
    uint64_t surrogates = mend_surrogates(&reader->mended);
    if (surrogates)
        record = load(kw_bytes_view(&reader->mended), cause);
    *repaired += surrogates;
    if (record || !overflows(cause))
        return record;
    kw_bytes_clear(&reader->widened);
    widen_integers(kw_bytes_view(&reader->mended), &reader->widened);
    return reader->widened.failed ? NULL : load(kw_bytes_view(&reader->widened), cause);
}

/* The value of a key; NULL if there is none or it is null. */
static json_t *value_of(const json_t *record, const char *key)
{
    json_t *value = json_object_get(record, key);
    return json_is_null(value) ? NULL : value;
}

/* Sets the document's id; returns why the record cannot be taken, or NULL. */
static const char *set_id(struct kw_jsonl *reader, struct kw_document *document)
{
    const json_t *id = value_of(reader->record, reader->options.map_id);
    kw_bytes_clear(&reader->id);
    if (json_is_string(id) && json_string_length(id)) {
        document->id = kw_json_string(id);
        return memchr(document->id.data, '\0', document->id.size) ? "the id contains a NUL" : NULL;
    }
    if (id && !json_is_number(id) && !json_is_string(id))
        return "the id is neither a string nor a number";
    if (json_is_real(id) && !(fabs(json_real_value(id)) < 0x1p63))
        return "the id is a number beyond 64 bits";
    if (json_is_number(id))
        kw_json_append(id, &reader->id);
    else
        kw_bytes_format(&reader->id, "%s:%llu", reader->name, (unsigned long long)document->line);
    document->id = kw_bytes_view(&reader->id);
    return NULL;
}

/* Adds all that is not id, title or text to the fields; false if memory runs out. */
static bool add_fields(struct kw_jsonl *reader)
{
    const struct kw_source_options *map = &reader->options;
    const json_t *title = value_of(reader->record, map->map_title);
    const char *key;
    json_t *value;
    kw_field_list_clear(&reader->fields);
    json_object_foreach(reader->record, key, value)
    {
        if (strcmp(key, map->map_id) == 0 || strcmp(key, map->map_text) == 0)
            continue;
        if (strcmp(key, map->map_title) == 0 && (!title || json_is_string(title)))
            continue;
        if (!kw_field_list_add(&reader->fields, key, value))
            return false;
    }
    return kw_field_list_finish(&reader->fields);
}

/* Makes the parsed record the document; returns why it cannot be taken, or NULL. */
static const char *take_record(struct kw_jsonl *reader, struct kw_document *document)
{
    const json_t *text = value_of(reader->record, reader->options.map_text);
    const json_t *title = value_of(reader->record, reader->options.map_title);
    if (!json_is_object(reader->record))
        return "not a JSON object";
    if (text && !json_is_string(text))
        return "the text is not a string";
    const char *why = set_id(reader, document);
    if (why)
        return why;
    document->path = kw_view_of(reader->name);
    document->title_searched = true;
    if (json_is_string(title))
        document->title = kw_json_string(title);
    if (text)
        document->text = kw_json_string(text);
    if (!text && !reader->textless) {
        reader->textless = true;
        kw_warn(
            reader->options.warn, reader->options.context,
            "'%s' line %llu: no '%s' in this record, and perhaps in others: their text is empty",
            reader->place, (unsigned long long)document->line, reader->options.map_text);
    }
    return NULL;
}

/* Reads one line: KW_OK with the document filled, KW_END if the line gives none. */
static enum kw_status read_line(struct kw_jsonl *reader, const struct kw_line *line,
                                struct kw_document *document, struct kw_error *error)
{
    json_error_t cause = {0};
    *document = (struct kw_document){.line = line->number};
    if (line->too_long) {
        skip(reader, line->number, "the record is too long");
        return KW_END;
    }
    if (is_blank(line->text))
        return KW_END;
    json_decref(reader->record);
    reader->record = parse(reader, line->text, &document->repaired, &cause);
    if (!reader->record) {
        if (reader->mended.failed || reader->widened.failed ||
            json_error_code(&cause) == json_error_out_of_memory)
            return kw_fail_memory(error);
        char reason[sizeof cause.text + 32];
        snprintf(reason, sizeof reason, "%s%s",
                 overflows(&cause) ? "" : "not valid JSON: ", cause.text);
        skip(reader, line->number, reason);
        return KW_END;
    }
    const char *why = take_record(reader, document);
    if (reader->id.failed || (!why && !add_fields(reader)))
        return kw_fail_memory(error);
    if (why) {
        skip(reader, line->number, why);
        return KW_END;
    }
    document->fields = reader->fields.items;
    document->field_count = reader->fields.count;
    return KW_OK;
}

enum kw_status kw_jsonl_next(struct kw_jsonl *reader, struct kw_document *document,
                             struct kw_error *error)
{
    struct kw_line line;
    for (;;) {
        enum kw_status status = kw_lines_next(reader->lines, &line, error);
        if (status == KW_OK)
            status = read_line(reader, &line, document, error);
        else
            return status;
        if (status != KW_END)
            return status;
    }
}
