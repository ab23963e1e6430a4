"""`toolscript doctor --self-test` and the trial at every start: they see each barrier that is not there.

The barriers are taken away in the processes of the product itself, so what is seen is what would be seen on a machine
that accepts a barrier and does not keep it.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from harness.cli.self_test import SelfTest, self_test_text
from harness.confine import BARRIERS, command_acts, worker_acts
from harness.confine.barriers import COMMAND_BARRIERS
from harness.confine.trial import HUNG, THROUGH, Trial, tried
from harness.errors import SandboxError
from tests.security import barriers_off
from tests.security.command_sandbox import without as command_without

IS_ROOT = os.geteuid() == 0
TEST = "import sys; from harness.cli import main; sys.argv = ['toolscript', 'doctor', '--self-test', '--json']; main()"
NO_KILL = "from harness.confine import process_tree; process_tree.kill = lambda *a, **k: None"
EVERYTHING = "\n".join(
    (
        command_without.LANDLOCK,
        command_without.SCOPES,
        command_without.FILTER,
        command_without.CAPABILITIES,
        command_without.PRIVILEGES,
        command_without.CEILINGS,
        command_without.DESCRIPTORS,
        command_without.SESSION,
        command_without.VIEWS,
        command_without.IPC,
        command_without.NETWORK,
        command_without.WATCH,
        command_without.PROCESSES,
        NO_KILL,
    )
)
WORKER_ACTS = (*worker_acts.ACTS, "be_read_by_its_user", "outlive_zygote")
# Without any barrier too, the kernel lets only root do these.
OF_ROOT = {("worker", "mount"), ("worker", "become_root"), ("command", "mount"), ("command", "use_capability")}
# What one barrier of a worker and one of a command alone stop. Two are taken away at once, each in its own place.
ALONE = {
    "seccomp, and the filter": (
        "seccomp",
        {"use_keys", "become_dumpable", "disarm_timer", "map_executable"},
        command_without.FILTER,
        {"make_set_uid", "connect_unix", "unshare", "use_keys"},
    ),
    "rlimits, and the ceilings": (
        "rlimits",
        {"exceed_memory", "exceed_time"},
        command_without.CEILINGS,
        {"write_large_file", "exceed_memory", "raise_limit"},
    ),
    "the empty environment, and the closed descriptors": (
        "empty_environment",
        {"see_environment"},
        command_without.DESCRIPTORS,
        {"use_descriptor"},
    ),
    "undumpable, and the views": (
        "undumpable",
        {"be_read_by_its_user"},
        command_without.VIEWS,
        {"change_mode_outside", "write_git", "read_hidden"},
    ),
}
REFUSING = """
from harness.confine import seccomp
def refuse(program): raise OSError(38, "not there")
seccomp.install_program = refuse
"""


@dataclass(frozen=True)
class Report:
    """What the command printed, and what it left in its folder for temporary files."""

    code: int
    said: dict[str, Any]
    left: tuple[str, ...]

    def failed(self, place: str) -> set[str]:
        return {act["name"] for act in self.said[place]["acts"] if act["promised"] and not act["held"]}


@cache
def report(worker: tuple[str, ...] = (), command: str = "") -> Report:
    with TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        program = f"import tempfile; tempfile.tempdir = {folder!r}\n{TEST}"
        done = barriers_off.run(program, worker=worker, command=command)
        assert done.stdout, done.stderr
        return Report(done.returncode, json.loads(done.stdout), tuple(os.listdir(folder)))


def test_everything_holds_here() -> None:
    found = report()
    assert found.code == 0
    assert found.said["ok"]
    for place, names in (("worker", WORKER_ACTS), ("command", tuple(command_acts.ACTS))):
        assert tuple(act["name"] for act in found.said[place]["acts"]) == names
        assert found.failed(place) == set()


@pytest.mark.parametrize(
    ("place", "name"),
    [*(("worker", name) for name in WORKER_ACTS), *(("command", name) for name in command_acts.ACTS)],
    ids=lambda part: part,
)
def test_an_act_is_reported_as_failed_where_what_stops_it_is_gone(place: str, name: str) -> None:
    found = report(BARRIERS, command_without.VIEWS if name == "change_mode_outside" else EVERYTHING)
    if (place, name) in OF_ROOT and not IS_ROOT:
        pytest.skip("without any barrier too, only root may do it")
    assert name in found.failed(place)
    assert found.code == 5
    assert not found.said["ok"]
    assert not found.said[place]["ok"]


@pytest.mark.parametrize("barriers", ALONE)
def test_one_barrier_alone_is_missed(barriers: str) -> None:
    worker, acts, command, acts_of_commands = ALONE[barriers]
    found = report((worker,), command)
    assert found.failed("worker") == acts
    assert found.failed("command") == acts_of_commands
    assert found.code == 5


def test_what_no_barrier_promises_here_is_said_and_is_no_failure() -> None:
    """Without a mount namespace nothing keeps a command from changing modes, and nothing says so."""
    found = report((), command_without.SEPARATION)
    [act] = [act for act in found.said["command"]["acts"] if act["name"] == "change_mode_outside"]
    assert (act["held"], act["promised"]) == (False, False)
    assert found.said["command"]["missing"]["mount_namespace"] == "a test took it away"
    assert found.code == 0


def test_a_place_where_a_demanded_barrier_cannot_be_had_is_told_of_and_the_other_is_tried() -> None:
    found = report((), REFUSING)
    assert found.said["command"]["error"]["code"] == "sandbox.unavailable"
    assert found.said["worker"]["ok"]
    assert found.code == 5


def test_nothing_of_a_self_test_stays_behind() -> None:
    before = _segments()
    assert report().left == report(BARRIERS, EVERYTHING).left == ()
    assert _segments() <= before


def _segments() -> set[str]:
    lines = Path("/proc/sysvipc/shm").read_text(encoding="utf-8").splitlines()[1:]
    return {line.split()[1] for line in lines if line.split()[2] == "1666"}


def test_every_act_names_barriers_that_there_are() -> None:
    assert {barrier for act in worker_acts.ACTS.values() for barrier in act.stopped_by} <= set(BARRIERS)
    of_commands = {
        name for act in command_acts.ACTS.values() for barrier in act.stopped_by for name in barrier.split("|")
    }
    assert of_commands <= set(COMMAND_BARRIERS)
    assert set(worker_acts.AT_START) <= set(worker_acts.ACTS)


def test_the_text_is_a_line_for_each_act_and_says_what_it_comes_to() -> None:
    stopped = tried("a", "do this", ["seccomp", "landlock"], "EPERM", up=["seccomp", "landlock"])
    through = tried("b", "do that too", ["seccomp", "landlock"], THROUGH, up=["seccomp"])
    unpromised = tried("c", "do more", ["landlock"], THROUGH, up=["seccomp"])
    trial = Trial(("seccomp",), {"landlock": "ENOSYS (Function not implemented)"}, (stopped, through, unpromised))
    assert self_test_text(SelfTest({"worker": trial})).splitlines() == [
        "a worker, below the language: 1 of 3 forbidden acts were stopped",
        "  held    do this      EPERM        seccomp, landlock",
        "  FAILED  do that too  got through  seccomp",
        "  open    do more      got through  no barrier promises it here: landlock ENOSYS (Function not implemented)",
        "1 act got through that a barrier promises to stop: do not run scripts on this machine",
    ]
    error = SandboxError("sandbox.unavailable", "the barrier seccomp cannot be put up: ENOSYS")
    assert self_test_text(SelfTest({"command": error})).splitlines() == [
        "a command cannot be started: sandbox.unavailable: the barrier seccomp cannot be put up: ENOSYS",
        "not everything could be tried",
    ]
    held = Trial(("seccomp",), {}, (stopped,))
    assert self_test_text(SelfTest({"worker": held})).endswith("whatever a barrier promises to stop was stopped")


def test_an_act_that_hangs_was_not_stopped() -> None:
    assert tried("a", "do this", ["seccomp"], HUNG, up=["seccomp"]).failed


# The trial at every start

START = """
import asyncio, sys
from harness import Harness, HarnessError

async def main():
    try:
        async with Harness(confinement=sys.argv[1]) as harness:
            print((await harness.run("return 1")).value)
    except HarnessError as error:
        print(error.code, error.details.get("act"), error.details.get("barriers"))

asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("confinement", "without", "act"),
    [
        ("required", ["seccomp"], "become_dumpable ['seccomp']"),
        ("required", ["rlimits"], "exceed_memory ['rlimits']"),
        ("required", ["empty_environment"], "see_environment ['empty_environment']"),
        (
            "required",
            ["seccomp", "rlimits", "empty_root", "landlock"],
            "open_file ['seccomp', 'rlimits', 'landlock', 'empty_root']",
        ),
        ("strict", ["seccomp"], "become_dumpable ['seccomp']"),
    ],
)
def test_a_harness_does_not_start_where_an_act_gets_through(confinement: str, without: list[str], act: str) -> None:
    done = barriers_off.run(START, confinement, worker=without)
    assert done.stdout == f"sandbox.unavailable {act}\n", done.stderr


def test_a_harness_that_demands_nothing_starts_all_the_same() -> None:
    assert barriers_off.run(START, "none", worker=["seccomp"]).stdout == "1\n"


def test_each_act_of_the_start_is_noticed_by_itself() -> None:
    """The others are left out in turn, and every barrier is off."""
    done = barriers_off.run(f"ACTS = {worker_acts.AT_START}\n{STARTS_WITH_ONE}", worker=BARRIERS)
    assert done.stdout.split() == list(worker_acts.AT_START), done.stderr


STARTS_WITH_ONE = """
import asyncio
from harness import Harness, HarnessError
from harness.runtimes.cpython import launch

BEFORE = launch._BOOTSTRAP

async def main():
    for act in ACTS:
        left = f"from harness.confine import worker_acts; worker_acts.AT_START = ({act!r},); main(fd)"
        launch._BOOTSTRAP = BEFORE.replace("main(fd)", left)
        try:
            async with Harness(pool_size=1):
                pass
        except HarnessError as error:
            print(error.details["act"])

asyncio.run(main())
"""
