"""Operating-system barriers: what keeps a worker that runs arbitrary code from doing anything but compute.

Plain system calls through ctypes; nothing here needs a third-party package or a helper program. The worker's side
imports this package, so it stays light: `probe` alone loads more, when it is called.
"""

from __future__ import annotations

from harness.confine.barriers import BARRIERS, REQUIRED, WHERE_ALLOWED, BarrierStatus
from harness.confine.child import confine_child
from harness.confine.zygote import ZygoteConfinement, confine_zygote

__all__ = [
    "BARRIERS",
    "REQUIRED",
    "WHERE_ALLOWED",
    "BarrierStatus",
    "ZygoteConfinement",
    "confine_child",
    "confine_zygote",
    "probe",
]


def probe() -> list[BarrierStatus]:
    """Try every barrier on this machine in throwaway processes, and say which hold and why others do not."""
    from harness.confine import proofs  # here: it loads subprocess, which a worker must not

    return proofs.probe()
