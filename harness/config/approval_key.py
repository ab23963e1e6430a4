"""The secret that vouches for remembered approvals.

A file of approvals may lie where commands can write, under a harness that does not know of it. What stands in it counts
only if it was written by who has this key, which lies in the user's own folder and is read by no tool and no command.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping

from harness.config.files import user_folder
from harness.errors import ConfigError

KEY_NAME = "approvals.key"
_KEY_BYTES = 32


def key_path(environ: Mapping[str, str]) -> str:
    """Return where the key lies, links resolved; whether it is there or not."""
    return os.path.realpath(os.path.join(user_folder(environ), KEY_NAME))


def approval_key(environ: Mapping[str, str]) -> bytes:
    """Return the user's key: 32 bytes. It is made if it is not there, for its owner alone.

    Raises:
        ConfigError: `config.invalid`, it can be neither read nor made, or is no key.
    """
    path = key_path(environ)
    try:
        os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)
        key = _read(path) or _made(path)
    except OSError as error:
        raise _unusable(path, str(error.strerror)) from None
    if len(key) != _KEY_BYTES:
        raise _unusable(path, f"it has {len(key)} bytes, not {_KEY_BYTES}")
    return key


def _read(path: str) -> bytes | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        return os.read(descriptor, _KEY_BYTES + 1)
    finally:
        os.close(descriptor)


def _made(path: str) -> bytes:
    """Write a new key under another name first, so that two processes at once end with one whole key."""
    beside = f"{path}.{secrets.token_hex(8)}"
    descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    try:
        os.write(descriptor, secrets.token_bytes(_KEY_BYTES))
        os.link(beside, path)
    except FileExistsError:
        pass  # another process was first
    finally:
        os.close(descriptor)
        os.unlink(beside)
    return _read(path) or b""


def _unusable(path: str, why: str) -> ConfigError:
    return ConfigError(
        "config.invalid",
        f"the key of remembered approvals {path!r} cannot be used: {why}",
        hint="remove it (earlier approvals are asked about again), or let XDG_CONFIG_HOME name a folder of yours",
    )
