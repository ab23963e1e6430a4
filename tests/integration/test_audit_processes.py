"""The audit record when real processes write it at once, fork, or are killed in the middle of a write."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from harness.audit import AuditLog, verify_chain
from tests.e2e.conftest import environment

WRITER = """
import sys
from harness.audit import AuditLog
log = AuditLog(sys.argv[1])
for n in range(int(sys.argv[2])):
    log.append("call", {"n": n, "text": "x" * int(sys.argv[3])})
    if n == 0:
        print("begun", flush=True)
"""
FORKED = """
import os, sys
from harness.audit import AuditLog
log = AuditLog(sys.argv[1])
child = os.fork()
for n in range(200):
    log.append("call", {"by": "child" if child == 0 else "parent"})
if child == 0:
    os._exit(0)
sys.exit(os.waitpid(child, 0)[1])
"""

KILLED_AT_EVERY_BYTE = """
import os, signal, sys
import harness.audit.log
from harness.audit import AuditLog, verify_chain

write = os.write

def write_and_die(fd, data):
    write(fd, data[:cut])
    os.kill(os.getpid(), signal.SIGKILL)

length = len(AuditLog(sys.argv[1], clock=lambda: 1.5).append("call", {"n": 0})) and os.path.getsize(sys.argv[1])
for first in (True, False):
    for cut in range(length + 1):
        os.unlink(sys.argv[1])
        log = AuditLog(sys.argv[1], clock=lambda: 1.5)
        head = None if first else log.append("call", {"n": 1})
        child = os.fork()
        if child == 0:
            os.write = write_and_die
            log.append("call", {"n": 2})
            os._exit(0)
        assert os.waitpid(child, 0)[1] == signal.SIGKILL
        AuditLog(sys.argv[1]).append("call", {"n": 3})
        report = verify_chain(sys.argv[1], head=head)
        assert report.ok, (first, cut, report)
        assert report.recovered == (0 < cut < length - 1), (first, cut, report)
print(length)
"""


def start(program: str, *arguments: object) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, env=environment())


def end(process: subprocess.Popen[bytes]) -> int:
    process.communicate(timeout=60)
    return process.returncode


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "audit.jsonl"


def test_processes_and_threads_that_append_at_once_make_one_chain(path: Path) -> None:
    processes = [start(WRITER, path, 300, 50) for _ in range(2)]
    log = AuditLog(path)
    threads = [threading.Thread(target=lambda: [log.append("call", {"n": n}) for n in range(200)]) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [end(process) for process in processes] == [0, 0]
    report = verify_chain(path)
    assert (report.problem, report.records, report.recovered) == (None, 1200, 0)


def test_after_a_fork_the_child_takes_turns_with_its_parent(path: Path) -> None:
    assert end(start(FORKED, path)) == 0
    report = verify_chain(path)
    assert (report.problem, report.records) == (None, 400)


def test_a_chain_can_be_checked_while_it_is_written(path: Path) -> None:
    process = start(WRITER, path, 2_000, 20_000)
    assert process.stdout is not None
    process.stdout.readline()
    problems = [verify_chain(path).problem for _ in range(5)]
    process.kill()
    end(process)
    assert problems == [None] * 5


def test_a_writer_that_is_killed_at_any_moment_leaves_a_file_that_is_continued(path: Path) -> None:
    rounds = 8
    for _ in range(rounds):
        process = start(WRITER, path, 100_000, 200_000)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(random.random() * 0.05)
        process.kill()
        assert end(process) == -signal.SIGKILL
        AuditLog(path).append("call", {"n": -1})
        report = verify_chain(path)
        assert report.problem is None
        path.unlink()


@pytest.mark.parametrize("size", [100, 250_000])
def test_what_was_appended_before_the_kill_is_there(path: Path, size: int) -> None:
    process = start(WRITER, path, 100_000, size)
    assert process.stdout is not None
    process.stdout.readline()
    process.kill()
    end(process)
    AuditLog(path)
    assert verify_chain(path).records >= 1


def test_a_process_that_is_killed_at_any_byte_of_a_record_leaves_a_file_that_is_continued(path: Path) -> None:
    process = start(KILLED_AT_EVERY_BYTE, path)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert int(out) > 150  # bytes of a record
