"""`search_tools` and `describe_tools`: a script finds out which tools there are, and how each is called.

For a model that was told the names alone, because the declarations of all tools took too much room. Both look at what
the run itself may call, and ask nobody.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from harness.tools.binding import Tool, ToolContext
from harness.tools.registry import Registry

# What renders declarations is imported where it is used: every harness with tools makes these two at its start.

NAMES = ("search_tools", "describe_tools")
MOST_FOUND = 50

_WEIGHTS = {"name": 4.0, "parameters": 1.5, "description": 1.0, "notes": 0.5}
_LEAST_LIKENESS = 0.8
_NOISE = frozenset(
    ("a", "an", "and", "by", "for", "from", "in", "is", "it", "of", "on", "or", "the", "to", "tool", "with")
)


class SearchTools(BaseModel):
    """Arguments of `search_tools`."""

    model_config = ConfigDict(extra="forbid")

    query: str = Field(min_length=1, max_length=400, description="Words about what the tool is to do.")
    limit: int = Field(10, ge=1, le=MOST_FOUND, description="How many tools to return at most.")


class DescribeTools(BaseModel):
    """Arguments of `describe_tools`."""

    model_config = ConfigDict(extra="forbid")

    names: list[str] = Field(
        min_length=1, max_length=MOST_FOUND, description="Names of tools, or of namespaces for all that is in them."
    )


def lookup_tools(tools: Sequence[Tool]) -> list[Tool]:
    """Make `search_tools` and `describe_tools` over a harness' tools, each unless one of these has its name.

    Harnesses without tools have neither.
    """
    if not tools:
        return []

    async def search(arguments: SearchTools, context: ToolContext) -> object:
        return search_tools(_exposed(tools, context), arguments.query, limit=arguments.limit)

    async def describe(arguments: DescribeTools, context: ToolContext) -> object:
        return describe_tools(_exposed(tools, context), arguments.names)

    made = [
        Tool(
            name="search_tools",
            description="Find tools by what they do, best first.",
            parameters=SearchTools,
            handler=search,
            approval="never",
            takes_context=True,
            returns=_array_of("FoundTool", "name", "signature", "summary"),
        ),
        Tool(
            name="describe_tools",
            description="Return the declarations of tools: parameters, results and what they do.",
            parameters=DescribeTools,
            handler=describe,
            approval="never",
            takes_context=True,
            returns=_array_of("DescribedTool", "name", "declaration"),
        ),
    ]
    taken = {name for tool in tools for name in (tool.name, tool.name.partition(".")[0])}
    return [tool for tool in made if tool.name not in taken]


def _array_of(title: str, *keys: str) -> dict[str, object]:
    properties = {key: {"type": "string"} for key in keys}
    return {
        "type": "array",
        "items": {"type": "object", "title": title, "properties": properties, "required": list(keys)},
    }


def _exposed(tools: Sequence[Tool], context: ToolContext) -> list[Tool]:
    return [tool for tool in tools if context.is_exposed(tool.name)]


def search_tools(tools: Sequence[Tool], query: str, *, limit: int = 10) -> list[dict[str, str]]:
    """Return the tools that a query is about, best first: `name`, `signature` and `summary` of each.

    Words of the query are looked for in the name, the names of the parameters, the description, and what is said of the
    parameters, in this order of weight; a word that few tools have counts more. Typing errors are forgiven.

    Args:
        tools: Where to look.
        query: Words.
        limit: How many to return at most.
    """
    from harness.tools.stubs import signature, summary

    documents = [_Document.of(tool) for tool in tools]
    words = _words(query)
    words = [word for word in words if word not in _NOISE] or words
    scores = [0.0] * len(documents)
    for word in dict.fromkeys(words):
        likeness = _likeness_of(word)
        found = [document.score(likeness) for document in documents]
        rarity = math.log(1 + len(documents) / (1 + sum(score > 0 for score in found)))
        scores = [total + score * rarity for total, score in zip(scores, found, strict=True)]
    best = sorted((-score, place) for place, score in enumerate(scores) if score > 0)[:limit]
    return [
        {
            "name": tools[place].name,
            "signature": signature(tools[place]),
            "summary": summary(tools[place].description),
        }
        for _, place in best
    ]


def describe_tools(tools: Sequence[Tool], names: Iterable[str]) -> list[dict[str, str]]:
    """Return `name` and `declaration` of the tools of these names, and of all tools in namespaces of these names.

    Raises:
        CallError: `tool.not_found`, with the nearest name as the hint.
    """
    from harness.tools.stubs import render_stub

    chosen: dict[str, Tool] = {}
    for name in names:
        wanted = name.removeprefix("tools.")
        found = [tool for tool in tools if tool.name == wanted or tool.name.startswith(f"{wanted}.")]
        for tool in found or [Registry(tools).find(wanted)]:
            chosen[tool.name] = tool
    return [{"name": name, "declaration": render_stub(tool)} for name, tool in chosen.items()]


@dataclass(frozen=True, slots=True)
class _Document:
    """The words of one tool by where they stand."""

    fields: dict[str, frozenset[str]]

    @classmethod
    def of(cls, tool: Tool) -> _Document:
        from harness.tools.schema_types import description_of

        properties = tool.schema.get("properties")
        parameters = properties if isinstance(properties, dict) else {}
        texts = {
            "name": tool.name,
            "parameters": " ".join(parameters),
            "description": tool.description,
            "notes": " ".join(map(description_of, parameters.values())),
        }
        return cls({field: frozenset(_words(text)) for field, text in texts.items()})

    def score(self, likeness: Callable[[str], float]) -> float:
        """How much a word is a word of this tool."""
        return sum(_WEIGHTS[field] * max(map(likeness, words), default=0.0) for field, words in self.fields.items())


def _words(text: str) -> list[str]:
    """`git.readFile` -> git, read, file."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    return [word.casefold() for word in re.findall(r"[^\W_]+", spaced)]


def _likeness_of(wanted: str) -> Callable[[str], float]:
    from rapidfuzz import fuzz

    def likeness(word: str) -> float:
        if word == wanted:
            return 1.0
        shorter, longer = sorted((word, wanted), key=len)
        if len(shorter) >= 4 and longer.startswith(shorter):
            return 0.9
        ratio = fuzz.ratio(word, wanted) / 100 if len(shorter) >= 4 else 0.0
        return 0.7 * ratio if ratio >= _LEAST_LIKENESS else 0.0

    return likeness
