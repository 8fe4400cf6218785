# rum #94, pg_textsearch #314: phrases cannot be asked for, and order and nearness of words do not affect
# rank. Here phrases are exact, plain words count for more near each other, and what stands nearer, and in
# order, can be made to rank higher.
fill() { yes filler | head -n "$1" | tr '\n' ' '; }
echo "$(fill 9) border guards $(fill 9)" >d
echo "$(fill 9) guards border $(fill 9)" >c
echo "$(fill 3) border $(fill 3) guards $(fill 12)" >b
echo "border $(fill 18) guards" >a
kwic index -q a b c d
kwic search -q -l '"border guards"'
kwic search -q -l '"border guards"~2' | sort | tr '\n' ' '
echo
kwic search -l 'border guards "border guards" border NEAR/5 guards border NEAR/1 guards'
echo by default:
kwic search -l 'border guards' | tr '\n' ' '
echo
kwic search -l --near-weight 0 'border guards' | tr '\n' ' '
echo
