/* Strengths: codes are the least that bound, classes halve toward the top, and what a segment tells
 * of a term's postings is what a plain reckoning over all of them gives. */
#include "index/strength.h"

#include "index/postings.h"
#include "tests/unit/index_builder.h"
#include "tests/unit/reseal.h"

enum { LISTS = 7, DOCUMENTS = 6000 };

/* Postings of each list; the last two have few and many strengths. */
static const uint32_t sizes[LISTS] = {1, 128, 129, 256, 1000, 1500, DOCUMENTS};

struct fixture {
    struct scratch scratch;
    struct kw_segment *segment;
    uint32_t lengths[DOCUMENTS];
    uint32_t frequencies[LISTS][DOCUMENTS]; /* 0: the list has no such posting */
    uint64_t words;
};

static uint32_t draw_frequency(uint64_t *seed, uint32_t list)
{
    if (list == LISTS - 2)
        return 1;
    return scratch_below(seed, 8) ? 1 + scratch_below(seed, 4) : 1 + scratch_below(seed, 300);
}

static void add_document(struct fixture *fixture, struct index_builder *builder, uint32_t document)
{
    static uint32_t words[LISTS * 301];
    static uint32_t positions[LISTS * 301];
    struct kw_entry entry = {.id = kw_view_of("")};
    size_t count = 0;
    builder_begin(builder, &entry);
    for (uint32_t list = 0; list < LISTS; list++) {
        char name[] = {(char)('a' + (int)list), 0};
        uint32_t word = word_number(&builder->words, name);
        for (uint32_t i = 0; i < fixture->frequencies[list][document]; i++, count++) {
            words[count] = word;
            positions[count] = (uint32_t)count;
        }
    }
    assert_int_equal(kw_inverter_tokens(builder->inverter, kw_view_of(""), words, positions, count,
                                        0, fixture->lengths[document], NULL),
                     KW_OK);
    builder_end(builder);
}

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    struct index_builder builder;
    uint64_t seed = 5;
    assert_non_null(fixture);
    scratch_init(&fixture->scratch);
    for (uint32_t list = 0; list < LISTS; list++) {
        for (uint32_t left = sizes[list]; left;) {
            uint32_t document = scratch_below(&seed, DOCUMENTS);
            while (fixture->frequencies[list][document])
                document = (document + 1) % DOCUMENTS;
            fixture->frequencies[list][document] = draw_frequency(&seed, list);
            left--;
        }
    }
    builder_init(&builder, scratch_path(&fixture->scratch, "segment"), NULL);
    for (uint32_t document = 0; document < DOCUMENTS; document++) {
        uint32_t least = scratch_below(&seed, 10) ? 100 : 7;
        fixture->lengths[document] = least + scratch_below(&seed, 2000);
        fixture->words += fixture->lengths[document];
        add_document(fixture, &builder, document);
    }
    builder_finish(&builder, 1);
    fixture->segment = builder_segment(fixture->scratch.path);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    kw_segment_free(fixture->segment);
    scratch_release(&fixture->scratch);
    free(fixture);
    return 0;
}

static struct kw_term find_list(struct kw_segment *segment, uint32_t list)
{
    struct kw_bytes key = KW_BYTES_INIT;
    struct kw_term term;
    char name[] = {(char)('a' + (int)list), 0};
    kw_key_surface(&key, kw_view_of(""), kw_view_of(name));
    assert_int_equal(kw_segment_find_term(segment, kw_bytes_view(&key), &term, NULL), KW_OK);
    kw_bytes_release(&key);
    return term;
}

/* The least code by trying all. */
static uint8_t naive_code(uint32_t frequency, double k)
{
    uint32_t code = 0;
    while ((double)code / 255 < (double)frequency / ((double)frequency + k))
        code++;
    assert_true(code >= 1 && code <= 255);
    return (uint8_t)code;
}

static void codes_are_the_least_that_bound(void **state)
{
    uint64_t seed = 9;
    (void)state;
    assert_int_equal(kw_strength_code(2, 1.2), 160);
    assert_int_equal(kw_strength_code(1, 1.0), 128);
    assert_int_equal(kw_strength_code(UINT32_MAX, 1e-9), 255);
    assert_int_equal(kw_strength_code(1, 1e18), 1);
    for (uint32_t i = 0; i < 200000; i++) {
        uint32_t frequency = 1 + scratch_below(&seed, i % 3 ? 20 : UINT32_MAX - 1);
        double k = 0.3 + scratch_below(&seed, 1 << 30) / 1e8;
        assert_int_equal(kw_strength_code(frequency, k), naive_code(frequency, k));
    }
    /* Strengths on the border between two codes, and next to it. */
    for (uint32_t code = 1; code < 255; code++) {
        for (uint32_t frequency = 1; frequency < 100; frequency++) {
            double k = (double)frequency * (255 - code) / code;
            for (double at = k * (1 - 1e-15); at <= k * (1 + 1e-15); at += k * 2e-16)
                assert_int_equal(kw_strength_code(frequency, at), naive_code(frequency, at));
        }
    }
}

static void k_is_that_of_the_formula(void **state)
{
    (void)state;
    assert_true(kw_strength_k(0, 0, 0) == 0.3);
    assert_true(kw_strength_k(1, 0, 5) == 0.3);
    assert_true(kw_strength_k(10, 1000, 0) == 0.3);
    assert_true(kw_strength_k(130, 390, 3) == 0.3 + 0.9 * 3 * 130 / 390);
    assert_true(kw_strength_k(10, 1000, 200) == 0.3 + 0.9 * 200 * 10 / 1000);
}

/* The class of a code, from its definition. */
static uint8_t naive_class(const uint32_t counts[KW_STRENGTH_CODES], uint32_t code)
{
    uint64_t above = 0;
    uint64_t all = 0;
    uint8_t class = 0;
    for (uint32_t i = 0; i < KW_STRENGTH_CODES; i++) {
        above += i > code ? counts[i] : 0;
        all += counts[i];
    }
    if (!above)
        return 15;
    for (uint64_t parts = all / above; parts > 1; parts /= 2)
        class ++;
    return class < 14 ? class : 14;
}

static void classes_halve_toward_the_top(void **state)
{
    uint64_t seed = 10;
    (void)state;
    for (uint32_t round = 0; round < 3000; round++) {
        uint32_t counts[KW_STRENGTH_CODES] = {0};
        uint8_t classes[KW_STRENGTH_CODES];
        uint32_t codes = 1 + scratch_below(&seed, 255);
        for (uint32_t i = 0; i < codes; i++)
            counts[1 + scratch_below(&seed, 255)] =
                scratch_below(&seed, round % 5 ? 1 << scratch_below(&seed, 24) : 4) + 1;
        kw_strength_classes(counts, classes);
        for (uint32_t code = 0; code < KW_STRENGTH_CODES; code++)
            assert_int_equal(classes[code], naive_class(counts, code));
    }
    uint32_t counts[KW_STRENGTH_CODES] = {[9] = UINT32_MAX - 70000, [200] = 69999, [255] = 1};
    uint8_t classes[KW_STRENGTH_CODES];
    kw_strength_classes(counts, classes);
    assert_int_equal(classes[9], 14); /* 2^32 / 70000 is nearly 2^16 */
    assert_int_equal(classes[200], 14);
    assert_int_equal(classes[255], 15);
}

/* Compares what the segment tells of a list of several blocks with its postings. */
static void compare_list(const struct fixture *fixture, uint32_t list)
{
    static uint8_t codes[DOCUMENTS];
    static uint32_t documents[DOCUMENTS];
    struct kw_term term = find_list(fixture->segment, list);
    struct kw_postings cursor;
    struct kw_strengths told;
    uint32_t counts[KW_STRENGTH_CODES] = {0};
    uint32_t count = 0;
    for (uint32_t document = 0; document < DOCUMENTS; document++) {
        uint32_t frequency = fixture->frequencies[list][document];
        if (!frequency)
            continue;
        double k = 0.3 + 0.9 * fixture->lengths[document] * DOCUMENTS / (double)fixture->words;
        documents[count] = document;
        codes[count] = naive_code(frequency, k);
        counts[codes[count++]]++;
    }
    kw_postings_init(&cursor, fixture->segment, &term);
    assert_true(kw_postings_strengths(&cursor, &told));
    assert_int_equal(told.block_count, (count + 127) / 128);
    uint8_t greatest[KW_CLASSES] = {0};
    uint32_t stronger[KW_CLASSES] = {0};
    for (uint32_t block = 0; block < told.block_count; block++) {
        const uint8_t *classes = kw_postings_classes(&cursor, block);
        uint8_t most = 0;
        for (uint32_t i = 0; i < KW_POSTING_BLOCK; i++) {
            uint32_t at = block * KW_POSTING_BLOCK + i;
            uint8_t class = at < count ? naive_class(counts, codes[at]) : 0;
            assert_int_equal(classes[i / 2] >> (i % 2 * 4) & 15, class);
            if (at >= count)
                continue;
            most = codes[at] > most ? codes[at] : most;
            greatest[class] = codes[at] > greatest[class] ? codes[at] : greatest[class];
            for (uint32_t j = 0; j <= class; j++)
                stronger[j]++;
        }
        uint32_t end = (block + 1) * KW_POSTING_BLOCK;
        assert_int_equal(told.blocks[block], most);
        assert_int_equal(kw_postings_last(&cursor, block),
                         documents[(end < count ? end : count) - 1]);
    }
    assert_memory_equal(told.greatest, greatest, sizeof greatest);
    assert_memory_equal(told.stronger, stronger, sizeof stronger);
    kw_postings_release(&cursor);
}

static void a_segment_tells_of_all_its_postings(void **state)
{
    const struct fixture *fixture = *state;
    for (uint32_t list = 2; list < LISTS; list++)
        compare_list(fixture, list);
    assert_int_equal(kw_segment_status(fixture->segment, NULL), KW_OK);
}

static void a_single_block_has_no_strengths(void **state)
{
    const struct fixture *fixture = *state;
    for (uint32_t list = 0; list < 2; list++) {
        struct kw_term term = find_list(fixture->segment, list);
        struct kw_postings cursor;
        struct kw_strengths told;
        assert_int_equal(term.place, list ? KW_PLACE_LISTED : KW_PLACE_INLINE);
        kw_postings_init(&cursor, fixture->segment, &term);
        assert_false(kw_postings_strengths(&cursor, &told));
        assert_int_equal(kw_postings_find_block(&cursor, 0, DOCUMENTS), 0);
        assert_true(kw_postings_enter(&cursor, 0));
        assert_int_equal(cursor.count, sizes[list]);
        assert_false(kw_postings_enter(&cursor, 1));
        assert_int_equal(cursor.document, KW_NO_DOCUMENT);
        kw_postings_release(&cursor);
    }
    assert_int_equal(kw_segment_status(fixture->segment, NULL), KW_OK);
}

/* Enters blocks in any order, and asks frequencies one by one and all at once. */
static void any_block_can_be_entered(void **state)
{
    const struct fixture *fixture = *state;
    uint64_t seed = 12;
    for (uint32_t list = 0; list < LISTS; list++) {
        struct kw_term term = find_list(fixture->segment, list);
        struct kw_postings cursor;
        kw_postings_init(&cursor, fixture->segment, &term);
        for (uint32_t round = 0; round < 100; round++) {
            uint32_t block = scratch_below(&seed, cursor.block_count);
            bool counted =
                term.place == KW_PLACE_INLINE || (cursor.block == block && cursor.counted);
            assert_true(kw_postings_enter(&cursor, block));
            assert_int_equal(cursor.block, block);
            assert_int_equal(cursor.document, cursor.documents[0]);
            for (uint32_t i = 0; i < cursor.count; i++)
                assert_int_equal(kw_postings_frequency_at(&cursor, i),
                                 fixture->frequencies[list][cursor.documents[i]]);
            assert_true(cursor.counted == counted);
            for (uint32_t i = 0; i < 5 && cursor.document != KW_NO_DOCUMENT && round % 2; i++) {
                assert_int_equal(kw_postings_frequency(&cursor),
                                 fixture->frequencies[list][cursor.document]);
                assert_int_equal(kw_postings_frequency_at(&cursor, cursor.count - 1),
                                 fixture->frequencies[list][cursor.documents[cursor.count - 1]]);
                kw_postings_next(&cursor);
            }
        }
        kw_postings_release(&cursor);
    }
    assert_int_equal(kw_segment_status(fixture->segment, NULL), KW_OK);
}

static void blocks_are_found_by_their_last_documents(void **state)
{
    const struct fixture *fixture = *state;
    struct kw_term term = find_list(fixture->segment, LISTS - 2);
    struct kw_postings cursor;
    kw_postings_init(&cursor, fixture->segment, &term);
    for (uint32_t from = 0; from <= cursor.block_count; from++) {
        for (uint32_t target = 0; target <= DOCUMENTS; target += 3) {
            uint32_t expected = from;
            while (expected < cursor.block_count && kw_postings_last(&cursor, expected) < target)
                expected++;
            assert_int_equal(kw_postings_find_block(&cursor, from, target), expected);
        }
    }
    kw_postings_release(&cursor);
}

static void fields_know_their_least_and_greatest_lengths(void **state)
{
    const struct fixture *fixture = *state;
    struct kw_field_info info;
    uint32_t least = UINT32_MAX;
    uint32_t greatest = 0;
    for (uint32_t i = 0; i < DOCUMENTS; i++) {
        uint32_t length = fixture->lengths[i];
        least = length < least ? length : least;
        greatest = length > greatest ? length : greatest;
    }
    assert_int_equal(kw_segment_field(fixture->segment, 0, &info, NULL), KW_OK);
    assert_int_equal(info.shortest, least);
    assert_int_equal(info.longest, greatest);
}

/* The frequencies of a block of 128 postings become 2^32 at 32 bits each, behind right checksums.
 */
static void a_frequency_out_of_range_is_damage(void **state)
{
    struct fixture *fixture = *state;
    struct kw_term term = find_list(fixture->segment, 1);
    struct scratch scratch;
    struct kw_bytes file = scratch_read(&fixture->scratch, "segment");
    size_t size;
    uint8_t *block = reseal_section(file.data, "postings", &size) + term.postings_at;
    block[1] = 32;
    memset(block + 2 + 16 * block[0], 0xFF, KW_POSTING_BLOCK * 4);
    reseal(file.data, file.size);
    scratch_init(&scratch);
    scratch_write(&scratch, "segment", kw_bytes_view(&file));
    for (uint32_t way = 0; way < 3; way++) {
        struct kw_segment *segment = builder_segment(scratch_path(&scratch, "segment"));
        struct kw_postings cursor;
        const uint32_t *positions;
        kw_postings_init(&cursor, segment, &term);
        assert_int_not_equal(kw_postings_next(&cursor), KW_NO_DOCUMENT);
        assert_int_equal(kw_segment_status(segment, NULL), KW_OK);
        if (way == 0)
            assert_int_equal(kw_postings_frequency(&cursor), 1);
        else if (way == 1)
            assert_int_equal(kw_postings_frequency_at(&cursor, 127), 1);
        else
            kw_postings_positions(&cursor, &positions, NULL);
        assert_int_equal(kw_segment_status(segment, NULL), KW_E_DAMAGED);
        kw_postings_release(&cursor);
        kw_segment_free(segment);
    }
    kw_bytes_release(&file);
    scratch_release(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_the_least_that_bound),
        cmocka_unit_test(k_is_that_of_the_formula),
        cmocka_unit_test(classes_halve_toward_the_top),
        cmocka_unit_test(a_segment_tells_of_all_its_postings),
        cmocka_unit_test(a_single_block_has_no_strengths),
        cmocka_unit_test(any_block_can_be_entered),
        cmocka_unit_test(blocks_are_found_by_their_last_documents),
        cmocka_unit_test(a_frequency_out_of_range_is_damage),
        cmocka_unit_test(fields_know_their_least_and_greatest_lengths),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
