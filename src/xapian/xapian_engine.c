/* The door's calls over a Xapian database. */
#include "xapian/xapian_engine.h"

#include "xapian/contents.h"
#include "xapian/documents.h"
#include "xapian/foreign.h"
#include "xapian/held.h"
#include "xapian/schema.h"
#include "xapian/search.h"
#include "xapian/statistics.h"
#include "xapian/terms.h"

#include <stdlib.h>

/* ---- For the files beside ----------------------------------------------------------------- */

enum kw_status kw_xapian_failed(struct kw_xapian *xapian, const struct xc_error *cause,
                                struct kw_error *error)
{
    if (cause->status == XC_E_DATABASE_MODIFIED)
        xapian->stale = true;
    if (!kw_is_silence(cause))
        return kw_xapian_fail(error, cause, xapian->where);
    /* A server says by such an error that it will wait no longer; it is there all the same. */
    bool told = strncmp(cause->message, "REMOTE:", 7) == 0;
    xapian->slow = cause->status == XC_E_NETWORK_TIMEOUT && !told;
    xapian->silent = kw_shards_find(&xapian->shards, cause);
    if (xapian->silent == KW_NO_SHARD)
        return kw_xapian_fail(error, cause, xapian->where);
    kw_shards_fail(&xapian->shards, (size_t)xapian->silent, cause, &xapian->silence);
    if (error)
        *error = xapian->silence;
    return xapian->silence.status;
}

/* Puts what the shards are now in place of what was open. */
static enum kw_status join(struct kw_xapian *xapian, struct kw_error *error)
{
    struct xc_database *all;
    enum kw_status status = kw_shards_join(&xapian->shards, &all, error);
    if (status != KW_OK)
        return status;
    xc_database_free(xapian->database);
    xapian->database = all;
    xapian->served = kw_shards_served(&xapian->shards);
    return KW_OK;
}

/* Whether what failed did so because the database is not what it was. */
static bool is_troubled(const struct kw_xapian *xapian)
{
    return xapian->stale || xapian->silent != KW_NO_SHARD;
}

/* Connects to the silent shard again, or loses it, the last one only if it is not `alone`. */
static enum kw_status mend(struct kw_xapian *xapian, bool alone, struct kw_error *error)
{
    struct kw_error cause = xapian->silence;
    enum kw_status status = cause.status;
    size_t number = (size_t)xapian->silent;
    bool again = xapian->mended != xapian->silent && !xapian->slow;
    xapian->mended = xapian->silent;
    xapian->silent = KW_NO_SHARD;
    if (again)
        status = kw_shards_reopen(&xapian->shards, number, &cause);
    if (status != KW_OK && status != KW_E_MEMORY && xapian->shards.options.partial &&
        (!alone || kw_shards_left(&xapian->shards) > 1))
        status = kw_shards_lose(&xapian->shards, number, &cause);
    xapian->door.gone = !kw_shards_left(&xapian->shards);
    if (status == KW_OK)
        status = join(xapian, &cause);
    if (status != KW_OK && error)
        *error = cause;
    return status;
}

/* Opens what is troubled anew; `tries` is how often that was done before. */
static enum kw_status restore(struct kw_xapian *xapian, unsigned tries, bool alone,
                              struct kw_error *error)
{
    if (!tries)
        xapian->mended = KW_NO_SHARD;
    if (xapian->silent != KW_NO_SHARD)
        return mend(xapian, alone, error);
    xapian->stale = false;
    if (tries >= KW_ENGINE_TRIES) {
        kw_fail(error, KW_E_IO, "'%s' is changed faster than it can be read", xapian->where);
        kw_hint(error, "try again when less is written to it");
        return KW_E_IO;
    }
    if (xc_database_reopen(xapian->database, NULL) == XC_OK)
        return KW_OK;
    return kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
}

enum kw_status kw_xapian_renew(struct kw_xapian *xapian, unsigned tries, bool alone, bool *renewed,
                               struct kw_error *error)
{
    enum kw_status status;
    *renewed = is_troubled(xapian);
    if (!*renewed)
        return KW_OK;
    xapian->order_status = KW_OK;
    kw_xapian_documents_forget(xapian);
    kw_xapian_contents_forget(xapian);
    kw_xapian_statistics_forget(xapian);
    do {
        status = restore(xapian, tries++, alone, error);
        /* What another program made is read as it was settled, and so is what is gone. */
        if (status == KW_OK && !xapian->foreign && !xapian->door.gone)
            status = kw_xapian_settle(xapian, NULL, error);
    } while (status != KW_OK && is_troubled(xapian));
    return status;
}

bool kw_xapian_term(const struct kw_xapian *xapian, struct kw_view field, struct kw_view language,
                    struct kw_view bytes, unsigned number, struct kw_bytes *term)
{
    const char *own = xapian->settings.analysis.language;
    char name[KW_LANGUAGE_SIZE];
    if (xapian->foreign)
        return kw_foreign_term(xapian, field, language, bytes, number, term);
    kw_bytes_clear(term);
    if (number)
        return false;
    if (!language.size) {
        kw_schema_surface(term, field, bytes);
        return true;
    }
    if (language.size >= sizeof name)
        return false;
    memcpy(name, language.data, language.size);
    name[language.size] = 0;
    bool automatic = strcmp(own, "auto") == 0;
    if (!automatic && strcmp(own, name) != 0)
        return false;
    kw_schema_stem(term, field, automatic ? name : NULL, bytes);
    return true;
}

uint32_t kw_xapian_length_unit(const struct kw_xapian *xapian)
{
    return xapian->foreign ? 1 : KW_XAPIAN_LENGTH;
}

/* ---- The index as a whole ----------------------------------------------------------------- */

static void engine_free(struct kw_engine *engine)
{
    struct kw_xapian *xapian = kw_xapian_of(engine);
    if (!engine)
        return;
    kw_xapian_contents_release(xapian);
    kw_xapian_documents_release(xapian);
    kw_xapian_statistics_forget(xapian);
    kw_foreign_release(xapian);
    xc_database_free(xapian->database);
    kw_shards_release(&xapian->shards);
    kw_xapian_place_release(&xapian->place);
    free(xapian->where);
    free(xapian);
}

static enum kw_status renew(struct kw_engine *engine, unsigned tries, bool alone, bool *renewed,
                            struct kw_error *error)
{
    return kw_xapian_renew(kw_xapian_of(engine), tries, alone, renewed, error);
}

static enum kw_status hold(struct kw_engine *engine, const struct kw_plan *plan,
                           const uint64_t *documents, size_t count, bool passages,
                           struct kw_engine **out, struct kw_error *error)
{
    return kw_xapian_hold(out, kw_xapian_of(engine), plan, documents, count, passages, error);
}

static void settings(struct kw_engine *engine, struct kw_analysis *found)
{
    *found = kw_xapian_of(engine)->settings.analysis;
}

static enum kw_status language(struct kw_engine *engine, uint64_t *at, struct kw_view *name,
                               struct kw_error *error)
{
    return kw_xapian_language(kw_xapian_of(engine), at, name, error);
}

static enum kw_status field(struct kw_engine *engine, uint64_t *at, struct kw_engine_field *found,
                            struct kw_error *error)
{
    return kw_xapian_field(kw_xapian_of(engine), at, found, error);
}

static const char *base(struct kw_engine *engine)
{
    return kw_xapian_of(engine)->base_directory;
}

static const char *folder(struct kw_engine *engine)
{
    return kw_xapian_of(engine)->folder;
}

static enum kw_status sources(struct kw_engine *engine, struct kw_sources **found,
                              struct kw_error *error)
{
    return kw_xapian_sources(kw_xapian_of(engine), found, error);
}

static enum kw_status figures(struct kw_engine *engine, struct kw_figures *found,
                              struct kw_error *error)
{
    return kw_xapian_figures(kw_xapian_of(engine), found, error);
}

static enum kw_status sizes(struct kw_engine *engine,
                            void (*take)(void *context, const char *kind, uint64_t bytes),
                            void *context, struct kw_error *error)
{
    return kw_xapian_sizes(kw_xapian_of(engine), take, context, error);
}

static enum kw_status terms(struct kw_engine *engine, struct kw_term_stream **out,
                            struct kw_view name, struct kw_view begin, const char *stems,
                            struct kw_error *error)
{
    return kw_xapian_terms_new(out, kw_xapian_of(engine), name, begin, stems, error);
}

/* ---- Searching ---------------------------------------------------------------------------- */

static enum kw_status expand(struct kw_engine *engine, struct kw_view name,
                             const struct kw_pattern *pattern, struct kw_found_terms *found,
                             struct kw_error *error)
{
    return kw_xapian_expand(kw_xapian_of(engine), name, pattern, found, error);
}

static enum kw_status statistics(struct kw_engine *engine, const struct kw_plan *plan,
                                 struct kw_statistics *sum, struct kw_error *error)
{
    return kw_xapian_statistics(kw_xapian_of(engine), plan, sum, error);
}

static enum kw_status search(struct kw_engine *engine, const struct kw_plan *plan,
                             const struct kw_statistics *sum, struct kw_top *top, uint64_t *matches,
                             struct kw_facets *facets, struct kw_error *error)
{
    const struct kw_search_job job = {.xapian = kw_xapian_of(engine),
                                      .plan = plan,
                                      .statistics = sum,
                                      .top = top,
                                      .matches = matches,
                                      .facets = facets};
    return kw_xapian_search(&job, error);
}

static enum kw_status judge(struct kw_engine *engine, const struct kw_plan *plan,
                            const struct kw_statistics *sum, uint64_t document, bool *matched,
                            struct kw_part *parts, struct kw_error *error)
{
    return kw_xapian_judge(kw_xapian_of(engine), plan, sum, (uint32_t)document, matched, parts,
                           error);
}

static int order(struct kw_engine *engine, uint64_t a, uint64_t b)
{
    return kw_xapian_order(kw_xapian_of(engine), (uint32_t)a, (uint32_t)b);
}

static enum kw_status status(struct kw_engine *engine, struct kw_error *error)
{
    struct kw_xapian *xapian = kw_xapian_of(engine);
    enum kw_status found = kw_xapian_order_status(xapian, error);
    /* Whoever ordered documents of several engines has heard nothing of it. */
    if (found == KW_OK && is_troubled(xapian))
        return kw_fail(error, KW_E_IO, "'%s' was changed meanwhile", xapian->where);
    return found;
}

/* ---- What is lost ------------------------------------------------------------------------- */

static const char *lost(struct kw_engine *engine, size_t number)
{
    const struct kw_shards *shards = &kw_xapian_of(engine)->shards;
    for (size_t i = 0; i < shards->count; i++)
        if (shards->items[i].lost && number-- == 0)
            return shards->items[i].lost;
    return NULL;
}

/* ---- Documents ---------------------------------------------------------------------------- */

/* Opens a document for all that is stored of it; `shown`: its record is handed out. */
static enum kw_status stored(struct kw_engine *engine, uint64_t document, bool shown,
                             const struct kw_stored **found, struct kw_error *error)
{
    struct kw_xapian *xapian = kw_xapian_of(engine);
    return shown ? kw_xapian_show(xapian, (uint32_t)document, found, error)
                 : kw_xapian_stored(xapian, (uint32_t)document, found, error);
}

static enum kw_status record(struct kw_engine *engine, uint64_t document, struct kw_record *out,
                             struct kw_error *error)
{
    const struct kw_stored *found;
    enum kw_status result = stored(engine, document, true, &found, error);
    if (result == KW_OK)
        *out = found->record;
    return result;
}

static enum kw_status words(struct kw_engine *engine, uint64_t document, uint64_t *out,
                            struct kw_error *error)
{
    return kw_xapian_words(kw_xapian_of(engine), (uint32_t)document, out, error);
}

static enum kw_status value(struct kw_engine *engine, uint64_t document, struct kw_view name,
                            uint32_t number, enum kw_value_type *type, struct kw_bytes *out,
                            struct kw_error *error)
{
    return kw_xapian_value(kw_xapian_of(engine), (uint32_t)document, name, number, type, out,
                           error);
}

static enum kw_status borders(struct kw_engine *engine, uint64_t document, struct kw_border **out,
                              struct kw_error *error)
{
    const struct kw_stored *found;
    *out = NULL;
    enum kw_status result = stored(engine, document, false, &found, error);
    if (result != KW_OK)
        return result;
    *out = calloc(found->record.passage_count + 1, sizeof **out);
    if (!*out)
        return kw_fail_memory(error);
    kw_stored_borders(found, *out);
    return KW_OK;
}

static enum kw_status matches(struct kw_engine *engine, const struct kw_plan *plan,
                              const struct kw_statistics *sum, uint64_t document,
                              struct kw_matches *found, struct kw_error *error)
{
    (void)sum;
    return kw_xapian_matches(kw_xapian_of(engine), plan, (uint32_t)document, found, error);
}

static enum kw_status text(struct kw_engine *engine, uint64_t document, uint64_t first,
                           uint64_t count, struct kw_bytes *out, struct kw_error *error)
{
    const struct kw_stored *found;
    enum kw_status result = stored(engine, document, false, &found, error);
    return result == KW_OK ? kw_stored_text(found, first, count, out, error) : result;
}

static enum kw_status find(struct kw_engine *engine, struct kw_view id, uint64_t *document,
                           struct kw_error *error)
{
    uint32_t docid = 0;
    enum kw_status result = kw_xapian_find(kw_xapian_of(engine), id, &docid, error);
    *document = docid;
    return result;
}

static const struct kw_engine_ops xapian_ops = {
    .free = engine_free,
    .renew = renew,
    .hold = hold,
    .settings = settings,
    .language = language,
    .field = field,
    .base = base,
    .folder = folder,
    .sources = sources,
    .figures = figures,
    .sizes = sizes,
    .terms = terms,
    .expand = expand,
    .statistics = statistics,
    .search = search,
    .judge = judge,
    .order = order,
    .status = status,
    .lost = lost,
    .record = record,
    .words = words,
    .value = value,
    .borders = borders,
    .matches = matches,
    .text = text,
    .find = find,
};

/* Settles for the first time how to read the database. */
static enum kw_status settle(struct kw_xapian *xapian, const struct kw_foreign_options *foreign,
                             struct kw_error *error)
{
    enum kw_status result;
    for (unsigned tries = 0;; tries++) {
        result = kw_xapian_settle(xapian, foreign, error);
        if (result == KW_OK || !is_troubled(xapian))
            return result;
        result = restore(xapian, tries, true, error);
        if (result != KW_OK && !is_troubled(xapian))
            return result;
    }
}

enum kw_status kw_xapian_engine_new(struct kw_engine **out, const char *where,
                                    const struct kw_reader_options *options, struct kw_error *error)
{
    enum kw_status result;
    *out = NULL;
    struct kw_xapian *xapian = calloc(1, sizeof *xapian);
    if (!xapian)
        return kw_fail_memory(error);
    xapian->door.ops = &xapian_ops;
    xapian->settings = (struct kw_settings)KW_SETTINGS_INIT;
    xapian->where = strdup(where);
    xapian->silent = xapian->mended = KW_NO_SHARD;
    result = xapian->where ? KW_OK : kw_fail_memory(error);
    if (result == KW_OK)
        result = kw_xapian_place_init(&xapian->place, xapian->where, error);
    if (result == KW_OK)
        result = kw_shards_init(&xapian->shards, &xapian->place, options, error);
    if (result == KW_OK)
        result = join(xapian, error);
    if (result == KW_OK)
        result = settle(xapian, options->foreign, error);
    if (result == KW_OK)
        *out = &xapian->door;
    else
        engine_free(&xapian->door);
    return result;
}
