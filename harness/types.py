"""Values that users of the package receive: the outcome of a run and what it is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from harness.errors import HarnessError
from policy.commands.verdict import Amendment
from policy.effects import Effect, Reads
from policy.language.report import CheckReport, Diagnostic, Plan, PlannedCall

__all__ = [
    "ApprovalAnswer",
    "ApprovalRequest",
    "CallRecord",
    "CallStatus",
    "CheckReport",
    "Diagnostic",
    "Outcome",
    "Plan",
    "PlannedCall",
    "PlannedDecision",
    "TraceLine",
    "Usage",
]

Mode = Literal["disabled", "dry-run", "enabled"]
CallStatus = Literal["ok", "failed", "denied", "cancelled"]
ApprovalAnswer = Literal[
    "approved",
    "approved_for_session",
    "approved_with_amendment",
    "remembered",
    "planned",
    "denied",
    "timed_out",
    "aborted",
    "cancelled",
]


@dataclass(frozen=True, slots=True)
class Usage:
    """What a run spent, to be read beside `Limits`.

    Attributes:
        wall_time_s: Seconds from the start to the outcome.
        waiting_s: Seconds of it in which only a person could go on.
        cpu_time_s: Processor seconds of the worker, by the kernel's clock.
        steps: As the meter in the worker counted them.
        peak_memory_bytes: Peak resident bytes above the idle worker, by the kernel's accounting.
        tool_calls: Calls that were started.
    """

    wall_time_s: float = 0.0
    waiting_s: float = 0.0
    cpu_time_s: float = 0.0
    steps: int = 0
    peak_memory_bytes: int = 0
    tool_calls: int = 0


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One use of a tool, as it went through the pipeline.

    Attributes:
        id: Unique within the run, in the order of the calls.
        tool: The tool's name.
        arguments: The arguments as the handler got them, or as they were sent when they were refused.
        status: "ok", "failed", "denied" or "cancelled".
        result: Plain data, None unless the status is "ok".
        error: None if the status is "ok".
        line: Line of the script, 1-based, or None for a structured call.
        started_s: Seconds after the start of the run.
        duration_s: Seconds from the request to the result.
        approval: How the question about the call was answered; None when there was none. "remembered": an earlier
            answer covered it; "planned": the approval of the plan did.
    """

    id: str
    tool: str
    arguments: Mapping[str, object]
    status: CallStatus
    result: object = None
    error: HarnessError | None = None
    line: int | None = None
    started_s: float = 0.0
    duration_s: float = 0.0
    approval: ApprovalAnswer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRequest:
    """A question about a call, or about a whole plan, with all that a person needs to decide.

    Attributes:
        id: Unique in its harness.
        tool: The tool's name; "" for a plan.
        arguments: Plain data, validated, as the handler would get them; a private copy.
        keys: What an approval covers; equal keys mean the same thing. Without keys, an answer is never remembered.
        reason: Why it asks.
        risk: What the tool does to the world: "read", "write", "execute" or "network".
        effect: What the call would do, with paths and program resolved.
        is_retry: The call ran in its sandbox, was denied something (`reason` says what), and would run without.
        leaves_sandbox: What is approved runs without the sandbox.
        line: Line of the script, 1-based, or None.
        excerpt: That line's text.
        proposed_amendment: The command rule that would make the question unnecessary, or None.
        plan: What the script can do, for a question about the whole of it.
        script_id: The run, "" for a structured call.
        calls: How many calls with these keys wait for this one answer.
        form: For a question that the tool itself puts while it runs: the JSON Schema of an object to be filled in, `{}`
            if it only wants a yes. The fields are the `arguments` of the `Approve`; defaults need not be given.
    """

    id: str
    tool: str
    arguments: Mapping[str, object] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    reason: str = ""
    risk: str = "read"
    effect: Effect = field(default_factory=Reads)
    is_retry: bool = False
    leaves_sandbox: bool = False
    line: int | None = None
    excerpt: str = ""
    proposed_amendment: Amendment | None = None
    plan: Plan | None = None
    script_id: str = ""
    calls: int = 1
    form: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class PlannedDecision:
    """What would be done about a call that stands in a script, found out in a dry run.

    Attributes:
        tool: Name of the tool.
        line: Line of the call, 1-based.
        decision: "run", "ask" a person, "forbid", or "depends": its arguments are known only when it runs.
        reason: Why, "" when it would simply run.
    """

    tool: str
    line: int
    decision: Literal["run", "ask", "forbid", "depends"]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One executed line of a traced run.

    Attributes:
        line: 1-based.
        steps: The meter's count when the line began.
        changed: Names whose value changed since the line before, with a shortened repr each.
        calls: Tools that the line called.
    """

    line: int
    steps: int
    changed: Mapping[str, str] = field(default_factory=dict)
    calls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to: a value, or an error and whatever was achieved before it.

    Attributes:
        ok: True when the script ran to its end.
        value: Plain JSON data, None unless `ok`.
        error: None if `ok`.
        logs: What the script printed.
        calls: Every call that was started, in order.
        usage: What was spent.
        diagnostics: What the check found; not empty exactly when the script was refused.
        plan: The tools the script can reach; None if it was refused.
        barriers: The barriers that confined the worker, by name.
        confinement: What was demanded of them: "required", "strict", or "none", which is for development only.
        script_id: Names the run in events and records.
        trace: Executed lines, when asked for.
        pending: Calls that still ran when the script ended; they were cancelled.
        not_awaited: Calls that were made and never awaited, so never ran.
        mode: "enabled"; in a "dry-run" nothing was executed, and while scripts are "disabled" nothing was even checked.
        would_ask: Of a dry run: what would be done about each call of the plan.
    """

    ok: bool
    value: object = None
    error: HarnessError | None = None
    logs: str = ""
    calls: tuple[CallRecord, ...] = ()
    usage: Usage = field(default_factory=Usage)
    diagnostics: tuple[Diagnostic, ...] = ()
    plan: Plan | None = None
    barriers: tuple[str, ...] = ()
    confinement: str = "required"
    script_id: str = ""
    trace: tuple[TraceLine, ...] | None = None
    pending: tuple[str, ...] = ()
    not_awaited: tuple[str, ...] = ()
    mode: Mode = "enabled"
    would_ask: tuple[PlannedDecision, ...] = ()

    def to_wire(self) -> dict[str, object]:
        """Return the outcome as plain JSON data, with these same names: what `toolscript run --json` prints."""
        wire = plain(self)
        assert isinstance(wire, dict)
        return wire


def plain(value: object) -> object:
    """Turn the package's own values into JSON data; everything else is returned as it is."""
    if isinstance(value, HarnessError):
        return value.to_wire()
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    fields = getattr(type(value), "__dataclass_fields__", None)
    if fields is not None:
        return {name: plain(getattr(value, name)) for name in fields}
    return value
