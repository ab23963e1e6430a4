"""Steps are exact, and the same on every Python."""

from __future__ import annotations

import pytest

from tests.unit.policy.language.bound_guards import OutOfSteps, run

STEPS = {
    "nothing": ("x = 1", 0),
    "a loop of ten": ("for i in range(10):\n    pass", 11),
    "a while loop of ten": ("n = 0\nwhile n < 10:\n    n += 1", 11),
    "a while loop with else": ("n = 0\nwhile n < 10:\n    n += 1\nelse:\n    n = 0", 11),
    "a loop left early": ("for i in range(10):\n    if i == 2:\n        break", 3),
    "a while loop left early": ("n = 0\nwhile True:\n    n += 1\n    if n == 3:\n        break", 3),
    "continue": ("for i in range(4):\n    continue", 5),
    "a list comprehension": ("[i for i in range(10)]", 11),
    "a set comprehension": ("{i for i in range(10)}", 11),
    "a dict comprehension": ("{i: i for i in range(10)}", 11),
    "a generator expression": ("sum(i for i in range(10))", 11),
    "a generator expression, not started": ("(i for i in range(10))", 0),
    "nested comprehensions": ("[j for i in range(3) for j in range(2)]", 4 + 3 * 3),
    "a filtered comprehension": ("[i for i in range(10) if i > 8]", 11),
    "a function called twice": ("def f():\n    pass\nf()\nf()", 2),
    "a function that is not called": ("def f():\n    pass", 0),
    "a lambda": ("f = lambda: 0\nf()\nf()\nf()", 3),
    "a sort key": ("sorted([3, 1, 2], key=lambda v: v)", 3),
    "a method": ("class A:\n    def f(self):\n        return 1\nA().f()", 1),
    "a generator": ("def g():\n    yield 1\n    yield 2\nlist(g())", 1),
    "a generator, not started": ("def g():\n    yield 1\ng()", 0),
    "a loop over a generator": ("def g():\n    yield 1\n    yield 2\nfor v in g():\n    pass", 1 + 3),
    "a loop in a class body": ("class A:\n    for i in range(3):\n        pass", 4),
    "a comprehension in a class body": ("class A:\n    x = [i for i in range(3)]", 4),
    "recursion": ("def f(n):\n    return 1 if n == 0 else n * f(n - 1)\nf(5)", 6),
    "a coroutine": ("async def f():\n    return 1\nawait f()", 1),
    "an async generator": (
        (
            "async def g():\n    yield 1\n    yield 2\nasync def main():\n    async for v in g():\n"
            "        pass\nawait main()"
        ),
        1 + 1 + 3,
    ),
    "an async comprehension": (
        "async def g():\n    yield 1\n    yield 2\nr = [v async for v in g()]",
        1 + 3,
    ),
    "a loop over nothing": ("for i in []:\n    pass", 1),
    "two variables": ("for a, b in [(1, 2), (3, 4)]:\n    pass", 3),
    "loops in a try and a with": (
        (
            "try:\n    for i in range(2):\n        pass\nexcept ValueError:\n    pass\nfinally:\n"
            "    for i in range(2):\n        pass"
        ),
        6,
    ),
}


@pytest.mark.parametrize(("source", "steps"), STEPS.values(), ids=STEPS.keys())
def test_steps_are_exact(source: str, steps: int) -> None:
    ran = run(source)
    assert ran.error is None
    assert ran.steps == steps


ENDLESS = {
    "while": "while True:\n    pass",
    "while with else": "while 1:\n    pass\nelse:\n    x = 1",
    "swallowing handler": "while True:\n    try:\n        pass\n    except Exception:\n        pass",
    "for over an endless iterator": "import itertools\nfor i in itertools.count():\n    pass",
    "comprehension": "import itertools\n[i for i in itertools.count()]",
    "recursion": (
        "def f():\n    return f()\nwhile True:\n    try:\n        f()\n    except RecursionError:\n        pass"
    ),
    "generator": "def g():\n    while True:\n        yield 1\nfor v in g():\n    pass",
    "lambda": "f = lambda: 1\nwhile f():\n    pass",
    "sort key": "import itertools\nmin(itertools.count(), key=lambda v: v)",
    "class body": "class A:\n    while True:\n        x = 1",
    "goto by exception": (
        "def f():\n    while True:\n        try:\n            return 1\n        finally:\n            continue\nf()"
    ),
}


@pytest.mark.parametrize("source", ENDLESS.values(), ids=ENDLESS.keys())
def test_an_endless_script_runs_out_of_steps(source: str) -> None:
    assert isinstance(run(source, steps=5_000).error, OutOfSteps)


def test_a_loop_in_a_class_body_leaves_nothing_in_the_class() -> None:
    ran = run("class A:\n    'doc'\n    for i in range(3):\n        pass\n    while i < 5:\n        i += 1\nreturn A")
    assert [name for name in vars(ran.value) if not name.startswith("__")] == ["i"]  # type: ignore[call-overload]
    assert ran.value.__doc__ == "doc"
