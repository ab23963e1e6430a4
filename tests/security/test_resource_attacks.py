"""Attacks on time and memory: each ends at its limit, and takes no more than that and a little."""

import re
from collections.abc import AsyncIterator

import pytest

from harness import Harness
from policy.limits import Limits
from tests.integration.blocking_host import zygote
from tests.security.attacks.corpus import Exhaustion, exhaustions
from tests.security.resource_limits import LIMITS, excess_of, open_harness

RESOURCES = sorted({attack.name.partition("/")[0] for attack in exhaustions()})


@pytest.fixture
async def harness() -> AsyncIterator[Harness]:
    async with open_harness() as opened:
        yield opened


def test_there_are_enough_of_every_kind() -> None:
    assert len(exhaustions()) >= 160
    for resource in RESOURCES:
        assert len([attack for attack in exhaustions() if attack.name.startswith(f"{resource}/")]) >= 3, resource


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.timeout(600)  # a dozen of attacks that each use up their processor time
@pytest.mark.parametrize("resource", RESOURCES)
async def test_an_attack_ends_at_its_limit(harness: Harness, resource: str) -> None:
    surprises = {}
    for attack in exhaustions():
        if attack.name.startswith(f"{resource}/"):
            surprises[attack.name] = await excess_of(harness, attack)
    assert not {name: excess for name, excess in surprises.items() if excess}


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_what_an_attack_takes_too_much_is_told(harness: Harness) -> None:
    """Else no excess would be noticed."""
    told = await excess_of(harness, Exhaustion("x", ("limit.memory",), "return 1"))
    assert told == "ended with a value"
    told = await excess_of(harness, Exhaustion("x", ("limit.memory",), "while True: pass"))
    assert told == "ended with limit.steps"
    source = f"x = bytearray({LIMITS.memory_bytes // 2})\nx[::4096] = b'x' * len(x[::4096])\nwhile True: pass"
    told = await excess_of(harness, Exhaustion("x", ("limit.steps",), source), most=0.4)
    assert told.startswith("took 1")
    told = await excess_of(harness, Exhaustion("x", ("limit.cpu_time",), "sum(range(10**12))"), late_s=-0.3)
    assert re.fullmatch(r"took [\d.]+ s", told)


NO_METER = "from harness.runtimes.cpython import meter; meter.Raiser.__next__ = lambda self: None; "


def test_a_script_takes_steps_without_end_where_the_meter_is_gone() -> None:
    """Memory and processor time are the kernel's: `raw/test_barrier_mutations.py` takes each of those ceilings away."""
    source, limits = "for n in range(10_000): pass\nreturn n", Limits(steps=1_000)
    with zygote() as metered:
        assert metered.run(source, limits=limits).error["code"] == "limit.steps"
    with zygote(first=NO_METER) as unmetered:
        assert unmetered.run(source, limits=limits).value == 9_999
