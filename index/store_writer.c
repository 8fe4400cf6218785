/* Compresses text block by block or hands it to the word code, packs borders, gathers records. */
#include "index/store_writer.h"

#include "index/bitpack.h"
#include "index/sort.h"
#include "index/word_writer.h"

#include <stdlib.h>
#include <zlib.h>

enum {
    TEXT_ZLIB_LEVEL = 6,
    TRIAL_BYTES = 2 << 20, /* of text are compressed to see what all of it would take … */
    FIRST_TRIAL = 1 << 18, /* … unless so many tell that it is far more, or less */
    CLEARLY = 8,           /* by an eighth */
    INDEX_ENTRY = 16,      /* bytes of a block in textindex */
};

void kw_store_writer_init(struct kw_store_writer *writer, struct kw_pages_writer *pages)
{
    *writer = (struct kw_store_writer){.pages = pages, .codec = KW_TEXT_WORDS};
}

void kw_store_writer_codec(struct kw_store_writer *writer, uint32_t codec, const char *spool)
{
    writer->codec = codec;
    writer->spool = spool;
}

void kw_store_writer_release(struct kw_store_writer *writer)
{
    kw_symbols_release(&writer->symbols);
    kw_bytes_release(&writer->block);
    kw_bytes_release(&writer->packed);
    kw_bytes_release(&writer->text_index);
    kw_bytes_release(&writer->borders);
    kw_bytes_release(&writer->border_index);
    kw_table_writer_release(&writer->records);
    kw_paths_writer_release(&writer->paths);
}

/* ---- Blocks of zlib ----------------------------------------------------------------------- */

/* Compresses a block into writer->packed. */
static enum kw_status pack_block(struct kw_store_writer *writer, const struct kw_bytes *block,
                                 struct kw_error *error)
{
    uLongf size = compressBound(block->size);
    kw_bytes_clear(&writer->packed);
    uint8_t *place = kw_bytes_reserve(&writer->packed, size);
    if (!place || compress2(place, &size, block->data, block->size, TEXT_ZLIB_LEVEL) != Z_OK)
        return kw_fail_memory(error);
    writer->packed.size = size;
    return KW_OK;
}

static void begin_blocks(struct kw_store_writer *writer)
{
    if (writer->text_begun)
        return;
    writer->text_begun = true;
    kw_pages_writer_section(writer->pages, "text");
    kw_pages_writer_parameter(writer->pages, KW_TEXT_ZLIB);
}

/* Compresses and writes the block at hand. */
static enum kw_status write_block(struct kw_store_writer *writer, struct kw_error *error)
{
    begin_blocks(writer);
    if (!writer->block.size)
        return KW_OK;
    enum kw_status status = pack_block(writer, &writer->block, error);
    if (status != KW_OK)
        return status;
    kw_bytes_u64(&writer->text_index, writer->block_first);
    kw_bytes_u64(&writer->text_index, kw_pages_writer_size(writer->pages));
    kw_pages_writer_append(writer->pages, writer->packed.data, writer->packed.size);
    writer->text_bytes += writer->block.size;
    writer->block_first = writer->block_end;
    kw_bytes_clear(&writer->block);
    return kw_bytes_status(&writer->text_index, error);
}

/* Takes a passage's end, that of writer->block, and writes the block if it is full. */
static enum kw_status end_passage(struct kw_store_writer *writer, struct kw_error *error)
{
    writer->block_end++;
    enum kw_status status = kw_bytes_status(&writer->block, error);
    if (status == KW_OK && writer->block.size >= KW_TEXT_BLOCK)
        status = write_block(writer, error);
    return status;
}

/* ---- Text as symbols ---------------------------------------------------------------------- */

/* Writes the text that was kept as symbols in blocks of zlib after all. */
static enum kw_status write_zlib(struct kw_store_writer *writer, struct kw_error *error)
{
    struct kw_symbol_reader reader = {.at = 0};
    enum kw_status status = KW_OK;
    for (uint64_t i = 0; i < writer->symbols.passages && status == KW_OK; i++) {
        status = kw_symbol_reader_next(&reader, &writer->symbols, error);
        if (status != KW_OK)
            break;
        kw_symbol_reader_text(&reader, &writer->symbols, &writer->block);
        status = end_passage(writer, error);
    }
    kw_symbol_reader_release(&reader);
    return status == KW_OK ? write_block(writer, error) : status;
}

/* Sets *size to the bytes that blocks of zlib would take: exactly for a text of up to `most` bytes,
 * by a sample of so many in a longer one's blocks. */
static enum kw_status try_zlib(struct kw_store_writer *writer, uint64_t most, uint64_t *size,
                               struct kw_error *error)
{
    const struct kw_symbols *symbols = &writer->symbols;
    struct kw_symbol_reader reader = {.at = 0};
    struct kw_bytes block = KW_BYTES_INIT;
    enum kw_status status = KW_OK;
    uint64_t every = symbols->bytes / most + 1;
    uint64_t skip = 0;
    uint64_t passages = 0; /* of the block */
    uint64_t bytes = 0;
    uint64_t packed = 0;
    for (uint64_t i = 0; i < symbols->passages && status == KW_OK; i++) {
        if (skip) {
            kw_symbol_reader_skip(&reader, symbols);
            skip--;
            continue;
        }
        status = kw_symbol_reader_next(&reader, symbols, error);
        if (status != KW_OK)
            break;
        kw_symbol_reader_text(&reader, symbols, &block);
        passages++;
        if (block.size < KW_TEXT_BLOCK && i + 1 < symbols->passages)
            continue;
        status = block.failed ? kw_fail_memory(error) : pack_block(writer, &block, error);
        bytes += block.size;
        packed += writer->packed.size + INDEX_ENTRY;
        skip = passages * (every - 1);
        passages = 0;
        kw_bytes_clear(&block);
    }
    *size = bytes ? (uint64_t)((double)packed / (double)bytes * (double)symbols->bytes) : 0;
    kw_symbol_reader_release(&reader);
    kw_bytes_release(&block);
    return status;
}

/* Whether a sample does not tell which of two sizes is less. */
static bool is_near(uint64_t sampled, uint64_t other)
{
    return sampled + sampled / CLEARLY > other && other + other / CLEARLY > sampled;
}

/* Writes the text that was kept as symbols by the codec that takes less. */
static enum kw_status write_symbols(struct kw_store_writer *writer, struct kw_error *error)
{
    struct kw_word_writer words = {.count = 0};
    uint64_t size;
    enum kw_status status = kw_symbols_seal(&writer->symbols, error);
    if (status == KW_OK)
        status = kw_word_writer_init(&words, &writer->symbols, error);
    if (status == KW_OK)
        status = try_zlib(writer, FIRST_TRIAL, &size, error);
    if (status == KW_OK && is_near(size, words.estimate))
        status = try_zlib(writer, TRIAL_BYTES, &size, error);
    if (status == KW_OK) {
        writer->codec = words.estimate < size ? KW_TEXT_WORDS : KW_TEXT_ZLIB;
        status = writer->codec == KW_TEXT_WORDS ? kw_word_writer_write(&words, writer->pages, error)
                                                : write_zlib(writer, error);
    }
    kw_word_writer_release(&words);
    kw_symbols_release(&writer->symbols);
    return status;
}

/* ---- Passages ----------------------------------------------------------------------------- */

static void pack_borders(struct kw_store_writer *writer, size_t count)
{
    uint32_t widths[3];
    kw_bytes_u64(&writer->border_index, writer->borders.size);
    for (int i = 0; i < 3; i++) {
        widths[i] = kw_bitpack_width(writer->extents[i], count);
        kw_bytes_append_byte(&writer->borders, (uint8_t)widths[i]);
    }
    for (int i = 0; i < 3; i++)
        kw_bitpack_encode(&writer->borders, writer->extents[i], count, widths[i]);
}

/* Adds a passage's borders. */
static void add_extent(struct kw_store_writer *writer, const struct kw_extent *extent)
{
    size_t slot = writer->passages % KW_POSTING_BLOCK;
    writer->extents[0][slot] = extent->words;
    writer->extents[1][slot] = extent->bytes;
    writer->extents[2][slot] = extent->lines;
    writer->passages++;
    if (slot == KW_POSTING_BLOCK - 1)
        pack_borders(writer, KW_POSTING_BLOCK);
}

static enum kw_status begin_symbols(struct kw_store_writer *writer, struct kw_error *error)
{
    return writer->symbols.count ? KW_OK : kw_symbols_init(&writer->symbols, writer->spool, error);
}

/* Adds a passage's text. */
static enum kw_status add_text(struct kw_store_writer *writer, struct kw_view text,
                               struct kw_error *error)
{
    if (writer->codec == KW_TEXT_WORDS) {
        enum kw_status status = begin_symbols(writer, error);
        return status == KW_OK ? kw_symbols_add(&writer->symbols, text, error) : status;
    }
    begin_blocks(writer);
    kw_bytes_append_view(&writer->block, text);
    return end_passage(writer, error);
}

enum kw_status kw_store_writer_text(struct kw_store_writer *writer, const struct kw_extent *extents,
                                    size_t count, const uint8_t *text, struct kw_error *error)
{
    enum kw_status status;
    for (size_t i = 0; i < count; i++) {
        add_extent(writer, &extents[i]);
        status = add_text(writer, (struct kw_view){text, extents[i].bytes}, error);
        if (status != KW_OK)
            return status;
        text += extents[i].bytes;
    }
    return KW_OK;
}

enum kw_status kw_store_writer_recode(struct kw_store_writer *writer,
                                      struct kw_word_recoder *recoder, uint64_t first,
                                      const struct kw_extent *extents, size_t count,
                                      struct kw_error *error)
{
    for (size_t i = 0; i < count; i++)
        add_extent(writer, &extents[i]);
    enum kw_status status = begin_symbols(writer, error);
    if (!status)
        status = kw_word_recoder_add(recoder, &writer->symbols, first, extents, count, error);
    return status;
}

enum kw_status kw_store_writer_block(struct kw_store_writer *writer,
                                     const struct kw_extent *extents, size_t count,
                                     struct kw_view packed, struct kw_error *error)
{
    begin_blocks(writer);
    kw_bytes_u64(&writer->text_index, writer->passages);
    kw_bytes_u64(&writer->text_index, kw_pages_writer_size(writer->pages));
    kw_pages_writer_append(writer->pages, packed.data, packed.size);
    for (size_t i = 0; i < count; i++) {
        add_extent(writer, &extents[i]);
        writer->text_bytes += extents[i].bytes;
    }
    writer->block_first = writer->block_end = writer->passages;
    return kw_bytes_status(&writer->text_index, error);
}

void kw_record_encode(struct kw_bytes *out, const struct kw_entry *entry, uint64_t path,
                      uint64_t first, uint64_t passages, uint64_t bytes)
{
    kw_bytes_string(out, entry->id);
    kw_bytes_string(out, entry->title);
    kw_bytes_varint(out, (uint64_t)entry->is_record | (uint64_t)entry->title_searched << 1);
    if (entry->is_record) {
        kw_bytes_varint(out, path);
        kw_bytes_varint(out, entry->line);
    }
    kw_bytes_varint(out, entry->language);
    kw_bytes_varint(out, first);
    kw_bytes_varint(out, passages);
    kw_bytes_varint(out, bytes);
    kw_bytes_varint(out, entry->field_count);
    for (size_t i = 0; i < entry->field_count; i++) {
        kw_bytes_string(out, entry->fields[i].name);
        kw_bytes_append_byte(out, entry->fields[i].kind);
        kw_bytes_string(out, entry->fields[i].value);
    }
}

enum kw_status kw_store_writer_record(struct kw_store_writer *writer, const struct kw_entry *entry,
                                      uint64_t first, uint64_t bytes, struct kw_error *error)
{
    uint64_t path = 0;
    enum kw_status status = KW_OK;
    if (entry->is_record)
        status = kw_paths_writer_add(&writer->paths, entry->path, &path, error);
    if (status)
        return status;
    kw_record_encode(&writer->records.records, entry, path, first, writer->passages - first, bytes);
    kw_table_writer_end(&writer->records);
    return kw_bytes_status(&writer->records.records, error);
}

static void write_numbers(struct kw_pages_writer *pages, const char *name, const uint32_t *numbers,
                          size_t count)
{
    uint8_t four[4];
    kw_pages_writer_section(pages, name);
    for (size_t i = 0; i < count; i++) {
        kw_store32(four, numbers[i]);
        kw_pages_writer_append(pages, four, 4);
    }
}

/* Writes documents by id and ids' ranks, unless the documents are in the order of their ids. */
static enum kw_status write_id_order(struct kw_store_writer *writer, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    size_t count = (size_t)kw_table_writer_count(&writer->records);
    struct kw_view *ids = malloc((count + 1) * sizeof *ids);
    uint32_t *order = malloc((count + 1) * sizeof *order);
    uint32_t *rank = malloc((count + 1) * sizeof *rank);
    bool sorted = true;
    if (!ids || !order || !rank) {
        status = kw_fail_memory(error);
        goto done;
    }
    for (size_t i = 0; i < count; i++) {
        struct kw_view record = kw_table_writer_record(&writer->records, i);
        kw_take_string(&record, &ids[i]);
        sorted = sorted && (!i || kw_view_compare(ids[i - 1], ids[i]) < 0);
    }
    if (sorted || (status = kw_sort_views(ids, order, count, error)))
        goto done;
    for (size_t i = 0; i < count; i++)
        rank[order[i]] = (uint32_t)i;
    write_numbers(writer->pages, "idorder", order, count);
    write_numbers(writer->pages, "idrank", rank, count);
done:
    free(ids);
    free(order);
    free(rank);
    return status;
}

static void write_bytes(struct kw_pages_writer *pages, const char *name,
                        const struct kw_bytes *bytes, uint64_t parameter)
{
    kw_pages_writer_section(pages, name);
    kw_pages_writer_append(pages, bytes->data, bytes->size);
    kw_pages_writer_parameter(pages, parameter);
}

enum kw_status kw_store_writer_end(struct kw_store_writer *writer, struct kw_error *error)
{
    bool symbols = writer->symbols.passages > 0;
    enum kw_status status = symbols ? write_symbols(writer, error) : write_block(writer, error);
    if (writer->passages % KW_POSTING_BLOCK)
        pack_borders(writer, writer->passages % KW_POSTING_BLOCK);
    if (status || writer->borders.failed || writer->border_index.failed)
        return status ? status : kw_fail_memory(error);
    if (writer->text_begun)
        write_bytes(writer->pages, "textindex", &writer->text_index, writer->text_bytes);
    write_bytes(writer->pages, "borders", &writer->borders, writer->passages);
    write_bytes(writer->pages, "borderindex", &writer->border_index, 0);
    return KW_OK;
}

enum kw_status kw_store_writer_finish(struct kw_store_writer *writer, struct kw_error *error)
{
    enum kw_status status = kw_store_writer_end(writer, error);
    if (!status && (writer->records.records.failed || writer->records.index.failed))
        status = kw_fail_memory(error);
    if (!status)
        status =
            kw_table_writer_write(&writer->records, writer->pages, "records", "recordindex", error);
    if (!status)
        status = write_id_order(writer, error);
    if (!status)
        status =
            kw_table_writer_write(&writer->paths.table, writer->pages, "paths", "pathindex", error);
    return status;
}
