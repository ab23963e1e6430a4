"""What the approval of a whole plan covers: keys that stood in it literally, and patterns with a count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from policy.approval import CallPattern


class PlanGrant:
    """Covers calls of one run. What it does not cover asks when it is reached.

    Args:
        keys: Of the calls whose arguments were literal in the plan.
        patterns: That the person granted beside them, each with a count.
    """

    def __init__(self, keys: Iterable[str] = (), patterns: Iterable[CallPattern] = ()) -> None:
        self._keys = frozenset(keys)
        self._patterns = tuple(patterns)
        self._left = [pattern.count for pattern in self._patterns]

    def covers(self, keys: Sequence[str], tool: str, arguments: Mapping[str, object]) -> bool:
        """Say whether a call goes unasked. One that falls under a pattern uses up one of its count."""
        if keys and self._keys.issuperset(keys):
            return True
        for index, pattern in enumerate(self._patterns):
            if self._left[index] > 0 and pattern.matches(tool, arguments):
                self._left[index] -= 1
                return True
        return False
