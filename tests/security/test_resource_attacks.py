"""Attacks on time and memory: each ends at a limit, within wall time + 1 s and a tenth over the memory cap."""

import time
from collections.abc import AsyncIterator

import pytest

from harness import Harness, tool
from policy.limits import Limits

WALL_S = 2.0
ENDS = {
    "limit.wall_time",
    "limit.cpu_time",
    "limit.steps",
    "limit.memory",
    "limit.recursion",
    "limit.return_value",
    "limit.arguments",
    "script.runtime",
    "script.unserializable",
}

ATTACKS = {
    "infinite loop": "while True:\n    pass",
    "swallowing handlers": "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        continue",
    "swallowing finally": "def f():\n    while True:\n        try:\n            return\n        finally:\n            f()\nf()",
    "a loop that eats MemoryError": "x = []\nwhile True:\n    try:\n        x.append(bytearray(10**7))\n    except MemoryError:\n        pass",
    "a loop that eats RecursionError": "def f():\n    try:\n        f()\n    except RecursionError:\n        f()\nwhile True:\n    f()",
    "big power": "x = 10 ** 10 ** 7\nreturn str(x)[:10]",
    "bigger power": "x = 10 ** 10 ** 9",
    "shift": "x = 1 << 10 ** 10",
    "string doubling": "x = 'a'\nwhile True:\n    x += x",
    "list doubling": "x = [1]\nwhile True:\n    x = x + x",
    "tuple multiplication": "x = (1,) * 10 ** 10",
    "string multiplication": "x = 'ab' * 10 ** 10",
    "dict growth": "x = {}\nwhile True:\n    x[len(x)] = 'x' * 100",
    "set growth": "x = set()\nfor i in range(10 ** 9):\n    x.add(str(i) * 10)",
    "generator pile": "x = []\nwhile True:\n    x.append(i for i in range(10))",
    "closure pile": "x = None\nwhile True:\n    x = (lambda y: lambda: y)(x)",
    "exception pile": "x = []\nwhile True:\n    try:\n        1 / 0\n    except ZeroDivisionError as e:\n        x.append(e)",
    "class pile": "x = []\nwhile True:\n    class C:\n        pass\n    x.append(C)",
    "string join": "','.join(['x' * 10 ** 6] * 10 ** 5)",
    "replace": "('a' * 10 ** 6).replace('a', 'b' * 10 ** 4)",
    "translate": "('a' * 10 ** 6).translate({97: 'b' * 10 ** 4})",
    "expandtabs": "('\\t' * 10 ** 5).expandtabs(10 ** 6)",
    "center": "'a'.center(10 ** 10)",
    "zfill": "'1'.zfill(10 ** 10)",
    "giant format width": "'{:>10000000000}'.format('x')",
    "giant f-string width": "w = 10 ** 10\nreturn f'{1:>{w}}'",
    "giant percent width": "'%1000000000d' % 1",
    "giant precision": "'%.1000000000f' % 1.5",
    "giant bytes": "bytes(10 ** 10)",
    "giant range list": "list(range(10 ** 9))",
    "giant comprehension": "[i for i in range(10 ** 12)]",
    "giant sum": "sum(range(10 ** 12))",
    "giant max": "max(range(10 ** 12))",
    "endless iterator in C": "import itertools\nsum(itertools.repeat(1))",
    "endless cycle to list": "import itertools\nlist(itertools.cycle([1, 2]))",
    "endless count in any": "import itertools\nany(x < 0 for x in itertools.count())",
    "product": "import itertools\nlist(itertools.product(range(1000), repeat=5))",
    "permutations": "import itertools\nsum(1 for _ in itertools.permutations(range(20)))",
    "deque": "import collections, itertools\ncollections.deque(itertools.count(), maxlen=1)",
    "counter": "import collections, itertools\ncollections.Counter(itertools.count())",
    "regex backtracking": "import re\nre.match('(a+)+$', 'a' * 60 + '!')",
    "regex backtracking with findall": "import re\nre.findall('(x+x+)+y', 'x' * 60)",
    "regex repeat": "import re\nre.match('(?:a?){60}a{60}', 'a' * 60)",
    "deep recursion": "def f():\n    f()\nf()",
    "mutual recursion": "def f():\n    g()\ndef g():\n    f()\nf()",
    "recursion through repr": "class A:\n    def __repr__(self):\n        return repr(self)\nrepr(A())",
    "recursion through equality": "class A:\n    def __eq__(self, other):\n        return self == other\nA() == A()",
    "recursion through getitem": "class A:\n    def __getitem__(self, i):\n        return self[i]\nA()[0]",
    "recursion through async": "async def f():\n    await f()\nawait f()",
    "deep nesting compared": "a, b = [], []\nfor _ in range(10 ** 5):\n    a, b = [a], [b]\na == b",
    "deep nesting printed": "a = []\nfor _ in range(10 ** 5):\n    a = [a]\nprint(a)",
    "deep nesting copied": "import copy\na = []\nfor _ in range(10 ** 5):\n    a = [a]\ncopy.deepcopy(a)",
    "deep nesting returned": "a = []\nfor _ in range(10 ** 5):\n    a = [a]\nreturn a",
    "deep nesting as json": "import json\na = []\nfor _ in range(10 ** 5):\n    a = [a]\njson.dumps(a)",
    "deep json": "import json\njson.loads('[' * 10 ** 6)",
    "nested sharing returned": "a = ['x'] * 10\nfor _ in range(50):\n    a = [a] * 10\nreturn a",
    "nested sharing as argument": "a = ['x'] * 10\nfor _ in range(50):\n    a = [a] * 10\nawait tools.echo(value=a)",
    "nested sharing printed": "a = ['x'] * 10\nfor _ in range(50):\n    a = [a] * 10\nprint(a)",
    "nested sharing as json": "import json\na = ['x'] * 10\nfor _ in range(50):\n    a = [a] * 10\njson.dumps(a)",
    "nested sharing compared": "a, b = [1], [1]\nfor _ in range(60):\n    a, b = [a, a], [b, b]\na == b",
    "nested sharing hashed": "a = (1,)\nfor _ in range(60):\n    a = (a, a)\nhash(a)",
    "sort with a hostile key": "sorted(range(10 ** 6), key=lambda x: sum(range(10 ** 6)))",
    "sort with hostile comparison": "class A:\n    def __lt__(self, o):\n        while True:\n            pass\nsorted([A(), A()])",
    "hostile hash": "class A:\n    def __hash__(self):\n        return sum(range(10 ** 12))\n{A(): 1}",
    "hostile equality": "class A:\n    def __hash__(self):\n        return 1\n    def __eq__(self, o):\n        return sum(range(10 ** 6)) < 0\nx = {A(): i for i in range(10 ** 4)}",
    "hostile length": "class A:\n    def __len__(self):\n        return sum(range(10 ** 12))\nlen(A())",
    "hostile bool": "class A:\n    def __bool__(self):\n        while True:\n            pass\nif A():\n    pass",
    "hostile iteration": "class A:\n    def __iter__(self):\n        return self\n    def __next__(self):\n        return 1\nlist(A())",
    "hostile str in print": "class A:\n    def __str__(self):\n        return 'x' * 10 ** 10\nprint(A())",
    "big integer to string": "x = 10 ** (10 ** 6)\nreturn str(x)",
    "big integer parsed": "int('9' * 10 ** 7)",
    "big integer product": "x = 3 ** (10 ** 6)\nwhile True:\n    x = x * x",
    "factorial": "import math\nmath.factorial(10 ** 7)",
    "combinations count": "import math\nmath.comb(10 ** 7, 5 * 10 ** 6)",
    "decimal power": "from decimal import Decimal, getcontext\ngetcontext().prec = 10 ** 8\nDecimal(3) ** (10 ** 8)",
    "fraction growth": "from fractions import Fraction\nx = Fraction(1, 3)\nwhile True:\n    x = x * x + 1",
    "text wrap": "import textwrap\ntextwrap.wrap('a ' * 10 ** 7)",
    "difflib": "import difflib\ndifflib.SequenceMatcher(None, 'ab' * 5000, 'ba' * 5000).ratio()\ndifflib.ndiff(['x' * 3000] * 300, ['y' * 3000] * 300)\nreturn list(difflib.ndiff([str(i) * 50 for i in range(2000)], [str(i) * 51 for i in range(2000)]))[:1] * 10 ** 9",
    "printing without end": "while True:\n    print('x' * 1000)",
    "progress without end": "while True:\n    progress('x' * 1000)",
    "task pile": "import asyncio\nwhile True:\n    asyncio.create_task(asyncio.sleep(1000))",
    "gather pile": "import asyncio\nawait asyncio.gather(*[asyncio.sleep(1000) for _ in range(10 ** 6)])",
    "sleeping without end": "import asyncio\nawait asyncio.sleep(10 ** 9)",
    "sleep zero without end": "import asyncio\nwhile True:\n    await asyncio.sleep(0)",
    "cancellation swallowed": "import asyncio\nasync def f():\n    while True:\n        try:\n            await asyncio.sleep(1000)\n        except BaseException:\n            pass\nt = asyncio.create_task(f())\nawait asyncio.sleep(0)\nt.cancel()\nawait t",
}


@tool
async def echo(value: object) -> object:
    """Give it back."""
    return value


@pytest.fixture
async def harness() -> AsyncIterator[Harness]:
    async with Harness([echo], limits=Limits(wall_time_s=WALL_S, cpu_time_s=1.0)) as opened:
        yield opened


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.parametrize("name", ATTACKS)
async def test_an_attack_ends_at_a_limit(harness: Harness, name: str) -> None:
    began = time.monotonic()
    outcome = await harness.run(ATTACKS[name])
    took = time.monotonic() - began
    assert outcome.error is not None, str(outcome.value)[:200]
    assert outcome.error.code in ENDS, outcome.error
    assert took < WALL_S + 1
    assert outcome.usage.peak_memory_bytes <= 1.1 * harness.limits.memory_bytes
    assert (await harness.run("return 1")).value == 1
