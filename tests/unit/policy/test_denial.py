"""Did the sandbox make a command fail?"""

from __future__ import annotations

import pytest

from policy.denial import Ending, denial_reasons, limit_reasons
from policy.grants import Grants

CONFINED = Grants(
    writable=("/ws", "/tmp"), protected=("/ws/.git", "/tmp/.git"), hidden=("/home/u/.ssh",), network=False
)
ONLINE = Grants(writable=("/ws",), network=True)
OPEN = Grants(is_confined=False)

PYTHON_SOCKET = """Traceback (most recent call last):
  File "/ws/a.py", line 3, in <module>
    s = socket.socket()
  File "/usr/lib/python3.11/socket.py", line 232, in __init__
    _socket.socket.__init__(self, family, type, proto, fileno)
PermissionError: [Errno 1] Operation not permitted
"""
PYTHON_FILE = """Traceback (most recent call last):
  File "/ws/a.py", line 3, in <module>
    open("/etc/motd", "w")
PermissionError: [Errno 13] Permission denied: '/etc/motd'
"""


def reasons(stderr: str, code: int = 1, *, grants: Grants = CONFINED, cwd: str = "/ws", **more: object) -> list[str]:
    ending = Ending(exit_code=code, stderr=stderr, cwd=cwd, **more)  # type: ignore[arg-type]  # see the table
    return list(denial_reasons(ending, grants))


@pytest.mark.parametrize(
    ("stderr", "expected"),
    [
        ("touch: cannot touch '/etc/x': Permission denied", "/etc/x lies outside of the writable folders"),
        ("touch: cannot touch ‘/etc/x y’: Read-only file system", "/etc/x y lies outside of the writable folders"),
        ("bash: line 1: /etc/x: Permission denied", "/etc/x lies outside of the writable folders"),
        ("tee: ../x: Permission denied", "/x lies outside of the writable folders"),
        (PYTHON_FILE, "/etc/motd lies outside of the writable folders"),
        ("Error: EACCES: permission denied, open '/opt/a'", "/opt/a lies outside of the writable folders"),
        ("error: could not lock config file .git/config: Read-only file system", "/ws/.git/config is protected"),
        ("fatal: Unable to create '/ws/.git/index.lock': Permission denied", "/ws/.git/index.lock is protected"),
        ("cat: /home/u/.ssh/id_rsa: Permission denied", "/home/u/.ssh/id_rsa may not be read"),
        ("ln: failed to create hard link 'a' => '/etc/passwd': Invalid cross-device link", "/etc/passwd lies outside"),
        ("curl: (6) Could not resolve host: example.org", "the network is off: curl: (6) Could not resolve host"),
        ("socket.gaierror: [Errno -3] Temporary failure in name resolution", "the network is off"),
        ("ping: socket: Operation not permitted", "the network is off"),
        ("Error: listen EPERM: operation not permitted 0.0.0.0:3000", "the network is off"),
        ("connect: Network is unreachable", "the network is off"),
        (PYTHON_SOCKET, "the network is off: PermissionError: [Errno 1] Operation not permitted"),
        ("strace: ptrace(PTRACE_TRACEME, ...): Operation not permitted", "the system call ptrace is refused"),
        ("unshare: unshare failed: Operation not permitted", "the system call unshare is refused"),
    ],
)
def test_an_error_text_that_names_what_was_not_granted_is_evidence(stderr: str, expected: str) -> None:
    found = reasons(stderr)
    assert len(found) == 1
    assert expected in found[0]


@pytest.mark.parametrize(
    ("stderr", "code"),
    [
        ("touch: cannot touch '/etc/x': Permission denied", 0),
        ("bash: line 1: /etc/x: Permission denied", 127),
        ("", 1),
        ("", 2),
        ("", 126),
        ("FAILED tests/test_sandbox.py::test_denied", 1),
        ("the sandbox denied it, says /home/u/sandbox/readme", 1),
        ("seccomp landlock sandbox denied", 1),
        ("bash: ./run.sh: Permission denied", 126),
        ("bash: line 1: /ws/run.sh: Permission denied", 126),
        ("touch: cannot touch '/tmp/x/y': Permission denied", 1),
        ("mkdir: cannot create directory '/etc/x': No such file or directory", 1),
        ("git@github.com: Permission denied (publickey).", 128),
        ("Permission denied", 1),
        ("remote: https://example.org/etc/x: Permission denied", 1),
        ("make: *** [Makefile:2: all] Error 1", 2),
        ("ls: cannot access '/etc/x': No such file or directory", 2),
        ("curl: (7) Failed to connect to localhost port 80: Connection refused", 7),
    ],
)
def test_what_is_no_evidence(stderr: str, code: int) -> None:
    assert reasons(stderr, code) == []


def test_a_filtered_system_call_ends_a_command_by_its_signal() -> None:
    assert reasons("", 159, signal="SIGSYS") == ["the system-call filter ended it (SIGSYS)"]
    assert reasons("Bad system call", 159) == ["the system-call filter ended it (SIGSYS)"]
    assert reasons("", 137, signal="SIGKILL") == []


def test_a_timeout_is_no_denial() -> None:
    assert reasons("touch: cannot touch '/etc/x': Permission denied", 124, timed_out=True) == []


def test_nothing_is_denied_without_a_sandbox() -> None:
    assert reasons("touch: cannot touch '/etc/x': Permission denied", grants=OPEN) == []
    assert reasons("", 159, grants=OPEN, signal="SIGSYS") == []


def test_with_the_network_on_its_failures_are_its_own() -> None:
    assert reasons("curl: (6) Could not resolve host: exmaple.org", grants=ONLINE) == []
    assert reasons(PYTHON_SOCKET, grants=ONLINE) == []


def test_a_name_without_a_slash_counts_where_the_command_ran() -> None:
    assert reasons("tee: notes: Permission denied", cwd="/etc") == ["/etc/notes lies outside of the writable folders"]
    assert reasons("sh: 1: cannot create notes: Permission denied", cwd="/etc") == [
        "/etc/notes lies outside of the writable folders"
    ]
    assert reasons("tee: notes: Permission denied", cwd="/ws") == []


def test_links_are_followed_before_a_path_is_judged() -> None:
    ending = Ending(exit_code=1, stderr="tee: link/x: Permission denied", cwd="/ws")
    found = denial_reasons(ending, CONFINED, real_path=lambda path: path.replace("/ws/link", "/etc"))
    assert found == ("/etc/x lies outside of the writable folders",)


def test_what_the_host_itself_could_not_write_is_not_the_sandbox() -> None:
    ending = Ending(exit_code=1, stderr="tee: /proc/version: Permission denied", cwd="/ws")
    assert denial_reasons(ending, CONFINED, is_open_outside=lambda path: False) == ()


def test_reasons_are_few_and_short() -> None:
    lines = "\n".join(f"tee: /etc/{number}: Permission denied" for number in range(1000))
    found = reasons(lines)
    assert len(found) == 8
    assert len(reasons("ping: socket: Operation not permitted " + "x" * 10**6)[0]) < 300


def test_only_the_end_of_long_output_is_looked_at_and_quickly() -> None:
    hostile = "\n".join("'" * 1000 + ": a: Permission denied /" + "a/" * 500 for _ in range(5_000))
    assert len(reasons(hostile)) <= 8


@pytest.mark.parametrize(
    ("code", "signal", "expected"),
    [
        (152, "SIGXCPU", "it used up its processor time (SIGXCPU)"),
        (152, None, "it used up its processor time (SIGXCPU)"),
        (153, "SIGXFSZ", "it wrote a larger file than it may (SIGXFSZ)"),
    ],
)
def test_a_ceiling_that_ended_it_is_named_apart(code: int, signal: str | None, expected: str) -> None:
    assert limit_reasons(Ending(exit_code=code, signal=signal)) == (expected,)
    assert reasons("", code, signal=signal) == []


@pytest.mark.parametrize(
    ("limit", "said"), [("memory", "more memory"), ("processes", "more processes"), ("disk", "disk")]
)
def test_a_ceiling_that_its_supervisor_kept_is_named(limit: str, said: str) -> None:
    (reason,) = limit_reasons(Ending(exit_code=137, signal="SIGKILL", limit=limit))
    assert said in reason


def test_other_endings_reached_no_ceiling() -> None:
    assert limit_reasons(Ending(exit_code=1)) == ()
    assert limit_reasons(Ending(exit_code=137, signal="SIGKILL")) == ()
