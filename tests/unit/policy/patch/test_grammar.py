from __future__ import annotations

import time
from contextlib import suppress

import pytest

from policy.patch import AddFile, DeleteFile, PatchError, UpdateFile, parse_patch

# What patches mean is told by tests/data/patches; here stands what is not visible from outside.


def test_hunks_and_chunks_know_the_line_of_the_patch_they_begin_at() -> None:
    text = "\n\n*** Begin Patch\n*** Add File: a\n+1\n\n*** Delete File: b\n*** Update File: c\n-1\n@@ x\n+2\n*** End Patch"
    add, delete, update = parse_patch(text).hunks
    assert isinstance(update, UpdateFile)
    assert [add.at, delete.at, update.at, *[chunk.at for chunk in update.chunks]] == [4, 7, 8, 9, 10]
    assert (add, delete) == (AddFile(4, "a", ("1",)), DeleteFile(7, "b"))


def test_lines_keep_everything_behind_their_sign() -> None:
    update = parse_patch("*** Begin Patch\n*** Update File: a\n@@\n-\t- x \n+ \n \n*** End Patch").hunks[0]
    assert isinstance(update, UpdateFile)
    assert [(line.op, line.text) for line in update.chunks[0].lines] == [("-", "\t- x "), ("+", " "), (" ", "")]


def test_a_line_with_a_space_before_a_marker_is_a_line_of_the_file() -> None:
    hunks = parse_patch(
        "*** Begin Patch\n*** Update File: a\n@@\n *** Delete File: b\n+x\n *** End Patch\n*** End Patch"
    ).hunks
    assert len(hunks) == 1


@pytest.mark.parametrize(
    "text",
    [
        "*** Begin Patch\n*** Add File: a\n+x\n*** End Patch",
        "<<EOF\n*** Begin Patch\n*** Add File: a\n+x\n*** End Patch\nEOF",
        "apply_patch <<'EOF'\n*** Begin Patch\n*** Add File: a\n+x\n*** End Patch\nEOF\n",
        "\t*** Begin Patch\r\n\t*** Add File:a\r\n\t+x\r\n\r\n\t*** End Patch\r\n",
    ],
)
def test_wrappings_make_no_difference(text: str) -> None:
    (hunk,) = parse_patch(text).hunks
    assert isinstance(hunk, AddFile)
    assert (hunk.path, hunk.lines) == ("a", ("x",))


def test_a_mismatched_heredoc_is_no_wrapper() -> None:
    with pytest.raises(PatchError, match="line 1: the first line must be"):
        parse_patch("<<'EOF\"\n*** Begin Patch\n*** Add File: a\n+x\n*** End Patch\nEOF")


def test_reading_is_linear() -> None:
    lines = {
        "added": ["*** Add File: a", *["+x"] * 100_000],
        "blank": ["*** Add File: a", *[""] * 100_000],
        "wrong": ["*** Update File: a", *["x"] * 100_000],
        "chunks": ["*** Update File: a", *["@@", "-x"] * 50_000],
        "contexts": ["*** Update File: a", *["@@ x"] * 100_000],
        "headers": ["*** Update File: a"] * 100_000,
    }
    for name, body in lines.items():
        started = time.perf_counter()
        with suppress(PatchError):
            parse_patch("\n".join(["*** Begin Patch", *body, "*** End Patch"]))
        assert time.perf_counter() - started < 3, name


@pytest.mark.parametrize("line", ["@@x", "@@*** Add File: c", "@@@"])
def test_at_signs_that_begin_no_chunk_are_reported_and_passed(line: str) -> None:
    """Found by `make fuzz`: behind a whole chunk the reader once stood before such a line for ever."""
    with pytest.raises(PatchError) as caught:
        parse_patch(f"*** Begin Patch\n*** Update File: a\n+ z\n*** End of File\n{line}\n+y\n*** End Patch")
    assert caught.value.problems == ("line 5: a chunk behind the first begins with '@@'",)
