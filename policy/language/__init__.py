"""The script language: what a script may say, checked and compiled.

Pure: it reads no file, no clock and no environment. Untrusted source is checked in a worker all the same, so that a
crash of CPython's parser costs a worker.
"""

from __future__ import annotations

from policy.language.arguments import Bound, Fault, bind_values
from policy.language.check import LANGUAGE_VERSION, check, compile_script
from policy.language.facades import FACADES, REPLACED
from policy.language.names import BUILTINS, INJECTED, TOOL_ERRORS, is_safe_attribute
from policy.language.report import CheckReport, CompiledScript, Diagnostic, Plan, PlannedCall, ToolSignature
from policy.language.tool_names import ToolNames

__all__ = [
    "BUILTINS",
    "FACADES",
    "INJECTED",
    "LANGUAGE_VERSION",
    "REPLACED",
    "TOOL_ERRORS",
    "Bound",
    "CheckReport",
    "CompiledScript",
    "Diagnostic",
    "Fault",
    "Plan",
    "PlannedCall",
    "ToolNames",
    "ToolSignature",
    "bind_values",
    "check",
    "compile_script",
    "is_safe_attribute",
]
