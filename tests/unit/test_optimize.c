/* kwic_writer_optimize: one segment of many, nothing where there is nothing to gain, the old index
 * after a stop, and readers that go on; a file of an older format is written anew. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/library_scratch.h"
#include "tests/unit/reseal.h"

/* Three runs of a document each, and one that is deleted. */
static void make_index(void)
{
    for (int i = 0; i < 4; i++) {
        char name[16], text[64];
        snprintf(name, sizeof name, "%d.txt", i);
        snprintf(text, sizeof text, "Guards of border %d slept.\n", i);
        scratch_write(name, text);
        scratch_run(name, NULL);
    }
    scratch_delete("2.txt");
}

static enum kwic_status optimize(uint32_t effort, const volatile int *stop,
                                 struct kwic_optimized *done)
{
    struct kwic_index_options options = {.no_sync = true, .stop = stop};
    struct kwic_writer *writer;
    assert_int_equal(kwic_writer_new_existing(&writer, ".kwic", &options, NULL), KWIC_OK);
    enum kwic_status status = kwic_writer_optimize(writer, effort, done, NULL);
    kwic_writer_free(writer);
    return status;
}

static void all_segments_become_one(void **state)
{
    (void)state;
    struct kwic_optimized done;
    make_index();
    assert_int_equal(optimize(0, NULL, &done), KWIC_OK);
    assert_true(done.changed);
    assert_int_equal(done.segments_before, 3);
    assert_int_equal(done.segments, 1);
    assert_in_range(done.bytes, 1, done.bytes_before);
    assert_int_equal(optimize(0, NULL, &done), KWIC_OK);
    assert_false(done.changed);
    assert_int_equal(optimize(3, NULL, NULL), KWIC_OK);
}

static void a_stop_leaves_the_index_as_it_was(void **state)
{
    (void)state;
    volatile int stop = 1;
    struct kwic_optimized done;
    make_index();
    assert_int_equal(optimize(0, &stop, &done), KWIC_E_INTERRUPTED);
    assert_int_equal(optimize(5, &stop, NULL), KWIC_E_INTERRUPTED);
    assert_int_equal(optimize(0, NULL, &done), KWIC_OK);
    assert_int_equal(done.segments_before, 3);
}

static void a_reader_goes_on(void **state)
{
    (void)state;
    make_index();
    struct kwic_index *index = scratch_open(".kwic");
    assert_int_equal(optimize(0, NULL, NULL), KWIC_OK);
    assert_string_equal(scratch_find_in(index, "guards"), "0.txt 1.txt 3.txt ");
    assert_string_equal(scratch_find("guards"), "0.txt 1.txt 3.txt ");
    kwic_index_free(index);
}

static void a_segment_of_an_older_format_is_written_anew(void **state)
{
    (void)state;
    static uint8_t file[1 << 20];
    struct kwic_optimized done;
    scratch_write("a.txt", "Guards of the border slept.\n");
    scratch_run("a.txt", NULL);
    FILE *stream = fopen(".kwic/segment-1", "r+");
    assert_non_null(stream);
    size_t size = fread(file, 1, sizeof file, stream);
    kw_store32(file + 8, 4);
    kw_store32(file + 12, 4);
    reseal(file, size);
    rewind(stream);
    assert_int_equal(fwrite(file, 1, size, stream), size);
    assert_int_equal(fclose(stream), 0);
    assert_int_equal(optimize(0, NULL, &done), KWIC_OK);
    assert_true(done.changed);
    assert_int_equal(optimize(0, NULL, &done), KWIC_OK);
    assert_false(done.changed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(all_segments_become_one, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(a_stop_leaves_the_index_as_it_was, scratch_set_up,
                                        scratch_tear_down),
        cmocka_unit_test_setup_teardown(a_reader_goes_on, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(a_segment_of_an_older_format_is_written_anew,
                                        scratch_set_up, scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
