/* The writer of a Xapian database: who owns an id, adding and deleting, the commit. */
#include "xapian/xapian_writer.h"

#include "index/format.h"
#include "xapian/pieces.h"
#include "xapian/schema.h"
#include "xapian/writer_state.h"

#include <stdlib.h>

enum { VOCABULARY = 1 << 16 }; /* words after which the analyzer forgets them */

static struct kw_xapian_writer *writer_of(struct kw_engine_writer *door)
{
    return (struct kw_xapian_writer *)door;
}

static const struct kw_xapian_writer *look(const struct kw_engine_writer *door)
{
    return (const struct kw_xapian_writer *)door;
}

static struct xc_text text_of(const struct kw_bytes *bytes)
{
    return (struct xc_text){(const char *)bytes->data, bytes->size};
}

/* ---- Looking ------------------------------------------------------------------------------ */

static const char *writer_folder(const struct kw_engine_writer *door)
{
    return look(door)->folder;
}

static const char *writer_base(const struct kw_engine_writer *door)
{
    return look(door)->base;
}

static struct kw_sources *writer_sources(struct kw_engine_writer *door)
{
    return writer_of(door)->sources;
}

static uint64_t writer_commit_number(const struct kw_engine_writer *door)
{
    return look(door)->settings.commit;
}

static bool writer_changed(const struct kw_engine_writer *door)
{
    return look(door)->changed;
}

static uint64_t writer_closed(const struct kw_engine_writer *door)
{
    return look(door)->closed;
}

static uint64_t writer_added(const struct kw_engine_writer *door)
{
    return look(door)->added;
}

static uint64_t writer_words(struct kw_engine_writer *door)
{
    return writer_of(door)->words;
}

/* Reads what is stored of a document; it points into writer->document until that is used again. */
static enum kw_status read_stored(struct kw_xapian_writer *writer, uint32_t docid,
                                  struct kw_stored *stored, struct kw_error *error)
{
    struct xc_text data;
    if (xc_database_document(writer->database, docid, writer->document) != XC_OK)
        return kw_xapian_writer_failed(writer, error);
    if (xc_document_data(writer->document, &data) != XC_OK)
        return kw_xapian_fail(error, xc_document_error(writer->document), writer->where);
    return kw_stored_init(stored, (struct kw_view){(const uint8_t *)data.data, data.size}, error);
}

/* Begins to go through the documents that have the term in writer->key. KW_E_NOT_FOUND (nothing
 * recorded in error): there is none. */
static enum kw_status begin_term(struct kw_xapian_writer *writer, struct kw_error *error)
{
    uint32_t frequency;
    enum kw_status status = kw_bytes_status(&writer->key, error);
    if (status != KW_OK)
        return status;
    struct xc_text term = text_of(&writer->key);
    if (xc_database_term_frequency(writer->database, term, &frequency) != XC_OK)
        return kw_xapian_writer_failed(writer, error);
    if (!frequency)
        return KW_E_NOT_FOUND;
    if (xc_database_postings(writer->database, term, writer->postings) != XC_OK)
        return kw_xapian_writer_failed(writer, error);
    return KW_OK;
}

/* The next of them: KW_OK, KW_E_NOT_FOUND (nothing recorded in error) at their end. */
static enum kw_status next_document(struct kw_xapian_writer *writer, uint32_t *docid,
                                    struct kw_error *error)
{
    enum xc_status found = xc_postings_next(writer->postings, docid);
    if (found == XC_END)
        return KW_E_NOT_FOUND;
    return found == XC_OK
               ? KW_OK
               : kw_xapian_fail(error, xc_postings_error(writer->postings), writer->where);
}

/* The document with this id, and what is stored of it: KW_OK, KW_E_NOT_FOUND (nothing recorded in
 * error). */
static enum kw_status find(struct kw_xapian_writer *writer, struct kw_view id, uint32_t *docid,
                           struct kw_stored *stored, struct kw_error *error)
{
    kw_schema_id(&writer->key, id);
    enum kw_status status = begin_term(writer, error);
    while (status == KW_OK) {
        status = next_document(writer, docid, error);
        if (status == KW_OK)
            status = read_stored(writer, *docid, stored, error);
        if (status == KW_OK && kw_view_equal(stored->record.id, id))
            break;
    }
    return status;
}

static enum kw_status writer_owner(struct kw_engine_writer *door, struct kw_view id,
                                   struct kw_owner *owner, struct kw_error *error)
{
    struct kw_xapian_writer *writer = writer_of(door);
    struct kw_stored stored;
    uint32_t docid;
    enum kw_status status = find(writer, id, &docid, &stored, error);
    if (status != KW_OK)
        return status;
    kw_bytes_clear(&writer->shown);
    kw_bytes_append_view(&writer->shown, stored.record.path);
    *owner = (struct kw_owner){kw_bytes_view(&writer->shown),
                               docid > writer->before ? docid - writer->before : 0,
                               stored.record.is_record};
    return kw_bytes_status(&writer->shown, error);
}

/* ---- Deleting ----------------------------------------------------------------------------- */

/* Deletes a document of which `stored` was just read. */
static enum kw_status delete_document(struct kw_xapian_writer *writer, uint32_t docid,
                                      const struct kw_stored *stored, struct kw_error *error)
{
    const struct kw_record *record = &stored->record;
    if (docid <= writer->before && kw_names_add(&writer->removed, record->id) == KW_NO_NAME)
        return kw_fail_memory(error);
    if (xc_database_delete_document(writer->database, docid) != XC_OK)
        return kw_xapian_writer_failed(writer, error);
    writer->settings.passages -= record->passage_count;
    writer->settings.text -= record->bytes;
    writer->changed = true;
    return KW_OK;
}

static enum kw_status writer_remove(struct kw_engine_writer *door, struct kw_view id,
                                    struct kw_error *error)
{
    struct kw_xapian_writer *writer = writer_of(door);
    struct kw_stored stored;
    uint32_t docid;
    enum kw_status status = find(writer, id, &docid, &stored, error);
    return status == KW_OK ? delete_document(writer, docid, &stored, error) : status;
}

/* The docids that have the term of the path; the caller frees them, on failure too. */
static enum kw_status list_path(struct kw_xapian_writer *writer, struct kw_view path,
                                uint32_t **docids, size_t *count, struct kw_error *error)
{
    struct {
        uint32_t *items;
        size_t capacity;
    } list = {NULL, 0};
    uint32_t docid;
    *count = 0;
    kw_schema_path(&writer->key, path);
    enum kw_status status = begin_term(writer, error);
    while (status == KW_OK) {
        status = next_document(writer, &docid, error);
        if (status == KW_OK && !kw_grow(&list, *count + 1))
            status = kw_fail_memory(error);
        if (status == KW_OK)
            list.items[(*count)++] = docid;
    }
    *docids = list.items;
    return status == KW_E_NOT_FOUND ? KW_OK : status;
}

static enum kw_status writer_remove_path(struct kw_engine_writer *door, struct kw_view path,
                                         uint64_t *count, struct kw_error *error)
{
    struct kw_xapian_writer *writer = writer_of(door);
    uint32_t *docids;
    size_t found;
    *count = 0;
    enum kw_status status = list_path(writer, path, &docids, &found, error);
    for (size_t i = 0; i < found && status == KW_OK; i++) {
        struct kw_stored stored;
        status = read_stored(writer, docids[i], &stored, error);
        if (status != KW_OK || !kw_view_equal(stored.record.path, path))
            continue;
        status = delete_document(writer, docids[i], &stored, error);
        (*count)++;
    }
    free(docids);
    return status;
}

/* ---- Adding ------------------------------------------------------------------------------- */

/* Adds the document that was gathered, unless it is refused. */
static enum kw_status add_gathered(struct kw_xapian_writer *writer,
                                   const struct kw_document *document,
                                   const struct kw_maker_with *with,
                                   const struct kw_document_length *length, const char **refused,
                                   struct kw_error *error)
{
    struct kw_entry entry;
    enum kw_status status = kw_document_entry(document, &entry, error);
    if (status == KW_OK && xc_document_clear(writer->document) != XC_OK)
        status = kw_xapian_fail(error, xc_document_error(writer->document), writer->where);
    if (status == KW_OK)
        status =
            kw_maker_finish(&writer->maker, with, &entry, length, writer->document, refused, error);
    if (status == KW_OK && !*refused) {
        if (xc_database_add_document(writer->database, writer->document, NULL) != XC_OK)
            status = kw_xapian_writer_failed(writer, error);
        writer->settings.passages += writer->maker.stored.passages;
        writer->settings.text += document->text.size;
        writer->added++;
    }
    free((void *)entry.fields);
    return status;
}

/* Reads the document, and adds it. */
static enum kw_status add_document(struct kw_xapian_writer *writer,
                                   const struct kw_document *document, struct kw_added *added,
                                   struct kw_error *error)
{
    const struct kw_analysis *analysis = &writer->settings.analysis;
    struct kw_document_sink sink = kw_maker_sink(&writer->maker);
    struct kw_document_length length = {0, 0};
    struct kw_maker_with with = {
        .analyzer = writer->analyzer,
        .language = kw_analyzer_languages(writer->analyzer) ? 0 : KW_NO_LANGUAGE,
        .name = analysis->language,
        .automatic = strcmp(analysis->language, "auto") == 0,
        .settings = analysis,
        .types = &writer->types,
        .where = writer->where,
    };
    enum kw_status status = KW_OK;
    kw_maker_clear(&writer->maker);
    if (with.automatic) {
        with.name = kw_document_language(document);
        status = kw_analyzer_use(writer->analyzer, with.name, &with.language, error);
        if (status == KW_OK)
            kw_analyzer_speak(writer->analyzer, with.language);
    }
    if (status == KW_OK)
        status = kw_document_searched(&writer->types, document, &writer->searched, error);
    if (status == KW_OK)
        status = kw_document_words(&sink, writer->analyzer, document, writer->searched.items,
                                   &length, error);
    if (status == KW_OK)
        status = kw_document_values_add(&sink, &writer->types, document, with.name,
                                        &writer->misfits, error);
    if (status == KW_OK)
        status = kw_analyzer_close(writer->analyzer, error);
    if (status == KW_OK)
        status = kw_xapian_writer_slots(writer, error);
    with.slots = writer->slots.items;
    if (status == KW_OK)
        status = add_gathered(writer, document, &with, &length, &added->refused, error);
    if (status == KW_OK && !added->refused)
        writer->words += length.title + length.text;
    added->misfits = writer->misfits.items;
    added->misfit_count = writer->misfits.count;
    if (kw_analyzer_words(writer->analyzer) >= VOCABULARY)
        kw_analyzer_clear(writer->analyzer);
    return status;
}

static enum kw_status writer_add(struct kw_engine_writer *door, const struct kw_document *document,
                                 struct kw_added *added, struct kw_error *error)
{
    struct kw_xapian_writer *writer = writer_of(door);
    *added = (struct kw_added){.existed = false};
    enum kw_status status = writer_remove(door, document->id, error);
    added->existed = status == KW_OK || kw_names_find(&writer->removed, document->id) != KW_NO_NAME;
    if (status == KW_OK || status == KW_E_NOT_FOUND)
        status = add_document(writer, document, added, error);
    if (status != KW_OK)
        return status;
    writer->changed = true;
    writer->input += kw_document_input(document);
    if (writer->input >= KW_SEGMENT_INPUT) {
        writer->input = 0;
        writer->closed++;
    }
    return KW_OK;
}

/* ---- Committing --------------------------------------------------------------------------- */

/* Fills the fields of the settings from the types. */
static enum kw_status store_types(struct kw_xapian_writer *writer, struct kw_error *error)
{
    const struct kw_field_types *types = &writer->types;
    enum kw_status status = kw_xapian_writer_slots(writer, error);
    for (uint32_t i = 0; i < types->names.count && status == KW_OK; i++) {
        struct kw_view name = kw_names_get(&types->names, i);
        const struct kw_field_type *type = &types->types.items[i];
        struct kw_settings_field *field = kw_settings_find(&writer->settings, name);
        if (field)
            field->asked = type->asked;
        else
            status = kw_settings_add(&writer->settings, name, type->type, type->asked,
                                     writer->slots.items[i], error);
    }
    return status;
}

/* Writes settings and sources and makes everything last. */
static enum kw_status publish(struct kw_xapian_writer *writer, const struct kw_sources *sources,
                              struct kw_error *error)
{
    struct kw_settings *settings = &writer->settings;
    uint64_t before = settings->sources;
    settings->sources = sources->pages.map.view.size;
    settings->commit++;
    kw_settings_write(settings, &writer->key);
    enum kw_status status = kw_bytes_status(&writer->key, error);
    if (status == KW_OK && (kw_pieces_write(writer->database, sources, before) != XC_OK ||
                            xc_database_set_metadata(writer->database, XC_TEXT(KW_SETTINGS_KEY),
                                                     text_of(&writer->key)) != XC_OK ||
                            xc_database_commit_transaction(writer->database) != XC_OK))
        status = kw_xapian_writer_failed(writer, error);
    if (status != KW_OK) {
        settings->commit--;
        return status;
    }
    writer->open = false;
    if (xc_database_begin_transaction(writer->database, true) != XC_OK)
        return kw_xapian_writer_failed(writer, error);
    writer->open = true;
    return KW_OK;
}

static enum kw_status writer_commit(struct kw_engine_writer *door,
                                    const struct kw_source_file *files, size_t file_count,
                                    const struct kw_view *roots, size_t root_count,
                                    const struct kw_view *gone, size_t gone_count,
                                    struct kw_error *error)
{
    struct kw_xapian_writer *writer = writer_of(door);
    struct kw_sources *sources = calloc(1, sizeof *sources);
    enum kw_status status = sources ? store_types(writer, error) : kw_fail_memory(error);
    if (status == KW_OK)
        status = kw_pieces_make(sources, files, file_count, roots, root_count, gone, gone_count,
                                writer->where, error);
    if (status != KW_OK) {
        free(sources);
        return status;
    }
    status = publish(writer, sources, error);
    if (status != KW_OK) {
        kw_pieces_free(sources);
        return status;
    }
    kw_pieces_free(writer->sources);
    writer->sources = sources;
    writer->changed = false;
    writer->closed = 0;
    return KW_OK;
}

/* ---- The door ----------------------------------------------------------------------------- */

static void writer_free(struct kw_engine_writer *door)
{
    struct kw_xapian_writer *writer = writer_of(door);
    xc_postings_free(writer->postings);
    xc_document_free(writer->document);
    kw_xapian_writer_close(writer);
    xc_database_free(writer->database);
    kw_maker_release(&writer->maker);
    kw_analyzer_free(writer->analyzer);
    kw_pieces_free(writer->sources);
    kw_names_release(&writer->removed);
    kw_field_types_release(&writer->types);
    kw_settings_release(&writer->settings);
    kw_bytes_release(&writer->key);
    kw_bytes_release(&writer->shown);
    kw_xapian_place_release(&writer->place);
    free(writer->misfits.items);
    free(writer->searched.items);
    free(writer->slots.items);
    free(writer->where);
    free(writer->folder);
    free(writer->base);
    free(writer);
}

static const struct kw_writer_ops writer_ops = {
    .free = writer_free,
    .folder = writer_folder,
    .base = writer_base,
    .sources = writer_sources,
    .commit_number = writer_commit_number,
    .changed = writer_changed,
    .closed = writer_closed,
    .added = writer_added,
    .words = writer_words,
    .owner = writer_owner,
    .add = writer_add,
    .remove = writer_remove,
    .remove_path = writer_remove_path,
    .commit = writer_commit,
};

enum kw_status kw_xapian_writer_new(struct kw_engine_writer **out, const char *where,
                                    const struct kw_writer_options *options, struct kw_error *error)
{
    *out = NULL;
    struct kw_xapian_writer *writer = calloc(1, sizeof *writer);
    if (!writer)
        return kw_fail_memory(error);
    writer->door.ops = &writer_ops;
    writer->settings = (struct kw_settings)KW_SETTINGS_INIT;
    writer->types = (struct kw_field_types)KW_FIELD_TYPES_INIT;
    writer->removed = (struct kw_names)KW_NAMES_INIT;
    writer->where = strdup(where);
    writer->database = xc_database_new();
    writer->document = xc_document_new();
    writer->postings = xc_postings_new();
    enum kw_status status =
        writer->where && writer->database && writer->document && writer->postings
            ? kw_xapian_writer_open(writer, options, error)
            : kw_fail_memory(error);
    if (status == KW_OK)
        *out = &writer->door;
    else
        writer_free(&writer->door);
    return status;
}
