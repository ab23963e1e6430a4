"""Every raw attack is one, and none gets through: on each Python of the machine, as root and as an ordinary user."""

from __future__ import annotations

import pytest

from tests.pythons import find_pythons
from tests.security.attacks.worker import ATTACKS
from tests.security.raw.arena import IS_ROOT, open_arena

PYTHONS = find_pythons()
USERS = ("root", "user") if IS_ROOT else ("user",)  # `make test` as root covers both


@pytest.mark.parametrize("started_by", USERS)
@pytest.mark.parametrize("version", PYTHONS)
def test_no_attack_gets_through_the_barriers(version: str, started_by: str) -> None:
    with open_arena(python=PYTHONS[version], user=started_by == "user") as arena:
        outcomes = arena.run(list(ATTACKS))
    surprises = {name: end for name, end in outcomes.items() if end not in ATTACKS[name].stopped.split("|")}
    assert not surprises


@pytest.mark.parametrize("started_by", USERS)
@pytest.mark.parametrize("version", PYTHONS)
def test_every_attack_gets_through_where_there_is_no_barrier(version: str, started_by: str) -> None:
    user = started_by == "user"
    mine = [name for name, attack in ATTACKS.items() if not (attack.root and user)]
    with open_arena(python=PYTHONS[version], user=user, confined=False) as arena:
        outcomes = arena.run(mine)
    toothless = {name: end for name, end in outcomes.items() if end not in ("got through", *ATTACKS[name].unless)}
    assert not toothless


def test_there_are_enough_attacks_that_an_ordinary_user_can_make() -> None:
    assert sum(not attack.root for attack in ATTACKS.values()) >= 60


def test_calls_that_only_an_attack_makes_are_told_apart_from_those_the_library_makes_in_passing() -> None:
    """The host reports SIGSYS as `worker.violation`; an import of the standard library must not look like one."""
    ends = {name: attack.stopped for name, attack in ATTACKS.items()}
    assert ends["fork"] == ends["tcp_socket"] == ends["execute"] == ends["make_memory_executable"] == "SIGSYS"
    assert ends["open_passwd"] == ends["stat_etc"] == ends["import_new_module"] == "EPERM"
