# Every mistake in a file is named with its line.
cd data && kwic index -q articles
printf 'a\troses\n' >q
printf 'a 0 articles/garden.txt 1\n' >r
try() { kwic eval --format trec "$@"; echo "$?"; }
printf 'a 0 articles/garden.txt 1\n\na garden\n' >short && try q short
printf 'a 0 articles/garden.txt 1 2\n' >long && try q long
printf 'a 0 articles/garden.txt good\n' >word && try q word
printf 'a 0 articles/garden.txt 99999999999\n' >big && try q big
printf 'a 0 x 1\nb 0 x 1\na 0 x 0\n' >twice && try q twice
printf 'a\troses\nb\tx\na\tborder\n' >again && try again r
printf 'a\t\n' >empty && try empty r
printf 'b\troses\n' >other && try other r
printf '' >nothing && try q nothing
try q nowhere
try nowhere r
try . r
