/* Checks the strengths of a listed term: codes, classes and counts against its postings. */
#include "index/check_segment.h"

#include <inttypes.h>
#include <stdlib.h>

struct strength_checker {
    struct kw_checker *checker;
    struct kw_postings cursor;
    struct kw_strengths told;
    uint8_t *codes; /* of all postings */
    uint32_t counts[KW_STRENGTH_CODES];
    uint8_t classes[KW_STRENGTH_CODES];
};

static void problem(const struct strength_checker *state, const char *what, uint32_t number)
{
    kw_check_report(state->checker, state->cursor.segment->pages.path, "postings",
                    "term %" PRIu64 ": %s %" PRIu32 " is not true", state->cursor.term.ordinal,
                    what, number);
}

/* Codes all postings, and compares the greatest of each block; false on damage. */
static bool code_postings(struct strength_checker *state, const struct kw_field_info *field)
{
    struct kw_postings *cursor = &state->cursor;
    uint8_t *code = state->codes;
    for (uint32_t block = 0; block < state->told.block_count; block++) {
        uint8_t greatest = 0;
        if (!kw_postings_enter(cursor, block))
            return false;
        for (uint32_t i = 0; i < cursor->count; i++, code++) {
            uint32_t length = kw_segment_length(cursor->segment, field, cursor->documents[i]);
            double k = kw_strength_k(field->documents, field->length, length);
            *code = kw_strength_code(kw_postings_frequency_at(cursor, i), k);
            greatest = *code > greatest ? *code : greatest;
            state->counts[*code]++;
        }
        if (state->told.blocks[block] != greatest)
            problem(state, "the greatest strength of block", block);
    }
    return true;
}

/* Compares the classes of each block's postings, with zeros behind the last one. */
static void check_blocks(struct strength_checker *state)
{
    const uint8_t *code = state->codes;
    const uint8_t *end = code + state->cursor.term.documents;
    for (uint32_t block = 0; block < state->told.block_count; block++) {
        uint8_t expected[KW_CLASS_BYTES] = {0};
        for (uint32_t i = 0; i < KW_POSTING_BLOCK && code < end; i++)
            expected[i / 2] |= (uint8_t)(state->classes[*code++] << (i % 2 * 4));
        const uint8_t *classes = kw_postings_classes(&state->cursor, block);
        if (!classes)
            return;
        if (memcmp(classes, expected, sizeof expected) != 0) {
            problem(state, "a class in block", block);
            return;
        }
    }
}

static void check_classes(const struct strength_checker *state)
{
    uint8_t greatest[KW_CLASSES] = {0};
    uint32_t stronger[KW_CLASSES] = {0};
    for (uint32_t code = 0; code < KW_STRENGTH_CODES; code++) {
        uint8_t class = state->classes[code];
        greatest[class] = state->counts[code] ? (uint8_t)code : greatest[class];
        for (uint32_t i = 0; i <= class; i++)
            stronger[i] += state->counts[code];
    }
    for (uint32_t class = 0; class < KW_CLASSES; class ++) {
        if (state->told.greatest[class] != greatest[class])
            problem(state, "the greatest strength of class", class);
        if (state->told.stronger[class] != stronger[class])
            problem(state, "the number of postings from class", class);
    }
}

enum kw_status kw_check_strengths(struct kw_checker *checker, struct kw_segment *segment,
                                  const struct kw_field_info *field, const struct kw_term *term,
                                  struct kw_error *error)
{
    struct strength_checker state = {.checker = checker};
    enum kw_status status = KW_OK;
    kw_postings_init(&state.cursor, segment, term);
    if (!kw_postings_strengths(&state.cursor, &state.told))
        goto done;
    state.codes = malloc(term->documents);
    if (!state.codes) {
        status = kw_fail_memory(error);
        goto done;
    }
    if (code_postings(&state, field)) {
        kw_strength_classes(state.counts, state.classes);
        check_classes(&state);
        check_blocks(&state);
    }
done:
    free(state.codes);
    kw_postings_release(&state.cursor);
    return status;
}
