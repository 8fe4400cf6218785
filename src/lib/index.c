/* Opens one or several indexes to be searched as one. */
#include "engine/where.h"
#include "lib/handle.h"
#include "lib/paths.h"
#include "lib/status.h"

#include <stdio.h>
#include <stdlib.h>

/* Whether an index can be searched with the others: terms must mean the same in all. */
static enum kw_status check_settings(const struct kwic_index *index, const char *where,
                                     const struct kw_analysis *settings, struct kw_error *error)
{
    bool stems = strcmp(settings->language, "none") != 0;
    if (settings->version != index->settings.version) {
        kw_fail(error, KW_E_VERSION,
                "cannot search '%s' with the others: its analysis has version %u, theirs %u", where,
                settings->version, index->settings.version);
        kw_hint(error, "index the sources of the older one again into a new folder");
        return KW_E_VERSION;
    }
    if (stems != (strcmp(index->settings.language, "none") != 0))
        return kw_fail(error, KW_E_USAGE,
                       "cannot search '%s' with the others: its language is '%s', theirs '%s'",
                       where, settings->language, index->settings.language);
    if (settings->rules != index->settings.rules) {
        kw_fail(error, KW_E_USAGE,
                "cannot search '%s' with the others: its words were made by other rules", where);
        kw_hint(error, "search them one after the other");
        return KW_E_USAGE;
    }
    if (settings->keep_accents != index->settings.keep_accents)
        return kw_fail(error, KW_E_USAGE, "cannot search '%s' with the others: %s accents", where,
                       settings->keep_accents ? "it alone keeps" : "they alone keep");
    return KW_OK;
}

/* Refuses to read an index of kwic's own as another program's. */
static enum kw_status check_maker(const char *where, const struct kw_analysis *settings,
                                  const struct kw_foreign_options *foreign, struct kw_error *error)
{
    bool asked = foreign->schema || (foreign->prefixes && foreign->prefixes[0]);
    if (!asked || settings->rules != KW_RULES_OWN)
        return KW_OK;
    kw_fail(error, KW_E_USAGE, "'%s' was made by kwic: it has no other schema", where);
    kw_hint(error, "leave out --schema and --prefix");
    return KW_E_USAGE;
}

/* Whether an engine's index is that of a member. */
static bool is_open(const struct kwic_index *index, struct kw_engine *engine)
{
    const char *folder = engine->ops->folder(engine);
    for (size_t i = 0; i < index->count && folder; i++) {
        struct kw_engine *other = index->members[i].engine;
        const char *place = other->ops->folder(other);
        if (place && strcmp(place, folder) == 0)
            return true;
    }
    return false;
}

/* Opens the place of a member, with what an older handle (NULL: none) has open of it. */
static enum kw_status open_place(struct kw_engine **out, const char *where,
                                 const struct kwic_index *from,
                                 const struct kw_reader_options *options, struct kw_error *error)
{
    for (size_t i = 0; from && i < from->count; i++)
        if (strcmp(from->members[i].where, where) == 0)
            return kw_engine_renew(out, where, from->members[i].engine, options, kw_helpers(),
                                   error);
    return kw_engine_new(out, where, options, kw_helpers(), error);
}

/* Opens one member, unless it is there already; it must be analysed as the first one is. */
static enum kw_status open_member(struct kwic_index *index, const char *where,
                                  const struct kwic_index *from,
                                  const struct kw_reader_options *options, struct kw_error *error)
{
    struct kw_member *member = &index->members[index->count];
    struct kw_analysis settings;
    enum kw_status status = open_place(&member->engine, where, from, options, error);
    if (status == KW_E_NO_INDEX)
        kw_hint_inner(error, where);
    if (status != KW_OK)
        return status;
    if (is_open(index, member->engine)) {
        member->engine->ops->free(member->engine);
        return KW_OK;
    }
    index->count++;
    member->where = where;
    member->base = member->engine->ops->base(member->engine);
    member->engine->ops->settings(member->engine, &settings);
    status = check_maker(where, &settings, options->foreign, error);
    if (status != KW_OK)
        return status;
    if (index->count > 1)
        return check_settings(index, where, &settings, error);
    index->settings = settings;
    return KW_OK;
}

/* Takes the languages of a member's documents into use. */
static enum kw_status use_languages(struct kwic_index *index, struct kw_engine *engine,
                                    struct kw_error *error)
{
    char name[KW_LANGUAGE_SIZE];
    uint64_t at = 0;
    uint32_t number;
    for (;;) {
        struct kw_view language;
        enum kw_status status = engine->ops->language(engine, &at, &language, error);
        if (status != KW_OK)
            return status == KW_END ? KW_OK : status;
        snprintf(name, sizeof name, "%.*s", (int)language.size, (const char *)language.data);
        status = kw_analyzer_use(index->analyzer, name, &number, error);
        if (status != KW_OK)
            return status;
    }
}

/* Makes the analyzer, if there is none, and takes the languages of all members' documents into use.
 */
static enum kw_status make_analyzer(struct kwic_index *index, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    if (!index->analyzer)
        status = kw_analyzer_new(&index->analyzer, &index->settings, error);
    for (size_t i = 0; i < index->count && status == KW_OK; i++)
        status = use_languages(index, index->members[i].engine, error);
    return status;
}

/* ---- Changes under a reader --------------------------------------------------------------- */

/* Forgets which fields there are, and finds the languages anew. */
static enum kw_status look_anew(struct kwic_index *index, struct kw_error *error)
{
    free(index->fields);
    index->fields = NULL;
    if (index->types && index->types_lent) {
        if (!kw_grow(&index->retired, index->retired.count + 1))
            return kw_fail_memory(error);
        index->retired.items[index->retired.count++] = index->types;
    } else {
        free(index->types);
    }
    index->types = NULL;
    index->types_listed = index->types_lent = false;
    return index->analyzer ? make_analyzer(index, error) : KW_OK;
}

/* Whether no other member has anything left. */
static bool is_alone(const struct kwic_index *index, size_t number)
{
    for (size_t i = 0; i < index->count; i++)
        if (i != number && !index->members[i].engine->gone)
            return false;
    return true;
}

bool kw_index_again(struct kwic_index *index, unsigned *tries, enum kw_status *status,
                    struct kw_error *error)
{
    bool again = false;
    if (*status >= KW_OK)
        return false;
    for (size_t i = 0; i < index->count; i++) {
        struct kw_engine *engine = index->members[i].engine;
        bool renewed;
        enum kw_status found =
            engine->ops->renew(engine, *tries, is_alone(index, i), &renewed, error);
        if (found != KW_OK) {
            *status = found;
            return false;
        }
        again |= renewed;
    }
    if (!again)
        return false;
    ++*tries;
    *status = look_anew(index, error);
    return *status == KW_OK || kw_index_again(index, tries, status, error);
}

/* Opens all members. Under options->partial those that cannot be opened are left out. */
static enum kw_status open_members(struct kwic_index *index, const struct kwic_index *from,
                                   const struct kw_reader_options *options, struct kw_error *error)
{
    size_t count = index->opening.count;
    enum kw_status status = KW_OK;
    for (size_t i = 0; i < count && status == KW_OK; i++) {
        struct kw_error found = KW_ERROR_INIT;
        size_t before = index->count;
        status = open_member(index, index->opening.where[i], from, options, &found);
        bool others = before > 0 || i + 1 < count;
        if (status != KW_OK && status != KW_E_MEMORY && options->partial && others &&
            index->count == before) {
            char *line = strdup(found.message);
            status = line ? KW_OK : kw_fail_memory(&found);
            if (line)
                index->lost[index->lost_count++] = line;
        }
        if (status != KW_OK && error)
            *error = found;
    }
    return status;
}

/* Opens places with good options and what an older handle (NULL: none) has open of them. */
static enum kw_status open_index(struct kwic_index **out, const char *const *where, size_t count,
                                 const struct kwic_open_options *options,
                                 const struct kwic_index *from, struct kw_error *error)
{
    struct kw_reader_options reading;
    struct kw_foreign_options foreign;
    unsigned tries = 0;
    *out = NULL;
    struct kwic_index *index = calloc(1, sizeof *index);
    if (!index)
        return kw_fail_memory(error);
    reading.partial = options->partial;
    reading.timeout = options->timeout < 0.001 ? 1 : (unsigned)(options->timeout * 1000);
    foreign = kw_files_options(&index->files, options->foreign);
    reading.foreign = &foreign;
    index->members = calloc(count, sizeof *index->members);
    index->lost = calloc(count, sizeof *index->lost);
    enum kw_status status = index->members && index->lost ? KW_OK : kw_fail_memory(error);
    if (status == KW_OK)
        status = kw_opening_init(&index->opening, where, count, options, error);
    if (status == KW_OK)
        status = open_members(index, from, &reading, error);
    if (status == KW_OK) {
        do {
            status = make_analyzer(index, error);
        } while (kw_index_again(index, &tries, &status, error));
    }
    if (status == KW_OK)
        *out = index;
    else
        kwic_index_free(index);
    return status;
}

enum kwic_status kwic_index_new_with(struct kwic_index **out, const char *const *where,
                                     size_t count, const struct kwic_open_options *options,
                                     struct kwic_error *error)
{
    static const struct kwic_open_options defaults = KWIC_OPEN_OPTIONS_INIT;
    static const double most = 1000000;
    struct kw_error inner = KW_ERROR_INIT;
    enum kw_status status = KW_OK;
    *out = NULL;
    if (!options)
        options = &defaults;
    if (count == 0)
        status = kw_fail(&inner, KW_E_USAGE, "no index named");
    else if (!(options->timeout > 0 && options->timeout <= most))
        status = kw_fail(&inner, KW_E_USAGE, "the timeout must be above 0 and at most %g", most);
    else
        status = open_index(out, where, count, options, NULL, &inner);
    return kw_publish(status, &inner, error);
}

enum kwic_status kwic_index_renew(struct kwic_index **out, const struct kwic_index *index,
                                  struct kwic_error *error)
{
    struct kw_error inner = KW_ERROR_INIT;
    const struct kw_opening *opening = &index->opening;
    return kw_publish(open_index(out, (const char *const *)opening->where, opening->count,
                                 &opening->options, index, &inner),
                      &inner, error);
}

enum kwic_status kwic_index_changed(const struct kwic_index *index, bool *changed,
                                    struct kwic_error *error)
{
    struct kw_error inner = KW_ERROR_INIT;
    enum kw_status status = KW_OK;
    *changed = false;
    for (size_t i = 0; i < index->count && status == KW_OK && !*changed; i++)
        status =
            kw_engine_changed(index->members[i].engine, index->members[i].where, changed, &inner);
    return kw_publish(status, &inner, error);
}

enum kwic_status kwic_index_new(struct kwic_index **out, const char *const *where, size_t count,
                                struct kwic_error *error)
{
    return kwic_index_new_with(out, where, count, NULL, error);
}

enum kwic_status kwic_index_new_foreign(struct kwic_index **out, const char *const *where,
                                        size_t count, const struct kwic_foreign *foreign,
                                        struct kwic_error *error)
{
    struct kwic_open_options options = KWIC_OPEN_OPTIONS_INIT;
    options.foreign = foreign;
    return kwic_index_new_with(out, where, count, &options, error);
}

const char *kwic_index_lost(const struct kwic_index *index, size_t number)
{
    if (number < index->lost_count)
        return index->lost[number];
    number -= index->lost_count;
    for (size_t i = 0; i < index->count; i++) {
        struct kw_engine *engine = index->members[i].engine;
        const char *line = engine->ops->lost(engine, number);
        if (line)
            return line;
        for (size_t k = 0; number && engine->ops->lost(engine, k); k++)
            number--;
    }
    return NULL;
}

void kwic_index_free(struct kwic_index *index)
{
    if (!index)
        return;
    for (size_t i = 0; i < index->count; i++)
        index->members[i].engine->ops->free(index->members[i].engine);
    for (size_t i = 0; i < index->lost_count; i++)
        free(index->lost[i]);
    free(index->lost);
    free(index->members);
    free(index->fields);
    free(index->types);
    for (size_t i = 0; i < index->retired.count; i++)
        free(index->retired.items[i]);
    free(index->retired.items);
    kw_analyzer_free(index->analyzer);
    kw_files_release(&index->files);
    kw_opening_release(&index->opening);
    free(index);
}

/* ---- Statistics --------------------------------------------------------------------------- */

enum kw_status kw_index_statistics(struct kwic_index *index, const struct kw_plan *plan,
                                   struct kw_statistics *statistics, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    for (size_t i = 0; i < index->count && status == KW_OK; i++) {
        struct kw_engine *engine = index->members[i].engine;
        status = engine->ops->statistics(engine, plan, statistics, error);
    }
    return status == KW_OK ? kw_statistics_settle(statistics, plan, error) : status;
}

/* ---- Documents ---------------------------------------------------------------------------- */

/* Looks an id up in one member: KW_OK, KW_E_NOT_FOUND (nothing recorded in error). */
static enum kw_status find_id(struct kwic_index *index, size_t member, struct kw_view id,
                              uint64_t *document, struct kw_error *error)
{
    struct kw_engine *engine = index->members[member].engine;
    return engine->ops->find(engine, id, document, error);
}

/* Looks the path `name` up in one member. */
static enum kw_status find_path(struct kwic_index *index, size_t member, const char *name,
                                uint64_t *document, struct kw_error *error)
{
    char *id = kw_path_name(index->members[member].base, name);
    if (!id)
        return kw_fail_memory(error);
    enum kw_status status = find_id(index, member, kw_view_of(id), document, error);
    free(id);
    return status;
}

enum kw_status kw_index_find(struct kwic_index *index, struct kw_view name, bool id_only,
                             size_t *member, uint64_t *document, struct kw_error *error)
{
    enum kw_status status = KW_E_NOT_FOUND;
    bool is_path = !id_only && name.size && !memchr(name.data, 0, name.size);
    char *copy = kw_view_string(name);
    if (!copy)
        return kw_fail_memory(error);
    for (size_t i = 0; i < index->count && is_path && status == KW_E_NOT_FOUND; i++) {
        *member = i;
        status = find_path(index, i, copy, document, error);
    }
    for (size_t i = 0; i < index->count && status == KW_E_NOT_FOUND; i++) {
        *member = i;
        status = find_id(index, i, name, document, error);
    }
    if (status == KW_E_NOT_FOUND)
        kw_fail(error, KW_E_NOT_FOUND, "no document '%s' in the index", copy);
    free(copy);
    return status;
}

int kw_index_order(void *context, const struct kw_hit *a, const struct kw_hit *b)
{
    struct kwic_index *index = context;
    struct kw_record first;
    struct kw_record second;
    struct kw_engine *one = index->members[a->engine].engine;
    struct kw_engine *other = index->members[b->engine].engine;
    if (a->engine == b->engine)
        return one->ops->order(one, a->document, b->document);
    /* What is damaged here is told by the engine's status. */
    int order = 0;
    if (one->ops->record(one, a->document, &first, NULL) == KW_OK &&
        other->ops->record(other, b->document, &second, NULL) == KW_OK)
        order = kw_view_compare(first.id, second.id);
    return order ? order : (a->engine > b->engine) - (a->engine < b->engine);
}
