/* A builder: makes one segment of the documents that it is given, in a thread of its own.
 *
 * All calls are the caller's thread's. The builder owns the segment's analyzer and inverter, which
 * its thread alone touches; documents reach it as messages. With a crew of one it works in the
 * calls themselves: that is what threads are held to, as both write the same bytes. */
#ifndef KW_ENGINE_NATIVE_BUILDER_H
#define KW_ENGINE_NATIVE_BUILDER_H

#include "engine/native_crew.h"
#include "engine/native_message.h"

/* What a builder is to make. */
struct kw_builder_plan {
    const char *path; /* of the segment's file */
    const struct kw_analysis *settings;
    uint32_t codec;    /* of stored text, as kw_inverter_codec takes it */
    const char *spool; /* as kw_inverter_place takes it, and */
    size_t memory;     /* likewise; 0: all stays in memory */
    bool split;        /* text and terms are written by a thread each */
    bool sync;
};

struct kw_builder;

/* Begins the file. KW_E_IO (no thread, too), KW_E_MEMORY, and what kw_analyzer_new gives. */
enum kw_status kw_builder_new(struct kw_builder **out, struct kw_crew *crew,
                              const struct kw_builder_plan *plan, struct kw_error *error);

/* Stops it and removes its file, unless that was finished. Accepts NULL. */
void kw_builder_free(struct kw_builder *builder);

/* Adds a document, sooner or later. What a builder of the crew failed with, now or before: then
 * they can only be freed. */
enum kw_status kw_builder_add(struct kw_builder *builder, const struct kw_message *message,
                              struct kw_error *error);

/* Says that there are no more documents: the segment is written, in the background if there is one.
 * Failures as kw_builder_add. */
enum kw_status kw_builder_close(struct kw_builder *builder, struct kw_error *error);

/* Waits until the segment is written, once it is closed. Failures as kw_builder_add. */
enum kw_status kw_builder_wait(struct kw_builder *builder, struct kw_error *error);

/* The words of all documents added so far, for which it waits until they are analysed. */
uint64_t kw_builder_words(struct kw_builder *builder);

#endif
