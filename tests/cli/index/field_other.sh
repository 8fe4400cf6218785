# A type that the index does not have.
printf '{"id":"a","year":2006}\n' >r.jsonl
kwic index -q --field year:number r.jsonl
kwic index -q --field year:number r.jsonl && echo the same is fine
kwic index -q --field year:keyword r.jsonl
