# On a terminal a line tells how far it is, and makes way for warnings and the summary.
command -v script >/dev/null || { echo "no script(1)"; exit 77; }
mkfifo pipe
for ((i = 0; i < 8; i++)); do
    echo "{\"id\":\"s$i\",\"text\":\"ferry\"}"
    sleep 0.1
done >pipe &
COLUMNS=90 script -qec 'kwic index - <pipe' /dev/null >typescript
grep -q 'documents, 0.0 MB, .* MB/s, 0 segments  stdin' typescript && echo "a line"
tr '\r' '\n' <typescript | sed 's/\x1b\[K//' | grep -a indexed | sed 's/;.*//'
