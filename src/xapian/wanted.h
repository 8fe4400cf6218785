/* What a plan needs of an index to be ranked: terms, fields and columns. */
#ifndef KW_XAPIAN_WANTED_H
#define KW_XAPIAN_WANTED_H

#include "index/excerpt.h"
#include "query/filter.h"
#include "query/plan.h"

struct kw_wanted {
    const struct kw_plan *plan;
    struct {
        struct kw_excerpt_term *items; /* by field, language, bytes; views of the plan */
        size_t count;
        size_t capacity;
    } terms;
    bool *placed; /* by term: whether its positions matter … */
    bool *paired; /* … and only for the additions by which it is near another word */
    struct {
        struct kw_view *items; /* of stems: the surface terms of the words that ask for them */
        size_t count;
        size_t capacity;
    } surfaces;
    size_t *surfaces_of; /* by term: the first of its surfaces; one more at the end */
    struct {
        struct kw_view *items; /* fields whose lengths are needed, by bytes; "" is the text */
        size_t count;
        size_t capacity;
    } fields;
    struct {
        struct kw_view *items; /* fields whose values are needed */
        size_t count;
        size_t capacity;
    } columns;
    struct {
        bool *items; /* by column: all values matter, not only the keywords of the plan's filters */
        size_t capacity;
    } whole;
};

/* Gathers what the plan needs; with `all_placed` the positions of every term matter. Release it
 * whatever it returns. It is valid as long as the plan is, and not expanded anew. KW_E_MEMORY. */
enum kw_status kw_wanted_init(struct kw_wanted *wanted, const struct kw_plan *plan, bool all_placed,
                              struct kw_error *error);
void kw_wanted_release(struct kw_wanted *wanted);

/* The number of a term, field or column, which is there. */
size_t kw_wanted_find_term(const struct kw_wanted *wanted, const struct kw_excerpt_term *term);
size_t kw_wanted_find_field(const struct kw_wanted *wanted, struct kw_view name);
size_t kw_wanted_find_column(const struct kw_wanted *wanted, struct kw_view name);

/* Adds a column, once, of which all values matter if `whole`. The name is borrowed. KW_E_MEMORY. */
enum kw_status kw_wanted_column(struct kw_wanted *wanted, struct kw_view name, bool whole,
                                struct kw_error *error);
/* Whether a filter asks for one keyword. */
bool kw_wanted_is_keyword(const struct kw_filter *filter);

#endif
