/* Checks the stored text of a segment and, of a word code, its words. */
#include "index/check_segment.h"

#include "index/bitpack.h"
#include "index/format.h"
#include "index/word_split.h"

#include <inttypes.h>

static bool problem(struct kw_checker *checker, const struct kw_segment *segment,
                    const char *section, uint64_t number, const char *what)
{
    return kw_check_report(checker, segment->pages.path, section, "%s %" PRIu64 " %s",
                           strcmp(section, "words") == 0 ? "group" : "block", number, what);
}

/* ---- Blocks of zlib ----------------------------------------------------------------------- */

/* Inflates every block of stored text to the bytes that its passages say. */
static enum kw_status check_blocks(struct kw_checker *checker, struct kw_segment *segment,
                                   struct kw_bytes *text, struct kw_error *error)
{
    enum { ENTRY = 16 };
    const struct kw_section *index = segment->text_index;
    enum kw_status status = KW_OK;
    for (uint64_t at = 0; at < index->size && !status; at += ENTRY) {
        const uint8_t *entry = kw_pages_view(&segment->pages, index, at, ENTRY);
        const uint8_t *next = at + ENTRY < index->size
                                  ? kw_pages_view(&segment->pages, index, at + ENTRY, ENTRY)
                                  : NULL;
        uint64_t first = entry ? kw_load64(entry) : 0;
        uint64_t end = next ? kw_load64(next) : segment->passages;
        if (!entry || end <= first || (at == 0 && first)) {
            problem(checker, segment, "textindex", at / ENTRY, "is out of order");
            return KW_OK;
        }
        kw_bytes_clear(text);
        status = kw_segment_text(segment, first, end - first, text, error);
    }
    return status;
}

/* ---- A word code -------------------------------------------------------------------------- */

/* The groups of words fill their section; there is at most one escape. */
static void check_vocabulary(struct kw_checker *checker, struct kw_segment *segment)
{
    uint64_t count = segment->word_index->parameter;
    uint64_t next = 0;
    uint64_t escapes = 0;
    for (uint64_t group = 0; group * KW_WORD_GROUP < count; group++) {
        uint64_t left = count - group * KW_WORD_GROUP;
        uint64_t heads = left < KW_WORD_GROUP ? left : KW_WORD_GROUP;
        const uint8_t *at = kw_pages_view(&segment->pages, segment->word_index, group * 4, 4);
        const uint8_t *view = kw_pages_view(&segment->pages, segment->words, next, heads);
        if (!at || !view)
            return;
        if (kw_load32(at) != next)
            problem(checker, segment, "words", group, "is not where it has to be");
        next += heads;
        for (uint64_t i = 0; i < heads; i++) {
            next += view[i] & KW_PIECE_BYTES;
            escapes += view[i] == KW_PIECE_ESCAPE;
            if (!(view[i] & KW_PIECE_BYTES) && view[i] != KW_PIECE_ESCAPE &&
                view[i] != KW_PIECE_JOINT)
                problem(checker, segment, "words", group, "has a word without bytes");
        }
    }
    if (next != segment->words->size || escapes > 1)
        kw_check_report(checker, segment->pages.path, "words",
                        "there are bytes of no word, or two escapes");
}

/* Where the block of `count` passages at `from` ends; 0 on damage. */
static uint64_t block_end(struct kw_segment *segment, uint64_t from, size_t count)
{
    const uint8_t *width = kw_pages_view(&segment->pages, segment->text, from, 1);
    size_t size = width && *width <= 32 ? kw_bitpack_size(count, *width) : 0;
    const uint8_t *packed = width && *width <= 32
                                ? kw_pages_view(&segment->pages, segment->text, from + 1, size)
                                : NULL;
    uint64_t end = from + 1 + size;
    for (size_t i = 0; packed && i < count; i++)
        end += kw_bitpack_at(packed, i, *width);
    return packed ? end : 0;
}

/* Blocks follow each other, and every passage decodes to as many bytes as its border says. */
static enum kw_status check_codes(struct kw_checker *checker, struct kw_segment *segment,
                                  struct kw_bytes *text, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    uint64_t next = 0;
    for (uint64_t first = 0; first < segment->passages && !status; first += KW_WORD_BLOCK) {
        uint64_t number = first / KW_WORD_BLOCK;
        uint64_t left = segment->passages - first;
        size_t count = left < KW_WORD_BLOCK ? (size_t)left : KW_WORD_BLOCK;
        const uint8_t *at = kw_pages_view(&segment->pages, segment->text_index, number * 8, 8);
        if (!at)
            return KW_OK;
        if (kw_load64(at) != next) {
            problem(checker, segment, "textindex", number, "is out of order");
            return KW_OK;
        }
        kw_bytes_clear(text);
        status = kw_segment_text(segment, first, count, text, error);
        next = block_end(segment, next, count);
    }
    if (!status && next != segment->text->size)
        kw_check_report(checker, segment->pages.path, "text", "there are codes of no passage");
    return status;
}

enum kw_status kw_check_text(struct kw_checker *checker, struct kw_segment *segment,
                             struct kw_error *error)
{
    struct kw_bytes text = KW_BYTES_INIT;
    if (segment->words)
        check_vocabulary(checker, segment);
    enum kw_status status = segment->words ? check_codes(checker, segment, &text, error)
                                           : check_blocks(checker, segment, &text, error);
    kw_bytes_release(&text);
    return status;
}
