"""Thousands of scripts, 32 at once, a tenth of them hostile: each ends as it has to, and none learns of another."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter

import anyio

from harness import Harness, Outcome, ToolContext, tool
from harness.events import Event
from tests.soak.load_scripts import SECRET, LoadScript, load
from tests.soak.measured import measured
from tests.soak.scale import scaled, seeded

AT_ONCE = 32


@dataclass
class Seen:
    """What the host saw of the scripts, by the id of the run."""

    secrets: list[tuple[str, str]] = field(default_factory=list)  # id of the run, secret that a call of it brought
    events: dict[str, list[str]] = field(default_factory=dict)

    def hear(self, event: Event) -> None:
        self.events.setdefault(event.script_id, []).extend(SECRET.findall(repr(event)))


@dataclass(frozen=True)
class Ended:
    script: LoadScript
    outcome: Outcome
    seconds: float


def tools_of(seen: Seen) -> list[object]:
    @tool
    async def keep(secret: str, context: ToolContext) -> str:
        """Note whose secret it is, and give it back."""
        seen.secrets.append((context.script_id, secret))
        return secret

    @tool
    async def slowly(value: str) -> str:
        """Give the value back, the later ones first."""
        await anyio.sleep(0.01 / (1 + int(value[-1])))
        return value

    @tool
    async def boom(secret: str) -> None:
        """Fail, and name the secret."""
        raise ValueError(secret)

    return [keep, slowly, boom]


async def test_scripts_at_once_end_as_they_have_to_and_learn_nothing_of_each_other() -> None:
    scripts = load(scaled(short=200, long=5_000), seeded("load"))
    seen = Seen()
    began = perf_counter()
    ended = await ended_of(scripts, seen)
    duration = perf_counter() - began
    assert len(ended) == len(scripts)
    wrong = [fault for one in ended for fault in faults(one, seen)]
    assert not wrong, "\n".join(sorted(set(wrong)))
    owners = {one.outcome.script_id: one.script.secret for one in ended}
    assert {(script_id, secret) for script_id, secret in seen.secrets if owners[script_id] != secret} == set()
    assert seen.secrets
    tell(ended, duration)


async def ended_of(scripts: Sequence[LoadScript], seen: Seen) -> list[Ended]:
    """Run them, and have the pool still work afterwards."""
    ended: list[Ended] = []
    left = iter(scripts)
    async with Harness(tools_of(seen), on_event=seen.hear) as harness:

        async def work() -> None:
            for script in left:
                script.smuggle_into(harness)
                began = perf_counter()
                limits = dict(script.kind.limits) or None
                outcome = await harness.run(script.source, limits=limits, context=script.context)
                ended.append(Ended(script, outcome, perf_counter() - began))

        async with anyio.create_task_group() as tasks:
            for _ in range(AT_ONCE):
                tasks.start_soon(work)
        assert (await harness.run("return 'calm'")).value == "calm"
    return ended


def faults(one: Ended, seen: Seen) -> Iterator[str]:
    """What is wrong with a run."""
    script, outcome = one.script, one.outcome
    code = None if outcome.error is None else outcome.error.code
    if code not in (script.kind.code, *script.kind.others):
        yield f"{script.kind.source[-80:]!r} ended with {outcome.error}"
    if code is None and outcome.value != script.value:
        yield f"{script.kind.source[-80:]!r} returned {outcome.value!r}, not {script.value!r}"
    told = [*SECRET.findall(json.dumps(outcome.to_wire())), *seen.events.get(outcome.script_id, ())]
    if foreign := set(told) - {script.secret}:
        yield f"{script.kind.source[-80:]!r} was told {foreign}"


def tell(ended: Sequence[Ended], duration: float) -> None:
    plain = sorted(one.seconds for one in ended if not one.script.is_hostile)
    hostile = sorted(one.seconds for one in ended if one.script.is_hostile)
    codes = Counter(None if one.outcome.error is None else one.outcome.error.code for one in ended)
    print(f"outcomes: {dict(codes)}")
    measured(
        f"{len(ended):,} scripts, {AT_ONCE} at once, a tenth hostile",
        scripts_a_second=f"{len(ended) / duration:.0f}",
        plain_scripts_median=f"{percentile(plain, 0.5) * 1e3:.1f} ms",
        plain_scripts_p99=f"{percentile(plain, 0.99) * 1e3:.0f} ms",
        hostile_scripts_median=f"{percentile(hostile, 0.5) * 1e3:.1f} ms",
        hostile_scripts_p99=f"{percentile(hostile, 0.99) * 1e3:.0f} ms",
    )


def percentile(ordered: Sequence[float], share: float) -> float:
    return ordered[math.ceil(share * len(ordered)) - 1]
