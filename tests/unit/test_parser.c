/* The parser: which characters of a query are syntax, what they make, and what becomes of the rest.
 */
#include "tests/unit/query_tree.h"

static const struct kw_parse_options strict = {true, false};
static const struct kw_parse_options literal = {false, true};

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
