"""`Harness`: the front door. It owns the tools, the runtime and the settings, and starts sessions."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from harness.errors import ConfigError, HarnessError
from harness.listeners import Listeners
from harness.options import checked_approver, checked_rules, existing_folder, require_at_least, require_one_of
from harness.run_context import context_of_script, require_known, session_of
from harness.runtimes.cpython.launch import Launched, launch_zygote
from harness.settings_in_force import SettingsInForce

# Everything else is imported where it is used: the zygote boots meanwhile, and together they set the time to the first
# outcome of a process (docs/explanation/performance.md).
if TYPE_CHECKING:
    import anyio.abc

    from harness.approvals.approver import Approver
    from harness.approvals.store import ApprovalStore
    from harness.audit import AuditLog
    from harness.confine.command import Launcher
    from harness.event_stream import EventStream
    from harness.events import Event
    from harness.options import Confinement, LanguageMode, LimitsLike, SettingsLike, TurnSettingsLike
    from harness.providers.parts import StreamReader
    from harness.providers.turn import Turn
    from harness.runtimes.runtime import Runtime
    from harness.session import Session
    from harness.tools.binding import Tool
    from harness.tools.orchestrator import Orchestrator
    from harness.tools.toolbox import Toolbox
    from harness.types import CallRecord, CheckReport, Outcome
    from policy.commands import Amendment, Rule
    from policy.limits import Limits
    from policy.settings import Settings


class Harness:
    """Runs scripts. An async context manager, on asyncio and on trio; one may be used by many tasks at once.

    Args:
        tools: Tools, or typed functions to be made tools of. With a `workspace`, the built-in tools join them.
        settings: When a person is asked, and what tools and commands may touch.
        limits: Of a run, over those of the settings. A provider's or a model's own may be looser; a run's only tighter.
        approver: Who answers questions; without one, every question is a denial that says so.
        runtime: "cpython".
        confinement: "required" demands the barriers that always can be had, "strict" all of them; "none" is for
            development only, and every outcome says so.
        pool_size: Confined workers that stand ready.
        max_workers: Scripts that live at once; further ones wait.
        workspace: Folder that the built-in tools read and write.
        audit: File of the audit record, kept as the settings say, or an open one.
        approvals: File that remembers what was approved for a session; without one, it is remembered until the
            harness is closed.
        rules: Command rules beside the built-in ones.
        on_amendment: Saves a command rule that a person approved; it holds in this harness in any case.
        language: "standard", or "strict" to refuse every import.
        on_event: Hears every event of every run and structured call, in order for each. It must not block; an error
            of it is logged.

    Raises:
        ConfigError: `config.invalid`, an argument is not what it should be.
        SandboxError: `sandbox.unavailable`, on entering: a demanded barrier cannot be had.
        WorkerError: `worker.crashed`, on entering: no worker process could be started.
    """

    def __init__(
        self,
        tools: Iterable[Tool | Callable[..., object]] = (),
        *,
        settings: SettingsLike = None,
        limits: LimitsLike = None,
        approver: Approver | None = None,
        runtime: Literal["cpython"] = "cpython",
        confinement: Confinement = "required",
        pool_size: int = 2,
        max_workers: int = 64,
        workspace: str | os.PathLike[str] | None = None,
        audit: str | os.PathLike[str] | AuditLog | None = None,
        approvals: str | os.PathLike[str] | None = None,
        rules: Sequence[Rule] = (),
        on_amendment: Callable[[Amendment], object] | None = None,
        language: LanguageMode = "standard",
        on_event: Callable[[Event], object] | None = None,
    ) -> None:
        require_one_of("runtime", runtime, ("cpython",))
        require_one_of("confinement", confinement, ("required", "strict", "none"))
        require_one_of("language", language, ("standard", "strict"))
        require_at_least("pool_size", pool_size, least=0)
        require_at_least("max_workers", max_workers, least=1)
        self._approver = checked_approver(approver)
        self._audit = audit
        self._approvals = approvals
        self._on_amendment = on_amendment
        self._workspace = None if workspace is None else existing_folder(Path(workspace))
        self._in_force = SettingsInForce(
            settings,
            limits,
            rules=checked_rules(rules),
            workspace=self._workspace,
            databases=[] if approvals is None else [Path(approvals)],
            records=lambda: [] if self._audit_log is None else [Path(self._audit_log.path)],
            tools=lambda: self._toolbox.origins(),
        )
        self._listeners = Listeners(
            on_event,
            describe=lambda name: self._toolbox.description(name),
            content=lambda: self.settings.telemetry.content,
        )
        self._given_tools = list(tools)
        self._confinement = confinement
        self._pool_size = pool_size
        self._max_workers = max_workers
        self._language = language
        self._skipped_scripts = 0
        self._tasks: anyio.abc.TaskGroup | None = None
        if self._given_tools or workspace is not None:
            _ = self._toolbox  # a clash of names is an error of this very call

    async def __aenter__(self) -> Self:
        launched = launch_zygote()  # it boots while the rest of the host is imported
        try:
            import anyio

            self._store = self._new_store()
            self._orchestrator = self._new_orchestrator()
            self._runtime = self._new_runtime(launched)
        except BaseException:
            launched.kill()
            raise
        await self._runtime.__aenter__()
        self._tasks = await anyio.create_task_group().__aenter__()
        if self._launcher is not None:
            await self._launcher.__aenter__()
        return self

    def _new_store(self) -> ApprovalStore:
        from harness.approvals.store import MemoryStore

        if self._approvals is None:
            return MemoryStore()
        from harness.approvals.sqlite_store import SQLiteStore
        from harness.config.approval_key import approval_key

        return SQLiteStore(self._approvals, seal_key=approval_key(os.environ))

    def _new_orchestrator(self) -> Orchestrator:
        from harness.approvals.questions import Questions
        from harness.tools.orchestrator import Orchestrator
        from harness.tools.recorder import Recorder

        return Orchestrator(
            self._toolbox.registry,
            Questions(self._approver, self._store, start=self._start),
            Recorder(self._audit_log),
            snapshot=self._in_force.of,
            amend=self._amend,
        )

    def _new_runtime(self, launched: Launched) -> Runtime:
        from harness.runtimes.cpython.runtime import CPythonRuntime

        return CPythonRuntime(
            self._in_force.loosest_limits,
            self._toolbox.registry.signatures(),
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
        if self._launcher is not None:
            await self._launcher.__aexit__(kind, error, traceback)
        await self._runtime.__aexit__(kind, error, traceback)
        self._store.close()
        if self._audit_log is not None and self._audit_log is not self._audit:
            self._audit_log.close()

    @property
    def tools(self) -> tuple[Tool, ...]:
        """The tools, in the order they were given.

        `search_tools` and `describe_tools`, which scripts have beside them, are not among them.
        """
        return self._toolbox.tools

    def instructions(
        self,
        *,
        form: Literal["tags", "native"] = "tags",
        budget_tokens: int | None = None,
        context: Mapping[str, object] | None = None,
        settings: TurnSettingsLike = None,
    ) -> str:
        """Return what a model is to be told: the rules of scripts, and the declarations of the tools.

        The part for a system prompt, or for the description of a native tool. The same harness gives the same text.

        Args:
            form: "tags" for a model that writes scripts between `<tool-calls>` tags, "native" for one that passes them
                to a tool `run_script`.
            budget_tokens: Most tokens that the text may take, as `harness.instructions.estimated_tokens` estimates
                them. The tools are shown as fully as fits: all with descriptions, all as signatures, or the last of
                them by name, which a script looks up with `tools.search_tools` and `tools.describe_tools`. None shows
                everything.
            context: As for `run`; `provider` and `model` choose the tools that are exposed, and the limits.
            settings: As for `run`.

        Raises:
            ConfigError: `config.invalid`, `form` is unknown, not even the names fit, or `settings` would loosen.
        """
        from harness.instructions import render

        standing = self._in_force.of(self._in_force.choice(context, settings))
        return render(
            self._toolbox.exposed(standing.hidden_tools),
            self._toolbox.lookup,
            form=form,
            budget_tokens=budget_tokens,
            limits=self._in_force.limits_of_run(None, standing),
            has_imports=self._language == "standard",
        )

    @property
    def limits(self) -> Limits:
        """The limits of a run. Those of a provider or a model may differ; a single run may only have tighter ones."""
        return self._in_force.limits

    def exposed_tools(
        self, *, context: Mapping[str, object] | None = None, settings: TurnSettingsLike = None
    ) -> tuple[Tool, ...]:
        """The tools that scripts and structured calls of a run may use.

        Args:
            context: As for `run`; `provider` and `model` count.
            settings: As for `run`.

        Raises:
            ConfigError: `config.invalid`, `settings` would loosen.
        """
        return self._toolbox.exposed(self._in_force.of(self._in_force.choice(context, settings)).hidden_tools)

    @cached_property
    def _toolbox(self) -> Toolbox:
        from harness.tools.toolbox import Toolbox

        if self._workspace is None:
            return Toolbox(self._given_tools)
        from harness.tools.builtin import NAMES, built_in_tools

        assert self._launcher is not None
        built_in = built_in_tools(
            str(self._workspace),
            settings=self._in_force.of_this_call,
            launcher=self._launcher,
            limits=self._in_force.loosest_limits,
            start_task=self._start,
        )
        return Toolbox(self._given_tools, built_in=built_in, switched_off=NAMES)

    @cached_property
    def _launcher(self) -> Launcher | None:
        """What starts commands; a harness without a workspace has none."""
        if self._workspace is None:
            return None
        from harness.confine.command import Launcher

        return Launcher(confinement=self._confinement)

    @property
    def settings(self) -> Settings:
        """What decides about scripts and calls. New settings hold for the calls that begin after them.

        While the harness is open, they cannot loosen limits beyond what its workers were prepared for.
        """
        return self._in_force.settings

    @settings.setter
    def settings(self, settings: SettingsLike) -> None:
        self._in_force.change(settings, is_open=self._tasks is not None)
        if self._audit_log is not None and self._audit_log is not self._audit:
            self._audit_log.fsync = self.settings.audit.fsync

    @cached_property
    def _audit_log(self) -> AuditLog | None:
        if self._audit is None:
            return None
        from harness.audit import AuditLog

        if not isinstance(self._audit, (str, os.PathLike)):
            return self._audit
        given = self._in_force.given
        return AuditLog(self._audit, fsync=given.audit.fsync if given else "never")

    def _amend(self, amendment: Amendment) -> None:
        """Let a rule that a person approved hold from now on, and have it saved."""
        from policy.commands import Rule

        rule = Rule(prefix=tuple((word,) for word in amendment.prefix), decision="allow", source="user")
        self._in_force.add_rule(rule)
        if self._on_amendment is None:
            return
        try:
            self._on_amendment(amendment)
        except Exception:
            # The person approved the call too: that must not fail because the rule could not be kept for later.
            logging.getLogger("toolscript").exception("the rule %s could not be saved", amendment.prefix)

    async def run(
        self,
        source: str | bytes,
        *,
        limits: LimitsLike = None,
        context: Mapping[str, object] | None = None,
        trace: bool = False,
        plan_approval: bool = False,
        settings: TurnSettingsLike = None,
    ) -> Outcome:
        """Check a script, run it in a fresh confined worker, and return what it came to.

        Args:
            source: The script: the body of an async function.
            limits: Tighter limits for this run.
            context: What the script reads as `context`: `session_id`, `turn_id`, `working_directory`, `provider`,
                `model`. What was approved for a session counts for runs with the same `session_id`; `provider` and
                `model` choose the overrides of the settings.
            trace: Record every executed line in `Outcome.trace`.
            plan_approval: Ask once about all that the script can do, before anything of it runs. Calls that stood in
                the plan with literal arguments, and those under a pattern that was granted, are not asked about again.
            settings: Tighter settings for this run.

        Returns:
            The outcome, whatever the script, its tools or policy did.

        Raises:
            ConfigError: `config.invalid`, `limits` or `settings` would loosen, or `context` has unknown names.
            SandboxError: `sandbox.unavailable`.
        """
        session = self._session(source, limits, context, trace, settings=settings, plan_approval=plan_approval)
        return await session.run()

    def stream(
        self,
        source: str | bytes,
        *,
        limits: LimitsLike = None,
        context: Mapping[str, object] | None = None,
        trace: bool = False,
        plan_approval: bool = False,
        settings: TurnSettingsLike = None,
    ) -> EventStream:
        """Run a script and iterate over its events; the last one is `run_finished` and carries the outcome.

        Takes and raises the same as `run`.
        """
        from harness.event_stream import EventStream

        return EventStream(
            lambda emit: self._session(
                source, limits, context, trace, settings=settings, plan_approval=plan_approval, emit=emit
            ),
            self._start,
        )

    async def check(
        self,
        source: str | bytes,
        *,
        context: Mapping[str, object] | None = None,
        settings: TurnSettingsLike = None,
    ) -> CheckReport:
        """Check a script in a worker, without running it. That is done in every mode.

        Args:
            source: The script.
            context: As for `run`; `provider` and `model` count.
            settings: As for `run`.

        Returns:
            Every finding, and the plan of a script that has none.

        Raises:
            ConfigError: `config.invalid`, `settings` would loosen.
        """
        outcome = await self._session(source, None, context, False, settings=settings, execute=False).run()
        if outcome.error is not None and not outcome.diagnostics:
            raise outcome.error
        from harness.types import CheckReport

        return CheckReport(outcome.diagnostics, outcome.plan)

    async def call(
        self,
        name: str,
        arguments: object = None,
        *,
        limits: LimitsLike = None,
        context: Mapping[str, object] | None = None,
        settings: TurnSettingsLike = None,
    ) -> CallRecord:
        """Make one structured call: the same pipeline and the same record as for a script's call.

        It is made while scripts are disabled, too; in a dry run it is decided about and not made.

        Args:
            name: The tool's name.
            arguments: A mapping, or JSON text of an object, as a provider sends it.
            limits: Tighter limits for this call.
            context: As for `run`; `session_id`, `provider` and `model` count.
            settings: Tighter settings for this call.

        Returns:
            The record, whatever the tool, policy or a person did.

        Raises:
            ConfigError: `config.invalid`, `limits` or `settings` would loosen, or `context` has unknown names.
        """
        from harness.errors import CallError
        from harness.structured_call import perform, refuse
        from harness.tools.call import Caller
        from harness.tools.router import route

        self._open_tasks()
        require_known(context)
        choice = self._in_force.choice(context, settings)
        try:
            call = route(name, arguments, call_id=_new_id())
        except CallError as error:
            return self._refuse(name, error)
        in_force = self._in_force
        standing = in_force.of(choice)
        own = in_force.limits_of_run(limits, standing)
        caller = Caller(limits=own, session=session_of(context), snapshot=lambda: in_force.of(choice))
        events = self._listeners.source("", own, context=context)
        if standing.settings.mode == "dry-run":
            return refuse(call, await self._orchestrator.tried(call, caller), self._orchestrator, events)
        if events is None:
            return (await self._orchestrator.perform(call, caller)).record
        return await perform(call, self._orchestrator, caller, events)

    def _refuse(self, name: str, error: HarnessError) -> CallRecord:
        """Record a call of a provider's that cannot be read, and return its record."""
        from harness.structured_call import refuse
        from harness.tools.call import Call

        call = Call(id=_new_id(), tool=name, arguments={})
        return refuse(call, error, self._orchestrator, self._listeners.source("", self.limits))

    async def respond(
        self,
        response: object,
        *,
        provider: str | None = None,
        limits: LimitsLike = None,
        context: Mapping[str, object] | None = None,
        settings: TurnSettingsLike = None,
        run: Callable[[str], Awaitable[Outcome]] | None = None,
        call: Callable[[str, object], Awaitable[CallRecord]] | None = None,
    ) -> Turn:
        """Run the scripts and calls in a provider's response, in their order, and return what to send back.

        Scripts stand between `<tool-calls>` tags in the text, or come as calls of `run_script`; every other call is a
        structured call. Nothing is run of a response that is not whole. After a script that failed, nothing more is.

        Args:
            response: What the SDK's `create` returned, or that as a dict; for a stream, `reader.response()`.
            provider: "openai-responses", "openai-chat" or "anthropic"; None to tell it by the response's shape.
            limits: As for `run`, for each script and each call.
            context: As for `run`. `provider` and `model` are read from the response where they are not given.
            settings: Tighter settings for this turn.
            run: Runs each script, in place of `run`: to show the events of `stream`, or to be able to stop it. It is
                given the script alone, and passes limits, context and settings itself.
            call: Makes each structured call, in place of `call`, in the same way. It is given the tool's name and what
                the model wrote as arguments.

        Returns:
            The segments, what came of each, and the items to append to the conversation, whatever the model wrote.

        Raises:
            ConfigError: `config.invalid`, `response` is none, or as for `run`.
            SandboxError: `sandbox.unavailable`.
        """
        from harness.providers.run_script import sent_names
        from harness.providers.turn import perform, read_response

        self._open_tasks()
        reading = read_response(response, provider=provider, max_bytes=self._in_force.loosest_limits.source_bytes)
        known = {"provider": reading.provider, "model": reading.model, **(context or {})}
        return await perform(
            reading,
            run=run or (lambda source: self.run(source, limits=limits, context=known, settings=settings)),
            call=call
            or (lambda name, arguments: self.call(name, arguments, limits=limits, context=known, settings=settings)),
            refuse=self._refuse,
            names=sent_names(tool.name for tool in self.tools),
        )

    def reader(self, provider: str) -> StreamReader:
        """Return a reader for one stream of a provider: `feed` each event, then pass `response()` to `respond`.

        Args:
            provider: "openai-responses", "openai-chat" or "anthropic".

        Raises:
            ConfigError: `config.invalid`, there is no such provider.
        """
        from harness.providers import new_reader

        return new_reader(provider, max_bytes=self._in_force.loosest_limits.source_bytes)

    def declarations(
        self,
        provider: str,
        *,
        form: Literal["script", "structured", "both"] = "script",
        context: Mapping[str, object] | None = None,
        settings: TurnSettingsLike = None,
    ) -> list[dict[str, object]]:
        """Return tools to declare in a request. What a model needs to know of scripts, `instructions` says.

        Args:
            provider: "openai-responses", "openai-chat" or "anthropic".
            form: "script" for `run_script` alone, "structured" for each tool, "both". Names have no dots there:
                `files.read` is declared as `files__read`.
            context: As for `run`; `provider` and `model` choose the tools that are exposed.
            settings: As for `run`.

        Raises:
            ConfigError: `config.invalid`, `provider` or `form` is unknown, or `settings` would loosen.
        """
        from harness.providers.declarations import declarations

        known = {"provider": provider, **(context or {})}
        exposed = self.exposed_tools(context=known, settings=settings)
        return declarations(provider, form=form, tools=exposed)

    def _session(
        self,
        source: str | bytes,
        limits: LimitsLike,
        context: Mapping[str, object] | None,
        trace: bool,
        *,
        settings: TurnSettingsLike,
        plan_approval: bool = False,
        emit: Callable[[Event], None] | None = None,
        execute: bool = True,
    ) -> Session:
        from harness.runtimes.runtime import Script
        from harness.session import Session
        from harness.source import read_source

        self._open_tasks()
        require_known(context)
        in_force = self._in_force
        choice = in_force.choice(context, settings)
        standing = None if in_force.are_defaults else in_force.of(choice)
        mode = standing.settings.mode if standing and execute else "enabled"
        own = in_force.limits_of_run(limits, standing)
        hidden = standing.hidden_tools if standing else frozenset()
        names = tuple([tool.name for tool in self._toolbox.exposed(hidden)])
        text = read_source(source, max_bytes=own.source_bytes)
        refused = None if isinstance(text, str) else text
        script_id = _new_id()
        script = Script(
            source="" if refused else str(text),
            limits=own,
            context=context_of_script(script_id, own, context, names),
            now=time.time(),
            seed=int.from_bytes(os.urandom(8), "big"),
            trace=trace,
            execute=execute and mode == "enabled",
            exposed=(*names, *(tool.name for tool in self._toolbox.lookup)) if hidden else None,
        )
        if mode == "disabled":
            self._skipped_scripts += 1
        return Session(
            self._runtime,
            self._orchestrator,
            script,
            script_id=script_id,
            confinement=self._confinement,
            approval_session=session_of(context),
            plan_approval=plan_approval,
            refused=refused,
            events=self._listeners.source(script_id, own, context=context, receive=emit) if execute else None,
            snapshot=lambda: in_force.of(choice),
            mode=mode,
        )

    @property
    def skipped_scripts(self) -> int:
        """How many scripts were not run because scripts were disabled."""
        return self._skipped_scripts

    def _start(self, task: Callable[[], Coroutine[object, object, None]]) -> None:
        self._open_tasks().start_soon(task)

    def _open_tasks(self) -> anyio.abc.TaskGroup:
        if self._tasks is None:
            raise ConfigError(
                "config.invalid", "the harness is not open", hint="use it inside `async with Harness(...)`"
            )
        return self._tasks


def _new_id() -> str:
    return "s" + os.urandom(8).hex()
