"""`Harness`: the front door. It owns the tools, the runtime and the limits, and starts sessions."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias

from harness.errors import ConfigError, HarnessError
from harness.runtimes.cpython.launch import Launched, launch_zygote

# Everything else is imported where it is used: the zygote boots meanwhile, and together they set the time to the first
# outcome of a process (docs/explanation/performance.md).
if TYPE_CHECKING:
    import anyio.abc

    from harness.approvals.approver import Approver
    from harness.approvals.store import ApprovalStore
    from harness.audit import AuditLog
    from harness.confine.command import Launcher
    from harness.event_source import EventSource
    from harness.event_stream import EventStream
    from harness.events import Event
    from harness.providers.parts import StreamReader
    from harness.providers.turn import Turn
    from harness.runtimes.runtime import Runtime
    from harness.session import Session
    from harness.tools.binding import Tool
    from harness.tools.orchestrator import Orchestrator
    from harness.tools.registry import Registry
    from harness.tools.snapshot import Choice, Snapshot
    from harness.tools.snapshots import Snapshots
    from harness.types import CallRecord, CheckReport, Outcome
    from policy.commands import Amendment, Rule
    from policy.limits import Limits
    from policy.settings import Overrides, Settings

Confinement = Literal["required", "strict", "none"]
LanguageMode = Literal["standard", "strict"]
LimitsLike: TypeAlias = "Limits | Mapping[str, object] | None"
SettingsLike: TypeAlias = "Settings | Mapping[str, object] | None"
TurnSettingsLike: TypeAlias = "Overrides | Mapping[str, object] | None"

_CONTEXT_FIELDS = frozenset({"session_id", "turn_id", "working_directory", "provider", "model"})


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
        _require_one_of("runtime", runtime, ("cpython",))
        _require_one_of("confinement", confinement, ("required", "strict", "none"))
        _require_one_of("language", language, ("standard", "strict"))
        _require_positive("pool_size", pool_size, least=0)
        _require_positive("max_workers", max_workers, least=1)
        self._given_limits = _as_limits(limits)
        self._approver = _checked_approver(approver)
        self._audit = audit
        self._approvals = approvals
        self._rules = _checked_rules(rules)
        self._on_amendment = on_amendment
        self._workspace = None if workspace is None else _existing_folder(Path(workspace))
        # Read now, because a mistake in them is the caller's and no script's; the defaults can wait.
        self._given_settings = None if settings is None else _as_settings(settings, self._workspace)
        self._given_tools = list(tools)
        self._confinement = confinement
        self._pool_size = pool_size
        self._max_workers = max_workers
        self._language = language
        self._on_event = on_event
        self._skipped_scripts = 0
        self._built_in_names: frozenset[str] = frozenset()
        self._tasks: anyio.abc.TaskGroup | None = None
        self._lookup_tools: list[Tool] = []
        if self._given_tools or workspace is not None:
            len(self._registry)  # a clash of names is an error of this very call

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
            self._registry,
            Questions(self._approver, self._store, start=self._start),
            Recorder(self._audit_log),
            snapshot=lambda: self._snapshots.of(),
            amend=self._amend,
        )

    def _new_runtime(self, launched: Launched) -> Runtime:
        from harness.runtimes.cpython.runtime import CPythonRuntime

        return CPythonRuntime(
            self._loosest_limits,
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
        if self._launcher is not None:
            await self._launcher.__aexit__(kind, error, traceback)
        await self._runtime.__aexit__(kind, error, traceback)
        self._store.close()

    @property
    def tools(self) -> tuple[Tool, ...]:
        """The tools, in the order they were given.

        `search_tools` and `describe_tools`, which scripts have beside them, are not among them.
        """
        return tuple(self._registry)[: -len(self._lookup_tools) or None]

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

        limits = self._own_limits(None, self._snapshots.of(self._choice(context, settings)))
        return render(
            self.exposed_tools(context=context, settings=settings),
            self._lookup_tools,
            form=form,
            budget_tokens=budget_tokens,
            limits=limits,
            has_imports=self._language == "standard",
        )

    @property
    def limits(self) -> Limits:
        """The limits of a run. Those of a provider or a model may differ; a single run may only have tighter ones."""
        if self._has_only_defaults:
            from policy.limits import Limits

            return self._given_limits or Limits()
        return self.settings.limits

    @cached_property
    def _loosest_limits(self) -> Limits:
        """What workers are prepared for, from when the harness is opened on."""
        return self.limits if self._has_only_defaults else self._snapshots.widest.limits

    @property
    def _has_only_defaults(self) -> bool:
        """No settings were given, so that they need not even be loaded to run a script that calls nothing."""
        return self._given_settings is None and self._workspace is None and "_snapshots" not in self.__dict__

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
        hidden = self._snapshots.of(self._choice(context, settings)).hidden_tools
        return tuple(tool for tool in self.tools if tool.name not in hidden)

    @cached_property
    def _registry(self) -> Registry:
        from harness.tools.builtin.tool_search import lookup_tools
        from harness.tools.registry import Registry

        built_in = self._built_in_tools()
        self._built_in_names = frozenset(tool.name for tool in built_in)
        registry = Registry([*built_in, *self._given_tools], switched_off=self._switched_off())
        self._lookup_tools = lookup_tools(tuple(registry))
        for each in self._lookup_tools:
            registry.add(each)
        return registry

    def _switched_off(self) -> tuple[str, ...]:
        if self._workspace is None:
            return ()
        from harness.tools.builtin import NAMES

        return NAMES

    def _built_in_tools(self) -> list[Tool]:
        if self._workspace is None:
            return []
        from harness.tools.builtin import built_in_tools

        assert self._launcher is not None
        return built_in_tools(
            str(self._workspace),
            settings=self._settings_in_force,
            launcher=self._launcher,
            limits=self._loosest_limits,
            start_task=self._start,
        )

    def _settings_in_force(self) -> Settings:
        """Those of the call that is being considered or performed; outside of one, the widest that any could have."""
        from harness.tools.snapshot import snapshot_in_force

        found = snapshot_in_force()
        return self._snapshots.widest if found is None else found.settings

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
        return self._snapshots.settings

    @settings.setter
    def settings(self, settings: SettingsLike) -> None:
        own = self._within_prepared(_as_settings(settings, self._workspace))
        self._snapshots.settings = own
        if self._audit_log is not None and self._audit_log is not self._audit:
            self._audit_log.fsync = own.audit.fsync

    def _within_prepared(self, settings: Settings) -> Settings:
        own = self._with_given_limits(settings)
        if self._tasks is None:
            return own
        loosened = self._loosest_limits.loosened_by(own.limits)
        if loosened:
            raise ConfigError(
                "config.invalid",
                f"an open harness cannot loosen limits; {', '.join(loosened)} would be loosened",
                hint="set them when the harness is made",
            )
        return own

    def _with_given_limits(self, settings: Settings) -> Settings:
        from policy.settings import Settings, merged

        return settings if self._given_limits is None else merged(settings, Settings(limits=self._given_limits))

    @cached_property
    def _snapshots(self) -> Snapshots:
        from harness.tools.snapshots import Snapshots
        from policy.commands import BUILT_IN_RULES

        return Snapshots(
            self._with_given_limits(_as_settings(self._given_settings, self._workspace)),
            (*BUILT_IN_RULES, *self._rules),
            workspace=None if self._workspace is None else str(self._workspace),
            databases=[] if self._approvals is None else [Path(self._approvals)],
            records=[] if self._audit_log is None else [Path(self._audit_log.path)],
            tools=lambda: {tool.name: tool.name in self._built_in_names for tool in self.tools},
        )

    def _choice(self, context: Mapping[str, object] | None, settings: TurnSettingsLike) -> Choice:
        """Read what chooses among settings.

        Raises:
            ConfigError: `config.invalid`, the turn's own would loosen.
        """
        from harness.tools.snapshot import choice_of

        choice = choice_of(context, None if settings is None else _as_turn(settings, self._workspace))
        loosened = () if choice.turn is None else self._snapshots.loosened_by(choice)
        if loosened:
            raise ConfigError(
                "config.invalid",
                "the settings of a turn may only tighten: " + "; ".join(loosened),
                hint="set what is looser on the Harness, or in the settings of this provider or model",
            )
        return choice

    @cached_property
    def _audit_log(self) -> AuditLog | None:
        if self._audit is None:
            return None
        from harness.audit import AuditLog

        if not isinstance(self._audit, (str, os.PathLike)):
            return self._audit
        return AuditLog(self._audit, fsync=self._given_settings.audit.fsync if self._given_settings else "never")

    def _amend(self, amendment: Amendment) -> None:
        """Let a rule that a person approved hold from now on, and have it saved."""
        from policy.commands import Rule

        rule = Rule(prefix=tuple((word,) for word in amendment.prefix), decision="allow", source="user")
        self._snapshots.add_rule(rule)
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
        _require_known(context)
        choice = self._choice(context, settings)
        try:
            call = route(name, arguments, call_id=_new_id())
        except CallError as error:
            return self._refuse(name, error)
        snapshots = self._snapshots
        standing = snapshots.of(choice)
        own = self._own_limits(limits, standing)
        caller = Caller(limits=own, session=_session_of(context), snapshot=lambda: snapshots.of(choice))
        events = self._events("", own, context=context)
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
        return refuse(call, error, self._orchestrator, self._events("", self.limits))

    def _events(
        self,
        script_id: str,
        limits: Limits,
        *,
        context: Mapping[str, object] | None = None,
        receive: Callable[[Event], None] | None = None,
    ) -> EventSource | None:
        """What tells of a run, or of a structured call, to whoever listens; None if nobody does."""
        from harness.telemetry import watch

        watching = watch(
            script_id,
            describe=self._description,
            context=context,
            content=lambda: self._snapshots.settings.telemetry.content,
        )
        if receive is None and watching is None and self._on_event is None:
            return None
        from harness.event_source import EventSource

        return EventSource(
            script_id,
            receive=receive,
            on_event=self._on_event,
            watch=watching,
            progress_events=limits.progress_events,
        )

    def _description(self, name: str) -> str | None:
        tool = self._registry.get(name)
        return None if tool is None else tool.description

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
        reading = read_response(response, provider=provider, max_bytes=self._loosest_limits.source_bytes)
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
        from harness.providers import adapter_of

        return adapter_of(provider).reader(max_bytes=self._loosest_limits.source_bytes)

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
        _require_known(context)
        choice = self._choice(context, settings)
        standing = None if self._has_only_defaults else self._snapshots.of(choice)
        mode = standing.settings.mode if standing and execute else "enabled"
        own = self._own_limits(limits, standing)
        names = self._exposed_names(standing)
        text = read_source(source, max_bytes=own.source_bytes)
        refused = None if isinstance(text, str) else text
        script_id = _new_id()
        script = Script(
            source="" if refused else str(text),
            limits=own,
            context=_context(script_id, own, context, names),
            now=time.time(),
            seed=int.from_bytes(os.urandom(8), "big"),
            trace=trace,
            execute=execute and mode == "enabled",
            exposed=(
                (*names, *(tool.name for tool in self._lookup_tools)) if standing and standing.hidden_tools else None
            ),
        )
        if mode == "disabled":
            self._skipped_scripts += 1
        return Session(
            self._runtime,
            self._orchestrator,
            script,
            script_id=script_id,
            confinement=self._confinement,
            approval_session=_session_of(context),
            plan_approval=plan_approval,
            refused=refused,
            events=self._events(script_id, own, context=context, receive=emit) if execute else None,
            snapshot=lambda: self._snapshots.of(choice),
            mode=mode,
        )

    def _exposed_names(self, standing: Snapshot | None) -> tuple[str, ...]:
        hidden = standing.hidden_tools if standing else ()
        return tuple([tool.name for tool in self.tools if tool.name not in hidden])

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

    def _own_limits(self, limits: LimitsLike, standing: Snapshot | None) -> Limits:
        base = self._loosest_limits
        if standing is not None:
            base = standing.settings.limits.tightened(base)  # what workers were prepared for is the most in any case
        own = _as_limits(limits)
        if own is None:
            return base
        loosened = base.loosened_by(own)
        if loosened:
            raise ConfigError(
                "config.invalid",
                f"a single run may only tighten limits; {', '.join(loosened)} would be loosened",
                hint="set looser limits on the Harness, or in the settings of this provider or model",
            )
        return base.tightened(own)


def _context(
    script_id: str, limits: Limits, given: Mapping[str, object] | None, tools: tuple[str, ...]
) -> dict[str, object]:
    own = {"script_id": script_id, "limits": limits.model_dump(), "tools": tools}
    return {**dict.fromkeys(sorted(_CONTEXT_FIELDS)), **(given or {}), **own}


def _require_known(context: Mapping[str, object] | None) -> None:
    unknown = sorted(set(context or ()) - _CONTEXT_FIELDS)
    if unknown:
        raise ConfigError(
            "config.invalid",
            f"context has no {', '.join(unknown)}",
            hint="it takes " + ", ".join(sorted(_CONTEXT_FIELDS)),
        )


def _session_of(context: Mapping[str, object] | None) -> str:
    return str((context or {}).get("session_id") or "")


def _new_id() -> str:
    return "s" + os.urandom(8).hex()


def _as_limits(limits: LimitsLike) -> Limits | None:
    if limits is None:
        return None
    from pydantic import ValidationError

    from policy.limits import Limits

    if isinstance(limits, Limits):
        return limits
    _require_table("limits", limits)
    try:
        return Limits.model_validate(dict(limits))
    except ValidationError as error:
        problems = [_wrong_limit(item) for item in error.errors()]
        hint = "the limits are " + ", ".join(Limits.model_fields)
        raise ConfigError("config.invalid", "limits: " + "; ".join(problems), hint=hint) from None


def _wrong_limit(finding: Mapping[str, Any]) -> str:
    name, kind, said = finding["loc"][0], finding["type"], finding["msg"]
    if kind == "extra_forbidden":
        return f"there is no limit `{name}`"
    wanted = {"int_parsing": "it must be a whole number", "float_parsing": "it must be a number"}
    return f"`{name}` cannot be {finding['input']!r}: {wanted.get(kind, said[:1].lower() + said[1:])}"


def _as_settings(settings: SettingsLike, workspace: Path | None) -> Settings:
    """Take settings as they are, or read them as a file of settings is read."""
    from harness.config.files import home
    from harness.config.parsing import settings_of_values
    from harness.config.problems import Problem, config_error
    from policy.settings import Settings

    if isinstance(settings, Settings):
        return settings
    _require_table("settings", settings or {})
    problems: list[Problem] = []
    folder = None if workspace is None else str(workspace)
    read = settings_of_values(settings or {}, "settings", problems, home=home(os.environ), folder=folder)
    if read is None or problems:
        raise config_error(problems)
    return read


def _as_turn(settings: TurnSettingsLike, workspace: Path | None) -> Overrides:
    """Take what a turn sets as it is, or read it as a file of settings is read."""
    from harness.config.files import home
    from harness.config.parsing import turn_of_values
    from harness.config.problems import Problem, config_error
    from policy.settings import Overrides, Settings

    if isinstance(settings, Settings):
        beyond = sorted(settings.model_fields_set - Overrides.model_fields.keys())
        if beyond:
            hint = "a turn sets " + ", ".join(Overrides.model_fields)
            raise ConfigError("config.invalid", f"a turn cannot set {', '.join(beyond)}", hint=hint)
    if isinstance(settings, Overrides):
        return settings
    _require_table("settings", settings)
    assert settings is not None
    problems: list[Problem] = []
    folder = None if workspace is None else str(workspace)
    place = "the settings of the turn"
    read = turn_of_values(settings, place, problems, home=home(os.environ), folder=folder)
    if read is None:
        raise config_error(problems)
    return read


def _existing_folder(path: Path) -> Path:
    if not path.is_dir():
        raise ConfigError(
            "config.invalid", f"the workspace {str(path)!r} is no folder", hint="name a folder that exists"
        )
    return path.resolve()


def _require_table(name: str, value: object) -> None:
    if not isinstance(value, Mapping):
        hint = f"pass {name.title()}(...), or a dict with its fields"
        raise ConfigError("config.invalid", f"{name} cannot be {type(value).__name__}", hint=hint)


def _checked_approver(approver: Approver | None) -> Approver | None:
    """The approver, if it can be asked: the model must not hear of a mistake of the host as if a person had said no."""
    if approver is None:
        return None
    decide, wait_s = getattr(approver, "decide", None), getattr(approver, "wait_s", None)
    if isinstance(approver, type) or not callable(decide):
        hint = "pass CallbackApprover(function), or an object with `async decide(requests)`"
        given = f"the class {approver.__name__}" if isinstance(approver, type) else type(approver).__name__
        raise ConfigError("config.invalid", f"approver cannot be {given}", hint=hint)
    if wait_s is not None and not (isinstance(wait_s, (int, float)) and wait_s >= 0):
        hint = "it is a number of seconds, or is left out: then the limit `approval_wait_s` counts"
        raise ConfigError("config.invalid", f"wait_s of the approver cannot be {wait_s!r}", hint=hint)
    return approver


def _checked_rules(rules: Iterable[Any]) -> tuple[Rule, ...]:
    found = tuple(rules)
    if found:
        from policy.commands import Rule

        wrong = next((item for item in found if not isinstance(item, Rule)), None)
        if wrong is not None:
            hint = "pass what parse_rules(text, ...) returns"
            raise ConfigError("config.invalid", f"a rule cannot be {type(wrong).__name__}", hint=hint)
    return found


def _require_one_of(name: str, value: object, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ConfigError("config.invalid", f"{name} cannot be {value!r}", hint="it is one of " + ", ".join(allowed))


def _require_positive(name: str, value: object, *, least: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise ConfigError("config.invalid", f"{name} cannot be {value!r}", hint=f"it is at least {least}")
