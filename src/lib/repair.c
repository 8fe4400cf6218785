/* Repairs an index: what holds stays, of the rest each document is put back from what is stored of
 * it or from its file, and what is lost is named. One commit at the end. */
#include "lib/repair.h"

#include "lib/paths.h"
#include "lib/status.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct kw_view no_document = {NULL, 0};

void kw_repair_tell(const struct kw_repair *repair, enum kwic_repair_event event, struct kw_view id,
                    const char *format, ...)
{
    const struct kwic_repair_options *options = repair->options;
    char what[1000];
    va_list args;
    if (!options->tell)
        return;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    options->tell(options->index.context, event,
                  (struct kwic_text){id.data ? (const char *)id.data : "", id.size}, what);
}

static void on_problem(void *context, const char *problem)
{
    kw_repair_tell(context, KWIC_REPAIR_DAMAGE, no_document, "%s", problem);
}

static bool go_on(void *context)
{
    const struct kw_repair *repair = context;
    return !repair->options->index.stop || !*repair->options->index.stop;
}

enum kw_status kw_repair_held(const struct kw_repair *repair, struct kw_view id, bool *held,
                              struct kw_error *error)
{
    struct kw_engine_writer *engine = repair->writer->engine;
    struct kw_owner owner;
    enum kw_status status = engine->ops->owner(engine, id, &owner, error);
    *held = status == KW_OK;
    return status == KW_E_NOT_FOUND ? KW_OK : status;
}

/* ---- What there was ----------------------------------------------------------------------- */

/* Whether a document of which the deletes say nothing was deleted for certain: by what took its
 * place, or by what is known of files. */
static enum kw_status was_deleted(struct kw_repair *repair, size_t wreck, uint32_t document,
                                  const struct kw_record *record, bool *deleted,
                                  struct kw_error *error)
{
    struct kw_ledger *ledger = &repair->writer->ledger;
    struct kw_known known;
    *deleted = kw_names_find(&repair->named, record->id) != KW_NO_NAME ||
               kw_ledger_is_gone(ledger, record->id) || kw_ledger_is_gone(ledger, record->path);
    if (*deleted)
        return KW_OK;
    enum kw_status status =
        kw_rescue_superseded(repair->rescue, wreck, document, record->id, deleted, error);
    if (status != KW_OK || *deleted || !repair->sources_hold || kw_path_is_stream(record->path))
        return status;
    status = kw_ledger_find(ledger, record->path, &known, error);
    *deleted = status == KW_E_NOT_FOUND;
    return *deleted ? KW_OK : status;
}

/* Decides what becomes of a document of a wreck: *fate. */
static enum kw_status decide(struct kw_repair *repair, size_t wreck, uint32_t document,
                             uint8_t *fate, struct kw_error *error)
{
    const struct kw_wreck *told = kw_rescue_wreck(repair->rescue, wreck);
    struct kw_salvaged salvaged;
    bool deleted = false;
    *fate = 0;
    enum kw_status status = kw_rescue_document(repair->rescue, wreck, document, &salvaged, error);
    if (status != KW_OK || salvaged.deleted || !salvaged.named)
        return status;
    if (!told->deletes_known)
        status = was_deleted(repair, wreck, document, &salvaged.record, &deleted, error);
    if (status == KW_OK && deleted)
        return told->kept ? kw_rescue_delete(repair->rescue, wreck, document, error) : KW_OK;
    if (status == KW_OK && kw_names_add(&repair->named, salvaged.record.id) == KW_NO_NAME)
        status = kw_fail_memory(error);
    *fate = KW_FATE_WANTED | (told->deletes_known ? 0 : KW_FATE_DOUBTFUL);
    return status;
}

/* Decides about all documents of a wreck, the last one first: of those with one id it is the one
 * that may be live. */
static enum kw_status decide_wreck(struct kw_repair *repair, size_t wreck, struct kw_error *error)
{
    const struct kw_wreck *told = kw_rescue_wreck(repair->rescue, wreck);
    uint8_t *fates = calloc((size_t)told->documents + 1, 1);
    uint64_t wanted = 0;
    uint64_t live = told->documents - told->deleted;
    enum kw_status status = fates ? KW_OK : kw_fail_memory(error);
    repair->fates[wreck] = fates;
    for (uint32_t i = told->documents; i-- > 0 && status == KW_OK;) {
        status = decide(repair, wreck, i, &fates[i], error);
        wanted += fates[i] != 0;
    }
    if (status == KW_OK && wanted < live)
        repair->unnamed += live - wanted;
    /* If all the others were found to be deleted, there is no doubt about these; and of a segment
     * that is kept nothing is left to do. */
    for (uint32_t i = 0; status == KW_OK && wanted == live && i < told->documents; i++)
        fates[i] = told->kept ? 0 : fates[i] & (uint8_t)~KW_FATE_DOUBTFUL;
    return status;
}

/* Decides about wrecks of which it is known what is deleted, then about the others. */
static enum kw_status decide_all(struct kw_repair *repair, struct kw_error *error)
{
    size_t count = kw_rescue_wrecks(repair->rescue);
    enum kw_status status = KW_OK;
    repair->fates = calloc(count + 1, sizeof *repair->fates);
    if (!repair->fates)
        return kw_fail_memory(error);
    for (int known = 1; known >= 0; known--)
        for (size_t i = count; i-- > 0 && status == KW_OK;)
            if (kw_rescue_wreck(repair->rescue, i)->deletes_known == known)
                status = decide_wreck(repair, i, error);
    return status;
}

/* ---- Putting back ------------------------------------------------------------------------- */

/* Calls `act` for each wanted document of the wrecks. */
static enum kw_status each_wanted(struct kw_repair *repair,
                                  enum kw_status (*act)(struct kw_repair *repair, size_t wreck,
                                                        uint32_t document,
                                                        const struct kw_record *record,
                                                        uint8_t *fate, struct kw_error *error),
                                  struct kw_error *error)
{
    enum kw_status status = KW_OK;
    for (size_t i = 0; i < kw_rescue_wrecks(repair->rescue) && status == KW_OK; i++) {
        uint32_t count = kw_rescue_wreck(repair->rescue, i)->documents;
        for (uint32_t k = 0; k < count && status == KW_OK; k++) {
            struct kw_salvaged salvaged;
            if (!repair->fates[i][k])
                continue;
            status = kw_check_stop(repair->writer, error);
            if (status == KW_OK)
                status = kw_rescue_document(repair->rescue, i, k, &salvaged, error);
            if (status == KW_OK)
                status = act(repair, i, k, &salvaged.record, &repair->fates[i][k], error);
        }
    }
    return status;
}

/* Puts a document back from what is stored of it. If that does not hold, or only its file tells
 * whether it was deleted, the file is wanted. */
static enum kw_status restore(struct kw_repair *repair, size_t wreck, uint32_t document,
                              const struct kw_record *record, uint8_t *fate, struct kw_error *error)
{
    bool kept = kw_rescue_wreck(repair->rescue, wreck)->kept;
    bool whole = kept;
    struct kw_known known;
    enum kw_status status = KW_OK;
    if (!kept)
        status = kw_repair_restore(repair, wreck, document, record, false, &whole, error);
    if (status == KW_OK && whole && !kept)
        *fate |= KW_FATE_RESTORED;
    bool tells = *fate & KW_FATE_DOUBTFUL && !repair->gone_lost;
    if (status != KW_OK || (whole && !tells))
        return status;
    status = kw_ledger_find(&repair->writer->ledger, record->path, &known, error);
    if (status == KW_OK || (status == KW_E_NOT_FOUND && !whole))
        status = kw_repair_want(repair, record->path, NULL, error);
    return status == KW_E_NOT_FOUND ? KW_OK : status;
}

/* Puts a document back that could not be, though what is known of its file is lost. */
static enum kw_status restore_bare(struct kw_repair *repair, size_t wreck, uint32_t document,
                                   const struct kw_record *record, uint8_t *fate,
                                   struct kw_error *error)
{
    bool held;
    bool whole = false;
    enum kw_status status = kw_repair_held(repair, record->id, &held, error);
    if (status != KW_OK || held || (*fate & KW_FATE_RESTORED) ||
        kw_repair_was_read(repair, record->path))
        return status;
    status = kw_repair_restore(repair, wreck, document, record, true, &whole, error);
    if (status == KW_OK && whole) {
        *fate |= KW_FATE_RESTORED | KW_FATE_BARE;
        kw_repair_tell(repair, KWIC_REPAIR_NOTE, no_document, "size and date of '%.*s' are lost",
                       (int)record->id.size, (const char *)record->id.data);
    }
    return status;
}

/* ---- What became of it -------------------------------------------------------------------- */

/* Tells what became of a wanted document, and counts it. */
static enum kw_status settle(struct kw_repair *repair, size_t wreck, uint32_t document,
                             const struct kw_record *record, uint8_t *fate, struct kw_error *error)
{
    struct kw_engine_writer *engine = repair->writer->engine;
    struct kw_owner owner;
    bool read = kw_repair_was_read(repair, record->path);
    bool may_be_deleted = *fate & KW_FATE_DOUBTFUL;
    (void)wreck;
    (void)document;
    enum kw_status status = engine->ops->owner(engine, record->id, &owner, error);
    bool held = status == KW_OK;
    if (!held && status != KW_E_NOT_FOUND)
        return status;
    bool from_file = held && owner.serial > repair->restored && !(*fate & KW_FATE_BARE);
    repair->accounted += from_file;
    if (held && may_be_deleted && (!read || repair->gone_lost)) {
        repair->done.doubtful++;
        kw_repair_tell(repair, KWIC_REPAIR_DOUBTFUL, record->id,
                       "it may have been deleted or replaced: which documents were is lost");
    } else if (from_file) {
        repair->done.read++;
        kw_repair_tell(repair, KWIC_REPAIR_READ, record->id, "indexed again from its file");
    } else if (held && *fate & KW_FATE_RESTORED) {
        repair->done.restored++;
        kw_repair_tell(repair, KWIC_REPAIR_RESTORED, record->id, "restored as it was");
    } else if (!held && !(may_be_deleted && read)) {
        repair->done.lost++;
        kw_repair_tell(repair, KWIC_REPAIR_LOST, record->id, "%s",
                       !read                      ? "it is damaged, and its file is not there"
                       : *fate & KW_FATE_RESTORED ? "its file no longer has it"
                                                  : "it is damaged, and its file no longer has it");
        return kw_repair_missing(repair, record, error);
    }
    return KW_OK;
}

/* Tells of the files that must have been documents, and of those without any name. `added` is how
 * many documents reading files gave that were in no segment that holds. */
static enum kw_status settle_unnamed(struct kw_repair *repair, uint64_t added,
                                     struct kw_error *error)
{
    enum kw_status status = KW_OK;
    for (uint32_t i = 0; i < repair->supposed.count && status == KW_OK; i++) {
        struct kw_view id = kw_names_get(&repair->supposed, i);
        struct kw_record record = {.id = id, .path = id};
        bool held;
        status = kw_repair_held(repair, id, &held, error);
        repair->unnamed -= repair->unnamed > 0;
        added -= held && added > 0;
        if (status == KW_OK && held && repair->gone_lost) {
            repair->done.doubtful++;
            kw_repair_tell(repair, KWIC_REPAIR_DOUBTFUL, id,
                           "it may have been deleted: which documents were is lost");
        } else if (status == KW_OK && held) {
            repair->done.read++;
            kw_repair_tell(repair, KWIC_REPAIR_READ, id, "indexed again from its file");
        } else if (status == KW_OK) {
            repair->done.lost++;
            kw_repair_tell(repair, KWIC_REPAIR_LOST, id,
                           "nothing of it can be read, and its file is not there");
            status = kw_repair_missing(repair, &record, error);
        }
    }
    uint64_t found = added < repair->unnamed ? added : repair->unnamed;
    repair->done.read += found;
    repair->done.unnamed = repair->unnamed - found;
    repair->done.lost += repair->done.unnamed;
    if (status == KW_OK && repair->done.unnamed)
        kw_repair_tell(repair, KWIC_REPAIR_NOTE, no_document,
                       "%" PRIu64 " document%s lost whose id cannot be read", repair->done.unnamed,
                       repair->done.unnamed == 1 ? " is" : "s are");
    return status;
}

/* ---- The whole ---------------------------------------------------------------------------- */

/* Copies a damaged file into the folder `keep`. */
static enum kw_status keep_file(const char *path, const char *keep, struct kw_error *error)
{
    struct kw_map map = KW_MAP_INIT;
    const char *slash = strrchr(path, '/');
    char *copy = kw_path_join(keep, slash ? slash + 1 : path);
    enum kw_status status = copy ? KW_OK : kw_fail_memory(error);
    if (status == KW_OK && access(copy, F_OK) == 0)
        status = kw_fail(error, KW_E_USAGE, "'%s' is there already", copy);
    if (status == KW_OK)
        status = kw_map_init(&map, path, error);
    if (status == KW_E_NOT_FOUND)
        status = KW_OK; /* that is its damage */
    else if (status == KW_OK)
        status = kw_file_write(copy, map.view, true, error);
    kw_map_release(&map);
    free(copy);
    return status;
}

static enum kw_status keep_files(const struct kw_repair *repair, struct kw_error *error)
{
    const char *keep = repair->options->keep;
    const char *path;
    enum kw_status status = KW_OK;
    if (!keep)
        return KW_OK;
    if (mkdir(keep, 0700) != 0 && errno != EEXIST)
        return kw_fail_errno(error, "cannot create '%s'", keep);
    for (size_t i = 0; status == KW_OK && (path = kw_rescue_file(repair->rescue, i)); i++)
        status = keep_file(path, keep, error);
    return status;
}

/* Does all but the commit. */
static enum kw_status mend(struct kw_repair *repair, struct kw_error *error)
{
    const struct kwic_summary *summary = &repair->writer->summary;
    enum kw_status status = kw_repair_sources(repair, error);
    if (status == KW_OK)
        status = decide_all(repair, error);
    if (status == KW_OK)
        status = kw_repair_gone(repair, error);
    if (status == KW_OK)
        status = each_wanted(repair, restore, error);
    repair->restored = repair->writer->engine->ops->added(repair->writer->engine);
    if (status == KW_OK)
        status = kw_repair_read(repair, error);
    if (status == KW_OK)
        status = each_wanted(repair, restore_bare, error);
    if (status == KW_OK)
        status = kw_repair_unnamed(repair, error);
    if (status == KW_OK)
        status = each_wanted(repair, settle, error);
    if (status == KW_OK)
        status = settle_unnamed(
            repair, summary->added > repair->accounted ? summary->added - repair->accounted : 0,
            error);
    return status;
}

static void release(struct kw_repair *repair)
{
    for (size_t i = 0; repair->fates && i < kw_rescue_wrecks(repair->rescue); i++)
        free(repair->fates[i]);
    free(repair->fates);
    kw_names_release(&repair->named);
    kw_names_release(&repair->files);
    kw_names_release(&repair->supposed);
    kw_rescue_free(repair->rescue);
    kwic_writer_free(repair->writer);
}

enum kwic_status kwic_repair(const char *where, const struct kwic_repair_options *options,
                             struct kwic_repaired *done, struct kwic_error *error)
{
    static const struct kwic_repair_options usual = {.dry_run = false};
    struct kw_error inner = KW_ERROR_INIT;
    struct kw_repair repair = {.options = options ? options : &usual,
                               .named = KW_NAMES_INIT,
                               .files = KW_NAMES_INIT,
                               .supposed = KW_NAMES_INIT};
    const struct kwic_index_options *asked = &repair.options->index;
    struct kwic_index_options with = {.no_sync = asked->no_sync,
                                      .threads = 1, /* each document is judged before the next */
                                      .wait = asked->wait,
                                      .stop = asked->stop,
                                      .warn = asked->warn,
                                      .progress = asked->progress,
                                      .context = asked->context};
    enum kw_status status = kw_rescue_new(&repair.rescue, on_problem, go_on, &repair, &inner);
    if (status == KW_OK)
        status = kw_writer_open(&repair.writer, where, &with, false, repair.rescue, &inner);
    if (status == KW_E_DAMAGED)
        kw_hint(&inner,
                "without its manifest nothing tells what the index is: remove it, and make it "
                "anew with 'kwic index'");
    repair.done.problems = status == KW_OK ? kw_rescue_problems(repair.rescue) : 0;
    if (repair.done.problems) {
        status = mend(&repair, &inner);
        if (status == KW_OK && !repair.options->dry_run)
            status = keep_files(&repair, &inner);
        if (status == KW_OK && !repair.options->dry_run)
            status = kw_writer_commit(repair.writer, &inner);
    }
    if (done)
        *done = repair.done;
    release(&repair);
    return kw_publish(status, &inner, error);
}
