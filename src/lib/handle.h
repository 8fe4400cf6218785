/* What the handles of kwic.h are made of, for the files of this folder. */
#ifndef KW_LIB_HANDLE_H
#define KW_LIB_HANDLE_H

#include "engine/engine.h"
#include "lib/files.h"
#include "lib/kwic.h"
#include "lib/opening.h"
#include "query/filter.h"
#include "stemmers/analyzer.h"

/* One of the indexes that are searched as one. */
struct kw_member {
    struct kw_engine *engine;
    const char *base;  /* its base directory, absolute */
    const char *where; /* the place that it was opened from */
};

struct kwic_index {
    struct kw_member *members;
    size_t count;
    struct kw_opening opening;
    char **lost; /* why places were left out that could not be opened */
    size_t lost_count;
    struct kw_analysis settings;
    struct kw_analyzer *analyzer;
    struct kw_query_field *fields; /* of all members, each once; NULL until they are asked for */
    size_t field_count;
    struct kwic_field_info *types; /* of all members, likewise */
    size_t type_count;
    bool types_listed;
    struct kw_files files;
    bool types_lent; /* to the caller */
    struct {
        struct kwic_field_info **items; /* earlier types that were */
        size_t count;
        size_t capacity;
    } retired;
};

/* Whether work that ended with *status is to be done again, from its beginning, because a writer
 * changed a member under it; that member is open anew then. It ends at last with KW_E_IO.
 *
 *     unsigned tries = 0;
 *     do {
 *         status = …;
 *     } while (kw_index_again(index, &tries, &status, error));
 *
 * Whatever reads members does it in such a loop, and takes all that it hands out later from what
 * was read in one round: no answer is half of one state and half of another. */
bool kw_index_again(struct kwic_index *index, unsigned *tries, enum kw_status *status,
                    struct kw_error *error);

/* Finds what can be asked of which field: index->fields, "title" always among them. */
enum kw_status kw_index_fields(struct kwic_index *index, struct kw_error *error);

/* Adds the figures of all members for the plan to `statistics`, which was made for it. */
enum kw_status kw_index_statistics(struct kwic_index *index, const struct kw_plan *plan,
                                   struct kw_statistics *statistics, struct kw_error *error);

/* Gathers the statistics of all members for the plan, and searches all under them: `top`, sorted,
 * *matches, to which the number of documents that match is added, and `facets` (may be NULL). */
enum kw_status kw_index_search(struct kwic_index *index, const struct kw_plan *plan,
                               struct kw_statistics *statistics, struct kw_top *top,
                               uint64_t *matches, struct kw_facets *facets, struct kw_error *error);

/* KW_E_USAGE with a hint unless some member has values under the field `name`, or could have. */
enum kw_status kw_index_need_values(struct kwic_index *index, struct kw_view name,
                                    struct kw_error *error);

enum kwic_field_type kw_public_type(enum kw_value_type type);

/* The live document named `name`, as kwic_document_new looks it up: *member and *document. KW_OK or
 * KW_E_NOT_FOUND, or what kept it from looking. */
enum kw_status kw_index_find(struct kwic_index *index, struct kw_view name, bool id_only,
                             size_t *member, uint64_t *document, struct kw_error *error);

/* A kw_id_order over all members; the context is the index. */
int kw_index_order(void *context, const struct kw_hit *a, const struct kw_hit *b);

/* What a record looks like from outside. Zeroed is empty. */
struct kw_outside {
    char *path; /* as it can be opened; "" from a stream */
    char *here; /* from this working directory, that of the first record; NULL: not known yet */
    struct kwic_field *items;
    size_t count;
    size_t capacity;
    struct kw_bytes text; /* of values that are not the record's */
};

/* Fills `outside` for a record of `member` in place of an earlier one; it has no fields then.
 * KW_E_MEMORY. */
enum kw_status kw_outside_fill(struct kw_outside *outside, const struct kw_member *member,
                               const struct kw_record *record, struct kw_error *error);
/* Adds the record's fields, once it is filled; `document` is the engine's number of it. Of a file
 * come first what it has without being asked, where no field of its own has that name. The views of
 * the other fields are the record's. KW_E_MEMORY, KW_E_DAMAGED. */
enum kw_status kw_outside_fields(struct kw_outside *outside, const struct kw_member *member,
                                 uint64_t document, const struct kw_record *record,
                                 struct kw_error *error);
void kw_outside_release(struct kw_outside *outside);

/* Whether the document is one of many in its file. */
static inline bool kw_is_one_of_many(const struct kw_record *record)
{
    return record->is_record && record->line > 0;
}

/* Whether the document is a file in an archive, which its path is then: the id begins with it. */
static inline bool kw_is_member(const struct kw_record *record)
{
    size_t size = record->path.size;
    return record->is_record && !record->line && size && record->id.size > size &&
           record->id.data[size] == '/' && memcmp(record->id.data, record->path.data, size) == 0;
}

/* What is empty points to an empty string, never nowhere. */
static inline struct kwic_text kw_text_of(struct kw_view view)
{
    return (struct kwic_text){view.data ? (const char *)view.data : "", view.size};
}

static inline struct kw_view kw_view_of_text(struct kwic_text text)
{
    return (struct kw_view){(const uint8_t *)text.data, text.size};
}

#endif
