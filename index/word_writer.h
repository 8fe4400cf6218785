/* Writes the text of a segment by a word code, once all of it is known. */
#ifndef KW_INDEX_WORD_WRITER_H
#define KW_INDEX_WORD_WRITER_H

#include "index/pages.h"
#include "index/word_code.h"
#include "index/word_phrases.h"

struct kw_word_writer {
    struct kw_symbols *symbols; /* borrowed */
    struct kw_phrases phrases;
    uint32_t *codes; /* of symbols and phrases: a code's bytes, from the low one, and in the high
                        one how many; 0: spelled */
    uint32_t *order; /* symbols and phrases by rank; KW_NO_SYMBOL is the escape */
    uint32_t count;  /* of ranks */
    uint32_t escape; /* rank of the escape */
    struct kw_word_code code;
    uint64_t estimate; /* bytes that all of it takes, about */
};

/* Finds phrases, gives ranks and settles the code. KW_E_MEMORY. */
enum kw_status kw_word_writer_init(struct kw_word_writer *writer, struct kw_symbols *symbols,
                                   struct kw_error *error);
void kw_word_writer_release(struct kw_word_writer *writer); /* accepts a zeroed one */

/* Writes the sections text, textindex, words and wordindex. KW_E_MEMORY. */
enum kw_status kw_word_writer_write(struct kw_word_writer *writer, struct kw_pages_writer *pages,
                                    struct kw_error *error);

#endif
