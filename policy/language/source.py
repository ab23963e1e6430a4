"""The text of a script, and where things stand in it."""

from __future__ import annotations

import ast

from asttokens.line_numbers import LineNumbers

from policy.language.report import Diagnostic

MAX_EXCERPT = 200
BOM = "\ufeff"


class SourceError(Exception):
    """A text that is no script at all. It carries the finding."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


class Source:
    """A decoded script with its lines. Positions are computed only for findings."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._numbers: LineNumbers | None = None
        self._lines: list[str] | None = None

    @property
    def lines(self) -> list[str]:
        """The lines as Python counts them: a form feed or a Unicode separator ends none."""
        if self._lines is None:
            self._lines = self.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return self._lines

    def diagnostic_at(self, node: ast.AST, code: str, message: str, hint: str | None = None) -> Diagnostic:
        """A finding that spans a node of the parsed script."""
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        end_line = getattr(node, "end_lineno", None) or line
        end_column = getattr(node, "end_col_offset", None)
        if end_column is None:
            end_column = column
        start = (line, self._characters(line, column))
        return self.diagnostic(code, message, hint, start, (end_line, self._characters(end_line, end_column)))

    def diagnostic_at_attribute(
        self, node: ast.Attribute, code: str, message: str, hint: str | None = None
    ) -> Diagnostic:
        """A finding that spans the name behind the dot."""
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or 0
        start = max(end_column - len(node.attr.encode()), 0)
        return self.diagnostic(
            code, message, hint, self.from_utf8(end_line, start), self.from_utf8(end_line, end_column)
        )

    def diagnostic(
        self,
        code: str,
        message: str,
        hint: str | None = None,
        start: tuple[int, int] = (1, 1),
        end: tuple[int, int] | None = None,
    ) -> Diagnostic:
        """A finding between two positions (1-based, characters), moved into the text where they lie outside."""
        line, column = self._inside(start)
        end_line, end_column = self._inside(end or start)
        if (end_line, end_column) < (line, column):
            end_line, end_column = line, column
        excerpt = self.lines[line - 1][:MAX_EXCERPT]
        return Diagnostic(code, message, hint, line, column, end_line, end_column, excerpt)

    def from_utf8(self, line: int, column: int) -> tuple[int, int]:
        """The position of a 0-based UTF-8 column, as the compiler reports it."""
        return line, self._characters(line, column)

    def _characters(self, line: int, utf8_column: int) -> int:
        """1-based column in characters of a 0-based column in UTF-8 bytes."""
        if not 1 <= line <= len(self.lines):
            return 1
        if self.text.isascii():
            return utf8_column + 1
        if self._numbers is None:
            self._numbers = LineNumbers(self.text)
        return int(self._numbers.from_utf8_col(line, utf8_column)) + 1

    def _inside(self, position: tuple[int, int]) -> tuple[int, int]:
        line = min(max(position[0], 1), len(self.lines))
        return line, min(max(position[1], 1), len(self.lines[line - 1]) + 1)


def read_source(source: str | bytes, *, max_bytes: int) -> Source:
    """Decode a script and refuse what cannot be one.

    Args:
        source: UTF-8 bytes or text; a byte order mark in front is dropped.
        max_bytes: Largest size in UTF-8 bytes.

    Raises:
        SourceError: `script.too_large`, or `script.syntax` for what is not text.
    """
    if isinstance(source, bytes):
        if len(source) > max_bytes:
            raise _too_large(len(source), max_bytes)
        source = _decode(source)
    elif len(source) > max_bytes or len(data := _encode(source)) > max_bytes:
        raise _too_large(len(source.encode("utf-8", "surrogatepass")), max_bytes)
    else:
        del data
    return _plain_text(source.removeprefix(BOM))


def _decode(source: bytes) -> str:
    try:
        return source.decode("utf-8")
    except UnicodeDecodeError as error:
        before = Source(source[: error.start].decode("utf-8", "replace"))
        position = (len(before.lines), len(before.lines[-1]) + 1)
        message = f"the script is not UTF-8 text (byte 0x{source[error.start]:02x} at offset {error.start})"
        raise SourceError(before.diagnostic("script.syntax", message, "send UTF-8 text", position)) from None


def _encode(source: str) -> bytes:
    try:
        return source.encode("utf-8")
    except UnicodeEncodeError as error:
        raise _odd_character(source, error.start, "half of a surrogate pair") from None


def _plain_text(text: str) -> Source:
    null = text.find("\0")
    if null >= 0:
        raise _odd_character(text, null, "a null character")
    return Source(text)


def _odd_character(text: str, offset: int, what: str) -> SourceError:
    before = Source(text[:offset]).lines
    start = (len(before), len(before[-1]) + 1)
    clean = Source(text.encode("utf-8", "replace").decode("utf-8"))
    message = f"the script holds {what}"
    end = (start[0], start[1] + 1)
    return SourceError(clean.diagnostic("script.syntax", message, "send plain text", start, end))


def _too_large(size: int, max_bytes: int) -> SourceError:
    message = f"the script has {size} bytes, {max_bytes} are allowed"
    hint = "send a shorter script; large data belongs in files or tool results"
    return SourceError(Source("").diagnostic("script.too_large", message, hint))
