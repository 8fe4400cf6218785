# Workers end with the program, when it is killed or its reader goes away.
cd data && kwic index -q articles
for i in $(seq 20000); do
    echo 'heroin'
done >many.txt
kwic search --batch many.txt --threads 3 | head -n 1 | cut -c 1-12
left() {
    for _ in $(seq 100); do
        pgrep -f -- "--batch $1" >/dev/null || return 0
        sleep 0.1
    done
    echo 'processes are left'
}
cp many.txt "closed.$$"
mkfifo pipe
(kwic search --batch "closed.$$" --threads 3 >pipe & # no child of this shell, which would tell its end
    echo $! >process)
exec 3<pipe
head -c 1000 <&3 >/dev/null
kill -KILL "$(cat process)"
left "closed.$$"
