from __future__ import annotations

import pytest

from policy.patch import Chunk, MatchError, apply_chunks
from policy.patch.grammar import Line, UpdateFile, parse_patch


def chunks(*lines: str) -> tuple[Chunk, ...]:
    (hunk,) = parse_patch("\n".join(["*** Begin Patch", "*** Update File: a", *lines, "*** End Patch"])).hunks
    assert isinstance(hunk, UpdateFile)
    return hunk.chunks


def message(text: str, *lines: str) -> str:
    with pytest.raises(MatchError) as caught:
        apply_chunks(text, chunks(*lines))
    return caught.value.mismatches[0].message


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("x\nx \n  x\n", 0),  # as it is
        ("z\nx \n  x\n", 1),  # trailing white space
        ("z\n  x\nx\t\n", 2),  # trailing white space comes before leading
        ("z\n\u2003x\n", 1),  # white space around
    ],
)
def test_the_passes_come_in_order_each_through_the_whole_rest(text: str, place: int) -> None:
    result = apply_chunks(text, chunks("-x", "+new"))
    assert result.split("\n").index("new") == place


@pytest.mark.parametrize(
    ("file", "written"),
    [
        ("a \u2014 b", "a - b"),
        ("a\u2212b", "a-b"),
        ("\u2018a\u201b", "'a'"),
        ("\u201ca\u201f", '"a"'),
        ("a\u3000b", "a b"),
    ],
)
def test_typographic_signs_read_as_ascii_both_ways(file: str, written: str) -> None:
    assert apply_chunks(f"{file}\n", chunks(f"-{written}", "+x")) == "x\n"
    assert apply_chunks(f"{written}\n", chunks(f"-{file}", "+x")) == "x\n"


def test_other_letters_are_not_taken_for_each_other() -> None:
    assert "were not found" in message("é\n", "-e", "+x")


def test_a_chunk_begins_behind_the_one_before() -> None:
    assert apply_chunks("a\na\na\n", chunks("-a", "+1", "@@", "-a", "+2")) == "1\n2\na\n"
    assert "below line 3" in message("b\na\nc\n", " a", "-c", "+d", "@@", "-b", "+x")


def test_an_end_of_file_chunk_does_not_reach_into_the_one_before() -> None:
    assert "not found at the end" in message("a\nb\n", "-a", "-b", "+x", "@@", "-b", "+y", "*** End of File")


def test_context_lines_match_as_loosely_as_old_lines() -> None:
    assert apply_chunks("  def f():  \n1\ndef g():\n1\n", chunks("@@ def f():", "-1", "+2")).count("2") == 1
    assert apply_chunks("\tclass A:\n1\n", chunks("@@ class A:", "-1", "+2")) == "\tclass A:\n2\n"


def test_the_empty_last_old_line_is_used_where_the_file_has_one() -> None:
    assert apply_chunks("1\n\n2\n", chunks(" 1", "-")) == "1\n2\n"
    assert apply_chunks("1\n", chunks("-1", "+2", "")) == "2\n"
    assert apply_chunks("1\n", chunks(" 1", "", "+2")) == "1\n\n2\n"
    assert apply_chunks("1\n", chunks("-1", "-", "+2", "+")) == "2\n"


def test_several_appends_keep_their_order() -> None:
    assert apply_chunks("1\n", chunks("+2", "@@", "+3", "@@", "-1", "+one")) == "one\n2\n3\n"


def test_the_most_agreeing_place_is_shown_not_the_first_alike() -> None:
    text = "a\nb\nx\na\nb\nc\nd\nE\n"
    assert "the nearest place is line 4, but line 8 is\n    E\n  and not\n    e" in message(
        text, " a", " b", " c", " d", "-e"
    )


def test_what_is_shown_is_cut() -> None:
    shown = message("y\n", *["-" + "x" * 500] * 20)
    assert "... and 12 more" in shown
    assert max(map(len, shown.split("\n"))) < 130


def test_a_message_holds_nothing_that_json_cannot_carry() -> None:
    assert message("abc\udcff\n", "-abc\u00ff").encode()


def test_the_pause_ends_the_work() -> None:
    class Over(Exception):
        pass

    def over() -> None:
        raise Over

    with pytest.raises(Over):
        apply_chunks("a\n", (Chunk(1, (), (Line("-", "a"),)),), pause=over)
