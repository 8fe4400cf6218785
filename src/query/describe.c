/* Writes a plan line by line. */
#include "query/describe.h"

#include "base/value.h"

#include <inttypes.h>
#include <math.h>

struct writer {
    const struct kw_plan *plan;
    struct kw_bytes *out;
    uint32_t terms; /* of an expansion, at most */
};

static void begin_line(struct writer *w, uint32_t depth, char sign)
{
    for (uint32_t i = 1; i < depth; i++)
        kw_bytes_append_text(w->out, "  ");
    if (depth)
        kw_bytes_format(w->out, "%c ", sign);
}

static void quote(struct writer *w, struct kw_view text)
{
    kw_bytes_append_byte(w->out, '\'');
    kw_bytes_append_view(w->out, text);
    kw_bytes_append_byte(w->out, '\'');
}

static void describe_field(struct writer *w, struct kw_view field)
{
    if (field.size) {
        kw_bytes_append_text(w->out, " in ");
        kw_bytes_append_view(w->out, field);
    }
}

/* ---- Kinds of leaves ------------------------------------------------------------------------ */

static void describe_word(struct writer *w, const struct kw_leaf *leaf)
{
    for (uint32_t i = 0; i < leaf->term_count; i++) {
        const struct kw_query_term *term = &leaf->terms[i];
        kw_bytes_append_text(w->out, i ? " or " : "");
        kw_bytes_append_text(w->out, term->language.size ? "stem " : "word ");
        quote(w, term->bytes);
        if (term->language.size) {
            kw_bytes_append_text(w->out, " of ");
            kw_bytes_append_view(w->out, term->language);
        }
    }
    describe_field(w, leaf->terms[0].field);
}

static void describe_phrase(struct writer *w, const struct kw_leaf *leaf)
{
    uint32_t next = 0;
    kw_bytes_append_text(w->out, "phrase");
    for (uint32_t i = 0; i < leaf->term_count; i++) {
        kw_bytes_append_byte(w->out, ' ');
        for (; next < leaf->terms[i].offset; next++)
            kw_bytes_append_text(w->out, "_ "); /* any word */
        quote(w, leaf->terms[i].bytes);
        next = leaf->terms[i].offset + 1;
    }
    if (leaf->distance)
        kw_bytes_format(w->out, " within %" PRIu32 " moves", leaf->distance);
    describe_field(w, leaf->terms[0].field);
}

static void describe_pattern(struct writer *w, const struct kw_leaf *leaf)
{
    const struct kw_expansion *expansion = &w->plan->expansions[leaf->expansion];
    kw_bytes_append_text(w->out, expansion->edits ? "words like " : "words ");
    quote(w, expansion->pattern);
    if (expansion->edits)
        kw_bytes_format(w->out, " within %" PRIu32 " edit%s", expansion->edits,
                        expansion->edits > 1 ? "s" : "");
    describe_field(w, expansion->field);
}

static void describe_expansion(struct writer *w, const struct kw_leaf *leaf)
{
    const struct kw_expansion *expansion = &w->plan->expansions[leaf->expansion];
    describe_pattern(w, leaf);
    kw_bytes_format(w->out, ", %" PRIu32, expansion->term_count);
    uint32_t shown = expansion->term_count < w->terms ? expansion->term_count : w->terms;
    for (uint32_t i = 0; i < shown; i++) {
        kw_bytes_append_text(w->out, i ? " " : ": ");
        kw_bytes_append_view(w->out, expansion->terms[i].bytes);
    }
    if (shown < expansion->term_count)
        kw_bytes_append_text(w->out, " ...");
}

static void describe_number(struct writer *w, const char *relation, double number)
{
    char text[KW_VALUE_SIZE];
    if (isinf(number))
        return;
    kw_number_format(number, text);
    kw_bytes_format(w->out, " %s %s", relation, text);
}

static void describe_date(struct writer *w, const char *relation, int64_t date)
{
    char text[KW_VALUE_SIZE];
    if (!kw_date_known(date))
        return;
    kw_date_format(date, text);
    kw_bytes_format(w->out, " %s %s", relation, text);
}

static void describe_filter(struct writer *w, const struct kw_leaf *leaf)
{
    const struct kw_filter *filter = leaf->filter;
    const char *between = "";
    kw_bytes_append_text(w->out, "filter ");
    kw_bytes_append_view(w->out, filter->field);
    if (filter->uses & KW_FIELD_NUMBER) {
        describe_number(w, "from", filter->numbers.least);
        describe_number(w, "to", filter->numbers.most);
        between = " or";
    }
    if (filter->uses & KW_FIELD_DATE) {
        kw_bytes_append_text(w->out, between);
        describe_date(w, "from", filter->dates.first);
        describe_date(w, "to", filter->dates.last);
        between = " or";
    }
    if (filter->uses & KW_FIELD_KEYWORD) {
        kw_bytes_format(w->out, "%s %s ", between, filter->wildcards ? "like" : "is");
        quote(w, filter->keyword);
    }
}

static void describe_operands(struct writer *w, const struct kw_leaf *leaf, uint32_t depth);

/* What a leaf or operand is, and the lines of its operands. */
static void describe_leaf(struct writer *w, const struct kw_leaf *leaf, uint32_t depth, bool whole)
{
    if (leaf->kind == KW_LEAF_WORD)
        describe_word(w, leaf);
    else if (leaf->kind == KW_LEAF_PHRASE)
        describe_phrase(w, leaf);
    else if (leaf->kind == KW_LEAF_EXPANSION)
        describe_expansion(w, leaf);
    else if (leaf->kind == KW_LEAF_FILTER)
        describe_filter(w, leaf);
    else if (leaf->kind == KW_LEAF_ANY)
        kw_bytes_append_text(w->out, "any of");
    else
        kw_bytes_format(w->out, "within %" PRIu32 " words%s", leaf->distance,
                        leaf->ordered ? ", in this order" : "");
    if (whole) {
        if (leaf->repeats > 1)
            kw_bytes_format(w->out, ", %" PRIu32 " times", leaf->repeats);
        if (leaf->boost != 1)
            kw_bytes_format(w->out, ", boost %.6g", leaf->boost);
        kw_bytes_format(w->out, ", clause %" PRIu32, leaf->clause);
    }
    kw_bytes_append_byte(w->out, '\n');
    describe_operands(w, leaf, depth);
}

static void describe_operands(struct writer *w, const struct kw_leaf *leaf, uint32_t depth)
{
    for (uint32_t i = 0; i < leaf->operand_count; i++) {
        begin_line(w, depth + 1, ' ');
        describe_leaf(w, &leaf->operands[i], depth + 1, false);
    }
}

/* ---- Groups --------------------------------------------------------------------------------- */

static void describe_group(struct writer *w, const struct kw_plan_node *group)
{
    uint32_t optional = 0;
    for (uint32_t i = 0; i < group->child_count; i++)
        optional += group->children[i]->occur == KW_SHOULD;
    if (group->minimum == 1)
        kw_bytes_append_text(w->out, "any of\n");
    else if (group->minimum > 1)
        kw_bytes_format(w->out, "%" PRIu32 " of %" PRIu32 "\n", group->minimum, optional);
    else
        kw_bytes_append_text(w->out, "all of\n");
}

static void describe_node(struct writer *w, const struct kw_plan_node *node, uint32_t depth)
{
    static const char signs[] = {[KW_SHOULD] = ' ', [KW_MUST] = '+', [KW_MUST_NOT] = '-'};
    begin_line(w, depth, signs[node->occur]);
    if (node->kind == KW_PLAN_LEAF) {
        describe_leaf(w, &w->plan->leaves[node->leaf], depth, true);
        return;
    }
    describe_group(w, node);
    for (uint32_t i = 0; i < node->child_count; i++)
        describe_node(w, node->children[i], depth + 1);
}

void kw_plan_describe(const struct kw_plan *plan, uint32_t terms, struct kw_bytes *out)
{
    struct writer w = {plan, out, terms};
    if (plan->root)
        describe_node(&w, plan->root, 0);
}

/* ---- One leaf, in a line -------------------------------------------------------------------- */

static void describe_inline(struct writer *w, const struct kw_leaf *leaf)
{
    bool any = leaf->kind == KW_LEAF_ANY;
    if (leaf->kind == KW_LEAF_WORD)
        describe_word(w, leaf);
    else if (leaf->kind == KW_LEAF_PHRASE)
        describe_phrase(w, leaf);
    else if (leaf->kind == KW_LEAF_EXPANSION)
        describe_pattern(w, leaf);
    else if (leaf->kind == KW_LEAF_FILTER)
        describe_filter(w, leaf);
    for (uint32_t i = 0; i < leaf->operand_count; i++) {
        const struct kw_leaf *operand = &leaf->operands[i];
        bool parted = operand->operand_count > 0;
        if (i && any)
            kw_bytes_append_text(w->out, " or ");
        else if (i)
            kw_bytes_format(w->out, " %sNEAR/%" PRIu32 " ", leaf->ordered ? "O" : "",
                            leaf->distance);
        kw_bytes_append_text(w->out, parted ? "(" : "");
        describe_inline(w, operand);
        kw_bytes_append_text(w->out, parted ? ")" : "");
    }
}

void kw_part_describe(const struct kw_plan *plan, uint32_t number, struct kw_bytes *out)
{
    struct writer w = {plan, out, 0};
    if (number < plan->leaf_count) {
        describe_inline(&w, &plan->leaves[number]);
        return;
    }
    const struct kw_addition *addition = &plan->additions[number - plan->leaf_count];
    if (addition->kind != KW_ADD_NEAR) {
        describe_inline(&w, &addition->leaf);
        return;
    }
    describe_inline(&w, &plan->leaves[addition->words[0]]);
    kw_bytes_format(w.out, " NEAR/%" PRIu32 " ", addition->leaf.distance);
    describe_inline(&w, &plan->leaves[addition->words[1]]);
}
