"""Public test doubles, and the suite that every implementation of the runtime interface must pass.

```python
class TestMyRuntime(RuntimeConformance):
    def make_runtime(self, limits, signatures):
        return MyRuntime(limits, signatures)
```
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

import anyio

from harness.approvals.callback import Answer, decision_of
from harness.errors import CallError
from harness.runtimes.runtime import Batch, Finished, Run, Runtime, Script, Settlement
from harness.types import ApprovalRequest, CheckReport, TraceLine
from policy.approval import ReviewDecision
from policy.language.report import ToolSignature
from policy.limits import Limits

__all__ = ["RecordingListener", "RuntimeConformance", "ScriptedApprover"]

_ECHO = ToolSignature("echo", {"type": "object", "properties": {"value": {}}, "required": ["value"]})


class RecordingListener:
    """A listener that keeps what it hears."""

    def __init__(self) -> None:
        self.report: CheckReport | None = None
        self.logs: list[str] = []
        self.progress: list[str] = []
        self.trace: list[TraceLine] = []

    def checked(self, report: CheckReport) -> None:
        """Keep the report."""
        self.report = report

    def logged(self, text: str) -> None:
        """Keep printed text."""
        self.logs.append(text)

    def progressed(self, message: str) -> None:
        """Keep a progress message."""
        self.progress.append(message)

    def traced(self, lines: Sequence[TraceLine]) -> None:
        """Keep executed lines."""
        self.trace.extend(lines)


class ScriptedApprover:
    """Answers questions as a test wrote it down, and keeps what it was asked.

    A question without an answer raises AssertionError. A run takes that for a denial that says "the approver failed",
    so a test that must not ask looks at `requests` too.

    Args:
        answers: Decisions, or True and False, in the order of the questions; or the answer for each tool, "*" for
            every other one, "" for a plan, as often as it is asked.

    Attributes:
        requests: Every question, in order.
        batches: The same questions, as they were put together.
    """

    def __init__(self, answers: Iterable[Answer] | Mapping[str, Answer] = ()) -> None:
        self.requests: list[ApprovalRequest] = []
        self.batches: list[tuple[ApprovalRequest, ...]] = []
        self._by_tool: Mapping[str, Answer] = answers if isinstance(answers, Mapping) else {}
        self._in_order = iter(() if isinstance(answers, Mapping) else answers)

    async def decide(self, requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        """Give the next answers.

        Raises:
            AssertionError: there is none for a question.
        """
        self.batches.append(tuple(requests))
        self.requests += requests
        return [decision_of(self._answer(request)) for request in requests]

    def _answer(self, request: ApprovalRequest) -> Answer:
        answer = self._by_tool.get(request.tool, self._by_tool.get("*"))
        answer = next(self._in_order, None) if answer is None else answer
        if answer is None:
            said = f"question {len(self.requests)} has no answer: {request.tool or 'a plan'}: {request.reason}"
            raise AssertionError(said)
        return answer


class RuntimeConformance:
    """What holds for every runtime. Subclass it in a test module and give it the runtime.

    The scripts are of the Python language; a runtime of another language overrides `scripts`.
    """

    scripts: ClassVar[dict[str, str]] = {
        "value": "return {'a': [1, 2.5, None, 'x']}",
        "one_call": "return await tools.echo(value=1)",
        "gather": "import asyncio\nreturn await asyncio.gather(*[tools.echo(value=i) for i in range(5)])",
        "caught": "try:\n    await tools.echo(value=1)\nexcept ToolError as e:\n    return e.code",
        "not_awaited": "x = [tools.echo(value=1)]\nreturn 'done'",
        "sleep": "import asyncio\nawait asyncio.sleep(0.25)\nreturn 'woke'",
        "stuck": "import asyncio\nawait asyncio.Event().wait()",
        "refused": "import os",
        "printed": "print('hello')",
        "endless": "while True:\n    pass",
        "cancelled": (
            "import asyncio\n"
            "task = asyncio.create_task(tools.echo(value=1))\n"
            "await asyncio.sleep(0)\n"
            "await asyncio.sleep(0.01)\n"
            "task.cancel()\n"
            "await asyncio.sleep(0.01)\n"
            "return task.cancelled()"
        ),
        "leaves_state": "import math\nmath_name = 1\nreturn 'left'",
        "finds_state": "try:\n    math_name\nexcept NameError:\n    return 'clean'",
    }

    def make_runtime(self, limits: Limits, signatures: Sequence[ToolSignature]) -> Runtime:
        """Return a new runtime. Override this."""
        raise NotImplementedError

    async def start(self, runtime: Runtime, name: str, **fields: object) -> tuple[Run, RecordingListener]:
        """Start one of the scripts."""
        listener = RecordingListener()
        script = Script(source=self.scripts[name], limits=Limits(), **fields)  # type: ignore[arg-type]  # test data
        return await runtime.start(script, listener), listener

    def runtime(self) -> Runtime:
        """Return a new runtime with the default limits and one tool, `echo`."""
        return self.make_runtime(Limits(), [_ECHO])

    async def test_a_value_comes_back_as_plain_data(self) -> None:
        async with self.runtime() as runtime:
            run, _ = await self.start(runtime, "value")
            assert _value(await run.advance([])) == {"a": [1, 2.5, None, "x"]}
            await run.stop()

    async def test_a_call_is_reported_and_its_result_goes_on_into_the_script(self) -> None:
        async with self.runtime() as runtime:
            run, _ = await self.start(runtime, "one_call")
            batch = await run.advance([])
            assert isinstance(batch, Batch)
            assert [(c.id, c.tool, c.arguments) for c in batch.calls] == [(1, "echo", {"value": 1})]
            assert batch.wake_after_s is None
            assert _value(await run.advance([Settlement(1, b'"back"')])) == "back"
            await run.stop()

    async def test_a_gather_is_one_batch_and_settles_in_any_order(self) -> None:
        async with self.runtime() as runtime:
            run, _ = await self.start(runtime, "gather")
            batch = await run.advance([])
            assert isinstance(batch, Batch)
            assert [c.arguments["value"] for c in batch.calls] == [0, 1, 2, 3, 4]
            late = await run.advance([Settlement(5, b"4"), Settlement(1, b"0")])
            assert isinstance(late, Batch)
            assert not late.calls
            rest = [Settlement(n, json.dumps(n - 1).encode()) for n in (3, 2, 4)]
            assert _value(await run.advance(rest)) == [0, 1, 2, 3, 4]
            await run.stop()

    async def test_an_error_of_a_call_is_raised_in_the_script(self) -> None:
        async with self.runtime() as runtime:
            run, _ = await self.start(runtime, "caught")
            await run.advance([])
            error = CallError("tool.failed", "no luck")
            assert _value(await run.advance([Settlement(1, error=error)])) == "tool.failed"
            await run.stop()

    async def test_a_call_that_is_never_awaited_never_starts_and_is_named(self) -> None:
        async with self.runtime() as runtime:
            run, _ = await self.start(runtime, "not_awaited")
            finished = await run.advance([])
            assert isinstance(finished, Finished)
            assert finished.value == "done"
            assert list(finished.not_awaited) == [("echo", 1)]
            await run.stop()

    async def test_sleep_is_a_wish_to_be_woken(self) -> None:
        async with self.runtime() as runtime:
            run, _ = await self.start(runtime, "sleep")
            batch = await run.advance([])
            assert isinstance(batch, Batch)
            assert not batch.calls
            assert batch.wake_after_s is not None
            assert 0.1 < batch.wake_after_s <= 0.25
            await run.stop()

    async def test_a_script_that_nothing_can_wake_says_so(self) -> None:
        async with self.runtime() as runtime:
            run, _ = await self.start(runtime, "stuck")
            batch = await run.advance([])
            assert isinstance(batch, Batch)
            assert (list(batch.calls), list(batch.cancelled), batch.wake_after_s) == ([], [], None)
            await run.stop()

    async def test_a_cancelled_call_is_reported(self) -> None:
        async with self.runtime() as runtime:
            run, _ = await self.start(runtime, "cancelled")
            cancelled: list[int] = []
            step = await run.advance([])
            for _ in range(20):
                if isinstance(step, Finished):
                    break
                cancelled += step.cancelled
                await anyio.sleep(step.wake_after_s or 0)
                step = await run.advance([])
            assert cancelled == [1]
            assert isinstance(step, Finished)
            assert step.value is True
            await run.stop()

    async def test_a_refused_script_never_runs(self) -> None:
        async with self.runtime() as runtime:
            run, listener = await self.start(runtime, "refused")
            finished = await run.advance([])
            assert isinstance(finished, Finished)
            assert finished.error is not None
            assert listener.report is not None
            assert not listener.report.ok
            await run.stop()

    async def test_what_is_printed_is_heard_before_the_end(self) -> None:
        async with self.runtime() as runtime:
            run, listener = await self.start(runtime, "printed")
            await run.advance([])
            assert "".join(listener.logs) == "hello\n"
            await run.stop()

    async def test_nothing_of_one_script_is_seen_by_the_next(self) -> None:
        async with self.runtime() as runtime:
            first, _ = await self.start(runtime, "leaves_state")
            await first.advance([])
            await first.stop()
            second, _ = await self.start(runtime, "finds_state")
            assert _value(await second.advance([])) == "clean"
            await second.stop()

    async def test_a_busy_worker_can_be_stopped(self) -> None:
        async with self.runtime() as runtime:
            run, _ = await self.start(runtime, "endless")
            with anyio.move_on_after(0.2):
                await run.advance([])
            run.kill()
            spent = await run.stop()
            assert spent.cpu_time_s > 0


def _value(step: Batch | Finished) -> object:
    assert isinstance(step, Finished)
    assert step.error is None, step.error
    return step.value
