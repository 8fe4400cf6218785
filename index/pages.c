/* Reading paged files: the directory, and verification of a page at its first use. */
#include "index/pages.h"

#include "index/crc32c.h"
#include "index/format.h"

#include <inttypes.h>
#include <stdlib.h>

enum { HEADER_FIXED = 48, SECTION_BYTES = 40 };

/* Of a larger file a search touches a page here and there: what the system would read ahead, up to
 * megabytes at each, is most of a search from a cold disk. */
enum { LARGE_FILE = 1 << 20 };

/* Whether the file is one of ours and whole: its length, its mark and its header's checksum. The
 * number of table pages follows from the length alone. */
static enum kw_status check_whole(struct kw_pages *pages, struct kw_error *error)
{
    struct kw_view file = pages->map.view;
    bool marked = !file.size || memcmp(file.data, "kwic", file.size < 4 ? file.size : 4) == 0;
    uint64_t all = file.size / KW_PAGE;
    uint64_t tables = (all + KW_PAGE_SUMS) / (KW_PAGE_SUMS + 1);
    pages->page_count = all - tables;
    bool sized = file.size % KW_PAGE == 0 && all >= 2 &&
                 (pages->page_count + KW_PAGE_SUMS - 1) / KW_PAGE_SUMS == tables;
    if (sized && (marked || kw_pages_verify_table(pages, pages->page_count)))
        return kw_pages_verify(pages, 0, KW_PAGE) ? KW_OK : kw_pages_status(pages, error);
    if (marked)
        return kw_fail(error, KW_E_DAMAGED, "'%s' is damaged: it was cut short", pages->path);
    return kw_fail(error, KW_E_NO_INDEX, "'%s' is not a kwic index file", pages->path);
}

static enum kw_status check_identity(const struct kw_pages *pages, const char *kind,
                                     struct kw_error *error)
{
    const uint8_t *head = pages->map.view.data;
    uint32_t version = kw_load32(head + 8);
    uint32_t reader = kw_load32(head + 12);
    if (memcmp(head + 4, kind, 4) != 0)
        return kw_fail(error, KW_E_NO_INDEX, "'%s' is not the kind of file its name says",
                       pages->path);
    if (reader > KW_FORMAT_VERSION || version < KW_FORMAT_READS || kw_load64(head + 16)) {
        kw_fail(error, KW_E_VERSION, "'%s' has format %u, that of this kwic is %u", pages->path,
                version, KW_FORMAT_VERSION);
        kw_hint(error, version < KW_FORMAT_READS ? "index the sources again into a new folder"
                                                 : "use the kwic that wrote it, or a newer one");
        return KW_E_VERSION;
    }
    if (kw_load64(head + 24) != pages->map.view.size || kw_load64(head + 32) != pages->page_count)
        return kw_fail(error, KW_E_DAMAGED, "'%s' is damaged: its size is not what its header says",
                       pages->path);
    return KW_OK;
}

static enum kw_status read_directory(struct kw_pages *pages, struct kw_error *error)
{
    const uint8_t *head = pages->map.view.data;
    pages->section_count = kw_load32(head + 40);
    if (pages->section_count > KW_SECTIONS)
        goto damaged;
    for (uint32_t i = 0; i < pages->section_count; i++) {
        const uint8_t *at = head + HEADER_FIXED + i * SECTION_BYTES;
        struct kw_section *section = &pages->sections[i];
        memcpy(section->name, at, KW_SECTION_NAME);
        section->offset = kw_load64(at + 16);
        section->size = kw_load64(at + 24);
        section->parameter = kw_load64(at + 32);
        uint64_t limit = pages->page_count * KW_PAGE;
        if (section->name[KW_SECTION_NAME - 1] || section->offset > limit ||
            section->size > limit - section->offset)
            goto damaged;
    }
    return KW_OK;
damaged:
    return kw_fail(error, KW_E_DAMAGED, "'%s' is damaged: its directory of sections makes no sense",
                   pages->path);
}

/* Makes the bits of the pages that are verified, and before them the count of those who share them.
 */
static bool make_bits(struct kw_pages *pages)
{
    _Atomic uint64_t *words =
        calloc(pages->map.view.size / KW_PAGE / 64 + 2, sizeof *pages->verified);
    if (!words)
        return false;
    atomic_store(words, 1);
    pages->verified = words + 1;
    return true;
}

enum kw_status kw_pages_init(struct kw_pages *pages, const char *path, const char *kind,
                             struct kw_error *error)
{
    *pages = (struct kw_pages){0};
    enum kw_status status = kw_kernels_choose(&pages->kernels, error);
    if (status || (status = kw_map_init(&pages->map, path, error)))
        return status;
    if (pages->map.view.size >= LARGE_FILE)
        kw_map_expect(&pages->map, false);
    pages->path = strdup(path);
    if (!pages->path || !make_bits(pages)) {
        status = kw_fail_memory(error);
        goto done;
    }
    if (!(status = check_whole(pages, error)) && !(status = check_identity(pages, kind, error)))
        status = read_directory(pages, error);
done:
    if (status)
        kw_pages_release(pages);
    return status;
}

enum kw_status kw_pages_share(struct kw_pages *pages, const struct kw_pages *from,
                              struct kw_error *error)
{
    *pages = (struct kw_pages){.path = strdup(from->path)};
    if (!pages->path)
        return kw_fail_memory(error);
    pages->map = from->map;
    pages->page_count = from->page_count;
    memcpy(pages->sections, from->sections, sizeof pages->sections);
    pages->section_count = from->section_count;
    pages->kernels = from->kernels;
    pages->verified = from->verified;
    atomic_fetch_add(pages->verified - 1, 1);
    return KW_OK;
}

void kw_pages_release(struct kw_pages *pages)
{
    bool shared = pages->verified && atomic_fetch_sub(pages->verified - 1, 1) > 1;
    if (!shared)
        kw_map_release(&pages->map);
    if (pages->verified && !shared)
        free(pages->verified - 1);
    free(pages->path);
    *pages = (struct kw_pages){0};
}

const struct kw_section *kw_pages_section(const struct kw_pages *pages, const char *name)
{
    for (uint32_t i = 0; i < pages->section_count; i++)
        if (strcmp(pages->sections[i].name, name) == 0)
            return &pages->sections[i];
    return NULL;
}

static void mark_seen(struct kw_pages *pages, uint64_t page)
{
    atomic_fetch_or_explicit(&pages->verified[page / 64], UINT64_C(1) << (page % 64),
                             memory_order_release);
}

bool kw_pages_verify_table(struct kw_pages *pages, uint64_t page)
{
    const uint8_t *at = pages->map.view.data + page * KW_PAGE;
    if (kw_pages_seen(pages, page))
        return true;
    if (kw_crc32c(at, KW_PAGE - 4) != kw_load32(at + KW_PAGE - 4)) {
        kw_pages_damage(pages, NULL, page * KW_PAGE, "wrong checksum of a table of checksums");
        return false;
    }
    mark_seen(pages, page);
    return true;
}

static bool verify_page(struct kw_pages *pages, uint64_t page)
{
    if (kw_pages_seen(pages, page))
        return true;
    uint64_t table = pages->page_count + page / KW_PAGE_SUMS;
    if (!kw_pages_verify_table(pages, table))
        return false;
    const uint8_t *sums = pages->map.view.data + table * KW_PAGE;
    uint32_t sum = kw_load32(sums + page % KW_PAGE_SUMS * 4);
    if (kw_crc32c(pages->map.view.data + page * KW_PAGE, KW_PAGE) != sum) {
        kw_pages_damage(pages, NULL, page * KW_PAGE, "wrong checksum");
        return false;
    }
    mark_seen(pages, page);
    return true;
}

bool kw_pages_verify(struct kw_pages *pages, uint64_t offset, uint64_t size)
{
    if (!size)
        return true;
    uint64_t last = (offset + size - 1) / KW_PAGE;
    for (uint64_t page = offset / KW_PAGE; page <= last; page++)
        if (!verify_page(pages, page))
            return false;
    return true;
}

void kw_pages_damage(struct kw_pages *pages, const struct kw_section *section, uint64_t offset,
                     const char *reason)
{
    uint64_t none = 0;
    uint64_t at = (section ? section->offset : 0) + offset + 1;
    const char *no_reason = NULL;
    if (atomic_compare_exchange_strong(&pages->damage, &no_reason, reason))
        atomic_compare_exchange_strong(&pages->damaged_at, &none, at);
}

void kw_pages_forget_damage(struct kw_pages *pages)
{
    atomic_store(&pages->damage, NULL);
    atomic_store(&pages->damaged_at, 0);
}

const char *kw_pages_place(const struct kw_pages *pages, uint64_t at)
{
    if (at < KW_PAGE)
        return "header";
    if (at >= pages->page_count * KW_PAGE)
        return "checksums";
    for (uint32_t i = 0; i < pages->section_count; i++) {
        const struct kw_section *section = &pages->sections[i];
        if (at >= section->offset && at - section->offset < section->size)
            return section->name;
    }
    return "padding";
}

enum kw_status kw_pages_status(const struct kw_pages *pages, struct kw_error *error)
{
    const char *reason = atomic_load(&pages->damage);
    if (!reason)
        return KW_OK;
    uint64_t at = atomic_load(&pages->damaged_at);
    at -= at > 0;
    kw_fail(error, KW_E_DAMAGED, "'%s' is damaged at offset %" PRIu64 " (%s): %s", pages->path, at,
            kw_pages_place(pages, at), reason);
    kw_hint(error, "'kwic check' lists all damage, 'kwic repair' mends what it can");
    return KW_E_DAMAGED;
}
