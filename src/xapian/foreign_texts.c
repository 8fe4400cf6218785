/* Reads documents of other programs' databases, and makes of each what kwic would have stored of
 * it: a record, and its text cut into passages anew. */
#include "xapian/foreign.h"

#include "base/file.h"
#include "ingest/document.h"
#include "stemmers/utf8.h"
#include "xapian/stored.h"

#include <stdio.h>
#include <stdlib.h>

enum { SPOKEN = 3 }; /* files that are named in remarks, at most */

/* ---- What schemas read with --------------------------------------------------------------- */

enum kw_status kw_reading_slot(struct kw_foreign_reading *reading, uint32_t slot,
                               struct kw_bytes *out, struct kw_error *error)
{
    struct xc_text value;
    kw_bytes_clear(out);
    if (xc_document_value(reading->document, slot, &value) != XC_OK)
        return kw_xapian_failed(reading->xapian, xc_document_error(reading->document), error);
    kw_bytes_append_view(out, kw_xapian_view(value));
    return kw_bytes_status(out, error);
}

enum kw_status kw_reading_term(struct kw_foreign_reading *reading, uint32_t docid,
                               const char *prefix, struct kw_bytes *out, struct kw_error *error)
{
    struct kw_xapian *xapian = reading->xapian;
    struct xc_terms *terms = xc_terms_new();
    struct xc_text term;
    size_t size = strlen(prefix);
    enum xc_status at = XC_END;
    enum kw_status status = terms ? KW_OK : kw_fail_memory(error);
    kw_bytes_clear(out);
    if (status == KW_OK && xc_database_terms(xapian->database, docid, terms) != XC_OK)
        status = kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    else if (status == KW_OK)
        at = xc_terms_skip_to(terms, kw_xapian_text(kw_view_of(prefix)), &term);
    if (status == KW_OK && at < 0)
        status = kw_xapian_failed(xapian, xc_terms_error(terms), error);
    if (status == KW_OK && at == XC_OK && term.size >= size && memcmp(term.data, prefix, size) == 0)
        kw_bytes_append(out, term.data + size, term.size - size);
    xc_terms_free(terms);
    return status == KW_OK ? kw_bytes_status(out, error) : status;
}

void kw_reading_line(struct kw_foreign_reading *reading, const char *name, struct kw_bytes *out)
{
    const uint8_t *at = reading->data.data, *end = at + reading->data.size;
    size_t size = strlen(name);
    kw_bytes_clear(out);
    while (at && at < end) {
        const uint8_t *line = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((line ? line : end) - at);
        if (length > size && memcmp(at, name, size) == 0 && at[size] == '=') {
            kw_bytes_append(out, at + size + 1, length - size - 1);
            return;
        }
        at = line ? line + 1 : NULL;
    }
}

enum kw_status kw_reading_metadata(struct kw_xapian *xapian, const char *key, struct kw_bytes *out,
                                   struct kw_error *error)
{
    struct xc_text value;
    kw_bytes_clear(out);
    if (xc_database_metadata(xapian->database, kw_xapian_text(kw_view_of(key)), &value) != XC_OK)
        return kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    kw_bytes_append_view(out, kw_xapian_view(value));
    return kw_bytes_status(out, error);
}

void kw_reading_show(struct kw_foreign_reading *reading, const char *name, struct kw_view value)
{
    if (!value.size || reading->shown_count == KW_FOREIGN_SHOWN)
        return;
    reading->shown[reading->shown_count].name = name;
    kw_bytes_append_view(&reading->shown[reading->shown_count++].value, value);
}

/* ---- One document ------------------------------------------------------------------------- */

static enum kw_status no_document(const struct kw_xapian *xapian, struct kw_error *error)
{
    kw_fail(error, KW_E_NOT_FOUND, "a document of '%s' was deleted meanwhile", xapian->where);
    kw_hint(error, "search again");
    return KW_E_NOT_FOUND;
}

static enum kw_status reading_init(struct kw_foreign_reading *reading, struct kw_xapian *xapian,
                                   uint32_t docid, struct kw_error *error)
{
    struct xc_text data;
    *reading = (struct kw_foreign_reading){
        .xapian = xapian, .docid = docid, .document = xc_document_new()};
    if (!reading->document)
        return kw_fail_memory(error);
    if (!docid)
        return no_document(xapian, error);
    if (xc_database_document(xapian->database, docid, reading->document) != XC_OK) {
        const struct xc_error *cause = xc_database_error(xapian->database);
        return cause->status == XC_E_DOC_NOT_FOUND ? no_document(xapian, error)
                                                   : kw_xapian_failed(xapian, cause, error);
    }
    if (xc_document_data(reading->document, &data) != XC_OK)
        return kw_xapian_failed(xapian, xc_document_error(reading->document), error);
    kw_bytes_append_view(&reading->data, kw_xapian_view(data));
    return kw_bytes_status(&reading->data, error);
}

static void reading_release(struct kw_foreign_reading *reading)
{
    xc_document_free(reading->document);
    kw_bytes_release(&reading->data);
    kw_bytes_release(&reading->id);
    kw_bytes_release(&reading->title);
    kw_bytes_release(&reading->path);
    kw_bytes_release(&reading->type);
    kw_bytes_release(&reading->text);
    for (size_t i = 0; i < reading->shown_count; i++)
        kw_bytes_release(&reading->shown[i].value);
}

enum kw_status kw_foreign_id(struct kw_xapian *xapian, uint32_t docid, struct kw_bytes *id,
                             struct kw_error *error)
{
    struct kw_foreign_reading reading;
    enum kw_status status = reading_init(&reading, xapian, docid, error);
    if (status == KW_OK)
        status = xapian->foreign->schema->read_id(&reading, error);
    if (status == KW_OK)
        status = kw_bytes_status(&reading.id, error);
    if (status == KW_OK)
        kw_bytes_append_view(id, kw_bytes_view(&reading.id));
    reading_release(&reading);
    return status == KW_OK ? kw_bytes_status(id, error) : status;
}

/* ---- Its file ----------------------------------------------------------------------------- */

/* Says that a document is shown without the text of its file; after a few, that there are more. */
static void lament(struct kw_foreign *foreign, const struct kw_error *cause)
{
    char line[600];
    if (!foreign->options.remark || foreign->unread > SPOKEN)
        return;
    if (foreign->unread < SPOKEN)
        snprintf(line, sizeof line, "no passages: %.500s", cause->message);
    else
        snprintf(line, sizeof line, "no passages of more documents, for the same reasons");
    foreign->unread++;
    foreign->options.remark(foreign->options.context, line);
}

/* Reads the document's file, if it has one and the database has not all of the text. Where that
 * cannot be, what the database has of the text stays, if anything. */
static enum kw_status read_file(struct kw_foreign_reading *reading, struct kw_error *error)
{
    struct kw_foreign *foreign = reading->xapian->foreign;
    struct kw_file_text file = {KW_BYTES_INIT, KW_BYTES_INIT};
    struct kw_error cause = KW_ERROR_INIT;
    enum kw_status status = KW_OK;
    if (reading->whole || !foreign->options.read)
        return KW_OK;
    if (!reading->path.size) {
        kw_fail(&cause, KW_E_NOT_FOUND, "nothing says where the file of '%.*s' lies",
                (int)(reading->id.size < 200 ? reading->id.size : 200),
                (const char *)reading->id.data);
        if (!reading->text.size)
            lament(foreign, &cause);
        return KW_OK;
    }
    char *path = kw_view_string(kw_bytes_view(&reading->path));
    char *type = kw_view_string(kw_bytes_view(&reading->type));
    if (!path || !type)
        status = kw_fail_memory(error);
    else
        status = foreign->options.read(foreign->options.context, path, type, &file, &cause);
    if (status == KW_OK) {
        kw_bytes_clear(&reading->text);
        kw_bytes_append_view(&reading->text, kw_bytes_view(&file.text));
        if (!reading->title.size)
            kw_bytes_append_view(&reading->title, kw_bytes_view(&file.title));
    } else if (path && type && status != KW_E_MEMORY) {
        if (!reading->text.size)
            lament(foreign, &cause);
        status = KW_OK;
    }
    kw_bytes_release(&file.title);
    kw_bytes_release(&file.text);
    free(path);
    free(type);
    return status;
}

/* ---- What kwic would have stored ---------------------------------------------------------- */

/* Replaces bytes by valid UTF-8 of one line, or of lines for a text. */
static void repair(struct kw_bytes *bytes, bool lines)
{
    struct kw_bytes repaired = KW_BYTES_INIT;
    uint64_t repairs = 0;
    kw_utf8_repair(kw_bytes_view(bytes), &repaired, &repairs);
    for (size_t i = 0; i < repaired.size; i++)
        if (!repaired.data[i] || (!lines && (repaired.data[i] == '\n' || repaired.data[i] == '\r')))
            repaired.data[i] = ' ';
    repaired.failed |= bytes->failed;
    kw_bytes_release(bytes);
    *bytes = repaired;
}

/* Cuts the text into passages. */
static enum kw_status store_text(struct kw_stored_writer *writer, struct kw_analyzer *analyzer,
                                 struct kw_view text, uint64_t *words, struct kw_error *error)
{
    const struct kw_passage *passages;
    struct kw_tokens tokens;
    enum kw_status status = KW_OK;
    size_t count;
    while (text.size && status == KW_OK) {
        kw_analyzer_clear(analyzer);
        status = kw_analyzer_window(analyzer, text, &tokens, &passages, &count, error);
        for (size_t i = 0; i < count && status == KW_OK; i++) {
            const struct kw_extent extent = {passages[i].words, passages[i].bytes,
                                             passages[i].lines};
            status = kw_stored_writer_text(writer, &extent, 1, text.data, error);
            *words += extent.words;
            text.data += extent.bytes;
            text.size -= extent.bytes;
        }
    }
    return status;
}

/* The path as records have it: relative to the base directory; "/" and the schema's name if there
 * is no file. NULL when memory runs out. */
static char *stored_path(const struct kw_foreign_reading *reading)
{
    const struct kw_xapian *xapian = reading->xapian;
    struct kw_bytes name = KW_BYTES_INIT;
    char *path = kw_view_string(kw_bytes_view(&reading->path)), *relative;
    if (path && path[0] == '/') {
        relative = kw_path_relative(xapian->base_directory, path);
        free(path);
        return relative;
    }
    free(path);
    kw_bytes_format(&name, "/%s", xapian->foreign->schema->name);
    relative = name.failed ? NULL : kw_view_string(kw_bytes_view(&name));
    kw_bytes_release(&name);
    return relative;
}

static enum kw_status store(struct kw_foreign_reading *reading, struct kw_bytes *data,
                            struct kw_error *error)
{
    struct kw_foreign *foreign = reading->xapian->foreign;
    struct kw_stored_writer writer = {.passages = 0};
    struct kw_entry_field fields[KW_FOREIGN_SHOWN];
    const char *language = reading->xapian->settings.analysis.language;
    uint64_t words = 0;
    char *path = stored_path(reading);
    enum kw_status status = path ? KW_OK : kw_fail_memory(error);
    for (size_t i = 0; i < reading->shown_count; i++) {
        repair(&reading->shown[i].value, false);
        fields[i] = (struct kw_entry_field){kw_view_of(reading->shown[i].name), KW_FIELD_TEXT,
                                            kw_bytes_view(&reading->shown[i].value)};
    }
    if (status == KW_OK)
        status =
            store_text(&writer, foreign->analyzer, kw_bytes_view(&reading->text), &words, error);
    const struct kw_entry entry = {
        .id = kw_bytes_view(&reading->id),
        .title = kw_bytes_view(&reading->title),
        .path = path ? kw_view_of(path) : (struct kw_view){NULL, 0},
        .is_record = true,
        .fields = fields,
        .field_count = reading->shown_count,
    };
    if (status == KW_OK)
        status = kw_stored_writer_finish(
            &writer, &entry, strcmp(language, "none") == 0 ? "" : language, words, 0, data, error);
    kw_stored_writer_release(&writer);
    free(path);
    return status;
}

enum kw_status kw_foreign_stored(struct kw_xapian *xapian, uint32_t docid, struct kw_bytes *data,
                                 struct kw_error *error)
{
    const struct kw_foreign_schema *schema = xapian->foreign->schema;
    struct kw_foreign_reading reading;
    enum kw_status status = reading_init(&reading, xapian, docid, error);
    if (status == KW_OK)
        status = schema->read_id(&reading, error);
    if (status == KW_OK)
        status = schema->read(&reading, error);
    if (status == KW_OK)
        status = read_file(&reading, error);
    repair(&reading.title, false);
    repair(&reading.text, true);
    if (status == KW_OK)
        status = kw_bytes_status(&reading.text, error);
    if (status == KW_OK)
        status = kw_bytes_status(&reading.title, error);
    if (status == KW_OK)
        status = kw_bytes_status(&reading.id, error);
    if (status == KW_OK)
        status = store(&reading, data, error);
    reading_release(&reading);
    return status;
}
