/* The types of an index's fields while it is written: those of the manifest, those asked for, and
 * those that a field's first value settles. */
#ifndef KW_ENGINE_FIELD_TYPES_H
#define KW_ENGINE_FIELD_TYPES_H

#include "engine/names.h"
#include "engine/writer.h"
#include "index/manifest.h"
#include "index/segment.h"

struct kw_field_type {
    enum kw_value_type type;
    bool asked; /* for; else settled by the first value */
    bool told;  /* that a value did not fit */
};

struct kw_field_types {
    struct kw_names names;
    struct {
        struct kw_field_type *items; /* by number of a name */
        size_t capacity;
    } types;
    bool changed;   /* types were asked for that were not there so */
    bool full;      /* a field was left without a type, as there were too many … */
    bool full_told; /* … and that was told */
};

#define KW_FIELD_TYPES_INIT                                                                        \
    {                                                                                              \
        KW_NAMES_INIT, {NULL, 0}, false, false, false                                              \
    }

/* Takes the types of a manifest over. KW_E_MEMORY. */
enum kw_status kw_field_types_init(struct kw_field_types *types, const struct kw_manifest *manifest,
                                   struct kw_error *error);
void kw_field_types_release(struct kw_field_types *types);

/* Makes text what the segment searches and has no type yet: version 1 knew none. KW_E_MEMORY,
 * KW_E_DAMAGED. */
enum kw_status kw_field_types_searched(struct kw_field_types *types, struct kw_segment *segment,
                                       struct kw_error *error);

/* Whether a field of this name can have a type: it is neither empty nor "title", has at most 255
 * bytes and no NUL. */
bool kw_field_types_allow(struct kw_view name);

/* Asks that the field `name` has a type; the index is called `folder` in messages. KW_E_USAGE if it
 * has another already, cannot have any, or there are too many; KW_E_MEMORY. */
enum kw_status kw_field_types_ask(struct kw_field_types *types, struct kw_view name,
                                  enum kw_value_type type, const char *folder,
                                  struct kw_error *error);

/* Gives the field `name`, which can have a type, this one if it has none and there is room.
 * KW_E_MEMORY. */
enum kw_status kw_field_types_settle(struct kw_field_types *types, struct kw_view name,
                                     enum kw_value_type type, struct kw_error *error);

/* The type that a field has, which its value settles if it is the first that can: a number gives a
 * number, a string that is evidently a date (kw_date_evident) a date, any other string text; a list
 * of numbers or dates their type, any other list, and a boolean, keywords. *type is NULL if it has
 * none; borrowed until the next call. KW_E_MEMORY. */
enum kw_status kw_field_types_of(struct kw_field_types *types, const struct kw_field *field,
                                 struct kw_field_type **type, struct kw_error *error);

/* Makes the types the fields of a manifest, in byte order of their names. KW_E_MEMORY. */
enum kw_status kw_field_types_store(const struct kw_field_types *types,
                                    struct kw_manifest *manifest, struct kw_error *error);

#endif
