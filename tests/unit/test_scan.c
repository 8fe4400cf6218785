/* Tests of the scan by blocks: it gives the words that the rules give one by one, with every
 * classifier of blocks, and these give what the plain one does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random_text.h"
#include "stemmers/analyzer.h"
#include "stemmers/character.h"
#include "stemmers/words.h"

#include <stdlib.h>

enum { PAD = 64 };

static void classifiers_give_what_the_plain_one_does(void **state)
{
    kw_classify *plain = kw_classifier_with(KW_SIMD_PLAIN);
    uint64_t random = 11;
    uint8_t text[3 * KW_BLOCK + PAD], lower[2][3 * KW_BLOCK + PAD];

    (void)state;
    for (size_t round = 0; round < 30000; round++) {
        size_t at = random_below(&random, PAD), count = random_below(&random, 4);
        struct kw_block expected[3], found[3];

        for (size_t i = 0; i < sizeof text; i++)
            text[i] = (uint8_t)(random_next(&random) >> 40) & (round % 2 ? 0x7F : 0xFF);
        plain(text + at, count, expected, lower[0] + at);
        for (int simd = KW_SIMD_SSE2; simd <= KW_SIMD_AVX2; simd++) {
            kw_classify *classify = kw_classifier_with((enum kw_simd)simd);

            if (!classify)
                continue;
            classify(text + at, count, found, lower[1] + at);
            assert_memory_equal(found, expected, count * sizeof *found);
            assert_memory_equal(lower[1] + at, lower[0] + at, count * KW_BLOCK);
        }
    }
    assert_non_null(kw_classifier());
}

/* A byte is in the sets of its block as blocks.h says, and what may end a sentence by the tables of
 * characters is among them. */
static void sets_are_those_of_each_byte(void **state)
{
    kw_classify *plain = kw_classifier_with(KW_SIMD_PLAIN);

    (void)state;
    for (unsigned byte = 0; byte < 256; byte++) {
        uint8_t text[KW_BLOCK] = {0}, lower[KW_BLOCK];
        struct kw_block block;
        unsigned sentence = byte < 0x80 ? kw_character(byte) & KW_CHAR_SENTENCE : 0;

        text[63] = (uint8_t)byte;
        plain(text, 1, &block, lower);
        assert_int_equal(block.word >> 63, (byte >= '0' && byte <= '9') ||
                                               ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z'));
        assert_int_equal(block.high >> 63, byte >= 0x80);
        assert_int_equal(block.mark >> 63, byte != 0 && strchr("',.;_", (int)byte) != NULL);
        assert_int_equal(block.sign >> 63, byte != 0 && strchr("+#", (int)byte) != NULL);
        assert_int_equal(block.dot >> 63, byte == '.');
        assert_int_equal(block.line >> 63, byte == '\n');
        assert_int_equal(block.blank >> 63, byte <= ' ');
        assert_int_equal(block.stop >> 63,
                         sentence >= KW_SENTENCE_PERIOD && sentence <= KW_SENTENCE_WIDE_STOP);
        assert_int_equal(lower[63], byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte);
    }
}

/* Whether what lies between two words could end a sentence or a paragraph. */
static bool may_end_sentence(struct kw_view gap)
{
    size_t lines = 0, next;

    for (size_t at = 0; at < gap.size; at = next) {
        unsigned sentence = kw_character_at(gap.data, at, gap.size, &next) & KW_CHAR_SENTENCE;
        lines += gap.data[at] == '\n' && at + 1 < gap.size && gap.data[at + 1] == '\n';
        if ((sentence >= KW_SENTENCE_PERIOD && sentence <= KW_SENTENCE_WIDE_STOP) || lines)
            return true;
    }
    return false;
}

/* That a scan of `text` for the words before `until` gives the rules' words. */
static void check_scan(struct kw_words *words, struct kw_view text, size_t until)
{
    size_t at = 0, end = 0, count = 0, gaps = 0;

    assert_int_equal(kw_words_scan(words, text, until, NULL), KW_OK);
    while (at < text.size && at < until) {
        enum kw_word_kind kind;
        size_t start, next = kw_words_unit(text, at, &start, &kind);

        if (kind != KW_WORD_NONE && start < until) {
            const struct kw_word *word = &words->items[count];
            bool gap = gaps < words->gap_count && words->gaps[gaps] == count;

            gaps += gap;
            count++;
            assert_true(count <= words->count);
            assert_int_equal(word->start, start);
            assert_int_equal(word->size, next - start);
            assert_int_equal(word->kind, kind);
            assert_true(gap || !may_end_sentence((struct kw_view){text.data + end, start - end}));
            for (size_t i = start; kind == KW_WORD_PLAIN && i < next; i++)
                assert_int_equal(words->lower[i], text.data[i] >= 'A' && text.data[i] <= 'Z'
                                                      ? text.data[i] | 0x20
                                                      : text.data[i]);
            end = next;
        }
        at = next;
    }
    assert_int_equal(words->count, count);
    assert_int_equal(words->gap_count, gaps);
}

/* Checks a text in a buffer of its own, so that a sanitizer sees its ends. */
static void check_text(struct kw_words *words, const uint8_t *bytes, size_t size, uint64_t *random)
{
    uint8_t *text = (uint8_t *)malloc(size ? size : 1);

    assert_non_null(text);
    memcpy(text, bytes, size);
    for (int simd = KW_SIMD_PLAIN; simd <= KW_SIMD_AVX2; simd++) {
        words->classify = kw_classifier_with((enum kw_simd)simd);
        check_scan(words, (struct kw_view){text, size}, size);
    }
    words->classify = NULL;
    check_scan(words, (struct kw_view){text, size}, random_below(random, size + 2));
    free(text);
}

static void a_scan_gives_the_words_of_the_rules(void **state)
{
    static uint8_t bytes[6000];
    struct kw_words words = KW_WORDS_INIT;
    uint64_t random = 2024;

    (void)state;
    for (size_t round = 0; round < 20000; round++) {
        size_t size = random_text(&random, bytes, round % 50 ? 300 : sizeof bytes);
        check_text(&words, bytes, size, &random);
    }
    kw_words_release(&words);
}

/* Texts of a few ASCII characters meet the borders of blocks in all ways. */
static void ascii_scans_give_the_words_of_the_rules(void **state)
{
    static const char signs[] = "aaaaaaaaaaabC1 2  _.,:;'\"+#-\n.NETnet";
    struct kw_words words = KW_WORDS_INIT;
    uint64_t random = 5;
    uint8_t text[2500];

    (void)state;
    for (size_t round = 0; round < 20000; round++) {
        size_t size = random_below(&random, round % 50 ? 200 : sizeof text);
        size_t kinds = 1 + random_below(&random, sizeof signs - 1);

        for (size_t i = 0; i < size; i++)
            text[i] = (uint8_t)signs[(random_below(&random, kinds) + round) % (sizeof signs - 1)];
        for (size_t i = random_below(&random, 300); i + 3 < size;
             i += 3 + random_below(&random, 300))
            memcpy(text + i, random_below(&random, 2) ? "\xC3\xA9n" : "\xE2\x80\x94", 3);
        check_text(&words, text, size, &random);
    }
    kw_words_release(&words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(classifiers_give_what_the_plain_one_does),
        cmocka_unit_test(sets_are_those_of_each_byte),
        cmocka_unit_test(a_scan_gives_the_words_of_the_rules),
        cmocka_unit_test(ascii_scans_give_the_words_of_the_rules),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
