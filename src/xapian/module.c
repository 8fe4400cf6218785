/* The table of the module kwic-xapian.so. */
#include "engine/module.h"

#include "xapian/xapian_check.h"
#include "xapian/xapian_engine.h"
#include "xapian/xapian_writer.h"

const struct kw_engine_module kw_engine_module = {
    .abi = KW_MODULE_ABI,
    .engine_new = kw_xapian_engine_new,
    .writer_new = kw_xapian_writer_new,
    .check = kw_xapian_check,
};
