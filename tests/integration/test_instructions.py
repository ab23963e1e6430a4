"""What a model is told is true: every line of the rules is run as a script.

`CLAIMS` pairs words of the rules with a script and what must come of it. The words must stand in the rules, and every line
of the rules must have such words, so that neither a change of the language nor one of the text goes unnoticed.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

import anyio
import pytest

from harness import Deny, Harness, Limits, tool
from harness.detect import ScriptSegment, detect
from harness.testing import ScriptedApprover

LIMITS: Final = Limits(
    wall_time_s=4,
    cpu_time_s=2,
    steps=50_000,
    memory_bytes=64 * 1024**2,
    recursion=150,
    source_bytes=8192,
    tool_calls=12,
    concurrent_calls=3,
    argument_bytes=2048,
    result_bytes=4096,
    return_bytes=3000,
    output_bytes=1024,
)


@dataclass
class Overlap:
    """Counts calls that run at once."""

    now: int = 0
    most: int = 0


OVERLAP: Final = Overlap()


@tool
async def note(key: str = "", count: int = 1) -> dict[str, Any]:
    """Return a record."""
    return {"key": key, "count": count, "items": ["an item"], "inner": {"flag": True}}


@tool
async def meet() -> int:
    """Stay until others have come too."""
    OVERLAP.now += 1
    OVERLAP.most = max(OVERLAP.most, OVERLAP.now)
    await anyio.sleep(0.05)
    OVERLAP.now -= 1
    return OVERLAP.most


@tool
async def broken() -> None:
    """Fail."""
    raise ValueError("no luck")


@tool
async def slow() -> None:
    """Take too long."""
    raise TimeoutError("too slow")


@tool(risk="write", approval="always")
async def send(to: str) -> str:
    """Send a message."""
    return to


@tool
async def text(size: int) -> str:
    """Return a long text."""
    return "x" * size


@tool
async def numbers(size: int) -> list[int]:
    """Return a long list."""
    return [1] * size


TOOLS: Final = [note, meet, broken, slow, send, text, numbers]


@pytest.fixture
async def harness() -> AsyncIterator[Harness]:
    async with Harness(
        TOOLS, limits=LIMITS, approver=ScriptedApprover({"*": Deny("not today")}), pool_size=1
    ) as opened:
        yield opened


@dataclass(frozen=True, slots=True)
class Claim:
    """Words of the rules, a script, and its value or the code of its error. `calls` is how many calls it makes."""

    said: str
    script: str
    value: object = None
    code: str | None = None
    calls: int | None = None

    def __str__(self) -> str:
        return self.said[:50]


CAUGHT = "try:\n    await tools.{}\nexcept {} as error:\n    return [error.code, error.retryable]"
CLAIMS: Final = (
    Claim("`await` and `return` stand at its top level", "return (await tools.note()).count", 1),
    Claim(
        "functions, classes, comprehensions, f-strings, `try`, `with` and `match`",
        "from contextlib import nullcontext\n"
        "class Box:\n    def __init__(self, n): self._n = n\n    def get(self): return self._n\n"
        "def f(n):\n    match n:\n        case 1: return 'one'\n        case _: return f'{n}!'\n"
        "with nullcontext():\n    try:\n        1 / 0\n    except ZeroDivisionError:\n        pass\n"
        "return [f(Box(n).get()) for n in (1, 2)]",
        ["one", "2!"],
    ),
    Claim("`await tools.NAME(key=value)` calls a tool", "return (await tools.note(key='a')).key", "a", calls=1),
    Claim("What is not awaited does not run", "calls = [tools.broken()]\nreturn 'done'", "done", calls=0),
    Claim(
        "`a, b = await asyncio.gather(tools.x(), tools.y())`",
        "import asyncio\na, b = await asyncio.gather(tools.meet(), tools.meet())\nreturn max(a, b) > 1",
        True,
    ),
    Claim(
        "dicts, lists, strings, numbers, True, False, None",
        "r = await tools.note()\nreturn [type(r.items) is list or type(r['items']) is list, r.inner.flag]",
        [True, True],
    ),
    Claim(
        '`result.key` is `result["key"]`',
        "r = await tools.note(key='k')\nreturn [r.key, r['key'], r.inner.flag]",
        ["k", "k", True],
    ),
    Claim(
        'brackets for keys like "items"',
        "r = await tools.note()\nreturn [callable(r.items), r['items']]",
        [True, ["an item"]],
    ),
    Claim("The value of a script is what it returns", "return 3\n4", 3),
    Claim("without `return`, its last expression", "x = 1\nx + 1", 2),
    Claim("It must be plain data too", "class A: pass\nreturn A()", code="script.unserializable"),
    Claim(
        "tuples and sets become lists, dates become strings",
        "import datetime\nreturn [(1, 2), {3}, datetime.date(2026, 1, 2)]",
        [[1, 2], [3], "2026-01-02"],
    ),
    Claim(
        "filter, count and join in the script",
        "found = (await tools.numbers(size=100))[:3]\nreturn {'sum': sum(found), 'all': len(found)}",
        {"sum": 3, "all": 3},
    ),
    Claim("`print(...)` goes to a log, not into the value", "print('seen')\nreturn 1", 1),
    Claim("no `open`, `input`, `eval`, `exec` or `globals`", "open('a')", code="script.forbidden_name"),
    Claim("no `open`, `input`, `eval`, `exec` or `globals`", "input()", code="script.forbidden_name"),
    Claim("no `open`, `input`, `eval`, `exec` or `globals`", "eval('1')", code="script.forbidden_name"),
    Claim("no `open`, `input`, `eval`, `exec` or `globals`", "exec('1')", code="script.forbidden_name"),
    Claim("no `open`, `input`, `eval`, `exec` or `globals`", "globals()", code="script.forbidden_name"),
    Claim("no `os`, `sys` or `subprocess`", "import os, sys, subprocess", code="script.forbidden_import"),
    Claim("no name with two underscores on both sides", "x = __builtins__", code="script.forbidden_name"),
    Claim("no name with two underscores on both sides", "return (1).__subclasses__", code="script.forbidden_attribute"),
    Claim(
        "but `__name__` and the methods of your own classes",
        "class A:\n    def __len__(self): return 2\nreturn [__name__, len(A())]",
        ["__main__", 2],
    ),
    Claim(
        "no attribute that begins with an underscore", "import json\nreturn json._x", code="script.forbidden_attribute"
    ),
    Claim(
        "but those of your own objects",
        "class A:\n    def __init__(self): self._x = 5\nreturn A()._x",
        5,
    ),
    Claim(
        "The whole script is checked before anything of it runs",
        "await tools.note()\nawait tools.not_there()",
        code="tool.not_found",
        calls=0,
    ),
    Claim(
        "tools and their arguments",
        "await tools.note()\nawait tools.note(count='x')",
        code="tool.invalid_arguments",
        calls=0,
    ),
    Claim("A tool that fails raises `ToolError`", CAUGHT.format("broken()", "ToolError"), ["tool.failed", False]),
    Claim(
        "`ToolDenied` (policy or a person said no)",
        CAUGHT.format("send(to='a')", "ToolDenied"),
        ["approval.denied", False],
    ),
    Claim(
        "`ToolInvalidArguments`",
        "n = 'x'\n" + CAUGHT.format("note(count=n)", "ToolInvalidArguments"),
        ["tool.invalid_arguments", False],
    ),
    Claim(
        "`ToolNotFound`",
        "return [issubclass(each, ToolError) for each in (ToolDenied, ToolInvalidArguments, ToolNotFound, ToolTimeout)]",
        [True] * 4,
    ),
    Claim("`.retryable`: the same call may succeed", CAUGHT.format("slow()", "ToolTimeout"), ["tool.timeout", True]),
    Claim(
        "`.code`, `.message`, `.hint`, `.details`",
        "try:\n    await tools.broken()\nexcept ToolError as error:\n    return [error.code, error.message, error.hint, error.details['exception']]",
        ["tool.failed", "tools.broken failed: ValueError: no luck", None, "ValueError"],
    ),
    Claim(
        '`except ToolError as error: return {"failed": error.message}`',
        'try:\n    await tools.broken()\nexcept ToolError as error: return {"failed": error.message}',
        {"failed": "tools.broken failed: ValueError: no luck"},
    ),
    Claim(
        "`asyncio.gather(..., return_exceptions=True)` gives errors among the results",
        "import asyncio\na, b = await asyncio.gather(tools.broken(), tools.note(), return_exceptions=True)\nreturn [a.code, b.count]",
        ["tool.failed", 1],
    ),
    Claim(
        "An exception that nobody catches ends the script",
        "x = 1\n1 / 0\nawait tools.note()",
        code="script.runtime",
        calls=0,
    ),
    Claim("Calls that had finished stay done", "await tools.note()\nawait tools.broken()", code="tool.failed", calls=2),
    Claim(
        "A denial raises `ToolDenied` with the reason in `.message`",
        "try:\n    await tools.send(to='a')\nexcept ToolDenied as error:\n    return error.message",
        "tools.send was denied: not today",
    ),
    Claim("4 s", "import asyncio\nawait asyncio.sleep(60)", code="limit.wall_time"),
    Claim("50,000 loop steps", "for n in range(60_000): pass", code="limit.steps"),
    Claim("50,000 loop steps", "for n in range(40_000): pass\nreturn n", 39_999),
    Claim("64 MiB of memory", "x = [bytearray(8 * 2**20) for n in range(20)]", code="limit.memory"),
    Claim("start 12 calls of tools", "for n in range(13): await tools.note()", code="limit.tool_calls"),
    Claim(
        "of which 3 run at once",
        "import asyncio\nreturn max(await asyncio.gather(*[tools.meet() for n in range(9)]))",
        3,
    ),
    Claim("nest its calls 150 deep", "def f(n): return f(n + 1)\nf(0)", code="limit.recursion"),
    Claim("A script has at most 8 KiB", "#" * 8200, code="script.too_large"),
    Claim("its value 3,000 bytes of JSON", "return 'x' * 3000", code="limit.return_value"),
    Claim("its prints 1 KiB", "print('x' * 5000)\nreturn 1", 1),
    Claim("one call's arguments 2 KiB", "await tools.note(key='x' * 3000)", code="limit.arguments"),
    Claim("its result 4 KiB: longer text is cut", "return len(await tools.text(size=9000)) < 4200", True),
    Claim("other data is an error", CAUGHT.format("numbers(size=5000)", "ToolError"), ["tool.result_too_large", False]),
    Claim(
        "A script cannot catch the end of its time, steps or calls",
        "try:\n    for n in range(60_000): pass\nexcept BaseException:\n    return 'caught'",
        code="limit.steps",
    ),
    Claim(
        "`.limits`, `.remaining_tool_calls`, `.tools`",
        "await tools.note()\nreturn [context.limits.steps, context.remaining_tool_calls, context.tools[0], context.model]",
        [50_000, 11, "note", None],
    ),
    Claim("`context` can be read", "context.model = 'x'", code="script.runtime"),
    Claim('`progress("message")` tells whoever watches', "progress('half')\nreturn 1", 1),
)


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.parametrize("claim", CLAIMS, ids=str)
async def test_a_rule_says_what_the_language_does(harness: Harness, claim: Claim) -> None:
    OVERLAP.now = OVERLAP.most = 0
    assert claim.said in harness.instructions()
    outcome = await harness.run(claim.script)
    assert (None if outcome.error is None else outcome.error.code) == claim.code, str(outcome.error)
    assert outcome.value == claim.value
    assert claim.calls is None or len(outcome.calls) == claim.calls


BY_THEMSELVES: Final = (
    "Nothing is left of one script for the next",
    "These modules can be imported, and no others",
    "A call may wait for a person",
)
"""Rules whose tests need more than one script; they follow below."""


def test_every_rule_is_tested() -> None:
    rules = [line for line in Harness(TOOLS, limits=LIMITS).instructions().splitlines() if line.startswith("- ")]
    assert len(rules) > 15
    told = [*(claim.said for claim in CLAIMS), *BY_THEMSELVES]
    assert [rule for rule in rules if not any(said in rule for said in told)] == []


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_every_module_that_is_named_can_be_imported_and_nothing_is_left_for_the_next_script(
    harness: Harness,
) -> None:
    line = re.search(r"^- These modules can be imported, .*: (.*)\.$", harness.instructions(), re.MULTILINE)
    assert line is not None
    modules = line[1].split(", ")
    assert {"asyncio", "json", "collections.abc", "urllib.parse"} < set(modules)
    first = await harness.run("\n".join(f"import {module}" for module in modules) + "\nleft = 1\nreturn left")
    assert first.value == 1, str(first.error)
    second = await harness.run("return left")
    assert second.error is not None
    assert "left" in second.error.message
    third = await harness.run("return json.dumps(1)")
    assert third.error is not None


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_what_is_printed_and_what_is_wrong_come_back_as_told(harness: Harness) -> None:
    """The log is beside the value; every finding is told at once; an exception has its line."""
    printed = await harness.run("print('x' * 5000)\nreturn 1")
    assert printed.value == 1
    assert 1000 < len(printed.logs) < 1200
    refused = await harness.run("import os\nawait tools.nothing()\neval('1')")
    assert len(refused.diagnostics) == 3
    assert refused.calls == ()
    failed = await harness.run("x = 1\n1 / 0")
    assert failed.error is not None
    assert failed.error.location is not None
    assert failed.error.location.line == 2


async def test_time_that_a_person_takes_does_not_count() -> None:
    class Slow:
        async def decide(self, requests: Any) -> Any:
            await anyio.sleep(1.2)
            return [Deny("late") for _ in requests]

    async with Harness(TOOLS, limits={"wall_time_s": 1}, approver=Slow(), pool_size=1) as harness:
        outcome = await harness.run(
            "try:\n    await tools.send(to='a')\nexcept ToolDenied as error:\n    return error.message"
        )
        assert outcome.value == "tools.send was denied: late"


STRICT = ("import math\nreturn 1", "script.forbidden_import"), ("return sum(n * n for n in range(4))", None)


@pytest.mark.parametrize(("script", "code"), STRICT)
async def test_without_imports_the_rules_say_so(script: str, code: str | None) -> None:
    async with Harness(TOOLS, language="strict", pool_size=1) as harness:
        told = harness.instructions()
        assert "- There are no imports." in told
        assert "These modules can be imported" not in told
        outcome = await harness.run(script)
        assert (None if outcome.error is None else outcome.error.code) == code


def test_the_example_of_the_tag_form_is_a_script_of_a_message() -> None:
    head = Harness(TOOLS).instructions(form="tags").partition("\n## ")[0]
    scripts = [segment for segment in detect(head).segments if isinstance(segment, ScriptSegment)]
    assert [script.source.strip() for script in scripts] == ['result = await tools.NAME(key="value")\nreturn result']


async def test_a_model_that_knows_names_alone_finds_out_how_a_tool_is_called() -> None:
    """The way that the shortest instructions describe."""
    told = Harness(many()).instructions(budget_tokens=2500)
    assert "`tools.search_tools`" in told
    assert "async def describe_tools(names: list[str])" in told
    assert "tool_97, " in told
    assert "async def tool_97" not in told
    async with Harness(many(), pool_size=1) as harness:
        found = await harness.run("return await tools.search_tools(query='do the seventh thing of group kappa')")
        assert found.value[0]["name"] == "tool_97"
        described = await harness.run("return (await tools.describe_tools(names=['tool_97']))[0].declaration")
        assert "async def tool_97(" in described.value


def many() -> list[Any]:
    words = ["zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"]

    groups = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"]

    def made(number: int) -> Any:
        async def handler(subject: str, amount: int = 1) -> str:
            return subject

        handler.__doc__ = f"Do the {words[number % 10]} thing of group {groups[number // 10]}."
        return tool(name=f"tool_{number}")(handler)

    return [made(number) for number in range(100)]
