# What people type finds what is there, without a word of complaint.
printf 'A multi-agent system on Ubuntu 20.04: do not say you don'"'"'t know C++, C# and .NET.\n' >a.txt
printf 'Write to @nasa or user@host.org, AT&T in the U.S.A.; 100%% of (the) e-mails.\n' >b.txt
printf 'IT is to be, or not to be: https://example.org/what?is=this#x\n' >c.txt
kwic index -q a.txt b.txt c.txt
while IFS= read -r query; do
    echo "$query: $(kwic search -l --all -- "$query" 2>&1 | sed '/each part of the query/,$d' | tr '\n' ' ')"
done <<'END'
multi-agent
multi-
20.04
don't
C++
C#
.NET
@nasa
user@host.org
AT&T
U.S.A.
100%
"e-mails"
is?
what is this?
https://example.org/what?is=this#x
to be or not to be
IT
::
END
