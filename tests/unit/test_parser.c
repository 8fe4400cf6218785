/* The parser: which characters of a query are syntax, what they make, and what becomes of the rest.
 *
 * Trees are written as {…} for what stands side by side, […] for an operator's group, near3(…) and
 * onear3(…), + and - for occurrences, =word, "phrase"~slop, word~edits, field: and ^boost as in a
 * query, a[*]b for wildcards, field(…) for filters, and <word> for a bare word that looks like one
 * of these. */
#include "query/parser.h"

#include "base/value.h"
#include "query/plan.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <time.h>

#include <cmocka.h>

static bool looks_like_syntax(struct kw_view text)
{
    return text.size == 0 || memchr("+-=\"{}[]", text.data[0], 8) ||
           memchr(text.data, ':', text.size) || memchr(text.data, '^', text.size) ||
           memchr(text.data, '~', text.size);
}

static void render_date(struct kw_bytes *out, int64_t date)
{
    char text[KW_VALUE_SIZE] = "";
    if (date != INT64_MIN && date != INT64_MAX)
        kw_date_format(date, text);
    kw_bytes_append_text(out, text);
}

/* field(least..most) for numbers, field(first--last) for dates, field('value') for keywords,
 * field(/pattern/) for those with wildcards. */
static void render_filter(struct kw_bytes *out, const struct kw_filter *filter)
{
    kw_bytes_append_view(out, filter->field);
    kw_bytes_append_byte(out, '(');
    if (filter->uses & KW_FIELD_NUMBER)
        kw_bytes_format(out, "%.17g..%.17g", filter->numbers.least, filter->numbers.most);
    if (filter->uses & KW_FIELD_DATE) {
        render_date(out, filter->dates.first);
        kw_bytes_append_text(out, "--");
        render_date(out, filter->dates.last);
    }
    if (filter->uses & KW_FIELD_KEYWORD) {
        kw_bytes_append_byte(out, filter->wildcards ? '/' : '\'');
        kw_bytes_append_view(out, filter->keyword);
        kw_bytes_append_byte(out, filter->wildcards ? '/' : '\'');
    }
    kw_bytes_append_byte(out, ')');
}

static void render_leaf(struct kw_bytes *out, const struct kw_ast_node *node)
{
    bool odd = node->kind == KW_AST_WORD && looks_like_syntax(node->text);
    if (node->kind == KW_AST_EXACT || node->kind == KW_AST_PHRASE)
        kw_bytes_append_byte(out, node->kind == KW_AST_EXACT ? '=' : '"');
    kw_bytes_append_text(out, odd ? "<" : "");
    uint32_t wildcard = 0;
    for (size_t i = 0; i < node->text.size; i++) {
        bool wild = wildcard < node->wildcard_count && node->wildcards[wildcard] == i;
        kw_bytes_append_text(out, wild ? "[" : "");
        kw_bytes_append_byte(out, node->text.data[i]);
        kw_bytes_append_text(out, wild ? "]" : "");
        wildcard += wild;
    }
    assert_int_equal(wildcard, node->wildcard_count);
    assert_int_equal(wildcard > 0, node->kind == KW_AST_PATTERN);
    kw_bytes_append_text(out, odd ? ">" : "");
    if (node->kind == KW_AST_PHRASE)
        kw_bytes_append_byte(out, '"');
    if (node->number)
        kw_bytes_format(out, "~%u", node->number);
}

static void render(struct kw_bytes *out, const struct kw_ast_node *node);

static void render_children(struct kw_bytes *out, const struct kw_ast_node *node,
                            const char *brackets)
{
    kw_bytes_append_byte(out, (uint8_t)brackets[0]);
    for (uint32_t i = 0; i < node->child_count; i++) {
        if (i)
            kw_bytes_append_byte(out, ' ');
        render(out, node->children[i]);
    }
    kw_bytes_append_byte(out, (uint8_t)brackets[1]);
}

static void render(struct kw_bytes *out, const struct kw_ast_node *node)
{
    if (node->occur != KW_SHOULD)
        kw_bytes_append_byte(out, node->occur == KW_MUST ? '+' : '-');
    if (node->field.size) {
        kw_bytes_append_view(out, node->field);
        kw_bytes_append_byte(out, ':');
    }
    if (node->kind == KW_AST_GROUP) {
        render_children(out, node, node->juxtaposed ? "{}" : "[]");
    } else if (node->kind == KW_AST_NEAR) {
        kw_bytes_format(out, "%snear%u", node->ordered ? "o" : "", node->number);
        render_children(out, node, "()");
    } else if (node->kind == KW_AST_FILTER) {
        render_filter(out, node->filter);
    } else {
        render_leaf(out, node);
    }
    if (node->boost != 1)
        kw_bytes_format(out, "^%g", node->boost);
}

static const struct kw_parse_options lenient = {false, false};
static const struct kw_parse_options strict = {true, false};
static const struct kw_parse_options literal = {false, true};

static const struct {
    const char *name;
    unsigned uses;
} known[] = {
    {"title", KW_FIELD_WORDS},
    {"author", KW_FIELD_WORDS | KW_FIELD_KEYWORD},
    {"dc:title", KW_FIELD_WORDS},
    {"dc", KW_FIELD_WORDS},
    {"size", KW_FIELD_NUMBER},
    {"date", KW_FIELD_DATE},
    {"lang", KW_FIELD_KEYWORD},
    {"path", KW_FIELD_KEYWORD},
    {"mixed", KW_FIELD_NUMBER | KW_FIELD_KEYWORD},
    {"year", KW_FIELD_NUMBER | KW_FIELD_DATE},
    {"issue", KW_FIELD_WORDS | KW_FIELD_NUMBER},
};

enum { KNOWN = sizeof known / sizeof *known };

static void parse(struct kw_ast *ast, const char *query, const struct kw_parse_options *options)
{
    struct kw_query_field fields[KNOWN];
    struct kw_error error = KW_ERROR_INIT;
    for (size_t i = 0; i < KNOWN; i++)
        fields[i] = (struct kw_query_field){kw_view_of(known[i].name), known[i].uses};
    if (kw_parse(ast, kw_view_of(query), fields, KNOWN, options, NULL, &error) != KW_OK)
        fail_msg("%s: %s", query, error.message);
}

/* Holds the tree of `query` equal to `tree` (without the root's own + and braces). */
static void check_tree(const char *query, const char *tree, const struct kw_parse_options *options)
{
    struct kw_ast ast = KW_AST_INIT;
    struct kw_bytes out = KW_BYTES_INIT;
    parse(&ast, query, options);
    if (ast.root) {
        assert_int_equal(ast.root->occur, KW_MUST);
        render(&out, ast.root);
        out.size--;
    }
    kw_bytes_append_byte(&out, '\0');
    const char *got = (const char *)out.data + (ast.root ? 2 : 0);
    if (strcmp(got, tree) != 0)
        fail_msg("%s gives %s instead of %s", query, got, tree);
    kw_bytes_release(&out);
    kw_ast_release(&ast);
}

/* As check_tree, and the query parses without a note. */
static void check(const char *query, const char *tree)
{
    struct kw_ast ast = KW_AST_INIT;
    check_tree(query, tree, &lenient);
    parse(&ast, query, &lenient);
    if (ast.note)
        fail_msg("%s has the note %s", query, ast.note);
    kw_ast_release(&ast);
}

/* As check_tree, and the query has the note `note`. */
static void check_note(const char *query, const char *tree, const char *note)
{
    struct kw_ast ast = KW_AST_INIT;
    check_tree(query, tree, &lenient);
    parse(&ast, query, &lenient);
    assert_non_null(ast.note);
    assert_string_equal(ast.note, note);
    kw_ast_release(&ast);
}

static void words_stand_side_by_side(void **state)
{
    (void)state;
    check("border guards", "border guards");
    check("  border\t\nguards ", "border guards");
    check("border\u3000guards\u00a0here\u2028end", "border guards here end");
    check("heroin -iraq", "heroin -iraq");
    check("+heroin -iraq", "+heroin -iraq");
    check("\"border guards\" now", "\"border guards\" now");
    check("\u201cborder guards\u201d", "\"border guards\"");
    check("=guards", "=guards");
    check("+=guards -\"a b\" -(c d)", "+=guards -\"a b\" -{c d}");
}

static void nothing_is_an_empty_tree(void **state)
{
    (void)state;
    check("", "");
    check("  \n ", "");
    check("()", "");
    check("-( ) +()", "");
    check_note("(", "", "unclosed parenthesis ignored");
    check_note("\"", "", "unclosed quote ignored");
}

/* Every piece of these is a bare word, as it stands. */
static void punctuation_in_words_is_text(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "multi-agent", "a - b",    "C++",      "--",    "don't",     "20.04",  "@nasa",
        "AT&T",        "a=b",      "==",       "==a",   "a==b",      "=",      "= a",
        "=(",          "=.net",    "f(x)",     "f(x",   "f(g(x),y)", "5\"",    "a\"b\"",
        "+",           "-",        "- +",      "+-a",   "--long",    "++a",    "-+a",
        "http://x",    "Title:a",  "title:",   "c:\\x", "a^",        "~a",     "a-*",
        "a..b",        "x|y",      "a&&b",     "!a",    "a/b",       "/",      "<a>",
        "title :a",    "none:a",   ":a",       "::",    "Android",   "and or", "ANDROID",
        "NOTa",        "=\u201cx", "a\u201cb",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct kw_ast ast = KW_AST_INIT;
        const char *rest = texts[i];
        parse(&ast, texts[i], &lenient);
        assert_null(ast.note);
        for (uint32_t j = 0; j < ast.root->child_count; j++) {
            const struct kw_ast_node *word = ast.root->children[j];
            assert_true(word->kind == KW_AST_WORD && word->occur == KW_SHOULD && !word->field.size);
            assert_memory_equal(word->text.data, rest, word->text.size);
            rest += word->text.size;
            rest += *rest == ' ';
        }
        assert_int_equal(*rest, '\0');
        kw_ast_release(&ast);
    }
}

static void signs_count_only_before_something(void **state)
{
    (void)state;
    check("-a", "-a");
    check("(-a +b)", "{-a +b}");
    check("\"a\"-b", "\"a\" <-b>");
    check("-title:a +title:=b", "-title:a +title:=b");
    check("-5 -@nasa", "-5 -@nasa");
    check("(a -)", "{a <->}");
    check("\"a\"(-b)", "\"a\" {-b}");
}

static void operators_bind_by_precedence(void **state)
{
    (void)state;
    check("a AND b", "[+a +b]");
    check("a OR b", "[a b]");
    check("a b OR c d", "a [b c] d");
    check("a b AND c", "a [+b +c]");
    check("a OR b AND c OR d", "[a [+b +c] d]");
    check("a AND b AND c", "[+a +b +c]");
    check("NOT a AND b OR c", "[[-a +b] c]");
    check("a AND (b OR c) NOT d", "[+a +{[b c]}] -d");
    check("(a b) OR c", "[{a b} c]");
    check("NOT (a OR b)", "-{[a b]}");
    check("a AND(b)OR c", "[[+a +{b}] c]");
    check("NOT(a b) c", "-{a b} c");
}

static void not_excludes(void **state)
{
    (void)state;
    check("NOT a", "-a");
    check("a NOT b", "a -b");
    check("a AND NOT b", "[+a -b]");
    check("a OR NOT b", "[a [-b]]");
    check("NOT a OR NOT b", "[[-a] [-b]]");
    check("-(-a)", "-{-a}");
}

static void signs_within_operators_are_not_and_nothing(void **state)
{
    (void)state;
    check("+a AND b", "[+a +b]");
    check("-a AND +b", "[-a +b]");
    check("+a OR -b", "[a [-b]]");
    check("NOT -a", "-a");
    check("NOT +a b", "-a b");
    check("+(a OR b) c", "+{[a b]} c");
}

static void operators_with_a_prefix_are_words(void **state)
{
    (void)state;
    check("+AND", "+AND");
    check("a =OR b", "a =OR b");
    check("title:NOT a", "title:NOT a");
    check("\"AND\" a", "\"AND\" a");
}

static void lone_operators_are_words(void **state)
{
    (void)state;
    const char *binary = "'AND' without an operand on each side taken as a word";
    check_note("AND", "AND", binary);
    check_note("AND b", "AND b", binary);
    check_note("a AND", "a AND", binary);
    check_note("(a AND) b", "{a AND} b", binary);
    check_note("a OR (AND b)", "[a {AND b}]", binary);
    check_note("a NOT", "a NOT", "'NOT' without an operand behind it taken as a word");
    check_note("a AND AND b", "a AND AND b",
               "'AND' without an operand on each side taken as a word, and 1 more");
    check_note("a AND NOT", "a AND NOT",
               "'AND' without an operand on each side taken as a word, and 1 more");
    check_note("NOT NOT a", "NOT -a", "'NOT' without an operand behind it taken as a word");
    check_note("a OR AND b OR c", "a OR AND [b c]",
               "'OR' without an operand on each side taken as a word, and 1 more");
    check("() AND a", "[+a]");
    check("a OR ()", "[a]");
}

static void an_unclosed_quote_is_ignored(void **state)
{
    (void)state;
    check_note("\"border guards", "border guards", "unclosed quote ignored");
    check_note("+\"border guards -iraq", "+border guards -iraq", "unclosed quote ignored");
    check_note("a \"-b", "a <-b>", "unclosed quote ignored");
    check_note("title:\" b c", "title:b c", "unclosed quote ignored");
    check_note("\"a b\" \"c", "\"a b\" c", "unclosed quote ignored");
    check_note("x \u201cy", "x y", "unclosed quote ignored");
    check("\"\"", "\"\"");
}

static void an_unclosed_parenthesis_is_ignored(void **state)
{
    (void)state;
    const char *note = "unclosed parenthesis ignored";
    check_note("(a b", "a b", note);
    check_note("a AND (b OR c", "[[+a +b] c]", note);
    check_note("((a b) c", "{a b} c", note);
    check_note("-(a b", "-a b", note);
    check_note("+( (-a b)", "+{-a b}", note);
    check_note("-(+a b", "+a b", note);
    check_note("title:(a", "title:a", note);
    check_note("title:(author:a", "author:a", note);
    check_note("-(AND b", "-AND b", "unclosed parenthesis ignored, and 1 more");
    check_note("title:(NOT a", "-title:a", note);
    check_note("a -(", "a", note);
}

static void an_unmatched_closing_parenthesis_is_text(void **state)
{
    (void)state;
    check_note("a) b", "a) b", "unmatched ')' taken as text");
    check_note(") b", ") b", "unmatched ')' taken as text");
    check_note("-)", "<-)>", "unmatched ')' taken as text");
    check_note("(a)) b", "{a} ) b", "unmatched ')' taken as text");
    check_note("a )))", "a )))", "unmatched ')' taken as text, and 2 more");
    check("(f(x) g(y))", "{f(x) g(y)}");
    check("(a)b(c)", "{a} b(c)");
}

static void fields_go_before_words_phrases_and_groups(void **state)
{
    (void)state;
    check("title:corruption", "title:corruption");
    check("author:\"a b\"", "author:\"a b\"");
    check("title:=a", "title:=a");
    check("title:(a author:b)", "{title:a author:b}");
    check("title:author:a", "title:<author:a>");
    check("title:(a (b author:(c =d)))", "{title:a {title:b {author:c author:=d}}}");
    check("title:-a", "title:<-a>");
    check("dc:title:a dc:a", "dc:title:a dc:a");
    check("dc:a:b dc:title:", "dc:<a:b> dc:<title:>");
    check("title: a", "<title:> a");
    check("(title:)", "{<title:>}");
}

static void wildcards_count_beside_letters(void **state)
{
    (void)state;
    check("traffick*", "traffick[*]");
    check("kaza?hstan *stan", "kaza[?]hstan [*]stan");
    check("*a*b?c", "[*]a[*]b[?]c");
    check("a**?b", "a[*][*][?]b");
    check("\u00e9* *\u0431 \u5317*", "\u00e9[*] [*]\u0431 \u5317[*]");
    check("2?07", "2[?]07");
    check("e\u0301*", "e\u0301[*]");
    check("* ? ** a-* -* (*)", "* ? ** a-* -* {*}");
    check("what? what?? (what?) what?! what?\u2026", "what? what?? {what?} what?! what?\u2026");
    check("wha*? wha?* ?what", "wha[*]? wha[?][*] [?]what");
    check("http://x/a?b=c", "<http://x/a?b=c>");
    check("multi-ag*", "multi-ag[*]");
    check("+a* -b* title:c*", "+a[*] -b[*] title:c[*]");
    check("=a* \"b*\"", "=a* \"b*\"");
    check("a* AND b*", "[+a[*] +b[*]]");
}

static void edits_stand_behind_a_word(void **state)
{
    (void)state;
    check("nazarbaev~ a~1 b~2", "nazarbaev~1 a~1 b~2");
    check("+a~ title:b~2", "+a~1 title:b~2");
    check("~ ~a a~b =a~1", "<~> <~a> <a~b> =a~1");
    check("(a~)", "{a~1}");
    check_note("a~3 b", "<a~3> b", "edits other than 1 and 2 taken as text");
    check_note("a~12", "<a~12>", "edits other than 1 and 2 taken as text");
    check_note("20~0", "<20~0>", "edits other than 1 and 2 taken as text");
    check_note("a*~2", "a[*]", "edits of a word with wildcards ignored");
    check_note("a*~2^2", "a[*]^2", "edits of a word with wildcards ignored");
}

static void slop_stands_behind_a_phrase(void **state)
{
    (void)state;
    check("\"a b\"~3 c", "\"a b\"~3 c");
    check("(\"a b\"~0)", "{\"a b\"}");
    check("+title:\"a b\"~12", "+title:\"a b\"~12");
    check("\u201ca b\u201d~2", "\"a b\"~2");
    check("\"a b\"~3c", "\"a b\" <~3c>");
    check("\"a b\" ~3", "\"a b\" <~3>");
    check_note("\"a b\"~ c", "\"a b\" <~> c", "'~' without a number taken as text");
    check_note("\"a b\"~10001", "\"a b\"~10000", "distance over 10000 taken as 10000");
    check_note("\"a\"~99999999999999999999", "\"a\"~10000", "distance over 10000 taken as 10000");
    check("(a)~3", "{a} <~3>");
}

static void boosts_stand_behind_operands(void **state)
{
    (void)state;
    check("a^2 b^0.5 c^.25", "a^2 b^0.5 c^0.25");
    check("=a^3 title:b^1000 +c^0.001", "=a^3 title:b^1000 +c^0.001");
    check("(a b)^0.5 \"c d\"^2 \"c d\"~3^2.5", "{a b}^0.5 \"c d\"^2 \"c d\"~3^2.5");
    check("a~2^3 b*^4 c~^5", "a~2^3 b[*]^4 c~1^5");
    check("((a)^2)^3", "{{a}^2}^3");
    check("a^1", "a");
    check("a^2^3", "<a^2>^3");
    check("(a^2)", "{a^2}");
    check("^2 a^ a^b a^1. a^1.2.3 a^-1 a^2, (a)^x (a) ^2",
          "<^2> <a^> <a^b> <a^1.> <a^1.2.3> <a^-1> <a^2,> {a} <^x> {a} <^2>");
    check("f(x)^2 C++^2", "f(x)^2 C++^2");
    const char *note = "boost not from 0.001 to 1000 taken as text";
    check_note("a^0", "<a^0>", note);
    check_note("a^1001", "<a^1001>", note);
    check_note("a^0.0009", "<a^0.0009>", note);
    check_note("a^1.234567890123456", "<a^1.234567890123456>", note);
    check_note("(a)^0", "{a} <^0>", note);
    check_note("\"a\"^2000", "\"a\" <^2000>", note);
    check_note("\"a\"~3^2000", "\"a\" <~3^2000>", note);
}

static void near_joins_operands(void **state)
{
    (void)state;
    check("a NEAR b", "near10(a b)");
    check("a NEAR/3 b c", "near3(a b) c");
    check("x a ONEAR/8 b", "x onear8(a b)");
    check("a NEAR/3 b NEAR/3 c", "near3(a b c)");
    check("a NEAR/3 b NEAR/4 c", "near4(near3(a b) c)");
    check("a NEAR/3 b ONEAR/3 c", "onear3(near3(a b) c)");
    check("(a NEAR/3 b) NEAR/3 c", "near3({near3(a b)} c)");
    check("=a NEAR/3 \"b c\"~2 NEAR/3 d* NEAR/3 e~2", "near3(=a \"b c\"~2 d[*] e~2)");
    check("(a b) NEAR/3 (c OR d)", "near3({a b} {[c d]})");
    check("(a NEAR/2 b c)NEAR/5(d)", "near5({near2(a b) c} {d})");
    check("() NEAR/2 a", "near2(a)");
    check("() NEAR ()", "near10()");
    check("(a NEAR/3 b)^2", "{near3(a b)}^2");
    check("NEARLY a NEAR/x b NEAR/ c near d", "NEARLY a NEAR/x b NEAR/ c near d");
    check("=NEAR title:NEAR/2 +NEAR", "=NEAR title:NEAR/2 +NEAR");
    check_note("a NEAR/20000 b", "near10000(a b)", "distance over 10000 taken as 10000");
    check_note("a NEAR/20000 b NEAR/10000 c", "near10000(a b c)",
               "distance over 10000 taken as 10000");
}

static void near_binds_before_not(void **state)
{
    (void)state;
    check("NOT a NEAR b", "-near10(a b)");
    check("a AND b NEAR c OR d", "[[+a +near10(b c)] d]");
    check("-a NEAR/3 b", "-near3(a b)");
    check("+a NEAR/3 b NEAR/4 c", "+near4(near3(a b) c)");
    check("+(a b) NEAR/3 b", "+near3({a b} b)");
}

static void near_without_such_operands_is_a_word(void **state)
{
    (void)state;
    const char *lone = "'NEAR' without an operand on each side taken as a word";
    check_note("NEAR", "NEAR", lone);
    check_note("a NEAR", "a NEAR", lone);
    check_note("a NEAR AND b", "a NEAR AND b",
               "'NEAR' without an operand on each side taken as a word, and 1 more");
    check_note("a NEAR NOT b", "a NEAR -b", lone);
    const char *more = "'NEAR/3' beside what is more than words and phrases taken as a word";
    check_note("a NEAR/3 -b", "a NEAR/3 -b", more);
    check_note("a NEAR/3 (b AND c)", "a NEAR/3 {[+b +c]}", more);
    check_note("a NEAR/3 (b -c)", "a NEAR/3 {b -c}", more);
    check_note("(NOT b) NEAR/3 a", "{-b} NEAR/3 a", more);
    check_note("a NEAR/3 ((b (+c)))", "a NEAR/3 {{b {+c}}}", more);
    check_note("a NEAR/3 size:5", "a NEAR/3 size(5..5)", more);
    check_note("lang:(a NEAR/3 b)", "{lang('a') lang('NEAR/3') lang('b')}", more);
    check_note("a NEAR/3 (-b NEAR/4 c)", "a NEAR/3 {-near4(b c)}", more);
    check_note("a NEAR/3 b NEAR/3 -c NEAR/3 d", "near3(a b) NEAR/3 -near3(c d)", more);
    check_note("x AND a NEAR/3 -b", "[+x +a] NEAR/3 -b", more);
    const char *fields = "'NEAR/3' between different fields taken as a word";
    check_note("title:a NEAR/3 b", "title:a NEAR/3 b", fields);
    check_note("a NEAR/3 (b title:c)", "a NEAR/3 {b title:c}", fields);
    check_note("(a title:b) NEAR/3 a", "{a title:b} NEAR/3 a", fields);
    check_note("title:(a NEAR/3 author:b)", "{title:a title:NEAR/3 author:b}", fields);
    check("title:(a NEAR/3 b) title:a NEAR/3 title:b",
          "{near3(title:a title:b)} near3(title:a title:b)");
    check_note("a NEAR/0 b", "a NEAR/0 b", "'NEAR/0' without a distance taken as a word");
}

static void near_is_bounded(void **state)
{
    (void)state;
    check("a NEAR a NEAR a NEAR a NEAR a NEAR a NEAR a NEAR a NEAR a NEAR a",
          "near10(a a a a a a a a a a)");
    check_note("a NEAR a NEAR a NEAR a NEAR a NEAR a NEAR a NEAR a NEAR a NEAR a NEAR b NEAR c",
               "near10(a a a a a a a a a a) NEAR near10(b c)",
               "'NEAR' with more than 10 operands taken as a word");
    check("((((((((((a NEAR a) NEAR a) NEAR a) NEAR a) NEAR a) NEAR a) NEAR a) NEAR a) NEAR a) "
          "NEAR a)",
          "{near10({near10({near10({near10({near10({near10({near10({near10({near10({near10(a a)} "
          "a)} a)} a)} a)} a)} a)} a)} a)} a)}");
    check_note("a NEAR/1 b NEAR/2 c NEAR/1 b NEAR/2 c NEAR/1 b NEAR/2 c NEAR/1 b NEAR/2 c NEAR/1 b "
               "NEAR/2 c NEAR/1 d",
               "near2(near1(near2(near1(near2(near1(near2(near1(near2(near1(a b) c) b) c) b) c) b) "
               "c) b) c) NEAR/1 d",
               "'NEAR/1' nested too deep taken as a word");
}

static void boosts_within_near_are_ignored_with_a_note(void **state)
{
    (void)state;
    struct kw_ast ast = KW_AST_INIT;
    const char *note = "boost within NEAR ignored";
    check_note("a NEAR b^2", "near10(a b^2)", note);
    check_note("(a NEAR b^2)^3", "{near10(a b^2)}^3", note);
    check_note("(a b^2) NEAR c", "near10({a b^2} c)", note);
    parse(&ast, "(a^2 b)^3 NEAR c NEAR d^4 e^5", &lenient);
    assert_string_equal(ast.note, "boost within NEAR ignored, and 2 more");
    kw_ast_release(&ast);
}

static void columns_take_values_and_ranges(void **state)
{
    (void)state;
    check("size:5 size:>10k size:<=1.5M",
          "size(5..5) size(10000.000000000002..inf) size(-inf..1500000)");
    check("size:10..20 size:..-3 size:2Ki..", "size(10..20) size(-inf..-3) size(2048..inf)");
    check("size:=5 size:\"5\" -size:>=5", "size(5..5) size(5..5) -size(5..inf)");
    check("size:<0", "size(-inf..-4.9406564584124654e-324)");
    check("date:2007", "date(2007-01-01--2007-12-31T23:59:59.999999Z)");
    check("date:2006..2007-02", "date(2006-01-01--2007-02-28T23:59:59.999999Z)");
    check("date:>2006 date:<2006", "date(2007-01-01--) date(--2005-12-31T23:59:59.999999Z)");
    check("date:>=2006-05-01 date:<=2006",
          "date(2006-05-01--) date(--2006-12-31T23:59:59.999999Z)");
    check("date:\"2006-05-01 12:30\"", "date(2006-05-01T12:30:00Z--2006-05-01T12:30:59.999999Z)");
    check("lang:de path:2006/* path:a?b lang:=a*",
          "lang('de') path(/2006/*/) path(/a?b/) lang('a*')");
    check("path:\"a b*\" lang:\"\"", "path('a b*') lang('')");
    check("lang:(de OR fr) +lang:de", "{[lang('de') lang('fr')]} +lang('de')");
    check("lang:a~2 lang:b^3", "lang('a~2') lang('b^3')");
    check("mixed:5 mixed:x", "mixed(5..5'5') mixed('x')");
    check("year:2007", "year(2007..20072007-01-01--2007-12-31T23:59:59.999999Z)");
    check("issue:5 issue:>5 issue:a..b", "issue:5 issue(5.0000000000000009..inf) issue:a..b");
    check("author:a* author:>5", "author:a[*] author:>5");
    check("lang:(de title:x)", "{lang('de') title:x}");
    check("lang:f(x) (lang:de)", "lang('f(x)') {lang('de')}");
}

static void values_that_do_not_fit_are_text(void **state)
{
    (void)state;
    const char *size = "'size' with a value that does not fit ignored";
    check_note("size:abc", "abc", size);
    check_note("-size:5..x", "-5..x", size);
    check_note("size:..", "..", size);
    check_note("size:\"a b\"", "\"a b\"", size);
    check_note("title:(a size:(b* c))", "{title:a {b[*] c}}",
               "'size' with a value that does not fit ignored, and 1 more");
    check_note("date:2006-13", "2006-13", "'date' with a value that does not fit ignored");
    check_note("lang:\"a\"~3", "lang('a')", "'~' or '^' behind a value ignored");
}

static void patterns_are_limited(void **state)
{
    (void)state;
    struct kw_ast ast = KW_AST_INIT;
    struct kw_bytes text = KW_BYTES_INIT;
    for (int i = 0; i < KW_QUERY_PATTERNS - 1; i++)
        kw_bytes_append_text(&text, i % 2 ? "a~ " : "a* ");
    kw_bytes_append_text(&text, "a*b*c d~2 e~ f* g");
    kw_bytes_append_byte(&text, '\0');
    parse(&ast, (const char *)text.data, &lenient);
    assert_string_equal(ast.note, "more than 100 wildcards and edits taken as text, and 2 more");
    const struct kw_ast_node *const *last =
        (const struct kw_ast_node *const *)ast.root->children + ast.root->child_count - 5;
    assert_int_equal(last[0]->kind, KW_AST_WORD);
    assert_true(kw_view_equal(last[0]->text, kw_view_of("a*b*c")));
    assert_int_equal(last[1]->kind, KW_AST_FUZZY);
    assert_int_equal(last[2]->kind, KW_AST_WORD);
    assert_true(kw_view_equal(last[2]->text, kw_view_of("e~")));
    assert_int_equal(last[3]->kind, KW_AST_WORD);
    kw_ast_release(&ast);
    kw_bytes_release(&text);
}

static void literal_splits_at_white_space_only(void **state)
{
    (void)state;
    check_tree("+a -b \"c d\" AND (e title:f =g h* i~ j^2 NEAR k",
               "<+a> <-b> <\"c> d\" AND (e <title:f> <=g> h* <i~> <j^2> NEAR k", &literal);
    struct kw_ast ast = KW_AST_INIT;
    parse(&ast, "-a (b \"c", &literal);
    assert_null(ast.note);
    kw_ast_release(&ast);
}

static void clauses_and_places_are_counted_as_written(void **state)
{
    (void)state;
    struct kw_ast ast = KW_AST_INIT;
    parse(&ast, "a -\"b c\" AND -- (title:d) ()", &lenient);
    assert_int_equal(ast.clauses, 4);
    assert_int_equal(ast.root->child_count, 3);
    const struct kw_ast_node *both = ast.root->children[1];
    assert_int_equal(both->children[0]->clause, 1);
    assert_int_equal(both->children[0]->at, 2);
    assert_int_equal(both->children[1]->clause, 2);
    const struct kw_ast_node *group = ast.root->children[2];
    assert_int_equal(group->at, 16);
    assert_int_equal(group->children[0]->clause, 3);
    assert_int_equal(group->children[0]->at, 17);
    kw_ast_release(&ast);
    parse(&ast, "a +(b \"c\") NEAR/2 (d) NEAR/3 e f lang:de", &lenient);
    assert_int_equal(ast.clauses, 4);
    const struct kw_ast_node *near = ast.root->children[1];
    assert_int_equal(near->clause, 1);
    assert_int_equal(near->at, 2);
    assert_int_equal(near->children[0]->children[0]->children[1]->clause, 1);
    assert_int_equal(near->children[0]->children[0]->children[1]->at, 6);
    assert_int_equal(near->children[1]->clause, 1);
    assert_int_equal(ast.root->children[2]->clause, 2);
    assert_int_equal(ast.root->children[3]->clause, 3);
    kw_ast_release(&ast);
}

static void check_strict(const char *query, size_t place, const char *message)
{
    struct kw_ast ast = KW_AST_INIT;
    struct kw_error error = KW_ERROR_INIT;
    size_t at = SIZE_MAX;
    assert_int_equal(kw_parse(&ast, kw_view_of(query), NULL, 0, &strict, &at, &error), KW_E_SYNTAX);
    assert_int_equal(at, place);
    assert_string_equal(error.message, message);
    assert_null(ast.root);
    assert_null(ast.arena.blocks);
}

static void strict_names_the_first_place(void **state)
{
    (void)state;
    check_strict("a (b OR \"c", 2, "unclosed parenthesis");
    check_strict("a \"c (", 2, "unclosed quote");
    check_strict("a -(b", 3, "unclosed parenthesis");
    check_strict("a b) (", 3, "unmatched ')'");
    check_strict("a OR OR (", 2, "'OR' without an operand on each side");
    check_strict("a b~3", 3, "edits other than 1 and 2");
    check_strict("a \"b c\"~ d", 7, "'~' without a number");
    check_strict("a (b)^0", 5, "boost not from 0.001 to 1000");
    check_strict("b^2 c^5000", 5, "boost not from 0.001 to 1000");
    check_strict("a NEAR/3 -b", 2, "'NEAR/3' beside what is more than words and phrases");
    check_strict("a NEAR b^2", 7, "boost within NEAR");
    check_tree("a AND \"b\"", "[+a +\"b\"]", &strict);
}

static void invalid_bytes_are_repaired(void **state)
{
    (void)state;
    check("a\xff"
          "b \xe2\x80",
          "a\ufffdb \ufffd");
    check("\"a \xf0\x9f\" c", "\"a \ufffd\" c");
    check("\xe2\x80(a)", "\ufffd(a)");
}

static struct kw_bytes repeat(const char *unit, size_t size)
{
    struct kw_bytes text = KW_BYTES_INIT;
    while (text.size + strlen(unit) <= size)
        kw_bytes_append_text(&text, unit);
    return text;
}

static void parentheses_nest_a_hundred_deep(void **state)
{
    (void)state;
    struct kw_ast ast = KW_AST_INIT;
    struct kw_bytes text = repeat("(", KW_QUERY_DEPTH + 2);
    kw_bytes_append_text(&text, "a");
    for (int i = 0; i < KW_QUERY_DEPTH + 2; i++)
        kw_bytes_append_byte(&text, ')');
    assert_int_equal(kw_parse(&ast, kw_bytes_view(&text), NULL, 0, NULL, NULL, NULL), KW_OK);
    assert_string_equal(ast.note, "parentheses nested too deep ignored, and 1 more");
    int depth = 0;
    for (const struct kw_ast_node *node = ast.root->children[0]; node->kind == KW_AST_GROUP;
         node = node->children[0])
        depth++;
    assert_int_equal(depth, KW_QUERY_DEPTH);
    kw_ast_release(&ast);
    kw_bytes_release(&text);
}

static void a_query_over_a_mebibyte_is_refused(void **state)
{
    (void)state;
    struct kw_ast ast = KW_AST_INIT;
    struct kw_error error = KW_ERROR_INIT;
    struct kw_bytes text = repeat("a", 1024 * 1024 + 1);
    assert_int_equal(kw_parse(&ast, kw_bytes_view(&text), NULL, 0, NULL, NULL, &error), KW_E_USAGE);
    assert_string_equal(error.message, "query too long");
    text.size--;
    assert_int_equal(kw_parse(&ast, kw_bytes_view(&text), NULL, 0, NULL, NULL, &error), KW_OK);
    kw_ast_release(&ast);
    kw_bytes_release(&text);
}

static void a_mebibyte_parses_within_a_second(void **state)
{
    (void)state;
    static const char *const units[] = {"(",
                                        "a AND ",
                                        "a OR b ",
                                        "((a)",
                                        "\"",
                                        ")",
                                        "NOT ",
                                        "a:",
                                        "-(",
                                        "title:(",
                                        "f(",
                                        "\xe2\x80",
                                        "a*",
                                        "a* ",
                                        "*",
                                        "?",
                                        "a?",
                                        "a~",
                                        "a~ ",
                                        "~",
                                        "a^2",
                                        "a^2 ",
                                        "^",
                                        "a^0",
                                        "\"a\"^",
                                        "\"a\"~3^",
                                        "(a)^",
                                        "(a)^2 ",
                                        "\"a\"~3",
                                        "a NEAR ",
                                        "NEAR ",
                                        "(a NEAR/2 ",
                                        "a NEAR/1 b NEAR/2 ",
                                        "ONEAR/99999999999 a ",
                                        "a NEAR -b ",
                                        "(a^2 NEAR b) ",
                                        "(a) NEAR ",
                                        "n:1..2 ",
                                        "n:",
                                        "n:( ",
                                        "n:x ",
                                        "n:..",
                                        "k:*",
                                        "k:a ",
                                        "n:(1 k:2)",
                                        "://",
                                        "a://*",
                                        "\xc3",
                                        "a\xcc\x81*",
                                        "1",
                                        "n:1e",
                                        "-",
                                        "+-"};
    struct kw_query_field fields[] = {{kw_view_of("title"), KW_FIELD_WORDS},
                                      {kw_view_of("a"), KW_FIELD_WORDS},
                                      {kw_view_of("n"), KW_FIELD_NUMBER | KW_FIELD_DATE},
                                      {kw_view_of("k"), KW_FIELD_KEYWORD}};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        struct kw_ast ast = KW_AST_INIT;
        struct kw_bytes text = repeat(units[i], 1024 * 1024);
        clock_t begin = clock();
        assert_int_equal(kw_parse(&ast, kw_bytes_view(&text), fields, 4, NULL, NULL, NULL), KW_OK);
        double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
        if (seconds >= 1)
            fail_msg("1 MiB of %s takes %.2f s", units[i], seconds);
        kw_ast_release(&ast);
        kw_bytes_release(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_stand_side_by_side),
        cmocka_unit_test(nothing_is_an_empty_tree),
        cmocka_unit_test(punctuation_in_words_is_text),
        cmocka_unit_test(signs_count_only_before_something),
        cmocka_unit_test(operators_bind_by_precedence),
        cmocka_unit_test(not_excludes),
        cmocka_unit_test(signs_within_operators_are_not_and_nothing),
        cmocka_unit_test(operators_with_a_prefix_are_words),
        cmocka_unit_test(lone_operators_are_words),
        cmocka_unit_test(an_unclosed_quote_is_ignored),
        cmocka_unit_test(an_unclosed_parenthesis_is_ignored),
        cmocka_unit_test(an_unmatched_closing_parenthesis_is_text),
        cmocka_unit_test(fields_go_before_words_phrases_and_groups),
        cmocka_unit_test(wildcards_count_beside_letters),
        cmocka_unit_test(edits_stand_behind_a_word),
        cmocka_unit_test(slop_stands_behind_a_phrase),
        cmocka_unit_test(boosts_stand_behind_operands),
        cmocka_unit_test(near_joins_operands),
        cmocka_unit_test(near_binds_before_not),
        cmocka_unit_test(near_without_such_operands_is_a_word),
        cmocka_unit_test(near_is_bounded),
        cmocka_unit_test(boosts_within_near_are_ignored_with_a_note),
        cmocka_unit_test(columns_take_values_and_ranges),
        cmocka_unit_test(values_that_do_not_fit_are_text),
        cmocka_unit_test(patterns_are_limited),
        cmocka_unit_test(literal_splits_at_white_space_only),
        cmocka_unit_test(clauses_and_places_are_counted_as_written),
        cmocka_unit_test(strict_names_the_first_place),
        cmocka_unit_test(invalid_bytes_are_repaired),
        cmocka_unit_test(parentheses_nest_a_hundred_deep),
        cmocka_unit_test(a_query_over_a_mebibyte_is_refused),
        cmocka_unit_test(a_mebibyte_parses_within_a_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
