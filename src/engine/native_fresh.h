/* Fresh documents: those of segments that are being built, which no commit and no part has yet.
 *
 * What is asked of them, whose an id is and what is deleted, is known here, by the caller's thread;
 * their words are in the hands of builders. Where a segment ends depends on the documents alone. */
#ifndef KW_ENGINE_NATIVE_FRESH_H
#define KW_ENGINE_NATIVE_FRESH_H

#include "engine/native_builder.h"
#include "engine/native_parts.h"

/* A document of a fresh segment. */
struct kw_fresh_document {
    uint32_t path; /* in `paths`; KW_NO_NAME: its id, it is a file's own */
    bool deleted;
};

/* A segment that is being built. */
struct kw_fresh_segment {
    struct kw_builder *builder;
    char *path;      /* of its file */
    uint64_t number; /* of its file */
    uint64_t serial; /* of its first document */
    uint64_t input;  /* what counts of its documents: empty ones fill it too */
    struct kw_names ids;
    struct {
        uint32_t *items; /* by number of an id: the last document with it */
        size_t count;
        size_t capacity;
    } latest;
    struct kw_names paths; /* of files that hold records */
    struct kw_fresh_document *items;
    size_t count;
    size_t capacity;
};

/* What stays the same for all segments. */
struct kw_fresh_settings {
    const char *folder;
    const struct kw_analysis *analysis;
    uint32_t codec;   /* of stored text, as kw_inverter_codec takes it */
    uint64_t segment; /* input after which a segment is closed */
    uint32_t threads; /* at least 1 */
    uint64_t memory;  /* bytes for all segments, about; 0: as many as they like, but for … */
    size_t arrays;    /* … those of one's arrays; 0: those too */
    bool sync;
};

struct kw_fresh {
    struct kw_fresh_settings settings;
    struct kw_crew crew;
    struct kw_fresh_segment *items; /* the oldest first */
    size_t count;
    size_t capacity;
    size_t most;    /* that are built at a time */
    size_t arrays;  /* bytes that the arrays of one may take of memory; 0: as many as they like */
    bool open;      /* the last one takes documents */
    uint64_t words; /* of segments that are parts by now */
};

/* Begins with no segment. What the settings point to must outlive it. */
void kw_fresh_init(struct kw_fresh *fresh, const struct kw_fresh_settings *settings);
/* Gives all segments up and removes their files. */
void kw_fresh_release(struct kw_fresh *fresh);

/* Whether it is time to begin a segment: none takes documents. */
static inline bool kw_fresh_begins(const struct kw_fresh *fresh)
{
    return !fresh->open;
}

/* Begins the segment `number`, whose first document is the writer's `serial`. Where too many are
 * built already, waits for the oldest, which becomes the last of `parts`. After a failure `fresh`
 * can only be released: here and below. */
enum kw_status kw_fresh_begin(struct kw_fresh *fresh, uint64_t number, uint64_t serial,
                              struct kw_parts *parts, struct kw_error *error);

/* Adds a document to the segment that was begun. No live fresh document may have its id. *closed:
 * the segment is full. What builders give. */
enum kw_status kw_fresh_add(struct kw_fresh *fresh, const struct kw_message *message, bool *closed,
                            struct kw_error *error);

/* Closes the segment that takes documents, if one does, and makes all parts, in their order.
 * *closed: there was one. */
enum kw_status kw_fresh_finish(struct kw_fresh *fresh, struct kw_parts *parts, bool *closed,
                               struct kw_error *error);

/* The live fresh document with this id: its segment, NULL if there is none, and number in it. */
struct kw_fresh_segment *kw_fresh_find(const struct kw_fresh *fresh, struct kw_view id,
                                       uint32_t *document);
/* Deletes the live records of the file `path`; returns their number. */
uint64_t kw_fresh_delete_path(struct kw_fresh *fresh, struct kw_view path);

/* The words of all documents that were added, for which it waits until they are analysed. */
uint64_t kw_fresh_words(struct kw_fresh *fresh);

#endif
