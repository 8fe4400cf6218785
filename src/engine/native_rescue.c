/* Opens a damaged native index: what holds becomes its parts, and of the rest each document is
 * judged by itself. */
#include "engine/native_rescue.h"

#include "index/check_segment.h"
#include "index/columns.h"
#include "index/deletes.h"

#include <stdlib.h>

struct wreck {
    struct kw_wreck told;
    struct kw_segment *segment; /* NULL: nothing of it can be read. A part's if it is kept */
    size_t part;                /* of one that is kept */
    uint8_t *deleted;           /* a bit a document: it is deleted for certain */
};

struct kw_rescue {
    void (*report)(void *context, const char *problem);
    bool (*go_on)(void *context);
    void *context;
    uint64_t problems;
    struct kw_parts *parts; /* the writer's */
    struct wreck *items;
    size_t count;
    size_t capacity;
    struct {
        char **items;
        size_t count;
        size_t capacity;
    } files; /* that are damaged */
    struct kw_sources sources;
    bool has_sources; /* those above can be read in part */
    bool lost_sources;
};

/* ---- Opening ------------------------------------------------------------------------------ */

/* Reports a problem that opening a file met. */
static void tell(struct kw_rescue *rescue, const struct kw_error *cause)
{
    rescue->problems++;
    if (rescue->report)
        rescue->report(rescue->context, cause->message);
}

/* Notes a damaged file by its path, which it takes. */
static enum kw_status note_file(struct kw_rescue *rescue, char *path, struct kw_error *error)
{
    if (!path || !kw_grow(&rescue->files, rescue->files.count + 1)) {
        free(path);
        return kw_fail_memory(error);
    }
    rescue->files.items[rescue->files.count++] = path;
    return KW_OK;
}

/* Sets *holds to whether the segment passes the check; `undeleted` as in struct kw_checker. */
static enum kw_status check(struct kw_rescue *rescue, struct kw_segment *segment, bool undeleted,
                            bool silent, bool *holds, struct kw_error *error)
{
    struct kw_checker checker = {.report = silent ? NULL : rescue->report,
                                 .context = rescue->context,
                                 .undeleted = undeleted};
    enum kw_status status = kw_check_segment(&checker, segment, error);
    *holds = checker.problems == 0 && kw_segment_status(segment, NULL) == KW_OK;
    if (!silent)
        rescue->problems += checker.problems;
    return status;
}

static bool is_deleted(const struct wreck *wreck, uint32_t document)
{
    return wreck->deleted[document / 8] >> (document % 8) & 1;
}

/* Whether what a file of deletes takes off a field is what its documents have there, as far as both
 * can be read: else it belongs to another segment. */
static bool lengths_fit(struct wreck *wreck, uint32_t number, struct kw_pages *pages,
                        const struct kw_section *lengths)
{
    struct kw_field_info field;
    uint64_t documents = 0;
    uint64_t words = 0;
    const uint8_t *row = kw_pages_view(pages, lengths, (uint64_t)number * 16, 16);
    kw_pages_forget_damage(&wreck->segment->pages);
    if (!row || kw_segment_field(wreck->segment, number, &field, NULL) != KW_OK)
        return true;
    for (uint32_t i = 0; i < wreck->told.documents; i++) {
        uint32_t length = is_deleted(wreck, i) ? kw_segment_length(wreck->segment, &field, i) : 0;
        documents += length > 0;
        words += length;
    }
    return kw_segment_status(wreck->segment, NULL) != KW_OK ||
           (documents == kw_load64(row) && words == kw_load64(row + 8));
}

/* Takes the entries of a file of deletes, page by page: bits in wreck->deleted. False if they make
 * no sense; *whole: all of them could be read. */
static bool take_deletes(struct wreck *wreck, struct kw_pages *pages, bool *whole)
{
    const struct kw_section *entries = kw_pages_section(pages, "documents");
    const struct kw_section *lengths = kw_pages_section(pages, "lengths");
    uint32_t fields = wreck->segment->field_count;
    uint64_t next = 0;
    if (!entries || !lengths || lengths->size != (uint64_t)fields * 16 ||
        entries->size != (uint64_t)wreck->told.deleted * 4)
        return false;
    *whole = true;
    for (uint64_t at = 0; at < entries->size; at += 4) {
        const uint8_t *entry = kw_pages_view(pages, entries, at, 4);
        uint32_t document = entry ? kw_load32(entry) : 0;
        *whole = *whole && entry;
        if (!entry)
            continue;
        if (document < next || document >= wreck->told.documents)
            return false;
        wreck->deleted[document / 8] |= (uint8_t)(1U << (document % 8));
        next = (uint64_t)document + 1;
    }
    for (uint32_t i = 0; *whole && i < fields; i++)
        if (!lengths_fit(wreck, i, pages, lengths))
            return false;
    return true;
}

/* Reads what can be read of the deletes of a wreck. */
static enum kw_status read_deletes(struct wreck *wreck, const char *path, struct kw_error *error)
{
    struct kw_pages pages;
    bool whole = false;
    enum kw_status status = kw_pages_init(&pages, path, "dele", error);
    if (status == KW_E_DAMAGED || status == KW_E_NO_INDEX || status == KW_E_NOT_FOUND)
        return KW_OK;
    if (status != KW_OK)
        return status;
    if (!take_deletes(wreck, &pages, &whole)) {
        memset(wreck->deleted, 0, (size_t)wreck->told.documents / 8 + 1);
        whole = false;
    }
    wreck->told.deletes_known = whole;
    kw_pages_release(&pages);
    return KW_OK;
}

/* Makes the segment of `wreck` a part of the index, without what is known to be deleted. */
static enum kw_status keep(struct kw_rescue *rescue, const struct kw_manifest_segment *row,
                           struct wreck *wreck, struct kw_error *error)
{
    enum kw_status status = kw_parts_add(rescue->parts, wreck->segment, row->number, 0, 0, error);
    if (status != KW_OK)
        return status;
    wreck->told.kept = true;
    wreck->part = rescue->parts->count - 1;
    for (uint32_t i = 0; i < row->documents && status == KW_OK; i++)
        if (is_deleted(wreck, i))
            status = kw_part_delete(&rescue->parts->items[wreck->part], i, error);
    return status;
}

/* Adds a wreck for a row, with its segment as far as it can be opened. */
static enum kw_status add_wreck(struct kw_rescue *rescue, const struct kw_manifest_segment *row,
                                const char *path, const char *deletes, struct kw_error *error)
{
    struct kw_error cause = KW_ERROR_INIT;
    bool holds = false;
    if (!kw_grow(rescue, rescue->count + 1))
        return kw_fail_memory(error);
    struct wreck *wreck = &rescue->items[rescue->count++];
    *wreck = (struct wreck){.told = {.documents = row->documents, .deleted = row->deleted}};
    wreck->deleted = calloc((size_t)row->documents / 8 + 1, 1);
    if (!wreck->deleted)
        return kw_fail_memory(error);
    enum kw_status status = kw_segment_new(&wreck->segment, path, row->number, &cause);
    if (status == KW_E_MEMORY)
        return kw_fail_memory(error);
    if (wreck->segment && wreck->segment->documents != row->documents) {
        kw_segment_free(wreck->segment);
        wreck->segment = NULL;
    }
    status = KW_OK;
    wreck->told.deletes_known = row->deleted == 0;
    if (wreck->segment && row->deletes)
        status = read_deletes(wreck, deletes, error);
    /* What was wrong may have been the deletes alone. */
    if (status == KW_OK && wreck->segment && row->deletes)
        status = check(rescue, wreck->segment, true, true, &holds, error);
    return status == KW_OK && holds ? keep(rescue, row, wreck, error) : status;
}

/* Opens a segment with its deletes; false, and told, if it is not that of its row. */
static enum kw_status open_segment(struct kw_rescue *rescue, const struct kw_manifest_segment *row,
                                   const char *path, const char *deletes,
                                   struct kw_segment **segment, bool *deletes_hold,
                                   struct kw_error *error)
{
    struct kw_error cause = KW_ERROR_INIT;
    *deletes_hold = true;
    enum kw_status status = kw_segment_new(segment, path, row->number, &cause);
    if (status == KW_OK && (*segment)->documents != row->documents) {
        status =
            kw_fail(&cause, KW_E_DAMAGED, "'%s' is not the segment that its commit names", path);
    } else if (status == KW_OK && row->deletes) {
        status = kw_segment_attach_deletes(*segment, deletes, &cause);
        *deletes_hold = status == KW_OK;
        if (status == KW_OK && row->documents - kw_segment_live(*segment) != row->deleted) {
            status = kw_fail(&cause, KW_E_DAMAGED,
                             "'%s' has not as many entries as its commit says", deletes);
            *deletes_hold = false;
        }
    }
    if (status == KW_E_DAMAGED)
        tell(rescue, &cause);
    else if (status != KW_OK && error)
        *error = cause;
    return status;
}

static enum kw_status load_segment(struct kw_rescue *rescue, const struct kw_manifest_segment *row,
                                   const char *folder, struct kw_error *error)
{
    struct kw_segment *segment = NULL;
    bool holds = false;
    bool deletes_hold = true;
    char *path = kw_index_file(folder, "segment", row->number);
    char *deletes = kw_index_file(folder, "deletes", row->deletes);
    enum kw_status status = path && deletes ? KW_OK : kw_fail_memory(error);
    if (status == KW_OK)
        status = open_segment(rescue, row, path, deletes, &segment, &deletes_hold, error);
    if (status == KW_OK || (status == KW_E_DAMAGED && segment)) {
        bool opened = status == KW_OK;
        status = check(rescue, segment, !deletes_hold, false, &holds, error);
        holds = holds && opened;
    } else if (status == KW_E_DAMAGED) {
        status = KW_OK;
    }
    if (status == KW_OK && holds) {
        status = kw_parts_add(rescue->parts, segment, row->number, row->deletes, 0, error);
        segment = status == KW_OK ? NULL : segment;
    } else if (status == KW_OK) {
        status = add_wreck(rescue, row, path, deletes, error);
        const struct kw_wreck *told =
            status == KW_OK ? &rescue->items[rescue->count - 1].told : NULL;
        bool kept = told && told->kept;
        if (told && row->deletes && (kept || !deletes_hold || !told->deletes_known)) {
            status = note_file(rescue, deletes, error);
            deletes = NULL;
        }
        if (status == KW_OK && !kept) {
            status = note_file(rescue, path, error);
            path = NULL;
        }
    }
    kw_segment_free(segment);
    free(path);
    free(deletes);
    return status;
}

static enum kw_status load_sources(struct kw_rescue *rescue, const char *folder,
                                   struct kw_manifest *manifest, struct kw_error *error)
{
    struct kw_checker checker = {.report = rescue->report, .context = rescue->context};
    char *path = kw_index_file(folder, "sources", manifest->sources);
    enum kw_status status = path ? kw_check_sources(&checker, path, error) : kw_fail_memory(error);
    rescue->problems += checker.problems;
    if (status != KW_OK || !checker.problems) {
        free(path);
        return status;
    }
    rescue->lost_sources = true;
    rescue->has_sources = kw_sources_init(&rescue->sources, path, NULL) == KW_OK;
    manifest->sources = 0;
    return note_file(rescue, path, error);
}

enum kw_status kw_rescue_load(struct kw_rescue *rescue, const char *folder,
                              struct kw_manifest *manifest, struct kw_parts *parts,
                              struct kw_error *error)
{
    rescue->parts = parts;
    enum kw_status status = kw_manifest_init(manifest, folder, error);
    if (status == KW_OK && manifest->sources)
        status = load_sources(rescue, folder, manifest, error);
    for (uint32_t i = 0; i < manifest->segment_count && status == KW_OK; i++) {
        if (rescue->go_on && !rescue->go_on(rescue->context))
            status = kw_fail(error, KW_E_INTERRUPTED, "interrupted");
        else
            status = load_segment(rescue, &manifest->segments[i], folder, error);
    }
    return status;
}

enum kw_status kw_rescue_new(struct kw_rescue **out,
                             void (*report)(void *context, const char *problem),
                             bool (*go_on)(void *context), void *context, struct kw_error *error)
{
    *out = calloc(1, sizeof **out);
    if (!*out)
        return kw_fail_memory(error);
    (*out)->report = report;
    (*out)->go_on = go_on;
    (*out)->context = context;
    return KW_OK;
}

void kw_rescue_free(struct kw_rescue *rescue)
{
    if (!rescue)
        return;
    for (size_t i = 0; i < rescue->count; i++) {
        if (!rescue->items[i].told.kept)
            kw_segment_free(rescue->items[i].segment);
        free(rescue->items[i].deleted);
    }
    free(rescue->items);
    for (size_t i = 0; i < rescue->files.count; i++)
        free(rescue->files.items[i]);
    free(rescue->files.items);
    if (rescue->has_sources)
        kw_sources_release(&rescue->sources);
    free(rescue);
}

/* ---- Looking ------------------------------------------------------------------------------ */

uint64_t kw_rescue_problems(const struct kw_rescue *rescue)
{
    return rescue->problems;
}

const char *kw_rescue_file(const struct kw_rescue *rescue, size_t i)
{
    return i < rescue->files.count ? rescue->files.items[i] : NULL;
}

size_t kw_rescue_wrecks(const struct kw_rescue *rescue)
{
    return rescue->count;
}

const struct kw_wreck *kw_rescue_wreck(const struct kw_rescue *rescue, size_t wreck)
{
    return &rescue->items[wreck].told;
}

bool kw_rescue_lost_sources(const struct kw_rescue *rescue)
{
    return rescue->lost_sources;
}

struct kw_sources *kw_rescue_sources(struct kw_rescue *rescue)
{
    return rescue->has_sources ? &rescue->sources : NULL;
}

/* ---- Documents ---------------------------------------------------------------------------- */

/* Whether the fields of a record are as many as it says, and nothing is behind them. */
static bool fields_hold(const struct kw_record *record)
{
    struct kw_view fields = record->fields;
    struct kw_record_field field;
    for (uint64_t i = 0; i < record->field_count; i++)
        if (!kw_record_next_field(&fields, &field))
            return false;
    return fields.size == 0;
}

enum kw_status kw_rescue_document(struct kw_rescue *rescue, size_t wreck, uint32_t document,
                                  struct kw_salvaged *out, struct kw_error *error)
{
    const struct wreck *from = &rescue->items[wreck];
    *out = (struct kw_salvaged){.deleted = is_deleted(from, document)};
    if (!from->segment)
        return KW_OK;
    kw_pages_forget_damage(&from->segment->pages);
    enum kw_status status = kw_segment_record(from->segment, document, &out->record, error);
    out->named = status == KW_OK && fields_hold(&out->record);
    return status == KW_E_MEMORY ? status : KW_OK;
}

/* The key of a document's only value in a column; false if it cannot be read. */
static bool read_key(struct kw_segment *segment, const char *name, enum kw_value_type type,
                     uint32_t document, uint64_t *key)
{
    struct kw_column column;
    struct kw_values values;
    kw_pages_forget_damage(&segment->pages);
    if (kw_segment_find_column(segment, kw_view_of(name), &column, NULL) != KW_OK ||
        column.type != type)
        return false;
    kw_values_init(&values, segment, &column);
    if (kw_values_advance(&values, document) != document || values.count != 1)
        return false;
    *key = kw_column_key(&column, kw_values_code(&values, 0));
    return kw_segment_status(segment, NULL) == KW_OK;
}

/* Reads size and time of the file that a document is. */
static void read_facts(struct kw_segment *segment, uint32_t document, struct kw_salvaged_text *out)
{
    enum { SECOND = 1000000 };
    uint64_t size;
    uint64_t date;
    out->facts_known = read_key(segment, "size", KW_TYPE_NUMBER, document, &size) &&
                       read_key(segment, "date", KW_TYPE_DATE, document, &date);
    if (!out->facts_known)
        return;
    double number = kw_number_of_key(size);
    int64_t time = kw_date_of_key(date);
    out->facts_known = number >= 0 && number < 0x1p53;
    if (out->facts_known)
        out->facts = (struct kw_file_facts){(uint64_t)number, time / SECOND - (time % SECOND < 0)};
}

enum kw_status kw_rescue_text(struct kw_rescue *rescue, size_t wreck, uint32_t document,
                              const struct kw_record *record, struct kw_salvaged_text *out,
                              struct kw_error *error)
{
    struct kw_segment *segment = rescue->items[wreck].segment;
    struct kw_field_info field;
    struct kw_border *borders = calloc(record->passage_count + 1, sizeof *borders);
    if (!borders)
        return kw_fail_memory(error);
    kw_pages_forget_damage(&segment->pages);
    enum kw_status status = kw_segment_borders(segment, record, 0, borders, error);
    out->body = 0;
    for (uint64_t i = 0; i < record->passage_count && status == KW_OK; i++)
        out->body += borders[i].words;
    if (status == KW_OK)
        status = kw_segment_text(segment, record->first_passage, record->passage_count, &out->text,
                                 error);
    if (status == KW_OK)
        status = kw_segment_status(segment, error);
    free(borders);
    if (status != KW_OK)
        return status;
    out->words_known = kw_segment_field(segment, 0, &field, NULL) == KW_OK;
    if (out->words_known) {
        out->words = kw_segment_length(segment, &field, document);
        out->words_known = kw_segment_status(segment, NULL) == KW_OK;
    }
    out->facts_known = false;
    if (!record->line) /* it is a file, or one in an archive */
        read_facts(segment, document, out);
    return KW_OK;
}

enum kw_status kw_rescue_superseded(struct kw_rescue *rescue, size_t wreck, uint32_t document,
                                    struct kw_view id, bool *superseded, struct kw_error *error)
{
    const struct wreck *from = &rescue->items[wreck];
    size_t part;
    uint32_t found;
    enum kw_status status = kw_parts_find(rescue->parts, id, &part, &found, error);
    *superseded = status == KW_OK && !(from->told.kept && part == from->part && found == document);
    return status == KW_E_NOT_FOUND ? KW_OK : status;
}

enum kw_status kw_rescue_delete(struct kw_rescue *rescue, size_t wreck, uint32_t document,
                                struct kw_error *error)
{
    return kw_part_delete(&rescue->parts->items[rescue->items[wreck].part], document, error);
}

enum kw_status kw_rescue_records(struct kw_rescue *rescue, bool deleted,
                                 enum kw_status (*take)(void *context,
                                                        const struct kw_record *record,
                                                        struct kw_error *error),
                                 void *context, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    for (size_t i = 0; i < rescue->parts->count && status == KW_OK; i++) {
        const struct kw_part *part = &rescue->parts->items[i];
        for (uint32_t k = 0; part->serial == 0 && k < part->segment->documents; k++) {
            struct kw_record record;
            if (kw_part_deleted(part, k) != deleted)
                continue;
            status = kw_segment_record(part->segment, k, &record, error);
            if (status == KW_OK)
                status = take(context, &record, error);
            if (status != KW_OK)
                break;
        }
    }
    return status;
}
