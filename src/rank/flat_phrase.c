/* From a phrase to its lists: of pairs of frequent words where the segment keeps them, and of
 * words.
 */
#include "index/pairs.h"
#include "rank/flat.h"
#include "rank/term.h"

#include <stdlib.h>

/* A word of the phrase, or a pair of neighbours. */
struct part {
    struct kw_term term;
    struct kw_list *list; /* once it is open */
    uint32_t offset;
    bool there; /* a pair is kept */
};

struct opening {
    struct kw_flat *flat;
    struct kw_bm25 bm25;
    struct kw_field_info field;
    struct part *words;
    struct part *pairs; /* pairs[i]: of words i and i + 1 */
    uint32_t count;     /* of words */
};

/* Looks the phrase's words up; without one of them the phrase is hopeless. */
static enum kw_status find_words(struct opening *opening, const struct kw_leaf *leaf,
                                 struct kw_error *error)
{
    struct kw_flat *flat = opening->flat;
    struct kw_segment *segment = flat->pruning.segment;
    enum kw_status status = KW_OK;
    int64_t number = kw_segment_find_field(segment, leaf->terms[0].field);
    flat->hopeless = number < 0;
    if (number >= 0)
        status = kw_segment_field(segment, (uint32_t)number, &opening->field, error);
    for (uint32_t i = 0; i < leaf->term_count && status == KW_OK && !flat->hopeless; i++) {
        opening->words[i].offset = leaf->terms[i].offset;
        status = kw_memo_find(flat->memo, segment, &leaf->terms[i], &opening->words[i].term, error);
        flat->hopeless = status == KW_E_NOT_FOUND;
    }
    return flat->hopeless ? KW_OK : status;
}

/* Looks up the pairs of words side by side; without one that is kept the phrase is hopeless. */
static enum kw_status find_pairs(struct opening *opening, struct kw_error *error)
{
    struct kw_flat *flat = opening->flat;
    for (uint32_t i = 0; i + 1 < opening->count && !flat->hopeless; i++) {
        const struct part *word = &opening->words[i];
        struct part *pair = &opening->pairs[i];
        if (word[1].offset != word->offset + 1)
            continue;
        enum kw_status status = kw_segment_find_pair(flat->pruning.segment, &word->term,
                                                     &word[1].term, &pair->term, error);
        pair->there = status == KW_OK;
        flat->hopeless = status == KW_E_NOT_FOUND;
        if (status != KW_OK && status != KW_END && status != KW_E_NOT_FOUND)
            return status;
    }
    return KW_OK;
}

/* Opens the list of a part, unless one of those before it is of the same term. */
static struct kw_list *open_part(struct opening *opening, struct part *parts, uint32_t number)
{
    struct kw_pruning *pruning = &opening->flat->pruning;
    struct part *part = &parts[number];
    for (uint32_t i = 0; i < number && !part->list; i++)
        if (parts[i].list && parts[i].term.ordinal == part->term.ordinal)
            part->list = parts[i].list;
    if (part->list)
        return part->list;
    part->list = &pruning->lists[pruning->list_count++];
    kw_list_init_plain(part->list, pruning->segment, &part->term);
    return part->list;
}

/* Adds a list to those that must agree, unless it is there. */
static void require(struct kw_pruning *pruning, struct kw_list *list)
{
    for (uint32_t i = 0; i < pruning->must_count; i++)
        if (pruning->must[i] == list)
            return;
    pruning->must[pruning->must_count++] = list;
}

/* Opens the lists of pairs, and of the words. Of a word in a pair only the positions are needed, of
 * the words of a phrase that is a pair nothing. */
static void open_parts(struct opening *opening)
{
    struct kw_flat *flat = opening->flat;
    const struct part *pairs = opening->pairs;
    for (uint32_t i = 0; i + 1 < opening->count; i++)
        if (pairs[i].there)
            require(&flat->pruning, open_part(opening, opening->pairs, i));
    if (opening->count == 2 && pairs[0].there)
        return;
    for (uint32_t i = 0; i < opening->count; i++) {
        struct kw_list *list = open_part(opening, opening->words, i);
        if (!pairs[i].there && !(i > 0 && pairs[i - 1].there))
            require(&flat->pruning, list);
        flat->words[flat->word_count++] = (struct kw_flat_word){list, opening->words[i].offset};
    }
}

/* Opens the list that leads anew, with the bounds by which it is passed through. */
static enum kw_status open_lead(struct opening *opening, struct kw_error *error)
{
    struct kw_pruning *pruning = &opening->flat->pruning;
    struct kw_list *lead = pruning->must[0];
    for (uint32_t i = 1; i < pruning->must_count; i++)
        if (kw_flat_compare_lists(&pruning->must[i], &lead) < 0)
            lead = pruning->must[i];
    struct kw_term term = lead->postings.term;
    kw_list_release(lead);
    return kw_list_init(lead, pruning->segment, &term, &opening->bm25, &opening->field,
                        &opening->flat->arena, error);
}

static int compare_words(const void *a, const void *b)
{
    const struct kw_flat_word *left = a, *right = b;
    const struct kw_term *first = &left->list->postings.term;
    const struct kw_term *second = &right->list->postings.term;
    if (first->documents != second->documents)
        return first->documents < second->documents ? -1 : 1;
    if (first->ordinal != second->ordinal)
        return first->ordinal < second->ordinal ? -1 : 1;
    return (left->offset > right->offset) - (left->offset < right->offset);
}

enum kw_status kw_flat_open_phrase(struct kw_flat *flat, const struct kw_plan *plan,
                                   const struct kw_statistics *statistics, struct kw_error *error)
{
    const struct kw_leaf *leaf = &plan->leaves[plan->root->leaf];
    struct kw_arena *arena = &flat->arena;
    struct opening opening = {.flat = flat, .count = leaf->term_count};
    opening.bm25 = kw_bm25_leaf(statistics, plan, plan->root->leaf);
    opening.words = kw_arena_alloc(arena, leaf->term_count * sizeof *opening.words);
    opening.pairs = kw_arena_alloc(arena, leaf->term_count * sizeof *opening.pairs);
    flat->words = kw_arena_alloc(arena, leaf->term_count * sizeof *flat->words);
    if (!opening.words || !opening.pairs || !flat->words)
        return kw_fail_memory(error);
    enum kw_status status = find_words(&opening, leaf, error);
    if (status == KW_OK && !flat->hopeless)
        status = find_pairs(&opening, error);
    if (status == KW_OK && !flat->hopeless)
        open_parts(&opening);
    if (status == KW_OK && !flat->hopeless)
        status = open_lead(&opening, error);
    if (status == KW_OK)
        qsort(flat->words, flat->word_count, sizeof *flat->words, compare_words);
    return status;
}
