"""Runs the benchmarks, writes the samples to `results/` and the tables to `docs/explanation/performance.md`.

python -m tests.bench [--quick] [--only GROUP ...] [--no-report]
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import anyio

from tests.bench import (
    cold_start,
    commands,
    computing,
    decisions,
    footprint,
    latency,
    machine,
    report,
    throughput,
    tool_calls,
)
from tests.bench.samples import Row

RESULTS = Path(__file__).parent / "results"
PARTS = ("latency", "cold", "calls", "decisions", "commands", "computing", "footprint", "throughput")


def main() -> None:
    options = parse_options()
    measured: dict[str, object] = {"machine": machine.describe(), "barriers": [], "imports": []}
    rows: list[Row] = []
    started = time.perf_counter()
    for part in options.only or PARTS:
        print(f"== {part}", flush=True)
        found = take(part, measured, scale=0.2 if options.quick else 1.0)
        for row in found:
            print(report.line(row), flush=True)
        rows += found
    print("barriers in force:", ", ".join(measured["barriers"]) or "not asked")
    print(f"took {time.perf_counter() - started:.0f} s")
    measured["rows"] = [row.to_json() for row in rows]
    if not options.no_report:
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / f"python-{'.'.join(str(measured['machine']['python']).split('.')[:2])}.json"
        path.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
        report.write(path)


def take(part: str, measured: dict[str, object], *, scale: float) -> list[Row]:
    """Run one part; `measured` takes up what is not a row."""

    def times(rounds: int) -> int:
        return max(3, int(rounds * scale))

    if part == "latency":
        rows, measured["barriers"] = anyio.run(partial(latency.measure, rounds=times(300)))
        return rows
    if part == "cold":
        measured["imports"] = cold_start.import_attribution()
        return anyio.run(partial(cold_start.measure, rounds=times(20)))
    if part == "calls":
        rows = anyio.run(partial(tool_calls.measure, rounds=times(20)))
        return rows + tool_calls.on_trio(rounds=times(20))
    simple: dict[str, Callable[[], object]] = {
        "decisions": partial(decisions.measure, rounds=times(50)),
        "commands": partial(commands.measure, rounds=times(100)),
        "computing": partial(computing.measure, rounds=times(9)),
        "footprint": footprint.measure,
        "throughput": partial(throughput.measure, rounds=times(5), duration_s=3.0 if scale >= 1 else 1.0),
    }
    return anyio.run(simple[part])


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a fifth of the rounds")
    parser.add_argument("--only", nargs="+", choices=PARTS, help="these parts alone")
    parser.add_argument("--no-report", action="store_true", help="print, and write nothing")
    return parser.parse_args()


if __name__ == "__main__":
    main()
