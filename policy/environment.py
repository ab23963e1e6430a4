"""Which variables a command gets, and which folders of the host's PATH it may be looked up in.

The environment of the host is full of keys, and of variables that make every program load something first. So a
command starts with none of it, and gets what the settings name.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Mapping
from fnmatch import fnmatchcase
from functools import lru_cache

from policy.settings import Environment

DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin"
"""Where programs are looked up when the host has no PATH, or nothing of it is left."""

NEVER_INHERITED = (
    "LD_*",
    "GLIBC_TUNABLES",
    "BASH_ENV",
    "ENV",
    "BASH_FUNC_*",
    "PYTHONSTARTUP",
    "PERL5OPT",
    "RUBYOPT",
    "NODE_OPTIONS",
    "JAVA_TOOL_OPTIONS",
)
"""Variables of the host that make a program run something first. Settings, or the call itself, can still set them."""


def command_environment(
    host: Mapping[str, str],
    settings: Environment,
    *,
    call: Mapping[str, str],
    path: str,
    tmpdir: str | None = None,
) -> dict[str, str]:
    """Make the whole environment of a command. What comes later wins: inherited, `settings.set`, the call.

    Args:
        host: The host's own environment.
        settings: What may be taken over, and what is always set.
        call: What the call sets.
        path: The PATH to inherit instead of the host's (`trusted_path`).
        tmpdir: The TMPDIR to inherit, or None when the command may not write there.

    Returns:
        Values by name. An inherited value that is not valid UTF-8 is left out.
    """
    offered = {**host, "PATH": path}
    inherited = {name: value for name, value in offered.items() if _is_inherited(name, settings) and _is_text(value)}
    if tmpdir is not None:
        inherited["TMPDIR"] = tmpdir
    return {**inherited, **settings.set, **call}


def trusted_path(path: str, writable: Collection[str]) -> str:
    """Return a PATH without entries that could make a name mean a file that a command has written.

    Left out are empty and relative entries, which mean the working folder, and those in a writable folder. The
    folders are compared as they are written; who can read links judges where they lead.

    Args:
        path: Folders, joined by ":".
        writable: Absolute, normalised folders.
    """
    return _trusted_path(path, tuple(writable))


@lru_cache(maxsize=64)
def _trusted_path(path: str, writable: tuple[str, ...]) -> str:
    """Kept, because every command asks for the same: the host's PATH seldom changes."""
    kept = [entry for entry in path.split(":") if _is_trusted_entry(entry, writable)]
    return ":".join(dict.fromkeys(kept)) or DEFAULT_PATH


def is_below(path: str, folders: Collection[str]) -> bool:
    """Say whether an absolute, normalised path is one of the folders or lies in one."""
    return any(path == folder or path.startswith(folder.rstrip("/") + "/") for folder in folders)


def _is_trusted_entry(entry: str, writable: Collection[str]) -> bool:
    plain = "/" + posixpath.normpath(entry).lstrip("/")  # normpath keeps two leading slashes, which mean one
    return entry.startswith("/") and _is_text(entry) and not is_below(plain, writable)


def _is_inherited(name: str, settings: Environment) -> bool:
    wanted = any(fnmatchcase(name, glob) for glob in settings.inherit)
    # Names are compared in upper case here: `api_key` is a key.
    refused = any(fnmatchcase(name.upper(), glob.upper()) for glob in (*settings.exclude, *NEVER_INHERITED))
    return wanted and not refused and _is_text(name)


def _is_text(value: str) -> bool:
    """Say whether the host's bytes were valid UTF-8: others show as surrogates."""
    return value.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in value)
