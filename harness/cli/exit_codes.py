"""Exit codes: one for each reaction of whoever started the command."""

from __future__ import annotations

from harness.errors import (
    CallError,
    ConfigError,
    DeniedError,
    HarnessError,
    InternalError,
    LimitError,
    RunError,
    SandboxError,
    ScriptError,
    WorkerError,
)

DONE = 0
SCRIPT_FAILED = 1
USAGE = 2
DENIED = 3
LIMIT = 4
SANDBOX = 5
WORKER = 6
PROVIDER = 7
BUG = 70
INTERRUPTED = 130
BROKEN_PIPE = 141

BY_CLASS: dict[type[HarnessError], int] = {
    ScriptError: SCRIPT_FAILED,
    CallError: SCRIPT_FAILED,
    DeniedError: DENIED,
    LimitError: LIMIT,
    SandboxError: SANDBOX,
    WorkerError: WORKER,
    RunError: INTERRUPTED,
    ConfigError: USAGE,
    InternalError: BUG,
}


def exit_code(error: HarnessError | None) -> int:
    """Return the exit code of a run that ended with `error`."""
    return DONE if error is None else BY_CLASS[type(error)]
