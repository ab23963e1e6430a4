"""The script language: what a script may say, checked and compiled.

Pure: it reads no file, no clock and no environment. Untrusted source is checked in a worker all the same, so that a
crash of CPython's parser costs a worker. Names are imported when they are first used: whoever only needs a `Diagnostic`
does not load the compiler.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from policy.language.arguments import Bound as Bound
    from policy.language.arguments import Fault as Fault
    from policy.language.arguments import bind_values as bind_values
    from policy.language.explanations import Explanation as Explanation
    from policy.language.explanations import explain as explain
    from policy.language.facades import FACADES as FACADES
    from policy.language.facades import REPLACED as REPLACED
    from policy.language.names import BUILTINS as BUILTINS
    from policy.language.names import INJECTED as INJECTED
    from policy.language.names import TOOL_ERRORS as TOOL_ERRORS
    from policy.language.names import is_safe_attribute as is_safe_attribute
    from policy.language.pipeline import LANGUAGE_VERSION as LANGUAGE_VERSION
    from policy.language.pipeline import check as check
    from policy.language.pipeline import compile_script as compile_script
    from policy.language.report import CheckReport as CheckReport
    from policy.language.report import CompiledScript as CompiledScript
    from policy.language.report import Diagnostic as Diagnostic
    from policy.language.report import Plan as Plan
    from policy.language.report import PlannedCall as PlannedCall
    from policy.language.report import ToolSignature as ToolSignature
    from policy.language.tool_names import ToolNames as ToolNames

_HOME: Final = {
    "arguments": ("Bound", "Fault", "bind_values"),
    "pipeline": ("LANGUAGE_VERSION", "check", "compile_script"),
    "explanations": ("Explanation", "explain"),
    "facades": ("FACADES", "REPLACED"),
    "names": ("BUILTINS", "INJECTED", "TOOL_ERRORS", "is_safe_attribute"),
    "report": ("CheckReport", "CompiledScript", "Diagnostic", "Plan", "PlannedCall", "ToolSignature"),
    "tool_names": ("ToolNames",),
}
_MODULE_OF: Final = {name: module for module, names in _HOME.items() for name in names}

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
    "Explanation",
    "Fault",
    "Plan",
    "PlannedCall",
    "ToolNames",
    "ToolSignature",
    "bind_values",
    "check",
    "compile_script",
    "explain",
    "is_safe_attribute",
]


def __getattr__(name: str) -> Any:
    module = _MODULE_OF.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"policy.language.{module}"), name)
    globals()[name] = value
    return value
