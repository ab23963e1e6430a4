"""What a script that passed the check still cannot do at run time, and the allowed twin of each attempt.

These get past the check by building names at run time or by going through the standard library. The attacks that the check
refuses are in tests/security.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration import blocking_host
from tests.integration.blocking_host import Zygote


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    with blocking_host.zygote() as made:
        yield made


PRELUDE = """
import asyncio, collections, contextlib, copy, dataclasses, enum, functools, json, operator, random, typing
async def coroutine():
    return await tools.add(a=1, b=2)
async def numbers():
    yield await tools.add(a=1, b=2)
def generator():
    yield 1
"""

ATTACKS = {
    "coroutines are not driven by hand": "getattr(coroutine(), 'send')(None)",
    "nor through a methodcaller": "operator.methodcaller('send', None)(coroutine())",
    "async generators do not show what they wait for": "[x for x in numbers().asend(None)]",
    "nor does anext": "list(anext(numbers()))",
    "nor anext with a default": "list(anext(numbers(), 1))",
    "tool calls are not iterable": "list(functools.partial(tools.add, 1, 2)())",
    "tool calls have no __await__ for scripts": "call = functools.partial(tools.add, 1, 2)\ngetattr(call(), '__await__')()",
    "tasks do not show their loop": "getattr(asyncio.create_task(coroutine()), 'get_loop')()",
    "nor what they wrap": "getattr(asyncio.create_task(coroutine()), '_real')",
    "locks do not show theirs": "getattr(asyncio.Lock(), '_get_loop')()",
    "nor through super": "super(asyncio.Lock, asyncio.Lock())._get_loop",
    "nor to a subclass": "class Q(asyncio.Queue): pass",
    "a callback gets no context": (
        "class C:\n    def run(self, *args): print(args)\n"
        "asyncio.create_task(coroutine()).add_done_callback(print, context=C())"
    ),
    "deep copies keep no memo of the loop": "copy.deepcopy([asyncio.Lock()], {})",
    "nor of tasks": "copy.deepcopy([asyncio.create_task(coroutine())], {})",
    "nor of tools": "copy.copy(tools)",
    "functions have no globals": "getattr(coroutine, '__globals__')",
    "nor code": "getattr(generator, '__code__')",
    "generators have no frame": "getattr(generator(), 'gi_' + 'frame')",
    "exceptions have no traceback": "try:\n    1 / 0\nexcept Exception as e:\n    print(getattr(e, '__trace' + 'back__'))",
    "an AttributeError does not show its object": "try:\n    (1).x1\nexcept AttributeError as e:\n    print(e.obj)",
    "names are exact strings": (
        "class S(str):\n    def __eq__(self, other): return True\n    def __hash__(self): return hash('x')\n"
        "getattr(1, S('__class__'))"
    ),
    "format does not walk to globals": "'{0.__globals__}'.format(generator)",
    "nor format_map": "'{f.__globals__}'.format_map({'f': generator})",
    "nor the unbound form": "list(map(str.format, ['{0.__globals__}'], [generator]))",
    "nor a nested field": "'{0:{1.__globals__}}'.format(1, generator)",
    "nor a bracketed start": "'{0[0].__globals__}'.format([generator])",
    "attrgetter does not walk": "operator.attrgetter('__globals__')(generator)",
    "the type of a function makes none": "type(generator)(1, {})",
    "the type of a class makes none": "type(int)('X', (), {})",
    "type takes one argument": "f = type\nf('X', (), {})",
    "no class comes from type": "class M(type(int)): pass",
    "modules are read-only": "setattr(json, 'dumps', 1)",
    "builtin classes are read-only": "setattr(int, 'x', 1)",
    "shared classes are read-only": "setattr(json.JSONEncoder, 'default', 1)",
    "tools are read-only": "setattr(tools, 'add', 1)",
    "a tool cannot be deleted": "delattr(tools, 'add')",
    "context is read-only": "setattr(context, 'script_id', 1)",
    "also by item": "context['script_id'] = 1",
    "super().__setattr__ sets no dunders": (
        "class A:\n    def f(self): super().__setattr__('__class__', int)\nA().f()"
    ),
    "object.__setattr__ changes only what the script may": "object.__setattr__(json, 'dumps', 1)",
    "match arguments are public names": "class P:\n    __match_args__ = ('_loop',)",
    "abstract classes take no foreign subclass": ("import abc\nclass A(abc.ABC): pass\nA.register(asyncio.Lock)"),
    "fields are identifiers": "dataclasses.dataclass(typing.TypedDict('T', {'a = print(1)': int}))",
    "annotations cannot be changed": "class P:\n    x: int\nP.__annotations__['y=1'] = int",
    "a dataclass sets its own fields only": (
        "@dataclasses.dataclass\nclass P:\n    _waiters: object\nP.__init__(asyncio.Lock(), [])"
    ),
    "cached_property reads its own instances only": ("functools.cached_property(print).__get__(asyncio.Lock(), None)"),
    "groups keep their split": "setattr(ExceptionGroup('g', [ValueError()]), 'split', print)",
    "groups have no subclasses": "E = ExceptionGroup\nclass X(E): pass",
    "exceptions set their attributes themselves": (
        "class E(Exception):\n    def __setattr__(self, name, value): print(name)"
    ),
    "context managers are made of generators": (
        "class G:\n    def __next__(self): return 1\n    def throw(self, *args): print(args)\n"
        "with contextlib.contextmanager(lambda: G())(): 1 / 0"
    ),
    "fake futures get nothing": (
        "class F:\n    _asyncio_future_blocking = True\n    def __await__(self): yield self\n"
        "    def get_loop(self): return 1\n    def add_done_callback(self, *args, **kw): print(args)\nawait F()"
    ),
    "nothing is imported from below a facade": "__imp = [json]\ngetattr(json, 'decoder')",
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attempt_fails(zygote: Zygote, name: str) -> None:
    result = zygote.run(PRELUDE + ATTACKS[name])
    assert result.of("finished"), result.frames[-1]
    assert not result.finished["ok"], result.finished
    assert result.error["code"] == "script.runtime"
    assert result.log == ""


TWINS: dict[str, tuple[str, Any]] = {
    "plain generators are driven by hand": (
        "def g():\n    got = yield 1\n    yield got\nx = g()\nreturn [next(x), x.send(5), x.close()]",
        [1, 5, None],
    ),
    "and take exceptions": (
        (
            "def g():\n    try:\n        yield 1\n    except ValueError as e:\n        yield str(e)\n"
            "x = g()\nnext(x)\nreturn x.throw(ValueError('in'))"
        ),
        "in",
    ),
    "async generators are driven by await": (
        "x = numbers()\nreturn [await x.asend(None), await anext(x, 'end'), await x.aclose()]",
        [3, "end", None],
    ),
    "locks work": ("lock = asyncio.Lock()\nasync with lock:\n    return lock.locked()", True),
    "callbacks work": (
        (
            "seen = []\ntask = asyncio.create_task(coroutine())\ntask.add_done_callback(seen.append)\nawait task\n"
            "await asyncio.sleep(0)\nreturn [seen[0] is task, seen[0].result()]"
        ),
        [True, 3],
    ),
    "plain data is copied": (
        "a = [[1], {2}]\nb = copy.deepcopy(a)\nb[0].append(2)\nreturn [a, b]",
        [[[1], [2]], [[1, 2], [2]]],
    ),
    "instances are copied": (
        "class A:\n    def __init__(self): self.x = [1]\na = A()\nb = copy.deepcopy(a)\nb.x.append(2)\nreturn [a.x, b.x]",
        [[1], [1, 2]],
    ),
    "format walks public attributes": (
        (
            "class A:\n    name = 'n'\n    items = [1, 2]\n"
            "return ['{0.name}'.format(A()), '{a.items[1]:>3}'.format(a=A()), '{x[k]}'.format_map({'x': {'k': 1}}), "
            "'{:{w}.{p}f}'.format(1.5, w=6, p=2)]"
        ),
        ["n", "  2", "1", "  1.50"],
    ),
    "getters work": (
        (
            "class A: pass\na = A()\na.b = A()\na.b.c = 1\n"
            "return [operator.attrgetter('b.c')(a), operator.attrgetter('b.c', 'b.c')(a), operator.methodcaller('upper')('x')]"
        ),
        [1, [1, 1], "X"],
    ),
    "type answers": (
        (
            "class A: pass\nreturn [type(1) is int, type(A()) is A, isinstance(A, type), isinstance(A(), type), type(A) is type, "
            "type(generator).__name__, isinstance(generator, type(generator)), type({}) == dict, repr(type(A))]"
        ),
        [True, True, True, False, True, "function", True, True, "<class 'type'>"],
    ),
    "own objects are written to": (
        (
            "class A: pass\na = A()\nsetattr(a, 'x', 1)\na._y = 2\nsetattr(A, 'z', 3)\ngenerator.count = 4\n"
            "delattr(a, 'x')\nreturn [hasattr(a, 'x'), a._y, a.z, generator.count]"
        ),
        [False, 2, 3, 4],
    ),
    "exceptions take notes and fields": (
        (
            "try:\n    raise ValueError('v')\nexcept ValueError as e:\n    e.add_note('n')\n    e.extra = 1\n"
            "    return [e.extra, e.__notes__, e.args, type(e).__name__, e.__class__.__name__]"
        ),
        [1, ["n"], ["v"], "ValueError", "ValueError"],
    ),
    "frozen dataclasses set themselves up": (
        (
            "@dataclasses.dataclass(frozen=True)\nclass P:\n    x: int\n"
            "    def __post_init__(self): object.__setattr__(self, 'x', self.x + 1)\nreturn P(1)"
        ),
        {"x": 2},
    ),
    "super().__setattr__ sets names": (
        (
            "class A:\n    def __setattr__(self, name, value): super().__setattr__(name, value * 2)\n"
            "a = A()\na.x = 2\nreturn a.x"
        ),
        4,
    ),
    "dataclasses call each other": (
        (
            "@dataclasses.dataclass\nclass A:\n    x: int\n@dataclasses.dataclass\nclass B(A):\n    y: int\n"
            "    def __post_init__(self): A.__init__(self, 7)\nreturn B(1, 2)"
        ),
        {"x": 7, "y": 2},
    ),
    "match arguments match": (
        (
            "class P:\n    __match_args__ = ('x',)\n    def __init__(self): self.x = 5\n"
            "match P():\n    case P(found): return found"
        ),
        5,
    ),
    "own classes are registered": (
        "import abc\nclass A(abc.ABC): pass\nclass B: pass\nA.register(B)\nreturn isinstance(B(), A)",
        True,
    ),
    "cached_property caches": (
        (
            "class A:\n    n = 0\n    @functools.cached_property\n    def x(self):\n        self.n += 1\n        return self.n\n"
            "a = A()\nreturn [a.x, a.x]"
        ),
        [1, 1],
    ),
    "exits see no traceback": (
        (
            "class C:\n    def __enter__(self): return self\n    def __exit__(self, kind, error, traceback):\n"
            "        self.seen = [kind.__name__, str(error), traceback]\n        return True\n"
            "class S(C):\n    @staticmethod\n    def __exit__(*args):\n        seen.append(args[2])\n        return True\n"
            "seen = []\nwith C() as c: raise ValueError('v')\nwith S(): 1 / 0\nreturn [c.seen, seen]"
        ),
        [["ValueError", "v", None], [None]],
    ),
    "nor do those of stacks": (
        (
            "seen = []\ndef leave(kind, error, traceback):\n    seen.append(traceback)\n    return True\n"
            "with contextlib.ExitStack() as stack:\n    stack.push(leave)\n    1 / 0\nreturn seen"
        ),
        [None],
    ),
    "nor async ones": (
        (
            "class C:\n    async def __aenter__(self): return self\n    async def __aexit__(self, kind, error, traceback):\n"
            "        self.seen = traceback\n        return True\nasync with C() as c: 1 / 0\nreturn c.seen"
        ),
        None,
    ),
    "wraps copies names": (
        (
            "def deco(f):\n    @functools.wraps(f)\n    def inner(*args): return f(*args)\n    return inner\n"
            "@deco\ndef named():\n    'doc'\n    return 1\nreturn [named.__name__, named.__doc__, named()]"
        ),
        ["named", "doc", 1],
    ),
    "facades look like modules": (
        "return [repr(json), hasattr(json, 'codecs'), hasattr(json, '__name__'), getattr(json, 'scanner', 0)]",
        ["<module 'json'>", False, False, 0],
    ),
    "results answer to attributes": (
        (
            "r = await tools.echo(value={'exit_code': 0, 'items': 1, 'n': {'m': 2}})\n"
            "return [r.exit_code, r['items'], r.n.m, type(r) is dict, r == {'exit_code': 0, 'items': 1, 'n': {'m': 2}}, repr(r), json.dumps(r)]"
        ),
        [
            0,
            1,
            2,
            True,
            True,
            "{'exit_code': 0, 'items': 1, 'n': {'m': 2}}",
            '{"exit_code": 0, "items": 1, "n": {"m": 2}}',
        ],
    ),
    "lazy imports of C code work": (
        (
            "from datetime import datetime\n"
            "return [datetime.strptime('2024-01-02', '%Y-%m-%d').strftime('%d %B'), 'bücher'.encode('idna').decode()]"
        ),
        ["02 January", "xn--bcher-kva"],
    ),
    "numbers of thousands of digits divide": (  # since Python 3.12 with a module that C imports
        "return [10 ** 60_000 // 7 ** 40_000 % 1000, 2 ** 50_000 % 3 ** 20_000 % 7]",
        [10**60_000 // 7**40_000 % 1000, 2**50_000 % 3**20_000 % 7],
    ),
    "nested runs work": (
        (
            "async def main():\n    return await asyncio.gather(coroutine(), tools.echo(value=1))\n"
            "return [asyncio.run(main()), asyncio.run(tools.echo(value=2))]"
        ),
        [[3, 1], 2],
    ),
    "tasks are called as CPython calls them": (
        (
            "task = asyncio.create_task(coroutine())\nother = asyncio.create_task(coroutine(), name='mine')\n"
            "await asyncio.gather(task, other)\nreturn [task.get_name(), other.get_name()]"
        ),
        ["Task-2", "mine"],
    ),
}


@pytest.mark.parametrize("name", TWINS)
def test_its_harmless_twin_works(zygote: Zygote, name: str) -> None:
    source, expected = TWINS[name]
    assert zygote.run(PRELUDE + source).value == expected
