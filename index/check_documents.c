/* Checks what a segment stores of its documents. */
#include "index/check_segment.h"
#include "index/deletes.h"

#include <inttypes.h>
#include <stdlib.h>

struct document_checker {
    struct kw_checker *checker;
    struct kw_segment *segment;
    struct kw_border *borders;
    size_t capacity;
    uint64_t passages; /* of the documents so far … */
    uint64_t bytes;    /* … and of their texts */
    struct kw_field_info words;
    struct kw_field_info title;
    bool has_title;
};

static bool problem(struct document_checker *state, const char *section, uint32_t document,
                    const char *what)
{
    return kw_check_report(state->checker, state->segment->pages.path, section,
                           "document %" PRIu32 ": %s", document, what);
}

static void check_fields(struct document_checker *state, uint32_t document,
                         const struct kw_record *record)
{
    struct kw_view fields = record->fields;
    struct kw_record_field field;
    for (uint64_t i = 0; i < record->field_count; i++) {
        if (!kw_record_next_field(&fields, &field)) {
            problem(state, "records", document, "its fields make no sense");
            return;
        }
    }
    if (fields.size)
        problem(state, "records", document, "bytes are left over behind its fields");
}

/* A document's words are those of its passages and, if it is searched, of its title. */
static void check_words(struct document_checker *state, uint32_t document,
                        const struct kw_record *record)
{
    uint64_t words = 0;
    if (record->title_searched && state->has_title)
        words = kw_segment_length(state->segment, &state->title, document);
    for (uint64_t i = 0; i < record->passage_count; i++)
        words += state->borders[i].words;
    if (words != kw_segment_length(state->segment, &state->words, document))
        problem(state, "borders", document, "its passages' words do not add up to its length");
}

static enum kw_status check_document(struct document_checker *state, uint32_t document,
                                     struct kw_error *error)
{
    struct kw_segment *segment = state->segment;
    struct kw_record record;
    enum kw_status status = kw_segment_record(segment, document, &record, error);
    if (status)
        return status;
    check_fields(state, document, &record);
    if (record.first_passage != state->passages)
        problem(state, "records", document, "its passages do not follow those before");
    state->passages = record.first_passage + record.passage_count;
    state->bytes += record.bytes;
    if (record.passage_count > state->capacity) {
        struct kw_border *borders = realloc(state->borders, record.passage_count * sizeof *borders);
        if (!borders)
            return kw_fail_memory(error);
        state->borders = borders;
        state->capacity = record.passage_count;
    }
    status = kw_segment_borders(segment, &record, 0, state->borders, error);
    if (!status)
        check_words(state, document, &record);
    return status;
}

/* By rank, ids rise; of documents with one id all but the last are deleted. */
static void check_ids(struct document_checker *state)
{
    struct kw_segment *segment = state->segment;
    struct kw_record record;
    struct kw_view before = {NULL, 0};
    uint32_t last = 0;
    for (uint32_t rank = 0; rank < segment->documents; rank++) {
        uint32_t document = kw_segment_by_id_rank(segment, rank);
        if (document == KW_NO_DOCUMENT || kw_segment_record(segment, document, &record, NULL))
            return;
        if (kw_segment_id_rank(segment, document) != rank)
            problem(state, "idrank", document, "its rank is not its place in the order of ids");
        int order = rank ? kw_view_compare(before, record.id) : -1;
        if (order > 0 || (order == 0 && last >= document))
            problem(state, segment->id_order ? "idorder" : "records", document,
                    "its id is out of order");
        if (order == 0 && !state->checker->undeleted && !kw_segment_deleted(segment, last))
            problem(state, "records", last, "a later document has its id");
        before = record.id;
        last = document;
    }
}

static void check_lengths(struct document_checker *state)
{
    struct kw_segment *segment = state->segment;
    struct kw_view before = {NULL, 0};
    for (uint32_t i = 0; i < segment->field_count; i++) {
        struct kw_field_info field;
        uint64_t documents = 0;
        uint64_t words = 0;
        uint32_t shortest = 0;
        uint32_t longest = 0;
        if (kw_segment_field(segment, i, &field, NULL))
            return;
        if (i ? kw_view_compare(before, field.name) >= 0 : field.name.size > 0)
            kw_check_report(state->checker, segment->pages.path, "fields",
                            "field %" PRIu32 " is out of order", i);
        before = field.name;
        for (uint32_t document = 0; document < segment->documents; document++) {
            uint32_t length = kw_segment_length(segment, &field, document);
            documents += length > 0;
            words += length;
            shortest = length && (!shortest || length < shortest) ? length : shortest;
            longest = length > longest ? length : longest;
        }
        if (shortest != field.shortest || longest != field.longest)
            kw_check_report(state->checker, segment->pages.path, "fields",
                            "field %" PRIu32 " has other least or greatest lengths", i);
        if (documents != field.documents || words != field.length)
            kw_check_report(state->checker, segment->pages.path, "lengths",
                            "field %" PRIu32 " does not add up to its totals", i);
    }
}

static void check_deletes(struct document_checker *state)
{
    struct kw_segment *segment = state->segment;
    struct kw_deletes *deletes = segment->deletes;
    uint64_t next = 0;
    for (uint32_t i = 0; deletes && i < deletes->count; i++) {
        const uint8_t *at = kw_pages_view(&deletes->pages, deletes->documents, (uint64_t)i * 4, 4);
        if (!at || kw_load32(at) < next || kw_load32(at) >= segment->documents) {
            kw_check_report(state->checker, deletes->pages.path, "documents",
                            "entry %" PRIu32 " is out of order or range", i);
            return;
        }
        next = (uint64_t)kw_load32(at) + 1;
    }
    for (uint32_t field = 0; deletes && field < segment->field_count; field++) {
        struct kw_field_info info;
        uint64_t documents;
        uint64_t length;
        uint64_t held = 0;
        uint64_t words = 0;
        if (kw_segment_field(segment, field, &info, NULL) ||
            kw_segment_field_live(segment, field, &documents, &length, NULL))
            return;
        for (uint32_t document = 0; document < segment->documents; document++) {
            uint32_t own = kw_segment_length(segment, &info, document);
            if (own && !kw_segment_deleted(segment, document)) {
                held++;
                words += own;
            }
        }
        if (held != documents || words != length)
            kw_check_report(state->checker, deletes->pages.path, "lengths",
                            "field %" PRIu32 " takes off the wrong lengths", field);
    }
}

enum kw_status kw_check_documents(struct kw_checker *checker, struct kw_segment *segment,
                                  struct kw_error *error)
{
    struct document_checker state = {.checker = checker, .segment = segment};
    int64_t title = kw_segment_find_field(segment, kw_view_of("title"));
    enum kw_status status = kw_segment_field(segment, 0, &state.words, error);
    state.has_title = title >= 0 && !kw_segment_field(segment, (uint32_t)title, &state.title, NULL);
    if (!status)
        check_lengths(&state);
    for (uint32_t document = 0; document < segment->documents && !status; document++)
        status = check_document(&state, document, error);
    if (!status && state.passages != segment->passages)
        kw_check_report(checker, segment->pages.path, "borders", "passages belong to no document");
    if (!status && state.bytes != segment->text_index->parameter)
        kw_check_report(checker, segment->pages.path, "textindex",
                        "the texts' bytes do not add up");
    if (!status)
        status = kw_check_text(checker, segment, error);
    if (!status) {
        check_ids(&state);
        check_deletes(&state);
    }
    free(state.borders);
    return status == KW_E_MEMORY ? status : KW_OK;
}
