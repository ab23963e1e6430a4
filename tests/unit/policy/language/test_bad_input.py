"""Whatever comes in, a report comes out: quickly, with a position inside the text."""

from __future__ import annotations

import time

import pytest

from policy.language.pipeline import check, compile_script
from policy.language.survey import MAX_DEPTH

BAD: dict[str, tuple[str | bytes, str, str]] = {
    "empty": ("", "script.syntax", "empty"),
    "blank": (" \n\t\n", "script.syntax", "empty"),
    "only a comment": ("# nothing", "script.syntax", "empty"),
    "huge": ("x" * 70_000, "script.too_large", "70000 bytes"),
    "huge bytes": (b"x" * 70_000, "script.too_large", "70000 bytes"),
    "large in bytes, not in characters": ("x='" + "é" * 40_000 + "'", "script.too_large", "80004 bytes"),
    "binary": (bytes(range(256)), "script.syntax", "not UTF-8"),
    "utf-16": ("return 1".encode("utf-16"), "script.syntax", "not UTF-8"),
    "latin-1": ("x = 'é'".encode("latin-1"), "script.syntax", "not UTF-8"),
    "null character": ("x = 1\ny\0 = 2", "script.syntax", "null character"),
    "null byte": (b"x = 1\0", "script.syntax", "null character"),
    "lone surrogate": ("x = '\ud800'", "script.syntax", "surrogate"),
    "many surrogates": ("\ud800" * 70_000, "script.too_large", "210000 bytes"),
    "mixed tabs": ("if 1:\n\tx = 1\n        y = 2", "script.syntax", "tabs"),
    "10,000 terms": ("+".join(["1"] * 10_000), "script.syntax", "nested too deeply"),
    "brackets": ("[" * 30_000 + "]" * 30_000, "script.syntax", "too many nested parentheses"),
    "signs": ("-" * 60_000 + "1", "script.syntax", "nested too deeply"),
    "negations": ("not " * 15_000 + "1", "script.syntax", "nested too deeply"),
    "attributes": ("a" + ".a" * 30_000, "script.syntax", "nested too deeply"),
    "calls": ("a" + "()" * 30_000, "script.syntax", "nested too deeply"),
    "lambdas": ("lambda:" * 9_000 + "1", "script.syntax", "nested too deeply"),
    "conditions": ("1 if 1 else " * 5_000 + "1", "script.syntax", "nested too deeply"),
    "branches": ("if x: pass\n" + "elif x: pass\n" * 4_000, "script.syntax", "nested too deeply"),
    "indentation": ("".join(" " * i + "if x:\n" for i in range(150)), "script.syntax", "indent"),
    "blocks": (
        "".join(" " * i + "for x in y:\n" for i in range(30)) + " " * 30 + "pass",
        "script.syntax",
        "nested blocks",
    ),
    "a number of 5,000 digits": ("1" * 5_000, "script.syntax", "4300 digits"),
    "half a string": ("x = '''" + "a" * 60_000, "script.syntax", "unterminated"),
    "a fence": ("```python\nreturn 1\n```", "script.syntax", "syntax"),
    "JavaScript": ("const x = 1;", "script.syntax", "syntax"),
    "JSON": ('{"name": "read_file", "arguments": {"path": null}}}', "script.syntax", "unmatched"),
}


@pytest.mark.parametrize(("source", "code", "words"), BAD.values(), ids=BAD.keys())
def test_bad_input_gives_one_clear_finding(source: str | bytes, code: str, words: str) -> None:
    report = check(source)
    (found,) = report.diagnostics
    assert (found.code, words in found.message) == (code, True), found.message
    assert found.line >= 1
    assert found.column >= 1
    assert (found.end_line, found.end_column) >= (found.line, found.column)
    assert len(found.excerpt) <= 200


@pytest.mark.parametrize(
    "source",
    [
        "\ufeffreturn 1",
        b"\xef\xbb\xbfreturn 1",
        "x = 1\r\nif x:\r\n    return 2\r\n",
        "x = 1\rreturn x",
        "if 1:\n\treturn 1",
        "# -*- coding: latin-1 -*-\nreturn 'é'",
        "x = 1\n\x0creturn x",
        "return 'a\\\nb'",
        b"return 1",
    ],
)
def test_odd_but_good_input_is_accepted(source: str | bytes) -> None:
    assert compile_script(source).code is not None


@pytest.mark.parametrize(
    "source", ["+".join(["x"] * 15_000), "x\n" * 30_000, "f(" + "*a," * 15_000 + ")", "open\n" * 9_000]
)
def test_the_largest_scripts_are_checked_in_bounded_time(source: str) -> None:
    start = time.perf_counter()
    report = check(source)
    assert time.perf_counter() - start < 10
    assert len(report.diagnostics) <= 100


def test_a_finding_in_a_long_line_has_a_short_excerpt() -> None:
    (found,) = check("x = 1; " * 1_000 + "eval('1')").diagnostics
    assert found.column == 7_001
    assert len(found.excerpt) == 200


def test_a_report_holds_so_many_findings_and_the_first_ones() -> None:
    found = check("import os\n" * 150).diagnostics
    assert [finding.line for finding in found] == list(range(1, 101))


@pytest.mark.parametrize(
    "chain", ["x" + ".a()" * (MAX_DEPTH // 2 - 5), "-" * (MAX_DEPTH - 5) + "1", "+".join(["1"] * (MAX_DEPTH - 5))]
)
def test_the_depth_that_is_allowed_fits_an_ordinary_stack(chain: str) -> None:
    assert compile_script(chain).code is not None


def test_a_hint_knows_other_languages() -> None:
    (found,) = check("const x = 1").diagnostics
    assert found.hint == "this is Python: write `name = value`"


def test_an_await_in_a_plain_function_gets_a_hint() -> None:
    (found,) = check("def f():\n    return await tools_result").diagnostics
    assert (found.line, found.column) == (2, 12)
    assert "async def" in (found.hint or "")
