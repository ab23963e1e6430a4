"""Which namespaces a command can have on this machine, and the moves into them.

They are tried once, in a throwaway process of the launcher; every command then gets all that were had.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from harness.confine import namespaces, views
from harness.confine.barriers import BarrierRecord

_ANSWER_BYTES = 65_536
_OWN_PROC = "it needs a /proc of its own, and so the mount namespace"


@dataclass(frozen=True, slots=True)
class Separation:
    """What was had.

    Attributes:
        held: Names of the namespaces.
        missing: Names of the others, each with the reason.
    """

    held: tuple[str, ...]
    missing: Mapping[str, str]

    def has(self, barrier: str) -> bool:
        """Say whether a namespace was had."""
        return barrier in self.held


def rehearse() -> Separation:
    """Try every namespace in a throwaway process. The caller must have one thread. Takes some milliseconds."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            record = _try_all()
            os.write(writer, json.dumps([record.held, record.missing]).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as answer:
        said = answer.read(_ANSWER_BYTES)
    os.waitpid(pid, 0)
    held, missing = json.loads(said or '[[], {"user_namespace": "the trial failed"}]')
    return Separation(tuple(held), missing)


def enter_user_namespace(separation: Separation) -> None:
    """Move into a user namespace that knows one user and one group, ours; processes forked next get their own pids."""
    if separation.has("user_namespace"):
        namespaces.enter_mapped(keeps_ids=True)
    if separation.has("pid_namespace"):
        namespaces.enter(namespaces.CLONE_NEWPID)


def enter_others(separation: Separation, *, network: bool) -> None:
    """Move into the other namespaces. That of the mounts is still as the host's."""
    if separation.has("ipc_namespace"):
        namespaces.enter(namespaces.CLONE_NEWIPC | namespaces.CLONE_NEWUTS)
    if separation.has("network_namespace") and not network:
        namespaces.enter(namespaces.CLONE_NEWNET)
    if separation.has("mount_namespace"):
        views.enter()


def _try_all() -> BarrierRecord:
    record = BarrierRecord("none")
    record.put_up("user_namespace", lambda: namespaces.enter_user_namespace(keeps_ids=True))
    record.put_up("ipc_namespace", _entering(namespaces.CLONE_NEWIPC | namespaces.CLONE_NEWUTS))
    record.put_up("network_namespace", _entering(namespaces.CLONE_NEWNET))
    if record.put_up("mount_namespace", views.rehearse):
        record.put_up("pid_namespace", _try_processes)
    else:
        record.miss("pid_namespace", _OWN_PROC)
    return record


def _entering(flags: int) -> Callable[[], None]:
    return lambda: namespaces.enter(flags)


def _try_processes() -> None:
    """Make a PID namespace with a /proc of its own.

    Raises:
        OSError: the kernel refuses.
    """
    namespaces.enter(namespaces.CLONE_NEWPID)
    namespaces.rehearse_in_child(views.mount_proc)
