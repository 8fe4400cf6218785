/* A field's own vocabulary: each token must have the bytes that it had before, and nothing else may
 * be in it. */
#include "index/narrow.h"
#include "index_scratch.h"

enum { WORDS = 1000, SURFACES = 600, STEMS = 300, TOKENS = 90 };

static char names[3][WORDS][8];
static struct kw_view surfaces[SURFACES], stems[2][STEMS];
static uint32_t surface_of[WORDS], stem_of[2][WORDS];

/* Words with random surface forms, and random stems in the languages 0 and 2; 1 has none. */
static struct kw_batch_words random_words(uint64_t *seed, struct kw_stem_table tables[3])
{
    for (uint32_t i = 0; i < SURFACES; i++)
        surfaces[i] =
            (struct kw_view){(uint8_t *)names[0][i], (size_t)snprintf(names[0][i], 8, "w%u", i)};
    for (int k = 0; k < 2; k++)
        for (uint32_t i = 0; i < STEMS; i++)
            stems[k][i] =
                (struct kw_view){(uint8_t *)names[k + 1][i],
                                 (size_t)snprintf(names[k + 1][i], 8, "%c%u", 's' + k, i)};
    for (uint32_t i = 0; i < WORDS; i++) {
        surface_of[i] = scratch_below(seed, SURFACES);
        for (int k = 0; k < 2; k++)
            stem_of[k][i] = scratch_below(seed, 3) ? scratch_below(seed, STEMS) : UINT32_MAX;
    }
    tables[0] = (struct kw_stem_table){kw_view_of("one"), stem_of[0], stems[0], STEMS};
    tables[1] = (struct kw_stem_table){kw_view_of("none"), NULL, NULL, 0};
    tables[2] = (struct kw_stem_table){kw_view_of("two"), stem_of[1], stems[1], STEMS};
    return (struct kw_batch_words){WORDS, surface_of, surfaces, SURFACES, 7, tables, 3};
}

static void add_tokens(struct kw_batch *batch, uint64_t *seed, uint32_t count)
{
    batch->name = strdup("field");
    batch->name_size = 5;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t word = scratch_below(seed, WORDS), position = i % 10;
        assert_int_equal(kw_batch_add(batch, i / 10, i % 3, &word, &position, 1, 0, 1, NULL),
                         KW_OK);
    }
}

/* Holds each number to be one of the `count`, and each of these to be somebody's. */
static void assert_dense(const uint32_t *numbers, uint32_t of, uint32_t count)
{
    bool met[WORDS] = {false};
    for (uint32_t i = 0; i < of; i++) {
        assert_true(numbers[i] < count || numbers[i] == UINT32_MAX);
        if (numbers[i] != UINT32_MAX)
            met[numbers[i]] = true;
    }
    for (uint32_t i = 0; i < count; i++)
        assert_true(met[i]);
}

static void assert_same(const struct kw_narrow *narrow, const struct kw_batch *batch,
                        const struct kw_batch_words *before)
{
    const struct kw_batch_words *now = &narrow->vocabulary;
    for (size_t i = 0; i < batch->count; i++) {
        uint32_t old = batch->words.items[i], new = narrow->batch.words.items[i];
        assert_true(new < now->word_count);
        assert_true(kw_view_equal(now->surfaces[now->surface_of[new]],
                                  before->surfaces[before->surface_of[old]]));
        for (uint32_t k = 0; k < now->language_count; k++) {
            const struct kw_stem_table *a = &before->languages[k], *b = &now->languages[k];
            if (!a->stem_of) {
                assert_null(b->stem_of);
                continue;
            }
            assert_int_equal(a->stem_of[old] == UINT32_MAX, b->stem_of[new] == UINT32_MAX);
            if (a->stem_of[old] != UINT32_MAX)
                assert_true(kw_view_equal(a->stems[a->stem_of[old]], b->stems[b->stem_of[new]]));
        }
    }
}

static void tokens_keep_their_terms_and_no_others_stay(void **state)
{
    uint64_t seed = 7;
    (void)state;
    for (uint32_t round = 0; round <= TOKENS; round++) {
        struct kw_stem_table tables[3];
        struct kw_batch_words before = random_words(&seed, tables);
        struct kw_batch batch = {0};
        struct kw_narrow narrow;
        add_tokens(&batch, &seed, round);
        assert_int_equal(kw_narrow_init(&narrow, &batch, &before, NULL), KW_OK);
        const struct kw_batch_words *now = &narrow.vocabulary;
        assert_int_equal(narrow.batch.count, batch.count);
        assert_ptr_equal(narrow.batch.runs.items, batch.runs.items);
        assert_int_equal(now->language_count, 3);
        assert_int_equal(now->cut_count, 7);
        assert_same(&narrow, &batch, &before);
        assert_dense(narrow.batch.words.items, (uint32_t)batch.count, now->word_count);
        assert_dense(now->surface_of, now->word_count, now->surface_count);
        for (uint32_t k = 0; k < 3; k += 2)
            assert_dense(now->languages[k].stem_of, now->word_count, now->languages[k].stem_count);
        kw_narrow_release(&narrow);
        kw_batch_release(&batch);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_keep_their_terms_and_no_others_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
