/* Expansion: from a plan's patterns to the terms of all engines searched. */
#ifndef KW_ENGINE_EXPAND_H
#define KW_ENGINE_EXPAND_H

#include "engine/engine.h"

/* Steps that the patterns of a query may take: one for each term that is looked at, and one for
 * each document of a term that fits, once for each such term that it holds. */
enum { KW_EXPAND_STEPS = 15000000 };

/* Fills every expansion of the plan with the terms that fit it in any of the engines: those that at
 * least one live document holds. If they are more than `limit` (≥ 1), the ones that most documents
 * hold are taken, of equal ones those first by bytes. KW_E_MEMORY, KW_E_DAMAGED, KW_E_IO;
 * KW_E_USAGE: the patterns take more than KW_EXPAND_STEPS, and more than three times those of the
 * dearest one, so that there is no index in which three could not be searched. */
enum kw_status kw_expand_plan(struct kw_plan *plan, struct kw_engine *const *engines,
                              size_t engine_count, uint32_t limit, struct kw_error *error);

#endif
