"""A patch changes all of its files or none, whatever the system refuses, and at whatever step."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import anyio
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from harness.errors import CallError
from harness.tools.binding import ToolContext
from harness.tools.builtin import changes
from harness.tools.builtin.writing import writing_tools
from policy.grants import Grants
from tests.unit.harness.tools.builtin.failing_system import Failing

NAMES = ("a", "b", "folder/c", "folder/deep/d", "new/e", "new/er/f")
STEPS = ("open", "write", "fchmod", "mkdir", "stat", "link", "rename")
"""What `changes` calls until everything is in its place. Undoing and tidying up are not made to fail as well."""

texts = st.lists(st.sampled_from(["1", "2", "3"]), max_size=3).map(lambda lines: "".join(f"{line}\n" for line in lines))
trees = st.dictionaries(st.sampled_from(NAMES), texts, min_size=2, max_size=5)
acts = st.lists(
    st.tuples(
        st.sampled_from(["add", "delete", "update", "move"]), st.sampled_from(NAMES), st.sampled_from(NAMES), texts
    ),
    min_size=1,
    max_size=5,
)


@contextmanager
def failing_at(number: int, *, has_links: bool) -> Iterator[Failing]:
    system = Failing(number, counted=STEPS, has_links=has_links)
    changes.os = system  # type: ignore[assignment]  # stands in for the module
    try:
        yield system
    finally:
        changes.os = os


def hunks_of(before: dict[str, str], chosen: Sequence[tuple[str, str, str, str]]) -> tuple[list[str], dict[str, str]]:
    """Write those acts that are possible as hunks; return them, and the files that they make."""
    files, lines = dict(before), []
    for kind, name, other, text in chosen:
        old, new = (
            [f"{sign}{line}" for line in part.splitlines()] for sign, part in (("-", files.get(name, "")), ("+", text))
        )
        if kind == "add":
            lines += [f"*** Add File: {name}", *new]
            files[name] = text
        elif name in files and kind == "delete":
            lines.append(f"*** Delete File: {name}")
            del files[name]
        elif name in files and kind == "move" and name != other:
            lines += [f"*** Update File: {name}", f"*** Move to: {other}"]
            files[other] = files.pop(name)
        elif name in files and kind == "update" and text not in (files[name], ""):
            lines += [f"*** Update File: {name}", "@@", *old, *new]
            files[name] = text
    return lines, files


def contents(root: Path) -> dict[str, tuple[int, str | None]]:
    """Every file and folder below, by name: its mode, and the content of a file."""
    return {
        str(path.relative_to(root)): (path.stat().st_mode, path.read_text() if path.is_file() else None)
        for path in root.rglob("*")
    }


def fill(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
        (root / name).chmod(0o640)


def refusal(root: Path, lines: Sequence[str]) -> str:
    """Apply a patch, and return what it was refused for, "" if it was not."""
    tool = next(tool for tool in writing_tools(root) if tool.name == "apply_patch")
    arguments = tool.validated({"patch": "\n".join(["*** Begin Patch", *lines, "*** End Patch"])})
    context = ToolContext(call_id="1", grants=Grants(writable=(str(root),)))
    try:
        anyio.run(tool.invoke, arguments, lambda: context)
    except CallError as error:
        return error.message
    return ""


@settings(max_examples=60)
@given(before=trees, chosen=acts, has_links=st.booleans())
def test_a_patch_that_fails_at_any_step_leaves_everything_as_it_was_and_else_does_all(
    before: dict[str, str], chosen: list[tuple[str, str, str, str]], has_links: bool
) -> None:
    """Applied so that a failure leaves every file as it was."""
    lines, after = hunks_of(before, chosen)
    assume(lines)
    for number in count(1):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder).resolve()
            fill(root, before)
            found = contents(root)
            with failing_at(number, has_links=has_links) as system:
                refused = refusal(root, lines)
            if system.count < number:
                assert refused == ""
                assert {name: text for name, (_, text) in contents(root).items() if text is not None} == after
                return
            assert refused.startswith("nothing was changed: ")
            assert contents(root) == found
