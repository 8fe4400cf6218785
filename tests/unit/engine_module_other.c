/* A shared object that is no module of kwic. */
#include "engine/module.h"

extern const struct kw_engine_module some_other_module __attribute__((visibility("default")));
const struct kw_engine_module some_other_module = {KW_MODULE_ABI, NULL, NULL, NULL};
