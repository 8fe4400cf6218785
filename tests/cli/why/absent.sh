# Not in the index, and the rule that keeps it out.
cd data && mkdir -p .hidden drafts && echo a | tee .hidden/a.txt drafts/a.txt drafts/b.bak drafts/c.log >outside.txt
printf "# drafts\n*.log\n" >drafts/.gitignore && mkdir .git && head -c 300 /dev/zero >drafts/zero && ln -s a.txt drafts/link
kwic index -q articles notes drafts records.jsonl --exclude "*.bak" && kwic delete -q articles/zurich.txt && echo a >drafts/new.txt
for doc in drafts/b.bak drafts/c.log drafts/zero drafts/link drafts/new.txt drafts articles/zurich.txt records.jsonl r9 outside.txt .kwic/lock
do kwic why -q $doc word; done; kwic index -q .
kwic why .hidden/a.txt word
cd drafts; kwic why c.log word; kwic why ../.git/config word
