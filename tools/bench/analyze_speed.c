/* Measures the stages of the analysis of a text, on one core, in processor time:
 *
 *     analyze_speed TEXT LENGTHS LANGUAGE [ROUNDS]
 *
 * TEXT holds documents one behind the other, LENGTHS the bytes of each, one a line. A line of
 * output is a stage, its best time of the rounds in seconds, MB/s and ns a token, tab-separated
 * (tools/bench/analysis makes a table of it):
 *   read   what the others, whose text is in memory, do not do: reading it from the page cache
 *   words  where words begin and end, ASCII in lower case, passages cut
 *   fold   that, and the folded forms of every word that is not plain ASCII
 *   terms  the analyzer's windows: every token a number in the vocabulary
 *   stems  that, and the batch closed every 128 MiB: the stem of every word of the vocabulary */
#include "stemmers/analyzer.h"
#include "stemmers/fold.h"
#include "stemmers/passages.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BATCH = 128 << 20, STAGES = 5 };

struct corpus {
    uint8_t *text;
    size_t size;
    size_t *lengths;
    size_t count;
    size_t capacity;
};

static double processor_seconds(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void give_up(const char *what)
{
    fprintf(stderr, "analyze_speed: %s\n", what);
    exit(1);
}

static void read_corpus(struct corpus *corpus, const char *text, const char *lengths)
{
    FILE *file = fopen(text, "rb"), *list = fopen(lengths, "r");
    size_t length, sum = 0;
    struct {
        size_t *items;
        size_t count, capacity;
    } all = {NULL, 0, 0};

    if (!file || !list)
        give_up("cannot open the corpus");
    while (fscanf(list, "%zu", &length) == 1) {
        if (!kw_grow(&all, all.count + 1))
            give_up("out of memory");
        all.items[all.count++] = length;
        sum += length;
    }
    corpus->lengths = all.items;
    corpus->count = all.count;
    corpus->text = (uint8_t *)malloc(sum + 1);
    corpus->size = sum;
    if (!corpus->text || fread(corpus->text, 1, sum + 1, file) != sum)
        give_up("the text's size is not the sum of the lengths");
    fclose(file);
    fclose(list);
}

static void require(enum kw_status status)
{
    if (status != KW_OK)
        give_up("the analysis failed");
}

/* Reads the text as wc does, a buffer at a time. */
static size_t read_again(const char *text)
{
    static uint8_t buffer[1 << 16];
    FILE *file = fopen(text, "rb");
    size_t sum = 0, got;

    if (!file)
        give_up("cannot open the corpus");
    setvbuf(file, NULL, _IONBF, 0);
    while ((got = fread(buffer, 1, sizeof buffer, file)) > 0)
        sum += got;
    fclose(file);
    return sum;
}

/* Words and passages of one text; with `fold`, the forms of all words that are not plain. Returns a
 * sum over what was found, so that nothing is left out. */
static size_t cut_text(struct kw_view text, struct kw_words *words, struct kw_fold *fold)
{
    size_t sum = 0;

    while (text.size) {
        size_t first = 0, start = 0, gap = 0, taken;

        require(kw_words_scan(words, text, (1 << 20) + KW_PASSAGE_SIGHT, NULL));
        while (start < text.size && start < 1 << 20) {
            start = kw_passage_end(text, start, words, first, &gap, &taken);
            for (size_t i = first; fold && i < first + taken; i++) {
                const struct kw_word *word = &words->items[i];
                if (word->kind == KW_WORD_PLAIN)
                    continue;
                require(kw_fold_word(fold, (struct kw_view){text.data + word->start, word->size},
                                     NULL));
                sum += fold->surface.size;
            }
            first += taken;
        }
        text.data += start;
        text.size -= start;
        sum += first;
    }
    return sum;
}

static size_t cut_all(const struct corpus *corpus, bool with_forms)
{
    struct kw_words words = KW_WORDS_INIT;
    struct kw_fold fold = KW_FOLD_INIT;
    size_t at = 0, sum = 0;

    for (size_t i = 0; i < corpus->count; i++) {
        sum += cut_text((struct kw_view){corpus->text + at, corpus->lengths[i]}, &words,
                        with_forms ? &fold : NULL);
        at += corpus->lengths[i];
    }
    kw_words_release(&words);
    kw_fold_release(&fold);
    return sum;
}

static size_t analyze_text(struct kw_analyzer *analyzer, struct kw_view text)
{
    size_t sum = 0;

    while (text.size) {
        struct kw_tokens tokens;
        const struct kw_passage *passages;
        size_t count;

        require(kw_analyzer_window(analyzer, text, &tokens, &passages, &count, NULL));
        sum += tokens.count;
        for (size_t i = 0; i < count; i++) {
            text.data += passages[i].bytes;
            text.size -= passages[i].bytes;
        }
    }
    return sum;
}

static size_t analyze_all(const struct corpus *corpus, const char *language, bool close)
{
    struct kw_analysis settings = {.version = KW_ANALYSIS_VERSION};
    struct kw_analyzer *analyzer;
    size_t at = 0, batch = 0, sum = 0;

    snprintf(settings.language, sizeof settings.language, "%s", language);
    require(kw_analyzer_new(&analyzer, &settings, NULL));
    for (size_t i = 0; i < corpus->count; i++) {
        sum += analyze_text(analyzer, (struct kw_view){corpus->text + at, corpus->lengths[i]});
        at += corpus->lengths[i];
        if (at - batch >= BATCH || i + 1 == corpus->count) {
            if (close)
                require(kw_analyzer_close(analyzer, NULL));
            kw_analyzer_clear(analyzer);
            batch = at;
        }
    }
    kw_analyzer_free(analyzer);
    return sum;
}

/* Runs one stage; returns the tokens that it counted, if it counts any. */
static size_t run_stage(int stage, const struct corpus *corpus, char **argv)
{
    switch (stage) {
    case 0:
        return read_again(argv[1]) * 0;
    case 1:
    case 2:
        return cut_all(corpus, stage == 2) * 0;
    default:
        return analyze_all(corpus, argv[3], stage == 4);
    }
}

int main(int argc, char **argv)
{
    static const char *const stages[STAGES] = {"read", "words", "fold", "terms", "stems"};
    struct corpus corpus = {.count = 0};
    double best[STAGES] = {0};
    size_t tokens = 0;
    int rounds = argc > 4 ? (int)strtol(argv[4], NULL, 10) : 3;

    if (argc < 4)
        give_up("usage: analyze_speed TEXT LENGTHS LANGUAGE [ROUNDS]");
    read_corpus(&corpus, argv[1], argv[2]);
    for (int round = 0; round < rounds; round++) {
        for (int stage = 0; stage < STAGES; stage++) {
            double start = processor_seconds(), seconds;
            size_t counted = run_stage(stage, &corpus, argv);

            seconds = processor_seconds() - start;
            if (counted > 0)
                tokens = counted;
            if (round == 0 || seconds < best[stage])
                best[stage] = seconds;
        }
    }
    for (int stage = 0; stage < STAGES; stage++)
        printf("%s\t%.4f\t%.1f\t%.2f\n", stages[stage], best[stage],
               (double)corpus.size / best[stage] / 1e6, best[stage] / (double)tokens * 1e9);
    printf("tokens\t%zu\n", tokens);
    free(corpus.text);
    free(corpus.lengths);
    return 0;
}
