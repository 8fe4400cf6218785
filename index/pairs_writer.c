/* Gathers pairs by a counting sort: one pass over the text counts each pair's places, another one
 * puts their documents in order. */
#include "index/pairs_writer.h"

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

/* The chosen words at a position, each once. */
struct group {
    uint32_t position;
    uint32_t count;
    uint16_t places[KW_PAIR_WORDS];
};

/* What goes through the text. */
struct walk {
    uint32_t words;
    uint16_t *place_of;  /* of each word as written, its place among the chosen ones */
    uint64_t *starts;    /* starts[p + 1] is where pair p's next document goes, … */
    uint32_t *documents; /* … here; NULL: starts[p + 2] counts them */
    struct group groups[2];
};

/* Notes the pairs of the words before with this one. */
static void note(struct walk *walk, const struct group *before, uint16_t place, uint32_t document)
{
    for (uint32_t i = 0; i < before->count; i++) {
        uint64_t *start = walk->starts + (size_t)before->places[i] * walk->words + place;
        if (walk->documents)
            walk->documents[start[1]++] = document;
        else
            start[2]++;
    }
}

static bool holds(const struct group *group, uint16_t place)
{
    for (uint32_t i = 0; i < group->count; i++)
        if (group->places[i] == place)
            return true;
    return false;
}

static void walk_document(struct walk *walk, const struct kw_batch *batch, uint64_t from,
                          const struct kw_run *run)
{
    struct group *before = &walk->groups[0], *here = &walk->groups[1];
    before->count = here->count = 0;
    for (uint64_t at = from; at < run->end; at++) {
        uint16_t place = walk->place_of[batch->words.items[at]];
        uint32_t position = batch->positions.items[at];
        if (place == NOT_CHOSEN)
            continue;
        if (here->count && here->position != position) {
            struct group *last = before;
            before = here;
            here = last;
            here->count = 0;
        }
        if (holds(here, place))
            continue;
        here->position = position;
        here->places[here->count++] = place;
        if (before->count && position - before->position == 1)
            note(walk, before, place, run->document);
    }
}

static void walk_batch(struct walk *walk, const struct kw_batch *batch)
{
    uint64_t from = 0;
    for (size_t i = 0; i < batch->run_count; i++) {
        walk_document(walk, batch, from, &batch->runs.items[i]);
        from = batch->runs.items[i].end;
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
    for (uint64_t i = 0; i < places; i++) {
        if (i == 0 || documents[i] != documents[i - 1]) {
            if (!kw_grow(&builder->documents, (size_t)list->count + 1) ||
                !kw_grow(&builder->frequencies, (size_t)list->count + 1))
                return kw_fail_memory(error);
            builder->documents.items[list->count] = documents[i];
            builder->frequencies.items[list->count++] = 0;
        }
        builder->frequencies.items[list->count - 1]++;
    }
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
        if (!status)
            kw_pairs_writer_pair(writer, cell / walk->words, cell % walk->words, &list, ks);
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
    size_t cells = (size_t)walk->words * walk->words;
    walk->place_of = make_places(writer, vocabulary);
    walk->starts = calloc(cells + 2, sizeof *walk->starts);
    if (!walk->place_of || !walk->starts) {
        status = kw_fail_memory(error);
        goto done;
    }
    walk_batch(walk, batch);
    for (size_t i = 2; i < cells + 2; i++)
        walk->starts[i] += walk->starts[i - 1];
    walk->documents = malloc((walk->starts[cells + 1] + 1) * sizeof *walk->documents);
    if (!walk->documents) {
        status = kw_fail_memory(error);
        goto done;
    }
    walk_batch(walk, batch);
    status = add_pairs(writer, walk, ks, error);
    if (!status)
        status = kw_pairs_writer_status(writer, error);
done:
    free(walk->place_of);
    free(walk->starts);
    free(walk->documents);
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
