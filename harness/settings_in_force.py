"""What decides in one harness: its settings and the limits of a run, and what a turn may set for itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import ConfigError
from harness.options import LimitsLike, SettingsLike, TurnSettingsLike, as_limits, as_settings, as_turn

# Everything else is imported where it is used, for the reason that `harness/harness.py` gives.
if TYPE_CHECKING:
    from harness.tools.snapshot import Choice, Snapshot
    from harness.tools.snapshots import Snapshots
    from policy.commands import Rule
    from policy.limits import Limits
    from policy.settings import Settings


class SettingsInForce:
    """The settings of a harness, with its own limits over theirs; a provider's, a model's and a turn's follow.

    Args:
        settings: As the harness was given them.
        limits: Over those of the settings.
        rules: Command rules beside the built-in ones.
        workspace: Folder of the built-in tools, or None.
        databases: Files of remembered approvals.
        records: Tells the files of audit records.
        tools: Tells the name of every tool, and whether it is a built-in one.

    Raises:
        ConfigError: `config.invalid`, settings or limits are not what they should be.
    """

    def __init__(
        self,
        settings: SettingsLike,
        limits: LimitsLike,
        *,
        rules: Sequence[Rule],
        workspace: Path | None,
        databases: Sequence[Path],
        records: Callable[[], Sequence[Path]],
        tools: Callable[[], Mapping[str, bool]],
    ) -> None:
        self._given_limits = as_limits(limits)
        # Read now, because a mistake in them is the caller's and no script's; the defaults can wait.
        self.given = None if settings is None else as_settings(settings, workspace)
        self._rules = rules
        self._workspace = workspace
        self._databases = databases
        self._records = records
        self._tools = tools

    @property
    def are_defaults(self) -> bool:
        """No settings were given, so that they need not even be loaded to run a script that calls nothing."""
        return self.given is None and self._workspace is None and "_snapshots" not in self.__dict__

    @property
    def settings(self) -> Settings:
        """Of the whole harness."""
        return self._snapshots.settings

    @property
    def limits(self) -> Limits:
        """Of a run that no provider, model or turn has other limits for."""
        if self.are_defaults:
            from policy.limits import Limits

            return self._given_limits or Limits()
        return self.settings.limits

    @cached_property
    def loosest_limits(self) -> Limits:
        """What workers are prepared for, from when the harness is opened on."""
        return self.limits if self.are_defaults else self._snapshots.widest.limits

    @cached_property
    def _snapshots(self) -> Snapshots:
        from harness.tools.snapshots import Snapshots
        from policy.commands import BUILT_IN_RULES

        return Snapshots(
            self._with_given_limits(as_settings(self.given, self._workspace)),
            (*BUILT_IN_RULES, *self._rules),
            workspace=None if self._workspace is None else str(self._workspace),
            databases=self._databases,
            records=self._records(),
            tools=self._tools,
        )

    def change(self, settings: SettingsLike, *, is_open: bool) -> None:
        """Let new settings hold for the calls that begin from now on.

        Args:
            settings: The new ones.
            is_open: Workers have been prepared.

        Raises:
            ConfigError: `config.invalid`, they are not what they should be, or loosen limits of an open harness.
        """
        own = self._with_given_limits(as_settings(settings, self._workspace))
        loosened = self.loosest_limits.loosened_by(own.limits) if is_open else ()
        if loosened:
            raise ConfigError(
                "config.invalid",
                f"an open harness cannot loosen limits; {', '.join(loosened)} would be loosened",
                hint="set them when the harness is made",
            )
        self._snapshots.settings = own

    def _with_given_limits(self, settings: Settings) -> Settings:
        from policy.settings import Settings, merged

        return settings if self._given_limits is None else merged(settings, Settings(limits=self._given_limits))

    def add_rule(self, rule: Rule) -> None:
        """Let a command rule hold for the calls that begin from now on."""
        self._snapshots.add_rule(rule)

    def choice(self, context: Mapping[str, object] | None, turn: TurnSettingsLike) -> Choice:
        """Read what chooses among settings.

        Args:
            context: The run's; `provider` and `model` count.
            turn: What the turn sets itself.

        Raises:
            ConfigError: `config.invalid`, the turn's own would loosen.
        """
        from harness.tools.snapshot import choice_of

        choice = choice_of(context, None if turn is None else as_turn(turn, self._workspace))
        loosened = () if choice.turn is None else self._snapshots.loosened_by(choice)
        if loosened:
            raise ConfigError(
                "config.invalid",
                "the settings of a turn may only tighten: " + "; ".join(loosened),
                hint="set what is looser on the Harness, or in the settings of this provider or model",
            )
        return choice

    def of(self, choice: Choice | None = None) -> Snapshot:
        """Return what decides for a choice now; without one, for the whole harness."""
        return self._snapshots.of() if choice is None else self._snapshots.of(choice)

    def of_this_call(self) -> Settings:
        """Those of the call that is being considered or performed; outside of one, the widest that any could have."""
        from harness.tools.snapshot import snapshot_in_force

        found = snapshot_in_force()
        return self._snapshots.widest if found is None else found.settings

    def limits_of_run(self, limits: LimitsLike, standing: Snapshot | None) -> Limits:
        """Return the limits of one run.

        Args:
            limits: Its own.
            standing: What decides for it; None for defaults.

        Raises:
            ConfigError: `config.invalid`, its own would loosen.
        """
        base = self.loosest_limits
        if standing is not None:
            base = standing.settings.limits.tightened(base)  # what workers were prepared for is the most in any case
        own = as_limits(limits)
        if own is None:
            return base
        loosened = base.loosened_by(own)
        if loosened:
            raise ConfigError(
                "config.invalid",
                f"a single run may only tighten limits; {', '.join(loosened)} would be loosened",
                hint="set looser limits on the Harness, or in the settings of this provider or model",
            )
        return base.tightened(own)
