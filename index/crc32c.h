/* CRC-32C (Castagnoli, polynomial 0x1EDC6F41 reflected; RFC 3720 B.4): the checksum of every page.
 */
#ifndef KW_INDEX_CRC32C_H
#define KW_INDEX_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* The checksum of `size` bytes; 0xE3069283 for the nine bytes "123456789". Uses the processor's
 * instruction where it has one. */
uint32_t kw_crc32c(const void *data, size_t size);

/* The plain twin that defines the result, for machines without the instruction and for tests. */
uint32_t kw_crc32c_plain(const void *data, size_t size);

#endif
