/* Builds a segment: takes messages, analyses them into the inverter, writes the segment. */
#include "engine/native_builder.h"

#include "index/inverter.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

enum {
    LOAD_BYTES = 256 << 10,   /* a load that has them goes to the builder */
    QUEUE_BYTES = 8 << 20,    /* of loads: the caller waits while there are more */
    BORROWED_BYTES = 4 << 20, /* a longer text is not copied: the caller waits until it is done */
};

struct kw_builder {
    struct kw_crew *crew;

    /* The thread's */
    struct kw_analysis settings;
    struct kw_analyzer *analyzer;
    struct kw_inverter *inverter;
    struct kw_message_fields fields;
    bool sync;
    bool split;

    /* The caller's */
    struct kw_load *filling;
    pthread_t thread;
    bool started;

    /* Shared, under the crew's mutex */
    struct kw_load *first; /* of the queue */
    struct kw_load **last; /* where the next goes */
    bool busy;             /* with a load that is not in the queue any more */
    bool closed;
    bool done;
    uint64_t words;
};

/* ---- Documents ---------------------------------------------------------------------------- */

static enum kw_status take_tokens(void *inverter, struct kw_view field, const uint32_t *words,
                                  const uint32_t *positions, size_t count, uint32_t base,
                                  uint32_t length, struct kw_error *error)
{
    return kw_inverter_tokens(inverter, field, words, positions, count, base, length, error);
}

static enum kw_status take_text(void *inverter, const struct kw_extent *extents, size_t count,
                                const uint8_t *text, struct kw_error *error)
{
    return kw_inverter_text(inverter, extents, count, text, error);
}

static enum kw_status take_keyword(void *inverter, struct kw_view column, struct kw_view value,
                                   struct kw_error *error)
{
    return kw_inverter_keyword(inverter, column, value, error);
}

static enum kw_status take_key(void *inverter, struct kw_view column, enum kw_value_type type,
                               uint64_t key, struct kw_error *error)
{
    return kw_inverter_key(inverter, column, type, key, error);
}

static enum kw_status begin_document(struct kw_builder *builder, const struct kw_message *message,
                                     struct kw_error *error)
{
    struct kw_entry entry;
    uint32_t language = 0;
    enum kw_status status = KW_OK;
    if (*message->language) {
        status = kw_analyzer_use(builder->analyzer, message->language, &language, error);
        if (status == KW_OK)
            kw_analyzer_speak(builder->analyzer, language);
    }
    if (status != KW_OK)
        return status;
    status = kw_document_entry(&message->document, &entry, error);
    entry.language = language; /* the analyzer is the segment's own: so are its numbers */
    if (status == KW_OK)
        status = kw_inverter_begin(builder->inverter, &entry, error);
    free((void *)entry.fields);
    return status;
}

/* Adds a document to the segment, and its length to *words. */
static enum kw_status add_document(struct kw_builder *builder, const struct kw_message *message,
                                   uint64_t *words, struct kw_error *error)
{
    const struct kw_document_sink sink = {builder->inverter, take_tokens, take_text, take_keyword,
                                          take_key};
    struct kw_document_length length = {0, 0};
    enum kw_status status = begin_document(builder, message, error);
    if (status == KW_OK)
        status = kw_document_words(&sink, builder->analyzer, &message->document, message->searched,
                                   &length, error);
    if (status == KW_OK)
        status = kw_message_add_values(message, &sink, error);
    if (status == KW_OK)
        status = kw_inverter_end(builder->inverter, error);
    *words += length.title + length.text;
    return status;
}

static enum kw_status add_load(struct kw_builder *builder, const struct kw_load *load,
                               uint64_t *words, struct kw_error *error)
{
    struct kw_view rest = kw_bytes_view(&load->bytes);
    enum kw_status status = KW_OK;
    while (rest.size && status == KW_OK) {
        struct kw_message message;
        status = kw_message_take(&rest, &builder->fields, &message, error);
        if (status == KW_OK)
            status = add_document(builder, &message, words, error);
    }
    return status;
}

/* ---- The segment -------------------------------------------------------------------------- */

/* The stems of the analyzer's language `number`; the array of views is the caller's to free. */
static enum kw_status fill_stems(struct kw_stem_table *table, const struct kw_analyzer *analyzer,
                                 uint32_t number, struct kw_error *error)
{
    uint32_t stems = kw_analyzer_stems(analyzer, number);
    struct kw_view *stem = malloc(((size_t)stems + 1) * sizeof *stem);
    *table = (struct kw_stem_table){kw_view_of(kw_analyzer_language(analyzer, number)),
                                    kw_analyzer_stems_of(analyzer, number), stem, stems};
    if (!stem)
        return kw_fail_memory(error);
    for (uint32_t i = 0; i < stems; i++)
        stem[i] = kw_analyzer_stem(analyzer, number, i);
    return KW_OK;
}

/* Fills the tables of the segment's languages, *count of them: *tables is the caller's, with the
 * views in it, also on failure. A language without stems has one table. */
static enum kw_status fill_languages(const struct kw_builder *builder,
                                     struct kw_stem_table **tables, uint32_t *count,
                                     struct kw_error *error)
{
    uint32_t used = kw_analyzer_languages(builder->analyzer);
    enum kw_status status = KW_OK;
    *count = used ? used : 1;
    *tables = calloc((size_t)*count, sizeof **tables);
    if (!*tables)
        return kw_fail_memory(error);
    (*tables)[0].language = kw_view_of(builder->settings.language);
    for (uint32_t i = 0; i < used && status == KW_OK; i++)
        status = fill_stems(&(*tables)[i], builder->analyzer, i, error);
    return status;
}

/* Who writes the text of a segment while its terms are written. */
struct writer {
    struct kw_builder *builder;
    pthread_t thread;
    bool started;
    struct kw_error error;
};

static void *write_text(void *context)
{
    struct writer *writer = context;
    struct kw_crew *crew = writer->builder->crew;
    pthread_mutex_lock(&crew->mutex);
    kw_crew_sit(crew);
    pthread_mutex_unlock(&crew->mutex);
    kw_inverter_finish_text(writer->builder->inverter, &writer->error);
    pthread_mutex_lock(&crew->mutex);
    kw_crew_rise(crew);
    pthread_mutex_unlock(&crew->mutex);
    return NULL;
}

/* Starts a thread, which leaves signals to others; false and errno on failure. */
static bool start_thread(pthread_t *thread, void *(*run)(void *), void *context)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    errno = pthread_create(thread, NULL, run, context);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return errno == 0;
}

/* Waits until the text is written, if a thread was started for it. */
static enum kw_status join(struct writer *writer, struct kw_error *error)
{
    struct kw_crew *crew = writer->builder->crew;
    if (!writer->started)
        return KW_OK;
    writer->started = false;
    pthread_mutex_lock(&crew->mutex);
    kw_crew_rise(crew);
    pthread_mutex_unlock(&crew->mutex);
    pthread_join(writer->thread, NULL);
    pthread_mutex_lock(&crew->mutex);
    kw_crew_sit(crew);
    pthread_mutex_unlock(&crew->mutex);
    if (writer->error.status != KW_OK && error)
        *error = writer->error;
    return writer->error.status;
}

/* Writes the segment with the analyzer's vocabulary. */
static enum kw_status write_segment(struct kw_builder *builder, struct writer *text,
                                    struct kw_error *error)
{
    const struct kw_analyzer *analyzer = builder->analyzer;
    uint32_t words = kw_analyzer_words(analyzer);
    uint32_t surfaces = kw_analyzer_surfaces(analyzer);
    struct kw_stem_table *languages = NULL;
    uint32_t count = 0;
    uint32_t *surface_of = malloc(((size_t)words + 1) * sizeof *surface_of);
    struct kw_view *surface = malloc(((size_t)surfaces + 1) * sizeof *surface);
    enum kw_status status = surface_of && surface ? KW_OK : kw_fail_memory(error);
    if (status == KW_OK)
        status = fill_languages(builder, &languages, &count, error);
    if (status != KW_OK)
        goto done;
    for (uint32_t i = 0; i < words; i++)
        surface_of[i] = kw_analyzer_surface_of(analyzer, i);
    for (uint32_t i = 0; i < surfaces; i++)
        surface[i] = kw_analyzer_surface(analyzer, i);
    struct kw_batch_words vocabulary = {
        words, surface_of, surface, surfaces, kw_analyzer_cut(analyzer), languages, count};
    if (text->started)
        status = kw_inverter_finish_terms(builder->inverter, &vocabulary, error);
    if (status == KW_OK)
        status = join(text, error);
    if (status == KW_OK)
        status = kw_inverter_finish(builder->inverter, &vocabulary, builder->sync, error);
done:
    for (uint32_t i = 0; languages && i < count; i++)
        free((void *)languages[i].stems);
    free(languages);
    free(surface_of);
    free(surface);
    return status;
}

/* Writes the segment, and gives back the memory that it took. */
static enum kw_status finish(struct kw_builder *builder, struct kw_error *error)
{
    struct writer text = {.builder = builder, .error = KW_ERROR_INIT};
    if (builder->split) /* where no thread can be had, one does it all */
        text.started = start_thread(&text.thread, write_text, &text);
    enum kw_status status = kw_analyzer_seal(builder->analyzer, error);
    if (status == KW_OK)
        status = write_segment(builder, &text, error);
    join(&text, NULL);
    kw_inverter_free(builder->inverter);
    kw_analyzer_free(builder->analyzer);
    builder->inverter = NULL;
    builder->analyzer = NULL;
    return status;
}

/* ---- The thread --------------------------------------------------------------------------- */

/* Whether the crew is to go on. */
static bool goes_on(const struct kw_crew *crew)
{
    return !crew->stopped && crew->failure.status == KW_OK;
}

/* Sits down and works on the load, or without one writes the segment. The caller holds the mutex,
 * which is free meanwhile. */
static void work(struct kw_builder *builder, struct kw_load *load)
{
    struct kw_crew *crew = builder->crew;
    struct kw_error error = KW_ERROR_INIT;
    uint64_t words = 0;
    kw_crew_sit(crew);
    pthread_mutex_unlock(&crew->mutex);
    enum kw_status status =
        load ? add_load(builder, load, &words, &error) : finish(builder, &error);
    pthread_mutex_lock(&crew->mutex);
    builder->words += words;
    if (status != KW_OK && crew->failure.status == KW_OK)
        crew->failure = error;
    kw_crew_rise(crew);
}

static void *run(void *context)
{
    struct kw_builder *builder = context;
    struct kw_crew *crew = builder->crew;
    pthread_mutex_lock(&crew->mutex);
    while (goes_on(crew) && (builder->first || !builder->closed)) {
        struct kw_load *load = builder->first;
        if (!load) {
            kw_crew_wait(crew);
            continue;
        }
        builder->first = load->next;
        if (!builder->first)
            builder->last = &builder->first;
        builder->busy = true;
        work(builder, load);
        builder->busy = false;
        crew->queued -= load->bytes.size;
        kw_crew_give_load(crew, load);
    }
    if (goes_on(crew))
        work(builder, NULL);
    builder->done = true;
    kw_crew_tell(crew);
    pthread_mutex_unlock(&crew->mutex);
    return NULL;
}

/* ---- The caller --------------------------------------------------------------------------- */

enum kw_status kw_builder_new(struct kw_builder **out, struct kw_crew *crew,
                              const struct kw_builder_plan *plan, struct kw_error *error)
{
    *out = NULL;
    struct kw_builder *builder = calloc(1, sizeof *builder);
    if (!builder)
        return kw_fail_memory(error);
    builder->crew = crew;
    builder->settings = *plan->settings;
    builder->sync = plan->sync;
    builder->split = plan->split && crew->threads > 1;
    builder->last = &builder->first;
    enum kw_status status = kw_analyzer_new(&builder->analyzer, &builder->settings, error);
    if (status == KW_OK)
        status = kw_inverter_new(&builder->inverter, plan->path, error);
    if (status == KW_OK)
        kw_inverter_codec(builder->inverter, plan->codec);
    if (status == KW_OK)
        status = kw_inverter_place(builder->inverter, plan->spool,
                                   plan->memory ? plan->memory : SIZE_MAX, error);
    if (status == KW_OK && crew->threads > 1) {
        builder->started = start_thread(&builder->thread, run, builder);
        if (!builder->started)
            status = kw_fail_errno(error, "cannot start a thread");
    }
    if (status == KW_OK)
        *out = builder;
    else
        kw_builder_free(builder);
    return status;
}

void kw_builder_free(struct kw_builder *builder)
{
    if (!builder)
        return;
    struct kw_crew *crew = builder->crew;
    pthread_mutex_lock(&crew->mutex);
    crew->stopped = crew->stopped || !builder->done;
    kw_crew_rise(crew); /* the caller waits */
    pthread_mutex_unlock(&crew->mutex);
    if (builder->started)
        pthread_join(builder->thread, NULL);
    pthread_mutex_lock(&crew->mutex);
    kw_crew_sit(crew);
    while (builder->first) {
        struct kw_load *next = builder->first->next;
        crew->queued -= builder->first->bytes.size;
        kw_crew_give_load(crew, builder->first);
        builder->first = next;
    }
    kw_crew_give_load(crew, builder->filling);
    pthread_mutex_unlock(&crew->mutex);
    kw_inverter_free(builder->inverter);
    kw_analyzer_free(builder->analyzer);
    kw_message_fields_release(&builder->fields);
    free(builder);
}

/* What the crew failed with. The caller holds the mutex. */
static enum kw_status failure_of(const struct kw_crew *crew, struct kw_error *error)
{
    if (crew->failure.status != KW_OK && error)
        *error = crew->failure;
    return crew->failure.status;
}

/* Gives the load that was filled to the thread, when there are few enough before it. With `settle`
 * waits until all is done. Without a thread, does it. */
static enum kw_status send(struct kw_builder *builder, bool settle, struct kw_error *error)
{
    struct kw_crew *crew = builder->crew;
    struct kw_load *load = builder->filling;
    builder->filling = NULL;
    pthread_mutex_lock(&crew->mutex);
    kw_crew_rise(crew);
    while (builder->started && load && crew->queued >= QUEUE_BYTES && goes_on(crew))
        kw_crew_wait(crew);
    if (load && goes_on(crew) && builder->started) {
        crew->queued += load->bytes.size;
        *builder->last = load;
        builder->last = &load->next;
        kw_crew_tell(crew);
    } else {
        if (load && goes_on(crew))
            work(builder, load);
        kw_crew_give_load(crew, load);
    }
    while (settle && builder->started && (builder->first || builder->busy) && goes_on(crew))
        kw_crew_wait(crew);
    /* What is borrowed must not be read any more, whatever the others failed with. */
    while (settle && builder->busy)
        kw_crew_wait(crew);
    kw_crew_sit(crew);
    enum kw_status status = failure_of(crew, error);
    pthread_mutex_unlock(&crew->mutex);
    return status;
}

enum kw_status kw_builder_add(struct kw_builder *builder, const struct kw_message *message,
                              struct kw_error *error)
{
    bool borrow = !builder->started || message->document.text.size > BORROWED_BYTES;
    if (!builder->filling) {
        pthread_mutex_lock(&builder->crew->mutex);
        builder->filling = kw_crew_take_load(builder->crew);
        pthread_mutex_unlock(&builder->crew->mutex);
    }
    if (!builder->filling)
        return kw_fail_memory(error);
    struct kw_bytes *bytes = &builder->filling->bytes;
    kw_message_put(bytes, message, borrow);
    if (bytes->failed)
        return kw_fail_memory(error);
    return borrow || bytes->size >= LOAD_BYTES ? send(builder, borrow, error) : KW_OK;
}

enum kw_status kw_builder_close(struct kw_builder *builder, struct kw_error *error)
{
    struct kw_crew *crew = builder->crew;
    enum kw_status status = send(builder, false, error);
    pthread_mutex_lock(&crew->mutex);
    builder->closed = true;
    kw_crew_tell(crew);
    if (!builder->started && status == KW_OK) {
        kw_crew_rise(crew);
        work(builder, NULL);
        kw_crew_sit(crew);
        builder->done = true;
        status = failure_of(crew, error);
    }
    pthread_mutex_unlock(&crew->mutex);
    return status;
}

enum kw_status kw_builder_wait(struct kw_builder *builder, struct kw_error *error)
{
    struct kw_crew *crew = builder->crew;
    pthread_mutex_lock(&crew->mutex);
    kw_crew_rise(crew);
    while (!builder->done && goes_on(crew))
        kw_crew_wait(crew);
    kw_crew_sit(crew);
    enum kw_status status = failure_of(crew, error);
    pthread_mutex_unlock(&crew->mutex);
    return status;
}

uint64_t kw_builder_words(struct kw_builder *builder)
{
    send(builder, true, NULL);
    pthread_mutex_lock(&builder->crew->mutex);
    uint64_t words = builder->words;
    pthread_mutex_unlock(&builder->crew->mutex);
    return words;
}
