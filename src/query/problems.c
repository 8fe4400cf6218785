/* What did not parse, in words. */
#include "query/lexer.h"
#include "query/plan.h"

/* What is about an operator or a field begins with its name. */
static const struct {
    const char *what;
    const char *outcome;
} texts[] = {
    [KW_PROBLEM_QUOTE] = {"unclosed quote", "ignored"},
    [KW_PROBLEM_PARENTHESIS] = {"unclosed parenthesis", "ignored"},
    [KW_PROBLEM_CLOSING] = {"unmatched ')'", "taken as text"},
    [KW_PROBLEM_DEPTH] = {"parentheses nested too deep", "ignored"},
    [KW_PROBLEM_BINARY] = {"without an operand on each side", "taken as a word"},
    [KW_PROBLEM_NOT] = {"without an operand behind it", "taken as a word"},
    [KW_PROBLEM_NEAR_OPERAND] = {"beside what is more than words and phrases", "taken as a word"},
    [KW_PROBLEM_NEAR_FIELDS] = {"between different fields", "taken as a word"},
    [KW_PROBLEM_NEAR_OPERANDS] = {"with more than 10 operands", "taken as a word"},
    [KW_PROBLEM_NEAR_DEPTH] = {"nested too deep", "taken as a word"},
    [KW_PROBLEM_NEAR_ZERO] = {"without a distance", "taken as a word"},
    [KW_PROBLEM_NEAR_BOOST] = {"boost within NEAR", "ignored"},
    [KW_PROBLEM_DISTANCE] = {"distance over 10000", "taken as 10000"},
    [KW_PROBLEM_SLOP] = {"'~' without a number", "taken as text"},
    [KW_PROBLEM_EDITS] = {"edits other than 1 and 2", "taken as text"},
    [KW_PROBLEM_PATTERN_EDITS] = {"edits of a word with wildcards", "ignored"},
    [KW_PROBLEM_PATTERNS] = {"more than 100 wildcards and edits", "taken as text"},
    [KW_PROBLEM_BOOST] = {"boost not from 0.001 to 1000", "taken as text"},
    [KW_PROBLEM_VALUE] = {"takes no such value", "and is ignored"},
    [KW_PROBLEM_VALUE_SUFFIX] = {"'~' or '^' behind a value", "ignored"},
};

_Static_assert(KW_QUERY_OPERANDS == 10 && KW_QUERY_DISTANCE == 10000 && KW_QUERY_PATTERNS == 100,
               "the texts say so");

void kw_problems_describe(const struct kw_problems *problems, bool outcome, struct kw_bytes *out)
{
    if (problems->word.size) {
        kw_bytes_append_byte(out, '\'');
        kw_bytes_append_view(out, problems->word);
        kw_bytes_append_text(out, "' ");
    }
    kw_bytes_append_text(out, texts[problems->first].what);
    if (!outcome)
        return;
    kw_bytes_format(out, " %s", texts[problems->first].outcome);
    if (problems->count > 1)
        kw_bytes_format(out, ", and %zu more", problems->count - 1);
}
