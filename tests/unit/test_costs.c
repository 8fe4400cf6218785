/* What the analyzer costs: no allocation for a token whose word is known, few for others, and time
 * in proportion to the text, whatever its characters are.
 *
 * Calls of malloc and its like within libkwic come here first: the program is linked with --wrap
 * (see Makefile.am). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random_text.h"
#include "stemmers/analyzer.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static size_t allocations;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_reallocarray(void *old, size_t count, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_reallocarray(void *old, size_t count, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);

void *__wrap_malloc(size_t size)
{
    allocations++;
    return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    allocations++;
    return __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    allocations++;
    return __real_realloc(old, size);
}

void *__wrap_reallocarray(void *old, size_t count, size_t size)
{
    allocations++;
    return __real_reallocarray(old, count, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    allocations++;
    return __real_aligned_alloc(alignment, size);
}

static struct kw_analyzer *new_analyzer(const char *language)
{
    struct kw_analysis settings = {.version = KW_ANALYSIS_VERSION};
    struct kw_analyzer *analyzer;

    snprintf(settings.language, sizeof settings.language, "%.20s", language);
    assert_int_equal(kw_analyzer_new(&analyzer, &settings, NULL), KW_OK);
    return analyzer;
}

/* Analyses a document and closes the batch; how many tokens it has. */
static size_t analyse(struct kw_analyzer *analyzer, struct kw_view text)
{
    size_t count = 0;

    while (text.size) {
        struct kw_tokens tokens;
        const struct kw_passage *passages;
        size_t passage_count;

        assert_int_equal(
            kw_analyzer_window(analyzer, text, &tokens, &passages, &passage_count, NULL), KW_OK);
        count += tokens.count;
        for (size_t i = 0; i < passage_count; i++) {
            text.data += passages[i].bytes;
            text.size -= passages[i].bytes;
        }
    }
    assert_int_equal(kw_analyzer_close(analyzer, NULL), KW_OK);
    return count;
}

enum { TEXT = 4 << 20 };

/* A text of random characters of many scripts, its size in *size; the caller frees it. */
static uint8_t *new_text(uint64_t random, size_t *size)
{
    uint8_t *text = (uint8_t *)malloc(TEXT);

    assert_non_null(text);
    *size = 0;
    while (*size < TEXT / 2)
        *size += random_text(&random, text + *size, 5000);
    return text;
}

static void known_words_allocate_nothing(void **state)
{
    static const char *const languages[] = {"english", "russian", "turkish", "none"};
    size_t size;
    uint8_t *text = new_text(5, &size);

    (void)state;
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++) {
        struct kw_analyzer *analyzer = new_analyzer(languages[i]);
        size_t before, tokens = analyse(analyzer, (struct kw_view){text, size});

        assert_true(tokens > 100000);
        before = allocations;
        for (int again = 0; again < 2; again++)
            assert_int_equal(analyse(analyzer, (struct kw_view){text, size}), tokens);
        assert_int_equal(allocations - before, 0);
        kw_analyzer_free(analyzer);
    }
    free(text);
}

static void new_words_allocate_by_the_hundred_kilobyte(void **state)
{
    struct kw_analyzer *analyzer = new_analyzer("english");
    size_t before = allocations, words = 300000;
    char *text = (char *)malloc(words * 8);

    (void)state;
    for (size_t i = 0; i < words; i++) {
        size_t number = i;
        for (int at = 0; at < 7; at++, number /= 26)
            text[i * 8 + (size_t)at] = (char)('a' + number % 26);
        text[i * 8 + 7] = ' ';
    }
    assert_int_equal(analyse(analyzer, (struct kw_view){(uint8_t *)text, words * 8}), words);
    assert_int_equal(kw_analyzer_words(analyzer), words);
    /* three vocabularies of two megabytes each, in chunks; tables and arrays that double */
    assert_in_range(allocations - before, 1, 250);
    kw_analyzer_free(analyzer);
    free(text);
}

static double processor_seconds(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* That a document, which takes 5 to 30 ns a byte, does not take 300, or ten times as long under a
 * sanitizer. */
static void assert_quick(struct kw_analyzer *analyzer, struct kw_view text, const char *first,
                         const char *second)
{
    double start = processor_seconds(), seconds;

    analyse(analyzer, text);
    seconds = processor_seconds() - start;
    kw_analyzer_clear(analyzer);
    if (seconds > 3e-7 * (double)text.size * (getenv("KWIC_SANITIZED") ? 10 : 1) + 0.01)
        fail_msg("%.0f ns a byte for '%s' and '%s'", seconds * 1e9 / (double)text.size, first,
                 second);
}

/* Fills text[0..room) with the two pieces in turn. */
static size_t fill(uint8_t *text, size_t room, const char *first, const char *second)
{
    const char *piece = first;
    size_t size = 0;

    while (size + strlen(piece) <= room) {
        memcpy(text + size, piece, strlen(piece));
        size += strlen(piece);
        piece = piece == first ? second : first;
    }
    return size;
}

static void time_grows_with_the_text_alone(void **state)
{
    static uint8_t text[1 << 20];
    struct kw_analyzer *analyzer = new_analyzer("english");

    (void)state;
    for (size_t i = 0; i < RANDOM_PIECES; i++) {
        for (size_t k = 0; k <= i; k++) {
            const char *first = random_pieces[i], *second = random_pieces[k];
            size_t room = i == k || getenv("KWIC_LONG") ? sizeof text : 1 << 15;

            assert_quick(analyzer, (struct kw_view){text, fill(text, room, first, second)}, first,
                         second);
        }
    }
    kw_analyzer_free(analyzer);
}

/* Hundreds of marks on a letter, in the worst order, and all of these words distinct. */
static void many_marks_cost_no_more(void **state)
{
    static const uint32_t marks[][2] = {{0x301, 0x316}, {0x652, 0x64B}, {0x5C2, 0x5B0}};
    static uint8_t text[1 << 20];
    struct kw_analyzer *analyzer = new_analyzer("russian");

    (void)state;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t size = 0;

        for (uint32_t number = 0; size + 1100 < sizeof text; number++) {
            for (uint32_t rest = number, k = 0; k < 3; k++, rest /= 32)
                size += kw_utf8_encode(0x430 + rest % 32, text + size);
            for (int mark = 0; mark < 506; mark++)
                size += kw_utf8_encode(marks[i][mark >= 253], text + size);
            text[size++] = ' ';
        }
        assert_quick(analyzer, (struct kw_view){text, size}, "a letter", "500 marks");
    }
    kw_analyzer_free(analyzer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_words_allocate_nothing),
        cmocka_unit_test(new_words_allocate_by_the_hundred_kilobyte),
        cmocka_unit_test(time_grows_with_the_text_alone),
        cmocka_unit_test(many_marks_cost_no_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
