"""The filter, run by an interpreter of its few instructions, for every call number on both machines."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.confine import seccomp
from harness.confine.seccomp import ALLOW, ALLOWED, AUDIT_ARCH, KILL, KILLED, REFUSE, RULES, compile_filter
from harness.confine.syscalls import MACHINES, NUMBERS, machine, number
from tests.unit.harness.confine.filter_machine import run_filter

HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}


def verdict(machine: str, nr: int, *arguments: int, arch: int | None = None) -> int:
    return run_filter(compile_filter(machine), nr, arguments, arch=AUDIT_ARCH[machine] if arch is None else arch)


def verdict_of(machine: str, name: str, *arguments: int) -> int:
    nr = number(name, on=machine)
    assert nr is not None
    return verdict(machine, nr, *arguments)


@pytest.mark.parametrize("machine", MACHINES)
def test_every_number_has_the_verdict_of_the_table(machine: str) -> None:
    names = {nr: name for name in NUMBERS if (nr := number(name, on=machine)) is not None}
    for nr in range(700):
        name = names.get(nr, "")
        if name in RULES:
            continue
        expected = ALLOW if name in ALLOWED.split() else KILL if name in KILLED.split() else REFUSE
        assert verdict(machine, nr) == expected, (nr, name)


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("read", (3,), ALLOW),
        ("read", (0,), REFUSE),
        ("write", (3,), ALLOW),
        ("write", (2,), REFUSE),
        ("write", (0xFFFFFFFF,), REFUSE),
        ("mmap", (0, 4096, 3, 0x22), ALLOW),
        ("mmap", (0, 4096, 0, 0x4022), ALLOW),
        ("mmap", (0, 4096, 7, 0x22), KILL),
        ("mmap", (0, 4096, 4, 0x22), KILL),
        ("mmap", (0, 4096, 3, 0x21), KILL),  # shared
        ("mmap", (0, 4096, 3, 0x23), KILL),  # shared, validated
        ("mmap", (0, 4096, 3, 0x02), KILL),  # of a file
        ("mmap", (0, 4096, 3, 0x40022), KILL),  # huge pages
        ("mmap", (0, 4096, 3 | 1 << 32, 0x22), ALLOW),  # the kernel ignores the high word as well
        ("mprotect", (0, 4096, 3), ALLOW),
        ("mprotect", (0, 4096, 5), KILL),
        ("mprotect", (0, 4096, 0x01000004), KILL),
        ("madvise", (0, 4096, 4), ALLOW),
        ("madvise", (0, 4096, 12), REFUSE),
        ("futex", (0, 0x80), ALLOW),
        ("futex", (0, 0x189), ALLOW),
        ("futex", (0, 0x8A), ALLOW),
        ("futex", (0, 6), REFUSE),
        ("futex", (0, 0x8C), REFUSE),
        ("clock_gettime", (1,), ALLOW),
        ("clock_gettime", (3,), ALLOW),
        ("clock_gettime", (2**64 - 46,), REFUSE),  # the clock of another process
    ],
)
def test_arguments_are_looked_at(machine: str, name: str, arguments: tuple[int, ...], expected: int) -> None:
    assert verdict_of(machine, name, *arguments) == expected


@pytest.mark.parametrize("machine", MACHINES)
def test_a_call_of_another_architecture_kills(machine: str) -> None:
    for arch in (0x40000003, 0x40000028, 0, *(AUDIT_ARCH[other] for other in MACHINES if other != machine)):
        assert verdict(machine, 0, 3, arch=arch) == KILL


def test_the_x32_calls_kill() -> None:
    assert {verdict("x86_64", 0x40000000 + nr, 3) for nr in (0, 1, 39, 231, 547)} == {KILL}
    assert verdict("x86_64", 0xFFFFFFFF) == KILL


@pytest.mark.parametrize("machine", MACHINES)
def test_the_filter_fits_into_one_program(machine: str) -> None:
    assert len(compile_filter(machine)) // 8 < 4096


def test_no_call_is_in_two_lists() -> None:
    listed = [*ALLOWED.split(), *KILLED.split(), *RULES]
    assert len(listed) == len(set(listed))
    assert set(listed) <= NUMBERS.keys()


def test_nothing_that_undoes_a_barrier_is_allowed() -> None:
    """What would re-arm a timer, handle a signal, open or duplicate a descriptor, or change a limit."""
    allowed = {*ALLOWED.split(), *(name for name, rule in RULES.items() if rule.verdict == ALLOW)}
    assert not allowed & {"prctl", "seccomp", "close_range", "unshare", "chroot", "capset", "landlock_create_ruleset"}
    unlisted = {"x86_64": (13, 14, 32, 33, 38, 72, 302), "aarch64": (134, 135, 23, 24, 103, 25, 261)}
    for on, numbers in unlisted.items():  # sigaction, sigprocmask, dup, dup2 or dup3, setitimer, fcntl, prlimit
        assert {verdict(on, nr) for nr in numbers} == {REFUSE}


@pytest.mark.parametrize("machine", MACHINES)
def test_the_numbers_are_those_of_the_kernels_headers(machine: str) -> None:
    if not HEADERS[machine].exists():
        pytest.skip(f"{HEADERS[machine]} is not on this machine")
    defined = re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", HEADERS[machine].read_text())
    real = {name: int(nr) for name, nr in defined}
    ours = {name: number(name, on=machine) for name in NUMBERS}
    older_headers_lack = {name for name in ours if name not in real}
    assert {name: nr for name, nr in ours.items() if name in real and nr != real[name]} == {}
    assert all(ours[name] is None or (ours[name] or 0) >= 440 for name in older_headers_lack)


def test_the_program_is_built_once() -> None:
    seccomp.prepare()
    first = seccomp._program()
    assert seccomp._program() is first
    assert first.length == len(compile_filter(machine())) // 8
