/* The threads of one writer: who may work, and who waits for whom.
 *
 * Beside the caller, each segment that is built has a thread of its own (native_builder.h). There
 * are as many places to work at as the writer may use threads, and whoever computes sits at one;
 * who waits gives it up. So no more threads run at once than were asked for, however many segments
 * are being built, and none of them idles while another has work to do. */
#ifndef KW_ENGINE_NATIVE_CREW_H
#define KW_ENGINE_NATIVE_CREW_H

#include "base/bytes.h"

#include <pthread.h>

/* Documents on their way to a builder, as messages. */
struct kw_load {
    struct kw_bytes bytes;
    struct kw_load *next;
};

struct kw_crew {
    uint32_t threads; /* that may work at once, the caller's among them; 1: there are no others */
    pthread_mutex_t mutex; /* of all that follows, and of what builders share with the caller */
    pthread_cond_t changed;
    uint32_t vacant; /* places that nobody sits at; the caller has one, unless it waits */
    size_t queued;   /* bytes of loads that no builder has done yet */
    struct kw_load *spare;
    bool stopped;            /* builders are to end at once */
    struct kw_error failure; /* of the first builder that failed */
};

void kw_crew_init(struct kw_crew *crew, uint32_t threads);
/* There may be no builder any more. */
void kw_crew_release(struct kw_crew *crew);

/* Tells everybody who waits to look again. The caller holds the mutex, here and below. */
void kw_crew_tell(struct kw_crew *crew);
/* Waits to be told. */
void kw_crew_wait(struct kw_crew *crew);

/* Takes a place, once there is one; gives it up. */
void kw_crew_sit(struct kw_crew *crew);
void kw_crew_rise(struct kw_crew *crew);

/* An empty load, one that was used before if there is any; NULL when memory runs out. */
struct kw_load *kw_crew_take_load(struct kw_crew *crew);
/* Gives it back. Accepts NULL. */
void kw_crew_give_load(struct kw_crew *crew, struct kw_load *load);

#endif
