"""OpenAI Chat Completions, and the many servers that speak it: one message, function calls, tool messages.

References:
    https://platform.openai.com/docs/api-reference/chat
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from harness.providers.adapter import Answer
from harness.providers.parts import Part, StreamState
from harness.providers.segments import CallSegment, OtherSegment, ProviderSegment, ReasoningSegment, RefusalSegment

ID_OF_CALL: Final = "id"
_GOOD: Final = frozenset({"stop", "tool_calls"})
_REASONS: Final = {
    None: "its stream ended before it was complete",
    "length": "it reached the most tokens it may have",
    "content_filter": "the provider's content filter cut it off",
}
_REASONING: Final = ("reasoning_content", "reasoning")
"""Where servers put it that are not OpenAI's."""


def is_response(data: Mapping[str, object]) -> bool:
    """Say whether a response has this format's shape."""
    return data.get("object") == "chat.completion" or isinstance(data.get("choices"), list)


def parts(data: Mapping[str, Any]) -> list[Part]:
    """Return what the message of a whole response's first choice consists of."""
    return _parts(_message(data), is_over=True)


def calls(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the calls of the message."""
    return [*(_message(data).get("tool_calls") or [])]


def cut_off(data: Mapping[str, Any]) -> str | None:
    """Say why a response is not whole, or None."""
    reason = _choice(data).get("finish_reason")
    if reason not in _GOOD:
        return _REASONS.get(reason) or f"its finish_reason is {reason!r}"
    return "the model refused to go on" if _message(data).get("refusal") else None


def is_paused(data: Mapping[str, object]) -> bool:
    """Never: responses of this format end, or are cut off."""
    return False


def items(data: Mapping[str, Any], answers: Sequence[Answer], results: str | None) -> list[dict[str, object]]:
    """Return the message as it came, a tool message for each call, and one about scripts between tags."""
    message = _message(data)
    echo = [_sent_back(message)] if any(value for key, value in message.items() if key != "role") else []
    told: list[dict[str, object]] = [
        {"role": "tool", "tool_call_id": answer.call.call_id, "content": answer.text} for answer in answers
    ]
    said: list[dict[str, object]] = [{"role": "user", "content": results}] if results is not None else []
    return [*echo, *told, *said]


def _sent_back(message: Mapping[str, Any]) -> dict[str, object]:
    """The message as a request may have it: without nulls, without what is only for reading."""
    kept = {key: value for key, value in message.items() if value is not None and key not in ("parsed", "annotations")}
    if isinstance(message.get("audio"), dict):
        kept["audio"] = {"id": message["audio"].get("id")}
    if message.get("tool_calls"):
        kept["tool_calls"] = [_sent_back_call(call) for call in message["tool_calls"]]
        if not kept.get("content"):
            kept.pop("content", None)
    else:
        kept.pop("tool_calls", None)
        kept.setdefault("content", "")
    return {"role": "assistant", **kept}


def _sent_back_call(call: Mapping[str, Any]) -> dict[str, object]:
    kept = {key: value for key, value in call.items() if value is not None and key != "index"}
    if isinstance(call.get("function"), dict):
        kept["function"] = {key: value for key, value in call["function"].items() if key != "parsed_arguments"}
        kept.setdefault("type", "function")
    return kept


def script_tool(name: str, description: str, parameters: Mapping[str, object]) -> dict[str, object]:
    """A function: the SDK cannot stream custom tool calls of this format."""
    function = {"name": name, "description": description, "parameters": dict(parameters), "strict": True}
    return {"type": "function", "function": function}


def declared_tool(name: str, description: str, parameters: Mapping[str, object]) -> dict[str, object]:
    """A function. Not strict, which would allow but a part of JSON Schema."""
    return {
        "type": "function",
        "function": {"name": name, "description": description, "parameters": dict(parameters)},
    }


def stream() -> StreamState:
    """Return what keeps the events of one stream."""
    return _Stream()


class _Stream:
    """The first choice's message, to which chunks add."""

    def __init__(self) -> None:
        self._head: dict[str, Any] = {}
        self._message: dict[str, Any] = {"role": "assistant"}
        self._calls: list[dict[str, Any]] = []
        self._at: dict[int, int] = {}
        self._finish_reason: str | None = None

    def take(self, event: dict[str, Any]) -> None:
        if event.get("type") == "chunk":  # what the SDK's own stream helper wraps chunks in
            event = event.get("chunk") or {}
        if not isinstance(event.get("choices"), list):
            return
        self._head.update({key: event[key] for key in ("id", "created", "model", "usage") if event.get(key)})
        for choice in event["choices"]:
            if choice.get("index", 0) == 0:
                self._add(choice.get("delta") or {})
                self._finish_reason = choice.get("finish_reason") or self._finish_reason

    def _add(self, delta: Mapping[str, Any]) -> None:
        for key, value in delta.items():
            if key == "tool_calls":
                for piece in value or []:
                    self._add_to_call(piece)
            elif key != "role" and value is not None:
                self._message[key] = _grown(self._message.get(key), value)

    def _add_to_call(self, piece: Mapping[str, Any]) -> None:
        call = self._call(piece)
        for key, value in piece.items():
            if key in ("function", "custom") and isinstance(value, dict):
                inner = call.setdefault(key, {})
                for name, text in value.items():
                    inner[name] = text if name == "name" else _grown(inner.get(name), text)
            elif key != "index" and value is not None:
                call[key] = value

    def _call(self, piece: Mapping[str, Any]) -> dict[str, Any]:
        """The call that a piece belongs to. Some servers give every call the index 0, or none: a new id begins one."""
        index, call_id = piece.get("index") or 0, piece.get("id")
        known = self._calls[self._at[index]] if index in self._at else None
        if known is None or (call_id and known.get("id") not in (None, call_id)):
            self._at[index] = len(self._calls)
            self._calls.append({})
        return self._calls[self._at[index]]

    def parts(self, *, is_over: bool) -> list[Part]:
        return _parts(self._whole_message(), is_over=is_over)

    def _whole_message(self) -> dict[str, Any]:
        calls = [_typed(call) for call in self._calls]
        return {**self._message, "tool_calls": calls} if calls else self._message

    def response(self) -> dict[str, object]:
        choice = {"index": 0, "message": self._whole_message(), "finish_reason": self._finish_reason}
        return {"object": "chat.completion", **self._head, "choices": [choice]}


def _grown(before: Any, more: Any) -> Any:
    if isinstance(before, str) and isinstance(more, str):
        return before + more
    if isinstance(before, list) and isinstance(more, list):
        return [*before, *more]
    return more if more is not None else before


def _typed(call: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "custom" if "custom" in call else "function", **call}


def _choice(data: Mapping[str, Any]) -> dict[str, Any]:
    found = next((choice for choice in data.get("choices") or [] if choice.get("index", 0) == 0), None)
    return found or {}


def _message(data: Mapping[str, Any]) -> dict[str, Any]:
    return _choice(data).get("message") or {"role": "assistant"}


def _parts(message: Mapping[str, Any], *, is_over: bool) -> list[Part]:
    """Reasoning, text, refusal, calls: the message does not say in which order they were written."""
    calls = message.get("tool_calls") or []
    reasoning = next((message[key] for key in _REASONING if isinstance(message.get(key), str) and message[key]), None)
    content = message.get("content")
    parts = [Part(segment=ReasoningSegment(reasoning), is_done=is_over or bool(content))] if reasoning else []
    pieces = content if isinstance(content, list) else [{"type": "text", "text": content}] if content else []
    behind = bool(message.get("refusal") or calls)
    parts += [_part(piece, is_done=is_over or behind) for piece in pieces]
    if message.get("refusal"):
        parts.append(Part(segment=RefusalSegment(message["refusal"]), is_done=is_over))
    return parts + [Part(segment=_segment(call), is_done=is_over) for call in calls]


def _part(piece: Mapping[str, Any], *, is_done: bool) -> Part:
    if isinstance(piece.get("text"), str):
        return Part(text=piece["text"], is_done=is_done)
    return Part(segment=OtherSegment(str(piece.get("type")), piece), is_done=is_done)


def _segment(call: Mapping[str, Any]) -> ProviderSegment:
    call_id = str(call.get(ID_OF_CALL) or "")
    if isinstance(call.get("function"), dict):
        function = call["function"]
        return CallSegment(call_id, str(function.get("name")), function.get("arguments"), "function", call)
    if isinstance(call.get("custom"), dict):
        return CallSegment(call_id, str(call["custom"].get("name")), call["custom"].get("input"), "custom", call)
    return OtherSegment(str(call.get("type")), call)
