# An index of a newer format, and one of an older.
command -v python3 >/dev/null || { echo "no python3"; exit 77; }
kwic index -q data/articles
set_version() {
    python3 - "$1" <<'END'
import sys

def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return (crc ^ 0xFFFFFFFF).to_bytes(4, "little")

with open(".kwic/manifest", "r+b") as file:
    pages = bytearray(file.read())
    pages[8:16] = int(sys.argv[1]).to_bytes(4, "little") * 2
    pages[-4096:-4092] = crc32c(pages[:4096])
    pages[-4:] = crc32c(pages[-4096:-4])
    file.seek(0)
    file.write(pages)
END
}

set_version 99
kwic search roses
echo $?
kwic index data/notes
echo $?
kwic check
set_version 3
kwic search roses
