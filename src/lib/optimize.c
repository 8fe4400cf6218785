/* Merges an index's segments: a few after each commit, all of them on request. */
#include "lib/status.h"
#include "lib/writer.h"

#include "ingest/warn.h"

/* What a merge tells of itself. */
struct watch {
    struct kwic_writer *writer;
    const struct kw_merged *merged; /* which says how much there is; NULL: it is not told */
};

static bool go_on(void *context, uint64_t bytes)
{
    const struct watch *watch = context;
    const struct kwic_index_options *options = &watch->writer->options;
    const struct kwic_summary *summary = &watch->writer->summary;
    uint64_t total = watch->merged ? watch->merged->bytes_before : 0;
    struct kwic_progress progress = {.documents = summary->added + summary->replaced,
                                     .bytes = total ? bytes : summary->bytes,
                                     .path = "merging",
                                     .total = total};
    if (options->progress)
        options->progress(options->context, &progress);
    return !options->stop || !*options->stop;
}

enum kw_status kw_writer_tidy(struct kwic_writer *writer, struct kw_error *error)
{
    struct kw_engine_writer *engine = writer->engine;
    struct watch watch = {writer, NULL};
    struct kw_merging how = {.go_on = go_on, .context = &watch};
    struct kw_merged done = {.changed = false};
    struct kw_error inner = KW_ERROR_INIT;
    if (!engine->ops->merge)
        return KW_OK;
    enum kw_status status = engine->ops->merge(engine, &how, &done, &inner);
    if (status != KW_OK && status != KW_E_INTERRUPTED)
        kw_warn(writer->options.warn, writer->options.context, "segments stay unmerged: %s",
                inner.message);
    return status == KW_OK && done.changed ? kw_writer_commit(writer, error) : KW_OK;
}

static enum kw_status optimize(struct kwic_writer *writer, uint32_t effort, struct kw_merged *done,
                               struct kw_error *error)
{
    struct kw_engine_writer *engine = writer->engine;
    struct watch watch = {writer, done};
    struct kw_merging how = {.all = true, .effort = effort, .go_on = go_on, .context = &watch};
    if (!engine->ops->merge) {
        kw_fail(error, KW_E_USAGE, "a Xapian database is not optimized by kwic");
        kw_hint(error, "'xapian-compact' writes a compact copy of one");
        return KW_E_USAGE;
    }
    enum kw_status status = kw_writer_commit(writer, error);
    if (status == KW_OK)
        status = engine->ops->merge(engine, &how, done, error);
    if (status == KW_OK && done->changed)
        status = kw_writer_commit(writer, error);
    return status;
}

enum kwic_status kwic_writer_optimize(struct kwic_writer *writer, uint32_t effort,
                                      struct kwic_optimized *out, struct kwic_error *error)
{
    struct kw_error inner = writer->failure;
    enum kw_status status = inner.status;
    struct kw_merged done = {.changed = false};
    if (status == KW_OK)
        status = optimize(writer, effort, &done, &inner);
    if (out)
        *out = (struct kwic_optimized){done.segments_before, done.segments, done.bytes_before,
                                       done.bytes, done.changed};
    return kw_writer_finish(writer, status, &inner, error);
}
