/* Files of sources: rows by path, roots in their order, ids that stay out. */
#include "index/sources.h"

#include "tests/unit/index_scratch.h"

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

/* Writes a file of sources and maps it. */
static void written(struct kw_sources *sources, const struct kw_source_file *files,
                    size_t file_count, const struct kw_view *roots, size_t root_count,
                    const struct kw_view *gone, size_t gone_count)
{
    assert_int_equal(kw_sources_write(scratch_path(&scratch, "sources"), files, file_count, roots,
                                      root_count, gone, gone_count, true, NULL),
                     KW_OK);
    assert_int_equal(kw_sources_init(sources, scratch.path, NULL), KW_OK);
}

static void files_come_back_sorted(void **state)
{
    const struct kw_source_file files[] = {
        {kw_view_of("b/2"), 5, -1, 7, 'f'},
        {kw_view_of("a"), UINT64_MAX, INT64_MIN, UINT64_MAX, 'r'},
        {kw_view_of("b-"), 0, INT64_MAX, 0, 0},
    };
    static const uint32_t order[] = {1, 2, 0};
    struct kw_source_file file;
    struct kw_sources sources;
    (void)state;
    written(&sources, files, 3, NULL, 0, NULL, 0);
    assert_int_equal(kw_sources_files(&sources), 3);
    for (uint32_t i = 0; i < 3; i++) {
        const struct kw_source_file *expected = &files[order[i]];
        assert_int_equal(kw_sources_file(&sources, i, &file, NULL), KW_OK);
        assert_true(kw_view_equal(file.path, expected->path));
        assert_int_equal(file.size, expected->size);
        assert_int_equal(file.mtime, expected->mtime);
        assert_int_equal(file.inode, expected->inode);
        assert_int_equal(file.kind, expected->kind);
    }
    kw_sources_release(&sources);
}

static void paths_are_found(void **state)
{
    enum { COUNT = 1000 };
    static char names[COUNT][16];
    struct kw_source_file files[COUNT];
    struct kw_source_file file;
    struct kw_sources sources;
    (void)state;
    for (uint32_t i = 0; i < COUNT; i++) {
        snprintf(names[i], sizeof names[i], "f/%u", i * 7 % COUNT);
        files[i] = (struct kw_source_file){kw_view_of(names[i]), i, 0, 0, 0};
    }
    written(&sources, files, COUNT, NULL, 0, NULL, 0);
    for (uint32_t i = 0; i < COUNT; i++) {
        assert_int_equal(kw_sources_find(&sources, kw_view_of(names[i]), &file, NULL), KW_OK);
        assert_int_equal(file.size, i);
    }
    assert_int_equal(kw_sources_find(&sources, kw_view_of("f/1000"), &file, NULL), KW_E_NOT_FOUND);
    assert_int_equal(kw_sources_find(&sources, kw_view_of(""), &file, NULL), KW_E_NOT_FOUND);
    kw_sources_release(&sources);
}

static void roots_keep_their_order(void **state)
{
    const struct kw_view roots[] = {kw_view_of("z"), kw_view_of(""), kw_view_of("a"),
                                    kw_view_of("z")};
    struct kw_view root;
    struct kw_sources sources;
    (void)state;
    written(&sources, NULL, 0, roots, 4, NULL, 0);
    assert_int_equal(kw_sources_roots(&sources), 4);
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(kw_sources_root(&sources, i, &root, NULL), KW_OK);
        assert_true(kw_view_equal(root, roots[i]));
    }
    kw_sources_release(&sources);
}

static void gone_ids_are_sorted_without_repeats(void **state)
{
    const struct kw_view gone[] = {kw_view_of("b"), kw_view_of("a"), kw_view_of("b")};
    struct kw_view id;
    struct kw_sources sources;
    (void)state;
    written(&sources, NULL, 0, NULL, 0, gone, 3);
    assert_int_equal(kw_sources_gone(&sources), 2);
    assert_int_equal(kw_sources_gone_id(&sources, 0, &id, NULL), KW_OK);
    assert_true(kw_view_equal(id, kw_view_of("a")));
    assert_int_equal(kw_sources_gone_id(&sources, 1, &id, NULL), KW_OK);
    assert_true(kw_view_equal(id, kw_view_of("b")));
    kw_sources_release(&sources);
}

static void what_is_no_file_of_sources_is_damage(void **state)
{
    struct kw_sources sources;
    struct kw_pages_writer writer;
    (void)state;
    assert_int_equal(kw_sources_init(&sources, scratch_path(&scratch, "none"), NULL), KW_E_DAMAGED);
    scratch_write(&scratch, "text", kw_view_of("text"));
    assert_int_equal(kw_sources_init(&sources, scratch.path, NULL), KW_E_DAMAGED);
    assert_int_equal(kw_pages_writer_init(&writer, scratch_path(&scratch, "part"), "srcs", NULL),
                     KW_OK);
    kw_pages_writer_section(&writer, "files");
    assert_int_equal(kw_pages_writer_finish(&writer, false, NULL), KW_OK);
    kw_pages_writer_release(&writer);
    assert_int_equal(kw_sources_init(&sources, scratch_path(&scratch, "part"), NULL), KW_E_DAMAGED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(files_come_back_sorted, setup, teardown),
        cmocka_unit_test_setup_teardown(paths_are_found, setup, teardown),
        cmocka_unit_test_setup_teardown(roots_keep_their_order, setup, teardown),
        cmocka_unit_test_setup_teardown(gone_ids_are_sorted_without_repeats, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_no_file_of_sources_is_damage, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
