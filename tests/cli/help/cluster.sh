# The options of tools/cluster, and of its commands.
cluster=$TESTS/../../tools/cluster
[ -e "$cluster" ] || { echo "no tools/cluster here"; exit 77; }
export COLUMNS=100
"$cluster" --help
for command in index start stop status stub; do
    "$cluster" "$command" --help
done
