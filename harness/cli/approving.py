"""Chooses who answers the questions of a run: the person at the terminal, or nobody."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Literal, TextIO

if TYPE_CHECKING:
    from harness.approvals.approver import Approver
    from harness.approvals.line_input import LineInput
    from harness.cli.running import View

ApproverName = Literal["auto", "terminal", "deny"]

NO_TERMINAL = (
    "nobody can be asked: standard input is no terminal; run the command at a terminal, "
    "or answer in lines with --approver terminal"
)
SCRIPT_TAKES_INPUT = "nobody can be asked: the script came from standard input, and there is no terminal beside it"


def approver_for(
    view: View,
    *,
    chosen: ApproverName = "auto",
    is_input_taken: bool = False,
    is_output_taken: bool = False,
    lines: LineInput | None = None,
) -> Approver:
    """Return who answers. Call it before the view begins to draw.

    Questions go to standard error if that is a terminal, else to standard output, else to the terminal itself.

    Args:
        view: Draws while the script runs, and is suspended while a question is open.
        chosen: "terminal" asks in any case, also through pipes; "deny" asks nobody; "auto" asks if input is a terminal.
        is_input_taken: The script came from standard input: answers are read from the terminal, if there is one.
        is_output_taken: Standard output carries JSON: questions never go there.
        lines: Of standard input, where others read them too.
    """
    from harness.approvals.deny_all import DenyAll

    if chosen == "deny":
        return DenyAll("nobody is asked: the command was told to deny")
    if is_input_taken:
        return _asking(view, _opened_terminal("r"), _opened_terminal("w")) or DenyAll(SCRIPT_TAKES_INPUT)
    if _is_terminal(sys.stdin):
        return _asking(view, lines or sys.stdin, _output(is_output_taken=is_output_taken)) or DenyAll(NO_TERMINAL)
    if chosen == "terminal":
        return _asking(view, lines or sys.stdin, sys.stderr) or DenyAll(NO_TERMINAL)
    return DenyAll(NO_TERMINAL)


def _asking(view: View, given: TextIO | LineInput | None, output: TextIO | None) -> Approver | None:
    if given is None or output is None:
        return None
    from harness.approvals.terminal import TerminalApprover

    return TerminalApprover(input=given, output=output, suspend=view.suspended)


def _output(*, is_output_taken: bool) -> TextIO | None:
    """Where a person at the terminal sees a question."""
    if _is_terminal(sys.stderr):
        return sys.stderr
    if _is_terminal(sys.stdout) and not is_output_taken:
        return sys.stdout
    return _opened_terminal("w")


def _opened_terminal(mode: Literal["r", "w"]) -> TextIO | None:
    """The terminal that controls this process. It stays open until the command ends."""
    try:
        return open("/dev/tty", mode, encoding="utf-8", errors="backslashreplace")
    except OSError:
        return None


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and not stream.closed and stream.isatty()
