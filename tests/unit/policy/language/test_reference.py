"""The reference page says what the tables say."""

from __future__ import annotations

from pathlib import Path

from policy.language.reference import render

PAGE = Path(__file__).resolve().parents[4] / "docs" / "reference" / "language.md"


def test_the_page_is_rendered_from_the_tables() -> None:
    """Write it anew with `python -m policy.language.reference > docs/reference/language.md`."""
    assert PAGE.read_text(encoding="utf-8") == render()
