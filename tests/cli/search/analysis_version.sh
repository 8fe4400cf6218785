# An index of another analysis, older or newer, is told apart, and never searched or written.
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
    place = pages.index(b"\7english") - 1
    page = place // 4096
    table = len(pages) - 4096
    pages[place] = int(sys.argv[1])
    pages[table + page * 4:table + page * 4 + 4] = crc32c(pages[page * 4096:(page + 1) * 4096])
    pages[-4:] = crc32c(pages[-4096:-4])
    file.seek(0)
    file.write(pages)
END
}
set_version 1
kwic search roses
echo $?
set_version 77
for words in 'search roses' 'index data/notes' 'stats' 'terms' 'delete data/articles/border.txt'; do
    # shellcheck disable=SC2086 # several words
    kwic $words
    echo $?
done
