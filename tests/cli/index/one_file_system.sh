# A walk stays on the file system of the path that it was given; another one can be named.
unshare -m true 2>/dev/null || { echo "no mounts for this user"; exit 77; }
mkdir -p notes/other && cd notes
echo 'a bridge here' >a.txt
# shellcheck disable=SC2016 # the inner shell is to expand it
unshare -m sh -c '
    mount -t tmpfs none other 2>/dev/null || { echo "no mounts for this user"; exit 77; }
    echo "a bridge there" >other/b.txt
    kwic index -q . && kwic search -l --sort id bridge
    kwic why other/b.txt bridge
    kwic index -q other && kwic search -l --sort id bridge'
