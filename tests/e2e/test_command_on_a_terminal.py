"""The live view, in a pseudo-terminal."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pexpect
import pytest

from tests.e2e.conftest import environment

SCRIPT = """
import asyncio
progress("resting now")
print("a line\\x1b[2J of output")
await asyncio.gather(tools.nap(seconds=1.2), tools.add(a=1, b=2))
return {"done": True}
"""


def start(folder: Path, *arguments: str, env: dict[str, str] | None = None) -> pexpect.spawn[str]:
    (folder / "script.py").write_text(SCRIPT)
    return pexpect.spawn(
        sys.executable,
        ["-m", "harness.cli", "run", "script.py", "--tools", "my_tools:ALL", *arguments],
        cwd=str(folder),
        env=environment({"TERM": "xterm-256color", **(env or {})}),  # type: ignore[arg-type]  # the stubs want os._Environ
        encoding="utf-8",
        dimensions=(40, 100),
        timeout=15,
    )


def test_calls_are_shown_with_their_lines_while_they_run(folder: Path) -> None:
    terminal = start(folder)
    terminal.expect("resting now")
    terminal.expect(r"line 5.*tools\.nap")
    before = terminal.before
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0
    shown = plain(before + terminal.after if isinstance(terminal.after, str) else before) + plain(terminal.before)
    assert re.search(r"✓ +tools\.add\(a=1, b=2\)", shown)
    assert re.search(r"✓ +tools\.nap\(seconds=1\.2\)", shown)
    assert '"done": true' in shown
    assert "2 calls" in shown


def test_what_a_script_prints_cannot_drive_the_terminal(folder: Path) -> None:
    terminal = start(folder)
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert "a line\\x1b[2J of output" in terminal.before
    assert "\x1b[2J" not in terminal.before


def test_ctrl_c_stops_the_run_and_shows_what_was_done(folder: Path) -> None:
    terminal = start(folder)
    terminal.expect("resting now")
    terminal.sendintr()
    terminal.expect("run.cancelled")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 130


@pytest.mark.parametrize("env", [{"TERM": "dumb"}, {"NO_COLOR": "1"}])
def test_simple_terminals_get_no_colours(folder: Path, env: dict[str, str]) -> None:
    terminal = start(folder, env=env)
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert not re.search(r"\x1b\[(\d+;)*3[0-8]", terminal.before)  # 30 to 38 are colours; italics are 3
    assert '"done": true' in plain(terminal.before)


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)
