"""Ctrl-C, SIGTERM and a reader that leaves: a run stops cleanly and still prints its outcome."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from tests.e2e.conftest import environment
from tests.e2e.processes import wait_gone, wait_until
from tests.processes import descendants

WAITING = "print('before')\nawait tools.add(a=1)\nawait tools.nap(seconds=30)\n"
SPINNING = "print('before')\nawait tools.add(a=1)\nwhile True:\n    sum(range(1000))\n"
RESTING = '''

@tool
async def rest() -> None:
    """Write a file, and sleep."""
    open("resting", "x").close()
    await asyncio.sleep(60)


ALL.append(rest)
'''


def start(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "harness.cli", "run", "script.py", "--tools", "my_tools:ALL", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("script", [WAITING, SPINNING])
def test_a_signal_stops_the_run_and_prints_the_outcome(folder: Path, how: signal.Signals, script: str) -> None:
    (folder / "script.py").write_text(script)
    process = start(folder, "--events")
    assert process.stdout is not None
    while json.loads(process.stdout.readline())["kind"] != "call_finished":
        pass
    below = descendants(process.pid)
    assert below
    process.send_signal(how)
    out, err = process.communicate(timeout=10)
    last = json.loads(out.splitlines()[-1])
    assert last["kind"] == "run_finished"
    assert last["outcome"]["error"]["code"] == "run.cancelled"
    assert last["outcome"]["logs"] == "before\n"
    assert last["outcome"]["calls"][0]["status"] == "ok"
    assert process.returncode == 130
    assert err == b""
    assert not wait_gone(below, 3)


def test_the_outcome_is_one_object_after_a_signal_too(folder: Path) -> None:
    with (folder / "my_tools.py").open("a") as tools:
        tools.write(RESTING)
    (folder / "script.py").write_text("return await tools.rest()")
    process = start(folder, "--json")
    wait_until((folder / "resting").exists)
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=10)
    assert json.loads(out)["error"]["code"] == "run.cancelled"
    assert process.returncode == 130


def test_a_killed_command_leaves_no_process_behind(folder: Path) -> None:
    (folder / "script.py").write_text(SPINNING)
    process = start(folder, "--events")
    assert process.stdout is not None
    while json.loads(process.stdout.readline())["kind"] != "call_finished":
        pass
    below = descendants(process.pid)
    assert below
    process.kill()
    process.communicate(timeout=10)
    assert not wait_gone(below, 5)


def test_a_reader_that_leaves_ends_the_command_without_a_traceback(folder: Path) -> None:
    script = "for i in range(40):\n    print('x' * 900)\n    await tools.add(a=i)\nreturn 1\n"
    (folder / "script.py").write_text(script)
    process = start(folder, "--events")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=15) == 141
    assert err == b""


def test_ctrl_c_while_reading_standard_input_exits_at_once(folder: Path) -> None:
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "harness.cli", "run", "-"],
        cwd=folder,
        stdin=reading,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        # A suite that was started in the background has SIGINT ignored, and its children would inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    os.write(writing, b"x = 1\n")
    wait_until(lambda: waiting_bytes(reading) == 0)  # it reads
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)
    os.close(reading)
    os.close(writing)
    assert (process.returncode, out, err) == (130, b"", b"toolscript: interrupted\n")


def waiting_bytes(pipe: int) -> int:
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder)
