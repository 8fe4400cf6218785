/* The cursor of a word. Its postings all stand on their next document ≥ the cursor's own. */
#include "rank/word.h"

#include "rank/term.h"

struct word_cursor {
    struct kw_cursor base;
    uint32_t leaf;
    struct kw_postings_list postings;
};

static int64_t settle(struct word_cursor *word)
{
    uint32_t first = KW_NO_DOCUMENT;
    for (uint32_t i = 0; i < word->postings.count; i++)
        if (word->postings.items[i].document < first)
            first = word->postings.items[i].document;
    return word->base.document = first;
}

static int64_t word_next(struct kw_cursor *cursor)
{
    struct word_cursor *word = (struct word_cursor *)cursor;
    for (uint32_t i = 0; i < word->postings.count; i++)
        if (word->postings.items[i].document == cursor->document)
            kw_postings_next(&word->postings.items[i]);
    return settle(word);
}

static int64_t word_advance(struct kw_cursor *cursor, uint32_t target)
{
    struct word_cursor *word = (struct word_cursor *)cursor;
    if (cursor->document >= (int64_t)target)
        return cursor->document;
    for (uint32_t i = 0; i < word->postings.count; i++)
        if (word->postings.items[i].document < target)
            kw_postings_advance(&word->postings.items[i], target);
    return settle(word);
}

static void word_collect(struct kw_cursor *cursor, struct kw_contributions *contributions)
{
    struct word_cursor *word = (struct word_cursor *)cursor;
    uint32_t frequency = 0;
    for (uint32_t i = 0; i < word->postings.count; i++)
        if (word->postings.items[i].document == cursor->document)
            frequency += word->postings.items[i].frequency;
    contributions->items[contributions->count++] =
        (struct kw_contribution){.leaf = word->leaf, .frequency = frequency};
}

static void word_release(struct kw_cursor *cursor)
{
    kw_postings_list_release(&((struct word_cursor *)cursor)->postings);
}

static const struct kw_cursor_ops word_ops = {
    .next = word_next,
    .advance = word_advance,
    .collect = word_collect,
    .release = word_release,
};

enum kw_status kw_word_cursor_new(struct kw_cursor **out, struct kw_evaluation *evaluation,
                                  uint32_t leaf, struct kw_error *error)
{
    const struct kw_leaf *asked = &evaluation->plan->leaves[leaf];
    struct word_cursor *word = kw_arena_alloc(&evaluation->arena, sizeof *word);
    *out = NULL;
    if (!word)
        return kw_fail_memory(error);
    word->base = (struct kw_cursor){.ops = &word_ops, .document = -1};
    word->leaf = leaf;
    *out = &word->base;
    enum kw_status status =
        kw_postings_list_init(&word->postings, evaluation->segment, asked->terms, asked->term_count,
                              &evaluation->arena, error);
    for (uint32_t i = 0; i < word->postings.count; i++) {
        word->base.cost += word->postings.items[i].term.documents;
        kw_postings_next(&word->postings.items[i]);
    }
    return status;
}
