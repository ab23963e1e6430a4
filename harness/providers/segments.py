"""The parts of a provider's response, in the order in which the model wrote them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal, TypeAlias

from harness.detect import RejectedSegment, ScriptSegment, Segment, TextSegment, merge


@dataclass(frozen=True, slots=True)
class ReasoningSegment:
    """What the model thought, as far as the provider shows it. Nothing in it is run.

    Attributes:
        text: "" when the provider keeps it to itself.
    """

    text: str


@dataclass(frozen=True, slots=True)
class RefusalSegment:
    """The model's own words for why it does not answer."""

    text: str


@dataclass(frozen=True, slots=True)
class CallSegment:
    """A call in the provider's own form: of a tool, or of `run_script`.

    Attributes:
        call_id: What the answer must name.
        name: As the model sent it.
        arguments: A mapping, or text: JSON, or whatever the model wrote into a custom tool call.
        form: "function" for JSON arguments, "custom" for free text.
        item: The item as it came.
    """

    call_id: str
    name: str
    arguments: object
    form: Literal["function", "custom"] = "function"
    item: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class OtherSegment:
    """An item that means nothing here; it is echoed as it came.

    Attributes:
        type: What the provider calls it.
        item: As it came.
    """

    type: str
    item: Mapping[str, object] = field(repr=False)


ProviderSegment: TypeAlias = (
    TextSegment | ScriptSegment | RejectedSegment | ReasoningSegment | RefusalSegment | CallSegment | OtherSegment
)

_OF_TEXT = (TextSegment, ScriptSegment, RejectedSegment)


def merged(segments: Iterable[ProviderSegment]) -> list[ProviderSegment]:
    """Join the pieces that a stream's text came in: whole response and stream give the same segments then."""
    joined: list[ProviderSegment] = []
    for is_text, run in groupby(segments, key=lambda segment: isinstance(segment, _OF_TEXT)):
        pieces = list(run)
        joined += merge(_of_text(pieces)) if is_text else pieces
    return joined


def _of_text(run: Iterable[ProviderSegment]) -> Iterable[Segment]:
    return (segment for segment in run if isinstance(segment, _OF_TEXT))
