"""Calls from a script to the host and back: in a row, and together."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter

import anyio
from pydantic_monty import AsyncMonty, Monty

from harness import Harness, tool
from tests.bench.samples import Row, Take, take_in_turns

IN_A_ROW = "1,000 tool calls in a row, each"
TOGETHER = "gather of 100 tool calls, each"

CALLS = 1_000
WIDTH = 100
OURS_IN_A_ROW = f"total = 0\nfor i in range({CALLS}):\n    total += await tools.echo(number=i)\nreturn total"
OURS_TOGETHER = f"import asyncio\nreturn sum(await asyncio.gather(*[tools.echo(number=i) for i in range({WIDTH})]))"
MONTY_IN_A_ROW = f"total = 0\nfor i in range({CALLS}):\n    total += echo(i)\ntotal"
MONTY_AWAITED = f"total = 0\nfor i in range({CALLS}):\n    total += await echo(i)\ntotal"
MONTY_TOGETHER = f"import asyncio\nsum(await asyncio.gather(*[echo(i) for i in range({WIDTH})]))"
MANY = {"max_suspensions": 100_000}
LOOSENED = {"tool_calls": CALLS}


@tool
async def echo(number: int) -> int:
    """Return the number."""
    return number


async def echo_async(number: int) -> int:
    return number


async def measure(*, rounds: int) -> list[Row]:
    """Measure on asyncio; `measure_on_trio` does it there."""
    async with loosened_harness() as harness, AsyncMonty() as awaited:
        with Monty() as blocking:
            in_a_row: dict[str, Take] = {
                "toolscript on asyncio": run_script(harness, OURS_IN_A_ROW, CALLS),
                "Monty, async": feed_async(awaited, MONTY_AWAITED, CALLS),
                "Monty, sync": feed(blocking),
            }
            together: dict[str, Take] = {
                "toolscript on asyncio": run_script(harness, OURS_TOGETHER, WIDTH),
                "Monty, async": feed_async(awaited, MONTY_TOGETHER, WIDTH),
            }
            notes = {
                "toolscript on asyncio": "a fresh process, checked arguments; tool_calls raised to 1,000",
                "Monty, async": "a reused worker; max_suspensions raised",
                "Monty, sync": "a reused worker, a plain function; max_suspensions raised",
            }
            turns = functools.partial(take_in_turns, rounds=rounds, unit="us", warm_up=2, pause_s=0.05, notes=notes)
            return await turns(IN_A_ROW, in_a_row) + await turns(TOGETHER, together)


async def measure_on_trio(*, rounds: int) -> list[Row]:
    async with loosened_harness() as harness:
        name = "toolscript on trio"
        turns = functools.partial(take_in_turns, rounds=rounds, unit="us", warm_up=2, pause_s=0.05)
        rows = await turns(IN_A_ROW, {name: run_script(harness, OURS_IN_A_ROW, CALLS)})
        return rows + await turns(TOGETHER, {name: run_script(harness, OURS_TOGETHER, WIDTH)})


def on_trio(*, rounds: int) -> list[Row]:
    return anyio.run(functools.partial(measure_on_trio, rounds=rounds), backend="trio")


@asynccontextmanager
async def loosened_harness() -> AsyncIterator[Harness]:
    async with Harness(tools=[echo], limits=LOOSENED) as harness:
        yield harness


def run_script(harness: Harness, source: str, calls: int) -> Take:
    async def take() -> float:
        started = perf_counter()
        outcome = await harness.run(source)
        elapsed = perf_counter() - started
        assert outcome.value == sum(range(calls)), outcome
        return elapsed / calls * 1e6

    return take


def feed_async(pool: AsyncMonty, source: str, calls: int) -> Take:
    async def take() -> float:
        async with pool.checkout(limits=MANY) as session:
            started = perf_counter()
            answer = await session.feed_run(source, external_lookup={"echo": echo_async})
            elapsed = perf_counter() - started
        assert answer == sum(range(calls))
        return elapsed / calls * 1e6

    return take


def feed(pool: Monty) -> Take:
    def take() -> float:
        with pool.checkout(limits=MANY) as session:
            started = perf_counter()
            answer = session.feed_run(MONTY_IN_A_ROW, external_lookup={"echo": lambda number: number})
            elapsed = perf_counter() - started
        assert answer == sum(range(CALLS))
        return elapsed / CALLS * 1e6

    return take
