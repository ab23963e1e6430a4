"""The barriers by name, which of them a confinement demands, and the record of which are up.

References:
    docs/explanation/peel.md.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from harness.errors import SandboxError

REQUIRED = (
    "fresh_process",
    "empty_environment",
    "closed_descriptors",
    "rlimits",
    "no_new_privs",
    "undumpable",
    "no_capabilities",
    "dies_with_host",
    "seccomp",
)
WHERE_ALLOWED = (
    "user_namespace",
    "network_namespace",
    "pid_namespace",
    "ipc_namespace",
    "mount_namespace",
    "empty_root",
    "landlock",
)
BARRIERS = REQUIRED + WHERE_ALLOWED

# Those of a command. `landlock_scopes`: signals and abstract sockets do not leave the command's own processes.
COMMAND_REQUIRED = (
    "own_session",
    "dies_with_host",
    "closed_descriptors",
    "rlimits",
    "no_capabilities",
    "no_new_privs",
    "landlock",
    "seccomp",
)
COMMAND_WHERE_ALLOWED = (
    "user_namespace",
    "mount_namespace",
    "pid_namespace",
    "ipc_namespace",
    "network_namespace",
    "landlock_scopes",
)
COMMAND_BARRIERS = COMMAND_REQUIRED + COMMAND_WHERE_ALLOWED

_DEMANDED: Mapping[str, tuple[str, ...]] = {"required": REQUIRED, "strict": BARRIERS, "none": ()}
DEMANDED_OF_COMMANDS: Mapping[str, tuple[str, ...]] = {
    "required": COMMAND_REQUIRED,
    "strict": COMMAND_BARRIERS,
    "none": (),
}
_NAMESPACE_HINT = (
    "allow user namespaces (sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone, "
    'kernel.apparmor_restrict_unprivileged_userns; a container\'s seccomp profile), or use confinement="required"'
)
_HINTS: Mapping[str, str] = {
    "seccomp": "use a kernel with CONFIG_SECCOMP_FILTER (every distribution has it), on x86-64 or arm64",
    "no_capabilities": "run as an ordinary user, or leave root the capabilities CAP_SETUID and CAP_SETGID",
    "empty_environment": "start the worker with an empty environment",
    "landlock": 'use Linux 5.13 or later with "landlock" in the lsm= list, or confinement="required"',
    "empty_root": 'allow user namespaces, or leave root CAP_SYS_CHROOT, or use confinement="required"',
}


@dataclass(frozen=True, slots=True)
class BarrierStatus:
    """One barrier on this machine.

    Attributes:
        name: The barrier.
        required: Whether `confinement="required"` demands it; "strict" demands all of them.
        enforced: Whether it could be put up and was seen to hold.
        why: The reason if not.
    """

    name: str
    required: bool
    enforced: bool
    why: str | None


@dataclass(slots=True)
class BarrierRecord:
    """Which barriers are up and why others are not, as confinement proceeds.

    Attributes:
        confinement: "required", "strict" or "none".
        held: Names of the barriers that are up.
        missing: Name and reason of those that could not be had.
        demands: What each confinement demands; by default of a worker.
    """

    confinement: str
    held: list[str] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    demands: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _DEMANDED)

    def put_up(self, barrier: str, act: Callable[[], object]) -> bool:
        """Do what puts a barrier up, and note whether it is.

        Raises:
            SandboxError: `sandbox.unavailable`, it is demanded and cannot be had.
        """
        try:
            act()
        except (OSError, ValueError) as error:  # the resource module says ValueError for a refused ceiling
            self.miss(barrier, reason(error), error)
            return False
        self.held.append(barrier)
        return True

    def miss(self, barrier: str, why: str, cause: BaseException | None = None) -> None:
        """Note that a barrier cannot be had.

        Raises:
            SandboxError: `sandbox.unavailable`, it is demanded.
        """
        self.missing[barrier] = why
        if barrier in self.demands[self.confinement]:
            raise unavailable(barrier, why) from cause


def reason(error: OSError | ValueError) -> str:
    """Say why the kernel refused: the errno's name and its text."""
    if isinstance(error, OSError) and error.errno:
        return f"{errno.errorcode.get(error.errno, error.errno)} ({error.strerror})"
    return str(error)


def unavailable(barrier: str, why: str) -> SandboxError:
    """The error for a demanded barrier that this machine does not give."""
    hint = _HINTS.get(barrier, _NAMESPACE_HINT if barrier.endswith("_namespace") else None)
    return SandboxError(
        "sandbox.unavailable",
        f"the barrier {barrier} cannot be put up: {why}",
        hint=hint or "run `toolscript doctor` to see what this machine enforces",
        details={"barrier": barrier, "reason": why},
    )
