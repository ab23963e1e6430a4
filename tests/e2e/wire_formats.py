"""What a model says, in the wire formats of three providers: whole, and as the events of a stream."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

PROVIDERS: Final = ("openai-responses", "openai-chat", "anthropic")
Stop = Literal["end", "length", "filter", "paused", "none"]
Cut = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Text:
    text: str


@dataclass(frozen=True)
class Reasoning:
    text: str


@dataclass(frozen=True)
class Refusal:
    text: str


@dataclass(frozen=True)
class Call:
    """A call. `arguments` is text as the model wrote it: JSON, or free text for a custom tool."""

    name: str
    arguments: str
    id: str = "call_1"
    custom: bool = False


@dataclass(frozen=True)
class Unknown:
    """An item of a type that nobody has heard of yet."""

    type: str = "telepathy"


Part = Text | Reasoning | Refusal | Call | Unknown


def script_call(source: str, provider: str, call_id: str = "call_1") -> Call:
    """`run_script`, in the form in which it is declared to a provider."""
    if provider == "openai-responses":
        return Call("run_script", source, call_id, custom=True)
    return Call("run_script", json.dumps({"script": source}), call_id)


def response_of(provider: str, *parts: Part, stop: Stop = "end", model: str = "a-model") -> dict[str, Any]:
    """A whole response."""
    return _RESPONSES[provider](parts, stop, model)


def events_of(provider: str, response: dict[str, Any], cut: Cut = lambda text: [text]) -> list[dict[str, Any]]:
    """The events of a stream that adds up to a response. `cut` divides texts into deltas."""
    return list(_EVENTS[provider](response, cut))


# OpenAI Responses


def _responses_item(number: int, part: Part) -> dict[str, Any]:
    match part:
        case Text(text):
            content = [{"type": "output_text", "text": text, "annotations": []}]
            return _message_item(number, content)
        case Refusal(text):
            return _message_item(number, [{"type": "refusal", "refusal": text}])
        case Reasoning(text):
            summary = [{"type": "summary_text", "text": text}]
            return {"id": f"rs_{number}", "type": "reasoning", "summary": summary, "encrypted_content": "opaque"}
        case Call(name, arguments, call_id, custom=True):
            return {
                "id": f"ctc_{number}",
                "type": "custom_tool_call",
                "call_id": call_id,
                "name": name,
                "input": arguments,
            }
        case Call(name, arguments, call_id):
            return {
                "id": f"fc_{number}",
                "type": "function_call",
                "call_id": call_id,
                "name": name,
                "arguments": arguments,
                "status": "completed",
                "caller": {"type": "direct"},
            }
        case Unknown(kind):
            return {"id": f"x_{number}", "type": kind, "payload": {"deep": [1, None]}}


def _message_item(number: int, content: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": f"msg_{number}",
        "type": "message",
        "role": "assistant",
        "status": "completed",
        "phase": "commentary",
        "content": content,
    }


def _responses_response(parts: Sequence[Part], stop: Stop, model: str) -> dict[str, Any]:
    status = {"end": "completed", "none": "in_progress"}.get(stop, "incomplete")
    reason = {"length": "max_output_tokens", "filter": "content_filter"}.get(stop)
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1,
        "model": model,
        "status": status,
        "error": None,
        "incomplete_details": {"reason": reason} if reason else None,
        "instructions": None,
        "metadata": {},
        "output": [_responses_item(number, part) for number, part in enumerate(parts)],
        "parallel_tool_calls": True,
        "temperature": 1.0,
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
    }


def _responses_events(response: dict[str, Any], cut: Cut) -> Iterator[dict[str, Any]]:
    begun = {**response, "status": "in_progress", "output": [], "incomplete_details": None}
    events = [{"type": "response.created", "response": begun}, {"type": "response.in_progress", "response": begun}]
    for index, item in enumerate(response["output"]):
        events += _events_of_item(item, index, cut)
    if response["status"] != "in_progress":
        events.append({"type": f"response.{response['status']}", "response": response})
    for number, event in enumerate(events):
        yield {**event, "sequence_number": number}


def _events_of_item(item: dict[str, Any], index: int, cut: Cut) -> Iterator[dict[str, Any]]:
    at = {"output_index": index, "item_id": item["id"]}
    empty = {"message": {"content": [], "status": "in_progress"}, "reasoning": {"summary": []}}
    inputs = {"function_call": "arguments", "custom_tool_call": "input"}
    kind = item["type"]
    hollow = {inputs[kind]: ""} if kind in inputs else empty.get(kind, {})
    yield {"type": "response.output_item.added", "output_index": index, "item": {**item, **hollow}}
    if kind == "message":
        for number, part in enumerate(item["content"]):
            yield from _events_of_content({**at, "content_index": number}, part, cut)
    elif kind == "reasoning":
        for number, part in enumerate(item["summary"]):
            for piece in cut(part["text"]):
                yield {
                    **at,
                    "type": "response.reasoning_summary_text.delta",
                    "summary_index": number,
                    "delta": piece,
                }
    elif kind in inputs:
        name = "function_call_arguments" if kind == "function_call" else "custom_tool_call_input"
        for piece in cut(item[inputs[kind]]):
            yield {**at, "type": f"response.{name}.delta", "delta": piece}
        done = {**at, "type": f"response.{name}.done", inputs[kind]: item[inputs[kind]]}
        yield {**done, "name": item["name"]} if kind == "function_call" else done
    yield {"type": "response.output_item.done", "output_index": index, "item": item}


def _events_of_content(at: dict[str, Any], part: dict[str, Any], cut: Cut) -> Iterator[dict[str, Any]]:
    key, name = ("text", "output_text") if part["type"] == "output_text" else ("refusal", "refusal")
    yield {**at, "type": "response.content_part.added", "part": {**part, key: ""}}
    logs = {"logprobs": []} if name == "output_text" else {}
    for piece in cut(part[key]):
        yield {**at, "type": f"response.{name}.delta", "delta": piece, **logs}
    yield {**at, "type": f"response.{name}.done", key: part[key], **logs}
    yield {**at, "type": "response.content_part.done", "part": part}


# OpenAI Chat Completions


def _chat_call(call: Call) -> dict[str, Any]:
    if call.custom:
        return {"id": call.id, "type": "custom", "custom": {"name": call.name, "input": call.arguments}}
    return {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}


def _chat_response(parts: Sequence[Part], stop: Stop, model: str) -> dict[str, Any]:
    calls = [_chat_call(part) for part in parts if isinstance(part, Call)]
    reasoning = "".join(part.text for part in parts if isinstance(part, Reasoning))
    refusal = "".join(part.text for part in parts if isinstance(part, Refusal))
    message: dict[str, Any] = {
        "role": "assistant",
        "content": "".join(part.text for part in parts if isinstance(part, Text)) or None,
        "refusal": refusal or None,
    }
    if reasoning:
        message["reasoning_content"] = reasoning
    if calls:
        message["tool_calls"] = calls
    message |= {part.type: {"deep": [1, None]} for part in parts if isinstance(part, Unknown)}
    good = "tool_calls" if calls else "stop"
    reason = {"end": good, "length": "length", "filter": "content_filter", "none": None}[stop]
    return {
        "id": "chatcmpl_1",
        "object": "chat.completion",
        "created": 1,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": reason, "logprobs": None}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }


def _chat_events(response: dict[str, Any], cut: Cut) -> Iterator[dict[str, Any]]:
    choice = response["choices"][0]
    message = choice["message"]
    head = {key: response[key] for key in ("id", "created", "model")}

    def chunk(delta: dict[str, Any], reason: str | None = None) -> dict[str, Any]:
        changed = {"index": 0, "delta": delta, "finish_reason": reason, "logprobs": None}
        return {**head, "object": "chat.completion.chunk", "choices": [changed]}

    yield chunk({"role": "assistant", "content": ""})
    for key in ("reasoning_content", "content", "refusal"):
        for piece in cut(message.get(key) or ""):
            yield chunk({key: piece})
    for key in message.keys() - {"role", "reasoning_content", "content", "refusal", "tool_calls"}:
        yield chunk({key: message[key]})
    for index, call in enumerate(message.get("tool_calls") or []):
        kind, key = ("custom", "input") if call["type"] == "custom" else ("function", "arguments")
        begun = {"index": index, "id": call["id"], "type": kind, kind: {"name": call[kind]["name"], key: ""}}
        yield chunk({"tool_calls": [begun]})
        for piece in cut(call[kind][key]):
            yield chunk({"tool_calls": [{"index": index, kind: {key: piece}}]})
    if choice["finish_reason"] is not None:
        yield chunk({}, choice["finish_reason"])
    yield {**head, "object": "chat.completion.chunk", "choices": [], "usage": response["usage"]}


# Anthropic Messages


def _anthropic_block(part: Part) -> dict[str, Any]:
    match part:
        case Text(text) | Refusal(text):
            return {"type": "text", "text": text, "citations": None}
        case Reasoning(text):
            return {"type": "thinking", "thinking": text, "signature": "sealed"}
        case Call(name, arguments, call_id):
            try:
                given = json.loads(arguments)
            except ValueError:
                given = arguments  # only a stream can carry it
            return {"type": "tool_use", "id": call_id, "name": name, "input": given, "caller": {"type": "direct"}}
        case Unknown(kind):
            return {"type": kind, "payload": {"deep": [1, None]}}


def _anthropic_response(parts: Sequence[Part], stop: Stop, model: str) -> dict[str, Any]:
    calls = any(isinstance(part, Call) for part in parts)
    refused = any(isinstance(part, Refusal) for part in parts)
    good = "refusal" if refused else "tool_use" if calls else "end_turn"
    reason = {"end": good, "length": "max_tokens", "filter": "refusal", "paused": "pause_turn", "none": None}[stop]
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [_anthropic_block(part) for part in parts],
        "stop_reason": reason,
        "stop_sequence": None,
        "usage": {"input_tokens": 1, "output_tokens": 1},
    }


def _anthropic_events(response: dict[str, Any], cut: Cut) -> Iterator[dict[str, Any]]:
    yield {"type": "message_start", "message": {**response, "content": [], "stop_reason": None}}
    yield {"type": "ping"}
    for index, block in enumerate(response["content"]):
        yield from _events_of_block(index, block, cut)
    reason = response["stop_reason"]
    if reason is not None:
        delta = {"stop_reason": reason, "stop_sequence": None}
        yield {"type": "message_delta", "delta": delta, "usage": {"output_tokens": 1}}
        yield {"type": "message_stop"}


def _events_of_block(index: int, block: dict[str, Any], cut: Cut) -> Iterator[dict[str, Any]]:
    deltas: list[dict[str, Any]] = []
    match block["type"]:
        case "text":
            begun = {**block, "text": ""}
            deltas = [{"type": "text_delta", "text": piece} for piece in cut(block["text"])]
        case "thinking":
            begun = {**block, "thinking": "", "signature": ""}
            deltas = [{"type": "thinking_delta", "thinking": piece} for piece in cut(block["thinking"])]
            deltas.append({"type": "signature_delta", "signature": block["signature"]})
        case "tool_use":
            begun = {**block, "input": {}}
            text = block["input"] if isinstance(block["input"], str) else json.dumps(block["input"])
            deltas = [{"type": "input_json_delta", "partial_json": piece} for piece in cut(text)]
        case _:
            begun = block
    yield {"type": "content_block_start", "index": index, "content_block": begun}
    for delta in deltas:
        yield {"type": "content_block_delta", "index": index, "delta": delta}
    yield {"type": "content_block_stop", "index": index}


_RESPONSES: Final = {
    "openai-responses": _responses_response,
    "openai-chat": _chat_response,
    "anthropic": _anthropic_response,
}
_EVENTS: Final = {
    "openai-responses": _responses_events,
    "openai-chat": _chat_events,
    "anthropic": _anthropic_events,
}
