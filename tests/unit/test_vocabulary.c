/* Tests of the interner. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stemmers/vocabulary.h"

#include <stdio.h>

static void equal_strings_have_one_number(void **state)
{
    struct kw_vocabulary vocabulary = KW_VOCABULARY_INIT;

    (void)state;
    assert_int_equal(kw_vocabulary_add(&vocabulary, kw_view_of("one")), 0);
    assert_int_equal(kw_vocabulary_add(&vocabulary, kw_view_of("two")), 1);
    assert_int_equal(kw_vocabulary_add(&vocabulary, kw_view_of("one")), 0);
    assert_int_equal(kw_vocabulary_add(&vocabulary, (struct kw_view){NULL, 0}), 2);
    assert_int_equal(kw_vocabulary_add(&vocabulary, (struct kw_view){NULL, 0}), 2);
    assert_int_equal(vocabulary.count, 3);
    kw_vocabulary_release(&vocabulary);
}

/* All pairs of strings that differ in one byte or in length, around the sizes that slots compare in
 * different ways. */
static void strings_that_differ_in_one_byte_are_told_apart(void **state)
{
    struct kw_vocabulary vocabulary = KW_VOCABULARY_INIT;
    uint8_t bytes[300] = {0};
    uint32_t expected = 0;

    (void)state;
    for (size_t size = 1; size < 300; size++) {
        assert_int_equal(kw_vocabulary_add(&vocabulary, (struct kw_view){bytes, size}), expected++);
        for (size_t i = 0; i < size; i++) {
            bytes[i] = 1;
            assert_int_equal(kw_vocabulary_add(&vocabulary, (struct kw_view){bytes, size}),
                             expected++);
            bytes[i] = 0;
        }
    }
    kw_vocabulary_release(&vocabulary);
}

static void views_stay_valid_while_it_grows(void **state)
{
    struct kw_vocabulary vocabulary = KW_VOCABULARY_INIT;
    struct kw_view first;
    char word[32];

    (void)state;
    kw_vocabulary_add(&vocabulary, kw_view_of("first"));
    first = kw_vocabulary_get(&vocabulary, 0);
    for (uint32_t i = 1; i < 300000; i++) {
        snprintf(word, sizeof word, "a word of number %u", i);
        assert_int_equal(kw_vocabulary_add(&vocabulary, kw_view_of(word)), i);
    }
    assert_ptr_equal(first.data, kw_vocabulary_get(&vocabulary, 0).data);
    assert_memory_equal(first.data, "first", 5);
    for (uint32_t i = 1; i < 300000; i++) {
        snprintf(word, sizeof word, "a word of number %u", i);
        assert_int_equal(kw_vocabulary_add(&vocabulary, kw_view_of(word)), i);
        assert_true(kw_view_equal(kw_vocabulary_get(&vocabulary, i), kw_view_of(word)));
    }
    kw_vocabulary_release(&vocabulary);
}

static void the_last_string_can_be_taken_back(void **state)
{
    struct kw_vocabulary vocabulary = KW_VOCABULARY_INIT;

    (void)state;
    kw_vocabulary_add(&vocabulary, kw_view_of("stays"));
    kw_vocabulary_add(&vocabulary, kw_view_of("goes"));
    kw_vocabulary_drop_last(&vocabulary);
    assert_int_equal(kw_vocabulary_add(&vocabulary, kw_view_of("other")), 1);
    assert_int_equal(kw_vocabulary_add(&vocabulary, kw_view_of("goes")), 2);
    assert_int_equal(kw_vocabulary_add(&vocabulary, kw_view_of("stays")), 0);
    kw_vocabulary_release(&vocabulary);
}

static void clearing_forgets_all(void **state)
{
    struct kw_vocabulary vocabulary = KW_VOCABULARY_INIT;

    (void)state;
    kw_vocabulary_clear(&vocabulary);
    kw_vocabulary_add(&vocabulary, kw_view_of("old"));
    kw_vocabulary_clear(&vocabulary);
    assert_int_equal(vocabulary.count, 0);
    assert_int_equal(kw_vocabulary_add(&vocabulary, kw_view_of("new")), 0);
    assert_int_equal(kw_vocabulary_add(&vocabulary, kw_view_of("old")), 1);
    kw_vocabulary_release(&vocabulary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_strings_have_one_number),
        cmocka_unit_test(strings_that_differ_in_one_byte_are_told_apart),
        cmocka_unit_test(views_stay_valid_while_it_grows),
        cmocka_unit_test(the_last_string_can_be_taken_back),
        cmocka_unit_test(clearing_forgets_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
