"""The apply_patch format: from text to hunks and chunks, with every mistake and its line.

    *** Begin Patch
    *** Update File: src/main.py
    *** Move to: src/start.py
    @@ class Server:
    @@     def start(self):
             self.open()
    -        self.run()
    +        self.run(forever=True)
    *** End of File
    *** Add File: notes.md
    +# Notes
    *** Delete File: old.txt
    *** End Patch

Lenient where a model's slip has one meaning only: markers padded with white space, a here-document around the whole,
the whole indented, CRLF, a bare empty line for an empty context line, a first chunk without `@@`. Inside a chunk a
line that begins with a space is always a line of the file: were ` *** Delete File: x` taken for a padded marker, a
patch to a page about patches would delete files.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

BEGIN = "*** Begin Patch"
END = "*** End Patch"
END_OF_FILE = "*** End of File"

_HEADER = re.compile(r"\*\*\* (Add|Delete|Update) File:\s*(.*)")
_MOVE = re.compile(r"\*\*\* Move to:\s*(.*)")
_HEREDOC = re.compile(r"(?:apply_patch\s+)?<<\s*(?:EOF|'EOF'|\"EOF\")")
_HEADERS = "a hunk begins with '*** Add File: PATH', '*** Delete File: PATH' or '*** Update File: PATH'"
_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a chunk.

    Attributes:
        op: " " stands in the file and stays, "-" is removed, "+" is added.
        text: Without the sign and without a newline.
    """

    op: Literal[" ", "-", "+"]
    text: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """One place of a file and what becomes of it.

    Attributes:
        at: Line of the patch it begins at, from 1.
        contexts: Lines to seek one after the other; the chunk lies behind the last.
        lines: What to find, remove and add.
        is_at_end: The chunk ends where the file ends.
    """

    at: int
    contexts: tuple[str, ...]
    lines: tuple[Line, ...]
    is_at_end: bool = False


@dataclass(frozen=True, slots=True)
class AddFile:
    """Make a file, or replace one. `at` is the line of the patch; `lines` have no newlines."""

    at: int
    path: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeleteFile:
    """Remove a file. `at` is the line of the patch."""

    at: int
    path: str


@dataclass(frozen=True, slots=True)
class UpdateFile:
    """Change a file, move it, or both. `at` is the line of the patch."""

    at: int
    path: str
    chunks: tuple[Chunk, ...]
    move_to: str | None = None


Hunk: TypeAlias = AddFile | DeleteFile | UpdateFile


@dataclass(frozen=True, slots=True)
class Patch:
    """Hunks, in the order they apply."""

    hunks: tuple[Hunk, ...]


class PatchError(ValueError):
    """The text is no patch.

    Attributes:
        problems: Each as "line 3: what is wrong".
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


def parse_patch(text: str) -> Patch:
    """Read a patch. Linear in the text.

    Raises:
        PatchError: with everything that is wrong.
    """
    reader = _Reader(_body(_numbered(text)))
    hunks = reader.hunks()
    if reader.problems:
        raise PatchError(reader.problems)
    if not hunks:
        raise PatchError([f"the patch has no hunks between {BEGIN!r} and {END!r}"])
    return Patch(tuple(hunks))


_Numbered: TypeAlias = tuple[int, str]


def _numbered(text: str) -> list[_Numbered]:
    """The lines with their numbers, blank ones around them left out, without what wraps the whole."""
    lines = [(number, line.removesuffix("\r")) for number, line in enumerate(text.split("\n"), 1)]
    lines = _without_blank_ends(lines)
    if len(lines) > 1 and _HEREDOC.fullmatch(lines[0][1].strip()) and lines[-1][1].strip() == "EOF":
        lines = _without_blank_ends(lines[1:-1])
    return _dedented(lines)


def _without_blank_ends(lines: list[_Numbered]) -> list[_Numbered]:
    first, last = 0, len(lines)
    while first < last and not lines[first][1].strip():
        first += 1
    while last > first and not lines[last - 1][1].strip():
        last -= 1
    return lines[first:last]


def _dedented(lines: list[_Numbered]) -> list[_Numbered]:
    """Take the indentation of the first line off every line, if all of them have it."""
    if not lines:
        return lines
    first = lines[0][1]
    margin = first[: len(first) - len(first.lstrip())]
    if not margin or not all(line.startswith(margin) or not line.strip() for _, line in lines):
        return lines
    return [(number, line[len(margin) :]) for number, line in lines]


def _body(lines: list[_Numbered]) -> list[_Numbered]:
    if not lines or lines[0][1].strip() != BEGIN:
        raise PatchError([f"line {lines[0][0] if lines else 1}: the first line must be {BEGIN!r}"])
    if lines[-1][1].strip() == END:
        return lines[1:-1]
    ended = next((number for number, line in lines if line.strip() == END), None)
    if ended is not None:
        raise PatchError([f"line {ended}: nothing may follow {END!r}; put all hunks before it"])
    raise PatchError([f"line {lines[-1][0]}: the last line must be {END!r}"])


class _Reader:
    """Goes through the lines between begin and end once."""

    def __init__(self, lines: list[_Numbered]) -> None:
        self._lines = lines
        self._at = 0
        self.problems: list[str] = []

    def hunks(self) -> list[Hunk]:
        found: list[Hunk] = []
        while (line := self._peek()) is not None:
            if not line.strip():
                self._at += 1
            elif (header := _HEADER.fullmatch(line.strip())) is None:
                self._report(_no_header(line.strip()))
                self._skip_to_header()
            elif (hunk := self._hunk(header[1], header[2].strip())) is not None:
                found.append(hunk)
        return found

    def _hunk(self, kind: str, path: str) -> Hunk | None:
        at = self._number()
        if not path:
            self._report(f"'*** {kind} File:' needs a path")
        self._at += 1
        if kind == "Add":
            return AddFile(at, path, self._added_lines())
        if kind == "Delete":
            return DeleteFile(at, path)
        return self._update(at, path)

    def _added_lines(self) -> tuple[str, ...]:
        added: list[str] = []
        while (line := self._peek()) is not None and line.startswith("+"):
            added.append(line[1:])
            self._at += 1
        blank = self._at
        while (line := self._peek()) is not None and not line.strip():
            self._at += 1
        if line is not None and not line.strip().startswith("*** "):
            self._at = blank
            self._report("every line of an added file begins with '+', an empty one too")
            self._skip_to_header()
        return tuple(added)

    def _update(self, at: int, path: str) -> UpdateFile:
        move_to = self._move_to()
        chunks: list[Chunk] = []
        while (line := self._peek()) is not None:
            if not line.strip():
                self._at += 1
            elif line.startswith("***") or (chunks and _HEADER.fullmatch(line.strip())):
                break  # behind a whole chunk a padded header cannot be a line of the file
            elif (chunk := self._chunk(is_first=not chunks)) is not None:
                chunks.append(chunk)
        if not chunks and move_to is None and not self.problems:
            self.problems.append(f"line {at}: the update of {path!r} has no chunks")
        return UpdateFile(at, path, tuple(chunks), move_to)

    def _move_to(self) -> str | None:
        line = self._peek()
        move = None if line is None else _MOVE.fullmatch(line.strip())
        if move is None:
            return None
        if not move[1].strip():
            self._report("'*** Move to:' needs a path")
        self._at += 1
        return move[1].strip()

    def _chunk(self, *, is_first: bool) -> Chunk | None:
        at = self._number()
        contexts: list[str] = []
        headers = 0
        while (line := self._peek()) is not None and _begins_chunk(line):
            contexts += [line[3:]] if line[3:].strip() else []
            headers += 1
            self._at += 1
        lines, is_at_end = self._chunk_lines(is_open=is_first or headers > 0)
        if lines:
            return Chunk(at, tuple(contexts), tuple(lines), is_at_end)
        if headers and not is_at_end and self._was_fine_since(at):
            self.problems.append(f"line {at}: the chunk has no lines")
        return None

    def _chunk_lines(self, *, is_open: bool) -> tuple[list[Line], bool]:
        lines: list[Line] = []
        while (line := self._peek()) is not None:
            if line.rstrip() == END_OF_FILE:
                if not lines:
                    self._report(f"there are no lines before {END_OF_FILE!r}")
                self._at += 1
                return lines, True
            if line.startswith("***") or _begins_chunk(line):
                break
            if not is_open:
                self._report("a chunk behind the first begins with '@@'")
                self._skip_to_chunk()
                break
            if (op := line[:1] or " ") in (" ", "-", "+"):
                lines.append(Line(op, line[1:]))  # type: ignore[arg-type]  # one of the three
            else:
                self._report(f"every line of a chunk begins with ' ', '-' or '+', not {_shown(line)}")
            self._at += 1
        return lines, False

    def _peek(self) -> str | None:
        return self._lines[self._at][1] if self._at < len(self._lines) else None

    def _number(self) -> int:
        return self._lines[self._at][0]

    def _report(self, message: str) -> None:
        self.problems.append(f"line {self._number()}: {message}")

    def _was_fine_since(self, at: int) -> bool:
        return not self.problems or int(self.problems[-1].split(":")[0].removeprefix("line ")) < at

    def _skip_to_chunk(self) -> None:
        self._at += 1
        while (line := self._peek()) is not None and not (line.startswith("***") or _begins_chunk(line)):
            self._at += 1

    def _skip_to_header(self) -> None:
        self._at += 1
        while (line := self._peek()) is not None and not _HEADER.fullmatch(line.strip()):
            self._at += 1


def _begins_chunk(line: str) -> bool:
    return line.startswith("@@ ") or line.rstrip() == "@@"


def _no_header(line: str) -> str:
    if line in (BEGIN, END):
        return f"{line!r} stands inside the patch; put all hunks into one patch"
    if line.startswith(("***", "---", "+++", "diff ")):
        return f"{_shown(line)} is no hunk header; {_HEADERS}"
    return f"{_shown(line)} belongs to no hunk; {_HEADERS}"


def _shown(line: str) -> str:
    return repr(line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…")
