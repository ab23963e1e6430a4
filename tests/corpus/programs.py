"""Small programs made by hypothesis: deterministic, bounded, and often wrong in the way a script can be wrong.

A program works on a few names whose kinds are known (integers, a list, a dict, a string, an object), so that most of
what is made runs for a while before something, perhaps, raises.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import chain

from hypothesis import strategies as st

INTEGERS = ("a", "b", "c")
MAX_DEPTH = 3

PRELUDE = """\
a, b, c = 3, -2, 7
xs = [4, 1, 1]
table = {"k": 1, 5: "five"}
text = "Hello, wide World"
log = []


class Box:
    made = 0
    _seen = 0

    def __init__(self, n=0):
        self.n, self._parts = n, []
        type(self).made += 1

    @property
    def twice(self):
        return self.n * 2

    def add(self, value):
        self._parts.append(value)
        self.n += len(self._parts)
        return self

    def __getitem__(self, i):
        return self._parts[i]

    def __len__(self):
        return len(self._parts)

    def __enter__(self):
        log.append("enter")
        return self

    def __exit__(self, kind, value, traceback):
        log.append(kind.__name__ if kind else "exit")
        return kind is KeyError


class Bag(Box):
    def add(self, value):
        Bag._seen += 1
        return super().add(value)


box = Bag(1)


def gen(n):
    for i in range(n % 4):
        got = yield i
        if got:
            log.append(got)


"""

EPILOGUE = """\
print(a, b, c, xs, table, text, log)
counts = [box.n, box.twice, len(box), Box.made, Bag._seen]
return {"ints": [a, b, c], "xs": xs, "text": text, "table": table, "box": counts, "log": log}
"""


def programs() -> st.SearchStrategy[str]:
    """Sources of whole scripts. In half of them every statement is tried, so that they run to their end."""
    statements = st.lists(_statements(0, looping=False, function=False), min_size=5, max_size=10)
    return st.one_of(statements, statements.map(lambda made: [_tried(lines) for lines in made])).map(_whole)


def _whole(statements: list[list[str]]) -> str:
    return PRELUDE + "\n".join(chain(*statements)) + "\n" + EPILOGUE


def _tried(lines: list[str]) -> list[str]:
    return ["try:", *("    " + line for line in lines), "except Exception as error:", "    log.append(repr(error))"]


def _of(template: str, **parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """A template whose fields are drawn."""
    return st.fixed_dictionaries(parts).map(lambda drawn: template.format(**drawn))


@cache
def _bodies(depth: int, *, looping: bool = False, function: bool = False) -> st.SearchStrategy[list[str]]:
    """A few statements, as lines without indentation of their own."""
    statement = st.deferred(lambda: _statements(depth, looping=looping, function=function))
    return st.lists(statement, min_size=1, max_size=3).map(lambda made: [*chain(*made)])


@cache
def _statements(depth: int, *, looping: bool, function: bool) -> st.SearchStrategy[list[str]]:
    simple = _simple_statements(looping, function).map(lambda line: [line])
    if depth >= MAX_DEPTH:
        return simple
    return st.one_of(simple, simple, _blocks(depth, looping=looping, function=function))


@cache
def _simple_statements(looping: bool, function: bool) -> st.SearchStrategy[str]:
    name, number, test, small = st.sampled_from(INTEGERS), _integers(), _tests(), st.integers(-4, 4).map(str)
    words = st.sampled_from(["'k'", "'zz'", "5", "'new'"])
    options = [
        _of("{name} = ({value}) % 997", name=name, value=number),
        _of("{name} {sign}= {value}", name=name, sign=st.sampled_from(["+", "-", "//", "%", "|", "^"]), value=small),
        _of("{first}, {second} = {second}, {value}", first=name, second=st.sampled_from(INTEGERS), value=number),
        _of(
            "{first} = {second} = {value} % 89",
            first=name,
            second=st.sampled_from(["xs[0]", "box.n", "b"]),
            value=number,
        ),
        _of("xs.append({value})", value=number),
        _of("xs[{index}] = {value}", index=small, value=number),
        _of("xs[{index}:] = {value}", index=small, value=_lists()),
        _of("del xs[{index}]", index=small),
        _of("{name}, *xs = {value}", name=name, value=_lists()),
        _of("table[{key}] = {value}", key=words, value=number),
        _of("table[{key}] += {value}", key=words, value=small),
        _of("del table[{key}]", key=words),
        _of("{name} = table[{key}]", name=st.just("got"), key=words),
        _of("box.n {sign}= {value}", sign=st.sampled_from(["+", "*", "-"]), value=small),
        _of("box.add({value}).add({other})", value=number, other=small),
        _of("{name} = box[{index}]", name=name, index=small),
        _of("box.{missing} = {value}", missing=st.sampled_from(["extra", "_extra", "twice"]), value=small),
        _of("log.append(box.{missing})", missing=st.sampled_from(["extra", "n", "twice", "_extra"])),
        _of("text = {value}", value=_strings()),
        _of("print({value}, {other}, sep='|')", value=number, other=_strings()),
        _of("log.append({value})", value=st.one_of(_lists(), _strings(), test)),
        _of("assert {test}, {message}", test=test, message=_strings()),
        _of("raise {kind}({value})", kind=st.sampled_from(["ValueError", "KeyError", "OSError"]), value=number),
        st.just("pass"),
    ]
    if looping:
        options += [_of("if {test}: break", test=test), _of("if {test}: continue", test=test)]
    if not function:  # a function that calls itself would run into the limits of either side
        options += [_of("{name} = helper({value})", name=name, value=number)]
    else:
        options += [_of("return {value}", value=number), _of("nonlocal_log = {value}", value=number)]
    return st.one_of(options)


@cache
def _integers() -> st.SearchStrategy[str]:
    leaves = st.one_of(
        st.sampled_from(INTEGERS),
        st.integers(-9, 9).map(lambda n: f"({n})"),
        st.sampled_from(
            ["len(xs)", "len(text)", "box.n", "box.twice", "sum(xs)", "table.get('k', 2)", "(xs or [0])[-1]"]
        ),
    )

    def extend(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            _of("({x} {op} {y})", x=inner, op=st.sampled_from(["+", "-", "*", "//", "%", "&", "<<"]), y=leaves),
            _of("({x} if {test} else {y})", x=inner, test=_comparisons(inner), y=leaves),
            _of("max({x}, {y})", x=inner, y=leaves),
            _of("(lambda n, m={y}: n - m)({x})", x=inner, y=leaves),
            _of("sum(n * {x} for n in xs if n % 2)", x=leaves),
            _of("(w := {x})", x=inner),
            _of("{f}({x})", f=st.sampled_from(["abs", "int", "hash", "str"]), x=inner),
        )

    return st.recursive(leaves, extend, max_leaves=4)


@cache
def _comparisons(number: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return _of("{x} {op} {y}", x=number, op=st.sampled_from(["<", "==", "!=", ">=", "in xs or 3 >"]), y=number)


@cache
def _tests() -> st.SearchStrategy[str]:
    single = st.one_of(
        _comparisons(_integers()),
        st.sampled_from(
            ["xs", "not table", "'k' in table", "a < b < c", "isinstance(box, Box)", "text.isupper()", "any(xs)"]
        ),
    )
    return st.one_of(single, _of("({x}) {op} ({y})", x=single, op=st.sampled_from(["and", "or"]), y=single))


@cache
def _lists() -> st.SearchStrategy[str]:
    number = _integers()
    return st.one_of(
        _of("[{x}, *xs[:2], {y}]", x=number, y=number),
        _of("[n * {x} for n in range({k}) if n != {y}]", x=number, k=st.integers(0, 4).map(str), y=number),
        _of("[(i, j) for i in xs[:3] for j in range(i % 3)]"),
        _of("sorted({{n % 5: n for n in xs}}.items(), key=lambda kv: -kv[0])"),
        _of("sorted(xs, key=lambda n: (n % 3, n))"),
        _of("list(gen({x}))", x=number),
        _of("[*map(lambda n: n + {x}, xs)]", x=number),
        _of("[y := {x}, y + 1, *{{y: 1}}]", x=number),
        _of("list(zip(xs, {text}))", text=_strings()),
        _of("xs[::{step}]", step=st.sampled_from(["-1", "2", "0"])),
    )


@cache
def _strings() -> st.SearchStrategy[str]:
    number = _integers()
    return st.one_of(
        st.sampled_from(
            ["text", "text.upper()", "text.title()[::2]", "'-'.join(map(str, xs))", "repr(text)", "str(table)"]
        ),
        _of('f"{{ {x} }}|{{ {y} :>5}}|{{a=}}"', x=number, y=number),
        _of("text.replace('l', {x})", x=st.sampled_from(["'L'", "'' if a else 'll'", "3"])),
        _of("text[{x}:]", x=st.integers(-3, 6).map(str)),
        _of("'%s and %d' % ({x}, {y})", x=number, y=number),
        _of("'{{0}}-{{x}}'.format({x}, x={y})", x=number, y=number),
        _of("','.join(sorted(text.split(), key=str.lower))"),
        _of("text[{x}]", x=st.integers(-30, 30).map(str)),
    )


@cache
def _blocks(depth: int, *, looping: bool, function: bool) -> st.SearchStrategy[list[str]]:
    return _drawn_blocks(depth, looping=looping, function=function)


@st.composite
def _drawn_blocks(draw: st.DrawFn, depth: int, *, looping: bool, function: bool) -> list[str]:
    def body(inside_loop: bool = looping, inside_function: bool = function) -> list[str]:
        return ["    " + line for line in draw(_bodies(depth + 1, looping=inside_loop, function=inside_function))]

    makers: list[Callable[[], list[str]]] = [
        lambda: [f"if {draw(_tests())}:", *body(), "else:", *body()],
        lambda: [f"for {draw(_loop_targets())}:", *body(True)],
        lambda: [f"for n in range({draw(st.integers(0, 3))}):", *body(True), "else:", *body()],
        lambda: _while(draw(st.integers(1, 3)), draw(_tests()), body(True), depth),
        lambda: [*_while(draw(st.integers(1, 3)), draw(_tests()), body(True), depth), "else:", *body()],
        lambda: ["try:", *body(), f"except {draw(_handlers())}:", "    log.append(repr(error))", *body()],
        lambda: ["try:", *body(), "finally:", *body()],
        lambda: ["try:", *body(), f"except {draw(_handlers())}:", *body(), "else:", *body(), "finally:", "    a += 1"],
        lambda: _function(draw(st.booleans()), body(False, True)),
        lambda: [f"with Box({draw(_integers())}) as held:", *body()],
        lambda: [
            f"match {draw(st.sampled_from(['xs', 'table', 'a', 'box', '(a, xs)', 'text']))}:",
            f"    case {draw(_patterns())}:",
            *("    " + line for line in body()),
            "    case _:",
            *("    " + line for line in body()),
        ],
    ]
    made: list[str] = makers[draw(st.integers(0, len(makers) - 1))]()
    return made


def _while(turns: int, test: str, body: list[str], depth: int) -> list[str]:
    counter = f"left{depth}"
    return [f"{counter} = {turns}", f"while ({counter} := {counter} - 1) >= 0 and ({test}):", *body]


def _function(generator: bool, body: list[str]) -> list[str]:
    """A function of its own name for each kind: a generator that got into a value would print its address."""
    name = "stream" if generator else "helper"
    header = [f"def {name}(n=1, *rest, k=2):", "    global a, b, c, xs, text, got, held, y, w"]
    if generator:
        return [*header, *body, "    yield n", "log.append([*stream(2)])"]
    return [*header, *body, "    return n + k", "log.append(helper(2))"]


@cache
def _loop_targets() -> st.SearchStrategy[str]:
    return st.sampled_from(
        [
            "n in xs[:4]",
            "a in range(3)",
            "i, n in enumerate(xs[:3])",
            "box.n in (1, 2)",
            "key, got in list(table.items())",
            "n in gen(a)",
            "first, *rest in [text[:3], xs]",
            "ch in text[:3]",
        ]
    )


@cache
def _handlers() -> st.SearchStrategy[str]:
    return st.sampled_from(
        ["Exception as error", "(ValueError, KeyError) as error", "LookupError as error", "TypeError as error"]
    )


@cache
def _patterns() -> st.SearchStrategy[str]:
    return st.sampled_from(
        [
            "[first, *rest]",
            "{'k': got, **rest}",
            "int(n) if n > 2",
            "Box(n=got)",
            "(int() as got, [_, *_])",
            "str() | list()",
            "[1, 1] | []",
            "3 | 4 | None",
        ]
    )
