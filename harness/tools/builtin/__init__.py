"""The tools that come with the package. A harness has those that its embedder gives it.

tools = reading_tools("path/to/folder")
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.confine.command import Launcher
    from harness.tools.binding import Tool
    from harness.tools.builtin.workspace import Workspace
    from policy.limits import Limits
    from policy.settings import Settings

__all__ = ["built_in_tools", "reading_tools"]


def built_in_tools(
    workspace: str,
    *,
    settings: Callable[[], Settings],
    launcher: Launcher | None,
    limits: Limits,
) -> list[Tool]:
    """Make the tools that a harness with a workspace has, those excepted that its settings leave out.

    Args:
        workspace: The folder's resolved path.
        settings: Tells the settings in force.
        launcher: Starts commands.
        limits: The loosest that a run may have.

    Raises:
        ConfigError: `config.invalid`, the folder cannot be opened, or settings leave out what there is not.
    """
    return reading_tools(workspace)


def reading_tools(workspace: str | os.PathLike[str] | Workspace) -> list[Tool]:
    """Make the tools that read a folder: `read_file`, `list_dir`, `file_search`, `grep_files`.

    Args:
        workspace: The folder, or a `Workspace` made with grants for paths that hold secrets.

    Raises:
        ConfigError: `config.invalid`, the folder cannot be opened.
    """
    from harness.tools.builtin.file_search import file_search_tool
    from harness.tools.builtin.grep_files import grep_files_tool
    from harness.tools.builtin.list_dir import list_dir_tool
    from harness.tools.builtin.read_file import read_file_tool
    from harness.tools.builtin.workspace import Workspace

    below = workspace if isinstance(workspace, Workspace) else Workspace(workspace)
    return [read_file_tool(below), list_dir_tool(below), file_search_tool(below), grep_files_tool(below)]
