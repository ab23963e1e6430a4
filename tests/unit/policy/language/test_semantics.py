"""Compiled scripts do what plain CPython does: same output, same exception, same message."""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stdout
from typing import Any

import pytest

from tests.unit.policy.language.bound_guards import run

PROGRAMS = {
    "loop over what cannot be iterated": "for x in 5:\n    pass",
    "comprehension over what cannot be iterated": "[x for x in None]",
    "generator over what cannot be iterated": "g = (x for x in 5)",
    "iter that returns no iterator": "class A:\n    def __iter__(self):\n        return 5\nfor x in A():\n    pass",
    "unpacking too few": "for a, b in [(1,)]:\n    pass",
    "unpacking too many": "a, b = 1, 2, 3",
    "starred target in a loop": "for a, *b in [(1, 2, 3), (4,)]:\n    print(a, b)",
    "attribute and item targets in a loop": (
        "class A:\n    pass\na = A()\nd = {}\nfor a.x in range(3):\n    print(a.x)\nfor d['k'], y in [(1, 2)]:\n    print(d, y)"
    ),
    "for else": "for i in range(3):\n    pass\nelse:\n    print('else')\nfor i in range(3):\n    break\nelse:\n    print('no')",
    "while else": "n = 3\nwhile n:\n    n -= 1\nelse:\n    print('else', n)",
    "changing a list while looping": "xs = [1, 2, 3]\nfor x in xs:\n    if x < 3:\n        xs.append(x + 10)\nprint(xs)",
    "changing a dict while looping": "d = {1: 1}\nfor k in d:\n    d[k + 1] = 1",
    "comprehension variables stay inside": "x = 'out'\nys = [x for x in range(3)]\nprint(x, ys)",
    "comprehension of the same global name": "x = [1, 2]\nx = [x for x in x]\nprint(x)",
    "nested comprehension with closure": "fs = [lambda: i for i in range(3)]\nprint([f() for f in fs])",
    "walrus in a comprehension binds outside": "ys = [z := y for y in range(3)]\nprint(z, ys)",
    "walrus in a function": "def f():\n    return [last := v for v in range(3)], last\nprint(f())",
    "name error": "print(nothing_here)",
    "unbound local": "def f():\n    print(x)\n    x = 1\nf()",
    "deleted global": "x = 1\ndel x\nprint(x)",
    "deleted name twice": "x = 1\ndel x\ndel x",
    "global from a function": "def f():\n    global x\n    x = 5\nf()\nprint(x)\nx += 1\nf2 = lambda: x\nprint(f2())",
    "nonlocal": "def c():\n    n = 0\n    def inc():\n        nonlocal n\n        n += 1\n        return n\n    return inc\ni = c()\ni()\nprint(i())",
    "function sees later global": "def f():\n    return later\nlater = 3\nprint(f())",
    "class body sees globals": "x = 1\nclass A:\n    y = x + 1\n    x = 5\n    z = x\nprint(A.y, A.z, x)",
    "class body does not close over its names": "class A:\n    x = 1\n    def f(self):\n        return x\nA().f()",
    "class in a loop": "cs = []\nfor n in range(2):\n    class A:\n        v = n\n    cs.append(A)\nprint([c.v for c in cs])",
    "missing argument": "def f(a, b):\n    pass\nf(1)",
    "missing argument of a lambda": "f = lambda a: a\nf()",
    "missing argument of a method": "class A:\n    def f(self, a):\n        pass\nA().f()",
    "missing argument of an inner function": "def o():\n    def i(a):\n        pass\n    i()\no()",
    "unexpected keyword": "def f(a):\n    pass\nf(a=1, b=2)",
    "positional only": "def f(a, /, b, *, c):\n    return a, b, c\nprint(f(1, b=2, c=3))\nf(a=1, b=2, c=3)",
    "defaults and varargs": "def f(a, b=2, *args, c=3, **kw):\n    return a, b, args, c, kw\nprint(f(1), f(1, 2, 3, c=4, d=5))",
    "decorators": "def d(f):\n    def w(*a):\n        return f(*a) + 1\n    return w\n@d\n@d\ndef g(x):\n    return x\nprint(g(1))",
    "recursion": "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\nprint(fib(12))",
    "deep recursion": "def f(n):\n    return f(n + 1)\nf(0)",
    "generator protocol": "def g():\n    got = yield 1\n    print(got)\n    yield 2\ni = g()\nprint(next(i), i.send('x'))",
    "generator return value": "def g():\n    yield 1\n    return 5\ndef h():\n    r = yield from g()\n    print(r)\nprint(list(h()))",
    "generator close and throw": (
        "def g():\n    try:\n        yield 1\n    except ValueError as e:\n        print('caught', e)\n        yield 2\n    finally:\n        print('end')\n"
        "i = g()\nnext(i)\nprint(i.throw(ValueError('v')))\ni.close()"
    ),
    "lazy generator": "def say(x):\n    print(x)\n    return x\ng = (say(i) for i in range(3))\nprint('made')\nprint(next(g))",
    "try finally order": "def f():\n    try:\n        return 'try'\n    finally:\n        print('finally')\nprint(f())",
    "except as is deleted": "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    print(e)\nprint(e)",
    "raise from": "try:\n    try:\n        1 / 0\n    except ZeroDivisionError as e:\n        raise ValueError('v') from e\nexcept ValueError as e:\n    print(e)",
    "except star": "try:\n    raise ExceptionGroup('g', [ValueError(1), TypeError(2), ValueError(3)])\nexcept* ValueError as e:\n    print(e.exceptions)\nexcept* TypeError as e:\n    print(e.exceptions)",
    "except star, rest": "try:\n    raise ExceptionGroup('g', [ValueError(1), KeyError(2)])\nexcept* ValueError:\n    print('v')",
    "assert": "assert 1 == 2, 'no'",
    "with": (
        "class C:\n    def __enter__(self):\n        print('in')\n        return self\n    def __exit__(self, *e):\n        print(e[0])\n        return True\n"
        "with C() as c, C():\n    raise ValueError\nprint('after')"
    ),
    "private attributes": (
        "class A:\n    def __init__(self):\n        self._x = 1\n        self.__y = 2\n    def both(self, o):\n        o._x += 1\n        o.__y += o._x\n        return self._x, o.__y\n"
        "a = A()\nprint(a.both(a), a._x, a._A__y)"
    ),
    "private attributes through expressions": (
        "class N:\n    def __init__(self, v, nxt=None):\n        self._v = v\n        self._nxt = nxt\n"
        "n = N(1, N(2, N(3)))\nprint(n._nxt._nxt._v)\nn._nxt._nxt._v = 9\nn._nxt._v += 5\nprint([n][0]._nxt._nxt._v, [x._v for x in (n, n._nxt)])\ndel n._nxt._nxt\nn._nxt._nxt"
    ),
    "missing private attribute": "class A:\n    pass\nA()._x",
    "writes through expressions": "class A:\n    pass\na = A()\na.b = A()\na.b.c = [1]\na.b.c += [2]\na.b.d = a\na.b.d.b.e = 3\nprint(a.b.c, a.b.e)\ndel a.b.e\nprint(hasattr(a.b, 'e'))",
    "write to a falsy object": "class A:\n    def __bool__(self):\n        return False\n    def __len__(self):\n        return 0\na = A()\na.x = 1\na._y = 2\nprint(a.x, a._y)",
    "order of evaluation of a write": "def say(x):\n    print(x)\n    return x\nclass A:\n    pass\na = A()\ndef base():\n    print('base')\n    return a\nbase().x = say('value')\nbase().x += say('!')\nprint(a.x)",
    "super": "class A:\n    def __init__(self, x):\n        self.x = x\n    def f(self):\n        return 'A'\nclass B(A):\n    def __init__(self, x):\n        super().__init__(x + 1)\n    def f(self):\n        return super().f() + 'B'\nclass C(B):\n    def f(self):\n        return super(C, self).f() + 'C'\nprint(C(1).x, C(1).f())",
    "super in a comprehension's class": "class A:\n    def f(self):\n        return 1\nclass B(A):\n    def f(self):\n        s = super()\n        return [s.f() for _ in range(2)]\nprint(B().f())",
    "property": "class A:\n    def __init__(self):\n        self._v = 1\n    @property\n    def v(self):\n        return self._v\n    @v.setter\n    def v(self, new):\n        self._v = new * 2\na = A()\na.v = 5\nprint(a.v)\na.v += 1\nprint(a.v)",
    "slots": "class A:\n    __slots__ = ('x', '_y')\na = A()\na.x = 1\na._y = 2\nprint(a.x + a._y)\na.z = 1",
    "class attributes": "class A:\n    count = 0\n    _all = []\n    def __init__(self):\n        A.count += 1\n        A._all.append(self)\nA()\nA()\nprint(A.count, len(A._all))",
    "dunder methods": (
        "class V:\n    def __init__(self, x):\n        self.x = x\n    def __add__(self, o):\n        return V(self.x + o.x)\n    __radd__ = __add__\n    def __eq__(self, o):\n        return self.x == o.x\n    __hash__ = None\n"
        "    def __repr__(self):\n        return f'V({self.x})'\n    def __getitem__(self, i):\n        return self.x * i\n    def __call__(self, y):\n        return self.x + y\nprint(V(1) + V(2), V(1) == V(1), V(3)[2], V(1)(2))\nhash(V(1))"
    ),
    "calling dunder methods": "print((5).__add__(6), 'abc'.__len__(), [1].__contains__(1), object.__repr__ is not None)",
    "names of types": "try:\n    {}['x']\nexcept KeyError as e:\n    print(type(e).__name__, e.__class__.__name__)",
    "function names": "def f():\n    'doc'\nprint(f.__name__, f.__doc__, f.__qualname__)\ndef o():\n    def i():\n        pass\n    return i\nprint(o().__qualname__, (lambda: 0).__qualname__, (x for x in []).__qualname__)",
    "method names": "class A:\n    def f(self):\n        pass\n    class B:\n        def g(self):\n            pass\nprint(A.f.__qualname__, A.B.g.__qualname__, A.B.__qualname__)\ndef h():\n    class L:\n        pass\n    return L\nprint(h().__qualname__)",
    "annotations": "x: int = 1\ny: 'nothing' \ndef f(a: int, *b: str, c: 5 = 2) -> None:\n    z: undefined = 3\n    w: undefined\n    return a + c + z\nprint(f(1), x)",
    "bare annotation makes a local": "w = 1\ndef f():\n    w: int\n    return w\nf()",
    "annotated attribute": "class A:\n    def __init__(self):\n        self.x: int = 1\n        self._y: str\nprint(A().x)",
    "dataclass": "from dataclasses import dataclass, field\n@dataclass(order=True)\nclass P:\n    x: int\n    y: int = 2\n    z: list = field(default_factory=list)\nprint(P(1), P(1) < P(2), P(1, z=[3]).z)",
    "enum": "from enum import Enum, auto\nclass C(Enum):\n    RED = auto()\n    BLUE = auto()\n    def lower(self):\n        return self.name.lower()\nprint(C.RED, C['BLUE'].value, [c.lower() for c in C], C(1))",
    "named tuple": "from typing import NamedTuple\nclass P(NamedTuple):\n    x: int\n    y: int = 0\np = P(1)\nprint(p, p._replace(y=5), p._asdict(), P._fields)",
    "match": (
        "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\n    y: int\ndef f(v):\n    match v:\n        case 0 | 1:\n            return 'small'\n        case int(n) if n > 100:\n            return n\n"
        "        case [a, *rest]:\n            return a, rest\n        case {'k': k, **others}:\n            return k, others\n        case P(x=0, y=yy):\n            return yy\n        case P(px, py):\n            return px * py\n        case str() as s:\n            return s\n        case None:\n            return 'none'\n        case _:\n            return 'other'\n"
        "print([f(v) for v in (0, 500, [1, 2, 3], {'k': 1, 'z': 2}, P(0, 7), P(2, 3), 'hey', None, 2.5)])"
    ),
    "f-strings": "x = 3.14159\nn = 'name'\nw = 10\nprint(f'{x:.2f} {n!r:>{w}} {x=:.1f} {{}} {n.upper()} {[i for i in range(2)]}')",
    "string formatting": "print('{} {0}'.format(1) if False else '{:>5}|{x}'.format(1, x=2), '%s %d' % ('a', 3))",
    "conditional import": "if True:\n    import json as j\nprint(j.dumps([1]))",
    "star import": "from math import *\nprint(sqrt(16), floor(2.5))",
    "closures over loops": "fs = []\nfor i in range(3):\n    def f(i=i):\n        return i\n    fs.append(f)\nprint([f() for f in fs])",
    "chained comparison and boolean values": "print(1 < 2 < 3, 0 or 'x', '' and 1, not [], 1 if [] else 2)",
    "augmented assignment": "x = [1]\ny = x\nx += [2]\nx *= 2\nprint(x, y is x)\nd = {'a': 1}\nd['a'] += 5\nprint(d)",
    "slices": "x = list(range(10))\nx[2:4] = 'ab'\ndel x[::2]\nprint(x, x[-2:])",
    "star arguments": "def f(*a, **k):\n    return a, k\nprint(f(*[1, 2], *'ab', **{'x': 1}, y=2), [*range(3), *'xy'], {**{'a': 1}, 'b': 2})",
    "lambda with star arguments": "print((lambda *a, k=1, **kw: (a, k, kw))(1, 2, k=3, z=4))",
    "own names of builtins": "list = [1]\ndef type(x):\n    return 'mine'\nid = 5\nprint(list, type(3), id)\nfor next in range(2):\n    zip = next\nprint(zip)",
    "own iter and zip": "iter = zip = next = None\nfor x in [1, 2]:\n    print(x)\nprint([y for y in 'ab'])",
    "own input and vars": "input = 'abc'\nvars = {'a': 1}\ndef f(open, compile=2):\n    return open + compile\nprint(input, vars, f(1))",
    "underscored names": "_ = 1\n_x = 2\n__y = 3\nprint(_, _x, __y)",
    "main": "def main():\n    print('main')\nif __name__ == '__main__':\n    main()",
    "unicode names": "größe = 3\nprint(größe * 2)",
    "type of an instance": "class A:\n    pass\nprint(type(A()) is A, isinstance(A(), A), A().__class__ is A)",
    "del attribute": "class A:\n    pass\na = A()\na.x = 1\ndel a.x\na.x",
    "sort with a method": "print(sorted(['b', 'A'], key=str.lower), max([[1], [1, 2]], key=len))",
    "nested functions with defaults from class scope": "class A:\n    n = 3\n    def f(self, k=n):\n        return k\nprint(A().f())",
    "comprehension in a class body": "class A:\n    xs = [1, 2]\n    ys = [x * 2 for x in xs]\nprint(A.ys)",
    "comprehension in a class body cannot see it": "class A:\n    k = 2\n    ys = [x * k for x in [1]]",
    "string of an exception": "try:\n    int('x')\nexcept ValueError as e:\n    print(str(e), e.args)",
    "custom exception": "class E(Exception):\n    def __init__(self, code):\n        super().__init__(f'code {code}')\n        self.code = code\ntry:\n    raise E(5)\nexcept E as e:\n    print(e, e.code)\nraise E(7)",
    "loop in an enum": "from enum import Enum\nclass E(Enum):\n    A = 1\n    for B in range(2, 3):\n        pass\nprint(list(E))",
    "zero division": "1 / 0",
    "index error": "[][1]",
    "key error": "{}['k']",
    "attribute error": "(5).foo",
    "attribute error of a class": "class A:\n    pass\nA().foo",
    "type error": "'a' + 1",
    "recursion limit message": "def f():\n    f()\nf()",
}

NEWER = {
    "type parameters": "def first[T](xs: list[T]) -> T:\n    return xs[0]\nclass Box[T]:\n    def __init__(self, v: T):\n        self._v = v\n    def get(self) -> T:\n        return self._v\ntype Pair[A] = tuple[A, A]\nprint(first([1]), Box(2).get(), Pair)",
    "type parameter used in the body": "def f[T](x: T):\n    return T\nprint(f(1))",
    "bounded type parameters": "class N[T: (int, str)]:\n    pass\ndef g[T: [i for i in range(2)]](x):\n    return x\nprint(g(3), N.__name__)",
    "nested quotes in f-strings": "d = {'a': 1}\nprint(f\"{d['a']} {f'{d[\"a\"]}'}\")",
}


def _plain(source: str) -> tuple[str, str | None]:
    """Output and exception of plain CPython."""
    output = io.StringIO()
    namespace: dict[str, Any] = {"__name__": "__main__"}
    with redirect_stdout(output):
        try:
            exec(compile(source, "<script>", "exec", dont_inherit=True), namespace)
        except Exception as error:  # noqa: BLE001  # whatever a program raises is what is compared
            return output.getvalue(), _shown(error)
    return output.getvalue(), None


def _shown(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def _compiled(source: str) -> tuple[str, str | None]:
    ran = run(source)
    return ran.output, None if ran.error is None else _shown(ran.error)


@pytest.mark.parametrize("source", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_program_does_what_it_does_in_cpython(source: str) -> None:
    assert _compiled(source) == _plain(source)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the syntax is new in Python 3.12")
@pytest.mark.parametrize("source", NEWER.values(), ids=NEWER.keys())
def test_a_program_of_newer_pythons_does_what_it_does_in_cpython(source: str) -> None:
    assert _compiled(source) == _plain(source)


def test_annotations_of_functions_and_variables_are_not_evaluated() -> None:
    ran = run(
        "def f(a: nothing, *, b: nobody = 1) -> nowhere:\n    c: nil = 2\n    return a + b + c\nx: no = f(1)\nreturn x"
    )
    assert ran.value == 4
