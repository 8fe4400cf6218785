/* The passes of the lexer behind the scanner: each settles something for good, in time linear in
 * the lexemes. Private to the files that lexer.h describes. */
#ifndef KW_QUERY_SETTLE_H
#define KW_QUERY_SETTLE_H

#include "query/lexer.h"

/* Bytes of the white space character (Unicode's White_Space) at `at` < text.size; 0 if there is
 * none. */
size_t kw_blank_size(struct kw_view text, size_t at);

/* Counts a problem; the first place of all is kept. `word` may be empty. */
void kw_note_problem(struct kw_problems *problems, enum kw_problem_kind kind, size_t at,
                     struct kw_view word);

/* No parenthesis is open at first. */
#define KW_NO_LEXEME UINT32_MAX

/* Parentheses that nothing closes (they link by `start` from `open`, the innermost, to
 * KW_NO_LEXEME) and pairs that are too deep vanish, as do ignored quotes; their signs and fields go
 * over to what follows. */
void kw_settle_parentheses(struct kw_lexemes *lexemes, uint32_t open);

/* Operators without their operands become words. */
void kw_settle_operators(struct kw_lexemes *lexemes, struct kw_view text);

/* Each operand and OPEN gets the field that it is in; words become values of columns, patterns and
 * fuzzy words where they are, and lose their edits and boost. A NEAR gets the field of a word in
 * its place. */
void kw_settle_words(struct kw_lexemes *lexemes, struct kw_view text);

/* Settles one word whose field is known, as kw_settle_words does. */
void kw_settle_word(struct kw_lexemes *lexemes, struct kw_lexeme *lexeme, struct kw_view text);

/* NEARs with operands that they cannot have become words. */
void kw_settle_nears(struct kw_lexemes *lexemes, struct kw_view text);

#endif
