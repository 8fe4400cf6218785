/* Places to work at, and loads that are used again. */
#include "engine/native_crew.h"

#include <stdlib.h>

enum { KEPT_LOAD = 4 << 20 }; /* a load that holds more is not kept */

void kw_crew_init(struct kw_crew *crew, uint32_t threads)
{
    *crew = (struct kw_crew){.threads = threads, .vacant = threads - 1};
    pthread_mutex_init(&crew->mutex, NULL);
    pthread_cond_init(&crew->changed, NULL);
}

static void free_load(struct kw_load *load)
{
    kw_bytes_release(&load->bytes);
    free(load);
}

void kw_crew_release(struct kw_crew *crew)
{
    while (crew->spare) {
        struct kw_load *next = crew->spare->next;
        free_load(crew->spare);
        crew->spare = next;
    }
    pthread_cond_destroy(&crew->changed);
    pthread_mutex_destroy(&crew->mutex);
}

void kw_crew_tell(struct kw_crew *crew)
{
    pthread_cond_broadcast(&crew->changed);
}

void kw_crew_wait(struct kw_crew *crew)
{
    pthread_cond_wait(&crew->changed, &crew->mutex);
}

void kw_crew_sit(struct kw_crew *crew)
{
    while (!crew->vacant)
        kw_crew_wait(crew);
    crew->vacant--;
}

void kw_crew_rise(struct kw_crew *crew)
{
    crew->vacant++;
    kw_crew_tell(crew);
}

struct kw_load *kw_crew_take_load(struct kw_crew *crew)
{
    struct kw_load *load = crew->spare;
    if (!load)
        return calloc(1, sizeof *load);
    crew->spare = load->next;
    load->next = NULL;
    kw_bytes_clear(&load->bytes);
    return load;
}

void kw_crew_give_load(struct kw_crew *crew, struct kw_load *load)
{
    if (!load)
        return;
    if (load->bytes.capacity > KEPT_LOAD || load->bytes.failed) {
        free_load(load);
        return;
    }
    load->next = crew->spare;
    crew->spare = load;
}
