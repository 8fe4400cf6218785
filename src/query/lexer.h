/* The lexer: cuts a query into lexemes and decides, once and for all, which characters are syntax.
 * What does not parse is taken as text here, so that the parser above it meets well-formed input
 * only. */
#ifndef KW_QUERY_LEXER_H
#define KW_QUERY_LEXER_H

#include "query/filter.h"

enum kw_lexeme_kind {
    KW_LEX_WORD,
    KW_LEX_EXACT,  /* =word */
    KW_LEX_PHRASE, /* "…" */
    KW_LEX_AND,
    KW_LEX_OR,
    KW_LEX_NOT,
    KW_LEX_OPEN, /* always has its KW_LEX_CLOSE */
    KW_LEX_CLOSE,
    KW_LEX_VOID, /* an ignored quote or parenthesis; none is left when kw_lex_init returns */
};

/* A lexeme. All numbers are bytes; offsets count from the start of the query. */
struct kw_lexeme {
    enum kw_lexeme_kind kind;
    char sign;      /* '+', '-' or 0: the sign before a word, phrase or OPEN */
    uint32_t at;    /* where it begins, its sign and field included */
    uint32_t start; /* its text, without sign, field, quotes and `=` */
    uint32_t size;
    uint32_t field; /* the name of its field; field_size 0: none */
    uint32_t field_size;
};

enum kw_problem_kind {
    KW_PROBLEM_QUOTE,       /* a quote without its end */
    KW_PROBLEM_PARENTHESIS, /* a parenthesis without its end */
    KW_PROBLEM_CLOSING,     /* a closing parenthesis without its beginning */
    KW_PROBLEM_DEPTH,       /* parentheses deeper than KW_QUERY_DEPTH */
    KW_PROBLEM_BINARY,      /* AND or OR without an operand on each side */
    KW_PROBLEM_NOT,         /* NOT without an operand behind it */
};

/* What did not parse: how often, and the first place, in bytes from the start of the query. */
struct kw_problems {
    size_t count;
    enum kw_problem_kind first; /* meaningful if count > 0 */
    uint32_t at;
    const char *word; /* the operator if the first is one that stands alone, else NULL */
};

struct kw_lexemes {
    struct kw_lexeme *items;
    size_t count;
    size_t capacity;
    struct kw_problems problems;
};

#define KW_LEXEMES_INIT                                                                            \
    {                                                                                              \
        NULL, 0, 0,                                                                                \
        {                                                                                          \
            0, KW_PROBLEM_QUOTE, 0, NULL                                                           \
        }                                                                                          \
    }

/* Cuts `text` (below 4 GiB, any bytes) in time linear in its size. `name:` is a field's prefix if
 * `name` is among `fields`. With `literal` every run of characters other than white space is a
 * word. AND, OR and NOT lexemes have their operands beside them, parentheses come in pairs, at most
 * KW_QUERY_DEPTH deep. KW_E_MEMORY is the only failure; `lexemes` is released then. */
enum kw_status kw_lex_init(struct kw_lexemes *lexemes, struct kw_view text,
                           const struct kw_query_field *fields, size_t field_count, bool literal,
                           struct kw_error *error);
void kw_lex_release(struct kw_lexemes *lexemes);

#endif
