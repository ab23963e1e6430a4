"""What to say when an optional package is not installed."""

from __future__ import annotations

from harness.errors import ConfigError


def missing_extra(extra: str, error: ModuleNotFoundError) -> ConfigError:
    """Return the error that says which extra to install.

    Args:
        extra: Its name in this distribution.
        error: What the import raised.
    """
    return ConfigError(
        "config.invalid",
        f"the package {error.name!r} is not installed",
        hint=f"run pip install 'toolscript[{extra}]'",
    )
