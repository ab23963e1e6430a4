"""The page about removed barriers is generated; here it is only checked to be complete."""

from __future__ import annotations

from harness.confine import BARRIERS
from tests.security.raw.peel import PAGE


def test_the_page_about_removed_barriers_has_a_row_for_each_as_root_and_as_an_ordinary_user() -> None:
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == [*BARRIERS, *BARRIERS]
