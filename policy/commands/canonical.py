"""The form of a command under which an approval of it is remembered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from policy.commands.parsing import Words, is_shell_script, opened
from policy.commands.wrappers import base_name

SCRIPT_MARKER: Final = "<shell script>"


def canonical_argv(argv: Sequence[str]) -> Words:
    """The argv that a command comes down to.

    `bash -lc` of one plain command is that command, so spaces and quotes do not count. Any other script is a marker,
    the shell, its option, and the text itself. Other commands are themselves.
    """
    if not is_shell_script(argv):
        return tuple(argv)
    commands = opened(argv)
    if commands is not None and len(commands) == 1:
        return commands[0]
    return (SCRIPT_MARKER, base_name(argv[0]), argv[1], argv[2])
