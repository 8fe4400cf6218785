/* Tests of src/ingest/archive, src/ingest/unpack through sources, and src/ingest/member_name. The
 * environment variable KWIC_HELPERS names the folder that kwic-archive is in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ingest/archive.h"
#include "ingest/member_name.h"
#include "ingest/source.h"

#include "ingest_scratch.h"

#include <zlib.h>

#define VIEW(text) ((struct kw_view){(const uint8_t *)(text), sizeof(text) - 1})

/* ---- Without the helper ------------------------------------------------------------------- */

static void what_begins_as_an_archive_is_one(void **state)
{
    (void)state;
    static const struct kw_view yes[] = {
        VIEW("\x1f\x8b\x08\0"),    VIEW("BZh91AY&SY"),       VIEW("BZh9\x17\x72\x45\x38\x50\x90"),
        VIEW("\xfd\x37zXZ\0\0\4"), VIEW("\x28\xb5\x2f\xfd"), VIEW("PK\3\4"),
        VIEW("PK\5\6\0\0"),
    };
    static const struct kw_view no[] = {
        VIEW(""),
        VIEW("\x1f"),
        VIEW("BZhello, a text"),
        VIEW("PK"),
        VIEW("ustar"),
        VIEW("%PDF-"),
        VIEW("PK\3\4\n\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\b\0\0\0mimetype"),
    };
    uint8_t tar[512] = "name";
    memcpy(tar + 257, "ustar", 6);
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        assert_true(kw_archive_begins(yes[i]));
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        assert_false(kw_archive_begins(no[i]));
    assert_true(kw_archive_begins((struct kw_view){tar, sizeof tar}));
    assert_false(kw_archive_begins((struct kw_view){tar, 262}));
    memcpy(tar + 257, "ustar  ", 8); /* GNU's */
    assert_true(kw_archive_begins((struct kw_view){tar, sizeof tar}));
    memcpy(tar + 257, "ustar and", 9); /* a text with the word there */
    assert_false(kw_archive_begins((struct kw_view){tar, sizeof tar}));
    assert_int_equal(kw_archive_suffix("a.jsonl.XZ"), 3);
    assert_int_equal(kw_archive_suffix(".gz"), 0);
    assert_int_equal(kw_archive_suffix("a.zip"), 0);
}

static void expect_clean(const char *name, const char *clean)
{
    struct kw_bytes out = KW_BYTES_INIT;
    const char *why = kw_member_clean(name, &out);
    if (clean) {
        assert_null(why);
        assert_int_equal(out.size, strlen(clean));
        assert_memory_equal(out.data, clean, out.size);
    } else {
        assert_non_null(why);
    }
    kw_bytes_release(&out);
}

static void names_stay_below_their_archive(void **state)
{
    (void)state;
    char most[KW_MEMBER_PATH + 2];
    expect_clean("a/b.txt", "a/b.txt");
    expect_clean("./a//./b/", "a/b");
    expect_clean("/etc/passwd", "etc/passwd");
    expect_clean("..a/...", "..a/...");
    expect_clean("../a", NULL);
    expect_clean("a/..", NULL);
    expect_clean("a/../../b", NULL);
    expect_clean("", NULL);
    expect_clean("./", NULL);
    memset(most, 'x', sizeof most);
    most[KW_MEMBER_PATH + 1] = '\0';
    expect_clean(most, NULL);
    expect_clean(most + 1, most + 1);
}

/* ---- With it ------------------------------------------------------------------------------ */

struct run {
    struct scratch scratch;
    struct kw_bytes tar;
    unsigned warnings;
};

static int set_up(void **state)
{
    const char *helpers = getenv("KWIC_HELPERS");
    char *program = helpers ? kw_path_join(helpers, "kwic-archive") : NULL;
    bool there = program && access(program, X_OK) == 0;
    free(program);
    if (!there) {
        print_message("SKIPPED: there is no kwic-archive in KWIC_HELPERS\n");
        exit(77);
    }
    struct run *run = calloc(1, sizeof *run);
    assert_non_null(run);
    scratch_make(&run->scratch);
    *state = run;
    return 0;
}

static int tear_down(void **state)
{
    struct run *run = *state;
    scratch_remove(&run->scratch);
    kw_bytes_release(&run->tar);
    free(run);
    return 0;
}

/* Adds a member to the tar archive. */
static void add(struct run *run, const char *name, struct kw_view data)
{
    char head[512] = {0};
    unsigned sum = 0;
    snprintf(head, 100, "%s", name);
    snprintf(head + 100, 8, "%07o", 0644);
    snprintf(head + 124, 12, "%011o", (unsigned)data.size);
    snprintf(head + 136, 12, "%011o", 1000000000U);
    memset(head + 148, ' ', 8);
    head[156] = '0';
    memcpy(head + 257, "ustar", 6);
    memcpy(head + 263, "00", 2);
    for (size_t i = 0; i < sizeof head; i++)
        sum += (unsigned char)head[i];
    snprintf(head + 148, 8, "%06o", sum);
    kw_bytes_append(&run->tar, head, sizeof head);
    kw_bytes_append_view(&run->tar, data);
    kw_bytes_align(&run->tar, 512);
}

static void end(struct run *run)
{
    static const char zeros[1024];
    kw_bytes_append(&run->tar, zeros, sizeof zeros);
}

/* Compresses the tar archive in place. */
static void compress_it(struct run *run)
{
    z_stream z = {.next_in = run->tar.data, .avail_in = (uInt)run->tar.size};
    struct kw_bytes out = KW_BYTES_INIT;
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t room = deflateBound(&z, run->tar.size);
    z.next_out = kw_bytes_reserve(&out, room);
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    out.size = room - z.avail_out;
    deflateEnd(&z);
    kw_bytes_release(&run->tar);
    run->tar = out;
}

static void count_warning(void *context, const char *message)
{
    (void)message;
    ((struct run *)context)->warnings++;
}

/* Reads the archive and compares what it gives: "id=text ", ids from behind "a/", as far as it
 * goes. Returns how it ended. */
static enum kw_status expect_documents(struct run *run, const char *expected, uint64_t not_text)
{
    struct kw_source_options options = {
        .archives = true, .helpers = getenv("KWIC_HELPERS"), .warn = count_warning, .context = run};
    struct kw_source *source;
    struct kw_document document;
    struct kw_error error = KW_ERROR_INIT;
    struct kw_bytes found = KW_BYTES_INIT;
    char *path = scratch_write(&run->scratch, "a", run->tar.data, run->tar.size);
    enum kw_status status = kw_source_new(&source, path, "a", &options, &error);
    assert_int_equal(status, KW_OK);
    assert_true(kw_source_is_archive(source));
    while ((status = kw_source_next(source, &document, &error)) == KW_OK) {
        assert_true(kw_view_equal(document.path, document.id) || document.line);
        kw_bytes_append(&found, document.id.data + 2, document.id.size - 2);
        kw_bytes_append_byte(&found, '=');
        kw_bytes_append_view(&found, document.text);
        kw_bytes_append_byte(&found, ' ');
        if (!document.line) {
            assert_int_equal(document.file->modified, 1000000000);
            assert_int_equal(document.file->size, document.text.size);
        }
    }
    kw_bytes_append_byte(&found, '\0');
    assert_string_equal((const char *)found.data, expected);
    assert_int_equal(kw_source_not_text(source), not_text);
    assert_true(status != KW_END || kw_source_next(source, &document, &error) == KW_END);
    kw_source_free(source);
    kw_bytes_release(&found);
    free(path);
    return status;
}

static void members_become_documents(void **state)
{
    struct run *run = *state;
    add(run, "b.txt", VIEW("bee"));
    add(run, "r.jsonl", VIEW("{\"id\":\"a/r\",\"text\":\"arr\"}\n\n{\"text\":\"ess\"}"));
    add(run, "picture", VIEW("\x89PNG\0\0\0\0"));
    add(run, "d/./c.md", VIEW("# Sea"));
    end(run);
    assert_int_equal(expect_documents(run, "b.txt=bee r=arr r.jsonl:3=ess d/c.md=# Sea ", 1),
                     KW_END);
    compress_it(run);
    assert_int_equal(expect_documents(run, "b.txt=bee r=arr r.jsonl:3=ess d/c.md=# Sea ", 1),
                     KW_END);
    assert_int_equal(run->warnings, 0);
}

static void large_members_come_whole(void **state)
{
    struct run *run = *state;
    size_t size = 3 * KW_FRAME_BYTES + 77;
    char *text = malloc(size);
    char *expected = malloc(size + 16);
    assert_non_null(text);
    assert_non_null(expected);
    for (size_t i = 0; i < size; i++)
        text[i] = (char)('a' + i * i % 23);
    sprintf(expected, "t=%.*s ", (int)size, text);
    add(run, "noise", (struct kw_view){(const uint8_t *)"\0\0\0\0", 4});
    add(run, "t", (struct kw_view){(const uint8_t *)text, size});
    end(run);
    assert_int_equal(expect_documents(run, expected, 1), KW_END);
    free(expected);
    free(text);
}

/* Whatever is left of an archive that is cut, only whole documents come out of it. */
static void a_cut_archive_gives_whole_documents(void **state)
{
    struct run *run = *state;
    add(run, "b", VIEW("bee"));
    add(run, "r.jsonl",
        VIEW("{\"id\":\"a/r\",\"text\":\"arr\"}\n{\"id\":\"a/s\",\"text\":\"ess\"}\n"));
    end(run);
    size_t whole = run->tar.size;
    static const struct {
        size_t size;
        const char *expected;
    } cuts[] = {{514, ""},
                {512 + 300, ""},
                {1024 + 100, "b=bee "},
                {1536 + 10, "b=bee "},
                {1536 + 60, "b=bee "}};
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        run->tar.size = cuts[i].size;
        assert_int_equal(expect_documents(run, cuts[i].expected, 0), KW_E_INPUT);
    }
    run->tar.size = whole;
    compress_it(run);
    size_t packed = run->tar.size;
    for (size_t size = packed - 1; size > packed - 12; size--) {
        run->tar.size = size;
        struct kw_source_options options = {.archives = true, .helpers = getenv("KWIC_HELPERS")};
        struct kw_source *source;
        struct kw_document document;
        enum kw_status status;
        char *path = scratch_write(&run->scratch, "a", run->tar.data, run->tar.size);
        assert_int_equal(kw_source_new(&source, path, "a", &options, NULL), KW_OK);
        while ((status = kw_source_next(source, &document, NULL)) == KW_OK)
            assert_int_equal(document.text.size, 3);
        assert_int_equal(status, KW_E_INPUT);
        kw_source_free(source);
        free(path);
    }
}

/* No byte of an archive, changed, makes anything worse than a failure or other documents. */
static void any_byte_may_be_wrong(void **state)
{
    struct run *run = *state;
    add(run, "b", VIEW("bee"));
    add(run, "c", VIEW("sea"));
    compress_it(run);
    for (size_t at = 3; at < run->tar.size; at += 3) {
        struct kw_source_options options = {.archives = true, .helpers = getenv("KWIC_HELPERS")};
        struct kw_source *source;
        struct kw_document document;
        enum kw_status status;
        run->tar.data[at] ^= 0x10;
        char *path = scratch_write(&run->scratch, "a", run->tar.data, run->tar.size);
        assert_int_equal(kw_source_new(&source, path, "a", &options, NULL), KW_OK);
        do
            status = kw_source_next(source, &document, NULL);
        while (status == KW_OK);
        assert_true(status == KW_END || status == KW_E_INPUT);
        kw_source_free(source);
        free(path);
        run->tar.data[at] ^= 0x10;
    }
}

static void archives_are_no_text_unless_they_are_opened(void **state)
{
    struct run *run = *state;
    struct kw_source *source;
    struct kw_error error = KW_ERROR_INIT;
    add(run, "b", VIEW("bee"));
    char *path = scratch_write(&run->scratch, "a", run->tar.data, run->tar.size);
    assert_int_equal(kw_source_new(&source, path, "a", NULL, &error), KW_E_INPUT);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_begins_as_an_archive_is_one),
        cmocka_unit_test(names_stay_below_their_archive),
        cmocka_unit_test_setup_teardown(members_become_documents, set_up, tear_down),
        cmocka_unit_test_setup_teardown(large_members_come_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_cut_archive_gives_whole_documents, set_up, tear_down),
        cmocka_unit_test_setup_teardown(any_byte_may_be_wrong, set_up, tear_down),
        cmocka_unit_test_setup_teardown(archives_are_no_text_unless_they_are_opened, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
