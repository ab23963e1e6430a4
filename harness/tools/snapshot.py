"""What decides about a call, as it stood when the call began."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar, Token
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from policy.effects import Effect, Writes
from policy.grants import Grants

if TYPE_CHECKING:
    from policy.commands import Rule
    from policy.settings import Overrides, Settings


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Settings, and what follows from them. A change of settings makes a new one, and reaches the calls after it.

    Attributes:
        settings: The settings.
        grants: What its sandbox and network policy grant.
        rules: Command rules of every layer.
        hidden_tools: Tools that are there, and that calls may not use.
    """

    settings: Settings
    grants: Grants
    rules: tuple[Rule, ...] = ()
    hidden_tools: frozenset[str] = frozenset()

    def grants_for(self, effect: Effect, *, leaves_sandbox: bool) -> Grants:
        """Grants of one attempt that was decided about: those in force, and what an approval added.

        Args:
            effect: What was decided. Files that it writes may be written, wherever they are.
            leaves_sandbox: The attempt was approved to run without the sandbox.
        """
        if leaves_sandbox:
            return replace(self.grants, is_confined=False, network=True)
        if isinstance(effect, Writes) and effect.paths:
            return replace(self.grants, writable=(*self.grants.writable, *effect.paths))
        return self.grants


@dataclass(frozen=True, slots=True)
class Choice:
    """What chooses among settings: the names of a provider and a model, and what a turn sets itself.

    Attributes:
        provider: Its name, or None.
        model: Its name, or None.
        turn: What the turn sets.
        turn_key: Equal for turns that set the same; "" for one that sets nothing.
    """

    provider: str | None = None
    model: str | None = None
    turn: Overrides | None = field(default=None, compare=False)
    turn_key: str = ""


def choice_of(context: Mapping[str, object] | None, turn: Overrides | None) -> Choice:
    """Read a choice from the context of a run."""
    if not context and turn is None:
        return NO_CHOICE
    provider, model = ((context or {}).get(name) for name in ("provider", "model"))
    if turn is None and provider is None and model is None:
        return NO_CHOICE
    return Choice(
        provider if isinstance(provider, str) else None,
        model if isinstance(model, str) else None,
        turn,
        "" if turn is None else turn.model_dump_json(exclude_unset=True),
    )


NO_CHOICE = Choice()
"""What holds for the whole harness."""


_in_force: ContextVar[Snapshot | None] = ContextVar("snapshot in force", default=None)


class in_force:  # noqa: N801  # used as a function is; a generator would cost more than what it brackets
    """While a tool speaks about a call, or performs it: `snapshot_in_force` is what was decided from."""

    __slots__ = ("_snapshot", "_token")

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def __enter__(self) -> None:
        self._token: Token[Snapshot | None] = _in_force.set(self._snapshot)

    def __exit__(self, *exception: object) -> None:
        _in_force.reset(self._token)


def snapshot_in_force() -> Snapshot | None:
    """The snapshot of the call that is being considered or performed here; None outside of one."""
    return _in_force.get()
