"""`grep_files`."""

import os
import re
import subprocess
import sys
import threading
import time
from random import Random

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.errors import CallError, DeniedError
from harness.tools.builtin import grep_files
from harness.tools.builtin.line_pattern import LinePattern

SOURCE = "import os\n\ndef main():\n    return os.name\n"


def places(found):
    return [(match["path"], match["line"], match["column"]) for match in found["matches"]]


async def test_a_match_has_place_text_and_context(call, fill):
    fill({"src/a.py": SOURCE})
    assert await call("grep_files", pattern=r"def \w+", context=1) == {
        "matches": [
            {
                "path": "src/a.py",
                "line": 3,
                "column": 1,
                "text": "def main():",
                "before": [""],
                "after": ["    return os.name"],
            }
        ],
        "files_searched": 1,
        "files_matched": 1,
        "skipped": {"binary": 0, "large": 0, "unreadable": 0},
        "truncated": False,
    }


async def test_files_come_in_order_and_each_line_once(call, fill):
    fill({"b": "xx x\ny\nx\n", "a/c": "x", "a.txt": "no\r\nxyx\r\n"})
    assert places(await call("grep_files", pattern="x")) == [("a/c", 1, 1), ("a.txt", 2, 1), ("b", 1, 1), ("b", 3, 1)]


async def test_a_single_file_can_be_searched_even_if_it_is_ignored(call, fill):
    fill({".gitignore": "*.log", "a.log": "x\n"})
    assert places(await call("grep_files", pattern="x", path="a.log")) == [("a.log", 1, 1)]
    assert places(await call("grep_files", pattern="^x")) == []
    assert places(await call("grep_files", pattern="^x", gitignore=False)) == [("a.log", 1, 1)]


async def test_include_takes_a_glob(call, fill):
    fill({"a.py": "x", "b.md": "x", "src/c.py": "x", "src/d/e.py": "x"})
    assert [path for path, _, _ in places(await call("grep_files", pattern="x", include="*.py"))] == [
        "a.py",
        "src/c.py",
        "src/d/e.py",
    ]
    found = await call("grep_files", pattern="x", include="src/*.py")
    assert [path for path, _, _ in places(found)] == ["src/c.py"]
    with pytest.raises(CallError):
        await call("grep_files", pattern="x", include="[a")


async def test_case_and_literal_text(call, fill):
    fill({"a": "Price (EUR)\nprice\n"})
    assert places(await call("grep_files", pattern="PRICE", ignore_case=True)) == [("a", 1, 1), ("a", 2, 1)]
    assert places(await call("grep_files", pattern="(EUR)", literal=True)) == [("a", 1, 7)]


async def test_columns_count_characters(call, fill):
    fill({"a": "héé→x\n"})
    assert places(await call("grep_files", pattern="x")) == [("a", 1, 5)]


@pytest.mark.parametrize("pattern", ["^b$", r"\Ab\z", "(?-m)^b$", r"^b\b", "b"])
async def test_anchors_are_those_of_the_line(call, fill, pattern):
    fill({"a": "a\nb\nc\n", "crlf": "a\r\nb\r\nc\r\n"})
    assert places(await call("grep_files", pattern=pattern)) == [("a", 2, 1), ("crlf", 2, 1)]


async def test_a_pattern_does_not_reach_over_lines(call, fill):
    fill({"a": "one\ntwo\n"})
    for pattern in (r"one\s+two", "(?s)one.two", r"e[^x]t", "one$\n^two"):
        assert places(await call("grep_files", pattern=pattern)) == []


async def test_binary_large_and_secret_files_are_left_out(call, fill, monkeypatch):
    monkeypatch.setattr(grep_files, "MAX_FILE_BYTES", 1000)
    fill(
        {
            "bin": b"x\0",
            "big": "x" * 1001,
            "fits": "x" * 1000,
            ".env": "x",
            ".ssh/a": "x",
            ".git/a": "x",
            "latin": b"x\xe9",
        }
    )
    found = await call("grep_files", pattern="x", gitignore=False)
    assert [path for path, _, _ in places(found)] == ["fits", "latin"]
    assert found["skipped"] == {"binary": 1, "large": 1, "unreadable": 0}
    with pytest.raises(DeniedError):
        await call("grep_files", pattern="x", path=".env")


async def test_matches_are_bounded(call, fill):
    fill({"a": "x\n" * 50, "b": "x\n"})
    found = await call("grep_files", pattern="x", max_matches=10)
    assert (len(found["matches"]), found["truncated"]) == (10, True)
    assert not (await call("grep_files", pattern="x", max_matches=51))["truncated"]


async def test_the_text_of_all_matches_is_bounded(call, fill):
    fill({"a": ("x" * 499 + "\n") * 5000})
    found = await call("grep_files", pattern="x", max_matches=2000, context=10)
    assert found["truncated"]
    assert sum(len(str(match)) for match in found["matches"]) < 300_000


async def test_a_long_line_is_cut_around_its_match(call, fill):
    fill({"a": "a" * 100_000 + "needle" + "b" * 100_000})
    (match,) = (await call("grep_files", pattern="needle"))["matches"]
    assert match["column"] == 100_001
    assert "needle" in match["text"]
    assert len(match["text"]) == grep_files.MAX_LINE_CHARACTERS + 2


async def test_lines_around_block_edges_are_all_found(call, fill, monkeypatch):
    monkeypatch.setattr(grep_files, "_BLOCK", 16)
    lines = ["", "x" * 40, "ab", "", "y" * 16, "x", "z" * 15, "x" * 17, "", ""]
    fill({"a": "\n".join(lines)})
    found = places(await call("grep_files", pattern="x"))
    assert found == [("a", number, 1) for number, line in enumerate(lines, 1) if "x" in line]


@pytest.mark.parametrize(
    ("pattern", "position", "hint"),
    [
        ("ab(c", 1, "RE2"),
        ("a(?=b)", 2, "look-ahead"),
        ("(?<!a)b", 1, "look-behind"),
        (r"(a)\1", 4, "back-references"),
        ("x[z-a]", 3, "RE2"),
        ("a**", 2, "RE2"),
        (r"end\Z", 4, r"\z"),
        ("a{5000}", 2, "RE2"),
    ],
)
async def test_an_invalid_pattern_is_refused_with_its_position(call, pattern, position, hint):
    with pytest.raises(CallError) as caught:
        await call("grep_files", pattern=pattern)
    error = caught.value
    assert (error.code, error.details["position"]) == ("tool.invalid_arguments", position)
    assert hint in error.hint


@pytest.mark.parametrize("pattern", ["x" * 1001, "(?:a{100}){10}" * 70, r"\pL{999}" * 30, "((((a{9}){9}){9}){9}){9}"])
async def test_a_pattern_that_is_too_large_is_refused_soon(call, pattern):
    started = time.monotonic()
    with pytest.raises(CallError) as caught:
        await call("grep_files", pattern=pattern)
    assert caught.value.code == "tool.invalid_arguments"
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(.*)*x", "(a|a?)+b", "(x+x+)+y", "^(a+){20}$"])
async def test_patterns_that_make_others_backtrack_end_soon(call, fill, pattern):
    fill({"a": "a" * 100_000 + "!\n", "b": "x" * 100_000})
    started = time.monotonic()
    await call("grep_files", pattern=pattern)
    assert time.monotonic() - started < 5


SLOW = "(?:[ab]*a[ab]{900}c|a.{900}c)"
"""Among the slowest patterns that are accepted: about half a second for each 32 KiB of random text."""


@pytest.fixture
def slow(fill):
    random = Random(1)
    fill({f"f{number}": "".join(random.choice("ab") for _ in range(1_000_000)) for number in range(2)})


@pytest.mark.usefixtures("slow")
async def test_a_slow_search_ends_at_its_budget(call, monkeypatch):
    monkeypatch.setattr(grep_files, "_BUDGET_S", 0.2)
    started = time.monotonic()
    found = await call("grep_files", pattern=SLOW)
    assert found["truncated"]
    assert time.monotonic() - started < 5


@pytest.mark.usefixtures("slow")
async def test_a_cancelled_search_lets_go_at_once_and_its_thread_ends_soon(call):
    threads = threading.active_count()
    started = time.monotonic()
    with anyio.move_on_after(0.1) as scope:
        await call("grep_files", pattern=SLOW)
    assert scope.cancelled_caught
    assert time.monotonic() - started < 1
    with anyio.fail_after(10):
        while _busy():  # noqa: ASYNC110  # a thread of the pool ends without telling anybody
            await anyio.sleep(0.05)
    assert threading.active_count() <= threads + 1  # the idle thread of the pool


def _busy() -> bool:
    return any("find_lines" in str(frame.f_code.co_name) for frame in _stacks())


def _stacks():
    for top in sys._current_frames().values():
        frame = top
        while frame is not None:
            yield frame
            frame = frame.f_back


LINES = st.lists(st.text("ab \r\xe9_-", max_size=8), max_size=8)
PARTS = [
    "a",
    "b",
    ".",
    "[^a]",
    r"\b",
    r"\B",
    "^",
    "$",
    r"\A",
    r"\z",
    "(?:a|b)",
    "a?",
    "b*",
    "(?i:A)",
    r"\s",
    r"\w+",
    "(?s:.)",
    "(?-m:^)",
]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=4).map("".join), LINES)
def test_skipping_blocks_finds_the_same_lines_as_each_line_alone(pattern, lines):
    compiled = LinePattern(pattern)
    text = "\n".join(lines).encode()
    found = {text.count(b"\n", 0, begin) for begin, _ in compiled.find_lines(text)}
    alone = {number for number, line in enumerate(text.split(b"\n")) if list(compiled.find_lines(line))}
    assert found == alone


def refusal(pattern: str) -> CallError | None:
    try:
        LinePattern(pattern)
    except CallError as error:
        return error
    return None


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_a_pattern_or_a_clear_error(pattern):
    problem = refusal(pattern)
    assert problem is None or (problem.code == "tool.invalid_arguments" and problem.hint)
    literal = LinePattern(pattern, literal=True) if max(pattern, default="") < "\ud800" else None
    if literal is not None and "\n" not in pattern:
        assert list(literal.find_lines(pattern.encode())) == [(0, 0)]


def test_the_tools_modules_are_not_needed_to_import_the_package():
    code = (
        "import harness, harness.tools.builtin, sys;"
        "print([name for name in ('re2', 'rapidfuzz', 'pathspec') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_an_unreadable_file_is_counted(call, fill):
    root = fill({"a": "x", "b": "x"})
    (root / "a").chmod(0)
    found = await call("grep_files", pattern="x")
    assert found["skipped"]["unreadable"] == (0 if os.geteuid() == 0 else 1)
    assert re.fullmatch("[ab]", found["matches"][-1]["path"])
