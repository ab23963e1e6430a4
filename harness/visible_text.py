"""Text from scripts, tools and models, made safe to show on a terminal."""

from __future__ import annotations

import re
import unicodedata

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls but tab and newline: they move the cursor, set colours and titles
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # reorder what is read
    "\ud800-\udfff]"  # cannot be encoded
)
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs, by their category, that look like nothing."""
_MOST_MARKS = 2
"""Marks that may stand above or below one letter; more of them reach into other lines."""


def visible(text: str) -> str:
    """Return text that a terminal shows as it is: control and bidirectional characters are spelled out.

    What a script prints, and what a tool returns, must not move the cursor, set the title or hide a line.
    """
    return _UNSAFE.sub(lambda match: _spelled(match.group()), text)


def unmistakable(text: str) -> str:
    """Return text on one line in which every character can be seen: all others are spelled out.

    For what a person decides about. Beside controls, that is every kind of space but the common one, line ends,
    formatting and unassigned characters, selectors of variants, and marks that pile up.
    """
    if text.isascii() and text.isprintable():
        return text
    shown: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        shown.append(_spelled(character) if marks > _MOST_MARKS or _is_unseen(character) else character)
    return "".join(shown)


def _is_unseen(character: str) -> bool:
    is_selector = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    return not character.isprintable() or character in _BLANK or is_selector


def _spelled(character: str) -> str:
    number = ord(character)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
