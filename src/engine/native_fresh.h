/* Fresh documents: those of the segment that is being filled. */
#ifndef KW_ENGINE_NATIVE_FRESH_H
#define KW_ENGINE_NATIVE_FRESH_H

#include "engine/document_values.h"
#include "engine/native_parts.h"
#include "stemmers/analyzer.h"

/* A document of the segment at hand. */
struct kw_fresh_document {
    uint32_t path; /* in `paths`; KW_NO_NAME: its id, it is a file's own */
    bool deleted;
};

struct kw_fresh {
    struct kw_inverter *inverter; /* NULL: no segment is being filled */
    char *path;                   /* of its file */
    uint64_t number;              /* of its file */
    uint64_t serial;              /* of its first document */
    uint64_t input; /* bytes of its ids, titles, texts and fields: empty documents fill it too */
    struct kw_names ids;
    struct {
        uint32_t *items; /* by number of an id: the last document with it */
        size_t count;
        size_t capacity;
    } latest;
    struct kw_names paths; /* of files that hold records */
    struct {
        uint32_t *items; /* of each language of the segment its number in the analyzer */
        size_t count;
        size_t capacity;
    } languages;
    struct kw_fresh_document *items;
    size_t count;
    size_t capacity;
};

#define KW_FRESH_INIT                                                                              \
    {                                                                                              \
        NULL, NULL, 0, 0, 0, KW_NAMES_INIT, {NULL, 0, 0}, KW_NAMES_INIT, {NULL, 0, 0}, NULL, 0, 0  \
    }

/* Begins the segment `number` of the index in `folder`. */
enum kw_status kw_fresh_begin(struct kw_fresh *fresh, const char *folder, uint64_t number,
                              uint64_t serial, struct kw_error *error);
/* Gives it up and removes its file. */
void kw_fresh_release(struct kw_fresh *fresh);

/* Analyses a document, in a language of its own if the settings say "auto", and adds it, its typed
 * values too; *words is its length. No live fresh document may have its id. After a failure it can
 * only be released. */
enum kw_status kw_fresh_add(struct kw_fresh *fresh, struct kw_analyzer *analyzer,
                            const struct kw_analysis *settings, const struct kw_document *document,
                            struct kw_field_types *types, struct kw_misfits *misfits,
                            uint64_t *words, struct kw_error *error);

/* The live fresh document with this id; false if there is none. */
bool kw_fresh_find(const struct kw_fresh *fresh, struct kw_view id, uint32_t *document);
/* Deletes the live records of the file `path`; returns their number. */
uint64_t kw_fresh_delete_path(struct kw_fresh *fresh, struct kw_view path);

/* Closes the segment: writes it and appends it to `parts`, with what is deleted of it. The
 * `fresh` is as KW_FRESH_INIT and the analyzer's vocabulary empty afterwards. */
enum kw_status kw_fresh_finish(struct kw_fresh *fresh, struct kw_analyzer *analyzer,
                               const struct kw_analysis *settings, bool sync,
                               struct kw_parts *parts, struct kw_error *error);

#endif
