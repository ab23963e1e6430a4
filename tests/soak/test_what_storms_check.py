"""What a storm is checked by notices what it is there for: each check fails on what it must not let pass."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness import AuditLog
from tests.processes import below
from tests.soak import test_storms as storms

MARKS = [f"run1.{number}" for number in range(4)]


def a_run(folder: Path) -> None:
    """Write the effects of a run, and the records of its decisions, as a host does."""
    (folder / "effects").write_text("".join(f"{mark}\n" for mark in MARKS))
    log = AuditLog(folder / "audit.jsonl")
    for mark in MARKS:
        log.append("decision", {"arguments": {"mark": mark}})
    log.close()


def test_a_run_that_is_all_right_passes(tmp_path: Path) -> None:
    a_run(tmp_path)
    storms.assert_counted(tmp_path, finished=["run1"])


def test_an_effect_that_was_done_twice_is_noticed(tmp_path: Path) -> None:
    a_run(tmp_path)
    with (tmp_path / "effects").open("a") as effects:
        effects.write("run1.2\n")
    with pytest.raises(AssertionError):
        storms.assert_counted(tmp_path, finished=["run1"])


def test_an_effect_that_did_not_come_is_noticed(tmp_path: Path) -> None:
    a_run(tmp_path)
    (tmp_path / "effects").write_text("run1.0\nrun1.1\n")
    with pytest.raises(AssertionError):
        storms.assert_counted(tmp_path, finished=["run1"])


def test_a_record_that_is_lost_is_noticed(tmp_path: Path) -> None:
    a_run(tmp_path)
    log = tmp_path / "audit.jsonl"
    kept = log.read_text().splitlines(keepends=True)
    log.write_text("".join(kept[:-1]))  # the last one: no record behind it tells of it
    with pytest.raises(AssertionError):
        storms.assert_counted(tmp_path, finished=["run1"])
    log.write_text("".join([kept[0], *kept[2:]]))
    with pytest.raises(AssertionError):
        storms.assert_counted(tmp_path, finished=["run1"])


def test_a_record_that_was_changed_is_noticed(tmp_path: Path) -> None:
    a_run(tmp_path)
    log = tmp_path / "audit.jsonl"
    first, *rest = log.read_text().splitlines()
    record = json.loads(first)
    record["arguments"]["mark"] = "run1.9"
    log.write_text("\n".join([json.dumps(record), *rest]) + "\n")
    with pytest.raises(AssertionError):
        storms.assert_counted(tmp_path, finished=[])


@contextmanager
def orphan() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["sleep", "60"]) as left:
        try:
            yield left
        finally:
            left.kill()


def test_a_process_that_is_left_is_noticed_whether_it_was_seen_before_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storms, "wait_until", lambda is_so: is_so())
    ended: Any = SimpleNamespace(bury=lambda: None, seen=set(), others=below(os.getpid()))
    storms.assert_gone(ended)
    with orphan():
        with pytest.raises(AssertionError):
            storms.assert_gone(ended)
        ended.seen, ended.others = below(os.getpid()) - ended.others, below(os.getpid())
        with pytest.raises(AssertionError):
            storms.assert_gone(ended)
    storms.assert_gone(ended)
