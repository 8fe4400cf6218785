# A worker that is killed is told of, whatever it was about to say.
cd data && kwic index -q articles
for i in $(seq 20000); do
    echo 'heroin ('
done >many.txt
mkfifo pipe
kwic search --batch many.txt --threads 2 --format jsonl >pipe 2>errors &
process=$!
exec 3<pipe
head -c 100000 <&3 >/dev/null
pkill -KILL -P "$process"
cat <&3 >/dev/null
wait "$process"
echo "status $?"
tail -n 1 errors
