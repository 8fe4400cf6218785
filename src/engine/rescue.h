/* What can be saved of a damaged index: an index that does not hold is opened for writing without
 * its damaged files, and these are handed out document by document. */
#ifndef KW_ENGINE_RESCUE_H
#define KW_ENGINE_RESCUE_H

#include "engine/writer.h"
#include "index/record.h"

struct kw_rescue;

/* A segment of which something does not hold: a wreck. */
struct kw_wreck {
    uint32_t documents; /* as the commit says, those deleted counted */
    uint32_t deleted;
    bool kept;          /* the segment itself holds and is a part of the writer's index: only which
                           of its documents are deleted is not known in full */
    bool deletes_known; /* which documents are deleted is known of all */
};

/* What is known of a document of a wreck. */
struct kw_salvaged {
    bool deleted;            /* for certain; else it is not, or that is not known */
    bool named;              /* its record holds: */
    struct kw_record record; /* valid as long as the rescue and its writer */
};

/* A document's text, and what to hold it to. */
struct kw_salvaged_text {
    struct kw_bytes text;       /* the caller's to release */
    uint64_t body;              /* words of its passages */
    uint64_t words;             /* of title and passages, if … */
    bool words_known;           /* … that can be read */
    struct kw_file_facts facts; /* of the file that the document is, if … */
    bool facts_known;           /* … both can be read */
};

/* Makes a rescue that goes with one opening (kw_engine_rescue in where.h). `report` gets a line per
 * problem, `go_on` is asked now and then and stops the opening when it is false: KW_E_INTERRUPTED.
 * Both may be NULL. */
enum kw_status kw_rescue_new(struct kw_rescue **out,
                             void (*report)(void *context, const char *problem),
                             bool (*go_on)(void *context), void *context, struct kw_error *error);
/* Accepts NULL; before or after the writer is freed, but nothing is asked of it after a commit. */
void kw_rescue_free(struct kw_rescue *rescue);

/* The number of problems that were found; 0: the index is whole. */
uint64_t kw_rescue_problems(const struct kw_rescue *rescue);
/* The path of the i-th damaged file that is there, NULL behind the last. Borrowed. */
const char *kw_rescue_file(const struct kw_rescue *rescue, size_t i);

size_t kw_rescue_wrecks(const struct kw_rescue *rescue);
const struct kw_wreck *kw_rescue_wreck(const struct kw_rescue *rescue, size_t wreck);

/* What is known of a document, 0 … documents − 1. KW_E_MEMORY. */
enum kw_status kw_rescue_document(struct kw_rescue *rescue, size_t wreck, uint32_t document,
                                  struct kw_salvaged *out, struct kw_error *error);

/* The text of a document that is named, every page of which holds; out->text must be empty.
 * KW_E_DAMAGED if some of it does not, KW_E_MEMORY. */
enum kw_status kw_rescue_text(struct kw_rescue *rescue, size_t wreck, uint32_t document,
                              const struct kw_record *record, struct kw_salvaged_text *out,
                              struct kw_error *error);

/* Whether the index as it is written holds another document under the id of this one, which is
 * named: then this one is deleted. KW_E_DAMAGED, KW_E_MEMORY. */
enum kw_status kw_rescue_superseded(struct kw_rescue *rescue, size_t wreck, uint32_t document,
                                    struct kw_view id, bool *superseded, struct kw_error *error);

/* Deletes a document of a wreck that is kept. KW_E_MEMORY. */
enum kw_status kw_rescue_delete(struct kw_rescue *rescue, size_t wreck, uint32_t document,
                                struct kw_error *error);

/* Calls `take` with the record of each live (or, if so asked, deleted) document of the segments
 * that hold, until it gives anything but KW_OK. */
enum kw_status kw_rescue_records(struct kw_rescue *rescue, bool deleted,
                                 enum kw_status (*take)(void *context,
                                                        const struct kw_record *record,
                                                        struct kw_error *error),
                                 void *context, struct kw_error *error);

/* Whether the file of sources was damaged; and what can be opened of it, row by row (NULL:
 * nothing). Borrowed. */
bool kw_rescue_lost_sources(const struct kw_rescue *rescue);
struct kw_sources *kw_rescue_sources(struct kw_rescue *rescue);

#endif
