"""Parts of barriers that are taken away in one child: a rule of the filter, a resource limit. For the tests alone.

A part is "allow CALL" (the filter allows this call whatever its arguments), "allow the rest" (those that no rule names),
"allow x32", or "limit NAME" (a ceiling is not set; "limit PROF" is the timer).
"""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterable
from types import SimpleNamespace

from harness.confine import rlimits, seccomp
from harness.confine.seccomp import ALLOW, Rule
from harness.confine.syscalls import machine

_X32 = 0x40000000


def remove(parts: Iterable[str]) -> None:
    """Take these away in this process, before it is confined."""
    allowed = [part.removeprefix("allow ") for part in parts if part.startswith("allow ")]
    if allowed:
        _allow(allowed)
    unlimited = {part.removeprefix("limit ") for part in parts if part.startswith("limit ")}
    if unlimited:
        _unlimit(unlimited)


def _allow(names: Iterable[str]) -> None:
    rules = seccomp.worker_rules() | {name: Rule(ALLOW) for name in names if name not in ("the rest", "x32")}
    default = Rule(ALLOW) if "the rest" in names else Rule(seccomp.REFUSE)
    if "x32" in names:
        tree = seccomp._tree
        seccomp._tree = lambda ranges: tree([item for item in ranges if item[0] < _X32])
    program = seccomp.program_of(seccomp.compile_filter(machine(), rules, default=default))
    seccomp.install = lambda: seccomp.install_program(program)


def _unlimit(names: set[str]) -> None:
    kinds = {getattr(resource, f"RLIMIT_{name}") for name in names if name != "PROF"}
    real = resource.setrlimit
    rlimits.resource = SimpleNamespace(  # type: ignore[assignment]
        **vars(resource) | {"setrlimit": lambda kind, values: None if kind in kinds else real(kind, values)}
    )
    if "PROF" in names:
        rlimits.signal = SimpleNamespace(**vars(signal) | {"setitimer": lambda *arguments: None})  # type: ignore[assignment]
