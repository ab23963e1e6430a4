"""`str.format` of scripts formats as Python does, where it may."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from harness.runtimes.cpython.formatting import Formatting

PIECES = """
    { } {{ }} {0} {1} {} {a} {0.real} {.real} {a[0]} {0[k]} {:>{w}} {0!r:>5} {0:{1}} {0.real:{0:{1}}} {a[x:y].real}
    {0.imag!s} {:.2f} {0.real.real:>{w}} {9.real} {0.real!x} text : ! [ ] .
"""
parts = st.sampled_from(PIECES.split())


def outcome(function: Any, *args: Any, **kwargs: Any) -> object:
    try:
        return function(*args, **kwargs)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        return type(error)


@given(st.lists(parts, max_size=5).map("".join), st.integers(0, 9), st.integers(0, 9))
def test_templates_are_formatted_as_python_formats_them(template: str, first: int, second: int) -> None:
    """`str.format` with attribute access is guarded; the rest behaves exactly as in CPython."""
    ours = Formatting(getattr).bound(template, "format")
    named: dict[str, Any] = {"a": ["x", "y"], "w": 4}
    expected = outcome(template.format, first, second, **named)
    found = outcome(ours, first, second, **named)
    assert found == expected


@given(st.text(alphabet="{}[].:!0a _x", max_size=12))
def test_no_template_reads_an_attribute_behind_the_guards_back(template: str) -> None:
    """Attribute and index walks in format strings are guarded."""
    read: list[str] = []

    class Watched:
        def __getattr__(self, name: str) -> str:
            read.append(name)
            return "value"

        def __getitem__(self, key: object) -> Watched:
            return self

        def __format__(self, spec: str) -> str:
            return "w"

    asked: list[str] = []

    def guard(value: Any, name: str) -> Any:
        asked.append(name)
        return getattr(value, name)

    watched = Watched()
    outcome(Formatting(guard).bound(template, "format"), watched, a=watched, _x=watched)
    assert set(read) <= set(asked)
