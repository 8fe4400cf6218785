/* Finds the keys of hits in a column. */
#include "rank/sorter.h"

enum kw_status kw_sorter_init(struct kw_sorter *sorter, struct kw_segment *segment,
                              struct kw_top *top, struct kw_error *error)
{
    *sorter = (struct kw_sorter){.segment = segment, .top = top};
    if (!top->sort || !top->limit)
        return KW_OK;
    enum kw_status status =
        kw_segment_find_column(segment, top->sort->field, &sorter->column, error);
    if (status != KW_OK)
        return status == KW_E_NOT_FOUND ? KW_OK : status;
    sorter->has_column = true;
    kw_values_init(&sorter->values, segment, &sorter->column);
    if (sorter->column.type != KW_TYPE_KEYWORD)
        return KW_OK;
    status = kw_top_init(&sorter->own, top->limit, top->by_id, top->order, top->context, error);
    sorter->own.sort = top->sort;
    sorter->own.engine = top->engine;
    return status;
}

void kw_sorter_release(struct kw_sorter *sorter)
{
    kw_top_release(&sorter->own);
}

enum kw_status kw_sorter_offer(struct kw_sorter *sorter, struct kw_hit *hit, struct kw_error *error)
{
    struct kw_values *values = &sorter->values;
    uint32_t document = (uint32_t)hit->document;
    if (!sorter->has_column || kw_values_advance(values, document) != document)
        return kw_top_offer_hit(sorter->top, hit, error);
    uint64_t code = kw_values_code(values, sorter->top->sort->descending ? values->count - 1 : 0);
    hit->key.type = sorter->column.type;
    if (hit->key.type == KW_TYPE_KEYWORD) {
        hit->key.number = code;
        return kw_top_offer_hit(&sorter->own, hit, error);
    }
    hit->key.number = kw_column_key(&sorter->column, code);
    return kw_top_offer_hit(sorter->top, hit, error);
}

enum kw_status kw_sorter_finish(struct kw_sorter *sorter, struct kw_error *error)
{
    struct kw_bytes word = KW_BYTES_INIT;
    enum kw_status status = KW_OK;
    for (size_t i = 0; i < sorter->own.count && status == KW_OK; i++) {
        struct kw_hit hit = sorter->own.hits[i];
        kw_bytes_clear(&word);
        status = kw_column_keyword(sorter->segment, &sorter->column, hit.key.number, &word, error);
        hit.key.number = 0;
        hit.key.word = kw_bytes_view(&word);
        if (status == KW_OK)
            status = kw_top_offer_hit(sorter->top, &hit, error);
    }
    kw_bytes_release(&word);
    return status;
}
