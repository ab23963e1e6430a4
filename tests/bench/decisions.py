"""How long it takes to decide about a call: arguments, effect, rules, requirement, keys, and the store."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter

from harness import Harness, parse_rules, tool
from harness.approvals.sqlite_store import SQLiteStore
from harness.approvals.store import ApprovalStore, MemoryStore
from harness.tools.call import Call, Caller
from harness.tools.decision import consider, question
from policy.approval import NeedsApproval, keys, requirement
from policy.commands import canonical_argv, judge
from policy.effects import Command, Executes
from policy.limits import Limits
from tests.bench.samples import Row, Take, take_in_turns

GROUP = "deciding about a call"
POLICY = "requirement, rules, keys and store of a command"
PLAIN = "a command, store in memory"
IN_A_FILE = "a command, store in SQLite"
SHELL = "three plain commands of a shell"
PATCH = "a patch of two files"
CUSTOM = "a tool of one's own"

TIMES = 200
RULES = "\n".join(
    f'[[rule]]\nprefix = ["tool{number}", "sub"]\ndecision = "{decision}"\n'
    for number in range(20)
    for decision in ("allow", "prompt")
)
PATCH_TEXT = "*** Begin Patch\n*** Add File: a.txt\n+x\n*** Add File: b.txt\n+y\n*** End Patch"


@tool(risk="write")
async def send(to: str, text: str) -> None:
    """Send a message."""


async def measure(*, rounds: int) -> list[Row]:
    """Measure deciding with forty command rules beside the built-in ones; every call here would be asked about."""
    rules = parse_rules(RULES, source="user", name="bench")
    settings = {"approval_policy": "unless-trusted"}
    with tempfile.TemporaryDirectory() as folder:
        async with Harness([send], workspace=folder, rules=rules, settings=settings) as harness:
            in_memory, in_a_file = (
                MemoryStore(),
                SQLiteStore(Path(folder).parent / f"{Path(folder).name}.db", seal_key=bytes(32)),
            )
            decide = functools.partial(deciding, harness)
            contenders: dict[str, Take] = {
                POLICY: deciding_from_facts(harness, in_a_file),
                PLAIN: decide("exec", {"command": ["make", "all"]}, in_memory),
                IN_A_FILE: decide("exec", {"command": ["make", "all"]}, in_a_file),
                SHELL: decide("exec", {"command": ["bash", "-lc", "make all && git fetch; ls"]}, in_memory),
                PATCH: decide("apply_patch", {"patch": PATCH_TEXT}, in_memory),
                CUSTOM: decide("send", {"to": "ann", "text": "hello"}, in_memory),
            }
            rows = await take_in_turns(GROUP, contenders, rounds=rounds, unit="us", notes=_NOTES)
            in_a_file.close()
            in_a_file.path.unlink()
            return rows


_NOTES = {
    POLICY: "the facts are there; 40 rules beside the built-in ones, the store in SQLite",
    PLAIN: "40 rules beside the built-in ones; the program is looked up on the PATH",
    PATCH: "the files are looked up, and the patch is tried",
}


def deciding(harness: Harness, name: str, arguments: Mapping[str, object], store: ApprovalStore) -> Take:
    """Make a take that decides many times, up to the question that would be put, and gives the time of one."""
    found = harness._toolbox.registry.find(name)
    call, caller = Call(id="1", tool=name, arguments=arguments), Caller(limits=Limits())

    async def decide() -> None:
        considered = await consider(found, arguments, harness._in_force.of())
        assert isinstance(considered.requirement, NeedsApproval)
        request = question(call, caller, considered, considered.requirement)
        assert not store.has_all("", request.keys)

    async def take() -> float:
        started = perf_counter()
        for _ in range(TIMES):
            await decide()
        return (perf_counter() - started) / TIMES * 1e6

    return take


def deciding_from_facts(harness: Harness, store: ApprovalStore) -> Take:
    """Make a take of what policy and store do alone, once the program was found."""
    snapshot = harness._in_force.of()
    command = Command(("make", "all"), "/usr/bin/make", "/tmp", is_from_path=True)
    effect = Executes(command)

    def decide() -> None:
        found = requirement(
            effect,
            policy=snapshot.settings.approval_policy,
            grants=snapshot.grants,
            network=snapshot.settings.network,
            verdict=judge(command, snapshot.rules),
        )
        assert isinstance(found, NeedsApproval)
        assert not store.has_all("", keys("exec", {}, effect, argv=canonical_argv(command.argv)))

    def take() -> float:
        started = perf_counter()
        for _ in range(TIMES):
            decide()
        return (perf_counter() - started) / TIMES * 1e6

    return take
