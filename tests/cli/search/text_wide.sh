# Wide characters take two columns, and lines break between them.
printf 'ferry %s\n' 漢字仮名交じり文の長い文章である漢字仮名交じり文の長い文章である >wide.txt
kwic index -q wide.txt
COLUMNS=30 kwic search ferry
