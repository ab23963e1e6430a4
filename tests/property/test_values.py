"""What crosses the boundary."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.runtimes.cpython.values import Data, TooLargeError, UnserializableError, json_text

text = st.text(st.characters(exclude_categories=["Cs"]))
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | text
keys = text | st.integers() | st.booleans() | st.none() | st.floats(allow_nan=False, allow_infinity=False)
plain = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(keys, inner), max_leaves=30
)


def reference(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@given(plain)
def test_plain_data_is_written_as_json_writes_it(value: Any) -> None:
    """Data across the boundary is JSON; keys as `json.dumps` takes them."""
    assert json.loads(json_text(value, max_bytes=10**6, max_depth=500)) == json.loads(reference(value))


@given(st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(text, inner), max_leaves=30))
def test_the_limit_is_exact(value: Any) -> None:
    """Each limit is named in the error that reports it, with what was used and what was allowed."""
    size = len(reference(value).encode())
    assert len(json_text(value, max_bytes=size, max_depth=500).encode()) == size
    with pytest.raises(TooLargeError) as caught:
        json_text(value, max_bytes=size - 1, max_depth=500)
    assert caught.value.used > size - 1


@given(st.lists(st.integers(0, 3) | text, max_size=5))
def test_the_path_leads_to_what_has_no_json_form(path: list[int | str]) -> None:
    """`script.unserializable`, with the path to the value."""
    value: Any = object()
    for step in reversed(path):
        value = [0] * step + [value] if isinstance(step, int) else {step: value}
    with pytest.raises(UnserializableError) as caught:
        json_text(value, max_bytes=10**6, max_depth=500)
    steps = [
        f"[{step}]" if isinstance(step, int) else f".{step}" if step.isidentifier() else f"[{step[:50]!r}]"
        for step in path
    ]
    expected = "".join(["$", *steps])
    assert caught.value.path == (expected if len(expected) <= 200 else expected[:200] + "...")


@given(st.dictionaries(text, plain))
def test_a_result_is_its_dict(value: dict[str, Any]) -> None:
    """Results are plain data; a dict result also answers to attribute access."""
    result = Data(value)
    assert result == value
    assert repr(result) == repr(value)
    assert reference(result) == reference(value)
    for name in value:
        if name.isidentifier() and not hasattr(dict, name) and name[:1] != "_":
            assert getattr(result, name) == value[name] or value[name] != value[name]
