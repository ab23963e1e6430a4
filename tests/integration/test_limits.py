"""Every limit is reached once, with its code, what was used and allowed, the log and the finished calls."""

import time
from collections.abc import AsyncIterator

import pytest

from harness import Harness, tool
from harness.types import Outcome
from policy.limits import Limits


@tool
async def touch(value: object = None) -> object:
    """Give the value back."""
    return value


@tool
async def large(size: int) -> object:
    """Give back a list of that many numbers."""
    return list(range(size))


@pytest.fixture(scope="module")
async def harness() -> AsyncIterator[Harness]:
    async with Harness([touch, large], limits=Limits(wall_time_s=5, cpu_time_s=3)) as opened:
        yield opened


BEFORE = "print('before')\nawait tools.touch(value='done')\n"


async def stopped(harness: Harness, source: str, code: str, **limits: float) -> Outcome:
    outcome = await harness.run(BEFORE + source, limits=limits or None)
    assert outcome.error is not None
    assert outcome.error.code == code, outcome.error
    assert outcome.logs.startswith("before\n")
    assert outcome.calls[0].result == "done"
    return outcome


def spent(outcome: Outcome) -> tuple[float, float]:
    assert outcome.error is not None
    used, allowed = outcome.error.details["used"], outcome.error.details["allowed"]
    assert isinstance(used, (int, float))
    assert isinstance(allowed, (int, float))
    return used, allowed


CATCH_ALL = "while True:\n    try:\n        {}\n    except BaseException:\n        pass\n"


async def test_wall_time(harness: Harness) -> None:
    began = time.monotonic()
    outcome = await stopped(harness, "import asyncio\nawait asyncio.sleep(60)", "limit.wall_time", wall_time_s=0.5)
    assert 0.5 <= time.monotonic() - began < 1.5
    used, allowed = spent(outcome)
    assert used >= allowed == 0.5


async def test_wall_time_cannot_be_caught(harness: Harness) -> None:
    source = "import asyncio\n" + CATCH_ALL.format("await asyncio.sleep(60)")
    await stopped(harness, source, "limit.wall_time", wall_time_s=0.5)


@pytest.mark.parametrize("limit", [0.3, 1.2])
async def test_cpu_time_of_one_run(harness: Harness, limit: float) -> None:
    outcome = await stopped(harness, "sum(range(10**12))", "limit.cpu_time", cpu_time_s=limit)
    used, allowed = spent(outcome)
    assert allowed == limit
    assert limit * 0.9 <= used <= limit + 1
    assert outcome.usage.wall_time_s < harness.limits.wall_time_s - 1  # noticed when it was reached, not at the end


async def test_cpu_time_of_the_harness_is_kept_by_the_kernel() -> None:
    async with Harness([touch], limits=Limits(wall_time_s=20, cpu_time_s=0.5)) as harness:
        outcome = await stopped(harness, CATCH_ALL.format("sum(range(10**12))"), "limit.cpu_time")
        assert 0.2 < outcome.usage.cpu_time_s < 1.5  # the kernel samples this timer at its ticks


async def test_steps(harness: Harness) -> None:
    outcome = await stopped(harness, CATCH_ALL.format("pass"), "limit.steps", steps=1000)
    used, allowed = spent(outcome)
    assert used >= allowed == 1000


@pytest.mark.parametrize(
    "source",
    [
        "x = [0]\nwhile True:\n    x += x",
        "x = []\nwhile True:\n    x.append('y' * 10_000 + str(len(x)))",
        "b = bytearray(200 * 1024**2)",
    ],
)
async def test_memory(harness: Harness, source: str) -> None:
    outcome = await stopped(harness, source, "limit.memory")
    assert outcome.usage.peak_memory_bytes <= 1.1 * harness.limits.memory_bytes
    _, allowed = spent(outcome)
    assert allowed == harness.limits.memory_bytes


async def test_memory_of_one_run_may_be_tighter(harness: Harness) -> None:
    allowed = 20 * 1024**2
    outcome = await stopped(harness, "x = [0]\nwhile True:\n    x += x", "limit.memory", memory_bytes=allowed)
    assert outcome.usage.peak_memory_bytes <= 1.1 * allowed
    assert spent(outcome)[1] == allowed


async def test_recursion(harness: Harness) -> None:
    outcome = await stopped(harness, "def f(n):\n    return f(n + 1)\nf(0)", "limit.recursion")
    assert spent(outcome)[1] == 1000


async def test_recursion_of_600_frames_works(harness: Harness) -> None:
    outcome = await harness.run("def f(n):\n    return 0 if n == 0 else 1 + f(n - 1)\nreturn f(600)")
    assert outcome.value == 600


async def test_recursion_can_be_caught_like_in_python(harness: Harness) -> None:
    source = "def f():\n    return f()\ntry:\n    f()\nexcept RecursionError:\n    return 'caught'"
    assert (await harness.run(source)).value == "caught"


async def test_source(harness: Harness) -> None:
    outcome = await harness.run("x = 1\n" * 20_000)
    assert outcome.error is not None
    assert outcome.error.code == "script.too_large"
    assert "65536" in outcome.error.message


async def test_arguments(harness: Harness) -> None:
    outcome = await stopped(harness, "await tools.touch(value='x' * 2_000_000)", "limit.arguments")
    used, allowed = spent(outcome)
    assert used > allowed == 1024**2


async def test_result_text_is_cut_in_the_middle(harness: Harness) -> None:
    source = (
        "text = await tools.touch(value='a' + 'x' * 5000 + 'z')\nreturn [len(text), text[0], text[-1], 'cut' in text]"
    )
    outcome = await harness.run(source, limits={"result_bytes": 1000})
    assert outcome.ok, outcome.error
    size, *rest = outcome.value  # type: ignore[misc]
    assert size <= 1000
    assert rest == ["a", "z", True]


async def test_other_large_results_are_errors_of_the_call(harness: Harness) -> None:
    source = (
        "try:\n    await tools.large(size=1_000_000)\nexcept ToolError as e:\n    return [e.code, e.details['allowed']]"
    )
    assert (await harness.run(source)).value == ["tool.result_too_large", 1024**2]


async def test_return_value(harness: Harness) -> None:
    outcome = await stopped(harness, "return 'x' * 200_000", "limit.return_value")
    used, allowed = spent(outcome)
    assert used > allowed == 131_072


async def test_return_value_depth(harness: Harness) -> None:
    await stopped(harness, "x = []\nfor _ in range(100):\n    x = [x]\nreturn x", "limit.return_value")
    assert (await harness.run("x = []\nfor _ in range(60):\n    x = [x]\nreturn x")).ok


async def test_nested_sharing_is_charged_expanded(harness: Harness) -> None:
    began = time.monotonic()
    await stopped(harness, "x = ['a' * 100]\nfor _ in range(60):\n    x = [x, x]\nreturn x", "limit.return_value")
    source = "x = ['a' * 100]\nfor _ in range(40):\n    x = [x, x]\nawait tools.touch(value=x)"
    await stopped(harness, source, "limit.arguments")
    assert time.monotonic() - began < 3


async def test_printed_output_is_cut_with_a_marker(harness: Harness) -> None:
    outcome = await harness.run("for i in range(10_000):\n    print('x' * 100)\nreturn 'end'")
    assert outcome.value == "end"
    assert len(outcome.logs.encode()) <= 65_536 + 200
    assert "cut" in outcome.logs[-200:]


async def test_tool_calls(harness: Harness) -> None:
    source = "import asyncio\nawait asyncio.gather(*[tools.touch(value=i) for i in range(200)])"
    outcome = await stopped(harness, source, "limit.tool_calls")
    assert spent(outcome)[1] == 100


async def test_what_was_spent_is_told_also_at_a_limit_that_the_host_notices(harness: Harness) -> None:
    async with Harness([touch]) as own:
        outcome = await stopped(
            own, "for i in range(5):\n    await tools.touch(value=i)", "limit.tool_calls", tool_calls=3
        )
    assert outcome.usage.cpu_time_s > 0
    assert outcome.usage.steps > 0
    assert outcome.usage.peak_memory_bytes > 0


async def test_concurrent_calls_queue(harness: Harness) -> None:
    import anyio

    running = most = 0

    @tool
    async def busy() -> None:
        """Be busy."""
        nonlocal running, most
        running += 1
        most = max(most, running)
        await anyio.sleep(0.02)
        running -= 1

    async with Harness([busy]) as own:
        outcome = await own.run("import asyncio\nawait asyncio.gather(*[tools.busy() for _ in range(30)])")
    assert outcome.ok, outcome.error
    assert most == 8
