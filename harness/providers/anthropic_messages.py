"""Anthropic Messages: content blocks, tools with JSON alone, results with an error flag at the head of a user message.

References:
    https://docs.anthropic.com/en/api/messages
    https://docs.anthropic.com/en/docs/build-with-claude/streaming
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from pydantic_core import from_json

from harness.providers.adapter import Answer
from harness.providers.parts import Part, StreamState
from harness.providers.sdk_objects import objects_in
from harness.providers.segments import CallSegment, OtherSegment, ProviderSegment, ReasoningSegment

ID_OF_CALL: Final = "id"
_GOOD: Final = frozenset({"end_turn", "tool_use", "stop_sequence"})
_REASONS: Final = {
    None: "its stream ended before it was complete",
    "max_tokens": "it reached max_tokens",
    "model_context_window_exceeded": "it reached the end of the model's context window",
    "pause_turn": "the provider paused it",
    "refusal": "the model refused to go on",
}


def is_response(data: Mapping[str, object]) -> bool:
    """Say whether a response has this format's shape."""
    return data.get("type") == "message" and isinstance(data.get("content"), list)


def parts(data: Mapping[str, Any]) -> list[Part]:
    """Return what a whole message consists of."""
    return _parts(objects_in(data, "content"), lambda index: True)


def calls(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the blocks of calls."""
    return [block for block in objects_in(data, "content") if block.get("type") == "tool_use"]


def cut_off(data: Mapping[str, Any]) -> str | None:
    """Say why a response is not whole, or None."""
    reason = data.get("stop_reason")
    if reason in _GOOD:
        return None
    return _REASONS.get(reason) or f"its stop_reason is {reason!r}"


def is_paused(data: Mapping[str, object]) -> bool:
    """Say whether the provider wants the response back, to go on with it."""
    return data.get("stop_reason") == "pause_turn"


def items(data: Mapping[str, Any], answers: Sequence[Answer], results: str | None) -> list[dict[str, object]]:
    """Return the message as it came, and a user message: results of calls first, then text about scripts."""
    blocks = [_sent_back(block) for block in objects_in(data, "content") if _may_be_sent(block)]
    echo: list[dict[str, object]] = [{"role": "assistant", "content": blocks}] if blocks else []
    told = [_answer(answer) for answer in answers]
    if results is not None:
        told.append({"type": "text", "text": results})
    return [*echo, {"role": "user", "content": told}] if told else echo


def _may_be_sent(block: Mapping[str, Any]) -> bool:
    """Blank text is refused in a request, and so is thinking that was cut off before its signature."""
    if block.get("type") == "text":
        return bool(str(block.get("text") or "").strip())
    return block.get("type") != "thinking" or bool(block.get("signature"))


def _sent_back(block: Mapping[str, Any]) -> dict[str, object]:
    kept = {key: value for key, value in block.items() if key != "parsed_output"}
    if block.get("type") == "tool_use" and not isinstance(block.get("input"), dict):
        kept["input"] = {"INVALID_JSON": str(block.get("input"))}  # the provider's own advice: it must be an object
    return kept


def _answer(answer: Answer) -> dict[str, object]:
    item: dict[str, object] = {
        "type": "tool_result",
        "tool_use_id": answer.call.call_id,
        "content": answer.text,
        "is_error": answer.is_error,
    }
    family = answer.call.item.get("toolset_name")
    return item if family is None else item | {"toolset_name": family}


def script_tool(name: str, description: str, parameters: Mapping[str, object]) -> dict[str, object]:
    """A tool whose input is held to the schema."""
    return {"name": name, "description": description, "input_schema": dict(parameters), "strict": True}


def declared_tool(name: str, description: str, parameters: Mapping[str, object]) -> dict[str, object]:
    """A tool. Not strict, which would allow but a part of JSON Schema."""
    return {"name": name, "description": description, "input_schema": dict(parameters)}


def stream() -> StreamState:
    """Return what keeps the events of one stream."""
    return _Stream()


class _Stream:
    """The message, to which the events add."""

    def __init__(self) -> None:
        self._head: dict[str, Any] = {}
        self._blocks: dict[int, dict[str, Any]] = {}
        self._json: dict[int, str] = {}
        self._stopped: set[int] = set()
        self._is_whole = False

    def take(self, event: dict[str, Any]) -> None:
        match event.get("type"):
            case "message_start":
                self._head = {**event["message"]}
            case "content_block_start":
                self._blocks[event["index"]] = {**event["content_block"]}
            case "content_block_delta":
                self._add(event["index"], self._blocks.setdefault(event["index"], {}), event["delta"])
            case "content_block_stop":
                self._stop(event["index"], self._blocks.setdefault(event["index"], {}))
            case "message_delta":
                self._head.update({key: value for key, value in event["delta"].items() if value is not None})
                self._head["usage"] = {**(self._head.get("usage") or {}), **(event.get("usage") or {})}
            case "message_stop":
                self._is_whole = True

    def _add(self, index: int, block: dict[str, Any], delta: Mapping[str, Any]) -> None:
        match delta.get("type"):
            case "text_delta":
                block["text"] = block.get("text", "") + delta["text"]
            case "thinking_delta":
                block["thinking"] = block.get("thinking", "") + delta["thinking"]
            case "signature_delta":
                block["signature"] = delta["signature"]
            case "citations_delta":
                block["citations"] = [*(block.get("citations") or []), delta["citation"]]
            case "input_json_delta":
                self._json[index] = self._json.get(index, "") + delta["partial_json"]
                block["input"] = self._json[index]

    def _stop(self, index: int, block: dict[str, Any]) -> None:
        self._stopped.add(index)
        if index in self._json:
            block["input"] = _input(self._json[index])

    def parts(self, *, is_over: bool) -> list[Part]:
        done = [is_over or index in self._stopped for index in self._blocks]
        return _parts([*self._blocks.values()], done.__getitem__)

    def response(self) -> dict[str, object]:
        reason = self._head.get("stop_reason") if self._is_whole else None
        content = [*self._blocks.values()]
        return {"type": "message", "role": "assistant", **self._head, "stop_reason": reason, "content": content}


def _input(text: str) -> object:
    """The arguments of a call; what is no JSON object stays text, for the model to be told."""
    if not text.strip():
        return {}
    try:
        parsed = from_json(text, allow_inf_nan=False)
    except ValueError:
        return text
    return parsed if isinstance(parsed, dict) else text


def _parts(blocks: Sequence[Mapping[str, Any]], is_done: Callable[[int], bool]) -> list[Part]:
    parts = []
    for index, block in enumerate(blocks):
        if block.get("type") == "text":
            parts.append(Part(text=str(block.get("text") or ""), is_done=is_done(index)))
        else:
            parts.append(Part(segment=_segment(block), is_done=is_done(index)))
    return parts


def _segment(block: Mapping[str, Any]) -> ProviderSegment:
    match block.get("type"):
        case "thinking":
            return ReasoningSegment(str(block.get("thinking") or ""))
        case "redacted_thinking":
            return ReasoningSegment("")
        case "tool_use":
            return CallSegment(
                str(block.get(ID_OF_CALL) or ""), str(block.get("name")), block.get("input"), "function", block
            )
        case kind:
            return OtherSegment(str(kind), block)
