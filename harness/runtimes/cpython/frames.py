"""The frames that a worker may send, as types: bytes in, a checked frame or `worker.protocol` out.

The bytes are parsed and checked in one pass outside of Python, so a hostile frame costs what an honest one costs.
Nesting is bounded by the parser, the size by the splitter before this module sees a byte. The validator collects
every mistake that it meets, at a thousand times the size of its item: so lists end at their first mistake, maps of the
worker's own keys take any value here, and unknown fields are looked for afterwards
(`tests/property/test_hostile_conversations.py`).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Annotated, Any, Final, Literal, NotRequired, TypeAlias, TypeVar

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict

from harness.errors import WorkerError
from harness.runtimes.cpython.wire import MAX_MESSAGE_CHARS, MAX_NAMED_CALLS, MAX_TRACEBACK_LINES
from policy.language.pipeline import MAX_DIAGNOSTICS

Count = Annotated[int, Field(ge=0, lt=2**53)]
Message = Annotated[str, Field(max_length=10 * MAX_MESSAGE_CHARS)]  # an escape has up to ten characters
_Item = TypeVar("_Item")
Items = Annotated[list[_Item], Field(fail_fast=True)]
NamedCall: TypeAlias = tuple[str, Count | None]
NamedCalls = Annotated[list[NamedCall], Field(max_length=MAX_NAMED_CALLS, fail_fast=True)]
_STRICT = ConfigDict(strict=True, extra="allow")  # refused by read_frame


@with_config(_STRICT)
class DiagnosticItem(TypedDict):
    """A finding of the check."""

    code: str
    message: str
    hint: str | None
    line: Count
    column: Count
    end_line: Count
    end_column: Count
    excerpt: str


@with_config(_STRICT)
class PlannedCallItem(TypedDict):
    """A call that stands in the text of the script."""

    tool: str
    line: Count
    arguments: dict[str, Any] | None


@with_config(_STRICT)
class PlanItem(TypedDict):
    """What the script can reach."""

    tools: Items[str]
    calls: Items[PlannedCallItem]


@with_config(_STRICT)
class TracebackItem(TypedDict):
    """A line of the script on the way to the error."""

    line: Count
    function: Message
    text: Message


@with_config(_STRICT)
class ErrorItem(TypedDict):
    """The error that ended a script."""

    code: str
    message: Message
    hint: Message | None
    line: Count | None
    column: Count | None
    retryable: bool
    details: dict[str, Any]
    traceback: Annotated[list[TracebackItem], Field(max_length=MAX_TRACEBACK_LINES, fail_fast=True)] | None


@with_config(_STRICT)
class TraceItem(TypedDict):
    """One executed line."""

    line: Count
    steps: Count
    changed: dict[str, Any]
    calls: Items[str]


@with_config(_STRICT)
class Hello(TypedDict):
    """The worker is confined and waits."""

    t: Literal["hello"]
    idle_rss_bytes: Count
    barriers: Items[str]


@with_config(_STRICT)
class Checked(TypedDict):
    """What the check found, and the code as base64 marshal."""

    t: Literal["checked"]
    diagnostics: Annotated[list[DiagnosticItem], Field(max_length=MAX_DIAGNOSTICS, fail_fast=True)]
    plan: PlanItem | None
    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]*={0,2}$")] | None


@with_config(_STRICT)
class Log(TypedDict):
    """The script printed."""

    t: Literal["log"]
    text: str


@with_config(_STRICT)
class Progress(TypedDict):
    """The script says how far it is."""

    t: Literal["progress"]
    message: str


@with_config(_STRICT)
class Trace(TypedDict):
    """Lines were executed."""

    t: Literal["trace"]
    events: Items[TraceItem]


@with_config(_STRICT)
class BatchFrame(TypedDict):
    """The script can go no further: what it started and cancelled."""

    t: Literal["batch"]
    calls: Items[tuple[Count, str, dict[str, Any], Count | None]]
    cancelled: Items[Count]
    wake_after_s: Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)] | None
    steps: Count


@with_config(_STRICT)
class FinishedFrame(TypedDict):
    """The script ended: with a value, or with an error."""

    t: Literal["finished"]
    ok: bool
    value: NotRequired[Any]
    error: NotRequired[ErrorItem | None]
    steps: Count
    pending: NamedCalls
    unawaited: NamedCalls


Beside: TypeAlias = Log | Progress | Trace
Frame: TypeAlias = Hello | Checked | Beside | BatchFrame | FinishedFrame
_frames: TypeAdapter[Frame] = TypeAdapter(Annotated[Frame, Field(discriminator="t")])
_FIELDS: Final = {
    "hello": Hello.__annotations__.keys(),
    "checked": Checked.__annotations__.keys(),
    "log": Log.__annotations__.keys(),
    "progress": Progress.__annotations__.keys(),
    "trace": Trace.__annotations__.keys(),
    "batch": BatchFrame.__annotations__.keys(),
    "finished": FinishedFrame.__annotations__.keys(),
}
# What the validator takes for numbers and JSON does not have: found in one pass, and looked at closely only then.
_NO_NUMBER: Final = re.compile(rb"NaN|Infinity|[0-9][eE]\+?0*[1-9][0-9]{2}")  # 1e999 would be infinity
_MANY_DIGITS: Final = b"0" * 200
_AS_ZEROS: Final = bytes.maketrans(b"123456789", b"000000000")
_DIAGNOSTIC: Final = DiagnosticItem.__annotations__.keys()
_PLAN: Final = PlanItem.__annotations__.keys()
_PLANNED_CALL: Final = PlannedCallItem.__annotations__.keys()
_ERROR: Final = ErrorItem.__annotations__.keys()
_TRACEBACK_LINE: Final = TracebackItem.__annotations__.keys()
_TRACE_LINE: Final = TraceItem.__annotations__.keys()


def read_frame(body: bytes) -> Frame:
    """Parse and check one frame.

    Raises:
        WorkerError: `worker.protocol`, it is not one of the frames above.
    """
    try:
        if _NO_NUMBER.search(body) or _MANY_DIGITS in body.translate(_AS_ZEROS):
            json.loads(body, parse_float=_finite, parse_constant=_finite)
        frame = _frames.validate_json(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"][:4])
        raise _protocol_error(f"{where or 'frame'}: {first['type']}") from None
    except (ValueError, RecursionError):
        raise _protocol_error("a frame that is not JSON") from None
    if not all(part.keys() <= known for part, known in _parts(frame)):
        raise _protocol_error(f"{frame['t']}: a field that it does not have")
    return frame


def _finite(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise ValueError("no number, or one beyond the largest float")
    return number


def _parts(frame: Frame) -> Iterator[tuple[Mapping[str, Any], AbstractSet[str]]]:
    """Every object of a frame whose fields are ours to name, with their names."""
    yield frame, _FIELDS[frame["t"]]
    if frame["t"] == "finished":
        if (error := frame.get("error")) is not None:
            yield error, _ERROR
            yield from ((line, _TRACEBACK_LINE) for line in error["traceback"] or ())
    elif frame["t"] == "trace":
        yield from ((line, _TRACE_LINE) for line in frame["events"])
    elif frame["t"] == "checked":
        yield from ((item, _DIAGNOSTIC) for item in frame["diagnostics"])
        if frame["plan"] is not None:
            yield frame["plan"], _PLAN
            yield from ((call, _PLANNED_CALL) for call in frame["plan"]["calls"])


def _protocol_error(what: str) -> WorkerError:
    return WorkerError("worker.protocol", f"the worker broke the protocol: {what}")
