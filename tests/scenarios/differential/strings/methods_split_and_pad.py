line = "name = value = more"
print(line.split("="), line.split("=", 1), line.rsplit("=", 1), "a  b \n c".split())
print("one\ntwo\r\nthree".splitlines(), "one\ntwo".splitlines(keepends=True))
print("7".zfill(3), "-7".zfill(4), "ab".center(7, "*"), "ab".ljust(5) + "|", "ab".rjust(5, "."))
print("a\tb".expandtabs(4), "x" * 3, "a,b,,c".split(","))
print("Ünï".encode("utf-8"), b"caf\xc3\xa9".decode(), "é".encode("latin-1"), "abc".encode("ascii"))
"%s is %d years and %.1f%% done" % ("Bob", 42, 99.5)
