"""A host process that has just begun: import to first outcome, and the import alone."""

from __future__ import annotations

import compileall
import re
import subprocess
import sys

from tests.bench.samples import Row, Take, take_in_turns

COLD = "cold host: import to first outcome"
IMPORT = "import alone"

FIRST_OUTCOME = """
import time
started = time.perf_counter()
import asyncio
from harness import Harness

async def main():
    async with Harness() as harness:
        outcome = await harness.run("return 1")
        print((time.perf_counter() - started) * 1e3)
        assert outcome.value == 1, outcome

asyncio.run(main())
"""

FIRST_ANSWER_OF_MONTY = """
import time
started = time.perf_counter()
from pydantic_monty import Monty
with Monty() as pool:
    with pool.checkout() as session:
        answer = session.feed_run("1")
        print((time.perf_counter() - started) * 1e3)
assert answer == 1
"""

TIMED_IMPORT = """
import time
started = time.perf_counter()
{statement}
print((time.perf_counter() - started) * 1e3)
"""


def compile_ahead() -> None:
    """Give this checkout the bytecode that an installation has, which `PYTHONDONTWRITEBYTECODE` may have kept away."""
    for package in ("harness", "policy"):
        compileall.compile_dir(package, quiet=2)


async def measure(*, rounds: int) -> list[Row]:
    compile_ahead()
    cold: dict[str, Take] = {
        "toolscript": program(FIRST_OUTCOME),
        "Monty": program(FIRST_ANSWER_OF_MONTY),
    }
    imports: dict[str, Take] = {
        "import harness": program(TIMED_IMPORT.format(statement="import harness")),
        "from harness import Harness": program(TIMED_IMPORT.format(statement="from harness import Harness")),
        "import pydantic_monty": program(TIMED_IMPORT.format(statement="import pydantic_monty")),
        "import smolagents": program(TIMED_IMPORT.format(statement="import smolagents")),
    }
    notes = {"from harness import Harness": "with pydantic and anyio, which a host has mostly imported already"}
    rows = await take_in_turns(COLD, cold, rounds=rounds, unit="ms", warm_up=1)
    few = max(3, rounds // 3)
    return rows + await take_in_turns(IMPORT, imports, rounds=few, unit="ms", warm_up=1, notes=notes)


def program(source: str) -> Take:
    def take() -> float:
        done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
        return float(done.stdout)

    return take


def import_attribution(statement: str = "from harness import Harness", *, most: int = 15) -> list[str]:
    """Return the costliest imports, as `-X importtime` sees them: "cumulative ms  own ms  module"."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", statement], capture_output=True, text=True, check=True
    )
    lines = re.findall(r"import time:\s+(\d+) \|\s+(\d+) \| +(\S+)", done.stderr)
    costliest = sorted(lines, key=lambda line: -int(line[1]))[:most]
    return [f"{int(total) / 1e3:7.1f} {int(own) / 1e3:7.1f}  {module}" for own, total, module in costliest]
