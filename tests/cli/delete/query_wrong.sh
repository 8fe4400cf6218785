# Documents are named or found, not both.
kwic delete --query bridge a.txt
kwic delete --dry-run a.txt
kwic delete --query bridge --id
kwic delete --query bridge
