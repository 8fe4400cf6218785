/* Sources: opening a file or stream, finding out what it is, and handing on its documents; those of
 * an archive come from unpack.c.
 *
 * A small file is read into memory, which is faster than mapping it and safe from what others do to
 * the file meanwhile; a large one is mapped, so that it is not copied if it is valid UTF-8. */
#include "ingest/source.h"

#include "base/file.h"
#include "ingest/archive.h"
#include "ingest/encoding.h"
#include "ingest/format.h"
#include "ingest/front_matter.h"
#include "ingest/html.h"
#include "ingest/jsonl.h"
#include "ingest/label.h"
#include "ingest/lines.h"
#include "ingest/markup.h"
#include "ingest/source_parts.h"
#include "ingest/unpack.h"
#include "ingest/warn.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SMALL_FILE = 1024 * 1024 };

struct kw_source {
    struct kw_source_options options;
    enum kw_format format;
    char *path; /* for messages */
    char *name;
    int fd;       /* of a small file, a named pipe or an archive, ours to close; else -1 */
    bool stream;  /* no file: JSON Lines are recognised by content too */
    bool member;  /* the contents of an archive's member, or of a compressed file */
    bool no_text; /* it was refused for that */
    struct kw_lines lines;
    struct kw_map map;
    struct kw_bytes decoded;
    struct kw_bytes label;
    struct kw_view content; /* the whole file, as it is */
    struct kw_jsonl *records;
    struct kw_unpack *unpack; /* of an archive, which the above does not read */
    struct kw_front_matter front;
    struct kw_html *html; /* if the options name none */
    bool ended;
};

static bool names_other_than_utf8(const struct kw_source *source, struct kw_view front)
{
    size_t mark;
    enum kw_encoding encoding = source->options.encoding;
    if (encoding == KW_ENCODING_AUTO)
        encoding = kw_encoding_mark(front, &mark);
    return encoding != KW_ENCODING_AUTO && encoding != KW_ENCODING_UTF8;
}

static enum kw_status not_text(struct kw_source *source, struct kw_error *error)
{
    source->no_text = true;
    return kw_fail(error, KW_E_INPUT, "cannot read '%s': not a text file", source->path);
}

/* Takes all that is left of the lines as the content. */
static enum kw_status take_all(struct kw_source *source, struct kw_error *error)
{
    size_t most = 2 * ((size_t)UINT32_MAX + 1); /* of which no text below 4 GiB can be decoded */
    if (source->member)
        most = (size_t)KW_RECORD_BYTES + 1; /* how large it is shows only on the way */
    enum kw_status status = kw_lines_peek(&source->lines, most, &source->content, error);
    if (status == KW_OK && source->member && source->content.size > KW_RECORD_BYTES)
        status = kw_fail(error, KW_E_INPUT, "cannot read '%s': it unpacks to more than 256 MiB",
                         source->path);
    return status;
}

/* Begins to read records: from the lines as they come if they are UTF-8, else from all decoded. */
static enum kw_status start_records(struct kw_source *source, struct kw_error *error)
{
    struct kw_view front;
    struct kw_view text;
    size_t mark;
    uint64_t repaired = 0;
    enum kw_status status = kw_lines_peek(&source->lines, 3, &front, error);
    if (status != KW_OK)
        return status;
    if (names_other_than_utf8(source, front)) {
        status = take_all(source, error);
        if (status == KW_OK)
            status = kw_encoding_decode(source->content, source->options.encoding, &source->decoded,
                                        &text, &repaired, error);
        if (status != KW_OK)
            return status;
        kw_lines_release(&source->lines);
        kw_lines_init(&source->lines, text, KW_RECORD_BYTES);
    } else {
        kw_encoding_mark(front, &mark);
        source->lines.rest.data += mark;
        source->lines.rest.size -= mark;
    }
    return kw_jsonl_new(&source->records, &source->lines, source->name, source->path,
                        &source->options, error);
}

/* Whether the stream begins, behind blank lines, with a line that is one JSON object. Reads no
 * further than that takes. */
static enum kw_status begins_with_record(struct kw_source *source, bool *is, struct kw_error *error)
{
    struct kw_view front;
    size_t begin = 0;
    *is = false;
    for (size_t want = 1;; want = 2 * front.size) {
        enum kw_status status = kw_lines_peek(&source->lines, want, &front, error);
        if (status != KW_OK)
            return status;
        size_t mark;
        kw_encoding_mark(front, &mark);
        for (begin = begin > mark ? begin : mark; begin < front.size; begin++) {
            if (!memchr(" \t\r\n", front.data[begin], 4))
                break;
        }
        bool all = front.size < want;
        if (begin < front.size && front.data[begin] != '{')
            return KW_OK;
        const uint8_t *line = front.data + begin;
        size_t left = front.size - begin;
        const uint8_t *end = left ? memchr(line, '\n', left) : NULL;
        if (end || all) {
            *is = kw_jsonl_is_record((struct kw_view){line, end ? (size_t)(end - line) : left});
            return KW_OK;
        }
        if (left > KW_RECORD_BYTES)
            return KW_OK;
    }
}

/* Decides on the format of what was asked to be found out, refuses what is not text, and makes
 * ready to read. */
static enum kw_status recognise(struct kw_source *source, struct kw_error *error)
{
    struct kw_view front;
    bool is_record = false;
    enum kw_status status = KW_OK;
    if (source->format == KW_FORMAT_AUTO)
        source->format = kw_format_of_name(source->name);
    if (source->format == KW_FORMAT_AUTO && source->stream)
        status = begins_with_record(source, &is_record, error);
    if (status == KW_OK && is_record)
        source->format = KW_FORMAT_JSONL;
    if (status == KW_OK && !is_record)
        status = kw_lines_peek(&source->lines, KW_ENCODING_NEAR, &front, error);
    if (status != KW_OK)
        return status;
    if (!is_record && !kw_encoding_is_text(front, source->options.encoding))
        return not_text(source, error);
    if (source->format == KW_FORMAT_AUTO)
        source->format = kw_format_of_content(front);
    if (source->format == KW_FORMAT_JSONL)
        return start_records(source, error);
    status = take_all(source, error);
    if (status == KW_OK && kw_encoding_hides_binary(source->content, source->options.encoding))
        status = not_text(source, error);
    return status;
}

/* Hands an archive, of which `front` was read from `fd`, to the helper that opens it. */
static enum kw_status start_unpack(struct kw_source *source, int fd, struct kw_view front,
                                   struct kw_error *error)
{
    struct kw_view none = {NULL, 0};
    if (source->map.view.data) {
        fd = source->fd = open(source->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
        if (fd < 0)
            return kw_fail_errno(error, "cannot open '%s'", source->path);
    }
    if (!source->stream && lseek(fd, 0, SEEK_SET) != 0)
        return kw_fail_errno(error, "cannot read '%s'", source->path);
    return kw_unpack_new(&source->unpack, fd, source->stream ? front : none, source->path,
                         source->name, source->stream, &source->options, error);
}

/* Makes ready to read what was opened; `fd` is where it comes from, unless it is mapped. */
static enum kw_status start(struct kw_source *source, int fd, struct kw_error *error)
{
    struct kw_view front;
    enum kw_status status = kw_lines_peek(&source->lines, 1, &front, error);
    /* Records of a stream are not to wait for those behind them. */
    bool records = status == KW_OK && front.size && memchr(" \t\r\n{\xef", *front.data, 6);
    if (status == KW_OK && !(source->stream && records))
        status = kw_lines_peek(&source->lines, KW_ARCHIVE_NEAR, &front, error);
    if (status != KW_OK)
        return status;
    if (!kw_archive_begins(front))
        return recognise(source, error);
    return source->options.archives || source->stream ? start_unpack(source, fd, front, error)
                                                      : not_text(source, error);
}

/* Opens the file for source->lines: read if it is small or a pipe, else mapped. */
static enum kw_status open_file(struct kw_source *source, struct kw_error *error)
{
    struct stat info;
    enum kw_status status = KW_OK;
    int fd = open(source->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        bool absent = errno == ENOENT || errno == ENOTDIR;
        status = kw_fail_errno(error, "cannot open '%s'", source->path);
        if (absent && error)
            error->status = KW_E_NOT_FOUND;
        return absent ? KW_E_NOT_FOUND : status;
    }
    if (fstat(fd, &info) != 0) {
        status = kw_fail_errno(error, "cannot stat '%s'", source->path);
    } else if (S_ISDIR(info.st_mode)) {
        status = kw_fail(error, KW_E_IO, "cannot read '%s': it is a folder", source->path);
    } else if (S_ISREG(info.st_mode) && info.st_size > SMALL_FILE) {
        status = kw_map_init(&source->map, source->path, error);
        if (status == KW_OK)
            kw_lines_init(&source->lines, source->map.view, KW_RECORD_BYTES);
    } else {
        source->stream = !S_ISREG(info.st_mode);
        source->fd = fd;
        kw_lines_init_stream(&source->lines, fd, KW_RECORD_BYTES);
        return KW_OK;
    }
    close(fd);
    return status;
}

/* A source without its input. */
static struct kw_source *allocate(const char *path, const char *name,
                                  const struct kw_source_options *options)
{
    struct kw_source *source = calloc(1, sizeof *source);
    if (!source)
        return NULL;
    source->fd = -1;
    if (options)
        source->options = *options;
    source->format = source->options.format;
    source->path = strdup(path);
    source->name = strdup(name);
    if (!source->path || !source->name) {
        kw_source_free(source);
        return NULL;
    }
    return source;
}

enum kw_status kw_source_new(struct kw_source **out, const char *path, const char *name,
                             const struct kw_source_options *options, struct kw_error *error)
{
    *out = NULL;
    struct kw_source *source = allocate(path, name, options);
    if (!source)
        return kw_fail_memory(error);
    enum kw_status status = open_file(source, error);
    if (status == KW_OK)
        status = start(source, source->fd, error);
    if (status == KW_OK)
        *out = source;
    else
        kw_source_free(source);
    return status;
}

enum kw_status kw_source_new_stream(struct kw_source **out, int fd, const char *name,
                                    const struct kw_source_options *options, struct kw_error *error)
{
    *out = NULL;
    struct kw_source *source = allocate(name, name, options);
    if (!source)
        return kw_fail_memory(error);
    source->stream = true;
    kw_lines_init_stream(&source->lines, fd, KW_RECORD_BYTES);
    enum kw_status status = start(source, fd, error);
    if (status == KW_OK)
        *out = source;
    else
        kw_source_free(source);
    return status;
}

enum kw_status kw_source_new_pull(struct kw_source **out, kw_lines_pull *pull, void *context,
                                  const char *path, const char *name, bool stream,
                                  const struct kw_source_options *options, bool *no_text,
                                  struct kw_error *error)
{
    *out = NULL;
    *no_text = false;
    struct kw_source *source = allocate(path, name, options);
    if (!source)
        return kw_fail_memory(error);
    source->stream = stream;
    source->member = true;
    kw_lines_init_pull(&source->lines, pull, context, KW_RECORD_BYTES);
    enum kw_status status = recognise(source, error);
    *no_text = source->no_text;
    if (status == KW_OK)
        *out = source;
    else
        kw_source_free(source);
    return status;
}

void kw_source_free(struct kw_source *source)
{
    if (!source)
        return;
    kw_unpack_free(source->unpack);
    kw_jsonl_free(source->records);
    kw_front_matter_release(&source->front);
    kw_html_free(source->html);
    kw_lines_release(&source->lines);
    kw_map_release(&source->map);
    kw_bytes_release(&source->decoded);
    kw_bytes_release(&source->label);
    if (source->fd >= 0)
        close(source->fd);
    free(source->path);
    free(source->name);
    free(source);
}

/* Takes title and fields from a Markdown text: the title is its first heading, else what its front
 * matter names so. */
static enum kw_status read_markup(struct kw_source *source, struct kw_document *document,
                                  struct kw_error *error)
{
    struct kw_front_matter *front = &source->front;
    enum kw_status status = kw_markup_title(document->text, &source->label, error);
    if (status == KW_OK)
        status = kw_front_matter_read(front, document->text, source->label.size == 0, error);
    if (status != KW_OK)
        return status;
    if (front->problem[0])
        kw_warn(source->options.warn, source->options.context,
                "'%s' line %zu: the front matter gives no fields: %s", source->path, front->line,
                front->problem);
    if (front->title.size)
        kw_label_first_line(front->title, &source->label);
    document->title = kw_bytes_view(&source->label);
    document->title_searched = document->title.size > 0;
    document->fields = front->fields.items;
    document->field_count = front->fields.count;
    return kw_bytes_status(&source->label, error);
}

/* The document of a plain text or Markdown file. */
static enum kw_status read_text(struct kw_source *source, struct kw_document *document,
                                struct kw_error *error)
{
    struct kw_error cause = KW_ERROR_INIT;
    enum kw_status status =
        kw_encoding_decode(source->content, source->options.encoding, &source->decoded,
                           &document->text, &document->repaired, &cause);
    if (status == KW_E_INPUT) {
        kw_fail(error, status, "cannot read '%s': %s", source->path, cause.message);
        kw_hint(error, "name its encoding with --encoding, or convert it to UTF-8");
        return status;
    }
    if (status != KW_OK)
        return kw_fail_memory(error);
    if (source->format == KW_FORMAT_MARKDOWN)
        return read_markup(source, document, error);
    kw_label_first_line(document->text, &source->label);
    document->title = kw_bytes_view(&source->label);
    return kw_bytes_status(&source->label, error);
}

static enum kw_status read_html(struct kw_source *source, struct kw_document *document,
                                struct kw_error *error)
{
    struct kw_html_text text;
    enum kw_status status = KW_OK;
    struct kw_html *html = source->options.html;
    if (!source->content.size)
        return KW_OK;
    if (!html) {
        status = kw_html_new(&source->html, source->options.helpers, error);
        html = source->html;
    }
    if (status == KW_OK)
        status = kw_html_read(html, source->content, source->options.encoding, source->path,
                              &source->decoded, &text, error);
    if (status != KW_OK)
        return status;
    document->title = text.title;
    document->title_searched = true;
    document->text = text.text;
    document->repaired = text.repaired;
    return KW_OK;
}

enum kw_status kw_source_next(struct kw_source *source, struct kw_document *document,
                              struct kw_error *error)
{
    if (source->unpack)
        return kw_unpack_next(source->unpack, document, error);
    if (source->records)
        return kw_jsonl_next(source->records, document, error);
    if (source->ended)
        return KW_END;
    source->ended = true;
    *document =
        (struct kw_document){.id = kw_view_of(source->name), .path = kw_view_of(source->name)};
    enum kw_status status = source->format == KW_FORMAT_HTML ? read_html(source, document, error)
                                                             : read_text(source, document, error);
    if (status == KW_OK && document->text.size > UINT32_MAX)
        status = kw_fail(error, KW_E_INPUT, "cannot read '%s': too large, 4 GiB or more of text",
                         source->path);
    return status;
}

uint64_t kw_source_skipped(const struct kw_source *source)
{
    if (source->unpack)
        return kw_unpack_skipped(source->unpack);
    return source->records ? kw_jsonl_skipped(source->records) : source->front.problem[0] != '\0';
}

bool kw_source_is_records(const struct kw_source *source)
{
    return source->records != NULL;
}

bool kw_source_is_archive(const struct kw_source *source)
{
    return source->unpack != NULL;
}

uint64_t kw_source_not_text(const struct kw_source *source)
{
    return source->unpack ? kw_unpack_not_text(source->unpack) : 0;
}

uint64_t kw_source_consumed(const struct kw_source *source)
{
    return source->unpack ? kw_unpack_consumed(source->unpack) : 0;
}
