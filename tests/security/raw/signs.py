"""What can be seen of each barrier from outside, at a confined process that waits."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable

from tests.security.raw.arena import Arena

_NO_CAPABILITY = ("CapInh", "CapPrm", "CapEff", "CapAmb")


def observe(arena: Arena) -> dict[str, bool | None]:
    """Look for the sign of each barrier: it is there, it is not, or this user may not look (None).

    Ends the zygote, to see what its children do then.
    """
    pid = arena.hold()
    seen: dict[str, bool | None] = {}
    for barrier, look in SIGNS.items():
        try:
            seen[barrier] = look(pid)
        except PermissionError:
            seen[barrier] = None
    seen["dies_with_host"] = _dies(arena, pid)
    return seen


def status(pid: int) -> dict[str, str]:
    """Return /proc/PID/status, which anybody may read of an undumpable process too."""
    with open(f"/proc/{pid}/status") as file:
        return {name: value.strip() for name, _, value in (line.partition(":") for line in file)}


def _has_no_capability(pid: int) -> bool:
    seen = status(pid)
    ids = {*seen["Uid"].split(), *seen["Gid"].split()}
    return all(int(seen[name], 16) == 0 for name in _NO_CAPABILITY) and "0" not in ids


def _limits_are_zero(pid: int) -> bool:
    with open(f"/proc/{pid}/limits") as file:
        ceilings = {line[:26].strip(): line[26:].split()[:2] for line in file}
    names = ("Max open files", "Max processes", "Max file size", "Max core file size", "Max locked memory")
    return all(ceilings[name] == ["0", "0"] for name in names)


def _has_own(kind: str) -> Callable[[int], bool]:
    return lambda pid: os.readlink(f"/proc/{pid}/ns/{kind}") != os.readlink(f"/proc/self/ns/{kind}")


def _dies(arena: Arena, pid: int) -> bool:
    arena.process.kill()
    arena.process.wait()
    for _ in range(100):
        if not _lives(pid):
            return True
        time.sleep(0.01)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 9)
    return False


def _lives(pid: int) -> bool:
    try:
        return status(pid)["State"][0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


SIGNS: dict[str, Callable[[int], bool]] = {
    "closed_descriptors": lambda pid: os.listdir(f"/proc/{pid}/fd") == ["3"],
    "rlimits": _limits_are_zero,
    "no_new_privs": lambda pid: status(pid)["NoNewPrivs"] == "1",
    "undumpable": lambda pid: os.stat(f"/proc/{pid}/environ").st_uid == 0,
    "no_capabilities": _has_no_capability,
    "seccomp": lambda pid: status(pid)["Seccomp"] == "2",
    "user_namespace": _has_own("user"),
    "network_namespace": _has_own("net"),
    "pid_namespace": lambda pid: len(status(pid)["NSpid"].split()) > 1,
    "ipc_namespace": _has_own("ipc"),
    "mount_namespace": _has_own("mnt"),
    "empty_root": lambda pid: os.readlink(f"/proc/{pid}/root").endswith("(deleted)"),
}
