# An index that becomes shorter while workers use it ends them all, with the message of one.
cd data && kwic index -q long.txt articles
for i in $(seq 20000); do
    echo 'heroin lighthouse'
done >many.txt
mkfifo pipe
kwic search --batch many.txt --threads 2 --format jsonl >pipe 2>errors &
process=$!
exec 3<pipe
head -c 100000 <&3 >/dev/null
find .kwic -type f ! -name '*lock' -exec truncate -s 0 {} +
cat <&3 >/dev/null
wait "$process"
echo "status $?"
cat errors
