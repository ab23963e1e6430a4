from __future__ import annotations

import difflib
from contextlib import suppress
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from policy.patch import MatchError, PatchError, UpdateFile, apply_chunks, parse_patch, render_diff
from policy.patch.diff import changed_blocks
from policy.patch.texts import split_text
from tests.unit.policy.patch.test_diff import rebuilt

LINES = st.lists(
    st.sampled_from(["a", "b", "c", "", "  a", "a ", "*** End Patch", "@@", "+x", "-y", "— “é”", "\x0b\x85"]),
    max_size=12,
)
PATCHLIKE = st.lists(
    st.one_of(
        st.sampled_from(
            ["*** Begin Patch", "*** End Patch", "*** Add File: a", "*** Update File: b", "*** Delete File: c", "*** Move to: d",
             "@@", "@@ x", "*** End of File", "", " ", "+", "-", "<<EOF", "EOF", "***"]
        ),
        st.text(max_size=6),
    ),
    max_size=14,
)  # fmt: skip


def patch_between(old: list[str], new: list[str], context: int) -> str:
    """Write an update as a model would: one chunk for each change, some lines around it, a context line far above."""
    lines = ["*** Begin Patch", "*** Update File: a"]
    for group in difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(context):
        lines.append("@@")
        for tag, i1, i2, j1, j2 in group:
            lines += [f" {line}" for line in old[i1:i2]] if tag == "equal" else []
            lines += [f"-{line}" for line in old[i1:i2]] if tag != "equal" else []
            lines += [f"+{line}" for line in new[j1:j2]] if tag != "equal" else []
        if group[-1][2] == len(old):
            lines.append("*** End of File")
    return "\n".join([*lines, "*** End Patch"])


def applied(text: str, patch: str) -> str:
    (hunk,) = parse_patch(patch).hunks
    assert isinstance(hunk, UpdateFile)
    return apply_chunks(text, hunk.chunks)


@given(old=LINES, new=LINES)
def test_a_patch_made_from_two_texts_turns_the_one_into_the_other(old: list[str], new: list[str]) -> None:
    """With the whole text as context there is one place only, so the result is exact."""
    assume(old != new)
    before, after = ("".join(f"{line}\n" for line in lines) for lines in (old, new))
    assert applied(before, patch_between(old, new, context=100)) == after


@given(
    length=st.integers(1, 40),
    edits=st.lists(
        st.tuples(st.sampled_from(["replace", "insert", "delete"]), st.integers(0, 39)), min_size=1, max_size=5
    ),
    context=st.integers(1, 4),
)
def test_small_chunks_find_lines_that_are_all_different(length: int, edits: list[Any], context: int) -> None:
    old = [f"line {number}" for number in range(length)]
    new = list(old)
    for number, (kind, at) in enumerate(edits):
        at %= len(new) + (kind == "insert")
        new[at : at + (kind != "insert")] = [] if kind == "delete" else [f"new {number}"]
        assume(new)
    assume(old != new)
    before, after = ("".join(f"{line}\n" for line in lines) for lines in (old, new))
    assert applied(before, patch_between(old, new, context)) == after


@given(st.lists(st.sampled_from(["a", "b", ""]), min_size=1, max_size=10), st.data())
def test_endings_bom_and_a_missing_newline_outlive_a_change(lines: list[str], data: st.DataObject) -> None:
    """Line endings of each file are kept, context lines untouched."""
    ending = data.draw(st.sampled_from(["\n", "\r\n"]))
    bom, last = data.draw(st.sampled_from(["", "\ufeff"])), data.draw(st.sampled_from(["", ending]))
    assume(lines[-1] or last)
    at = data.draw(st.integers(0, len(lines) - 1))
    new = [*lines[:at], "new", "lines", *lines[at + 1 :]]
    patch = patch_between(lines, new, context=100)
    before, after = (bom + ending.join(each) + last for each in (lines, new))
    assume(len(lines) > 1 or last or ending == "\n")  # nothing else shows what ends a line
    assert applied(before, patch) == after


@given(st.text(alphabet="ab \t\r\n\ufeff—-", max_size=60))
def test_splitting_and_joining_give_the_text_back(text: str) -> None:
    split = split_text(text)
    assert split.joined(split.lines) == text


@settings(max_examples=300)
@given(st.one_of(st.text(), PATCHLIKE.map("\n".join), PATCHLIKE.map(lambda x: "\n".join(["*** Begin Patch", *x, "*** End Patch"]))),
       st.text(max_size=40))  # fmt: skip
def test_any_text_is_a_patch_or_a_patch_error_that_names_lines(patch: str, text: str) -> None:
    try:
        hunks = parse_patch(patch).hunks
    except PatchError as error:
        problems = error.problems
    else:
        problems = ("it is one",) if hunks else ()
        for hunk in hunks:
            if isinstance(hunk, UpdateFile):
                with suppress(MatchError):
                    apply_chunks(text, hunk.chunks)
    assert problems


@given(LINES, LINES)
def test_blocks_of_a_diff_rebuild_the_new_text(old: list[str], new: list[str]) -> None:
    blocks = changed_blocks(old, new)
    assert rebuilt(list(old), list(new), blocks) == new


@given(st.text(alphabet="ab\n", max_size=40), st.text(alphabet="ab\n", max_size=40))
def test_a_diff_counts_its_own_lines(old: str, new: str) -> None:
    diff = render_diff(old, new, old_name="x", new_name="y", max_chars=10_000)
    body = diff.text.split("\n")[2:]
    assert sum(line.startswith("+") for line in body) == diff.added
    assert sum(line.startswith("-") for line in body) == diff.removed
    assert bool(diff.text) == (old != new)
