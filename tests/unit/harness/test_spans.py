"""How much of a run goes into its spans."""

from __future__ import annotations

from harness.telemetry.spans import _content


def test_long_content_is_cut_and_says_how_long_it_was() -> None:
    assert _content("x" * 16_382) == '"' + "x" * 16_382 + '"'
    assert _content("x" * 16_383) == '"' + "x" * 16_383 + "... [16385 characters]"
