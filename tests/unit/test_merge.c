/* Merging: whatever the segments, what is deleted of them and the order asked for, the merged
 * segment is the one that would be written of the documents left, byte for byte. */
#include "index/merge.h"

#include "index/check.h"
#include "index/deletes.h"
#include "tests/unit/index_builder.h"

enum { SEGMENTS = 9, TAGS = 3 };

static struct scratch scratch;

struct document {
    char id[16];
    char title[40]; /* searched if it is not empty */
    char *text;
    char note[40]; /* of a field of its own; empty: none */
    char path[8];  /* of a record; empty: it is a file */
    uint32_t language;
    uint32_t year; /* 0: none */
    uint32_t tags[TAGS];
    uint32_t tag_count;
    bool deleted;
};

/* How a collection is drawn. */
struct shape {
    uint32_t documents, segments;
    uint32_t words;     /* of a text, at most */
    uint32_t lines;     /* words a line, at most */
    uint32_t languages; /* 1: all speak English */
    uint32_t deleted;   /* of a hundred */
    bool sorted;        /* ids rise */
};

/* ---- Drawing ------------------------------------------------------------------------------ */

/* A word: a few often, capitals for marks, some of several stems and some without. */
static void draw_word(uint64_t *seed, char word[24])
{
    static const char *const ends[] = {"", "", "", "s", "e", "E", "es", "en", "En"};
    uint32_t rank = scratch_below(seed, 1 + scratch_below(seed, 1 + scratch_below(seed, 120)));
    if (!scratch_below(seed, 40)) {
        sprintf(word, "%u", rank);
        return;
    }
    sprintf(word, "%sw%c%u%s", scratch_below(seed, 30) ? "" : "long",
            rank % 7 || scratch_below(seed, 2) ? 'a' : 'A', rank,
            ends[rank % 3 ? 0 : scratch_below(seed, sizeof ends / sizeof *ends)]);
}

static char *draw_text(uint64_t *seed, const struct shape *shape)
{
    uint32_t count = scratch_below(seed, 6) ? scratch_below(seed, shape->words + 1) : 0;
    char *text = calloc((size_t)count + 1, 32);
    size_t size = 0;
    assert_non_null(text);
    for (uint32_t i = 0, line = 1; i < count; i++, line++) {
        char word[24];
        draw_word(seed, word);
        size += (size_t)sprintf(text + size, "%s", word);
        if (!scratch_below(seed, 20)) /* a word that shares the position */
            size += (size_t)sprintf(text + size, " +x%u", scratch_below(seed, 6));
        bool ends = line > scratch_below(seed, shape->lines) || i + 1 == count;
        size += (size_t)sprintf(text + size, ends ? "\n" : " ");
        line = ends ? 0 : line;
    }
    return text;
}

static void draw_document(uint64_t *seed, const struct shape *shape, uint32_t number,
                          struct document *document)
{
    *document = (struct document){.text = draw_text(seed, shape)};
    uint32_t name = shape->sorted ? 0 : scratch_below(seed, 1000);
    snprintf(document->id, sizeof document->id, "%03u-%06u", (unsigned)name, (unsigned)number);
    if (!scratch_below(seed, 4)) {
        draw_word(seed, document->title);
        strcat(document->title, " ");
        draw_word(seed, document->title + strlen(document->title));
    }
    if (!scratch_below(seed, 9))
        draw_word(seed, document->note);
    if (scratch_below(seed, 3))
        snprintf(document->path, sizeof document->path, "f%u", (unsigned)scratch_below(seed, 3));
    document->language = scratch_below(seed, 5) ? 0 : scratch_below(seed, shape->languages);
    if (scratch_below(seed, 4))
        document->year = 1990 + scratch_below(seed, 30);
    document->tag_count = scratch_below(seed, TAGS + 1);
    for (uint32_t i = 0; i < document->tag_count; i++)
        document->tags[i] = scratch_below(seed, 1 + scratch_below(seed, 40));
    document->deleted = scratch_below(seed, 100) < shape->deleted;
}

static struct document *draw(uint64_t seed, const struct shape *shape)
{
    struct document *documents = calloc(shape->documents, sizeof *documents);
    assert_non_null(documents);
    for (uint32_t i = 0; i < shape->documents; i++)
        draw_document(&seed, shape, i, &documents[i]);
    documents[0].deleted = false;
    return documents;
}

static void drop(struct document *documents, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        free(documents[i].text);
    free(documents);
}

/* ---- Writing ------------------------------------------------------------------------------ */

static void add_values(struct index_builder *builder, const struct document *document)
{
    for (uint32_t i = 0; i < document->tag_count; i++) {
        char tag[16];
        snprintf(tag, sizeof tag, "tag%u", (unsigned)document->tags[i]);
        assert_int_equal(
            kw_inverter_keyword(builder->inverter, kw_view_of("tag"), kw_view_of(tag), NULL),
            KW_OK);
    }
    if (document->year)
        assert_int_equal(kw_inverter_key(builder->inverter, kw_view_of("year"), KW_TYPE_NUMBER,
                                         document->year, NULL),
                         KW_OK);
    if (document->year % 30 == 1)
        assert_int_equal(kw_inverter_key(builder->inverter, kw_view_of("rare"), KW_TYPE_DATE,
                                         document->year, NULL),
                         KW_OK);
}

/* Adds a document that speaks the segment's language `language`. */
static void add(struct index_builder *builder, const struct document *document, uint32_t language)
{
    struct kw_entry_field note = {kw_view_of("note"), 's', kw_view_of(document->note)};
    struct kw_entry entry = {.id = kw_view_of(document->id),
                             .title = kw_view_of(document->title),
                             .title_searched = document->title[0] != 0,
                             .path = kw_view_of(document->path),
                             .is_record = document->path[0] != 0,
                             .line = document->path[0] != 0,
                             .language = language,
                             .fields = &note,
                             .field_count = document->note[0] != 0};
    uint32_t base = 0;
    builder_begin(builder, &entry);
    if (entry.title_searched) {
        builder_words(builder, "title", entry.title, 0);
        base = builder_words(builder, "", entry.title, 0) + KW_TITLE_GAP;
    }
    builder_text(builder, document->text, base);
    if (entry.field_count)
        builder_words(builder, "note", note.value, 0);
    add_values(builder, document);
    builder_end(builder);
}

/* As builder_finish, with the languages `spoken`. */
static void finish(struct index_builder *builder, const uint32_t *spoken, uint32_t count)
{
    struct forms forms[LANGUAGES + 1];
    struct kw_stem_table tables[LANGUAGES];
    for (uint32_t i = 0; i <= LANGUAGES; i++)
        forms_init(&forms[i], &builder->words, i);
    for (uint32_t i = 0; i < count; i++) {
        const struct forms *own = &forms[spoken[i]];
        tables[i] = (struct kw_stem_table){kw_view_of(language_names[spoken[i]]),
                                           spoken[i] == NONE ? NULL : own->number_of, own->views,
                                           own->list.count};
    }
    const struct forms *surfaces = &forms[LANGUAGES];
    struct kw_batch_words vocabulary = {builder->words.count,
                                        surfaces->number_of,
                                        surfaces->views,
                                        surfaces->list.count,
                                        0,
                                        tables,
                                        count};
    assert_int_equal(kw_inverter_finish(builder->inverter, &vocabulary, false, NULL), KW_OK);
    for (uint32_t i = 0; i <= LANGUAGES; i++) {
        free(forms[i].list.items);
        free(forms[i].number_of);
        free(forms[i].views);
    }
    kw_inverter_free(builder->inverter);
    free(builder->words.items);
}

/* Writes a segment of documents, which are those of `order` or all. */
static void write_segment(const char *name, const struct document *documents, const uint32_t *order,
                          uint32_t count)
{
    struct index_builder builder;
    uint32_t spoken[LANGUAGES], languages = 0;
    builder_init(&builder, scratch_path(&scratch, name), NULL);
    for (uint32_t i = 0; i < count; i++) {
        const struct document *document = &documents[order ? order[i] : i];
        uint32_t language = 0;
        while (language < languages && spoken[language] != document->language)
            language++;
        if (language == languages)
            spoken[languages++] = document->language;
        add(&builder, document, language);
    }
    finish(&builder, spoken, languages);
}

/* ---- Comparing ---------------------------------------------------------------------------- */

static void compare(const char *one, const char *other)
{
    struct kw_segment *segments[2];
    struct kw_bytes bytes[2] = {scratch_read(&scratch, one), scratch_read(&scratch, other)};
    segments[0] = builder_segment(scratch_path(&scratch, one));
    segments[1] = builder_segment(scratch_path(&scratch, other));
    assert_int_equal(segments[0]->pages.section_count, segments[1]->pages.section_count);
    for (uint32_t i = 0; i < segments[0]->pages.section_count; i++) {
        const struct kw_section *a = &segments[0]->pages.sections[i];
        const struct kw_section *b = &segments[1]->pages.sections[i];
        assert_string_equal(a->name, b->name);
        bool same = a->size == b->size && a->parameter == b->parameter &&
                    memcmp(bytes[0].data + a->offset, bytes[1].data + b->offset, a->size) == 0;
        if (!same)
            fail_msg("section '%s' differs: %u and %u bytes, parameters %u and %u", a->name,
                     (unsigned)a->size, (unsigned)b->size, (unsigned)a->parameter,
                     (unsigned)b->parameter);
    }
    assert_true(kw_view_equal(kw_bytes_view(&bytes[0]), kw_bytes_view(&bytes[1])));
    for (int i = 0; i < 2; i++) {
        kw_segment_free(segments[i]);
        kw_bytes_release(&bytes[i]);
    }
}

/* Writes the documents as `count` segments and opens them; deletes are told by the segment, or by a
 * map of bits. */
static void open_sources(struct document *documents, const struct shape *shape, uint64_t *seed,
                         struct kw_merge_source sources[SEGMENTS])
{
    for (uint32_t i = 0, from = 0; i < shape->segments; i++) {
        uint32_t left = shape->documents - from, later = shape->segments - i - 1;
        uint32_t count =
            later ? 1 + scratch_below(seed, (left - later) / (later ? 2 : 1) + 1) : left;
        uint32_t *deleted = malloc((size_t)count * sizeof *deleted);
        uint8_t *bits = calloc(count / 8 + 1, 1);
        uint32_t deleted_count = 0;
        char name[24];
        count = count > left - later ? left - later : count;
        assert_true(deleted && bits);
        snprintf(name, sizeof name, "segment-%u", (unsigned)i);
        write_segment(name, documents + from, NULL, count);
        sources[i] = (struct kw_merge_source){builder_segment(scratch.path), NULL};
        for (uint32_t d = 0; d < count; d++) {
            if (!documents[from + d].deleted)
                continue;
            deleted[deleted_count++] = d;
            bits[d / 8] |= (uint8_t)(1U << (d % 8));
        }
        if (i % 2) {
            sources[i].deleted = bits;
            bits = NULL;
        } else if (deleted_count) {
            snprintf(name, sizeof name, "deletes-%u", (unsigned)i);
            assert_int_equal(kw_deletes_write(scratch_path(&scratch, name), sources[i].segment,
                                              deleted, deleted_count, false, NULL),
                             KW_OK);
            assert_int_equal(kw_segment_attach_deletes(sources[i].segment, scratch.path, NULL),
                             KW_OK);
        }
        free(deleted);
        free(bits);
        from += count;
    }
}

static void close_sources(struct kw_merge_source sources[SEGMENTS], uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        kw_segment_free(sources[i].segment);
        free((void *)(uintptr_t)sources[i].deleted);
    }
}

static void merge(const struct kw_merge_source *sources, uint32_t count, const char *name,
                  const uint32_t *order)
{
    struct kw_error error = KW_ERROR_INIT;
    char spool[64];
    snprintf(spool, sizeof spool, "%s/spool", scratch.folder);
    struct kw_merge_options options = {
        .path = scratch_path(&scratch, name), .spool = spool, .order = order};
    enum kw_status status = kw_merge(sources, count, &options, &error);
    if (status != KW_OK)
        fail_msg("%s", error.message);
    assert_false(scratch_has(&scratch, "spool"));
}

/* Draws a collection, merges its segments, in their order or another one, and compares. */
static void try(uint64_t seed, const struct shape *shape, bool shuffled)
{
    struct kw_merge_source sources[SEGMENTS];
    struct document *documents = draw(seed, shape);
    uint32_t *left = malloc(shape->documents * sizeof *left);
    uint32_t *order = malloc(shape->documents * sizeof *order);
    uint32_t *shown = malloc(shape->documents * sizeof *shown);
    uint32_t count = 0;
    assert_true(left && order && shown);
    open_sources(documents, shape, &seed, sources);
    for (uint32_t i = 0; i < shape->documents; i++)
        if (!documents[i].deleted) {
            order[count] = count;
            left[count++] = i;
        }
    for (uint32_t i = count; shuffled && i-- > 1;) {
        uint32_t other = scratch_below(&seed, i + 1), held = order[i];
        order[i] = order[other];
        order[other] = held;
    }
    for (uint32_t i = 0; i < count; i++)
        shown[i] = left[order[i]];
    merge(sources, shape->segments, "merged", shuffled ? order : NULL);
    write_segment("fresh", documents, shown, count);
    compare("merged", "fresh");
    close_sources(sources, shape->segments);
    drop(documents, shape->documents);
    free(left);
    free(order);
    free(shown);
    scratch_release(&scratch);
    scratch_init(&scratch);
}

static int setup(void **state)
{
    (void)state;
    scratch_init(&scratch);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    scratch_release(&scratch);
    return 0;
}

/* ---- Tests -------------------------------------------------------------------------------- */

static void one_segment_becomes_itself(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 4; seed++)
        try(seed, &(struct shape){100, 1, 300, 20, 3, 0, false}, false);
}

static void segments_become_that_of_all_documents(void **state)
{
    (void)state;
    for (uint64_t seed = 10; seed < 22; seed++)
        try(seed, &(struct shape){120, 2 + seed % 7, 400, 30, 1, 0, seed % 2 == 0}, false);
}

static void languages_are_numbered_as_they_come(void **state)
{
    (void)state;
    for (uint64_t seed = 30; seed < 42; seed++)
        try(seed, &(struct shape){90, 2 + seed % 5, 120, 10, 3, 0, false}, false);
}

static void deleted_documents_leave_nothing_behind(void **state)
{
    (void)state;
    for (uint64_t seed = 50; seed < 80; seed++)
        try(seed,
            &(struct shape){40 + (uint32_t)seed, 1 + seed % 6, 200, 20, 1 + seed % 3,
                            5 + (uint32_t)(seed * 7 % 90), seed % 5 == 0},
            false);
}

static void documents_take_the_order_that_is_asked_for(void **state)
{
    (void)state;
    for (uint64_t seed = 90; seed < 106; seed++)
        try(seed,
            &(struct shape){60 + (uint32_t)seed, 1 + seed % 4, 200, 20, 1 + seed % 3,
                            seed % 2 ? 30 : 0, false},
            true);
}

static void long_lists_and_pairs_are_those_of_all_documents(void **state)
{
    (void)state;
    try(200, &(struct shape){4200, 3, 40, 40, 1, 0, false}, false);
    try(201, &(struct shape){4600, 9, 40, 40, 2, 20, false}, false);
    try(202, &(struct shape){4600, 2, 40, 40, 1, 20, false}, true);
}

static bool refuse(void *context, uint64_t bytes)
{
    (void)bytes;
    return ++*(int *)context < 2;
}

static void a_merge_that_is_given_up_leaves_no_file(void **state)
{
    (void)state;
    struct kw_merge_source source[SEGMENTS];
    struct kw_error error = KW_ERROR_INIT;
    const struct shape shape = {50, 1, 100, 20, 1, 0, true};
    struct document *documents = draw(3, &shape);
    uint64_t seed = 3;
    int asked = 1;
    open_sources(documents, &shape, &seed, source);
    struct kw_merge_options options = {
        .path = scratch_path(&scratch, "merged"), .go_on = refuse, .context = &asked};
    assert_int_equal(kw_merge(source, 1, &options, &error), KW_E_INTERRUPTED);
    assert_false(scratch_has(&scratch, "merged"));
    merge(source, 1, "merged", NULL);
    options = (struct kw_merge_options){.path = scratch_path(&scratch, "merged")};
    assert_int_equal(kw_merge(source, 1, &options, &error), KW_E_IO);
    assert_true(scratch_has(&scratch, "merged"));
    close_sources(source, 1);
    drop(documents, shape.documents);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_segment_becomes_itself, setup, teardown),
        cmocka_unit_test_setup_teardown(segments_become_that_of_all_documents, setup, teardown),
        cmocka_unit_test_setup_teardown(languages_are_numbered_as_they_come, setup, teardown),
        cmocka_unit_test_setup_teardown(deleted_documents_leave_nothing_behind, setup, teardown),
        cmocka_unit_test_setup_teardown(documents_take_the_order_that_is_asked_for, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(long_lists_and_pairs_are_those_of_all_documents, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_merge_that_is_given_up_leaves_no_file, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
