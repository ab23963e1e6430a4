"""Did its sandbox make a command fail? Decided from evidence, with the evidence as the answer.

The evidence is how the command ended and the last lines that it wrote to its standard error. A word such as
"sandbox" is none, nor is a status alone. A program that lies in its output can at most cause a question.

References:
    errno(3), signal(7), getaddrinfo(3).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from policy.environment import is_below
from policy.grants import Grants

_MAX_LINES = 200
_MAX_LINE = 2_000
_MAX_REASONS = 8
_TRACEBACK = 6  # lines before an error in which a traceback names what was called

_SIGSYS_OF_A_SHELL = 128 + 31  # a shell's own status when what it ran was ended by SIGSYS
_NOT_FOUND = 127

_REFUSAL = (
    r"(?:permission denied|operation not permitted|read-only file ?system|invalid cross-device link"
    r"|\b(?:EACCES|EPERM|EROFS|EXDEV)\b|\berrno (?:1|13|18|30)\b)"  # Landlock refuses a link or rename with EXDEV
)
_REFUSED = re.compile(_REFUSAL, re.IGNORECASE)
_NETWORK = re.compile(
    r"could(?: not|n't) resolve (?:host|proxy)|temporary failure in name resolution|name or service not known"
    r"|network is unreachable|no address associated with hostname|failed to resolve|failed to lookup address"
    r"|\b(?:EAI_AGAIN|ENETUNREACH|ENETDOWN|EAFNOSUPPORT)\b|address family not supported",
    re.IGNORECASE,
)
_SOCKETS = re.compile(r"\b(?:sockets?|connect|bind|listen|sendto|network|getaddrinfo)\b", re.IGNORECASE)
_SYSTEM_CALLS = re.compile(
    r"\b(ptrace|process_vm_readv|process_vm_writev|io_uring_\w+|userfaultfd|bpf|perf_event_open|keyctl|mount|umount2?"
    r"|setns|unshare|pivot_root|chroot)\b",
    re.IGNORECASE,
)
_URL = re.compile(r"\b\w[\w+.-]{0,20}://\S+")
# tee: notes: Permission denied
_SUBJECT = re.compile(r":\s+(?:[a-z ]{1,40} )?([^\s:'\"]{1,255}): " + _REFUSAL, re.IGNORECASE)
_QUOTED = re.compile(r"'([^'\n]{1,1000})'|\"([^\"\n]{1,1000})\"|‘([^’\n]{1,1000})’|`([^`'\n]{1,1000})['`]")
_WORD = re.compile(r"(?:(?<=^)|(?<=[\s:(=\[,]))(~?\.{0,2}/[^\s:'\"`,;()\[\]<>]+|[\w.+@-]+/[^\s:'\"`,;()\[\]<>]*)")


_CEILINGS = {
    "memory": "it used more memory than it may",
    "processes": "it started more processes than it may",
    "disk": "it had nearly filled the disk",
    "SIGXCPU": "it used up its processor time (SIGXCPU)",
    "SIGXFSZ": "it wrote a larger file than it may (SIGXFSZ)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a command ended, as far as a denial can show in it.

    Attributes:
        exit_code: Its status, or 128 and the signal's number.
        signal: The name of the signal that ended it, or None.
        timed_out: It was ended for taking too long.
        stderr: The end of what it wrote to standard error.
        cwd: Absolute folder it started in: what relative paths in its output mean.
        limit: "memory", "processes" or "disk" if it was ended for having too much of it.
    """

    exit_code: int
    signal: str | None = None
    timed_out: bool = False
    stderr: str = ""
    cwd: str = "/"
    limit: str | None = None


def denial_reasons(
    ending: Ending,
    grants: Grants,
    *,
    real_path: Callable[[str], str] = posixpath.normpath,
    is_open_outside: Callable[[str], bool] = lambda path: True,
) -> tuple[str, ...]:
    """Name what a sandbox refused to a command.

    Args:
        ending: How the command ended.
        grants: What it was granted.
        real_path: Follows the links of an absolute path.
        is_open_outside: Says whether a path could be written without the sandbox; if not, the sandbox is not why.

    Returns:
        One text for each thing refused, at most 8; empty when nothing shows that the sandbox is the reason.
    """
    if not grants.is_confined or ending.timed_out or ending.exit_code in (0, _NOT_FOUND):
        return ()
    found: list[str] = []
    if ending.signal == "SIGSYS" or ending.exit_code == _SIGSYS_OF_A_SHELL:
        found.append("the system-call filter ended it (SIGSYS)")
    judge = _Judge(ending.cwd, grants, real_path, is_open_outside)
    lines = _last_lines(ending.stderr)
    for at, line in enumerate(lines):
        found += judge.refused(line, lines[max(0, at - _TRACEBACK) : at + 1])
    return tuple(dict.fromkeys(found))[:_MAX_REASONS]


def limit_reasons(ending: Ending) -> tuple[str, ...]:
    """Name the ceilings of a command (`policy.settings.Resources`) that ended it. They hold outside a sandbox too."""
    of_code = {128 + 24: "SIGXCPU", 128 + 25: "SIGXFSZ"}  # a shell's own status for what it ran
    for reached in (ending.limit, ending.signal, of_code.get(ending.exit_code)):
        if reached in _CEILINGS:
            return (_CEILINGS[reached],)
    return ()


def _last_lines(text: str) -> list[str]:
    return [line[:_MAX_LINE] for line in text.splitlines()[-_MAX_LINES:]]


@dataclass(frozen=True, slots=True)
class _Judge:
    cwd: str
    grants: Grants
    real_path: Callable[[str], str]
    is_open_outside: Callable[[str], bool]

    def refused(self, line: str, last_lines: Sequence[str]) -> list[str]:
        """What one line shows to be refused; the lines before may say where in a program it was."""
        if not self.grants.network and _NETWORK.search(line):
            return [f"the network is off: {_quoted(line)}"]
        if not _REFUSED.search(line):
            return []
        if paths := _paths_in(line):
            return self._refused_paths(paths)
        if any(_SOCKETS.search(each) for each in last_lines):
            return [] if self.grants.network else [f"the network is off: {_quoted(line)}"]
        if call := _SYSTEM_CALLS.search(line):
            return [f"the system call {call[1].lower()} is refused: {_quoted(line)}"]
        return self._refused_paths(_SUBJECT.findall(line))

    def _refused_paths(self, names: Iterable[str]) -> list[str]:
        paths = dict.fromkeys(self.real_path(posixpath.join(self.cwd, name)) for name in names)
        return [why for path in paths if (why := self._why_refused(path))]

    def _why_refused(self, path: str) -> str | None:
        if is_below(path, self.grants.hidden):
            return f"{path} may not be read"
        if is_below(path, self.grants.protected):
            return f"{path} is protected from writing"
        if is_below(path, self.grants.writable) or not self.is_open_outside(path):
            return None
        return f"{path} lies outside of the writable folders"


def _paths_in(line: str) -> list[str]:
    plain = _URL.sub(" ", line)
    quoted = [next(group for group in match.groups() if group) for match in _QUOTED.finditer(plain)]
    bare = [match[1] for match in _WORD.finditer(_QUOTED.sub(" ", plain))]
    return [name.rstrip("/.") or "/" for name in (*quoted, *bare) if "\0" not in name]


def _quoted(line: str) -> str:
    said = " ".join(line.split())
    return said if len(said) <= 200 else said[:199] + "…"
