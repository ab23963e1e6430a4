"""What meter and guards cost: eight workloads beside plain CPython, Monty and smolagents."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from pydantic_monty import Monty, MontyError
from smolagents import LocalPythonExecutor

from harness import Harness
from tests.bench.samples import Row, Take, take_in_turns

FOLDER = Path(__file__).parent
WORKLOADS = sorted((FOLDER / "workloads").glob("*.py"))
PLAIN = "plain CPython"


async def measure(*, rounds: int) -> list[Row]:
    """One group a workload; the whole run is timed, so that of toolscript includes its fresh process."""
    rows: list[Row] = []
    async with Harness() as harness:
        with Monty() as monty, plain_python() as plain:
            for path in WORKLOADS:
                source = path.read_text(encoding="utf-8")
                expected = plain(path)[1]
                contenders: dict[str, Take] = {
                    PLAIN: lambda path=path: plain(path)[0] * 1e3,
                    "toolscript": run_workload(harness, source, expected),
                    "Monty": feed_workload(monty, source, expected),
                }
                rows += await take_in_turns(group(path), contenders, rounds=rounds, unit="ms", warm_up=1)
                rows.append(execute_with_smolagents(path, source))
    return rows


def group(path: Path) -> str:
    return f"workload {path.stem}"


@contextmanager
def plain_python() -> Iterator[object]:
    """Yield a function: path of a workload -> (seconds, result) in a bare interpreter."""
    command = [sys.executable, "-I", "-S", str(FOLDER / "plain_server.py")]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def measure_one(path: Path) -> tuple[float, object]:
        print(path, file=server.stdin, flush=True)
        answer = json.loads(server.stdout.readline())
        return answer["seconds"], answer["result"]

    with server:
        yield measure_one
        server.stdin.close()


def run_workload(harness: Harness, source: str, expected: object) -> Take:
    async def take() -> float:
        started = perf_counter()
        outcome = await harness.run(source + "\nmain()\n")
        elapsed = perf_counter() - started
        assert outcome.value == expected, outcome
        return elapsed * 1e3

    return take


def feed_workload(pool: Monty, source: str, expected: object) -> Take:
    def take() -> float:
        with pool.checkout() as session:
            started = perf_counter()
            try:
                answer = session.feed_run(source + "\nmain()\n")
            except MontyError:
                return float("nan")
            elapsed = perf_counter() - started
        assert answer == expected
        return elapsed * 1e3

    return take


def execute_with_smolagents(path: Path, source: str) -> Row:
    """One sample only: it is two orders of magnitude slower, and stops at its own limits."""
    executor = LocalPythonExecutor(additional_authorized_imports=[], timeout_seconds=20)
    executor.send_tools({})
    started = perf_counter()
    try:
        executor(source + "\nmain()\n")
    except Exception as error:  # noqa: BLE001 -- a peer that cannot run a workload is a result
        return Row(group(path), "smolagents", "ms", [], f"did not finish: {str(error)[:80]}")
    return Row(group(path), "smolagents", "ms", [(perf_counter() - started) * 1e3])
