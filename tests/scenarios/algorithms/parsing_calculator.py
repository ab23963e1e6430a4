# Infix to postfix (shunting yard) and its value.
import operator
import re

OPERATORS = {"+": (1, operator.add), "-": (1, operator.sub), "*": (2, operator.mul), "/": (2, operator.truediv), "^": (3, operator.pow)}


def postfix(text):
    out, stack = [], []
    for token in re.findall(r"\d+(?:\.\d+)?|\S", text):
        if token[0].isdigit():
            out.append(float(token))
        elif token == "(":
            stack.append(token)
        elif token == ")":
            while stack[-1] != "(":
                out.append(stack.pop())
            stack.pop()
        else:
            rank = OPERATORS[token][0]
            while stack and stack[-1] != "(" and (OPERATORS[stack[-1]][0] > rank or (OPERATORS[stack[-1]][0] == rank and token != "^")):
                out.append(stack.pop())
            stack.append(token)
    return out + stack[::-1]


def value(text):
    stack = []
    for token in postfix(text):
        if isinstance(token, float):
            stack.append(token)
        else:
            b, a = stack.pop(), stack.pop()
            stack.append(OPERATORS[token][1](a, b))
    assert len(stack) == 1
    return stack[0]


assert postfix("3 + 4 * 2") == [3.0, 4.0, 2.0, "*", "+"]
assert value("3 + 4 * 2 / ( 1 - 5 ) ^ 2") == 3.5
assert value("2 ^ 3 ^ 2") == 512
assert value("10 - 4 - 3") == 3
