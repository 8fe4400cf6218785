/* What lexemes are in the end: parentheses, operators, fields, and what is in and behind words. */
#include "query/settle.h"

#include "query/modifiers.h"
#include "query/parser.h"
#include "query/plan.h"

static const struct kw_view no_word = {NULL, 0};

/* ---- Parentheses ---------------------------------------------------------------------------- */

/* Where the parenthesis itself stands. */
static uint32_t behind_prefix(const struct kw_lexeme *open)
{
    return open->at + (open->sign ? 1 : 0) + (open->field_size ? open->field_size + 1 : 0);
}

static void void_parentheses(struct kw_lexemes *lexemes, uint32_t open)
{
    while (open != KW_NO_LEXEME) {
        struct kw_lexeme *lexeme = &lexemes->items[open];
        open = lexeme->start;
        lexeme->kind = KW_LEX_VOID;
        kw_note_problem(&lexemes->problems, KW_PROBLEM_PARENTHESIS, behind_prefix(lexeme), no_word);
    }
    size_t depth = 0;
    for (size_t i = 0; i < lexemes->count; i++) {
        struct kw_lexeme *lexeme = &lexemes->items[i];
        if (lexeme->kind == KW_LEX_OPEN && ++depth > KW_QUERY_DEPTH) {
            lexeme->kind = KW_LEX_VOID;
            kw_note_problem(&lexemes->problems, KW_PROBLEM_DEPTH, behind_prefix(lexeme), no_word);
        } else if (lexeme->kind == KW_LEX_CLOSE && depth-- > KW_QUERY_DEPTH) {
            lexeme->kind = KW_LEX_VOID;
        }
    }
}

/* Hands sign and field of a lexeme that cannot have them on to the one behind it; on a CLOSE they
 * mean nothing. */
static void hand_on(const struct kw_lexeme *from, struct kw_lexeme *to)
{
    if (!to->sign)
        to->sign = from->sign;
    if (!to->field_size) {
        to->field = from->field;
        to->field_size = from->field_size;
        to->uses = from->uses;
    }
}

void kw_settle_parentheses(struct kw_lexemes *lexemes, uint32_t open)
{
    void_parentheses(lexemes, open);
    size_t kept = 0;
    for (size_t i = 0; i < lexemes->count; i++) {
        if (lexemes->items[i].kind != KW_LEX_VOID)
            lexemes->items[kept++] = lexemes->items[i];
        else if (i + 1 < lexemes->count)
            hand_on(&lexemes->items[i], &lexemes->items[i + 1]);
    }
    lexemes->count = kept;
}

/* ---- Operators ------------------------------------------------------------------------------ */

/* Decided from what the lexemes were at first, so that one lone operator does not make an operand
 * for the next. */
void kw_settle_operators(struct kw_lexemes *lexemes, struct kw_view text)
{
    struct kw_lexeme *items = lexemes->items;
    size_t count = lexemes->count;
    bool left = false; /* an operand ends before the lexeme at hand */
    for (size_t i = 0; i < count; i++) {
        enum kw_lexeme_kind kind = items[i].kind;
        size_t right = i + 1;
        bool binary = kind == KW_LEX_AND || kind == KW_LEX_OR || kind == KW_LEX_NEAR;
        if (binary && kind != KW_LEX_NEAR && right < count && items[right].kind == KW_LEX_NOT)
            right++;
        bool operand = right < count &&
                       (kw_lexeme_is_operand(&items[right]) || items[right].kind == KW_LEX_OPEN);
        bool operand_before = left;
        left = kw_lexeme_is_operand(&items[i]) || kind == KW_LEX_CLOSE;
        if (!binary && kind != KW_LEX_NOT)
            continue;
        if (operand && (operand_before || !binary)) {
            hand_on(&items[i], &items[i + 1]);
            items[i].sign = 0;
            items[i].field_size = 0;
            items[i].uses = 0;
            continue;
        }
        items[i].kind = KW_LEX_WORD;
        items[i].ordered = false;
        items[i].number = 0;
        kw_note_problem(&lexemes->problems, binary ? KW_PROBLEM_BINARY : KW_PROBLEM_NOT,
                        items[i].at, (struct kw_view){text.data + items[i].start, items[i].size});
    }
}

/* ---- Words ---------------------------------------------------------------------------------- */

static struct kw_view text_of(const struct kw_lexeme *lexeme, struct kw_view text)
{
    return (struct kw_view){text.data + lexeme->start, lexeme->size};
}

/* Makes a lexeme in a column a FILTER, or text of no field if its value does not fit. */
static void settle_value(struct kw_lexemes *lexemes, struct kw_lexeme *lexeme, struct kw_view text)
{
    struct kw_filter filter;
    bool verbatim = lexeme->kind != KW_LEX_WORD;
    bool suffix = lexeme->kind == KW_LEX_PHRASE && (lexeme->number || lexeme->boost != 1);
    if (kw_filter_parse(&filter, lexeme->uses, text_of(lexeme, text), verbatim)) {
        lexeme->kind = KW_LEX_FILTER;
        lexeme->verbatim = verbatim;
        if (suffix)
            kw_note_problem(&lexemes->problems, KW_PROBLEM_VALUE_SUFFIX, lexeme->at, no_word);
        lexeme->number = 0;
        lexeme->boost = 1;
    } else if (!(lexeme->uses & KW_FIELD_WORDS)) {
        kw_note_problem(&lexemes->problems, KW_PROBLEM_VALUE, lexeme->at,
                        (struct kw_view){text.data + lexeme->field, lexeme->field_size});
        lexeme->field_size = 0;
        lexeme->uses = 0;
    }
}

static void settle_boost(struct kw_lexemes *lexemes, struct kw_lexeme *lexeme, struct kw_view text)
{
    struct kw_view word = text_of(lexeme, text);
    if (kw_boost_cut(&word, &lexeme->boost) == KW_MODIFIER_WRONG) {
        const uint8_t *mark = memrchr(word.data, '^', word.size);
        kw_note_problem(&lexemes->problems, KW_PROBLEM_BOOST, (size_t)(mark - text.data), no_word);
    }
    lexeme->size = (uint32_t)word.size;
}

/* Makes a bare word a PATTERN or FUZZY if it is one, unless there are too many. */
static void settle_pattern(struct kw_lexemes *lexemes, struct kw_lexeme *lexeme,
                           struct kw_view text)
{
    struct kw_view whole = text_of(lexeme, text);
    struct kw_view word = whole;
    size_t from = 0, start, end;
    uint32_t edits = 0;
    size_t wildcards = 0;
    enum kw_modifier fuzzy = kw_edits_cut(&word, &edits);
    while (kw_wildcards_next(word, &from, &start, &end))
        wildcards++;
    if (fuzzy == KW_MODIFIER_NONE && !wildcards)
        return;
    size_t mark = lexeme->start + word.size; /* of the edits, if there are good ones */
    if (fuzzy == KW_MODIFIER_WRONG) {
        mark = (size_t)((const uint8_t *)memrchr(word.data, '~', word.size) - text.data);
        kw_note_problem(&lexemes->problems, KW_PROBLEM_EDITS, mark, no_word);
    } else if (fuzzy == KW_MODIFIER_GOOD && wildcards) {
        kw_note_problem(&lexemes->problems, KW_PROBLEM_PATTERN_EDITS, mark, no_word);
    }
    size_t patterns = wildcards ? wildcards : fuzzy == KW_MODIFIER_GOOD;
    if (lexemes->patterns + patterns > KW_QUERY_PATTERNS) {
        kw_note_problem(&lexemes->problems, KW_PROBLEM_PATTERNS, lexeme->start, no_word);
        return;
    }
    lexemes->patterns += (uint32_t)patterns;
    lexeme->size = (uint32_t)word.size;
    lexeme->number = wildcards ? 0 : edits;
    if (patterns)
        lexeme->kind = wildcards ? KW_LEX_PATTERN : KW_LEX_FUZZY;
}

void kw_settle_word(struct kw_lexemes *lexemes, struct kw_lexeme *lexeme, struct kw_view text)
{
    if (lexeme->uses & ~(unsigned)KW_FIELD_WORDS)
        settle_value(lexemes, lexeme, text);
    if (lexeme->kind == KW_LEX_WORD || lexeme->kind == KW_LEX_EXACT)
        settle_boost(lexemes, lexeme, text);
    if (lexeme->kind == KW_LEX_WORD)
        settle_pattern(lexemes, lexeme, text);
}

void kw_settle_words(struct kw_lexemes *lexemes, struct kw_view text)
{
    struct kw_lexeme around[KW_QUERY_DEPTH + 1]; /* only fields count */
    size_t depth = 0;
    around[0] = (struct kw_lexeme){.kind = KW_LEX_OPEN};
    for (size_t i = 0; i < lexemes->count; i++) {
        struct kw_lexeme *lexeme = &lexemes->items[i];
        if (lexeme->kind == KW_LEX_CLOSE) {
            depth--;
            continue;
        }
        if (!lexeme->field_size) {
            lexeme->field = around[depth].field;
            lexeme->field_size = around[depth].field_size;
            lexeme->uses = around[depth].uses;
        }
        if (lexeme->kind == KW_LEX_OPEN)
            around[++depth] = *lexeme;
        else if (kw_lexeme_is_operand(lexeme))
            kw_settle_word(lexemes, lexeme, text);
    }
}
