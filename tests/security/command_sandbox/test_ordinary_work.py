"""What commands do for a living works in the sandbox, with namespaces and without."""

from __future__ import annotations

import shutil
import sys

import pytest

from tests.security.command_sandbox.conftest import Sandbox


@pytest.fixture
def roomy(sandbox: Sandbox) -> Sandbox:
    """A workspace without anything protected, and /tmp: as a command in a plain folder has it."""
    for name in (".git", ".toolscript"):
        shutil.rmtree(sandbox.workspace / name)
    return sandbox.granted(hidden=[])


SCRIPTS = {
    "write a file": "echo new > new.txt && cat new.txt && rm new.txt",
    "write below a folder": "echo new > folder/new.txt && mkdir folder/sub && mv folder/new.txt folder/sub && rm -r folder/sub",
    "append and truncate": "echo more >> file.txt && : > file.txt && test ! -s file.txt",
    "links": "ln -s file.txt link && ln file.txt hard && readlink link && rm link hard",
    "rename": "mv file.txt other.txt && mv other.txt file.txt",
    "modes and times": "touch -d 2001-01-01 file.txt && chmod 755 file.txt && test -x file.txt && chmod 644 file.txt",
    "pipes": "seq 1000 | sort -rn | head -n 1 | grep -qx 1000",
    "a here-document": "cat <<END | grep -q word\nword\nEND",
    "process substitution": "diff <(echo a) <(echo a)",
    "devices": "echo x > /dev/null && head -c 4 /dev/zero | wc -c && head -c 4 /dev/urandom | wc -c && ! echo > /dev/full",
    "standard streams by name": "echo out > /dev/stdout && echo err > /dev/stderr && echo in | cat /dev/stdin",
    "a fifo": "mkfifo fifo && (echo through > fifo &) && cat fifo && rm fifo",
    "background jobs": "sleep 0.05 & wait",
    "signals to itself": "trap 'exit 0' USR1; kill -USR1 $$; exit 1",
    "signals to a child": "sleep 60 & kill %1; wait %1; test $? = 143",
    "locale": "locale > /dev/null && date > /dev/null",
    "users": "id && whoami && ls -l /",
    # Names alone of /proc: without namespaces it lists every process, and one that ends meanwhile has nothing to say to -l.
    "list folders": "ls -la . / /etc > /dev/null && ls -a /proc > /dev/null && find . -name '*.txt' | grep -q deep",
    "read the system": "cat /etc/passwd /proc/self/status /proc/cpuinfo > /dev/null",
    "processes": "ps aux | grep -q bash",
    "archive": "tar cf a.tar folder && tar xf a.tar && gzip a.tar && rm a.tar.gz",
}


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS.keys())
def test_a_shell_can(roomy: Sandbox, script: str) -> None:
    done = roomy.shell(f"set -e; {script}" if not script.startswith(("sleep", "trap")) else script)
    assert done.ok, done


@pytest.mark.parametrize("name", ["write below a folder", "append and truncate", "pipes", "a here-document", "devices"])
def test_a_shell_can_where_something_is_protected(sandbox: Sandbox, name: str) -> None:
    done = sandbox.shell(f"set -e; {SCRIPTS[name]}")
    assert done.ok, done


PROGRAMS = {
    "threads": "import threading; t = [threading.Thread(target=print, args=(1,)) for _ in range(20)]; [x.start() for x in t]; [x.join() for x in t]",
    "subprocess": "import subprocess; assert subprocess.run(['echo', 'a'], capture_output=True, text=True).stdout == 'a\\n'",
    "a pool that forks": "import multiprocessing as m\nwith m.get_context('fork').Pool(3) as p: assert p.map(abs, [-1, -2]) == [1, 2]",
    "a pool that spawns": "import multiprocessing as m\nif __name__ == '__main__':\n with m.get_context('spawn').Pool(2) as p: assert p.map(abs, [-1, -2]) == [1, 2]",
    "shared memory": "from multiprocessing.shared_memory import SharedMemory as S; s = S(create=True, size=100_000); s.buf[5] = 7; s.close(); s.unlink()",
    "asyncio": "import asyncio\nasync def f():\n p = await asyncio.create_subprocess_exec('true'); assert await p.wait() == 0\nasyncio.run(f())",
    "a database": "import sqlite3; c = sqlite3.connect('a.db'); c.execute('pragma journal_mode=wal'); c.execute('create table t(x)'); c.execute('insert into t values (1)'); c.commit(); c.close()",
    "temporary files": "import tempfile; f = tempfile.NamedTemporaryFile(dir='.'); f.write(b'x'); f.flush(); d = tempfile.mkdtemp(dir='.'); import shutil; shutil.rmtree(d)",
    "file locks": "import fcntl; f = open('file.txt', 'a'); fcntl.flock(f, fcntl.LOCK_EX); fcntl.lockf(f, fcntl.LOCK_EX)",
    "a memory map": "import mmap; f = open('m', 'wb+'); f.write(b'x' * 8192); f.flush(); m = mmap.mmap(f.fileno(), 0); m[0] = 65; m.flush()",
    "a memory file": "import os; f = os.memfd_create('x'); os.write(f, b'x')",
    "a socket pair": "import socket; a, b = socket.socketpair(); a.send(b'x'); assert b.recv(1) == b'x'; a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)",
    "ctypes callbacks": "import ctypes; f = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(lambda x: x + 1); assert f(1) == 2",
    "its own /proc": "open('/proc/self/environ').read(); open('/proc/self/maps').read(); __import__('os').listdir('/proc/self/fd')",
    "its child's /proc": "import os, subprocess as s; p = s.Popen(['sleep', '9']); open(f'/proc/{p.pid}/environ').read(); p.kill(); p.wait()",
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_python_can(roomy: Sandbox, program: str) -> None:
    (roomy.workspace / "program.py").write_text(program)
    done = roomy.granted(writable=[str(roomy.workspace), "/tmp"]).run(sys.executable, "program.py")
    assert done.ok, done


TOOLS = {
    "git status": ("git", "git status --short && git log --oneline && git diff --stat"),
    "gcc": ("gcc", "printf 'int main(void){return 0;}' > folder/a.c && gcc -o folder/a folder/a.c && folder/a"),
    "make": (
        "make",
        "printf 'all:\\n\\t@echo made > folder/out\\n' > folder/Makefile && make -f folder/Makefile && cat folder/out",
    ),
    "node": (
        "node",
        'node -e \'require("fs").writeFileSync("folder/n", String(1)); require("child_process").execSync("true")\'',
    ),
    "java": ("java", "java -version"),
    "sqlite": ("sqlite3", "sqlite3 folder/a.db 'create table t(x); insert into t values(1); select * from t'"),
    "pytest": (
        sys.executable,
        f"printf 'def test_a(): pass' > folder/test_a.py && {sys.executable} -m pytest -q -p no:cacheprovider folder",
    ),
}


@pytest.mark.parametrize(("program", "script"), TOOLS.values(), ids=TOOLS.keys())
def test_a_tool_works_beside_what_is_protected(sandbox: Sandbox, program: str, script: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    done = sandbox.shell(
        script,
        env={
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": "/",
            "TMPDIR": str(sandbox.workspace / "folder"),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
    )
    assert done.ok, done


def test_temporary_files_go_to_tmp_where_it_is_granted(sandbox: Sandbox) -> None:
    done = sandbox.shell(
        "f=$(mktemp /tmp/XXXXXX) && echo x > $f && rm $f", grants={"writable": ["/tmp"], "protected": [], "hidden": []}
    )
    assert done.ok, done


def test_what_a_command_writes_is_there_afterwards(roomy: Sandbox) -> None:
    assert roomy.shell("umask 027; echo done > result; mkdir made").ok
    assert (roomy.workspace / "result").read_text() == "done\n"
    assert (roomy.workspace / "result").stat().st_mode & 0o777 == 0o640


def test_a_new_file_can_be_made_beside_what_is_protected_if_there_are_namespaces(sandbox: Sandbox) -> None:
    done = sandbox.shell("echo new > new.txt")
    assert done.protection == ("mount_namespace" if sandbox.has_namespaces else "landlock")
    assert done.ok == sandbox.has_namespaces, done
