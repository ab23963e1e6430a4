"""What a command or a file tool may do, once every policy was looked at.

Apart from the models of `policy.sandbox`, because every tool knows of grants, and few programs make policies.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Grants:
    """What a command or a file tool may do. Paths are absolute and resolved.

    Attributes:
        writable: Folders that may be written with all that is below them.
        protected: Paths that stay read-only although they lie in a writable folder.
        hidden: Paths that may not even be read: keys, tokens, keyrings.
        network: Whether commands may use the network.
        is_confined: False when commands run without a sandbox.
    """

    writable: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    network: bool = False
    is_confined: bool = True

    def may_write(self, path: str) -> bool:
        """Say whether a resolved path may be written. Advice: the open, and for commands the kernel, enforce."""
        if _is_any_above(self.protected, path) or _is_any_above(self.hidden, path):
            return False
        return not self.is_confined or _is_any_above(self.writable, path)


def _is_any_above(folders: Iterable[str], path: str) -> bool:
    return any(path == folder or path.startswith(folder.rstrip("/") + "/") for folder in folders)
