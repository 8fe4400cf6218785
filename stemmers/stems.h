/* The stems of a vocabulary's words, in each of the languages in use. */
#ifndef KW_STEMMERS_STEMS_H
#define KW_STEMMERS_STEMS_H

#include "stemmers/analyzer.h"
#include "stemmers/stem.h"
#include "stemmers/vocabulary.h"

/* A language in use: its stems are numbered from 0 for itself. */
struct kw_language_stems {
    char name[KW_LANGUAGE_SIZE];
    struct kw_stemmer stemmer;
    struct kw_vocabulary stems;
    struct {
        uint32_t *items; /* of each word its stem, or KW_NO_STEM */
        size_t count;
        size_t capacity;
    } stem_of;
};

struct kw_stems {
    struct kw_language_stems *items;
    size_t count;
    size_t capacity;
    struct {
        uint64_t *items; /* of each word a bit for each language that it was met in */
        size_t count;
        size_t capacity;
    } met;
    bool marked; /* `met` tells; else all words were met in all languages */
};

#define KW_STEMS_INIT                                                                              \
    {                                                                                              \
        NULL, 0, 0, {NULL, 0, 0}, false                                                            \
    }

/* Makes sure that the language `name` (a name that kw_language_find returns, or any other for one
 * whose words are their own stems) is in use; *number is its own, below KW_LANGUAGES. KW_E_USAGE if
 * the name is too long or too many languages are in use. */
enum kw_status kw_stems_use(struct kw_stems *stems, const char *name, uint32_t *number,
                            struct kw_error *error);

/* Notes that the words were met in `language`, or in all with KW_EVERY_LANGUAGE. KW_E_MEMORY. */
enum kw_status kw_stems_mark(struct kw_stems *stems, uint32_t language, const uint32_t *words,
                             size_t count, struct kw_error *error);

/* Computes, for each language, the stems of the words met in it that have none yet. KW_E_MEMORY. */
enum kw_status kw_stems_close(struct kw_stems *stems, const struct kw_vocabulary *written,
                              struct kw_fold *fold, struct kw_error *error);

/* Forgets the stems; the languages stay in use. */
void kw_stems_clear(struct kw_stems *stems);
void kw_stems_release(struct kw_stems *stems);

#endif
