"""toolscript: run a model's script in a confined worker and take its tool calls through one pipeline.

Everything public is exported here and loaded when it is first used, so that `import harness` stays cheap and the
worker process never loads what only the host needs.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.detect import Detection as Detection
    from harness.detect import detect as detect
    from harness.errors import CallError as CallError
    from harness.errors import ConfigError as ConfigError
    from harness.errors import DeniedError as DeniedError
    from harness.errors import HarnessError as HarnessError
    from harness.errors import InternalError as InternalError
    from harness.errors import LimitError as LimitError
    from harness.errors import Location as Location
    from harness.errors import RunError as RunError
    from harness.errors import SandboxError as SandboxError
    from harness.errors import ScriptError as ScriptError
    from harness.errors import WorkerError as WorkerError
    from harness.events import Event as Event
    from harness.harness import Harness as Harness
    from harness.sync import run_sync as run_sync
    from harness.tools.binding import Tool as Tool
    from harness.tools.binding import ToolContext as ToolContext
    from harness.tools.binding import tool as tool
    from harness.types import CallRecord as CallRecord
    from harness.types import CheckReport as CheckReport
    from harness.types import Diagnostic as Diagnostic
    from harness.types import Outcome as Outcome
    from harness.types import Plan as Plan
    from harness.types import Usage as Usage
    from policy.limits import Limits as Limits

_HOME = {
    "CallError": "harness.errors",
    "CallRecord": "harness.types",
    "CheckReport": "harness.types",
    "ConfigError": "harness.errors",
    "DeniedError": "harness.errors",
    "Detection": "harness.detect",
    "Diagnostic": "harness.types",
    "Event": "harness.events",
    "Harness": "harness.harness",
    "HarnessError": "harness.errors",
    "InternalError": "harness.errors",
    "LimitError": "harness.errors",
    "Limits": "policy.limits",
    "Location": "harness.errors",
    "Outcome": "harness.types",
    "Plan": "harness.types",
    "RunError": "harness.errors",
    "SandboxError": "harness.errors",
    "ScriptError": "harness.errors",
    "Tool": "harness.tools.binding",
    "ToolContext": "harness.tools.binding",
    "Usage": "harness.types",
    "WorkerError": "harness.errors",
    "detect": "harness.detect",
    "run_sync": "harness.sync",
    "tool": "harness.tools.binding",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> object:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'harness' has no attribute {name!r}")
    value = getattr(importlib.import_module(home), name)
    globals()[name] = value
    return value
