"""A file's text as lines, so that line endings, a missing last newline and a byte order mark outlive a change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class TextLines:
    """The lines of a text.

    Attributes:
        lines: Without the "\\n"; a "\\r" before it is part of the line. The last line ends like the others here.
        bom: The byte order mark at the start, or "".
        missing: What the text lacks at its end although `lines` has it: "", "\\n" or "\\r\\n".
    """

    lines: list[str]
    bom: str
    missing: str

    def joined(self, lines: Iterable[str]) -> str:
        """Make a text of other lines, with the same beginning and end."""
        text = "".join(f"{line}\n" for line in lines)
        if self.missing:
            text = text.removesuffix("\n")
            if self.missing == "\r\n":
                text = text.removesuffix("\r")
        return self.bom + text


def split_text(text: str) -> TextLines:
    """Split a text. Only "\\n" and "\\r\\n" end a line."""
    bom = _BOM if text.startswith(_BOM) else ""
    lines = text[len(bom) :].split("\n")
    if not lines[-1]:
        lines.pop()
        return TextLines(lines, bom, "")
    is_crlf = len(lines) > 1 and lines[-2].endswith("\r")
    if is_crlf:
        lines[-1] += "\r"
    return TextLines(lines, bom, "\r\n" if is_crlf else "\n")
