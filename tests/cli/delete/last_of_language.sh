# A language whose last document is deleted has no part in what a query asks for: here a character
# is a stop word of Chinese, and then no longer.
cat >texts.jsonl <<'END'
{"id":"zh","text":"我们今天去北京的学校学习中文，他们都很高兴，因为老师说今天没有考试。"}
{"id":"en","text":"The border guards stopped the car during the night and found several sacks. 都 都"}
END
kwic index -q --lang auto texts.jsonl
kwic search --explain 都 | grep 'of english'
kwic delete -q zh
echo "== without it"
kwic search --explain 都 | grep 'of english'
