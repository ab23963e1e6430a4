"""What one call of a reading tool may ask for at most."""

from __future__ import annotations

import pytest

from harness.errors import CallError
from tests.unit.harness.tools.builtin.conftest import Call, Fill

LARGEST = [
    ("read_file", "limit", 20_000, {"path": "a"}),
    ("list_dir", "limit", 5_000, {}),
    ("list_dir", "depth", 64, {}),
    ("file_search", "limit", 1_000, {"query": "a"}),
    ("grep_files", "max_matches", 2_000, {"pattern": "a"}),
    ("grep_files", "context", 10, {"pattern": "a"}),
]


@pytest.mark.parametrize(("tool", "name", "most", "others"), LARGEST, ids=lambda value: str(value))
async def test_so_much_can_be_asked_for_in_one_call(
    call: Call, fill: Fill, tool: str, name: str, most: int, others: dict[str, object]
) -> None:
    fill({"a": "a"})
    assert await call(tool, **others, **{name: most})
    with pytest.raises(CallError, match=f"{name}: Input should be less than or equal to {most}"):
        await call(tool, **others, **{name: most + 1})
