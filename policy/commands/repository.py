"""What the files of a repository tell: whether its settings may name programs or further files, and its submodules.

Both decide whether git can be trusted with a repository that no command has written: settings can lead back to where
commands write (hooks in the working tree, an included file), and git enters the repositories of submodules by itself.
All that is not known to be harmless counts as not harmless.

References:
    git-config(1), "CONFIGURATION FILE"; gitformat-index(5).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

_HARMLESS = """
    core.repositoryformatversion core.filemode core.bare core.logallrefupdates core.ignorecase core.precomposeunicode
    core.symlinks core.autocrlf core.eol core.safecrlf core.sparsecheckout core.sparsecheckoutcone core.untrackedcache
    core.preloadindex core.longpaths core.quotepath core.abbrev core.compression core.trustctime core.checkstat
    core.commentchar core.sharedrepository core.whitespace

    extensions.worktreeconfig extensions.partialclone extensions.refstorage user.name user.email user.signingkey
    remote.fetch remote.push remote.tagopt remote.prune remote.mirror remote.promisor remote.partialclonefilter
    remote.skipdefaultupdate remote.skipfetchall remote.gh-resolved branch.merge branch.rebase branch.description
    branch.autosetupmerge branch.autosetuprebase branch.sort branch.vscode-merge-base branch.gh-merge-base

    pull.rebase pull.ff push.default push.autosetupremote push.followtags fetch.prune fetch.prunetags fetch.parallel
    init.defaultbranch commit.gpgsign commit.verbose tag.gpgsign tag.sort gpg.format merge.conflictstyle merge.ff
    rebase.autostash rebase.autosquash rebase.updaterefs rerere.enabled rerere.autoupdate diff.algorithm diff.renames
    diff.colormoved diff.mnemonicprefix status.showuntrackedfiles status.short status.branch log.date log.decorate
    log.follow gc.auto gc.autodetach gc.pruneexpire maintenance.auto maintenance.strategy index.version
    feature.manyfiles help.autocorrect lfs.repositoryformatversion lfs.access lfs.locksverify
"""
_KEYS = frozenset(_HARMLESS.split())
_SECTIONS = ("color.", "advice.")  # of which no key names a program
_PLACES = ("remote.url", "remote.pushurl")
_NAMES = ("branch.remote", "branch.pushremote")
_BOOLEANS = ("true", "false")
_HEADER = re.compile(r'\[\s*([A-Za-z][\w.-]*)(?:\s+"(?:[^"\\]|\\.)*")?\s*\]\s*', re.ASCII)
_SETTING = re.compile(r"([A-Za-z][\w-]*)\s*(?:=\s*(.*))?", re.ASCII)
_FAR_AWAY = re.compile(r"(?:https?|ssh|git|git\+ssh)://\S+|[\w.-]+@[\w.-]+:[^:]\S*", re.ASCII)

_INDEX = b"DIRC"
_GITLINK = 0o160000
_FIXED = 62  # bytes of an entry before its name: times, numbers, mode, owner, size, hash, flags
_MODE_AT, _FLAGS_AT, _IS_LONGER = 24, 60, 0x4000


def is_harmless(settings: str, *, is_writable: Callable[[str], bool]) -> bool:
    """Say whether settings of a repository name no program and no file that a command could have written.

    Args:
        settings: Text of its `config`.
        is_writable: Says of an absolute path whether commands can write there.
    """
    section = ""
    for line in map(str.strip, settings.removeprefix("\ufeff").splitlines()):
        if header := _HEADER.match(line):
            section, line = header[1].partition(".")[0].lower(), line[header.end() :]
        if not line or line[0] in "#;":
            continue
        found = _SETTING.fullmatch(line)
        if found is None or line.endswith("\\"):
            return False
        if not _is_harmless(f"{section}.{found[1].lower()}", (found[2] or "").strip(), is_writable):
            return False
    return True


def _is_harmless(key: str, value: str, is_writable: Callable[[str], bool]) -> bool:
    if key in _PLACES:  # a repository on this machine would run hooks of its own
        is_local = value.startswith("/")
        return not is_writable(value) and ".." not in value if is_local else _FAR_AWAY.fullmatch(value) is not None
    if key in _NAMES:
        return "/" not in value and ".." not in value
    if key == "core.fsmonitor":
        return value.lower() in _BOOLEANS
    return key in _KEYS or key.startswith(_SECTIONS)


def may_have_submodules(index: bytes) -> bool:
    """Say whether an index has an entry that stands for another repository; True if it cannot be read.

    Args:
        index: The whole file; of any version, with hashes of 20 bytes.
    """
    if not index.startswith(_INDEX):
        return True
    if _GITLINK.to_bytes(4, "big") not in index:
        return False
    version, count = int.from_bytes(index[4:8], "big"), int.from_bytes(index[8:12], "big")
    at = 12
    try:
        for _ in range(count):
            if int.from_bytes(index[at + _MODE_AT : at + _MODE_AT + 4], "big") == _GITLINK:
                return True
            at = _next_entry(index, at, version)
    except ValueError:
        return True
    return False


def _next_entry(index: bytes, at: int, version: int) -> int:
    """Return where the next entry begins.

    Raises:
        ValueError: the index is cut off.
    """
    flags = int.from_bytes(index[at + _FLAGS_AT : at + _FIXED], "big")
    name = at + _FIXED + (2 if flags & _IS_LONGER else 0)
    if version == 4:  # the name is what differs from the one before: a number of its own length, then the text
        while index[name : name + 1] >= b"\x80":
            name += 1
        return index.index(b"\0", name + 1) + 1
    end = index.index(b"\0", name)
    return at + (end - at + 8) // 8 * 8


def user_files(home: str, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return where git looks for the settings of its user."""
    folder = environ.get("XDG_CONFIG_HOME") or f"{home}/.config"
    return (f"{home}/.gitconfig", f"{folder}/git/config")
