"""`read_file`: lines of a text file."""

from __future__ import annotations

import codecs
import os
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field

from harness.errors import CallError
from harness.tools.binding import Tool
from harness.tools.builtin.patience import Patience, in_thread
from harness.tools.builtin.workspace import Opened, Workspace, shown

MAX_CONTENT_BYTES = 262_144
"""Bytes of content one call returns at most: a quarter of what a result may hold, so that it fits when escaped."""

MAX_COUNTED_BYTES = 32 * 1024**2
"""Bytes of a file that are read to count its lines; beyond them `total_lines` is null."""

_CHUNK = 65_536
_BUDGET_S = 10.0
_BINARY_PROBE = 8_192


class ReadFile(BaseModel):
    """Arguments of `read_file`."""

    model_config = ConfigDict(extra="forbid")

    path: str = Field(description="File below the workspace root, for example 'src/main.py'.")
    offset: int = Field(1, ge=1, description="First line to return, counted from 1.")
    limit: int = Field(2_000, ge=1, le=20_000, description="How many lines to return at most.")


def read_file_tool(workspace: Workspace) -> Tool:
    """Make the tool `read_file`.

    It returns `{"path", "content", "first_line", "lines", "total_lines", "truncated"}`: the path with links
    resolved; the lines as they stand, newlines included, what is not UTF-8 replaced by U+FFFD; the number of the first
    line and how many lines there are; how many lines the file has, or null if it is too large to count; and whether
    the file goes on behind the content. Content is cut at 256 KiB.

    Errors: `policy.forbidden`; `tool.failed` for a missing file, a folder, a pipe, a binary file.
    """

    async def handle(arguments: ReadFile) -> object:
        return await in_thread(lambda patience: _read(workspace, arguments, patience), budget_s=_BUDGET_S)

    return Tool(
        name="read_file",
        description=(
            "Read a text file of the workspace, or some of its lines. Returns a dict with path, content, first_line, "
            "lines (how many are in content), total_lines (None for a very large file) and truncated (True if the "
            "file goes on: read on with offset=first_line + lines)."
        ),
        parameters=ReadFile,
        handler=handle,
        returns=_RETURNS,
    )


_RETURNS = {
    "type": "object",
    "properties": {
        "path": {"type": "string"},
        "content": {"type": "string"},
        "first_line": {"type": "integer"},
        "lines": {"type": "integer"},
        "total_lines": {"type": ["integer", "null"]},
        "truncated": {"type": "boolean"},
    },
    "required": ["path", "content", "first_line", "lines", "total_lines", "truncated"],
}


def _read(workspace: Workspace, arguments: ReadFile, patience: Patience) -> dict[str, object]:
    with workspace.open_file(arguments.path) as opened:
        window = _Window(arguments.offset, arguments.limit)
        _fill(window, opened, patience, arguments.path)
        return {
            "path": opened.path,
            "content": window.text(),
            "first_line": arguments.offset,
            "lines": window.lines,
            "total_lines": window.total_lines(),
            "truncated": window.goes_on(),
        }


def _fill(window: _Window, opened: Opened, patience: Patience, path: str) -> None:
    chunk = os.read(opened.fd, _CHUNK)
    if b"\0" in chunk[:_BINARY_PROBE]:
        size = opened.status.st_size
        raise CallError(
            "tool.failed",
            f"{shown(path)} is a binary file of {size:,} bytes, not text",
            hint="read_file returns text only",
            details={"size": size},
        )
    read = 0
    while chunk:
        window.add(chunk)
        read += len(chunk)
        if read > MAX_COUNTED_BYTES or patience.is_over():
            return
        chunk = os.read(opened.fd, _CHUNK)
    window.reached_end = True


@dataclass(slots=True)
class _Window:
    """The lines that were asked for, out of a file that passes by in chunks."""

    first: int
    limit: int
    newlines: int = 0
    size: int = 0
    parts: list[bytes] = field(default_factory=list)
    kept: int = 0
    ends_in_line: bool = False
    is_cut: bool = False
    reached_end: bool = False

    def add(self, chunk: bytes) -> None:
        begin = _after_newlines(chunk, self.first - 1 - self.newlines)
        end = _after_newlines(chunk, self.first - 1 + self.limit - self.newlines)
        self._keep(chunk[begin:end])
        self.newlines += chunk.count(b"\n")
        self.ends_in_line = not chunk.endswith(b"\n")
        self.size += len(chunk)

    def _keep(self, piece: bytes) -> None:
        room = MAX_CONTENT_BYTES - self.kept
        self.is_cut = self.is_cut or len(piece) > room
        self.parts.append(piece[:room])
        self.kept += len(self.parts[-1])

    def _content(self) -> bytes:
        content = b"".join(self.parts)
        if not self.is_cut:
            return content
        whole = content.rfind(b"\n") + 1
        return content[:whole] or content

    def text(self) -> str:
        content = self._content()
        if self.first == 1:
            content = content.removeprefix(codecs.BOM_UTF8)
        # A character that the cut went through is left out, not replaced.
        return codecs.getincrementaldecoder("utf-8")("replace").decode(content, final=not self.is_cut)

    @property
    def lines(self) -> int:
        return _lines_in(self._content())

    def total_lines(self) -> int | None:
        return self.newlines + self.ends_in_line if self.reached_end else None

    def goes_on(self) -> bool:
        return self.is_cut or not self.reached_end or self.newlines + self.ends_in_line >= self.first + self.limit


def _lines_in(content: bytes) -> int:
    return content.count(b"\n") + (not content.endswith(b"\n") and bool(content))


def _after_newlines(chunk: bytes, count: int) -> int:
    """Return the offset behind the first `count` newlines, or the length if there are fewer."""
    at = 0
    for _ in range(count):
        found = chunk.find(b"\n", at)
        if found < 0:
            return len(chunk)
        at = found + 1
    return at
