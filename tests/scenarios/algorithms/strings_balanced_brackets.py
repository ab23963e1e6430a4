# Are brackets balanced; split a string of groups; generate all balanced strings.
def balanced(text):
    pairs, stack = {")": "(", "]": "[", "}": "{"}, []
    for ch in text:
        if ch in pairs.values():
            stack.append(ch)
        elif ch in pairs:
            if not stack or stack.pop() != pairs[ch]:
                return False
    return not stack


def groups(text):
    out, depth, start = [], 0, 0
    text = text.replace(" ", "")
    for i, ch in enumerate(text):
        depth += 1 if ch == "(" else -1
        if depth == 0:
            out.append(text[start:i + 1])
            start = i + 1
    return out


def generate(n):
    def build(text, opened, closed):
        if len(text) == 2 * n:
            yield text
            return
        if opened < n:
            yield from build(text + "(", opened + 1, closed)
        if closed < opened:
            yield from build(text + ")", opened, closed + 1)

    return list(build("", 0, 0))


assert balanced("{[()]}()") and not balanced("([)]") and not balanced("((") and balanced("")
assert groups("( ) (( )) (( )( ))") == ["()", "(())", "(()())"]
assert generate(3) == ["((()))", "(()())", "(())()", "()(())", "()()()"]
assert len(generate(5)) == 42
