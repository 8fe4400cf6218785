/* The native engine: the door's calls over a snapshot's segments. */
#include "engine/native_engine.h"

#include "engine/native_contents.h"
#include "engine/native_terms.h"
#include "index/columns.h"
#include "index/expand.h"
#include "rank/statistics.h"

#include <stdlib.h>

struct native_engine {
    struct kw_engine base;
    struct kw_snapshot *snapshot;
    char *folder;              /* without symbolic links */
    char *base_directory;      /* absolute */
    struct kw_sources sources; /* read when they are asked for */
    bool has_sources;
};

/* A document's number taken apart. */
struct place {
    struct kw_segment *segment;
    uint32_t document;
};

static struct kw_snapshot *snapshot_of(struct kw_engine *engine)
{
    return ((struct native_engine *)engine)->snapshot;
}

static enum kw_status find_place(struct kw_engine *engine, uint64_t number, struct place *place,
                                 struct kw_error *error)
{
    struct kw_snapshot *snapshot = snapshot_of(engine);
    uint64_t segment = number >> 32;
    *place = (struct place){NULL, (uint32_t)number};
    if (segment >= snapshot->manifest.segment_count ||
        place->document >= snapshot->segments[segment]->documents)
        return kw_fail(error, KW_E_NOT_FOUND, "no document has the number %llu",
                       (unsigned long long)number);
    place->segment = snapshot->segments[segment];
    return kw_segment_status(place->segment, error);
}

static void native_free(struct kw_engine *engine)
{
    struct native_engine *native = (struct native_engine *)engine;
    if (!engine)
        return;
    if (native->has_sources)
        kw_sources_release(&native->sources);
    kw_snapshot_free(native->snapshot);
    free(native->folder);
    free(native->base_directory);
    free(native);
}

/* ---- Changes under a reader: a snapshot has none ------------------------------------------- */

static enum kw_status native_renew(struct kw_engine *engine, unsigned tries, bool alone,
                                   bool *renewed, struct kw_error *error)
{
    (void)engine, (void)tries, (void)alone, (void)error;
    *renewed = false;
    return KW_OK;
}

static enum kw_status native_hold(struct kw_engine *engine, const struct kw_plan *plan,
                                  const uint64_t *documents, size_t count, bool passages,
                                  struct kw_engine **out, struct kw_error *error)
{
    (void)engine, (void)plan, (void)documents, (void)count, (void)passages, (void)error;
    *out = NULL;
    return KW_OK;
}

/* ---- The index as a whole ----------------------------------------------------------------- */

static void native_settings(struct kw_engine *engine, struct kw_analysis *settings)
{
    kw_native_settings(snapshot_of(engine), settings);
}

static enum kw_status native_language(struct kw_engine *engine, uint64_t *at, struct kw_view *name,
                                      struct kw_error *error)
{
    return kw_native_language(snapshot_of(engine), at, name, error);
}

static enum kw_status native_field(struct kw_engine *engine, uint64_t *at,
                                   struct kw_engine_field *field, struct kw_error *error)
{
    return kw_native_field(snapshot_of(engine), at, field, error);
}

static const char *native_base(struct kw_engine *engine)
{
    return ((struct native_engine *)engine)->base_directory;
}

static const char *native_folder(struct kw_engine *engine)
{
    return ((struct native_engine *)engine)->folder;
}

static enum kw_status native_sources(struct kw_engine *engine, struct kw_sources **sources,
                                     struct kw_error *error)
{
    struct native_engine *native = (struct native_engine *)engine;
    uint64_t number = native->snapshot->manifest.sources;
    *sources = number ? &native->sources : NULL;
    if (native->has_sources || !number)
        return KW_OK;
    char *path = kw_index_file(native->snapshot->folder, "sources", number);
    enum kw_status status =
        path ? kw_sources_init(&native->sources, path, error) : kw_fail_memory(error);
    native->has_sources = status == KW_OK;
    free(path);
    return status;
}

static enum kw_status native_figures(struct kw_engine *engine, struct kw_figures *figures,
                                     struct kw_error *error)
{
    return kw_native_figures(snapshot_of(engine), figures, error);
}

static enum kw_status native_sizes(struct kw_engine *engine,
                                   void (*take)(void *context, const char *kind, uint64_t bytes),
                                   void *context, struct kw_error *error)
{
    return kw_native_sizes(snapshot_of(engine), take, context, error);
}

static enum kw_status native_counts(struct kw_engine *engine, struct kw_counts *counts,
                                    struct kw_error *error)
{
    return kw_native_counts(snapshot_of(engine), counts, error);
}

static enum kw_status native_terms(struct kw_engine *engine, struct kw_term_stream **out,
                                   struct kw_view field, struct kw_view begin, const char *language,
                                   struct kw_error *error)
{
    return kw_native_terms_new(out, snapshot_of(engine), field, begin, language, error);
}

/* ---- Searching ---------------------------------------------------------------------------- */

static enum kw_status expand_segment(struct kw_segment *segment, struct kw_view field,
                                     const struct kw_pattern *pattern, struct kw_found_terms *found,
                                     struct kw_error *error)
{
    struct kw_expand_cursor cursor;
    enum kw_status status = kw_expand_cursor_init(&cursor, segment, field, pattern, error);
    while (status == KW_OK && (status = kw_expand_cursor_next(&cursor, error)) == KW_OK)
        status = kw_found_terms_add(found, cursor.term,
                                    kw_live_documents(segment, &cursor.lexicon.term), error);
    found->looked_at += cursor.looked_at;
    kw_expand_cursor_release(&cursor);
    return status == KW_END ? kw_segment_status(segment, error) : status;
}

static enum kw_status native_expand(struct kw_engine *engine, struct kw_view field,
                                    const struct kw_pattern *pattern, struct kw_found_terms *found,
                                    struct kw_error *error)
{
    struct kw_snapshot *snapshot = snapshot_of(engine);
    enum kw_status status = KW_OK;
    for (uint32_t i = 0; i < snapshot->manifest.segment_count && status == KW_OK; i++)
        status = expand_segment(snapshot->segments[i], field, pattern, found, error);
    return status;
}

static enum kw_status native_statistics(struct kw_engine *engine, const struct kw_plan *plan,
                                        struct kw_statistics *statistics, struct kw_error *error)
{
    struct kw_snapshot *snapshot = snapshot_of(engine);
    enum kw_status status = KW_OK;
    for (uint32_t i = 0; i < snapshot->manifest.segment_count && status == KW_OK; i++)
        status = kw_rank_statistics(snapshot->segments[i], plan, statistics, error);
    return status;
}

static enum kw_status native_search(struct kw_engine *engine, const struct kw_plan *plan,
                                    const struct kw_statistics *statistics, struct kw_top *top,
                                    uint64_t *matches, struct kw_facets *facets,
                                    struct kw_error *error)
{
    struct kw_snapshot *snapshot = snapshot_of(engine);
    enum kw_status status = KW_OK;
    for (uint32_t i = 0; i < snapshot->manifest.segment_count && status == KW_OK; i++)
        status = kw_rank_segment(snapshot->segments[i], i, plan, statistics, top, matches, facets,
                                 error);
    return status;
}

static enum kw_status native_judge(struct kw_engine *engine, const struct kw_plan *plan,
                                   const struct kw_statistics *statistics, uint64_t document,
                                   bool *matched, struct kw_part *parts, struct kw_error *error)
{
    struct place place;
    enum kw_status status = find_place(engine, document, &place, error);
    if (status == KW_OK)
        status = kw_rank_document(place.segment, place.document, plan, statistics, matched, parts,
                                  error);
    return status;
}

/* What is damaged marks its segment, so that native_status tells of it. */
static int native_order(struct kw_engine *engine, uint64_t a, uint64_t b)
{
    struct kw_snapshot *snapshot = snapshot_of(engine);
    struct kw_segment *segment = snapshot->segments[a >> 32];
    struct kw_segment *other = snapshot->segments[b >> 32];
    struct kw_record left, right;
    if (segment == other) {
        uint32_t first = kw_segment_id_rank(segment, (uint32_t)a);
        uint32_t second = kw_segment_id_rank(segment, (uint32_t)b);
        return (first > second) - (first < second);
    }
    if (kw_segment_record(segment, (uint32_t)a, &left, NULL) != KW_OK ||
        kw_segment_record(other, (uint32_t)b, &right, NULL) != KW_OK)
        return 0;
    return kw_view_compare(left.id, right.id);
}

static enum kw_status native_status(struct kw_engine *engine, struct kw_error *error)
{
    struct kw_snapshot *snapshot = snapshot_of(engine);
    enum kw_status status = KW_OK;
    for (uint32_t i = 0; i < snapshot->manifest.segment_count && status == KW_OK; i++)
        status = kw_segment_status(snapshot->segments[i], error);
    return status;
}

/* ---- Documents ---------------------------------------------------------------------------- */

static enum kw_status native_record(struct kw_engine *engine, uint64_t document,
                                    struct kw_record *record, struct kw_error *error)
{
    struct place place;
    enum kw_status status = find_place(engine, document, &place, error);
    if (status == KW_OK)
        status = kw_segment_record(place.segment, place.document, record, error);
    return status;
}

static enum kw_status native_words(struct kw_engine *engine, uint64_t document, uint64_t *words,
                                   struct kw_error *error)
{
    struct place place;
    struct kw_field_info info;
    enum kw_status status = find_place(engine, document, &place, error);
    if (status == KW_OK)
        status = kw_segment_field(place.segment, 0, &info, error);
    if (status != KW_OK)
        return status;
    *words = kw_segment_length(place.segment, &info, place.document);
    return kw_segment_status(place.segment, error);
}

static enum kw_status native_value(struct kw_engine *engine, uint64_t document, struct kw_view name,
                                   uint32_t number, enum kw_value_type *type, struct kw_bytes *out,
                                   struct kw_error *error)
{
    struct place place;
    struct kw_column column;
    struct kw_values values;
    char text[KW_VALUE_SIZE];
    enum kw_status status = find_place(engine, document, &place, error);
    if (status == KW_OK)
        status = kw_segment_find_column(place.segment, name, &column, error);
    if (status != KW_OK)
        return status;
    kw_values_init(&values, place.segment, &column);
    if (kw_values_advance(&values, place.document) != place.document || number >= values.count) {
        status = kw_segment_status(place.segment, error);
        return status == KW_OK ? KW_E_NOT_FOUND : status;
    }
    *type = column.type;
    uint64_t code = kw_values_code(&values, number);
    if (column.type == KW_TYPE_KEYWORD)
        return kw_column_keyword(place.segment, &column, code, out, error);
    if (kw_key_format(column.type, kw_column_key(&column, code), text))
        kw_bytes_append_text(out, text);
    return kw_segment_status(place.segment, error);
}

/* The position of a document's first word behind its title. */
static enum kw_status first_position(const struct place *place, const struct kw_record *record,
                                     uint32_t *position, struct kw_error *error)
{
    struct kw_field_info field;
    *position = 0;
    if (!record->title_searched)
        return KW_OK;
    int64_t number = kw_segment_find_field(place->segment, kw_view_of("title"));
    if (number < 0)
        return KW_OK;
    enum kw_status status = kw_segment_field(place->segment, (uint32_t)number, &field, error);
    if (status != KW_OK)
        return status;
    uint32_t words = kw_segment_length(place->segment, &field, place->document);
    *position = words ? words + KW_TITLE_GAP : 0;
    return kw_segment_status(place->segment, error);
}

static enum kw_status native_borders(struct kw_engine *engine, uint64_t document,
                                     struct kw_border **borders, struct kw_error *error)
{
    struct place place;
    struct kw_record record;
    uint32_t position;
    *borders = NULL;
    enum kw_status status = find_place(engine, document, &place, error);
    if (status == KW_OK)
        status = kw_segment_record(place.segment, place.document, &record, error);
    if (status == KW_OK)
        status = first_position(&place, &record, &position, error);
    if (status != KW_OK)
        return status;
    struct kw_border *found = calloc(record.passage_count + 1, sizeof *found);
    if (!found)
        return kw_fail_memory(error);
    status = kw_segment_borders(place.segment, &record, position, found, error);
    if (status == KW_OK)
        *borders = found;
    else
        free(found);
    return status;
}

static enum kw_status native_matches(struct kw_engine *engine, const struct kw_plan *plan,
                                     const struct kw_statistics *statistics, uint64_t document,
                                     struct kw_matches *matches, struct kw_error *error)
{
    struct place place;
    enum kw_status status = find_place(engine, document, &place, error);
    if (status == KW_OK)
        status = kw_rank_matches(place.segment, place.document, plan, statistics->unions,
                                 statistics->memo, matches, error);
    return status;
}

static enum kw_status native_text(struct kw_engine *engine, uint64_t document, uint64_t first,
                                  uint64_t count, struct kw_bytes *out, struct kw_error *error)
{
    struct place place;
    struct kw_record record;
    enum kw_status status = find_place(engine, document, &place, error);
    if (status == KW_OK)
        status = kw_segment_record(place.segment, place.document, &record, error);
    if (status != KW_OK)
        return status;
    if (first > record.passage_count || count > record.passage_count - first)
        return kw_fail(error, KW_E_NOT_FOUND, "the document has %llu passages",
                       (unsigned long long)record.passage_count);
    return kw_segment_text(place.segment, record.first_passage + first, count, out, error);
}

static enum kw_status native_find(struct kw_engine *engine, struct kw_view id, uint64_t *document,
                                  struct kw_error *error)
{
    uint32_t segment, number;
    enum kw_status status = kw_snapshot_find_id(snapshot_of(engine), id, &segment, &number, error);
    if (status == KW_OK)
        *document = (uint64_t)segment << 32 | number;
    return status;
}

/* Nothing here is on another machine. */
static const char *native_lost(struct kw_engine *base, size_t number)
{
    (void)base;
    (void)number;
    return NULL;
}

static const struct kw_engine_ops native_ops = {
    .free = native_free,
    .renew = native_renew,
    .hold = native_hold,
    .settings = native_settings,
    .language = native_language,
    .field = native_field,
    .base = native_base,
    .folder = native_folder,
    .sources = native_sources,
    .figures = native_figures,
    .sizes = native_sizes,
    .counts = native_counts,
    .terms = native_terms,
    .expand = native_expand,
    .statistics = native_statistics,
    .search = native_search,
    .judge = native_judge,
    .order = native_order,
    .status = native_status,
    .lost = native_lost,
    .record = native_record,
    .words = native_words,
    .value = native_value,
    .borders = native_borders,
    .matches = native_matches,
    .text = native_text,
    .find = native_find,
};

/* Settles where the index and its base directory are. */
static enum kw_status find_folders(struct native_engine *engine, const char *folder,
                                   struct kw_error *error)
{
    engine->folder = realpath(folder[0] ? folder : ".", NULL);
    if (!engine->folder)
        return kw_fail_errno(error, "cannot open '%s'", folder);
    engine->base_directory = kw_path_from(engine->folder, engine->snapshot->manifest.base);
    return engine->base_directory ? KW_OK : kw_fail_memory(error);
}

/* Opens an index; where it is open before, as `from`, with what they can share. */
static enum kw_status open_engine(struct kw_engine **out, const char *folder,
                                  struct kw_engine *from, struct kw_error *error)
{
    *out = NULL;
    struct native_engine *engine = calloc(1, sizeof *engine);
    if (!engine)
        return kw_fail_memory(error);
    engine->base.ops = &native_ops;
    enum kw_status status = from ? kw_snapshot_renew(&engine->snapshot, snapshot_of(from), error)
                                 : kw_snapshot_new(&engine->snapshot, folder, error);
    if (status == KW_OK)
        status = find_folders(engine, engine->snapshot->folder, error);
    if (status == KW_OK)
        *out = &engine->base;
    else
        native_free(&engine->base);
    return status;
}

enum kw_status kw_native_engine_new(struct kw_engine **out, const char *folder,
                                    struct kw_error *error)
{
    return open_engine(out, folder, NULL, error);
}

enum kw_status kw_native_engine_renew(struct kw_engine **out, struct kw_engine *from,
                                      struct kw_error *error)
{
    return open_engine(out, NULL, from, error);
}

enum kw_status kw_native_engine_changed(struct kw_engine *engine, bool *changed,
                                        struct kw_error *error)
{
    return kw_snapshot_changed(snapshot_of(engine), changed, error);
}
