"""What a server says of its tools, and what we make of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mcp import ClientSession
from mcp_types import PaginatedRequestParams, ToolAnnotations
from mcp_types import Tool as ServerTool

from harness.errors import ConfigError
from harness.mcp.names import spelled_apart
from harness.tools.binding import Risk, Tool, ToolContext
from harness.tools.json_schema import SchemaFault, validator_of
from policy.effects import Origin

_MOST_TOOLS = 1000
_MOST_PAGES = 100
_MOST_SCHEMA_BYTES = 256 * 1024
_MOST_DESCRIPTION = 8000

Call = Callable[["Offered", dict[str, object], ToolContext], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Offered:
    """A tool as its server offered it when the session began.

    Attributes:
        name: The tool's name in scripts.
        wire_name: Its name on the wire.
        fingerprint: Of what decisions and the model rely on; the description is not among it.
        output: JSON Schema of its structured results, or None.
        output_validator: The same, compiled.
        is_wrapped: The result proper stands under the only key "result".
        only_reads: It says so, and is believed.
    """

    name: str
    wire_name: str
    fingerprint: str
    output: Mapping[str, Any] | None
    is_wrapped: bool
    only_reads: bool
    output_validator: Any = field(default=None, repr=False, compare=False)


async def list_tools(session: ClientSession) -> dict[str, ServerTool]:
    """Ask a server for all of its tools, by their names on the wire."""
    found: dict[str, ServerTool] = {}
    cursor = None
    for _ in range(_MOST_PAGES):
        page = await session.list_tools(params=PaginatedRequestParams(cursor=cursor))
        found.update((item.name, item) for item in page.tools)
        cursor = page.next_cursor
        if cursor is None or len(found) >= _MOST_TOOLS:
            break
    return dict(list(found.items())[:_MOST_TOOLS])


def fingerprint(item: ServerTool) -> str:
    """Digest what a tool takes, gives, and says that it does to the world."""
    hints = None if item.annotations is None else item.annotations.model_dump(exclude={"title"}, exclude_none=True)
    text = json.dumps([item.input_schema, item.output_schema, hints or None], sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def tools_of(
    server: str, found: Mapping[str, ServerTool], *, is_trusted: bool, call: Call
) -> tuple[list[Tool], list[str]]:
    """Make tools of what a server offers.

    Args:
        server: Its name in scripts.
        found: By the names on the wire.
        is_trusted: Its own word that a tool only reads is believed.
        call: Makes a call.

    Returns:
        The tools, and a note about each that cannot be used.

    Raises:
        ConfigError: `config.invalid`, two have one spelling.
    """
    spelling = spelled_apart(found, what=f"of the MCP server {server!r}, the tools", otherwise="tool")
    tools, notes = [], []
    for item in found.values():
        try:
            tools.append(_tool(f"mcp.{server}.{spelling[item.name]}", item, is_trusted=is_trusted, call=call))
        except (ConfigError, SchemaFault) as error:
            said = error.message if isinstance(error, ConfigError) else f"its output has no JSON Schema: {error}"
            notes.append(f"the tool {item.name!r} of the MCP server {server!r} is left out: {said}")
    return tools, notes


def _tool(name: str, item: ServerTool, *, is_trusted: bool, call: Call) -> Tool:
    hints = item.annotations or ToolAnnotations()
    schema = {"type": "object", **item.input_schema}
    if len(json.dumps([schema, item.output_schema])) > _MOST_SCHEMA_BYTES:
        raise SchemaFault(f"its schemas have more than {_MOST_SCHEMA_BYTES} bytes")
    risk = _risk(hints, is_trusted=is_trusted)
    is_wrapped = _is_wrapped(item.output_schema)
    offered = Offered(
        name=name,
        wire_name=item.name,
        fingerprint=fingerprint(item),
        output=item.output_schema,
        output_validator=None if item.output_schema is None else validator_of(item.output_schema),
        is_wrapped=is_wrapped,
        only_reads=risk == "read",
    )

    async def handler(arguments: dict[str, object], context: ToolContext) -> object:
        return await call(offered, arguments, context)

    return Tool(
        name=name,
        description=(item.description or hints.title or item.title or "")[:_MOST_DESCRIPTION],
        parameters=schema,
        handler=handler,
        risk=risk,
        origin=Origin(is_foreign=True, is_trusted=is_trusted, is_destructive=hints.destructive_hint is True),
        takes_context=True,
        returns=_unwrapped(item.output_schema) if is_wrapped else item.output_schema,
    )


def _risk(hints: ToolAnnotations, *, is_trusted: bool) -> Risk:
    """What a tool does to the world. It may change something, unless a trusted server says that it only reads."""
    if hints.read_only_hint and not hints.destructive_hint and is_trusted:
        return "read"
    return "network" if hints.open_world_hint else "write"


def _is_wrapped(schema: Mapping[str, Any] | None) -> bool:
    """Say whether the schema is the object that servers put around a result that is none."""
    return schema is not None and list(schema.get("properties") or ()) == ["result"]


def _unwrapped(schema: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    assert schema is not None
    inner = schema["properties"]["result"]
    if not isinstance(inner, Mapping):
        return None
    return {**inner, "$defs": schema["$defs"]} if "$defs" in schema else inner
