"""Takes check and guards apart: says whether a script is refused, and compiles it whatever was found.

Nothing of the product can do this: it compiles nothing in which it found something.
"""

from __future__ import annotations

import base64
import json
import marshal
import sys

from policy.language import ToolSignature, pipeline
from policy.language.policy_pass import PolicyPass

_TOOLS = (ToolSignature("echo", {"type": "object", "properties": {"value": {}}}),)


def compiled(source: str) -> str | None:
    """Return the guarded code as a worker takes it, or None where without the check there is no code either."""
    text = pipeline.read_source(source, max_bytes=len(source.encode()))
    tree = pipeline._parse(text)
    survey = pipeline._survey(tree, text)
    policy = PolicyPass(text, survey, frozenset(), mode="standard")
    policy.visit(tree)
    try:
        code = pipeline._to_code(tree, survey, policy.future_annotations)
    except (SyntaxError, ValueError, TypeError):
        return None
    return base64.b64encode(marshal.dumps(code)).decode()


def main() -> None:
    """Answer a JSON object of scripts by name with whether each is refused and its guarded code.

    For a host on another Python.
    """
    scripts: dict[str, str] = json.load(sys.stdin)
    answer = {name: [not pipeline.check(source, _TOOLS).ok, compiled(source)] for name, source in scripts.items()}
    json.dump(answer, sys.stdout)
