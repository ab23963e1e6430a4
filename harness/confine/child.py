"""What each worker gives up right after its fork, before it hears of a script."""

from __future__ import annotations

from harness.confine import landlock, process, rlimits, seccomp
from harness.confine.barriers import BarrierRecord
from harness.confine.zygote import ZygoteConfinement


def confine_child(
    zygote: ZygoteConfinement,
    *,
    channel_fd: int,
    vm_limit_bytes: int,
    data_limit_bytes: int,
    cpu_time_s: float,
    parent_pid: int,
) -> tuple[str, ...]:
    """Confine the calling process, freshly forked from a confined zygote, for good.

    Afterwards it can compute, use memory up to the limit, and read and write descriptor 3, which is the channel. Every
    other descriptor is closed. The order is that of what each step still needs; the filter comes last.

    Args:
        zygote: What `confine_zygote` returned.
        channel_fd: Descriptor of the channel; it becomes descriptor 3.
        vm_limit_bytes: Address space (RLIMIT_AS), that of the zygote included.
        data_limit_bytes: Private memory (RLIMIT_DATA), that of the zygote included.
        cpu_time_s: Processor seconds from now on; past them the process dies of SIGPROF.
        parent_pid: The zygote's pid as the zygote sees it.

    Returns:
        The names of the barriers that are up.

    Raises:
        SandboxError: `sandbox.unavailable`, a demanded barrier cannot be put up. The process must end.
    """
    record = BarrierRecord(zygote.confinement, ["fresh_process", *zygote.held], dict(zygote.missing))
    # In a PID namespace the zygote is outside, and has the number 0.
    parents = (0,) if "pid_namespace" in zygote.held else (parent_pid,)
    record.put_up("dies_with_host", lambda: process.die_with_parent(parents))
    record.put_up("undumpable", lambda: process.set_dumpable(False))
    if (ruleset := zygote.landlock_fd) is not None:
        record.put_up("landlock", lambda: landlock.restrict_self(ruleset))
    record.put_up("closed_descriptors", lambda: process.keep_only_channel(channel_fd))
    record.put_up(
        "rlimits",
        lambda: rlimits.cap_usage(vm_bytes=vm_limit_bytes, data_bytes=data_limit_bytes, cpu_time_s=cpu_time_s),
    )
    record.put_up("seccomp", seccomp.install)
    return tuple(record.held)
