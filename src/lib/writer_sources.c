/* The ledger of sources: overlays the committed ones with what a run learns.
 *
 * In the file of sources, a root is coded as `p` and its code (writer_roots.h), followed by when it
 * was walked as `w`, its path and a varint of seconds, a reading as `r` and its code; a file's kind
 * is, from the low bits, what it holds (2), gone (1), conflict (1) and the number of its reading
 * (4). */
#include "lib/writer_sources.h"

#include <stdlib.h>

static uint8_t pack_kind(const struct kw_known *known)
{
    return (uint8_t)((unsigned)known->holds | (unsigned)known->gone << 2 |
                     (unsigned)known->conflict << 3 | (unsigned)known->reading << 4);
}

static struct kw_known unpack(const struct kw_source_file *file)
{
    return (struct kw_known){
        .size = file->size,
        .mtime = file->mtime,
        .inode = file->inode,
        .holds = (enum kw_holds)(file->kind & 3),
        .gone = file->kind >> 2 & 1,
        .conflict = file->kind >> 3 & 1,
        .reading = file->kind >> 4,
    };
}

/* ---- Loading ------------------------------------------------------------------------------ */

/* Takes the row of a root, of when it was walked, or of a reading. */
static enum kw_status take_root(struct kw_ledger *ledger, struct kw_view row,
                                struct kw_error *error)
{
    struct kw_view kind;
    struct kw_view path;
    uint64_t seconds;
    if (!kw_take_bytes(&row, 1, &kind))
        return KW_OK;
    struct kw_view code = row;
    if (kind.data[0] == 'p' && kw_take_string(&row, &path))
        return kw_ledger_set_root(ledger, path, code, error);
    if (kind.data[0] == 'w' && kw_take_string(&row, &path) && kw_take_varint(&row, &seconds))
        kw_ledger_set_walked(ledger, path, (int64_t)seconds);
    if (kind.data[0] == 'r' && kw_names_add(&ledger->readings, code) == KW_NO_NAME)
        return kw_fail_memory(error);
    return KW_OK;
}

static enum kw_status load_roots(struct kw_ledger *ledger, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    for (uint64_t i = 0; i < kw_sources_roots(ledger->sources) && status == KW_OK; i++) {
        struct kw_view row;
        status = kw_sources_root(ledger->sources, i, &row, error);
        if (status == KW_OK)
            status = take_root(ledger, row, error);
    }
    return status;
}

enum kw_status kw_ledger_init(struct kw_ledger *ledger, struct kw_sources *sources,
                              struct kw_error *error)
{
    *ledger = (struct kw_ledger)KW_LEDGER_INIT;
    ledger->sources = sources;
    if (!sources)
        return KW_OK;
    enum kw_status status = load_roots(ledger, error);
    for (uint64_t i = 0; i < kw_sources_gone(sources) && status == KW_OK; i++) {
        struct kw_view id;
        status = kw_sources_gone_id(sources, i, &id, error);
        if (status == KW_OK)
            status = kw_ledger_set_gone(ledger, id, true, error);
    }
    ledger->changed = false;
    if (status != KW_OK)
        kw_ledger_release(ledger);
    return status;
}

/* Takes over the readings and roots of damaged sources. Files name readings by number: if a row is
 * lost, *numbered is false. */
static enum kw_status salvage_roots(struct kw_ledger *ledger, struct kw_sources *sources,
                                    struct kw_ledger_losses *losses, bool *numbered,
                                    struct kw_error *error)
{
    enum kw_status status = KW_OK;
    *numbered = true;
    for (uint64_t i = 0; i < kw_sources_roots(sources) && status == KW_OK; i++) {
        struct kw_view row;
        enum kw_status found = kw_sources_root(sources, i, &row, NULL);
        if (found == KW_OK)
            status = take_root(ledger, row, error);
        else
            losses->roots++;
        *numbered = *numbered && found == KW_OK;
    }
    return status;
}

static enum kw_status salvage_files(struct kw_ledger *ledger, struct kw_sources *sources,
                                    struct kw_ledger_losses *losses, bool numbered,
                                    struct kw_error *error)
{
    enum kw_status status = KW_OK;
    for (uint64_t i = 0; i < kw_sources_files(sources) && status == KW_OK; i++) {
        struct kw_source_file file;
        if (kw_sources_file(sources, i, &file, NULL) != KW_OK) {
            losses->files++;
            continue;
        }
        struct kw_known known = unpack(&file);
        if (!numbered)
            known.reading = KW_READING_UNKNOWN;
        status = kw_ledger_set(ledger, file.path, &known, error);
    }
    return status;
}

enum kw_status kw_ledger_salvage(struct kw_ledger *ledger, struct kw_sources *sources,
                                 struct kw_ledger_losses *losses, struct kw_error *error)
{
    bool numbered;
    ledger->changed = true;
    *losses = (struct kw_ledger_losses){UINT64_MAX, UINT64_MAX, UINT64_MAX};
    if (!sources)
        return KW_OK;
    *losses = (struct kw_ledger_losses){0, 0, 0};
    enum kw_status status = salvage_roots(ledger, sources, losses, &numbered, error);
    if (status == KW_OK)
        status = salvage_files(ledger, sources, losses, numbered, error);
    for (uint64_t i = 0; i < kw_sources_gone(sources) && status == KW_OK; i++) {
        struct kw_view id;
        if (kw_sources_gone_id(sources, i, &id, NULL) == KW_OK)
            status = kw_ledger_set_gone(ledger, id, true, error);
        else
            losses->gone++;
    }
    return status;
}

void kw_ledger_release(struct kw_ledger *ledger)
{
    for (size_t i = 0; i < ledger->root_codes.count; i++)
        kw_bytes_release(&ledger->root_codes.items[i]);
    free(ledger->root_codes.items);
    free(ledger->walked.items);
    free(ledger->touched.items);
    free(ledger->is_gone.items);
    kw_names_release(&ledger->paths);
    kw_names_release(&ledger->gone);
    kw_names_release(&ledger->roots);
    kw_names_release(&ledger->readings);
    *ledger = (struct kw_ledger)KW_LEDGER_INIT;
}

/* ---- Files -------------------------------------------------------------------------------- */

enum kw_status kw_ledger_find(struct kw_ledger *ledger, struct kw_view path, struct kw_known *known,
                              struct kw_error *error)
{
    struct kw_source_file file;
    uint32_t number = kw_names_find(&ledger->paths, path);
    if (number != KW_NO_NAME) {
        if (!ledger->touched.items[number].present)
            return KW_E_NOT_FOUND;
        *known = unpack(&ledger->touched.items[number].file);
        return KW_OK;
    }
    if (!ledger->sources)
        return KW_E_NOT_FOUND;
    enum kw_status status = kw_sources_find(ledger->sources, path, &file, error);
    if (status == KW_OK)
        *known = unpack(&file);
    return status;
}

/* The entry of a touched file, made if need be; NULL when memory runs out. */
static struct kw_touched *touch(struct kw_ledger *ledger, struct kw_view path)
{
    if (!kw_grow(&ledger->touched, ledger->paths.count + 1))
        return NULL;
    uint32_t number = kw_names_add(&ledger->paths, path);
    if (number == KW_NO_NAME)
        return NULL;
    ledger->touched.count = ledger->paths.count;
    ledger->changed = true;
    struct kw_touched *touched = &ledger->touched.items[number];
    *touched = (struct kw_touched){.present = false};
    touched->file.path = kw_names_get(&ledger->paths, number);
    return touched;
}

enum kw_status kw_ledger_set(struct kw_ledger *ledger, struct kw_view path,
                             const struct kw_known *known, struct kw_error *error)
{
    struct kw_touched *touched = touch(ledger, path);
    if (!touched)
        return kw_fail_memory(error);
    touched->present = true;
    touched->file.size = known->size;
    touched->file.mtime = known->mtime;
    touched->file.inode = known->inode;
    touched->file.kind = pack_kind(known);
    return KW_OK;
}

enum kw_status kw_ledger_drop(struct kw_ledger *ledger, struct kw_view path, struct kw_error *error)
{
    return touch(ledger, path) ? KW_OK : kw_fail_memory(error);
}

enum kw_status kw_ledger_files(struct kw_ledger *ledger, struct kw_source_file **files,
                               size_t *count, struct kw_error *error)
{
    size_t old = ledger->sources ? (size_t)kw_sources_files(ledger->sources) : 0;
    enum kw_status status = KW_OK;
    struct kw_source_file *list = calloc(old + ledger->touched.count + 1, sizeof *list);
    *count = 0;
    *files = NULL;
    if (!list)
        return kw_fail_memory(error);
    for (size_t i = 0; i < old && status == KW_OK; i++) {
        status = kw_sources_file(ledger->sources, i, &list[*count], error);
        if (status == KW_OK && kw_names_find(&ledger->paths, list[*count].path) == KW_NO_NAME)
            (*count)++;
    }
    if (status != KW_OK) {
        free(list);
        return status;
    }
    for (size_t i = 0; i < ledger->touched.count; i++) {
        if (ledger->touched.items[i].present)
            list[(*count)++] = ledger->touched.items[i].file;
    }
    *files = list;
    return KW_OK;
}

/* ---- Deleted ids, roots, readings --------------------------------------------------------- */

bool kw_ledger_is_gone(const struct kw_ledger *ledger, struct kw_view id)
{
    uint32_t number = kw_names_find(&ledger->gone, id);
    return number != KW_NO_NAME && ledger->is_gone.items[number];
}

enum kw_status kw_ledger_set_gone(struct kw_ledger *ledger, struct kw_view id, bool gone,
                                  struct kw_error *error)
{
    if (kw_ledger_is_gone(ledger, id) == gone)
        return KW_OK;
    if (!kw_grow(&ledger->is_gone, ledger->gone.count + 1))
        return kw_fail_memory(error);
    uint32_t number = kw_names_add(&ledger->gone, id);
    if (number == KW_NO_NAME)
        return kw_fail_memory(error);
    ledger->is_gone.count = ledger->gone.count;
    ledger->is_gone.items[number] = gone;
    ledger->changed = true;
    return KW_OK;
}

enum kw_status kw_ledger_set_root(struct kw_ledger *ledger, struct kw_view path,
                                  struct kw_view code, struct kw_error *error)
{
    if (!kw_grow(&ledger->root_codes, ledger->roots.count + 1) ||
        !kw_grow(&ledger->walked, ledger->roots.count + 1))
        return kw_fail_memory(error);
    uint32_t number = kw_names_add(&ledger->roots, path);
    if (number == KW_NO_NAME)
        return kw_fail_memory(error);
    if (number == ledger->root_codes.count) {
        ledger->root_codes.items[ledger->root_codes.count++] = (struct kw_bytes)KW_BYTES_INIT;
        ledger->walked.items[ledger->walked.count++] = 0;
    }
    struct kw_bytes *kept = &ledger->root_codes.items[number];
    if (kw_view_equal(kw_bytes_view(kept), code))
        return KW_OK;
    ledger->changed = true;
    kw_bytes_clear(kept);
    kw_bytes_append_view(kept, code);
    return kw_bytes_status(kept, error);
}

void kw_ledger_set_walked(struct kw_ledger *ledger, struct kw_view path, int64_t seconds)
{
    uint32_t number = kw_names_find(&ledger->roots, path);
    if (number == KW_NO_NAME || ledger->walked.items[number] == seconds)
        return;
    ledger->walked.items[number] = seconds;
    ledger->changed = true;
}

void kw_ledger_forget_root(struct kw_ledger *ledger, struct kw_view path)
{
    uint32_t number = kw_names_find(&ledger->roots, path);
    if (number == KW_NO_NAME || !ledger->root_codes.items[number].size)
        return;
    kw_bytes_clear(&ledger->root_codes.items[number]);
    ledger->walked.items[number] = 0;
    ledger->changed = true;
}

enum kw_status kw_ledger_reading(struct kw_ledger *ledger, struct kw_view code, uint8_t *reading,
                                 struct kw_error *error)
{
    uint32_t number = kw_names_find(&ledger->readings, code);
    if (number == KW_NO_NAME && ledger->readings.count < KW_READINGS) {
        number = kw_names_add(&ledger->readings, code);
        if (number == KW_NO_NAME)
            return kw_fail_memory(error);
        ledger->changed = true;
    }
    *reading = number < KW_READINGS ? (uint8_t)number : KW_READING_UNKNOWN;
    return KW_OK;
}

/* ---- Committing --------------------------------------------------------------------------- */

/* The rows of readings and roots, coded into `bytes`; their views in *rows, for the caller. */
static enum kw_status list_roots(const struct kw_ledger *ledger, struct kw_bytes *bytes,
                                 struct kw_view **rows, size_t *count, struct kw_error *error)
{
    size_t at = 0;
    *count = 0;
    *rows = calloc(ledger->readings.count + 2 * ledger->root_codes.count + 1, sizeof **rows);
    if (!*rows)
        return kw_fail_memory(error);
    for (size_t i = 0; i < ledger->readings.count; i++) {
        kw_bytes_append_byte(bytes, 'r');
        kw_bytes_append_view(bytes, kw_names_get(&ledger->readings, (uint32_t)i));
        (*rows)[(*count)++].size = bytes->size - at;
        at = bytes->size;
    }
    for (size_t i = 0; i < ledger->root_codes.count; i++) {
        if (!ledger->root_codes.items[i].size)
            continue;
        kw_bytes_append_byte(bytes, 'p');
        kw_bytes_append_view(bytes, kw_bytes_view(&ledger->root_codes.items[i]));
        (*rows)[(*count)++].size = bytes->size - at;
        at = bytes->size;
        if (!ledger->walked.items[i])
            continue;
        kw_bytes_append_byte(bytes, 'w');
        kw_bytes_string(bytes, kw_names_get(&ledger->roots, (uint32_t)i));
        kw_bytes_varint(bytes, (uint64_t)ledger->walked.items[i]);
        (*rows)[(*count)++].size = bytes->size - at;
        at = bytes->size;
    }
    enum kw_status status = kw_bytes_status(bytes, error);
    at = 0;
    for (size_t i = 0; i < *count && status == KW_OK; i++) {
        (*rows)[i].data = bytes->data + at;
        at += (*rows)[i].size;
    }
    return status;
}

enum kw_status kw_ledger_commit(struct kw_ledger *ledger, struct kw_engine_writer *engine,
                                struct kw_error *error)
{
    struct kw_source_file *files = NULL;
    struct kw_bytes bytes = KW_BYTES_INIT;
    struct kw_view *rows = NULL;
    struct kw_view *gone = calloc(ledger->gone.count + 1, sizeof *gone);
    size_t file_count = 0;
    size_t row_count = 0;
    size_t gone_count = 0;
    enum kw_status status = gone ? KW_OK : kw_fail_memory(error);
    if (status == KW_OK)
        status = kw_ledger_files(ledger, &files, &file_count, error);
    if (status == KW_OK)
        status = list_roots(ledger, &bytes, &rows, &row_count, error);
    for (size_t i = 0; i < ledger->gone.count && status == KW_OK; i++) {
        if (ledger->is_gone.items[i])
            gone[gone_count++] = kw_names_get(&ledger->gone, (uint32_t)i);
    }
    if (status == KW_OK)
        status = engine->ops->commit(engine, files, file_count, rows, row_count, gone, gone_count,
                                     error);
    if (status == KW_OK) {
        ledger->sources = engine->ops->sources(engine);
        ledger->changed = false;
        ledger->touched.count = 0;
        kw_names_clear(&ledger->paths);
    }
    kw_bytes_release(&bytes);
    free(files);
    free(rows);
    free(gone);
    return status;
}
