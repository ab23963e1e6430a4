"""How the names after `tools.` find a tool. The worker resolves calls with the same function."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_WORD_STARTS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def snake_case(name: str) -> str:
    """`applyPatch` -> `apply_patch`: the spelling of the JavaScript harness, as an alias."""
    return _WORD_STARTS.sub("_", name).lower()


class ToolNames:
    """The names of the tools, with the namespaces that their dots make."""

    def __init__(self, names: Iterable[str]) -> None:
        self.all = frozenset(names)
        parts = [name.split(".") for name in self.all]
        self.namespaces = frozenset(".".join(each[:count]) for each in parts for count in range(1, len(each)))

    def tool(self, path: str) -> str | None:
        """The registered name of a tool that a script calls `path`, or None."""
        return self._resolve(path, self.all)

    def namespace(self, path: str) -> str | None:
        """The registered spelling of a namespace, or None."""
        return self._resolve(path, self.namespaces)

    def below(self, namespace: str) -> frozenset[str]:
        """The tools in a namespace; in the empty one, all."""
        if not namespace:
            return self.all
        return frozenset(name for name in self.all if name.startswith(f"{namespace}."))

    @staticmethod
    def _resolve(path: str, known: frozenset[str]) -> str | None:
        if path in known:
            return path
        alias = snake_case(path)
        return alias if alias in known else None
