"""Repeats tests as the user nobody, when root runs the suite: barriers differ with privileges.

    as_ordinary_user.py PYTEST_ARGUMENTS
    as_ordinary_user.py --module NAME ARGUMENTS      another program of the checkout than pytest

The interpreter and the checkout may lie where an ordinary user cannot read (a home of mode 0700), so both are
copied into a folder of their own first: the interpreter with its standard library, what is installed, the two
packages and the tests.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOBODY = 65534
NOT_NEEDED = ("test", "tests", "idlelib", "tkinter", "lib2to3", "ensurepip", "config-*", "*.a")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "site-packages", "dist-packages", *NOT_NEEDED)
NO_BYTECODE = shutil.ignore_patterns("__pycache__", "results")


def main() -> None:
    """Run pytest, or a module, as nobody; as an ordinary user there is nothing to repeat."""
    if os.geteuid() != 0:
        print("as_ordinary_user: this is an ordinary user already; the suite itself covers it")
        return
    with tempfile.TemporaryDirectory(prefix="toolscript-nobody-") as scratch:
        folder = Path(scratch)
        folder.chmod(0o755)
        python = copy_interpreter(folder / "python")
        copy_project(folder / "checkout")
        compile_ahead(python, folder)
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


def copy_interpreter(target: Path) -> Path:
    """Copy executable and standard library; the copy finds its library beside itself."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    executable = Path(sys.base_prefix) / "bin" / version
    (target / "bin").mkdir(parents=True)
    shutil.copy2(executable.resolve(), target / "bin" / version)
    library = target / "lib" / version
    shutil.copytree(sysconfig.get_path("stdlib", vars=base_paths()), library, ignore=LEFT_OUT)
    python = target / "bin" / version
    if sysconfig.get_config_var("Py_ENABLE_SHARED"):
        copy_shared_library(python, target / "lib")
    shutil.copytree(sysconfig.get_path("purelib"), site_packages(python), ignore=NO_BYTECODE)
    return python


def compile_ahead(python: Path, folder: Path) -> None:
    """Compile all that was copied: nobody can keep bytecode there, so each process of a test would compile anew.

    A file that is no Python of this version is not compiled, which is no failure.
    """
    quietly = ["-m", "compileall", "-qq", "-j", "0", str(folder)]
    subprocess.run([str(python), *quietly], check=False, env={}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def copy_shared_library(python: Path, folder: Path) -> None:
    """Copy libpython, and let the copied executable look for it beside itself.

    A worker starts with an empty environment, so LD_LIBRARY_PATH cannot say where it is.
    """
    home = Path(str(sysconfig.get_config_var("LIBDIR")))
    for library in home.glob("libpython3*.so*"):
        shutil.copy2(library, folder)
    built_in, beside = f"{home}\0".encode(), b"$ORIGIN/../lib\0"
    program = python.read_bytes()
    if built_in in program and len(beside) <= len(built_in):
        python.write_bytes(program.replace(built_in, beside.ljust(len(built_in), b"\0")))


def site_packages(python: Path) -> Path:
    """Return where the copy looks for what is installed; distributions differ in it."""
    program = "import site; print(site.getsitepackages()[0])"
    found = subprocess.run([str(python), "-c", program], env={}, capture_output=True, text=True, check=True)
    return Path(found.stdout.strip())


def base_paths() -> dict[str, str]:
    return {"installed_base": sys.base_prefix, "installed_platbase": sys.base_prefix}


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
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": str(home),
    }


if __name__ == "__main__":
    main()
