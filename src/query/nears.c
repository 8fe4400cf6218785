/* The pass that settles NEARs: what stands on both sides must be words, phrases, alternatives of
 * these, or NEARs, all in one field, and not too many. */
#include "query/parser.h"
#include "query/plan.h"
#include "query/settle.h"

/* What an operand of a NEAR holds, or all that stands within a parenthesis. */
struct content {
    bool unfit;           /* a sign, AND, NOT or a filter is in it */
    bool mixed;           /* its words are in several fields */
    bool any;             /* there is a word; it is in `field` */
    struct kw_view field; /* empty: in the text */
    uint32_t nears;       /* NEARs in each other */
    size_t boosts;        /* that no NEAR has complained about yet */
    uint32_t first_boost; /* where the first of these stands */
};

/* A parenthesis that is being read, or the whole query. */
struct level {
    const struct kw_lexeme *open; /* NULL: the query */
    struct content content;       /* of all before the run */
    struct content run;           /* operands with NEARs between; a single one at first */
    bool in_run;
    bool run_signed;        /* the run's first operand has a sign */
    uint32_t operands;      /* of the run's last NEAR; 1: it has none yet */
    struct kw_lexeme *last; /* the run's last NEAR */
    struct kw_lexeme *near; /* the NEAR that waits for its right operand, or NULL */
};

struct pass {
    struct kw_lexemes *lexemes;
    struct kw_view text;
    struct level levels[KW_QUERY_DEPTH + 1];
    size_t depth;
};

static struct content join(struct content a, struct content b)
{
    if (!a.any)
        a.field = b.field;
    else if (b.any && !kw_view_equal(a.field, b.field))
        a.mixed = true;
    a.any = a.any || b.any;
    a.unfit = a.unfit || b.unfit;
    a.mixed = a.mixed || b.mixed;
    a.nears = a.nears > b.nears ? a.nears : b.nears;
    if (!a.boosts)
        a.first_boost = b.first_boost;
    a.boosts += b.boosts;
    return a;
}

static void end_run(struct level *level)
{
    if (!level->in_run)
        return;
    level->run.unfit = level->run.unfit || level->run_signed;
    level->content = join(level->content, level->run);
    level->in_run = false;
}

static void begin_run(struct level *level, struct content operand, bool with_sign)
{
    end_run(level);
    level->run = operand;
    level->run_signed = with_sign;
    level->in_run = true;
    level->operands = 1;
}

static struct content content_of(const struct pass *pass, const struct kw_lexeme *lexeme)
{
    struct content content = {.any = true,
                              .unfit = lexeme->kind == KW_LEX_FILTER,
                              .field = {pass->text.data + lexeme->field, lexeme->field_size}};
    if (lexeme->boost != 1) {
        content.boosts = 1;
        content.first_boost = lexeme->at;
    }
    return content;
}

/* Makes a word of a NEAR. */
static void refuse(struct pass *pass, struct kw_lexeme *near, enum kw_problem_kind problem)
{
    struct kw_view name = {pass->text.data + near->start, near->size};
    kw_note_problem(&pass->lexemes->problems, problem, near->at, name);
    near->kind = KW_LEX_WORD;
    near->ordered = false;
    near->number = 0;
    kw_settle_word(pass->lexemes, near, pass->text);
}

/* Whether `near` can join the operand to the level's run; otherwise it is refused. */
static bool fits(struct pass *pass, struct level *level, struct kw_lexeme *near,
                 struct content operand, bool with_sign)
{
    uint32_t distance = near->number < KW_QUERY_DISTANCE ? near->number : KW_QUERY_DISTANCE;
    bool same = level->operands > 1 && level->last->number == distance &&
                level->last->ordered == near->ordered;
    struct content both = join(level->run, operand);
    uint32_t left = same ? level->run.nears : level->run.nears + 1;
    uint32_t nears = left > operand.nears ? left : operand.nears + 1;
    if (both.unfit || with_sign)
        refuse(pass, near, KW_PROBLEM_NEAR_OPERAND);
    else if (both.mixed)
        refuse(pass, near, KW_PROBLEM_NEAR_FIELDS);
    else if (near->number == 0)
        refuse(pass, near, KW_PROBLEM_NEAR_ZERO);
    else if (same && level->operands == KW_QUERY_OPERANDS)
        refuse(pass, near, KW_PROBLEM_NEAR_OPERANDS);
    else if (nears > KW_QUERY_NEARS)
        refuse(pass, near, KW_PROBLEM_NEAR_DEPTH);
    if (near->kind != KW_LEX_NEAR)
        return false;
    if (near->number > distance)
        kw_note_problem(&pass->lexemes->problems, KW_PROBLEM_DISTANCE, near->at,
                        (struct kw_view){NULL, 0});
    near->number = distance;
    both.nears = nears;
    level->run = both;
    level->operands = same ? level->operands + 1 : 2;
    level->last = near;
    return true;
}

/* An operand is complete. */
static void add_operand(struct pass *pass, struct content operand, bool with_sign)
{
    struct level *level = &pass->levels[pass->depth];
    struct kw_lexeme *near = level->near;
    level->near = NULL;
    if (near && fits(pass, level, near, operand, with_sign)) {
        for (; level->run.boosts; level->run.boosts--)
            kw_note_problem(&pass->lexemes->problems, KW_PROBLEM_NEAR_BOOST, level->run.first_boost,
                            (struct kw_view){NULL, 0});
        return;
    }
    if (near)
        begin_run(level, content_of(pass, near), false);
    begin_run(level, operand, with_sign);
}

static void close_level(struct pass *pass, const struct kw_lexeme *close)
{
    struct level *level = &pass->levels[pass->depth--];
    end_run(level);
    struct content content = level->content;
    if (close->boost != 1) {
        if (!content.boosts++)
            content.first_boost = close->at;
    }
    add_operand(pass, content, level->open->sign != 0);
}

void kw_settle_nears(struct kw_lexemes *lexemes, struct kw_view text)
{
    struct pass pass; /* a level is set when it is opened */
    pass.lexemes = lexemes;
    pass.text = text;
    pass.depth = 0;
    pass.levels[0] = (struct level){.open = NULL};
    for (size_t i = 0; i < lexemes->count; i++) {
        struct kw_lexeme *lexeme = &lexemes->items[i];
        struct level *level = &pass.levels[pass.depth];
        if (lexeme->kind == KW_LEX_OPEN) {
            pass.levels[++pass.depth] = (struct level){.open = lexeme};
        } else if (lexeme->kind == KW_LEX_CLOSE) {
            close_level(&pass, lexeme);
        } else if (kw_lexeme_is_operand(lexeme)) {
            add_operand(&pass, content_of(&pass, lexeme), lexeme->sign != 0);
        } else if (lexeme->kind == KW_LEX_NEAR) {
            level->near = lexeme;
        } else {
            end_run(level);
            level->content.unfit = level->content.unfit || lexeme->kind != KW_LEX_OR;
        }
    }
}
