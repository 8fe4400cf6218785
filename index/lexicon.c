/* Reads the lexicon: a binary search over the blocks' first keys, in place, then a walk of one
 * block. */
#include "index/postings.h"

/* The bytes of block `block`, verified; an empty view on damage. */
static struct kw_view block_view(struct kw_segment *segment, uint64_t block)
{
    const struct kw_section *index = segment->lexicon_index;
    const uint8_t *at = kw_pages_view(&segment->pages, index, block * 8, 8);
    if (!at)
        return (struct kw_view){NULL, 0};
    uint64_t from = kw_load64(at);
    uint64_t to = segment->lexicon->size;
    if (block * 8 + 16 <= index->size) {
        at = kw_pages_view(&segment->pages, index, block * 8 + 8, 8);
        if (!at)
            return (struct kw_view){NULL, 0};
        to = kw_load64(at);
    }
    if (from >= to || to > segment->lexicon->size) {
        kw_pages_damage(&segment->pages, index, block * 8,
                        "a block of the lexicon is out of order");
        return (struct kw_view){NULL, 0};
    }
    const uint8_t *data = kw_pages_view(&segment->pages, segment->lexicon, from, to - from);
    return (struct kw_view){data, data ? to - from : 0};
}

static void damage(struct kw_segment *segment, struct kw_view rest, const char *reason)
{
    uint64_t at =
        rest.data ? (uint64_t)(rest.data - segment->pages.map.view.data) - segment->lexicon->offset
                  : 0;
    kw_pages_damage(&segment->pages, segment->lexicon, at, reason);
}

static bool take_postings(struct kw_lexicon_cursor *cursor, uint64_t head)
{
    struct kw_term *term = &cursor->term;
    uint64_t more;
    uint64_t skip = 0;
    if (head >> 2 == 0 || head >> 2 > cursor->segment->documents ||
        !kw_take_varint(&cursor->rest, &more))
        return false;
    term->documents = (uint32_t)(head >> 2);
    term->occurrences = term->documents + more;
    if (term->place == KW_PLACE_INLINE)
        return kw_take_string(&cursor->rest, &term->inlined) &&
               term->inlined.size <= KW_INLINE_BYTES;
    if (!kw_take_varint(&cursor->rest, &skip))
        return false;
    cursor->postings_at += skip;
    term->postings_at = cursor->postings_at;
    if (term->positional) {
        if (!kw_take_varint(&cursor->rest, &skip))
            return false;
        cursor->positions_at += skip;
        term->positions_at = cursor->positions_at;
    }
    return true;
}

/* Takes the entry behind a key: what kind it is says the byte behind the key's first NUL. */
static bool take_entry(struct kw_lexicon_cursor *cursor)
{
    struct kw_term *term = &cursor->term;
    const uint8_t *end = memchr(cursor->key.data, 0, cursor->key.size);
    uint64_t head;
    *term = (struct kw_term){.ordinal = cursor->ordinal, .positional = true};
    if (!end || (size_t)(end - cursor->key.data) + 2 > cursor->key.size)
        return false;
    if (end[1] == KW_TERM_STEM) {
        uint64_t forms;
        if (!kw_take_varint(&cursor->rest, &forms) || forms >> 1 == 0 || forms >> 1 > UINT32_MAX ||
            !kw_take_string(&cursor->rest, &term->forms) || forms >> 1 > term->forms.size)
            return false;
        term->form_count = (uint32_t)(forms >> 1);
        term->positional = forms & 1;
    } else if (end[1] != KW_TERM_SURFACE) {
        return false;
    }
    if (!kw_take_varint(&cursor->rest, &head) || (head & 3) > KW_PLACE_SHARED)
        return false;
    term->place = (enum kw_term_place)(head & 3);
    if (term->place == KW_PLACE_SHARED)
        return head >> 2 == 0 && term->form_count == 1;
    return take_postings(cursor, head);
}

/* Takes the next key and entry of the block at hand, without following a shared place. */
static bool take_next(struct kw_lexicon_cursor *cursor)
{
    uint64_t shared;
    struct kw_view suffix;
    if (!kw_take_varint(&cursor->rest, &shared) || shared > cursor->key.size ||
        !kw_take_string(&cursor->rest, &suffix))
        return false;
    cursor->key.size = (size_t)shared;
    kw_bytes_append_view(&cursor->key, suffix);
    return !cursor->key.failed && take_entry(cursor);
}

/* Steps to the next entry, into the next block where one ends. */
static enum kw_status step(struct kw_lexicon_cursor *cursor, struct kw_error *error)
{
    struct kw_segment *segment = cursor->segment;
    bool ended = cursor->ordinal >= segment->lexicon->parameter;
    bool boundary = cursor->ordinal % KW_LEXICON_BLOCK == 0;
    if (cursor->rest.size && (ended || boundary)) {
        damage(segment, cursor->rest, "bytes are left over in a block of the lexicon");
        return kw_segment_status(segment, error);
    }
    if (ended)
        return KW_END;
    if (boundary) {
        cursor->rest = block_view(segment, cursor->ordinal / KW_LEXICON_BLOCK);
        kw_bytes_clear(&cursor->key);
        cursor->postings_at = 0;
        cursor->positions_at = 0;
    }
    struct kw_view before = cursor->rest;
    if (!before.data || !take_next(cursor)) {
        if (cursor->key.failed)
            return kw_fail_memory(error);
        damage(segment, before, "an entry of the lexicon makes no sense");
        return kw_segment_status(segment, error);
    }
    cursor->ordinal++;
    return KW_OK;
}

/* Reads the entry with this ordinal into *term. */
static enum kw_status term_at(struct kw_segment *segment, uint64_t ordinal, struct kw_term *term,
                              struct kw_error *error)
{
    struct kw_lexicon_cursor cursor = {.segment = segment,
                                       .ordinal = ordinal / KW_LEXICON_BLOCK * KW_LEXICON_BLOCK};
    enum kw_status status = KW_OK;
    while (!status && cursor.ordinal <= ordinal)
        status = step(&cursor, error);
    if (status == KW_END) {
        kw_pages_damage(&segment->pages, segment->lexicon, 0, "a stem names a form that is none");
        status = kw_segment_status(segment, error);
    }
    *term = cursor.term;
    kw_lexicon_cursor_release(&cursor);
    return status;
}

/* Gives a stem that shares its one form's postings that form's place. */
static enum kw_status follow(struct kw_segment *segment, struct kw_term *term,
                             struct kw_error *error)
{
    struct kw_term form;
    if (term->place != KW_PLACE_SHARED)
        return KW_OK;
    enum kw_status status = kw_term_forms(segment, term, &form, error);
    if (status)
        return status;
    form.ordinal = term->ordinal;
    form.form_count = term->form_count;
    form.forms = term->forms;
    form.shared = true;
    *term = form;
    return KW_OK;
}

enum kw_status kw_term_forms(struct kw_segment *segment, const struct kw_term *term,
                             struct kw_term *terms, struct kw_error *error)
{
    struct kw_view forms = term->forms;
    uint64_t next = 0;
    for (uint32_t i = 0; i < term->form_count; i++) {
        uint64_t gap;
        if (!kw_take_varint(&forms, &gap) || gap > segment->lexicon->parameter ||
            next + gap >= term->ordinal) {
            damage(segment, term->forms, "a stem's forms make no sense");
            return kw_segment_status(segment, error);
        }
        enum kw_status status = term_at(segment, next + gap, &terms[i], error);
        if (status)
            return status;
        if (terms[i].form_count) {
            damage(segment, term->forms, "a stem's form is a stem");
            return kw_segment_status(segment, error);
        }
        next += gap + 1;
    }
    return KW_OK;
}

/* The last block whose first key is ≤ `key`, or 0. UINT64_MAX on damage. */
static uint64_t find_block(struct kw_segment *segment, struct kw_view key)
{
    uint64_t low = 0;
    uint64_t high = segment->lexicon_index->size / 8;
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        struct kw_view block = block_view(segment, middle);
        uint64_t shared;
        struct kw_view first;
        if (!kw_take_varint(&block, &shared) || shared || !kw_take_string(&block, &first)) {
            damage(segment, block, "a block of the lexicon does not begin with a key");
            return UINT64_MAX;
        }
        if (kw_view_compare(first, key) <= 0)
            low = middle;
        else
            high = middle;
    }
    return low;
}

enum kw_status kw_lexicon_cursor_init(struct kw_lexicon_cursor *cursor, struct kw_segment *segment,
                                      struct kw_view from, struct kw_error *error)
{
    *cursor = (struct kw_lexicon_cursor){.segment = segment};
    uint64_t block = find_block(segment, from);
    if (block == UINT64_MAX)
        return kw_segment_status(segment, error);
    cursor->ordinal = block * KW_LEXICON_BLOCK;
    enum kw_status status;
    do
        status = step(cursor, error);
    while (!status && kw_view_compare(kw_bytes_view(&cursor->key), from) < 0);
    cursor->pending = status == KW_OK;
    if (status == KW_END)
        return KW_OK;
    if (status)
        kw_lexicon_cursor_release(cursor);
    return status;
}

enum kw_status kw_lexicon_cursor_next(struct kw_lexicon_cursor *cursor, struct kw_error *error)
{
    enum kw_status status = cursor->pending ? KW_OK : step(cursor, error);
    cursor->pending = false;
    return status ? status : follow(cursor->segment, &cursor->term, error);
}

void kw_lexicon_cursor_release(struct kw_lexicon_cursor *cursor)
{
    kw_bytes_release(&cursor->key);
}

enum kw_status kw_segment_find_term(struct kw_segment *segment, struct kw_view key,
                                    struct kw_term *term, struct kw_error *error)
{
    struct kw_lexicon_cursor cursor = {.segment = segment};
    enum kw_status status = KW_E_NOT_FOUND;
    uint64_t block = find_block(segment, key);
    if (block == UINT64_MAX)
        return kw_segment_status(segment, error);
    cursor.ordinal = block * KW_LEXICON_BLOCK;
    for (uint32_t i = 0; i < KW_LEXICON_BLOCK; i++) {
        enum kw_status stepped = step(&cursor, error);
        int order = stepped ? 1 : kw_view_compare(kw_bytes_view(&cursor.key), key);
        if (stepped && stepped != KW_END)
            status = stepped;
        if (order == 0) {
            *term = cursor.term;
            status = follow(segment, term, error);
        }
        if (order >= 0)
            break;
    }
    kw_lexicon_cursor_release(&cursor);
    return status;
}
