"""The command `toolscript`. What a command needs is imported when it runs."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command and leave with its exit code."""
    from harness.cli.commands import run_command

    sys.exit(run_command(sys.argv[1:]))
