/* Files are read as `kwic index` reads them, but for mails, which have a helper of their own. Only
 * regular files are opened: what a database names may be anything. */
#include "lib/files.h"

#include "ingest/html.h"
#include "ingest/source.h"
#include "lib/paths.h"

#include <stdlib.h>
#include <sys/stat.h>

/* Starts a helper unless it runs. */
static enum kw_status need(struct kw_html **helper,
                           enum kw_status (*make)(struct kw_html **out, const char *helpers,
                                                  struct kw_error *error),
                           struct kw_error *error)
{
    return *helper ? KW_OK : make(helper, kw_helpers(), error);
}

static enum kw_status read_mail(struct kw_files *files, const char *path, struct kw_file_text *file,
                                struct kw_error *error)
{
    struct kw_map map;
    struct kw_bytes buffer = KW_BYTES_INIT;
    struct kw_html_text read;
    enum kw_status status = need(&files->mail, kw_mail_new, error);
    if (status != KW_OK)
        return status;
    status = kw_map_init(&map, path, error);
    if (status != KW_OK)
        return status;
    status = kw_html_read(files->mail, map.view, KW_ENCODING_AUTO, path, &buffer, &read, error);
    if (status == KW_OK) {
        kw_bytes_append_view(&file->title, read.title);
        kw_bytes_append_view(&file->text, read.text);
    }
    kw_map_release(&map);
    kw_bytes_release(&buffer);
    return status;
}

/* Reads any other file as a source does; of one with records that is nothing. */
static enum kw_status read_source(struct kw_files *files, const char *path, enum kw_format format,
                                  struct kw_file_text *file, struct kw_error *error)
{
    struct kw_source *source;
    struct kw_document document;
    enum kw_status status = need(&files->html, kw_html_new, error);
    const struct kw_source_options options = {
        .format = format, .helpers = kw_helpers(), .html = files->html};
    if (status != KW_OK)
        return status;
    status = kw_source_new(&source, path, path, &options, error);
    if (status != KW_OK)
        return status;
    if (kw_source_is_records(source))
        status = kw_fail(error, KW_E_INPUT, "'%s' holds many documents", path);
    else
        status = kw_source_next(source, &document, error);
    if (status == KW_OK) {
        kw_bytes_append_view(&file->title, document.title);
        kw_bytes_append_view(&file->text, document.text);
    }
    kw_source_free(source);
    return status;
}

/* Reads a file; `context` is the struct kw_files. */
static enum kw_status read_file(void *context, const char *path, const char *type,
                                struct kw_file_text *file, struct kw_error *error)
{
    struct kw_files *files = context;
    struct stat info;
    enum kw_status status;
    if (stat(path, &info) != 0)
        return kw_fail_errno(error, "cannot open '%s'", path);
    if (!S_ISREG(info.st_mode))
        return kw_fail(error, KW_E_INPUT, "'%s' is no file", path);
    if (info.st_size > KW_RECORD_BYTES)
        return kw_fail(error, KW_E_INPUT, "'%s' is too large", path);
    if (strcmp(type, "message/rfc822") == 0)
        status = read_mail(files, path, file, error);
    else if (!*type || strncmp(type, "text/", 5) == 0)
        status = read_source(files, path,
                             strcmp(type, "text/html") == 0    ? KW_FORMAT_HTML
                             : strcmp(type, "text/plain") == 0 ? KW_FORMAT_TEXT
                                                               : KW_FORMAT_AUTO,
                             file, error);
    else
        return kw_fail(error, KW_E_INPUT, "cannot read '%s': its type is %s", path, type);
    if (status == KW_OK)
        status = kw_bytes_status(&file->title, error);
    return status == KW_OK ? kw_bytes_status(&file->text, error) : status;
}

static void remark(void *context, const char *message)
{
    struct kw_files *files = context;
    if (files->remark)
        files->remark(files->context, message);
}

struct kw_foreign_options kw_files_options(struct kw_files *files,
                                           const struct kwic_foreign *foreign)
{
    struct kw_foreign_options options = {.read = read_file, .remark = remark, .context = files};
    if (foreign) {
        options.schema = foreign->schema;
        options.prefixes = foreign->prefixes;
        options.language = foreign->language;
        files->remark = foreign->remark;
        files->context = foreign->context;
    }
    return options;
}

void kw_files_release(struct kw_files *files)
{
    kw_html_free(files->html);
    kw_html_free(files->mail);
    *files = (struct kw_files){.html = NULL};
}
