"""The worker: one confined process, one script.

`Worker` is made in the zygote, so that every child has the script's modules and builtins ready; `serve` runs in the
child and never returns.
"""

from __future__ import annotations

import asyncio
import binascii
import marshal
import os
import sys
import types
from asyncio import events
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from harness.runtimes.cpython import tool_errors, wire
from harness.runtimes.cpython.clock import HostClock, HostRandom
from harness.runtimes.cpython.exchange import Exchange
from harness.runtimes.cpython.facades import make_facades
from harness.runtimes.cpython.failures import Failures, Wire
from harness.runtimes.cpython.guards import Guards
from harness.runtimes.cpython.meter import Meter
from harness.runtimes.cpython.output import Log
from harness.runtimes.cpython.script_asyncio import ScriptLoop
from harness.runtimes.cpython.script_builtins import make_builtins
from harness.runtimes.cpython.script_file import script_line
from harness.runtimes.cpython.script_tools import (
    CallBook,
    NamedCall,
    Progress,
    make_context,
    make_tools,
)
from harness.runtimes.cpython.trace import Recorder, start_recording
from harness.runtimes.cpython.values import TooLargeError, UnserializableError, json_text, to_json
from harness.runtimes.cpython.wire import WorkerChannel
from policy.language import CheckReport, ToolSignature, compile_script
from policy.language.guard_names import BUDGET, MAIN

_GRACE_S = 0.25
_EXIT_BUG = 70
_FRAMES_BELOW = 24  # ours and asyncio's, under the script's first
_RESERVE_BYTES = 4 * 1024 * 1024


class Worker:
    """Everything a script needs, made before it is known."""

    def __init__(self) -> None:
        self.clock = HostClock()
        self.random = HostRandom()
        self.log = Log()
        self.progress = Progress()
        self.exchange = Exchange(self.clock)
        self.book = CallBook(self.exchange)
        # The standard library looks up a class's module by name (dataclasses does, for string annotations).
        self.main_module = types.ModuleType("__main__")
        self.script_globals: dict[str, Any] = self.main_module.__dict__
        self.script_globals.clear()
        self.guards = Guards(self.script_globals, self.clock)
        self.facades = make_facades(self.guards, self.exchange, self.clock, self.random)
        self.builtins = make_builtins(self.guards, self.facades, self.log, self.random)
        self.builtins.update({kind.__name__: kind for kind in tool_errors.CLASSES})
        self.builtins["progress"] = self.progress_function()
        self.loop = ScriptLoop(self.exchange)
        self.warm_up: Callable[[], None] = lambda: None  # what a child does while it waits for its script
        self.reserve: bytes | None = bytes(_RESERVE_BYTES)  # zeros that nobody touches take no memory

    def progress_function(self) -> Any:
        """Return the script's `progress`."""
        reporter = self.progress

        def progress(message: object = "") -> None:
            reporter.report(message)

        return progress

    def serve(self, fd: int, barriers: tuple[str, ...], idle_rss_bytes: int) -> NoReturn:
        """Say hello, then run the one script that the host sends. Ends the process."""
        channel = WorkerChannel(fd, gone=_end)
        try:
            names = '","'.join(barriers)
            channel.send_json(b'{"t":"hello","idle_rss_bytes":%d,"barriers":["%b"]}' % (idle_rss_bytes, names.encode()))
            setup = channel.receive()
            self.builtins["tools"] = make_tools(self.book, setup["tools"])
            self.warm_up()
            ScriptRun(self, channel, setup, channel.receive(), idle_rss_bytes).execute()
            channel.wait_for_end()
        finally:
            os._exit(_EXIT_BUG)

    def rehearse(self, channel: WorkerChannel, setup: Mapping[str, Any], run: Mapping[str, Any]) -> None:
        """Run a script of ours, and leave no trace of it but filled caches and pages that are this process's own."""
        recursion_limit = sys.getrecursionlimit()
        ScriptRun(self, channel, setup, run, 0).execute()
        sys.setrecursionlimit(recursion_limit)
        del self.builtins["context"], self.builtins[BUDGET]
        self.script_globals.clear()
        self.exchange.started = 0
        self.loop.tasks_made = 1


class ScriptRun:
    """One script, from its source to its `finished` frame."""

    def __init__(
        self,
        worker: Worker,
        channel: WorkerChannel,
        setup: Mapping[str, Any],
        run: Mapping[str, Any],
        idle_rss_bytes: int,
    ) -> None:
        self._worker = worker
        self._channel = channel
        self._setup = setup
        self._run = run
        self._limits: Mapping[str, Any] = run["limits"]
        self._idle_rss_bytes = idle_rss_bytes
        self._meter = Meter(self._limits["steps"], self._stop_for_steps)
        self._recorder: Recorder | None = None
        worker.exchange.connect(channel, self._meter)

    @property
    def _failures(self) -> Failures:
        return Failures(self._run["source"], self._limits, self._idle_rss_bytes)

    @property
    def _exposed(self) -> Sequence[str]:
        """The names of the tools that the script may use. The host looks again at every call."""
        exposed: Sequence[str] | None = self._run.get("exposed")
        return [tool["name"] for tool in self._setup["tools"]] if exposed is None else exposed

    def execute(self) -> None:
        """Check, compile and run; the `finished` frame is sent when this returns."""
        code = self._checked_code()
        if code is None or not self._run["execute"]:
            return
        self._prepare()
        script_globals = self._worker.script_globals
        exec(code, script_globals)  # defines MAIN and nothing else
        sys.setrecursionlimit(self._limits["recursion"] + _FRAMES_BELOW)
        if self._run["trace"]:
            self._recorder = Recorder(self._channel, self._meter)
            self._worker.book.on_start = self._recorder.called
            start_recording(self._recorder)
        self._finish(script_globals.pop(MAIN))

    def _checked_code(self) -> types.CodeType | None:
        if self._run["code"] is not None:
            code = marshal.loads(binascii.a2b_base64(self._run["code"]))
            assert isinstance(code, types.CodeType)
            return code
        exposed = self._exposed
        tools = [
            ToolSignature(tool["name"], tool["parameters"], tool["name"] in exposed) for tool in self._setup["tools"]
        ]
        compiled = compile_script(
            self._run["source"],
            tools,
            mode=self._setup["mode"],
            max_bytes=self._limits["source_bytes"],
        )
        self._channel.send(_checked_frame(compiled.report, compiled.code))
        return compiled.code

    def _prepare(self) -> None:
        worker, limits, run = self._worker, self._limits, self._run
        worker.clock.start(run["now"])
        worker.random.start(run["seed"])
        worker.log.start(self._channel, limits["output_bytes"])
        worker.progress.start(self._channel, limits["progress_events"])
        worker.book.max_bytes = limits["argument_bytes"]
        worker.book.max_depth = limits["return_depth"]
        worker.book.too_large = self._stop_for_arguments
        worker.builtins["context"] = make_context(run["context"], limits, self._exposed, worker.exchange)
        worker.builtins[BUDGET] = self._meter.budget
        worker.script_globals.update({"__builtins__": worker.builtins, "__name__": "__main__"})
        sys.modules["__main__"] = worker.main_module
        sys.stdout = worker.log  # type: ignore[assignment,unused-ignore]  # what the standard library prints to

    def _finish(self, main: Any) -> None:
        """Run the script's function, end its tasks and send the value or the error."""
        loop = self._worker.loop
        events.set_event_loop(loop)
        error: BaseException | None = None
        value: object = None
        try:
            value = loop.run_main(main())
        except BaseException as caught:  # noqa: BLE001  # whatever the script raised: it is what the host is told
            error = caught
            self._worker.reserve = None  # after a MemoryError there must be room to say so
        pending = self._worker.book.pending()
        self._end_tasks(loop)
        self._send_finished(self._failures.uncaught(error) if error is not None else self._encoded(value), pending)

    def _end_tasks(self, loop: ScriptLoop) -> None:
        """Cancel what is left, and give it a moment to clean up."""
        try:
            left = asyncio.all_tasks(loop)
            for task in left:
                task.cancel()
            if left:
                loop.run_until_complete(asyncio.wait(left, timeout=_GRACE_S))
            if loop.has_leftovers():
                closing = loop.create_task(loop.shutdown_asyncgens())
                loop.run_until_complete(asyncio.wait([closing], timeout=_GRACE_S))  # one may refuse to be cancelled
        except BaseException:  # noqa: BLE001  # a task may raise anything, also SystemExit; the script has its outcome already
            return

    def _encoded(self, value: object) -> str | Wire:
        """The value as JSON text, or the error that it ends in."""
        try:
            return json_text(value, max_bytes=self._limits["return_bytes"], max_depth=self._limits["return_depth"])
        except UnserializableError as error:
            return self._failures.unserializable(error)
        except TooLargeError as error:
            return self._failures.too_large_value(error)
        except BaseException as error:  # noqa: BLE001  # code of the script ran: a property, a comparison
            return self._failures.uncaught(error)

    def _send_finished(self, result: str | Wire, pending: list[NamedCall]) -> None:
        if self._recorder is not None:
            self._recorder.flush()
        outcome = f'"ok":true,"value":{result}' if isinstance(result, str) else f'"ok":false,"error":{to_json(result)}'
        unawaited = self._worker.book.never_awaited()
        body = (
            f'{{"t":"{wire.FINISHED}",{outcome},"steps":{self._meter.used},'
            f'"pending":{to_json(pending)},"unawaited":{to_json(unawaited)}}}'
        )
        self._channel.send_json(body.encode())

    def _stop(self, error: Wire) -> NoReturn:
        """End the run here and now: the script is not unwound, so it cannot catch this."""
        try:
            self._send_finished(error, self._worker.book.pending())
            self._channel.wait_for_end()  # the host first reads what the kernel charged
        finally:
            os._exit(_EXIT_BUG)

    def _stop_for_steps(self) -> NoReturn:
        self._stop(self._failures.too_many_steps(script_line()))

    def _stop_for_arguments(self, tool: str, line: int | None, error: TooLargeError) -> NoReturn:
        self._stop(self._failures.too_large_arguments(tool, line, error))


def _end() -> NoReturn:
    """The host is gone, or done with this process."""
    os._exit(0)


def _checked_frame(report: CheckReport, code: types.CodeType | None) -> Wire:
    plan = report.plan
    return {
        "t": wire.CHECKED,
        "diagnostics": [
            {name: getattr(item, name) for name in type(item).__dataclass_fields__} for item in report.diagnostics
        ],
        "plan": None
        if plan is None
        else {
            "tools": list(plan.tools),
            "calls": [{"tool": c.tool, "line": c.line, "arguments": c.arguments} for c in plan.calls],
        },
        "code": None if code is None else binascii.b2a_base64(marshal.dumps(code), newline=False).decode(),
    }
