/* Pairs of frequent words: each is found with the documents and frequencies that the texts give it,
 * words that are not frequent have none, and damage is named. */
#include "index/pairs.h"

#include "index/check.h"
#include "index/commit.h"
#include "tests/unit/index_builder.h"
#include "tests/unit/reseal.h"

enum {
    DOCUMENTS = 3000,
    LENGTH = 24,   /* words of a text */
    FREQUENT = 25, /* words of the vocabulary, the first ones much more often than others */
    RARE = 3,      /* after these: each in fewer than KW_PAIR_DOCUMENTS documents */
};

static struct scratch scratch;
static struct kw_bytes reported;

/* Where words stand: texts[d][p] is a word of document d at position p, and beside[d][p], if it is
 * not 0, another one there, plus 1. */
static uint8_t texts[DOCUMENTS][LENGTH], beside[DOCUMENTS][LENGTH];

static void draw_texts(uint64_t seed)
{
    memset(beside, 0, sizeof beside);
    for (uint32_t d = 0; d < DOCUMENTS; d++)
        for (uint32_t p = 0; p < LENGTH; p++) {
            uint32_t limit = 1 + scratch_below(&seed, 1 + scratch_below(&seed, FREQUENT));
            texts[d][p] = (uint8_t)scratch_below(&seed, limit);
            if (p && !scratch_below(&seed, 4))
                texts[d][p] = texts[d][p - 1];
            if (!scratch_below(&seed, 12))
                beside[d][p] = (uint8_t)(1 + scratch_below(&seed, 5));
            if (!scratch_below(&seed, 400))
                texts[d][p] = (uint8_t)(FREQUENT + scratch_below(&seed, RARE));
        }
}

static void write_segment(const char *name, uint32_t documents)
{
    struct index_builder builder;
    builder_init(&builder, scratch_path(&scratch, name), NULL);
    for (uint32_t d = 0; d < documents; d++) {
        char id[16], text[LENGTH * 12 + 2] = "";
        snprintf(id, sizeof id, "%06u", d);
        for (uint32_t p = 0; p < LENGTH; p++) {
            sprintf(text + strlen(text), "w%u ", (unsigned)texts[d][p]);
            if (beside[d][p])
                sprintf(text + strlen(text), "+w%u ", (unsigned)beside[d][p] - 1);
        }
        strcat(text, "\n");
        builder_add(&builder, id, d % 3 ? "" : "w0 w1", text);
    }
    builder_finish(&builder, 1);
}

static int setup(void **state)
{
    (void)state;
    scratch_init(&scratch);
    draw_texts(7);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    kw_bytes_release(&reported);
    scratch_release(&scratch);
    return 0;
}

static enum kw_status find_word(struct kw_segment *segment, uint32_t word, struct kw_term *term)
{
    struct kw_bytes key = KW_BYTES_INIT;
    char name[12];
    snprintf(name, sizeof name, "w%u", word);
    kw_key_surface(&key, kw_view_of(""), kw_view_of(name));
    enum kw_status status = kw_segment_find_term(segment, kw_bytes_view(&key), term, NULL);
    kw_bytes_release(&key);
    return status;
}

/* ---- What is found ------------------------------------------------------------------------ */

static bool stands(uint32_t document, uint32_t position, uint32_t word)
{
    return texts[document][position] == word || beside[document][position] == word + 1;
}

/* In how many places `second` stands behind `first`; the title stands before, far away. */
static uint32_t count_places(uint32_t document, uint32_t first, uint32_t second)
{
    uint32_t count = document % 3 == 0 && first == 0 && second == 1;
    for (uint32_t p = 0; p + 1 < LENGTH; p++)
        count += stands(document, p, first) && stands(document, p + 1, second);
    return count;
}

static void compare_pair(struct kw_segment *segment, const struct kw_term *words, uint32_t first,
                         uint32_t second)
{
    struct kw_postings postings;
    struct kw_term pair;
    uint64_t occurrences = 0;
    uint32_t documents = 0;
    enum kw_status status =
        kw_segment_find_pair(segment, &words[first], &words[second], &pair, NULL);
    if (status == KW_OK)
        kw_postings_init(&postings, segment, &pair);
    for (uint32_t d = 0; d < DOCUMENTS; d++) {
        uint32_t places = count_places(d, first, second);
        if (!places)
            continue;
        if (status != KW_OK || kw_postings_next(&postings) != d ||
            kw_postings_frequency(&postings) != places)
            fail_msg("w%u w%u in %u", first, second, d);
        documents++;
        occurrences += places;
    }
    assert_int_equal(status, documents ? KW_OK : KW_E_NOT_FOUND);
    if (status != KW_OK)
        return;
    assert_int_equal(kw_postings_next(&postings), KW_NO_DOCUMENT);
    assert_int_equal(pair.documents, documents);
    assert_int_equal(pair.occurrences, occurrences);
    kw_postings_release(&postings);
}

static void pairs_stand_where_their_words_do(void **state)
{
    struct kw_term words[FREQUENT + RARE];
    uint32_t kept = 0, missing = 0;
    (void)state;
    write_segment("segment-1", DOCUMENTS);
    struct kw_segment *segment = builder_segment(scratch_path(&scratch, "segment-1"));
    for (uint32_t i = 0; i < FREQUENT + RARE; i++)
        assert_int_equal(find_word(segment, i, &words[i]), KW_OK);
    for (uint32_t first = 0; first < FREQUENT + RARE; first++)
        for (uint32_t second = 0; second < FREQUENT + RARE; second++) {
            struct kw_term pair;
            if (words[first].documents >= KW_PAIR_DOCUMENTS &&
                words[second].documents >= KW_PAIR_DOCUMENTS) {
                compare_pair(segment, words, first, second);
                kept++;
                continue;
            }
            missing++;
            assert_int_equal(
                kw_segment_find_pair(segment, &words[first], &words[second], &pair, NULL), KW_END);
        }
    assert_true(kept > 30 && missing > 300);
    assert_int_equal(kw_segment_status(segment, NULL), KW_OK);
    kw_segment_free(segment);
}

static void a_pair_that_never_occurs_is_not_found(void **state)
{
    struct kw_segment *segment;
    struct kw_term words[2], pair;
    (void)state;
    for (uint32_t d = 0; d < DOCUMENTS; d++)
        for (uint32_t p = 0; p < LENGTH; p++) {
            texts[d][p] = p % 2 ? 9 : (uint8_t)(d % 2); /* never w0 and w1 side by side */
            beside[d][p] = 0;
        }
    write_segment("segment-1", DOCUMENTS);
    segment = builder_segment(scratch_path(&scratch, "segment-1"));
    for (uint32_t i = 0; i < 2; i++)
        assert_int_equal(find_word(segment, i, &words[i]), KW_OK);
    assert_int_equal(kw_segment_find_pair(segment, &words[1], &words[0], &pair, NULL),
                     KW_E_NOT_FOUND);
    assert_int_equal(kw_segment_find_pair(segment, &words[0], &words[1], &pair, NULL), KW_OK);
    assert_int_equal(pair.documents, DOCUMENTS / 3); /* in titles */
    kw_segment_free(segment);
}

static void a_small_segment_has_none(void **state)
{
    struct kw_term words[2], pair;
    (void)state;
    write_segment("segment-1", KW_PAIR_DOCUMENTS - 1);
    struct kw_segment *segment = builder_segment(scratch_path(&scratch, "segment-1"));
    for (uint32_t i = 0; i < 2; i++)
        assert_int_equal(find_word(segment, i, &words[i]), KW_OK);
    assert_null(segment->pairs);
    assert_int_equal(kw_segment_find_pair(segment, &words[0], &words[1], &pair, NULL), KW_END);
    kw_segment_free(segment);
}

static void the_same_texts_give_the_same_bytes(void **state)
{
    (void)state;
    write_segment("one", DOCUMENTS);
    write_segment("two", DOCUMENTS);
    struct kw_bytes one = scratch_read(&scratch, "one"), two = scratch_read(&scratch, "two");
    assert_true(kw_view_equal(kw_bytes_view(&one), kw_bytes_view(&two)));
    kw_bytes_release(&one);
    kw_bytes_release(&two);
}

static void the_commonest_words_are_chosen(void **state)
{
    static struct kw_pair_word words[KW_PAIR_WORDS + 3];
    (void)state;
    for (uint32_t i = 0; i < KW_PAIR_WORDS + 3; i++)
        words[i] = (struct kw_pair_word){i, 2000, i};
    words[5].documents = 1999;
    words[KW_PAIR_WORDS + 2].documents = 5000;
    assert_int_equal(kw_pairs_choose(words, KW_PAIR_WORDS + 3), KW_PAIR_WORDS);
    assert_int_equal(words[4].number, 4);
    assert_int_equal(words[5].number, 6);
    assert_int_equal(words[KW_PAIR_WORDS - 2].number, KW_PAIR_WORDS - 1);
    assert_int_equal(words[KW_PAIR_WORDS - 1].number, KW_PAIR_WORDS + 2);
    assert_int_equal(kw_pairs_choose(words, 2), 2);
    assert_int_equal(kw_pairs_choose(NULL, 0), 0);
}

/* ---- Damage ------------------------------------------------------------------------------- */

static void report(void *context, const char *problem)
{
    (void)context;
    kw_bytes_append_text(&reported, problem);
    kw_bytes_append_text(&reported, "\n");
}

static enum kw_status check(void)
{
    struct kw_error error = KW_ERROR_INIT;
    kw_bytes_clear(&reported);
    enum kw_status status = kw_check(scratch.folder, report, NULL, &error);
    kw_bytes_append_byte(&reported, 0);
    return status;
}

static void write_index(void)
{
    struct kw_manifest_segment segment = {1, DOCUMENTS, 0, 0};
    struct kw_manifest manifest = {1, 2, 1, "english", false, NULL, 0, &segment, 1, NULL, 0, false};
    write_segment("segment-1", DOCUMENTS);
    assert_int_equal(kw_commit(&manifest, scratch.folder, false, NULL), KW_OK);
}

/* Changes `size` bytes at `at` of a section to `value`, and asserts that the check says so. */
static void assert_found(const char *section, size_t at, size_t size, uint64_t value,
                         const char *expected)
{
    struct kw_bytes bytes = scratch_read(&scratch, "segment-1");
    struct kw_bytes before = scratch_read(&scratch, "segment-1");
    size_t room;
    uint8_t *place = reseal_section(bytes.data, section, &room);
    assert_true(place && at + size <= room);
    for (size_t i = 0; i < size; i++)
        place[at + i] = (uint8_t)(value >> (8 * i));
    reseal(bytes.data, bytes.size);
    scratch_write(&scratch, "segment-1", kw_bytes_view(&bytes));
    enum kw_status status = check();
    scratch_write(&scratch, "segment-1", kw_bytes_view(&before));
    if (status != KW_E_DAMAGED || !strstr((const char *)reported.data, expected))
        fail_msg("section %s at %zu: status %d, not '%s' but:\n%s", section, at, status, expected,
                 (const char *)reported.data);
    kw_bytes_release(&bytes);
    kw_bytes_release(&before);
}

static bool has_bit(const uint8_t *bits, uint32_t i)
{
    return bits[i / 8] >> (i % 8) & 1;
}

/* Moves a document of a block of postings, a bitmap, down by one, where there is none: eight bytes
 * from *at on become *value. */
static void move_document(const uint8_t *block, size_t *at, uint64_t *value)
{
    const uint8_t *bits = block + 2;
    uint32_t i = 1;
    assert_int_equal(block[0], KW_BITMAP_WIDTH);
    while (!has_bit(bits, i) || has_bit(bits, i - 1))
        i++;
    *at = 2 + (i - 1) / 8;
    *value = kw_load64(block + *at) ^ UINT64_C(3) << (i - 1) % 8;
}

static void pairs_that_are_not_true_are_found(void **state)
{
    struct kw_bytes file;
    struct kw_pairs pairs;
    struct kw_term words[2], pair;
    size_t size;
    (void)state;
    write_index();
    assert_int_equal(check(), KW_OK);
    struct kw_segment *segment = builder_segment(scratch_path(&scratch, "segment-1"));
    assert_true(kw_pairs_init(&pairs, segment));
    for (uint32_t i = 0; i < 2; i++)
        assert_int_equal(find_word(segment, i, &words[i]), KW_OK);
    assert_int_equal(kw_segment_find_pair(segment, &words[0], &words[0], &pair, NULL), KW_OK);
    struct kw_skips skips = kw_postings_skips(&pair, (pair.documents + 127) / 128);
    file = scratch_read(&scratch, "segment-1");
    const uint8_t *section = reseal_section(file.data, "pairs", &size);
    uint32_t ordinal = kw_load32(section + pairs.ordinals);
    uint32_t offset = kw_load32(section + pairs.offsets + 4);
    uint8_t bits = section[pairs.rows], head = section[pairs.entries + 2];
    const uint8_t *postings = reseal_section(file.data, "postings", &size);
    uint8_t width = postings[skips.first_block];
    size_t moved;
    uint64_t value;
    move_document(postings + skips.first_block, &moved, &value);
    assert_found("pairs", 0, 8, pairs.postings_at + 1, "no term");
    assert_found("pairs", 0, 8, size + 1, "the number of pairs makes no sense");
    assert_found("pairs", pairs.ordinals, 4, ordinal + 1, "of other words");
    assert_found("pairs", pairs.before + 4, 4, 1, "another number of pairs comes before row 1");
    assert_found("pairs", pairs.before + pairs.words * 4, 4, pairs.count + 1, "pairs");
    assert_found("pairs", pairs.before + pairs.words * 4, 4, UINT32_MAX,
                 "the number of pairs makes no sense");
    assert_found("pairs", pairs.rows, 1, bits & (bits - 1), "another number of pairs");
    assert_found("pairs", pairs.rows + pairs.row_bytes - 1, 1, 0x80, "one of no word in row 0");
    assert_found("pairs", pairs.offsets + 4, 4, offset + 1, "pairs");
    assert_found("pairs", pairs.offsets + 4, 4, 0, "a block of pairs is out of order");
    assert_found("pairs", pairs.entries, 1, 3, "an entry of a pair makes no sense");
    assert_found("pairs", pairs.entries + 2, 1, head ^ 1, "the postings do not add up");
    assert_found("postings", skips.first_block + moved, 8, value, "not where its words stand");
    assert_found("postings", skips.first_block, 1, width + 1, "");
    assert_found("postings", skips.blocks, 1, 1, "the greatest strength of block 0 is not true");
    kw_segment_free(segment);
    kw_bytes_release(&file);
}

/* Whatever the section holds, looking pairs up ends and says what it is. */
static void damage_of_any_kind_is_survived(void **state)
{
    struct kw_bytes file;
    uint64_t seed = 3;
    uint32_t damaged = 0;
    size_t size;
    (void)state;
    write_segment("whole", DOCUMENTS);
    file = scratch_read(&scratch, "whole");
    uint8_t *section = reseal_section(file.data, "pairs", &size);
    for (uint32_t round = 0; round < 300; round++) {
        size_t at = scratch_below(&seed, (uint32_t)(round % 2 ? size : size / 20));
        uint8_t before = section[at];
        section[at] = (uint8_t)(before + 1 + scratch_below(&seed, 255));
        reseal(file.data, file.size);
        scratch_write(&scratch, "segment-1", kw_bytes_view(&file));
        struct kw_segment *segment = builder_segment(scratch_path(&scratch, "segment-1"));
        for (uint32_t i = 0; i < 200; i++) {
            struct kw_term words[2], pair;
            struct kw_postings postings;
            for (uint32_t word = 0; word < 2; word++)
                assert_int_equal(find_word(segment,
                                           scratch_below(&seed, 1 + scratch_below(&seed, 12)),
                                           &words[word]),
                                 KW_OK);
            enum kw_status status =
                kw_segment_find_pair(segment, &words[0], &words[1], &pair, NULL);
            if (status == KW_OK) {
                kw_postings_init(&postings, segment, &pair);
                while (kw_postings_next(&postings) != KW_NO_DOCUMENT)
                    assert_true(kw_postings_frequency(&postings) >= 1);
                kw_postings_release(&postings);
            }
        }
        damaged += kw_segment_status(segment, NULL) == KW_E_DAMAGED;
        kw_segment_free(segment);
        section[at] = before;
    }
    assert_true(damaged > 20);
    kw_bytes_release(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(pairs_stand_where_their_words_do, setup, teardown),
        cmocka_unit_test_setup_teardown(a_pair_that_never_occurs_is_not_found, setup, teardown),
        cmocka_unit_test_setup_teardown(a_small_segment_has_none, setup, teardown),
        cmocka_unit_test_setup_teardown(the_same_texts_give_the_same_bytes, setup, teardown),
        cmocka_unit_test_setup_teardown(the_commonest_words_are_chosen, setup, teardown),
        cmocka_unit_test_setup_teardown(pairs_that_are_not_true_are_found, setup, teardown),
        cmocka_unit_test_setup_teardown(damage_of_any_kind_is_survived, setup, teardown),
    };
    return cmocka_run_group_tests_name("pairs", tests, NULL, NULL);
}
