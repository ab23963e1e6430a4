"""What arbitrary code in a worker would try, one function per attempt.

Each raises OSError when the kernel refuses, dies when the filter kills it, and returns when it got through. None of
them harms the machine when it does get through: that is also run, to show that the attack is one.

Imported before confinement, so every module it needs is there.
"""

from __future__ import annotations

import _thread
import ctypes
import errno
import importlib
import mmap
import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from harness.confine.syscalls import machine, syscall

LIBC = ctypes.CDLL(None, use_errno=True)
MIB = 1024**2
DENIED = (errno.EPERM, errno.EACCES)
LEFT_BEHIND: list[str] = []


@dataclass(frozen=True)
class Target:
    """What the attacks aim at, made by the test outside of the worker."""

    file: str
    text: str
    directory: str
    victim_pid: int
    victim_address: int
    port: int
    abstract: str
    segment: int
    canary: str
    zygote_pid: int = 0


@dataclass(frozen=True)
class Attack:
    """One attempt.

    Attributes:
        run: Returns if it got through.
        stopped: How it ends in a confined worker: "SIGSYS", an errno's name, an exception's name.
        root: Only root may do it even without barriers.
        unless: Errno names that mean "this kernel was built without it" where nothing is confined.
    """

    name: str
    run: Callable[[Target], object]
    stopped: str
    root: bool = False
    unless: tuple[str, ...] = field(default=("ENOSYS",))


ATTACKS: dict[str, Attack] = {}


def attack(
    stopped: str, *, root: bool = False, unless: tuple[str, ...] = ()
) -> Callable[[Callable[[Target], object]], Callable[[Target], object]]:
    """Register an attempt under its function's name."""

    def register(run: Callable[[Target], object]) -> Callable[[Target], object]:
        name = run.__name__.strip("_")
        ATTACKS[name] = Attack(name, run, stopped, root, ("ENOSYS", *unless))
        return run

    return register


def libc(name: str, *arguments: object) -> int:
    """Call a function of libc; OSError if it says -1."""
    result: int = getattr(LIBC, name)(*arguments)
    if result == -1:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def permitted(call: Callable[[], object]) -> str:
    """For calls made with senseless arguments: any refusal but one for want of permission means "allowed"."""
    try:
        call()
    except OSError as error:
        if error.errno in (*DENIED, errno.ENOSYS, errno.EMFILE):
            raise
        return f"permitted, then {errno.errorcode[error.errno or 0]}"
    return "done"


def expect(condition: object) -> None:
    """Raise a refusal if an attempt went through without its effect."""
    if not condition:
        raise OSError(errno.EPERM, "no effect")


# Files


@attack("EPERM")
def open_passwd(target: Target) -> object:
    return os.open("/etc/passwd", os.O_RDONLY)


@attack("EPERM")
def read_file_of_host(target: Target) -> object:
    with open(target.file) as file:
        return file.read()


@attack("EPERM")
def create_file(target: Target) -> object:
    return os.open(f"{target.directory}/{os.getpid()}", os.O_CREAT | os.O_WRONLY)


@attack("EPERM")
def create_file_in_own_root(target: Target) -> object:
    descriptor = os.open("/dev/shm/toolscript-raw", os.O_CREAT | os.O_WRONLY)
    os.unlink("/dev/shm/toolscript-raw")
    return descriptor


@attack("EPERM")
def create_unnamed_file(target: Target) -> object:
    return os.open(target.directory, os.O_TMPFILE | os.O_RDWR)


@attack("EPERM")
def open_path_only(target: Target) -> object:
    return os.open(target.file, os.O_PATH)


@attack("EPERM")
def openat2(target: Target) -> object:
    how, path = ctypes.create_string_buffer(24), ctypes.create_string_buffer(target.file.encode())
    return by_number(437, -100, ctypes.addressof(path), ctypes.addressof(how), 24)


@attack("EPERM")
def list_root(target: Target) -> object:
    return os.listdir("/etc")


@attack("EPERM")
def list_folder_of_host(target: Target) -> object:
    return os.listdir(target.directory)


@attack("EPERM")
def stat_etc(target: Target) -> object:
    return os.stat("/etc")


@attack("EPERM")
def stat_file_of_host(target: Target) -> object:
    return os.stat(target.file)


@attack("EPERM")
def stat_root(target: Target) -> object:
    return os.stat("/")


@attack("EPERM")
def statx(target: Target) -> object:
    path = ctypes.create_string_buffer(target.file.encode())
    return libc("statx", -100, path, 0, 0xFFF, ctypes.create_string_buffer(256))


@attack("EPERM")
def statfs(target: Target) -> object:
    return os.statvfs("/")


@attack("EPERM")
def access_file(target: Target) -> object:
    path = ctypes.create_string_buffer(target.file.encode())
    return libc("access", path, os.F_OK)


@attack("EPERM")
def readlink_exe(target: Target) -> object:
    return os.readlink("/proc/self/exe")


@attack("EPERM")
def working_directory(target: Target) -> object:
    return os.getcwd()


@attack("EPERM")
def change_directory(target: Target) -> object:
    return os.chdir(target.directory)


@attack("EPERM")
def make_directory(target: Target) -> object:
    return os.mkdir(f"{target.directory}/{os.getpid()}")


@attack("EPERM")
def unlink(target: Target) -> object:
    path = f"{target.directory}/{os.getpid()}-gone"
    os.symlink("nothing", path)
    return os.unlink(path)


@attack("EPERM")
def rename(target: Target) -> object:
    path = f"{target.directory}/{os.getpid()}-old"
    os.symlink("nothing", path)
    return os.rename(path, path + "-new")


@attack("EPERM")
def hard_link(target: Target) -> object:
    return os.link(f"{target.directory}/own", f"{target.directory}/{os.getpid()}-link")


@attack("EPERM")
def change_mode(target: Target) -> object:
    return os.chmod(f"{target.directory}/own", 0o600)


@attack("EPERM")
def change_owner(target: Target) -> object:
    return os.chown(f"{target.directory}/own", -1, -1)


@attack("EPERM")
def truncate(target: Target) -> object:
    return os.truncate(f"{target.directory}/own", 0)


@attack("EPERM")
def set_times(target: Target) -> object:
    return os.utime(f"{target.directory}/own")


@attack("EPERM")
def make_fifo(target: Target) -> object:
    return os.mkfifo(f"{target.directory}/{os.getpid()}-fifo")


@attack("EPERM")
def read_attributes(target: Target) -> object:
    return os.listxattr(target.file)


@attack("EPERM")
def watch_file(target: Target) -> object:
    return libc("inotify_init1", 0)


@attack("SIGSYS", root=True, unless=("EOPNOTSUPP",))
def handle_of_file(target: Target) -> object:
    path = ctypes.create_string_buffer(target.file.encode())
    handle = ctypes.create_string_buffer(struct.pack("=Ii", 128, 0), 136)
    mount = ctypes.c_int()
    libc("name_to_handle_at", -100, path, handle, ctypes.byref(mount), 0)
    return libc("open_by_handle_at", os.open("/tmp", os.O_RDONLY), handle, 0)


@attack("EPERM")
def own_environment_by_proc(target: Target) -> object:
    with open("/proc/self/environ", "rb") as file:
        return file.read()


@attack("EPERM")
def own_memory_by_proc(target: Target) -> object:
    return os.open("/proc/self/mem", os.O_RDWR)


@attack("EPERM")
def own_maps(target: Target) -> object:
    with open("/proc/self/maps", "rb") as file:
        return file.read()


@attack("EPERM")
def environment_of_victim(target: Target) -> object:
    with open(f"/proc/{target.victim_pid}/environ", "rb") as file:
        return file.read()


@attack("EPERM")
def list_processes(target: Target) -> object:
    return os.listdir("/proc")


@attack("EPERM")
def import_new_module(target: Target) -> object:
    sys.path.insert(0, target.directory)
    try:
        return importlib.import_module("module_of_host")
    except ModuleNotFoundError as error:  # what importlib makes of a refusal
        raise PermissionError(errno.EPERM, "nothing to be found") from error


# Descriptors and what is left in memory


@attack("EPERM")
def pipe(target: Target) -> object:
    return os.pipe()


@attack("EPERM")
def duplicate_channel(target: Target) -> object:
    return os.dup(3)


@attack("EPERM")
def duplicate_by_fcntl(target: Target) -> object:
    return libc("fcntl", 3, 0, 0)


@attack("EPERM")
def read_leftover_descriptor(target: Target) -> object:
    texts = []
    for descriptor in (*range(3), *range(4, 64)):
        try:
            texts.append(os.pread(descriptor, 100, 0))
        except OSError:
            continue
    expect(target.text.encode() in texts)
    return "read"


@attack("EPERM")
def write_standard_error(target: Target) -> object:
    return os.write(2, b"")


@attack("EPERM")
def epoll(target: Target) -> object:
    return libc("epoll_create1", 0)


@attack("EPERM")
def event_descriptor(target: Target) -> object:
    return libc("eventfd", 0, 0)


@attack("EPERM")
def timer_descriptor(target: Target) -> object:
    return libc("timerfd_create", 1, 0)


@attack("EPERM")
def canary_in_environment(target: Target) -> object:
    variables = ctypes.POINTER(ctypes.c_char_p).in_dll(LIBC, "environ")
    index, found = 0, []
    while variables and (entry := variables[index]) is not None:
        found.append(entry)
        index += 1
    expect(any(target.canary.encode() in entry for entry in found))
    return "found"


@attack("EPERM")
def trace_of_neighbour(target: Target) -> object:
    expect(LEFT_BEHIND)
    return LEFT_BEHIND


# Sockets


@attack("SIGSYS")
def tcp_socket(target: Target) -> object:
    return socket.socket(socket.AF_INET, socket.SOCK_STREAM)


@attack("SIGSYS")
def connect_loopback(target: Target) -> object:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as client:
        client.connect(("127.0.0.1", target.port))
    return "connected"


@attack("SIGSYS")
def bind_loopback(target: Target) -> object:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
    return "listening"


@attack("SIGSYS")
def udp_datagram(target: Target) -> object:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        return client.sendto(b"x", ("127.0.0.1", target.port))


@attack("SIGSYS")
def unix_socket(target: Target) -> object:
    return socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)


@attack("SIGSYS")
def connect_abstract(target: Target) -> object:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.connect(f"\0{target.abstract}")
    return "connected"


@attack("SIGSYS")
def netlink_socket(target: Target) -> object:
    return socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)


@attack("SIGSYS", root=True)
def raw_socket(target: Target) -> object:
    return socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)


@attack("SIGSYS", root=True)
def packet_socket(target: Target) -> object:
    return socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)


@attack("EPERM")
def socket_pair(target: Target) -> object:
    return socket.socketpair()


@attack("EPERM")
def options_of_channel(target: Target) -> object:
    credentials, size = ctypes.create_string_buffer(12), ctypes.c_uint(12)
    return libc("getsockopt", 3, 1, 17, credentials, ctypes.byref(size))


@attack("SIGSYS")
def send_descriptor(target: Target) -> object:
    channel = _channel()
    sent = channel.sendmsg([b""], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, struct.pack("i", 3))])
    channel.detach()
    return sent


@attack("SIGSYS")
def receive_descriptor(target: Target) -> object:
    channel = _channel()
    try:
        return permitted(lambda: channel.recvmsg(1, 64, socket.MSG_DONTWAIT))
    finally:
        channel.detach()


@attack("EPERM")
def shut_channel_down(target: Target) -> object:
    return libc("shutdown", 3, 0)


@attack("EPERM")
def control_of_channel(target: Target) -> object:
    return libc("ioctl", 3, 0x541B, ctypes.byref(ctypes.c_int()))


@attack("EPERM")
def push_into_terminal(target: Target) -> object:
    return permitted(lambda: libc("ioctl", 0, 0x5412, ctypes.create_string_buffer(b"x")))


def _channel() -> socket.socket:
    return socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, fileno=3)


# Processes and threads


@attack("SIGSYS")
def fork(target: Target) -> object:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    return os.waitpid(pid, 0)


@attack("SIGSYS")
def clone(target: Target) -> object:
    pid = syscall("clone", signal.SIGCHLD)
    if pid == 0:
        os._exit(0)
    return os.waitpid(pid, 0)


@attack("SIGSYS")
def clone3(target: Target) -> object:
    arguments = ctypes.create_string_buffer(struct.pack("=8Q", 0, 0, 0, 0, signal.SIGCHLD, 0, 0, 0), 64)
    pid = syscall("clone3", ctypes.addressof(arguments), 64)
    if pid == 0:
        os._exit(0)
    return os.waitpid(pid, 0)


@attack("SIGSYS")
def thread(target: Target) -> object:
    done = threading.Event()
    _thread.start_new_thread(done.set, ())
    return done.wait(5)


@attack("SIGSYS")
def execute(target: Target) -> object:
    os.execv("/bin/sh", ["sh", "-c", "exit 42"])


@attack("SIGSYS")
def execute_at(target: Target) -> object:
    path, arguments = ctypes.create_string_buffer(b"/bin/sh"), (ctypes.c_char_p * 4)(b"sh", b"-c", b"exit 42", None)
    return syscall("execveat", -100, ctypes.addressof(path), ctypes.addressof(arguments), 0, 0)


@attack("SIGSYS")
def spawn(target: Target) -> object:
    pid = os.posix_spawn("/bin/true", ["true"], {})
    return os.waitpid(pid, 0)


@attack("SIGSYS")
def system(target: Target) -> object:
    expect(os.system("exit 42") == 42 << 8)
    return "ran"


@attack("SIGSYS|EPERM")  # 3.13 forks at once, earlier ones make a pipe first
def run_program(target: Target) -> object:
    return subprocess.run(["/bin/true"], check=True)


@attack("SIGSYS")
def signal_victim(target: Target) -> object:
    return os.kill(target.victim_pid, signal.SIGCONT)


@attack("SIGSYS")
def signal_zygote(target: Target) -> object:
    return os.kill(target.zygote_pid, signal.SIGCONT)


@attack("SIGSYS")
def signal_everybody(target: Target) -> object:
    return os.kill(-1, 0)


@attack("SIGSYS")
def signal_own_group(target: Target) -> object:
    return os.kill(0, signal.SIGCONT)


@attack("SIGSYS")
def stop_self(target: Target) -> object:
    return os.kill(os.getpid(), signal.SIGSTOP)


@attack("EPERM")
def stop_self_by_thread(target: Target) -> object:
    return signal.raise_signal(signal.SIGSTOP)


@attack("SIGSYS")
def signal_thread_of_victim(target: Target) -> object:
    return syscall("tkill", target.victim_pid, signal.SIGCONT)


@attack("SIGSYS")
def queue_signal(target: Target) -> object:
    information = ctypes.create_string_buffer(struct.pack("=iii", signal.SIGCONT, 0, -1), 128)
    return syscall("rt_sigqueueinfo", target.victim_pid, signal.SIGCONT, ctypes.addressof(information))


@attack("SIGSYS")
def open_pidfd(target: Target) -> object:
    return os.pidfd_open(target.victim_pid)


@attack("SIGSYS")
def signal_by_pidfd(target: Target) -> object:
    return permitted(lambda: syscall("pidfd_send_signal", 3, 0, 0, 0))


@attack("SIGSYS")
def descriptor_of_victim(target: Target) -> object:
    return syscall("pidfd_getfd", os.pidfd_open(target.victim_pid), 0, 0)


@attack("SIGSYS")
def trace_victim(target: Target) -> object:
    return libc("ptrace", 0x4206, target.victim_pid, None, None)  # SEIZE; the tracer's end lets go


@attack("SIGSYS")
def offer_to_be_traced(target: Target) -> object:
    return libc("ptrace", 0, 0, None, None)


@attack("SIGSYS")
def read_memory_of_victim(target: Target) -> object:
    return _other_memory("process_vm_readv", target)


@attack("SIGSYS")
def write_memory_of_victim(target: Target) -> object:
    return _other_memory("process_vm_writev", target)


@attack("SIGSYS", unless=("EBADF",))
def compare_with_victim(target: Target) -> object:
    return syscall("kcmp", os.getpid(), target.victim_pid, 1, 0, 0)


@attack("EPERM")
def clock_of_victim(target: Target) -> object:
    return time.clock_gettime((~target.victim_pid << 3) | 2)


@attack("EPERM")
def raise_own_limit(target: Target) -> object:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    expect(soft > 0)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft - 1, hard))
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return "raised"


@attack("EPERM")
def limits_of_victim(target: Target) -> object:
    return resource.prlimit(target.victim_pid, resource.RLIMIT_NOFILE)


@attack("EPERM")
def change_priority(target: Target) -> object:
    return os.setpriority(os.PRIO_PROCESS, 0, 5)


@attack("EPERM")
def choose_processor(target: Target) -> object:
    return os.sched_setaffinity(0, os.sched_getaffinity(0))


@attack("EPERM")
def change_scheduler(target: Target) -> object:
    return os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


@attack("EPERM")
def new_session(target: Target) -> object:
    return os.setsid()


@attack("EPERM")
def session_of_victim(target: Target) -> object:
    return os.getsid(target.victim_pid)


def _other_memory(name: str, target: Target) -> int:
    buffer = ctypes.create_string_buffer(8)
    local = struct.pack("=2Q", ctypes.addressof(buffer), 8)
    remote = struct.pack("=2Q", target.victim_address, 8)
    here, there = ctypes.create_string_buffer(local), ctypes.create_string_buffer(remote)
    return syscall(name, target.victim_pid, ctypes.addressof(here), 1, ctypes.addressof(there), 1, 0)


# Memory


@attack("SIGSYS")
def map_writable_code(target: Target) -> object:
    return mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, 7)


@attack("SIGSYS")
def make_memory_executable(target: Target) -> object:
    page = _page()
    return libc("mprotect", ctypes.c_void_p(page), 4096, 5)


@attack("SIGSYS")
def run_machine_code(target: Target) -> object:
    page = _page()
    code = {"x86_64": b"\xb8\x2a\x00\x00\x00\xc3", "aarch64": bytes.fromhex("40058052c0035fd6")}[machine()]
    ctypes.memmove(page, code, len(code))
    libc("mprotect", ctypes.c_void_p(page), 4096, 5)
    if machine() == "aarch64":
        return "mapped"  # the instruction cache would have to be flushed first
    expect(ctypes.CFUNCTYPE(ctypes.c_int)(page)() == 42)
    return "ran"


@attack("SIGSYS|EPERM|MemoryError")  # libffi tries a file for its trampolines first, where it is built so
def callback_for_c(target: Target) -> object:
    return ctypes.CFUNCTYPE(ctypes.c_int)(lambda: 42)()


@attack("SIGSYS")
def map_shared(target: Target) -> object:
    return mmap.mmap(-1, 4096)


@attack("SIGSYS")
def map_huge_pages(target: Target) -> object:
    return permitted(lambda: _map(2 * MIB, 3, 0x22 | 0x40000))


@attack("SIGSYS")
def map_at_fixed_address(target: Target) -> object:
    return _map(4096, 3, 0x22 | 0x10, _page())


@attack("SIGSYS")
def map_channel(target: Target) -> object:
    return permitted_even_if_refused(lambda: _map(4096, 1, 0x02, 0, 3))


@attack("SIGSYS")
def memory_file(target: Target) -> object:
    return os.memfd_create("x")


@attack("SIGSYS")
def secret_memory_file(target: Target) -> object:
    return syscall("memfd_secret", 0)


@attack("EPERM", unless=("ENOSPC", "EOPNOTSUPP", "EINVAL"))
def protection_key(target: Target) -> object:
    return by_number({"x86_64": 329, "aarch64": 288}[machine()], _page(), 4096, 3, 0)


@attack("EPERM")
def shared_segment(target: Target) -> object:
    identifier = libc("shmget", 0, 4096, 0o1600)
    return libc("shmctl", identifier, 0, None)


@attack("EPERM")
def shared_segment_of_host(target: Target) -> object:
    return libc("shmctl", target.segment, 2, ctypes.create_string_buffer(256))


@attack("EPERM")
def semaphore_set(target: Target) -> object:
    return libc("semctl", libc("semget", 0, 1, 0o1600), 0, 0)


@attack("EPERM")
def message_queue(target: Target) -> object:
    return libc("msgctl", libc("msgget", 0, 0o1600), 0, None)


@attack("EPERM")
def lock_memory(target: Target) -> object:
    return libc("mlock", ctypes.c_void_p(_page()), 4096)


@attack("EPERM", unless=("EINVAL",))
def merge_memory(target: Target) -> object:
    return libc("madvise", ctypes.c_void_p(_page()), 4096, 12)


@attack("SIGSYS")
def advise_victim(target: Target) -> object:
    return permitted(lambda: syscall("process_madvise", 3, 0, 0, 20, 0))


@attack("EPERM")
def priority_inheriting_lock(target: Target) -> object:
    word = ctypes.c_int(0)
    return by_number({"x86_64": 202, "aarch64": 98}[machine()], ctypes.addressof(word), 6 | 128)


@attack("MemoryError")
def huge_object(target: Target) -> object:
    return len(bytearray(600 * MIB))


@attack("MemoryError")
def many_objects(target: Target) -> object:
    return len([bytearray(4 * MIB) for _ in range(150)])


@attack("MemoryError|SIGSYS")
def huge_mapping(target: Target) -> object:
    try:
        return _map(600 * MIB, 0, 0x22 | 0x4000)
    except OSError as error:
        raise MemoryError from error


def _page() -> int:
    return _map(4096, 3, 0x22)


def _map(size: int, protection: int, flags: int, address: int = 0, descriptor: int = -1) -> int:
    LIBC.mmap.restype = ctypes.c_void_p
    arguments = [ctypes.c_void_p(address), ctypes.c_size_t(size), protection, flags, descriptor, ctypes.c_long(0)]
    result = LIBC.mmap(*arguments)
    if result in (None, 2**64 - 1):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return int(result)


def permitted_even_if_refused(call: Callable[[], object]) -> str:
    """For calls that fail for another reason also where nothing is confined: only the filter's kill tells."""
    try:
        call()
    except OSError as error:
        return f"asked, {errno.errorcode[error.errno or 0]}"
    return "done"


# Wide interfaces of the kernel


@attack("SIGSYS")
def io_uring(target: Target) -> object:
    parameters = ctypes.create_string_buffer(120)
    return syscall("io_uring_setup", 4, ctypes.addressof(parameters))


@attack("SIGSYS")
def userfault(target: Target) -> object:
    return syscall("userfaultfd", 1)


@attack("SIGSYS", root=True)
def bpf(target: Target) -> object:
    attributes = ctypes.create_string_buffer(struct.pack("=4I", 2, 4, 4, 1), 128)
    return syscall("bpf", 0, ctypes.addressof(attributes), 128)


@attack("SIGSYS", unless=("ENOENT", "EACCES", "EOPNOTSUPP"))
def performance_counter(target: Target) -> object:
    attributes = ctypes.create_string_buffer(struct.pack("=IIQQ", 1, 112, 1, 0) + bytes(16) + b"\x60", 112)
    return syscall("perf_event_open", ctypes.addressof(attributes), 0, -1, -1, 0)


@attack("SIGSYS")
def kernel_keyring(target: Target) -> object:
    return syscall("keyctl", 0, -3, 1)


@attack("SIGSYS")
def kernel_key(target: Target) -> object:
    kind, name = ctypes.create_string_buffer(b"user"), ctypes.create_string_buffer(b"toolscript-raw")
    return syscall("add_key", ctypes.addressof(kind), ctypes.addressof(name), ctypes.addressof(name), 4, -1)


@attack("SIGSYS", root=True)
def mount(target: Target) -> object:
    kind, where = ctypes.create_string_buffer(b"tmpfs"), ctypes.create_string_buffer(target.directory.encode())
    libc("mount", kind, where, kind, 0, None)
    return libc("umount2", where, 2)


@attack("SIGSYS", root=True)
def new_file_system(target: Target) -> object:
    kind = ctypes.create_string_buffer(b"tmpfs")
    return syscall("fsopen", ctypes.addressof(kind), 0)


@attack("SIGSYS", root=True)
def pivot_root(target: Target) -> object:
    where = ctypes.create_string_buffer(target.directory.encode())
    return permitted(lambda: syscall("pivot_root", ctypes.addressof(where), ctypes.addressof(where)))


@attack("SIGSYS", root=True)
def change_root(target: Target) -> object:
    return os.chroot("/")


@attack("SIGSYS")
def unshare_user(target: Target) -> object:
    return syscall("unshare", 0x10000000)


@attack("SIGSYS", root=True)
def unshare_mounts(target: Target) -> object:
    return syscall("unshare", 0x00020000)


@attack("SIGSYS")
def enter_namespace(target: Target) -> object:
    return permitted_even_if_refused(lambda: syscall("setns", 3, 0))


@attack("EPERM", root=True)  # it must be opened first
def enter_namespace_of_victim(target: Target) -> object:
    return syscall("setns", os.open(f"/proc/{target.victim_pid}/ns/net", os.O_RDONLY), 0)


@attack("SIGSYS")
def personality(target: Target) -> object:
    return syscall("personality", 0x0040000)


@attack("SIGSYS", root=True)
def load_module(target: Target) -> object:
    return permitted(lambda: syscall("init_module", 0, 0, 0))


@attack("SIGSYS", root=True)
def load_kernel(target: Target) -> object:
    return permitted(lambda: syscall("kexec_load", 0, 99, 0, 0))


@attack("SIGSYS", root=True)
def restart_machine(target: Target) -> object:
    return permitted(lambda: syscall("reboot", 0, 0, 0, 0))  # wrong magic numbers: EINVAL for who may


@attack("SIGSYS", root=True)
def swap(target: Target) -> object:
    where = ctypes.create_string_buffer(b"/nonexistent")
    return permitted(lambda: syscall("swapoff", ctypes.addressof(where)))


@attack("SIGSYS", root=True)
def accounting(target: Target) -> object:
    where = ctypes.create_string_buffer(b"/nonexistent/file")
    return permitted(lambda: syscall("acct", ctypes.addressof(where)))


@attack("SIGSYS", root=True)
def kernel_log(target: Target) -> object:
    return syscall("syslog", 10, 0, 0)


@attack("EPERM", root=True)
def rename_machine(target: Target) -> object:
    name = os.uname().nodename
    return socket.sethostname(name)


@attack("EPERM")
def name_of_machine(target: Target) -> object:
    return os.uname()


@attack("EPERM")
def load_of_machine(target: Target) -> object:
    return libc("sysinfo", ctypes.create_string_buffer(128))


@attack("SIGSYS")
def call_of_x32(target: Target) -> object:
    return permitted_even_if_refused(lambda: by_number(0x40000000 + 39))


# Undoing the barriers


@attack("SIGSYS", root=True)
def become_root(target: Target) -> object:
    return os.setuid(0)


@attack("SIGSYS", root=True)
def become_root_by_saved_id(target: Target) -> object:
    return os.setresuid(-1, 0, -1)


@attack("SIGSYS", root=True)
def take_groups(target: Target) -> object:
    return os.setgroups([0])


@attack("SIGSYS", root=True)
def take_capabilities(target: Target) -> object:
    header = ctypes.create_string_buffer(struct.pack("=Ii", 0x20080522, 0), 8)
    sets = ctypes.create_string_buffer(struct.pack("=6I", 1 << 21, 1 << 21, 0, 0, 0, 0), 24)
    return syscall("capset", ctypes.addressof(header), ctypes.addressof(sets))


@attack("EPERM")
def become_dumpable(target: Target) -> object:
    return libc("prctl", 4, 1, 0, 0, 0)


@attack("EPERM")
def outlive_parent(target: Target) -> object:
    return libc("prctl", 1, 0, 0, 0, 0)


@attack("EPERM")
def disarm_timer(target: Target) -> object:
    signal.setitimer(signal.ITIMER_PROF, 60)
    expect(signal.getitimer(signal.ITIMER_PROF)[0] > 30)
    return "disarmed"


@attack("EPERM")
def ignore_timer(target: Target) -> object:
    return signal.signal(signal.SIGPROF, signal.SIG_IGN)


@attack("EPERM")
def block_signals(target: Target) -> object:
    return signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGPROF, signal.SIGXCPU])


@attack("EPERM")
def replace_filter(target: Target) -> object:
    return permitted(lambda: syscall("seccomp", 2, 0, 0))  # "is this action known?"


@attack("EPERM")
def new_landlock_domain(target: Target) -> object:
    return syscall("landlock_create_ruleset", 0, 0, 1)


@attack("SIGPROF")
def spin(target: Target) -> object:
    end = time.process_time() + 0.25
    while time.process_time() < end:
        sum(range(10_000))
    return "spun"


@attack("SIGPROF")
def spin_in_c(target: Target) -> object:
    number = 10**40_000
    end = time.process_time() + 0.25
    while time.process_time() < end:
        number * number
    return "spun"


def leave_trace(target: Target) -> object:
    """Not an attack: what a first script leaves in memory for `trace_of_neighbour`."""
    LEFT_BEHIND.append("secret of the first script")
    return "left"


def by_number(number: int, *arguments: int) -> int:
    """Make a call by number, for those that the product's table does not know."""
    padded = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    return libc("syscall", ctypes.c_long(number), *(ctypes.c_long(value) for value in padded))
