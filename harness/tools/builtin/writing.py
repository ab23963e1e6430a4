"""The tools that write files, together."""

from __future__ import annotations

import os

from harness.tools.binding import Tool
from harness.tools.builtin.apply_patch import apply_patch_tool
from harness.tools.builtin.edit_file import edit_file_tool
from harness.tools.builtin.places import Places
from harness.tools.builtin.workspace import Workspace
from harness.tools.builtin.write_file import write_file_tool


def writing_tools(workspace: str | os.PathLike[str] | Workspace) -> list[Tool]:
    """Make the tools that write: `apply_patch`, `write_file`, `edit_file`. What they may write, each call's grants say.

    Args:
        workspace: The folder that relative paths count from, or a `Workspace` made with grants for secret paths.

    Raises:
        ConfigError: `config.invalid`, the folder cannot be opened.
    """
    places = Places(workspace if isinstance(workspace, Workspace) else Workspace(workspace))
    return [apply_patch_tool(places), write_file_tool(places), edit_file_tool(places)]
