import operator as op


def tokenize(text):
    return text.replace("(", " ( ").replace(")", " ) ").split()


def read(tokens):
    token = tokens.pop(0)
    if token == "(":
        out = []
        while tokens[0] != ")":
            out.append(read(tokens))
        tokens.pop(0)
        return out
    try:
        return int(token)
    except ValueError:
        return token


GLOBAL = {"+": op.add, "-": op.sub, "*": op.mul, "<": op.lt, "=": op.eq, "list": lambda *x: list(x), "car": lambda x: x[0], "cdr": lambda x: x[1:]}


class Env(dict):
    def __init__(self, names=(), values=(), outer=None):
        super().__init__(zip(names, values))
        self.outer = outer

    def find(self, name):
        if name in self:
            return self
        if self.outer is None:
            raise NameError(f"undefined: {name}")
        return self.outer.find(name)


def evaluate(x, env):
    match x:
        case int():
            return x
        case str():
            return env.find(x)[x]
        case ["if", test, then, other]:
            return evaluate(then if evaluate(test, env) else other, env)
        case ["define", name, value]:
            env[name] = evaluate(value, env)
        case ["lambda", parameters, body]:
            return lambda *args: evaluate(body, Env(parameters, args, env))
        case [head, *rest]:
            function = evaluate(head, env)
            return function(*[evaluate(arg, env) for arg in rest])


env = Env(GLOBAL.keys(), GLOBAL.values())
run = lambda text: evaluate(read(tokenize(text)), env)
run("(define fact (lambda (n) (if (< n 2) 1 (* n (fact (- n 1))))))")
run("(define twice (lambda (f) (lambda (x) (f (f x)))))")
try:
    run("(+ 1 nope)")
except NameError as error:
    print(error)
[run("(fact 10)"), run("((twice (twice (lambda (x) (* x 2)))) 3)"), run("(cdr (list 1 2 3))"), run("(car (cdr (list 4 5)))")]
