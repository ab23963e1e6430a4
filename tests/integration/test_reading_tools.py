"""The reading tools as a script uses them, in a real worker."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

import pytest

from harness import Harness
from harness.tools.builtin import reading_tools
from policy.limits import Limits


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/main.py").write_text("def main():\n    return 1\n")
    (tmp_path / "src/other.py").write_text("def other():\n    return 2\n")
    (tmp_path / ".env").write_text("TOKEN=1")
    return tmp_path


async def test_f02_a_script_searches_greps_and_reads_in_parallel(workspace: Path) -> None:
    script = """
import asyncio
found = await tools.file_search(query="*.py")
paths = sorted(match["path"] for match in found["matches"])
texts = await asyncio.gather(*(tools.read_file(path=path) for path in paths))
functions = await tools.grep_files(pattern=r"def (\\w+)", include="*.py")
return {
    "lines": {text.path: text.total_lines for text in texts},
    "functions": [match["text"] for match in functions["matches"]],
    "root": [entry["name"] for entry in (await tools.list_dir())["entries"]],
}
"""
    async with Harness(tools=reading_tools(workspace)) as harness:
        outcome = await harness.run(script)
    assert outcome.error is None
    assert outcome.value == {
        "lines": {"src/main.py": 2, "src/other.py": 2},
        "functions": ["def main():", "def other():"],
        "root": [".env", "src"],
    }


async def test_refusals_reach_the_script_as_its_own_errors(workspace: Path) -> None:
    script = """
codes = []
for path in (".env", "../x", "/etc/passwd", "src/mian.py", "src"):
    try:
        await tools.read_file(path=path)
    except ToolDenied as error:
        codes.append(["denied", error.code])
    except ToolError as error:
        codes.append(["failed", error.code])
return codes
"""
    async with Harness(tools=reading_tools(workspace)) as harness:
        outcome = await harness.run(script)
    assert outcome.error is None
    assert outcome.value == [["denied", "policy.forbidden"]] * 3 + [["failed", "tool.failed"]] * 2


async def test_f27_a_slow_search_does_not_outlive_the_wall_limit(workspace: Path) -> None:
    random = Random(1)
    (workspace / "big.txt").write_text("".join(random.choice("ab") for _ in range(1_000_000)))
    script = "return await tools.grep_files(pattern='(?:[ab]*a[ab]{900}c|a.{900}c)')"
    started = time.monotonic()
    async with Harness(tools=reading_tools(workspace), limits=Limits(wall_time_s=0.5)) as harness:
        outcome = await harness.run(script)
        spent = time.monotonic() - started
    assert outcome.error is not None
    assert outcome.error.code == "limit.wall_time"
    assert spent < 3
