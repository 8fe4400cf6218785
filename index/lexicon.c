/* Reads the lexicon: a binary search over the blocks' first keys, in place, then a walk of one
 * block. */
#include "index/postings.h"

static uint64_t block_count(const struct kw_segment *segment)
{
    return segment->lexicon_index->size / 8;
}

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

/* Finds the byte behind the key's first NUL, which says of what kind it is; `shared` bytes of the
 * key are those of the one before. */
static bool find_kind(struct kw_lexicon_cursor *cursor, size_t shared)
{
    const struct kw_bytes *key = &cursor->key;
    if (shared > cursor->kind_at)
        return true;
    const uint8_t *end = key->size ? memchr(key->data, 0, key->size) : NULL;
    if (!end || (size_t)(end - key->data) + 2 > key->size)
        return false;
    cursor->kind_at = (size_t)(end - key->data) + 1;
    return true;
}

/* As kw_take_varint, made for numbers of two and three bytes. */
static inline bool take(struct kw_view *view, uint64_t *value)
{
    const uint8_t *at = view->data;
    if (view->size < 3 || (at[0] & at[1] & at[2] & 0x80))
        return kw_take_varint(view, value);
    const size_t size = at[0] & 0x80 ? at[1] & 0x80 ? 3 : 2 : 1;
    *value = (at[0] & 0x7f) | (size > 1 ? (uint64_t)(at[1] & 0x7f) << 7 : 0) |
             (size > 2 ? (uint64_t)at[2] << 14 : 0);
    view->data += size;
    view->size -= size;
    return true;
}

/* Passes over the entry behind a key, and adds its offsets to the running ones. */
static bool skip_entry(struct kw_lexicon_cursor *cursor)
{
    uint8_t kind = cursor->key.data[cursor->kind_at];
    struct kw_view rest, bytes;
    uint64_t forms = 1, head, more, postings = 0, positions = 0;
    rest.data = cursor->entry.data; /* not as a whole: see kw_take_string */
    rest.size = cursor->entry.size;
    if (kind != KW_TERM_SURFACE && kind != KW_TERM_STEM)
        return false;
    if (kind == KW_TERM_STEM && (!take(&rest, &forms) || !kw_take_string(&rest, &bytes)))
        return false;
    if (!take(&rest, &head) || (head & 3) > KW_PLACE_SHARED)
        return false;
    if ((head & 3) != KW_PLACE_SHARED && !take(&rest, &more))
        return false;
    if ((head & 3) == KW_PLACE_INLINE && !kw_take_string(&rest, &bytes))
        return false;
    if ((head & 3) == KW_PLACE_LISTED &&
        (!take(&rest, &postings) || (forms & 1 && !take(&rest, &positions))))
        return false;
    cursor->postings_at += postings;
    cursor->positions_at += positions;
    cursor->rest.data = rest.data;
    cursor->rest.size = rest.size;
    return true;
}

static bool read_postings(const struct kw_lexicon_cursor *cursor, struct kw_view rest,
                          uint64_t head, struct kw_term *term)
{
    uint64_t more;
    if (head >> 2 == 0 || head >> 2 > cursor->segment->documents || !kw_take_varint(&rest, &more))
        return false;
    term->documents = (uint32_t)(head >> 2);
    term->occurrences = term->documents + more;
    if (term->place == KW_PLACE_INLINE)
        return kw_take_string(&rest, &term->inlined) && term->inlined.size <= KW_INLINE_BYTES;
    term->postings_at = cursor->postings_at;
    term->positions_at = term->positional ? cursor->positions_at : 0;
    return true;
}

/* Reads the entry that was passed over last. */
static bool read_entry(const struct kw_lexicon_cursor *cursor, struct kw_term *term)
{
    struct kw_view rest = cursor->entry;
    uint64_t head;
    *term = (struct kw_term){.ordinal = cursor->ordinal - 1, .positional = true};
    if (cursor->key.data[cursor->kind_at] == KW_TERM_STEM) {
        uint64_t forms;
        if (!kw_take_varint(&rest, &forms) || forms >> 1 == 0 || forms >> 1 > UINT32_MAX ||
            !kw_take_string(&rest, &term->forms) || forms >> 1 > term->forms.size)
            return false;
        term->form_count = (uint32_t)(forms >> 1);
        term->positional = forms & 1;
    }
    if (!kw_take_varint(&rest, &head))
        return false;
    term->place = (enum kw_term_place)(head & 3);
    if (term->place == KW_PLACE_SHARED)
        return head >> 2 == 0 && term->form_count == 1;
    return read_postings(cursor, rest, head, term);
}

/* As read_entry; KW_E_DAMAGED if it makes no sense. */
static enum kw_status read_term(const struct kw_lexicon_cursor *cursor, struct kw_term *term,
                                struct kw_error *error)
{
    if (read_entry(cursor, term))
        return KW_OK;
    damage(cursor->segment, cursor->entry, "an entry of the lexicon makes no sense");
    return kw_segment_status(cursor->segment, error);
}

/* Takes the next key of the block at hand and passes over its entry. */
static bool take_next(struct kw_lexicon_cursor *cursor)
{
    uint64_t shared;
    struct kw_view suffix;
    if (!kw_take_varint(&cursor->rest, &shared) || shared > cursor->key.size ||
        !kw_take_string(&cursor->rest, &suffix))
        return false;
    cursor->key.size = (size_t)shared;
    if (shared < cursor->shared)
        cursor->shared = (size_t)shared;
    kw_bytes_append(&cursor->key, suffix.data, suffix.size);
    cursor->entry.data = cursor->rest.data;
    cursor->entry.size = cursor->rest.size;
    return !cursor->key.failed && find_kind(cursor, (size_t)shared) && skip_entry(cursor);
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
    if (!cursor->rest.data || !take_next(cursor)) {
        if (cursor->key.failed)
            return kw_fail_memory(error);
        damage(segment, cursor->rest, "an entry of the lexicon makes no sense");
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
    if (status == KW_OK)
        status = read_term(&cursor, term, error);
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

/* The first key of a block; false on damage. */
static bool first_key(struct kw_segment *segment, uint64_t number, struct kw_view *first)
{
    const uint8_t *entry = kw_pages_view(&segment->pages, segment->lexicon_index, number * 8, 8);
    uint64_t from = entry ? kw_load64(entry) : UINT64_MAX;
    if (entry && from < segment->lexicon->size) {
        uint64_t rest = segment->lexicon->size - from;
        rest = rest < KW_KERNEL_SLACK ? rest : KW_KERNEL_SLACK; /* mostly all of the key */
        const uint8_t *at = kw_pages_view(&segment->pages, segment->lexicon, from, rest);
        if (at && rest > 2 && !at[0] && at[1] <= rest - 2) {
            *first = (struct kw_view){at + 2, at[1]};
            return true;
        }
    }
    struct kw_view block = block_view(segment, number);
    uint64_t shared;
    if (kw_take_varint(&block, &shared) && !shared && kw_take_string(&block, first))
        return true;
    damage(segment, block, "a block of the lexicon does not begin with a key");
    return false;
}

/* The first bytes of a key that lies in the lexicon, as a number in their order. */
static uint64_t front_of(struct kw_view key)
{
    uint64_t bytes = __builtin_bswap64(kw_load64(key.data));
    return key.size < 8 ? bytes & ~(UINT64_MAX >> (8 * key.size)) : bytes;
}

/* What the first key of a block begins with, as above. Searches of all blocks ask the same ones at
 * first, each of which is a `node` of a tree, the root 1, the children of n 2 n and 2 n + 1: the
 * segment remembers the upper ones, as each is far from the others. 0 on damage, or if it is 0. */
static uint64_t front_at(struct kw_segment *segment, uint64_t number, uint64_t node)
{
    bool kept = node && node < KW_SEGMENT_FRONTS;
    uint64_t front = 0;
    struct kw_view first;
    if (kept)
        front = atomic_load_explicit(&segment->fronts[node], memory_order_relaxed);
    if (front || !first_key(segment, number, &first) || !first.size)
        return front;
    front = front_of(first);
    if (kept)
        atomic_store_explicit(&segment->fronts[node], front, memory_order_relaxed);
    return front;
}

/* The last block from `low` up to, but without, `high` whose first key is ≤ `key`, or `low`.
 * UINT64_MAX on damage. */
static uint64_t find_block(struct kw_segment *segment, struct kw_view key, uint64_t low,
                           uint64_t high)
{
    uint8_t bytes[8] = {0};
    memcpy(bytes, key.data ? key.data : bytes, key.size < 8 ? key.size : 8);
    const uint64_t wanted = front_of((struct kw_view){bytes, 8});
    uint64_t node = low == 0 && high == block_count(segment);
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2, front = front_at(segment, middle, node);
        struct kw_view first = {NULL, 0};
        if ((front == 0 || front == wanted) && !first_key(segment, middle, &first))
            return UINT64_MAX;
        bool before = front < wanted || (front == wanted && kw_view_compare(first, key) <= 0);
        low = before ? middle : low;
        high = before ? high : middle;
        node = 2 * node + (node && before);
    }
    return low;
}

/* Steps to the first key ≥ `key` from the block at hand on, which is the next to be given. */
static enum kw_status step_to(struct kw_lexicon_cursor *cursor, struct kw_view key,
                              struct kw_error *error)
{
    enum kw_status status;
    cursor->shared = SIZE_MAX;
    do
        status = step(cursor, error);
    while (!status && kw_view_compare(kw_bytes_view(&cursor->key), key) < 0);
    cursor->pending = status == KW_OK;
    return status == KW_END ? KW_OK : status;
}

enum kw_status kw_lexicon_cursor_init(struct kw_lexicon_cursor *cursor, struct kw_segment *segment,
                                      struct kw_view from, struct kw_error *error)
{
    *cursor = (struct kw_lexicon_cursor){.segment = segment};
    uint64_t block = find_block(segment, from, 0, block_count(segment));
    if (block == UINT64_MAX)
        return kw_segment_status(segment, error);
    cursor->ordinal = block * KW_LEXICON_BLOCK;
    enum kw_status status = step_to(cursor, from, error);
    if (status)
        kw_lexicon_cursor_release(cursor);
    return status;
}

/* The block in which the first key ≥ `key` is looked for, from the one at hand on, by steps that
 * double: where a walk goes on is mostly near. UINT64_MAX on damage. */
static uint64_t gallop(struct kw_lexicon_cursor *cursor, struct kw_view key)
{
    uint64_t low = cursor->ordinal ? (cursor->ordinal - 1) / KW_LEXICON_BLOCK : 0;
    uint64_t count = block_count(cursor->segment);
    for (uint64_t step = 1; step < count - low; step *= 2) {
        struct kw_view first;
        if (!first_key(cursor->segment, low + step, &first))
            return UINT64_MAX;
        if (kw_view_compare(first, key) > 0)
            return find_block(cursor->segment, key, low, low + step);
        low += step;
    }
    return find_block(cursor->segment, key, low, count);
}

enum kw_status kw_lexicon_cursor_seek(struct kw_lexicon_cursor *cursor, struct kw_view to,
                                      struct kw_error *error)
{
    if (cursor->ordinal && kw_view_compare(kw_bytes_view(&cursor->key), to) >= 0) {
        cursor->shared = SIZE_MAX;
        cursor->pending = true;
        return KW_OK;
    }
    if (cursor->ordinal >= cursor->segment->lexicon->parameter)
        return KW_OK;
    uint64_t block = gallop(cursor, to);
    if (block == UINT64_MAX)
        return kw_segment_status(cursor->segment, error);
    if (block * KW_LEXICON_BLOCK > cursor->ordinal) {
        cursor->ordinal = block * KW_LEXICON_BLOCK;
        cursor->rest = (struct kw_view){NULL, 0};
    }
    return step_to(cursor, to, error);
}

enum kw_status kw_lexicon_cursor_next_key(struct kw_lexicon_cursor *cursor, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    if (!cursor->pending) {
        cursor->shared = SIZE_MAX;
        status = step(cursor, error);
    }
    cursor->pending = false;
    return status;
}

enum kw_status kw_lexicon_cursor_entry(struct kw_lexicon_cursor *cursor, struct kw_error *error)
{
    return read_term(cursor, &cursor->term, error);
}

enum kw_status kw_lexicon_cursor_term(struct kw_lexicon_cursor *cursor, struct kw_error *error)
{
    enum kw_status status = read_term(cursor, &cursor->term, error);
    return status ? status : follow(cursor->segment, &cursor->term, error);
}

enum kw_status kw_lexicon_cursor_next(struct kw_lexicon_cursor *cursor, struct kw_error *error)
{
    enum kw_status status = kw_lexicon_cursor_next_key(cursor, error);
    return status ? status : kw_lexicon_cursor_term(cursor, error);
}

void kw_lexicon_cursor_release(struct kw_lexicon_cursor *cursor)
{
    kw_bytes_release(&cursor->key);
}

/* A key looked for in a block, entry by entry. */
struct seeking {
    struct kw_view key;
    uint64_t matched; /* bytes of it that the key of the entry before, which is less, begins with */
    uint64_t size;    /* of that key */
};

/* Compares an entry's key, of which `shared` bytes are those of the one before, with the one looked
 * for: < 0, 0 or > 0. */
static int compare_entry(struct seeking *seeking, uint64_t shared, struct kw_view suffix)
{
    if (shared != seeking->matched)
        return shared > seeking->matched ? -1 : 1;
    const uint8_t *rest = seeking->key.data + shared;
    const size_t left = seeking->key.size - shared;
    const size_t common = left < suffix.size ? left : suffix.size;
    size_t i = 0;
    while (i < common && rest[i] == suffix.data[i])
        i++;
    seeking->matched = shared + i;
    if (i < common)
        return suffix.data[i] < rest[i] ? -1 : 1;
    return (suffix.size > left) - (suffix.size < left);
}

/* Takes the next key of the block at hand, of which cursor->key, with room for `room` bytes, gets
 * what tells its kind, and passes over its entry. *order is how it compares. */
static bool seek_entry(struct kw_lexicon_cursor *cursor, struct seeking *seeking, size_t room,
                       int *order)
{
    uint64_t shared;
    struct kw_view suffix;
    if (!kw_take_varint(&cursor->rest, &shared) || shared > seeking->size ||
        !kw_take_string(&cursor->rest, &suffix))
        return false;
    seeking->size = shared + suffix.size;
    if (shared <= cursor->kind_at && shared < room) {
        size_t size = room - shared < suffix.size ? room - shared : suffix.size;
        memcpy(cursor->key.data + shared, suffix.data, size);
        cursor->key.size = shared + size;
    }
    cursor->entry.data = cursor->rest.data;
    cursor->entry.size = cursor->rest.size;
    cursor->ordinal++;
    *order = compare_entry(seeking, shared, suffix);
    return find_kind(cursor, (size_t)shared) && skip_entry(cursor);
}

enum kw_status kw_segment_find_term(struct kw_segment *segment, struct kw_view key,
                                    struct kw_term *term, struct kw_error *error)
{
    uint8_t front[KW_FIELD_NAME_BYTES + 2]; /* up to the kind */
    struct kw_lexicon_cursor cursor = {.segment = segment, .key = {.data = front}};
    struct seeking seeking = {.key = key};
    int order = -1;
    uint64_t block = block_count(segment) ? find_block(segment, key, 0, block_count(segment)) : 0;
    if (block == UINT64_MAX)
        return kw_segment_status(segment, error);
    cursor.ordinal = block * KW_LEXICON_BLOCK;
    if (cursor.ordinal >= segment->lexicon->parameter)
        return KW_E_NOT_FOUND;
    cursor.rest = block_view(segment, block);
    for (uint32_t i = 0; i < KW_LEXICON_BLOCK && order < 0; i++) {
        if (cursor.ordinal >= segment->lexicon->parameter)
            return KW_E_NOT_FOUND;
        if (!cursor.rest.data || !seek_entry(&cursor, &seeking, sizeof front, &order)) {
            damage(segment, cursor.rest, "an entry of the lexicon makes no sense");
            return kw_segment_status(segment, error);
        }
    }
    if (order)
        return KW_E_NOT_FOUND;
    enum kw_status status = kw_lexicon_cursor_term(&cursor, error);
    *term = cursor.term;
    return status;
}
