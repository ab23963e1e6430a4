"""From `return 1` to its answer: a fresh process each time, and what peers offer."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from time import perf_counter

from pydantic_monty import AsyncMonty, Monty
from smolagents import LocalPythonExecutor

from harness import Harness
from tests.bench.samples import Row, Take, take_in_turns

WARM = "warm: one `return 1`"
EMPTY = "pool empty: one `return 1`"
BACK_TO_BACK = "without a rest: one `return 1`"

FRESH_MONTY = {"min_processes": 2, "max_checkouts_per_worker": 1}
REST_S = 0.02


async def measure(*, rounds: int) -> tuple[list[Row], list[str]]:
    """Return the rows, and the barriers that confined the workers of toolscript."""
    async with AsyncExitStack() as stack:
        harness = await stack.enter_async_context(Harness())
        empty = await stack.enter_async_context(Harness(pool_size=0))
        fresh = stack.enter_context(Monty(**FRESH_MONTY))
        fresh_async = await stack.enter_async_context(AsyncMonty(**FRESH_MONTY))
        reused = stack.enter_context(Monty())
        reused_async = await stack.enter_async_context(AsyncMonty())
        contenders: dict[str, Take] = {
            "toolscript": run_once(harness),
            "toolscript, a script never seen before": run_new_script(harness),
            "Monty, fresh worker": feed_once(fresh),
            "Monty, fresh worker, async": feed_once_async(fresh_async),
            "Monty, reused worker": feed_once(reused),
            "Monty, reused worker, async": feed_once_async(reused_async),
            "smolagents LocalPythonExecutor": execute_locally(),
            "python -I -S -c": start_python,
            "exec": execute_plainly,
        }
        notes = {
            "Monty, reused worker": "state of the process is shared by runs",
            "Monty, reused worker, async": "state of the process is shared by runs",
            "smolagents LocalPythonExecutor": "inside the host's process",
            "exec": "inside the host's process, unconfined",
            "python -I -S -c": "unconfined, no way to call the host",
        }
        rows = await take_in_turns(WARM, contenders, rounds=rounds, unit="ms", pause_s=REST_S, notes=notes)
        rows += await take_in_turns(
            EMPTY, {"toolscript": run_once(empty)}, rounds=rounds // 2, unit="ms", pause_s=REST_S
        )
        hurried = {"toolscript": run_once(harness), "Monty, fresh worker": feed_once(fresh)}
        rows += await take_in_turns(BACK_TO_BACK, hurried, rounds=rounds, unit="ms")
        barriers = list((await harness.run("return 1")).barriers)
    return rows, barriers


def run_once(harness: Harness) -> Callable[[], Coroutine[None, None, float]]:
    return _timed_run(harness, itertools.repeat("return 1"))


def run_new_script(harness: Harness) -> Callable[[], Coroutine[None, None, float]]:
    return _timed_run(harness, (f"return 1  # {number}" for number in itertools.count()))


def _timed_run(harness: Harness, sources: itertools.repeat | object) -> Callable[[], Coroutine[None, None, float]]:
    async def take() -> float:
        source = next(sources)
        started = perf_counter()
        outcome = await harness.run(source)
        elapsed = perf_counter() - started
        assert outcome.value == 1, outcome
        return elapsed * 1e3

    return take


def feed_once(pool: Monty) -> Take:
    def take() -> float:
        started = perf_counter()
        with pool.checkout() as session:
            answer = session.feed_run("1")
            # Giving the worker back is not counted: toolscript, too, buries its worker after the answer.
            elapsed = perf_counter() - started
        assert answer == 1
        return elapsed * 1e3

    return take


def feed_once_async(pool: AsyncMonty) -> Take:
    async def take() -> float:
        started = perf_counter()
        async with pool.checkout() as session:
            answer = await session.feed_run("1")
            elapsed = perf_counter() - started
        assert answer == 1
        return elapsed * 1e3

    return take


def execute_locally() -> Take:
    def take() -> float:
        started = perf_counter()
        executor = LocalPythonExecutor(additional_authorized_imports=[])
        executor.send_tools({})
        answer = executor("1")
        elapsed = perf_counter() - started
        assert answer.output == 1
        return elapsed * 1e3

    return take


def start_python() -> float:
    started = perf_counter()
    done = subprocess.run([sys.executable, "-I", "-S", "-c", "print(1)"], capture_output=True, check=True)
    elapsed = perf_counter() - started
    assert done.stdout == b"1\n"
    return elapsed * 1e3


def execute_plainly() -> float:
    started = perf_counter()
    names: dict[str, object] = {}
    exec(compile("answer = 1", "<script>", "exec"), names)
    elapsed = perf_counter() - started
    assert names["answer"] == 1
    return elapsed * 1e3
