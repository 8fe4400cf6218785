/* Which terms of which engines a plan's patterns get. */
#include "engine/expand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

/* An engine that has a few terms, and no index. */
struct toy_engine {
    struct kw_engine base;
    struct {
        const char *term;
        uint64_t documents;
    } terms[6];
    uint64_t looks; /* that it takes */
};

static enum kw_status toy_expand(struct kw_engine *engine, struct kw_view field,
                                 const struct kw_pattern *pattern, struct kw_found_terms *found,
                                 struct kw_error *error)
{
    struct toy_engine *toy = (struct toy_engine *)engine;
    assert_true(kw_view_equal(field, kw_view_of("author")));
    assert_int_equal(pattern->edits, 1);
    for (size_t i = 0; i < 6 && toy->terms[i].term; i++) {
        enum kw_status status = kw_found_terms_add(found, kw_view_of(toy->terms[i].term),
                                                   toy->terms[i].documents, error);
        if (status != KW_OK)
            return status;
    }
    found->looked_at += toy->looks;
    return KW_OK;
}

static const struct kw_engine_ops toy_ops = {.expand = toy_expand};

/* "b" is in both, "c" in parts of one, "z" only in deleted documents. */
static struct toy_engine first = {
    {&toy_ops, false}, {{"d", 3}, {"b", 2}, {"c", 1}, {"z", 0}, {"c", 1}}, 0};
static struct toy_engine second = {{&toy_ops, false}, {{"b", 3}, {"a", 2}, {"é", 9}}, 0};

/* Asserts which terms an expansion has with a limit, and how many fit. */
static void assert_expands(uint32_t limit, const char *expected, uint64_t fitting)
{
    struct kw_engine *engines[] = {&first.base, &second.base};
    struct kw_expansion expansion = {
        .field = kw_view_of("author"), .pattern = kw_view_of("b"), .edits = 1};
    struct kw_plan plan = {.arena = KW_ARENA_INIT, .expansions = &expansion, .expansion_count = 1};
    char found[100] = "";
    assert_int_equal(kw_expand_plan(&plan, engines, 2, limit, NULL), KW_OK);
    for (uint32_t i = 0; i < expansion.term_count; i++) {
        size_t size = strlen(found);
        snprintf(found + size, sizeof found - size, "%.*s ", (int)expansion.terms[i].bytes.size,
                 (const char *)expansion.terms[i].bytes.data);
    }
    assert_string_equal(found, expected);
    assert_int_equal(expansion.fitting, fitting);
    kw_arena_release(&plan.arena);
}

static void terms_of_all_engines_are_taken_by_bytes(void **state)
{
    (void)state;
    assert_expands(100, "a b c d é ", 5);
    assert_expands(5, "a b c d é ", 5);
}

static void the_most_frequent_are_taken_of_too_many(void **state)
{
    (void)state;
    assert_expands(3, "b d é ", 5);
    assert_expands(1, "é ", 5);
}

static void equally_frequent_ones_go_by_bytes(void **state)
{
    (void)state;
    assert_expands(4, "a b d é ", 5);
}

/* Expands so many patterns over one engine. */
static enum kw_status expand(struct toy_engine *toy, uint32_t patterns)
{
    struct kw_engine *engines[] = {&toy->base};
    struct kw_expansion expansions[6];
    struct kw_plan plan = {
        .arena = KW_ARENA_INIT, .expansions = expansions, .expansion_count = patterns};
    for (uint32_t i = 0; i < patterns; i++)
        expansions[i] = (struct kw_expansion){
            .field = kw_view_of("author"), .pattern = kw_view_of("b"), .edits = 1};
    enum kw_status status = kw_expand_plan(&plan, engines, 1, 10, NULL);
    kw_arena_release(&plan.arena);
    return status;
}

static void patterns_look_at_so_many_terms_or_three_times_those_of_one(void **state)
{
    struct toy_engine toy = {{&toy_ops, false}, {{"a", 1}}, KW_EXPAND_STEPS / 5 - 1};
    (void)state;
    assert_int_equal(expand(&toy, 5), KW_OK);
    assert_int_equal(expand(&toy, 6), KW_E_USAGE);
    toy.looks = KW_EXPAND_STEPS * UINT64_C(10);
    assert_int_equal(expand(&toy, 3), KW_OK);
    assert_int_equal(expand(&toy, 4), KW_E_USAGE);
}

static void documents_of_their_terms_count_as_looks(void **state)
{
    struct toy_engine toy = {{&toy_ops, false}, {{"a", KW_EXPAND_STEPS / 5 - 3}, {"b", 3}}, 0};
    (void)state;
    assert_int_equal(expand(&toy, 5), KW_OK);
    assert_int_equal(expand(&toy, 6), KW_E_USAGE);
    toy.terms[1].documents = KW_EXPAND_STEPS * UINT64_C(10);
    assert_int_equal(expand(&toy, 3), KW_OK);
    assert_int_equal(expand(&toy, 4), KW_E_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(terms_of_all_engines_are_taken_by_bytes),
        cmocka_unit_test(the_most_frequent_are_taken_of_too_many),
        cmocka_unit_test(equally_frequent_ones_go_by_bytes),
        cmocka_unit_test(patterns_look_at_so_many_terms_or_three_times_those_of_one),
        cmocka_unit_test(documents_of_their_terms_count_as_looks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
