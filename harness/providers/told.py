"""What a model is told of what it did: JSON, and between tags where scripts stood between tags."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from harness.detect.markup import SURROGATE
from harness.outcome_data import error_data, outcome_data
from harness.types import CallRecord, Outcome


def text_of(data: Mapping[str, object]) -> str:
    """Return data as JSON text on one line."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def call_text(record: CallRecord) -> str:
    """Return what is said of a structured call."""
    if record.error is None:
        return text_of({"status": "done", "value": record.result})
    return text_of(error_data(record.error))


def outcome_text(outcome: Outcome) -> str:
    """Return what is said of a script that came through `run_script`."""
    return text_of(outcome_data(outcome))


def tool_results(outcomes: Sequence[Outcome]) -> str:
    """Return what is said of the scripts that stood between tags: a line of JSON for each, in their order.

    Every `<` in a line is written as `\\u003c`, which is the same to a reader of JSON. So nothing that a script, a tool
    or a person said can close the tag, open another, or look like a script; nor can it begin a fence, for a line begins
    with a brace.
    """
    lines = [
        text_of({"script": number, **outcome_data(outcome)}).replace("<", "\\u003c")
        for number, outcome in enumerate(outcomes, 1)
    ]
    return "\n".join(["<tool-results>", *lines, "</tool-results>"])


def sendable(value: object) -> object:
    """Return data in which nothing stands that has no UTF-8: an echo of a lone surrogate would stop the request."""
    if isinstance(value, str):
        return value if value.isascii() else SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {key: sendable(item) for key, item in value.items()}
    return [sendable(item) for item in value] if isinstance(value, list) else value
