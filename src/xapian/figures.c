/* What is in a Xapian database, in numbers. */
#include "xapian/contents.h"

#include "xapian/foreign.h"
#include "xapian/schema.h"
#include "xapian/statistics.h"
#include "xapian/terms.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

static enum kw_status count_stems(struct kw_xapian *xapian, struct kw_figures *figures,
                                  struct kw_error *error)
{
    char name[KW_LANGUAGE_SIZE];
    struct kw_view language;
    uint64_t at = 0;
    enum kw_status status;
    while ((status = kw_xapian_language(xapian, &at, &language, error)) == KW_OK) {
        snprintf(name, sizeof name, "%.*s", (int)language.size, (const char *)language.data);
        status = kw_xapian_count_terms(xapian, name, &figures->stems, error);
        if (status != KW_OK)
            return status;
    }
    return status == KW_END ? KW_OK : status;
}

static enum kw_status count_documents(struct kw_xapian *xapian, struct kw_figures *figures,
                                      struct kw_error *error)
{
    struct xc_statistics all;
    if (xc_database_statistics(xapian->database, &all) != XC_OK)
        return kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    uint64_t documents;
    enum kw_status status = kw_xapian_documents(xapian, &all, &documents, error);
    if (status != KW_OK)
        return status;
    *figures = (struct kw_figures){
        .documents = documents,
        .words = all.total_length / kw_xapian_length_unit(xapian),
        .segments = xc_database_shards(xapian->database),
        .commit = xapian->settings.commit,
    };
    if (xapian->foreign)
        snprintf(figures->schema, sizeof figures->schema, "%s", xapian->foreign->schema->name);
    if (figures->segments == 1) { /* of several the first one alone says so */
        figures->passages = xapian->settings.passages;
        figures->text_bytes = xapian->settings.text;
    }
    return KW_OK;
}

enum kw_status kw_xapian_figures(struct kw_xapian *xapian, struct kw_figures *figures,
                                 struct kw_error *error)
{
    enum kw_status status = count_documents(xapian, figures, error);
    if (status == KW_OK)
        status = kw_xapian_count_terms(xapian, NULL, &figures->terms, error);
    return status == KW_OK ? count_stems(xapian, figures, error) : status;
}

enum kw_status kw_xapian_sizes(struct kw_xapian *xapian,
                               void (*take)(void *context, const char *kind, uint64_t bytes),
                               void *context, struct kw_error *error)
{
    DIR *folder = xapian->folder ? opendir(xapian->folder) : NULL;
    struct dirent *item;
    struct stat info;
    if (xapian->folder && !folder)
        return kw_fail_errno(error, "cannot read folder '%s'", xapian->folder);
    while (folder && (item = readdir(folder))) {
        const char *dot = strstr(item->d_name, ".glass");
        char kind[32];
        if (!dot || dot[6] || fstatat(dirfd(folder), item->d_name, &info, 0) != 0)
            continue;
        snprintf(kind, sizeof kind, "%.*s", (int)(dot - item->d_name), item->d_name);
        take(context, kind, (uint64_t)info.st_size);
    }
    if (folder)
        closedir(folder);
    return KW_OK;
}
