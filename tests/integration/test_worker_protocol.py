"""A real zygote and real workers, driven frame by frame by a host that blocks."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from policy.limits import Limits
from tests.integration import blocking_host
from tests.integration.blocking_host import Zygote


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    with blocking_host.zygote() as made:
        yield made


def batches(result: blocking_host.Result) -> list[list[Any]]:
    """The tools of each batch."""
    return [[call[1] for call in frame["calls"]] for frame in result.of("batch")]


# The shape of a conversation


def test_a_worker_says_hello_checked_finished(zygote: Zygote) -> None:
    result = zygote.run("return 1")
    assert [frame["t"] for frame in result.frames] == ["hello", "checked", "finished"]
    assert result.value == 1
    assert set(result.frames[0]["barriers"]) >= {"seccomp", "rlimits", "no_new_privs", "closed_descriptors"}
    assert result.frames[0]["idle_rss_bytes"] > 1_000_000
    assert result.exit is not None
    assert (result.exit["status"], result.exit["signal"]) == (0, None)


def test_code_of_an_earlier_worker_runs_without_a_check(zygote: Zygote) -> None:
    [checked] = zygote.run("x = await tools.add(a=1, b=2)\nreturn x").of("checked")
    result = zygote.run(None, code=checked["code"])
    assert [frame["t"] for frame in result.frames] == ["hello", "batch", "finished"]
    assert result.value == 3


def test_a_refused_script_is_checked_and_no_more(zygote: Zygote) -> None:
    result = zygote.run("import os\nimport sys")
    assert [item["code"] for item in result.frames[-1]["diagnostics"]] == ["script.forbidden_import"] * 2
    assert result.frames[-1]["code"] is None


def test_a_check_alone_executes_nothing(zygote: Zygote) -> None:
    worker, pid = zygote.fork()
    with worker.sock:
        frames = blocking_host.conversation(
            worker, "print(1)", lambda calls: [], ["add"], zygote.limits, 1, {"execute": False}
        )
        assert [next(frames)["t"], next(frames)["t"]] == ["hello", "checked"]
        worker.sock.settimeout(0.2)
        with pytest.raises(TimeoutError):
            worker.receive()
    zygote.exit_of(pid)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("await tools.add(a=1, b=2)\nawait tools.echo(value=3)", [["add"], ["echo"]]),
        (
            "import asyncio\nawait asyncio.gather(tools.add(a=1, b=2), tools.echo(value=3), tools.echo(value=4))",
            [["add", "echo", "echo"]],
        ),
        (
            """
import asyncio
async def one(n):
    return await tools.echo(value=await tools.echo(value=n))
await asyncio.gather(*[one(n) for n in range(3)])
""",
            [["echo"] * 3, ["echo"] * 3],
        ),
        (
            """
import asyncio
async with asyncio.TaskGroup() as group:
    group.create_task(tools.echo(value=1))
    group.create_task(tools.add(a=1, b=2))
""",
            [["echo", "add"]],
        ),
        ("import asyncio\nasyncio.run(tools.echo(value=1))", [["echo"]]),
    ],
)
def test_what_starts_together_leaves_as_one_frame(zygote: Zygote, source: str, expected: list[list[str]]) -> None:
    assert batches(zygote.run(source)) == expected


def test_calls_carry_ids_arguments_and_lines(zygote: Zygote) -> None:
    result = zygote.run("x = 1\ny = await tools.add(1, 2)\nz = await tools.echo({'value': y})\nreturn z")
    assert [frame["calls"] for frame in result.of("batch")] == [
        [[1, "add", {"a": 1, "b": 2}, 2]],
        [[2, "echo", {"value": 3}, 3]],
    ]
    assert result.value == 3


def test_settlements_may_come_in_any_order_and_at_any_time(zygote: Zygote) -> None:
    waiting: list[Any] = []

    def last_first(calls: list[Any]) -> list[Any]:
        waiting.extend(calls)
        number, tool, arguments, _ = waiting.pop()
        return [[number, *blocking_host._outcome(tool, arguments)]]

    source = "import asyncio\nreturn await asyncio.gather(*[tools.echo(value=n) for n in range(4)])"
    result = zygote.run(source, last_first)
    assert result.value == [0, 1, 2, 3]
    assert [len(batch) for batch in batches(result)] == [4, 0, 0, 0]


def test_a_wait_for_what_nothing_will_settle_is_an_empty_batch(zygote: Zygote) -> None:
    result = zygote.run("import asyncio\nawait asyncio.Event().wait()", rounds=0)
    [batch] = result.of("batch")
    assert batch == {"t": "batch", "calls": [], "cancelled": [], "wake_after_s": None, "steps": 0}


def test_timers_are_kept_by_the_host(zygote: Zygote) -> None:
    result = zygote.run("import asyncio\nawait asyncio.sleep(0.05)\nreturn 1")
    assert result.value == 1
    assert 0.03 < result.of("batch")[0]["wake_after_s"] <= 0.05


def test_a_timeout_cancels_the_call(zygote: Zygote) -> None:
    source = """
import asyncio
try:
    async with asyncio.timeout(0.03):
        await tools.slow(value=1)
except TimeoutError:
    return await tools.echo(value="late")
"""
    result = zygote.run(source, _all_but_slow)
    assert result.value == "late"
    assert [frame["cancelled"] for frame in result.of("batch")][-1] == [1]


def test_a_script_that_spins_still_gets_its_results(zygote: Zygote) -> None:
    source = """
import asyncio
task = asyncio.create_task(tools.add(a=1, b=2))
turns = 0
while not task.done():
    await asyncio.sleep(0)
    turns += 1
return [task.result(), turns < 60]
"""
    result = zygote.run(source)
    assert result.value == [3, True]
    assert {frame["wake_after_s"] for frame in result.of("batch")} == {0}


def _all_but_slow(calls: list[Any]) -> list[Any]:
    return [
        [number, *blocking_host._outcome(tool, arguments)] for number, tool, arguments, _ in calls if tool != "slow"
    ]


# What is left at the end


def test_S17_pending_calls_are_named_and_calls_never_awaited_too(zygote: Zygote) -> None:
    source = """
import asyncio
task = asyncio.create_task(tools.slow(value=1))
await asyncio.sleep(0)
unstarted = asyncio.create_task(tools.slow(value=2))
calls = [tools.echo(value=3)]
return len(calls)
"""
    result = zygote.run(source, _all_but_slow)
    assert result.value == 1
    assert result.finished["pending"] == [["slow", 3], ["slow", 5]]
    assert result.finished["unawaited"] == [["echo", 6]]
    assert ["echo"] not in batches(result)


def test_tasks_left_at_the_end_clean_up(zygote: Zygote) -> None:
    source = """
import asyncio
async def work():
    try:
        await asyncio.sleep(100)
    finally:
        print("cleaned")
async def numbers():
    try:
        yield 1
    finally:
        print("closed")
task = asyncio.create_task(work())
await asyncio.sleep(0)
async for number in numbers():
    break
return number
"""
    result = zygote.run(source)
    assert (result.value, sorted(result.log.split())) == (1, ["cleaned", "closed"])


def test_a_task_that_will_not_end_gets_a_quarter_of_a_second(zygote: Zygote) -> None:
    source = """
import asyncio
async def stubborn():
    while True:
        try:
            await asyncio.sleep(100)
        except asyncio.CancelledError:
            pass
task = asyncio.create_task(stubborn())
await asyncio.sleep(0)
return "done"
"""
    started = time.monotonic()
    assert zygote.run(source).value == "done"
    assert time.monotonic() - started < 5


# Failures


def test_an_uncaught_exception_has_its_place_and_the_scripts_lines(zygote: Zygote) -> None:
    source = "import json\ndef inner(text):\n    return json.loads(text)\né = inner('{')\n"
    error = zygote.run(source).error
    assert error["code"] == "script.runtime"
    assert error["message"].startswith("JSONDecodeError: Expecting property name")
    assert (error["line"], error["column"]) == (3, 12)
    assert error["traceback"] == [
        {"line": 4, "function": "<module>", "text": "é = inner('{')"},
        {"line": 3, "function": "inner", "text": "return json.loads(text)"},
    ]


def test_a_traceback_has_ten_frames_at_most(zygote: Zygote) -> None:
    error = zygote.run("def f(n):\n    return 1 / 0 if n == 0 else f(n - 1)\nf(50)").error
    assert len(error["traceback"]) == 10


def test_what_an_error_brings_is_cut(zygote: Zygote) -> None:
    assert len(zygote.run("raise ValueError('x' * 10_000)").error["message"]) == 2000
    group = zygote.run("raise ExceptionGroup('all', [ValueError(n) for n in range(30)])").error
    assert len(group["details"]["exceptions"]) == 10
    for size, is_kept in ((65_000, True), (66_000, False)):
        error = zygote.run(f"raise ToolError('mine', code='tool.failed', details={{'x': 'y' * {size}}})").error
        assert (error["code"], bool(error["details"])) == ("tool.failed", is_kept)
    long = zygote.run("def f(): return 1 / 0 or '" + "x" * 600 + "'\nf()").error
    assert [len(line["text"]) for line in long["traceback"]] == [3, 500]


def test_so_many_calls_that_were_never_awaited_are_named(zygote: Zygote) -> None:
    result = zygote.run("made = [tools.add(a=n, b=1) for n in range(150)]\nreturn 1")
    assert (result.value, len(result.finished["unawaited"])) == (1, 100)


def test_a_task_that_does_not_end_is_waited_for_a_moment_and_no_longer(zygote: Zygote) -> None:
    source = """
import asyncio
async def stay():
    while True:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            pass
task = asyncio.create_task(stay())
await asyncio.sleep(0)
return 1
"""
    assert zygote.run(source).value == 1  # and this test ends


@pytest.mark.parametrize(
    ("source", "code", "message"),
    [
        ("await tools.echo(value='fail')", "tool.failed", "no"),
        ("await tools.echo(value='deny')", "approval.denied", "denied"),
        ("raise ToolError('mine', code='limit.steps')", "script.runtime", "ToolError: mine"),
        ("raise SystemExit(3)", "script.runtime", "SystemExit: 3"),
        ("raise KeyboardInterrupt", "script.runtime", "KeyboardInterrupt"),
        ("import asyncio\nraise asyncio.CancelledError", "script.runtime", "CancelledError"),
        ("next(iter([]))", "script.runtime", "StopIteration"),
        (
            "class E(Exception):\n    def __str__(self): raise ValueError\nraise E",
            "script.runtime",
            "E: <its text cannot be read>",
        ),
        ("raise ValueError('x' * 10_000)", "script.runtime", "ValueError: " + "x" * 1988),
        ("raise ValueError('\\ud800')", "script.runtime", "ValueError: \\ud800"),
        (
            "import asyncio\nasync def f(): raise SystemExit(2)\nawait asyncio.create_task(f())",
            "script.runtime",
            "SystemExit: 2",
        ),
    ],
)
def test_whatever_a_script_raises_is_told(zygote: Zygote, source: str, code: str, message: str) -> None:
    error = zygote.run(source).error
    assert (error["code"], error["message"]) == (code, message)


def test_a_group_tells_what_it_holds(zygote: Zygote) -> None:
    source = """
import asyncio
async def bad(n):
    raise ValueError(n)
async with asyncio.TaskGroup() as group:
    group.create_task(bad(1))
    group.create_task(bad(2))
"""
    details = zygote.run(source).error["details"]
    assert details["exceptions"] == ["line 4: ValueError: 1", "line 4: ValueError: 2"]


def test_a_tool_error_has_its_fields(zygote: Zygote) -> None:
    source = """
try:
    await tools.echo(value="fail")
except ToolError as error:
    first = [error.code, error.message, error.retryable, error.details, str(error)]
try:
    await tools.echo(value="deny")
except ToolDenied as error:
    return [first, type(error).__name__, isinstance(error, ToolError)]
"""
    assert zygote.run(source).value == [["tool.failed", "no", True, {"n": 1}, "no"], "ToolDenied", True]


# Limits that the worker keeps


@pytest.mark.parametrize(
    ("source", "limits", "code", "used"),
    [
        ("while True: pass", {"steps": 1000}, "limit.steps", 1000),
        (
            "while True:\n    try:\n        x = 1\n    except BaseException:\n        pass",
            {"steps": 1000},
            "limit.steps",
            1000,
        ),
        ("[0 for _ in iter(int, 1)]", {"steps": 1000}, "limit.steps", 1000),
        ("sum(0 for _ in iter(int, 1))", {"steps": 1000}, "limit.steps", 1000),
        ("def f(): return f()\nf()", {"recursion": 200}, "limit.recursion", 200),
        ("def f(n): return f(n + 1)\nf(0)", {}, "limit.recursion", 1000),
        (
            "try:\n    await tools.echo(value='x' * 100)\nexcept BaseException:\n    pass",
            {"argument_bytes": 50},
            "limit.arguments",
            112,
        ),
        ("return 'x' * 200", {"return_bytes": 100}, "limit.return_value", 202),
        ("return '\\n' * 80", {"return_bytes": 100}, "limit.return_value", 162),
        ("value = []\nfor _ in range(100):\n    value = [value]\nreturn value", {}, "limit.return_value", 65),
    ],
)
def test_a_limit_ends_the_run_and_tells_the_amounts(
    zygote: Zygote, source: str, limits: dict[str, int], code: str, used: int
) -> None:
    result = zygote.run("print('before')\n" + source, limits=Limits(**limits))
    assert (result.error["code"], result.log) == (code, "before\n")
    details = result.error["details"]
    assert details["used"] == used
    assert details["allowed"] == getattr(Limits(**limits), details["limit"])


def test_nested_sharing_stops_at_the_limit_at_once(zygote: Zygote) -> None:
    started = time.monotonic()
    error = zygote.run("value = [0] * 10\nfor _ in range(40):\n    value = [value] * 10\nreturn value").error
    assert error["code"] == "limit.return_value"
    assert time.monotonic() - started < 5


def test_memory_runs_out_as_an_error(zygote: Zygote) -> None:
    result = zygote.run("keep = []\nwhile True:\n    keep.append('x' * 100_000 + str(len(keep)))")
    assert result.error["code"] == "limit.memory"
    assert result.error["details"]["used"] > 0.9 * zygote.limits.memory_bytes
    assert zygote.run("x = 'x' * 10**10").error["code"] == "limit.memory"


def test_recursion_and_memory_errors_can_be_caught(zygote: Zygote) -> None:
    source = """
def deep():
    try:
        return deep()
    except RecursionError:
        return "caught"
try:
    "x" * 10**10
except MemoryError:
    return [deep()]
"""
    assert zygote.run(source).value == ["caught"]


@pytest.mark.parametrize("depth", [600, 950])
def test_recursion_of_a_few_hundred_frames_works(zygote: Zygote, depth: int) -> None:
    assert zygote.run(f"def f(n): return 0 if n == 0 else 1 + f(n - 1)\nreturn f({depth})").value == depth


def test_printed_output_is_cut_with_a_marker(zygote: Zygote) -> None:
    result = zygote.run("for _ in range(100):\n    print('é' * 100)", limits=Limits(output_bytes=1001))
    kept, marker, rest = result.log.partition("\n[output cut at 1001 bytes]\n")
    assert (len(kept.encode()) <= 1001, bool(marker), rest) == (True, True, "")
    assert result.finished["ok"]


def test_progress_is_throttled(zygote: Zygote) -> None:
    result = zygote.run("for n in range(100):\n    progress(f'at {n}')\nreturn 1")
    assert [frame["message"] for frame in result.of("progress")] == ["at 0"]


def test_a_long_message_of_progress_is_cut(zygote: Zygote) -> None:
    (message,) = [frame["message"] for frame in zygote.run("progress('x' * 5000)\nreturn 1").of("progress")]
    assert message == "x" * 1000


def test_steps_are_counted_alike(zygote: Zygote) -> None:
    source = "def f(): return 1\nfor n in range(10):\n    f()\n[n for n in range(5)]\nwhile False: pass"
    assert zygote.run(source).finished["steps"] == 11 + 10 + 6 + 1


# Traces


def test_a_trace_has_lines_steps_changes_and_calls(zygote: Zygote) -> None:
    source = "total = 0\nfor n in range(2):\n    total += await tools.add(a=n, b=1)\nreturn total"
    events = [line for frame in zygote.run(source, trace=True).of("trace") for line in frame["events"]]
    assert [event["line"] for event in events] == [1, 2, 3, 2, 3, 2, 4]
    assert events[0]["changed"] == {"total": "0"}
    assert [event["calls"] for event in events if event["line"] == 3] == [["add"], ["add"]]
    assert [event["changed"]["total"] for event in events if event["line"] == 3] == ["1", "3"]
    assert events[-1]["steps"] == 3


def test_a_trace_is_bounded_and_runs_no_code_of_the_script(zygote: Zygote) -> None:
    source = """
class Loud:
    def __repr__(self):
        print("repr")
        return "loud"
loud = Loud()
for n in range(20_000):
    x = [loud] * 1000
return 1
"""
    result = zygote.run(source, trace=True)
    assert sum(len(frame["events"]) for frame in result.of("trace")) == 5000
    assert result.log == ""


# The zygote


def test_what_one_script_leaves_the_next_does_not_see(zygote: Zygote) -> None:
    source = """
import json, random
try:
    return [leak, json.dumps(random.getstate())]
except NameError as error:
    leak = 1
    random.seed(1)
    return [type(error).__name__, random.random()]
"""
    assert zygote.run(source).value == zygote.run(source).value


def test_time_and_randomness_are_the_hosts(zygote: Zygote) -> None:
    source = """
import random, time, uuid
from datetime import date, datetime, timezone
return [
    random.random(), str(uuid.uuid4()), random.Random().random(),
    round(time.time()), datetime.now(timezone.utc).isoformat()[:16], date.today().year, time.gmtime().tm_year,
]
"""
    first, second, other = zygote.run(source), zygote.run(source), zygote.run(source, seed=8)
    assert first.value == second.value
    assert first.value[:3] != other.value[:3]
    assert first.value[3] in (1_700_000_000, 1_700_000_001)
    assert first.value[4:] == ["2023-11-14T22:13", 2023, 2023]


def test_time_zones_need_no_files(zygote: Zygote) -> None:
    source = """
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones
offset = datetime(2024, 7, 1, tzinfo=ZoneInfo("Europe/Paris")).utcoffset()
return [offset.total_seconds(), "Asia/Tokyo" in available_timezones()]
"""
    assert zygote.run(source).value == [7200, True]


def test_the_zygote_reports_how_a_child_ended(zygote: Zygote) -> None:
    worker, pid = zygote.fork()
    assert worker.receive() is not None
    os.kill(pid, signal.SIGKILL)
    ended = zygote.exit_of(pid)
    assert (ended["status"], ended["signal"]) == (None, signal.SIGKILL)
    assert ended["max_rss_bytes"] > 1_000_000
    worker.sock.close()


def test_children_and_zygote_end_with_the_host() -> None:
    with blocking_host.zygote() as zygote:
        worker, _ = zygote.fork()
        assert worker.receive() is not None
        zygote.control.close()
        assert zygote.process.wait(10) == 0
        worker.sock.settimeout(5)
        assert worker.sock.recv(100) == b""
        worker.sock.close()


def test_a_worker_ends_when_its_channel_does(zygote: Zygote) -> None:
    worker, pid = zygote.fork()
    assert worker.receive() is not None
    worker.sock.shutdown(socket.SHUT_RDWR)
    assert zygote.exit_of(pid)["status"] == 0
    worker.sock.close()


def test_a_script_that_catches_everything_ends_with_its_host_too(zygote: Zygote) -> None:
    worker, pid = zygote.fork()
    source = "while True:\n    try:\n        print('x')\n    except BaseException:\n        pass"
    limits = Limits(output_bytes=10**9, steps=10**9)
    frames = blocking_host.conversation(worker, source, lambda calls: [], [], limits, 0, {})
    assert [next(frames)["t"] for _ in range(3)] == ["hello", "checked", "log"]
    worker.sock.close()
    assert zygote.exit_of(pid)["status"] == 0
