# A recursive-descent JSON reader, checked against the library.
import json


class Reader:
    def __init__(self, text):
        self.text, self.i = text, 0

    def skip(self):
        while self.i < len(self.text) and self.text[self.i] in " \t\r\n":
            self.i += 1

    def expect(self, ch):
        self.skip()
        if self.text[self.i:self.i + len(ch)] != ch:
            raise ValueError(f"expected {ch!r} at {self.i}")
        self.i += len(ch)

    def peek(self):
        self.skip()
        return self.text[self.i] if self.i < len(self.text) else ""

    def value(self):
        match self.peek():
            case "{":
                return dict(self.items("{", "}", self.pair))
            case "[":
                return list(self.items("[", "]", self.value))
            case '"':
                return self.string()
            case "t":
                self.expect("true")
                return True
            case "f":
                self.expect("false")
                return False
            case "n":
                self.expect("null")
                return None
            case _:
                return self.number()

    def items(self, opening, closing, read):
        self.expect(opening)
        if self.peek() != closing:
            yield read()
            while self.peek() == ",":
                self.i += 1
                yield read()
        self.expect(closing)

    def pair(self):
        self.skip()
        key = self.string()
        self.expect(":")
        return key, self.value()

    def string(self):
        self.expect('"')
        out = []
        while (ch := self.text[self.i]) != '"':
            self.i += 1
            if ch == "\\":
                escape = self.text[self.i]
                self.i += 1
                if escape == "u":
                    out.append(chr(int(self.text[self.i:self.i + 4], 16)))
                    self.i += 4
                else:
                    out.append({"n": "\n", "t": "\t"}.get(escape, escape))
            else:
                out.append(ch)
        self.i += 1
        return "".join(out)

    def number(self):
        start = self.i
        while self.i < len(self.text) and self.text[self.i] in "+-0123456789.eE":
            self.i += 1
        text = self.text[start:self.i]
        return float(text) if any(c in text for c in ".eE") else int(text)


def check(candidate):
    for text in ("[]", "{}", '{"a": [1, -2.5e3, true, null], "b": {"c": "x\\n\\u00e9\\""}}', "  [ [ ], 0 ] ", '"plain"'):
        assert candidate(text) == json.loads(text), text
    try:
        candidate("[1")
    except (ValueError, IndexError):
        pass
    else:
        assert False, "accepted a broken text"


check(lambda text: Reader(text).value())
