/* Pages with their checksums made right again: for tests that plant damage behind them. Written
 * from kwic-format(5), not from the code that it tests. */
#ifndef KW_TESTS_RESEAL_H
#define KW_TESTS_RESEAL_H

#include "base/bytes.h"
#include "index/crc32c.h"

enum { RESEAL_PAGE = 4096, RESEAL_SUMS = 1023 };

/* How many of a file's pages hold data: all but the tables at its end. */
static inline size_t reseal_data_pages(size_t file_size)
{
    size_t pages = file_size / RESEAL_PAGE;
    return pages - (pages + RESEAL_SUMS) / (RESEAL_SUMS + 1);
}

/* Writes the tables of checksums at the end of a whole file. */
static inline void reseal(uint8_t *file, size_t file_size)
{
    size_t data = reseal_data_pages(file_size);
    uint8_t *table = file + data * RESEAL_PAGE;
    for (size_t page = 0; page < data; page++) {
        size_t slot = page % RESEAL_SUMS;
        if (page && slot == 0)
            table += RESEAL_PAGE;
        kw_store32(table + slot * 4, kw_crc32c(file + page * RESEAL_PAGE, RESEAL_PAGE));
        if (slot == RESEAL_SUMS - 1 || page == data - 1)
            kw_store32(table + RESEAL_PAGE - 4, kw_crc32c(table, RESEAL_PAGE - 4));
    }
}

/* The first byte of a section and its size, by the directory in the header; NULL and 0 if there is
 * none. */
static inline uint8_t *reseal_section(uint8_t *file, const char *name, size_t *size)
{
    *size = 0;
    for (uint32_t i = 0; i < kw_load32(file + 40); i++) {
        uint8_t *row = file + 48 + (size_t)i * 40;
        if (strncmp((const char *)row, name, 16) != 0)
            continue;
        *size = kw_load64(row + 24);
        return file + kw_load64(row + 16);
    }
    return NULL;
}

#endif
