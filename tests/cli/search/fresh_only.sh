# What is not fresh is left out, and others are shown in its place, in the same order.
mkdir notes && cd notes
for i in $(seq 10 60); do echo "bridge number $i" >n$i.txt; done
kwic index -q .
kwic search -l -n 51 bridge >all
for i in $(seq 10 2 60); do touch n$i.txt; done
kwic search -l -n 100 --fresh only bridge >fresh
diff fresh <(grep '[13579]\.txt' all) && wc -l <fresh
kwic search -l -n 3 --fresh only bridge | diff - <(head -n 3 fresh)
kwic search -l -n 3 --offset 7 --fresh only bridge | diff - <(tail -n +8 fresh | head -n 3)
kwic search --format jsonl -n 1 --offset 7 --fresh only bridge | grep -o '"rank":[0-9]*'
kwic search --format json -n 1 --fresh only bridge | grep -o '"matches":[0-9]*'
kwic search -n 3 --facet ext --fresh only bridge | tail -n 1
kwic similar -l --sort id -n 2 --fresh only n11.txt
touch n*.txt
kwic search -q -l --fresh only bridge
echo $?
kwic search -c --fresh only bridge
