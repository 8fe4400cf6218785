/* Deleted documents: which they are, and what they take off the totals. */
#include "index/deletes.h"

#include "tests/unit/index_builder.h"

static struct scratch scratch;

/* A segment of `count` documents of 1, 2, 3, … words; every third has a title of two words. */
static struct kw_segment *sample(uint32_t count)
{
    struct index_builder builder;
    char text[400] = "";
    builder_init(&builder, scratch_path(&scratch, "segment"), NULL);
    for (uint32_t i = 0; i < count; i++) {
        char id[16];
        snprintf(id, sizeof id, "%05u", i);
        strcat(text, i ? " w" : "w");
        builder_add(&builder, id, i % 3 ? "" : "two words", text);
        if (i % 100 == 99)
            text[0] = 0;
    }
    builder_finish(&builder, 1);
    return builder_segment(scratch.path);
}

static int setup(void **state)
{
    scratch_init(&scratch);
    *state = sample(50);
    return 0;
}

static int teardown(void **state)
{
    kw_segment_free(*state);
    scratch_release(&scratch);
    return 0;
}

static void remove_documents(struct kw_segment *segment, const uint32_t *documents, uint32_t count)
{
    assert_int_equal(
        kw_deletes_write(scratch_path(&scratch, "deletes"), segment, documents, count, false, NULL),
        KW_OK);
    assert_int_equal(kw_segment_attach_deletes(segment, scratch.path, NULL), KW_OK);
}

static void without_deletes_all_documents_live(void **state)
{
    struct kw_segment *segment = *state;
    assert_int_equal(kw_segment_live(segment), 50);
    for (uint32_t i = 0; i < 50; i++)
        assert_false(kw_segment_deleted(segment, i));
}

static void deleted_documents_are_told(void **state)
{
    static const uint32_t documents[] = {0, 1, 7, 30, 31, 49};
    struct kw_segment *segment = *state;
    uint32_t next = 0;
    remove_documents(segment, documents, 6);
    assert_int_equal(kw_segment_live(segment), 44);
    for (uint32_t i = 0; i < 50; i++) {
        bool deleted = next < 6 && documents[next] == i;
        next += deleted;
        assert_int_equal(kw_segment_deleted(segment, i), deleted);
    }
    assert_int_equal(kw_segment_status(segment, NULL), KW_OK);
}

static void totals_lose_what_was_deleted(void **state)
{
    static const uint32_t documents[] = {2, 3, 9};
    struct kw_segment *segment = *state;
    uint64_t count;
    uint64_t length;
    uint32_t title = (uint32_t)kw_segment_find_field(segment, kw_view_of("title"));
    assert_int_equal(kw_segment_field_live(segment, 0, &count, &length, NULL), KW_OK);
    assert_int_equal(count, 50);
    assert_int_equal(length, 50 * 51 / 2 + 17 * 2);
    remove_documents(segment, documents, 3);
    assert_int_equal(kw_segment_field_live(segment, 0, &count, &length, NULL), KW_OK);
    assert_int_equal(count, 47);
    assert_int_equal(length, 50 * 51 / 2 + 17 * 2 - 3 - 4 - 10 - 4);
    assert_int_equal(kw_segment_field_live(segment, title, &count, &length, NULL), KW_OK);
    assert_int_equal(count, 15);
    assert_int_equal(length, 30);
}

static void all_documents_can_be_deleted(void **state)
{
    struct kw_segment *segment = *state;
    uint32_t documents[50];
    uint64_t count;
    uint64_t length;
    for (uint32_t i = 0; i < 50; i++)
        documents[i] = i;
    remove_documents(segment, documents, 50);
    assert_int_equal(kw_segment_live(segment), 0);
    assert_int_equal(kw_segment_field_live(segment, 0, &count, &length, NULL), KW_OK);
    assert_int_equal(count + length, 0);
}

static void many_deletes_are_found_by_search(void **state)
{
    struct kw_segment *segment;
    uint32_t documents[2000];
    (void)state;
    assert_int_equal(unlink(scratch_path(&scratch, "segment")), 0);
    segment = sample(3000);
    for (uint32_t i = 0; i < 2000; i++)
        documents[i] = i + i / 2;
    remove_documents(segment, documents, 2000);
    for (uint32_t i = 0; i < 3000; i++)
        assert_int_equal(kw_segment_deleted(segment, i), i % 3 < 2);
    kw_segment_free(segment);
}

static void deletes_of_another_segment_are_damage(void **state)
{
    static const uint32_t documents[] = {0, 1, 2, 3, 4};
    struct kw_segment *segment = *state;
    assert_int_equal(
        kw_deletes_write(scratch_path(&scratch, "deletes"), segment, documents, 5, false, NULL),
        KW_OK);
    assert_int_equal(unlink(scratch_path(&scratch, "segment")), 0);
    struct kw_segment *small = sample(4);
    assert_int_equal(kw_segment_attach_deletes(small, scratch_path(&scratch, "deletes"), NULL),
                     KW_E_DAMAGED);
    assert_null(small->deletes);
    assert_int_equal(kw_segment_attach_deletes(small, scratch_path(&scratch, "none"), NULL),
                     KW_E_DAMAGED);
    assert_int_equal(kw_segment_attach_deletes(small, scratch_path(&scratch, "segment"), NULL),
                     KW_E_DAMAGED);
    kw_segment_free(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(without_deletes_all_documents_live, setup, teardown),
        cmocka_unit_test_setup_teardown(deleted_documents_are_told, setup, teardown),
        cmocka_unit_test_setup_teardown(totals_lose_what_was_deleted, setup, teardown),
        cmocka_unit_test_setup_teardown(all_documents_can_be_deleted, setup, teardown),
        cmocka_unit_test_setup_teardown(many_deletes_are_found_by_search, setup, teardown),
        cmocka_unit_test_setup_teardown(deletes_of_another_segment_are_damage, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
