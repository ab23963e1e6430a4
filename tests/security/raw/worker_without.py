"""A worker without one of its barriers, for the tests alone: the functions that put barriers up are replaced here.

Nothing of the product can do this: no flag, no setting, no variable.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable

from harness.confine import capabilities, landlock, namespaces, process, rlimits, seccomp, zygote


def remove(barriers: Iterable[str]) -> None:
    """Replace what puts these barriers up, in this process."""
    for barrier in barriers:
        _REMOVALS[barrier]()


def program_without(barriers: Iterable[str]) -> str:
    """Return what a zygote that is started must execute first to lack these."""
    return f"from tests.security.raw import worker_without; worker_without.remove({sorted(barriers)!r}); "


def _nothing(*arguments: object, **keywords: object) -> None:
    """Stand in for a barrier."""


def _refuse(*arguments: object, **keywords: object) -> None:
    raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))


def _keep_descriptors() -> None:
    process.keep_only_channel = lambda channel_fd: os.dup2(channel_fd, process.CHANNEL_FD)  # type: ignore[assignment]


def _no_rlimits() -> None:
    rlimits.forbid_resources = _nothing
    rlimits.cap_usage = _nothing


def _stay_dumpable() -> None:
    real = process.set_dumpable
    process.set_dumpable = lambda dumpable: real(True)


def _outlive_parent() -> None:
    real = process.die_with_parent
    # None is the init process of the PID namespace: it is a barrier of its own.
    process.die_with_parent = lambda parents: real(None) if parents is None else None


def _no_namespace(flag: int) -> Callable[[], None]:
    def remove_it() -> None:
        real = namespaces.enter
        namespaces.enter = lambda flags: _refuse() if flags & flag else real(flags)

    return remove_it


def _replace(module: object, name: str, stand_in: Callable[..., None]) -> Callable[[], None]:
    return lambda: setattr(module, name, stand_in)


_REMOVALS: dict[str, Callable[[], None]] = {
    "fresh_process": _nothing,  # the test runs several attacks in one process
    "empty_environment": _replace(zygote, "require_empty_environment", _nothing),  # and starts it with variables
    "closed_descriptors": _keep_descriptors,
    "rlimits": _no_rlimits,
    "no_new_privs": _replace(process, "forbid_new_privileges", _nothing),
    "undumpable": _stay_dumpable,
    "no_capabilities": _replace(capabilities, "drop_all", _nothing),
    "dies_with_host": _outlive_parent,
    "seccomp": _replace(seccomp, "install", _nothing),
    "user_namespace": _replace(namespaces, "enter_user_namespace", _refuse),
    "network_namespace": _no_namespace(namespaces.CLONE_NEWNET),
    "pid_namespace": _no_namespace(namespaces.CLONE_NEWPID),
    "ipc_namespace": _no_namespace(namespaces.CLONE_NEWIPC),
    "mount_namespace": _no_namespace(namespaces.CLONE_NEWNS),
    "empty_root": _replace(namespaces, "enter_empty_root", _refuse),
    "landlock": _replace(landlock, "open_deny_all", _refuse),
}
