"""Builds the wheel, looks into it, installs it into an empty environment and uses it from elsewhere."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

RUN_A_SCRIPT = """
import asyncio
from pathlib import Path

import harness
from harness import Harness, tool

assert not Path(harness.__file__).is_relative_to({checkout!r}), harness.__file__


@tool
async def add(a: int, b: int) -> int:
    "Add two numbers."
    return a + b


async def main():
    async with Harness(tools=[add]) as h:
        outcome = await h.run("return await tools.add(a=1, b=2)")
    assert outcome.ok and outcome.value == 3, outcome


asyncio.run(main())
"""


def main() -> None:
    """Run every step; the first that fails ends the program with its output."""
    with tempfile.TemporaryDirectory(prefix="toolscript-wheel-") as scratch:
        folder = Path(scratch)
        wheel = build_wheel(folder)
        check_contents(wheel)
        python = install(wheel, folder / "environment")
        outside = folder / "elsewhere"
        outside.mkdir()
        run(python, "-c", RUN_A_SCRIPT.format(checkout=str(ROOT)), cwd=outside)
        command = python.parent / "toolscript"
        answer = run(command, "run", "-", cwd=outside, stdin="return sum(range(5))\n")
        if answer.strip() != "10":
            sys.exit(f"wheel: the command printed {answer!r} for a script that returns 10")
    print(f"wheel: {wheel.name} installs into an empty environment, and runs there")


def build_wheel(folder: Path) -> Path:
    run(Path(sys.executable), "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=ROOT)
    (wheel,) = folder.glob("*.whl")
    return wheel


def check_contents(wheel: Path) -> None:
    """Only the two packages are in it, and nothing that lies under tests/ (the guard-less worker does)."""
    names = zipfile.ZipFile(wheel).namelist()
    strangers = [n for n in names if not n.startswith(("harness/", "policy/", "toolscript-"))]
    test_files = {path.name for path in (ROOT / "tests").rglob("*.py")} - {"__init__.py"}
    shipped = {Path(n).name for n in names}
    tests = [n for n in names if "test" in Path(n).parts[1:-1] or Path(n).name.startswith("test_")]
    # A test module may be named like a module of the product; a guard-less worker may not.
    raw = {n for n in test_files & shipped if n.startswith(("raw", "guardless", "unguarded"))}
    if strangers or tests or raw:
        sys.exit(f"wheel: these files do not belong in it: {sorted([*strangers, *tests, *raw])}")
    for needed in ("harness/py.typed", "policy/py.typed"):
        if needed not in names:
            sys.exit(f"wheel: {needed} is missing")


def install(wheel: Path, environment: Path) -> Path:
    run(Path(sys.executable), "-m", "venv", str(environment), cwd=ROOT)
    python = environment / "bin" / "python"
    pip = ("-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    run(python, *pip, "--require-hashes", "-r", str(ROOT / "requirements.lock"), cwd=ROOT)
    run(python, *pip, "--no-deps", "--no-index", str(wheel), cwd=ROOT)
    run(python, "-m", "pip", "check", cwd=ROOT)
    return python


def run(program: Path, *arguments: str, cwd: Path, stdin: str = "") -> str:
    done = subprocess.run([str(program), *arguments], cwd=cwd, input=stdin, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"wheel: {program.name} {' '.join(arguments)[:200]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
