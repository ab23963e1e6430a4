"""Real processes are killed at random points of many runs: nothing is left behind, lost, or done twice."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from harness import AuditLog
from harness.audit import verify_chain
from tests.processes import (
    Process,
    Table,
    adopting_orphans,
    below,
    children,
    described,
    launchers,
    living,
    table,
    wait_until,
    zygotes,
)
from tests.soak.measured import measured
from tests.soak.scale import scaled, seeded

ENDS = {
    None,  # all went well
    "cancelled",  # by the host's own caller
    "worker.crashed",
    "limit.wall_time",
    "tool.failed",  # a command whose supervisor was killed as it started it
    "sandbox.unavailable",  # both launchers that a command was given to were killed
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "workspace").mkdir()
    return tmp_path


class Host:
    """A host under storm: what it says, and every process that was ever seen below it."""

    def __init__(self, folder: Path, *, names: str, runs: int, seed: int) -> None:
        order = {"folder": str(folder), "names": names, "runs": runs, "at_once": 12, "seed": seed}
        self.others = below(os.getpid())
        program = [sys.executable, "-m", "tests.soak.storm_host", json.dumps(order)]
        self.process = subprocess.Popen(
            program, text=True, **dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        )
        self.said: list[dict[str, Any]] = []
        self.seen: set[Process] = set()
        self.errors = ""
        self.bury: Callable[[], None] = lambda: None
        self._readers = [threading.Thread(target=read) for read in (self._read, self._read_errors)]
        for reader in self._readers:
            reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with suppress(ValueError):  # the host was killed in the middle of it
                self.said.append(json.loads(line))

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        self.errors = self.process.stderr.read()

    @property
    def lives(self) -> bool:
        return self.process.poll() is None

    def strike(self, chance: random.Random) -> str:
        """Kill one of its processes, and say which kind it was."""
        now = table()
        self.seen |= below(self.process.pid, now)
        kind, victims = self._victims(chance, now)
        if not victims:
            return "nobody"
        with suppress(ProcessLookupError):
            os.kill(chance.choice(victims), signal.SIGKILL)
        return kind

    def _victims(self, chance: random.Random, now: Table) -> tuple[str, list[int]]:
        tops, starters = zygotes(self.process.pid, now), launchers(self.process.pid, now)
        workers = [pid for top in tops for pid in children(top, now)]  # the first of its PID namespace among them
        everybody = {process.pid for process in below(self.process.pid, now)}
        commands = sorted(everybody - {*tops, *starters, *workers})
        draw = chance.random()
        if draw < 0.08:
            return "zygote", tops
        if draw < 0.12:
            return "launcher", starters
        if draw < 0.30:
            return "command or its supervisor", commands
        return "worker", workers

    def let_go(self) -> None:
        """Tell it that nothing is killed any more."""
        assert self.process.stdin is not None
        self.process.stdin.close()

    def end(self) -> None:
        """Wait until all that it said is read."""
        self.process.wait()
        for reader in self._readers:
            reader.join()
        self.process.__exit__(None, None, None)


@contextmanager
def host(folder: Path, *, names: str, runs: int, seed: int) -> Iterator[Host]:
    with adopting_orphans() as bury:
        running = Host(folder, names=names, runs=runs, seed=seed)
        running.bury = bury
        try:
            yield running
        finally:
            running.process.kill()
            running.end()


def test_a_storm_of_kills_leaves_no_orphan_loses_no_record_and_does_nothing_twice(folder: Path) -> None:
    chance = seeded("storm")
    runs = scaled(short=80, long=3_000)
    struck: Counter[str] = Counter()
    with host(folder, names="run", runs=runs, seed=chance.randrange(10**6)) as storm:
        assert wait_until(lambda: storm.said or not storm.lives, timeout_s=60), "it did not start"
        while storm.lives and len(storm.said) <= runs:
            # At the pace of the runs, so that a busy machine gets something done between two kills.
            so_far = len(storm.said) + chance.randrange(3)
            wait_until(lambda so_far=so_far: len(storm.said) > so_far or not storm.lives, timeout_s=0.5)
            time.sleep(chance.random() * 0.01)
            struck[storm.strike(chance)] += 1
        storm.let_go()
        storm.end()
        assert_gone(storm)
    assert storm.process.returncode == 0, storm.errors
    *told, over, after = storm.said
    codes = Counter(run["code"] or "well" for run in told)
    measured(
        f"{runs:,} runs, 12 at once, in a storm of kills",
        killed=", ".join(f"{times} {kind}" for kind, times in sorted(struck.items()) if kind != "nobody"),
        runs_that_ended=", ".join(f"{times} {code}" for code, times in codes.most_common()),
    )
    assert (len(told), over) == (runs, {"storm": "over"})
    assert {run["code"] for run in told} <= ENDS, [run for run in told if run["code"] not in ENDS]
    assert after["after"] == "calm\n"
    assert after["descriptors"] < 80
    assert_counted(folder, finished=[run["name"] for run in told if run["ok"]])
    kinds = Counter(record["kind"] for record in records(folder))
    assert kinds["run_started"] == kinds["run_finished"]
    assert verify_chain(folder / "audit.jsonl").recovered == 0


def test_hosts_that_are_killed_leave_no_process_and_a_record_that_goes_on(folder: Path) -> None:
    chance = seeded("hosts")
    rounds = scaled(short=2, long=40)
    finished: list[str] = []
    for number in range(rounds):
        with host(folder, names=f"host{number}.", runs=10**6, seed=chance.randrange(10**6)) as victim:
            assert wait_until(lambda: victim.said or not victim.lives, timeout_s=60), "it did not start"
            for _ in range(chance.randrange(6)):
                time.sleep(chance.random() * 0.1)
                victim.strike(chance)
            victim.seen |= below(victim.process.pid)
            victim.process.kill()
            victim.end()
            assert_gone(victim)
        finished += [run["name"] for run in victim.said if run.get("ok")]
    AuditLog(folder / "audit.jsonl").append("call", {"after": "the storm"})  # it goes on where it was torn
    report = verify_chain(folder / "audit.jsonl")
    measured(
        f"{rounds} hosts killed in the middle of their runs",
        runs_that_had_ended=f"{len(finished)}",
        records=f"{report.records:,}, {report.recovered} torn",
    )
    assert report.recovered <= rounds
    assert_counted(folder, finished=finished)


def assert_gone(ended: Host) -> None:
    """Nothing that was ever seen below a host lives, and nothing that never was came to us when it lost its parent."""

    def left() -> set[Process]:
        ended.bury()
        return living(ended.seen) | (below(os.getpid()) - ended.others)

    assert wait_until(lambda: not left()), described(left())


def assert_counted(folder: Path, *, finished: list[str]) -> None:
    """Hold effects and records against each other."""
    report = verify_chain(folder / "audit.jsonl")
    assert report.problem is None
    effects = Counter((folder / "effects").read_text().split())
    commands = folder / "workspace" / "effects-of-commands"
    effects += Counter(commands.read_text().split() if commands.exists() else ())
    assert {mark: times for mark, times in effects.items() if times > 1} == {}
    decided = {mark for record in records(folder) for mark in marks(record)}
    assert set(effects) - decided == set()
    assert {f"{name}.{number}" for name in finished for number in range(4)} <= set(effects)


def records(folder: Path) -> list[dict[str, Any]]:
    """The whole records; a line that was torn is none."""
    found = []
    for line in (folder / "audit.jsonl").read_text(errors="replace").splitlines():
        with suppress(ValueError):
            found.append(json.loads(line))
    return found


def marks(record: dict[str, Any]) -> Iterator[str]:
    """The effects that a record decides about."""
    if record["kind"] == "decision":
        arguments = record["arguments"]
        if "mark" in arguments:
            yield arguments["mark"]
        if "command" in arguments:
            yield arguments["command"][-1].removeprefix("echo ").partition(" ")[0]
