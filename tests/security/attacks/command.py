"""What a program tries that was started in the command sandbox. Every attempt looks for its effect afterwards.

The tables hold scripts, one line each; `ATTACKS` joins them with what each is after. None of them harms the machine
where it gets through: that is also run.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.confine.syscalls import number
from tests.security.command_sandbox.conftest import SECRET, Sandbox, tree


@dataclass(frozen=True, slots=True)
class CommandAttack:
    """One attempt.

    Attributes:
        name: What it does.
        effect: What it is after, and what is looked for.
        gets_through: Does it in a sandbox, and says whether the effect is there.
    """

    name: str
    effect: str
    gets_through: Callable[[Sandbox], bool]


# {out} is a folder outside, {in} one that may be written; both have a file.txt.
WRITES = {
    "write": "echo pwned > {x}/file.txt",
    "append": "echo pwned >> {x}/file.txt",
    "truncate by opening": ": > {x}/file.txt",
    "truncate by name": "truncate -s 0 {x}/file.txt",
    "create": "echo pwned > {x}/new.txt",
    "make a folder": "mkdir {x}/made",
    "make a link": "ln -s /etc/passwd {x}/link",
    "make a fifo": "mkfifo {x}/fifo",
    "remove": "rm -f {x}/file.txt",
    "rename inside": "mv {x}/file.txt {x}/renamed.txt",
    "rename into": "mv {in}/deep.txt {x}/renamed.txt",
    "copy": "cp -f {in}/deep.txt {x}/file.txt",
    "through a path with dots": "echo pwned > {in}/../{in_name}/../{relative}/file.txt",
    "through a link": "ln -s {x} {in}/way && echo pwned > {in}/way/file.txt",
    "through a link to the file": "ln -s {x}/file.txt {in}/way && echo pwned > {in}/way",
    "through /proc/self/root": "echo pwned > /proc/self/root{x}/file.txt",
    "through /proc/self/cwd": "cd {x} && echo pwned > /proc/self/cwd/file.txt",
    "through an open folder": "exec 9< {x} && echo pwned > /proc/self/fd/9/file.txt",
    "through an open file": "exec 9< {x}/file.txt && echo pwned > /proc/self/fd/9",
}

KEPT = {
    "the configuration of git": "echo pwned >> .git/config",
    "a hook": "echo pwned > .git/hooks/pre-commit",
    "an index": "rm -f .git/index",
    "a new branch": "git branch other",
    "a commit": "git -c user.name=a -c user.email=a@b commit --allow-empty -m x",
    "rename .git": "mv .git .git2",
    "remove .git": "rm -rf .git",
    "replace .git": "mkdir folder/g && mv folder/g .git",
    "exchange .git": "mv --exchange .git folder || mv -T folder .git",
    "mode of a hook": "chmod 777 .git/hooks",
    "link to the configuration": "ln .git/config folder/c && echo pwned > folder/c",
    "through a link": "ln -s ../.git/config folder/c && echo pwned > folder/c",
    "through /proc": "echo pwned > /proc/self/cwd/.git/config",
    "the rules": "echo pwned > .toolscript/rules.toml",
    "new settings": "echo pwned > .toolscript/toolscript.toml",
    "rename the settings": "mv .toolscript other",
    "remove the settings": "rm -rf .toolscript",
}

READS = {
    "read a file in a folder": "cat {h}/keys/id",
    "read a file": "cat {h}/token",
    "through /proc/self/root": "cat /proc/self/root{h}/token",
    "through a link": "ln -s {h}/token folder/l && cat folder/l",
    "through a hard link": "ln {h}/token folder/l && cat folder/l",
    "copy a folder": "cp -r {h}/keys folder/copy && cat folder/copy/id",
    "rename": "mv {h}/token folder/token && cat folder/token",
    "pack": "tar cf - {h}/keys/id | grep -a secret",
    "write and read": "echo x >> {h}/token && cat {h}/token",
}


def script_of(sandbox: Sandbox, attack: str, folder: Path) -> str:
    inside = sandbox.workspace / "folder"
    return attack.format(
        **{"x": folder, "in": inside, "in_name": inside.name, "relative": os.path.relpath(folder, inside.parent)}
    )


MODES = {
    "mode": "chmod 777 {f}",
    "owner": "chown 1:1 {f}",
    "time": "touch -d 2001-01-01 {f}",
    "attribute": "setfattr -n user.a -v b {f}",
}

FAMILIES = {
    "unix stream": (1, 1, 0), "unix datagram": (1, 2, 0), "unix seqpacket": (1, 5, 0), "tcp": (2, 1, 0), "udp": (2, 2, 0),
    "raw": (2, 3, 1), "ping": (2, 2, 1), "tcp6": (10, 1, 0), "udp6": (10, 2, 0), "sctp": (2, 1, 132), "mptcp": (2, 1, 262),
    "netlink route": (16, 3, 0), "netlink audit": (16, 3, 9), "uevents": (16, 2, 15), "packet": (17, 3, 0),
    "bluetooth": (31, 3, 1), "crypto": (38, 5, 0), "vsock": (40, 1, 0), "xdp": (44, 3, 0), "tipc": (30, 2, 0),
    "can": (29, 3, 1), "rds": (21, 5, 0), "key": (15, 3, 2),
}  # fmt: skip


OPEN = "import socket, sys; socket.socket(*map(int, sys.argv[1:]))"


MEDDLING = {
    "its ceilings": "resource.prlimit(pid, resource.RLIMIT_NOFILE, (7, 7))",
    "its processor time": "resource.prlimit(pid, resource.RLIMIT_CPU, (1, 1))",
    "its priority": "os.setpriority(os.PRIO_PROCESS, pid, 19)",
    "the priority of its user": "os.setpriority(os.PRIO_USER, 0, 19)",
    "its processors": "os.sched_setaffinity(pid, {0})",
    "its scheduler": "os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0))",
    "its disk priority": "call({ioprio_set}, 1, pid, 3 << 13)",
    "the disk priority of its user": "call({ioprio_set}, 3, os.getuid(), 3 << 13)",
}
MEDDLE = """
import ctypes, os, resource, sys
libc = ctypes.CDLL(None, use_errno=True)
def call(*arguments):
    if libc.syscall(*map(ctypes.c_long, arguments)) == -1: raise OSError(ctypes.get_errno(), "refused")
for pid in map(int, sys.argv[1:]):
    try: {act}; print("changed")
    except OSError as error: print(error, file=sys.stderr)
"""


def state_of(pid: int) -> tuple[object, ...]:
    kinds = (resource.RLIMIT_NOFILE, resource.RLIMIT_CPU)
    nice, scheduler = os.getpriority(os.PRIO_PROCESS, pid), os.sched_getscheduler(pid)
    return (*(resource.prlimit(pid, kind) for kind in kinds), nice, os.sched_getaffinity(pid), scheduler)


PROC = [
    "environ",
    "maps",
    "mem",
    "fd/0",
    "fdinfo/0",
    "cwd",
    "root",
    "exe",
    "stack",
    "syscall",
    "auxv",
    "map_files",
    "ns/user",
    "io",
]
LOOK = """
import os, sys
path = sys.argv[1]
if path.split("/")[2] == str(os.getpid()): sys.exit()  # a number of the host can be ours in a namespace of our own
for look in (lambda: os.readlink(path), lambda: os.listdir(path), lambda: open(path, "rb").read(4000)):
    try: print("seen", look())
    except OSError as error: print(error.errno)
"""


CALLS = {
    "ptrace": "ptrace, 16, {victim}, 0, 0",
    "attach to a child": "ptrace, 0, 0, 0, 0",
    "process_vm_readv": "process_vm_readv, {victim}, 0, 0, 0, 0, 0",
    "process_vm_writev": "process_vm_writev, {victim}, 0, 0, 0, 0, 0",
    "pidfd_getfd": "pidfd_getfd, 0, 0, 0",
    "kcmp": "kcmp, {victim}, {victim}, 0, 0, 0",
    "bpf": "bpf, 0, 0, 0",
    "perf_event_open": "perf_event_open, 0, 0, -1, -1, 0",
    "userfaultfd": "userfaultfd, 1",
    "io_uring_setup": "io_uring_setup, 8, 0",
    "io_uring_enter": "io_uring_enter, 0, 0, 0, 0",
    "io_uring_register": "io_uring_register, 0, 0, 0",
    "keyctl": "keyctl, 0, -3, 1",
    "add_key": "add_key, 0, 0, 0, 0, -3",
    "request_key": "request_key, 0, 0, 0, 0",
    "unshare user": "unshare, 0x10000000",
    "unshare mounts": "unshare, 0x20000",
    "unshare time": "unshare, 0x80",
    "clone user": "clone, 0x10000011, 0, 0, 0, 0",
    "clone network": "clone, 0x40000011, 0, 0, 0, 0",
    "clone3": "clone3, 0, 0",
    "setns": "setns, 0, 0",
    "mount": "mount, 0, 0, 0, 0, 0",
    "umount2": "umount2, 0, 0",
    "pivot_root": "pivot_root, 0, 0",
    "chroot": "chroot, 0",
    "open_tree": "open_tree, -100, 0, 0",
    "fsopen": "fsopen, 0, 0",
    "move_mount": "move_mount, 0, 0, 0, 0, 0",
    "open_by_handle_at": "open_by_handle_at, -100, 0, 0",
    "name_to_handle_at": "name_to_handle_at, -100, 0, 0, 0, 0",
    "fanotify_init": "fanotify_init, 0, 0",
    "openat2": "openat2, -100, 0, 0, 24",
    "init_module": "init_module, 0, 0, 0",
    "finit_module": "finit_module, 0, 0, 0",
    "kexec_load": "kexec_load, 0, 0, 0, 0",
    "reboot": "reboot, 0, 0, 0, 0",
    "swapon": "swapon, 0, 0",
    "acct": "acct, 0",
    "quotactl": "quotactl, 0, 0, 0, 0",
    "syslog": "syslog, 3, 0, 0",
    "personality": "personality, 8",
    "sethostname": "sethostname, 0, 0",
    "settimeofday": "settimeofday, 0, 0",
    "vhangup": "vhangup",
    "TIOCSTI": "ioctl, 0, 0x5412, 0",
    "TIOCLINUX": "ioctl, 0, 0x541C, 0",
    "TIOCSTI with high bits": "ioctl, 0, 0x100005412, 0",
    "flags of a file": "ioctl, 0, 0x40086602, 0",
    "attributes of a file": "ioctl, 0, 0x401C5820, 0",
    "verity of a file": "ioctl, 0, 0x40806685, 0",
    "attributes of a file by its path": "file_setattr, -100, 0, 0, 0, 0",
    "a lease": "fcntl, 0, 1024, 1",
    "a lease of a folder": "fcntl, 0, 1040, 0",
}
CALL = """
import ctypes, json, os, sys
libc = ctypes.CDLL(None, use_errno=True)
numbers, name, *arguments = json.loads(sys.argv[1])
result = libc.syscall(ctypes.c_long(numbers[name]), *(ctypes.c_long(a) for a in arguments))
if result == 0 and name == "clone" and os.getpid() != int(open("/proc/self/stat").read().split()[0]): os._exit(0)
print(result, ctypes.get_errno())
"""


@contextmanager
def service(
    kind: int, address: str | tuple[str, int], family: int = socket.AF_UNIX
) -> Iterator[tuple[object, list[bytes]]]:
    """A service of the host that notes what it is told."""
    heard: list[bytes] = []
    with socket.socket(family, kind) as listening:
        listening.bind(address)
        listening.settimeout(10)
        if kind == socket.SOCK_STREAM:
            listening.listen()

        def serve() -> None:
            try:
                if kind == socket.SOCK_STREAM:
                    with listening.accept()[0] as one:
                        heard.append(one.recv(100))
                else:
                    heard.append(listening.recv(100))
            except OSError:
                pass

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname(), heard
        with socket.socket(family, kind) as own:  # so that it ends
            own.connect(listening.getsockname())
            own.send(b"end")
        thread.join()


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
    """Hold more of it than memory is allowed. It is written in pieces: a private copy would meet another ceiling."""
    code = (
        "import mmap, time; m = mmap.mmap(-1, 300_000_000); "
        "[m.write(b'x' * 1_000_000) for _ in range(300)]; time.sleep(2)"
    )
    return sandbox.python(code, resources={"memory_bytes": 250_000_000}).ok


@contextmanager
def victim() -> Iterator[subprocess.Popen[bytes]]:
    """A process of the same user, with a secret in its environment."""
    with subprocess.Popen(["sleep", "60"], env={"KEY": SECRET}) as process:
        yield process
        process.kill()


def _writes(attack: str) -> Callable[[Sandbox], bool]:
    def gets_through(sandbox: Sandbox) -> bool:
        before = tree(sandbox.outside)
        sandbox.shell(script_of(sandbox, attack, sandbox.outside))
        return tree(sandbox.outside) != before

    return gets_through


def _changes_modes(attack: str) -> Callable[[Sandbox], bool]:
    return _writes(attack.replace("{f}", "{x}/file.txt"))


def _changes_what_is_protected(attack: str) -> Callable[[Sandbox], bool]:
    def kept(sandbox: Sandbox) -> dict[str, object]:
        return dict(tree(sandbox.workspace / ".git") | tree(sandbox.workspace / ".toolscript"))

    def gets_through(sandbox: Sandbox) -> bool:
        before = kept(sandbox)
        sandbox.shell(attack)
        return kept(sandbox) != before

    return gets_through


def _reads(attack: str) -> Callable[[Sandbox], bool]:
    return lambda sandbox: SECRET in sandbox.shell(attack.format(h=sandbox.hidden)).out


def _opens(family: tuple[int, int, int]) -> Callable[[Sandbox], bool]:
    def gets_through(sandbox: Sandbox) -> bool:
        done = sandbox.python(OPEN, *map(str, family))
        return (not done.ok and "PermissionError" not in done.err) or done.ok  # or the kernel was built without it

    return gets_through


def _meddles(act: str) -> Callable[[Sandbox], bool]:
    def gets_through(sandbox: Sandbox) -> bool:
        with victim() as process:
            before = state_of(process.pid)
            code = MEDDLE.replace("{act}", act.replace("{ioprio_set}", str(number("ioprio_set"))))
            done = sandbox.python(code, str(process.pid))
            return state_of(process.pid) != before or "changed" in done.out

    return gets_through


def _looks_into(name: str) -> Callable[[Sandbox], bool]:
    def gets_through(sandbox: Sandbox) -> bool:
        with victim() as process:
            return "seen" in sandbox.python(LOOK, f"/proc/{process.pid}/{name}").out

    return gets_through


def _calls(attack: str) -> Callable[[Sandbox], bool]:
    """The arguments are senseless: any answer but a refusal means that the kernel would have done it."""

    def gets_through(sandbox: Sandbox) -> bool:
        with victim() as process:
            call, *rest = attack.format(victim=process.pid).split(", ")
            done = sandbox.python(CALL, json.dumps([{call: number(call)}, call, *(int(one, 0) for one in rest)]))
        return done.out.split() not in (["-1", "1"], ["-1", "13"], ["-1", "38"])

    return gets_through


def _table(
    effect: str, attacks: dict[str, str], make: Callable[[str], Callable[[Sandbox], bool]]
) -> Iterator[CommandAttack]:
    for name, attack in attacks.items():
        yield CommandAttack(name, effect, make(attack))


_OF_ITS_USER = "of its user"  # where nothing stops it, it would take from everything else on the machine

ATTACKS: dict[str, CommandAttack] = {
    f"{attack.effect}: {attack.name}": attack
    for attack in (
        *_table("a file outside is changed", WRITES, _writes),
        *_table("a mode outside is changed", MODES, _changes_modes),
        *_table("what is protected is changed", KEPT, _changes_what_is_protected),
        *_table("what is hidden is read", READS, _reads),
        *(CommandAttack(name, "a socket is made", _opens(family)) for name, family in FAMILIES.items()),
        *_table("a process is changed", {k: v for k, v in MEDDLING.items() if _OF_ITS_USER not in k}, _meddles),
        *_table("a process is looked into", {name: name for name in PROC}, _looks_into),
        *_table("the kernel takes a call", CALLS, _calls),
        CommandAttack("a parent of a protected folder", "it is moved away", moves_a_parent),
        CommandAttack("a mode", "a file becomes set-uid", makes_a_set_uid_file),
        CommandAttack("a service by its path", "it hears something", reaches_a_service),
        CommandAttack("a service on the loopback", "it hears something", reaches_the_loopback),
        CommandAttack("a signal", "it reaches the host", signals_the_host),
        CommandAttack("the environment of the host", "it is read", looks_into_the_host),
        CommandAttack("processes", "those of the host are listed", lists_the_host),
        CommandAttack("shared memory of the host", "it is found by its key", finds_shared_memory),
        CommandAttack("a big file", "it grows past its ceiling", writes_a_big_file),
    )
}
