/* Pieces of text: their heads, and whole texts split by marks as they are one by one. */
#include "index/word_split.h"
#include "tests/unit/index_scratch.h"

static void pieces_tile_any_bytes(void **state)
{
    uint64_t seed = 3;
    uint8_t bytes[300];
    (void)state;
    for (int round = 0; round < 2000; round++) {
        size_t size = 1 + scratch_below(&seed, sizeof bytes);
        for (size_t i = 0; i < size; i++)
            bytes[i] = (uint8_t)(scratch_below(&seed, 3) ? scratch_below(&seed, 256) : 'a');
        for (size_t at = 0; at < size;) {
            uint8_t head = kw_piece_head(bytes + at, size - at);
            uint8_t flags = head & KW_PIECE_ESCAPE;
            assert_in_range(head & KW_PIECE_BYTES, 1, size - at);
            assert_true(flags == 0 || flags == KW_PIECE_ESCAPE);
            assert_int_equal(flags != 0, kw_piece_opens(bytes + at, size - at));
            at += head & KW_PIECE_BYTES;
        }
    }
}

/* Fills bytes of all kinds, ASCII ones mostly, in runs. */
static void fill_bytes(uint64_t *seed, uint8_t *bytes, size_t size)
{
    static const char kinds[] = "aaaa0    ..-\n\xc3\xa9\xc2\xe2\x80\xe4\xe0\xb8\xe1\xf0\x9f\xee";
    for (size_t i = 0; i < size;) {
        uint8_t byte = (uint8_t)scratch_below(seed, 256);
        size_t run = scratch_below(seed, 8) ? 1 + scratch_below(seed, 6) : scratch_below(seed, 90);
        if (scratch_below(seed, 4))
            byte = (uint8_t)kinds[scratch_below(seed, sizeof kinds - 1)];
        for (; run && i < size; run--)
            bytes[i++] = byte;
    }
}

static void marks_are_those_of_the_plain_twin(void **state)
{
    uint64_t seed = 21;
    uint8_t bytes[64];
    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        for (int i = 0; i < 64; i++)
            bytes[i] = (uint8_t)(byte + i * 7);
        struct kw_split_marks fast = kw_split_mark(bytes), plain = kw_split_mark_plain(bytes);
        assert_true(fast.word == plain.word && fast.hard == plain.hard);
    }
    for (int round = 0; round < 2000; round++) {
        fill_bytes(&seed, bytes, sizeof bytes);
        struct kw_split_marks fast = kw_split_mark(bytes), plain = kw_split_mark_plain(bytes);
        assert_true(fast.word == plain.word && fast.hard == plain.hard);
    }
}

/* Splits as the format says, piece by piece. */
static void assert_split(const struct kw_split *split, const uint8_t *bytes, size_t size)
{
    for (size_t at = 0, split_at = 0; at < size;) {
        bool joint = true, expected = false;
        uint8_t head = kw_piece_head(bytes + at, size - at);
        assert_int_equal(kw_split_take(split, &split_at, &joint), head);
        at += head & KW_PIECE_BYTES;
        if (at < size && head & KW_PIECE_CLOSES) {
            if (bytes[at] == ' ' && size - at > 1 && kw_piece_opens(bytes + at + 1, size - at - 1))
                at++;
            else
                expected = kw_piece_opens(bytes + at, size - at);
        }
        assert_int_equal(joint, expected);
        assert_int_equal(split_at, at);
    }
}

static void whole_texts_split_as_pieces_do(void **state)
{
    struct kw_split split = {.size = 0};
    uint64_t seed = 22;
    uint8_t bytes[700];
    (void)state;
    for (int round = 0; round < 3000; round++) {
        size_t size = scratch_below(&seed, sizeof bytes);
        fill_bytes(&seed, bytes, size);
        assert_int_equal(kw_split_text(&split, (struct kw_view){bytes, size}, NULL), KW_OK);
        assert_split(&split, bytes, size);
    }
    kw_split_release(&split);
}

static void assert_head(const char *text, size_t bytes, bool word)
{
    uint8_t head = kw_piece_head((const uint8_t *)text, strlen(text));
    assert_int_equal(head & KW_PIECE_BYTES, bytes);
    assert_int_equal((head & KW_PIECE_OPENS) != 0, word);
}

static void words_are_pieces(void **state)
{
    (void)state;
    assert_head("word and", 4, true);
    assert_head("Größe.", 7, true);
    assert_head("слово.", 10, true);
    assert_head("हिन्दी के", 18, true);
    assert_head("낱말 사", 6, true);
    assert_head("Việt x", 6, true);
    assert_head(". And", 2, false);
    assert_head("…\n\nx", 5, false);
    assert_head("中文", 3, false);
    assert_head("ไทย", 3, false);
    assert_head("🙂🙂x", 8, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_tile_any_bytes),
        cmocka_unit_test(marks_are_those_of_the_plain_twin),
        cmocka_unit_test(whole_texts_split_as_pieces_do),
        cmocka_unit_test(words_are_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
