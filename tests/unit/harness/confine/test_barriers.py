"""Which barriers a confinement demands, and how the lack of one is told."""

from __future__ import annotations

import errno
import resource
import subprocess
import sys
import tomllib
from inspect import signature
from pathlib import Path

import pytest

import harness.confine
from harness.confine import BARRIERS, REQUIRED, WHERE_ALLOWED, confine_child, confine_zygote
from harness.confine.barriers import BarrierRecord
from harness.confine.landlock import _attributes
from harness.errors import SandboxError

ROOT = Path(__file__).resolve().parents[4]


def fail() -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


def test_a_barrier_is_either_required_or_put_up_where_allowed() -> None:
    assert not set(REQUIRED) & set(WHERE_ALLOWED)
    assert (*REQUIRED, *WHERE_ALLOWED) == BARRIERS
    assert len(BARRIERS) == 16


@pytest.mark.parametrize("barrier", BARRIERS)
def test_a_demanded_barrier_that_fails_is_an_error_that_names_it(barrier: str) -> None:
    with pytest.raises(SandboxError) as caught:
        BarrierRecord("strict").put_up(barrier, fail)
    assert caught.value.code == "sandbox.unavailable"
    assert barrier in caught.value.message
    assert "EPERM" in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("barrier", WHERE_ALLOWED)
def test_required_confinement_goes_on_without_the_second_group(barrier: str) -> None:
    record = BarrierRecord("required")
    assert not record.put_up(barrier, fail)
    assert record.missing == {barrier: "EPERM (Operation not permitted)"}
    assert record.held == []


@pytest.mark.parametrize("barrier", BARRIERS)
def test_without_confinement_nothing_raises(barrier: str) -> None:
    record = BarrierRecord("none")
    record.put_up(barrier, fail)
    assert list(record.missing) == [barrier]


def test_a_bug_is_not_taken_for_a_missing_barrier() -> None:
    with pytest.raises(ZeroDivisionError):
        BarrierRecord("none").put_up("seccomp", lambda: 1 // 0)


@pytest.mark.parametrize(
    ("version", "length", "files"),
    [
        (1, 8, 0x1FFF),
        (2, 8, 0x3FFF),
        (3, 8, 0x7FFF),
        (4, 16, 0x7FFF),
        (5, 16, 0xFFFF),
        (6, 24, 0xFFFF),
        (9, 24, 0xFFFF),
    ],
)
def test_each_landlock_abi_is_asked_for_all_it_knows(version: int, length: int, files: int) -> None:
    attributes = _attributes(version)
    assert len(attributes) == length
    assert int.from_bytes(attributes[:8], sys.byteorder) == files


def test_the_workers_side_loads_nothing_heavy() -> None:
    """What the zygote imports costs every worker memory, and is there for an attacker."""
    program = "import sys, harness.confine; print(*sorted(m for m in sys.modules if '.' not in m))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"subprocess", "socket", "asyncio", "json", "pydantic", "anyio", "threading", "logging"}


def test_no_argument_or_variable_of_the_product_switches_a_barrier_off() -> None:
    """The worker without barriers lives under tests/, which the wheel leaves out."""
    assert set(signature(confine_zygote).parameters) == {"confinement"}
    limits = {"vm_limit_bytes", "data_limit_bytes", "cpu_time_s"}
    assert set(signature(confine_child).parameters) == {"zygote", "channel_fd", "parent_pid", *limits}
    for source in Path(harness.confine.__file__).parent.glob("*.py"):
        text = source.read_text()
        assert "getenv" not in text
        assert "environ.get" not in text
        assert "environ[" not in text
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ["harness", "policy"]


def test_the_stack_of_a_worker_has_a_fixed_size() -> None:
    script = (
        "import resource; from harness.confine.rlimits import forbid_resources; forbid_resources(); "
        "print(*resource.getrlimit(resource.RLIMIT_STACK))"
    )
    _, hard = resource.getrlimit(resource.RLIMIT_STACK)
    wanted = 16 * 1024**2 if hard == resource.RLIM_INFINITY else min(16 * 1024**2, hard)
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.split() == [str(wanted)] * 2
