"""The tools of one harness, by name."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator

from harness.errors import CallError, ConfigError
from harness.tools.binding import Tool, tool
from policy.language.report import ToolSignature


class Registry:
    """Tools by unique name. Iterating gives them in the order they were given.

    Args:
        tools: The tools, or typed functions to be made tools of.
        switched_off: Names of tools that there could be.

    Raises:
        ConfigError: `config.invalid`, two tools share a name, or one's name is the beginning of another's.
    """

    def __init__(self, tools: Iterable[Tool | Callable[..., object]] = (), *, switched_off: Iterable[str] = ()) -> None:
        self._switched_off = frozenset(switched_off)
        self._tools: dict[str, Tool] = {}
        for item in tools:
            self.add(item)

    def __iter__(self) -> Iterator[Tool]:
        return iter(self._tools.values())

    def __len__(self) -> int:
        return len(self._tools)

    def get(self, name: str) -> Tool | None:
        """Return the tool of that name, or None."""
        return self._tools.get(name)

    def find(self, name: str) -> Tool:
        """Return the tool of that name.

        Raises:
            CallError: `tool.not_found`, with the nearest name as the hint; `tool.not_exposed`, it is switched off.
        """
        found = self._tools.get(name)
        if found is None and name in self._switched_off:
            raise not_exposed(name)
        if found is None:
            raise CallError("tool.not_found", f"there is no tool {name!r}", hint=self._suggestion(name))
        return found

    def signatures(self) -> list[ToolSignature]:
        """What the check of a script needs to know of every tool."""
        return [item.signature() for item in self]

    def add(self, given: Tool | Callable[..., object]) -> None:
        """Add a tool, or make one of a typed function.

        Raises:
            ConfigError: `config.invalid`, its name is taken, or its declaration is at fault.
        """
        item = given if isinstance(given, Tool) else tool(given)
        for name in self._tools:
            if name == item.name or name.startswith(item.name + ".") or item.name.startswith(name + "."):
                raise ConfigError(
                    "config.invalid",
                    f"two tools want the name {item.name!r}" if name == item.name else _nested(name, item.name),
                    hint="give one of them another name with tool(name=...)",
                    phase="checking",
                )
        self._tools[item.name] = item

    def _suggestion(self, name: str) -> str:
        near = difflib.get_close_matches(name, self._tools, n=1, cutoff=0.5)
        if near:
            return f"did you mean {near[0]!r}?"
        return "the tools are: " + ", ".join(self._tools) if self._tools else "this harness has no tools"


def not_exposed(name: str) -> CallError:
    """The error of a call to a tool that there is, or could be, and that settings switch off."""
    return CallError(
        "tool.not_exposed",
        f"tools.{name} is switched off here",
        hint="use another tool; whoever runs this harness can switch it on in its settings",
    )


def _nested(one: str, other: str) -> str:
    return f"{one!r} and {other!r} cannot both be tools: one is the namespace of the other"
