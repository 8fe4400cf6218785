/* The lexer: cuts a query into lexemes and decides, once and for all, which characters are syntax.
 * What does not parse is taken as text here, so that the parser above it meets well-formed input
 * only. */
#ifndef KW_QUERY_LEXER_H
#define KW_QUERY_LEXER_H

#include "query/filter.h"

enum kw_lexeme_kind {
    KW_LEX_WORD,
    KW_LEX_EXACT,   /* =word */
    KW_LEX_PHRASE,  /* "…" */
    KW_LEX_PATTERN, /* a word with wildcards */
    KW_LEX_FUZZY,   /* word~ */
    KW_LEX_FILTER,  /* a value or range of a column */
    KW_LEX_AND,     /* the first that is no operand */
    KW_LEX_OR,
    KW_LEX_NOT,
    KW_LEX_NEAR,
    KW_LEX_OPEN, /* always has its KW_LEX_CLOSE */
    KW_LEX_CLOSE,
    KW_LEX_VOID, /* an ignored quote or parenthesis; none is left when kw_lex_init returns */
};

/* A lexeme. All numbers but the boost and `number` are bytes; offsets count from the start of the
 * query. */
struct kw_lexeme {
    enum kw_lexeme_kind kind;
    char sign;      /* '+', '-' or 0: the sign before a word, phrase or OPEN */
    bool ordered;   /* NEAR: it is ONEAR */
    uint32_t at;    /* where it begins, its sign and field included */
    uint32_t end;   /* where it ends, its edits, slop and boost included */
    uint32_t start; /* its text, without sign, field, quotes, `=`, edits, slop and boost */
    uint32_t size;  /* of the text */
    uint32_t field; /* the name of its field, in the end of that around it too; size 0: none */
    uint32_t field_size;
    unsigned uses;   /* of its field (enum kw_field_uses) */
    uint32_t number; /* a phrase's slop, a fuzzy word's edits, a NEAR's distance */
    bool verbatim;   /* FILTER: it was quoted or had a `=` */
    double boost;    /* of an operand, or on CLOSE of what it closes */
};

static inline bool kw_lexeme_is_operand(const struct kw_lexeme *lexeme)
{
    return lexeme->kind < KW_LEX_AND;
}

enum kw_problem_kind {
    KW_PROBLEM_QUOTE,         /* a quote without its end */
    KW_PROBLEM_PARENTHESIS,   /* a parenthesis without its end */
    KW_PROBLEM_CLOSING,       /* a closing parenthesis without its beginning */
    KW_PROBLEM_DEPTH,         /* parentheses deeper than KW_QUERY_DEPTH */
    KW_PROBLEM_BINARY,        /* AND, OR, NEAR or ONEAR without an operand on each side */
    KW_PROBLEM_NOT,           /* NOT without an operand behind it */
    KW_PROBLEM_NEAR_OPERAND,  /* NEAR with a sign, AND, NOT or a filter in its right operand, or in
                                 its left one */
    KW_PROBLEM_NEAR_FIELDS,   /* NEAR with operands in several fields */
    KW_PROBLEM_NEAR_OPERANDS, /* NEAR of more than KW_QUERY_OPERANDS */
    KW_PROBLEM_NEAR_DEPTH,    /* NEARs in each other, more than KW_QUERY_NEARS */
    KW_PROBLEM_NEAR_ZERO,     /* NEAR/0 */
    KW_PROBLEM_NEAR_BOOST,    /* a boost in an operand of NEAR */
    KW_PROBLEM_DISTANCE,      /* a distance or slop over KW_QUERY_DISTANCE */
    KW_PROBLEM_SLOP,          /* a `~` without a number behind a phrase */
    KW_PROBLEM_EDITS,         /* other edits than 1 and 2 */
    KW_PROBLEM_PATTERN_EDITS, /* edits of a word with wildcards */
    KW_PROBLEM_PATTERNS,      /* more than KW_QUERY_PATTERNS */
    KW_PROBLEM_BOOST,         /* a boost outside of KW_BOOST_LEAST..KW_BOOST_MOST */
    KW_PROBLEM_VALUE,         /* a value that does not fit its column */
    KW_PROBLEM_VALUE_SUFFIX,  /* a slop or boost of a value */
};

/* What did not parse: how often, and the first place, in bytes from the start of the query. */
struct kw_problems {
    size_t count;
    enum kw_problem_kind first; /* meaningful if count > 0 */
    uint32_t at;
    struct kw_view word; /* the operator or field that the first is about, in the query; or empty */
};

struct kw_lexemes {
    struct kw_lexeme *items;
    size_t count;
    size_t capacity;
    uint32_t patterns; /* wildcards and edits that count */
    struct kw_problems problems;
};

#define KW_LEXEMES_INIT                                                                            \
    {                                                                                              \
        NULL, 0, 0, 0,                                                                             \
        {                                                                                          \
            0, KW_PROBLEM_QUOTE, 0,                                                                \
            {                                                                                      \
                NULL, 0                                                                            \
            }                                                                                      \
        }                                                                                          \
    }

/* Cuts `text` (below 4 GiB, any bytes) in time linear in its size. `name:` is a field's prefix if
 * `name` is among `fields`. With `literal` every run of characters other than white space is a
 * word. AND, OR, NOT and NEAR lexemes have their operands beside them, a NEAR such as it can have;
 * parentheses come in pairs, at most KW_QUERY_DEPTH deep. KW_E_MEMORY is the only failure;
 * `lexemes` is released then. */
enum kw_status kw_lex_init(struct kw_lexemes *lexemes, struct kw_view text,
                           const struct kw_query_field *fields, size_t field_count, bool literal,
                           struct kw_error *error);
void kw_lex_release(struct kw_lexemes *lexemes);

/* Appends to `out` what the first of the problems, which there are, was; with `outcome` also what
 * became of it, and how many more there are. One line. */
void kw_problems_describe(const struct kw_problems *problems, bool outcome, struct kw_bytes *out);

#endif
