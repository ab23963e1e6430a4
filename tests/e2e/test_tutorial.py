"""A tutorial is one path: its files are written and its commands run in order, in one folder, at a terminal.

- A fence that is `text` or `python`, below a sentence that ends with a file's name in backticks and a colon, is that file.
- ```` ```console ```` holds commands behind `$`, and what they show. A line `...` stands for any lines, `...` within a line for any
  text. What stands behind `question [...]:` is typed there. Everything that is shown must come, in this order.
- ```` ```bash ```` installs, which `.ci/check_wheel.py` does in an empty environment.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pexpect
import pytest

from tests.e2e.conftest import CHECKOUT, environment

PAGES: Final = sorted((CHECKOUT / "docs" / "tutorial").glob("*.md"))
_FENCE: Final = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_NAMED: Final = re.compile(r"`([\w./-]+)`:\s*\Z")
_PROMPT: Final = re.compile(r"^question \[.*\]: (.*)$")
_ESCAPE: Final = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z]|\][^\x07]*\x07)")
_FOLDER: Final = "/home/you/first-write"


def steps(page: str) -> Iterator[tuple[str, str]]:
    """The fences of a page in order: name and content of a file, or "" and a command with what it shows."""
    for fence in _FENCE.finditer(page):
        language, text = fence.groups()
        if language == "console":
            yield from (("", command) for command in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:])
        elif language != "bash":
            named = _NAMED.search(page[: fence.start()])
            assert named, f"no file is named above: {text}"
            yield named[1], text


def run_at_terminal(command: str, answers: list[str], folder: Path) -> str:
    """Run a command of the page, and answer its questions. Return all that it showed, without colours."""
    program, _, arguments = command.partition(" ")
    module = {"toolscript": "-m harness.cli", "python": ""}[program]
    terminal = pexpect.spawn(
        f"{sys.executable} {module} {arguments}",
        cwd=str(folder),
        env=environment({"TERM": "xterm", "HOME": str(folder)}),  # type: ignore[arg-type]  # the stubs want os._Environ
        encoding="utf-8",
        dimensions=(50, 400),  # as wide as no line is wrapped
        timeout=30,
    )
    shown = ""
    for answer in answers:
        terminal.expect(r"\? *\]: ")
        shown += f"{terminal.before}{terminal.after}"
        terminal.sendline(answer)
    terminal.expect(pexpect.EOF)
    terminal.close()
    return _ESCAPE.sub("", shown + str(terminal.before))


def pattern_of(line: str, folder: Path) -> str:
    """A regular expression for a line of the page; how wide the gaps between its words are does not matter."""
    words = line.replace(_FOLDER, str(folder)).split()
    return r"\s*" + r"\s+".join(re.escape(word).replace(r"\.\.\.", ".*") for word in words) + r"\s*"


@pytest.mark.parametrize("path", PAGES, ids=[path.stem for path in PAGES])
def test_a_tutorial_goes_as_it_is_told(path: Path, tmp_path: Path) -> None:
    folder = Path(os.path.realpath(tmp_path))
    for name, text in steps(path.read_text(encoding="utf-8")):
        if name:
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
            continue
        command, *expected = text.rstrip().splitlines()
        answers = [found[1] for found in map(_PROMPT.match, expected) if found]
        came = run_at_terminal(command, answers, folder).splitlines()
        rest = iter(came)
        for line in expected:
            if line != "...":
                wanted = re.compile(pattern_of(line, folder))
                assert any(wanted.fullmatch(each) for each in rest), f"{command}: {line!r} did not come:\n" + "\n".join(
                    came
                )


def test_a_tutorial_is_there() -> None:
    assert PAGES
