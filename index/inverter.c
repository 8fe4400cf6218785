/* Takes documents one by one and, at the end, writes their segment. */
#include "index/inverter.h"

#include "base/arena.h"
#include "index/columns_writer.h"
#include "index/field_writer.h"
#include "index/store_writer.h"

#include <stdio.h>
#include <stdlib.h>

struct kw_inverter {
    struct kw_pages_writer pages;
    struct kw_store_writer store;
    struct kw_columns_writer columns;
    struct {
        struct kw_batch *items;
        size_t capacity;
    } fields;
    size_t field_count;
    uint32_t documents;
    struct kw_entry entry; /* of the document at hand, its views in entry_arena */
    struct kw_arena entry_arena;
    uint64_t first_passage; /* of the document at hand */
    uint64_t text_bytes;
    bool with_pairs;
    uint32_t codec;
    char *spool; /* names a file of what waits to be written; NULL: it waits in memory */
    char *file;  /* names one of an array, and … */
    char *aside; /* … one of terms */
    struct kw_room_place place;
    struct kw_spool postings; /* of terms that were inverted */
    struct kw_fields_writer totals;
    struct kw_pairs_writer pairs;
    struct kw_lexicon_writer lexicon;
    struct kw_pages_writer positions; /* where they stand aside */
    bool has_text;                    /* in the file already */
    bool has_terms;                   /* inverted already */
};

/* Arrays of tokens that are there at a time: of each token its word and position, and the same
 * inverted. */
enum { ARRAYS = 4 };

/* `path`: NULL for a segment in memory. */
static enum kw_status start(struct kw_inverter **out, const char *path, int fd,
                            struct kw_error *error)
{
    *out = NULL;
    struct kw_inverter *inverter = calloc(1, sizeof *inverter);
    if (!inverter)
        return kw_fail_memory(error);
    enum kw_status status = path ? kw_pages_writer_init(&inverter->pages, path, "segm", error)
                                 : kw_pages_writer_init_memory(&inverter->pages, fd, "segm", error);
    if (status) {
        free(inverter);
        return status;
    }
    kw_store_writer_init(&inverter->store, &inverter->pages);
    inverter->with_pairs = path != NULL;
    inverter->codec = KW_TEXT_WORDS;
    inverter->positions.fd = -1;
    *out = inverter;
    return KW_OK;
}

enum kw_status kw_inverter_new(struct kw_inverter **out, const char *path, struct kw_error *error)
{
    return start(out, path, -1, error);
}

enum kw_status kw_inverter_new_memory(struct kw_inverter **out, int fd, struct kw_error *error)
{
    return start(out, NULL, fd, error);
}

void kw_inverter_codec(struct kw_inverter *inverter, uint32_t codec)
{
    inverter->codec = codec;
    kw_store_writer_codec(&inverter->store, codec, inverter->spool);
}

enum kw_status kw_inverter_place(struct kw_inverter *inverter, const char *spool, size_t memory,
                                 struct kw_error *error)
{
    char **const names[] = {&inverter->spool, &inverter->file, &inverter->aside};
    for (int i = 0; i < 3; i++) {
        free(*names[i]);
        if (asprintf(names[i], "%s%d", spool, i) < 0) {
            *names[i] = NULL;
            return kw_fail_memory(error);
        }
    }
    inverter->place = (struct kw_room_place){inverter->file, memory / ARRAYS};
    kw_store_writer_codec(&inverter->store, inverter->codec, inverter->spool);
    return KW_OK;
}

void kw_inverter_free(struct kw_inverter *inverter)
{
    if (!inverter)
        return;
    for (size_t i = 0; i < inverter->field_count; i++)
        kw_batch_release(&inverter->fields.items[i]);
    free(inverter->fields.items);
    kw_store_writer_release(&inverter->store);
    kw_columns_writer_release(&inverter->columns);
    kw_pages_writer_release(&inverter->pages);
    kw_arena_release(&inverter->entry_arena);
    kw_lexicon_writer_release(&inverter->lexicon);
    kw_pairs_writer_release(&inverter->pairs);
    kw_spool_release(&inverter->postings);
    kw_fields_writer_release(&inverter->totals);
    kw_pages_writer_release(&inverter->positions);
    free(inverter->spool);
    free(inverter->file);
    free(inverter->aside);
    free(inverter);
}

enum kw_status kw_inverter_begin(struct kw_inverter *inverter, const struct kw_entry *entry,
                                 struct kw_error *error)
{
    struct kw_arena *arena = &inverter->entry_arena;
    if (inverter->documents >= UINT32_MAX - 1)
        return kw_fail(error, KW_E_USAGE, "too many documents for one segment");
    kw_arena_release(arena);
    inverter->entry = *entry;
    inverter->first_passage = inverter->store.passages;
    inverter->text_bytes = 0;
    struct kw_entry_field *fields = kw_arena_alloc(arena, entry->field_count * sizeof *fields);
    inverter->entry.id = kw_arena_copy(arena, entry->id);
    inverter->entry.title = kw_arena_copy(arena, entry->title);
    inverter->entry.path = kw_arena_copy(arena, entry->path);
    bool kept = fields && inverter->entry.id.data && inverter->entry.title.data &&
                inverter->entry.path.data;
    for (size_t i = 0; i < entry->field_count && kept; i++) {
        fields[i] = entry->fields[i];
        fields[i].name = kw_arena_copy(arena, entry->fields[i].name);
        fields[i].value = kw_arena_copy(arena, entry->fields[i].value);
        kept = fields[i].name.data && fields[i].value.data;
    }
    inverter->entry.fields = fields;
    return kept ? KW_OK : kw_fail_memory(error);
}

/* The batch of the field `name`, made at its first use. NULL when memory runs out. */
static struct kw_batch *find_batch(struct kw_inverter *inverter, struct kw_view name)
{
    for (size_t i = 0; i < inverter->field_count; i++) {
        struct kw_batch *batch = &inverter->fields.items[i];
        if (kw_view_equal(name, (struct kw_view){(const uint8_t *)batch->name, batch->name_size}))
            return batch;
    }
    if (!kw_grow(&inverter->fields, inverter->field_count + 1))
        return NULL;
    struct kw_batch *batch = &inverter->fields.items[inverter->field_count];
    *batch = (struct kw_batch){
        .name = kw_view_string(name), .name_size = name.size, .place = &inverter->place};
    if (!batch->name)
        return NULL;
    inverter->field_count++;
    return batch;
}

enum kw_status kw_inverter_tokens(struct kw_inverter *inverter, struct kw_view field,
                                  const uint32_t *words, const uint32_t *positions, size_t count,
                                  uint32_t base, uint32_t length, struct kw_error *error)
{
    if (field.size > KW_FIELD_NAME_BYTES || (field.size && memchr(field.data, 0, field.size)))
        return kw_fail(error, KW_E_USAGE, "a field's name is over %d bytes or holds a NUL",
                       KW_FIELD_NAME_BYTES);
    struct kw_batch *batch = find_batch(inverter, field);
    if (!batch)
        return kw_fail_memory(error);
    return kw_batch_add(batch, inverter->documents, inverter->entry.language, words, positions,
                        count, base, length, error);
}

enum kw_status kw_inverter_text(struct kw_inverter *inverter, const struct kw_extent *extents,
                                size_t count, const uint8_t *text, struct kw_error *error)
{
    for (size_t i = 0; i < count; i++)
        inverter->text_bytes += extents[i].bytes;
    return kw_store_writer_text(&inverter->store, extents, count, text, error);
}

enum kw_status kw_inverter_keyword(struct kw_inverter *inverter, struct kw_view column,
                                   struct kw_view value, struct kw_error *error)
{
    return kw_columns_writer_keyword(&inverter->columns, column, inverter->documents, value, error);
}

enum kw_status kw_inverter_key(struct kw_inverter *inverter, struct kw_view column,
                               enum kw_value_type type, uint64_t key, struct kw_error *error)
{
    return kw_columns_writer_key(&inverter->columns, column, type, inverter->documents, key, error);
}

enum kw_status kw_inverter_end(struct kw_inverter *inverter, struct kw_error *error)
{
    inverter->documents++;
    return kw_store_writer_record(&inverter->store, &inverter->entry, inverter->first_passage,
                                  inverter->text_bytes, error);
}

uint32_t kw_inverter_documents(const struct kw_inverter *inverter)
{
    return inverter->documents;
}

static int compare_batches(const void *left, const void *right)
{
    const struct kw_batch *a = left;
    const struct kw_batch *b = right;
    return kw_view_compare((struct kw_view){(const uint8_t *)a->name, a->name_size},
                           (struct kw_view){(const uint8_t *)b->name, b->name_size});
}

/* A field's lengths by document, zero where it has none. */
static uint32_t *field_lengths(const struct kw_inverter *inverter, const struct kw_batch *batch)
{
    uint32_t *lengths = calloc((size_t)inverter->documents + 1, sizeof *lengths);
    for (size_t i = 0; lengths && i < batch->run_count; i++)
        lengths[batch->runs.items[i].document] = batch->runs.items[i].length;
    return lengths;
}

/* Makes ready to write terms whose positions go to `pages`. */
static enum kw_status begin_terms(struct kw_inverter *inverter, struct kw_pages_writer *pages,
                                  struct kw_error *error)
{
    const char *spool = inverter->aside;
    enum kw_status status =
        kw_lexicon_writer_init(&inverter->lexicon, &inverter->postings, pages, spool, error);
    if (!status)
        status = kw_spool_init(&inverter->postings, spool, error);
    if (!status)
        status = kw_spool_init(&inverter->pairs.postings, spool, error);
    if (!status)
        status = kw_spool_init(&inverter->totals.lengths, spool, error);
    if (!status && !find_batch(inverter, (struct kw_view){NULL, 0}))
        status = kw_fail_memory(error);
    if (!status)
        qsort(inverter->fields.items, inverter->field_count, sizeof *inverter->fields.items,
              compare_batches);
    return status;
}

/* Writes all fields' terms; positions go to `pages` as they come, the rest into the buffers. */
static enum kw_status write_terms(struct kw_inverter *inverter, struct kw_pages_writer *pages,
                                  const struct kw_batch_words *vocabulary, struct kw_error *error)
{
    enum kw_status status = begin_terms(inverter, pages, error);
    for (size_t i = 0; i < inverter->field_count && !status; i++) {
        struct kw_batch *batch = &inverter->fields.items[i];
        struct kw_field_totals totals;
        uint32_t *by_document = field_lengths(inverter, batch);
        if (!by_document)
            return kw_fail_memory(error);
        bool paired = inverter->with_pairs && batch->name_size == 0;
        status = kw_field_write(batch, vocabulary, &inverter->lexicon,
                                paired ? &inverter->pairs : NULL, &totals, error);
        if (!status)
            status = kw_fields_writer_add(
                &inverter->totals, (struct kw_view){(const uint8_t *)batch->name, batch->name_size},
                &totals, by_document, inverter->documents, error);
        free(by_document);
    }
    return status;
}

static enum kw_status write_languages(struct kw_pages_writer *pages,
                                      const struct kw_batch_words *vocabulary,
                                      struct kw_error *error)
{
    struct kw_table_writer table = {0};
    for (uint32_t i = 0; i < vocabulary->language_count; i++) {
        kw_bytes_append_view(&table.records, vocabulary->languages[i].language);
        kw_table_writer_end(&table);
    }
    enum kw_status status =
        kw_table_writer_write(&table, pages, "languages", "languageindex", error);
    kw_table_writer_release(&table);
    return status;
}

enum kw_status kw_inverter_finish_text(struct kw_inverter *inverter, struct kw_error *error)
{
    inverter->has_text = true;
    return kw_store_writer_finish(&inverter->store, error);
}

enum kw_status kw_inverter_finish_terms(struct kw_inverter *inverter,
                                        const struct kw_batch_words *vocabulary,
                                        struct kw_error *error)
{
    enum kw_status status =
        kw_pages_writer_init_aside(&inverter->positions, inverter->aside, error);
    inverter->has_terms = true;
    return status ? status : write_terms(inverter, &inverter->positions, vocabulary, error);
}

/* Writes the section of positions. */
static enum kw_status write_positions(struct kw_inverter *inverter,
                                      const struct kw_batch_words *vocabulary,
                                      struct kw_error *error)
{
    struct kw_pages_writer *pages = &inverter->pages;
    kw_pages_writer_section(pages, "positions");
    return inverter->has_terms ? kw_pages_writer_take(pages, &inverter->positions, error)
                               : write_terms(inverter, pages, vocabulary, error);
}

enum kw_status kw_inverter_finish(struct kw_inverter *inverter,
                                  const struct kw_batch_words *vocabulary, bool sync,
                                  struct kw_error *error)
{
    struct kw_pages_writer *pages = &inverter->pages;
    enum kw_status status = inverter->has_text ? KW_OK : kw_inverter_finish_text(inverter, error);
    if (!status)
        status = write_languages(pages, vocabulary, error);
    if (!status)
        status = write_positions(inverter, vocabulary, error);
    if (!status)
        status = kw_write_terms(&inverter->lexicon, &inverter->pairs, pages, vocabulary->cut_count,
                                error);
    if (!status)
        status = kw_write_fields(&inverter->totals, pages, error);
    if (!status)
        status = kw_columns_writer_finish(&inverter->columns, pages, inverter->documents, error);
    return status ? status : kw_pages_writer_finish(pages, sync, error);
}
