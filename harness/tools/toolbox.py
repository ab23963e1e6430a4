"""All tools of one harness: the built-in ones, those that it was given, and two that look up the others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from harness.tools.binding import Tool
from harness.tools.builtin.tool_search import lookup_tools
from harness.tools.registry import Registry


class Toolbox:
    """Knows every tool, and which of them a run may use.

    Args:
        given: The tools, or typed functions to be made tools of.
        built_in: They stand before those.
        switched_off: Names of tools that there could be.

    Attributes:
        registry: Every tool by its name.
        tools: The tools without those for looking up, in the order they were given.
        lookup: `search_tools` and `describe_tools`, where there is something to look up.

    Raises:
        ConfigError: `config.invalid`, names clash, or a function cannot be a tool.
    """

    def __init__(
        self,
        given: Iterable[Tool | Callable[..., object]],
        *,
        built_in: Collection[Tool] = (),
        switched_off: Collection[str] = (),
    ) -> None:
        self._built_in = frozenset(tool.name for tool in built_in)
        self.registry = Registry([*built_in, *given], switched_off=switched_off)
        self.tools = tuple(self.registry)
        self.lookup = tuple(lookup_tools(self.tools))
        for each in self.lookup:
            self.registry.add(each)

    def exposed(self, hidden: Collection[str] = ()) -> tuple[Tool, ...]:
        """Return the tools that settings do not hide."""
        return tuple([tool for tool in self.tools if tool.name not in hidden])

    def origins(self) -> dict[str, bool]:
        """Say of every tool, by its name, whether it is a built-in one."""
        return {tool.name: tool.name in self._built_in for tool in self.tools}

    def description(self, name: str) -> str | None:
        """Return a tool's description, or None if there is no such tool."""
        tool = self.registry.get(name)
        return None if tool is None else tool.description
