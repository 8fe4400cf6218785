/* What an index holds, as one number. */
#include "tests/crash/contents.h"

#include <stdint.h>

static uint64_t mix(uint64_t hash, const void *data, size_t size)
{
    const unsigned char *at = data;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ at[i]) * 0x100000001B3;
    return hash ^ hash >> 31;
}

static enum kwic_status add_text(struct kwic_index *index, struct kwic_text id, uint64_t *digest,
                                 struct kwic_error *error)
{
    struct kwic_document *document = NULL;
    struct kwic_document_info info;
    struct kwic_text text;
    enum kwic_status status = kwic_document_new(&document, index, id, true, error);
    if (status != KWIC_OK)
        return status;
    kwic_document_info(document, &info);
    *digest = mix(*digest, info.title.data, info.title.size);
    *digest = mix(*digest, &info.words, sizeof info.words);
    if (info.passages) {
        status = kwic_document_text(document, 0, info.passages, &text, error);
        if (status == KWIC_OK)
            *digest = mix(*digest, text.data, text.size);
    }
    kwic_document_free(document);
    return status;
}

/* Takes all that a query finds, in order, with scores, into the digest; and the texts. */
static enum kwic_status add_found(struct kwic_index *index, const char *query, bool texts,
                                  uint64_t *digest, struct kwic_error *error)
{
    struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
    struct kwic_results *results = NULL;
    struct kwic_result result;
    options.limit = 100000;
    options.documents = true;
    options.by_id = texts;
    enum kwic_status status = kwic_search(&results, index, KWIC_TEXT(query), &options, error);
    while (status == KWIC_OK) {
        status = kwic_results_next(results, &result, error);
        if (status != KWIC_OK)
            break;
        *digest = mix(*digest, result.doc.data, result.doc.size);
        *digest = mix(*digest, &result.score, sizeof result.score);
        if (texts)
            status = add_text(index, result.doc, digest, error);
    }
    kwic_results_free(results);
    return status == KWIC_END ? KWIC_OK : status;
}

enum kwic_status crash_search_digest(const char *folder, uint64_t *digest, struct kwic_error *error)
{
    struct kwic_index *index = NULL;
    *digest = 1;
    enum kwic_status status = kwic_index_new(&index, &folder, 1, error);
    if (status == KWIC_OK)
        status = add_found(index, "-nowhere", true, digest, error);
    if (status == KWIC_OK)
        status = add_found(index, "apple pear \"plum cherry\"", false, digest, error);
    kwic_index_free(index);
    return status;
}

enum kwic_status crash_digest(const char *folder, uint64_t *digest, struct kwic_error *error)
{
    enum kwic_status status = crash_search_digest(folder, digest, error);
    if (status == KWIC_E_NO_INDEX) {
        *digest = 0;
        return KWIC_OK;
    }
    return status == KWIC_OK ? kwic_check(folder, NULL, NULL, error) : status;
}
