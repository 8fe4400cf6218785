# A flipped byte in any file is noticed: by check, and never answered from.
kwic index -q data
kwic search --format jsonl --per-doc 0 -n 100 'the OR bridge' >good
find .kwic -type f -size +0 | sort >files
while read -r file; do
    case $file in *lock) continue ;; esac
    cp -r .kwic copy
    size=$(stat -c %s "$file")
    copy=copy/${file#.kwic/}
    byte=$(od -An -tu1 -j $((size / 2)) -N 1 "$file")
    # shellcheck disable=SC2059
    printf "\\x$(printf %x $((byte ^ 1)))" | dd of="$copy" bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null
    kwic check -q -i copy >problems 2>/dev/null
    echo "check $?"
    kwic search -i copy --format jsonl --per-doc 0 -n 100 'the OR bridge' >found 2>message
    case $? in
    0) cmp -s good found && echo "answered" || echo "answered from damaged bytes" ;;
    3 | 5 | 6) echo "refused" ;;
    *) cat message ;;
    esac
    rm -r copy
done <files | sort -u | grep -vx -e answered -e refused
