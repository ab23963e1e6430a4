"""A workspace in a temporary folder, and tools called as the host calls them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from harness.tools.binding import ToolContext
from harness.tools.builtin import reading_tools

Call = Callable[..., Awaitable[Any]]
Fill = Callable[[Mapping[str, str | bytes]], Path]


@pytest.fixture
def fill(tmp_path: Path) -> Fill:
    """Write files below the workspace: path -> content; a path that ends in "/" is an empty folder."""

    def write(files: Mapping[str, str | bytes]) -> Path:
        for name, content in files.items():
            path = tmp_path / name
            if name.endswith("/"):
                path.mkdir(parents=True)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path

    return write


@pytest.fixture
def call(tmp_path: Path) -> Call:
    """Call a reading tool of the workspace by name, arguments validated."""
    tools = {tool.name: tool for tool in reading_tools(tmp_path)}

    async def invoke(name: str, **arguments: object) -> Any:
        tool = tools[name]
        return await tool.invoke(tool.validated(arguments), lambda: ToolContext(call_id="1"))

    return invoke
