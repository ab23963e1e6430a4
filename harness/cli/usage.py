"""Wrong use of the command: one line that says what, and what to do instead."""

from __future__ import annotations

from harness.errors import ConfigError


def wrong_use(message: str, *, hint: str) -> ConfigError:
    """Return the error that ends the command with exit code 2."""
    return ConfigError("config.invalid", message, hint=hint, phase="detecting")
