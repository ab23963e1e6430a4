"""The interpreters that this machine has, to run the raw tests on."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

VERSIONS = ("3.11", "3.12", "3.13", "3.14")


def find_pythons() -> dict[str, str]:
    """Return version and path of the running interpreter and one of each other version, on PATH or under pyenv."""
    found = {version: path for version in VERSIONS if (path := _find(version))}
    return found | {f"{sys.version_info.major}.{sys.version_info.minor}": sys.executable}


def _find(version: str) -> str | None:
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    try:
        installed = sorted(root.glob(f"{version}.*/bin/python"))
    except PermissionError:
        installed = []
    if installed:
        return str(installed[-1])
    on_path = shutil.which(f"python{version}")
    return on_path if on_path and "shims" not in on_path else None
