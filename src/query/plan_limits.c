/* What keeps a plan from asking for more than anyone would: a limit of words, and which of its
 * words are there again, for only these can make a search longer than its index. */
#include "query/planner.h"

#include <inttypes.h>
#include <stdlib.h>

/* The words, patterns and filters of a leaf or operand. */
static uint64_t count_words(const struct kw_leaf *leaf)
{
    uint64_t count = leaf->kind == KW_LEAF_PHRASE ? leaf->term_count : !leaf->operand_count;
    for (uint32_t i = 0; i < leaf->operand_count; i++)
        count += count_words(&leaf->operands[i]);
    return count;
}

static enum kw_status check_words(const struct kw_leaf *leaves, uint32_t leaf_count,
                                  struct kw_error *error)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < leaf_count; i++)
        count += count_words(&leaves[i]);
    if (count <= KW_QUERY_WORDS)
        return KW_OK;
    kw_fail(error, KW_E_USAGE, "the query asks for %" PRIu64 " words, a query may for %d", count,
            KW_QUERY_WORDS);
    kw_hint(error, "ask for the most telling ones; equal words side by side count once");
    return KW_E_USAGE;
}

static int compare_terms(const struct kw_query_term *a, const struct kw_query_term *b)
{
    int order = kw_view_compare(a->field, b->field);
    if (order == 0)
        order = kw_view_compare(a->language, b->language);
    return order ? order : kw_view_compare(a->bytes, b->bytes);
}

/* By their first terms, equal ones in the order of the plan. */
static int compare_words(const void *a, const void *b)
{
    const struct kw_leaf *left = *(struct kw_leaf *const *)a;
    const struct kw_leaf *right = *(struct kw_leaf *const *)b;
    int order = compare_terms(&left->terms[0], &right->terms[0]);
    return order ? order : (left > right) - (left < right);
}

static enum kw_status note_again(struct kw_leaf *leaves, uint32_t count, struct kw_error *error)
{
    if (count < 2)
        return KW_OK;
    struct kw_leaf **words = malloc(count * sizeof(struct kw_leaf *));
    uint32_t word_count = 0;
    if (!words)
        return kw_fail_memory(error);
    for (uint32_t i = 0; i < count; i++)
        if (leaves[i].kind == KW_LEAF_WORD)
            words[word_count++] = &leaves[i];
    qsort(words, word_count, sizeof(struct kw_leaf *), compare_words);
    for (uint32_t i = 1; i < word_count; i++)
        words[i]->again = compare_terms(&words[i - 1]->terms[0], &words[i]->terms[0]) == 0;
    free(words);
    return KW_OK;
}

enum kw_status kw_leaves_limit(struct kw_leaf *leaves, uint32_t count, struct kw_error *error)
{
    enum kw_status status = check_words(leaves, count, error);
    return status == KW_OK && count ? note_again(leaves, count, error) : status;
}
