"""Each barrier of a command is taken away once, in the launcher of a test, to see that something gets through then.

So the other tests of this folder are seen to notice, and it is seen which barrier stands behind which: where two hold
the same thing, taking one away is not enough.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.security.command_sandbox.arena import LANDLOCK_ALONE, NAMESPACES, Arena
from tests.security.command_sandbox.conftest import SECRET, Sandbox, tree
from tests.security.command_sandbox.test_kernel import service

LANDLOCK = "from harness.confine import landlock; landlock.restrict_self = lambda ruleset: None"
SCOPES = "from harness.confine import landlock as l; a = l._attributes; l._attributes = lambda v, **k: a(v, **k)[:16]"
FILTER = "from harness.confine import seccomp; seccomp.install_program = lambda program: None"
CAPABILITIES = "from harness.confine import capabilities; capabilities.drop_keeping_ids = lambda: None"
PRIVILEGES = "from harness.confine import process; process.forbid_new_privileges = lambda: None"
CEILINGS = "from harness.confine import execution; execution.cap_command = lambda *a, **k: None"
DESCRIPTORS = "from harness.confine import process; process.close_descriptors = lambda first, last: None"
SESSION = "import os; os.setsid = lambda: None"
VIEWS = "from harness.confine import views; views.build = lambda *a, **k: None"
PINS = "from harness.confine import views; views._on_the_way = lambda guarded: []"
IPC = "from harness.confine import namespaces as n; e = n.enter; n.enter = lambda flags: e(flags & ~0x0C000000)"
NETWORK = "from harness.confine import namespaces as n; e = n.enter; n.enter = lambda flags: e(flags & ~0x40000000)"
WATCH = "from harness.confine import consumption; consumption.Watch.exceeded = lambda self: None"
PROCESSES = (
    "from harness.confine import launcher as l, separation as s; had = s.rehearse(); l.rehearse = lambda: "
    "s.Separation(tuple(n for n in had.held if n != 'pid_namespace'), {'pid_namespace': 'a test took it away'})"
)


def writes_outside(sandbox: Sandbox) -> bool:
    sandbox.shell(f"echo pwned > {sandbox.outside}/file.txt")
    return (sandbox.outside / "file.txt").read_text() == "pwned\n"


def writes_git(sandbox: Sandbox) -> bool:
    sandbox.shell("echo pwned > .git/config")
    return (sandbox.workspace / ".git/config").read_text() == "pwned\n"


def changes_a_mode_outside(sandbox: Sandbox) -> bool:
    before = tree(sandbox.outside)
    sandbox.shell(f"chmod 777 {sandbox.outside}/file.txt")
    return tree(sandbox.outside) != before


def reads_what_is_hidden(sandbox: Sandbox) -> bool:
    return SECRET in sandbox.shell(f"cat {sandbox.hidden}/token {sandbox.hidden}/keys/id").out


def moves_a_parent(sandbox: Sandbox) -> bool:
    (sandbox.workspace / "inner/deeper/kept").mkdir(parents=True)
    sandbox.shell("mv inner other", grants={"protected": [str(sandbox.workspace / "inner/deeper/kept")]})
    return (sandbox.workspace / "other").exists()


def makes_a_set_uid_file(sandbox: Sandbox) -> bool:
    sandbox.shell("chmod u+s folder/deep.txt")
    return bool((sandbox.workspace / "folder/deep.txt").stat().st_mode & 0o4000)


def reaches_a_service(sandbox: Sandbox) -> bool:
    name = f"/tmp/toolscript-{os.getpid()}"
    talk = f"import socket; s = socket.socket(socket.AF_UNIX); s.connect({name!r}); s.send(b'pwned')"
    try:
        with service(socket.SOCK_STREAM, name) as (_, heard):
            sandbox.python(talk, grants={"writable": ["/tmp"], "protected": []})
    finally:
        Path(name).unlink()
    return heard == [b"pwned"]


def reaches_the_loopback(sandbox: Sandbox) -> bool:
    talk = "import socket, sys; s = socket.create_connection(('127.0.0.1', int(sys.argv[1]))); s.send(b'pwned')"
    with service(socket.SOCK_STREAM, ("127.0.0.1", 0), socket.AF_INET) as (address, heard):
        assert isinstance(address, tuple)
        sandbox.python(talk, str(address[1]))
    return heard == [b"pwned"]


def signals_the_host(sandbox: Sandbox) -> bool:
    return sandbox.python("import os, sys; os.kill(int(sys.argv[1]), 0)", str(sandbox.arena.pid)).ok


def looks_into_the_host(sandbox: Sandbox) -> bool:
    return sandbox.shell(f"cat /proc/{sandbox.arena.pid}/environ").out != ""


def lists_the_host(sandbox: Sandbox) -> bool:
    return sandbox.shell(f"test -d /proc/{os.getpid()} && test -d /proc/{sandbox.arena.pid}").ok


def finds_shared_memory(sandbox: Sandbox) -> bool:
    import ctypes

    libc, key = ctypes.CDLL(None), 0x71000000 + os.getpid()
    segment = libc.shmget(key, 4096, 0o1600)
    try:
        return sandbox.python(f"import ctypes; print(ctypes.CDLL(None).shmget({key}, 0, 0))").out.strip() != "-1"
    finally:
        libc.shmctl(segment, 0, None)


def has_capabilities(sandbox: Sandbox) -> bool:
    return "CapPrm:\t0000000000000000" not in sandbox.shell("cat /proc/self/status").out


def can_gain_privileges(sandbox: Sandbox) -> bool:
    done = sandbox.shell("cat /proc/self/status")
    return bool(done.error) or "NoNewPrivs:\t0" in done.out  # without it the filter cannot be put up


def has_descriptors(sandbox: Sandbox) -> bool:
    return len(sandbox.run("/bin/ls", "/proc/self/fd").out.split()) > 4


def shares_a_session(sandbox: Sandbox) -> bool:
    return not sandbox.python("import os; assert os.getsid(0) == os.getpid()").ok


def writes_a_big_file(sandbox: Sandbox) -> bool:
    return sandbox.shell("head -c 9M /dev/zero > folder/big", resources={"file_bytes": 1_000_000}).ok


def takes_shared_memory(sandbox: Sandbox) -> bool:
    code = "import mmap, time; m = mmap.mmap(-1, 300_000_000); m.write(b'x' * 300_000_000); time.sleep(1)"
    return sandbox.python(code, resources={"memory_bytes": 200_000_000 + 150_000_000, "cpu_time_s": 9}).ok and (
        sandbox.python(code, resources={"memory_bytes": 250_000_000}).limit is None
    )


@dataclass(frozen=True)
class Peel:
    mode: str
    without: tuple[str, ...]
    attack: Callable[[Sandbox], bool]


PEELS = {
    "landlock alone": Peel(LANDLOCK_ALONE, (LANDLOCK,), writes_outside),
    "landlock alone, git": Peel(LANDLOCK_ALONE, (LANDLOCK,), writes_git),
    "landlock alone, hidden": Peel(LANDLOCK_ALONE, (LANDLOCK,), reads_what_is_hidden),
    "landlock alone, environment": Peel(LANDLOCK_ALONE, (LANDLOCK, CAPABILITIES), looks_into_the_host),
    "landlock and views": Peel(NAMESPACES, (LANDLOCK, VIEWS), writes_outside),
    "views, modes": Peel(NAMESPACES, (VIEWS,), changes_a_mode_outside),
    "views, git": Peel(NAMESPACES, (VIEWS,), writes_git),
    "views, hidden": Peel(NAMESPACES, (VIEWS,), reads_what_is_hidden),
    "pins": Peel(NAMESPACES, (PINS,), moves_a_parent),
    "filter, set-uid": Peel(NAMESPACES, (FILTER,), makes_a_set_uid_file),
    "filter, services": Peel(NAMESPACES, (FILTER,), reaches_a_service),
    "filter, landlock and network": Peel(NAMESPACES, (FILTER, LANDLOCK, NETWORK), reaches_the_loopback),
    "scopes": Peel(LANDLOCK_ALONE, (SCOPES,), signals_the_host),
    "processes": Peel(NAMESPACES, (PROCESSES,), lists_the_host),
    "processes and scopes": Peel(NAMESPACES, (PROCESSES, SCOPES), signals_the_host),
    "ipc": Peel(NAMESPACES, (IPC,), finds_shared_memory),
    "capabilities": Peel(NAMESPACES, (CAPABILITIES,), has_capabilities),
    "no_new_privs": Peel(NAMESPACES, (PRIVILEGES,), can_gain_privileges),
    "descriptors": Peel(NAMESPACES, (DESCRIPTORS,), has_descriptors),
    "session": Peel(NAMESPACES, (SESSION,), shares_a_session),
    "ceilings": Peel(NAMESPACES, (CEILINGS,), writes_a_big_file),
    "watch": Peel(NAMESPACES, (WATCH,), takes_shared_memory),
}
BEHIND = {
    "landlock behind the views": Peel(NAMESPACES, (LANDLOCK,), writes_outside),
    "views behind landlock": Peel(NAMESPACES, (VIEWS,), writes_outside),
    "scopes behind the namespace of processes": Peel(NAMESPACES, (SCOPES,), signals_the_host),
    "landlock behind the filter": Peel(NAMESPACES, (FILTER,), reaches_the_loopback),
    "the network's namespace behind both": Peel(NAMESPACES, (FILTER, LANDLOCK), reaches_the_loopback),
    "landlock behind the namespace of processes": Peel(NAMESPACES, (PROCESSES,), looks_into_the_host),
}


def peeled(peel: Peel, sandbox: Sandbox) -> bool:
    with Arena(peel.mode, env={"HOST_SECRET": SECRET}, without="\n".join(peel.without)) as arena:
        return peel.attack(
            Sandbox(arena, peel.mode, sandbox.workspace, sandbox.outside, sandbox.hidden, sandbox.grants)
        )


@pytest.mark.parametrize("name", PEELS)
def test_something_gets_through_without_a_barrier(workplace: Sandbox, name: str) -> None:
    if name == "capabilities" and os.geteuid() != 0:
        pytest.skip("an ordinary user's capabilities in a namespace end with the exec itself")
    assert peeled(PEELS[name], workplace)


@pytest.mark.parametrize("name", PEELS)
def test_nothing_gets_through_with_it(workplace: Sandbox, name: str) -> None:
    assert not peeled(Peel(PEELS[name].mode, (), PEELS[name].attack), workplace)


@pytest.mark.parametrize("name", BEHIND)
def test_another_barrier_stands_behind(workplace: Sandbox, name: str) -> None:
    assert not peeled(BEHIND[name], workplace)


ABSENT = "import errno; from harness.confine import landlock as l\ndef abi(): raise OSError(errno.ENOSYS, 'not there')\nl.abi = abi"


def test_a_command_is_refused_where_a_demanded_barrier_cannot_be_had(workplace: Sandbox) -> None:
    with Arena(NAMESPACES, without=ABSENT) as arena:
        error = arena.run("/bin/true").error
    assert error.startswith("sandbox.unavailable: the barrier landlock cannot be put up: ENOSYS")


def test_without_landlock_the_views_still_hold_where_nothing_is_demanded(workplace: Sandbox) -> None:
    with Arena(NAMESPACES, without=ABSENT, confinement="none") as arena:
        sandbox = Sandbox(arena, NAMESPACES, workplace.workspace, workplace.outside, workplace.hidden, workplace.grants)
        assert "landlock" in sandbox.shell("true").missing
        attacks = (writes_outside, writes_git, reads_what_is_hidden, signals_the_host, reaches_a_service)
        assert [attack.__name__ for attack in attacks if attack(sandbox)] == []


def test_strict_demands_namespaces_too(workplace: Sandbox) -> None:
    with Arena(LANDLOCK_ALONE, confinement="strict") as arena:
        assert "the barrier user_namespace cannot be put up: EPERM" in arena.run("/bin/true").error
    with Arena(NAMESPACES, confinement="strict") as arena:
        assert arena.run("/bin/true").ok
        assert arena.run("/bin/true", grants={"network": True}).ok
