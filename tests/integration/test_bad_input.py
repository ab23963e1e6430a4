"""Whatever is handed in as a script ends in a clear error or runs; the host never dies and never hangs."""

from collections.abc import AsyncIterator

import pytest

from harness import Harness
from policy.limits import Limits


@pytest.fixture(scope="module")
async def harness() -> AsyncIterator[Harness]:
    async with Harness(limits=Limits(wall_time_s=5)) as opened:
        yield opened


LONGEST_ERRORS = {
    "surrogates": "def f(n):\n    if n: f(n - 1)\n    else: raise ExceptionGroup('\\udc80' * 2000, [ValueError('\\udc80' * 2000) for _ in range(30)])\nf(20)",
    "control characters": "def f(n):\n    if n: f(n - 1)\n    else: raise ExceptionGroup('\\x01' * 2000, [ValueError('\\x01' * 2000) for _ in range(30)])\nf(20)",
    "characters of four bytes": "def f(n):\n    if n: f(n - 1)  # "
    + "\N{GRINNING FACE}" * 600
    + "\n    else: raise ExceptionGroup('\\U0001f600' * 2000, [ValueError('\\U0001f600' * 2000) for _ in range(30)])\nf(20)",
    "a tool's error": "e = ToolError('\\udc80' * 5000)\ne.code, e.hint = 'tool.failed', '\\udc80' * 5000\ne.details = {str(i): 'x' * 1000 for i in range(60)}\nraise e",
}


@pytest.mark.parametrize("name", LONGEST_ERRORS)
async def test_the_longest_error_of_a_script_is_no_fault_of_its_worker(harness: Harness, name: str) -> None:
    """The host caps what a worker says of an error; no script may run into that."""
    outcome = await harness.run(LONGEST_ERRORS[name])
    assert outcome.error is not None
    assert outcome.error.code in ("script.runtime", "tool.failed")
    assert len(outcome.error.message) >= 2000


REFUSED: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "script.syntax"),
    "white space": (" \n\t\n", "script.syntax"),
    "only a comment": ("# nothing", "script.syntax"),
    "huge": ("x = 1\n" * 100_000, "script.too_large"),
    "one huge line": ("x = '" + "a" * 70_000 + "'", "script.too_large"),
    "many bytes in few characters": ("x = '" + "\N{GRINNING FACE}" * 20_000 + "'", "script.too_large"),
    "deeply nested parentheses": ("x = " + "(" * 5000 + ")" * 5000, "script.syntax"),
    "deeply nested lists": ("x = " + "[" * 250 + "]" * 250, "script.syntax"),
    "deeply nested blocks": ("".join(" " * i + "if 1:\n" for i in range(150)) + " " * 150 + "pass", "script.syntax"),
    "deeply nested functions": (
        "".join("  " * i + "def f():\n" for i in range(120)) + "  " * 120 + "pass",
        "script.syntax",
    ),
    "a sum of 10,000 terms": ("x = " + "+".join(["1"] * 10_000), "script.syntax"),
    "a chain of 10,000 attributes": ("x = a" + ".b" * 10_000, "script.syntax"),
    "a chain of 5,000 calls": ("x = f" + "()" * 5000, "script.syntax"),
    "binary": (bytes(range(256)), "script.syntax"),
    "UTF-16": ("x = 1".encode("utf-16"), "script.syntax"),
    "a null byte": ("x = 1\0", "script.syntax"),
    "a null byte in bytes": (b"x = '\0'", "script.syntax"),
    "a lone surrogate": ("x = '\ud800'", "script.syntax"),
    "mixed tabs and spaces": ("if 1:\n\tx = 1\n        y = 2", "script.syntax"),
    "unfinished string": ("x = 'abc", "script.syntax"),
    "unfinished bracket": ("x = (1,", "script.syntax"),
    "bad indentation": ("if 1:\nx = 1", "script.syntax"),
    "a wrong character": ("x = 1 €", "script.syntax"),
    "an encoding that is not there": ("# -*- coding: nonsense -*-\nx = 1 +", "script.syntax"),
    "a huge integer literal": ("x = " + "9" * 20_000, "script.syntax"),
    "print as a statement": ("print 'hello'", "script.syntax"),
    "JavaScript": ("const x = await tools.f({a: 1});", "script.syntax"),
    "prose": ("I would read the file first.", "script.syntax"),
    "a break outside a loop": ("break", "script.syntax"),
    "nonlocal at the top": ("nonlocal x", "script.syntax"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_bad_input_is_refused_with_a_place(harness: Harness, name: str) -> None:
    source, code = REFUSED[name]
    outcome = await harness.run(source)
    assert outcome.error is not None
    assert outcome.error.code == code, outcome.error
    assert outcome.error.location is not None
    assert outcome.error.location.line >= 1
    assert outcome.error.location.column >= 1
    assert outcome.diagnostics
    assert len(str(outcome.error)) < 2000


ACCEPTED: dict[str, str | bytes] = {
    "a byte order mark": "\ufeffreturn 1",
    "a byte order mark in bytes": b"\xef\xbb\xbfreturn 1",
    "CRLF": "x = 1\r\nif x:\r\n    return x\r\n",
    "CR": "x = 1\rreturn x",
    "tabs": "if True:\n\treturn 1",
    "form feeds": "\x0cx = 1\n\x0creturn x",
    "trailing white space": "return 1   \n\n\n   ",
    "umlauts": "größe = 1\nreturn größe",
    "a long line": "x = " + "1 + " * 50 + "1\nreturn 1 if x == 51 else 0",
    "bytes": b"return 1",
    "semicolons": "x = 1; return x",
    "a wide unicode string": "return len('\N{GRINNING FACE}')",
}


@pytest.mark.parametrize("name", ACCEPTED)
async def test_odd_but_good_input_runs(harness: Harness, name: str) -> None:
    outcome = await harness.run(ACCEPTED[name])
    assert outcome.ok, outcome.error
    assert outcome.value == 1


async def test_columns_count_characters(harness: Harness) -> None:
    outcome = await harness.run("x = 'äöü\N{GRINNING FACE}' + open('x')")
    (found,) = outcome.diagnostics
    assert found.excerpt[found.column - 1 : found.end_column - 1] == "open"


async def test_a_run_time_error_shows_its_line(harness: Harness) -> None:
    outcome = await harness.run("x = 0\r\ny = 1 / x")
    assert outcome.error is not None
    assert str(outcome.error).splitlines()[:2] == [
        "line 2: script.runtime: ZeroDivisionError: division by zero",
        "y = 1 / x",
    ]
