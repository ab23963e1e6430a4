"""The functional cases of the core, each named by its id, over real workers."""

import time
from collections.abc import AsyncIterator

import anyio
import pytest

from harness import Harness, ToolContext, tool
from harness.errors import CallError
from harness.events import Progress, RunFinished
from harness.types import Outcome

ran: list[str] = []


@tool
async def add(a: int, b: int) -> int:
    """Add two numbers."""
    ran.append("add")
    return a + b


@tool
async def slow(seconds: float, value: object = None) -> object:
    """Answer after a while."""
    await anyio.sleep(seconds)
    ran.append(f"slow {value}")
    return value


@tool
async def broken(message: str) -> None:
    """Fail."""
    raise CallError("tool.failed", message, details={"why": "test"})


@tool
async def stat(path: str) -> dict[str, object]:
    """Describe a path."""
    return {"path": path, "size": 3, "keys": "shadow nothing", "tags": ["a", "b"], "owner": {"name": "x"}}


@tool
async def reports(context: ToolContext) -> str:
    """Report progress from inside a call."""
    context.progress("half way")
    return context.call_id


TOOLS = [add, slow, broken, stat, reports]


@pytest.fixture(autouse=True)
def _nothing_ran() -> None:
    ran.clear()


@pytest.fixture(scope="module")
async def harness() -> AsyncIterator[Harness]:
    async with Harness(TOOLS) as opened:
        yield opened


async def value(harness: Harness, source: str) -> object:
    outcome = await harness.run(source)
    assert outcome.ok, outcome.error
    return outcome.value


def code(outcome: Outcome) -> str | None:
    return outcome.error.code if outcome.error else None


async def test_F01_one_tool(harness: Harness) -> None:
    outcome = await harness.run("return await tools.add(a=1, b=2)")
    assert outcome.value == 3
    (call,) = outcome.calls
    assert (call.tool, dict(call.arguments), call.status, call.result, call.line) == (
        "add",
        {"a": 1, "b": 2},
        "ok",
        3,
        1,
    )
    assert outcome.usage.tool_calls == 1


@pytest.mark.parametrize("call", ["tools.add(1, 2)", "tools.add({'a': 1, 'b': 2})", "tools.add(1, b=2)"])
async def test_F01_positional_dict_and_mixed_arguments_are_read_too(harness: Harness, call: str) -> None:
    assert await value(harness, f"return await {call}") == 3


async def test_F03_async_and_await(harness: Harness) -> None:
    source = """
async def twice(n):
    first = await tools.add(a=n, b=0)
    return await tools.add(a=first, b=first)

return await twice(4)
"""
    assert await value(harness, source) == 8


async def test_F04_a_gather_of_three_runs_in_parallel(harness: Harness) -> None:
    began = time.monotonic()
    source = "import asyncio\nreturn await asyncio.gather(*[tools.slow(seconds=0.3, value=i) for i in range(3)])"
    assert await value(harness, source) == [0, 1, 2]
    assert time.monotonic() - began < 0.8


async def test_F04_a_gather_of_large_arguments_is_no_breach_of_the_protocol(harness: Harness) -> None:
    source = """
import asyncio
sizes = await asyncio.gather(*[tools.slow(seconds=0, value=str(i % 10) * 1_000_000) for i in range(20)])
return [(s[0], len(s)) for s in sizes]
"""
    assert await value(harness, source) == [[str(i % 10), 1_000_000] for i in range(20)]


async def test_F05_the_first_of_several_wins_and_the_losers_are_cancelled(harness: Harness) -> None:
    source = """
import asyncio
tasks = [asyncio.create_task(tools.slow(seconds=s, value=s)) for s in (5, 0.05, 4)]
done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
for task in pending:
    task.cancel()
await asyncio.gather(*pending, return_exceptions=True)
return [t.result() for t in done]
"""
    began = time.monotonic()
    outcome = await harness.run(source)
    assert outcome.value == [0.05]
    assert time.monotonic() - began < 2
    assert sorted(call.status for call in outcome.calls) == ["cancelled", "cancelled", "ok"]
    assert ran == ["slow 0.05"]


async def test_F05_a_cancelled_call_ends_once_even_if_its_handler_will_not(harness: Harness) -> None:
    @tool
    async def stubborn() -> str:
        """Answer although nobody waits."""
        try:
            await anyio.sleep(10)
        except anyio.get_cancelled_exc_class():
            return "late"
        return "done"

    source = """
import asyncio
task = asyncio.create_task(tools.stubborn())
await asyncio.sleep(0.05)
task.cancel()
await asyncio.sleep(0.05)
return task.cancelled()
"""
    async with Harness([stubborn]) as own:
        events = [event async for event in own.stream(source)]
    assert [event.kind for event in events].count("call_finished") == 1
    assert isinstance(events[-1], RunFinished)
    assert events[-1].outcome.value is True
    assert [(call.status, call.result) for call in events[-1].outcome.calls] == [("cancelled", None)]


async def test_F06_a_failing_tool_is_caught_with_its_fields(harness: Harness) -> None:
    source = """
try:
    await tools.broken(message="no luck")
except ToolError as e:
    return [e.code, e.message, e.retryable, e.details]
"""
    assert await value(harness, source) == ["tool.failed", "no luck", False, {"why": "test"}]


async def test_F06_nobody_caught_it(harness: Harness) -> None:
    outcome = await harness.run("x = 1\nawait tools.broken(message='no luck')")
    assert code(outcome) == "tool.failed"
    assert outcome.error is not None
    assert outcome.error.location is not None
    assert outcome.error.location.line == 2
    assert [call.status for call in outcome.calls] == ["failed"]


async def test_F06_a_script_cannot_claim_that_somebody_said_no(harness: Harness) -> None:
    for forged in ("approval.denied", "policy.forbidden", "tool.failed"):
        outcome = await harness.run(f"raise ToolError('no', code='{forged}')")
        assert code(outcome) == "script.runtime"


async def test_F07_one_result_feeds_the_next_call(harness: Harness) -> None:
    assert await value(harness, "x = await tools.add(a=1, b=2)\nreturn await tools.add(a=x, b=x)") == 6


async def test_F08_a_nested_value_comes_back(harness: Harness) -> None:
    source = (
        "s = await tools.stat(path='p')\nreturn {'all': s, 'size': s.size, 'name': s.owner.name, 't': s['tags'][0]}"
    )
    result = await value(harness, source)
    assert result["size"] == 3  # type: ignore[index]
    assert result["name"] == "x"  # type: ignore[index]
    assert result["all"]["owner"] == {"name": "x"}  # type: ignore[index]


async def test_F08_a_result_is_a_plain_dict_to_the_script(harness: Harness) -> None:
    source = """
import json
s = await tools.stat(path='p')
return [isinstance(s, dict), json.dumps(s.owner), s == dict(s), list(s.keys())[0], "size" in s, repr(s.owner)]
"""
    assert await value(harness, source) == [True, '{"name": "x"}', True, "path", True, "{'name': 'x'}"]


async def test_F10_progress_of_script_and_call(harness: Harness) -> None:
    source = "progress('starting')\nreturn await tools.reports()"
    events = [event async for event in harness.stream(source)]
    assert [event.message for event in events if isinstance(event, Progress)] == ["starting", "half way"]
    assert [event.seq for event in events] == list(range(len(events)))
    assert isinstance(events[-1], RunFinished)
    assert events[-1].outcome.ok


async def test_F10_the_kinds_of_events_come_in_order(harness: Harness) -> None:
    kinds = [event.kind async for event in harness.stream("print('x')\nreturn await tools.add(a=1, b=1)")]
    assert kinds == [
        "run_started",
        "checked",
        "logged",
        "call_requested",
        "call_started",
        "call_finished",
        "run_finished",
    ]


async def test_F14_a_runs_own_limit_may_only_tighten(harness: Harness) -> None:
    outcome = await harness.run("import asyncio\nawait asyncio.sleep(5)", limits={"wall_time_s": 0.3})
    assert code(outcome) == "limit.wall_time"
    from harness import ConfigError

    with pytest.raises(ConfigError, match="wall_time_s would be loosened"):
        await harness.run("return 1", limits={"wall_time_s": 31})
    with pytest.raises(ConfigError, match="limits"):
        await harness.run("return 1", limits={"wall_time": 3})


async def test_F16_a_pool_leaves_no_state(harness: Harness) -> None:
    await value(harness, "import math\nleft = 1\nlist_ = [1]\nreturn 1")
    assert await value(harness, "try:\n    left\nexcept NameError:\n    return 'clean'") == "clean"


async def test_F21_context_is_readable(harness: Harness) -> None:
    source = "return [context.session_id, context.model, context.provider, context.limits['steps'], context.tools, context.script_id]"
    outcome = await harness.run(source, context={"session_id": "s1", "model": "m"})
    assert outcome.value == ["s1", "m", None, 10_000_000, [t.name for t in TOOLS], outcome.script_id]
    source = "a = context.remaining_tool_calls\nawait tools.add(a=1, b=1)\nreturn [a, context.remaining_tool_calls]"
    assert await value(harness, source) == [100, 99]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 1", None),
        ("pass", None),
        ("return", None),
        ("1 + 1", 2),
        ("x = 3\nx * 2", 6),
        ("await tools.add(a=1, b=1)", 2),
        ("print('x')", None),
        ("for i in range(3):\n    i", None),
    ],
)
async def test_F22_without_a_return_the_last_expression_is_the_value(
    harness: Harness, source: str, expected: object
) -> None:
    assert await value(harness, source) == expected


MAIN = """
import asyncio

async def main():
    return await tools.add(a=20, b=22)

"""


@pytest.mark.parametrize(
    "end",
    [
        "asyncio.run(main())",
        "return asyncio.run(main())",
        'if __name__ == "__main__":\n    asyncio.run(main())',
        "result = asyncio.run(main())\nresult",
        "await main()",
        "return await main()",
    ],
)
async def test_F22_models_end_a_script_in_many_ways(harness: Harness, end: str) -> None:
    assert await value(harness, MAIN + end) == 42


async def test_F24_invalid_arguments_are_caught_before_anything_runs(harness: Harness) -> None:
    outcome = await harness.run("await tools.slow(seconds=0, value=1)\nawait tools.add(a='1', b=2, c=3)")
    assert code(outcome) == "tool.invalid_arguments"
    assert {d.line for d in outcome.diagnostics} == {2}
    assert len(outcome.diagnostics) >= 2
    assert not outcome.calls
    assert not ran


async def test_F24_invalid_arguments_that_only_show_at_run_time(harness: Harness) -> None:
    source = """
arguments = {"a": "x"}
try:
    await tools.add(**arguments)
except ToolInvalidArguments as e:
    return [e.code, "b" in e.message]
"""
    assert await value(harness, source) == ["tool.invalid_arguments", True]


async def test_F25_helper_functions(harness: Harness) -> None:
    source = """
def double(x):
    return x * 2

def apply(f, xs):
    return [f(x) for x in xs]

return apply(double, [1, 2, await tools.add(a=1, b=2)])
"""
    assert await value(harness, source) == [2, 4, 6]


async def test_F26_progress_is_throttled(harness: Harness) -> None:
    source = "for i in range(1000):\n    progress(f'step {i}')"
    events = [event async for event in harness.stream(source)]
    assert 1 <= sum(isinstance(event, Progress) for event in events) <= 3


async def test_F27_a_timeout_keeps_what_was_achieved(harness: Harness) -> None:
    source = """
import asyncio
print('before')
await tools.add(a=1, b=2)
await asyncio.sleep(20)
"""
    outcome = await harness.run(source, limits={"wall_time_s": 0.4})
    assert code(outcome) == "limit.wall_time"
    assert outcome.logs == "before\n"
    assert [call.result for call in outcome.calls] == [3]


async def test_F28_an_unknown_tool_comes_with_a_suggestion(harness: Harness) -> None:
    outcome = await harness.run("return await tools.ad(a=1, b=2)")
    assert code(outcome) == "tool.not_found"
    assert outcome.error is not None
    assert "add" in str(outcome.error.hint)


async def test_F29_a_syntax_error_comes_with_its_place(harness: Harness) -> None:
    outcome = await harness.run("x = 1\nif x ==:\n    pass")
    assert code(outcome) == "script.syntax"
    (found,) = outcome.diagnostics
    assert (found.line, found.excerpt) == (2, "if x ==:")
    assert found.column == 8


async def test_F30_the_budget_of_calls(harness: Harness) -> None:
    source = "for i in range(5):\n    try:\n        await tools.add(a=i, b=0)\n    except BaseException:\n        pass"
    outcome = await harness.run(source, limits={"tool_calls": 3})
    assert code(outcome) == "limit.tool_calls"
    assert outcome.error is not None
    assert outcome.error.details["allowed"] == 3
    assert [call.result for call in outcome.calls if call.status == "ok"] == [0, 1, 2]


async def test_a_structured_call_takes_the_same_way(harness: Harness) -> None:
    record = await harness.call("add", {"a": 1, "b": 2})
    assert (record.status, record.result) == ("ok", 3)
    record = await harness.call("add", {"a": 1})
    assert record.error is not None
    assert record.error.code == "tool.invalid_arguments"


async def test_check_finds_everything_and_runs_nothing(harness: Harness) -> None:
    report = await harness.check("import os\nx = tools.ad(a=1)\neval('1')\nprint('x')")
    assert {d.code for d in report.diagnostics} >= {
        "script.forbidden_import",
        "tool.not_found",
        "script.forbidden_name",
    }
    good = await harness.check("await tools.add(a=1, b=2)")
    assert good.ok
    assert good.plan is not None
    assert good.plan.tools == ("add",)
    assert good.plan.calls[0].arguments == {"a": 1, "b": 2}
    assert not ran


async def test_many_scripts_at_once_all_get_their_own_answer(harness: Harness) -> None:
    answers: dict[int, object] = {}

    async def one(number: int) -> None:
        answers[number] = await value(harness, f"return await tools.add(a={number}, b={number})")

    async with anyio.create_task_group() as tasks:
        for number in range(30):
            tasks.start_soon(one, number)
    assert answers == {n: 2 * n for n in range(30)}


async def test_a_pool_full_of_waiting_scripts_still_answers_new_ones(harness: Harness) -> None:
    async with anyio.create_task_group() as tasks:
        for _ in range(5):
            tasks.start_soon(harness.run, "await tools.slow(seconds=3)")
        await anyio.sleep(0.3)
        with anyio.fail_after(2):
            assert await value(harness, "return 1") == 1
        tasks.cancel_scope.cancel()


async def test_a_cached_script_gives_the_same_outcome(harness: Harness) -> None:
    source = "print('x')\nreturn await tools.add(a=1, b=2)"
    first, second = await harness.run(source), await harness.run(source)
    assert (first.value, first.logs, first.plan, first.usage.steps) == (
        second.value,
        second.logs,
        second.plan,
        second.usage.steps,
    )
    bad = "import os"
    first, second = await harness.run(bad), await harness.run(bad)
    assert first.diagnostics == second.diagnostics != ()


async def test_a_stream_that_is_left_early_ends_its_run(harness: Harness) -> None:
    async with harness.stream("await tools.slow(seconds=30, value='late')") as stream:
        async for event in stream:
            if event.kind == "call_started":
                break
    await anyio.sleep(0.1)
    assert ran == []


async def test_a_stream_can_be_stopped_and_still_gives_its_outcome(harness: Harness) -> None:
    stream = harness.stream("print('x')\nawait tools.slow(seconds=30)")
    last = None
    async for event in stream:
        last = event
        if event.kind == "call_started":
            stream.stop()
    assert isinstance(last, RunFinished)
    assert code(last.outcome) == "run.cancelled"
    assert last.outcome.logs == "x\n"
    assert [call.status for call in last.outcome.calls] == ["cancelled"]


async def test_trace_records_executed_lines(harness: Harness) -> None:
    outcome = await harness.run("x = 1\nfor i in range(2):\n    x += i\nreturn x", trace=True)
    assert outcome.trace is not None
    assert [line.line for line in outcome.trace][:2] == [1, 2]
    assert any(line.changed.get("x") == "1" for line in outcome.trace)
