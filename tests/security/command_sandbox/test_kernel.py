"""Attacks on other processes, on the network, on the kernel and on the machine's resources."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.security.attacks.command import (
    CALL,
    CALLS,
    FAMILIES,
    LOOK,
    MEDDLE,
    MEDDLING,
    OPEN,
    PROC,
    service,
    state_of,
)
from tests.security.attacks.command import (
    victim as make_victim,
)
from tests.security.command_sandbox.conftest import SECRET, Sandbox

# The network and sockets.

WITH_NETWORK = {"tcp", "udp", "ping", "tcp6", "udp6", "netlink route", "sctp", "mptcp", "raw"}


@pytest.mark.parametrize("name", FAMILIES)
def test_no_socket_of_any_family_can_be_made_without_the_network(sandbox: Sandbox, name: str) -> None:
    done = sandbox.python(OPEN, *map(str, FAMILIES[name]))
    assert not done.ok
    assert "PermissionError" in done.err


@pytest.mark.parametrize("name", [name for name in FAMILIES if name not in WITH_NETWORK])
def test_with_the_network_only_the_internet_is_there(sandbox: Sandbox, name: str) -> None:
    assert "PermissionError" in sandbox.python(OPEN, *map(str, FAMILIES[name]), grants={"network": True}).err


@pytest.mark.parametrize("name", ["tcp", "udp", "netlink route"])
def test_with_the_network_the_internet_is_there(sandbox: Sandbox, name: str) -> None:
    assert sandbox.python(OPEN, *map(str, FAMILIES[name]), grants={"network": True}).ok


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """The name of a socket has room for a hundred bytes."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        yield Path(folder)


TALK = """
import socket, sys
kind, address = int(sys.argv[1]), sys.argv[2].replace("@", chr(0))
for make in (lambda: socket.socket(socket.AF_UNIX, kind), lambda: socket.socketpair(socket.AF_UNIX, kind)[0],
             lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)[0], lambda: socket.socketpair(socket.AF_UNIX, 5)[0]):
    for act in (lambda s: (s.connect(address), s.send(b"pwned")), lambda s: s.sendto(b"pwned", address), lambda s: s.sendmsg([b"pwned"], [], 0, address)):
        try: act(make())
        except OSError as error: print(error.errno)
"""


@pytest.mark.parametrize("network", [False, True])
@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
@pytest.mark.parametrize("place", ["path", "abstract"])
def test_a_unix_socket_of_another_service_cannot_be_reached(
    sandbox: Sandbox, short_folder: Path, kind: int, place: str, network: bool
) -> None:
    name = str(short_folder / "s") if place == "path" else f"\0toolscript-{os.getpid()}-{kind}-{network}"
    with service(kind, name) as (_, heard):
        done = sandbox.python(
            TALK, str(int(kind)), name.replace("\0", "@"), grants={"network": network, "writable": [str(short_folder)]}
        )
        assert done.exit_code == 0
    assert heard == [b"end"]


def test_the_hosts_loopback_is_reached_only_with_the_network(sandbox: Sandbox) -> None:
    talk = "import socket, sys; s = socket.create_connection(('127.0.0.1', int(sys.argv[1]))); s.send(b'hello')"
    with service(socket.SOCK_STREAM, ("127.0.0.1", 0), socket.AF_INET) as (address, heard):
        assert isinstance(address, tuple)
        assert not sandbox.python(talk, str(address[1])).ok
        assert heard == []
        assert sandbox.python(talk, str(address[1]), grants={"network": True}).ok
        time.sleep(0.1)
        assert heard == [b"hello"]


# Other processes.


@pytest.fixture
def victim() -> Iterator[subprocess.Popen[bytes]]:
    """A process of the same user, with a secret in its environment."""
    with make_victim() as process:
        yield process


@pytest.mark.parametrize("number", [0, 9, 15, 19])
def test_no_process_of_the_host_can_be_signalled(
    sandbox: Sandbox, victim: subprocess.Popen[bytes], number: int
) -> None:
    kill = (
        "import os, signal, sys\nfor pid in set(map(int, sys.argv[2:])) - {1, os.getpid()}:\n"
        " for act in (os.kill, os.killpg, lambda p, n: signal.pidfd_send_signal(os.pidfd_open(p), n)):\n"
        "  try: act(pid, int(sys.argv[1])); print('sent')\n  except OSError as error: print(error.errno, file=sys.stderr)"
    )
    done = sandbox.python(kill, str(number), str(victim.pid), str(sandbox.arena.pid), str(os.getpid()))
    assert "sent" not in done.out
    assert victim.poll() is None
    assert sandbox.shell("true").ok


ARM = """
import fcntl, os, socket, struct, sys
for pid in map(int, sys.argv[1:]):
    for number in (9, 15, 29):
        for name in (lambda s: fcntl.fcntl(s, fcntl.F_SETOWN, pid), lambda s: fcntl.fcntl(s, fcntl.F_SETOWN, -pid),
                     *(lambda s, kind=kind: fcntl.fcntl(s, 15, struct.pack("ii", kind, pid)) for kind in (0, 1, 2))):
            ours, theirs = socket.socketpair()
            folder = os.open(".", os.O_RDONLY)
            try:
                for one in (ours, folder): fcntl.fcntl(one, 10, number)
                name(ours)
                fcntl.fcntl(ours, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
                theirs.send(b"x")
                fcntl.fcntl(folder, fcntl.F_NOTIFY, fcntl.DN_CREATE)
                name(folder)
                open("folder_changes", "w").close(); os.unlink("folder_changes")
            except OSError as error: print(error, file=sys.stderr)
            os.close(folder)
"""


def test_no_file_sends_a_signal_to_a_process_of_the_host(sandbox: Sandbox, victim: subprocess.Popen[bytes]) -> None:
    """The owner of a file is told by a signal, of any number, when there is something to read."""
    sandbox = sandbox.granted(protected=[])
    sandbox.python(ARM, str(victim.pid), str(sandbox.arena.pid))
    time.sleep(0.05)
    assert victim.poll() is None
    assert sandbox.shell("true").ok


def test_killing_everybody_kills_nobody_else(sandbox: Sandbox, victim: subprocess.Popen[bytes]) -> None:
    sandbox.python("import os; os.kill(-1, 9)")
    sandbox.python("import os; os.kill(os.getppid(), 9)")
    assert victim.poll() is None
    assert sandbox.shell("true").ok


@pytest.mark.parametrize("what", MEDDLING)
def test_no_process_of_the_host_can_be_meddled_with(
    sandbox: Sandbox, victim: subprocess.Popen[bytes], what: str
) -> None:
    from harness.confine.syscalls import number

    before = state_of(victim.pid)
    act = MEDDLING[what].replace("{ioprio_set}", str(number("ioprio_set")))
    done = sandbox.python(MEDDLE.replace("{act}", act), str(victim.pid), str(sandbox.arena.pid))
    assert state_of(victim.pid) == before
    if not sandbox.has_namespaces or "user" not in what:
        assert "changed" not in done.out, done
    assert sandbox.shell("true").ok


@pytest.mark.parametrize("what", MEDDLING)
def test_a_process_may_do_the_same_to_itself(sandbox: Sandbox, what: str) -> None:
    from harness.confine.syscalls import number

    if "user" in what:
        return  # that of its user is never its own alone
    act = MEDDLING[what].replace("{ioprio_set}", str(number("ioprio_set")))
    assert "changed" in sandbox.python(MEDDLE.replace("{act}", act), "0").out


@pytest.mark.parametrize("name", PROC)
def test_nothing_inside_another_process_can_be_seen(
    sandbox: Sandbox, victim: subprocess.Popen[bytes], name: str
) -> None:
    for pid in (victim.pid, sandbox.arena.pid, os.getpid(), 1):
        done = sandbox.python(LOOK, f"/proc/{pid}/{name}")
        assert "seen" not in done.out
        assert SECRET not in done.out


def test_the_parent_cannot_be_looked_into(sandbox: Sandbox) -> None:
    done = sandbox.shell(
        "cat /proc/$PPID/environ /proc/$PPID/mem /proc/$PPID/maps; readlink /proc/$PPID/fd/*; cat /proc/*/environ",
        env={"MINE": "1"},
    )
    assert set(done.out.replace("\0", "\n").split()) <= {
        "MINE=1",
        "PWD=" + str(sandbox.workspace),
        "SHLVL=0",
        "_=/bin/cat",
        "_=/usr/bin/cat",
    }


def test_the_hosts_environment_is_nowhere(sandbox: Sandbox) -> None:
    assert SECRET not in sandbox.shell("env; cat /proc/self/environ /proc/*/environ /proc/*/cmdline", env={}).out


def test_its_own_child_can_be_looked_into(sandbox: Sandbox) -> None:
    done = sandbox.shell("KEY=value sleep 9 & sleep 0.2; cat /proc/$!/environ; kill $!", env={"PATH": "/usr/bin:/bin"})
    assert "KEY=value" in done.out


def test_processes_of_the_host_are_not_listed_if_there_are_namespaces(sandbox: Sandbox) -> None:
    done = sandbox.shell("ls -d /proc/[0-9]* | wc -l")
    assert (int(done.out) < 8) == sandbox.has_namespaces


# The kernel: calls that only lead out. By number on this machine and name.


@pytest.mark.parametrize("name", CALLS)
def test_a_call_that_leads_out_is_refused(sandbox: Sandbox, victim: subprocess.Popen[bytes], name: str) -> None:
    import json

    from harness.confine.syscalls import number

    call, *rest = CALLS[name].format(victim=victim.pid).split(", ")
    arguments = [int(one, 0) for one in rest]
    done = sandbox.python(CALL, json.dumps([{call: number(call)}, call, *arguments]))
    result, code = done.out.split()
    assert result == "-1", done
    assert int(code) == (38 if call in ("clone3", "openat2") or call.startswith("io_uring") else 1), done


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="x86-64 alone has numbers of another kind")
@pytest.mark.parametrize("call", ["x32", "i386"])
def test_calls_of_another_architecture_end_the_process(sandbox: Sandbox, call: str) -> None:
    x32 = "import ctypes; ctypes.CDLL(None).syscall(ctypes.c_long(0x40000000 + 39))"
    i386 = (
        "import ctypes, mmap; m = mmap.mmap(-1, 4096, prot=7); m.write(bytes.fromhex('b814000000cd80c3'));"
        "ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(m)))()"
    )
    assert sandbox.python(x32 if call == "x32" else i386).signal == 31


@pytest.mark.parametrize(
    "code",
    ["import ctypes; assert ctypes.CDLL(None).personality(0xffffffff) == 0", "import os; os.unshare(0x200)" if hasattr(os, "unshare") else "pass",
     "import os; os.getrandom(8); os.sched_yield(); os.eventfd(0)" , "import os; os.chmod('folder/deep.txt', 0o1777)",
     "import os; p = os.fork(); p or os._exit(0); os.waitpid(p, 0)"],
)  # fmt: skip
def test_calls_that_lead_nowhere_work(sandbox: Sandbox, code: str) -> None:
    assert sandbox.python(code).ok


def test_no_capability_is_left_and_none_comes_back(sandbox: Sandbox) -> None:
    done = sandbox.shell("grep -E '^(Cap(Inh|Prm|Eff|Amb)|NoNewPrivs|Seccomp):' /proc/self/status")
    told = dict(line.split(":\t") for line in done.out.splitlines())
    assert {told[name] for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {"0" * 16}
    assert (told["NoNewPrivs"], told["Seccomp"]) == ("1", "2")


def test_a_set_uid_program_gives_nothing(sandbox: Sandbox) -> None:
    done = sandbox.shell(
        "for p in $(ls /bin/su /usr/bin/sudo /usr/bin/newgrp /usr/bin/mount 2>/dev/null); do $p -c 'id -u' nobody </dev/null; done; id -u"
    )
    assert done.out.split()[-1] == str(os.getuid())
    changed = "import os\nfor u in (0, 1000, 65534):\n if u != os.getuid():\n  try: os.setuid(u); print('changed')\n  except OSError: pass"
    assert "changed" not in sandbox.python(changed).out


def test_shared_memory_of_the_host_cannot_be_reached(sandbox: Sandbox) -> None:
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    key = 0x70000000 + os.getpid()
    segment = libc.shmget(key, 4096, 0o1000 | 0o600)
    try:
        done = sandbox.python(f"import ctypes; print(ctypes.CDLL(None).shmget({key}, 0, 0))")
        assert done.out.strip() == "-1"
    finally:
        libc.shmctl(segment, 0, None)


def test_files_of_shared_memory_have_a_ceiling(sandbox: Sandbox) -> None:
    if not sandbox.has_namespaces:
        return  # it is the host's, and cannot be written
    size = "import os; found = os.statvfs('/dev/shm'); print(found.f_blocks * found.f_frsize)"
    assert sandbox.python(size).out.split() == [str(512 * 1024**2)]
    assert sandbox.python(size, resources={"memory_bytes": 200 * 1024**2}).out.split() == [str(200 * 1024**2)]


@pytest.mark.parametrize("tmp", [True, False])
def test_files_of_shared_memory_are_the_hosts_only_without_namespaces_and_with_tmp(sandbox: Sandbox, tmp: bool) -> None:
    """Programs make semaphores there, so what may write /tmp may use it: docs/how-to/confine-commands.md says so."""
    shared = Path(f"/dev/shm/toolscript-{os.getpid()}-{tmp}")
    shared.write_text(SECRET)
    try:
        writable = [str(sandbox.workspace), *(["/tmp"] if tmp else [])]
        done = sandbox.shell(f"cat {shared}", grants={"writable": writable})
    finally:
        shared.unlink()
    assert (SECRET in done.out) == (tmp and not sandbox.has_namespaces)


def test_shared_memory_of_the_host_cannot_be_reached_by_its_number(sandbox: Sandbox) -> None:
    """Numbers can be guessed, and are listed in /proc: asking for a key is not the only way to a segment."""
    import ctypes

    from harness.confine.syscalls import number

    libc = ctypes.CDLL(None, use_errno=True)
    segment = libc.shmget(0x71000000 + os.getpid(), 4096, 0o1000 | 0o600)
    try:
        for call in (f"{number('shmat')}, {segment}, 0, 0", f"{number('shmctl')}, {segment}, 0, 0"):
            done = sandbox.python(f"import ctypes; print(ctypes.CDLL(None).syscall({call}))")
            assert done.out.strip() == "-1", done
        assert libc.shmctl(segment, 0, None) == 0  # it was there to the end
    finally:
        libc.shmctl(segment, 0, None)


def test_no_terminal_is_there(sandbox: Sandbox) -> None:
    assert not sandbox.shell("exec 3<>/dev/tty").ok
    assert sandbox.shell("ps -o tty= -p $$").out.strip() == "?"


# Resources.

# It doubles nine times and then stays: without end, it would take the machine from the tests beside it.
BOMB = "import os, time\nfor _ in range(9):\n try: os.fork()\n except OSError: pass\ntime.sleep(60)"


def test_a_fork_bomb_is_bounded_and_ends_with_its_command(sandbox: Sandbox) -> None:
    marker = f"bomb-{os.getpid()}-{time.monotonic_ns()}"
    done = sandbox.python(BOMB, marker, resources={"processes": 50}, timeout_s=2)
    assert done.signal == 9
    assert [pid for pid in os.listdir("/proc") if pid.isdigit() and marker in _arguments(pid)] == []
    assert sandbox.shell("true").ok


def test_a_fork_bomb_does_not_outrun_what_ends_it(sandbox: Sandbox) -> None:
    """Eight thousand processes if nothing stops it. Where root is exempt from the kernel's count, the supervisor must
    get its turn among them, and stop them faster than they fork.
    """
    before = _last_pid()
    bomb = 'f() { if [ "$1" -gt 0 ]; then f $(($1 - 1)) | f $(($1 - 1)) & fi; }; f 12; sleep 2'
    done = sandbox.shell(bomb, timeout_s=3)
    made = (_last_pid() - before) % int(Path("/proc/sys/kernel/pid_max").read_text())
    assert made < 4_000  # other programs of the machine make some, too
    if os.getuid() == 0 and not sandbox.has_namespaces:
        assert done.limit == "processes"
    else:
        assert "Resource temporarily unavailable" in done.err


def _last_pid() -> int:
    return int(Path("/proc/loadavg").read_text().split()[-1])


def _arguments(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
    except OSError:
        return ""


def test_a_few_processes_are_no_bomb(sandbox: Sandbox) -> None:
    assert sandbox.shell(
        "for i in $(seq 20); do sleep 0.2 & done; wait; for i in $(seq 400); do /bin/true; done",
        resources={"processes": 50},
    ).ok


MEMORY = {
    "private": "b = bytearray(600_000_000)",
    "in many pieces": "b = [bytearray(1_000_000) for _ in range(600)]",
    "shared": "import mmap, time; m = mmap.mmap(-1, 600_000_000); [m.write(b'x' * 1_000_000) for _ in range(600)]; time.sleep(9)",
}


@pytest.mark.parametrize("kind", MEMORY)
def test_a_memory_bomb_is_bounded(sandbox: Sandbox, kind: str) -> None:
    done = sandbox.python(MEMORY[kind], resources={"memory_bytes": 200_000_000})
    assert "MemoryError" in done.err or done.limit == "memory", done


def test_memory_up_to_the_ceiling_is_there(sandbox: Sandbox) -> None:
    assert sandbox.python("b = bytearray(150_000_000)", resources={"memory_bytes": 200_000_000}).ok


def test_a_file_grows_to_its_ceiling_only(sandbox: Sandbox) -> None:
    done = sandbox.shell("exec head -c 100M /dev/zero > folder/big", resources={"file_bytes": 1_000_000})
    assert done.signal == 25  # SIGXFSZ
    assert (sandbox.workspace / "folder/big").stat().st_size <= 1_000_000
    assert sandbox.shell("head -c 900K /dev/zero > folder/small", resources={"file_bytes": 1_000_000}).ok


@pytest.fixture
def small_disk(sandbox: Sandbox) -> Iterator[Path]:
    """A file system of 64 MB in the workspace."""
    place = sandbox.workspace / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "none", str(place)], check=False)
    if mounted.returncode != 0:
        pytest.skip("no file system can be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_command_that_fills_the_disk_is_ended_before_it_is_full(sandbox: Sandbox, small_disk: Path) -> None:
    fill = "for i in $(seq 60); do head -c 2M /dev/zero > disk/$i; sleep 0.1; done"
    done = sandbox.shell(fill, grants={"writable": [str(small_disk)], "protected": []})
    assert (done.signal, done.limit) == (9, "disk"), done
    left = os.statvfs(small_disk)
    assert left.f_bavail * left.f_frsize > 16_000_000
    assert sandbox.shell("true").ok


def test_processor_time_ends(sandbox: Sandbox) -> None:
    done = sandbox.python("while True: pass", resources={"cpu_time_s": 1})
    assert done.signal in (24, 9)


def test_no_ceiling_can_be_raised(sandbox: Sandbox) -> None:
    code = "import resource as r\nfor k in (r.RLIMIT_DATA, r.RLIMIT_FSIZE, r.RLIMIT_CORE):\n try: r.setrlimit(k, (-1, -1)); print('raised')\n except (ValueError, OSError): pass"
    assert sandbox.python(code).out == ""


def test_nothing_is_dumped(sandbox: Sandbox) -> None:
    sandbox.python("import os; os.chdir('folder'); os.abort()")
    assert [path.name for path in (sandbox.workspace / "folder").iterdir()] == ["deep.txt", "file.txt"] or all(
        "core" not in path.name for path in (sandbox.workspace / "folder").iterdir()
    )


def test_fifty_megabytes_of_output_come_through(sandbox: Sandbox) -> None:
    done = sandbox.shell("head -c 50000000 /dev/zero | tr '\\0' x")
    assert len(done.out) == 50_000_000


@pytest.mark.parametrize(
    "how",
    ["setsid sleep 297", "(setsid sleep 297 &)", "nohup setsid setsid sleep 297", "trap '' TERM HUP; setsid sleep 297"],
)
def test_nothing_outlives_its_command(sandbox: Sandbox, how: str) -> None:
    marker = f"297.{time.monotonic_ns() % 10**9}"
    done = sandbox.shell(f"{how.replace('297', marker)} >/dev/null 2>&1 & sleep 0.2", timeout_s=10)
    assert done.ok
    assert [pid for pid in os.listdir("/proc") if pid.isdigit() and marker in _arguments(pid)] == []


def test_what_ignores_every_signal_is_killed(sandbox: Sandbox) -> None:
    code = "import signal, time\nfor n in range(1, 65):\n try: signal.signal(n, signal.SIG_IGN)\n except (OSError, ValueError): pass\ntime.sleep(60)"
    began = time.monotonic()
    assert sandbox.python(code, timeout_s=0.5).signal == 9
    assert time.monotonic() - began < 10


def test_a_command_that_is_not_confined_is_bounded_all_the_same(sandbox: Sandbox) -> None:
    free = {"is_confined": False}
    assert sandbox.shell(f"echo changed > {sandbox.outside}/file.txt", grants=free).ok
    assert (
        sandbox.python("b = bytearray(600_000_000)", grants=free, resources={"memory_bytes": 200_000_000}).exit_code
        == 1
    )
    done = sandbox.python(BOMB, grants=free, resources={"processes": 50}, timeout_s=3)
    assert done.signal == 9
    assert sandbox.run(sys.executable, "-c", "", grants=free).protection == "none"
