/* What the processor can do.
 *
 * The loader has asked it already, and glibc hands that on (from 2.33). The compiler's way asks
 * again whenever a program starts, some thirty times, and where a hypervisor answers each takes
 * about a microsecond. */
#ifndef KW_BASE_PROCESSOR_H
#define KW_BASE_PROCESSOR_H

#if defined __x86_64__

#if defined __has_include
#if __has_include(<sys/platform/x86.h>)
#include <sys/platform/x86.h>
#define KW_PROCESSOR_IS_KNOWN
#endif
#endif

#ifdef KW_PROCESSOR_IS_KNOWN
/* As x86_cpu_active, which shifts a bit into a sign. */
static inline bool kw_processor_has(unsigned feature)
{
    enum { BITS = 32, LEAF = 4 * BITS };
    const struct cpuid_feature *leaf = __x86_get_cpuid_feature_leaf(feature / LEAF);
    return leaf->active_array[feature % LEAF / BITS] >> feature % BITS & 1;
}

/* Whether it has, and the system lets programs use, the instructions that glibc calls FEATURE and
 * the compiler "name". */
#define KW_PROCESSOR_HAS(FEATURE, name) kw_processor_has(x86_cpu_##FEATURE)
#else
#define KW_PROCESSOR_HAS(FEATURE, name) __builtin_cpu_supports(name)
#endif

#endif

#endif
