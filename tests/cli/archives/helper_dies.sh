# A helper that dies, says nonsense or nothing is named, and the run goes on.
[ -e "$KWIC_HELPERS/kwic-archive" ] || { echo "kwic-archive was not built"; exit 77; }
python3 "$TESTS/archives/make.py" docs.tar
mkdir helpers
export KWIC_HELPERS=$PWD/helpers
for does in "kill -9 \$\$" "exit 0" "echo nonsense that is no frame" "cat /dev/zero" "printf %b \"m\\\\377\\\\377\\\\0\\\\0\"" ; do
    printf "#!/bin/bash\n%s\n" "$does" >helpers/kwic-archive
    chmod 755 helpers/kwic-archive
    kwic index docs.tar data/articles/border.txt
    echo "status $?"
done
