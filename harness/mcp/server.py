"""An MCP server whose client gets scripts with approvals: `run_script`, `check_script`, and what goes with them.

A question of a running script reaches the person at the client in one of three ways, by what the client can:

- **input required** (protocol 2026-07-28): the call ends with a form, and the client repeats it with the answer. As
  clients give up after some rounds, the call then ends with `approval_required`, and `resume_run` shows the next form;
- **elicitation** (before that): the form is sent while the call goes on;
- **resume**: the call ends with `approval_required`. The person answers beside the client (`toolscript approve`), and
  the model goes on with `resume_run`. A model never answers its own questions, unless whoever started the server said
  that the client asks its user before each `resume_run`.

The run itself waits in `harness.parking` meanwhile, bound to its caller and, where the request repeats it, its script.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from typing import Any, Literal, TypeAlias

import anyio
import anyio.abc

from harness.extras import missing_extra

try:
    import mcp_types as types
    from mcp.server.context import ServerRequestContext
    from mcp.server.lowlevel.server import Server
except ModuleNotFoundError as error:
    raise missing_extra("mcp", error) from None

from harness.approvals.answers import question_data, read_answers
from harness.errors import CallError, HarnessError, RunError
from harness.events import Event, Progress
from harness.harness import Harness
from harness.mcp.approval_form import Again, form_message, form_schema, read_form
from harness.mcp.offered_tools import MOST_WAIT_S, invalid, number_of, offered_tools, text_of
from harness.outcome_data import error_data, outcome_data
from harness.parking import ParkedRuns, Suspended
from harness.tools.binding import Tool
from harness.tools.builtin.tool_search import describe_tools, search_tools
from harness.types import ApprovalRequest, Outcome, plain
from policy.approval import Deny, ReviewDecision

Way = Literal["input_required", "elicitation", "resume"]
Context: TypeAlias = ServerRequestContext[Any, Any]
Result: TypeAlias = types.CallToolResult | types.InputRequiredResult
Decisions: TypeAlias = dict[str, ReviewDecision]
OnEvent: TypeAlias = Callable[[Event], None]
Handler: TypeAlias = Callable[[Context, types.CallToolRequestParams, OnEvent], Awaitable[Result]]

_FORM = "approval"
_MODERN = "2026-07-28"
_MOST_FORMS = 8  # times that one set of questions is shown again, before it counts as denied
_MOST_ROUNDS = 8  # forms of one request; the SDKs' clients give up after ten, and the run would wait for nobody


class ScriptServer:
    """The handlers of one server.

    Args:
        harness: Runs the scripts.
        parked: The harness' approver, where its runs wait.
        caller_of: Says who makes a request. Runs are bound to it.
        client_decides: `resume_run` takes decisions: the client asks its user before it makes such a call.
        budget_tokens: For the description of `run_script`, which tells the model the language and the tools.
        context: `provider` and `model` of whoever writes the scripts, where that is known: they choose among settings.
    """

    def __init__(
        self,
        harness: Harness,
        parked: ParkedRuns,
        *,
        caller_of: Callable[[Context], str] = lambda context: "local",
        client_decides: bool = False,
        budget_tokens: int | None = None,
        context: Mapping[str, object] | None = None,
    ) -> None:
        self._harness = harness
        self._parked = parked
        self._caller_of = caller_of
        self._client_decides = client_decides
        self._context = dict(context or {})
        told = harness.instructions(form="native", budget_tokens=budget_tokens, context=self._context)
        self._tools = offered_tools(told, client_decides=client_decides)
        self._handlers: dict[str, Handler] = {
            "run_script": self._run_script,
            "check_script": self._check_script,
            "search_tools": self._search_tools,
            "describe_tools": self._describe_tools,
            "resume_run": self._resume_run,
        }

    def server(self, name: str = "toolscript") -> Server[Any]:
        """Make the SDK's server of them."""
        return Server(
            name,
            version=version("toolscript"),
            instructions="Use run_script for work that takes several tool calls; one script can call all tools.",
            on_list_tools=self._list_tools,
            on_call_tool=self._call_tool,
        )

    async def _list_tools(self, context: Context, params: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return types.ListToolsResult(tools=self._tools)

    async def _call_tool(self, context: Context, params: types.CallToolRequestParams) -> Result:
        handler = self._handlers.get(params.name)
        if handler is None:
            hint = "the tools are: " + ", ".join(self._handlers)
            return _failed(CallError("tool.not_found", f"there is no tool {params.name!r}", hint=hint))
        async with _progress(context) as on_event:
            try:
                return await handler(context, params, on_event)
            except HarnessError as error:
                return _failed(error)

    async def _run_script(self, context: Context, params: types.CallToolRequestParams, on_event: OnEvent) -> Result:
        script = text_of(params, "script")
        caller = self._caller_of(context)
        if params.request_state is not None:
            state = _state(params.request_state)
            return await self._continued(context, params, state, script, caller, on_event)
        step = await self._parked.start(
            self._harness, script, caller=caller, on_event=on_event, context={**self._context, "session_id": caller}
        )
        return await self._answer(context, script, caller, step, on_event)

    async def _continued(
        self,
        context: Context,
        params: types.CallToolRequestParams,
        state: _State,
        script: str | None,
        caller: str,
        on_event: OnEvent,
    ) -> Result:
        """Go on with a run whose form was filled in. The state comes back through the client and may be anything."""
        run_id, asked = state.run, state.asked
        step = await self._parked.resume(run_id, source=script, caller=caller, on_event=on_event)
        if isinstance(step, Outcome):
            return _finished(step)
        requests = tuple(request for request in step.requests if request.id in asked)
        answer = (params.input_responses or {}).get(_FORM)
        if not requests or len(requests) != len(asked) or not isinstance(answer, types.ElicitResult):
            return self._form(step, Again(), state.shown, state.rounds)
        requests = tuple(sorted(requests, key=lambda request: asked.index(request.id)))
        decisions = read_form(requests, answer.action, answer.content)
        if isinstance(decisions, Again):
            if state.shown < _MOST_FORMS:
                return self._form(step, decisions, state.shown, state.rounds)
            decisions = _all(step, Deny("the answers to the form could not be read"))
        step = await self._parked.resume(run_id, source=script, caller=caller, decisions=decisions, on_event=on_event)
        return await self._answer(context, script, caller, step, on_event, rounds=state.rounds)

    async def _answer(
        self,
        context: Context,
        script: str | None,
        caller: str,
        step: Outcome | Suspended,
        on_event: OnEvent,
        *,
        rounds: int = 0,
    ) -> Result:
        """Turn what a run came to into the answer to the request, asking the person where the client can."""
        way = _way(context)
        if way == "elicitation" and isinstance(step, Suspended):
            step = await self._elicited(context, script, caller, step, on_event)
        if isinstance(step, Outcome):
            return _finished(step)
        return self._form(step, Again(), 0, rounds) if way == "input_required" else self._approval_required(step)

    def _form(self, step: Suspended, again: Again, shown: int, rounds: int) -> Result:
        if rounds >= _MOST_ROUNDS:
            return self._approval_required(step, _AGAIN)
        state = _State(step.run_id, [request.id for request in step.requests], shown + 1, rounds + 1)
        return types.InputRequiredResult(
            input_requests={_FORM: types.ElicitRequest(params=_form_params(step, again))},
            request_state=json.dumps(asdict(state)),
        )

    async def _elicited(
        self, context: Context, script: str | None, caller: str, step: Suspended, on_event: OnEvent
    ) -> Outcome:
        """Ask while the call goes on, until the run is over. A client that leaves takes its run with it."""
        run_id = step.run_id
        try:
            while True:
                decisions = await _asked(context, step)
                after = await self._parked.resume(
                    run_id, source=script, caller=caller, decisions=decisions, on_event=on_event
                )
                if isinstance(after, Outcome):
                    return after
                step = after
        except RunError:
            raise
        except BaseException:
            self._parked.stop(run_id, caller=caller)
            raise

    def _approval_required(self, step: Suspended, what: str | None = None) -> types.CallToolResult:
        wire = {
            "status": "approval_required",
            "run_id": step.run_id,
            "expires_s": step.expires_s,
            "questions": [question_data(request) for request in step.requests],
            "message": "The script waits for a person. " + (what or (_DECIDE if self._client_decides else _APPROVE)),
        }
        return _structured(wire)

    async def _resume_run(self, context: Context, params: types.CallToolRequestParams, on_event: OnEvent) -> Result:
        run_id, caller = text_of(params, "run_id"), self._caller_of(context)
        if params.request_state is not None:
            state = replace(_state(params.request_state), run=run_id)
            return await self._continued(context, params, state, None, caller, on_event)
        wait_s = number_of(params, "wait_s", most=MOST_WAIT_S)
        step = await self._parked.resume(run_id, caller=caller, on_event=on_event)
        if isinstance(step, Suspended):
            decisions = self._decisions(params, step.requests)
            wait_s = wait_s if _way(context) == "resume" else 0.0  # a form is shown at once
            step = await self._parked.resume(
                run_id, caller=caller, decisions=decisions, wait_s=wait_s, on_event=on_event
            )
        return await self._answer(context, None, caller, step, on_event)

    def _decisions(self, params: types.CallToolRequestParams, requests: Sequence[ApprovalRequest]) -> Decisions:
        """Read decisions, where the client may send them.

        Raises:
            CallError: `tool.invalid_arguments`, they are none, or the client may not send them.
        """
        given = (params.arguments or {}).get("decisions")
        if given is None:
            return {}
        if not self._client_decides:
            raise CallError(
                "tool.invalid_arguments",
                "this server takes no decisions from its client",
                hint="ask the user to answer with `toolscript approve`, then call resume_run without decisions",
            )
        return read_answers(given, requests)

    async def _check_script(self, context: Context, params: types.CallToolRequestParams, on_event: OnEvent) -> Result:
        report = await self._harness.check(text_of(params, "script"), context=self._context)
        wire = {"status": "ok" if report.ok else "refused", "diagnostics": plain(report.diagnostics)}
        return _structured({**wire, "plan": plain(report.plan)})

    async def _search_tools(self, context: Context, params: types.CallToolRequestParams, on_event: OnEvent) -> Result:
        limit = int(number_of(params, "limit", most=50.0, default=10.0))
        return _structured({"tools": search_tools(self._exposed(), text_of(params, "query"), limit=limit)})

    async def _describe_tools(self, context: Context, params: types.CallToolRequestParams, on_event: OnEvent) -> Result:
        names = (params.arguments or {}).get("names")
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise invalid("names", "a list of names")
        return _structured({"tools": describe_tools(self._exposed(), names)})

    def _exposed(self) -> tuple[Tool, ...]:
        """The tools that a script may call now; a client hears of no others."""
        return self._harness.exposed_tools(context=self._context)


_APPROVE = (
    "Ask the user to answer with `toolscript approve` in a terminal, then call resume_run with this run_id and "
    "wait_s=50. Do not call run_script again."
)
_AGAIN = "Call resume_run with this run_id; the user is asked there. Do not call run_script again."
_DECIDE = "Call resume_run with this run_id and a decision for each question; the user is asked before that call."


def _way(context: Context) -> Way:
    """Say how this client can ask its user."""
    capabilities = context.session.client_capabilities
    asks = capabilities.elicitation if capabilities is not None else None
    if asks is None or (asks.form is None and asks.url is not None):
        return "resume"
    if context.protocol_version >= _MODERN:
        return "input_required"
    return "elicitation" if context.session.can_send_request else "resume"


async def _asked(context: Context, step: Suspended) -> Decisions:
    """Show the form until it is filled in."""
    again = Again()
    for _ in range(_MOST_FORMS):
        params = _form_params(step, again)
        answer = await context.session.elicit_form(params.message, params.requested_schema, context.request_id)
        decisions = read_form(step.requests, answer.action, answer.content)
        if not isinstance(decisions, Again):
            return decisions
        again = decisions
    return _all(step, Deny("the answers to the form could not be read"))


def _all(step: Suspended, decision: ReviewDecision) -> Decisions:
    return {request.id: decision for request in step.requests}


def _form_params(step: Suspended, again: Again) -> types.ElicitRequestFormParams:
    return types.ElicitRequestFormParams(
        message=form_message(step.requests, again), requested_schema=form_schema(step.requests)
    )


@dataclass(frozen=True, slots=True)
class _State:
    """What goes through the client between a form and its answer.

    Attributes:
        run: The run's id.
        asked: Ids of the questions that the form showed.
        shown: How often these were shown.
        rounds: Forms of this request so far.
    """

    run: str
    asked: list[str]
    shown: int
    rounds: int


def _state(text: str) -> _State:
    """Read the state that a client sends back."""
    try:
        given = json.loads(text)
        run, asked, shown, rounds = given["run"], given["asked"], given["shown"], given["rounds"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise invalid("request_state", "what the call before returned") from None
    are_names = isinstance(run, str) and isinstance(asked, list) and all(isinstance(item, str) for item in asked)
    if not are_names or not all(type(count) is int for count in (shown, rounds)):
        raise invalid("request_state", "what the call before returned")
    return _State(run, asked, shown, rounds)


@asynccontextmanager
async def _progress(context: Context) -> AsyncIterator[OnEvent]:
    """Give a listener that passes the progress of a run on to the client, without ever waiting for it."""
    send, receive = anyio.create_memory_object_stream[str](64)

    def on_event(event: Event) -> None:
        if isinstance(event, Progress):
            # A client that reads slowly, or has its answer, misses some of it.
            with suppress(anyio.WouldBlock, anyio.BrokenResourceError, anyio.ClosedResourceError):
                send.send_nowait(event.message)

    async def pass_on() -> None:
        count = 0
        async for message in receive:
            count += 1
            await context.session.report_progress(count, None, message)

    async with send, receive, anyio.create_task_group() as tasks:
        tasks.start_soon(pass_on)
        yield on_event
        tasks.cancel_scope.cancel()


def _finished(outcome: Outcome) -> types.CallToolResult:
    return _structured(outcome_data(outcome), is_error=not outcome.ok)


def _failed(error: HarnessError) -> types.CallToolResult:
    return _structured(error_data(error), is_error=True)


def _structured(wire: Mapping[str, object], *, is_error: bool = False) -> types.CallToolResult:
    """As structured content, and as text for clients that read only that."""
    content: list[types.ContentBlock] = [types.TextContent(text=json.dumps(wire, ensure_ascii=False))]
    return types.CallToolResult(content=content, structured_content=dict(wire), is_error=is_error)
