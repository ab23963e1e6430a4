"""There is no room for the audit record, in the middle of runs: nothing goes on unrecorded, and it recovers with room.

docs/reference/audit.md: a call that cannot be recorded is not made, `audit.unavailable`; what was torn is told later.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness import AuditLog, Harness, tool
from harness.audit import verify_chain
from harness.errors import ConfigError
from tests.soak.scale import scaled

DONE: list[str] = []
ROOM = 64 * 1024


@tool
async def act(mark: str, size: int = 0) -> str:
    """Have an effect."""
    DONE.append(mark)
    return "x" * size


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with little room; root alone can have one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("no file system can be mounted here; the limit on file sizes stands for it")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def assert_all_is_recorded(path: Path, *, is_full: bool = False) -> None:
    """Every effect has its decision, and the chain holds; while there is no room, its last line may be torn."""
    report = verify_chain(path)
    if not is_full or report.problem is None:
        assert report.problem is None
    else:
        assert "cut off in the middle" in report.problem.what
        assert report.problem.line == report.records + 1
    decided = set()
    for line in path.read_text(errors="replace").splitlines():
        try:
            record: dict[str, Any] = json.loads(line)
        except ValueError:
            continue
        if record["kind"] == "decision":
            decided.add(record["arguments"]["mark"])
    assert set(DONE) <= decided


async def fill(harness: Harness) -> tuple[int, int]:
    """Run scripts until one cannot be recorded; return how many ended well, and how many said what is wrong."""
    DONE.clear()
    well = unrecorded = refused = 0
    number = 0
    while refused < 3:
        number += 1
        source = f"for i in range(20):\n    await tools.act(mark='{number}.' + str(i), size=200)"
        try:
            outcome = await harness.run(source)
        except ConfigError as error:  # not even its beginning can be recorded: nothing of it is executed
            refused += error.code == "audit.unavailable"
            assert refused
            continue
        if outcome.ok:
            well += 1
            assert len([mark for mark in DONE if mark.startswith(f"{number}.")]) == 20
        else:
            assert outcome.error is not None
            assert outcome.error.code == "audit.unavailable", outcome.error
            unrecorded += 1
        assert number < 1_000
    return well, unrecorded


@pytest.mark.parametrize("fsync", ["never", "always"])
async def test_a_full_disk_ends_runs_that_cannot_be_recorded_until_there_is_room(small_disk: Path, fsync: str) -> None:
    for number in range(scaled(short=1, long=20)):
        path, ballast = small_disk / f"audit{number}.jsonl", small_disk / "ballast"
        ballast.write_bytes(b"x" * (ROOM // 4))
        async with Harness([act], audit=path, settings={"audit": {"fsync": fsync}}) as harness:
            well, unrecorded = await fill(harness)
            assert unrecorded <= 1
            before = list(DONE)
            record = await harness.call("act", {"mark": "call"})
            assert record.error is not None
            assert record.error.code == "audit.unavailable"
            assert before == DONE
            assert_all_is_recorded(path, is_full=True)
            ballast.unlink()  # room
            outcome = await harness.run("return await tools.act(mark='after')")
            assert outcome.ok, outcome.error
            assert_all_is_recorded(path)
        print(f"{well} runs, {unrecorded} cut short, {verify_chain(path).records} records")
        path.unlink()


PROGRAM = """
import json, resource, sys
from pathlib import Path

import anyio

from harness import Harness
from tests.soak import test_full_disk as disk

async def main(path):
    async with Harness([disk.act], audit=path) as harness:
        resource.setrlimit(resource.RLIMIT_FSIZE, (disk.ROOM, resource.RLIM_INFINITY))
        well, unrecorded = await disk.fill(harness)
        assert unrecorded <= 1
        disk.assert_all_is_recorded(path, is_full=True)
        size = path.stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        outcome = await harness.run("return await tools.act(mark='after')")
        assert outcome.ok, outcome.error
        disk.assert_all_is_recorded(path)
        print(json.dumps({"well": well, "size": size}))

anyio.run(main, Path(sys.argv[1]))
"""


def test_a_ceiling_on_the_file_is_a_full_disk_also_for_an_ordinary_user(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["well"] > 0
    assert said["size"] == ROOM  # the last line was torn in the middle, which the record says
    assert verify_chain(path).recovered == 1


def test_a_device_that_takes_nothing_is_refused_when_it_is_opened() -> None:
    with pytest.raises(ConfigError) as caught:
        AuditLog("/dev/full")
    assert caught.value.code == "config.invalid"
