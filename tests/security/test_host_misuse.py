"""A script, through tools that are honest, cannot make the host fail, mix up its records or tell what it should not."""

from __future__ import annotations

from collections.abc import AsyncIterator

import anyio
import pytest

from harness import Harness, tool
from harness.events import CallFinished, CallRequested, CallStarted, Event, RunFinished
from policy.limits import Limits


@tool
async def multiply(a: int, b: int) -> int:
    """Multiply."""
    return a * b


@tool
async def nest(levels: int) -> object:
    """Nest a list."""
    value: object = 1
    for _ in range(levels):
        value = [value]
    return value


@tool
async def leave(code: int) -> None:
    """Do what command-line code does."""
    raise SystemExit(code)


@tool
async def fail(path: str) -> None:
    """Fail over a path."""
    raise FileNotFoundError(2, "No such file", path)


kept: list[list[int]] = []


@tool
async def keep(value: int) -> list[int]:
    """Return what the host keeps."""
    kept.append([value])
    return kept[-1]


@tool
async def wait(seconds: float) -> str:
    """Wait."""
    await anyio.sleep(seconds)
    return "waited"


@pytest.fixture(scope="module")
async def harness() -> AsyncIterator[Harness]:
    tools = [multiply, nest, leave, fail, keep, wait]
    async with Harness(tools, limits=Limits(wall_time_s=5, cpu_time_s=3)) as opened:
        yield opened


@pytest.mark.parametrize(
    "call",
    [
        "tools.multiply(a=10**4299, b=100)",
        "tools.nest(levels=240)",
        "tools.leave(code=3)",
    ],
)
async def test_a_result_that_cannot_be_carried_is_the_tools_error(harness: Harness, call: str) -> None:
    source = f"try:\n    await {call}\nexcept ToolError as error:\n    return error.code"
    outcome = await harness.run(source)
    assert outcome.ok, outcome.error
    assert outcome.value == "tool.failed"
    assert (await harness.run("return 1")).value == 1


async def test_no_path_of_the_host_is_told(harness: Harness) -> None:
    source = "try:\n    await tools.fail(path='/root/.secret/key')\nexcept ToolError as error:\n    return str(error)"
    assert "/root" not in (await harness.run(source)).value


async def test_what_a_script_does_to_a_result_stays_with_it(harness: Harness) -> None:
    kept.clear()
    outcome = await harness.run("a = await tools.keep(value=1)\na.append(2)\nreturn [a, await tools.keep(value=1)]")
    assert outcome.value == [[1, 2], [1]]
    assert [call.result for call in outcome.calls] == [[1], [1]]
    assert kept == [[1], [1]]


_RACES = """
import asyncio
async def one(n):
    try:
        return await asyncio.wait_for(tools.wait(seconds=n % 5 / 200), n % 3 / 100)
    except TimeoutError:
        return "late"
return await asyncio.gather(*[one(n) for n in range(60)], return_exceptions=True)
"""


async def test_every_call_of_a_race_has_one_beginning_and_one_end(harness: Harness) -> None:
    async with harness.stream(_RACES) as stream:
        events: list[Event] = [event async for event in stream]
    finished = events[-1]
    assert isinstance(finished, RunFinished)
    assert set(finished.outcome.value) <= {"late", "waited"}
    assert [event.seq for event in events] == list(range(len(events)))
    seen: dict[str, list[type[Event]]] = {}
    for event in events:
        if isinstance(event, CallRequested | CallStarted):
            seen.setdefault(event.call_id, []).append(type(event))
        elif isinstance(event, CallFinished):
            seen.setdefault(event.call.id, []).append(type(event))
    assert len(seen) == len(finished.outcome.calls)
    for kinds in seen.values():
        assert kinds in ([CallRequested, CallStarted, CallFinished], [CallRequested, CallFinished])


@pytest.mark.parametrize(
    "source",
    [
        "for n in range(100_000): print('x' * 100)\nreturn 1",
        "for n in range(100_000): progress('x' * 10_000)\nreturn 1",
        "import asyncio\nmade = [asyncio.create_task(asyncio.sleep(1000)) for n in range(20_000)]\nreturn 1",
        (
            "import asyncio\nasync def f():\n    while True:\n        try: await asyncio.sleep(1)\n        except BaseException: pass\n"
            "asyncio.create_task(f())\nawait asyncio.sleep(0)\nreturn 1"
        ),
    ],
)
async def test_a_flood_stays_within_its_limits(harness: Harness, source: str) -> None:
    with anyio.fail_after(4):
        outcome = await harness.run(source)
    assert outcome.value == 1
    assert len(outcome.logs) <= harness.limits.output_bytes + 100
