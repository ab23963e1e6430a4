"""Repeats tests as the user nobody, when root runs the suite: barriers differ with privileges.

    as_ordinary_user.py PYTEST_ARGUMENTS
    as_ordinary_user.py --module NAME ARGUMENTS      another program of the checkout than pytest; it finds a copy of
                                                     every Python of this machine

The interpreter and the checkout may lie where an ordinary user cannot read (a home of mode 0700), so both are
copied into a folder of their own first: the interpreter with its standard library, what is installed, the two
packages and the tests.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOBODY = 65534
NOT_NEEDED = ("test", "tests", "idlelib", "tkinter", "lib2to3", "ensurepip", "config-*", "*.a")
LEFT_OUT = shutil.ignore_patterns("site-packages", "dist-packages", *NOT_NEEDED)
NO_BYTECODE = shutil.ignore_patterns("__pycache__", "results")


def main() -> None:
    """Run pytest, or a module, as nobody; as an ordinary user there is nothing to repeat."""
    if os.geteuid() != 0:
        print("as_ordinary_user: this is an ordinary user already; the suite itself covers it")
        return
    with tempfile.TemporaryDirectory(prefix="toolscript-nobody-") as scratch:
        folder = Path(scratch)
        folder.chmod(0o755)
        python = copy_interpreter(Path(sys.executable), folder / "python")
        shutil.copytree(sysconfig.get_path("purelib"), site_packages(python), copy_function=linked_or_copied)
        copy_project(folder / "checkout")
        others = copy_other_interpreters(folder / "pyenv") if sys.argv[1:2] == ["--module"] else []
        for each in (python, *others):
            compile_ahead(each, each.parent.parent, folder / "checkout")
        home = folder / "home"
        home.mkdir()
        os.chown(home, NOBODY, NOBODY)
        done = subprocess.run(
            [str(python), "-m", *program(sys.argv[1:])],
            cwd=folder / "checkout",
            env=environment(folder, home),
            user=NOBODY,
            group=NOBODY,
            extra_groups=[],
            umask=0o022,
            check=False,
        )
    sys.exit(done.returncode)


def program(arguments: list[str]) -> list[str]:
    if arguments[:1] == ["--module"]:
        return arguments[1:]
    return ["pytest", "-p", "no:cacheprovider", *arguments]


@dataclass(frozen=True)
class Interpreter:
    """What an interpreter says of itself, or of the one that its virtual environment is of."""

    version: str
    name: str
    base: str
    library: str
    shared: str | None


SAY = """
import json, sys, sysconfig
base = {"installed_base": sys.base_prefix, "installed_platbase": sys.base_prefix}
print(json.dumps({
    "version": "%d.%d.%d" % sys.version_info[:3],
    "name": "python%d.%d" % sys.version_info[:2],
    "base": sys.base_prefix,
    "library": sysconfig.get_path("stdlib", vars=base),
    "shared": sysconfig.get_config_var("LIBDIR") if sysconfig.get_config_var("Py_ENABLE_SHARED") else None,
}))
"""


def described(python: Path) -> Interpreter:
    said = subprocess.run([str(python), "-c", SAY], capture_output=True, text=True, check=True).stdout
    return Interpreter(**json.loads(said))


def copy_interpreter(source: Path, target: Path) -> Path:
    """Copy executable and standard library; the copy finds its library beside itself."""
    about = described(source)
    python = target / "bin" / about.name
    python.parent.mkdir(parents=True)
    shutil.copy2((Path(about.base) / "bin" / about.name).resolve(), python)
    shutil.copytree(about.library, target / "lib" / about.name, ignore=LEFT_OUT)
    if about.shared:
        copy_shared_library(python, Path(about.shared))
    return python


def copy_other_interpreters(root: Path) -> list[Path]:
    """Copy every other Python of this machine to where `find_pythons` looks if PYENV_ROOT is this folder."""
    sys.path.insert(0, str(ROOT))
    from tests.pythons import find_pythons

    copies = []
    for source in find_pythons().values():
        if source != sys.executable:
            python = copy_interpreter(Path(source), root / "versions" / described(Path(source)).version)
            python.with_name("python").symlink_to(python.name)
            copies.append(python)
    return copies


def compile_ahead(python: Path, *folders: Path) -> None:
    """Compile all that was copied: nobody can keep bytecode there, so each process of a test would compile anew.

    A file that is no Python of this version is not compiled, which is no failure.
    """
    quietly = ["-m", "compileall", "-qq", "-j", "0", *map(str, folders)]
    subprocess.run([str(python), *quietly], check=False, env={}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def copy_shared_library(python: Path, home: Path) -> None:
    """Copy libpython from its home, and let the copied executable look for it beside itself.

    A worker starts with an empty environment, so LD_LIBRARY_PATH cannot say where it is.
    """
    for library in home.glob("libpython3*.so*"):
        shutil.copy2(library, python.parent.parent / "lib")
    built_in, beside = f"{home}\0".encode(), b"$ORIGIN/../lib\0"
    program = python.read_bytes()
    if built_in in program and len(beside) <= len(built_in):
        python.write_bytes(program.replace(built_in, beside.ljust(len(built_in), b"\0")))


def linked_or_copied(source: str, target: str) -> None:
    """Give a file a second name, which needs no time; where that cannot be, as on another disk, copy it."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def site_packages(python: Path) -> Path:
    """Return where the copy looks for what is installed; distributions differ in it."""
    program = "import site; print(site.getsitepackages()[0])"
    found = subprocess.run([str(python), "-c", program], env={}, capture_output=True, text=True, check=True)
    return Path(found.stdout.strip())


def copy_project(target: Path) -> None:
    target.mkdir()
    for name in ("harness", "policy", "tests"):
        shutil.copytree(ROOT / name, target / name, ignore=NO_BYTECODE)
    shutil.copy2(ROOT / "pyproject.toml", target)


def environment(folder: Path, home: Path) -> dict[str, str]:
    return {
        "HOME": str(home),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(home / "hypothesis"),
        "LANG": "C.UTF-8",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "PYENV_ROOT": str(folder / "pyenv"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": str(home),
    }


if __name__ == "__main__":
    main()
