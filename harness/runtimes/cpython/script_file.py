"""The name that scripts are compiled under: what tells their frames from ours."""

from __future__ import annotations

import sys

SCRIPT_FILE = "<script>"


def script_line() -> int | None:
    """The line of the script that is being executed, or None when no script is on the stack."""
    frame = sys._getframe(1)
    while frame.f_code.co_filename != SCRIPT_FILE:
        if frame.f_back is None:
            return None
        frame = frame.f_back
    return frame.f_lineno
