/* Random documents for property tests: of a few ids and files, with fields of all types. */
#ifndef KW_TESTS_RANDOM_DOCUMENT_H
#define KW_TESTS_RANDOM_DOCUMENT_H

#include "ingest/document.h"
#include "tests/unit/random_text.h"

#include <stdio.h>

enum { RANDOM_IDS = 24, RANDOM_PATHS = 4, RANDOM_TEXT = 6000, RANDOM_TITLE = 60 };

struct random_document {
    char id[16];
    char path[16];
    uint8_t title[RANDOM_TITLE];
    uint8_t text[RANDOM_TEXT];
    uint8_t values[4][40];
    struct kw_scalar scalars[8];
    struct kw_field fields[4];
    struct kw_file_facts facts;
    struct kw_document document;
};

static inline struct kw_view random_view(uint64_t *seed, uint8_t *room, size_t size)
{
    return (struct kw_view){room, random_text(seed, room, size)};
}

/* A field of words, of numbers, of keywords or of dates, perhaps one that does not fit its type. */
static inline void random_fields(uint64_t *seed, struct random_document *sample)
{
    static const char *const numbers[] = {"7", "-2.5", "1e3", "0"};
    struct kw_scalar *scalars = sample->scalars;
    size_t count = 0;
    scalars[0] = (struct kw_scalar){KW_SCALAR_STRING, random_view(seed, sample->values[0], 40)};
    scalars[6] = (struct kw_scalar){KW_SCALAR_NUMBER, kw_view_of(numbers[random_below(seed, 4)])};
    scalars[7] = (struct kw_scalar){KW_SCALAR_NUMBER, kw_view_of(numbers[random_below(seed, 4)])};
    scalars[2] = (struct kw_scalar){KW_SCALAR_STRING, random_view(seed, sample->values[1], 40)};
    scalars[3] = (struct kw_scalar){KW_SCALAR_STRING, kw_view_of("b")};
    scalars[4] = random_below(seed, 2) ? scalars[2] : scalars[3];
    scalars[5] = (struct kw_scalar){KW_SCALAR_STRING,
                                    kw_view_of(random_below(seed, 5) ? "2007-10-05" : "long ago")};
    if (random_below(seed, 2))
        sample->fields[count++] =
            (struct kw_field){kw_view_of(random_below(seed, 2) ? "author" : "Ort"),
                              KW_FIELD_TEXT,
                              scalars[0].text,
                              &scalars[0],
                              1,
                              false};
    if (random_below(seed, 2))
        sample->fields[count++] = (struct kw_field){kw_view_of("year"),        KW_FIELD_JSON,
                                                    scalars[6].text,           &scalars[6],
                                                    1 + random_below(seed, 2), false};
    if (random_below(seed, 2))
        sample->fields[count++] = (struct kw_field){
            kw_view_of("tags"), KW_FIELD_JSON, kw_view_of("[]"), &scalars[2], 3, false};
    if (random_below(seed, 2))
        sample->fields[count++] = (struct kw_field){
            kw_view_of("when"), KW_FIELD_TEXT, scalars[5].text, &scalars[5], 1, false};
    sample->document.fields = sample->fields;
    sample->document.field_count = count;
}

/* Makes sample->document another one. */
static inline void random_document(uint64_t *seed, struct random_document *sample)
{
    bool record = random_below(seed, 3);
    struct kw_document *document = &sample->document;
    snprintf(sample->id, sizeof sample->id, "d/%zu.txt", random_below(seed, RANDOM_IDS));
    snprintf(sample->path, sizeof sample->path, "f%zu.jsonl", random_below(seed, RANDOM_PATHS));
    sample->facts =
        (struct kw_file_facts){random_below(seed, 5000), (int64_t)random_below(seed, 2000000000)};
    *document = (struct kw_document){
        .id = kw_view_of(sample->id),
        .path = kw_view_of(record ? sample->path : sample->id),
        .line = record ? 1 + random_below(seed, 100) : 0,
        .title = random_view(seed, sample->title, RANDOM_TITLE),
        .title_searched = random_below(seed, 2),
        .text = random_view(seed, sample->text, random_below(seed, 2) ? RANDOM_TEXT : 80),
        .file = record ? NULL : &sample->facts,
    };
    random_fields(seed, sample);
}

#endif
