"""What the module of each provider offers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from harness.providers.parts import Part, StreamState
from harness.providers.segments import CallSegment


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back for a call.

    Attributes:
        call: The call.
        text: JSON text of what came of it.
        is_error: False only when it is what the model asked for.
    """

    call: CallSegment
    text: str
    is_error: bool


class Adapter(Protocol):
    """One wire format. Responses are plain data here (`harness.providers.sdk_objects.response_data`).

    Attributes:
        ID_OF_CALL: The key of a call's item under which its id stands, which the answer names.
    """

    ID_OF_CALL: str

    def is_response(self, data: Mapping[str, object]) -> bool:
        """Say whether a response has this format's shape."""

    def parts(self, data: Mapping[str, object]) -> list[Part]:
        """Return what a whole response consists of."""

    def calls(self, data: Mapping[str, object]) -> list[dict[str, Any]]:
        """Return the items of calls, as they stand in a response."""

    def cut_off(self, data: Mapping[str, object]) -> str | None:
        """Say why a response is not whole, as the end of "the response was not run, because ...", or None."""

    def is_paused(self, data: Mapping[str, object]) -> bool:
        """Say whether the provider wants the response back, to go on with it."""

    def items(
        self, data: Mapping[str, object], answers: Sequence[Answer], results: str | None
    ) -> list[dict[str, object]]:
        """Return what is to be appended to the conversation.

        Args:
            data: The response.
            answers: One for each call of the response, in order.
            results: Text about scripts between tags, or None.
        """

    def stream(self) -> StreamState:
        """Return what keeps the events of one stream."""

    def script_tool(self, name: str, description: str, parameters: Mapping[str, object]) -> dict[str, object]:
        """Declare the tool that takes scripts."""

    def declared_tool(self, name: str, description: str, parameters: Mapping[str, object]) -> dict[str, object]:
        """Declare a tool for structured calls."""
