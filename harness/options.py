"""What a harness and its runs are given, read and checked: a mistake in it is the caller's, and of no script."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from harness.errors import ConfigError

# Everything else is imported where it is used, for the reason that `harness/harness.py` gives.
if TYPE_CHECKING:
    from harness.approvals.approver import Approver
    from policy.commands import Rule
    from policy.limits import Limits
    from policy.settings import Overrides, Settings

Confinement = Literal["required", "strict", "none"]
LanguageMode = Literal["standard", "strict"]
LimitsLike: TypeAlias = "Limits | Mapping[str, object] | None"
SettingsLike: TypeAlias = "Settings | Mapping[str, object] | None"
TurnSettingsLike: TypeAlias = "Overrides | Mapping[str, object] | None"


def as_limits(limits: LimitsLike) -> Limits | None:
    """Take limits as they are, or read them from a table of their names.

    Raises:
        ConfigError: `config.invalid`, a name or a value is none.
    """
    if limits is None:
        return None
    from pydantic import ValidationError

    from policy.limits import Limits

    if isinstance(limits, Limits):
        return limits
    _require_table("limits", limits)
    try:
        return Limits.model_validate(dict(limits))
    except ValidationError as error:
        problems = [_wrong_limit(item) for item in error.errors()]
        hint = "the limits are " + ", ".join(Limits.model_fields)
        raise ConfigError("config.invalid", "limits: " + "; ".join(problems), hint=hint) from None


def _wrong_limit(finding: Mapping[str, Any]) -> str:
    name, kind, said = finding["loc"][0], finding["type"], finding["msg"]
    if kind == "extra_forbidden":
        return f"there is no limit `{name}`"
    wanted = {"int_parsing": "it must be a whole number", "float_parsing": "it must be a number"}
    return f"`{name}` cannot be {finding['input']!r}: {wanted.get(kind, said[:1].lower() + said[1:])}"


def as_settings(settings: SettingsLike, workspace: Path | None) -> Settings:
    """Take settings as they are, or read them as a file of settings is read.

    Raises:
        ConfigError: `config.invalid`, with every problem of them.
    """
    from harness.config.files import home
    from harness.config.parsing import settings_of_values
    from harness.config.problems import Problem, config_error
    from policy.settings import Settings

    if isinstance(settings, Settings):
        return settings
    _require_table("settings", settings or {})
    problems: list[Problem] = []
    folder = None if workspace is None else str(workspace)
    read = settings_of_values(settings or {}, "settings", problems, home=home(os.environ), folder=folder)
    if read is None or problems:
        raise config_error(problems)
    return read


def as_turn(settings: TurnSettingsLike, workspace: Path | None) -> Overrides:
    """Take what a turn sets as it is, or read it as a file of settings is read.

    Raises:
        ConfigError: `config.invalid`, with every problem of it, or a setting that no turn has.
    """
    from harness.config.files import home
    from harness.config.parsing import turn_of_values
    from harness.config.problems import Problem, config_error
    from policy.settings import Overrides, Settings

    if isinstance(settings, Settings):
        beyond = sorted(settings.model_fields_set - Overrides.model_fields.keys())
        if beyond:
            hint = "a turn sets " + ", ".join(Overrides.model_fields)
            raise ConfigError("config.invalid", f"a turn cannot set {', '.join(beyond)}", hint=hint)
    if isinstance(settings, Overrides):
        return settings
    _require_table("settings", settings)
    assert settings is not None
    problems: list[Problem] = []
    folder = None if workspace is None else str(workspace)
    place = "the settings of the turn"
    read = turn_of_values(settings, place, problems, home=home(os.environ), folder=folder)
    if read is None:
        raise config_error(problems)
    return read


def existing_folder(path: Path) -> Path:
    """Return a folder without links on the way.

    Raises:
        ConfigError: `config.invalid`, there is no such folder.
    """
    if not path.is_dir():
        raise ConfigError(
            "config.invalid", f"the workspace {str(path)!r} is no folder", hint="name a folder that exists"
        )
    return path.resolve()


def _require_table(name: str, value: object) -> None:
    if not isinstance(value, Mapping):
        hint = f"pass {name.title()}(...), or a dict with its fields"
        raise ConfigError("config.invalid", f"{name} cannot be {type(value).__name__}", hint=hint)


def checked_approver(approver: Approver | None) -> Approver | None:
    """Return the approver, if it can be asked: a model must not hear of the host's mistake as of a person's no.

    Raises:
        ConfigError: `config.invalid`, it has no `decide`, or a `wait_s` that is no number of seconds.
    """
    if approver is None:
        return None
    decide, wait_s = getattr(approver, "decide", None), getattr(approver, "wait_s", None)
    if isinstance(approver, type) or not callable(decide):
        hint = "pass CallbackApprover(function), or an object with `async decide(requests)`"
        given = f"the class {approver.__name__}" if isinstance(approver, type) else type(approver).__name__
        raise ConfigError("config.invalid", f"approver cannot be {given}", hint=hint)
    if wait_s is not None and not (isinstance(wait_s, (int, float)) and wait_s >= 0):
        hint = "it is a number of seconds, or is left out: then the limit `approval_wait_s` counts"
        raise ConfigError("config.invalid", f"wait_s of the approver cannot be {wait_s!r}", hint=hint)
    return approver


def checked_rules(rules: Iterable[Any]) -> tuple[Rule, ...]:
    """Return rules, if each of them is one.

    Raises:
        ConfigError: `config.invalid`, one is something else.
    """
    found = tuple(rules)
    if found:
        from policy.commands import Rule

        wrong = next((item for item in found if not isinstance(item, Rule)), None)
        if wrong is not None:
            hint = "pass what parse_rules(text, ...) returns"
            raise ConfigError("config.invalid", f"a rule cannot be {type(wrong).__name__}", hint=hint)
    return found


def require_one_of(name: str, value: object, allowed: tuple[str, ...]) -> None:
    """Refuse another value than those that there are.

    Raises:
        ConfigError: `config.invalid`, naming them.
    """
    if value not in allowed:
        raise ConfigError("config.invalid", f"{name} cannot be {value!r}", hint="it is one of " + ", ".join(allowed))


def require_at_least(name: str, value: object, *, least: int) -> None:
    """Refuse what is no whole number, or too small.

    Raises:
        ConfigError: `config.invalid`, naming the least.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise ConfigError("config.invalid", f"{name} cannot be {value!r}", hint=f"it is at least {least}")
