/* Interns pieces by a hash table, and keeps the text as their numbers. */
#include "index/word_symbols.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 1 << 12 };

enum kw_status kw_symbols_init(struct kw_symbols *symbols, const char *spool,
                               struct kw_error *error)
{
    *symbols = (struct kw_symbols){.slot_count = FIRST_SLOTS};
    symbols->slots = calloc(FIRST_SLOTS, sizeof *symbols->slots);
    if (!symbols->slots || !kw_grow(&symbols->list, 1) ||
        kw_spool_init(&symbols->text, spool, NULL)) {
        kw_symbols_release(symbols);
        return kw_fail_memory(error);
    }
    symbols->list.items[KW_JOINT] = (struct kw_symbol){.head = KW_PIECE_JOINT};
    symbols->count = 1;
    return KW_OK;
}

void kw_symbols_release(struct kw_symbols *symbols)
{
    kw_bytes_release(&symbols->pool);
    kw_spool_release(&symbols->text);
    kw_map_release(&symbols->map);
    free(symbols->list.items);
    free(symbols->slots);
    *symbols = (struct kw_symbols){.count = 0};
}

/* ---- Interning ---------------------------------------------------------------------------- */

/* Up to 8 bytes as a number. */
static inline uint64_t front(const uint8_t *bytes, size_t size)
{
    if (size >= 8)
        return kw_load64(bytes);
    if (size >= 4)
        return kw_load32(bytes) | (uint64_t)kw_load32(bytes + size - 4) << 32;
    return bytes[0] | (uint64_t)bytes[size / 2] << 8 | (uint64_t)bytes[size - 1] << 16;
}

static inline uint32_t hash_piece(const uint8_t *bytes, size_t size)
{
    static const uint64_t multiplier = UINT64_C(0x9E3779B97F4A7C15);
    uint64_t hash = (front(bytes, size) ^ size) * multiplier;
    for (size_t at = 8; at < size; at += 8) {
        size_t from = at + 8 <= size ? at : size - 8;
        hash = ((hash ^ hash >> 32) + kw_load64(bytes + from)) * multiplier;
    }
    return (uint32_t)(hash >> 32) ^ (uint32_t)hash >> 7;
}

static bool grow_slots(struct kw_symbols *symbols)
{
    uint32_t count = symbols->slot_count * 2;
    struct kw_symbol_slot *slots = calloc(count, sizeof *slots);
    if (!slots)
        return false;
    for (uint32_t i = 0; i < symbols->slot_count; i++) {
        uint32_t at = symbols->slots[i].hash & (count - 1);
        if (!symbols->slots[i].number)
            continue;
        while (slots[at].number)
            at = (at + 1) & (count - 1);
        slots[at] = symbols->slots[i];
    }
    free(symbols->slots);
    symbols->slots = slots;
    symbols->slot_count = count;
    return true;
}

/* Takes a new symbol into an empty slot; KW_NO_SYMBOL if there are too many, or memory ran out,
 * which marks the pool. */
static uint32_t add_symbol(struct kw_symbols *symbols, uint32_t slot, uint32_t hash,
                           const uint8_t *bytes, uint8_t head)
{
    if (symbols->count == KW_SYMBOLS)
        return KW_NO_SYMBOL;
    if (!kw_grow(&symbols->list, (size_t)symbols->count + 1)) {
        symbols->pool.failed = true;
        return KW_NO_SYMBOL;
    }
    symbols->list.items[symbols->count] =
        (struct kw_symbol){.at = symbols->pool.size, .head = head};
    kw_bytes_append(&symbols->pool, bytes, head & KW_PIECE_BYTES);
    symbols->slots[slot] = (struct kw_symbol_slot){hash, symbols->count + 1};
    if (symbols->count > symbols->slot_count / 2 && !grow_slots(symbols))
        symbols->pool.failed = true;
    return symbols->count++;
}

/* Pieces that are looked up at a time, so that the memory that they need is on its way while others
 * are split. */
enum { BATCH = 32 };

struct batch {
    size_t count;
    struct {
        const uint8_t *bytes;
        uint32_t hash;
        uint8_t head;
    } items[BATCH];
};

/* Whether the `size` bytes of two pieces are the same. */
static inline bool is_same(const uint8_t *one, const uint8_t *other, size_t size)
{
    if (size <= 8)
        return front(one, size) == front(other, size);
    return memcmp(one, other, size) == 0;
}

/* The number of a piece. Its head follows from its bytes, so that these tell it. */
static inline uint32_t intern(struct kw_symbols *symbols, const uint8_t *bytes, uint8_t head,
                              uint32_t hash)
{
    size_t size = head & KW_PIECE_BYTES;
    uint32_t mask = symbols->slot_count - 1;
    uint32_t at = hash & mask;
    for (; symbols->slots[at].number; at = (at + 1) & mask) {
        uint32_t number = symbols->slots[at].number - 1;
        const struct kw_symbol *symbol = &symbols->list.items[number];
        if (symbols->slots[at].hash == hash && symbol->head == head &&
            is_same(symbols->pool.data + symbol->at, bytes, size))
            return number;
    }
    return add_symbol(symbols, at, hash, bytes, head);
}

/* ---- Text as numbers ---------------------------------------------------------------------- */

enum {
    LENGTH_BYTES = 4, /* before each passage */
    SPELLED = 0,      /* a head and its bytes follow */
    FIRST = 1,        /* and more: symbols */
};

static inline uint8_t *put(uint8_t *place, uint32_t number)
{
    for (; number >= 0x80; number >>= 7)
        *place++ = (uint8_t)(number | 0x80);
    *place++ = (uint8_t)number;
    return place;
}

/* Writes a batch to `place` and returns the place behind it. */
static uint8_t *put_batch(struct kw_symbols *symbols, struct batch *batch, uint8_t *place)
{
    for (size_t i = 0; i < batch->count; i++) {
        uint32_t slot = batch->items[i].hash & (symbols->slot_count - 1);
        uint32_t number = symbols->slots[slot].number;
        if (number)
            __builtin_prefetch(&symbols->list.items[number - 1]);
    }
    for (size_t i = 0; i < batch->count; i++) {
        const uint8_t *bytes = batch->items[i].bytes;
        uint8_t head = batch->items[i].head;
        uint32_t number =
            head ? intern(symbols, bytes, head, batch->items[i].hash) : (uint32_t)KW_JOINT;
        if (number != KW_NO_SYMBOL) {
            symbols->list.items[number].count++;
            place = put(place, number + FIRST);
            continue;
        }
        *place++ = SPELLED;
        *place++ = head;
        memcpy(place, bytes, head & KW_PIECE_BYTES);
        place += head & KW_PIECE_BYTES;
        symbols->spelled++;
        symbols->spelled_bytes += head & KW_PIECE_BYTES;
    }
    batch->count = 0;
    return place;
}

static inline uint8_t *add_piece(struct kw_symbols *symbols, struct batch *batch,
                                 const uint8_t *bytes, uint8_t head, uint8_t *place)
{
    uint32_t hash = head ? hash_piece(bytes, head & KW_PIECE_BYTES) : 0;
    if (batch->count == BATCH)
        place = put_batch(symbols, batch, place);
    __builtin_prefetch(&symbols->slots[hash & (symbols->slot_count - 1)]);
    batch->items[batch->count].bytes = bytes;
    batch->items[batch->count].hash = hash;
    batch->items[batch->count++].head = head;
    return place;
}

enum kw_status kw_symbols_add(struct kw_symbols *symbols, struct kw_view passage,
                              struct kw_error *error)
{
    /* a byte takes three at most, as there are fewer than 2^21 symbols; a long word a joint more */
    uint8_t *length = kw_bytes_reserve(&symbols->text.bytes, passage.size * 4 + 16);
    uint8_t *place = length + LENGTH_BYTES;
    const uint8_t *at = passage.data;
    const uint8_t *end = at + passage.size;
    struct batch batch = {.count = 0};
    if (!length)
        return kw_fail_memory(error);
    while (at < end) {
        uint8_t head = kw_piece_head(at, (size_t)(end - at));
        place = add_piece(symbols, &batch, at, head, place);
        at += head & KW_PIECE_BYTES;
        if (at == end || !(head & KW_PIECE_CLOSES))
            continue;
        if (*at == ' ' && end - at > 1 && kw_piece_opens(at + 1, (size_t)(end - at - 1)))
            at++;
        else if (kw_piece_opens(at, (size_t)(end - at)))
            place = add_piece(symbols, &batch, NULL, KW_PIECE_JOINT, place);
    }
    place = put_batch(symbols, &batch, place);
    if ((size_t)(place - length) - LENGTH_BYTES > UINT32_MAX)
        return kw_fail(error, KW_E_USAGE, "a passage is too large");
    kw_store32(length, (uint32_t)(place - length - LENGTH_BYTES));
    symbols->text.bytes.size = (size_t)(place - symbols->text.bytes.data);
    symbols->passages++;
    symbols->bytes += passage.size;
    return symbols->pool.failed ? kw_fail_memory(error) : kw_spool_relieve(&symbols->text, error);
}

enum kw_status kw_symbols_seal(struct kw_symbols *symbols, struct kw_error *error)
{
    return kw_spool_map(&symbols->text, &symbols->map, &symbols->sealed, error);
}

void kw_symbol_reader_skip(struct kw_symbol_reader *reader, const struct kw_symbols *symbols)
{
    reader->at += LENGTH_BYTES + kw_load32(symbols->sealed.data + reader->at);
}

enum kw_status kw_symbol_reader_next(struct kw_symbol_reader *reader,
                                     const struct kw_symbols *symbols, struct kw_error *error)
{
    const uint8_t *at = symbols->sealed.data + reader->at;
    uint32_t size = kw_load32(at);
    const uint8_t *end = at + LENGTH_BYTES + size;
    reader->count = 0;
    if (!kw_grow(&reader->pieces, (size_t)size))
        return kw_fail_memory(error);
    struct kw_piece *piece = reader->pieces.items;
    for (at += LENGTH_BYTES; at < end; piece++) {
        uint32_t number = *at++;
        for (uint32_t shift = 7; number >> shift; shift += 7)
            number = (number ^ 1u << shift) + ((uint32_t)*at++ << shift);
        *piece = (struct kw_piece){number - FIRST, NULL};
        if (number == SPELLED) {
            *piece = (struct kw_piece){KW_NO_SYMBOL, at};
            at += 1 + (*at & KW_PIECE_BYTES);
        }
    }
    reader->count = (size_t)(piece - reader->pieces.items);
    reader->at = (size_t)(end - symbols->sealed.data);
    return KW_OK;
}

void kw_symbol_reader_release(struct kw_symbol_reader *reader)
{
    free(reader->pieces.items);
    *reader = (struct kw_symbol_reader){.at = 0};
}

void kw_symbol_reader_text(const struct kw_symbol_reader *reader, const struct kw_symbols *symbols,
                           struct kw_bytes *out)
{
    bool closed = false;
    for (size_t i = 0; i < reader->count; i++) {
        const struct kw_piece *piece = &reader->pieces.items[i];
        bool spelled = piece->number == KW_NO_SYMBOL;
        uint8_t head = spelled ? *piece->spelled : symbols->list.items[piece->number].head;
        if (closed && head & KW_PIECE_OPENS)
            kw_bytes_append_byte(out, ' ');
        closed = head & KW_PIECE_CLOSES;
        kw_bytes_append_view(out, spelled
                                      ? (struct kw_view){piece->spelled + 1, head & KW_PIECE_BYTES}
                                      : kw_symbol_bytes(symbols, piece->number));
    }
}
