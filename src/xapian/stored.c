/* Writes and reads what is stored of a document. */
#include "xapian/stored.h"

#include "index/crc32c.h"
#include "xapian/schema.h"

#include <zlib.h>

enum { HEAD_BYTES = 5, IS_RECORD = 1, TITLE_SEARCHED = 2, ZLIB_LEVEL = 6, DEFLATE_RATIO = 1032 };

/* ---- Reading ------------------------------------------------------------------------------ */

static enum kw_status damaged(struct kw_error *error, const char *reason)
{
    return kw_fail(error, KW_E_DAMAGED, "the data of a document is damaged: %s", reason);
}

static bool take_border(struct kw_view *borders, struct kw_border *border)
{
    return kw_take_varint32(borders, &border->words) && kw_take_varint32(borders, &border->bytes) &&
           kw_take_varint32(borders, &border->lines);
}

/* Takes the record's own part. */
static bool take_record(struct kw_view *rest, struct kw_stored *stored, uint64_t *title_words)
{
    struct kw_record *record = &stored->record;
    uint64_t flags;
    if (!kw_take_varint(rest, &flags) || flags > (IS_RECORD | TITLE_SEARCHED) ||
        !kw_take_string(rest, &record->id) || !kw_take_string(rest, &record->title) ||
        !kw_take_string(rest, &record->path) || !kw_take_varint(rest, &record->line) ||
        !kw_take_string(rest, &record->language) || !kw_take_varint(rest, &stored->words) ||
        !kw_take_varint(rest, title_words) || !kw_take_varint(rest, &record->bytes) ||
        !kw_take_varint(rest, &record->field_count) || !kw_take_string(rest, &record->fields))
        return false;
    record->is_record = flags & IS_RECORD;
    record->title_searched = flags & TITLE_SEARCHED;
    if (!record->is_record && (record->path.size || record->line))
        return false;
    if (!record->is_record)
        record->path = record->id;
    return *title_words <= stored->words && stored->words <= UINT32_MAX / KW_XAPIAN_LENGTH &&
           (record->title_searched || !*title_words);
}

/* Whether the fields are as many as they should be. */
static bool are_fields(const struct kw_record *record)
{
    struct kw_view fields = record->fields;
    struct kw_record_field field;
    for (uint64_t i = 0; i < record->field_count; i++)
        if (!kw_record_next_field(&fields, &field))
            return false;
    return fields.size == 0;
}

/* Whether passages tile the text, and blocks the passages and the packed bytes. */
static bool are_passages(const struct kw_stored *stored, uint64_t block_count, uint64_t title_words)
{
    struct kw_view borders = stored->borders;
    struct kw_view blocks = stored->blocks;
    struct kw_border border;
    uint64_t left = stored->record.passage_count;
    uint64_t bytes = 0;
    uint64_t words = title_words;
    uint64_t packed = 0;
    for (uint64_t i = 0; i < block_count; i++) {
        uint64_t passages;
        uint64_t size;
        uint64_t text = 0;
        if (!kw_take_varint(&blocks, &passages) || !kw_take_varint(&blocks, &size) || !passages ||
            passages > left || size > stored->packed.size - packed)
            return false;
        for (uint64_t k = 0; k < passages; k++) {
            if (!take_border(&borders, &border) || !border.bytes)
                return false;
            text += border.bytes;
            words += border.words;
        }
        if (text / DEFLATE_RATIO > size)
            return false;
        bytes += text;
        packed += size;
        left -= passages;
    }
    return !left && !blocks.size && !borders.size && bytes == stored->record.bytes &&
           words == stored->words && packed == stored->packed.size;
}

enum kw_status kw_stored_init(struct kw_stored *stored, struct kw_view data, struct kw_error *error)
{
    struct kw_view head;
    uint64_t title_words;
    uint64_t block_count;
    *stored = (struct kw_stored){.words = 0};
    if (!kw_take_bytes(&data, HEAD_BYTES, &head))
        return damaged(error, "it is cut short");
    if (head.data[0] > KW_STORED_VERSION) {
        kw_fail(error, KW_E_VERSION, "a document's data has version %u, this kwic reads %d",
                head.data[0], KW_STORED_VERSION);
        kw_hint(error, "use the kwic that wrote it, or a newer one");
        return KW_E_VERSION;
    }
    if (head.data[0] != KW_STORED_VERSION ||
        kw_load32(head.data + 1) != kw_crc32c(data.data, data.size))
        return damaged(error, "its checksum does not hold");
    if (!take_record(&data, stored, &title_words) || !are_fields(&stored->record))
        return damaged(error, "its record makes no sense");
    if (!kw_take_varint(&data, &stored->record.passage_count) ||
        !kw_take_string(&data, &stored->borders) || !kw_take_varint(&data, &block_count) ||
        !kw_take_string(&data, &stored->blocks))
        return damaged(error, "its passages make no sense");
    stored->packed = data;
    if (!are_passages(stored, block_count, title_words))
        return damaged(error, "its passages do not tile its text");
    stored->text_position = title_words ? (uint32_t)title_words + KW_TITLE_GAP : 0;
    return KW_OK;
}

struct kw_view kw_stored_record(const struct kw_stored *stored, struct kw_view data)
{
    return (struct kw_view){data.data, (size_t)(stored->borders.data - data.data)};
}

static void move(struct kw_view *view, const uint8_t *from, struct kw_view copy)
{
    size_t at = view->size ? (size_t)(view->data - from) : 0;
    bool whole = view->size && at <= copy.size && view->size <= copy.size - at;
    *view = whole ? (struct kw_view){copy.data + at, view->size} : (struct kw_view){copy.data, 0};
}

void kw_stored_move(struct kw_stored *stored, const uint8_t *from, struct kw_view copy)
{
    struct kw_record *record = &stored->record;
    struct kw_view *const views[] = {&record->id,     &record->path,     &record->title,
                                     &record->fields, &record->language, &stored->borders,
                                     &stored->blocks, &stored->packed};
    for (size_t i = 0; i < sizeof views / sizeof *views; i++)
        move(views[i], from, copy);
}

void kw_stored_borders(const struct kw_stored *stored, struct kw_border *borders)
{
    struct kw_view rest = stored->borders;
    struct kw_border next = {.position = stored->text_position};
    for (uint64_t i = 0; i < stored->record.passage_count && take_border(&rest, &next); i++) {
        borders[i] = next;
        next.position += next.words;
        next.start += next.bytes;
        next.line += next.lines;
    }
}

/* What is read of one block. */
struct stretch {
    struct kw_view packed;
    uint64_t skip; /* bytes of text before those wanted */
    uint64_t want;
    uint64_t after; /* and behind them */
};

/* Inflates a block and appends the bytes of it that are wanted to `out`. */
static enum kw_status inflate_block(const struct stretch *part, struct kw_bytes *out,
                                    struct kw_error *error)
{
    uLongf size = part->skip + part->want + part->after;
    uLongf whole = size;
    uint8_t *place = kw_bytes_reserve(out, size);
    if (!place)
        return kw_fail_memory(error);
    int code = uncompress(place, &size, part->packed.data, part->packed.size);
    if (code == Z_MEM_ERROR)
        return kw_fail_memory(error);
    if (code != Z_OK || size != whole)
        return damaged(error, "its text does not inflate");
    memmove(place, place + part->skip, part->want);
    out->size += part->want;
    return KW_OK;
}

enum kw_status kw_stored_text(const struct kw_stored *stored, uint64_t first, uint64_t count,
                              struct kw_bytes *out, struct kw_error *error)
{
    struct kw_view borders = stored->borders;
    struct kw_view blocks = stored->blocks;
    struct kw_view packed = stored->packed;
    enum kw_status status = KW_OK;
    uint64_t passage = 0;
    uint64_t passages;
    uint64_t size;
    if (first > stored->record.passage_count || count > stored->record.passage_count - first)
        return kw_fail(error, KW_E_NOT_FOUND, "no such passage");
    while (status == KW_OK && passage < first + count && kw_take_varint(&blocks, &passages) &&
           kw_take_varint(&blocks, &size)) {
        struct stretch part = {.skip = 0};
        struct kw_border border;
        kw_take_bytes(&packed, size, &part.packed);
        for (uint64_t end = passage + passages; passage < end; passage++) {
            if (!take_border(&borders, &border))
                break;
            if (passage < first)
                part.skip += border.bytes;
            else if (passage < first + count)
                part.want += border.bytes;
            else
                part.after += border.bytes;
        }
        if (part.want)
            status = inflate_block(&part, out, error);
    }
    return status;
}

/* ---- Writing ------------------------------------------------------------------------------ */

void kw_stored_writer_clear(struct kw_stored_writer *writer)
{
    kw_bytes_clear(&writer->block);
    kw_bytes_clear(&writer->borders);
    kw_bytes_clear(&writer->blocks);
    kw_bytes_clear(&writer->packed);
    writer->passages = writer->block_passages = writer->block_count = writer->bytes = 0;
}

void kw_stored_writer_release(struct kw_stored_writer *writer)
{
    kw_bytes_release(&writer->block);
    kw_bytes_release(&writer->borders);
    kw_bytes_release(&writer->blocks);
    kw_bytes_release(&writer->packed);
    *writer = (struct kw_stored_writer){.passages = 0};
}

/* Compresses the block at hand. */
static enum kw_status close_block(struct kw_stored_writer *writer, struct kw_error *error)
{
    if (!writer->block_passages)
        return KW_OK;
    uLongf size = compressBound(writer->block.size);
    uint8_t *place = kw_bytes_reserve(&writer->packed, size);
    if (!place ||
        compress2(place, &size, writer->block.data, writer->block.size, ZLIB_LEVEL) != Z_OK)
        return kw_fail_memory(error);
    writer->packed.size += size;
    kw_bytes_varint(&writer->blocks, writer->block_passages);
    kw_bytes_varint(&writer->blocks, size);
    writer->block_count++;
    writer->block_passages = 0;
    kw_bytes_clear(&writer->block);
    return kw_bytes_status(&writer->blocks, error);
}

enum kw_status kw_stored_writer_text(struct kw_stored_writer *writer,
                                     const struct kw_extent *extents, size_t count,
                                     const uint8_t *text, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    for (size_t i = 0; i < count && status == KW_OK; i++) {
        kw_bytes_varint(&writer->borders, extents[i].words);
        kw_bytes_varint(&writer->borders, extents[i].bytes);
        kw_bytes_varint(&writer->borders, extents[i].lines);
        kw_bytes_append(&writer->block, text, extents[i].bytes);
        text += extents[i].bytes;
        writer->bytes += extents[i].bytes;
        writer->passages++;
        writer->block_passages++;
        status = kw_bytes_status(&writer->block, error);
        if (status == KW_OK && writer->block.size >= KW_TEXT_BLOCK)
            status = close_block(writer, error);
    }
    return status == KW_OK ? kw_bytes_status(&writer->borders, error) : status;
}

static void put_record(struct kw_bytes *out, const struct kw_entry *entry, const char *language)
{
    kw_bytes_varint(out, (entry->is_record ? IS_RECORD : 0) |
                             (entry->title_searched ? TITLE_SEARCHED : 0));
    kw_bytes_string(out, entry->id);
    kw_bytes_string(out, entry->title);
    kw_bytes_string(out, entry->is_record ? entry->path : kw_view_of(""));
    kw_bytes_varint(out, entry->is_record ? entry->line : 0);
    kw_bytes_string(out, kw_view_of(language));
}

static void put_fields(struct kw_bytes *out, const struct kw_entry *entry)
{
    struct kw_bytes fields = KW_BYTES_INIT;
    for (size_t i = 0; i < entry->field_count; i++) {
        kw_bytes_string(&fields, entry->fields[i].name);
        kw_bytes_append_byte(&fields, entry->fields[i].kind);
        kw_bytes_string(&fields, entry->fields[i].value);
    }
    kw_bytes_varint(out, entry->field_count);
    kw_bytes_string(out, kw_bytes_view(&fields));
    out->failed = out->failed || fields.failed;
    kw_bytes_release(&fields);
}

enum kw_status kw_stored_writer_finish(struct kw_stored_writer *writer,
                                       const struct kw_entry *entry, const char *language,
                                       uint64_t words, uint64_t title_words, struct kw_bytes *out,
                                       struct kw_error *error)
{
    enum kw_status status = close_block(writer, error);
    if (status != KW_OK)
        return status;
    kw_bytes_clear(out);
    kw_bytes_append_byte(out, KW_STORED_VERSION);
    kw_bytes_u32(out, 0);
    put_record(out, entry, language);
    kw_bytes_varint(out, words);
    kw_bytes_varint(out, title_words);
    kw_bytes_varint(out, writer->bytes);
    put_fields(out, entry);
    kw_bytes_varint(out, writer->passages);
    kw_bytes_string(out, kw_bytes_view(&writer->borders));
    kw_bytes_varint(out, writer->block_count);
    kw_bytes_string(out, kw_bytes_view(&writer->blocks));
    kw_bytes_append_view(out, kw_bytes_view(&writer->packed));
    status = kw_bytes_status(out, error);
    if (status == KW_OK)
        kw_store32(out->data + 1, kw_crc32c(out->data + HEAD_BYTES, out->size - HEAD_BYTES));
    return status;
}
