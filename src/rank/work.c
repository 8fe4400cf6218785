/* Counts the steps of a search. */
#include "rank/work.h"

uint64_t kw_work_limit(uint64_t documents, uint64_t words)
{
    uint64_t by_words = KW_WORK_A_WORD * words, by_documents = KW_WORK_A_DOCUMENT * documents;
    uint64_t limit = by_words > by_documents ? by_words : by_documents;
    return limit > KW_WORK_LEAST ? limit : KW_WORK_LEAST;
}

void kw_work_raise(struct kw_work *work, uint64_t documents, uint64_t words)
{
    uint64_t limit = kw_work_limit(documents, words);
    if (limit > work->limit)
        work->limit = limit;
}

enum kw_status kw_work_spend(struct kw_work *work, uint64_t steps, struct kw_error *error)
{
    if (!work)
        return KW_OK;
    if (steps <= work->limit - work->done) {
        work->done += steps;
        return KW_OK;
    }
    kw_fail(error, KW_E_USAGE, "the query asks for too much work on this index");
    kw_hint(error,
            "use fewer phrases, NEARs, groups and filters, or rarer words; see kwic-query(7), "
            "LIMITS");
    return KW_E_USAGE;
}
