"""The host that storms are sent at: runs scripts whose calls count their effects in files outside of every process.

`python -m tests.soak.storm_host '{"folder", "names", "runs", "at_once", "seed"}'` prints one JSON object a line: one for
each script that is over, and `{"after": ...}` for a run after the storm. A script that failed is sent again exactly
when its error says that it may be.
"""

from __future__ import annotations

import json
import os
import random
import sys
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import anyio.to_thread

from harness import Harness, Outcome, tool

MOST_TRIES = 8

SCRIPT = """
import asyncio
first = await tools.count(mark="{name}.0")
rest = await asyncio.gather(*(tools.count(mark="{name}." + str(i)) for i in range(1, 4)))
sum(range({work}))
{command}
return [first, *rest]
"""
COMMAND = """await tools.exec(command=["sh", "-c", "echo {name}.c >> effects-of-commands; sleep 0.05"])"""


def main() -> None:
    order = json.loads(sys.argv[1])
    anyio.run(storm, order)


def say(**fields: object) -> None:
    print(json.dumps(fields), flush=True)


async def storm(order: dict[str, Any]) -> None:
    folder = Path(order["folder"])
    effects = os.open(folder / "effects", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    @tool
    async def count(mark: str) -> str:
        """Count an effect."""
        os.write(effects, f"{mark}\n".encode())
        await anyio.lowlevel.checkpoint()
        return mark

    chance = random.Random(order["seed"])
    names = iter([f"{order['names']}{number}" for number in range(order["runs"])])
    async with Harness(
        [count],
        workspace=folder / "workspace",
        audit=folder / "audit.jsonl",
        settings={"approval_policy": "never"},
        limits={"wall_time_s": 20},
    ) as harness:

        async def work() -> None:
            for name in names:
                await one(harness, name, chance)

        async with anyio.create_task_group() as tasks:
            for _ in range(order["at_once"]):
                tasks.start_soon(work)
        say(storm="over")
        await anyio.to_thread.run_sync(sys.stdin.read)  # whoever kills has heard it
        say(after=await after(harness), descriptors=len(os.listdir("/proc/self/fd")))


async def one(harness: Harness, name: str, chance: random.Random) -> None:
    command = COMMAND.format(name=name) if chance.random() < 0.1 else ""
    source = SCRIPT.format(name=name, work=chance.randrange(100_000), command=command)
    outcome: Outcome | None = None
    for tries in range(1, MOST_TRIES + 1):  # noqa: B007 - told below
        outcome = None
        with anyio.move_on_after(0.01 if chance.random() < 0.05 else None):
            outcome = await harness.run(source)
        if outcome is None or outcome.error is None or not outcome.error.retryable:
            break
    said = {"ok": False, "code": "cancelled"} if outcome is None else told(outcome)
    say(name=name, tries=tries, has_command=bool(command), **said)


def told(outcome: Outcome) -> dict[str, object]:
    error = outcome.error
    return {
        "ok": outcome.ok,
        "code": None if error is None else error.code,
        "message": None if error is None else error.message,
        "calls": [call.status for call in outcome.calls],
    }


async def after(harness: Harness) -> object:
    """What a run gives once nothing is killed any more. Its worker may still die of what was killed last."""
    for _ in range(3):
        outcome = await harness.run('return await tools.exec(command=["echo", "calm"])')
        if outcome.error is None or not outcome.error.retryable:
            break
    value = outcome.value
    return value["stdout"] if isinstance(value, dict) else str(outcome.error)


if __name__ == "__main__":
    main()
