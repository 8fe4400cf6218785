/* The calendar of a crowd. Members are linked by number plus 1; 0 ends a list. */
#include "rank/crowd.h"

struct kw_crowd {
    struct kw_cursor **members;
    uint32_t *links; /* by member: the next one in its list */
    uint32_t *days;  /* by document from `base` on: the list of those that stand on it */
    uint32_t width;  /* documents of the window */
    uint32_t later;  /* the list of those beyond the window, or before their first document */
    uint64_t base;   /* the window's first document */
    uint64_t at;     /* those before it have empty lists */
};

enum { DAYS_LEAST = 1024, DAYS_MOST = 65536, DAYS_A_MEMBER = 16 };

/* So many days that moving the window, which touches all members beyond it, is rare beside the
 * days. */
static uint32_t choose_width(uint32_t count)
{
    return count < DAYS_LEAST / DAYS_A_MEMBER  ? DAYS_LEAST
           : count > DAYS_MOST / DAYS_A_MEMBER ? DAYS_MOST
                                               : count * DAYS_A_MEMBER;
}

struct kw_crowd *kw_crowd_new(struct kw_arena *arena, struct kw_cursor **members, uint32_t count)
{
    struct kw_crowd *crowd = kw_arena_alloc(arena, sizeof *crowd);
    if (!crowd)
        return NULL;
    crowd->members = members;
    crowd->width = choose_width(count);
    crowd->at = crowd->width;
    crowd->links = kw_arena_alloc(arena, count * sizeof *crowd->links);
    crowd->days = kw_arena_alloc(arena, crowd->width * sizeof *crowd->days);
    if (!crowd->links || !crowd->days)
        return NULL;
    for (uint32_t i = 0; i < count; i++)
        crowd->links[i] = i;
    crowd->later = count;
    return crowd;
}

/* Puts a member, which is in no list, into that of its document. */
static void place(struct kw_crowd *crowd, uint32_t link)
{
    uint64_t document = (uint64_t)crowd->members[link - 1]->document;
    if (document == KW_NO_DOCUMENT)
        return;
    uint32_t *list = document - crowd->base < crowd->width ? &crowd->days[document - crowd->base]
                                                           : &crowd->later;
    crowd->links[link - 1] = *list;
    *list = link;
}

/* Moves all of a list on. */
static void move_on(struct kw_crowd *crowd, uint32_t link, uint32_t target)
{
    while (link) {
        struct kw_cursor *member = crowd->members[link - 1];
        uint32_t next = crowd->links[link - 1];
        if (next)
            __builtin_prefetch(crowd->members[next - 1]);
        member->ops->advance(member, target);
        place(crowd, link);
        link = next;
    }
}

/* Opens the window at the first document ≥ `target` of those beyond it; false if there are none. */
static bool open_window(struct kw_crowd *crowd, uint32_t target)
{
    uint32_t list = crowd->later;
    int64_t first = KW_NO_DOCUMENT;
    for (uint32_t link = list; link; link = crowd->links[link - 1]) {
        struct kw_cursor *member = crowd->members[link - 1];
        int64_t document = member->ops->advance(member, target);
        first = document < first ? document : first;
    }
    crowd->later = 0;
    if (first == KW_NO_DOCUMENT)
        return false;
    crowd->base = crowd->at = (uint64_t)first;
    for (uint32_t link = list, next; link; link = next) {
        next = crowd->links[link - 1];
        place(crowd, link);
    }
    return true;
}

int64_t kw_crowd_advance(struct kw_crowd *crowd, uint32_t target)
{
    do {
        uint64_t end = crowd->base + crowd->width;
        for (; crowd->at < end && crowd->at < target; crowd->at++) {
            uint32_t *list = &crowd->days[crowd->at - crowd->base], first = *list;
            *list = 0;
            move_on(crowd, first, target);
        }
        for (; crowd->at < end; crowd->at++)
            if (crowd->days[crowd->at - crowd->base])
                return (int64_t)crowd->at;
    } while (open_window(crowd, target));
    return KW_NO_DOCUMENT;
}

bool kw_crowd_next(const struct kw_crowd *crowd, uint32_t *next, uint32_t *member)
{
    uint32_t link = *next ? crowd->links[*next - 1] : crowd->days[crowd->at - crowd->base];
    *next = link;
    *member = link - 1;
    return link != 0;
}
