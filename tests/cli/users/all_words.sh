# ripgrep #875, #3045, ripgrep-all #93, #210: which files hold all of several words, on whatever lines,
# takes a chain of comm -12. Here one query names the same files.
mkdir d
for ((i = 0; i < 64; i++)); do
    {
        ((i & 1)) && printf 'alpha\n\n'
        ((i & 2)) && echo 'some beta'
        ((i & 4)) && echo 'gamma, gamma'
        ((i & 8)) && yes 'the padding of a long file' | head -n 500 && echo 'delta'
        echo "$i"
    } >d/$i.txt
done
kwic index -q d
comm -12 <(grep -lw alpha d/*) <(grep -lw beta d/*) | comm -12 - <(grep -lw gamma d/*) |
    comm -12 - <(grep -lw delta d/*) | tee wanted
cat >typed <<'END'
+alpha +beta +gamma +delta
alpha AND beta AND gamma AND delta
delta AND (gamma AND beta) AND alpha
END
kwic search --batch typed -l -n 100 >found
kwic search -l -n 100 --all alpha beta gamma delta | sed 's/^/all	/' >>found
for query in 1 2 3 all; do
    sed -n "s/^$query	//p" found | sort | cmp - wanted && echo "$query: the same"
done
