"""What the zygote gives up once, for itself and every worker forked from it."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from harness.confine import capabilities, landlock, namespaces, process, rlimits, seccomp
from harness.confine.barriers import BARRIERS, BarrierRecord, reason, unavailable
from harness.confine.syscalls import machine

# What an interpreter needs or adds by itself (PEP 538), with values that tell nothing of the host.
HARMLESS_VARIABLES = frozenset((b"PYTHONHASHSEED", b"LC_CTYPE"))
_NAMESPACES = (
    ("network_namespace", namespaces.CLONE_NEWNET),
    ("ipc_namespace", namespaces.CLONE_NEWIPC | namespaces.CLONE_NEWUTS),
    ("mount_namespace", namespaces.CLONE_NEWNS),
)


@dataclass(frozen=True, slots=True)
class ZygoteConfinement:
    """How far the zygote is confined, for its children to go on from.

    Attributes:
        confinement: "required", "strict" or "none".
        held: Barriers that are up already and that children inherit.
        missing: Barriers this machine does not give, with the reason.
        landlock_fd: Ruleset that each child enters, or None without Landlock.
        init_pid: First process of the PID namespace, or None without one. It ends with the zygote.
    """

    confinement: str
    held: tuple[str, ...]
    missing: Mapping[str, str]
    landlock_fd: int | None
    init_pid: int | None


def confine_zygote(*, confinement: str) -> ZygoteConfinement:
    """Confine the calling process for good; it must have one thread, and have imported all it will ever need.

    Afterwards it has no root, no capability, no way to gain one, and where the machine allows it no network, no file
    system and no other process in sight. It can still fork.

    Args:
        confinement: "required" demands the barriers that every Linux gives, "strict" all of them, "none" takes what
            it can get.

    Raises:
        SandboxError: `sandbox.unavailable`, a demanded barrier cannot be put up.
    """
    record = BarrierRecord(confinement)
    if not _is_supported(record):
        return ZygoteConfinement(confinement, (), dict(record.missing), None, None)
    record.put_up("empty_environment", require_empty_environment)
    process.reset_signals()
    _separate(record)
    record.put_up("empty_root", namespaces.enter_empty_root)
    record.put_up("no_capabilities", capabilities.drop_all)
    record.put_up("no_new_privs", process.forbid_new_privileges)
    init_pid = _start_init(record)
    landlock_fd = _open_ruleset(record)
    _settle()
    held = tuple(name for name in record.held if name != "landlock")
    return ZygoteConfinement(confinement, held, dict(record.missing), landlock_fd, init_pid)


def require_empty_environment() -> None:
    """Make sure that neither the environment nor the initial stack holds anything of the host.

    Raises:
        OSError: a variable is there; it could be a key.
    """
    with open("/proc/self/environ", "rb") as initial:
        names = {entry.partition(b"=")[0] for entry in initial.read().split(b"\0") if entry}
    if surplus := (names | set(os.environb)) - HARMLESS_VARIABLES:
        raise OSError(errno.EEXIST, f"{len(surplus)} variables were inherited")


def _is_supported(record: BarrierRecord) -> bool:
    """Whether this is a system with barriers at all; if not, every one of them is missing."""
    try:
        machine()
    except OSError as error:
        failure = error
    else:
        return True
    for barrier in BARRIERS:
        record.put_up(barrier, _failing(failure))
    return False


def _failing(error: OSError) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


def _separate(record: BarrierRecord) -> None:
    """Enter the namespaces: inside a user namespace as anybody may, else with the powers of root if we have them."""
    capabilities.step_down()
    if not record.put_up("user_namespace", namespaces.enter_user_namespace):
        capabilities.step_up()
    for barrier, flags in _NAMESPACES:
        record.put_up(barrier, _entering(flags))
    record.put_up("pid_namespace", _entering(namespaces.CLONE_NEWPID))


def _entering(flags: int) -> Callable[[], None]:
    return lambda: namespaces.enter(flags)


def _start_init(record: BarrierRecord) -> int | None:
    """A PID namespace lives as long as its first process, so that one must be nobody's worker."""
    if "pid_namespace" not in record.held:
        return None
    try:
        return namespaces.start_init()
    except OSError as error:  # there is no way out of the namespace, and none to live in it without that process
        raise unavailable("pid_namespace", reason(error)) from error


def _open_ruleset(record: BarrierRecord) -> int | None:
    descriptors: list[int] = []
    record.put_up("landlock", lambda: descriptors.append(landlock.open_deny_all()))
    return descriptors[0] if descriptors else None


def _settle() -> None:
    """Prepare what children inherit and none of which fails on a Linux that got this far."""
    rlimits.forbid_resources()
    seccomp.prepare()
    process.set_dumpable(False)
