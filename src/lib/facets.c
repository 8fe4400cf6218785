/* Facets, from the ranking's counts to those of kwic.h. */
#include "lib/results.h"

#include <stdlib.h>

/* Whether the i-th field to count was not named before. */
static bool is_new(const struct kwic_search_options *options, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (strcmp(options->facets[k], options->facets[i]) == 0)
            return false;
    return true;
}

enum kw_status kw_results_take_fields(struct kwic_results *results, struct kw_error *error)
{
    const struct kwic_search_options *options = &results->options;
    enum kw_status status = KW_OK;
    size_t named = 0, count = 0;
    if (options->sort_field.size) {
        results->sort = (struct kw_sort){kw_view_of_text(options->sort_field), options->descending};
        status = kw_index_need_values(results->index, results->sort.field, error);
    }
    while (options->facets && options->facets[named])
        named++;
    if (!named)
        return status;
    struct kw_view *fields = calloc(named + 1, sizeof *fields);
    if (!fields)
        return kw_fail_memory(error);
    for (size_t i = 0; i < named && status == KW_OK; i++) {
        if (!is_new(options, i))
            continue;
        fields[count] = kw_view_of(options->facets[i]);
        status = kw_index_need_values(results->index, fields[count++], error);
    }
    if (status == KW_OK)
        status = kw_facets_init(&results->facets, fields, count, error);
    free(fields);
    return status;
}

/* Writes the texts of a facet's numbers and dates. */
static void write_texts(struct kw_bytes *text, const struct kw_facet *facet)
{
    char value[KW_VALUE_SIZE];
    for (size_t i = 0; i < facet->count; i++) {
        const struct kw_facet_value *found = &facet->items[i];
        if (found->type != KW_TYPE_KEYWORD && kw_key_format(found->type, found->key, value))
            kw_bytes_append_text(text, value);
        if (found->type != KW_TYPE_KEYWORD)
            kw_bytes_append_byte(text, '\0');
    }
}

enum kw_status kw_results_publish_facets(struct kwic_results *results, struct kw_error *error)
{
    struct kw_facets *facets = &results->facets;
    size_t all = 0;
    kw_facets_finish(facets, results->options.facet_limit);
    for (size_t i = 0; i < facets->count; i++) {
        all += facets->items[i].count;
        write_texts(&results->facet_text, &facets->items[i]);
    }
    results->facet_values = calloc(all + 1, sizeof *results->facet_values);
    results->public_facets = calloc(facets->count + 1, sizeof *results->public_facets);
    if (!results->facet_values || !results->public_facets || results->facet_text.failed)
        return kw_fail_memory(error);
    struct kwic_facet_value *value = results->facet_values;
    const char *text = (const char *)results->facet_text.data;
    for (size_t i = 0; i < facets->count; i++) {
        const struct kw_facet *facet = &facets->items[i];
        results->public_facets[i] = (struct kwic_facet){.field = kw_text_of(facet->field),
                                                        .values = value,
                                                        .count = facet->count,
                                                        .distinct = facet->distinct};
        for (size_t k = 0; k < facet->count; k++, value++) {
            const struct kw_facet_value *found = &facet->items[k];
            value->type = kw_public_type(found->type);
            value->documents = found->documents;
            value->value = kw_text_of(found->word);
            if (found->type == KW_TYPE_KEYWORD)
                continue;
            value->value = KWIC_TEXT(text);
            text += value->value.size + 1;
        }
    }
    return KW_OK;
}

const struct kwic_facet *kwic_results_facets(const struct kwic_results *results, size_t *count)
{
    *count = results->public_facets ? results->facets.count : 0;
    return results->public_facets;
}
