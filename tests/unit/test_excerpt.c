/* Excerpts: ranking over what an excerpt was given of a segment must be ranking over the segment.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "index/columns.h"
#include "index/excerpt.h"
#include "index/postings.h"

#include <stdio.h>
#include <stdlib.h>

static struct kw_excerpt_term term(const char *field, const char *language, const char *bytes)
{
    return (struct kw_excerpt_term){kw_view_of(field), kw_view_of(language), kw_view_of(bytes)};
}

/* Looks a term up. */
static enum kw_status find(struct kw_segment *segment, const struct kw_excerpt_term *asked,
                           struct kw_term *found)
{
    struct kw_bytes key = KW_BYTES_INIT;
    if (asked->language.size)
        kw_key_stem(&key, asked->field, asked->language, asked->bytes);
    else
        kw_key_surface(&key, asked->field, asked->bytes);
    enum kw_status status = kw_segment_find_term(segment, kw_bytes_view(&key), found, NULL);
    kw_bytes_release(&key);
    return status;
}

/* Writes "document:position,position; …" of all postings of a term. */
static const char *list(struct kw_segment *segment, const struct kw_excerpt_term *asked,
                        char out[200])
{
    struct kw_term found;
    struct kw_postings postings;
    size_t at = 0;
    out[0] = 0;
    if (find(segment, asked, &found) == KW_E_NOT_FOUND)
        return "absent";
    if (found.form_count) /* a stem's positions are those of its form */
        assert_int_equal(kw_term_forms(segment, &found, &found, NULL), KW_OK);
    kw_postings_init(&postings, segment, &found);
    while (kw_postings_next(&postings) != KW_NO_DOCUMENT) {
        const uint32_t *positions;
        assert_int_equal(kw_postings_positions(&postings, &positions, NULL), KW_OK);
        at += (size_t)snprintf(out + at, 200 - at, "%u:", (unsigned)postings.document);
        for (uint32_t i = 0; i < kw_postings_frequency(&postings); i++)
            at += (size_t)snprintf(out + at, 200 - at, i ? ",%u" : "%u", (unsigned)positions[i]);
        at += (size_t)snprintf(out + at, 200 - at, ";");
    }
    kw_postings_release(&postings);
    assert_int_equal(kw_segment_status(segment, NULL), KW_OK);
    return out;
}

static uint32_t length(struct kw_segment *segment, const char *field, uint32_t document)
{
    struct kw_field_info info;
    int64_t number = kw_segment_find_field(segment, kw_view_of(field));
    if (number < 0)
        return UINT32_MAX;
    assert_int_equal(kw_segment_field(segment, (uint32_t)number, &info, NULL), KW_OK);
    return kw_segment_length(segment, &info, document);
}

static void post(struct kw_excerpt *excerpt, uint32_t number, uint32_t count, uint32_t first,
                 uint32_t step)
{
    uint32_t positions[300];
    assert_true(count <= 300);
    for (uint32_t i = 0; i < count; i++)
        positions[i] = first + i * step;
    assert_int_equal(kw_excerpt_posting(excerpt, number, positions, count, NULL), KW_OK);
}

static void an_excerpt_holds_what_it_was_given(void **state)
{
    (void)state;
    const struct kw_excerpt_term terms[] = {
        term("", "", "apple"),       term("", "english", "appl"),
        term("title", "", "apple"),  term("title", "english", "appl"),
        term("", "german", "apfel"), term("", "", "nowhere"),
    };
    struct kw_excerpt *excerpt;
    struct kw_segment *segment;
    char out[200];
    assert_int_equal(kw_excerpt_new(&excerpt, terms, 6, NULL), KW_OK);
    kw_excerpt_begin(excerpt, true);
    post(excerpt, 1, 3, 0, 7);
    post(excerpt, 0, 2, 0, 14);
    post(excerpt, 2, 1, 0, 1);
    post(excerpt, 3, 1, 0, 1);
    assert_int_equal(kw_excerpt_length(excerpt, kw_view_of(""), 20, NULL), KW_OK);
    assert_int_equal(kw_excerpt_length(excerpt, kw_view_of("title"), 3, NULL), KW_OK);
    assert_int_equal(kw_excerpt_length(excerpt, kw_view_of("author"), 2, NULL), KW_OK);
    assert_int_equal(kw_excerpt_end(excerpt, NULL), KW_OK);
    kw_excerpt_begin(excerpt, false); /* a document with nothing in it */
    assert_int_equal(kw_excerpt_end(excerpt, NULL), KW_OK);
    kw_excerpt_begin(excerpt, false);
    post(excerpt, 4, 2, 5, 1);
    assert_int_equal(kw_excerpt_posting(excerpt, 0, NULL, 4, NULL), KW_OK);
    assert_int_equal(kw_excerpt_length(excerpt, kw_view_of(""), 300, NULL), KW_OK);
    assert_int_equal(kw_excerpt_end(excerpt, NULL), KW_OK);
    assert_int_equal(kw_excerpt_segment(excerpt, &segment, NULL), KW_OK);
    kw_excerpt_free(excerpt);
    assert_int_equal(segment->documents, 3);
    assert_string_equal(list(segment, &terms[0], out), "0:0,14;2:0,1,2,3;");
    assert_string_equal(list(segment, &terms[1], out), "0:0,7,14;");
    assert_string_equal(list(segment, &terms[2], out), "0:0;");
    assert_string_equal(list(segment, &terms[3], out), "0:0;");
    assert_string_equal(list(segment, &terms[4], out), "2:5,6;");
    assert_string_equal(list(segment, &terms[5], out), "absent");
    assert_int_equal(length(segment, "", 0), 20);
    assert_int_equal(length(segment, "", 1), 0);
    assert_int_equal(length(segment, "", 2), 300);
    assert_int_equal(length(segment, "title", 0), 3);
    assert_int_equal(length(segment, "author", 0), 2);
    assert_int_equal(length(segment, "title", 2), 0);
    assert_int_equal(length(segment, "absent", 0), UINT32_MAX);
    struct kw_record record;
    assert_int_equal(kw_segment_record(segment, 0, &record, NULL), KW_OK);
    assert_true(record.title_searched);
    assert_int_equal(kw_segment_record(segment, 2, &record, NULL), KW_OK);
    assert_false(record.title_searched);
    kw_segment_free(segment);
}

static void long_lists_are_kept_too(void **state)
{
    (void)state;
    const struct kw_excerpt_term terms[] = {term("", "", "often"), term("", "english", "often")};
    struct kw_excerpt *excerpt;
    struct kw_segment *segment;
    struct kw_term found;
    assert_int_equal(kw_excerpt_new(&excerpt, terms, 2, NULL), KW_OK);
    for (uint32_t i = 0; i < 1000; i++) {
        kw_excerpt_begin(excerpt, false);
        post(excerpt, 0, i % 300 + 1, i, 3);
        post(excerpt, 1, i % 300 + 1, i, 3);
        assert_int_equal(kw_excerpt_end(excerpt, NULL), KW_OK);
    }
    assert_int_equal(kw_excerpt_segment(excerpt, &segment, NULL), KW_OK);
    kw_excerpt_free(excerpt);
    for (int i = 0; i < 2; i++) {
        struct kw_postings postings;
        assert_int_equal(find(segment, &terms[i], &found), KW_OK);
        assert_int_equal(found.documents, 1000);
        kw_postings_init(&postings, segment, &found);
        for (uint32_t d = 0; d < 1000; d++) {
            assert_int_equal(kw_postings_next(&postings), d);
            assert_int_equal(kw_postings_frequency(&postings), d % 300 + 1);
        }
        kw_postings_release(&postings);
    }
    kw_segment_free(segment);
}

static void values_become_columns(void **state)
{
    (void)state;
    struct kw_excerpt *excerpt;
    struct kw_segment *segment;
    struct kw_column column;
    struct kw_values values;
    assert_int_equal(kw_excerpt_new(&excerpt, NULL, 0, NULL), KW_OK);
    kw_excerpt_begin(excerpt, false);
    assert_int_equal(kw_excerpt_keyword(excerpt, kw_view_of("tag"), kw_view_of("red"), NULL),
                     KW_OK);
    assert_int_equal(
        kw_excerpt_key(excerpt, kw_view_of("size"), KW_TYPE_NUMBER, kw_number_key(2.5), NULL),
        KW_OK);
    assert_int_equal(kw_excerpt_end(excerpt, NULL), KW_OK);
    assert_int_equal(kw_excerpt_segment(excerpt, &segment, NULL), KW_OK);
    kw_excerpt_free(excerpt);
    assert_int_equal(kw_segment_find_column(segment, kw_view_of("size"), &column, NULL), KW_OK);
    kw_values_init(&values, segment, &column);
    assert_int_equal(kw_values_advance(&values, 0), 0);
    assert_true(kw_number_of_key(kw_column_key(&column, kw_values_code(&values, 0))) == 2.5);
    assert_int_equal(kw_segment_find_column(segment, kw_view_of("tag"), &column, NULL), KW_OK);
    assert_int_equal(column.distinct, 1);
    kw_segment_free(segment);
}

static void what_no_segment_can_hold_is_refused(void **state)
{
    (void)state;
    const struct kw_excerpt_term terms[] = {term("", "english", "a"), term("", "german", "a"),
                                            term("", "", "a")};
    const uint32_t falling[] = {3, 3};
    struct kw_excerpt *excerpt;
    struct kw_error error = KW_ERROR_INIT;
    assert_int_equal(kw_excerpt_new(&excerpt, terms, 3, NULL), KW_OK);
    kw_excerpt_begin(excerpt, false);
    post(excerpt, 0, 1, 0, 1);
    assert_int_equal(kw_excerpt_posting(excerpt, 1, NULL, 1, &error), KW_E_DAMAGED);
    assert_string_equal(error.message, "a document has stems of two languages");
    assert_int_equal(kw_excerpt_posting(excerpt, 2, falling, 2, &error), KW_E_DAMAGED);
    assert_string_equal(error.message, "a term has positions that do not rise");
    assert_int_equal(
        kw_excerpt_length(excerpt, (struct kw_view){(const uint8_t *)"a\0b", 3}, 1, NULL),
        KW_E_USAGE);
    kw_excerpt_free(excerpt);
    kw_excerpt_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_excerpt_holds_what_it_was_given),
        cmocka_unit_test(long_lists_are_kept_too),
        cmocka_unit_test(values_become_columns),
        cmocka_unit_test(what_no_segment_can_hold_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
