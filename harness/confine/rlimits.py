"""Ceilings that the kernel keeps for one process: memory, processor time, and zero for what a worker never needs.

References:
    setrlimit(2), setitimer(2).
"""

from __future__ import annotations

import math
import resource
import signal

# Zero for good. They hurt nobody between two scripts, so the zygote sets them once and its children inherit them.
_NOTHING_EVER = ("CORE", "MEMLOCK", "MSGQUEUE", "NICE", "RTPRIO")  # a core dump would put its memory on the disk
_STACK_BYTES = 16 * 1024**2  # twice the usual: deep recursion must end in RecursionError, not in a crash


def forbid_resources() -> None:
    """Set to zero what neither the zygote nor a worker uses, and fix the size of the stack."""
    for name in _NOTHING_EVER:
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (0, 0))
    _, hard = resource.getrlimit(resource.RLIMIT_STACK)
    size = _STACK_BYTES if hard == resource.RLIM_INFINITY else min(_STACK_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_STACK, (size, size))


def cap_usage(*, vm_bytes: int, data_bytes: int, cpu_time_s: float) -> None:
    """Cap this process: no new descriptor, process, thread or file content, so much memory and processor time.

    RLIMIT_DATA alone would let shared mappings through, so the address space is capped too. The interval timer
    ends the process (SIGPROF) at a fraction of a second, also inside C code; RLIMIT_CPU, in whole seconds, is
    behind it, and is what the host can tighten from outside.

    Args:
        vm_bytes: Address space, that of the zygote included.
        data_bytes: Private writable memory, that of the zygote included.
        cpu_time_s: Processor seconds from now on.
    """
    for kind, ceiling in (
        (resource.RLIMIT_AS, vm_bytes),
        (resource.RLIMIT_DATA, data_bytes),
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(kind, (ceiling, ceiling))
    seconds = math.ceil(cpu_time_s)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    signal.setitimer(signal.ITIMER_PROF, cpu_time_s)
