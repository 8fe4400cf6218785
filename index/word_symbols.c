/* Interns pieces by a hash table, and keeps the text as their numbers. */
#include "index/word_symbols.h"

#include "base/wide.h"

#include <stdlib.h>

enum { FIRST_BITS = 12, FIRST_SLOTS = 1 << FIRST_BITS };

enum kw_status kw_symbols_init(struct kw_symbols *symbols, const char *spool,
                               struct kw_error *error)
{
    *symbols = (struct kw_symbols){.slot_count = FIRST_SLOTS, .slot_shift = 32 - FIRST_BITS};
    symbols->slots = kw_wide_calloc(FIRST_SLOTS, sizeof *symbols->slots);
    if (!symbols->slots || !kw_grow(&symbols->list, 1) || !kw_grow(&symbols->counts, 1) ||
        kw_spool_init(&symbols->text, spool, NULL)) {
        kw_symbols_release(symbols);
        return kw_fail_memory(error);
    }
    symbols->list.items[KW_JOINT] = (struct kw_symbol){.head = KW_PIECE_JOINT};
    symbols->counts.items[KW_JOINT] = 0;
    symbols->count = 1;
    return KW_OK;
}

void kw_symbols_release(struct kw_symbols *symbols)
{
    kw_bytes_release(&symbols->pool);
    kw_spool_release(&symbols->text);
    kw_map_release(&symbols->map);
    kw_split_release(&symbols->split);
    free(symbols->list.items);
    free(symbols->counts.items);
    free(symbols->slots);
    *symbols = (struct kw_symbols){.count = 0};
}

/* ---- Interning ---------------------------------------------------------------------------- */

enum { HEAD = 0xff /* in a hash */ };

/* kw_load64, which is not always made one load of. */
static inline uint64_t load64(const uint8_t *bytes)
{
    uint64_t number;
    memcpy(&number, bytes, sizeof number);
    return number;
}

/* The bytes of a piece that are in the first 8, and in the second 8, by its size. */
static const uint64_t masks[KW_PIECE_BYTES + 1 + 8] = {
    [8] = 0,
    [9] = 0xff,
    [10] = 0xffff,
    [11] = 0xffffff,
    [12] = 0xffffffff,
    [13] = 0xffffffffff,
    [14] = 0xffffffffffff,
    [15] = 0xffffffffffffff,
    [16 ... KW_PIECE_BYTES + 8] = UINT64_MAX,
};

/* The first 8 bytes of a piece as a number, zeros behind it. 8 can be read. */
static inline uint64_t front(const uint8_t *bytes, size_t size)
{
    return kw_load64(bytes) & masks[size + 8];
}

/* A hash of a piece in the high bits, and its head. 16 bytes can be read. */
static inline uint32_t hash_piece(const uint8_t *bytes, uint8_t head, uint64_t first)
{
    static const uint64_t multiplier = UINT64_C(0x9E3779B97F4A7C15);
    size_t size = head & KW_PIECE_BYTES;
    uint64_t second = kw_load64(bytes + 8) & masks[size];
    uint64_t hash = first * multiplier + second * UINT64_C(0xC2B2AE3D27D4EB4F);
    for (size_t at = 16; at < size; at += 8)
        hash = ((hash ^ hash >> 32) + kw_load64(bytes + (at + 8 <= size ? at : size - 8))) *
               multiplier;
    return (uint32_t)(hash >> 32 & ~(uint64_t)HEAD) | head;
}

/* Where a search for a hash begins: by the highest bits, on which all of a piece has a say. */
static inline uint32_t first_slot(const struct kw_symbols *symbols, uint32_t hash)
{
    return hash >> symbols->slot_shift;
}

static bool grow_slots(struct kw_symbols *symbols)
{
    uint32_t before = symbols->slot_count;
    struct kw_symbol_slot *old = symbols->slots;
    struct kw_symbol_slot *slots = kw_wide_calloc((size_t)before * 2, sizeof *slots);
    if (!slots)
        return false;
    symbols->slots = slots;
    symbols->slot_count = before * 2;
    symbols->slot_shift--;
    for (uint32_t i = 0; i < before; i++) {
        uint32_t at = first_slot(symbols, old[i].hash);
        if (!old[i].number)
            continue;
        while (slots[at].number)
            at = (at + 1) & (before * 2 - 1);
        slots[at] = old[i];
    }
    free(old);
    return true;
}

/* Takes a new symbol into an empty slot; KW_NO_SYMBOL if there are too many, or memory ran out,
 * which marks the pool. */
static uint32_t add_symbol(struct kw_symbols *symbols, uint32_t slot, uint32_t hash, uint64_t first,
                           const uint8_t *bytes)
{
    uint32_t number = symbols->count;
    size_t size = hash & KW_PIECE_BYTES;
    if (number == KW_SYMBOLS)
        return KW_NO_SYMBOL;
    if (!kw_grow(&symbols->list, (size_t)number + 1) ||
        !kw_grow(&symbols->counts, (size_t)number + 1)) {
        symbols->pool.failed = true;
        return KW_NO_SYMBOL;
    }
    symbols->list.items[number] =
        (struct kw_symbol){.at = symbols->pool.size, .head = (uint8_t)(hash & HEAD)};
    symbols->counts.items[number] = 0;
    symbols->slots[slot] =
        (struct kw_symbol_slot){size <= 8 ? first : symbols->pool.size, hash, number + 1};
    kw_bytes_append(&symbols->pool, bytes, size);
    symbols->count++;
    if (symbols->count > symbols->slot_count / 2 + 1 && !grow_slots(symbols))
        symbols->pool.failed = true;
    return number;
}

/* Pieces that are looked up at a time, so that the memory that they need is on its way while others
 * are split. */
enum { BATCH = 64 };

struct batch {
    size_t count;
    uint32_t hashes[BATCH]; /* 0: a joint, no other piece has this head */
    uint64_t fronts[BATCH];
    const uint8_t *bytes[BATCH];
};

/* Whether two pieces of `size` ≥ 8 bytes are the same. */
static inline bool same(const uint8_t *one, const uint8_t *other, size_t size)
{
    if (size > 16)
        return memcmp(one, other, size) == 0;
    return load64(one) == load64(other) && load64(one + size - 8) == load64(other + size - 8);
}

/* The number of a piece. Its head follows from its bytes, so that these tell it. */
static inline uint32_t intern(struct kw_symbols *symbols, const uint8_t *bytes, uint32_t hash,
                              uint64_t first)
{
    size_t size = hash & KW_PIECE_BYTES;
    uint32_t mask = symbols->slot_count - 1;
    uint32_t at = first_slot(symbols, hash);
    for (; symbols->slots[at].number; at = (at + 1) & mask) {
        const struct kw_symbol_slot *slot = &symbols->slots[at];
        if (slot->hash != hash)
            continue;
        if (size <= 8 ? slot->key == first : same(symbols->pool.data + slot->key, bytes, size))
            return slot->number - 1;
    }
    return add_symbol(symbols, at, hash, first, bytes);
}

/* ---- Text as numbers ---------------------------------------------------------------------- */

enum {
    LENGTH_BYTES = 4, /* before each passage */
    SPELLED = 0,      /* a head and its bytes follow */
    FIRST = 1,        /* and more: symbols */
    MORE = 1 << 15,   /* a number has four bytes */
};

static inline uint8_t *put(uint8_t *place, uint32_t number)
{
    uint32_t high = number / MORE;
    kw_store32(place, high ? (number % MORE) | MORE | high << 16 : number);
    return place + (high ? 4 : 2);
}

/* Writes a symbol's number and counts it. */
static inline uint8_t *put_counted(struct kw_symbols *symbols, uint32_t number, uint8_t *place)
{
    if (++symbols->counts.items[number] == 0)
        symbols->list.items[number].count += (uint64_t)1 << 32;
    return put(place, number + FIRST);
}

static uint8_t *put_spelled(struct kw_symbols *symbols, const uint8_t *bytes, uint8_t head,
                            uint8_t *place)
{
    size_t size = head & KW_PIECE_BYTES;
    *place++ = SPELLED;
    *place++ = SPELLED;
    *place++ = head;
    memcpy(place, bytes, size);
    place += size;
    if (size % 2 == 0)
        *place++ = 0;
    symbols->spelled++;
    symbols->spelled_bytes += size;
    return place;
}

/* Writes a batch to `place` and returns the place behind it. */
static uint8_t *put_batch(struct kw_symbols *symbols, struct batch *batch, uint8_t *place)
{
    for (size_t i = 0; i < batch->count; i++) {
        const struct kw_symbol_slot *slot = &symbols->slots[first_slot(symbols, batch->hashes[i])];
        if ((batch->hashes[i] & KW_PIECE_BYTES) > 8 && slot->hash == batch->hashes[i])
            __builtin_prefetch(symbols->pool.data + slot->key);
    }
    for (size_t i = 0; i < batch->count; i++) {
        const uint8_t *bytes = batch->bytes[i];
        uint32_t hash = batch->hashes[i];
        uint32_t number = KW_JOINT;
        if (hash)
            number = intern(symbols, bytes, hash, batch->fronts[i]);
        if (number == KW_NO_SYMBOL) {
            place = put_spelled(symbols, bytes, (uint8_t)(hash & HEAD), place);
            continue;
        }
        place = put_counted(symbols, number, place);
    }
    batch->count = 0;
    return place;
}

/* Splits the passage at hand into numbers, of which the first one goes to `place`; returns the
 * place behind them. */
static uint8_t *put_passage(struct kw_symbols *symbols, uint8_t *place)
{
    const struct kw_split *split = &symbols->split;
    struct batch batch;
    batch.count = 0;
    for (size_t at = 0; at < split->size;) {
        const uint8_t *bytes = split->text.data + at;
        bool joint;
        uint8_t head = kw_split_take(split, &at, &joint);
        uint64_t first = front(bytes, head & KW_PIECE_BYTES);
        uint32_t hash = hash_piece(bytes, head, first);
        __builtin_prefetch(&symbols->slots[first_slot(symbols, hash)]);
        batch.bytes[batch.count] = bytes;
        batch.fronts[batch.count] = first;
        batch.hashes[batch.count++] = hash;
        if (joint)
            batch.hashes[batch.count++] = 0;
        if (batch.count >= BATCH - 1) /* a joint has room */
            place = put_batch(symbols, &batch, place);
    }
    return put_batch(symbols, &batch, place);
}

/* Ends a passage of `bytes` bytes, whose numbers lie between `length` and `end`. */
static enum kw_status end_passage(struct kw_symbols *symbols, uint8_t *length, const uint8_t *end,
                                  uint64_t bytes, struct kw_error *error)
{
    size_t size = (size_t)(end - length) - LENGTH_BYTES;
    if (size > UINT32_MAX)
        return kw_fail(error, KW_E_USAGE, "a passage is too large");
    kw_store32(length, (uint32_t)size);
    symbols->text.bytes.size = (size_t)(end - symbols->text.bytes.data);
    symbols->passages++;
    symbols->bytes += bytes;
    return symbols->pool.failed ? kw_fail_memory(error) : kw_spool_relieve(&symbols->text, error);
}

enum kw_status kw_symbols_add(struct kw_symbols *symbols, struct kw_view passage,
                              struct kw_error *error)
{
    /* a piece of a byte takes four at most; a long word a joint more */
    uint8_t *length = kw_bytes_reserve(&symbols->text.bytes, passage.size * 4 + 16);
    enum kw_status status = length ? KW_OK : kw_fail_memory(error);
    if (!status)
        status = kw_split_text(&symbols->split, passage, error);
    if (status)
        return status;
    uint8_t *end = put_passage(symbols, length + LENGTH_BYTES);
    return end_passage(symbols, length, end, passage.size, error);
}

uint32_t kw_symbols_number(struct kw_symbols *symbols, const uint8_t *bytes, uint8_t head)
{
    if (head == KW_PIECE_JOINT)
        return KW_JOINT;
    uint64_t first = front(bytes, head & KW_PIECE_BYTES);
    return intern(symbols, bytes, hash_piece(bytes, head, first), first);
}

enum kw_status kw_symbols_add_numbers(struct kw_symbols *symbols, const uint32_t *numbers,
                                      size_t count, const uint8_t *spelled, uint64_t bytes,
                                      struct kw_error *error)
{
    /* as above; a joint that does not follow a long word is from a file that someone made */
    uint8_t *length = kw_bytes_reserve(&symbols->text.bytes, bytes * 4 + count * 4 + 16);
    if (!length)
        return kw_fail_memory(error);
    uint8_t *place = length + LENGTH_BYTES;
    for (size_t i = 0; i < count; i++) {
        if (numbers[i] != KW_NO_SYMBOL) {
            place = put_counted(symbols, numbers[i], place);
            continue;
        }
        place = put_spelled(symbols, spelled + 1, *spelled, place);
        spelled += 1 + (*spelled & KW_PIECE_BYTES);
    }
    return end_passage(symbols, length, place, bytes, error);
}

enum kw_status kw_symbols_seal(struct kw_symbols *symbols, struct kw_error *error)
{
    for (uint32_t i = 0; i < symbols->count; i++)
        symbols->list.items[i].count += symbols->counts.items[i];
    return kw_spool_map(&symbols->text, &symbols->map, &symbols->sealed, error);
}

void kw_symbol_reader_skip(struct kw_symbol_reader *reader, const struct kw_symbols *symbols)
{
    reader->at += LENGTH_BYTES + kw_load32(symbols->sealed.data + reader->at);
}

static enum kw_status add_spelled(struct kw_symbol_reader *reader, const uint8_t *head,
                                  struct kw_error *error)
{
    if (!kw_grow(&reader->spelled, reader->spelled_count + 1))
        return kw_fail_memory(error);
    reader->spelled.items[reader->spelled_count++] = head;
    return KW_OK;
}

enum kw_status kw_symbol_reader_next(struct kw_symbol_reader *reader,
                                     const struct kw_symbols *symbols, struct kw_error *error)
{
    const uint8_t *at = symbols->sealed.data + reader->at;
    uint32_t size = kw_load32(at);
    const uint8_t *end = at + LENGTH_BYTES + size;
    enum kw_status status = KW_OK;
    reader->count = 0;
    reader->spelled_count = 0;
    if (!kw_grow(&reader->numbers, (size_t)size / 2 + 1))
        return kw_fail_memory(error);
    uint32_t *place = reader->numbers.items;
    for (at += LENGTH_BYTES; at < end && !status; place++) {
        uint32_t number = (uint32_t)at[0] | (uint32_t)at[1] << 8;
        at += 2;
        if (number >= MORE) {
            number += ((uint32_t)at[0] | (uint32_t)at[1] << 8) * MORE - MORE;
            at += 2;
        }
        *place = number - FIRST; /* SPELLED gives KW_NO_SYMBOL */
        if (number == SPELLED) {
            status = add_spelled(reader, at, error);
            at += 2 + (*at & KW_PIECE_BYTES) / 2 * 2;
        }
    }
    reader->count = (size_t)(place - reader->numbers.items);
    reader->at = (size_t)(end - symbols->sealed.data);
    return status;
}

void kw_symbol_reader_release(struct kw_symbol_reader *reader)
{
    free(reader->numbers.items);
    free(reader->spelled.items);
    *reader = (struct kw_symbol_reader){.at = 0};
}

void kw_symbol_reader_text(const struct kw_symbol_reader *reader, const struct kw_symbols *symbols,
                           struct kw_bytes *out)
{
    const uint8_t **spelled = reader->spelled.items;
    bool closed = false;
    for (size_t i = 0; i < reader->count; i++) {
        uint32_t number = reader->numbers.items[i];
        const uint8_t *bytes = number == KW_NO_SYMBOL ? *spelled++ : NULL;
        uint8_t head = bytes ? *bytes : symbols->list.items[number].head;
        if (closed && head & KW_PIECE_OPENS)
            kw_bytes_append_byte(out, ' ');
        closed = head & KW_PIECE_CLOSES;
        kw_bytes_append_view(out, bytes ? (struct kw_view){bytes + 1, head & KW_PIECE_BYTES}
                                        : kw_symbol_bytes(symbols, number));
    }
}
