"""The interpreters that this machine has, and a host whose zygotes and launchers are another one than its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

VERSIONS = ("3.11", "3.12", "3.13", "3.14")
_SAY = "import sys; print('%d.%d' % sys.version_info[:2], sys.executable)"


def find_pythons() -> dict[str, str]:
    """Return version and path of the running interpreter and one of each other version, on PATH or under pyenv."""
    found = {version: path for version in VERSIONS if (path := _find(version))}
    return found | {f"{sys.version_info.major}.{sys.version_info.minor}": sys.executable}


def _find(version: str) -> str | None:
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    try:
        installed = [str(path) for path in sorted(root.glob(f"{version}.*/bin/python"), reverse=True)]
    except PermissionError:
        installed = []
    candidates = [*installed, shutil.which(f"python{version}")]
    return next(filter(None, (_executable(path, version) for path in candidates if path)), None)


def _executable(candidate: str, version: str) -> str | None:
    """What it says that it is: a shim of pyenv is no interpreter, and may have none behind it."""
    done = subprocess.run([candidate, "-c", _SAY], capture_output=True, text=True, check=False)
    said, _, executable = done.stdout.strip().partition(" ")
    return executable if said == version else None


@contextmanager
def launching(python: str) -> Iterator[None]:
    """Have this host launch its zygotes and launchers as another interpreter, in which they need no packages."""
    from harness import fresh_interpreter

    own = fresh_interpreter.sys
    fresh_interpreter.sys = SimpleNamespace(executable=python)  # type: ignore[assignment]
    try:
        yield
    finally:
        fresh_interpreter.sys = own
