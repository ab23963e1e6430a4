"""`grep_files`: lines of files that match a pattern. How it stays linear: `line_pattern`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field

from harness.tools.binding import Tool
from harness.tools.builtin.gitignore import compiled_glob
from harness.tools.builtin.line_pattern import MAX_PATTERN, LinePattern
from harness.tools.builtin.patience import Patience, in_thread
from harness.tools.builtin.walk import Walk
from harness.tools.builtin.workspace import Opened, Workspace

MAX_FILE_BYTES = 4 * 1024**2
"""Larger files are skipped, and counted as such."""

MAX_LINE_CHARACTERS = 500
"""What is shown of a line; of a longer one, the stretch around the match."""

MAX_RESULT_CHARACTERS = 262_144
"""Text of all matches together, a quarter of what a result may hold."""

_BLOCK = 32_768
_BINARY_PROBE = 8_192
_BUDGET_S = 10.0


class GrepFiles(BaseModel):
    """Arguments of `grep_files`."""

    model_config = ConfigDict(extra="forbid")

    pattern: str = Field(
        min_length=1,
        description=f"Regular expression (RE2 syntax, at most {MAX_PATTERN} characters), matched line by line.",
    )
    path: str = Field(".", description="Folder or file to search, below the workspace root.")
    include: str | None = Field(
        None, max_length=200, description="Search only files that match this glob: '*.py', 'src/**/*.md'."
    )
    max_matches: int = Field(100, ge=1, le=2_000, description="How many matching lines to return at most.")
    context: int = Field(0, ge=0, le=10, description="Lines to return before and after each match.")
    ignore_case: bool = Field(False, description="Let upper and lower case match each other.")
    literal: bool = Field(False, description="Take the pattern as plain text.")
    gitignore: bool = Field(True, description="Leave out .git and what .gitignore files leave out.")


def grep_files_tool(workspace: Workspace) -> Tool:
    """Make the tool `grep_files`.

    It returns `{"matches", "files_searched", "files_matched", "skipped", "truncated"}`. A match is `{"path", "line",
    "column", "text", "before", "after"}`: the path below the workspace root; line and column, 1-based; the line without
    its newline, or 500 characters of it; the lines around it, as many as `context` says. Files come in the order
    of their paths. `skipped` counts files that are binary, larger than 4 MiB, or cannot be opened. `truncated` is
    true when there may be more matches. Secret files are not searched, links not followed.

    Errors: `policy.forbidden`; `tool.failed` for a missing path; `tool.invalid_arguments` for a pattern or glob
    that is none, with its position.
    """

    async def handle(arguments: GrepFiles) -> object:
        return await in_thread(lambda patience: _grep(workspace, arguments, patience), budget_s=_BUDGET_S)

    return Tool(
        name="grep_files",
        description=(
            "Search the lines of the workspace's text files for a regular expression. Returns a dict with matches (a "
            "list of dicts with path, line, column, text, before, after), files_searched, files_matched, skipped (a "
            "dict of counts) and truncated."
        ),
        parameters=GrepFiles,
        handler=handle,
        returns=_RETURNS,
    )


_LINES = {"type": "array", "items": {"type": "string"}}
_RETURNS = {
    "type": "object",
    "properties": {
        "matches": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "path": {"type": "string"},
                    "line": {"type": "integer"},
                    "column": {"type": "integer"},
                    "text": {"type": "string"},
                    "before": _LINES,
                    "after": _LINES,
                },
                "required": ["path", "line", "column", "text", "before", "after"],
            },
        },
        "files_searched": {"type": "integer"},
        "files_matched": {"type": "integer"},
        "skipped": {"type": "object", "additionalProperties": {"type": "integer"}},
        "truncated": {"type": "boolean"},
    },
    "required": ["matches", "files_searched", "files_matched", "skipped", "truncated"],
}


def _grep(workspace: Workspace, arguments: GrepFiles, patience: Patience) -> dict[str, object]:
    pattern = LinePattern(arguments.pattern, literal=arguments.literal, ignore_case=arguments.ignore_case)
    search = _Search(arguments, pattern, patience)
    walk = Walk(workspace, patience, gitignore=arguments.gitignore)
    for opened in _files(workspace, walk, arguments, search.skipped):
        with opened:
            search.read(opened)
        if search.is_full or patience.is_over():
            break
    return {
        "matches": search.matches,
        "files_searched": search.files_searched,
        "files_matched": search.files_matched,
        "skipped": search.skipped,
        "truncated": search.is_full or walk.cut_by is not None or patience.is_over(),
    }


def _files(workspace: Workspace, walk: Walk, arguments: GrepFiles, skipped: dict[str, int]) -> Iterator[Opened]:
    """Open one file after the other; each is the caller's to close."""
    included = None if arguments.include is None else compiled_glob(arguments.include)
    start = workspace.open_path(arguments.path)
    if not start.is_folder:
        yield start
        return
    with start:
        above = len(start.parts)
        for entry in walk.entries(start):
            if entry.type != "file" or not entry.is_utf8():
                continue
            if included is None or included.matches(entry.parts[above:]):
                try:
                    opened = workspace.open_child(entry.folder, entry.parts, "file")
                except OSError:
                    skipped["unreadable"] += 1
                else:
                    yield opened


@dataclass(slots=True)
class _Search:
    """What a search found so far."""

    arguments: GrepFiles
    pattern: LinePattern
    patience: Patience
    matches: list[dict[str, object]] = field(default_factory=list)
    characters: int = 0
    files_searched: int = 0
    files_matched: int = 0
    skipped: dict[str, int] = field(default_factory=lambda: {"binary": 0, "large": 0, "unreadable": 0})
    is_full: bool = False

    def read(self, opened: Opened) -> None:
        """Search one file."""
        try:
            data = _content(opened.fd)
        except OSError:
            self.skipped["unreadable"] += 1
            return
        if len(data) > MAX_FILE_BYTES:
            self.skipped["large"] += 1
        elif b"\0" in data[:_BINARY_PROBE]:
            self.skipped["binary"] += 1
        else:
            self.files_searched += 1
            before = len(self.matches)
            self._search(_Text(opened.path, data.replace(b"\r\n", b"\n")))
            self.files_matched += len(self.matches) > before

    def _search(self, text: _Text) -> None:
        line_of_last, last = 1, 0
        for begin, at in text.matches(self.pattern, self.patience):
            if len(self.matches) >= self.arguments.max_matches or self.characters >= MAX_RESULT_CHARACTERS:
                self.is_full = True
                return
            line_of_last += text.data.count(b"\n", last, begin)
            last = begin
            self._add(text.match(line_of_last, begin, at, self.arguments.context))

    def _add(self, match: dict[str, object]) -> None:
        self.matches.append(match)
        self.characters += sum(len(str(value)) for value in match.values())


@dataclass(frozen=True, slots=True)
class _Text:
    """The text of one file."""

    path: str
    data: bytes

    def matches(self, pattern: LinePattern, patience: Patience) -> Iterator[tuple[int, int]]:
        """Yield `(begin of the line, begin of the match)`, one for each line that matches."""
        last = -1
        for begin, end, line in self._blocks():
            if patience.is_over():
                return
            for line_begin, at in pattern.find_lines(self.data[begin:end]):
                found = line if line is not None else begin + line_begin
                if found != last:
                    yield found, begin + at
                last = found

    def _blocks(self) -> Iterator[tuple[int, int, int | None]]:
        """Cut the text into blocks of whole lines; a line that is longer than a block into pieces of it.

        Yields `(begin, end, begin of the line if this is a piece of one)`.
        """
        begin = 0
        size = len(self.data) - self.data.endswith(b"\n")
        while begin < size:
            end = size if size - begin <= _BLOCK else self.data.rfind(b"\n", begin, begin + _BLOCK)
            if end >= 0:
                yield begin, end, None
            else:
                end = self._end_of_line(begin)
                for piece in range(begin, end, _BLOCK):
                    yield piece, min(piece + _BLOCK, end), begin
            begin = end + 1

    def match(self, line: int, begin: int, at: int, context: int) -> dict[str, object]:
        """Describe one match as the tool returns it."""
        column = len(self.data[begin:at].decode("utf-8", "replace"))
        return {
            "path": self.path,
            "line": line,
            "column": column + 1,
            "text": _cut(self._line(begin), column),
            "before": [_cut(self._line(other)) for other in self._begins_before(begin, context)],
            "after": [_cut(self._line(other)) for other in self._begins_after(begin, context)],
        }

    def _line(self, begin: int) -> str:
        return self.data[begin : self._end_of_line(begin)].decode("utf-8", "replace")

    def _end_of_line(self, begin: int) -> int:
        end = self.data.find(b"\n", begin)
        return end if end >= 0 else len(self.data)

    def _begins_before(self, begin: int, count: int) -> list[int]:
        begins: list[int] = []
        while begin > 0 and len(begins) < count:
            begin = self.data.rfind(b"\n", 0, begin - 1) + 1
            begins.append(begin)
        return begins[::-1]

    def _begins_after(self, begin: int, count: int) -> list[int]:
        begins: list[int] = []
        begin = self._end_of_line(begin) + 1
        while begin < len(self.data) and len(begins) < count:
            begins.append(begin)
            begin = self._end_of_line(begin) + 1
        return begins


def _cut(line: str, column: int = 0) -> str:
    """Shorten a long line to the stretch around a column."""
    if len(line) <= MAX_LINE_CHARACTERS:
        return line
    begin = max(0, min(column - MAX_LINE_CHARACTERS // 4, len(line) - MAX_LINE_CHARACTERS))
    end = begin + MAX_LINE_CHARACTERS
    return ("…" if begin else "") + line[begin:end] + ("…" if end < len(line) else "")


def _content(fd: int) -> bytes:
    """Read a file, or one byte more than is accepted of a larger one."""
    chunks = []
    room = MAX_FILE_BYTES + 1
    while room and (chunk := os.read(fd, min(room, 262_144))):
        chunks.append(chunk)
        room -= len(chunk)
    return b"".join(chunks)
