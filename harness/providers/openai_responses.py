"""OpenAI Responses: items of output, custom tool calls with raw text, outputs without an error flag.

References:
    https://platform.openai.com/docs/api-reference/responses
    https://platform.openai.com/docs/api-reference/responses-streaming
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from harness.providers.adapter import Answer
from harness.providers.parts import END_OF_TEXT, Part, StreamState
from harness.providers.sdk_objects import objects_in
from harness.providers.segments import CallSegment, OtherSegment, ProviderSegment, ReasoningSegment, RefusalSegment

ID_OF_CALL: Final = "call_id"
_TERMINAL: Final = frozenset({"response.completed", "response.incomplete", "response.failed", "response.cancelled"})
_REASONS: Final = {
    "max_output_tokens": "it reached max_output_tokens",
    "content_filter": "the provider's content filter cut it off",
}


def is_response(data: Mapping[str, object]) -> bool:
    """Say whether a response has this format's shape."""
    return data.get("object") == "response" or isinstance(data.get("output"), list)


def parts(data: Mapping[str, Any]) -> list[Part]:
    """Return what a whole response consists of."""
    return _parts(objects_in(data, "output"), lambda index: True)


def calls(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the items of calls."""
    return [item for item in objects_in(data, "output") if item.get("type") in ("function_call", "custom_tool_call")]


def cut_off(data: Mapping[str, Any]) -> str | None:
    """Say why a response is not whole, or None."""
    status = data.get("status")
    if status != "completed":
        reason = str((data.get("incomplete_details") or {}).get("reason"))
        said = (data.get("error") or {}).get("message")
        return _REASONS.get(reason) or (f"the provider failed: {said}" if said else _unfinished(status))
    items = objects_in(data, "output")
    if any(item.get("status") == "incomplete" for item in items):
        return "an item of it is incomplete"
    parts = (part for item in items if item.get("type") == "message" for part in objects_in(item, "content"))
    return "the model refused to go on" if any(part.get("type") == "refusal" for part in parts) else None


def _unfinished(status: object) -> str:
    if status in (None, "in_progress", "queued"):
        return "its stream ended before it was complete"
    return f"its status is {status!r}"


def is_paused(data: Mapping[str, object]) -> bool:
    """Never: responses of this format end, or are cut off."""
    return False


def items(data: Mapping[str, Any], answers: Sequence[Answer], results: str | None) -> list[dict[str, object]]:
    """Return the output as it came, an output item for each call, and a message about scripts between tags."""
    echo = [_sent_back(item) for item in objects_in(data, "output")]
    # Reasoning that nothing follows is refused; only a response that was cut off ends so.
    while echo and echo[-1].get("type") == "reasoning":
        echo.pop()
    said: list[dict[str, object]] = [{"role": "user", "content": results}] if results is not None else []
    return [*echo, *(_answer(answer) for answer in answers), *said]


def _sent_back(item: Mapping[str, Any]) -> dict[str, object]:
    """The item without what the SDK's parsing added to it."""
    kept = {key: value for key, value in item.items() if key != "parsed_arguments"}
    if item.get("type") == "message":
        kept["content"] = [
            {key: value for key, value in part.items() if key != "parsed"} for part in objects_in(item, "content")
        ]
    return kept


def _answer(answer: Answer) -> dict[str, object]:
    call = answer.call
    form = "custom_tool_call_output" if call.form == "custom" else "function_call_output"
    item: dict[str, object] = {"type": form, "call_id": call.call_id, "output": answer.text}
    echoed = ("caller",) if call.form == "custom" else ("caller", "namespace")
    return item | {key: call.item[key] for key in echoed if call.item.get(key) is not None}


def script_tool(name: str, description: str, parameters: Mapping[str, object]) -> dict[str, object]:
    """A custom tool: the model writes the script as it is, without escaping it as JSON."""
    return {"type": "custom", "name": name, "description": description, "format": {"type": "text"}}


def declared_tool(name: str, description: str, parameters: Mapping[str, object]) -> dict[str, object]:
    """A function. Not strict, which would allow but a part of JSON Schema."""
    return {
        "type": "function",
        "name": name,
        "description": description,
        "parameters": dict(parameters),
        "strict": False,
    }


def stream() -> StreamState:
    """Return what keeps the events of one stream."""
    return _Stream()


class _Stream:
    """Output items by their index, until the terminal event brings the whole response."""

    def __init__(self) -> None:
        self._begun: dict[str, object] = {}
        self._items: dict[int, dict[str, Any]] = {}
        self._done: set[int] = set()
        self._whole: dict[str, Any] | None = None

    def take(self, event: dict[str, Any]) -> None:
        kind = str(event.get("type"))
        if kind in _TERMINAL:
            self._whole = {**(event.get("response") or {})}
        elif kind in ("response.created", "response.in_progress", "response.queued"):
            self._begun = {**(event.get("response") or {})}
        elif isinstance(event.get("output_index"), int):
            self._take_of_item(kind, event, self._items.setdefault(event["output_index"], {}))

    def _take_of_item(self, kind: str, event: Mapping[str, Any], item: dict[str, Any]) -> None:
        match kind:
            case "response.output_item.added":
                item.update(event["item"])
            case "response.output_item.done":
                item.clear()
                item.update(event["item"])
                self._done.add(event["output_index"])
            case "response.content_part.added" | "response.content_part.done":
                _nth(item, "content", event).update(event["part"])
            case "response.output_text.delta":
                item.setdefault("type", "message")  # some servers do not say that an item begins
                _grow(_nth(item, "content", event), "output_text", "text", event)
            case "response.refusal.delta":
                _grow(_nth(item, "content", event), "refusal", "refusal", event)
            case "response.reasoning_summary_text.delta":
                _grow(_nth(item, "summary", event), "summary_text", "text", event)
            case "response.reasoning_text.delta":
                _grow(_nth(item, "content", event), "reasoning_text", "text", event)
            case "response.function_call_arguments.delta":
                item["arguments"] = item.get("arguments", "") + event["delta"]
            case "response.custom_tool_call_input.delta":
                item["input"] = item.get("input", "") + event["delta"]

    def parts(self, *, is_over: bool) -> list[Part]:
        done = [is_over or index in self._done for index in self._items]
        return _parts([*self._items.values()], done.__getitem__)

    def response(self) -> dict[str, object]:
        whole = self._whole if self._whole is not None else {**self._begun, "status": "in_progress"}
        # Some servers leave the output of the terminal event empty: the items came one by one.
        return {"object": "response", **whole, "output": whole.get("output") or [*self._items.values()]}


def _nth(item: dict[str, Any], key: str, event: Mapping[str, Any]) -> dict[str, Any]:
    """The part that an event is about: one that is there, or the next."""
    parts: list[dict[str, Any]] = item.get(key) or []
    item[key] = parts
    index = int(event.get(f"{key}_index", 0))
    if index >= len(parts):
        index = len(parts)
        parts.append({})
    return parts[index]


def _grow(part: dict[str, Any], kind: str, key: str, event: Mapping[str, Any]) -> None:
    part.setdefault("type", kind)
    part[key] = part.get(key, "") + event["delta"]


def _parts(output: Sequence[Mapping[str, Any]], is_done: Callable[[int], bool]) -> list[Part]:
    parts: list[Part] = []
    for index, item in enumerate(output):
        if item.get("type") == "message":
            parts += _parts_of_message(objects_in(item, "content"), is_done=is_done(index))
        else:
            parts.append(Part(segment=_segment(item), is_done=is_done(index)))
    return parts


def _parts_of_message(content: Sequence[Mapping[str, Any]], *, is_done: bool) -> list[Part]:
    parts = []
    for index, part in enumerate(content):
        done = is_done or index + 1 < len(content)
        if part.get("type") == "output_text":
            parts.append(Part(text=str(part.get("text") or ""), is_done=done))
        elif part.get("type") == "refusal":
            parts.append(Part(segment=RefusalSegment(str(part.get("refusal") or "")), is_done=done))
        else:
            parts.append(Part(segment=OtherSegment(str(part.get("type")), part), is_done=done))
    return [*parts, END_OF_TEXT if is_done else Part(is_done=False)]


def _segment(item: Mapping[str, Any]) -> ProviderSegment:
    match item.get("type"):
        case "reasoning":
            shown = [*(item.get("summary") or []), *(item.get("content") or [])]
            return ReasoningSegment("\n\n".join(str(part.get("text") or "") for part in shown))
        case "function_call":
            return CallSegment(
                str(item.get(ID_OF_CALL) or ""), str(item.get("name")), item.get("arguments"), "function", item
            )
        case "custom_tool_call":
            return CallSegment(
                str(item.get(ID_OF_CALL) or ""), str(item.get("name")), item.get("input"), "custom", item
            )
        case kind:
            return OtherSegment(str(kind), item)
