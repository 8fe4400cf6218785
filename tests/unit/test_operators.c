/* The parser's operators beside and between words: wildcards, edits, slop, boosts, NEAR, and what
 * columns take. */
#include "tests/unit/query_tree.h"

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
    const char *size = "'size' takes no such value and is ignored";
    check_note("size:abc", "abc", size);
    check_note("-size:5..x", "-5..x", size);
    check_note("size:..", "..", size);
    check_note("size:\"a b\"", "\"a b\"", size);
    check_note("title:(a size:(b* c))", "{title:a {b[*] c}}",
               "'size' takes no such value and is ignored, and 1 more");
    check_note("date:2006-13", "2006-13", "'date' takes no such value and is ignored");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
