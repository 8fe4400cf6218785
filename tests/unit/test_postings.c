/* Postings: random lists come back through the cursor, walked and jumped through. */
#include "index/postings.h"

#include "tests/unit/index_builder.h"

enum { LISTS = 24, DOCUMENTS = 6000 };

/* How many postings each list has: around the sizes where its form changes. */
static const uint32_t sizes[LISTS] = {1,   2,   3,   7,   8,   15,   16,   17,
                                      18,  40,  127, 128, 129, 200,  255,  256,
                                      257, 300, 511, 512, 600, 1000, 1999, 2000};

/* One posting of one list as it goes in. */
struct posting {
    uint32_t document;
    uint32_t list;
    uint32_t frequency;
    uint32_t *positions;
};

struct fixture {
    struct scratch scratch;
    struct kw_segment *segment;
    struct posting *postings[LISTS];
};

/* Draws a list: rising documents, mostly few positions, now and then very many or very far apart.
 */
static struct posting *draw(uint64_t *seed, uint32_t list)
{
    uint32_t count = sizes[list];
    struct posting *postings = calloc(count, sizeof *postings);
    uint32_t document = 0;
    assert_non_null(postings);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t room = (DOCUMENTS - document) / (count - i);
        document += scratch_below(seed, room);
        uint32_t frequency =
            scratch_below(seed, 10) ? 1 + scratch_below(seed, 4) : 1 + scratch_below(seed, 300);
        if (list < 10)
            frequency = 1;
        uint32_t position = scratch_below(seed, 3);
        postings[i] =
            (struct posting){document++, list, frequency, calloc(frequency, sizeof(uint32_t))};
        for (uint32_t j = 0; j < frequency; j++) {
            postings[i].positions[j] = position;
            position += 1 + scratch_below(seed, scratch_below(seed, 50) ? 4 : 1000000);
        }
    }
    return postings;
}

static int compare_places(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* Adds what the lists have of a document; next[list] is each list's next posting. */
static void add_document(struct fixture *fixture, struct index_builder *builder, uint32_t document,
                         uint32_t next[LISTS])
{
    enum { MOST = LISTS * 300 };
    static uint64_t places[MOST]; /* position and word, to be sorted */
    static uint32_t words[MOST];
    static uint32_t positions[MOST];
    struct kw_entry entry = {.id = kw_view_of("")};
    size_t count = 0;
    builder_begin(builder, &entry);
    for (uint32_t list = 0; list < LISTS; list++) {
        char name[] = {(char)('a' + (int)list), 0};
        uint64_t word = word_number(&builder->words, name);
        struct posting *posting = &fixture->postings[list][next[list]];
        if (next[list] == sizes[list] || posting->document != document)
            continue;
        next[list]++;
        for (uint32_t i = 0; i < posting->frequency; i++)
            places[count++] = (uint64_t)posting->positions[i] << 32 | word;
    }
    qsort(places, count, sizeof *places, compare_places);
    for (size_t i = 0; i < count; i++) {
        words[i] = (uint32_t)places[i];
        positions[i] = (uint32_t)(places[i] >> 32);
    }
    assert_int_equal(kw_inverter_tokens(builder->inverter, kw_view_of(""), words, positions, count,
                                        0, 1 + document % 97, NULL),
                     KW_OK);
    builder_end(builder);
}

static int setup(void **state)
{
    static struct fixture fixture;
    struct index_builder builder;
    uint32_t next[LISTS] = {0};
    uint64_t seed = 11;
    scratch_init(&fixture.scratch);
    for (uint32_t list = 0; list < LISTS; list++)
        fixture.postings[list] = draw(&seed, list);
    builder_init(&builder, scratch_path(&fixture.scratch, "segment"), NULL);
    for (uint32_t document = 0; document < DOCUMENTS; document++)
        add_document(&fixture, &builder, document, next);
    builder_finish(&builder, 1);
    fixture.segment = builder_segment(fixture.scratch.path);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    for (uint32_t list = 0; list < LISTS; list++) {
        for (uint32_t i = 0; i < sizes[list]; i++)
            free(fixture->postings[list][i].positions);
        free(fixture->postings[list]);
    }
    kw_segment_free(fixture->segment);
    scratch_release(&fixture->scratch);
    return 0;
}

static struct kw_term find_list(struct fixture *fixture, uint32_t list)
{
    struct kw_bytes key = KW_BYTES_INIT;
    struct kw_term term;
    char name[] = {(char)('a' + (int)list), 0};
    kw_key_surface(&key, kw_view_of(""), kw_view_of(name));
    assert_int_equal(kw_segment_find_term(fixture->segment, kw_bytes_view(&key), &term, NULL),
                     KW_OK);
    kw_bytes_release(&key);
    return term;
}

static void assert_at(struct kw_postings *cursor, const struct posting *expected, bool positions)
{
    const uint32_t *found;
    assert_int_equal(cursor->document, expected->document);
    assert_int_equal(kw_postings_frequency(cursor), expected->frequency);
    if (!positions)
        return;
    assert_int_equal(kw_postings_positions(cursor, &found, NULL), KW_OK);
    assert_memory_equal(found, expected->positions, expected->frequency * sizeof *found);
}

static void walking_gives_every_posting(void **state)
{
    struct fixture *fixture = *state;
    for (uint32_t list = 0; list < LISTS; list++) {
        struct kw_term term = find_list(fixture, list);
        struct kw_postings cursor;
        assert_int_equal(term.documents, sizes[list]);
        kw_postings_init(&cursor, fixture->segment, &term);
        assert_int_equal(cursor.document, KW_NO_DOCUMENT);
        for (uint32_t i = 0; i < sizes[list]; i++) {
            kw_postings_next(&cursor);
            assert_at(&cursor, &fixture->postings[list][i], true);
        }
        assert_int_equal(kw_postings_next(&cursor), KW_NO_DOCUMENT);
        assert_int_equal(kw_postings_next(&cursor), KW_NO_DOCUMENT);
        assert_int_equal(kw_postings_advance(&cursor, 0), KW_NO_DOCUMENT);
        kw_postings_release(&cursor);
    }
    assert_int_equal(kw_segment_status(fixture->segment, NULL), KW_OK);
}

static void positions_can_be_left_out(void **state)
{
    struct fixture *fixture = *state;
    for (uint32_t list = 0; list < LISTS; list++) {
        struct kw_term term = find_list(fixture, list);
        struct kw_postings cursor;
        kw_postings_init(&cursor, fixture->segment, &term);
        for (uint32_t i = 0; i < sizes[list]; i++) {
            kw_postings_next(&cursor);
            assert_at(&cursor, &fixture->postings[list][i], i % 37 == 5);
        }
        kw_postings_release(&cursor);
    }
}

/* Jumps through a list by random steps, walking one posting now and then. */
static void jump(struct fixture *fixture, uint64_t *seed, uint32_t list, uint32_t step)
{
    struct kw_term term = find_list(fixture, list);
    struct kw_postings cursor;
    uint32_t target = 0;
    uint32_t at = 0;
    kw_postings_init(&cursor, fixture->segment, &term);
    for (;;) {
        target += scratch_below(seed, step);
        while (at < sizes[list] && fixture->postings[list][at].document < target)
            at++;
        uint32_t found = kw_postings_advance(&cursor, target);
        if (at < sizes[list] && scratch_below(seed, 3) == 0) {
            assert_at(&cursor, &fixture->postings[list][at++], false);
            found = kw_postings_next(&cursor);
        }
        if (at == sizes[list]) {
            assert_int_equal(found, KW_NO_DOCUMENT);
            break;
        }
        assert_int_equal(found, fixture->postings[list][at].document);
        assert_at(&cursor, &fixture->postings[list][at], true);
    }
    kw_postings_release(&cursor);
}

static void advancing_finds_the_first_at_or_behind_its_target(void **state)
{
    static const uint32_t steps[] = {1, 3, 20, 100, 700, 3000, DOCUMENTS};
    struct fixture *fixture = *state;
    uint64_t seed = 3;
    for (uint32_t list = 0; list < LISTS; list++)
        for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
            jump(fixture, &seed, list, steps[i] + 1);
}

static void advancing_never_goes_back(void **state)
{
    struct fixture *fixture = *state;
    struct kw_term term = find_list(fixture, LISTS - 1);
    struct kw_postings cursor;
    kw_postings_init(&cursor, fixture->segment, &term);
    uint32_t found = kw_postings_advance(&cursor, DOCUMENTS / 2);
    assert_int_equal(kw_postings_advance(&cursor, 0), found);
    assert_int_equal(kw_postings_advance(&cursor, found), found);
    assert_int_equal(kw_postings_advance(&cursor, KW_NO_DOCUMENT), KW_NO_DOCUMENT);
    kw_postings_release(&cursor);
}

static void short_lists_live_in_the_lexicon(void **state)
{
    struct fixture *fixture = *state;
    for (uint32_t list = 0; list < LISTS; list++) {
        struct kw_term term = find_list(fixture, list);
        if (term.place == KW_PLACE_INLINE)
            assert_true(term.inlined.size <= KW_INLINE_BYTES && term.documents <= 10);
        else
            assert_true(term.documents > 5);
    }
    assert_int_equal(find_list(fixture, 0).place, KW_PLACE_INLINE);
    assert_int_equal(find_list(fixture, 3).place, KW_PLACE_INLINE);
    assert_int_equal(find_list(fixture, LISTS - 1).place, KW_PLACE_LISTED);
}

static void the_inline_form_is_taken_up_to_its_last_byte(void **state)
{
    struct scratch scratch;
    struct index_builder builder;
    (void)state;
    scratch_init(&scratch);
    builder_init(&builder, scratch_path(&scratch, "segment"), NULL);
    /* Three bytes a posting with one position below 128: ten are 30 bytes, eleven 33; one posting
     * with 30 positions is 32 bytes, with 31 it is 33. */
    char often[400] = "";
    for (int i = 0; i < 31; i++) {
        strcat(often, i < 30 ? "full over " : "over ");
        builder_add(&builder, "", "", i < 10 ? "ten eleven" : i == 10 ? "eleven" : "none");
    }
    builder_add(&builder, "", "", often);
    builder_finish(&builder, 1);
    struct kw_segment *segment = builder_segment(scratch.path);
    static const struct {
        const char *word;
        enum kw_term_place place;
    } words[] = {{"ten", KW_PLACE_INLINE},
                 {"eleven", KW_PLACE_LISTED},
                 {"full", KW_PLACE_INLINE},
                 {"over", KW_PLACE_LISTED}};
    for (size_t i = 0; i < 4; i++) {
        struct kw_bytes key = KW_BYTES_INIT;
        struct kw_term term;
        kw_key_surface(&key, kw_view_of(""), kw_view_of(words[i].word));
        assert_int_equal(kw_segment_find_term(segment, kw_bytes_view(&key), &term, NULL), KW_OK);
        assert_int_equal(term.place, words[i].place);
        kw_bytes_release(&key);
    }
    kw_segment_free(segment);
    scratch_release(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(walking_gives_every_posting),
        cmocka_unit_test(positions_can_be_left_out),
        cmocka_unit_test(advancing_finds_the_first_at_or_behind_its_target),
        cmocka_unit_test(advancing_never_goes_back),
        cmocka_unit_test(short_lists_live_in_the_lexicon),
        cmocka_unit_test(the_inline_form_is_taken_up_to_its_last_byte),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
