"""`edit_file`: replace a stretch of text that occurs once."""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from harness.errors import CallError
from harness.tools.binding import Tool, ToolContext
from harness.tools.builtin.changes import Change, make_changes
from harness.tools.builtin.patch_plan import MAX_DIFF_CHARS
from harness.tools.builtin.patience import Patience, in_thread, pause_of
from harness.tools.builtin.places import Place, Places, refuse_unwritable
from harness.tools.builtin.workspace import shown
from harness.tools.builtin.write_file import content_of, encoded, require_file
from policy.effects import Effect, Writes
from policy.grants import Grants
from policy.patch import describe_nearest, render_diff

_BUDGET_S = 10.0
_TOLD_LINES = 10


class EditFile(BaseModel):
    """Arguments of `edit_file`."""

    model_config = ConfigDict(extra="forbid")

    path: str = Field(description="File below the workspace root.")
    old: str = Field(min_length=1, description="The text to replace, exactly as it stands in the file.")
    new: str = Field(description="The text to put in its place.")
    replace_all: bool = Field(False, description="Replace every occurrence; otherwise there must be exactly one.")


def edit_file_tool(places: Places) -> Tool:
    """Make the tool `edit_file`.

    It returns `{"path", "replacements", "diff"}`: the path below the workspace, links resolved; how many occurrences
    were replaced; a unified diff, cut at 64 Ki characters. In a file with CRLF line endings a "\\n" of the arguments
    stands for one.

    Errors: `tool.failed`, the text does not occur, with the nearest lines, or more than once, with the lines; the file
    is missing, binary or larger than 8 MiB; `tool.invalid_arguments`, nothing would change; `sandbox.denied`, the path
    leads out of what may be written; `policy.forbidden`, it is protected.
    """

    async def handle(arguments: EditFile, context: ToolContext) -> object:
        edit = await in_thread(lambda patience: _edit(places, arguments, context.grants, patience), budget_s=_BUDGET_S)
        await make_changes(places, [edit.change])
        return {"path": edit.change.place.shown, "replacements": edit.replacements, "diff": edit.diff}

    def effect(arguments: EditFile, grants: Grants) -> Effect:
        return Writes((places.resolve(arguments.path).path,))

    return Tool(
        name="edit_file",
        description=(
            "Replace text in a file of the workspace. The old text must occur exactly once, so give enough of what is "
            "around it, or set replace_all. Returns a dict with path, replacements and diff."
        ),
        parameters=EditFile,
        handler=handle,
        parallel=False,
        risk="write",
        effect=effect,
        takes_context=True,
        returns=_RETURNS,
    )


_RETURNS = {
    "type": "object",
    "properties": {"path": {"type": "string"}, "replacements": {"type": "integer"}, "diff": {"type": "string"}},
    "required": ["path", "replacements", "diff"],
}


@dataclass(frozen=True, slots=True)
class _Edit:
    change: Change
    replacements: int
    diff: str


def _edit(places: Places, arguments: EditFile, grants: Grants, patience: Patience) -> _Edit:
    encoded(arguments.old, "old")
    encoded(arguments.new, "new")
    if arguments.old == arguments.new:
        raise CallError("tool.invalid_arguments", "old and new are the same, so nothing would change")
    place = places.resolve(arguments.path)
    refuse_unwritable([place], grants)
    found = places.read(place)
    if found is None:
        raise places.missing(place)
    require_file(place, found)
    text = _text(place, content_of(place, found))
    after, replacements = _replaced(text, place, arguments, pause_of(patience))
    content = after.encode("utf-8", "surrogateescape")
    change = Change(place, found.status, content, stat.S_IMODE(found.status.st_mode))
    return _Edit(change, replacements, _diff(place, text, after))


def _text(place: Place, content: bytes) -> str:
    if b"\0" in content:
        raise CallError("tool.failed", f"{shown(place.asked)} is a binary file, not text")
    return content.decode("utf-8", "surrogateescape")


def _replaced(text: str, place: Place, arguments: EditFile, pause: Callable[[], None]) -> tuple[str, int]:
    old, new = arguments.old, arguments.new
    if "\r\n" in text:
        new = _as_crlf(new)
        old = old if old in text else _as_crlf(old)
    count = text.count(old)
    if count == 0:
        raise _not_found(text, place, arguments.old, pause)
    if count > 1 and not arguments.replace_all:
        raise _found_often(text, place, old, count)
    after = text.replace(old, new)
    if after == text:
        raise CallError("tool.failed", "nothing would change: the file has that text already")
    return after, count


def _as_crlf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def _not_found(text: str, place: Place, old: str, pause: Callable[[], None]) -> CallError:
    lines = old.split("\n")
    nearest = describe_nearest(text, lines if lines[-1] else lines[:-1], pause=pause)
    return CallError(
        "tool.failed",
        f"the old text does not occur in {shown(place.asked)}" + (f"; {nearest}" if nearest else ""),
        hint="read the file, and copy the text as it stands there, white space included",
    )


def _found_often(text: str, place: Place, old: str, count: int) -> CallError:
    lines: list[int] = []
    at, line = 0, 1
    while len(lines) < _TOLD_LINES and (found := text.find(old, at)) >= 0:
        line += text.count("\n", at, found)
        lines.append(line)
        at, line = found + len(old), line + old.count("\n")
    where = ", ".join(map(str, lines)) + (", ..." if count > len(lines) else "")
    return CallError(
        "tool.failed",
        f"the old text occurs {count} times in {shown(place.asked)}, at lines {where}",
        hint="give more of what is around the one you mean, or set replace_all=True",
        details={"count": count, "lines": lines},
    )


def _diff(place: Place, before: str, after: str) -> str:
    old, new = (text.encode("utf-8", "replace").decode() for text in (before, after))
    names = {"old_name": f"a/{place.shown}", "new_name": f"b/{place.shown}"}
    return render_diff(old, new, max_chars=MAX_DIFF_CHARS, **names).text
