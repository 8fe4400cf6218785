/* Marks the matches in a passage's text: exactly what matched, with its clause. */
#ifndef KW_PASSAGE_HIGHLIGHT_H
#define KW_PASSAGE_HIGHLIGHT_H

#include "index/record.h"
#include "query/plan.h"
#include "rank/matches.h"

struct kw_highlight {
    uint32_t start; /* bytes [start, end) of the text */
    uint32_t end;
    uint32_t clause;
};

struct kw_highlights {
    struct kw_highlight *items; /* sorted by start, then longest, then clause; no repeats */
    size_t count;
    size_t capacity;
};

#define KW_HIGHLIGHTS_INIT                                                                         \
    {                                                                                              \
        NULL, 0, 0                                                                                 \
    }

/* Tokenises `text`, the passages borders[0..border_count) one after another, each by itself as when
 * it was indexed, and fills `highlights` (cleared first) with the byte spans of the marks that lie
 * wholly within it: from the first byte of a mark's first token to the last byte of its last.
 * The analyzer's vocabulary is cleared. KW_E_MEMORY, KW_E_DAMAGED if the borders do not fit the
 * text. */
enum kw_status kw_highlight(struct kw_analyzer *analyzer, struct kw_view text,
                            const struct kw_border *borders, uint64_t border_count,
                            const struct kw_matches *matches, const struct kw_plan *plan,
                            struct kw_highlights *highlights, struct kw_error *error);
void kw_highlights_release(struct kw_highlights *highlights);

#endif
