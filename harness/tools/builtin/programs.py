"""What a command's first word means: the file that is judged is the file that is executed.

A bare name is looked up on the host's own PATH, never on one that a call sets, and never in a folder that a command
could have written. "git" is then the git of this machine, whatever lies in the workspace.

Links are followed to judge a program, not to run it. What a link is called decides what many programs do (busybox, the
shims of version managers) or which packages they see (a virtual environment's `python`), so the path that is
executed keeps the link's name. That is no gap: a program counts as one from PATH only if every name on the way, from
the first folder to the file behind the last link, lies where no command can write, so nothing on it can be swapped
between the decision and the start. Whatever else is run, by a path with a slash, is judged as that path, and is never
taken for a program of the host.
"""

from __future__ import annotations

import difflib
import os
import posixpath
import stat
from collections import deque
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import islice

from harness.errors import CallError
from harness.tools.builtin.workspace import shown
from policy.environment import is_below, trusted_path
from policy.grants import Grants

_MAX_LINKS = 40  # as the kernel's own limit, path_resolution(7)
_MAX_SUGGESTED = 20_000  # names on PATH that are compared for a hint
_WORDS_OF_SHELLS = """
    alias bg cd declare eval exec exit export fg for function history if jobs let local popd pushd read
    return set shift shopt source time trap type typeset ulimit umask unalias unset until wait while
"""


def resolve_program(name: str, *, cwd: str, path: str, grants: Grants) -> tuple[str | None, bool]:
    """Find the file that a command's first word means.

    Args:
        name: The word: a bare name, or a path with a slash, relative to `cwd`.
        cwd: Absolute folder the command would start in.
        path: The host's PATH.
        grants: What commands may write; a program there is never one from PATH.

    Returns:
        The absolute path to execute, or None when there is no such program; and whether it is what the host's PATH
        gives for that base name, with every name on the way out of commands' reach.
    """
    if "/" not in name:
        found = _on_path(name, path, grants.writable)
        return found, found is not None
    program = _named(name, cwd)
    if program is None or not _is_program(program):
        return None, False
    expected = _on_path(posixpath.basename(program), path, grants.writable)
    is_same = expected is not None and os.path.realpath(expected) == os.path.realpath(program)
    return program, is_same and _is_out_of_reach(program, grants.writable)


def host_path(path: str | None, writable: Collection[str]) -> str:
    """Return the PATH for commands: the host's, without entries that commands could fill, links to such included.

    Args:
        path: The host's PATH, or None if it has none.
        writable: Absolute folders that commands may write.
    """
    entries = trusted_path(path or "", writable).split(":")
    return trusted_path(":".join(entry for entry in entries if _is_out_of_reach(entry, writable)), writable)


def with_folder(grants: Grants, folder: str) -> Grants:
    """Count one more folder as writable: a workspace is one even where the policy leaves everything open."""
    return replace(grants, writable=tuple(dict.fromkeys((*grants.writable, folder))))


def missing_program(name: str, *, cwd: str, path: str) -> CallError:
    """The error for a first word that means no program, with what was perhaps meant."""
    return CallError("tool.failed", f"there is no program {shown(name)}", hint=_hint(name, cwd, path))


def _named(name: str, cwd: str) -> str | None:
    """The path of a word with a slash: its folder without links, its last part as it is."""
    folder, _, last = posixpath.join(cwd, name).rpartition("/")
    if last in ("", ".", ".."):
        return None
    return posixpath.join(os.path.realpath(folder or "/"), last)


def _on_path(name: str, path: str, writable: Collection[str]) -> str | None:
    if name in ("", ".", ".."):
        return None
    for entry in trusted_path(path, writable).split(":"):
        program = posixpath.join(entry, name)
        if _is_program(program) and _is_out_of_reach(program, writable):
            return program
    return None


def _is_program(path: str) -> bool:
    try:
        return stat.S_ISREG(os.stat(path).st_mode) and os.access(path, os.X_OK)
    except (OSError, ValueError):
        return False


def _is_out_of_reach(path: str, writable: Collection[str]) -> bool:
    """Say whether no name that is looked up on the way to what a path means lies in a writable folder."""
    try:
        return not any(is_below(place, writable) for place in _places(path))
    except (OSError, ValueError):
        return False


def _places(path: str) -> Iterator[str]:
    """Every place that is looked up to resolve a path, folders and links included, the file itself last."""
    pending = deque(path.split("/"))
    place, links = "/", 0
    while pending:
        name = pending.popleft()
        if name == "..":
            place = posixpath.dirname(place)
        elif name not in ("", "."):
            entry = posixpath.join(place, name)
            yield entry
            if stat.S_ISLNK(os.lstat(entry).st_mode):
                links += 1
                if links > _MAX_LINKS:
                    raise OSError("too many links")
                target = os.readlink(entry)
                pending.extendleft(reversed(target.split("/")))
                place = "/" if target.startswith("/") else place
            else:
                place = entry


def _hint(name: str, cwd: str, path: str) -> str:
    words = name.split()
    if len(words) > 1:
        return 'one item of the list is one word: ["ls", "-l"], not ["ls -l"]; a shell line is ["bash", "-lc", "..."]'
    if name in _WORDS_OF_SHELLS.split():
        return f'{name} is a word of shells, not a program: ["bash", "-lc", "{name} ..."]'
    if "/" in name:
        return _hint_for_path(name, cwd)
    if _is_program(posixpath.join(cwd, name)):
        return (
            f"bare names are looked up on the host's PATH, outside of the workspace; write './{name}' for the one here"
        )
    near = difflib.get_close_matches(name, _names_on(path), n=1, cutoff=0.6)
    return f"did you mean {shown(near[0])}?" if near else 'look what there is with ["which", "-a", "..."]'


def _hint_for_path(name: str, cwd: str) -> str:
    there = posixpath.join(cwd, name)
    if os.path.isdir(there):
        return f"{shown(name)} is a folder"
    if os.path.isfile(there):
        return f'{shown(name)} is a file that may not be executed; name its interpreter: ["python3", {shown(name)}]'
    folder, _, last = there.rpartition("/")
    near = difflib.get_close_matches(last, _names_in(folder), n=1, cutoff=0.6)
    written = posixpath.join(posixpath.dirname(name), near[0]) if near else ""
    return f"did you mean {shown(written)}?" if near else "paths of programs are relative to cwd"


def _names_on(path: str) -> list[str]:
    every = (name for entry in path.split(":") for name in _names_in(entry))
    return list(islice(every, _MAX_SUGGESTED))


def _names_in(folder: str) -> list[str]:
    with suppress(OSError):
        return [name for name in os.listdir(folder) if name.isprintable()]
    return []
