"""Rows of measurements, taken in turns so that noise of the machine falls on every contender alike."""

from __future__ import annotations

import inspect
import math
import statistics
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

import anyio

Take = Callable[[], float | Awaitable[float]]


@dataclass
class Row:
    """The samples of one contender in one measurement.

    Attributes:
        group: What is measured, the key of a table.
        contender: Who.
        unit: "ms", "us", "1/s" or "MB".
        samples: One number per turn, in the order taken.
        note: What a reader must know to compare.
    """

    group: str
    contender: str
    unit: str
    samples: list[float] = field(default_factory=list)
    note: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.samples) if self.samples else math.nan

    @property
    def p99(self) -> float:
        """Nearest-rank 99th percentile; with few samples it is the largest."""
        ordered = sorted(self.samples)
        return ordered[min(len(ordered) - 1, math.ceil(len(ordered) * 0.99) - 1)] if ordered else math.nan

    def to_json(self) -> dict[str, object]:
        return asdict(self) | {"samples": [float(f"{value:.5g}") for value in self.samples]}


async def take_in_turns(
    group: str,
    contenders: Mapping[str, Take],
    *,
    rounds: int,
    unit: str,
    warm_up: int = 3,
    pause_s: float = 0.0,
    notes: Mapping[str, str] | None = None,
) -> list[Row]:
    """Ask every contender once per round for one sample, and rest before each.

    Args:
        group: Key of the table.
        contenders: Name -> function that does the work once and returns its sample.
        rounds: Samples that are kept of each contender.
        unit: Unit of what the functions return.
        warm_up: Rounds that are thrown away.
        pause_s: Rest before each sample, in which pools refill.
        notes: Remarks by contender.
    """
    rows = {name: Row(group, name, unit, note=(notes or {}).get(name, "")) for name in contenders}
    for turn in range(warm_up + rounds):
        for name, take in contenders.items():
            if pause_s:
                await anyio.sleep(pause_s)
            sample = take()
            value = await sample if inspect.isawaitable(sample) else sample
            if turn >= warm_up:
                rows[name].samples.append(value)
    return list(rows.values())


def geometric_mean(values: Sequence[float]) -> float:
    return math.exp(statistics.fmean(math.log(value) for value in values))
