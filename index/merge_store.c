/* Merges stored text, the borders of passages, records and ids.
 *
 * For a word code, which is a segment's own, text comes in anew, but from one that has a word code
 * itself word by word, each mapped but once. For zlib it is cut into blocks as
 * if it did. Blocks that are cut alike are copied as they are: behind a seam of two segments, or a
 * document that is gone, cuts differ for a while, but a cut depends on nothing but the one before
 * it, so that once two fall together all further ones do. */
#include "index/merge_parts.h"
#include "index/store_writer.h"

#include <stdlib.h>

enum {
    PASSAGES = 16,
    ASK_BLOCKS = 256,
    SHARE = 300
}; /* text is so many of 1000 parts of the work */

/* ---- Text --------------------------------------------------------------------------------- */

/* Passages of an input that follow each other, old and new. */
struct stretch {
    struct kw_segment *segment;
    uint32_t input; /* the segment's */
    uint64_t from, to;
};

struct texts {
    struct kw_merge *merge;
    struct kw_store_writer store;
    struct kw_word_recoder *recoders; /* by input; zeroed where none is at work */
    uint64_t passages;                /* of all inputs */
    uint64_t blocks;                  /* added so far */
    struct {
        struct kw_extent *items;
        size_t capacity;
    } extents;
    struct kw_bytes text;
};

/* Whether passages are what a writer would make a block of, if one began with the first. */
static bool is_block(const struct kw_extent *extents, size_t count)
{
    uint64_t size = 0;
    for (size_t i = 0; i + 1 < count; i++)
        size += extents[i].bytes;
    return size < KW_TEXT_BLOCK && size + extents[count - 1].bytes >= KW_TEXT_BLOCK;
}

/* Adds what the block that holds passage part->from holds of the stretch. */
static enum kw_status add_block(struct texts *texts, struct stretch *part, struct kw_error *error)
{
    struct kw_view packed;
    uint64_t first, end;
    enum kw_status status =
        kw_segment_text_block(part->segment, part->from, &first, &end, &packed, error);
    if (status)
        return status;
    bool whole = first == part->from && end <= part->to && !texts->store.block.size;
    size_t count = (size_t)((end < part->to ? end : part->to) - part->from);
    if (!kw_grow(&texts->extents, count))
        return kw_fail_memory(error);
    struct kw_extent *extents = texts->extents.items;
    status = kw_segment_extents(part->segment, part->from, count, extents, error);
    if (!status && whole && is_block(extents, count)) {
        status = kw_store_writer_block(&texts->store, extents, count, packed, error);
    } else if (!status) {
        kw_bytes_clear(&texts->text);
        status = kw_segment_text(part->segment, part->from, count, &texts->text, error);
        if (!status)
            status = kw_store_writer_text(&texts->store, extents, count, texts->text.data, error);
    }
    part->from += count;
    return status;
}

/* Adds passages of the stretch from one word code to another one. */
static enum kw_status add_words(struct texts *texts, struct stretch *part,
                                const struct kw_extent *extents, size_t count,
                                struct kw_error *error)
{
    struct kw_word_recoder *recoder = &texts->recoders[part->input];
    enum kw_status status = KW_OK;
    if (!recoder->segment)
        status = kw_word_recoder_init(recoder, part->segment, error);
    if (!status)
        status = kw_store_writer_recode(&texts->store, recoder, part->from, extents, count, error);
    return status;
}

/* Adds some passages of the stretch as words, or as text. */
static enum kw_status add_passages(struct texts *texts, struct stretch *part,
                                   struct kw_error *error)
{
    uint64_t left = part->to - part->from;
    size_t count = left < PASSAGES ? (size_t)left : PASSAGES;
    if (!kw_grow(&texts->extents, count))
        return kw_fail_memory(error);
    kw_bytes_clear(&texts->text);
    enum kw_status status =
        kw_segment_extents(part->segment, part->from, count, texts->extents.items, error);
    if (!status && texts->store.codec == KW_TEXT_WORDS && part->segment->words) {
        status = add_words(texts, part, texts->extents.items, count, error);
        part->from += count;
        return status;
    }
    if (!status)
        status = kw_segment_text(part->segment, part->from, count, &texts->text, error);
    if (!status)
        status = kw_store_writer_text(&texts->store, texts->extents.items, count, texts->text.data,
                                      error);
    part->from += count;
    return status;
}

static enum kw_status add_stretch(struct texts *texts, struct stretch *part, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    while (part->from < part->to && !status) {
        bool blocks = texts->store.codec == KW_TEXT_ZLIB && !part->segment->words;
        status = blocks ? add_block(texts, part, error) : add_passages(texts, part, error);
        if (!status && texts->blocks++ % ASK_BLOCKS == 0)
            status = kw_merge_ask(
                texts->merge, (uint32_t)(texts->store.passages * SHARE / texts->passages), error);
    }
    return status;
}

/* Adds a document's passages to the stretch at hand, or begins another one. */
static enum kw_status add_document(struct texts *texts, struct stretch *part,
                                   struct kw_merge_place at, struct kw_error *error)
{
    struct kw_segment *segment = texts->merge->inputs[at.input].segment;
    struct kw_record record;
    enum kw_status status = kw_segment_record(segment, at.document, &record, error);
    if (status || !record.passage_count)
        return status;
    if (part->segment != segment || part->to != record.first_passage) {
        status = add_stretch(texts, part, error);
        if (part->segment && part->segment != segment && !texts->merge->order)
            kw_word_recoder_release(&texts->recoders[part->input]); /* it does not come again */
        *part = (struct stretch){segment, at.input, record.first_passage, record.first_passage};
    }
    part->to += record.passage_count;
    return status;
}

enum kw_status kw_merge_store(struct kw_merge *merge, struct kw_error *error)
{
    struct texts texts = {.merge = merge};
    struct stretch part = {.segment = NULL};
    struct kw_merge_walk walk = {.merge = merge};
    enum kw_status status = KW_OK;
    kw_store_writer_init(&texts.store, &merge->pages);
    kw_store_writer_codec(&texts.store,
                          merge->options->codec ? merge->options->codec : KW_TEXT_WORDS,
                          merge->options->spool);
    texts.recoders = calloc(merge->count + 1, sizeof *texts.recoders);
    if (!texts.recoders)
        status = kw_fail_memory(error);
    for (size_t i = 0; i < merge->count; i++)
        texts.passages += merge->inputs[i].segment->passages;
    while (!status && kw_merge_next(&walk))
        status = add_document(&texts, &part, walk.at, error);
    if (!status)
        status = add_stretch(&texts, &part, error);
    if (!status)
        status = kw_store_writer_end(&texts.store, error);
    for (size_t i = 0; texts.recoders && i < merge->count; i++)
        kw_word_recoder_release(&texts.recoders[i]);
    free(texts.recoders);
    kw_store_writer_release(&texts.store);
    kw_bytes_release(&texts.text);
    free(texts.extents.items);
    return status;
}

/* ---- Records ------------------------------------------------------------------------------ */

/* What the records are made with. */
struct records {
    struct kw_merge *merge;
    struct kw_paths_writer paths;
    struct kw_bytes index;
    struct kw_bytes record;
    struct {
        struct kw_entry_field *items;
        size_t capacity;
    } fields;
    uint64_t passages;
};

/* Fills `entry` with what a record says; its fields lie in records->fields. */
static enum kw_status fill_entry(struct records *records, const struct kw_record *record,
                                 struct kw_entry *entry, struct kw_segment *segment,
                                 struct kw_error *error)
{
    struct kw_view rest = record->fields;
    struct kw_record_field field;
    *entry = (struct kw_entry){.id = record->id,
                               .title = record->title,
                               .path = record->path,
                               .is_record = record->is_record,
                               .title_searched = record->title_searched,
                               .line = record->line,
                               .field_count = record->field_count};
    if (!kw_grow(&records->fields, record->field_count))
        return kw_fail_memory(error);
    for (size_t i = 0; i < record->field_count; i++) {
        if (!kw_record_next_field(&rest, &field)) {
            kw_pages_damage(&segment->pages, segment->records, 0,
                            "a document's record makes no sense");
            return kw_segment_status(segment, error);
        }
        records->fields.items[i] = (struct kw_entry_field){field.name, field.kind, field.value};
    }
    entry->fields = records->fields.items;
    return KW_OK;
}

static enum kw_status add_record(struct records *records, struct kw_merge_place place,
                                 struct kw_error *error)
{
    struct kw_merge_input *input = &records->merge->inputs[place.input];
    struct kw_record record;
    struct kw_entry entry;
    uint64_t path = 0;
    enum kw_status status = kw_segment_record(input->segment, place.document, &record, error);
    if (!status)
        status = fill_entry(records, &record, &entry, input->segment, error);
    if (status)
        return status;
    entry.language = input->languages[input->spoken ? input->spoken[place.document] : 0];
    if (entry.is_record)
        status = kw_paths_writer_add(&records->paths, entry.path, &path, error);
    if (status)
        return status;
    kw_bytes_clear(&records->record);
    kw_record_encode(&records->record, &entry, path, records->passages, record.passage_count,
                     record.bytes);
    kw_pages_writer_append(&records->merge->pages, records->record.data, records->record.size);
    kw_bytes_u64(&records->index, kw_pages_writer_size(&records->merge->pages));
    records->passages += record.passage_count;
    return kw_bytes_status(&records->record, error);
}

/* ---- Ids ---------------------------------------------------------------------------------- */

/* Puts the document of each input that comes next in the order of ids, from ranks[input] on, into
 * the heap. */
static enum kw_status push_id(struct kw_merge *merge, struct kw_merge_heap *heap, uint32_t number,
                              uint32_t *ranks, uint32_t *at, struct kw_error *error)
{
    struct kw_merge_input *input = &merge->inputs[number];
    struct kw_segment *segment = input->segment;
    struct kw_record record;
    while (ranks[number] < segment->documents) {
        uint32_t document = kw_segment_by_id_rank(segment, ranks[number]++);
        if (document == KW_NO_DOCUMENT)
            return kw_segment_status(segment, error);
        if (input->map[document] == KW_NO_DOCUMENT)
            continue;
        enum kw_status status = kw_segment_record(segment, document, &record, error);
        if (!status) {
            at[number] = input->map[document];
            kw_merge_heap_add(heap, number, record.id);
        }
        return status;
    }
    return KW_OK;
}

/* Fills order[] with the documents in the order of their ids. */
static enum kw_status order_ids(struct kw_merge *merge, uint32_t *order, struct kw_error *error)
{
    struct kw_merge_heap heap;
    uint32_t *ranks = calloc(merge->count + 1, sizeof *ranks);
    uint32_t *at = calloc(merge->count + 1, sizeof *at);
    uint32_t count = 0;
    enum kw_status status = kw_merge_heap_init(&heap, merge->count, error);
    if (!status && (!ranks || !at))
        status = kw_fail_memory(error);
    for (uint32_t i = 0; i < merge->count && !status; i++)
        status = push_id(merge, &heap, i, ranks, at, error);
    while (!status && kw_merge_heap_take(&heap)) {
        for (uint32_t i = 0; i < heap.group_count && !status; i++) {
            if (count == merge->documents)
                break;
            order[count++] = at[heap.group[i]];
            status = push_id(merge, &heap, heap.group[i], ranks, at, error);
        }
    }
    if (!status && (count < merge->documents || heap.count))
        status = kw_fail(error, KW_E_DAMAGED, "the order of ids makes no sense");
    free(ranks);
    free(at);
    kw_merge_heap_release(&heap);
    return status;
}

static void write_numbers(struct kw_pages_writer *pages, const char *name, const uint32_t *numbers,
                          uint32_t count)
{
    uint8_t four[4];
    kw_pages_writer_section(pages, name);
    for (uint32_t i = 0; i < count; i++) {
        kw_store32(four, numbers[i]);
        kw_pages_writer_append(pages, four, sizeof four);
    }
}

/* Writes the order of ids, unless it is that of documents. */
static enum kw_status write_ids(struct kw_merge *merge, struct kw_error *error)
{
    uint32_t *order = malloc(((size_t)merge->documents + 1) * sizeof *order);
    uint32_t *rank = calloc((size_t)merge->documents + 1, sizeof *rank);
    enum kw_status status = order && rank ? KW_OK : kw_fail_memory(error);
    bool sorted = true;
    if (!status)
        status = order_ids(merge, order, error);
    for (uint32_t i = 0; i < merge->documents && !status; i++) {
        rank[order[i]] = i;
        sorted = sorted && order[i] == i;
    }
    if (!status && !sorted) {
        write_numbers(&merge->pages, "idorder", order, merge->documents);
        write_numbers(&merge->pages, "idrank", rank, merge->documents);
    }
    free(order);
    free(rank);
    return status;
}

enum kw_status kw_merge_records(struct kw_merge *merge, struct kw_error *error)
{
    struct records records = {.merge = merge};
    struct kw_merge_walk walk = {.merge = merge};
    struct kw_pages_writer *pages = &merge->pages;
    enum kw_status status = KW_OK;
    kw_pages_writer_section(pages, "records");
    kw_pages_writer_parameter(pages, merge->documents);
    while (!status && kw_merge_next(&walk))
        status = add_record(&records, walk.at, error);
    kw_pages_writer_section(pages, "recordindex");
    kw_pages_writer_append(pages, records.index.data, records.index.size);
    if (!status)
        status = kw_bytes_status(&records.index, error);
    if (!status)
        status = write_ids(merge, error);
    if (!status)
        status = kw_table_writer_write(&records.paths.table, pages, "paths", "pathindex", error);
    kw_paths_writer_release(&records.paths);
    kw_bytes_release(&records.index);
    kw_bytes_release(&records.record);
    free(records.fields.items);
    return status;
}
