"""toolscript: run a model's script in a confined worker and take its tool calls through one pipeline.

Everything public is exported here and loaded when it is first used, so that `import harness` stays cheap and the
worker process never loads what only the host needs.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.approvals.allow_list import Allowed as Allowed
    from harness.approvals.allow_list import AllowList as AllowList
    from harness.approvals.approver import Approver as Approver
    from harness.approvals.callback import CallbackApprover as CallbackApprover
    from harness.approvals.deny_all import DenyAll as DenyAll
    from harness.approvals.terminal import TerminalApprover as TerminalApprover
    from harness.audit import AuditLog as AuditLog
    from harness.config import load_settings as load_settings
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
    from harness.parking import ParkedRuns as ParkedRuns
    from harness.parking import Suspended as Suspended
    from harness.providers.turn import Turn as Turn
    from harness.sync import run_sync as run_sync
    from harness.tools.binding import Tool as Tool
    from harness.tools.binding import ToolContext as ToolContext
    from harness.tools.binding import tool as tool
    from harness.types import ApprovalRequest as ApprovalRequest
    from harness.types import CallRecord as CallRecord
    from harness.types import CheckReport as CheckReport
    from harness.types import Diagnostic as Diagnostic
    from harness.types import Outcome as Outcome
    from harness.types import Plan as Plan
    from harness.types import Usage as Usage
    from policy.approval import Abort as Abort
    from policy.approval import Approve as Approve
    from policy.approval import CallPattern as CallPattern
    from policy.approval import Deny as Deny
    from policy.approval import ReviewDecision as ReviewDecision
    from policy.commands import Rule as Rule
    from policy.commands import parse_rules as parse_rules
    from policy.commands.verdict import Amendment as Amendment
    from policy.limits import Limits as Limits
    from policy.settings import Settings as Settings

_HOME = {
    "Abort": "policy.approval",
    "AllowList": "harness.approvals.allow_list",
    "Allowed": "harness.approvals.allow_list",
    "Amendment": "policy.commands.verdict",
    "ApprovalRequest": "harness.types",
    "Approve": "policy.approval",
    "Approver": "harness.approvals.approver",
    "AuditLog": "harness.audit",
    "CallError": "harness.errors",
    "CallPattern": "policy.approval",
    "CallRecord": "harness.types",
    "CallbackApprover": "harness.approvals.callback",
    "CheckReport": "harness.types",
    "ConfigError": "harness.errors",
    "DeniedError": "harness.errors",
    "Deny": "policy.approval",
    "DenyAll": "harness.approvals.deny_all",
    "Detection": "harness.detect",
    "Diagnostic": "harness.types",
    "Event": "harness.events",
    "Harness": "harness.harness",
    "HarnessError": "harness.errors",
    "InternalError": "harness.errors",
    "LimitError": "harness.errors",
    "Limits": "policy.limits",
    "Location": "harness.errors",
    "McpServers": "harness.mcp.client",
    "Outcome": "harness.types",
    "ParkedRuns": "harness.parking",
    "Plan": "harness.types",
    "ReviewDecision": "policy.approval",
    "Rule": "policy.commands",
    "RunError": "harness.errors",
    "SandboxError": "harness.errors",
    "ScriptError": "harness.errors",
    "Suspended": "harness.parking",
    "Settings": "policy.settings",
    "TerminalApprover": "harness.approvals.terminal",
    "Tool": "harness.tools.binding",
    "ToolContext": "harness.tools.binding",
    "Turn": "harness.providers.turn",
    "Usage": "harness.types",
    "WorkerError": "harness.errors",
    "detect": "harness.detect",
    "load_settings": "harness.config",
    "parse_rules": "policy.commands",
    "run_sync": "harness.sync",
    "tool": "harness.tools.binding",
}

__all__ = sorted(_HOME)


class _Package(ModuleType):
    """This package. What it exports is not given up for a submodule of the same name, which is `detect`."""

    def __setattr__(self, name: str, value: object) -> None:
        # The import system sets each submodule on its package once it is loaded.
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> object:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'harness' has no attribute {name!r}")
    value = getattr(importlib.import_module(home), name)
    globals()[name] = value
    return value
