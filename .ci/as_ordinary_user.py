"""Repeats tests as the user nobody, when root runs the suite: barriers differ with privileges.

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
    """Run pytest with this program's arguments as nobody; as an ordinary user there is nothing to repeat."""
    if os.geteuid() != 0:
        print("as_ordinary_user: this is an ordinary user already; the suite itself covers it")
        return
    with tempfile.TemporaryDirectory(prefix="toolscript-nobody-") as scratch:
        folder = Path(scratch)
        folder.chmod(0o755)
        python = copy_interpreter(folder / "python")
        copy_project(folder / "checkout")
        home = folder / "home"
        home.mkdir()
        os.chown(home, NOBODY, NOBODY)
        done = subprocess.run(
            [str(python), "-m", "pytest", "-p", "no:cacheprovider", *sys.argv[1:]],
            cwd=folder / "checkout",
            env=environment(folder, home),
            user=NOBODY,
            group=NOBODY,
            extra_groups=[],
            umask=0o022,
            check=False,
        )
    sys.exit(done.returncode)


def copy_interpreter(target: Path) -> Path:
    """Copy executable and standard library; the copy finds its library beside itself."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    executable = Path(sys.base_prefix) / "bin" / version
    (target / "bin").mkdir(parents=True)
    shutil.copy2(executable.resolve(), target / "bin" / version)
    library = target / "lib" / version
    shutil.copytree(sysconfig.get_path("stdlib", vars=base_paths()), library, ignore=LEFT_OUT)
    if sysconfig.get_config_var("Py_ENABLE_SHARED"):
        for shared in Path(str(sysconfig.get_config_var("LIBDIR"))).glob("libpython3*.so*"):
            shutil.copy2(shared, target / "lib")
    shutil.copytree(
        sysconfig.get_path("purelib"), target / "installed", ignore=shutil.ignore_patterns("__pycache__")
    )
    return target / "bin" / version


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
        "LD_LIBRARY_PATH": str(folder / "python" / "lib"),
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(folder / "python" / "installed"),
        "TMPDIR": str(home),
    }


if __name__ == "__main__":
    main()
