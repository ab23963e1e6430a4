"""The filter of commands, run by an interpreter of its few instructions, on both machines."""

from __future__ import annotations

import errno

import pytest

from harness.confine import command_filter
from harness.confine.command_filter import ABSENT, OF_OTHERS, REFUSED, RULES, SHARED, SOCKETS, rules
from harness.confine.seccomp import ALLOW, AUDIT_ARCH, KILL, REFUSE, Rule, compile_filter
from harness.confine.syscalls import MACHINES, NUMBERS, number
from tests.unit.harness.confine.filter_machine import run_filter

NOT_THERE = 0x00050000 | errno.ENOSYS
ALL = {"has_ipc_namespace": True, "has_pid_namespace": True, "has_truncate": True}


def code_for(machine: str, *, network: bool = False, **options: bool) -> bytes:
    return compile_filter(machine, rules(network=network, **(ALL | options)), default=Rule(ALLOW))


def verdict(machine: str, code: bytes, nr: int, *arguments: int) -> int:
    return run_filter(code, nr, arguments, arch=AUDIT_ARCH[machine])


def verdict_of(machine: str, name: str, *arguments: int, network: bool = False, **options: bool) -> int | None:
    nr = number(name, on=machine)
    return None if nr is None else verdict(machine, code_for(machine, network=network, **options), nr, *arguments)


@pytest.mark.parametrize("network", [False, True])
@pytest.mark.parametrize("machine", MACHINES)
def test_every_number_has_the_verdict_of_the_table(machine: str, network: bool) -> None:
    names = {nr: name for name in NUMBERS if (nr := number(name, on=machine)) is not None}
    refused = {*REFUSED.split(), *(() if network else SOCKETS.split())}
    code = code_for(machine, network=network)
    for nr in range(700):
        name = names.get(nr, "")
        if name in {*RULES, "socket"}:
            continue
        expected = REFUSE if name in refused else NOT_THERE if name in ABSENT.split() else ALLOW
        assert verdict(machine, code, nr) == expected, (nr, name)


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("name", "arguments", "network", "expected"),
    [
        ("clone", (0x01200011,), False, ALLOW),  # fork
        ("clone", (0x003D0F00,), False, ALLOW),  # a thread
        ("clone", (0x10000011,), False, REFUSE),
        ("clone", (0x00020011,), False, REFUSE),
        ("clone", (0x02000011,), False, REFUSE),
        ("unshare", (0x200,), False, ALLOW),
        ("unshare", (0x20000000,), False, REFUSE),
        ("unshare", (0x80,), False, REFUSE),
        ("socket", (2, 1, 0), False, REFUSE),
        ("socket", (1, 1, 0), False, REFUSE),
        ("socket", (2, 1, 6), True, ALLOW),
        ("socket", (10, 2, 17), True, ALLOW),
        ("socket", (16, 3, 0), True, ALLOW),
        ("socket", (16, 3, 9), True, REFUSE),
        ("socket", (1, 1, 0), True, REFUSE),
        ("socket", (40, 1, 0), True, REFUSE),
        ("socket", (1 << 32 | 1, 1, 0), True, REFUSE),
        ("socketpair", (1, 1), False, ALLOW),
        ("socketpair", (1, 0o2004001), False, ALLOW),
        ("socketpair", (1, 5), False, ALLOW),
        ("socketpair", (1, 2), False, REFUSE),
        ("socketpair", (1, 0o2004002), True, REFUSE),
        ("socketpair", (30, 1), True, REFUSE),
        ("ioctl", (0, 0x5401), False, ALLOW),
        ("ioctl", (0, 0x5412), False, REFUSE),
        ("ioctl", (0, 1 << 32 | 0x5412), False, REFUSE),
        ("personality", (0xFFFFFFFF,), False, ALLOW),
        ("personality", (0x0040000,), False, ALLOW),
        ("personality", (8,), False, REFUSE),
        ("openat", (0, 0, 0o101, 0o644), False, ALLOW),
        ("openat", (0, 0, 0o101, 0o4755), False, REFUSE),
        ("openat", (0, 0, 0o20200000, 0o2755), False, REFUSE),
        ("openat", (0, 0, 0, 0o4755), False, ALLOW),  # no file is made: the mode is whatever was in the register
        ("fchmod", (3, 0o1777), False, ALLOW),
        ("fchmod", (3, 0o4755), False, REFUSE),
        ("fchmodat", (0, 0, 0o2755), False, REFUSE),
        ("fchmodat2", (0, 0, 0o2755), False, REFUSE),
        ("mknodat", (0, 0, 0o104755), False, REFUSE),
    ],
)
def test_arguments_are_looked_at(
    machine: str, name: str, arguments: tuple[int, ...], network: bool, expected: int
) -> None:
    assert verdict_of(machine, name, *arguments, network=network) == expected


@pytest.mark.parametrize("machine", MACHINES)
def test_without_a_namespace_nothing_is_shared_by_number(machine: str) -> None:
    for name in SHARED.split():
        assert verdict_of(machine, name) == ALLOW
        assert verdict_of(machine, name, has_ipc_namespace=False) == REFUSE


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("name", "own", "others"),
    [
        *(
            (name, (0,), [(7,), (-1 & 2**64 - 1,), (1 << 32 | 7,)])
            for name in OF_OTHERS
            if name.startswith(("p", "sc"))
        ),
        ("setpriority", (0, 0), [(0, 7), (1, 0), (2, 0), (2, 7)]),
        ("ioprio_set", (1, 0), [(1, 7), (2, 0), (3, 0), (3, 7)]),
    ],
)
def test_without_a_namespace_a_process_sets_its_own_ceilings_and_priority_alone(
    machine: str, name: str, own: tuple[int, ...], others: list[tuple[int, ...]]
) -> None:
    assert verdict_of(machine, name, *own, has_pid_namespace=False) == ALLOW
    assert {verdict_of(machine, name, *other, has_pid_namespace=False) for other in others} == {REFUSE}
    assert {verdict_of(machine, name, *other) for other in others} == {ALLOW}


@pytest.mark.parametrize("machine", MACHINES)
def test_an_old_landlock_is_helped_with_truncation(machine: str) -> None:
    assert verdict_of(machine, "truncate", has_truncate=False) == REFUSE
    assert verdict_of(machine, "openat", 0, 0, 0o1000, has_truncate=False) == REFUSE
    assert verdict_of(machine, "openat", 0, 0, 0o1001, has_truncate=False) == ALLOW
    assert verdict_of(machine, "openat", 0, 0, 0o1101, 0o4755, has_truncate=False) == REFUSE


def test_the_x32_calls_kill() -> None:
    assert {verdict("x86_64", code_for("x86_64"), 0x40000000 + nr) for nr in (0, 1, 39, 231)} == {KILL}


def test_no_call_is_in_two_lists() -> None:
    listed = [*REFUSED.split(), *ABSENT.split(), *SOCKETS.split(), *SHARED.split(), *OF_OTHERS, *RULES]
    assert len(listed) == len(set(listed))
    assert set(listed) <= NUMBERS.keys()


def test_the_filter_is_compiled_once() -> None:
    first = command_filter.program(network=False, has_ipc_namespace=True, has_pid_namespace=True)
    assert command_filter.program(network=False, has_ipc_namespace=True, has_pid_namespace=True) is first
