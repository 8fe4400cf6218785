/* Settles what an index is analysed with and what its paths are relative to. */
#include "engine/writer_settings.h"

#include <stdlib.h>
#include <unistd.h>

char *kw_writer_base(const struct kw_writer_options *options, const char *folder)
{
    const char *slash = folder ? strrchr(folder, '/') : NULL;
    if (options->base)
        return strdup(options->base);
    if (!slash || strcmp(slash + 1, ".kwic") != 0)
        return getcwd(NULL, 0);
    return slash == folder ? strdup("/") : strndup(folder, (size_t)(slash - folder));
}

/* Whether an index has the settings that were asked for. */
static enum kw_status compare(const struct kw_analysis *has, const struct kw_analysis *wanted,
                              bool keep_accents, const char *where, struct kw_error *error)
{
    if (strcmp(has->language, wanted->language) != 0) {
        kw_fail(error, KW_E_USAGE, "the index '%s' has the language '%s', not '%s'", where,
                has->language, wanted->language);
        kw_hint(error, "leave the language out, or make another index");
        return KW_E_USAGE;
    }
    if (keep_accents && !has->keep_accents) {
        kw_fail(error, KW_E_USAGE, "the index '%s' does not keep accents", where);
        kw_hint(error, "make another index");
        return KW_E_USAGE;
    }
    return KW_OK;
}

enum kw_status kw_writer_settle(struct kw_analyzer **analyzer, struct kw_analysis *settings,
                                bool is_new, const struct kw_writer_options *options,
                                const char *where, struct kw_error *error)
{
    const char *asked = options->language;
    const char *name = asked ? asked : is_new ? "english" : settings->language;
    struct kw_analysis wanted = {.version = settings->version};
    *analyzer = NULL;
    if (strlen(name) >= sizeof wanted.language)
        return kw_fail(error, KW_E_USAGE, "no stemmer for the language '%s'", name);
    wanted.keep_accents = is_new ? options->keep_accents : settings->keep_accents;
    memcpy(wanted.language, name, strlen(name) + 1);
    enum kw_status status = kw_analyzer_new(analyzer, &wanted, error);
    if (status == KW_OK && !is_new)
        status = compare(settings, &wanted, options->keep_accents, where, error);
    if (status == KW_OK) {
        *settings = wanted;
    } else {
        kw_analyzer_free(*analyzer);
        *analyzer = NULL;
    }
    return status;
}

enum kw_status kw_writer_store(bool *zlib, bool is_new, const struct kw_writer_options *options,
                               const char *where, struct kw_error *error)
{
    static const char *const names[] = {"words", "zlib"};
    if (!options->store)
        return KW_OK;
    bool wanted = strcmp(options->store, names[1]) == 0;
    if (!wanted && strcmp(options->store, names[0]) != 0) {
        kw_fail(error, KW_E_USAGE, "text cannot be stored as '%.100s'", options->store);
        kw_hint(error, "stores are words and zlib");
        return KW_E_USAGE;
    }
    if (!is_new && *zlib != wanted) {
        kw_fail(error, KW_E_USAGE, "the index '%s' has the store '%s', not '%s'", where,
                names[*zlib], names[wanted]);
        kw_hint(error, "leave the store out, or make another index");
        return KW_E_USAGE;
    }
    *zlib = wanted;
    return KW_OK;
}
