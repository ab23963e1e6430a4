samples = ["abc", "ABC", "abc1", "123", "12.5", " ", "", "Title Case", "ß", "²", "_id", "for", "été"]
for s in samples:
    print(
        repr(s), s.isalpha(), s.isdigit(), s.isalnum(), s.isspace(), s.isupper(), s.islower(),
        s.istitle(), s.isnumeric(), s.isdecimal(), s.isidentifier(), s.isascii(), s.isprintable(),
    )
