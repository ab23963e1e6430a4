"""What a server answered, as the script gets it: plain data, or an error."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from mcp_types import CallToolResult, TextContent
from mcp_types import ContentBlock as Block

from harness.errors import CallError
from harness.mcp.listing import Offered
from harness.tools.json_schema import problems_of
from harness.tools.results import told

_MOST_PROBLEMS = 5


def value_of(result: CallToolResult, offered: Offered) -> object:
    """Return the structured content if there is some, else the text, else the blocks as MCP writes them.

    Raises:
        CallError: `tool.failed`, the server says so, or its structured content is not what it declared.
    """
    if result.is_error:
        raise failed(offered, _text_of(result.content) or "the server gives no reason")
    if "structured_content" in result.model_fields_set and result.structured_content is not None:
        return _structured(result.structured_content, offered)
    if offered.output is not None:
        raise failed(offered, "it declares structured results, and sent none")
    return _plain(result.content)


def failed(offered: Offered, text: str, *, hint: str | None = None, retryable: bool = False) -> CallError:
    """The error of a call, with text of the server; `details["text"]` has more of it."""
    return CallError(
        "tool.failed",
        f"tools.{offered.name} failed: {told(text)}",
        hint=hint,
        retryable=retryable,
        details={"text": told(text, most=4000)},
    )


def _structured(value: object, offered: Offered) -> object:
    if offered.output_validator is not None:
        found = list(islice(problems_of(offered.output_validator, value), _MOST_PROBLEMS))
        if found:
            said = "; ".join(f"{'.'.join(map(str, path))}: {text}" if path else text for path, text in found)
            raise failed(offered, f"its structured result is not what it declares: {said}")
    if offered.is_wrapped and isinstance(value, dict) and list(value) == ["result"]:
        return value["result"]
    return value


def _plain(content: Sequence[Block]) -> object:
    if not content:
        return None
    if all(isinstance(block, TextContent) for block in content):
        return _text_of(content)
    return [block.model_dump(mode="json", by_alias=True, exclude_none=True) for block in content]


def _text_of(content: Sequence[Block]) -> str:
    return "\n".join(block.text for block in content if isinstance(block, TextContent))
