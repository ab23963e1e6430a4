import re

verbose = re.compile(r"""
    (?P<number>\d+(\.\d*)?)   # a number
  | (?P<op>[-+*/()])          # an operator
  | \s+                       # blanks
""", re.VERBOSE)
print([(m.lastgroup, m.group()) for m in verbose.finditer("3.5 + (42*7)") if m.lastgroup])
print(re.findall(r"^\w+", "one\ntwo", re.M), re.findall("a.c", "a\nc abc", re.DOTALL), re.findall("É", "é", re.I | re.UNICODE))
print(re.findall(r"\w+", "naïve", re.ASCII), re.search(r"(?i)HELLO", "say hello").group(), re.findall(r"foo(?!bar)", "foobar foobaz"))
print(re.findall(r"(?<!\d)\d{2}(?!\d)", "1 22 333 44"), re.findall(r"<(.+?)>", "<a><b>"), re.findall(r"<(.+)>", "<a><b>"))
print(re.match(r"(\w)\1", "aab").group(), re.findall(r"(?:ab)+", "ababxab"), re.search(r"\bcat\b", "concat cat").start())
print(re.I is re.IGNORECASE, re.S == re.DOTALL, re.X == re.VERBOSE, re.A == re.ASCII, re.M | re.S, re.NOFLAG == 0, isinstance(re.I, re.RegexFlag))
for bad in ("(", "[a", "*a", "(?P<x>a)(?P<x>b)"):
    try:
        re.compile(bad)
    except re.error as error:
        print(error.msg, error.pos)
isinstance(verbose, re.Pattern), isinstance(verbose.match("3"), re.Match)
