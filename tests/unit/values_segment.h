/* Segments of documents that have values alone, and what they are: for tests of what is asked of
 * columns. */
#ifndef KW_TESTS_VALUES_SEGMENT_H
#define KW_TESTS_VALUES_SEGMENT_H

#include "index/columns.h"
#include "tests/unit/index_builder.h"

enum { VALUES_DOCUMENTS = 300, VALUES_MOST = 3 };

/* The values of one document, in no order and with repeats. */
struct values_of_document {
    uint32_t word_count;
    char words[VALUES_MOST][16]; /* column "word": keywords, several */
    bool has_number;
    double number; /* column "number" */
    bool has_date;
    int64_t date; /* column "date" */
};

struct values_segment {
    struct kw_segment *segment;
    struct values_of_document documents[VALUES_DOCUMENTS];
};

/* Short words over few letters, among them what wildcards could trip over. */
static inline void values_word(uint64_t *seed, char word[16])
{
    static const char *const parts[] = {"a", "b", "ab", "é", "/", "*", "\xff", "本"};
    word[0] = 0;
    for (uint32_t i = scratch_below(seed, 4) + 1; i > 0; i--) {
        const char *part = parts[scratch_below(seed, 8)];
        memcpy(word + strlen(word), part, strlen(part) + 1);
    }
}

/* Fills one document; some of them share values. */
static inline void values_make(uint64_t *seed, struct values_of_document *document)
{
    *document = (struct values_of_document){.word_count = scratch_below(seed, VALUES_MOST + 1)};
    for (uint32_t i = 0; i < document->word_count; i++)
        values_word(seed, document->words[i]);
    document->has_number = scratch_below(seed, 4) > 0;
    document->number = (double)scratch_below(seed, 20) * 2.5 - 10;
    document->has_date = scratch_below(seed, 10) > 8;
    document->date = ((int64_t)scratch_below(seed, 400) - 100) * 86400 * 1000000;
}

/* Writes a segment of random documents to `path` and maps it. Without `dates` it has no such
 * column. Ids are numbers that do not rise with the documents'. */
static inline void values_segment_init(struct values_segment *values, const char *path,
                                       uint64_t *seed, bool dates)
{
    struct index_builder builder;
    builder_init(&builder, path, NULL);
    for (uint32_t i = 0; i < VALUES_DOCUMENTS; i++) {
        struct values_of_document *document = &values->documents[i];
        struct kw_inverter *inverter = builder.inverter;
        char id[16];
        snprintf(id, sizeof id, "%03u", i * 7 % VALUES_DOCUMENTS);
        struct kw_entry entry = {.id = kw_view_of(id), .title = kw_view_of("")};
        values_make(seed, document);
        document->has_date = document->has_date && dates;
        builder_begin(&builder, &entry);
        for (uint32_t k = 0; k < document->word_count; k++)
            assert_int_equal(kw_inverter_keyword(inverter, kw_view_of("word"),
                                                 kw_view_of(document->words[k]), NULL),
                             KW_OK);
        if (document->has_number)
            assert_int_equal(kw_inverter_key(inverter, kw_view_of("number"), KW_TYPE_NUMBER,
                                             kw_number_key(document->number), NULL),
                             KW_OK);
        if (document->has_date)
            assert_int_equal(kw_inverter_key(inverter, kw_view_of("date"), KW_TYPE_DATE,
                                             kw_date_key(document->date), NULL),
                             KW_OK);
        builder_end(&builder);
    }
    builder_finish(&builder, 1);
    values->segment = builder_segment(path);
}

#endif
