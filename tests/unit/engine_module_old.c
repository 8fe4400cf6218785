/* A module of another interface, of which nothing but its number may be looked at. */
#include "engine/module.h"

const struct kw_engine_module kw_engine_module = {KW_MODULE_ABI - 1, NULL, NULL, NULL};
