import re
from typing import NamedTuple


class Token(NamedTuple):
    kind: str
    text: str
    line: int


SPEC = [("NUMBER", r"\d+(\.\d+)?"), ("NAME", r"[A-Za-z_]\w*"), ("OP", r"[+\-*/=<>!]=?"), ("PAREN", r"[()]"),
        ("NEWLINE", r"\n"), ("SKIP", r"[ \t]+|#.*"), ("BAD", r".")]
MASTER = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in SPEC))


def tokenize(source):
    line = 1
    for match in MASTER.finditer(source):
        kind = match.lastgroup
        if kind == "NEWLINE":
            line += 1
        elif kind == "BAD":
            raise SyntaxError(f"unexpected {match.group()!r} on line {line}")
        elif kind != "SKIP":
            yield Token(kind, match.group(), line)


for token in tokenize("x = 3 # set\ny >= (x+4.5)"):
    print(token)
try:
    list(tokenize("a\n$"))
except SyntaxError as error:
    print(error)
