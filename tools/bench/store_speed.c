/* Measures the stores of text (index/store.c, index/word_store.c), on one core:
 *
 *     tools/bench/store_speed FILE
 *
 * FILE is plain text, which becomes one segment with nothing but text in it. A line of output is a
 * codec: the bytes that its sections take, in percent of the text; MB of text a second written (the
 * processor's time, files included); ns a byte when all is read, passage by passage; and
 * microseconds for ten passages of random places, as a search reads them. */
#include "index/format.h"
#include "index/inverter.h"
#include "index/segment.h"
#include "stemmers/analyzer.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { PAGE_ROUNDS = 3000, PAGE = 10 };

struct text {
    struct kw_bytes bytes;
    struct {
        struct kw_extent *items;
        size_t capacity;
    } extents;
    size_t count;
};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void hold(enum kw_status status, const struct kw_error *error)
{
    if (status == KW_OK)
        return;
    fprintf(stderr, "store_speed: %s\n", error->message);
    exit(1);
}

static void read_text(struct text *text, const char *path, struct kw_error *error)
{
    struct kw_analysis settings = {.version = KW_ANALYSIS_VERSION, .language = "none"};
    struct kw_analyzer *analyzer;
    struct kw_map map;
    hold(kw_map_init(&map, path, error), error);
    hold(kw_analyzer_new(&analyzer, &settings, error), error);
    kw_bytes_append_view(&text->bytes, map.view);
    for (struct kw_view rest = kw_bytes_view(&text->bytes); rest.size;) {
        const struct kw_passage *passages;
        struct kw_tokens tokens;
        size_t count;
        hold(kw_analyzer_window(analyzer, rest, &tokens, &passages, &count, error), error);
        if (!kw_grow(&text->extents, text->count + count))
            hold(kw_fail_memory(error), error);
        for (size_t i = 0; i < count; i++) {
            text->extents.items[text->count++] =
                (struct kw_extent){passages[i].words, passages[i].bytes, passages[i].lines};
            rest.data += passages[i].bytes;
            rest.size -= passages[i].bytes;
        }
    }
    kw_analyzer_free(analyzer);
    kw_map_release(&map);
}

/* Writes the text as one document of a segment; returns the seconds that it took. */
static double write_segment(const struct text *text, uint32_t codec, const char *path,
                            struct kw_error *error)
{
    enum { SOME = 1000 };
    const struct kw_entry entry = {.id = kw_view_of("text")};
    const struct kw_stem_table language = {.language = kw_view_of("none")};
    const struct kw_batch_words words = {.languages = &language, .language_count = 1};
    struct kw_inverter *inverter;
    const uint8_t *at = text->bytes.data;
    double begin = now();
    hold(kw_inverter_new(&inverter, path, error), error);
    kw_inverter_codec(inverter, codec);
    hold(kw_inverter_begin(inverter, &entry, error), error);
    for (size_t i = 0; i < text->count; i += SOME) {
        size_t count = text->count - i < SOME ? text->count - i : SOME;
        hold(kw_inverter_text(inverter, text->extents.items + i, count, at, error), error);
        for (size_t j = 0; j < count; j++)
            at += text->extents.items[i + j].bytes;
    }
    hold(kw_inverter_end(inverter, error), error);
    hold(kw_inverter_finish(inverter, &words, false, error), error);
    kw_inverter_free(inverter);
    return now() - begin;
}

static uint64_t random_number(uint64_t *state)
{
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return *state >> 33;
}

/* Reads the segment, compares it with the text, and prints the line. */
static void measure(const struct text *text, struct kw_segment *segment, double written,
                    struct kw_error *error)
{
    struct kw_bytes out = KW_BYTES_INIT;
    uint64_t sizes = segment->text->size + segment->text_index->size;
    uint64_t seed = 1;
    if (segment->words)
        sizes += segment->words->size + segment->word_index->size;
    double all = now();
    for (uint64_t i = 0, at = 0; i < segment->passages; at += text->extents.items[i++].bytes) {
        kw_bytes_clear(&out);
        hold(kw_segment_text(segment, i, 1, &out, error), error);
        if (memcmp(out.data, text->bytes.data + at, text->extents.items[i].bytes) != 0)
            hold(kw_fail(error, KW_E_DAMAGED, "passage %llu is another one", (unsigned long long)i),
                 error);
    }
    all = now() - all;
    double pages = now();
    for (int i = 0; i < PAGE_ROUNDS; i++) {
        kw_bytes_clear(&out);
        for (int j = 0; j < PAGE; j++)
            hold(kw_segment_text(segment, random_number(&seed) % segment->passages, 1, &out, error),
                 error);
    }
    pages = now() - pages;
    double bytes = (double)text->bytes.size;
    printf("%-6s %6.2f %%  written %6.1f MB/s  read %5.2f ns a byte  ten passages %6.2f us\n",
           segment->words ? "words" : "zlib", 100 * (double)sizes / bytes, bytes / written / 1e6,
           all / bytes * 1e9, pages / PAGE_ROUNDS * 1e6);
    kw_bytes_release(&out);
}

int main(int count, char **arguments)
{
    static const uint32_t codecs[] = {KW_TEXT_ZLIB, KW_TEXT_WORDS};
    char path[] = "/tmp/store_speed.XXXXXX";
    struct kw_error error;
    struct text text = {.count = 0};
    if (count != 2 || mkstemp(path) < 0) {
        fprintf(stderr, "usage: store_speed FILE\n");
        return 2;
    }
    read_text(&text, arguments[1], &error);
    for (size_t i = 0; i < sizeof codecs / sizeof *codecs && text.count; i++) {
        struct kw_segment *segment;
        unlink(path);
        double written = write_segment(&text, codecs[i], path, &error);
        hold(kw_segment_new(&segment, path, 1, &error), &error);
        measure(&text, segment, written, &error);
        kw_segment_free(segment);
    }
    unlink(path);
    free(text.extents.items);
    kw_bytes_release(&text.bytes);
    return 0;
}
