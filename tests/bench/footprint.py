"""Memory of a worker that stands ready: what it alone holds, by the kernel's accounting."""

from __future__ import annotations

import os
from pathlib import Path

import anyio
from pydantic_monty import AsyncMonty

from harness import Harness
from tests.bench.samples import Row

IDLE = "memory of an idle worker"


async def measure() -> list[Row]:
    async with Harness(pool_size=4) as harness:
        await harness.run("return 1")
        await anyio.sleep(0.5)
        tree = descendants(os.getpid())
        parents = {parent for _, parent in tree}
        ours = [private_mb(pid) for pid, _ in tree if pid not in parents and not is_init(pid)]
        base = [private_mb(pid) for pid, _ in tree if pid in parents]
    async with AsyncMonty(min_processes=4, max_processes=4):
        await anyio.sleep(0.5)
        monty = [private_mb(pid) for pid, _ in descendants(os.getpid())]
    return [
        Row(IDLE, "toolscript", "MB", readable(ours), "private bytes of each worker in the pool"),
        Row(IDLE, "toolscript, the zygote", "MB", readable(base), "one a harness: what the workers share"),
        Row(IDLE, "Monty", "MB", readable(monty), "private bytes of each worker in the pool"),
    ]


def readable(values: list[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def descendants(root: int) -> list[tuple[int, int]]:
    """Return (pid, parent) of every process below `root`."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])

    def is_below(pid: int) -> bool:
        while pid in parents and pid != root:
            pid = parents[pid]
        return pid == root

    return [(pid, parent) for pid, parent in parents.items() if pid != root and is_below(pid)]


def is_init(pid: int) -> bool:
    """The first process of a PID namespace runs no script: it holds the namespace open."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    (numbers,) = (line.split()[1:] for line in status.splitlines() if line.startswith("NSpid:"))
    return len(numbers) > 1 and numbers[-1] == "1"


def private_mb(pid: int) -> float | None:
    """Return Private_Clean + Private_Dirty in MB; None where the kernel does not tell an ordinary user."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
    except OSError:
        return None
    kilobytes = [int(line.split()[1]) for line in text.splitlines() if line.startswith("Private_")]
    return sum(kilobytes) / 1024
