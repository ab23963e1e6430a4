"""`toolscript run --events` beside a reader that does not read."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import environment

FLOOD = '''
from harness import ToolContext, tool


@tool
async def flood(context: ToolContext, pieces: int) -> int:
    """Produce output without ever waiting."""
    for _ in range(pieces):
        context.emit_delta("stdout", "x" * 1000)
    return pieces
'''


@pytest.fixture
def command(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A run that produces megabytes of output, into a pipe that nobody reads yet."""
    (folder / "flood.py").write_text(FLOOD, encoding="utf-8")
    (folder / "script.py").write_text("return await tools.flood(pieces=5000)", encoding="utf-8")
    words = ["run", "script.py", "--events", "--tools", "flood:flood", "--audit", "audit.jsonl"]
    process = subprocess.Popen(
        [sys.executable, "-m", "harness.cli", *words],
        cwd=folder,
        env=environment({"XDG_CONFIG_HOME": str(folder / ".config")}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with process:
        yield process
        process.kill()


def wait_finished(audit: Path) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if audit.exists() and '"kind":"run_finished"' in audit.read_text():
            return
        time.sleep(0.05)
    pytest.fail("the run waits for its reader")


def test_the_run_ends_while_nobody_reads_and_says_what_was_left_out(
    folder: Path, command: subprocess.Popen[bytes]
) -> None:
    wait_finished(folder / "audit.jsonl")
    out, _ = command.communicate(timeout=30)
    events = [json.loads(line) for line in out.splitlines()]
    assert command.returncode == 0
    assert [event["seq"] for event in events] == list(range(len(events)))
    assert events[-1]["kind"] == "run_finished"
    assert events[-1]["outcome"]["value"] == 5000
    shown = sum(len(event["text"]) for event in events if event["kind"] == "output_delta")
    assert events[-1]["dropped_deltas"] == 5000 - shown // 1000 > 3000


def test_a_second_signal_ends_the_command_whose_output_nobody_reads(
    folder: Path, command: subprocess.Popen[bytes]
) -> None:
    wait_finished(folder / "audit.jsonl")
    command.send_signal(signal.SIGINT)
    time.sleep(0.3)
    command.send_signal(signal.SIGINT)
    assert command.wait(timeout=30) == 130


def test_the_command_ends_when_its_reader_leaves(folder: Path, command: subprocess.Popen[bytes]) -> None:
    wait_finished(folder / "audit.jsonl")
    assert command.stdout is not None
    command.stdout.close()
    assert command.wait(timeout=30) == 141
