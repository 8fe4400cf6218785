/* Which kernels run: by what the processor can do, or by name. */
#include "index/kernels.h"

#include "base/processor.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The fastest first. */
static const struct kw_kernels *const tables[] = {
#if defined __x86_64__
    &kw_kernels_avx512,
    &kw_kernels_avx2,
#endif
    &kw_kernels_portable,
};

static bool runs_here(const struct kw_kernels *kernels)
{
#if defined __x86_64__
    if (kernels == &kw_kernels_avx2)
        return KW_PROCESSOR_HAS(AVX2, "avx2") && KW_PROCESSOR_HAS(BMI1, "bmi");
    if (kernels == &kw_kernels_avx512)
        return KW_PROCESSOR_HAS(AVX512F, "avx512f") && KW_PROCESSOR_HAS(AVX512BW, "avx512bw") &&
               KW_PROCESSOR_HAS(AVX512VL, "avx512vl") &&
               KW_PROCESSOR_HAS(AVX512_VBMI, "avx512vbmi") &&
               KW_PROCESSOR_HAS(AVX512_VBMI2, "avx512vbmi2") &&
               KW_PROCESSOR_HAS(AVX512_VPOPCNTDQ, "avx512vpopcntdq") &&
               KW_PROCESSOR_HAS(BMI1, "bmi");
#endif
    return kernels == &kw_kernels_portable;
}

/* The first that runs here and has this name, or any name if it is NULL. */
static const struct kw_kernels *find(const char *name)
{
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if ((!name || strcmp(tables[i]->name, name) == 0) && runs_here(tables[i]))
            return tables[i];
    return NULL;
}

const struct kw_kernels *kw_kernels_named(const char *name)
{
    return find(name ? name : "");
}

enum kw_status kw_kernels_choose(const struct kw_kernels **kernels, struct kw_error *error)
{
    const char *name = getenv("KWIC_KERNELS");
    *kernels = find(name && *name ? name : NULL);
    if (*kernels)
        return KW_OK;
    kw_fail(error, KW_E_USAGE, "this processor runs no kernels '%s', which KWIC_KERNELS names",
            name);
    kw_hint(error, "there are portable, avx2 and avx512; without the variable the fastest run");
    return KW_E_USAGE;
}
