/* The hash table of names: open addressing, at most half full. */
#include "engine/names.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 64 };

/* Eight bytes a step, multiplied and folded; the tail and the size go in last. */
static uint64_t hash(struct kw_view name)
{
    uint64_t state = 0x9e3779b97f4a7c15U ^ name.size;
    size_t at = 0;
    for (; at + 8 <= name.size; at += 8) {
        state = (state ^ kw_load64(name.data + at)) * 0xff51afd7ed558ccdU;
        state ^= state >> 32;
    }
    for (; at < name.size; at++)
        state = (state ^ name.data[at]) * 0x100000001b3U;
    state ^= state >> 33;
    state *= 0xc4ceb9fe1a85ec53U;
    return state ^ state >> 29;
}

/* The slot that holds `name`, or the free one where it would go. */
static size_t slot_of(const struct kw_names *names, struct kw_view name, uint64_t code)
{
    size_t mask = names->slot_count - 1;
    size_t slot = code & mask;
    for (; names->slots[slot]; slot = (slot + 1) & mask) {
        uint32_t number = (uint32_t)names->slots[slot] - 1;
        if (names->slots[slot] >> 32 == code >> 32 && kw_view_equal(names->items[number], name))
            break;
    }
    return slot;
}

static bool grow_slots(struct kw_names *names)
{
    size_t count = names->slot_count ? names->slot_count * 2 : FIRST_SLOTS;
    uint64_t *slots = calloc(count, sizeof *slots);
    if (!slots)
        return false;
    for (size_t number = 0; number < names->count; number++) {
        uint64_t code = hash(names->items[number]);
        size_t slot = code & (count - 1);
        while (slots[slot])
            slot = (slot + 1) & (count - 1);
        slots[slot] = code >> 32 << 32 | (number + 1);
    }
    free(names->slots);
    names->slots = slots;
    names->slot_count = count;
    return true;
}

uint32_t kw_names_find(const struct kw_names *names, struct kw_view name)
{
    if (!names->slot_count)
        return KW_NO_NAME;
    return (uint32_t)names->slots[slot_of(names, name, hash(name))] - 1;
}

uint32_t kw_names_add(struct kw_names *names, struct kw_view name)
{
    if (names->count >= KW_NO_NAME - 1)
        return KW_NO_NAME;
    if (names->count * 2 >= names->slot_count && !grow_slots(names))
        return KW_NO_NAME;
    uint64_t code = hash(name);
    size_t slot = slot_of(names, name, code);
    if (names->slots[slot])
        return (uint32_t)names->slots[slot] - 1;
    if (!kw_grow(names, names->count + 1))
        return KW_NO_NAME;
    struct kw_view copy = kw_arena_copy(&names->arena, name);
    if (!copy.data)
        return KW_NO_NAME;
    names->items[names->count++] = copy;
    names->slots[slot] = code >> 32 << 32 | names->count;
    return (uint32_t)names->count - 1;
}

void kw_names_clear(struct kw_names *names)
{
    kw_arena_release(&names->arena);
    names->count = 0;
    if (names->slots)
        memset(names->slots, 0, names->slot_count * sizeof *names->slots);
}

void kw_names_release(struct kw_names *names)
{
    free(names->slots);
    free(names->items);
    kw_arena_release(&names->arena);
    *names = (struct kw_names)KW_NAMES_INIT;
}
