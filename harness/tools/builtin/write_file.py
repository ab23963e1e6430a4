"""`write_file`: give a file a content."""

from __future__ import annotations

import stat
from math import inf
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from harness.errors import CallError
from harness.tools.binding import Tool, ToolContext
from harness.tools.builtin.changes import Change, make_changes
from harness.tools.builtin.patience import in_thread
from harness.tools.builtin.places import MAX_FILE_BYTES, Found, Place, Places, refuse_unwritable
from harness.tools.builtin.workspace import shown
from policy.effects import Effect, Writes
from policy.grants import Grants


class WriteFile(BaseModel):
    """Arguments of `write_file`."""

    model_config = ConfigDict(extra="forbid")

    path: str = Field(description="File below the workspace root; missing folders are made.")
    content: str = Field(description="The text, written as it is.")
    mode: Literal["overwrite", "create", "append"] = Field(
        "overwrite", description="'create' fails if the file exists; 'append' puts the text behind what is there."
    )


def write_file_tool(places: Places) -> Tool:
    """Make the tool `write_file`.

    It returns `{"path", "bytes", "created"}`: the path below the workspace, links resolved; the size of the file now;
    whether it is new. The file is replaced as one step, and its permissions are kept; on failure it is as it was.

    Errors: `tool.failed` for a folder, a pipe, an existing file with "create", a full disk; `sandbox.denied`, the path
    leads out of what may be written; `policy.forbidden`, it is protected.
    """

    async def handle(arguments: WriteFile, context: ToolContext) -> object:
        change = await in_thread(lambda patience: _change(places, arguments, context.grants), budget_s=inf)
        await make_changes(places, [change])
        size = len(change.content or b"")
        return {"path": change.place.shown, "bytes": size, "created": change.before is None}

    def effect(arguments: WriteFile, grants: Grants) -> Effect:
        return Writes((places.resolve(arguments.path).path,))

    return Tool(
        name="write_file",
        description=(
            "Write a text file of the workspace: make it, replace it, or append to it. Returns a dict with path, bytes "
            "(its size now) and created. To change a part of a file use edit_file or apply_patch."
        ),
        parameters=WriteFile,
        handler=handle,
        parallel=False,
        risk="write",
        effect=effect,
        takes_context=True,
        returns=_RETURNS,
    )


_RETURNS = {
    "type": "object",
    "properties": {"path": {"type": "string"}, "bytes": {"type": "integer"}, "created": {"type": "boolean"}},
    "required": ["path", "bytes", "created"],
}


def _change(places: Places, arguments: WriteFile, grants: Grants) -> Change:
    content = encoded(arguments.content, "content")
    place = places.resolve(arguments.path)
    refuse_unwritable([place], grants)
    found = places.read(place)
    if found is None:
        return Change(place, None, content)
    require_file(place, found)
    if arguments.mode == "create":
        raise CallError(
            "tool.failed", f"{shown(arguments.path)} exists already", hint="overwrite it with mode='overwrite'"
        )
    if arguments.mode == "append":
        content = content_of(place, found) + content
    return Change(place, found.status, content, stat.S_IMODE(found.status.st_mode))


def encoded(text: str, parameter: str) -> bytes:
    """The text as UTF-8.

    Raises:
        CallError: `tool.invalid_arguments`, it holds half a surrogate pair.
    """
    try:
        return text.encode()
    except UnicodeEncodeError:
        message = f"{parameter} holds characters that are not valid Unicode"
        raise CallError("tool.invalid_arguments", message) from None


def require_file(place: Place, found: Found) -> None:
    """Say no to what is no regular file.

    Raises:
        CallError: `tool.failed`.
    """
    if found.is_folder:
        raise CallError("tool.failed", f"{shown(place.asked)} is a folder, not a file", hint="name a file in it")
    if not found.is_file:
        raise CallError("tool.failed", f"{shown(place.asked)} is a pipe, socket or device; only files are written")


def content_of(place: Place, found: Found) -> bytes:
    """The bytes of a regular file.

    Raises:
        CallError: `tool.failed`, it is too large.
    """
    if found.content is None:
        raise CallError(
            "tool.failed", f"{shown(place.asked)} is larger than {MAX_FILE_BYTES:,} bytes, the most that is changed"
        )
    return found.content
