/* Opening a segment, its fields and its documents' records. */
#include "index/segment.h"

#include "index/deletes.h"
#include "index/format.h"
#include "index/table.h"
#include "index/word_store.h"

#include <stdlib.h>

/* Finds all sections; false if one is missing. */
static bool find_sections(struct kw_segment *segment)
{
    const struct {
        const char *name;
        const struct kw_section **place;
    } needed[] = {
        {"lexicon", &segment->lexicon},
        {"lexiconindex", &segment->lexicon_index},
        {"postings", &segment->postings},
        {"positions", &segment->positions},
        {"lengths", &segment->lengths},
        {"fields", &segment->fields},
        {"fieldindex", &segment->field_index},
        {"records", &segment->records},
        {"recordindex", &segment->record_index},
        {"paths", &segment->paths},
        {"pathindex", &segment->path_index},
        {"languages", &segment->languages},
        {"languageindex", &segment->language_index},
        {"borders", &segment->borders},
        {"borderindex", &segment->border_index},
        {"text", &segment->text},
        {"textindex", &segment->text_index},
    };
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!(*needed[i].place = kw_pages_section(&segment->pages, needed[i].name)))
            return false;
    segment->pairs = kw_pages_section(&segment->pages, "pairs");
    segment->id_order = kw_pages_section(&segment->pages, "idorder");
    segment->id_rank = kw_pages_section(&segment->pages, "idrank");
    return !segment->id_order == !segment->id_rank;
}

/* Finds the sections of columns: all or none; false if some are missing. */
static bool find_columns(struct kw_segment *segment)
{
    struct kw_pages *pages = &segment->pages;
    segment->columns = kw_pages_section(pages, "columns");
    segment->column_index = kw_pages_section(pages, "columnindex");
    segment->values = kw_pages_section(pages, "values");
    segment->keywords = kw_pages_section(pages, "keywords");
    segment->keyword_index = kw_pages_section(pages, "keywordindex");
    if (!segment->columns)
        return !segment->column_index && !segment->values && !segment->keywords &&
               !segment->keyword_index;
    return segment->column_index && segment->values && segment->keywords &&
           segment->keyword_index && segment->columns->parameter <= UINT32_MAX &&
           segment->column_index->size == segment->columns->parameter * 8;
}

/* Blocks of `size` that `count` things fill, the last one perhaps in part. */
static uint64_t blocks_of(uint64_t count, uint64_t size)
{
    return count / size + (count % size > 0);
}

/* Whether the sizes of the sections agree with the counts in their parameters. */
static bool sizes_agree(struct kw_segment *segment)
{
    uint64_t documents = segment->records->parameter;
    uint64_t fields = segment->fields->parameter;
    uint64_t blocks = blocks_of(segment->borders->parameter, KW_POSTING_BLOCK);
    uint64_t terms = blocks_of(segment->lexicon->parameter, KW_LEXICON_BLOCK);
    return documents < KW_NO_DOCUMENT && segment->record_index->size == documents * 8 &&
           fields >= 1 && fields < UINT32_MAX && segment->field_index->size == fields * 8 &&
           segment->border_index->size == blocks * 8 && segment->lexicon_index->size == terms * 8 &&
           (segment->text->parameter == KW_TEXT_WORDS ? kw_word_store_find(segment)
                                                      : segment->text->parameter == KW_TEXT_ZLIB &&
                                                            segment->text_index->size % 16 == 0) &&
           segment->language_index->size % 8 == 0 &&
           segment->language_index->size / 8 == segment->languages->parameter &&
           (segment->languages->parameter || !documents) &&
           (!segment->id_order ||
            (segment->id_order->size == documents * 4 && segment->id_rank->size == documents * 4));
}

/* Finds what is in a segment whose file is open; frees it on failure. */
static enum kw_status open_segment(struct kw_segment **out, struct kw_segment *segment,
                                   uint64_t number, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    if (!find_sections(segment) || !find_columns(segment) || !sizes_agree(segment)) {
        kw_pages_damage(&segment->pages, NULL, 0, "sections are missing or of the wrong size");
        status = kw_segment_status(segment, error);
        kw_segment_free(segment);
        return status;
    }
    segment->number = number;
    segment->documents = (uint32_t)segment->records->parameter;
    segment->field_count = (uint32_t)segment->fields->parameter;
    segment->passages = segment->borders->parameter;
    segment->column_count = segment->columns ? (uint32_t)segment->columns->parameter : 0;
    *out = segment;
    return KW_OK;
}

enum kw_status kw_segment_new(struct kw_segment **out, const char *path, uint64_t number,
                              struct kw_error *error)
{
    *out = NULL;
    struct kw_segment *segment = calloc(1, sizeof *segment);
    if (!segment)
        return kw_fail_memory(error);
    enum kw_status status = kw_pages_init(&segment->pages, path, "segm", error);
    if (status == KW_E_NO_INDEX || status == KW_E_NOT_FOUND)
        status = kw_fail(error, KW_E_DAMAGED, "'%s' is missing or not a segment", path);
    if (status == KW_OK)
        return open_segment(out, segment, number, error);
    kw_segment_free(segment);
    return status;
}

enum kw_status kw_segment_share(struct kw_segment **out, const struct kw_segment *from,
                                struct kw_error *error)
{
    *out = NULL;
    struct kw_segment *segment = calloc(1, sizeof *segment);
    if (!segment)
        return kw_fail_memory(error);
    enum kw_status status = kw_pages_share(&segment->pages, &from->pages, error);
    if (status == KW_OK)
        return open_segment(out, segment, from->number, error);
    kw_segment_free(segment);
    return status;
}

void kw_segment_free(struct kw_segment *segment)
{
    if (!segment)
        return;
    if (segment->deletes)
        kw_pages_release(&segment->deletes->pages);
    free(segment->deletes);
    kw_segment_text_release(segment);
    kw_pages_release(&segment->pages);
    free(segment);
}

enum kw_status kw_segment_status(const struct kw_segment *segment, struct kw_error *error)
{
    enum kw_status status = kw_pages_status(&segment->pages, error);
    if (!status && segment->deletes)
        status = kw_pages_status(&segment->deletes->pages, error);
    return status;
}

uint32_t kw_segment_live(const struct kw_segment *segment)
{
    return segment->documents - (segment->deletes ? segment->deletes->count : 0);
}

enum kw_status kw_segment_field(struct kw_segment *segment, uint32_t number,
                                struct kw_field_info *info, struct kw_error *error)
{
    struct kw_view row =
        kw_table_record(&segment->pages, segment->fields, segment->field_index, number);
    *info = (struct kw_field_info){.name = {NULL, 0}};
    bool sound = row.data && kw_take_string(&row, &info->name) &&
                 kw_take_varint(&row, &info->documents) && kw_take_varint(&row, &info->length) &&
                 kw_take_varint(&row, &info->surfaces) && kw_take_varint(&row, &info->stems) &&
                 kw_take_varint(&row, &info->lengths_at) && kw_take_varint32(&row, &info->width) &&
                 kw_take_varint32(&row, &info->shortest) && kw_take_varint32(&row, &info->longest);
    sound = sound && info->shortest <= info->longest &&
            (info->shortest > 0) == (info->length > 0) &&
            (info->width == 1 || info->width == 2 || info->width == 4) &&
            info->lengths_at <= segment->lengths->size &&
            (uint64_t)segment->documents * info->width <= segment->lengths->size - info->lengths_at;
    if (!sound)
        kw_pages_damage(&segment->pages, segment->fields, 0, "a field's row makes no sense");
    return kw_segment_status(segment, error);
}

int64_t kw_segment_find_field(struct kw_segment *segment, struct kw_view name)
{
    uint32_t low = 0;
    uint32_t high = segment->field_count;
    if (!name.size) /* the text, of every segment */
        return high ? 0 : -1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        struct kw_field_info info;
        if (kw_segment_field(segment, middle, &info, NULL))
            return -1;
        int order = kw_view_compare(info.name, name);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

uint64_t kw_segment_languages(const struct kw_segment *segment)
{
    return segment->languages->parameter;
}

struct kw_view kw_segment_language(struct kw_segment *segment, uint64_t language)
{
    return kw_table_record(&segment->pages, segment->languages, segment->language_index, language);
}

/* Takes the fixed part of a record; false if it makes no sense. */
static bool take_record(struct kw_segment *segment, struct kw_view view, struct kw_record *record)
{
    uint64_t flags;
    uint64_t path = 0;
    uint64_t language;
    if (!kw_take_string(&view, &record->id) || !kw_take_string(&view, &record->title) ||
        !kw_take_varint(&view, &flags) || flags > 3)
        return false;
    record->is_record = flags & 1;
    record->title_searched = flags >> 1;
    record->path = record->id;
    if (record->is_record) {
        if (!kw_take_varint(&view, &path) || !kw_take_varint(&view, &record->line))
            return false;
        record->path = kw_table_record(&segment->pages, segment->paths, segment->path_index, path);
        if (!record->path.data)
            return false;
    }
    if (!kw_take_varint(&view, &language) || !kw_take_varint(&view, &record->first_passage) ||
        !kw_take_varint(&view, &record->passage_count) || !kw_take_varint(&view, &record->bytes) ||
        !kw_take_varint(&view, &record->field_count))
        return false;
    record->language = kw_segment_language(segment, language);
    record->fields = view;
    return record->language.data && record->first_passage <= segment->passages &&
           record->passage_count <= segment->passages - record->first_passage &&
           record->field_count <= view.size;
}

enum kw_status kw_segment_record(struct kw_segment *segment, uint32_t document,
                                 struct kw_record *record, struct kw_error *error)
{
    struct kw_record *last = &segment->record;
    if (segment->record_behind != document + UINT64_C(1)) { /* several ask for each */
        *last = (struct kw_record){.line = 0};
        struct kw_view view =
            kw_table_record(&segment->pages, segment->records, segment->record_index, document);
        bool sound = view.data && take_record(segment, view, last);
        if (!sound)
            kw_pages_damage(&segment->pages, segment->records, 0,
                            "a document's record makes no sense");
        segment->record_behind = sound ? document + UINT64_C(1) : 0;
    }
    *record = *last;
    return kw_segment_status(segment, error);
}

bool kw_record_next_field(struct kw_view *fields, struct kw_record_field *field)
{
    struct kw_view kind;
    if (!kw_take_string(fields, &field->name) || !kw_take_bytes(fields, 1, &kind) ||
        !kw_take_string(fields, &field->value))
        return false;
    field->kind = kind.data[0];
    return true;
}

uint32_t kw_segment_by_id_rank(struct kw_segment *segment, uint32_t rank)
{
    if (!segment->id_order)
        return rank;
    const uint8_t *at = kw_pages_view(&segment->pages, segment->id_order, (uint64_t)rank * 4, 4);
    uint32_t document = at ? kw_load32(at) : KW_NO_DOCUMENT;
    if (document < segment->documents)
        return document;
    kw_pages_damage(&segment->pages, segment->id_order, (uint64_t)rank * 4,
                    "an id's document does not exist");
    return KW_NO_DOCUMENT;
}

enum kw_status kw_segment_find_id(struct kw_segment *segment, struct kw_view id, uint32_t *document,
                                  struct kw_error *error)
{
    uint32_t low = 0;
    uint32_t high = segment->documents;
    enum kw_status status = KW_E_NOT_FOUND;
    /* Goes on behind an equal id: of those that repeat the last may live. */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        uint32_t candidate = kw_segment_by_id_rank(segment, middle);
        struct kw_view record = {NULL, 0};
        struct kw_view candidate_id;
        if (candidate != KW_NO_DOCUMENT)
            record = kw_table_record(&segment->pages, segment->records, segment->record_index,
                                     candidate);
        if (!record.data || !kw_take_string(&record, &candidate_id)) {
            kw_pages_damage(&segment->pages, segment->records, 0, "a document has no id");
            return kw_segment_status(segment, error);
        }
        int order = kw_view_compare(candidate_id, id);
        if (order == 0) {
            *document = candidate;
            status = KW_OK;
        }
        if (order <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return status;
}

uint32_t kw_segment_id_rank(struct kw_segment *segment, uint32_t document)
{
    if (!segment->id_rank)
        return document;
    const uint8_t *at = kw_pages_view(&segment->pages, segment->id_rank, (uint64_t)document * 4, 4);
    return at ? kw_load32(at) : 0;
}
