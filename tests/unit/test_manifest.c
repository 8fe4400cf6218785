/* The manifest: a commit's names and settings come back; what is none is told as such. */
#include "index/manifest.h"

#include "tests/unit/index_scratch.h"
#include "tests/unit/reseal.h"

#include <sys/stat.h>

static struct scratch scratch;

static int setup(void **state)
{
    (void)state;
    scratch_init(&scratch);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    scratch_release(&scratch);
    return 0;
}

/* A manifest of two segments; its arrays are static. */
static struct kw_manifest sample(void)
{
    static struct kw_manifest_segment segments[] = {{1, 10, 0, 0}, {300, UINT32_MAX - 1, 7, 301}};
    static char base[] = "../..";
    static char names[][8] = {"author", "date", "year"};
    static struct kw_manifest_field fields[] = {{names[0], 6, KW_TYPE_TEXT, false},
                                                {names[1], 4, KW_TYPE_DATE, true},
                                                {names[2], 4, KW_TYPE_NUMBER, false}};
    return (struct kw_manifest){.commit = 5,
                                .next_number = 302,
                                .analysis = 1,
                                .language = "english",
                                .base = base,
                                .sources = 299,
                                .segments = segments,
                                .segment_count = 2,
                                .fields = fields,
                                .field_count = 3};
}

static void assert_same(const struct kw_manifest *a, const struct kw_manifest *b)
{
    assert_int_equal(a->commit, b->commit);
    assert_int_equal(a->next_number, b->next_number);
    assert_int_equal(a->analysis, b->analysis);
    assert_string_equal(a->language, b->language);
    assert_string_equal(a->base, b->base);
    assert_int_equal(a->sources, b->sources);
    assert_int_equal(a->segment_count, b->segment_count);
    for (uint32_t i = 0; i < a->segment_count; i++) {
        assert_int_equal(a->segments[i].number, b->segments[i].number);
        assert_int_equal(a->segments[i].documents, b->segments[i].documents);
        assert_int_equal(a->segments[i].deleted, b->segments[i].deleted);
        assert_int_equal(a->segments[i].deletes, b->segments[i].deletes);
    }
    assert_int_equal(a->field_count, b->field_count);
    for (uint32_t i = 0; i < a->field_count; i++) {
        assert_string_equal(a->fields[i].name, b->fields[i].name);
        assert_int_equal(a->fields[i].name_size, b->fields[i].name_size);
        assert_int_equal(a->fields[i].type, b->fields[i].type);
        assert_int_equal(a->fields[i].asked, b->fields[i].asked);
    }
}

static void a_manifest_comes_back(void **state)
{
    struct kw_manifest manifest = sample();
    struct kw_manifest back;
    (void)state;
    for (int sync = 0; sync < 2; sync++) {
        assert_int_equal(kw_manifest_write(&manifest, scratch.folder, sync, NULL), KW_OK);
        assert_int_equal(kw_manifest_init(&back, scratch.folder, NULL), KW_OK);
        assert_same(&back, &manifest);
        kw_manifest_release(&back);
    }
    assert_false(scratch_has(&scratch, "manifest.new"));
}

static void the_example_of_the_manual_is_written(void **state)
{
    static const uint8_t shown[] = {3,   7, 1, 7,   'e', 'n', 'g', 'l', 'i', 's',
                                    'h', 1, 2, '.', '.', 6,   1,   1,   2,   1,
                                    5,   1, 4, 'd', 'a', 't', 'e', 'd', 1};
    char base[] = "..";
    struct kw_manifest_segment segment = {1, 2, 1, 5};
    char name[] = "date";
    struct kw_manifest_field field = {name, 4, KW_TYPE_DATE, true};
    struct kw_manifest manifest = {3, 7,        1, "english", true, base,
                                   6, &segment, 1, &field,    1,    false};
    size_t size;
    (void)state;
    assert_int_equal(kw_manifest_write(&manifest, scratch.folder, false, NULL), KW_OK);
    struct kw_bytes file = scratch_read(&scratch, "manifest");
    const uint8_t *commit = reseal_section(file.data, "commit", &size);
    assert_int_equal(size, sizeof shown);
    assert_memory_equal(commit, shown, size);
    kw_bytes_release(&file);
}

static void a_copy_is_deep(void **state)
{
    struct kw_manifest manifest = sample();
    struct kw_manifest copy;
    (void)state;
    assert_int_equal(kw_manifest_copy(&copy, &manifest, NULL), KW_OK);
    assert_same(&copy, &manifest);
    assert_true(copy.base != manifest.base && copy.segments != manifest.segments);
    assert_true(copy.fields != manifest.fields && copy.fields[0].name != manifest.fields[0].name);
    kw_manifest_release(&copy);
    struct kw_manifest empty = KW_MANIFEST_INIT;
    assert_int_equal(kw_manifest_copy(&copy, &empty, NULL), KW_OK);
    assert_null(copy.base);
    assert_int_equal(copy.segment_count, 0);
    kw_manifest_release(&copy);
}

static void what_an_interrupted_writer_left_is_replaced(void **state)
{
    struct kw_manifest manifest = sample();
    struct kw_manifest back;
    (void)state;
    scratch_write(&scratch, "manifest.new", kw_view_of("half a mani"));
    assert_int_equal(kw_manifest_write(&manifest, scratch.folder, true, NULL), KW_OK);
    assert_int_equal(kw_manifest_init(&back, scratch.folder, NULL), KW_OK);
    kw_manifest_release(&back);
}

static void a_folder_without_one_is_no_index(void **state)
{
    struct kw_manifest manifest;
    struct kw_error error = KW_ERROR_INIT;
    (void)state;
    assert_int_equal(kw_manifest_init(&manifest, scratch.folder, &error), KW_E_NO_INDEX);
    assert_non_null(strstr(error.message, "is not a kwic index"));
    assert_int_equal(kw_manifest_init(&manifest, scratch_path(&scratch, "none"), &error),
                     KW_E_NO_INDEX);
    assert_non_null(strstr(error.message, "no index in '"));
    scratch_write(&scratch, "manifest", kw_view_of("somebody else's"));
    assert_int_equal(kw_manifest_init(&manifest, scratch.folder, &error), KW_E_NO_INDEX);
}

/* Opens the sample with byte `at` of its commit changed to `value`, checksums made right. */
static enum kw_status open_with(size_t at, uint8_t value)
{
    struct kw_manifest manifest = sample();
    size_t size;
    assert_int_equal(kw_manifest_write(&manifest, scratch.folder, false, NULL), KW_OK);
    struct kw_bytes file = scratch_read(&scratch, "manifest");
    uint8_t *commit = reseal_section(file.data, "commit", &size);
    assert_true(commit && at < size);
    commit[at] = value;
    reseal(file.data, file.size);
    scratch_write(&scratch, "manifest", kw_bytes_view(&file));
    kw_bytes_release(&file);
    enum kw_status status = kw_manifest_init(&manifest, scratch.folder, NULL);
    if (!status)
        kw_manifest_release(&manifest);
    return status;
}

static void a_commit_that_makes_no_sense_is_damage(void **state)
{
    (void)state;
    assert_int_equal(open_with(0, 6), KW_OK);
    assert_int_equal(open_with(4, 30), KW_E_DAMAGED);   /* the language's length */
    assert_int_equal(open_with(12, 4), KW_E_DAMAGED);   /* flags */
    assert_int_equal(open_with(13, 200), KW_E_DAMAGED); /* the base's */
    assert_int_equal(open_with(21, 100), KW_E_DAMAGED); /* the number of segments */
    assert_int_equal(open_with(24, 11), KW_E_DAMAGED);  /* more deleted than documents */
    assert_int_equal(open_with(36, 200), KW_E_DAMAGED); /* the number of fields */
    assert_int_equal(open_with(37, 100), KW_E_DAMAGED); /* a name's length */
    assert_int_equal(open_with(44, 'x'), KW_E_DAMAGED); /* a type */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_manifest_comes_back, setup, teardown),
        cmocka_unit_test_setup_teardown(the_example_of_the_manual_is_written, setup, teardown),
        cmocka_unit_test_setup_teardown(a_copy_is_deep, setup, teardown),
        cmocka_unit_test_setup_teardown(what_an_interrupted_writer_left_is_replaced, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_folder_without_one_is_no_index, setup, teardown),
        cmocka_unit_test_setup_teardown(a_commit_that_makes_no_sense_is_damage, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
