# A reader goes on with what it has open: a batch begun before sees the index as it was.
for file in data/articles/*; do kwic index -q "$file"; done
mkfifo queries
kwic search --batch queries -l >found &
exec 3>queries
echo 'border' >&3
sleep 0.2
kwic optimize -q
echo 'garden' >&3
exec 3>&-
wait $!
echo $?
kwic search --batch <(printf 'border\ngarden\n') -l | cmp - found && echo same
