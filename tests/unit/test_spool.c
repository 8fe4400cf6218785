/* Spools: what was appended comes out as it went in, from memory or from the file, whose name is
 * gone at once. */
#include "index/spool.h"

#include "tests/unit/index_scratch.h"

enum { NUMBERS = 3 << 20 };

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

/* Appends numbers, writes them as a section and reads them. */
static void try(const char *path, bool spills)
{
    struct kw_spool spool;
    struct kw_pages_writer writer;
    struct kw_pages pages;
    assert_int_equal(kw_spool_init(&spool, path, NULL), KW_OK);
    for (uint32_t i = 0; i < NUMBERS; i++) {
        kw_bytes_u32(&spool.bytes, i * 2654435761U);
        assert_int_equal(kw_spool_relieve(&spool, NULL), KW_OK);
        if (i % 100000 == 0)
            assert_int_equal(kw_spool_size(&spool), (uint64_t)(i + 1) * 4);
    }
    assert_int_equal(spool.spilled > 0, spills);
    assert_true(!spills || spool.bytes.capacity < 16 << 20);
    assert_false(scratch_has(&scratch, "spool"));
    assert_int_equal(kw_pages_writer_init(&writer, scratch_path(&scratch, "pages"), "test", NULL),
                     KW_OK);
    kw_pages_writer_section(&writer, "numbers");
    assert_int_equal(kw_spool_write(&spool, &writer, NULL), KW_OK);
    assert_int_equal(kw_pages_writer_finish(&writer, false, NULL), KW_OK);
    kw_pages_writer_release(&writer);
    kw_spool_release(&spool);
    assert_int_equal(kw_pages_init(&pages, scratch_path(&scratch, "pages"), "test", NULL), KW_OK);
    const struct kw_section *section = kw_pages_section(&pages, "numbers");
    assert_int_equal(section->size, (uint64_t)NUMBERS * 4);
    const uint8_t *data = kw_pages_view(&pages, section, 0, section->size);
    assert_non_null(data);
    for (uint32_t i = 0; i < NUMBERS; i++)
        if (kw_load32(data + (size_t)i * 4) != i * 2654435761U)
            fail_msg("number %u is another one", (unsigned)i);
    kw_pages_release(&pages);
}

static void bytes_come_out_of_memory(void **state)
{
    (void)state;
    try(NULL, false);
}

static void bytes_come_out_of_a_file_without_a_name(void **state)
{
    (void)state;
    char path[64];
    snprintf(path, sizeof path, "%s/spool", scratch.folder);
    try(path, true);
}

static void a_file_that_cannot_be_made_is_an_error(void **state)
{
    (void)state;
    struct kw_spool spool;
    struct kw_error error = KW_ERROR_INIT;
    assert_int_equal(kw_spool_init(&spool, "/nowhere/spool", NULL), KW_OK);
    enum kw_status status = KW_OK;
    for (uint32_t i = 0; i < NUMBERS && status == KW_OK; i++) {
        kw_bytes_u32(&spool.bytes, i);
        status = kw_spool_relieve(&spool, &error);
    }
    assert_int_equal(status, KW_E_IO);
    assert_non_null(strstr(error.message, "cannot create '/nowhere/spool'"));
    kw_spool_release(&spool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(bytes_come_out_of_memory, setup, teardown),
        cmocka_unit_test_setup_teardown(bytes_come_out_of_a_file_without_a_name, setup, teardown),
        cmocka_unit_test(a_file_that_cannot_be_made_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
