/* Small segments for the ranker's tests: built by the inverter from documents written in C. */
#ifndef KW_TESTS_RANK_SEGMENT_H
#define KW_TESTS_RANK_SEGMENT_H

#include "index/deletes.h"
#include "index/inverter.h"
#include "stemmers/analyzer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

struct rank_document {
    const char *id;
    const char *title;
    const char *author; /* a field of its own; NULL: none */
    const char *text;
    uint32_t language; /* of those the analyzer has in use: 0 is English */
};

struct rank_scratch {
    char folder[32];
    char path[64]; /* of the file at hand */
    struct kw_analyzer *analyzer;
};

static inline void rank_scratch_init(struct rank_scratch *scratch)
{
    struct kw_analysis settings = {KW_ANALYSIS_VERSION, "english", false, KW_RULES_OWN};
    strcpy(scratch->folder, "/tmp/kwic-rank-XXXXXX");
    assert_non_null(mkdtemp(scratch->folder));
    snprintf(scratch->path, sizeof scratch->path, "%s/file", scratch->folder);
    assert_int_equal(kw_analyzer_new(&scratch->analyzer, &settings, NULL), KW_OK);
}

static inline void rank_scratch_release(struct rank_scratch *scratch)
{
    kw_analyzer_free(scratch->analyzer);
    assert_int_equal(rmdir(scratch->folder), 0);
}

/* Adds `text` as one piece to a field at `base`; its length in positions. */
static inline uint32_t rank_add_field(struct rank_scratch *scratch, struct kw_inverter *inverter,
                                      const char *field, const char *text, uint32_t base)
{
    struct kw_tokens tokens;
    assert_int_equal(kw_analyzer_text(scratch->analyzer, kw_view_of(text), &tokens, NULL), KW_OK);
    assert_int_equal(kw_inverter_tokens(inverter, kw_view_of(field), tokens.word, tokens.position,
                                        tokens.count, base, tokens.positions, NULL),
                     KW_OK);
    return tokens.positions;
}

static inline void rank_add_document(struct rank_scratch *scratch, struct kw_inverter *inverter,
                                     const struct rank_document *document)
{
    struct kw_entry entry = {
        .id = kw_view_of(document->id),
        .title = kw_view_of(document->title),
        .title_searched = document->title[0] != 0,
        .language = document->language,
    };
    uint32_t base = 0;
    assert_int_equal(kw_inverter_begin(inverter, &entry, NULL), KW_OK);
    if (entry.title_searched) {
        rank_add_field(scratch, inverter, "title", document->title, 0);
        base = rank_add_field(scratch, inverter, "", document->title, 0) + KW_TITLE_GAP;
    }
    if (document->author)
        rank_add_field(scratch, inverter, "author", document->author, 0);
    struct kw_extent extent = {.words = rank_add_field(scratch, inverter, "", document->text, base),
                               .bytes = (uint32_t)strlen(document->text)};
    assert_int_equal(kw_inverter_text(inverter, &extent, 1, (const uint8_t *)document->text, NULL),
                     KW_OK);
    assert_int_equal(kw_inverter_end(inverter, NULL), KW_OK);
}

/* The stems of a language; rank_finish frees what is in the table. */
static inline struct kw_stem_table rank_stems(struct kw_analyzer *analyzer, uint32_t language)
{
    uint32_t words = kw_analyzer_words(analyzer), stems = kw_analyzer_stems(analyzer, language);
    uint32_t *stem_of = calloc(words + 1, sizeof *stem_of);
    struct kw_view *stem = calloc(stems + 1, sizeof *stem);
    for (uint32_t i = 0; i < words; i++)
        stem_of[i] = kw_analyzer_stem_of(analyzer, language, i);
    for (uint32_t i = 0; i < stems; i++)
        stem[i] = kw_analyzer_stem(analyzer, language, i);
    const char *name = kw_analyzer_language(analyzer, language);
    return (struct kw_stem_table){kw_view_of(name), stem_of, stem, stems};
}

static inline void rank_finish(struct rank_scratch *scratch, struct kw_inverter *inverter)
{
    struct kw_analyzer *analyzer = scratch->analyzer;
    struct kw_stem_table tables[4];
    assert_int_equal(kw_analyzer_close(analyzer, NULL), KW_OK);
    uint32_t words = kw_analyzer_words(analyzer), surfaces = kw_analyzer_surfaces(analyzer);
    uint32_t languages = kw_analyzer_languages(analyzer);
    uint32_t *surface_of = calloc(words + 1, sizeof *surface_of);
    struct kw_view *surface = calloc(surfaces + 1, sizeof *surface);
    for (uint32_t i = 0; i < words; i++)
        surface_of[i] = kw_analyzer_surface_of(analyzer, i);
    for (uint32_t i = 0; i < surfaces; i++)
        surface[i] = kw_analyzer_surface(analyzer, i);
    assert_true(languages <= 4);
    for (uint32_t i = 0; i < languages; i++)
        tables[i] = rank_stems(analyzer, i);
    struct kw_batch_words vocabulary = {words, surface_of, surface, surfaces, 0, tables, languages};
    assert_int_equal(kw_inverter_finish(inverter, &vocabulary, false, NULL), KW_OK);
    free(surface_of);
    free(surface);
    for (uint32_t i = 0; i < languages; i++) {
        free((void *)tables[i].stem_of);
        free((void *)tables[i].stems);
    }
    kw_analyzer_clear(analyzer);
}

/* A segment of `count` documents, mapped; its file is gone already. */
static inline struct kw_segment *rank_segment(struct rank_scratch *scratch,
                                              const struct rank_document *documents, size_t count)
{
    struct kw_inverter *inverter;
    struct kw_segment *segment;
    assert_int_equal(kw_inverter_new(&inverter, scratch->path, NULL), KW_OK);
    for (size_t i = 0; i < count; i++)
        rank_add_document(scratch, inverter, &documents[i]);
    rank_finish(scratch, inverter);
    kw_inverter_free(inverter);
    assert_int_equal(kw_segment_new(&segment, scratch->path, 1, NULL), KW_OK);
    assert_int_equal(unlink(scratch->path), 0);
    return segment;
}

/* Deletes documents (rising) of a segment that has no deletes yet. */
static inline void rank_delete(struct rank_scratch *scratch, struct kw_segment *segment,
                               const uint32_t *documents, uint32_t count)
{
    assert_int_equal(kw_deletes_write(scratch->path, segment, documents, count, false, NULL),
                     KW_OK);
    assert_int_equal(kw_segment_attach_deletes(segment, scratch->path, NULL), KW_OK);
    assert_int_equal(unlink(scratch->path), 0);
}

#endif
