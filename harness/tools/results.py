"""What a tool gave, as the script may have it: JSON within its cap, errors without the host's paths."""

from __future__ import annotations

import os
import re

from pydantic_core import PydanticSerializationError, from_json, to_json

from harness.audit.redaction import redacted, without_variables
from harness.errors import CallError

# Absolute, two parts or more; not in a URL, unless that names a file.
_HOST_PATH = re.compile(r"(?<![\w/:.])(?:file://)?/(?:[^\s/'\":]+/)+([^\s/'\":]*)")


def said(tool: str, error: BaseException) -> str:
    """What a tool's own exception may tell a model: its text on one line, shortened, without paths and secrets."""
    shown = told(str(error))
    return f"tools.{tool} failed: {type(error).__name__}" + (f": {shown}" if shown else "")


def told(text: str, *, most: int = 500) -> str:
    """Text from outside as a model may read it: on one line, shortened, without paths of the host and secrets."""
    text = redacted(without_variables(text, os.environ))
    text = _HOST_PATH.sub(r".../\1", " ".join(text.split()))
    return text if len(text) <= most else text[:most] + "..."


def serialized(tool: str, value: object, max_bytes: int) -> bytes:
    """Return a result as JSON; text that is too long is cut in the middle.

    Raises:
        CallError: `tool.failed`, it is no JSON data; `tool.result_too_large`.
    """
    try:
        encoded = to_json(value, inf_nan_mode="null")
    except (PydanticSerializationError, ValueError, RecursionError, UnicodeError) as error:
        raise CallError("tool.failed", f"tools.{tool} returned something that is no JSON data: {error}") from None
    if len(encoded) <= max_bytes:
        return encoded
    if isinstance(value, str):
        return to_json(_cut_in_the_middle(value, max_bytes))
    raise CallError(
        "tool.result_too_large",
        f"tools.{tool} returned {len(encoded)} bytes of JSON, {max_bytes} are allowed",
        hint="ask for less: a filter, a range, a page",
        details={"limit": "result_bytes", "used": len(encoded), "allowed": max_bytes},
    )


def parsed(tool: str, value_json: bytes) -> object:
    """Return the result as the record keeps it: as the script will see it.

    Raises:
        CallError: `tool.failed`, the encoder wrote what no parser takes: too many digits, too many levels.
    """
    try:
        value: object = from_json(value_json)
    except ValueError as error:
        raise CallError("tool.failed", f"tools.{tool} returned something that is no JSON data: {error}") from None
    return value


def _cut_in_the_middle(text: str, max_bytes: int) -> str:
    """Keep the head and the tail. JSON may need six bytes for a character, so the budget counts encoded bytes."""
    marker = "\n... [{} characters cut] ...\n"
    keep = max_bytes
    while True:
        half = max(0, keep // 2)
        dropped = len(text) - 2 * half
        cut = text[:half] + marker.format(dropped) + (text[-half:] if half else "")
        if dropped > 0 and (half == 0 or len(to_json(cut)) <= max_bytes):
            return cut
        keep = keep * 3 // 4
