"""The context of a run: what its caller says of it, and what its script reads as `context`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from harness.errors import ConfigError

if TYPE_CHECKING:
    from policy.limits import Limits

_FIELDS = frozenset({"session_id", "turn_id", "working_directory", "provider", "model"})


def require_known(given: Mapping[str, object] | None) -> None:
    """Refuse a context with fields that there are not.

    Raises:
        ConfigError: `config.invalid`.
    """
    unknown = sorted(set(given or ()) - _FIELDS)
    if unknown:
        raise ConfigError(
            "config.invalid",
            f"context has no {', '.join(unknown)}",
            hint="it takes " + ", ".join(sorted(_FIELDS)),
        )


def context_of_script(
    script_id: str, limits: Limits, given: Mapping[str, object] | None, tools: tuple[str, ...]
) -> dict[str, object]:
    """Return what a script reads: every field that a caller may give, and what the harness says itself."""
    own = {"script_id": script_id, "limits": limits.model_dump(), "tools": tools}
    return {**dict.fromkeys(sorted(_FIELDS)), **(given or {}), **own}


def session_of(given: Mapping[str, object] | None) -> str:
    """Return the session whose approvals count, "" for none."""
    return str((given or {}).get("session_id") or "")
