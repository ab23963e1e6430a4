"""The Landlock domain of a command: read and execute nearly everywhere, write below the granted folders.

Rights go down the whole tree and cannot be taken back further down. So around a path that must be left out, everything
beside it is granted instead, folder by folder; nothing new can be made directly in such a folder. Where a mount
namespace keeps and masks those paths, only devices and links are left out in this way.

References:
    landlock(7).
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection

from harness.confine import landlock
from harness.confine.guarded import Guarded, is_below, is_inside
from harness.confine.views import open_path

_READ = landlock.EXECUTE | landlock.READ_FILE | landlock.READ_DIR
_WRITE = landlock.EVERYTHING & ~(landlock.MAKE_CHAR | landlock.MAKE_BLOCK | landlock.MAKE_SOCK | landlock.IOCTL_DEV)
_USE = landlock.READ_FILE | landlock.WRITE_FILE | landlock.TRUNCATE | landlock.IOCTL_DEV
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
_SHARED = "/dev/shm"


def restrict(guarded: Guarded, *, has_views: bool, network: bool) -> None:
    """Enter the domain, for good. Needs no_new_privs.

    Args:
        guarded: Paths as they are.
        has_views: Whether a mount namespace keeps and masks paths; /dev/shm is the command's own then.
        network: Whether TCP is free.
    """
    ruleset = landlock.open_ruleset(is_tcp_free=network)
    masked = () if has_views else guarded.hidden
    kept = guarded.links if has_views else (*guarded.links, *guarded.kept)
    _Rules(ruleset, ("/dev", *masked)).grant("/", _READ)
    _grant(ruleset, "/", landlock.READ_DIR)  # names can be listed where contents cannot be read
    for root in guarded.roots:
        _Rules(ruleset, (*kept, *masked)).grant(root, _WRITE)
    for device in _DEVICES:
        _grant(ruleset, device, _USE)
    if has_views or is_below("/tmp", guarded.roots):
        _grant(ruleset, _SHARED, _WRITE)
    landlock.restrict_self(ruleset)
    os.close(ruleset)


def is_carved(guarded: Guarded, *, has_views: bool) -> bool:
    """Say whether folders are granted by what is in them, so that nothing new can be made directly in some."""
    return bool(guarded.links or (not has_views and (guarded.kept or _hidden_inside(guarded))))


class _Rules:
    """Grants a folder but for some paths below it."""

    def __init__(self, ruleset: int, left_out: Collection[str]) -> None:
        self._ruleset = ruleset
        self._left_out = left_out

    def grant(self, path: str, rights: int) -> None:
        if is_below(path, self._left_out):
            return
        if not any(is_inside(other, (path,)) for other in self._left_out):
            _grant(self._ruleset, path, rights)
            return
        for name in _entries(path):
            self.grant(os.path.join(path, name), rights)


def _grant(ruleset: int, path: str, rights: int) -> None:
    """Grant a path that is there; a link grants nothing, what it leads to has a place of its own."""
    with contextlib.suppress(OSError), open_path(path) as place:
        landlock.allow(ruleset, place, rights)


def _entries(path: str) -> list[str]:
    with contextlib.suppress(OSError):
        return os.listdir(path)
    return []


def _hidden_inside(guarded: Guarded) -> bool:
    return any(is_inside(path, guarded.roots) for path in guarded.hidden)
