/* Front matter: the block of YAML at the top of a Markdown file, between `---` and `---` (or
 * `...`), whose keys are fields of the document. */
#ifndef KW_INGEST_FRONT_MATTER_H
#define KW_INGEST_FRONT_MATTER_H

#include "ingest/field_list.h"

enum { KW_FRONT_MATTER_BYTES = 64 * 1024 }; /* it is looked for in so many bytes */

/* The lines between the two marks; `*rest` is what stands behind the second. False if the text does
 * not begin with such a block; *rest is the text then. */
bool kw_front_matter_find(struct kw_view text, struct kw_view *block, struct kw_view *rest);

/* The fields of a document's front matter. Zeroed is empty. */
struct kw_front_matter {
    json_t *mapping;
    struct kw_field_list fields;
    struct kw_view
        title;         /* the string under `title`, if `fields` has none of that name; or empty */
    char problem[200]; /* why it could not be read, one line with its place; or empty */
    size_t line;       /* of the problem in the text, from 1 */
};

/* Reads the front matter of `text` (valid UTF-8) in place of an earlier one. There are no fields if
 * it has none, or if that is no mapping. Plain scalars are numbers, booleans or null if JSON writes
 * them so (`~` and nothing are null too), all others and quoted ones are strings; of a key that is
 * there twice the last counts. What is not YAML 1.1 as libyaml reads it, has aliases, or is nested
 * deeper than 32, is a `problem`, and there are no fields. `take_title`: a string under `title`
 * goes to `title`, not to the fields. KW_E_MEMORY. */
enum kw_status kw_front_matter_read(struct kw_front_matter *front, struct kw_view text,
                                    bool take_title, struct kw_error *error);
void kw_front_matter_release(struct kw_front_matter *front);

#endif
