/* Paged files: what is written comes back, and no damaged byte is read as sound. */
#include "index/pages.h"

#include "tests/unit/index_scratch.h"
#include "tests/unit/reseal.h"

#include <sys/stat.h>

enum { LONG = 5 * KW_PAGE + 123 };

static struct scratch scratch;

/* A file with an empty section, a short one and one of several pages. */
static void write_sample(void)
{
    struct kw_pages_writer writer;
    uint8_t *bytes = malloc(LONG);
    assert_non_null(bytes);
    for (size_t i = 0; i < LONG; i++)
        bytes[i] = (uint8_t)(i * 7 + i / 256);
    assert_int_equal(kw_pages_writer_init(&writer, scratch_path(&scratch, "file"), "test", NULL),
                     KW_OK);
    kw_pages_writer_section(&writer, "none");
    kw_pages_writer_section(&writer, "short");
    kw_pages_writer_append(&writer, "hello, ", 7);
    kw_pages_writer_append(&writer, "page", 4);
    kw_pages_writer_parameter(&writer, UINT64_C(1) << 40);
    assert_int_equal(kw_pages_writer_size(&writer), 11);
    kw_pages_writer_section(&writer, "long");
    kw_pages_writer_append(&writer, bytes, LONG);
    assert_int_equal(kw_pages_writer_finish(&writer, true, NULL), KW_OK);
    kw_pages_writer_release(&writer);
    free(bytes);
}

static enum kw_status open_sample(struct kw_pages *pages, struct kw_error *error)
{
    return kw_pages_init(pages, scratch_path(&scratch, "file"), "test", error);
}

/* Reads everything of the file as `check` does; whether all of it held. */
static bool reads_whole(void)
{
    struct kw_pages pages;
    bool holds = open_sample(&pages, NULL) == KW_OK;
    if (!holds)
        return false;
    uint64_t all = pages.map.view.size / KW_PAGE;
    for (uint64_t page = 0; page < all && holds; page++)
        holds = page < pages.page_count ? kw_pages_verify(&pages, page * KW_PAGE, 1)
                                        : kw_pages_verify_table(&pages, page);
    assert_int_equal(kw_pages_status(&pages, NULL), holds ? KW_OK : KW_E_DAMAGED);
    kw_pages_release(&pages);
    return holds;
}

static int setup(void **state)
{
    (void)state;
    scratch_init(&scratch);
    write_sample();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    scratch_release(&scratch);
    return 0;
}

static void sections_come_back(void **state)
{
    struct kw_pages pages;
    (void)state;
    assert_int_equal(open_sample(&pages, NULL), KW_OK);
    assert_int_equal(pages.section_count, 3);
    assert_int_equal(kw_pages_section(&pages, "none")->size, 0);
    assert_null(kw_pages_section(&pages, "nothing"));
    const struct kw_section *section = kw_pages_section(&pages, "short");
    assert_int_equal(section->parameter, UINT64_C(1) << 40);
    assert_int_equal(section->offset % KW_SECTION_ALIGN, 0);
    assert_memory_equal(kw_pages_view(&pages, section, 0, 11), "hello, page", 11);
    section = kw_pages_section(&pages, "long");
    assert_int_equal(section->size, LONG);
    for (size_t i = 0; i < LONG; i++)
        assert_int_equal(*kw_pages_view(&pages, section, i, 1), (uint8_t)(i * 7 + i / 256));
    assert_int_equal(kw_pages_status(&pages, NULL), KW_OK);
    kw_pages_release(&pages);
}

static void views_outside_of_a_section_are_damage(void **state)
{
    struct kw_pages pages;
    struct kw_error error = KW_ERROR_INIT;
    (void)state;
    assert_int_equal(open_sample(&pages, NULL), KW_OK);
    const struct kw_section *section = kw_pages_section(&pages, "short");
    assert_non_null(kw_pages_view(&pages, section, 11, 0));
    assert_int_equal(kw_pages_status(&pages, NULL), KW_OK);
    assert_null(kw_pages_view(&pages, section, 11, 1));
    assert_null(kw_pages_view(&pages, section, 0, UINT64_MAX));
    assert_null(kw_pages_view(&pages, section, UINT64_MAX, 2));
    assert_int_equal(kw_pages_status(&pages, &error), KW_E_DAMAGED);
    assert_non_null(strstr(error.message, "outside of its section"));
    kw_pages_release(&pages);
}

static void every_changed_byte_is_found(void **state)
{
    struct kw_bytes file = scratch_read(&scratch, "file");
    (void)state;
    assert_true(reads_whole());
    for (size_t at = 0; at < file.size; at++) {
        uint8_t flip = (uint8_t)(1U << (at % 8));
        FILE *out = fopen(scratch_path(&scratch, "file"), "r+b");
        assert_non_null(out);
        assert_int_equal(fseek(out, (long)at, SEEK_SET), 0);
        fputc(file.data[at] ^ flip, out);
        assert_int_equal(fflush(out), 0);
        if (reads_whole())
            fail_msg("byte %zu can change unseen", at);
        assert_int_equal(fseek(out, (long)at, SEEK_SET), 0);
        fputc(file.data[at], out);
        fclose(out);
    }
    assert_true(reads_whole());
    kw_bytes_release(&file);
}

static void every_cut_is_found(void **state)
{
    struct kw_bytes file = scratch_read(&scratch, "file");
    (void)state;
    for (size_t size = 0; size < file.size; size += size % KW_PAGE ? 1 : KW_PAGE - 1) {
        struct kw_error error = KW_ERROR_INIT;
        struct kw_pages pages;
        scratch_write(&scratch, "file", (struct kw_view){file.data, size});
        enum kw_status status = open_sample(&pages, &error);
        assert_int_equal(status, KW_E_DAMAGED);
        assert_int_equal(error.status, status);
    }
    kw_bytes_release(&file);
}

/* Opens the sample with `value` put at `at` of its header, checksums made right. */
static enum kw_status open_with(size_t at, uint32_t value)
{
    struct kw_bytes file = scratch_read(&scratch, "file");
    struct kw_pages pages;
    kw_store32(file.data + at, value);
    reseal(file.data, file.size);
    scratch_write(&scratch, "file", kw_bytes_view(&file));
    kw_bytes_release(&file);
    enum kw_status status = open_sample(&pages, NULL);
    if (!status)
        kw_pages_release(&pages);
    return status;
}

static void versions_are_told_apart(void **state)
{
    (void)state;
    assert_int_equal(open_with(8, 7), KW_OK); /* newer, but readable by version 5 */
    assert_int_equal(open_with(12, 6), KW_E_VERSION);
    assert_int_equal(open_with(12, 5), KW_OK);
    assert_int_equal(open_with(12, 4), KW_OK);
    assert_int_equal(open_with(8, 3), KW_E_VERSION);
    assert_int_equal(open_with(8, 2), KW_E_VERSION);
    assert_int_equal(open_with(8, 4), KW_OK);
    assert_int_equal(open_with(16, 1), KW_E_VERSION); /* a feature we do not know */
}

static void headers_that_lie_are_damage(void **state)
{
    static const struct {
        size_t at;
        uint32_t value;
    } lies[] = {{24, KW_PAGE}, {32, 3}, {40, KW_SECTIONS + 1}, {48 + 16, INT32_MAX}, {60, 1 << 24}};
    (void)state;
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        assert_int_equal(open_with(lies[i].at, lies[i].value), KW_E_DAMAGED);
        assert_int_equal(unlink(scratch_path(&scratch, "file")), 0);
        write_sample();
    }
}

static void other_files_are_none_of_ours(void **state)
{
    struct kw_pages pages;
    (void)state;
    assert_int_equal(kw_pages_init(&pages, scratch_path(&scratch, "file"), "segm", NULL),
                     KW_E_NO_INDEX);
    scratch_write(&scratch, "file", kw_view_of("just text"));
    assert_int_equal(open_sample(&pages, NULL), KW_E_NO_INDEX);
    assert_int_equal(unlink(scratch_path(&scratch, "file")), 0);
    assert_int_equal(open_sample(&pages, NULL), KW_E_NOT_FOUND);
    assert_int_equal(mkdir(scratch_path(&scratch, "folder"), 0700), 0);
    assert_int_equal(kw_pages_init(&pages, scratch.path, "test", NULL), KW_E_IO);
    assert_int_equal(rmdir(scratch.path), 0);
}

static void second_table_is_used(void **state)
{
    struct kw_pages_writer writer;
    struct kw_pages pages;
    uint8_t page[KW_PAGE];
    (void)state;
    assert_int_equal(kw_pages_writer_init(&writer, scratch_path(&scratch, "big"), "test", NULL),
                     KW_OK);
    kw_pages_writer_section(&writer, "many");
    for (uint32_t i = 0; i < KW_PAGE_SUMS + 5; i++) {
        memset(page, (int)(i % 251), sizeof page);
        kw_pages_writer_append(&writer, page, sizeof page);
    }
    assert_int_equal(kw_pages_writer_finish(&writer, false, NULL), KW_OK);
    kw_pages_writer_release(&writer);
    assert_int_equal(kw_pages_init(&pages, scratch_path(&scratch, "big"), "test", NULL), KW_OK);
    assert_int_equal(pages.page_count, KW_PAGE_SUMS + 6);
    assert_int_equal(pages.map.view.size / KW_PAGE, pages.page_count + 2);
    const struct kw_section *many = kw_pages_section(&pages, "many");
    for (uint32_t i = 0; i < KW_PAGE_SUMS + 5; i++)
        assert_int_equal(*kw_pages_view(&pages, many, (uint64_t)i * KW_PAGE, 1), i % 251);
    assert_int_equal(kw_pages_status(&pages, NULL), KW_OK);
    kw_pages_release(&pages);
}

static void unfinished_files_are_removed(void **state)
{
    struct kw_pages_writer writer;
    struct kw_error error = KW_ERROR_INIT;
    (void)state;
    assert_int_equal(kw_pages_writer_init(&writer, scratch_path(&scratch, "part"), "test", NULL),
                     KW_OK);
    kw_pages_writer_section(&writer, "a name that is too long");
    assert_true(scratch_has(&scratch, "part"));
    assert_int_equal(kw_pages_writer_finish(&writer, false, &error), KW_E_USAGE);
    kw_pages_writer_release(&writer);
    assert_false(scratch_has(&scratch, "part"));
    assert_int_equal(kw_pages_writer_init(&writer, scratch_path(&scratch, "file"), "test", NULL),
                     KW_E_IO); /* it exists */
    assert_true(scratch_has(&scratch, "file"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sections_come_back, setup, teardown),
        cmocka_unit_test_setup_teardown(views_outside_of_a_section_are_damage, setup, teardown),
        cmocka_unit_test_setup_teardown(every_changed_byte_is_found, setup, teardown),
        cmocka_unit_test_setup_teardown(every_cut_is_found, setup, teardown),
        cmocka_unit_test_setup_teardown(versions_are_told_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(headers_that_lie_are_damage, setup, teardown),
        cmocka_unit_test_setup_teardown(other_files_are_none_of_ours, setup, teardown),
        cmocka_unit_test_setup_teardown(second_table_is_used, setup, teardown),
        cmocka_unit_test_setup_teardown(unfinished_files_are_removed, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
