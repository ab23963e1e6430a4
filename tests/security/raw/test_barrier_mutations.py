"""Each part of a worker's barriers is taken away by itself, and an attack gets through that it stopped.

The barriers as a whole are `test_peel.py`. A part that no attack here misses is a failure, unless it stands in a list
with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from harness.confine import BARRIERS, rlimits
from harness.confine.seccomp import ALLOWED, KILLED, RULES
from harness.confine.syscalls import number
from tests.security.raw.arena import IS_ROOT, Arena, open_arena
from tests.security.raw.part_attacks import ASKED, EVERY

FILTER_ALONE = tuple(barrier for barrier in BARRIERS if barrier not in ("seccomp", "no_new_privs", "fresh_process"))
LIMITS_ALONE = tuple(barrier for barrier in BARRIERS if barrier not in ("rlimits", "fresh_process"))

# Rule of the filter, or what it does with calls that it does not name -> an attack that it alone stops where no other
# barrier is up, and what else the attack needs to be allowed.
RULE_ATTACKS: dict[str, tuple[str, tuple[str, ...]]] = {
    "the rest": ("open_passwd", ()),
    "x32": ("call_of_x32", ()),
    "read": ("read_standard_input", ()),
    "write": ("write_standard_error", ()),
    "mmap": ("map_writable_code", ()),
    "mprotect": ("make_memory_executable", ()),
    "madvise": ("merge_memory", ()),
    "futex": ("priority_inheriting_lock", ()),
    "clock_gettime": ("clock_of_victim", ()),
    "clock_getres": ("resolution_of_clock_of_victim", ()),
    "clock_nanosleep": ("sleep_by_clock_of_victim", ()),
    "fork": ("fork_by_number", ("the rest",)),
    "clone": ("fork", ("the rest",)),
    "clone3": ("clone3", ("the rest",)),
    "execve": ("ask_to_execute", ()),
    "kill": ("signal_zygote", ()),
    "tkill": ("signal_thread_of_victim", ()),
    "rt_sigqueueinfo": ("queue_signal", ()),
    "ptrace": ("offer_to_be_traced", ()),
    "process_vm_readv": ("read_memory_of_victim", ()),
    "process_vm_writev": ("write_memory_of_victim", ()),
    "pidfd_open": ("open_pidfd", ()),
    "pidfd_getfd": ("descriptor_of_victim", ("pidfd_open",)),
    "socket": ("tcp_socket", ("the rest",)),
    "connect": ("connect_loopback", ("socket", "the rest")),
    "bind": ("bind_loopback", ("socket", "listen", "the rest")),
    "listen": ("bind_loopback", ("socket", "bind", "the rest")),
    "sendmsg": ("send_descriptor", ("the rest",)),
    "recvmsg": ("receive_descriptor", ("the rest",)),
    "unshare": ("unshare_user", ()),
    "memfd_create": ("memory_file", ("the rest",)),
    "io_uring_setup": ("io_uring", ()),
    "keyctl": ("kernel_keyring", ()),
    "add_key": ("kernel_key", ()),
    "personality": ("personality", ()),
}
OF_ROOT = {
    "chroot": ("change_root", ()),
    "mount": ("mount", ("umount2",)),
    "setuid": ("become_root", ()),
    "setresuid": ("become_root_by_saved_id", ()),
    "setgroups": ("take_groups", ()),
    "capset": ("take_capabilities", ()),
    "bpf": ("bpf", ()),
    "syslog": ("kernel_log", ()),
}
NOT_ASKED = {"vfork": "what goes on after it shares the stack of its parent, and is no Python any more"}

# Ceiling -> an attack that it alone stops where no other barrier is up, and the ceilings that stop it too.
LIMIT_ATTACKS: dict[str, tuple[str, tuple[str, ...]]] = {
    "AS": ("huge_mapping", ()),
    "DATA": ("huge_writable_mapping", ("AS",)),
    "NOFILE": ("pipe", ()),
    "NPROC": ("fork", ()),
    "FSIZE": ("write_memory_file", ("NOFILE",)),
    "PROF": ("spin", ()),
    "CPU": ("spin_for_long", ("PROF",)),
}
OF_THE_ZYGOTE = {"CORE": "write_core_file", "MEMLOCK": "lock_memory", "MSGQUEUE": "have_message_queues"}
NOT_MISSED = {
    "NICE": "it is zero for everybody by default, and who is not root cannot raise it",
    "RTPRIO": "it is zero for everybody by default, and who is not root cannot raise it",
    "STACK": "it takes nothing away: deep recursion ends in an error instead of a crash (tests/integration/test_limits.py)",
}


@pytest.fixture(scope="module")
def filter_alone() -> Iterator[Arena]:
    with open_arena(without=FILTER_ALONE) as arena:
        yield arena


@pytest.fixture(scope="module")
def limits_alone() -> Iterator[Arena]:
    with open_arena(without=LIMITS_ALONE) as arena:
        yield arena


def end_of(arena: Arena, attack: str, lacking: Iterable[str]) -> str:
    outcomes = arena.ask({"run": [attack], "lacking": list(lacking)})["outcomes"]
    assert isinstance(outcomes, dict)
    return str(outcomes[attack])


@pytest.mark.parametrize("rule", [*RULE_ATTACKS, *OF_ROOT])
def test_an_attack_gets_through_without_this_rule_of_the_filter(filter_alone: Arena, rule: str) -> None:
    if rule in OF_ROOT and not IS_ROOT:
        pytest.skip("without the filter too, only root may do it")
    if rule not in ("the rest", "x32") and number(rule) is None:
        pytest.skip("this machine has no such call")
    attack, others = (RULE_ATTACKS | OF_ROOT)[rule]
    granted = [f"allow {name}" for name in others]
    assert end_of(filter_alone, attack, granted) != "got through"
    unless = set(EVERY[attack].unless) - {"EPERM"}
    assert end_of(filter_alone, attack, [f"allow {rule}", *granted]) in {"got through", *unless}


@pytest.mark.parametrize("asked", ASKED)
def test_a_call_that_kills_is_answered_by_the_kernel_without_its_rule(filter_alone: Arena, asked: str) -> None:
    if number(ASKED[asked]) is None:
        pytest.skip("this machine has no such call")
    assert end_of(filter_alone, asked, []) == "SIGSYS"
    assert end_of(filter_alone, asked, [f"allow {ASKED[asked]}"]) == "got through"


@pytest.mark.parametrize("limit", [limit for limit in LIMIT_ATTACKS if limit != "NPROC"])
def test_an_attack_gets_through_without_this_limit(limits_alone: Arena, limit: str) -> None:
    attack, others = LIMIT_ATTACKS[limit]
    lacking = [f"limit {name}" for name in others]
    assert end_of(limits_alone, attack, lacking) != "got through"
    assert end_of(limits_alone, attack, [*lacking, f"limit {limit}"]) == "got through"


def test_a_worker_forks_without_the_limit_of_processes() -> None:
    """With the barrier that makes another user of root, whom the kernel exempts."""
    attack, _ = LIMIT_ATTACKS["NPROC"]
    with open_arena(without=[barrier for barrier in LIMITS_ALONE if barrier != "no_capabilities"]) as arena:
        assert end_of(arena, attack, []) == "EAGAIN"
        assert end_of(arena, attack, ["limit NPROC"]) == "got through"


@pytest.mark.parametrize("limit", OF_THE_ZYGOTE)
def test_an_attack_gets_through_without_this_limit_of_the_zygote(limit: str) -> None:
    """With the barrier that keeps root from raising its limits."""
    kept = [barrier for barrier in LIMITS_ALONE if barrier != "no_capabilities"]
    attack = OF_THE_ZYGOTE[limit]
    with open_arena(without=kept) as arena:
        assert end_of(arena, attack, []) != "got through"
    with open_arena(without=[*kept, "rlimits"]) as arena:
        assert end_of(arena, attack, []) == "got through"


def test_every_rule_and_every_limit_is_in_one_of_these_tables() -> None:
    asked = {*ASKED.values(), *RULE_ATTACKS, *OF_ROOT, *NOT_ASKED}
    assert {*KILLED.split(), *RULES} - asked == set()
    assert not asked & set(ALLOWED.split())
    limits = {*LIMIT_ATTACKS, *OF_THE_ZYGOTE, *NOT_MISSED}
    assert {"AS", "DATA", "NOFILE", "NPROC", "FSIZE", "CPU", "PROF", "STACK", *rlimits._NOTHING_EVER} == limits
