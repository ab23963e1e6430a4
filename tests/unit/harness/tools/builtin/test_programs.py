"""What a command's first word means."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.tools.builtin.programs import host_path, missing_program, resolve_program
from policy.grants import Grants


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path.resolve())


class Machine:
    """A folder that commands may write, `ws`, and two that they may not."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("ws", "bin", "other"):
            (root / name).mkdir()
        self.ws = root / "ws"
        self.grants = Grants(writable=(str(self.ws),))

    def program(self, place: str) -> str:
        path = self.root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("#!/bin/sh\n")
        path.chmod(0o755)
        return str(path)

    def link(self, place: str, target: str) -> str:
        path = self.root / place
        path.symlink_to(target if target.startswith(".") else self.root / target)
        return str(path)

    def resolve(self, name: str, *path: str, cwd: str = "ws") -> tuple[str | None, bool]:
        entries = ":".join(item if item.startswith((".", "/")) or not item else str(self.root / item) for item in path)
        return resolve_program(name, cwd=str(self.root / cwd), path=entries, grants=self.grants)


def test_a_bare_name_is_the_first_on_the_path(machine: Machine) -> None:
    first = machine.program("bin/agit")
    machine.program("other/agit")
    assert machine.resolve("agit", "bin", "other") == (first, True)


def test_a_file_of_that_name_in_the_workspace_is_passed_over(machine: Machine) -> None:
    machine.program("ws/agit")
    assert machine.resolve("agit", "ws", ".", "") == (None, False)
    real = machine.program("bin/agit")
    assert machine.resolve("agit", "ws", ".", "", "bin") == (real, True)


def test_an_entry_that_is_a_link_into_the_workspace_is_passed_over(machine: Machine) -> None:
    machine.program("ws/tools/agit")
    machine.link("linked", "ws/tools")
    real = machine.program("bin/agit")
    assert machine.resolve("agit", "linked", "bin") == (real, True)
    assert host_path(f"{machine.root}/linked:{machine.root}/bin", machine.grants.writable) == f"{machine.root}/bin"


def test_a_program_that_is_a_link_into_the_workspace_is_passed_over(machine: Machine) -> None:
    machine.program("ws/mine")
    machine.link("bin/agit", "ws/mine")
    assert machine.resolve("agit", "bin") == (None, False)


def test_a_link_that_only_passes_through_the_workspace_is_passed_over(machine: Machine) -> None:
    """Its ends lie outside, but what is in the middle can be swapped."""
    machine.program("other/agit")
    machine.link("ws/middle", "other")
    machine.link("bin/agit", "ws/middle/agit")
    assert machine.resolve("agit", "bin") == (None, False)
    machine.link("entry", "ws/middle")
    assert machine.resolve("agit", "entry") == (None, False)


def test_a_link_outside_keeps_its_own_name(machine: Machine) -> None:
    machine.program("other/busybox")
    link = machine.link("bin/ls", "other/busybox")
    assert machine.resolve("ls", "bin") == (link, True)


@pytest.mark.parametrize("name", ["./run", "sub/../run", "../ws/run", "{root}/ws/run"])
def test_a_path_is_taken_below_the_working_folder_and_never_counts_as_from_path(machine: Machine, name: str) -> None:
    (machine.ws / "sub").mkdir()
    program = machine.program("ws/run")
    assert machine.resolve(name.format(root=machine.root), "ws") == (program, False)


def test_a_path_counts_as_from_path_when_it_is_the_very_file(machine: Machine) -> None:
    real = machine.program("bin/agit")
    assert machine.resolve(real, "bin") == (real, True)
    assert machine.resolve("../bin/agit", "bin") == (real, True)
    other = machine.program("other/agit")
    assert machine.resolve(other, "bin", "other") == (other, False)


def test_a_link_in_the_workspace_to_the_very_file_does_not_count(machine: Machine) -> None:
    """It is the file of the host now, and something else once it is swapped."""
    machine.program("bin/agit")
    link = machine.link("ws/agit", "bin/agit")
    assert machine.resolve("./agit", "bin") == (link, False)


@pytest.mark.parametrize("name", ["folder", "text", "nothing", "", ".", "..", "loop", "broken"])
def test_only_a_regular_file_that_may_be_executed_is_a_program(machine: Machine, name: str) -> None:
    (machine.root / "bin/folder").mkdir()
    (machine.root / "bin/text").write_text("x")
    machine.link("bin/loop", "bin/loop")
    machine.link("bin/broken", "bin/gone")
    assert machine.resolve(name, "bin") == (None, False)
    assert machine.resolve(f"../bin/{name}", "bin") == (None, False)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("agti", "did you mean 'agit'?"),
        ("git status", 'one item of the list is one word: ["ls", "-l"], not ["ls -l"]'),
        ("cd", 'cd is a word of shells, not a program: ["bash", "-lc", "cd ..."]'),
        ("here", "write './here' for the one here"),
        ("./hree", "did you mean './here'?"),
        ("./text", "'./text' is a file that may not be executed"),
        ("./sub", "'./sub' is a folder"),
        ("./q", "relative to cwd"),
        ("zzzzzz", "which"),
    ],
)
def test_a_missing_program_comes_with_what_was_perhaps_meant(machine: Machine, name: str, hint: str) -> None:
    machine.program("bin/agit")
    machine.program("ws/here")
    (machine.ws / "text").write_text("")
    (machine.ws / "sub").mkdir()
    error = missing_program(name, cwd=str(machine.ws), path=str(machine.root / "bin"))
    assert error.code == "tool.failed"
    assert name in error.message
    assert hint in (error.hint or "")
