"""`run_script`: the tool through which a model hands over a script in its provider's own form; and names of tools.

Names of tools have dots and letters of any alphabet; those that a provider takes have neither.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Final

from pydantic_core import from_json

from harness.detect import detect
from harness.errors import CallError, HarnessError
from harness.providers.segments import CallSegment

NAME: Final = "run_script"
DESCRIPTION: Final = (
    "Run a script: the body of an async Python function that calls `await tools.NAME(...)` and returns a value. "
    "The rules and the tools stand in the instructions. Gives the script's value, or its error."
)
PARAMETERS: Final[Mapping[str, object]] = {
    "type": "object",
    "properties": {"script": {"type": "string", "description": "The text of the script."}},
    "required": ["script"],
    "additionalProperties": False,
}

_LONGEST_NAME: Final = 64
"""Of a function, with OpenAI; others take more."""
_UNSENDABLE: Final = re.compile(r"[^A-Za-z0-9_-]")
_FENCED: Final = re.compile(r"\s*(?:```|~~~)")
_HINT: Final = 'send one JSON object with the whole script as text, {"script": "..."}'


def source_of(call: CallSegment) -> str | HarnessError:
    """Return the script of a call of `run_script`, or what is wrong with the call.

    Tags or a fence around the whole script are stripped; models write them out of habit.
    """
    if call.form == "custom":
        return _unwrapped(str(call.arguments or ""))
    arguments = call.arguments
    if isinstance(arguments, str):
        try:
            arguments = from_json(arguments, allow_inf_nan=False)
        except ValueError as error:
            return CallError("tool.malformed_call", f"the arguments of {NAME} are no JSON: {error}", hint=_HINT)
    script = arguments.get("script") if isinstance(arguments, Mapping) else None
    if not isinstance(script, str):
        return CallError("tool.invalid_arguments", f"{NAME} takes one text, `script`", hint=_HINT)
    return _unwrapped(script)


def is_incomplete(call: CallSegment) -> bool:
    """Say whether the arguments are the beginning of JSON whose end is missing."""
    if call.form == "custom" or not isinstance(call.arguments, str) or not call.arguments.strip():
        return False
    try:
        from_json(call.arguments)
    except ValueError as error:
        # The parser of beginnings passes over what stands behind a whole value.
        return not str(error).startswith("trailing characters") and _is_beginning(call.arguments)
    return False


def _is_beginning(text: str) -> bool:
    try:
        from_json(text, allow_partial=True)
    except ValueError:
        return False
    return True


def _unwrapped(source: str) -> str:
    found = detect(source)
    around = "".join(segment.raw for segment in found.segments if segment not in found.scripts)
    if len(found.scripts) == 1 and not around.strip():
        return found.scripts[0].source
    if _FENCED.match(source):
        inside = detect(f"<tool-calls>\n{source}\n</tool-calls>")
        if len(inside.segments) == len(inside.scripts) == 1:
            return inside.scripts[0].source
    return source


def sent_names(names: Iterable[str]) -> dict[str, str]:
    """Return the names by which tools are declared to a provider, each with the tool's own.

    `files.read` is sent as `files__read`. A name that is taken, or too long, ends in a digest of the tool's own.
    """
    sent: dict[str, str] = {}
    for name in names:
        wanted = _UNSENDABLE.sub("_", name.replace(".", "__"))
        if wanted in sent or wanted == NAME or len(wanted) > _LONGEST_NAME:
            digest = hashlib.sha256(name.encode()).hexdigest()[:8]
            wanted = f"{wanted[: _LONGEST_NAME - 9]}_{digest}"
        sent[wanted] = name
    return sent
