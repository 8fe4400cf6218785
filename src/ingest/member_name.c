/* Cleaning of members' names. */
#include "ingest/member_name.h"

#include "ingest/archive.h"

const char *kw_member_clean(const char *name, struct kw_bytes *clean)
{
    kw_bytes_clear(clean);
    while (*name) {
        size_t size = strcspn(name, "/");
        bool up = size == 2 && name[0] == '.' && name[1] == '.';
        if (up)
            return "its path has '..' in it";
        if (size && !(size == 1 && name[0] == '.')) {
            if (clean->size)
                kw_bytes_append_byte(clean, '/');
            kw_bytes_append(clean, name, size);
        }
        if (clean->size > KW_MEMBER_PATH)
            return "its path is too long";
        name += size + (name[size] == '/');
    }
    return clean->size ? NULL : "it has no name";
}
