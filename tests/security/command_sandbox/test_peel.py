"""Each barrier of a command is taken away once, in the launcher of a test, to see that something gets through then.

So the other tests of this folder are seen to notice, and it is seen which barrier stands behind which: where two hold
the same thing, taking one away is not enough.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.security.attacks.command import (
    can_gain_privileges,
    changes_a_mode_outside,
    finds_shared_memory,
    has_capabilities,
    has_descriptors,
    lists_the_host,
    looks_into_the_host,
    makes_a_set_uid_file,
    moves_a_parent,
    reaches_a_service,
    reaches_the_loopback,
    reads_what_is_hidden,
    shares_a_session,
    signals_the_host,
    takes_shared_memory,
    writes_a_big_file,
    writes_git,
    writes_outside,
)
from tests.security.command_sandbox.arena import LANDLOCK_ALONE, NAMESPACES, Arena
from tests.security.command_sandbox.conftest import SECRET, Sandbox
from tests.security.command_sandbox.without import (
    CAPABILITIES,
    CEILINGS,
    DESCRIPTORS,
    FILTER,
    IPC,
    LANDLOCK,
    NETWORK,
    PINS,
    PRIVILEGES,
    PROCESSES,
    SCOPES,
    SESSION,
    VIEWS,
    WATCH,
)


@dataclass(frozen=True)
class Peel:
    mode: str
    without: tuple[str, ...]
    attack: Callable[[Sandbox], bool]


PEELS = {
    "landlock alone": Peel(LANDLOCK_ALONE, (LANDLOCK,), writes_outside),
    "landlock alone, git": Peel(LANDLOCK_ALONE, (LANDLOCK,), writes_git),
    "landlock alone, hidden": Peel(LANDLOCK_ALONE, (LANDLOCK,), reads_what_is_hidden),
    "landlock alone, environment": Peel(LANDLOCK_ALONE, (LANDLOCK, CAPABILITIES), looks_into_the_host),
    "landlock and views": Peel(NAMESPACES, (LANDLOCK, VIEWS), writes_outside),
    "views, modes": Peel(NAMESPACES, (VIEWS,), changes_a_mode_outside),
    "views, git": Peel(NAMESPACES, (VIEWS,), writes_git),
    "views, hidden": Peel(NAMESPACES, (VIEWS,), reads_what_is_hidden),
    "pins": Peel(NAMESPACES, (PINS,), moves_a_parent),
    "filter, set-uid": Peel(NAMESPACES, (FILTER,), makes_a_set_uid_file),
    "filter, services": Peel(NAMESPACES, (FILTER,), reaches_a_service),
    "filter, landlock and network": Peel(NAMESPACES, (FILTER, LANDLOCK, NETWORK), reaches_the_loopback),
    "scopes": Peel(LANDLOCK_ALONE, (SCOPES,), signals_the_host),
    "processes": Peel(NAMESPACES, (PROCESSES,), lists_the_host),
    "processes and scopes": Peel(NAMESPACES, (PROCESSES, SCOPES), signals_the_host),
    "ipc": Peel(NAMESPACES, (IPC,), finds_shared_memory),
    "capabilities": Peel(NAMESPACES, (CAPABILITIES,), has_capabilities),
    "no_new_privs": Peel(NAMESPACES, (PRIVILEGES,), can_gain_privileges),
    "descriptors": Peel(NAMESPACES, (DESCRIPTORS,), has_descriptors),
    "session": Peel(NAMESPACES, (SESSION,), shares_a_session),
    "ceilings": Peel(NAMESPACES, (CEILINGS,), writes_a_big_file),
    "watch": Peel(NAMESPACES, (WATCH,), takes_shared_memory),
}
BEHIND = {
    "landlock behind the views": Peel(NAMESPACES, (LANDLOCK,), writes_outside),
    "views behind landlock": Peel(NAMESPACES, (VIEWS,), writes_outside),
    "scopes behind the namespace of processes": Peel(NAMESPACES, (SCOPES,), signals_the_host),
    "landlock behind the filter": Peel(NAMESPACES, (FILTER,), reaches_the_loopback),
    "the network's namespace behind both": Peel(NAMESPACES, (FILTER, LANDLOCK), reaches_the_loopback),
    "landlock behind the namespace of processes": Peel(NAMESPACES, (PROCESSES,), looks_into_the_host),
}


def peeled(peel: Peel, sandbox: Sandbox) -> bool:
    with Arena(peel.mode, env={"HOST_SECRET": SECRET}, without="\n".join(peel.without)) as arena:
        return peel.attack(
            Sandbox(arena, peel.mode, sandbox.workspace, sandbox.outside, sandbox.hidden, sandbox.grants)
        )


@pytest.mark.parametrize("name", PEELS)
def test_something_gets_through_without_a_barrier(workplace: Sandbox, name: str) -> None:
    if name == "capabilities" and os.geteuid() != 0:
        pytest.skip("an ordinary user's capabilities in a namespace end with the exec itself")
    assert peeled(PEELS[name], workplace)


@pytest.mark.parametrize("name", PEELS)
def test_nothing_gets_through_with_it(workplace: Sandbox, name: str) -> None:
    assert not peeled(Peel(PEELS[name].mode, (), PEELS[name].attack), workplace)


@pytest.mark.parametrize("name", BEHIND)
def test_another_barrier_stands_behind(workplace: Sandbox, name: str) -> None:
    assert not peeled(BEHIND[name], workplace)


ABSENT = "import errno; from harness.confine import landlock as l\ndef abi(): raise OSError(errno.ENOSYS, 'not there')\nl.abi = abi"


def test_a_command_is_refused_where_a_demanded_barrier_cannot_be_had(workplace: Sandbox) -> None:
    with Arena(NAMESPACES, without=ABSENT) as arena:
        error = arena.run("/bin/true").error
    assert error.startswith("sandbox.unavailable: the barrier landlock cannot be put up: ENOSYS")


def test_without_landlock_the_views_still_hold_where_nothing_is_demanded(workplace: Sandbox) -> None:
    with Arena(NAMESPACES, without=ABSENT, confinement="none") as arena:
        sandbox = Sandbox(arena, NAMESPACES, workplace.workspace, workplace.outside, workplace.hidden, workplace.grants)
        assert "landlock" in sandbox.shell("true").missing
        attacks = (writes_outside, writes_git, reads_what_is_hidden, signals_the_host, reaches_a_service)
        assert [attack.__name__ for attack in attacks if attack(sandbox)] == []


def test_strict_demands_namespaces_too(workplace: Sandbox) -> None:
    with Arena(LANDLOCK_ALONE, confinement="strict") as arena:
        assert "the barrier user_namespace cannot be put up: EPERM" in arena.run("/bin/true").error
    with Arena(NAMESPACES, confinement="strict") as arena:
        assert arena.run("/bin/true").ok
        assert arena.run("/bin/true", grants={"network": True}).ok
