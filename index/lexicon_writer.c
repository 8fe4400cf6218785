/* Front-codes keys and decides where each term's postings go. */
#include "index/lexicon_writer.h"

enum kw_status kw_lexicon_writer_init(struct kw_lexicon_writer *writer, struct kw_spool *postings,
                                      struct kw_pages_writer *pages, const char *path,
                                      struct kw_error *error)
{
    *writer = (struct kw_lexicon_writer){.postings = postings, .pages = pages};
    return kw_spool_init(&writer->entries, path, error);
}

void kw_lexicon_writer_release(struct kw_lexicon_writer *writer)
{
    kw_spool_release(&writer->entries);
    kw_bytes_release(&writer->index);
    kw_bytes_release(&writer->previous);
    kw_bytes_release(&writer->inlined);
    kw_postings_scratch_release(&writer->scratch);
}

/* Front-codes the key; a block's first stands whole, so that a reader can compare it in place. */
static void add_key(struct kw_lexicon_writer *writer, struct kw_view key)
{
    size_t shared = 0;
    if (writer->count % KW_LEXICON_BLOCK == 0) {
        kw_bytes_u64(&writer->index, kw_spool_size(&writer->entries));
        writer->postings_at = 0;
        writer->positions_at = 0;
    } else {
        while (shared < key.size && shared < writer->previous.size &&
               key.data[shared] == writer->previous.data[shared])
            shared++;
    }
    kw_bytes_varint(&writer->entries.bytes, shared);
    kw_bytes_string(&writer->entries.bytes, (struct kw_view){key.data + shared, key.size - shared});
    kw_bytes_clear(&writer->previous);
    kw_bytes_append_view(&writer->previous, key);
    writer->count++;
}

static void add_listed(struct kw_lexicon_writer *writer, const struct kw_posting_list *list,
                       const double *ks)
{
    uint64_t postings_at = kw_spool_size(writer->postings);
    uint64_t positions_at =
        list->offsets ? list->positions_at : kw_pages_writer_size(writer->pages);
    kw_bytes_varint(&writer->entries.bytes, postings_at - writer->postings_at);
    writer->postings_at = postings_at;
    if (list->positions || list->offsets) {
        kw_bytes_varint(&writer->entries.bytes, positions_at - writer->positions_at);
        writer->positions_at = positions_at;
    }
    kw_postings_encode(&writer->postings->bytes, writer->pages, list, ks, &writer->scratch);
}

static void add_postings(struct kw_lexicon_writer *writer, const struct kw_posting_list *list,
                         const double *ks)
{
    uint64_t occurrences = 0;
    bool inlined = list->count <= KW_INLINE_BYTES / 2 && !list->offsets;
    for (uint32_t i = 0; i < list->count; i++)
        occurrences += list->frequencies[i];
    kw_bytes_clear(&writer->inlined);
    if (inlined && (!list->positions || occurrences <= KW_INLINE_BYTES))
        kw_postings_encode_inline(&writer->inlined, list);
    inlined = writer->inlined.size > 0 && writer->inlined.size <= KW_INLINE_BYTES;
    kw_bytes_varint(&writer->entries.bytes,
                    (uint64_t)list->count << 2 | (inlined ? KW_PLACE_INLINE : KW_PLACE_LISTED));
    kw_bytes_varint(&writer->entries.bytes, occurrences - list->count);
    if (inlined)
        kw_bytes_string(&writer->entries.bytes, kw_bytes_view(&writer->inlined));
    else
        add_listed(writer, list, ks);
}

uint64_t kw_lexicon_writer_surface(struct kw_lexicon_writer *writer, struct kw_view key,
                                   const struct kw_posting_list *list, const double *ks)
{
    add_key(writer, key);
    add_postings(writer, list, ks);
    return writer->count - 1;
}

uint64_t kw_lexicon_writer_stem(struct kw_lexicon_writer *writer, struct kw_view key,
                                const uint64_t *forms, uint32_t form_count,
                                const struct kw_posting_list *list, const double *ks)
{
    uint64_t next = 0;
    add_key(writer, key);
    kw_bytes_clear(&writer->inlined);
    for (uint32_t i = 0; i < form_count; i++) {
        kw_bytes_varint(&writer->inlined, forms[i] - next);
        next = forms[i] + 1;
    }
    kw_bytes_varint(&writer->entries.bytes,
                    (uint64_t)form_count << 1 | (list && (list->positions || list->offsets)));
    kw_bytes_string(&writer->entries.bytes, kw_bytes_view(&writer->inlined));
    if (list)
        add_postings(writer, list, ks);
    else
        kw_bytes_varint(&writer->entries.bytes, KW_PLACE_SHARED);
    return writer->count - 1;
}

enum kw_status kw_lexicon_writer_status(const struct kw_lexicon_writer *writer,
                                        struct kw_error *error)
{
    bool failed = writer->entries.bytes.failed || writer->index.failed || writer->previous.failed ||
                  writer->inlined.failed;
    return failed ? kw_fail_memory(error) : KW_OK;
}
