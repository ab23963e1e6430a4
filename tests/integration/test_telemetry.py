"""Spans and metrics, as an SDK with exporters in memory receives them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import anyio
import pytest
from opentelemetry import trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from harness import Approve, CallbackApprover, Deny, Harness, tool
from harness.telemetry import attributes as names
from harness.telemetry import watching
from tests.e2e.conftest import CHECKOUT, environment


@tool
async def add(a: int, b: int = 1) -> int:
    """Add two numbers."""
    with trace.get_tracer("of the tool", tracer_provider=PROVIDERS[-1]).start_as_current_span("inside"):
        return a + b


@tool
def block(a: int) -> int:
    """Work in a thread."""
    with trace.get_tracer("of the tool", tracer_provider=PROVIDERS[-1]).start_as_current_span("in a thread"):
        return a


@tool(approval="always")
async def send(to: str, api_key: str = "") -> str:
    """Send."""
    return f"sent to {to}"


@tool
async def wait() -> None:
    """Wait."""
    await anyio.sleep(30)


@tool
async def fail() -> None:
    """Fail."""
    raise ValueError("with an argument in its message")


TOOLS = [add, block, send, wait, fail]
PROVIDERS: list[TracerProvider] = []


class Received:
    """What the exporters have received."""

    def __init__(self) -> None:
        self._spans = InMemorySpanExporter()
        self._metrics = InMemoryMetricReader()
        self.tracers = TracerProvider()
        self.tracers.add_span_processor(SimpleSpanProcessor(self._spans))
        self.meters = MeterProvider([self._metrics])

    @property
    def spans(self) -> list[ReadableSpan]:
        return list(self._spans.get_finished_spans())

    def span(self, name: str) -> ReadableSpan:
        (found,) = [span for span in self.spans if span.name == name]
        return found

    def points(self, name: str) -> list[tuple[dict[str, Any], float]]:
        """Attributes, and the count of a histogram or the value of a sum."""
        data = self._metrics.get_metrics_data()
        if data is None:
            return []
        metrics = [m for r in data.resource_metrics for s in r.scope_metrics for m in s.metrics if m.name == name]
        points = [point for metric in metrics for point in metric.data.data_points]
        return [
            (dict(point.attributes or {}), getattr(point, "count", getattr(point, "value", None))) for point in points
        ]


def parent(span: ReadableSpan) -> int | None:
    return None if span.parent is None else span.parent.span_id


def id_of(span: ReadableSpan) -> int:
    return span.get_span_context().span_id


def attributes(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


@pytest.fixture
def received(monkeypatch: pytest.MonkeyPatch) -> Iterator[Received]:
    """Providers of this test alone: OpenTelemetry lets a process set its own only once."""
    got = Received()
    monkeypatch.setattr(watching, "get_tracer_provider", lambda: got.tracers)
    monkeypatch.setattr(watching, "get_meter_provider", lambda: got.meters)
    PROVIDERS.append(got.tracers)
    yield got
    PROVIDERS.pop()
    got.tracers.shutdown()
    got.meters.shutdown()


async def test_a_run_is_a_span_with_its_calls_and_their_questions_within(received: Received) -> None:
    source = "await tools.add(a=1)\nreturn await tools.send(to='ann')"
    with trace.get_tracer("of the agent", tracer_provider=received.tracers).start_as_current_span("turn") as turn:
        async with Harness(TOOLS, approver=CallbackApprover(lambda request: Approve())) as harness:
            outcome = await harness.run(source, context={"session_id": "s7", "model": "m1", "provider": "p1"})
    run, call, sent = received.span("run_script"), received.span("execute_tool add"), received.span("execute_tool send")
    question, inside = received.span("approval"), received.span("inside")
    assert parent(run) == turn.get_span_context().span_id
    assert parent(call) == parent(sent) == id_of(run)
    assert parent(question) == id_of(sent)
    assert parent(inside) == id_of(call)
    told = attributes(call)
    assert told == {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "add",
        "gen_ai.tool.type": "function",
        "gen_ai.tool.call.id": outcome.calls[0].id,
        "gen_ai.tool.description": "Add two numbers.",
        "gen_ai.conversation.id": "s7",
        "gen_ai.provider.name": "p1",
        "gen_ai.request.model": "m1",
        "harness.call.line": 1,
        "harness.status": "ok",
    }
    assert attributes(sent)["harness.approval.answer"] == "approved"
    assert attributes(question) == {
        "harness.approval.risk": "read",
        "harness.approval.is_retry": False,
        "harness.approval.answer": "approved",
        "gen_ai.tool.name": "send",
    }
    told = attributes(run)
    assert told["harness.script.id"] == outcome.script_id
    assert (told["harness.status"], told["harness.usage.tool_calls"]) == ("ok", 2)
    assert told["harness.barriers"] == outcome.barriers
    assert run.status.status_code is StatusCode.UNSET


async def test_a_call_that_was_denied_has_a_span(received: Received) -> None:
    source = "try:\n    await tools.send(to='bob')\nexcept ToolDenied:\n    return 'no'"
    async with Harness(TOOLS, approver=CallbackApprover(lambda request: Deny("not bob"))) as harness:
        await harness.run(source)
    span = received.span("execute_tool send")
    assert (attributes(span)["error.type"], attributes(span)["harness.status"]) == ("approval.denied", "denied")
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, "approval.denied")
    assert attributes(received.span("approval"))["harness.approval.answer"] == "denied"
    assert "bob" not in "".join(item.to_json() for item in received.spans)


async def test_arguments_and_results_are_told_only_where_settings_say_so(received: Received) -> None:
    approver = CallbackApprover(lambda request: Approve())
    source = "await tools.send(to='ann', api_key='k-1234567890')\nreturn 'the value'"
    async with Harness(TOOLS, approver=approver) as harness:
        await harness.run(source)
        quiet = "".join(span.to_json() for span in received.spans)
        harness.settings = {"telemetry": {"content": True}}
        await harness.run(source)
    assert not [word for word in ("ann", "the value", "k-1234567890") if word in quiet]
    _, sent = [span for span in received.spans if span.name == "execute_tool send"]
    assert json.loads(attributes(sent)["gen_ai.tool.call.arguments"]) == {"to": "ann", "api_key": "[redacted]"}
    assert json.loads(attributes(sent)["gen_ai.tool.call.result"]) == "sent to ann"
    _, run = [span for span in received.spans if span.name == "run_script"]
    assert json.loads(attributes(run)["harness.result"]) == "the value"
    assert "k-1234567890" not in "".join(span.to_json() for span in received.spans)


async def test_a_structured_call_is_a_span_within_that_of_whoever_made_it(received: Received) -> None:
    with trace.get_tracer("of the agent", tracer_provider=received.tracers).start_as_current_span("turn") as turn:
        async with Harness(TOOLS) as harness:
            await harness.call("block", {"a": 1})
    span = received.span("execute_tool block")
    assert parent(span) == turn.get_span_context().span_id
    assert parent(received.span("in a thread")) == id_of(span)
    assert not [each for each in received.spans if each.name == "run_script"]


async def test_a_name_that_a_model_made_up_names_no_span_and_no_series(received: Received) -> None:
    async with Harness(TOOLS) as harness:
        await harness.call("no_such_tool", {})
        await harness.call("fail", "{")
    span = received.span("execute_tool _OTHER")
    assert (attributes(span)["gen_ai.tool.name"], attributes(span)["error.type"]) == ("no_such_tool", "tool.not_found")
    series = [told for told, _ in received.points("gen_ai.execute_tool.duration")]
    assert sorted(told["gen_ai.tool.name"] for told in series) == ["_OTHER", "fail"]


async def test_every_span_ends_however_the_run_does(received: Received) -> None:
    async with Harness(TOOLS) as harness:
        with anyio.move_on_after(0.2):
            await harness.run("await tools.wait()")  # the caller leaves
        await harness.run("await tools.wait()", limits={"wall_time_s": 0.2})
        await harness.run("await tools.fail()")
        async with harness.stream("await tools.wait()") as stream:
            async for event in stream:
                if event.kind == "call_started":
                    break
        await anyio.sleep(0.2)
    runs = [attributes(span).get("error.type") for span in received.spans if span.name == "run_script"]
    assert runs[1:] == ["limit.wall_time", "tool.failed", "run.cancelled"]
    assert runs[0] in ("CancelledError", "Cancelled")
    waits = [span for span in received.spans if span.name == "execute_tool wait"]
    assert len(waits) == 3
    assert received.span("execute_tool fail").status.description == "tool.failed"
    assert received.points("harness.run.active") == [({}, 0)]


async def test_metrics_count_runs_calls_and_approvals(received: Received) -> None:
    async with Harness(TOOLS, approver=CallbackApprover(lambda request: Approve())) as harness:
        await harness.run("await tools.add(a=1)\nawait tools.add(a=2)\nawait tools.send(to='x')")
        await harness.run("await tools.fail()")
        await harness.call("add", {"a": 1})
    call = {"gen_ai.operation.name": "execute_tool"}
    found = {tuple(sorted(told.items())): count for told, count in received.points("gen_ai.execute_tool.duration")}
    failed = {**call, "gen_ai.tool.name": "fail", "harness.status": "failed", "error.type": "tool.failed"}
    assert found == {
        tuple(sorted({**call, "gen_ai.tool.name": "add", "harness.status": "ok"}.items())): 3,
        tuple(sorted({**call, "gen_ai.tool.name": "send", "harness.status": "ok"}.items())): 1,
        tuple(sorted(failed.items())): 1,
    }
    runs = received.points("harness.run.duration")
    assert ({"harness.status": "ok"}, 1) in runs
    assert ({"harness.status": "failed", "error.type": "tool.failed"}, 1) in runs
    assert received.points("harness.approval.duration") == [({"harness.approval.answer": "approved"}, 1)]
    assert len(received.points("harness.run.cpu_time")) == 2
    assert received.points("harness.run.active") == [({}, 0)]


UNUSED = """
import asyncio, sys
from harness import Harness
if len(sys.argv) > 1:
    import opentelemetry.trace, opentelemetry.metrics  # the API alone, as many libraries import it

async def main():
    async with Harness() as harness:
        assert harness._listeners.source("s1", harness.limits) is None
        assert (await harness.run("return 1")).value == 1

asyncio.run(main())
print(*sorted(name for name in sys.modules if name.startswith(("opentelemetry", "harness.telemetry"))))
"""


def test_nothing_of_opentelemetry_is_imported_for_a_program_that_does_not_use_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", UNUSED], env=environment(), capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == ["harness.telemetry"]


def test_no_event_is_made_for_the_api_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-c", UNUSED, "api"], env=environment(), capture_output=True, text=True, timeout=60, check=True
    )
    assert "opentelemetry.sdk" not in done.stdout


def test_the_page_names_every_attribute_and_metric() -> None:
    page = (CHECKOUT / "docs" / "how-to" / "observe-runs.md").read_text(encoding="utf-8")
    others = ("SCOPE", "OTHER", "EXECUTE_TOOL", "CALL_ARGUMENTS", "CALL_RESULT", "RESULT")
    for constant, name in vars(names).items():
        if constant.isupper() and constant not in others:
            shown = "harness.usage.*" if name.startswith("harness.usage.") else name
            assert f"`{shown}" in page, name
