# Spans are those of the bytes given, though what is no UTF-8 is repaired.
printf 'a\xff\xe2\x82bc \xf0\x9f\x98 d\0e\xed\xa0\x80\n' | kwic analyze --lang none
