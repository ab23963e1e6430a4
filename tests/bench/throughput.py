"""Scripts a second, a fresh process each, with as many in flight as keep the cores busy."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from time import perf_counter

import anyio
from pydantic_monty import AsyncMonty

from harness import Harness
from tests.bench.samples import Row, take_in_turns

SCRIPTS = "throughput: `return 1`, a fresh process each"
IN_FLIGHT = 4


async def measure(*, rounds: int, duration_s: float) -> list[Row]:
    async with (
        Harness() as harness,
        AsyncMonty(min_processes=IN_FLIGHT, max_processes=IN_FLIGHT, max_checkouts_per_worker=1) as fresh,
        AsyncMonty(min_processes=IN_FLIGHT, max_processes=IN_FLIGHT) as reused,
    ):

        async def run() -> None:
            outcome = await harness.run("return 1")
            assert outcome.value == 1, outcome

        async def feed_fresh() -> None:
            async with fresh.checkout() as session:
                assert await session.feed_run("1") == 1

        async def feed_reused() -> None:
            async with reused.checkout() as session:
                assert await session.feed_run("1") == 1

        contenders = {
            "toolscript": lambda: rate(run, duration_s),
            "Monty, fresh worker, async": lambda: rate(feed_fresh, duration_s),
            "Monty, reused worker, async": lambda: rate(feed_reused, duration_s),
        }
        notes = {"Monty, reused worker, async": "state of the process is shared by runs"}
        return await take_in_turns(SCRIPTS, contenders, rounds=rounds, unit="1/s", warm_up=0, notes=notes)


async def rate(run: Callable[[], Awaitable[None]], duration_s: float) -> float:
    """Keep IN_FLIGHT runs going for `duration_s`, and return how many ended per second."""
    done = 0
    started = perf_counter()

    async def keep_running() -> None:
        nonlocal done
        while perf_counter() - started < duration_s:
            await run()
            done += 1

    async with anyio.create_task_group() as tasks:
        for _ in range(IN_FLIGHT):
            tasks.start_soon(keep_running)
    return done / (perf_counter() - started)
