"""Turns the samples of a run into `docs/explanation/performance.md`."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.bench import (
    cold_start,
    commands,
    computing,
    decisions,
    footprint,
    latency,
    soak_figures,
    throughput,
    tool_calls,
)
from tests.bench.samples import Row, geometric_mean

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "performance.md"

Table = Mapping[tuple[str, str], Row]


def line(row: Row) -> str:
    if not row.samples:
        return f"{row.group:52} {row.contender:42} {row.note}"
    return (
        f"{row.group:52} {row.contender:42} p50 {number(row.median):>8} p99 {number(row.p99):>8} {row.unit:4} "
        f"n={len(row.samples)}"
    )


def number(value: float) -> str:
    """Three digits that count, no exponent."""
    if math.isnan(value):
        return "cannot"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


@dataclass(frozen=True)
class Target:
    """A promise of the project, and how to read it off the rows."""

    text: str
    read: Callable[[Table], float]
    most: float | None = None
    least: float | None = None
    unit: str = ""

    def row(self, table: Table) -> str:
        try:
            value = self.read(table)
        except KeyError:
            return f"| {self.text} | {self.bound()} | not measured | |"
        met = (self.most is None or value <= self.most) and (self.least is None or value >= self.least)
        return f"| {self.text} | {self.bound()} | {number(value)} {self.unit} | {'yes' if met else '**no**'} |"

    def bound(self) -> str:
        if self.most is not None:
            return f"at most {self.most:g} {self.unit}"
        return f"at least {self.least:g} {self.unit}"


def median(group: str, contender: str = "toolscript") -> Callable[[Table], float]:
    return lambda table: table[group, contender].median


def p99(group: str, contender: str = "toolscript") -> Callable[[Table], float]:
    return lambda table: table[group, contender].p99


def ratio(group: str, ours: str, theirs: str) -> Callable[[Table], float]:
    return lambda table: table[group, ours].median / table[group, theirs].median


def slowdowns(table: Table, contender: str) -> dict[str, float]:
    """Return workload -> times plain CPython, for the workloads that the contender can run."""
    found = {}
    for path in computing.WORKLOADS:
        group = computing.group(path)
        row = table[group, contender]
        if row.samples and not math.isnan(row.median):
            found[path.stem] = row.median / table[group, computing.PLAIN].median
    return found


def mean_slowdown(contender: str) -> Callable[[Table], float]:
    return lambda table: geometric_mean(list(slowdowns(table, contender).values()))


ASYNCIO, TRIO = "toolscript on asyncio", "toolscript on trio"
TARGETS = (
    Target("warm `return 1`, fresh process, median", median(latency.WARM), most=1, unit="ms"),
    Target("the same, 99th percentile", p99(latency.WARM), most=10, unit="ms"),
    Target(
        "the same, beside Monty's fresh worker",
        ratio(latency.WARM, "toolscript", "Monty, fresh worker"),
        most=0.2,
        unit="times",
    ),
    Target("pool empty, median", median(latency.EMPTY), most=3, unit="ms"),
    Target("cold host: import to first outcome", median(cold_start.COLD), most=300, unit="ms"),
    Target("`import harness`", median(cold_start.IMPORT, "import harness"), most=100, unit="ms"),
    Target("one tool call of 1,000 in a row, asyncio", median(tool_calls.IN_A_ROW, ASYNCIO), most=80, unit="us"),
    Target("the same on trio", median(tool_calls.IN_A_ROW, TRIO), most=150, unit="us"),
    Target(
        "the same, beside Monty's awaited call",
        ratio(tool_calls.IN_A_ROW, ASYNCIO, "Monty, async"),
        most=0.333,
        unit="times",
    ),
    Target("one call of a gather of 100, asyncio", median(tool_calls.TOGETHER, ASYNCIO), most=40, unit="us"),
    Target(
        "meter and guards, geometric mean of eight workloads", mean_slowdown("toolscript"), most=1.5, unit="times plain"
    ),
    Target(
        "the same, the worst workload",
        lambda table: max(slowdowns(table, "toolscript").values()),
        most=3,
        unit="times plain",
    ),
    Target(
        "the same, beside Monty's geometric mean",
        lambda table: mean_slowdown("toolscript")(table) / mean_slowdown("Monty")(table),
        most=1,
        unit="times",
    ),
    Target(
        "deciding about a command: requirement, rules, keys, store in SQLite",
        median(decisions.GROUP, decisions.POLICY),
        most=100,
        unit="us",
    ),
    Target(
        "exec of `true` in the sandbox, beyond a plain spawn",
        lambda table: table[commands.TRUE, commands.SANDBOXED].median - table[commands.TRUE, commands.PLAIN].median,
        most=15,
        unit="ms",
    ),
    Target(
        "a command that computes, in the sandbox beside plain",
        ratio(commands.COMPUTING, commands.SANDBOXED, commands.PLAIN),
        most=1.02,
        unit="times",
    ),
    Target(
        "output of a command to the listener, 99th percentile",
        p99(commands.DELTA, commands.SANDBOXED),
        most=50,
        unit="ms",
    ),
    Target("private memory of an idle worker", median(footprint.IDLE), most=2, unit="MB"),
    Target("scripts a second, a fresh process each", median(throughput.SCRIPTS), least=300, unit="1/s"),
)


def write(path: Path) -> None:
    """Write the page from one file of samples.

    Args:
        path: JSON file that `python -m tests.bench` wrote.
    """
    measured = json.loads(path.read_text(encoding="utf-8"))
    rows = [Row(**row) for row in measured["rows"]]
    table = {(row.group, row.contender): row for row in rows}
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text("\n".join(page(measured, rows, table)) + "\n", encoding="utf-8")
    print(f"wrote {PAGE}")


def page(measured: Mapping[str, object], rows: list[Row], table: Table) -> list[str]:
    machine = measured["machine"]
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    return [
        "# Performance",
        "",
        "Written by `make bench` from the samples in `tests/bench/results/`; do not edit by hand. Contenders take",
        "turns, sample by sample, so that noise of the machine falls on all alike. Settings are the defaults unless",
        "a remark says otherwise.",
        "",
        f"Machine: {machine['processor']}, {machine['cores']} cores, Linux {machine['kernel']},",
        f"Python {machine['python']}, {machine['user']} user, load {machine['load_before']:.1f} when it began.",
        f"{packages}.",
        "",
        f"Barriers in force around every script of toolscript: {', '.join(measured['barriers'])}.",
        "",
        "## What is promised, and what was measured",
        "",
        "| promise | bound | measured | met |",
        "|---|---|---|---|",
        *(target.row(table) for target in TARGETS),
        "",
        *tables(rows),
        *slowdown_table(table),
        *imports(measured),
        *soak_figures.section(),
        "## How to read it",
        "",
        "- *Fresh*: a process that has run nothing before. Monty's pool does this with `max_checkouts_per_worker=1`;",
        "  by default it uses a worker again for the next session.",
        "- Monty is an interpreter of its own in Rust with its own subset of Python; toolscript runs CPython. Their",
        "  workloads are therefore written without inheritance.",
        "- A time ends when the answer is there. Giving a worker back, or burying it, is not in it, for nobody; the",
        "  throughput has it all.",
        "- A script's compiled code is kept by the host, so the second run of the same text skips the check; the row",
        "  of scripts never seen before has the check in it.",
        "",
    ]


def tables(rows: list[Row]) -> list[str]:
    groups = list(dict.fromkeys(row.group for row in rows if not row.group.startswith("workload ")))
    lines: list[str] = []
    for group in groups:
        members = [row for row in rows if row.group == group]
        lines += [
            f"## {group[0].upper()}{group[1:]}",
            "",
            "| | median | p99 | samples | remark |",
            "|---|---|---|---|---|",
        ]
        lines += [
            f"| {row.contender} | {number(row.median)} {row.unit} | {number(row.p99)} {row.unit} "
            f"| {len(row.samples)} | {row.note} |"
            for row in members
        ]
        lines.append("")
    return lines


def slowdown_table(table: Table) -> list[str]:
    contenders = ("toolscript", "Monty", "smolagents")
    try:
        found = {name: slowdowns(table, name) for name in contenders}
    except KeyError:
        return []
    lines = ["## Computing: times plain CPython", "", "| workload | plain | toolscript | Monty | smolagents |"]
    lines.append("|---|---|---|---|---|")
    for path in computing.WORKLOADS:
        plain = table[computing.group(path), computing.PLAIN].median
        cells = [f"{found[name][path.stem]:.2f}" if path.stem in found[name] else "cannot" for name in contenders]
        lines.append(f"| {path.stem.replace('_', ' ')} | {plain:.0f} ms | {' | '.join(cells)} |")
    means = [f"{geometric_mean(list(found[name].values())):.2f}" if found[name] else "" for name in contenders]
    return [*lines, f"| geometric mean | | {' | '.join(means)} |", ""]


def imports(measured: Mapping[str, object]) -> list[str]:
    if not measured["imports"]:
        return []
    lines = ["## What an import costs", "", "`from harness import Harness`, by `-X importtime`: cumulative and own"]
    return [*lines, "milliseconds of the costliest modules.", "", "```", *measured["imports"], "```", ""]


if __name__ == "__main__":
    write(Path(sys.argv[1]))
