/* From an archive's members to documents: a source for each of them, read as it comes. */
#include "ingest/unpack.h"

#include "ingest/archive.h"
#include "ingest/format.h"
#include "ingest/source_parts.h"
#include "ingest/warn.h"

#include <stdlib.h>

struct kw_unpack {
    struct kw_source_options options;
    struct kw_archive *archive;
    const char *path;
    const char *name;
    bool stream;
    struct kw_source *member;    /* being read; NULL: none */
    struct kw_bytes member_path; /* for messages */
    struct kw_bytes member_name; /* of it */
    struct kw_file_facts facts;  /* of it */
    bool is_file;                /* in an archive */
    bool broken;                 /* it could not be read to its end */
    uint64_t skipped;
    uint64_t not_text;
};

enum kw_status kw_unpack_new(struct kw_unpack **out, int fd, struct kw_view prefix,
                             const char *path, const char *name, bool stream,
                             const struct kw_source_options *options, struct kw_error *error)
{
    *out = NULL;
    struct kw_unpack *unpack = calloc(1, sizeof *unpack);
    if (!unpack)
        return kw_fail_memory(error);
    unpack->options = *options;
    unpack->options.archives = false;
    unpack->path = path;
    unpack->name = name;
    unpack->stream = stream;
    enum kw_status status =
        kw_archive_new(&unpack->archive, fd, prefix, options->helpers, path, error);
    if (status == KW_OK)
        *out = unpack;
    else
        kw_unpack_free(unpack);
    return status;
}

/* Ends the member at hand. */
static void end_member(struct kw_unpack *unpack)
{
    if (unpack->member)
        unpack->skipped += kw_source_skipped(unpack->member);
    kw_source_free(unpack->member);
    unpack->member = NULL;
}

void kw_unpack_free(struct kw_unpack *unpack)
{
    if (!unpack)
        return;
    end_member(unpack);
    kw_archive_free(unpack->archive);
    kw_bytes_release(&unpack->member_path);
    kw_bytes_release(&unpack->member_name);
    free(unpack);
}

/* A kw_lines_pull: the bytes of the member. */
static enum kw_status pull(void *context, uint8_t *place, size_t capacity, size_t *got,
                           struct kw_error *error)
{
    struct kw_unpack *unpack = context;
    enum kw_status status = kw_archive_read(unpack->archive, place, capacity, got, error);
    unpack->broken = unpack->broken || status != KW_OK;
    unpack->facts.size += *got;
    return status;
}

/* Makes *out `base`, and the member's path below it if it has one, with a NUL behind. */
static enum kw_status join(struct kw_bytes *out, const char *base, struct kw_view path,
                           struct kw_error *error)
{
    kw_bytes_clear(out);
    kw_bytes_append_text(out, base);
    if (path.size)
        kw_bytes_append_byte(out, '/');
    kw_bytes_append_view(out, path);
    kw_bytes_append_byte(out, '\0');
    return kw_bytes_status(out, error);
}

/* The format of a compressed file by the name that it had before; AUTO if that says nothing. */
static enum kw_format format_before(const char *name)
{
    size_t size = strlen(name) - kw_archive_suffix(name);
    char *before = kw_view_string((struct kw_view){(const uint8_t *)name, size});
    enum kw_format format = before ? kw_format_of_name(before) : KW_FORMAT_AUTO;
    free(before);
    return format;
}

/* Remarks on what was passed over. */
static void pass_over(struct kw_unpack *unpack, const struct kw_error *why)
{
    kw_warn(unpack->options.warn, unpack->options.context, "%s", why->message);
    unpack->skipped++;
}

/* Begins to read a member. KW_OK without a source if it is passed over. */
static enum kw_status begin_member(struct kw_unpack *unpack, const struct kw_member_facts *facts,
                                   struct kw_error *error)
{
    struct kw_source_options options = unpack->options;
    struct kw_error why = KW_ERROR_INIT;
    bool alone = !facts->path.size;
    bool no_text;
    enum kw_status status = join(&unpack->member_path, unpack->path, facts->path, error);
    if (status == KW_OK)
        status = join(&unpack->member_name, unpack->name, facts->path, error);
    if (status != KW_OK)
        return status;
    if (alone && options.format == KW_FORMAT_AUTO)
        options.format = format_before(unpack->name);
    unpack->facts = (struct kw_file_facts){0, facts->modified};
    unpack->is_file = !alone;
    unpack->broken = false;
    status = kw_source_new_pull(
        &unpack->member, pull, unpack, (const char *)unpack->member_path.data,
        (const char *)unpack->member_name.data, unpack->stream && alone, &options, &no_text, &why);
    if (status != KW_E_INPUT || kw_archive_failed(unpack->archive)) {
        if (error && status != KW_OK)
            *error = why;
        return status;
    }
    if (no_text)
        unpack->not_text++;
    else
        pass_over(unpack, &why);
    return KW_OK;
}

/* Goes to the next member that can be read. */
static enum kw_status next_member(struct kw_unpack *unpack, struct kw_error *error)
{
    while (!unpack->member) {
        struct kw_member_facts facts;
        struct kw_error why = KW_ERROR_INIT;
        bool skipped;
        enum kw_status status = kw_archive_next(unpack->archive, &facts, &skipped, &why);
        if (status != KW_OK) {
            if (error && status != KW_END)
                *error = why;
            return status;
        }
        if (skipped)
            pass_over(unpack, &why);
        else
            status = begin_member(unpack, &facts, error);
        if (status != KW_OK)
            return status;
    }
    return KW_OK;
}

enum kw_status kw_unpack_next(struct kw_unpack *unpack, struct kw_document *document,
                              struct kw_error *error)
{
    for (;;) {
        struct kw_error why = KW_ERROR_INIT;
        enum kw_status status = next_member(unpack, error);
        if (status != KW_OK)
            return status;
        status = kw_source_next(unpack->member, document, &why);
        if (status == KW_OK) {
            document->file = unpack->is_file && !document->line ? &unpack->facts : NULL;
            return KW_OK;
        }
        if (status != KW_END && (status != KW_E_INPUT || kw_archive_failed(unpack->archive))) {
            if (error)
                *error = why;
            return status;
        }
        if (status == KW_E_INPUT)
            pass_over(unpack, &why);
        end_member(unpack);
    }
}

uint64_t kw_unpack_skipped(const struct kw_unpack *unpack)
{
    return unpack->skipped + (unpack->member ? kw_source_skipped(unpack->member) : 0);
}

uint64_t kw_unpack_not_text(const struct kw_unpack *unpack)
{
    return unpack->not_text;
}

uint64_t kw_unpack_consumed(const struct kw_unpack *unpack)
{
    return kw_archive_consumed(unpack->archive);
}
