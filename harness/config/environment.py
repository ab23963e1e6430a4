"""Settings in variables of the environment: `TOOLSCRIPT_MODE=dry-run`, `TOOLSCRIPT_LIMITS__STEPS=1000`."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict

from harness.config.problems import Problem
from policy.settings import Settings
from policy.toml import TomlError, parse_toml

PREFIX = "TOOLSCRIPT_"
PLACE = "the environment"
NO_SETTINGS = frozenset({"TOOLSCRIPT_TOKEN"})
"""Variables that commands read themselves: the token of `toolscript serve-mcp --http`."""


MAX_TABLES = 8
"""Tables that a variable may go into; settings have five at most."""


class _Variables(Settings, BaseSettings):
    """The settings as pydantic-settings looks for them."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__")


class _Source(EnvSettingsSource):
    def decode_complex_value(self, field_name: str, field: Any, value: Any) -> Any:
        return _decoded(value)


def values_of_environment(environ: Mapping[str, str], problems: list[Problem]) -> dict[str, Any]:
    """Read settings from variables, in the shape of the file.

    Two underscores go into a table. A value is written as in the file, or bare where it is text.

    Args:
        environ: The variables.
        problems: Variables that name no setting are added here; their values are not shown.
    """
    named = {
        name: value for name, value in environ.items() if name.upper().startswith(PREFIX) and name not in NO_SETTINGS
    }
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    for name in sorted(named):
        if name.upper().partition("__")[0] not in known or name.count("__") > MAX_TABLES:
            near = difflib.get_close_matches(name.upper(), known, n=1)
            hint = f"did you mean {near[0]}?" if near else "rename it, if it is meant for another program"
            problems.append(Problem(PLACE, f"there is no setting for the variable `{name}`", hint=hint))
    source = _Source(_Variables)
    source.env_vars = {name.lower(): value for name, value in named.items() if name.count("__") <= MAX_TABLES}
    return {name: _plain(value) for name, value in source().items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return _decoded(value) if isinstance(value, str) else value


def _decoded(text: str) -> Any:
    """A value as it would stand in the file; text need not stand in quotes."""
    try:
        return parse_toml(f"value = {text}")["value"] if "\n" not in text else text
    except TomlError:
        return text
