/* The word code: any text comes back, passage by passage; damage is told; the smaller codec wins.
 */
#include "index/check_segment.h"
#include "index/format.h"
#include "index/merge.h"
#include "index/word_writer.h"
#include "tests/unit/index_builder.h"
#include "tests/unit/reseal.h"

enum { PASSAGES = 3000, SOME_WORDS = 4000 };

/* Passages as they went in. */
struct passages {
    struct kw_bytes text;
    struct {
        struct kw_extent *items;
        size_t capacity;
    } extents;
    size_t count;
};

static struct scratch scratch;

static void end_passage(struct passages *passages, size_t begin)
{
    assert_true(kw_grow(&passages->extents, passages->count + 1));
    assert_true(passages->text.size > begin && !passages->text.failed);
    passages->extents.items[passages->count++] =
        (struct kw_extent){0, (uint32_t)(passages->text.size - begin), 0};
}

static void add_passage(struct passages *passages, const void *text, size_t size)
{
    size_t begin = passages->text.size;
    kw_bytes_append(&passages->text, text, size);
    end_passage(passages, begin);
}

static void passages_release(struct passages *passages)
{
    kw_bytes_release(&passages->text);
    free(passages->extents.items);
}

/* Words of a long-tailed vocabulary in two alphabets, with what stands between words. */
static void add_prose(struct passages *passages, uint64_t *seed, size_t count)
{
    static const char *const between[] = {" ",  " ",  " ",   " ",  " ", ", ",
                                          ". ", "\n", " – ", " (", ") "};
    for (size_t i = 0; i < count; i++) {
        size_t begin = passages->text.size;
        for (uint32_t left = 1 + scratch_below(seed, 200); left; left--) {
            uint32_t word = scratch_below(seed, SOME_WORDS);
            word = (uint32_t)((uint64_t)word * word / SOME_WORDS);
            word = scratch_below(seed, 3) ? word : word / 64;
            kw_bytes_format(&passages->text, word % 5 ? "%s%x" : "Wörter%s%u",
                            word % 3 ? "w" : "слово", word * 2654435761u);
            kw_bytes_append_text(&passages->text, between[scratch_below(seed, 11)]);
        }
        end_passage(passages, begin);
    }
}

/* What is no prose. */
static void add_rest(struct passages *passages, uint64_t *seed)
{
    static const char *const texts[] = {
        " ",
        "  ",
        "a",
        "\n",
        "a  b",
        " a b ",
        "a\xff",
        "\xc3",
        "\xe0",
        "\xe0\xb8",
        "\xf0\x9f",
        "it’s “so”…",
        "中文没有空格",
        "ภาษาไทยไม่มีช่องว่าง",
        "한국어 낱말 사이",
        "日本語のテキスト です",
        "हिन्दी के शब्द",
        "🙂🙂 👍🏽 x",
        "Tiếng Việt có dấu",
        "«ça» c’est d’été",
        "မြန်မာ ခမែរ",
        "a 中 b 文 c",
        "\x80\x80 \x80",
    };
    uint8_t bytes[5000];
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        add_passage(passages, texts[i], strlen(texts[i]));
    for (size_t size = 1; size < sizeof bytes; size = size * 3 / 2 + 1) {
        memset(bytes, 'x', size); /* one word */
        add_passage(passages, bytes, size);
        memset(bytes, '-', size); /* none */
        add_passage(passages, bytes, size);
        memset(bytes, 0, size);
        add_passage(passages, bytes, size);
        memset(bytes, ' ', size);
        add_passage(passages, bytes, size);
        memset(bytes, 0xe9, size);
        add_passage(passages, bytes, size);
        for (size_t i = 0; i < size; i++)
            bytes[i] = (uint8_t)scratch_below(seed, 256);
        add_passage(passages, bytes, size);
        for (size_t i = 0; i < size; i++)
            bytes[i] = (uint8_t) "ab \xc3\xa9\xe4\xb8\xad."[scratch_below(seed, 9)];
        add_passage(passages, bytes, size);
    }
}

/* Words over the bytes of a piece, again and again, so that phrases hold the joints within them. */
static void add_long_words(struct passages *passages)
{
    static const char *const parts[] = {"x", "ab", "0123456789"};
    for (size_t i = 0; i < 600; i++) {
        size_t begin = passages->text.size;
        for (size_t j = 0; j < 20; j++) {
            const char *part = parts[(i + j) % 3];
            for (size_t left = j % 5 ? 63 : 64 + i % 3; left; left--)
                kw_bytes_append_byte(&passages->text, (uint8_t)part[left % strlen(part)]);
            kw_bytes_append_text(&passages->text, j % 4 ? "ba " : "-");
        }
        end_passage(passages, begin);
    }
}

/* Adds passages [from, to), which begin at `at` of the text, as a document; returns where they end.
 */
static size_t add_document(struct index_builder *builder, const char *id,
                           const struct passages *passages, size_t from, size_t to, size_t at)
{
    const struct kw_entry entry = {.id = kw_view_of(id)};
    builder_begin(builder, &entry);
    assert_int_equal(kw_inverter_text(builder->inverter, passages->extents.items + from, to - from,
                                      passages->text.data + at, NULL),
                     KW_OK);
    builder_end(builder);
    for (size_t i = from; i < to; i++)
        at += passages->extents.items[i].bytes;
    return at;
}

static void begin_segment(struct index_builder *builder, const char *name, uint32_t codec)
{
    unlink(scratch_path(&scratch, name));
    builder_init(builder, scratch_path(&scratch, name), NULL);
    kw_inverter_codec(builder->inverter, codec);
}

static struct kw_segment *write_segment(const struct passages *passages, uint32_t codec)
{
    struct index_builder builder;
    begin_segment(&builder, "segment", codec);
    add_document(&builder, "one", passages, 0, passages->count, 0);
    builder_finish(&builder, 1);
    return builder_segment(scratch_path(&scratch, "segment"));
}

static void assert_all_come_back(struct kw_segment *segment, const struct passages *passages)
{
    struct kw_bytes out = KW_BYTES_INIT;
    size_t at = 0;
    assert_int_equal(kw_segment_text(segment, 0, passages->count, &out, NULL), KW_OK);
    assert_int_equal(out.size, passages->text.size);
    assert_memory_equal(out.data, passages->text.data, out.size);
    for (size_t i = 0; i < passages->count; i++) {
        uint32_t size = passages->extents.items[i].bytes;
        kw_bytes_clear(&out);
        assert_int_equal(kw_segment_text(segment, i, 1, &out, NULL), KW_OK);
        assert_int_equal(out.size, size);
        assert_memory_equal(out.data, passages->text.data + at, size);
        at += size;
    }
    kw_bytes_release(&out);
}

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

/* ---- Codes -------------------------------------------------------------------------------- */

static void codes_of_ranks_come_back(void **state)
{
    static const struct kw_word_code codes[] = {{0, 0},   {256, 0}, {0, 256},  {255, 1},
                                                {255, 0}, {0, 255}, {96, 156}, {1, 1}};
    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        uint32_t all = kw_word_code_all(codes[i]);
        for (uint32_t rank = 0; rank < all; rank += rank < 70000 ? 1 : 997) {
            uint8_t bytes[KW_CODE_BYTES + 1] = {0};
            const uint8_t *at = bytes;
            uint8_t *end = kw_word_code_put(codes[i], bytes, rank);
            assert_int_equal(end - bytes, kw_word_code_size(codes[i], rank));
            assert_int_equal(kw_word_code_take(codes[i], &at), rank);
            assert_ptr_equal(at, end);
        }
    }
}

/* ---- Text --------------------------------------------------------------------------------- */

static void any_text_comes_back(void **state)
{
    struct passages passages = {.count = 0};
    uint64_t seed = 5;
    (void)state;
    add_prose(&passages, &seed, PASSAGES);
    add_rest(&passages, &seed);
    add_long_words(&passages);
    add_prose(&passages, &seed, 5);
    struct kw_segment *segment = write_segment(&passages, KW_TEXT_WORDS);
    assert_non_null(segment->words);
    assert_all_come_back(segment, &passages);
    kw_segment_free(segment);
    segment = write_segment(&passages, KW_TEXT_ZLIB);
    assert_null(segment->words);
    assert_all_come_back(segment, &passages);
    kw_segment_free(segment);
    passages_release(&passages);
}

static void the_same_text_gives_the_same_bytes(void **state)
{
    struct passages passages = {.count = 0};
    uint64_t seed = 6;
    (void)state;
    add_prose(&passages, &seed, PASSAGES);
    kw_segment_free(write_segment(&passages, KW_TEXT_WORDS));
    struct kw_bytes first = scratch_read(&scratch, "segment");
    kw_segment_free(write_segment(&passages, KW_TEXT_WORDS));
    struct kw_bytes second = scratch_read(&scratch, "segment");
    assert_true(kw_view_equal(kw_bytes_view(&first), kw_bytes_view(&second)));
    kw_bytes_release(&first);
    kw_bytes_release(&second);
    passages_release(&passages);
}

static void what_zlib_makes_smaller_is_left_to_it(void **state)
{
    struct passages passages = {.count = 0};
    uint64_t seed = 7;
    (void)state;
    add_prose(&passages, &seed, 3); /* few words */
    struct kw_segment *segment = write_segment(&passages, KW_TEXT_WORDS);
    assert_null(segment->words);
    assert_all_come_back(segment, &passages);
    kw_segment_free(segment);
    for (size_t i = 0; i < 500; i++) { /* words that do not repeat */
        char line[80];
        for (size_t j = 0; j < sizeof line; j++)
            line[j] = (char)('A' + scratch_below(&seed, 26));
        add_passage(&passages, line, sizeof line);
    }
    segment = write_segment(&passages, KW_TEXT_WORDS);
    assert_null(segment->words);
    assert_all_come_back(segment, &passages);
    kw_segment_free(segment);
    passages_release(&passages);
}

static void without_text_there_is_none(void **state)
{
    struct passages passages = {.count = 0};
    struct kw_bytes out = KW_BYTES_INIT;
    (void)state;
    struct kw_segment *segment = write_segment(&passages, KW_TEXT_WORDS);
    assert_int_equal(kw_segment_text(segment, 0, 0, &out, NULL), KW_OK);
    assert_int_equal(kw_segment_text(segment, 0, 1, &out, NULL), KW_E_NOT_FOUND);
    kw_segment_free(segment);
}

/* Symbols are numbered up to a bound; what comes then is spelled. */
static void words_without_end_come_back(void **state)
{
    struct kw_symbols symbols;
    struct kw_symbol_reader reader = {.at = 0};
    struct kw_bytes text = KW_BYTES_INIT;
    struct kw_bytes out = KW_BYTES_INIT;
    (void)state;
    assert_int_equal(kw_symbols_init(&symbols, scratch_path(&scratch, "spool"), NULL), KW_OK);
    for (uint32_t i = 0; i < KW_SYMBOLS + 1000; i++)
        kw_bytes_format(&text, "%x ", i);
    for (int i = 0; i < 2; i++) /* which is more than memory is to hold */
        assert_int_equal(kw_symbols_add(&symbols, kw_bytes_view(&text), NULL), KW_OK);
    assert_int_equal(symbols.count, KW_SYMBOLS);
    assert_int_equal(symbols.spelled, 2004); /* with the joint and the last blank */
    assert_int_equal(kw_symbols_seal(&symbols, NULL), KW_OK);
    assert_int_equal(kw_symbol_reader_next(&reader, &symbols, NULL), KW_OK);
    assert_int_equal(kw_symbol_reader_next(&reader, &symbols, NULL), KW_OK);
    kw_symbol_reader_text(&reader, &symbols, &out);
    assert_true(kw_view_equal(kw_bytes_view(&out), kw_bytes_view(&text)));
    assert_non_null(symbols.map.view.data);
    struct kw_word_writer writer;
    assert_int_equal(kw_word_writer_init(&writer, &symbols, NULL), KW_OK);
    assert_true(writer.estimate > text.size / 2);
    kw_word_writer_release(&writer);
    kw_symbol_reader_release(&reader);
    kw_symbols_release(&symbols);
    kw_bytes_release(&text);
    kw_bytes_release(&out);
}

/* ---- Merging ------------------------------------------------------------------------------ */

/* Writes documents in two segments of their own codecs, and as one, and merges the two. */
static void try_merge(const struct passages *passages, uint32_t first, uint32_t second,
                      uint32_t codec)
{
    struct index_builder builder;
    size_t half = passages->count / 2;
    begin_segment(&builder, "first", first);
    size_t at = add_document(&builder, "one", passages, 0, half, 0);
    builder_finish(&builder, 1);
    begin_segment(&builder, "second", second);
    add_document(&builder, "two", passages, half, passages->count, at);
    builder_finish(&builder, 1);
    begin_segment(&builder, "both", codec);
    add_document(&builder, "one", passages, 0, half, 0);
    add_document(&builder, "two", passages, half, passages->count, at);
    builder_finish(&builder, 1);
    const struct kw_merge_source sources[] = {
        {builder_segment(scratch_path(&scratch, "first")), NULL},
        {builder_segment(scratch_path(&scratch, "second")), NULL}};
    assert_int_equal(sources[0].segment->words != NULL, first == KW_TEXT_WORDS);
    char spool[320];
    strcpy(spool, scratch_path(&scratch, "spool"));
    unlink(scratch_path(&scratch, "merged"));
    const struct kw_merge_options options = {
        .path = scratch_path(&scratch, "merged"), .spool = spool, .codec = codec};
    assert_int_equal(kw_merge(sources, 2, &options, NULL), KW_OK);
    struct kw_bytes both = scratch_read(&scratch, "both");
    struct kw_bytes merged = scratch_read(&scratch, "merged");
    assert_true(kw_view_equal(kw_bytes_view(&both), kw_bytes_view(&merged)));
    kw_bytes_release(&both);
    kw_bytes_release(&merged);
    kw_segment_free(sources[0].segment);
    kw_segment_free(sources[1].segment);
}

static void merged_segments_are_as_if_written_at_once(void **state)
{
    static const uint32_t codecs[] = {KW_TEXT_ZLIB, KW_TEXT_WORDS};
    struct passages passages = {.count = 0};
    uint64_t seed = 9;
    (void)state;
    add_prose(&passages, &seed, PASSAGES);
    add_rest(&passages, &seed);
    add_long_words(&passages);
    add_prose(&passages, &seed, PASSAGES);
    for (int i = 0; i < 8; i++)
        try_merge(&passages, codecs[i & 1], codecs[i >> 1 & 1], codecs[i >> 2]);
    passages_release(&passages);
}

/* ---- Damage ------------------------------------------------------------------------------- */

static void no_report(void *context, const char *problem)
{
    (void)context;
    (void)problem;
}

/* Reads all passages of a segment that may be damaged. */
static void read_damaged(const struct passages *passages)
{
    struct kw_checker checker = {.report = no_report};
    struct kw_bytes out = KW_BYTES_INIT;
    struct kw_segment *segment;
    enum kw_status status = kw_segment_new(&segment, scratch_path(&scratch, "damaged"), 1, NULL);
    if (status) {
        assert_int_equal(status, KW_E_DAMAGED);
        return;
    }
    for (size_t i = 0; i < passages->count; i += 3) {
        kw_bytes_clear(&out);
        status = kw_segment_text(segment, i, 1, &out, NULL);
        if (status == KW_OK)
            assert_int_equal(out.size, passages->extents.items[i].bytes);
        else
            assert_int_equal(status, KW_E_DAMAGED);
    }
    status = kw_check_text(&checker, segment, NULL);
    assert_true(status == KW_OK || status == KW_E_DAMAGED);
    const struct kw_merge_source source = {segment, NULL};
    const struct kw_merge_options options = {.path = scratch_path(&scratch, "merged"),
                                             .codec = KW_TEXT_WORDS};
    unlink(options.path);
    status = kw_merge(&source, 1, &options, NULL);
    assert_true(status == KW_OK || status == KW_E_DAMAGED);
    kw_segment_free(segment);
    kw_bytes_release(&out);
}

static void damage_is_told_and_nothing_else(void **state)
{
    static const char *const sections[] = {"text", "textindex", "words", "wordindex"};
    struct passages passages = {.count = 0};
    uint64_t seed = 8;
    (void)state;
    add_prose(&passages, &seed, 600);
    kw_segment_free(write_segment(&passages, KW_TEXT_WORDS));
    struct kw_bytes file = scratch_read(&scratch, "segment");
    for (int round = 0; round < 400; round++) {
        struct kw_bytes copy = KW_BYTES_INIT;
        size_t size;
        kw_bytes_append_view(&copy, kw_bytes_view(&file));
        uint8_t *section = reseal_section(copy.data, sections[round % 4], &size);
        assert_non_null(section);
        for (uint32_t flips = 1 + scratch_below(&seed, 20); flips; flips--)
            section[scratch_below(&seed, (uint32_t)size)] ^=
                (uint8_t)(1u << scratch_below(&seed, 8));
        if (round % 20 == 19) { /* a parameter, in the directory */
            uint8_t *row = copy.data + 48 + 40 * (size_t)scratch_below(&seed, 4);
            row[32 + scratch_below(&seed, 4)] ^= (uint8_t)(1u << scratch_below(&seed, 8));
        }
        reseal(copy.data, copy.size);
        scratch_write(&scratch, "damaged", kw_bytes_view(&copy));
        read_damaged(&passages);
        kw_bytes_release(&copy);
    }
    kw_bytes_release(&file);
    passages_release(&passages);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_of_ranks_come_back),
        cmocka_unit_test(any_text_comes_back),
        cmocka_unit_test(the_same_text_gives_the_same_bytes),
        cmocka_unit_test(what_zlib_makes_smaller_is_left_to_it),
        cmocka_unit_test(without_text_there_is_none),
        cmocka_unit_test(words_without_end_come_back),
        cmocka_unit_test(merged_segments_are_as_if_written_at_once),
        cmocka_unit_test(damage_is_told_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
