"""The command as a user starts it: a process of its own, in a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]

TOOLS = '''
import asyncio

from harness import tool


@tool
async def add(a: int, b: int = 1) -> int:
    """Add two numbers."""
    return a + b


@tool
async def nap(seconds: float) -> str:
    """Sleep on the host."""
    await asyncio.sleep(seconds)
    return "rested"


@tool
async def fail(reason: str) -> None:
    """Fail for a reason."""
    raise ValueError(reason)


def plain(text: str) -> str:
    """Return the text in capitals."""
    return text.upper()


ALL = [add, nap, fail, plain]
'''


@dataclass(frozen=True)
class Finished:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Command = Callable[..., Finished]


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of the command: it finds the packages, and nothing else of this one's matters."""
    path = os.pathsep.join(filter(None, [str(CHECKOUT), os.environ.get("PYTHONPATH")]))
    return {"PATH": os.environ["PATH"], "PYTHONPATH": path, "LANG": "C.UTF-8", **(extra or {})}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder with a module of tools in it."""
    (tmp_path / "my_tools.py").write_text(TOOLS, encoding="utf-8")
    return tmp_path


@pytest.fixture
def toolscript(folder: Path) -> Command:
    """Run `toolscript` with arguments in `folder`, to its end."""

    def run(*arguments: str, stdin: str | bytes = "", env: Mapping[str, str] | None = None) -> Finished:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            [sys.executable, "-m", "harness.cli", *arguments],
            cwd=folder,
            input=data,
            capture_output=True,
            env=environment({"XDG_CONFIG_HOME": str(folder / ".config"), **(env or {})}),
            timeout=60,
            check=False,
        )
        return Finished(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run
