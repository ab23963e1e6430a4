"""Machines that do not give every barrier: what is demanded is an error, the rest is reported, and all still hold."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from harness.confine import BARRIERS, REQUIRED, WHERE_ALLOWED, probe
from tests.security.attacks.worker import ATTACKS
from tests.security.raw.arena import IS_ROOT, ROOT, open_arena

USERS = ("root", "user") if IS_ROOT else ("user",)


@pytest.mark.parametrize("started_by", USERS)
def test_the_required_barriers_alone_stop_every_attack(started_by: str) -> None:
    with open_arena(user=started_by == "user", without=WHERE_ALLOWED) as arena:
        missing = arena.started["missing"]
        outcomes = arena.run(list(ATTACKS))
    assert isinstance(missing, dict)
    assert set(missing) == set(WHERE_ALLOWED)
    assert {name: end for name, end in outcomes.items() if end not in ATTACKS[name].stopped.split("|")} == {}


@pytest.mark.parametrize("barrier", WHERE_ALLOWED)
def test_strict_confinement_demands_the_second_group_too(barrier: str) -> None:
    with open_arena(confinement="strict", without=[barrier]) as arena:
        failed = str(arena.started.get("failed"))
    assert "sandbox.unavailable" in failed
    assert barrier in failed or (barrier == "user_namespace" and "namespace" in failed)


def test_strict_confinement_holds_where_everything_is_allowed() -> None:
    if absent := [status.name for status in probe() if not status.enforced]:
        pytest.skip(f"this machine lacks {', '.join(absent)}")
    with open_arena(confinement="strict") as arena:
        assert arena.started["missing"] == {}
        assert set(arena.ask({"hold": True})["barriers"]) == set(BARRIERS)  # type: ignore[call-overload]


def test_an_inherited_environment_is_refused() -> None:
    """Removing the check and leaving variables in is another test; here the check meets one."""
    program = "from harness.confine import confine_zygote; confine_zygote(confinement='required')"
    done = subprocess.run(
        [sys.executable, "-s", "-P", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {program}"],
        env={"API_KEY": "secret"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "the barrier empty_environment cannot be put up: EEXIST (1 variables were inherited)" in done.stderr
    assert "secret" not in done.stderr


def test_the_probe_sees_every_barrier_and_changes_nothing_here() -> None:
    before = (os.getresuid(), os.getcwd(), os.listdir("/proc/self/fd"), os.readlink("/proc/self/ns/net"))
    statuses = probe()
    assert [status.name for status in statuses] == list(BARRIERS)
    assert {status.name for status in statuses if status.required} == set(REQUIRED)
    assert [status for status in statuses if status.required and not status.enforced] == []
    assert all((status.why is None) == status.enforced for status in statuses)
    assert before == (os.getresuid(), os.getcwd(), os.listdir("/proc/self/fd"), os.readlink("/proc/self/ns/net"))


def test_the_probe_says_why_where_user_namespaces_are_switched_off() -> None:
    statuses = _probe_without_user_namespaces()
    assert statuses["user_namespace"] == "ENOSPC (No space left on device)"
    for barrier in ("network_namespace", "pid_namespace", "mount_namespace", "empty_root"):
        assert str(statuses[barrier]).startswith("EPERM")
    assert {name: why for name, why in statuses.items() if name in REQUIRED and why} == {}


def _probe_without_user_namespaces() -> dict[str, str | None]:
    """Probe as an ordinary user of a user namespace that allows no further one."""
    program = f"""
import json, os, sys
sys.path.insert(0, {str(ROOT)!r})
from harness.confine import namespaces, probe, process
from harness.confine.barriers import reason
user, group = os.geteuid(), os.getegid()
try:
    process.set_dumpable(True)
    namespaces.enter(namespaces.CLONE_NEWUSER)
    for name, text in (("setgroups", "deny"), ("uid_map", f"1000 {{user}} 1"), ("gid_map", f"1000 {{group}} 1")):
        namespaces._write(f"/proc/self/{{name}}", text)
    namespaces._write("/proc/sys/user/max_user_namespaces", "0")
except OSError as error:
    print(json.dumps(reason(error)))
else:
    print(json.dumps({{status.name: status.why for status in probe()}}))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    if isinstance(answer, str):
        pytest.skip(f"no user namespace to switch them off in: {answer}")
    assert isinstance(answer, dict)
    return answer
