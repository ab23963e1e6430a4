"""Very many scripts that wait for a person at once, each in a worker of its own."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator, Sequence
from time import perf_counter

import anyio
import pytest

from harness import Approve, Deny, Harness, Outcome, tool
from harness.types import ApprovalRequest
from policy.approval import ReviewDecision
from tests.processes import below, rss_bytes
from tests.soak.measured import measured
from tests.soak.scale import scaled, seeded

SCRIPTS = scaled(short=60, long=1_000)
SENT: list[int] = []


@tool(approval="always")
async def send(number: int) -> int:
    """Send."""
    SENT.append(number)
    return number * 2


class Patient:
    """Answers nothing before as many questions wait as were announced; then denies every tenth."""

    def __init__(self, expected: int) -> None:
        self.expected = expected
        self.waiting = 0
        self.all_wait = anyio.Event()
        self.answering = anyio.Event()

    async def decide(self, requests: Sequence[ApprovalRequest]) -> Sequence[ReviewDecision]:
        self.waiting += len(requests)
        if self.waiting == self.expected:
            self.all_wait.set()
        await self.answering.wait()
        return [self._decision(request) for request in requests]

    def _decision(self, request: ApprovalRequest) -> ReviewDecision:
        return Deny("a tenth") if is_denied(int(str(request.arguments["number"]))) else Approve()


def is_denied(number: int) -> bool:
    return number % 10 == 0


@pytest.fixture(autouse=True)
def _descriptors() -> Iterator[None]:
    """Each script takes two descriptors of the host."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * SCRIPTS + 500
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.skip(f"a process may have {hard} descriptors here, {wanted} are needed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_a_thousand_scripts_wait_for_a_person_and_each_gets_its_own_answer() -> None:
    seeded("approvals")
    SENT.clear()
    patient = Patient(SCRIPTS)
    outcomes: dict[int, Outcome] = {}
    limits = {"wall_time_s": 30, "approval_wait_s": 600}
    async with Harness([send], approver=patient, max_workers=SCRIPTS, limits=limits) as harness:

        async def run(number: int) -> None:
            outcomes[number] = await harness.run(f"return await tools.send(number={number})")

        began = perf_counter()
        async with anyio.create_task_group() as tasks:
            for number in range(SCRIPTS):
                tasks.start_soon(run, number)
            await patient.all_wait.wait()
            report(perf_counter() - began)
            assert not outcomes
            began = perf_counter()
            patient.answering.set()
        print(f"all answered and over after {perf_counter() - began:.1f} s")
        assert (await harness.run("return 'calm'")).value == "calm"
    for number, outcome in outcomes.items():
        if is_denied(number):
            assert outcome.error is not None
            assert outcome.error.code == "approval.denied"
        else:
            assert outcome.value == number * 2, outcome.error
    assert len(outcomes) == SCRIPTS
    assert sorted(SENT) == [number for number in range(SCRIPTS) if not is_denied(number)]


def report(seconds: float) -> None:
    workers = [process.pid for process in below(os.getpid())]
    private = sum(shared_out_bytes(pid) for pid in workers)
    measured(
        f"{SCRIPTS:,} scripts that wait for a person at once",
        until_all_wait=f"{seconds:.1f} s",
        memory_of_a_worker=f"{private / len(workers) / 2**20:.2f} MiB, its share of what is shared included",
        memory_of_all_workers=f"{private / 2**20:.0f} MiB",
        resident_memory_of_the_host=f"{rss_bytes(os.getpid()) / 2**20:.0f} MiB",
        descriptors_of_the_host=f"{len(os.listdir('/proc/self/fd'))}",
    )


def shared_out_bytes(pid: int) -> int:
    """Memory that is this process's own, its share of what is shared included; 0 where we may not look."""
    try:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            return sum(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))
    except OSError:
        return 0
