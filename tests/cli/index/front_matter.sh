# The keys of front matter are fields; what is no YAML is named and stays text.
mkdir f
printf -- '---\ntitle: A title\ndate: 2007-10-05\ntags: [border, night]\ndraft: true\n---\nGuards slept.\n' >f/a.md
printf -- '---\ntitle: Other\nauthor: Ann\n---\n# A heading\n\nGuards woke.\n' >f/b.md
printf -- '---\ntitle: one: two\n---\nGuards left.\n' >f/c.md
touch -d @1200000000 f/*
kwic index f; echo $?
kwic show --fields f/a.md f/b.md f/c.md
kwic search -ql 'tags:night date:2007-10'
kwic search --format tsv 'title:title'
