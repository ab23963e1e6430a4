"""`Harness`: the front door. It owns the tools, the runtime and the limits, and starts sessions."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Coroutine, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self, TypeAlias

from harness.errors import ConfigError
from harness.runtimes.cpython.launch import Launched, launch_zygote

# Everything else is imported where it is used: the zygote boots meanwhile, and together they set the time to the first
# outcome of a process (docs/explanation/performance.md).
if TYPE_CHECKING:
    import anyio.abc

    from harness.event_stream import EventStream
    from harness.events import Event
    from harness.runtimes.runtime import Runtime
    from harness.session import Session
    from harness.tools.binding import Tool
    from harness.tools.registry import Registry
    from harness.types import CallRecord, CheckReport, Outcome
    from policy.limits import Limits

Confinement = Literal["required", "strict", "none"]
LanguageMode = Literal["standard", "strict"]
LimitsLike: TypeAlias = "Limits | Mapping[str, object] | None"

_CONTEXT_FIELDS = frozenset({"session_id", "turn_id", "working_directory", "provider", "model"})


class Harness:
    """Runs scripts. An async context manager, on asyncio and on trio; one may be used by many tasks at once.

    Args:
        tools: Tools, or typed functions to be made tools of. With a `workspace`, the reading tools join them.
        limits: The loosest that a run may have.
        runtime: "cpython".
        confinement: "required" demands the barriers that always can be had, "strict" all of them; "none" is for
            development only, and every outcome says so.
        pool_size: Confined workers that stand ready.
        max_workers: Scripts that live at once; further ones wait.
        workspace: Folder that the reading tools may read.
        language: "standard", or "strict" to refuse every import.

    Raises:
        ConfigError: `config.invalid`, an argument is not what it should be.
        SandboxError: `sandbox.unavailable`, on entering: a demanded barrier cannot be had.
    """

    def __init__(
        self,
        tools: Iterable[Tool | Callable[..., object]] = (),
        *,
        limits: LimitsLike = None,
        runtime: Literal["cpython"] = "cpython",
        confinement: Confinement = "required",
        pool_size: int = 2,
        max_workers: int = 64,
        workspace: str | os.PathLike[str] | None = None,
        language: LanguageMode = "standard",
    ) -> None:
        _require_one_of("runtime", runtime, ("cpython",))
        _require_one_of("confinement", confinement, ("required", "strict", "none"))
        _require_one_of("language", language, ("standard", "strict"))
        _require_positive("pool_size", pool_size, least=0)
        _require_positive("max_workers", max_workers, least=1)
        self._given_limits = _as_limits(limits)
        self._workspace = None if workspace is None else _existing_folder(Path(workspace))
        self._given_tools = list(tools)
        if self._given_tools or workspace is not None:
            len(self._registry)  # a clash of names is an error of this very call
        self._confinement = confinement
        self._pool_size = pool_size
        self._max_workers = max_workers
        self._language = language
        self._tasks: anyio.abc.TaskGroup | None = None

    async def __aenter__(self) -> Self:
        launched = launch_zygote()  # it boots while the rest of the host is imported
        try:
            import anyio

            from harness.tools.orchestrator import Orchestrator

            self._orchestrator = Orchestrator(self._registry)
            self._runtime = self._new_runtime(launched)
        except BaseException:
            launched.kill()
            raise
        await self._runtime.__aenter__()
        self._tasks = await anyio.create_task_group().__aenter__()
        return self

    def _new_runtime(self, launched: Launched) -> Runtime:
        from harness.runtimes.cpython.runtime import CPythonRuntime

        return CPythonRuntime(
            self.limits,
            self._registry.signatures(),
            mode=self._language,
            confinement=self._confinement,
            pool_size=self._pool_size,
            max_workers=self._max_workers,
            launched=launched,
        )

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        tasks, self._tasks = self._tasks, None
        assert tasks is not None
        tasks.cancel_scope.cancel()  # streams that nobody reads to their end
        await tasks.__aexit__(None, None, None)
        await self._runtime.__aexit__(kind, error, traceback)

    @property
    def tools(self) -> tuple[Tool, ...]:
        """The tools, in the order they were given."""
        return tuple(self._registry)

    @cached_property
    def limits(self) -> Limits:
        """The loosest limits that a run may have."""
        from policy.limits import Limits

        return self._given_limits or Limits()

    @cached_property
    def _registry(self) -> Registry:
        from harness.tools.registry import Registry

        return Registry([*_reading_tools(self._workspace), *self._given_tools])

    async def run(
        self,
        source: str | bytes,
        *,
        limits: LimitsLike = None,
        context: Mapping[str, object] | None = None,
        trace: bool = False,
    ) -> Outcome:
        """Check a script, run it in a fresh confined worker, and return what it came to.

        Args:
            source: The script: the body of an async function.
            limits: Tighter limits for this run.
            context: What the script reads as `context`: `session_id`, `turn_id`, `working_directory`, `provider`,
                `model`.
            trace: Record every executed line in `Outcome.trace`.

        Returns:
            The outcome, whatever the script, its tools or policy did.

        Raises:
            ConfigError: `config.invalid`, `limits` would loosen, or `context` has unknown names.
            SandboxError: `sandbox.unavailable`.
        """
        return await self._session(source, limits, context, trace, emit=None).run()

    def stream(
        self,
        source: str | bytes,
        *,
        limits: LimitsLike = None,
        context: Mapping[str, object] | None = None,
        trace: bool = False,
    ) -> EventStream:
        """Run a script and iterate over its events; the last one is `run_finished` and carries the outcome.

        Takes and raises the same as `run`.
        """
        from harness.event_stream import EventStream

        return EventStream(
            lambda emit: self._session(source, limits, context, trace, emit=emit),
            self._start,
        )

    async def check(self, source: str | bytes) -> CheckReport:
        """Check a script in a worker, without running it.

        Returns:
            Every finding, and the plan of a script that has none.
        """
        outcome = await self._session(source, None, None, False, emit=None, execute=False).run()
        if outcome.error is not None and not outcome.diagnostics:
            raise outcome.error
        from harness.types import CheckReport

        return CheckReport(outcome.diagnostics, outcome.plan)

    async def call(self, name: str, arguments: Mapping[str, object]) -> CallRecord:
        """Make one structured call: the same pipeline and the same record as for a script's call."""
        from harness.tools.orchestrator import Call

        self._open_tasks()
        call = Call(id=_new_id(), tool=name, arguments=arguments)
        result = await self._orchestrator.perform(call, result_bytes=self.limits.result_bytes)
        return result.record

    def _session(
        self,
        source: str | bytes,
        limits: LimitsLike,
        context: Mapping[str, object] | None,
        trace: bool,
        *,
        emit: Callable[[Event], None] | None,
        execute: bool = True,
    ) -> Session:
        from harness.runtimes.runtime import Script
        from harness.session import Session
        from harness.source import read_source

        self._open_tasks()
        own = self._own_limits(limits)
        text = read_source(source, max_bytes=own.source_bytes)
        refused = None if isinstance(text, str) else text
        script_id = _new_id()
        script = Script(
            source="" if refused else str(text),
            limits=own,
            context=self._context(script_id, own, context),
            now=time.time(),
            seed=int.from_bytes(os.urandom(8), "big"),
            trace=trace,
            execute=execute,
        )
        return Session(
            self._runtime,
            self._orchestrator,
            script,
            script_id=script_id,
            confinement=self._confinement,
            refused=refused,
            emit=emit,
        )

    def _start(self, task: Callable[[], Coroutine[object, object, None]]) -> None:
        self._open_tasks().start_soon(task)

    def _open_tasks(self) -> anyio.abc.TaskGroup:
        if self._tasks is None:
            raise ConfigError(
                "config.invalid", "the harness is not open", hint="use it inside `async with Harness(...)`"
            )
        return self._tasks

    def _context(self, script_id: str, limits: Limits, given: Mapping[str, object] | None) -> dict[str, object]:
        unknown = sorted(set(given or ()) - _CONTEXT_FIELDS)
        if unknown:
            raise ConfigError(
                "config.invalid",
                f"context has no {', '.join(unknown)}",
                hint="it takes " + ", ".join(sorted(_CONTEXT_FIELDS)),
            )
        absent = dict.fromkeys(sorted(_CONTEXT_FIELDS))
        names = [tool.name for tool in self._registry]
        own = {"script_id": script_id, "limits": limits.model_dump(), "tools": names}
        return {**absent, **(given or {}), **own}

    def _own_limits(self, limits: LimitsLike) -> Limits:
        own = _as_limits(limits)
        if own is None:
            return self.limits
        loosened = self.limits.loosened_by(own)
        if loosened:
            raise ConfigError(
                "config.invalid",
                f"a single run may only tighten limits; {', '.join(loosened)} would be loosened",
                hint="set looser limits on the Harness",
            )
        return self.limits.tightened(own)


def _new_id() -> str:
    return "s" + os.urandom(8).hex()


def _as_limits(limits: LimitsLike) -> Limits | None:
    if limits is None:
        return None
    from pydantic import ValidationError

    from policy.limits import Limits

    if isinstance(limits, Limits):
        return limits
    try:
        return Limits.model_validate(dict(limits))
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()]
        raise ConfigError(
            "config.invalid",
            "limits: " + "; ".join(problems),
            hint="the limits are " + ", ".join(Limits.model_fields),
        ) from None


def _existing_folder(path: Path) -> Path:
    if not path.is_dir():
        raise ConfigError(
            "config.invalid", f"the workspace {str(path)!r} is no folder", hint="name a folder that exists"
        )
    return path.resolve()


def _reading_tools(workspace: Path | None) -> list[Tool]:
    if workspace is None:
        return []
    from harness.tools.builtin import reading_tools

    return reading_tools(workspace)


def _require_one_of(name: str, value: object, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ConfigError("config.invalid", f"{name} cannot be {value!r}", hint="it is one of " + ", ".join(allowed))


def _require_positive(name: str, value: object, *, least: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise ConfigError("config.invalid", f"{name} cannot be {value!r}", hint=f"it is at least {least}")
