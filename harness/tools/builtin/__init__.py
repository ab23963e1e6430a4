"""The tools that come with the package.

tools = reading_tools("path/to/folder")
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.confine.command import Launcher
    from harness.tools.binding import Tool
    from harness.tools.builtin.spawn import StartTask
    from harness.tools.builtin.workspace import Workspace
    from policy.limits import Limits
    from policy.settings import Settings

__all__ = ["NAMES", "built_in_tools", "reading_tools"]


def built_in_tools(
    workspace: str,
    *,
    settings: Callable[[], Settings],
    launcher: Launcher,
    limits: Limits,
    start_task: StartTask,
) -> list[Tool]:
    """Make the tools that a harness with a workspace has, those excepted that its settings leave out.

    `http` is among them if network policy allows anything, `spawn.*` if the settings say so.

    Args:
        workspace: The folder's resolved path.
        settings: Tells the settings in force: of the call that is considered or performed, and outside of one the
            widest that any call could have.
        launcher: Starts commands.
        limits: The loosest that a run may have.
        start_task: Starts a task that is cancelled when the harness is closed.

    Raises:
        ConfigError: `config.invalid`, the folder cannot be opened.
    """
    from harness.tools.builtin.exec import exec_tools
    from harness.tools.builtin.http import http_tool
    from harness.tools.builtin.spawn import spawn_tools
    from harness.tools.builtin.workspace import Workspace
    from harness.tools.builtin.writing import writing_tools

    chosen = settings()
    below = Workspace(workspace, granted=lambda: settings().readable)
    made = [
        *reading_tools(below),
        *writing_tools(workspace),  # what may be read in spite of its name may not be written for that
        *exec_tools(workspace, launcher=launcher, settings=settings, limits=limits),
    ]
    if chosen.network.mode != "restricted":
        made.append(http_tool(lambda: settings().network))
    if chosen.spawn:
        made += spawn_tools(workspace, launcher=launcher, settings=settings, limits=limits, start_task=start_task)
    return [tool for tool in made if tool.name not in chosen.without]


NAMES = (
    "apply_patch",
    "edit_file",
    "exec",
    "file_search",
    "grep_files",
    "http",
    "list_dir",
    "read_file",
    "spawn.cancel",
    "spawn.exec",
    "spawn.poll",
    "write_file",
)
"""Every tool that there can be."""


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
