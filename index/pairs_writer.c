/* Gathers pairs by a counting sort: a pass over the text lists pairs and counts each one's places,
 * another one, over the list, puts their documents in order. */
#include "index/pairs_writer.h"

#include "base/wide.h"

#include <stdlib.h>

enum { NOT_CHOSEN = UINT16_MAX };

void kw_pairs_writer_release(struct kw_pairs_writer *writer)
{
    free(writer->words.items);
    kw_bytes_release(&writer->rows);
    kw_bytes_release(&writer->offsets);
    kw_bytes_release(&writer->entries);
    kw_spool_release(&writer->postings);
    kw_bytes_release(&writer->inlined);
    kw_list_builder_release(&writer->builder);
    kw_postings_scratch_release(&writer->scratch);
}

enum kw_status kw_pairs_writer_term(struct kw_pairs_writer *writer, uint32_t surface,
                                    uint32_t documents, struct kw_error *error)
{
    uint32_t ordinal = writer->terms++;
    if (documents < KW_PAIR_DOCUMENTS)
        return KW_OK;
    if (!kw_grow(&writer->words, writer->word_count + 1))
        return kw_fail_memory(error);
    writer->words.items[writer->word_count++] = (struct kw_pair_word){ordinal, documents, surface};
    return KW_OK;
}

/* ---- The text ----------------------------------------------------------------------------- */

/* A chosen word where it stands; NOT_CHOSEN if it does a second time. */
struct token {
    uint32_t position;
    uint32_t place; /* among the chosen ones */
};

/* What goes through the text. A pair is a cell of the table of chosen words: row, first word. */
struct walk {
    uint32_t words;
    uint16_t *place_of; /* of each word as written, its place among the chosen ones */
    struct {
        struct token *items;
        size_t capacity;
    } tokens;             /* of the document at hand */
    struct kw_room cells; /* of all pairs in the text, by documents */
    size_t cell_count;
    size_t *ends;                      /* of each run of the batch, in `cells` */
    uint64_t *starts;                  /* starts[p + 1] is where pair p's next document goes, … */
    uint32_t *documents;               /* … here */
    struct kw_room room;               /* that they are in */
    const struct kw_room_place *place; /* of long arrays */
};

/* Lists the chosen words of a document and sets *count. Without a branch, as half of a text's words
 * are chosen. */
static enum kw_status list_tokens(struct walk *walk, const struct kw_batch *batch, uint64_t from,
                                  uint64_t end, size_t *count, struct kw_error *error)
{
    const uint32_t *words = batch->words.items;
    const uint32_t *positions = batch->positions.items;
    size_t found = 0;
    if (!kw_grow(&walk->tokens, (size_t)(end - from) + 1))
        return kw_fail_memory(error);
    for (uint64_t at = from; at < end; at++) {
        uint32_t place = walk->place_of[words[at]];
        walk->tokens.items[found] = (struct token){positions[at], place};
        found += place != NOT_CHOSEN;
    }
    *count = found;
    return KW_OK;
}

/* Adds token `at`, which shares its position with those from `here` on, and its pairs with those
 * from `before` on. */
static enum kw_status add_shared(struct walk *walk, size_t before, size_t here, size_t at,
                                 struct kw_error *error)
{
    struct token *tokens = walk->tokens.items;
    struct token *token = &tokens[at];
    for (size_t i = here; i < at; i++)
        if (tokens[i].place == token->place)
            token->place = NOT_CHOSEN;
    if (token->place == NOT_CHOSEN)
        return KW_OK;
    enum kw_status status =
        kw_room_grow(&walk->cells, walk->cell_count + (here - before), walk->place, error);
    if (status)
        return status;
    for (size_t i = before; i < here; i++)
        if (tokens[i].place != NOT_CHOSEN && token->position - tokens[i].position == 1)
            walk->cells.items[walk->cell_count++] = tokens[i].place * walk->words + token->place;
    return KW_OK;
}

/* Lists the pairs of a document, of which `count` words are chosen. */
static enum kw_status list_pairs(struct walk *walk, size_t count, struct kw_error *error)
{
    const struct token *tokens = walk->tokens.items;
    enum kw_status status = KW_OK;
    size_t here = 0;   /* the first token of the last position … */
    size_t before = 0; /* … and of the one before it */
    for (size_t i = 1; i < count && !status; i++) {
        bool shared = tokens[i].position == tokens[i - 1].position;
        if (!shared) {
            before = here;
            here = i;
        }
        if (shared || here - before > 1) {
            status = add_shared(walk, before, here, i, error);
            continue;
        }
        status = kw_room_grow(&walk->cells, walk->cell_count + 1, walk->place, error);
        if (status)
            break;
        walk->cells.items[walk->cell_count] = tokens[before].place * walk->words + tokens[i].place;
        walk->cell_count += tokens[i].position - tokens[before].position == 1;
    }
    return status;
}

/* Lists and counts the pairs of the text. */
static enum kw_status list_text(struct walk *walk, const struct kw_batch *batch,
                                struct kw_error *error)
{
    enum kw_status status = KW_OK;
    uint64_t from = 0;
    for (size_t i = 0; i < batch->run_count && !status; i++) {
        size_t first = walk->cell_count;
        size_t count = 0;
        status = list_tokens(walk, batch, from, batch->runs.items[i].end, &count, error);
        if (!status)
            status = list_pairs(walk, count, error);
        for (size_t j = first; j < walk->cell_count; j++)
            walk->starts[(size_t)walk->cells.items[j] + 2]++;
        walk->ends[i] = walk->cell_count;
        from = batch->runs.items[i].end;
    }
    return status;
}

/* Puts the documents of the pairs in order. */
static void put_documents(struct walk *walk, const struct kw_batch *batch)
{
    size_t at = 0;
    for (size_t i = 0; i < batch->run_count; i++) {
        uint32_t document = batch->runs.items[i].document;
        for (; at < walk->ends[i]; at++)
            walk->documents[walk->starts[(size_t)walk->cells.items[at] + 1]++] = document;
    }
}

/* The chosen words' places by words as written; NULL without memory. */
static uint16_t *make_places(const struct kw_pairs_writer *writer,
                             const struct kw_batch_words *vocabulary)
{
    uint16_t *by_surface = malloc(((size_t)vocabulary->surface_count + 1) * sizeof *by_surface);
    uint16_t *by_word = malloc(((size_t)vocabulary->word_count + 1) * sizeof *by_word);
    if (!by_surface || !by_word) {
        free(by_surface);
        free(by_word);
        return NULL;
    }
    for (uint32_t i = 0; i < vocabulary->surface_count; i++)
        by_surface[i] = NOT_CHOSEN;
    for (size_t i = 0; i < writer->word_count; i++)
        by_surface[writer->words.items[i].number] = (uint16_t)i;
    for (uint32_t i = 0; i < vocabulary->word_count; i++)
        by_word[i] = by_surface[vocabulary->surface_of[i]];
    free(by_surface);
    return by_word;
}

/* ---- Entries ------------------------------------------------------------------------------ */

enum kw_status kw_pairs_writer_choose(struct kw_pairs_writer *writer, struct kw_error *error)
{
    writer->word_count = kw_pairs_choose(writer->words.items, writer->word_count);
    size_t size = writer->word_count * ((writer->word_count + 63) / 64 * 8);
    uint8_t *rows = kw_bytes_reserve(&writer->rows, size + 1);
    if (!rows)
        return kw_fail_memory(error);
    memset(rows, 0, size);
    writer->rows.size = size;
    return KW_OK;
}

void kw_pairs_writer_pair(struct kw_pairs_writer *writer, uint32_t first, uint32_t second,
                          const struct kw_posting_list *list, const double *ks)
{
    uint64_t places = 0;
    size_t row = writer->rows.size / writer->word_count * first;
    writer->rows.data[row + second / 8] |= (uint8_t)(1U << (second % 8));
    writer->counts[first]++;
    if (writer->count++ % KW_PAIR_BLOCK == 0) {
        kw_bytes_u32(&writer->offsets, (uint32_t)writer->entries.size);
        writer->postings_at = 0;
    }
    for (uint32_t i = 0; i < list->count; i++)
        places += list->frequencies[i];
    kw_bytes_clear(&writer->inlined);
    if (list->count <= KW_INLINE_BYTES / 2)
        kw_postings_encode_inline(&writer->inlined, list);
    bool inlined = writer->inlined.size > 0 && writer->inlined.size <= KW_INLINE_BYTES;
    kw_bytes_varint(&writer->entries,
                    (uint64_t)list->count << 2 | (inlined ? KW_PLACE_INLINE : KW_PLACE_LISTED));
    kw_bytes_varint(&writer->entries, places - list->count);
    if (inlined) {
        kw_bytes_string(&writer->entries, kw_bytes_view(&writer->inlined));
        return;
    }
    uint64_t at = kw_spool_size(&writer->postings);
    kw_bytes_varint(&writer->entries, at - writer->postings_at);
    writer->postings_at = at;
    kw_postings_encode(&writer->postings.bytes, NULL, list, ks, &writer->scratch);
}

enum kw_status kw_pairs_writer_status(const struct kw_pairs_writer *writer, struct kw_error *error)
{
    bool failed = writer->rows.failed || writer->offsets.failed || writer->entries.failed ||
                  writer->postings.bytes.failed || writer->inlined.failed;
    return failed ? kw_fail_memory(error) : KW_OK;
}

/* Gathers the postings of a pair that stands in these documents, rising, which repeat with its
 * places. */
static enum kw_status gather(struct kw_list_builder *builder, const uint32_t *documents,
                             uint64_t places, struct kw_posting_list *list, struct kw_error *error)
{
    *list = (struct kw_posting_list){.count = 0};
    if (!kw_grow(&builder->documents, (size_t)places) ||
        !kw_grow(&builder->frequencies, (size_t)places))
        return kw_fail_memory(error);
    uint32_t *listed = builder->documents.items;
    uint32_t *frequencies = builder->frequencies.items;
    uint32_t count = 0;
    uint32_t frequency = 0;
    for (uint64_t i = 0; i < places; i++) {
        bool other = i == 0 || documents[i] != documents[i - 1];
        count += other;
        frequency = other ? 1 : frequency + 1;
        listed[count - 1] = documents[i];
        frequencies[count - 1] = frequency;
    }
    list->count = count;
    list->documents = builder->documents.items;
    list->frequencies = builder->frequencies.items;
    return KW_OK;
}

static enum kw_status add_pairs(struct kw_pairs_writer *writer, const struct walk *walk,
                                const double *ks, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    for (uint32_t cell = 0; cell < walk->words * walk->words && !status; cell++) {
        const uint64_t *start = walk->starts + cell;
        struct kw_posting_list list;
        if (start[1] == start[0])
            continue;
        status =
            gather(&writer->builder, walk->documents + start[0], start[1] - start[0], &list, error);
        if (status)
            break;
        kw_pairs_writer_pair(writer, cell / walk->words, cell % walk->words, &list, ks);
        status = kw_spool_relieve(&writer->postings, error);
    }
    return status;
}

enum kw_status kw_pairs_writer_batch(struct kw_pairs_writer *writer, const struct kw_batch *batch,
                                     const struct kw_batch_words *vocabulary, const double *ks,
                                     struct kw_error *error)
{
    enum kw_status status = kw_pairs_writer_choose(writer, error);
    if (status || !writer->word_count)
        return status;
    struct walk *walk = calloc(1, sizeof *walk);
    if (!walk)
        return kw_fail_memory(error);
    walk->words = (uint32_t)writer->word_count;
    walk->place = batch->place;
    size_t cells = (size_t)walk->words * walk->words;
    walk->place_of = make_places(writer, vocabulary);
    walk->starts = kw_wide_calloc(cells + 2, sizeof *walk->starts);
    walk->ends = calloc(batch->run_count + 1, sizeof *walk->ends);
    if (!walk->place_of || !walk->starts || !walk->ends) {
        status = kw_fail_memory(error);
        goto done;
    }
    if ((status = list_text(walk, batch, error)))
        goto done;
    for (size_t i = 2; i < cells + 2; i++)
        walk->starts[i] += walk->starts[i - 1];
    status = kw_room_grow(&walk->room, walk->cell_count + 1, batch->place, error);
    if (status)
        goto done;
    walk->documents = walk->room.items;
    put_documents(walk, batch);
    status = add_pairs(writer, walk, ks, error);
    if (!status)
        status = kw_pairs_writer_status(writer, error);
done:
    free(walk->place_of);
    free(walk->tokens.items);
    kw_room_release(&walk->cells);
    free(walk->ends);
    free(walk->starts);
    kw_room_release(&walk->room);
    free(walk);
    return status;
}

void kw_pairs_writer_write(const struct kw_pairs_writer *writer, struct kw_pages_writer *pages,
                           uint64_t postings_at)
{
    const struct kw_bytes *parts[] = {&writer->rows, &writer->offsets, &writer->entries};
    uint32_t before = 0;
    uint8_t number[8];
    if (!writer->word_count)
        return;
    kw_pages_writer_section(pages, "pairs");
    kw_pages_writer_parameter(pages, writer->word_count);
    kw_store64(number, postings_at);
    kw_pages_writer_append(pages, number, sizeof number);
    for (size_t i = 0; i < writer->word_count; i++) {
        kw_store32(number, writer->words.items[i].ordinal);
        kw_pages_writer_append(pages, number, 4);
    }
    for (size_t i = 0; i <= writer->word_count; i++) {
        kw_store32(number, before);
        kw_pages_writer_append(pages, number, 4);
        before += i < writer->word_count ? writer->counts[i] : 0;
    }
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        kw_pages_writer_append(pages, parts[i]->data, parts[i]->size);
}
