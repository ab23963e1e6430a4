"""Text that is safe to show."""

from __future__ import annotations

import unicodedata

import pytest

from harness.visible_text import unmistakable, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, ünïcode, 漢字, 😀", "plain text, ünïcode, 漢字, 😀"),
        ("\x1b[2J", "\\x1b[2J"),
        ("a\r\nb\tc", "a\\x0d\\x0ab\\x09c"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("a\u200bb\u2060c\ufeff", "a\\u200bb\\u2060c\\ufeff"),
        ("a\u00a0b\u3000c", "a\\xa0b\\u3000c"),
        ("a\u2028b\u2029c", "a\\u2028b\\u2029c"),
        ("x\U000e0041y", "x\\U000e0041y"),
        ("x\ufe0fy\U000e0100z", "x\\ufe0fy\\U000e0100z"),
        ("\u3164\u115f\u2800", "\\u3164\\u115f\\u2800"),
        ("e\u0301", "e\u0301"),
        ("e\u0301\u0301\u0301\u0301", "e\u0301\u0301\\u0301\\u0301"),
        ("\ud800", "\\ud800"),
    ],
    ids=ascii,
)
def test_what_cannot_be_seen_is_spelled_out(text: str, shown: str) -> None:
    assert unmistakable(text) == shown


def test_every_control_and_format_character_is_spelled_out() -> None:
    unseen = [chr(n) for n in range(0x110000) if unicodedata.category(chr(n)) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    assert len(unseen) > 2000
    assert all(unmistakable(character).startswith("\\") for character in unseen)


def test_printed_text_keeps_its_lines() -> None:
    assert visible("a\nb\tc\x1b\u202e") == "a\nb\tc\\x1b\\u202e"
