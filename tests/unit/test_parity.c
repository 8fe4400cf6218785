/* Which plans Xapian has a query for. */
#include "query/parity.h"
#include "tests/unit/query_plan.h"

/* What is said of a query: NULL, or what is lacking. Static. */
static const char *ask(struct kw_analyzer *analyzer, const char *query, struct kw_minimum minimum)
{
    static const struct kw_query_field fields[] = {{{(const uint8_t *)"title", 5}, KW_FIELD_WORDS}};
    static const char before[] = "no counterpart in Xapian for ";
    static struct kw_error error;
    const struct kw_plan_options options = {.minimum = minimum};
    struct kw_plan plan;
    struct kw_ast ast = KW_AST_INIT;
    size_t at;
    error = (struct kw_error)KW_ERROR_INIT;
    assert_int_equal(kw_parse(&ast, kw_view_of(query), fields, 1, NULL, &at, NULL), KW_OK);
    assert_int_equal(kw_plan_init(&plan, &ast, analyzer, &options, NULL), KW_OK);
    enum kw_status status = kw_plan_parity(&plan, &error);
    assert_true(plan.parity == (status == KW_OK));
    kw_plan_release(&plan);
    kw_ast_release(&ast);
    if (status == KW_OK)
        return "";
    assert_int_equal(status, KW_E_USAGE);
    assert_memory_equal(error.message, before, sizeof before - 1);
    return error.message + sizeof before - 1;
}

static void what_xapian_can_ask_is_taken(void **state)
{
    static const char *const queries[] = {
        "a",
        "",
        "a b* \"c d e\" -f",
        "title:a +b^3 (c OR d) AND NOT e",
        "a NEAR/3 b",
        "=a ONEAR/20 c",
        "\"a a\"",
        "-a",
        "multi-agent +multi-agent",
    };
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
        assert_string_equal(ask(*state, queries[i], (struct kw_minimum){0, 0}), "");
}

static void what_it_cannot_is_named(void **state)
{
    static const struct {
        const char *query;
        const char *lack;
    } rows[] = {
        {"a border~1", "words with edits"},
        {"-border~2 a", "words with edits"},
        {"\"a b\"~2", "phrases with slop"},
        {"(a (b \"c d\"~1))", "phrases with slop"},
        {"a NEAR b NEAR c", "NEARs but of two words, each of one term"},
        {"a NEAR \"b c\"", "NEARs but of two words, each of one term"},
        {"a NEAR (b c)", "NEARs but of two words, each of one term"},
        {"a NEAR b*", "NEARs but of two words, each of one term"},
        {"+multi-ag*", "NEARs but of two words, each of one term"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(ask(*state, rows[i].query, (struct kw_minimum){0, 0}), rows[i].lack);
}

static void all_or_one_of_several_can_be_asked(void **state)
{
    static const char several[] = "a number of parts that must match";
    assert_string_equal(ask(*state, "a b c", (struct kw_minimum){1, 0}), "");
    assert_string_equal(ask(*state, "a b c", (struct kw_minimum){3, 0}), "");
    assert_string_equal(ask(*state, "a b c", (struct kw_minimum){9, 0}), "");
    assert_string_equal(ask(*state, "a b c", (struct kw_minimum){2, 0}), several);
    assert_string_equal(ask(*state, "a b c d", (struct kw_minimum){0, 50}), several);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_xapian_can_ask_is_taken, setup, teardown),
        cmocka_unit_test_setup_teardown(what_it_cannot_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(all_or_one_of_several_can_be_asked, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
