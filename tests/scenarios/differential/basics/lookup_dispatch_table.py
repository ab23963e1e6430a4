import operator

ops = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


def rpn(expression):
    stack = []
    for token in expression.split():
        if token in ops:
            b, a = stack.pop(), stack.pop()
            stack.append(ops[token](a, b))
        else:
            stack.append(float(token))
    return stack.pop()


[rpn("3 4 + 2 *"), rpn("5 1 2 + 4 * + 3 -"), rpn("8 2 /")]
