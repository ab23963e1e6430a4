"""`list_dir`: what a folder holds."""

from __future__ import annotations

from itertools import islice

from pydantic import BaseModel, ConfigDict, Field

from harness.tools.binding import Tool
from harness.tools.builtin.patience import Patience, in_thread
from harness.tools.builtin.walk import MAX_DEPTH, Walk
from harness.tools.builtin.workspace import Workspace, shown_path

_BUDGET_S = 10.0


class ListDir(BaseModel):
    """Arguments of `list_dir`."""

    model_config = ConfigDict(extra="forbid")

    path: str = Field(".", description="Folder below the workspace root; '.' is the root.")
    depth: int = Field(1, ge=1, le=MAX_DEPTH, description="Levels of folders to list; 1 is the folder alone.")
    gitignore: bool = Field(True, description="Leave out .git and what .gitignore files leave out.")
    limit: int = Field(500, ge=1, le=5_000, description="How many entries to return at most.")


def list_dir_tool(workspace: Workspace) -> Tool:
    """Make the tool `list_dir`.

    It returns `{"path", "entries", "truncated"}`. An entry is `{"name", "type", "size"}`: the path below the listed
    folder; "file", "folder", "link" or "other"; bytes of a file, else null. Entries are sorted by name, a folder
    before what it holds. Links are named, not followed. Files that hold secrets are named; secret folders and `.git`
    are named, and not entered. `truncated` is true when there is more.

    Errors: `policy.forbidden`; `tool.failed` for a missing folder, or a file.
    """

    async def handle(arguments: ListDir) -> object:
        return await in_thread(lambda patience: _list(workspace, arguments, patience), budget_s=_BUDGET_S)

    return Tool(
        name="list_dir",
        description=(
            "List a folder of the workspace. Returns a dict with path, entries (a list of dicts with name, relative "
            "to that folder, type: 'file', 'folder', 'link' or 'other', and size in bytes, None unless a file) and "
            "truncated."
        ),
        parameters=ListDir,
        handler=handle,
        returns=_RETURNS,
    )


_RETURNS = {
    "type": "object",
    "properties": {
        "path": {"type": "string"},
        "entries": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "type": {"enum": ["file", "folder", "link", "other"]},
                    "size": {"type": ["integer", "null"]},
                },
                "required": ["name", "type", "size"],
            },
        },
        "truncated": {"type": "boolean"},
    },
    "required": ["path", "entries", "truncated"],
}


def _list(workspace: Workspace, arguments: ListDir, patience: Patience) -> dict[str, object]:
    walk = Walk(workspace, patience, depth=arguments.depth, gitignore=arguments.gitignore, secrets=True)
    with workspace.open_folder(arguments.path) as opened:
        above = len(opened.parts)
        found = [
            {"name": shown_path(entry.parts[above:]), "type": entry.type, "size": entry.size()}
            for entry in islice(walk.entries(opened), arguments.limit + 1)
        ]
        return {
            "path": opened.path,
            "entries": found[: arguments.limit],
            "truncated": len(found) > arguments.limit or walk.cut_by is not None,
        }
