"""Makes snapshots: of what decides in a whole harness, and of what decides for a provider, a model and a turn."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from harness.config import protected_paths as configuration_paths
from harness.tools.guarded_paths import hidden_paths, make_user_folder, own_code, own_files
from harness.tools.snapshot import NO_CHOICE, Choice, Snapshot
from policy.sandbox import grants
from policy.settings import Settings, resolved, widest
from policy.tightening import tighter_of

if TYPE_CHECKING:
    from policy.commands import Rule

_MOST_KEPT = 256


class Snapshots:
    """Every choice has one snapshot, made when it is first needed; new settings and rules make new ones.

    Args:
        settings: Of all layers.
        rules: Command rules of all layers.
        workspace: Folder of the built-in tools, links resolved, or None.
        databases: Files of remembered approvals.
        records: Files of audit records.
        tools: Tells the name of every tool, and whether it is a built-in one.
    """

    def __init__(
        self,
        settings: Settings,
        rules: tuple[Rule, ...],
        *,
        workspace: str | None,
        databases: Sequence[Path],
        records: Sequence[Path],
        tools: Callable[[], Mapping[str, bool]],
    ) -> None:
        self._settings = settings
        self._rules = rules
        self._workspace = workspace
        self._own_files = own_files(databases=databases, records=records)
        self._tools = tools
        self._made: dict[Choice, Snapshot] = {}
        self.widest = widest(settings)

    @property
    def settings(self) -> Settings:
        """Of all layers. Setting them holds for the calls that begin after it."""
        return self._settings

    @settings.setter
    def settings(self, settings: Settings) -> None:
        self._settings = settings
        self.widest = widest(settings)
        self._made.clear()

    def add_rule(self, rule: Rule) -> None:
        """Let a rule hold for the calls that begin from now on."""
        self._rules = (*self._rules, rule)
        self._made = {choice: replace(made, rules=self._rules) for choice, made in self._made.items()}

    def of(self, choice: Choice = NO_CHOICE) -> Snapshot:
        """Return what decides for a choice now."""
        made = self._made.get(choice)
        if made is None:
            if len(self._made) >= _MOST_KEPT:
                self._made.clear()
            made = self._made[choice] = self._new(choice)
        return made

    def loosened_by(self, choice: Choice) -> tuple[str, ...]:
        """Say what a turn would loosen of what holds for its provider and model."""
        if choice.turn is None or choice in self._made:
            return ()
        return tighter_of(self._resolved(choice), choice.turn)[1]

    def _resolved(self, choice: Choice) -> Settings:
        return resolved(self._settings, provider=choice.provider, model=choice.model)

    def _new(self, choice: Choice) -> Snapshot:
        settings = self._resolved(choice)
        if choice.turn is not None:
            settings, _ = tighter_of(settings, choice.turn)
        granted = grants(
            settings.sandbox,
            settings.network,
            workspace=self._workspace,
            tmpdir=os.path.realpath(os.environ["TMPDIR"]) if os.environ.get("TMPDIR") else None,
            protected=(*configuration_paths(self._workspace), *own_code(), *self._own_files),
            hidden=(*hidden_paths(self._workspace, readable=settings.readable), *self._own_files),
        )
        make_user_folder(granted)
        hidden = [name for name, built_in in self._tools().items() if not settings.exposes(name, is_built_in=built_in)]
        return Snapshot(settings, granted, self._rules, frozenset(hidden))
